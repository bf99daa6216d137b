//! Who has to do with a citizen.
//!
//! What decides is [`samspil_kit::access`], as in every service. Here it gets the facts as they are, and one more: the citizen's
//! own municipality has to come first, since its nurse registers the citizen before there is any consent to stand on.

pub(crate) mod act;
pub(crate) mod explain;
pub(crate) mod sql;

/// Whether an organisation's municipality is that of a citizen. An organisation without one, such as a hospital, lies in none.
pub(crate) fn lies_in(organisation: &str, citizen: &str) -> bool {
    !organisation.is_empty() && organisation == citizen
}

#[cfg(test)]
mod tests {
    use super::lies_in;

    #[test]
    fn no_municipality_is_not_the_same_municipality() {
        assert!(lies_in("0766", "0766"));
        for (organisation, citizen) in [("0727", "0766"), ("", ""), ("", "0766"), ("0766", "")] {
            assert!(!lies_in(organisation, citizen), "{organisation:?} {citizen:?}");
        }
    }
}
