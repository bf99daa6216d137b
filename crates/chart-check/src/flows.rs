//! Who may call whom. The chart says it once, in `files/services.yaml`, and makes configuration and network policies of it; here both
//! are held to what the program does.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicyPeer};

use crate::{
    object::{Rendered, name},
    pods,
    wiring::selects,
};

/// The services of the contract that nobody outside calls: the services call each other's logs, and operators' commands the rest.
const INSIDE: [&str; 2] = ["samspil.event.v1.EventLogService", "samspil.trace.v1.TraceService"];

/// Tells of calls that a policy cuts, of ways that no call takes, and of services that no way leads to.
pub(crate) fn check(rendered: &Rendered) -> Vec<String> {
    let mut findings = ways_in(rendered);
    if rendered.policies.is_empty() {
        return findings;
    }
    for (pod, template) in rendered.pods() {
        let over = rendered.policies.iter().filter(|policy| {
            let spec = policy.spec.clone().unwrap_or_default();
            let selector = spec.pod_selector.and_then(|selector| selector.match_labels);
            spec.policy_types.unwrap_or_default() == ["Ingress", "Egress"] && selects(selector.as_ref(), template)
        });
        if over.count() != 1 {
            findings.push(format!("{pod}: no policy denies what nobody allowed"));
        }
    }
    let asked = asked(rendered);
    let (out, into) = (allowed(rendered, egress), allowed(rendered, ingress));
    let turned: BTreeSet<_> = into.into_iter().map(|(to, from)| (from, to)).collect();
    for (from, to) in asked.difference(&out).chain(asked.difference(&turned)) {
        findings.push(format!("{from} calls {to}, and a policy cuts it off"));
    }
    for (from, to) in out.difference(&asked).chain(turned.difference(&asked)) {
        findings.push(format!("{from} may reach {to}, and never calls it"));
    }
    findings
}

/// Who asks whom, by the configuration of each: pairs of Deployments.
fn asked(rendered: &Rendered) -> BTreeSet<(String, String)> {
    let mut asked = BTreeSet::new();
    for deployment in &rendered.deployments {
        let Some(spec) = deployment.spec.as_ref().and_then(|spec| spec.template.spec.as_ref()) else { continue };
        let config = pods::config(spec, rendered);
        let peers = config.get("peers").and_then(toml::Value::as_table);
        for uri in peers.into_iter().flat_map(|peers| peers.values()).filter_map(toml::Value::as_str) {
            let host = uri.trim_start_matches("https://").split('.').next().unwrap_or_default();
            asked.insert((name(&deployment.metadata).to_owned(), host.to_owned()));
        }
    }
    asked
}

/// Pairs of Deployments that policies name: whose it is, and whom it lets through.
fn allowed(rendered: &Rendered, peers: fn(&NetworkPolicy) -> Vec<NetworkPolicyPeer>) -> BTreeSet<(String, String)> {
    let mut pairs = BTreeSet::new();
    for policy in &rendered.policies {
        for peer in peers(policy) {
            let labels = peer.pod_selector.and_then(|selector| selector.match_labels);
            let chosen = rendered.deployments.iter().filter(|deployment| {
                deployment.spec.as_ref().is_some_and(|spec| selects(labels.as_ref(), &spec.template))
            });
            pairs.extend(chosen.map(|one| (name(&policy.metadata).to_owned(), name(&one.metadata).to_owned())));
        }
    }
    pairs
}

fn ingress(policy: &NetworkPolicy) -> Vec<NetworkPolicyPeer> {
    let rules = policy.spec.iter().flat_map(|spec| spec.ingress.iter().flatten());
    rules.flat_map(|rule| rule.from.clone().unwrap_or_default()).collect()
}

fn egress(policy: &NetworkPolicy) -> Vec<NetworkPolicyPeer> {
    let rules = policy.spec.iter().flat_map(|spec| spec.egress.iter().flatten());
    rules.flat_map(|rule| rule.to.clone().unwrap_or_default()).collect()
}

