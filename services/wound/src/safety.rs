//! The safety watch over visits: what a visit that has become complete says about healing and infection.

use samspil_kit::Error;
use samspil_proto::wound::v1::FlagKind;
use samspil_scores::safety::{self, InfectionSign, Rule};
use samspil_store::Tx;

use crate::{
    flag::{self, Warning},
    healing::{self, Point, Seen},
    tell::Teller,
    wound::Wound,
};

/// Raises and clears what the wound's complete visits say, one of which is new.
pub(crate) async fn look(teller: &impl Teller, tx: &mut Tx, wound: &Wound) -> Result<(), Error> {
    flag::watch::clear(teller, tx, wound, FlagKind::NoPhoto).await?;
    let seen = healing::seen(tx, wound.name()).await?;
    match healing::stalls(&healing::points(&seen)) {
        Some(point) => flag::watch::raise(teller, tx, wound, not_healing(point)).await?,
        None => flag::watch::clear(teller, tx, wound, FlagKind::NotHealing).await?,
    }
    let standing = flag::sql::standing(tx, wound.wound_id, FlagKind::InfectionRising).await?;
    match infection(&seen, standing.map(|flag| flag.cause).as_deref()) {
        Some(warning) => flag::watch::raise(teller, tx, wound, warning).await,
        None => flag::watch::clear(teller, tx, wound, FlagKind::InfectionRising).await,
    }
}

fn not_healing(point: Point) -> Warning {
    let permille = point.permille.unwrap_or_default();
    let change = if permille < 0 { "grew" } else { "reduced" };
    let (after_days, below) = safety::healing_limits();
    Warning {
        kind: FlagKind::NotHealing,
        reason: format!(
            "area {change} by {} of 1000 after {} days; the rule wants {below} after {after_days}",
            permille.unsigned_abs(),
            point.days
        ),
        cause: point.visit.to_string(),
    }
}

/// Compares the last visit with the one before. Once a flag stands, with the one before the visit that raised it: signs that
/// stay as they are have not gone.
fn infection(seen: &[Seen], standing: Option<&str>) -> Option<Warning> {
    let raised_at = standing.and_then(|cause| seen.iter().position(|seen| seen.visit.to_string() == cause));
    let last = seen.len().checked_sub(1)?;
    let before = seen[..raised_at.unwrap_or(last)].last()?;
    let now = &seen[last];
    let Rule::InfectionRises { more, new_severe } = safety::infection_rises(&before.signs, &now.signs)?.rule else {
        return None;
    };
    let severe = match new_severe.as_slice() {
        [] => String::new(),
        signs => format!("; new: {}", signs.iter().map(|sign| sign.code()).collect::<Vec<_>>().join(", ")),
    };
    Some(Warning {
        kind: FlagKind::InfectionRising,
        reason: format!("signs of infection from {} to {} ({more:+}){severe}", count(before), count(now)),
        cause: now.visit.to_string(),
    })
}

fn count(seen: &Seen) -> usize {
    seen.signs.iter().collect::<std::collections::HashSet<&InfectionSign>>().len()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use samspil_proto::names::VisitName;
    use uuid::Uuid;

    use super::*;
    use InfectionSign::{Fever, Pus, Redness, Swelling, Warmth};

    fn seen(day: i64, area_mm2: Option<u32>, signs: &[InfectionSign]) -> Seen {
        let time = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(day);
        let visit = VisitName { patient: Uuid::nil(), wound: Uuid::nil(), visit: Uuid::from_u128(day as u128) };
        Seen { visit, time, area_mm2, signs: signs.to_vec() }
    }

    fn stalled(areas: &[(i64, Option<u32>)]) -> Option<String> {
        let seen: Vec<_> = areas.iter().map(|(day, area)| seen(*day, *area, &[])).collect();
        healing::stalls(&healing::points(&seen)).map(|point| not_healing(point).reason)
    }

    #[test]
    fn healing_stalls_by_the_rule_and_says_its_numbers() {
        assert_eq!(stalled(&[]), None);
        assert_eq!(stalled(&[(0, Some(1000)), (27, Some(1000))]), None, "too early to tell");
        assert_eq!(stalled(&[(0, Some(1000)), (28, Some(600))]), None, "400 of 1000 are enough");
        assert_eq!(
            stalled(&[(0, Some(1000)), (28, Some(601))]).unwrap(),
            "area reduced by 399 of 1000 after 28 days; the rule wants 400 after 28"
        );
        assert_eq!(
            stalled(&[(0, Some(1000)), (40, Some(1500)), (41, None)]).unwrap(),
            "area grew by 500 of 1000 after 40 days; the rule wants 400 after 28"
        );
        assert_eq!(stalled(&[(0, None), (20, Some(1000)), (40, Some(1000))]), None, "20 days after the first measure");
        assert_eq!(stalled(&[(0, Some(0)), (40, Some(5))]), None, "there is nothing to compare with");
    }

    #[test]
    fn infection_rises_against_the_visit_before_and_stands_until_it_is_back_there() {
        let reason = |seen: &[Seen], standing: Option<&str>| infection(seen, standing).map(|warning| warning.reason);
        let mut visits = vec![seen(0, None, &[Redness])];
        assert_eq!(reason(&visits, None), None, "there is no visit before");
        visits.push(seen(1, None, &[Redness, Warmth]));
        assert_eq!(reason(&visits, None), None, "one more is not enough");
        visits.push(seen(2, None, &[Redness, Warmth, Swelling, Pus]));
        assert_eq!(reason(&visits, None).unwrap(), "signs of infection from 2 to 4 (+2); new: pus");
        let cause = visits[2].visit.to_string();
        visits.push(visits[2].clone());
        visits[3].visit.visit = Uuid::from_u128(3);
        assert_eq!(reason(&visits, None), None, "not more than the day before");
        assert!(reason(&visits, Some(&cause)).is_some(), "and still more than before they rose");
        visits.push(seen(4, None, &[Redness, Warmth]));
        assert_eq!(reason(&visits, Some(&cause)), None);
        visits.push(seen(5, None, &[Fever]));
        assert_eq!(reason(&visits, None).unwrap(), "signs of infection from 2 to 1 (-1); new: fever");
    }
}
