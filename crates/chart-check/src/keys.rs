//! The configuration that the chart writes is made of keys that the program knows.

use crate::{
    object::{Rendered, name},
    pods,
};

/// The program refuses a key that it does not know, and a pod with one would never start.
pub(crate) fn check(rendered: &Rendered) -> Vec<String> {
    let known = known();
    let mut findings = Vec::new();
    for deployment in &rendered.deployments {
        let spec = deployment.spec.as_ref().and_then(|spec| spec.template.spec.as_ref());
        for key in spec.map(|spec| pods::config(spec, rendered)).unwrap_or_default().keys() {
            if !known.contains(&key.as_str()) {
                findings.push(format!("{}: the program knows no {key}", name(&deployment.metadata)));
            }
        }
    }
    findings
}

/// The keys, from where the program lists them.
fn known() -> Vec<&'static str> {
    let source = include_str!("../../../services/samspil/src/config.rs");
    let list = source.split_once("const KEYS: ").and_then(|(_, rest)| rest.split_once("= [")?.1.split_once("];"));
    let (list, _) = list.unwrap_or_default();
    list.split(',').map(|key| key.trim().trim_matches('"')).filter(|key| !key.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_keys_are_found() {
        let known = super::known();
        assert!(
            known.len() > 30 && known.contains(&"listen") && known.contains(&"database_password_file"),
            "{known:?}"
        );
        assert!(known.iter().all(|key| key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')));
    }
}
