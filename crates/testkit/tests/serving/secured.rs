//! TLS: who listens, who calls, and certificates that are renewed.

use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use samspil_kit::{
    identity::Issuer as Signer,
    serve::Settings,
    tls::{Files, Tls},
};
use samspil_proto::{
    directory::v1::{ListOrganisationsRequest, directory_service_client::DirectoryServiceClient},
    event::v1::{ReadRequest, event_log_service_client::EventLogServiceClient},
};
use samspil_testkit::{As, Engine, World, refusal};
use tempfile::TempDir;
use tonic::{
    Code, Status,
    transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity},
};

const EVERY_SERVICE: [&str; 6] = ["directory", "referral", "careplan", "wound", "review", "samspil.example"];

/// An authority that signs certificates.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Authority {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Authority { pem, issuer: Issuer::new(params, key) }
    }

    /// A certificate of these names, and its key.
    fn certify(&self, names: &[&str]) -> (String, String) {
        let mut params =
            CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }

    /// A client that believes this authority, and shows a certificate or none.
    async fn client(
        &self,
        endpoint: &str,
        shows: Option<(String, String)>,
    ) -> Result<Channel, tonic::transport::Error> {
        let mut tls =
            ClientTlsConfig::new().ca_certificate(Certificate::from_pem(&self.pem)).domain_name("samspil.example");
        if let Some((certificate, key)) = shows {
            tls = tls.identity(Identity::from_pem(certificate, key));
        }
        Endpoint::from_shared(endpoint.to_owned()).unwrap().tls_config(tls).unwrap().connect().await
    }
}

/// A world over TLS.
struct Secured {
    world: World,
    authority: Authority,
    files: Files,
    tls: Tls,
    _folder: TempDir,
}

async fn secured() -> Secured {
    let authority = Authority::new();
    let folder = tempfile::tempdir().unwrap();
    let files = files(folder.path(), authority.certify(&EVERY_SERVICE), &authority.pem);
    let tls = Tls::read(files.clone()).unwrap();
    let world = World::start_serving(Engine::Sqlite, Settings { tls: Some(tls.clone()), ..Settings::default() }).await;
    Secured { world, authority, files, tls, _folder: folder }
}

fn files(folder: &Path, (certificate, key): (String, String), authorities: &str) -> Files {
    let at = |name: &str| folder.join(name);
    let files = Files { certificate: at("tls.crt"), key: at("tls.key"), authorities: at("ca.crt") };
    std::fs::write(&files.certificate, certificate).unwrap();
    std::fs::write(&files.key, key).unwrap();
    std::fs::write(&files.authorities, authorities).unwrap();
    files
}

async fn reads(caller: As) -> Result<(), Status> {
    DirectoryServiceClient::new(caller).list_organisations(ListOrganisationsRequest::default()).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn people_need_no_certificate_and_nothing_goes_in_the_open() {
    let Secured { world, authority, _folder, .. } = secured().await;
    let channel = authority.client(&world.endpoint, None).await.unwrap();
    reads(World::over(channel, world.token("nurse"))).await.unwrap();
    // In the open nobody answers.
    let open = world.endpoint.replace("https", "http");
    let open = Endpoint::from_shared(open).unwrap().connect().await;
    if let Ok(channel) = open {
        reads(World::over(channel, world.token("nurse"))).await.unwrap_err();
    }
    // Who believes another authority does not call here.
    Authority::new().client(&world.endpoint, None).await.unwrap_err();
    // And a certificate of another one is no certificate.
    let foreign = Authority::new().certify(&["wound"]);
    let called = async {
        let channel = authority.client(&world.endpoint, Some(foreign)).await.map_err(|_| ())?;
        reads(World::over(channel, world.token("nurse"))).await.map_err(|_| ())
    };
    called.await.unwrap_err();
}

#[tokio::test(flavor = "multi_thread")]
async fn services_follow_each_other_over_tls() {
    let Secured { world, authority, _folder, .. } = secured().await;
    let channel = authority.client(&world.endpoint, None).await.unwrap();
    let mut directory = DirectoryServiceClient::new(World::over(channel, world.token("nurse")));
    let citizen = directory
        .register_citizen(samspil_proto::directory::v1::RegisterCitizenRequest {
            person_number: "0101453001".to_owned(),
            display_name: "Inger Testsen".to_owned(),
            municipality_code: "0766".to_owned(),
            request_id: samspil_testkit::request_id(),
        })
        .await
        .unwrap()
        .into_inner();
    assert!(citizen.name.starts_with("patients/"));
    world.settle().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_calls_as_a_service_shows_that_it_is_that_service() {
    let Secured { world, authority, _folder, .. } = secured().await;
    let signs = |issuer: &Signer| issuer.sign_for_service("wound", chrono::TimeDelta::minutes(5)).unwrap();
    let read = async |shows: Option<&str>| {
        let shows = shows.map(|name| authority.certify(&[name]));
        let channel = authority.client(&world.endpoint, shows).await.unwrap();
        let mut log = EventLogServiceClient::new(World::over(channel, signs(&world.issuer)));
        let request = ReadRequest { source: "directory".to_owned(), after_sequence: 0, types: Vec::new() };
        log.read(request).await.map(drop)
    };
    read(Some("wound")).await.unwrap();
    for shows in [None, Some("careplan")] {
        let refused = refusal(read(shows).await);
        assert_eq!(
            (refused.code, refused.reason.as_str()),
            (Code::Unauthenticated, "CERTIFICATE_MISSING"),
            "{shows:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_certificate_is_shown_without_a_restart_and_a_broken_one_never() {
    let Secured { world, authority, files, tls, _folder } = secured().await;
    let old = authority.client(&world.endpoint, None).await.unwrap();
    assert!(!tls.reread().unwrap(), "nothing is new");
    // Another authority, as when it is renewed itself.
    let next = Authority::new();
    let (certificate, key) = next.certify(&EVERY_SERVICE);
    std::fs::write(&files.certificate, &certificate).unwrap();
    tls.reread().expect_err("the old key beside the new certificate");
    authority.client(&world.endpoint, None).await.expect("what was there is used on");
    std::fs::write(&files.key, &key).unwrap();
    std::fs::write(&files.authorities, &next.pem).unwrap();
    assert!(tls.reread().unwrap());
    authority.client(&world.endpoint, None).await.unwrap_err();
    let channel = next.client(&world.endpoint, None).await.unwrap();
    reads(World::over(channel, world.token("nurse"))).await.unwrap();
    // A connection that is there already is not cut off.
    reads(World::over(old, world.token("nurse"))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn who_never_finishes_a_handshake_keeps_nobody_else_out() {
    let Secured { world, authority, _folder, .. } = secured().await;
    let address = world.endpoint.trim_start_matches("https://").to_owned();
    let mut silent = Vec::new();
    for _ in 0..32 {
        silent.push(tokio::net::TcpStream::connect(&address).await.unwrap());
    }
    let channel = authority.client(&world.endpoint, None).await.unwrap();
    reads(World::over(channel, world.token("nurse"))).await.unwrap();
    drop(silent);
}
