//! Names, selectors and ports that have to meet.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::PodTemplateSpec;

use crate::object::{Rendered, name};

type Labels = BTreeMap<String, String>;

/// Tells of what leads nowhere.
pub(crate) fn check(rendered: &Rendered) -> Vec<String> {
    let mut findings = selectors(rendered);
    findings.extend(references(rendered));
    findings.extend(backends(rendered));
    findings.extend(certificates(rendered));
    findings
}

/// Every selector selects the pods of one Deployment or Job.
fn selectors(rendered: &Rendered) -> Vec<String> {
    let mut selectors: Vec<(String, Option<Labels>)> = Vec::new();
    for service in &rendered.services {
        let selector = service.spec.as_ref().and_then(|spec| spec.selector.clone());
        selectors.push((format!("Service {}", name(&service.metadata)), selector));
    }
    for deployment in &rendered.deployments {
        let selector = deployment.spec.as_ref().and_then(|spec| spec.selector.match_labels.clone());
        selectors.push((format!("Deployment {}", name(&deployment.metadata)), selector));
    }
    for budget in &rendered.budgets {
        let selector = budget.spec.as_ref().and_then(|spec| spec.selector.as_ref()?.match_labels.clone());
        selectors.push((format!("PodDisruptionBudget {}", name(&budget.metadata)), selector));
    }
    for policy in &rendered.policies {
        let selector = policy.spec.as_ref().and_then(|spec| spec.pod_selector.as_ref()?.match_labels.clone());
        selectors.push((format!("NetworkPolicy {}", name(&policy.metadata)), selector));
    }
    let wrong = selectors.into_iter().filter_map(|(of, selector)| {
        let selected = rendered.pods().filter(|(_, pod)| selects(selector.as_ref(), pod)).count();
        (selected != 1).then(|| format!("{of}: selects the pods of {selected}"))
    });
    wrong.collect()
}

/// Whether these labels select that pod. None and an empty one select nobody here, though they would everybody.
pub(crate) fn selects(selector: Option<&Labels>, pod: &PodTemplateSpec) -> bool {
    let labels = pod.metadata.as_ref().and_then(|metadata| metadata.labels.as_ref());
    let (Some(selector), Some(labels)) = (selector, labels) else { return false };
    !selector.is_empty() && selector.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// What is named is there.
fn references(rendered: &Rendered) -> Vec<String> {
    let mut findings = Vec::new();
    for scaler in &rendered.scalers {
        let target = scaler.spec.as_ref().map(|spec| spec.scale_target_ref.name.as_str());
        let found = rendered.deployments.iter().find(|deployment| Some(name(&deployment.metadata)) == target);
        let of = format!("HorizontalPodAutoscaler {}", name(&scaler.metadata));
        match found {
            None => findings.push(format!("{of}: scales nobody")),
            // A number in both is set back at every upgrade.
            Some(found) if found.spec.as_ref().is_some_and(|spec| spec.replicas.is_some()) => {
                findings.push(format!("{of}: its Deployment says how many replicas there are"));
            }
            Some(_) => {}
        }
        let bounds = scaler.spec.as_ref().map(|spec| spec.min_replicas.unwrap_or(1)..=spec.max_replicas);
        if bounds.is_none_or(|bounds| bounds.is_empty()) {
            findings.push(format!("{of}: its least is more than its most"));
        }
    }
    for deployment in &rendered.deployments {
        let Some(spec) = deployment.spec.as_ref().and_then(|spec| spec.template.spec.as_ref()) else { continue };
        let account = spec.service_account_name.as_deref().unwrap_or_default();
        if !rendered.accounts.iter().any(|one| name(&one.metadata) == account) {
            findings.push(format!("{}: there is no ServiceAccount {account}", name(&deployment.metadata)));
        }
        if crate::pods::config(spec, rendered).is_empty() {
            findings.push(format!("{}: has no configuration, or one that is no TOML", name(&deployment.metadata)));
        }
    }
    findings
}

/// Every way in from outside leads to a port of a Service.
fn backends(rendered: &Rendered) -> Vec<String> {
    let mut backends: Vec<(String, String, String)> = Vec::new();
    for route in &rendered.http_routes {
        let refs = route.spec.rules.iter().flat_map(|rule| &rule.backend_refs);
        backends.extend(refs.map(|to| (name(&route.metadata).to_owned(), to.name.clone(), to.port.to_string())));
    }
    for route in &rendered.grpc_routes {
        let refs = route.spec.rules.iter().flat_map(|rule| &rule.backend_refs);
        backends.extend(refs.map(|to| (name(&route.metadata).to_owned(), to.name.clone(), to.port.to_string())));
    }
    for ingress in &rendered.ingresses {
        let rules = ingress.spec.iter().flat_map(|spec| spec.rules.iter().flatten());
        for path in rules.flat_map(|rule| rule.http.iter().flat_map(|http| &http.paths)) {
            let service = path.backend.service.clone().unwrap_or_default();
            let port = service.port.unwrap_or_default();
            let port = port.name.or(port.number.map(|number| number.to_string())).unwrap_or_default();
            backends.push((name(&ingress.metadata).to_owned(), service.name, port));
        }
    }
    let there = |to: &str, port: &str| {
        rendered.services.iter().filter(|service| name(&service.metadata) == to).any(|service| {
            let ports = service.spec.iter().flat_map(|spec| spec.ports.iter().flatten());
            ports.into_iter().any(|one| one.name.as_deref() == Some(port) || one.port.to_string() == port)
        })
    };
    let nowhere = backends.into_iter().filter(|(_, to, port)| !there(to, port));
    let nowhere = nowhere.map(|(from, to, port)| format!("{from}: leads to port {port} of {to}, which is not there"));
    let untrusted = rendered.tls_policies.iter().flat_map(|policy| {
        let host = policy.spec.validation.hostname.as_str();
        let certified = rendered.certificates.iter().flat_map(|one| &one.spec.dns_names).any(|dns| dns == host);
        let known =
            policy.spec.target_refs.iter().all(|to| rendered.services.iter().any(|one| name(&one.metadata) == to.name));
        (!known || !(certified || rendered.certificates.is_empty()))
            .then(|| format!("{}: expects {host}, which no certificate has", name(&policy.metadata)))
    });
    nowhere.chain(untrusted).collect()
}

/// A certificate is for both sides, and goes to a Secret that a pod mounts.
fn certificates(rendered: &Rendered) -> Vec<String> {
    let mounted = |secret: &str| {
        let volumes =
            rendered.pods().filter_map(|(_, pod)| pod.spec.as_ref()).flat_map(|spec| spec.volumes.iter().flatten());
        volumes.filter_map(|volume| volume.secret.as_ref()?.secret_name.as_deref()).any(|name| name == secret)
    };
    let wrong = rendered.certificates.iter().filter(|one| {
        let usages = ["server auth", "client auth"];
        // The services know each other by their names.
        let component = one.metadata.labels.as_ref().and_then(|labels| labels.get("app.kubernetes.io/component"));
        let named = component.is_some_and(|name| one.spec.dns_names.contains(name));
        !named
            || !mounted(&one.spec.secret_name)
            || !usages.iter().all(|usage| one.spec.usages.iter().any(|own| own == usage))
    });
    wrong
        .map(|one| {
            format!(
                "Certificate {}: nobody mounts it, or it is for one side, or for another service",
                name(&one.metadata)
            )
        })
        .collect()
}
