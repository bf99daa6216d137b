//! From the claims of a provider to a [`Caller`], by a table in the configuration.
//!
//! A token that is good but says nothing that the table knows is nobody here: roles and clients are named one by one, so that a
//! group that somebody adds at the provider opens nothing by itself.

use std::{collections::HashMap, net::IpAddr};

use anyhow::{Context as _, ensure};
use http::Uri;
use jsonwebtoken::Algorithm;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Assurance, Caller};
use crate::{Error, common::Common, permission};

/// A provider, as the configuration has it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// A short name. It stands before the provider's subjects, as `name:subject`, so that two providers can have the same. Empty
    /// where there is one provider.
    #[serde(default)]
    pub name: String,
    /// Its `iss`, to the letter. The discovery document is below it.
    pub issuer: String,
    /// The audience that its tokens have to name.
    #[serde(default = "audience")]
    pub audience: String,
    /// The algorithms that it may sign with. Only those with a public key are possible.
    #[serde(default = "algorithms")]
    #[schemars(with = "Vec<String>")]
    pub algorithms: Vec<Algorithm>,
    /// By how much its clock may differ from ours, at most 120 seconds.
    #[serde(default = "skew")]
    pub skew_seconds: u32,
    /// How long its tokens hold at most, up to 7 days. One that holds for longer is refused: who has signed out is remembered for that long.
    #[serde(default = "longest")]
    pub longest_token_minutes: u32,
    /// Where in a token things are told: names of claims, with a dot between those that lie within each other.
    #[serde(default)]
    pub claims: Claims,
    /// Role by what the provider calls it. Anything else is no role.
    #[serde(default)]
    pub roles: HashMap<String, String>,
    /// SOR code by what the provider calls an organisation. What is a SOR code already needs no line.
    #[serde(default)]
    pub organisations: HashMap<String, String>,
    /// Level of assurance by what the provider calls it.
    #[serde(default)]
    pub assurances: HashMap<String, Assurance>,
    /// A person of less assurance is refused.
    #[serde(default)]
    pub least_assurance: Assurance,
    /// Programs that call for themselves (client credentials), by their client id.
    #[serde(default)]
    pub clients: HashMap<String, Client>,
    /// The client id that the web tool signs in with. The first provider that has one is where it signs in.
    #[serde(default)]
    pub web_client: String,
    /// The client id of `samspil login`, for the device flow. Empty for none.
    #[serde(default)]
    pub device_client: String,
    /// What the web tool asks for beside `openid`.
    #[serde(default = "web_scope")]
    pub web_scope: String,
    /// The resource that the web tool and the command line ask tokens for (RFC 8707). Empty where the provider wants none.
    #[serde(default)]
    pub resource: String,
}

/// The names of the claims.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Claims {
    /// The display name.
    pub name: String,
    /// The organisation.
    pub organisation: String,
    /// The role or roles.
    pub role: String,
    /// The level of assurance.
    pub assurance: String,
    /// The opaque patient id of a citizen.
    pub patient: String,
}

impl Default for Claims {
    fn default() -> Claims {
        Claims {
            name: "name".to_owned(),
            organisation: "org".to_owned(),
            role: "role".to_owned(),
            assurance: "acr".to_owned(),
            patient: "patient".to_owned(),
        }
    }
}

/// A program that calls for itself.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Its role.
    pub role: String,
    /// The SOR code of the organisation on whose behalf. Empty for none.
    #[serde(default)]
    pub organisation: String,
    /// Its display name.
    pub name: String,
}

fn audience() -> String {
    super::AUDIENCE.to_owned()
}

fn algorithms() -> Vec<Algorithm> {
    vec![Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA]
}

fn skew() -> u32 {
    30
}

fn longest() -> u32 {
    24 * 60
}

fn web_scope() -> String {
    "profile offline_access".to_owned()
}

/// The most bytes of an identifier or a name in a token.
const TEXT: usize = 200;

impl Settings {
    /// Checks it all before anybody calls.
    ///
    /// # Errors
    /// With the first thing that is wrong.
    pub fn check(&self) -> anyhow::Result<()> {
        check_address("issuer", &self.issuer)?;
        ensure!(self.name != "service", "a provider cannot be called service");
        ensure!(!self.audience.is_empty(), "a provider's `audience` is empty");
        ensure!(!self.algorithms.is_empty(), "a provider's `algorithms` are none");
        for algorithm in &self.algorithms {
            let secret = matches!(algorithm, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512);
            ensure!(!secret, "a provider's `algorithms` name {algorithm:?}, which whoever verifies can sign with");
        }
        ensure!(self.skew_seconds <= 120, "a provider's `skew_seconds` are more than 120");
        ensure!(
            (1..=7 * 24 * 60).contains(&self.longest_token_minutes),
            "a provider's `longest_token_minutes` are none, or more than 10080"
        );
        let roles = self.roles.values().chain(self.clients.values().map(|client| &client.role));
        for role in roles {
            ensure!(permission::is_role(role), "a provider's tokens would be of the role {role}, which is none");
            ensure!(
                !role.starts_with("service"),
                "no provider's token can be of the role {role}: that is between our services"
            );
        }
        for sor in self.organisations.values().chain(self.clients.values().map(|client| &client.organisation)) {
            ensure!(sor.is_empty() || is_sor(sor), "{sor} is no SOR code");
        }
        Ok(())
    }

