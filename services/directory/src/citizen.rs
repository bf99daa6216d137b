//! Citizens, without the number that others know them by.

use chrono::{DateTime, Utc};
use samspil_proto::directory::v1::Presence;
use uuid::Uuid;

use crate::person_number::Kind;

pub(crate) mod act;
pub(crate) mod rpc;
pub(crate) mod sealing;
pub(crate) mod sql;

/// A citizen.
#[derive(Clone)]
pub(crate) struct Citizen {
    /// An id that says nothing about the person.
    pub patient: Uuid,
    /// The citizen's name.
    pub display_name: String,
    /// The municipality of residence, four digits.
    pub municipality_code: String,
    /// What is told of the numbers that the citizen is registered under.
    pub numbers: Vec<NumberTold>,
    /// When the citizen was registered.
    pub create_time: DateTime<Utc>,
    /// Where the citizen is.
    pub presence: Presence,
    /// Since when.
    pub presence_time: Option<DateTime<Utc>>,
}

/// What is told of a number: not the number.
#[derive(Clone)]
pub(crate) struct NumberTold {
    /// Its kind.
    pub kind: Kind,
    /// The date of birth that it tells, or empty.
    pub birth_date: String,
}

impl Citizen {
    /// The kinds of number that the citizen is registered under, each once.
    pub(crate) fn kinds(&self) -> Vec<Kind> {
        let mut kinds: Vec<_> = self.numbers.iter().map(|number| number.kind).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }

    /// The date of birth. CPR knows it better than a replacement number, whose date may be guessed.
    pub(crate) fn birth_date(&self) -> String {
        let telling = self.numbers.iter().filter(|number| !number.birth_date.is_empty());
        telling.min_by_key(|number| number.kind).map(|number| number.birth_date.clone()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn citizen(numbers: &[(Kind, &str)]) -> Citizen {
        let told = |(kind, birth_date): &(Kind, &str)| NumberTold { kind: *kind, birth_date: (*birth_date).to_owned() };
        Citizen {
            patient: Uuid::nil(),
            display_name: String::new(),
            municipality_code: "0766".to_owned(),
            numbers: numbers.iter().map(told).collect(),
            create_time: DateTime::UNIX_EPOCH,
            presence: Presence::Unspecified,
            presence_time: None,
        }
    }

    #[test]
    fn cpr_knows_the_date_of_birth_better_than_a_replacement_number() {
        let both = citizen(&[(Kind::DeCpr, "1945-01-01"), (Kind::Cpr, "1945-02-03")]);
        assert_eq!(both.birth_date(), "1945-02-03");
        assert_eq!(both.kinds(), [Kind::Cpr, Kind::DeCpr]);
        assert_eq!(citizen(&[(Kind::XeCpr, ""), (Kind::DeCpr, "1945-01-01")]).birth_date(), "1945-01-01");
        assert_eq!(citizen(&[(Kind::XeCpr, "")]).birth_date(), "");
    }

    #[test]
    fn a_kind_is_told_once() {
        assert_eq!(citizen(&[(Kind::Cpr, "1945-02-03"), (Kind::Cpr, "1945-02-03")]).kinds(), [Kind::Cpr]);
    }
}
