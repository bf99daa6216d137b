//! Whose token it is, and what it says.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use samspil_store::sign_outs::SignOut;
use serde::Deserialize;

use super::{
    AUDIENCE, Caller, Provider, Session, SignOuts,
    issuer::{BUILT_IN, Claims, INTERNAL},
};
use crate::{Clock, Error, common::Common};

/// Verifies tokens: of the providers that are configured, of our services, and of made-up people where those are let in.
#[derive(Clone)]
pub struct Verifier {
    kid: String,
    key: Arc<DecodingKey>,
    clock: Clock,
    made_up: bool,
    providers: Arc<[Provider]>,
    sign_outs: SignOuts,
}

/// What a good token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Who calls.
    pub caller: Caller,
    /// When the token is no longer good.
    pub until: DateTime<Utc>,
    /// The sign-in at a provider that it comes from. None for a token of ours.
    pub session: Option<Session>,
}

/// The most bytes of a token: far more than any provider sends, far less than what is work to read.
const TOKEN: usize = 8 * 1024;

impl Verifier {
    pub(super) fn of(kid: &str, public: &[u8], clock: Clock) -> Verifier {
        let key = Arc::new(DecodingKey::from_ed_der(public));
        Verifier {
            kid: kid.to_owned(),
            key,
            clock,
            made_up: true,
            providers: Arc::new([]),
            sign_outs: SignOuts::default(),
        }
    }

    /// Takes the tokens of these providers, and no longer those of made-up people.
    #[must_use]
    pub fn with_providers(self, providers: Vec<Provider>) -> Verifier {
        Verifier { made_up: false, providers: providers.into(), ..self }
    }

    /// Whether made-up people are let in.
    pub(crate) fn is_for_trying_out(&self) -> bool {
        self.made_up
    }

    /// The clock that tokens are held against.
    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Who a token says is calling.
    ///
    /// # Errors
    /// `TOKEN_EXPIRED`, `TOKEN_REVOKED` after its person has signed out, or `TOKEN_INVALID` for everything else that is wrong with it; for
    /// a provider's, as its [`Settings`](super::Settings) have it.
    pub async fn verify(&self, token: &str) -> Result<Verified, Error> {
        let issuer = issuer(token).ok_or(Common::TokenInvalid)?;
        match self.providers.iter().find(|provider| provider.issuer() == issuer) {
            Some(provider) => {
                let verified = provider.verify(token).await?;
                let over = verified.session.as_ref().is_some_and(|session| self.sign_outs.has_ended(session));
                if over { Err(Common::TokenRevoked.into()) } else { Ok(verified) }
            }
            None => self.own(&issuer, AUDIENCE, token),
        }
    }

    /// Whom a provider's logout token tells to have signed out.
    ///
    /// # Errors
    /// `TOKEN_INVALID`, `TOKEN_EXPIRED`, `IDENTITY_UNAVAILABLE`.
    pub async fn signed_out(&self, token: &str) -> Result<SignOut, Error> {
        let issuer = issuer(token).ok_or(Common::TokenInvalid)?;
        let provider = self.providers.iter().find(|provider| provider.issuer() == issuer);
        provider.ok_or(Common::TokenInvalid)?.signed_out(token).await
    }

    /// Who has signed out, as far as is known.
    pub(crate) fn sign_outs(&self) -> &SignOuts {
        &self.sign_outs
    }

    /// Whether anybody outside of us says who somebody is.
    pub(crate) fn has_providers(&self) -> bool {
        !self.providers.is_empty()
    }

    /// Which of our services a token says is calling.
    ///
    /// # Errors
    /// As [`Verifier::verify`]; `TOKEN_INVALID` for the token of a person.
    pub fn verify_service(&self, token: &str) -> Result<Caller, Error> {
        Ok(self.own(INTERNAL, AUDIENCE, token)?.caller)
    }

    /// Whom a made-up person's token of another audience is about.
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub fn verify_for(&self, audience: &str, token: &str) -> Result<Caller, Error> {
        Ok(self.own(BUILT_IN, audience, token)?.caller)
    }

    fn own(&self, issuer: &str, audience: &str, token: &str) -> Result<Verified, Error> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Common::TokenInvalid)?;
        if header.kid.as_ref() != Some(&self.kid) {
            return Err(Common::TokenInvalid.into());
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // By our own clock below, so that a test can move it.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.key, &validation);
        let claims = claims.map_err(|_| Common::TokenInvalid)?.claims;
        let until = DateTime::<Utc>::from_timestamp(claims.exp, 0).ok_or(Common::TokenInvalid)?;
        let caller = Caller {
            person: claims.sub,
            display_name: claims.name,
            organisation: claims.org,
            role: claims.role,
            assurance: claims.assurance,
            patient: claims.patient,
            via: String::new(),
        };
        let lawful = match issuer {
            INTERNAL => caller.is_service(),
            BUILT_IN => self.made_up && !caller.is_service(),
            _ => false,
        };
        if !lawful {
            return Err(Common::TokenInvalid.into());
        }
        if until <= self.clock.now() {
            return Err(Common::TokenExpired.into());
        }
        Ok(Verified { caller, until, session: None })
    }
}