/// What the contract offers to those outside is led in on every name, and nothing else is.
fn ways_in(rendered: &Rendered) -> Vec<String> {
    let mut ways: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for route in &rendered.grpc_routes {
        let services = route.spec.rules.iter().flat_map(|rule| &rule.matches).map(|one| one.method.service.clone());
        ways.entry(name(&route.metadata).to_owned()).or_default().extend(services);
    }
    for route in &rendered.http_routes {
        let paths = route.spec.rules.iter().flat_map(|rule| &rule.matches).map(|one| one.path.value[1..].to_owned());
        ways.entry(name(&route.metadata).to_owned()).or_default().extend(paths.filter(|path| !path.is_empty()));
    }
    for ingress in &rendered.ingresses {
        let rules = ingress.spec.iter().flat_map(|spec| spec.rules.iter().flatten());
        let paths = rules.flat_map(|rule| rule.http.iter().flat_map(|http| &http.paths));
        let paths = paths.filter_map(|path| Some(path.path.as_ref()?[1..].to_owned())).filter(|path| !path.is_empty());
        ways.entry(name(&ingress.metadata).to_owned()).or_default().extend(paths);
    }
    let outside = outside();
    let missing = |(way, led): (&String, &BTreeSet<String>)| {
        let missing = outside.difference(led).map(|service| format!("{way}: does not lead to {service}"));
        let strange =
            led.difference(&outside).map(|service| format!("{way}: leads to {service}, which is not for outside"));
        missing.chain(strange).collect::<Vec<_>>()
    };
    ways.iter().flat_map(missing).collect()
}

/// The services of the contract that somebody outside calls.
fn outside() -> BTreeSet<String> {
    let ours = samspil_proto::descriptors().services().map(|service| service.full_name().to_owned());
    ours.filter(|name| name.starts_with("samspil.") && !INSIDE.contains(&name.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    fn root() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
    }

    /// The text of every Rust file below a folder.
    fn text(folder: &Path) -> String {
        let mut all = String::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                all += &text(&path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all += &fs::read_to_string(path).unwrap();
            }
        }
        all
    }

    /// The calls that `files/services.yaml` names, read as lines: `name:` and `  calls: [a, b]`.
    fn said() -> BTreeMap<String, BTreeSet<String>> {
        let facts = fs::read_to_string(root().join("deploy/chart/files/services.yaml")).unwrap();
        let (mut said, mut service) = (BTreeMap::new(), "");
        for line in facts.lines().filter(|line| !line.starts_with('#')) {
            if let Some(calls) = line.trim().strip_prefix("calls: [").and_then(|rest| rest.strip_suffix(']')) {
                let calls = calls.split(", ").filter(|call| !call.is_empty()).map(str::to_owned).collect();
                said.insert(service.to_owned(), calls);
            } else if !line.starts_with(' ') {
                service = line.trim_end_matches(':');
            }
        }
        said
    }

    #[test]
    fn the_calls_that_the_chart_allows_are_those_in_the_code() {
        let said = said();
        assert_eq!(said.len(), 5);
        for (service, calls) in &said {
            let code = text(&root().join("services").join(service).join("src"));
            let made = said.keys().filter(|other| {
                let (asks, follows) =
                    (format!("{other}()."), format!("fn source(&self) -> &'static str {{\n        \"{other}\"\n"));
                code.contains(&format!("peers.{asks}"))
                    || code.contains(&format!("peers().{asks}"))
                    || code.contains(&follows)
            });
            let mut made: BTreeSet<_> = made.cloned().collect();
            // What kit does for every service: relations, consents and the names of organisations, and who has signed out.
            made.extend(["directory", "review"].map(str::to_owned));
            // Whoever reads the audits asks review, which passes the question on.
            if service == "review" {
                made.extend(said.keys().cloned());
            }
            made.remove(service);
            assert_eq!(calls, &made, "{service}");
        }
    }
}
