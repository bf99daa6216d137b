//! PUSH from what a nurse records at a visit anyway.
//!
//! | at the visit | PUSH |
//! | --- | --- |
//! | exudate none | 0 |
//! | scanty, small | 1 light |
//! | moderate | 2 |
//! | large | 3 heavy |
//! | any necrosis | tissue 4 |
//! | any slough or fibrin | 3 |
//! | granulation | 2 |
//! | epithelium alone | 1 |
//! | 0 mm long and wide, no tissue told | 0 closed |
//!
//! The visit has two steps below moderate and PUSH one, so both are light. Fibrin counts as slough: both are yellow and
//! adherent, and PUSH asks for the worst that is seen.

use samspil_proto::wound::v1::{ExudateAmount, Findings, PushInput, TissueType};

/// What PUSH is given, if the visit has all of it.
pub(crate) fn of_visit(findings: &Findings) -> Option<PushInput> {
    let (length_mm, width_mm) = (findings.length_mm?, findings.width_mm?);
    Some(PushInput {
        length_mm,
        width_mm,
        exudate: exudate(findings.exudate_amount())?,
        tissue: tissue(findings, (length_mm, width_mm) == (0, 0))?,
    })
}

fn exudate(amount: ExudateAmount) -> Option<i32> {
    match amount {
        ExudateAmount::Unspecified => None,
        ExudateAmount::None => Some(0),
        ExudateAmount::Scanty | ExudateAmount::Small => Some(1),
        ExudateAmount::Moderate => Some(2),
        ExudateAmount::Large => Some(3),
    }
}

fn tissue(findings: &Findings, is_closed: bool) -> Option<i32> {
    let seen = findings.tissue.iter().filter(|share| share.percent > 0).filter_map(|share| match share.r#type() {
        TissueType::Unspecified => None,
        TissueType::Necrosis => Some(4),
        TissueType::Slough | TissueType::Fibrin => Some(3),
        TissueType::Granulation => Some(2),
        TissueType::Epithelial => Some(1),
    });
    seen.max().or(is_closed.then_some(0))
}

#[cfg(test)]
mod tests {
    use samspil_proto::wound::v1::TissueShare;

    use super::*;

    fn findings(exudate: ExudateAmount, tissue: &[(TissueType, i32)]) -> Findings {
        Findings {
            length_mm: Some(20),
            width_mm: Some(10),
            exudate_amount: exudate.into(),
            tissue: tissue
                .iter()
                .map(|(kind, percent)| TissueShare { r#type: (*kind).into(), percent: *percent })
                .collect(),
            ..Findings::default()
        }
    }

    #[test]
    fn each_amount_and_each_tissue_has_its_points() {
        use ExudateAmount::{Large, Moderate, None, Scanty, Small, Unspecified};
        use TissueType::{Epithelial, Fibrin, Granulation, Necrosis, Slough};
        let points = |amount| of_visit(&findings(amount, &[(Granulation, 100)])).map(|push| push.exudate);
        assert_eq!(
            [Unspecified, None, Scanty, Small, Moderate, Large].map(points),
            [Option::None, Some(0), Some(1), Some(1), Some(2), Some(3)]
        );
        let points = |tissue: &[(TissueType, i32)]| of_visit(&findings(None, tissue)).map(|push| push.tissue);
        assert_eq!(points(&[(Granulation, 60), (Necrosis, 1), (Slough, 39)]), Some(4));
        assert_eq!(points(&[(Granulation, 99), (Slough, 1)]), Some(3));
        assert_eq!(points(&[(Granulation, 99), (Fibrin, 1)]), Some(3));
        assert_eq!(points(&[(Granulation, 1), (Epithelial, 99)]), Some(2));
        assert_eq!(points(&[(Epithelial, 100)]), Some(1));
        assert_eq!(points(&[(Epithelial, 100), (Necrosis, 0)]), Some(1), "none of it is seen");
        assert_eq!(points(&[]), Option::None);
    }

    #[test]
    fn a_closed_wound_has_no_tissue_to_tell_and_an_unmeasured_one_no_score() {
        let closed = Findings { length_mm: Some(0), width_mm: Some(0), ..findings(ExudateAmount::None, &[]) };
        assert_eq!(of_visit(&closed).map(|push| push.tissue), Some(0));
        let unmeasured = Findings { width_mm: None, ..findings(ExudateAmount::None, &[(TissueType::Slough, 9)]) };
        assert_eq!(of_visit(&unmeasured), None);
    }
}