    /// Who the claims say is calling.
    ///
    /// # Errors
    /// `CALLER_UNKNOWN`, with what is not known; `ASSURANCE_TOO_LOW`.
    pub(super) fn caller(&self, claims: &Map<String, Value>) -> Result<Caller, Error> {
        let sub = text(claims, "sub").filter(|sub| !sub.is_empty() && !sub.starts_with("service:"));
        let sub = sub.ok_or_else(|| unknown("sub"))?;
        // A token that a program got for itself names the program alone (RFC 9068, section 5).
        if text(claims, "client_id").or_else(|| text(claims, "azp")) == Some(sub)
            && let Some(client) = self.clients.get(sub)
        {
            return Ok(Caller {
                person: self.person(sub),
                display_name: client.name.clone(),
                organisation: client.organisation.clone(),
                role: client.role.clone(),
                ..Caller::default()
            });
        }
        let role = self.role(claims)?;
        let assurance = text(claims, &self.claims.assurance).and_then(|told| self.assurances.get(told).copied());
        let assurance = assurance.unwrap_or_default();
        if assurance < self.least_assurance {
            return Err(Common::AssuranceTooLow.into());
        }
        let patient = text(claims, &self.claims.patient).and_then(|told| told.parse().ok());
        if role == "citizen" && patient.is_none() {
            return Err(unknown(&self.claims.patient));
        }
        Ok(Caller {
            person: self.person(sub),
            display_name: text(claims, &self.claims.name).unwrap_or_default().to_owned(),
            organisation: if role == "citizen" { String::new() } else { self.organisation(claims)? },
            patient: patient.filter(|_| role == "citizen"),
            role,
            assurance,
            via: String::new(),
        })
    }

    fn person(&self, sub: &str) -> String {
        if self.name.is_empty() { sub.to_owned() } else { format!("{}:{sub}", self.name) }
    }

    /// The one role that is told. Two are none: what somebody may do must not hang on the order in a list.
    fn role(&self, claims: &Map<String, Value>) -> Result<String, Error> {
        let told = match at(claims, &self.claims.role) {
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => vec![],
        };
        let mut roles: Vec<_> = told.into_iter().filter_map(|role| self.roles.get(role)).collect();
        roles.dedup();
        match roles.as_slice() {
            [role] => Ok((*role).clone()),
            _ => Err(unknown(&self.claims.role)),
        }
    }

    fn organisation(&self, claims: &Map<String, Value>) -> Result<String, Error> {
        let Some(told) = text(claims, &self.claims.organisation) else { return Ok(String::new()) };
        let sor = self.organisations.get(told).map_or(told, String::as_str);
        if is_sor(sor) { Ok(sor.to_owned()) } else { Err(unknown(&self.claims.organisation)) }
    }
}

/// The refusal of a token that is good, of somebody whom nobody has let in. It names the claim and not what it said.
fn unknown(claim: &str) -> Error {
    Error::from(Common::CallerUnknown).with("claim", claim)
}

fn is_sor(text: &str) -> bool {
    (11..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn at<'a>(claims: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    // A claim may have a dot in its own name: such as an address.
    claims.get(path).or_else(|| {
        let (first, rest) = path.split_once('.')?;
        at(claims.get(first)?.as_object()?, rest)
    })
}

fn text<'a>(claims: &'a Map<String, Value>, path: &str) -> Option<&'a str> {
    at(claims, path)?.as_str().filter(|text| text.len() <= TEXT)
}

