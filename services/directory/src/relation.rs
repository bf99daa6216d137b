//! Who has to do with a citizen.
//!
//! The other services ask only for a consent. Here, where a consent is recorded, the citizen's own municipality has to come
//! first: its nurse registers the citizen before there is any consent to stand on.

pub(crate) mod act;
pub(crate) mod sql;

/// What a caller's organisation stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    /// It is another service of this installation.
    Service,
    /// It lies in the municipality where the citizen lives.
    Municipality,
    /// A consent that stands covers it.
    Consent,
}

/// What decides it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// The caller is a service.
    pub service: bool,
    /// The municipality of the caller's organisation, or empty.
    pub organisation_municipality: String,
    /// The municipality where the citizen lives. Empty when there is no such citizen.
    pub citizen_municipality: String,
    /// A consent that stands covers the organisation.
    pub consented: bool,
}

impl Facts {
    /// The strongest relation that there is, if there is one.
    pub(crate) fn relation(&self) -> Option<Relation> {
        if self.service {
            Some(Relation::Service)
        } else if lies_in(&self.organisation_municipality, &self.citizen_municipality) {
            Some(Relation::Municipality)
        } else {
            self.consented.then_some(Relation::Consent)
        }
    }
}

/// Whether an organisation's municipality is that of a citizen. An organisation without one, such as a hospital, lies in none.
pub(crate) fn lies_in(organisation: &str, citizen: &str) -> bool {
    !organisation.is_empty() && organisation == citizen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(organisation: &str, citizen: &str, consented: bool) -> Facts {
        Facts {
            service: false,
            organisation_municipality: organisation.to_owned(),
            citizen_municipality: citizen.to_owned(),
            consented,
        }
    }

    #[test]
    fn the_own_municipality_or_a_consent_is_a_relation() {
        assert_eq!(facts("0766", "0766", false).relation(), Some(Relation::Municipality));
        assert_eq!(facts("0766", "0766", true).relation(), Some(Relation::Municipality));
        assert_eq!(facts("0727", "0766", true).relation(), Some(Relation::Consent));
        assert_eq!(facts("0727", "0766", false).relation(), None);
    }

    #[test]
    fn no_municipality_is_not_the_same_municipality() {
        assert_eq!(facts("", "", false).relation(), None);
        assert_eq!(facts("", "0766", false).relation(), None);
        assert_eq!(facts("0766", "", false).relation(), None);
    }

    #[test]
    fn a_service_needs_nothing_else() {
        assert_eq!(Facts { service: true, ..Facts::default() }.relation(), Some(Relation::Service));
    }
}
