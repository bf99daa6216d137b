//! The other services, through their generated clients.
//!
//! What a service asks on a person's behalf it asks with the person's own token, and its own beside it: the other service verifies
//! both, and decides by the person. What it does by itself it asks as itself, and may do next to nothing.

use std::{collections::HashMap, sync::Arc, time::Duration};

use anyhow::Context as _;
use hyper_util::rt::TokioIo;
use samspil_proto::{
    audit::v1::audit_service_client::AuditServiceClient,
    directory::v1::{
        self as pb, CheckRelationRequest, CheckRelationResponse, directory_service_client::DirectoryServiceClient,
    },
    event::v1::event_log_service_client::EventLogServiceClient,
    names::{BlockName, ConsentName, EmergencyAccessName, NotAName},
    time,
    wound::v1::wound_service_client::WoundServiceClient,
};
use samspil_store::{blocks::Block, emergencies::Emergency, relations::Relations};
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, Endpoint},
};
use uuid::Uuid;

use crate::{
    Error,
    access::Asker,
    edge::{Bearer, SERVICE_TOKEN, passed_on},
    identity::Issuer,
    telemetry,
    tls::Tls,
};

/// Where the other services are, and how we tell them who we are.
#[derive(Clone)]
pub struct Peers {
    channels: Arc<HashMap<String, Channel>>,
    auth: Auth,
}

/// A channel that carries our token and the running trace.
pub type PeerChannel = InterceptedService<Channel, Auth>;

impl Peers {
    /// Peers by service name and endpoint, `http://…` or, over TLS, `https://…`. Connections are made when they are first used.
    ///
    /// # Errors
    /// When an endpoint is no URI, or one is reached over TLS and there is no certificate to show.
    pub fn new(
        own_name: &str,
        endpoints: &HashMap<String, String>,
        issuer: Issuer,
        tls: Option<&Tls>,
    ) -> anyhow::Result<Peers> {
        let connect = |(name, uri): (&String, &String)| -> anyhow::Result<(String, Channel)> {
            let Some(address) = uri.strip_prefix("https://") else {
                return Ok((name.clone(), open(uri)?.connect_lazy()));
            };
            let tls =
                tls.with_context(|| format!("{name} is reached at {uri}, and there is no certificate to show"))?;
            Ok((name.clone(), secured(name, address.trim_end_matches('/'), tls.clone())?))
        };
        let channels = endpoints.iter().map(connect).collect::<anyhow::Result<_>>()?;
        Ok(Peers { channels: Arc::new(channels), auth: Auth { name: own_name.into(), issuer, person: None } })
    }

    /// The same peers, asked on a person's behalf.
    pub(crate) fn on_behalf_of(&self, person: &Bearer) -> Peers {
        Peers { channels: self.channels.clone(), auth: Auth { person: Some(person.clone()), ..self.auth.clone() } }
    }

    /// `directory`.
    pub fn directory(&self) -> DirectoryServiceClient<PeerChannel> {
        DirectoryServiceClient::new(self.channel("directory"))
    }

    /// What `directory` knows of somebody's relation to a patient.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn relations(&self, patient: Uuid, asker: Asker<'_>) -> Result<Relations, Error> {
        let question = CheckRelationRequest {
            patient: format!("patients/{patient}"),
            organisation: format!("organisations/{}", asker.organisation),
            person: asker.person.to_owned(),
        };
        let answer = self.directory().check_relation(question).await.map_err(|status| Error::Peer(Box::new(status)))?;
        relations(answer.into_inner()).map_err(Error::internal)
    }

    /// `wound`.
    pub fn wound(&self) -> WoundServiceClient<PeerChannel> {
        WoundServiceClient::new(self.channel("wound"))
    }

    /// The audit of a service.
    pub(crate) fn audit(&self, source: &str) -> AuditServiceClient<PeerChannel> {
        AuditServiceClient::new(self.channel(source))
    }

    /// The event log of a service.
    pub fn event_log(&self, source: &str) -> EventLogServiceClient<PeerChannel> {
        EventLogServiceClient::new(self.channel(source))
    }

    /// Whether anybody has said where a service is.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.channels.contains_key(name)
    }

    fn channel(&self, name: &str) -> PeerChannel {
        let nowhere = || Endpoint::from_static("http://127.0.0.1:1").connect_lazy();
        // A peer that is not configured answers UNAVAILABLE, as one that is down.
        InterceptedService::new(self.channels.get(name).cloned().unwrap_or_else(nowhere), self.auth.clone())
    }
}

