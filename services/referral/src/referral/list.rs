//! Lists: whose, which, in which order. Each order reads an index of `participants`.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use samspil_kit::{
    Caller, Ctx, Error,
    paging::{Page, Position},
};
use samspil_proto::{
    names::{NotAName, PatientName},
    referral::v1::{ListReferralsRequest, ListReferralsResponse, ReferralOrder},
    time,
};
use samspil_store::{Tx, open_to, sql};
use uuid::Uuid;

use super::{Referral, show, sql as statements};

/// Shows a page of the referrals of one patient, or of all who are open to the caller.
pub(super) async fn list(ctx: &Ctx, request: ListReferralsRequest) -> Result<ListReferralsResponse, Error> {
    let patient = patient(&request.parent)?;
    if let Some(patient) = patient {
        ctx.cares_for(patient).await?;
    }
    let wanted = Wanted::of(&request)?;
    let text = |time: Option<DateTime<Utc>>| time.map(|time| time.to_rfc3339()).unwrap_or_default();
    let bound_to = [
        ctx.method,
        &request.parent,
        request.r#box().as_str_name(),
        request.state().as_str_name(),
        request.triage_state().as_str_name(),
        request.priority().as_str_name(),
        &text(wanted.due_before),
        &text(wanted.changed_since),
        wanted.order.as_str_name(),
        &ctx.caller.organisation,
    ];
    let page = Page::of(request.page_size, &request.page_token, &bound_to)?;
    let mut tx = ctx.read().await?;
    let mut rows = rows(&mut tx, &ctx.caller, ctx.now(), patient, &wanted, &page).await?;
    // On SQLite a reader that stays open would keep the write-ahead log from being cut.
    drop(tx);
    let next_page_token = page.cut(&mut rows, |referral| referral.position(wanted.order));
    // Who looked at a patient's list has learnt something, also when it is empty.
    let touched: BTreeSet<Uuid> = rows.iter().map(|referral| referral.name.patient).chain(patient).collect();
    let referrals = show::delivered(ctx, rows).await?;
    let touched: Vec<_> = touched.into_iter().map(|patient| (patient, PatientName { patient }.to_string())).collect();
    ctx.audit_list(touched.iter().map(|(patient, name)| (*patient, name.as_str()))).await?;
    Ok(ListReferralsResponse { referrals, next_page_token })
}

/// The patient whose referrals are listed. `None` for `patients/-`.
fn patient(parent: &str) -> Result<Option<Uuid>, Error> {
    if parent == "patients/-" {
        return Ok(None);
    }
    let name: Result<PatientName, NotAName> = parent.parse();
    name.map(|name| Some(name.patient)).map_err(|error| Error::invalid("parent", "name", error.to_string()))
}

/// What a list is cut by. Numbers are those of the contract's enums, 0 for all.
struct Wanted {
    side: i32,
    state: i32,
    triage_state: i32,
    priority: i32,
    due_before: Option<DateTime<Utc>>,
    changed_since: Option<DateTime<Utc>>,
    order: ReferralOrder,
}

impl Wanted {
    fn of(request: &ListReferralsRequest) -> Result<Wanted, Error> {
        let read = |field: &str, told: Option<&prost_types::Timestamp>| {
            let read = |told| time::from_wire(told).ok_or_else(|| Error::invalid(field, "timestamp", "must be a time"));
            told.map(read).transpose()
        };
        Ok(Wanted {
            side: request.r#box,
            state: request.state,
            triage_state: request.triage_state,
            priority: request.priority,
            due_before: read("due_before", request.due_before.as_ref())?,
            changed_since: read("changed_since", request.changed_since.as_ref())?,
            order: request.order(),
        })
    }
}

impl Referral {
    fn position(&self, order: ReferralOrder) -> Position {
        let time = match order {
            ReferralOrder::Unspecified => self.create_time,
            ReferralOrder::Due => self.running_until().unwrap_or(statements::END_OF_TIME),
            ReferralOrder::Changed => self.update_time,
        };
        Position { time, id: self.name.referral }
    }
}

