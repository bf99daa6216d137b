//! The marker card on a photo: kept so that whatever is drawn later can be measured by it.

use samspil_imaging::{
    marker::{Caution, Marker, Print, Square, Trouble},
    outline::Point,
};
use samspil_proto::wound::v1 as pb;

/// As the photo's row and the contract have it.
pub(super) fn to_wire(marker: &Marker) -> pb::Marker {
    let Square { corners, covariance, print, bend } = &marker.square;
    pb::Marker {
        number: i32::from(marker.id.number()),
        corners: corners.iter().map(|corner| pb::Point { x: corner.x, y: corner.y }).collect(),
        side_mm: print.side_mm(),
        tilt_degrees: marker.pose.tilt_deg,
        distance_mm: marker.pose.distance_mm,
        side_uncertainty: print.u,
        corner_covariance: covariance.iter().flatten().copied().collect(),
        bend: *bend,
    }
}

/// What outlines are measured by. `None` if something is missing: what is stored was found once, so nothing is.
pub(crate) fn square(marker: &pb::Marker) -> Option<Square> {
    let corners: Vec<_> = marker.corners.iter().map(|corner| Point { x: corner.x, y: corner.y }).collect();
    let (rows, rest) = marker.corner_covariance.as_chunks::<8>();
    Some(Square {
        corners: corners.try_into().ok()?,
        covariance: rest.is_empty().then(|| rows.try_into().ok())??,
        print: Print { scale: marker.side_mm / Print::AS_SENT.side_mm(), u: marker.side_uncertainty },
        bend: marker.bend,
    })
}

/// What the nurse should know of the card. That there is none is worth a word only where cards are used.
pub(super) fn warnings(found: &Result<Marker, Trouble>, expected: bool) -> Vec<pb::QualityWarning> {
    match found {
        Ok(marker) => marker.cautions.iter().map(|caution| caution_of(*caution)).collect(),
        Err(Trouble::None) if !expected => Vec::new(),
        Err(trouble) => vec![pb::QualityWarning {
            code: trouble.reason().to_owned(),
            advice_da: trouble.advice_da().to_owned(),
            advice_en: trouble.advice_en().to_owned(),
        }],
    }
}

fn caution_of(caution: Caution) -> pb::QualityWarning {
    pb::QualityWarning {
        code: caution.code().to_owned(),
        advice_da: caution.advice_da().to_owned(),
        advice_en: caution.advice_en().to_owned(),
    }
}
