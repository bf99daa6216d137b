//! Who is to reconcile after a discharge.
//!
//! Nobody has said yes to it, so the task is only proposed, but somebody has to be asked. A municipality comes first, since its
//! nurses give the medicine at home; where the patient's consent covers none, a general practice, then a hospital. Of several of
//! one kind it is the one with the most to do in the plan, for it knows the patient; between equals the lower SOR code, so that
//! the same is asked by whichever replica. Nobody outside the consent is asked: they could not see the plan.

use samspil_kit::{Base, Error};
use samspil_proto::{careplan::v1::ActivityState, directory::v1::OrganisationKind};
use samspil_store::sql;
use uuid::Uuid;

use crate::{activity::Owner, owners};

/// An organisation that the consent covers, and how many open activities of the plan it owns.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Candidate {
    owner: Owner,
    activities: i64,
}

/// Who is asked; nobody when no consent stands. Asks `directory`, so it comes before the transaction.
pub(super) async fn owner(base: &Base, patient: Uuid) -> Result<Option<Owner>, Error> {
    let mut tx = base.db.read().await?;
    let covered = sql!(
        tx,
        fetch_all as (String, i64),
        "SELECT covered.organisation, COUNT(activities.activity_id)
         FROM (SELECT DISTINCT organisation FROM consents WHERE patient_id = $1 AND NOT withdrawn) AS covered
         LEFT JOIN activities ON activities.patient_id = $1 AND activities.owner = covered.organisation
                              AND activities.state IN ($2, $3)
         GROUP BY covered.organisation",
        patient,
        i32::from(ActivityState::Proposed),
        i32::from(ActivityState::Accepted)
    )?;
    drop(tx);
    let mut candidates = Vec::new();
    for (sor, activities) in covered {
        let kind = owners::organisation(base, &sor).await?.map(|found| found.kind()).unwrap_or_default();
        candidates.push(Candidate { owner: Owner { sor, kind }, activities });
    }
    Ok(choose(candidates))
}

fn choose(candidates: Vec<Candidate>) -> Option<Owner> {
    let rank = |kind| match kind {
        OrganisationKind::Municipality => 0,
        OrganisationKind::GeneralPractice => 1,
        OrganisationKind::Hospital => 2,
        OrganisationKind::Unspecified => 3,
    };
    let order = |one: &Candidate| (rank(one.owner.kind), -one.activities, one.owner.sor.clone());
    candidates.into_iter().min_by_key(order).map(|first| first.owner)
}

#[cfg(test)]
mod tests {
    use OrganisationKind::{GeneralPractice, Hospital, Municipality};

    use super::*;

    fn chosen(candidates: &[(&str, OrganisationKind, i64)]) -> Option<String> {
        let candidate = |(sor, kind, activities): &(&str, OrganisationKind, i64)| Candidate {
            owner: Owner { sor: (*sor).to_owned(), kind: *kind },
            activities: *activities,
        };
        choose(candidates.iter().map(candidate).collect()).map(|owner| owner.sor)
    }

    #[test]
    fn the_municipality_that_has_the_most_to_do_is_asked_first() {
        let hospital = ("1", Hospital, 9);
        let practice = ("2", GeneralPractice, 9);
        assert_eq!(chosen(&[hospital, practice, ("3", Municipality, 0)]).as_deref(), Some("3"));
        assert_eq!(chosen(&[("3", Municipality, 0), ("4", Municipality, 1)]).as_deref(), Some("4"));
        assert_eq!(chosen(&[("4", Municipality, 2), ("3", Municipality, 2)]).as_deref(), Some("3"));
        assert_eq!(chosen(&[hospital, practice]).as_deref(), Some("2"));
        assert_eq!(chosen(&[hospital]).as_deref(), Some("1"));
        assert_eq!(chosen(&[]), None);
    }
}
