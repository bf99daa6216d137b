//! What other services' events do here.

mod presence;
mod referral;

pub(crate) use presence::Presences;
pub(crate) use referral::Referrals;
