//! The kinds that other projects add to a cluster: as much of each as the chart writes, after their documentation. Their own schemas
//! are not at hand without their releases, so a field that is missing here is refused though it may exist.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// An object with a specification.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Object<S> {
    api_version: String,
    kind: String,
    pub(crate) metadata: ObjectMeta,
    pub(crate) spec: S,
}

pub(crate) type Certificate = Object<CertificateSpec>;
pub(crate) type HttpRoute = Object<HttpRouteSpec>;
pub(crate) type GrpcRoute = Object<GrpcRouteSpec>;
pub(crate) type TlsPolicy = Object<TlsPolicySpec>;
pub(crate) type PrometheusRule = Object<RuleSpec>;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CertificateSpec {
    pub(crate) secret_name: String,
    duration: String,
    renew_before: String,
    private_key: PrivateKey,
    pub(crate) usages: Vec<String>,
    pub(crate) dns_names: Vec<String>,
    issuer_ref: IssuerRef,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PrivateKey {
    algorithm: String,
    size: u16,
    rotation_policy: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct IssuerRef {
    name: String,
    kind: String,
    group: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ParentRef {
    name: String,
    namespace: Option<String>,
    section_name: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackendRef {
    pub(crate) name: String,
    pub(crate) port: i32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct HttpRouteSpec {
    parent_refs: Vec<ParentRef>,
    pub(crate) hostnames: Vec<String>,
    pub(crate) rules: Vec<HttpRule>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct HttpRule {
    pub(crate) matches: Vec<HttpMatch>,
    timeouts: Timeouts,
    pub(crate) backend_refs: Vec<BackendRef>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpMatch {
    pub(crate) path: PathMatch,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PathMatch {
    r#type: PathType,
    pub(crate) value: String,
}

#[derive(Serialize, Deserialize)]
enum PathType {
    PathPrefix,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Timeouts {
    request: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct GrpcRouteSpec {
    parent_refs: Vec<ParentRef>,
    pub(crate) hostnames: Vec<String>,
    pub(crate) rules: Vec<GrpcRule>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct GrpcRule {
    pub(crate) matches: Vec<GrpcMatch>,
    pub(crate) backend_refs: Vec<BackendRef>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrpcMatch {
    pub(crate) method: MethodMatch,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MethodMatch {
    pub(crate) service: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TlsPolicySpec {
    pub(crate) target_refs: Vec<Reference>,
    pub(crate) validation: TlsValidation,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reference {
    group: String,
    kind: String,
    pub(crate) name: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct TlsValidation {
    pub(crate) hostname: String,
    ca_certificate_refs: Vec<Reference>,
}

/// The rules themselves are promtool's to check.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleSpec {
    pub(crate) groups: Vec<Map<String, Value>>,
}
