//! Which permission a method needs, from the contract; which role carries it, from data.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use prost_reflect::{MethodDescriptor, Value};

use crate::Caller;

/// A role's name, as tokens carry it.
pub type Role = String;

/// A permission's name in the contract, without its prefix, such as `WOUND_READ`.
pub type Permission = String;

static ROLES: LazyLock<HashMap<Role, HashSet<Permission>>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/roles.json")).expect("roles.json is part of the build")
});

/// The methods of the contract by path, such as `/samspil.wound.v1.WoundService/GetWound`.
static METHODS: LazyLock<HashMap<String, Method>> = LazyLock::new(|| {
    let ours = samspil_proto::descriptors().services().flat_map(|service| service.methods().collect::<Vec<_>>());
    let mut methods: HashMap<_, _> = ours
        .map(|method| {
            let name = format!("{}/{}", method.parent_service().full_name(), method.name());
            let streams = method.is_client_streaming() || method.is_server_streaming();
            let answers_stream = method.is_server_streaming();
            let endless = method.name().starts_with("Watch") || name == EVENT_LOG;
            let permission = permission(&method);
            (format!("/{name}"), Method { name: name.leak(), permission, streams, answers_stream, endless })
        })
        .collect();
    // Not of this contract: OpenTelemetry's, for the spans of clients.
    let export = "opentelemetry.proto.collector.trace.v1.TraceService/Export";
    methods.insert(
        format!("/{export}"),
        Method {
            name: export,
            permission: Some("TRACE_WRITE".to_owned()),
            streams: false,
            answers_stream: false,
            endless: false,
        },
    );
    methods
});

/// A method of the contract.
#[derive(Debug, Clone)]
pub struct Method {
    /// `samspil.wound.v1.WoundService/GetWound`.
    pub name: &'static str,
    /// The permission that it needs. `None` closes it.
    pub permission: Option<Permission>,
    /// It streams in at least one direction, so that it has no deadline of the server's.
    pub streams: bool,
    /// It answers with a stream.
    pub answers_stream: bool,
    /// With one that never ends by itself, and goes on elsewhere from a cursor.
    pub endless: bool,
}

/// What followers read.
const EVENT_LOG: &str = "samspil.event.v1.EventLogService/Read";

/// The method at a path.
pub fn method(path: &str) -> Option<&'static Method> {
    METHODS.get(path)
}

/// Whether a role carries a permission.
pub fn carries(role: &str, permission: &str) -> bool {
    ROLES.get(role).is_some_and(|permissions| permissions.contains(permission))
}

/// Whether a caller may do what a permission is for: by the role, and for a service also by its own name (`service:careplan`),
/// since what one service has to read by itself is nothing for the others.
pub fn may(caller: &Caller, permission: &str) -> bool {
    carries(&caller.role, permission) || (caller.is_service() && carries(&caller.person, permission))
}

/// Whether there is such a role.
pub fn is_role(role: &str) -> bool {
    ROLES.contains_key(role)
}

fn permission(method: &MethodDescriptor) -> Option<Permission> {
    let pool = method.parent_pool();
    let extension = pool.get_extension_by_name("samspil.options.v1.permission")?;
    let options = method.options();
    let Value::EnumNumber(number) = *options.get_extension(&extension) else { return None };
    let name = extension.kind().as_enum()?.get_value(number).filter(|_| number != 0)?.name().to_owned();
    name.strip_prefix("PERMISSION_").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_of_the_contract_names_its_permission() {
        assert!(METHODS.len() > 40);
        for method in METHODS.values() {
            assert!(method.permission.is_some(), "{} names no permission", method.name);
        }
    }

    #[test]
    fn every_stream_of_answers_is_a_watch_a_transfer_or_the_event_log() {
        let (mut endless, mut transfers) = (0, 0);
        for method in METHODS.values().filter(|method| method.answers_stream) {
            let verb = method.name.split_once('/').unwrap().1;
            if method.endless {
                endless += 1;
            } else {
                transfers += 1;
                assert!(verb.starts_with("Upload") || verb.starts_with("Download"), "{}", method.name);
            }
        }
        assert_eq!((endless, transfers), (5, 4));
    }

    #[test]
    fn what_one_service_reads_by_itself_is_nothing_for_another() {
        let service =
            |name: &str| Caller { person: format!("service:{name}"), role: "service".to_owned(), ..Caller::default() };
        assert!(may(&service("careplan"), "WOUND_READ") && may(&service("careplan"), "EVENT_READ"));
        assert!(!may(&service("directory"), "WOUND_READ") && may(&service("directory"), "EVENT_READ"));
        let person = Caller { person: "service:careplan".to_owned(), role: "nurse".to_owned(), ..Caller::default() };
        assert!(!may(&person, "EVENT_READ"));
    }

    #[test]
    fn every_permission_of_a_role_is_one_of_the_contract() {
        let known = samspil_proto::descriptors().get_enum_by_name("samspil.options.v1.Permission").unwrap();
        for permission in ROLES.values().flatten() {
            assert!(known.get_value_by_name(&format!("PERMISSION_{permission}")).is_some(), "{permission}");
        }
    }
}
