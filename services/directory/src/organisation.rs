//! Organisations that take part in treatment.

use chrono::{DateTime, Utc};
use samspil_proto::directory::v1::OrganisationKind;
use uuid::Uuid;

pub(crate) mod act;
pub(crate) mod rpc;
pub(crate) mod sql;

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Organisation {
    /// The SOR code, 11 to 18 digits.
    pub sor: String,
    /// What a person reads.
    pub display_name: String,
    /// 13 digits, or empty.
    pub gln: String,
    /// What kind it is.
    pub kind: OrganisationKind,
    /// Four digits, or empty.
    pub municipality_code: String,
    /// When it was last changed.
    pub update_time: DateTime<Utc>,
}

/// Why an organisation cannot be as it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// A municipality's nursing has to say which municipality.
    MunicipalityMissing,
    /// A hospital lies in no municipality. With a code it would have to do with everybody who lives there.
    MunicipalityOfAHospital,
}

impl Organisation {
    /// Checks what the contract says in words.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match (self.kind, self.municipality_code.is_empty()) {
            (OrganisationKind::Municipality, true) => Err(Refusal::MunicipalityMissing),
            (OrganisationKind::Hospital, false) => Err(Refusal::MunicipalityOfAHospital),
            _ => Ok(()),
        }
    }
}

/// A SOR code as the id of a page's last row, which is sixteen bytes long: its length, then its number.
pub(crate) fn page_id(sor: &str) -> Uuid {
    let number: u64 = sor.parse().unwrap_or_default();
    Uuid::from_u64_pair(sor.len() as u64, number)
}

/// The SOR code again.
pub(crate) fn sor_of(page_id: Uuid) -> String {
    let (len, number) = page_id.as_u64_pair();
    // A token is not signed: a made-up one gives an empty page, not a huge text.
    format!("{number:0len$}", len = len.min(18) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organisation(kind: OrganisationKind, municipality_code: &str) -> Organisation {
        Organisation {
            sor: "990000000000766".to_owned(),
            display_name: "Hjemmesygeplejen".to_owned(),
            gln: String::new(),
            kind,
            municipality_code: municipality_code.to_owned(),
            update_time: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_hospital_lies_in_no_municipality_and_a_municipality_in_its_own() {
        use OrganisationKind::{GeneralPractice, Hospital, Municipality};
        assert_eq!(organisation(Municipality, "0766").check(), Ok(()));
        assert_eq!(organisation(Municipality, "").check(), Err(Refusal::MunicipalityMissing));
        assert_eq!(organisation(Hospital, "").check(), Ok(()));
        assert_eq!(organisation(Hospital, "0766").check(), Err(Refusal::MunicipalityOfAHospital));
        assert_eq!(organisation(GeneralPractice, "0766").check(), Ok(()));
        assert_eq!(organisation(GeneralPractice, "").check(), Ok(()));
    }

    #[test]
    fn a_sor_code_survives_a_page_token() {
        for sor in
            ["00000000000", "00000000001", "99999999999", "990000000000766", "999999999999999999", "000000000000000000"]
        {
            assert_eq!(sor_of(page_id(sor)), sor);
        }
        assert_eq!(sor_of(Uuid::max()).len(), 20);
    }
}