/// What a token says of its issuer, before anything of it is believed: it only tells which key it has to be verified with.
fn issuer(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Told {
        iss: String,
    }
    if token.len() > TOKEN {
        return None;
    }
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    Some(serde_json::from_slice::<Told>(&claims).ok()?.iss)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::super::{Issuer, demo};
    use super::*;

    fn nurse() -> Caller {
        demo::people().remove(0).1
    }

    async fn refused(verifier: &Verifier, token: &str) -> &'static str {
        verifier.verify(token).await.unwrap_err().reason()
    }

    #[tokio::test]
    async fn a_token_says_who_calls_until_it_expires() {
        let clock = Clock::at(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let issuer = Issuer::fresh(clock.clone()).unwrap();
        let token = issuer.sign(&nurse(), TimeDelta::hours(1)).unwrap();
        let verified = issuer.verifier().verify(&token).await.unwrap();
        assert_eq!(verified, Verified { caller: nurse(), until: clock.now() + TimeDelta::hours(1), session: None });
        clock.advance(TimeDelta::hours(1));
        assert_eq!(refused(&issuer.verifier(), &token).await, "TOKEN_EXPIRED");
    }

    #[tokio::test]
    async fn a_token_is_good_for_its_own_audience_alone() {
        let issuer = Issuer::fresh(Clock::system()).unwrap();
        let (ours, other) =
            (issuer.sign(&nurse(), TimeDelta::hours(1)), issuer.sign_for("other", &nurse(), TimeDelta::hours(1)));
        let (ours, other) = (ours.unwrap(), other.unwrap());
        assert_eq!(issuer.verifier().verify_for("other", &other).unwrap(), nurse());
        assert_eq!(refused(&issuer.verifier(), &other).await, "TOKEN_INVALID");
        assert_eq!(issuer.verifier().verify_for("other", &ours).unwrap_err().reason(), "TOKEN_INVALID");
    }

    #[tokio::test]
    async fn a_token_of_another_key_or_none_is_refused() {
        let clock = Clock::system();
        let ours = Issuer::fresh(clock.clone()).unwrap();
        let theirs = Issuer::fresh(clock).unwrap();
        let token = theirs.sign(&nurse(), TimeDelta::hours(1)).unwrap();
        // Theirs, but claiming our key.
        let forged = theirs.clone().named(ours.kid()).sign(&nurse(), TimeDelta::hours(1)).unwrap();
        let unsigned = format!("{}.{}.", "eyJhbGciOiJub25lIn0", token.split('.').nth(1).unwrap());
        for bad in [token.as_str(), &forged, &unsigned, "", "a.b.c", &"a".repeat(TOKEN + 1)] {
            assert_eq!(refused(&ours.verifier(), bad).await, "TOKEN_INVALID", "{bad}");
        }
    }

    #[tokio::test]
    async fn a_service_is_no_person_and_no_person_a_service() {
        let issuer = Issuer::fresh(Clock::system()).unwrap();
        let verifier = issuer.verifier();
        let service = issuer.sign_for_service("wound", TimeDelta::minutes(5)).unwrap();
        let person = issuer.sign(&nurse(), TimeDelta::minutes(5)).unwrap();
        assert_eq!(verifier.verify_service(&service).unwrap().person, "service:wound");
        assert_eq!(verifier.verify_service(&person).unwrap_err().reason(), "TOKEN_INVALID");
        assert_eq!(verifier.verify_for(AUDIENCE, &service).unwrap_err().reason(), "TOKEN_INVALID");
    }

    #[tokio::test]
    async fn made_up_people_are_not_let_in_beside_a_provider() {
        let issuer = Issuer::fresh(Clock::system()).unwrap();
        let verifier = issuer.verifier().with_providers(vec![]);
        let person = issuer.sign(&nurse(), TimeDelta::minutes(5)).unwrap();
        assert_eq!(refused(&verifier, &person).await, "TOKEN_INVALID");
        let service = issuer.sign_for_service("wound", TimeDelta::minutes(5)).unwrap();
        assert_eq!(verifier.verify(&service).await.unwrap().caller.person, "service:wound");
    }
}
