//! How a wound heals: its area from visit to visit against the first.

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::{Ctx, Error};
use samspil_proto::{
    names::{VisitName, WoundName},
    time,
    wound::v1 as pb,
};
use samspil_scores::{healing_permille, safety};
use samspil_store::Tx;

use crate::{
    access,
    visit::{self, Visit},
};

/// A complete visit, as far as healing and the safety watch care.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub visit: VisitName,
    pub time: DateTime<Utc>,
    /// Length times width, in mm². `None` where the wound was not measured.
    pub area_mm2: Option<u32>,
    pub signs: Vec<safety::InfectionSign>,
}

/// A measured visit against the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub visit: VisitName,
    pub time: DateTime<Utc>,
    pub area_mm2: u32,
    pub permille: Option<i32>,
    pub days: i32,
}

impl Seen {
    fn of(visit: &Visit) -> Result<Seen, prost::DecodeError> {
        let findings = pb::Findings::decode(visit.findings.as_slice())?;
        let signs = findings.infection_signs().filter_map(sign).collect();
        Ok(Seen { visit: visit.name(), time: visit.visit_time, area_mm2: area_mm2(&findings), signs })
    }
}

/// The complete visits of a wound in the order in which they were made, which is not always that in which they came in.
pub(crate) async fn seen(tx: &mut Tx, wound: WoundName) -> Result<Vec<Seen>, Error> {
    let visits = visit::sql::complete(tx, wound.wound).await?;
    Ok(visits.iter().map(Seen::of).collect::<Result<_, _>>()?)
}

/// One measure without the other is no area: a fissure that is recorded as 0 mm wide is not closed.
fn area_mm2(findings: &pb::Findings) -> Option<u32> {
    let measure = |given: Option<i32>| given.and_then(|given| u32::try_from(given).ok());
    let (length, width) = (measure(findings.length_mm)?, measure(findings.width_mm)?);
    ((length == 0) == (width == 0)).then_some(length * width)
}

fn sign(told: pb::InfectionSign) -> Option<safety::InfectionSign> {
    use safety::InfectionSign as Sign;
    match told {
        pb::InfectionSign::Unspecified => None,
        pb::InfectionSign::Redness => Some(Sign::Redness),
        pb::InfectionSign::Warmth => Some(Sign::Warmth),
        pb::InfectionSign::Swelling => Some(Sign::Swelling),
        pb::InfectionSign::IncreasedPain => Some(Sign::IncreasedPain),
        pb::InfectionSign::Pus => Some(Sign::Pus),
        pb::InfectionSign::Fever => Some(Sign::Fever),
        pb::InfectionSign::FriableGranulation => Some(Sign::FriableGranulation),
        pb::InfectionSign::DelayedHealing => Some(Sign::DelayedHealing),
    }
}

/// The measured visits against the first of them.
pub(crate) fn points(seen: &[Seen]) -> Vec<Point> {
    let mut first = None;
    let measured = seen.iter().filter_map(|seen| seen.area_mm2.map(|area| (seen, area)));
    measured
        .map(|(seen, area_mm2)| {
            let (first_time, first_area) = *first.get_or_insert((seen.time, area_mm2));
            Point {
                visit: seen.visit,
                time: seen.time,
                area_mm2,
                permille: healing_permille(first_area, area_mm2),
                days: i32::try_from((seen.time - first_time).num_days()).unwrap_or(i32::MAX),
            }
        })
        .collect()
}

/// Whether the rule says that a wound shrinks too slowly, by its last measured visit.
pub(crate) fn stalls(points: &[Point]) -> Option<Point> {
    let last = points.last()?;
    safety::healing_stalls(last.days, last.permille?).map(|_| *last)
}

pub(crate) async fn get(ctx: &Ctx, request: pb::GetHealingRequest) -> Result<pb::Healing, Error> {
    let name: WoundName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = ctx.read().await?;
    access::wound(ctx, &mut tx, name).await?;
    let points = points(&seen(&mut tx, name).await?);
    drop(tx);
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    let about = safety::about();
    let (days, permille) = safety::healing_limits();
    Ok(pb::Healing {
        name: request.name,
        stalled: stalls(&points).is_some(),
        points: points.into_iter().map(Point::to_wire).collect(),
        rule: format!("area-reduction-4-weeks {}", about.version),
        rule_source: about.source.clone(),
        expected_reduction_permille: Some(permille),
        expected_days: Some(days),
    })
}

impl Point {
    fn to_wire(self) -> pb::HealingPoint {
        pb::HealingPoint {
            visit: self.visit.to_string(),
            visit_time: Some(time::to_wire(self.time)),
            area_mm2: i32::try_from(self.area_mm2).unwrap_or(i32::MAX),
            reduction_permille: self.permille,
            days: self.days,
        }
    }
}
