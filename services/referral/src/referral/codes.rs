//! The terminologies that a referral is written in: SNOMED CT and SKS.
//!
//! Whether a code exists, its terminology's server would have to say. What can be told without one is whether it can be a
//! code at all: a slip of a digit in a SNOMED CT identifier shows in its check digit.

use samspil_proto::common::v1::Coding;

/// SNOMED CT, by FHIR's name of it.
pub(super) const SNOMED_CT: &str = "http://snomed.info/sct";

/// SKS, Sundhedsvæsenets Klassifikationssystem, by the name that MedCom gives it in FHIR.
pub(super) const SKS: &str = "urn:oid:1.2.208.176.2.4";

/// What is wrong with a coding. `None` when it can be one.
pub(super) fn wrong(coding: &Coding) -> Option<&'static str> {
    match coding.system.as_str() {
        SNOMED_CT => (!is_snomed(&coding.code)).then_some("must be an identifier of SNOMED CT, with its check digit"),
        SKS => (!is_sks(&coding.code)).then_some("must be a code of SKS: letters and digits, such as ZZ0150A"),
        _ => Some("must be of SNOMED CT (http://snomed.info/sct) or SKS (urn:oid:1.2.208.176.2.4)"),
    }
}

/// 6 to 18 digits whose last one is Verhoeff's check digit.
fn is_snomed(code: &str) -> bool {
    (6..=18).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit()) && verhoeff(code) == 0
}

/// A capital first, at least two characters.
fn is_sks(code: &str) -> bool {
    (2..=15).contains(&code.len())
        && code.bytes().next().is_some_and(|b| b.is_ascii_uppercase())
        && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Verhoeff's sum over a number, 0 when its check digit is right: products in the dihedral group of the pentagon, each
/// digit permuted by its place.
fn verhoeff(digits: &str) -> u8 {
    const PERMUTATION: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    digits.bytes().rev().enumerate().fold(0, |sum, (place, digit)| {
        let permuted = (0..place % 8).fold(digit - b'0', |digit, _| PERMUTATION[usize::from(digit)]);
        product(sum, permuted)
    })
}

/// The product of two elements of the dihedral group: 0 to 4 turn the pentagon, 5 to 9 turn it over too.
fn product(one: u8, other: u8) -> u8 {
    let (a, b) = (one % 5, other % 5);
    match (one < 5, other < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b) % 5 + 5,
        (false, true) => (a + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coding(system: &str, code: &str) -> Coding {
        Coding { system: system.to_owned(), code: code.to_owned(), ..Coding::default() }
    }

    #[test]
    fn codes_of_the_field_are_codes() {
        // Wound assessment, wound care, photography of wound, pressure ulcer, sites, types, trends, the root concept.
        for code in [
            "225395003",
            "225358003",
            "446080005",
            "399912005",
            "84607009",
            "51027004",
            "449746002",
            "723071003",
            "390772001",
            "138875005",
        ] {
            assert_eq!(wrong(&coding(SNOMED_CT, code)), None, "{code}");
        }
        for code in ["ZZ0150A", "ZZ7011", "DL97", "DE115B"] {
            assert_eq!(wrong(&coding(SKS, code)), None, "{code}");
        }
    }

    #[test]
    fn a_slip_of_a_digit_shows() {
        for slip in ["225395004", "225359003", "252395003", "22539500", "2253950033", "ZZ0150A", "", "22539500x"] {
            assert!(wrong(&coding(SNOMED_CT, slip)).is_some(), "{slip}");
        }
        for slip in ["zz0150a", "0150", "Z", "ZZ 0150", ""] {
            assert!(wrong(&coding(SKS, slip)).is_some(), "{slip}");
        }
    }

    #[test]
    fn another_terminology_is_refused() {
        for system in ["http://loinc.org", "SKS", "http://snomed.info/sct/", ""] {
            assert!(wrong(&coding(system, "225395003")).is_some(), "{system}");
        }
    }
}