fn open(uri: &str) -> anyhow::Result<Endpoint> {
    // A service that went away without a word, or a network that was cut, is noticed by the pings.
    Ok(Endpoint::from_shared(uri.to_owned())?
        .connect_timeout(Duration::from_secs(2))
        .tcp_nodelay(true)
        .http2_keep_alive_interval(Duration::from_secs(10))
        .keep_alive_timeout(Duration::from_secs(5))
        .keep_alive_while_idle(true))
}

/// A channel over TLS to the service of a name, whatever address it has.
fn secured(service: &str, address: &str, tls: Tls) -> anyhow::Result<Channel> {
    let (service, to) = (service.to_owned(), address.to_owned());
    let connect = tower::service_fn(move |_| {
        let (tls, to, service) = (tls.clone(), to.clone(), service.clone());
        async move { tls.connect(to, service).await.map(TokioIo::new) }
    });
    // The channel's own TLS is off: it cannot take over a new certificate.
    Ok(open(&format!("http://{address}"))?.connect_with_connector_lazy(connect))
}

fn relations(told: CheckRelationResponse) -> Result<Relations, NotAName> {
    let consent = |name: String| Ok(name.parse::<ConsentName>()?.consent);
    let time = |time: Option<prost_types::Timestamp>| time.as_ref().and_then(time::from_wire);
    let block = |block: pb::Block| {
        Ok(Block {
            block_id: block.name.parse::<BlockName>()?.block,
            kind: block.kind(),
            target: block.target,
            begin_time: time(block.begin_time).unwrap_or_default(),
            end_time: time(block.end_time),
        })
    };
    let emergency = |access: pb::EmergencyAccess| {
        Ok(Emergency {
            emergency_id: access.name.parse::<EmergencyAccessName>()?.access,
            person: access.holder.unwrap_or_default().person,
            reason: access.reason,
            begin_time: time(access.begin_time).unwrap_or_default(),
            end_time: time(access.end_time).unwrap_or_default(),
        })
    };
    Ok(Relations {
        consents: told.consents.into_iter().map(consent).collect::<Result<_, _>>()?,
        blocks: told.blocks.into_iter().map(block).collect::<Result<_, _>>()?,
        emergencies: told.emergency_accesses.into_iter().map(emergency).collect::<Result<_, _>>()?,
    })
}

/// Puts our token and the running trace on every call.
#[derive(Clone)]
pub struct Auth {
    name: Arc<str>,
    issuer: Issuer,
    person: Option<Bearer>,
}

impl Interceptor for Auth {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let broken = |error: String| Status::internal(error);
        let token = self
            .issuer
            .sign_for_service(&self.name, chrono::TimeDelta::minutes(5))
            .map_err(|e| broken(e.to_string()))?;
        let value = |text: &str| text.parse::<MetadataValue<Ascii>>().map_err(|_| broken("token".to_owned()));
        let bearer = self.person.as_ref().map_or(token.as_str(), |person| &person.0);
        request.metadata_mut().insert("authorization", value(&format!("Bearer {bearer}"))?);
        if self.person.is_some() {
            request.metadata_mut().insert(SERVICE_TOKEN, value(&token)?);
        }
        request.metadata_mut().insert("grpc-timeout", value(&passed_on())?);
        if let Ok(traceparent) = telemetry::current_traceparent().parse::<MetadataValue<Ascii>>() {
            request.metadata_mut().insert("traceparent", traceparent);
        }
        Ok(request)
    }
}
