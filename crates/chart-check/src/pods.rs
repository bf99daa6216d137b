//! What every pod has to be: without rights, within bounds, and given time to drain.

use k8s_openapi::api::core::v1::{Container, PodSpec};

use crate::object::{Rendered, name};

/// Tells what a pod lacks.
pub(crate) fn check(rendered: &Rendered) -> Vec<String> {
    let mut findings = Vec::new();
    for (pod, template) in rendered.pods() {
        let Some(spec) = &template.spec else {
            findings.push(format!("{pod}: makes no pod"));
            continue;
        };
        let lacks = rights(spec).into_iter().chain(spec.containers.iter().flat_map(bounds)).chain(volumes(spec));
        findings.extend(lacks.map(|lack| format!("{pod}: {lack}")));
    }
    for deployment in &rendered.deployments {
        let template = deployment.spec.as_ref().and_then(|spec| spec.template.spec.as_ref());
        findings.extend(
            template
                .into_iter()
                .flat_map(|spec| serving(spec, rendered))
                .map(|lack| format!("{}: {lack}", name(&deployment.metadata))),
        );
    }
    findings
}

fn rights(spec: &PodSpec) -> Vec<String> {
    let security = spec.security_context.clone().unwrap_or_default();
    let seccomp = security.seccomp_profile.map(|profile| profile.type_);
    unless([
        (security.run_as_non_root == Some(true) && security.run_as_user == Some(65532), "may run as root"),
        (seccomp.as_deref() == Some("RuntimeDefault"), "has no seccomp profile"),
        (spec.automount_service_account_token == Some(false), "is given a token of the cluster"),
        (spec.enable_service_links == Some(false), "is told of every service in its environment"),
        (spec.host_network != Some(true) && spec.host_pid != Some(true), "shares the node's namespaces"),
        (!spec.containers.is_empty(), "runs nothing"),
    ])
}

fn bounds(container: &Container) -> Vec<String> {
    let security = container.security_context.clone().unwrap_or_default();
    let dropped = security.capabilities.unwrap_or_default();
    let resources = container.resources.clone().unwrap_or_default();
    let (requests, limits) = (resources.requests.unwrap_or_default(), resources.limits.unwrap_or_default());
    unless([
        (security.allow_privilege_escalation == Some(false), "may gain privileges"),
        (security.read_only_root_filesystem == Some(true), "may write to its root"),
        (security.privileged != Some(true), "is privileged"),
        (dropped.drop == Some(vec!["ALL".to_owned()]) && dropped.add.is_none(), "keeps capabilities"),
        (requests.contains_key("cpu") && requests.contains_key("memory"), "requests no cpu or memory"),
        (limits.contains_key("memory"), "has no limit of memory"),
        // A limit of cpu stops a process that nobody is in the way of.
        (!limits.contains_key("cpu"), "is throttled"),
        (container.image.as_ref().is_some_and(|image| !image.ends_with(":latest")), "runs whatever is the latest"),
    ])
}

/// Mounts and volumes are each other's.
fn volumes(spec: &PodSpec) -> Vec<String> {
    let volumes: Vec<_> = spec.volumes.iter().flatten().map(|volume| volume.name.as_str()).collect();
    let mounts: Vec<_> =
        spec.containers.iter().flat_map(|container| container.volume_mounts.iter().flatten()).collect();
    let missing = mounts.iter().filter(|mount| !volumes.contains(&mount.name.as_str()));
    let missing = missing.map(|mount| format!("mounts {}, which is no volume", mount.name));
    let unused = volumes.iter().filter(|volume| !mounts.iter().any(|mount| mount.name == **volume));
    missing.chain(unused.map(|volume| format!("does not mount {volume}"))).collect()
}