// $1 organisation, $2 box, $3 state, $4 triage state, $5 priority, $6 due before, $7 changed since, $8 and $9 the position that
// the page comes after, $10 limit, and for one patient
// $11 the patient, else $11 person and $12 now.
macro_rules! page {
    ($from:expr, $time:literal, $comes_after:literal, $direction:literal) => {
        concat!(
            "SELECT r.referral_id, r.patient_id, r.stage, r.body, r.clock, r.create_time, r.update_time, r.version ",
            $from,
            " AND ($2 = 0 OR $2 = CASE p.role WHEN 'SENDER' THEN 2 ELSE 1 END) AND ($3 = 0 OR r.state = $3)
              AND ($4 = 0 OR r.triage_state = $4) AND ($5 = 0 OR r.priority = $5)
              AND p.due_time < $6 AND r.update_time > $7 AND (p.",
            $time,
            ", p.referral_id) ",
            $comes_after,
            " ($8, $9) ORDER BY p.",
            $time,
            " ",
            $direction,
            ", p.referral_id ",
            $direction,
            " LIMIT $10"
        )
    };
}

macro_rules! ordered {
    ($order:expr, $from:expr) => {
        match $order {
            ReferralOrder::Unspecified => page!($from, "create_time", "<", "DESC"),
            ReferralOrder::Due => page!($from, "due_time", ">", "ASC"),
            ReferralOrder::Changed => page!($from, "update_time", ">", "ASC"),
        }
    };
}

/// Referrals of one patient, or of every patient who is open to the caller; one more than the page has.
async fn rows(
    tx: &mut Tx,
    caller: &Caller,
    now: DateTime<Utc>,
    patient: Option<Uuid>,
    wanted: &Wanted,
    page: &Page,
) -> Result<Vec<Referral>, Error> {
    use statements::{END_OF_TIME, Row};

    let after_all = END_OF_TIME + chrono::TimeDelta::microseconds(999_999);
    let before_all = DateTime::UNIX_EPOCH;
    // Nothing that has no running clock is due before any time.
    let due_before = wanted.due_before.map_or(after_all, |told| told.min(END_OF_TIME));
    let changed_since = wanted.changed_since.unwrap_or(before_all);
    let first = match wanted.order {
        ReferralOrder::Unspecified => (after_all, Uuid::max()),
        ReferralOrder::Due => (before_all, Uuid::nil()),
        // The index is entered where the list begins.
        ReferralOrder::Changed => (changed_since, Uuid::max()),
    };
    let (time, id) = page.after.map_or(first, |Position { time, id }| (time, id));
    let (side, state, triage_state, priority) = (wanted.side, wanted.state, wanted.triage_state, wanted.priority);
    let (organisation, limit) = (&caller.organisation, page.limit());
    let rows = match patient {
        Some(patient) => {
            // A patient has few: CROSS JOIN has SQLite begin with those, not with all that the organisation has.
            let text = ordered!(
                wanted.order,
                "FROM referrals r CROSS JOIN participants p
                 WHERE r.patient_id = $11 AND p.referral_id = r.referral_id AND p.organisation = $1"
            );
            sql!(
                tx,
                fetch_all as Row,
                text,
                organisation,
                side,
                state,
                triage_state,
                priority,
                due_before,
                changed_since,
                time,
                id,
                limit,
                patient
            )?
        }
        None => {
            let text = ordered!(
                wanted.order,
                concat!(
                    "FROM participants p JOIN referrals r ON r.referral_id = p.referral_id WHERE p.organisation = $1 AND ",
                    open_to!("p.patient_id", "$1", "$11", "$12")
                )
            );
            sql!(
                tx,
                fetch_all as Row,
                text,
                organisation,
                side,
                state,
                triage_state,
                priority,
                due_before,
                changed_since,
                time,
                id,
                limit,
                &caller.person,
                now
            )?
        }
    };
    rows.into_iter().map(Referral::try_from).collect()
}
