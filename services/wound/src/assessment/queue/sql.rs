//! The statement of the queue, led by the filter that has an index of its own.

use chrono::{DateTime, Utc};
use samspil_kit::paging::{Page, Position};
use samspil_store::{Tx, open_to, sql};
use uuid::Uuid;

use super::super::Assessment;

/// Which part of an organisation's queue. What is 0 or empty picks nothing out.
pub(super) struct Part<'a> {
    /// SOR code.
    pub receiver: &'a str,
    pub state: i32,
    pub stage: i32,
    /// SOR code.
    pub requester: &'a str,
    pub wound_type: i32,
    pub priority: i32,
    /// Whose claim it is under.
    pub holder: &'a str,
    /// Who asks: some patients have blocked somebody.
    pub person: &'a str,
    pub now: DateTime<Utc>,
}

impl Part<'_> {
    /// Whether it is of those that wait for an answer.
    fn is_open(&self) -> bool {
        (0..=3).contains(&self.state)
    }
}

/// The soonest due first, of patients who are open to whoever asks. `$lead` says whether they are open in the words of
/// the index that is to serve, and repeats its filter, so that both engines know that it fits before anything is bound.
///
/// A clock that runs has reached the stages that lie behind it; one that stands still has what it had. The rank of the row that
/// the page before ended with never changes, so that the page's token need not tell it.
macro_rules! queue {
    ($lead:literal) => {
        concat!(
            "SELECT a.* FROM assessments a
             WHERE a.receiver = $1 AND ",
            $lead,
            " AND ($3 = 0 OR a.state = $3)
               AND ($4 = 0 OR a.stage >= $4
                    OR a.alarm_time IS NOT NULL
                       AND CASE $4 WHEN 2 THEN a.soon_time WHEN 3 THEN a.due_day_time WHEN 4 THEN a.due_time
                                   ELSE a.escalate_time END <= $5)
               AND ($6 = '' OR a.requester = $6) AND ($7 = 0 OR a.wound_type = $7) AND ($8 = 0 OR a.priority = $8)
               AND ($9 = '' OR a.holder = $9 AND a.claim_expire > $5)
               AND (a.due_time, a.rank, a.assessment_id)
                   > ($10, COALESCE((SELECT p.rank FROM assessments p WHERE p.assessment_id = $11), 0), $11)
               AND ",
            open_to!("a.patient_id", "$1", "$13", "$5"),
            " ORDER BY a.due_time, a.rank, a.assessment_id LIMIT $12"
        )
    };
}

/// A page of the queue.
pub(super) async fn page(tx: &mut Tx, part: &Part<'_>, page: &Page) -> Result<Vec<Assessment>, samspil_store::Error> {
    let after = page.after.unwrap_or(Position { time: DateTime::UNIX_EPOCH, id: Uuid::nil() });
    macro_rules! led_by {
        ($lead:literal) => {
            sql!(
                tx,
                fetch_all as Assessment,
                queue!($lead),
                part.receiver,
                part.is_open(),
                part.state,
                part.stage,
                part.now,
                part.requester,
                part.wound_type,
                part.priority,
                part.holder,
                after.time,
                after.id,
                page.limit(),
                part.person
            )
        };
    }
    // The most telling filter first: nobody holds more than a few, an organisation asks more than there are types.
    if !part.is_open() {
        led_by!("a.is_open = $2")
    } else if !part.holder.is_empty() {
        led_by!("a.is_open = $2 AND a.holder = $9 AND a.holder <> ''")
    } else if !part.requester.is_empty() {
        led_by!("$2 AND a.is_open AND a.requester = $6")
    } else if part.wound_type != 0 {
        led_by!("$2 AND a.is_open AND a.wound_type = $7")
    } else if part.priority != 0 {
        led_by!("$2 AND a.is_open AND a.priority = $8")
    } else {
        led_by!("a.is_open = $2")
    }
}
