//! What a signed answer asks of whom.

use chrono::{DateTime, TimeDelta, Utc};
use samspil_proto::{careplan::v1::ActivityKind, wound::v1::Answer};

use crate::activity::Owner;

/// When the next photos are due, in days from the signature, where the specialist names no other number. The telemedical
/// follow-up of a wound goes by fortnights.
const NEXT_PHOTO_DAYS: i32 = 14;

/// The line of the activity that calls the patient in.
const CALL_IN: i32 = -1;

/// The line of the next photos. The lines of the specialist's plan count from 1.
const NEXT_PHOTO: i32 = 0;

/// One thing that an answer asks for.
#[derive(Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Which one of its answer, for good.
    pub line: i32,
    /// What kind.
    pub kind: ActivityKind,
    /// Who is to do it.
    pub owner: Owner,
    /// What is to be done, in words.
    pub description: String,
    /// By when.
    pub due: Option<DateTime<Utc>>,
}

/// Everything that an answer asks for: each line of its plan and the next photos of who asked, and the calling in, if that is
/// wanted, of who answered.
pub fn proposals(answer: &Answer, signed: DateTime<Utc>, requester: &Owner, receiver: &Owner) -> Vec<Proposal> {
    let after = |days: i32| signed + TimeDelta::days(days.into());
    let line = |(line, text): (i32, &samspil_proto::wound::v1::PlanLine)| Proposal {
        line,
        kind: ActivityKind::WoundCare,
        owner: requester.clone(),
        description: text.text.clone(),
        due: (text.due_days > 0).then(|| after(text.due_days)),
    };
    let call_in = answer.call_in.then(|| Proposal {
        line: CALL_IN,
        kind: ActivityKind::CallIn,
        owner: receiver.clone(),
        description: "Call the patient in".to_owned(),
        due: None,
    });
    let days = if answer.next_photo_days > 0 { answer.next_photo_days } else { NEXT_PHOTO_DAYS };
    let next_photo = Proposal {
        line: NEXT_PHOTO,
        kind: ActivityKind::NextPhoto,
        owner: requester.clone(),
        description: "Photograph the wound".to_owned(),
        due: Some(after(days)),
    };
    (1..).zip(&answer.plan).map(line).chain(call_in).chain([next_photo]).collect()
}

#[cfg(test)]
mod tests {
    use samspil_proto::{directory::v1::OrganisationKind, wound::v1::PlanLine};

    use super::*;

    fn signed() -> DateTime<Utc> {
        "2026-11-18T14:00:00Z".parse().unwrap()
    }

    fn of(answer: &Answer) -> Vec<(i32, ActivityKind, String, String, Option<i64>)> {
        let days = |due: DateTime<Utc>| (due - signed()).num_days();
        let owner = |sor: &str, kind| Owner { sor: sor.to_owned(), kind };
        let nurse = owner("nurse", OrganisationKind::Municipality);
        proposals(answer, signed(), &nurse, &owner("hospital", OrganisationKind::Hospital))
            .into_iter()
            .map(|p| (p.line, p.kind, p.owner.sor, p.description, p.due.map(days)))
            .collect()
    }

    #[test]
    fn an_answer_without_a_plan_asks_for_photos_in_a_fortnight() {
        let photos = (0, ActivityKind::NextPhoto, "nurse".to_owned(), "Photograph the wound".to_owned(), Some(14));
        assert_eq!(of(&Answer::default()), [photos]);
    }

    #[test]
    fn every_line_is_asked_of_the_municipality_and_the_calling_in_of_the_hospital() {
        let line = |text: &str, due_days| PlanLine { text: text.to_owned(), due_days };
        let plan = vec![line("clean daily", 0), line("change the compression", 3)];
        let answer = Answer { plan, next_photo_days: 7, call_in: true, ..Answer::default() };
        let nurse = || "nurse".to_owned();
        assert_eq!(
            of(&answer),
            [
                (1, ActivityKind::WoundCare, nurse(), "clean daily".to_owned(), None),
                (2, ActivityKind::WoundCare, nurse(), "change the compression".to_owned(), Some(3)),
                (-1, ActivityKind::CallIn, "hospital".to_owned(), "Call the patient in".to_owned(), None),
                (0, ActivityKind::NextPhoto, nurse(), "Photograph the wound".to_owned(), Some(7)),
            ]
        );
    }
}