/// Passes for an address that nobody on the way can answer for.
pub(super) fn check_address(what: &str, address: &str) -> anyhow::Result<()> {
    let uri: Uri = address.parse().with_context(|| format!("`{what}` {address} is no address"))?;
    let host = uri.host().with_context(|| format!("`{what}` {address} has no host"))?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let safe = uri.scheme_str() == Some("https") || (here && uri.scheme_str() == Some("http"));
    ensure!(safe, "`{what}` {address} is not https: its keys could be anybody's");
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settings(json: Value) -> Settings {
        let mut settings = json!({
            "issuer": "https://login.example",
            "roles": { "sp_nurse": "nurse", "sp_doctor": "specialist", "sp_self": "citizen" },
            "organisations": { "horsens": "990000000006008" },
            "assurances": { "substantial": "substantial", "low": "low" },
            "clients": { "journal": { "role": "gp", "organisation": "990000000012345", "name": "Journal" } },
        });
        settings.as_object_mut().unwrap().extend(json.as_object().unwrap().clone());
        serde_json::from_value(settings).unwrap()
    }

    fn caller(of: Value, claims: Value) -> Result<Caller, String> {
        settings(of).caller(claims.as_object().unwrap()).map_err(|error| error.reason().to_owned())
    }

    const ODDER: &str = "990000000000727";

    #[test]
    fn what_the_table_names_is_a_caller() {
        let claims = json!({ "sub": "u1", "name": "Anna", "org": ODDER, "role": "sp_nurse", "acr": "low" });
        let anna = caller(json!({}), claims).unwrap();
        assert_eq!((anna.role.as_str(), anna.organisation.as_str()), ("nurse", ODDER));
        assert_eq!((anna.assurance, anna.display_name.as_str()), (Assurance::Low, "Anna"));
    }

    #[test]
    fn claims_may_lie_within_each_other_and_be_lists() {
        let names = json!({ "claims": { "role": "realm.roles", "organisation": "https://x.example/unit" } });
        let claims = json!({
            "sub": "u2", "realm": { "roles": ["other", "sp_doctor"] }, "https://x.example/unit": "horsens",
        });
        let doctor = caller(names, claims).unwrap();
        assert_eq!((doctor.role.as_str(), doctor.organisation.as_str()), ("specialist", "990000000006008"));
    }

    #[test]
    fn whom_the_table_does_not_name_is_nobody() {
        let unknown = Err("CALLER_UNKNOWN".to_owned());
        for bad in [
            json!({ "sub": "u1", "org": ODDER }),
            json!({ "sub": "u1", "org": ODDER, "role": "administrator" }),
            json!({ "sub": "u1", "org": ODDER, "role": "service" }),
            json!({ "sub": "u1", "org": ODDER, "role": 7 }),
            json!({ "sub": "u1", "org": ODDER, "role": ["sp_nurse", "sp_doctor"] }),
            json!({ "sub": "u1", "org": "odder", "role": "sp_nurse" }),
            json!({ "sub": "", "org": ODDER, "role": "sp_nurse" }),
            json!({ "sub": "service:wound", "org": ODDER, "role": "sp_nurse" }),
            json!({ "sub": "u1", "role": "sp_self" }),
            json!({ "sub": "u1", "role": "sp_self", "patient": "0101011234" }),
            json!({ "org": ODDER, "role": "sp_nurse" }),
            // A person may not be called what a program is.
            json!({ "sub": "journal", "client_id": "web" }),
            json!({ "sub": "other", "client_id": "other" }),
        ] {
            assert_eq!(caller(json!({}), bad.clone()).map(|_| ()), unknown, "{bad}");
        }
    }

    #[test]
    fn a_program_is_what_its_line_says() {
        let claims = json!({ "sub": "journal", "client_id": "journal", "role": "sp_nurse" });
        assert_eq!(caller(json!({}), claims).unwrap().role, "gp");
    }

    #[test]
    fn a_citizen_is_one_patient_and_of_no_organisation() {
        let patient = "0191e7c0-0000-7000-8000-000000000001";
        let claims = json!({ "sub": "c1", "role": "sp_self", "patient": patient, "org": ODDER });
        let citizen = caller(json!({}), claims).unwrap();
        assert_eq!((citizen.patient, citizen.organisation.as_str()), (Some(patient.parse().unwrap()), ""));
        // And nobody else is a patient.
        let nurse = json!({ "sub": "u1", "role": "sp_nurse", "patient": patient, "org": ODDER });
        assert_eq!(caller(json!({}), nurse).unwrap().patient, None);
    }

    #[test]
    fn two_providers_may_have_the_same_subject() {
        let claims = json!({ "sub": "u1", "org": ODDER, "role": "sp_nurse" });
        assert_eq!(caller(json!({ "name": "mitid" }), claims).unwrap().person, "mitid:u1");
    }

    #[test]
    fn less_assurance_than_is_asked_for_is_refused() {
        let least = json!({ "least_assurance": "substantial" });
        for (acr, passes) in [("substantial", true), ("low", false), ("unheard", false)] {
            let claims = json!({ "sub": "u1", "org": ODDER, "role": "sp_nurse", "acr": acr });
            let told = caller(least.clone(), claims).map(|_| ());
            assert_eq!(told, if passes { Ok(()) } else { Err("ASSURANCE_TOO_LOW".to_owned()) }, "{acr}");
        }
    }

    #[test]
    fn settings_that_would_let_the_wrong_in_are_refused() {
        let refused = |json: Value| settings(json).check().unwrap_err().to_string();
        assert!(settings(json!({})).check().is_ok());
        assert!(settings(json!({ "issuer": "http://127.0.0.1:9" })).check().is_ok());
        assert!(refused(json!({ "issuer": "http://login.example" })).contains("not https"));
        assert!(refused(json!({ "algorithms": ["HS256"] })).contains("HS256"));
        assert!(refused(json!({ "algorithms": [] })).contains("none"));
        assert!(refused(json!({ "skew_seconds": 121 })).contains("120"));
        assert!(refused(json!({ "roles": { "x": "service" } })).contains("between our services"));
        assert!(refused(json!({ "roles": { "x": "nurs" } })).contains("nurs"));
        assert!(refused(json!({ "organisations": { "x": "12" } })).contains("12"));
    }
}
