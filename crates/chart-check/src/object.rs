//! The objects of one rendering, by kind.

use k8s_openapi::{
    api::{
        apps::v1::Deployment,
        autoscaling::v2::HorizontalPodAutoscaler,
        batch::v1::Job,
        core::v1::{ConfigMap, PodTemplateSpec, Service, ServiceAccount},
        networking::v1::{Ingress, NetworkPolicy},
        policy::v1::PodDisruptionBudget,
    },
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::foreign::{Certificate, GrpcRoute, HttpRoute, PrometheusRule, TlsPolicy};

/// What one value set makes of the chart.
#[derive(Default)]
pub(crate) struct Rendered {
    pub(crate) deployments: Vec<Deployment>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) services: Vec<Service>,
    pub(crate) accounts: Vec<ServiceAccount>,
    pub(crate) configs: Vec<ConfigMap>,
    pub(crate) scalers: Vec<HorizontalPodAutoscaler>,
    pub(crate) budgets: Vec<PodDisruptionBudget>,
    pub(crate) policies: Vec<NetworkPolicy>,
    pub(crate) ingresses: Vec<Ingress>,
    pub(crate) certificates: Vec<Certificate>,
    pub(crate) http_routes: Vec<HttpRoute>,
    pub(crate) grpc_routes: Vec<GrpcRoute>,
    pub(crate) tls_policies: Vec<TlsPolicy>,
    pub(crate) rules: Vec<PrometheusRule>,
}

impl Rendered {
    /// Sorts objects by their kind, and tells those that are not what they say.
    pub(crate) fn read(objects: Vec<Value>) -> (Rendered, Vec<String>) {
        let (mut to, mut findings) = (Rendered::default(), Vec::new());
        for object in objects {
            let text = |pointer| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (version, kind, name) = (text("/apiVersion"), text("/kind"), text("/metadata/name"));
            let taken = match (version.as_str(), kind.as_str()) {
                ("apps/v1", "Deployment") => put(&mut to.deployments, object),
                ("batch/v1", "Job") => put(&mut to.jobs, object),
                ("v1", "Service") => put(&mut to.services, object),
                ("v1", "ServiceAccount") => put(&mut to.accounts, object),
                ("v1", "ConfigMap") => put(&mut to.configs, object),
                ("autoscaling/v2", "HorizontalPodAutoscaler") => put(&mut to.scalers, object),
                ("policy/v1", "PodDisruptionBudget") => put(&mut to.budgets, object),
                ("networking.k8s.io/v1", "NetworkPolicy") => put(&mut to.policies, object),
                ("networking.k8s.io/v1", "Ingress") => put(&mut to.ingresses, object),
                ("cert-manager.io/v1", "Certificate") => put(&mut to.certificates, object),
                ("gateway.networking.k8s.io/v1", "HTTPRoute") => put(&mut to.http_routes, object),
                ("gateway.networking.k8s.io/v1", "GRPCRoute") => put(&mut to.grpc_routes, object),
                ("gateway.networking.k8s.io/v1", "BackendTLSPolicy") => put(&mut to.tls_policies, object),
                ("monitoring.coreos.com/v1", "PrometheusRule") => put(&mut to.rules, object),
                _ => Err(format!("of no kind that is known here: {version}")),
            };
            findings.extend(taken.err().map(|wrong| format!("{kind} {name}: {wrong}")));
        }
        (to, findings)
    }

    /// Every pod that is made, with what makes it.
    pub(crate) fn pods(&self) -> impl Iterator<Item = (String, &PodTemplateSpec)> {
        let deployed =
            self.deployments.iter().filter_map(|one| Some((&one.metadata, &one.spec.as_ref()?.template, "Deployment")));
        let ran = self.jobs.iter().filter_map(|one| Some((&one.metadata, &one.spec.as_ref()?.template, "Job")));
        deployed.chain(ran).map(|(of, template, kind)| (format!("{kind} {}", name(of)), template))
    }
}

/// An object's name.
pub(crate) fn name(metadata: &ObjectMeta) -> &str {
    metadata.name.as_deref().unwrap_or_default()
}

/// Takes an object that says all that its type knows, and nothing else.
fn put<T: Serialize + DeserializeOwned>(to: &mut Vec<T>, object: Value) -> Result<(), String> {
    let typed: T = serde_json::from_value(object.clone()).map_err(|error| error.to_string())?;
    let back = serde_json::to_value(&typed).map_err(|error| error.to_string())?;
    // The types leave out what they do not know, and what is empty.
    if let Some(path) = lost(&object, &back) {
        return Err(format!("there is no field {path}"));
    }
    to.push(typed);
    Ok(())
}

/// The path of the first thing that did not come back.
fn lost(object: &Value, back: &Value) -> Option<String> {
    let within = |key: &str, value: &Value, back: Option<&Value>| match back {
        Some(back) => lost(value, back).map(|path| format!("{key}{}{path}", if path.is_empty() { "" } else { "." })),
        None => (!value.is_null()).then(|| key.to_owned()),
    };
    match (object, back) {
        (Value::Object(fields), Value::Object(back)) => {
            fields.iter().find_map(|(key, value)| within(key, value, back.get(key)))
        }
        (Value::Array(items), Value::Array(back)) => {
            items.iter().enumerate().find_map(|(i, value)| within(&i.to_string(), value, back.get(i)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn findings(object: Value) -> Vec<String> {
        Rendered::read(vec![object]).1
    }

    #[test]
    fn a_field_that_there_is_not_is_told_by_its_path() {
        let service = |port: Value| json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"ports": [port]}});
        assert_eq!(findings(service(json!({"port": 1}))), [""; 0]);
        let wrong = findings(service(json!({"port": 1, "prot": 2})));
        assert_eq!(wrong, ["Service a: there is no field spec.ports.0.prot"]);
    }

    #[test]
    fn a_value_of_another_type_is_told() {
        let wrong =
            json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}, "spec": {"ports": "many"}});
        assert!(findings(wrong)[0].starts_with("Service a: invalid type: string"));
    }

    #[test]
    fn a_kind_or_version_that_nobody_knows_is_told() {
        let old = json!({"apiVersion": "autoscaling/v1", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "a"}});
        assert_eq!(findings(old), ["HorizontalPodAutoscaler a: of no kind that is known here: autoscaling/v1"]);
    }
}
