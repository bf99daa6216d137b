//! The eighteen user stories of MedCom's model of referrals, each under its number.

mod receiver;
mod referrer;
mod talk;
