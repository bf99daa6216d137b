//! Which tokens are no longer good since their person has signed out.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use samspil_store::sign_outs::SignOut;
use tokio::sync::watch;

/// What a token tells of the sign-in that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The provider.
    pub issuer: String,
    /// Whom, as the provider calls them.
    pub subject: String,
    /// The provider's session, where the token names it.
    pub session: Option<String>,
    /// When the token was given out, where it says so.
    pub issued: Option<DateTime<Utc>>,
}

/// Who has signed out. A clone is the same.
#[derive(Clone)]
pub struct SignOuts(watch::Sender<Arc<Known>>);

/// What is known, as it was read and as it is looked up.
#[derive(Default)]
pub(crate) struct Known {
    told: Vec<SignOut>,
    /// By provider and session.
    sessions: HashSet<(String, String)>,
    /// By provider and subject.
    subjects: HashMap<(String, String), Vec<SignOut>>,
}

impl Default for SignOuts {
    fn default() -> SignOuts {
        SignOuts(watch::Sender::new(Arc::default()))
    }
}

impl SignOuts {
    /// Takes the place of what was known, and wakes who holds a stream open when it is something else.
    pub(crate) fn set(&self, told: Vec<SignOut>) {
        self.0.send_if_modified(|known| {
            let changed = known.told != told;
            if changed {
                *known = Arc::new(Known::of(told));
            }
            changed
        });
    }

    /// Wakes when something else is known.
    pub(crate) fn changes(&self) -> watch::Receiver<Arc<Known>> {
        self.0.subscribe()
    }

    /// Whether the sign-in that a token comes from is over.
    pub fn has_ended(&self, token: &Session) -> bool {
        let known = self.0.borrow().clone();
        let of = |what: &str| (token.issuer.clone(), what.to_owned());
        if token.session.as_ref().is_some_and(|session| known.sessions.contains(&of(session))) {
            return true;
        }
        let told = known.subjects.get(&of(&token.subject));
        told.into_iter().flatten().any(|told| {
            // Another session of the same person goes on, as far as the token tells which one it is of.
            let of_another = token.session.as_ref().is_some_and(|own| !told.session.is_empty() && *own != told.session);
            !of_another && token.issued.is_none_or(|issued| issued <= told.time)
        })
    }
}

impl Known {
    fn of(told: Vec<SignOut>) -> Known {
        let mut known = Known { told: told.clone(), ..Known::default() };
        for one in told {
            if !one.session.is_empty() {
                known.sessions.insert((one.issuer.clone(), one.session.clone()));
            }
            if !one.subject.is_empty() {
                known.subjects.entry((one.issuer.clone(), one.subject.clone())).or_default().push(one);
            }
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    fn told(subject: &str, session: &str) -> SignOut {
        SignOut {
            issuer: "https://one".to_owned(),
            statement: "1".to_owned(),
            subject: subject.to_owned(),
            session: session.to_owned(),
            time: at(0),
            until: at(3600),
        }
    }

    fn token(issuer: &str, subject: &str, session: Option<&str>, issued: Option<i64>) -> Session {
        Session {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            session: session.map(str::to_owned),
            issued: issued.map(at),
        }
    }

    #[test]
    fn a_token_from_before_is_over_and_another_person_s_or_a_later_one_is_not() {
        let sign_outs = SignOuts::default();
        let before = token("https://one", "anna", None, Some(-5));
        assert!(!sign_outs.has_ended(&before));
        sign_outs.set(vec![told("anna", "")]);
        for over in
            [before, token("https://one", "anna", Some("s1"), Some(0)), token("https://one", "anna", None, None)]
        {
            assert!(sign_outs.has_ended(&over), "{over:?}");
        }
        for good in [
            token("https://one", "anna", None, Some(1)),
            token("https://one", "bo", None, Some(-5)),
            token("https://two", "anna", None, Some(-5)),
        ] {
            assert!(!sign_outs.has_ended(&good), "{good:?}");
        }
    }

    #[test]
    fn one_session_of_several_is_over_where_tokens_tell_which_they_are_of() {
        let sign_outs = SignOuts::default();
        sign_outs.set(vec![told("anna", "s1")]);
        assert!(sign_outs.has_ended(&token("https://one", "anna", Some("s1"), Some(5))), "renewed since");
        assert!(!sign_outs.has_ended(&token("https://one", "anna", Some("s2"), Some(-5))));
        assert!(sign_outs.has_ended(&token("https://one", "anna", None, Some(-5))), "it does not tell, so it counts");
        sign_outs.set(vec![told("", "s1")]);
        assert!(sign_outs.has_ended(&token("https://one", "anna", Some("s1"), Some(-5))));
        assert!(!sign_outs.has_ended(&token("https://one", "anna", None, Some(-5))));
        sign_outs.set(vec![]);
        assert!(!sign_outs.has_ended(&token("https://one", "anna", Some("s1"), Some(-5))));
    }
}
