//! What comes after the decision: the appointment, the discharge letter, the wound; attachments; the patient's death.

use chrono::{DateTime, Utc};
use samspil_kit::Error;
use samspil_proto::{
    common::v1::{Actor, ClockChanged, ClockState},
    referral::v1::{
        Booking, BookingCancelled, DischargeLetter, ReferralBooked, ReferralCompleted, ReferralWithdrawn,
        ReferralWoundOpened,
    },
    time,
};

use super::{
    By, Reason, Referral,
    history::Said,
    state::{self, Verb},
};

/// Why what was on its way ends, when the patient has died.
const DECEASED: &str = "DECEASED";

impl Referral {
    /// Gives the patient an appointment, in place of the one before.
    pub(super) fn book(&mut self, booking: Booking, by: &By) -> Result<ReferralBooked, Error> {
        let stage = self.may(Verb::Book, by.organisation())?;
        let begins = booking.start_time.as_ref().and_then(time::from_wire);
        if begins.is_none_or(|begins| begins < by.at) {
            return Err(Error::invalid("booking.start_time", "referral", "must not lie in the past"));
        }
        let start_time = booking.start_time;
        self.body.booking = Some(Booking {
            booked_by: Some(by.actor.clone()),
            book_time: Some(time::to_wire(by.at)),
            ..booking
        });
        self.reach(stage, Verb::Book, by, Said::default());
        Ok(ReferralBooked { start_time })
    }

    /// Takes the appointment back.
    pub(super) fn cancel_booking(&mut self, reason: String, by: &By) -> Result<BookingCancelled, Error> {
        let stage = self.may(Verb::CancelBooking, by.organisation())?;
        if self.body.booking.take().is_none() {
            return Err(Reason::NothingBooked.into());
        }
        self.reach(stage, Verb::CancelBooking, by, Said::words(reason));
        Ok(BookingCancelled {})
    }

    /// Ends it with a discharge letter.
    pub(super) fn complete(
        &mut self,
        text: String,
        attachments: Vec<String>,
        by: &By,
    ) -> Result<ReferralCompleted, Error> {
        let stage = self.may(Verb::Complete, by.organisation())?;
        self.body.discharge_letter = Some(DischargeLetter {
            text,
            signed_by: Some(by.actor.clone()),
            sign_time: Some(time::to_wire(by.at)),
            attachments,
        });
        self.reach(stage, Verb::Complete, by, Said::default());
        Ok(ReferralCompleted {
            sender: self.body.sender.clone(),
            receiver: self.body.receiver.clone(),
            wound: self.body.wound.clone(),
        })
    }

    /// Something that was announced in time is stored. Ended or not since then, it belongs to the referral.
    pub(crate) fn attached(&mut self, by: &By) {
        self.write_down(Verb::Attach.name(), by, Said::default());
    }

    /// A wound was opened for it. `None` when it has one.
    pub(crate) fn tie(&mut self, wound: &str, at: DateTime<Utc>) -> Option<ReferralWoundOpened> {
        if !self.body.wound.is_empty() {
            return None;
        }
        wound.clone_into(&mut self.body.wound);
        self.touch(at);
        Some(ReferralWoundOpened { wound: wound.to_owned() })
    }

    /// The patient has died. `None` when it had ended before.
    pub(crate) fn die(&mut self, at: DateTime<Utc>) -> Option<(Option<ClockChanged>, ReferralWithdrawn)> {
        let stage = state::after(self.stage, Verb::Die)?;
        let rule = self.rule().0;
        let stopped = self.clock.take().map(|clock| ClockChanged {
            clock: rule.to_owned(),
            state: ClockState::Stopped.into(),
            reason: DECEASED.to_owned(),
            due_time: Some(time::to_wire(clock.due())),
        });
        let actor = Actor { person: "service:referral".to_owned(), ..Actor::default() };
        self.reach(stage, Verb::Die, &By { actor, at }, Said::words(DECEASED));
        Some((stopped, ReferralWithdrawn { cause: DECEASED.to_owned() }))
    }
}