/// What a pod that serves has beyond one that runs once.
fn serving(spec: &PodSpec, rendered: &Rendered) -> Vec<String> {
    let Some(container) = spec.containers.first() else { return vec![] };
    let config = config(spec, rendered);
    let number = |key: &str| config.get(key).and_then(toml::Value::as_integer);
    let port = |key: &str| {
        let address = config.get(key).and_then(toml::Value::as_str)?;
        address.rsplit(':').next()?.parse::<i32>().ok()
    };
    let open = |name: &str| {
        let port = container.ports.iter().flatten().find(|port| port.name.as_deref() == Some(name));
        port.map(|port| port.container_port)
    };
    let probes = [&container.startup_probe, &container.liveness_probe, &container.readiness_probe];
    let probed = |probe: &&Option<k8s_openapi::api::core::v1::Probe>| {
        let grpc = probe.as_ref().and_then(|probe| probe.grpc.as_ref());
        grpc.map(|grpc| grpc.port)
    };
    let live = |probe: &Option<k8s_openapi::api::core::v1::Probe>| {
        probe.as_ref().and_then(|probe| probe.grpc.as_ref()?.service.clone()).unwrap_or_default()
    };
    unless([
        (open("grpc").is_some() && open("grpc") == port("listen"), "listens elsewhere than on its port"),
        (probes.iter().all(|probe| probed(probe) == port("health_listen")), "is probed where it does not answer"),
        (live(&container.liveness_probe) != live(&container.readiness_probe), "is killed when its database is gone"),
        (
            number("stop_delay_seconds").zip(number("drain_seconds")).is_some_and(|(delay, drain)| {
                spec.termination_grace_period_seconds.is_some_and(|grace| grace >= delay + drain + 20)
            }),
            "is killed before it has drained and said its last",
        ),
    ])
}

/// The configuration file that a pod mounts.
pub(crate) fn config(spec: &PodSpec, rendered: &Rendered) -> toml::Table {
    let mounted = spec.volumes.iter().flatten().find_map(|volume| Some(volume.config_map.as_ref()?.name.clone()));
    let config =
        rendered.configs.iter().find(|config| name(&config.metadata) == mounted.as_deref().unwrap_or_default());
    let text = config.and_then(|config| config.data.as_ref()?.get("samspil.toml"));
    text.and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn unless<const N: usize>(facts: [(bool, &str); N]) -> Vec<String> {
    facts.into_iter().filter(|(holds, _)| !holds).map(|(_, otherwise)| otherwise.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn pod(change: impl Fn(&mut Value)) -> Vec<String> {
        let mut spec = json!({
            "automountServiceAccountToken": false, "enableServiceLinks": false,
            "securityContext": {"runAsNonRoot": true, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [{
                "name": "a", "image": "a:1", "volumeMounts": [{"name": "v", "mountPath": "/v"}],
                "resources": {"requests": {"cpu": "1", "memory": "1Mi"}, "limits": {"memory": "1Mi"}},
                "securityContext": {
                    "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}
                }
            }],
            "volumes": [{"name": "v", "emptyDir": {}}]
        });
        change(&mut spec);
        let job = json!({
            "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}, "spec": {"template": {"spec": spec}}
        });
        let (rendered, wrong) = Rendered::read(vec![job]);
        assert_eq!(wrong, [""; 0]);
        check(&rendered)
    }

    #[test]
    fn a_pod_without_rights_and_within_bounds_passes() {
        assert_eq!(pod(|_| {}), [""; 0]);
    }

    #[test]
    fn each_right_and_each_missing_bound_is_told() {
        let container = |path: &'static str, value: Value| {
            pod(move |spec| *spec.pointer_mut(&format!("/containers/0{path}")).unwrap() = value.clone())
        };
        assert_eq!(
            container("/securityContext/readOnlyRootFilesystem", json!(false)),
            ["Job j: may write to its root"]
        );
        assert_eq!(container("/securityContext/capabilities", json!({})), ["Job j: keeps capabilities"]);
        assert_eq!(container("/resources/limits", json!({})), ["Job j: has no limit of memory"]);
        assert_eq!(container("/image", json!("a:latest")), ["Job j: runs whatever is the latest"]);
        assert_eq!(pod(|spec| spec["securityContext"]["runAsUser"] = json!(0)), ["Job j: may run as root"]);
        assert_eq!(
            pod(|spec| spec["volumes"][0]["name"] = json!("w")),
            ["Job j: mounts v, which is no volume", "Job j: does not mount w"]
        );
    }
}
