//! The reference of the configuration, from the types that it is read into and their defaults.

use std::fmt::Write as _;

use schemars::schema_for;
use serde_json::{Map, Value};

use crate::config::{Config, KEYS};

const HEAD: &str = "# Configuration

Each key is a line of the TOML file that `--config` names, and `SAMSPIL_` with the key in capitals in the environment (`listen` is
`SAMSPIL_LISTEN`). A flag counts more than the environment, that more than the file, and that more than the default. An unknown key is
refused, and everything is checked before a port is opened. What is secret is in files that keys name, never in a key itself.

This page is printed by `samspil config --reference`; `samspil config` prints what is in force.
";

/// The page, as Markdown.
pub(crate) fn page() -> anyhow::Result<String> {
    let schema = schema_for!(Config).to_value();
    let defaults = serde_json::to_value(Config::default())?;
    let mut page = HEAD.to_owned();
    table(&mut page, "", &schema, &defaults, &KEYS)?;
    let below = schema.get("$defs").and_then(Value::as_object);
    for (heading, name) in [
        ("Each of `providers`", "Settings"),
        ("`claims` of a provider", "Claims"),
        ("Each of `clients` of a provider", "Client"),
    ] {
        let part = below.and_then(|parts| parts.get(name)).ok_or_else(|| anyhow::anyhow!("no part {name}"))?;
        let keys = part.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let keys: Vec<&str> = keys.map(String::as_str).collect();
        table(&mut page, heading, part, &Value::Null, &keys)?;
    }
    Ok(page)
}

fn table(page: &mut String, heading: &str, schema: &Value, defaults: &Value, keys: &[&str]) -> anyhow::Result<()> {
    if !heading.is_empty() {
        write!(page, "\n## {heading}\n")?;
    }
    writeln!(page, "\n| key | default | meaning |\n| --- | --- | --- |")?;
    for key in keys {
        let about = schema.pointer(&format!("/properties/{key}"));
        let about = about.ok_or_else(|| anyhow::anyhow!("{key} can be set and is no field"))?;
        let meaning = about.get("description").and_then(Value::as_str).unwrap_or_default().replace('\n', " ");
        let default = defaults.get(*key).or_else(|| about.get("default")).map_or_else(required, shown);
        writeln!(page, "| `{key}` | {default} | {meaning} |")?;
    }
    Ok(())
}

fn required() -> String {
    "required".to_owned()
}

fn shown(default: &Value) -> String {
    match default {
        Value::Null => "none".to_owned(),
        Value::String(text) if text.is_empty() => "none".to_owned(),
        Value::Array(list) if list.is_empty() => "none".to_owned(),
        Value::Object(map) if map.is_empty() => "none".to_owned(),
        Value::String(text) => format!("`{text}`"),
        Value::Object(_) => "as below".to_owned(),
        other => format!("`{other}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_can_be_set_by_the_environment_and_says_what_it_means() {
        let schema = schema_for!(Config).to_value();
        let mut fields: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
        let mut keys: Vec<_> = KEYS.to_vec();
        fields.sort();
        keys.sort_unstable();
        assert_eq!(fields, keys);
        for line in page().unwrap().lines().filter(|line| line.starts_with("| `")) {
            assert!(!line.ends_with("|  |"), "{line}");
        }
    }
}
