//! Outlines that a person drew on a photo, and what they measure.

pub(crate) mod act;
pub(crate) mod sql;

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_imaging::outline::{self as imaging, Flaw};
use samspil_kit::Error;
use samspil_proto::{names::OutlineName, time, wound::v1 as pb};
use uuid::Uuid;

use crate::{Reason, photo::Photo};

/// An outline, as its row has it.
#[derive(Clone, samspil_store::FromRow)]
pub(crate) struct Outline {
    pub outline_id: Uuid,
    pub photo_id: Uuid,
    pub visit_id: Uuid,
    pub wound_id: Uuid,
    pub patient_id: Uuid,
    pub detail: Vec<u8>,
    pub create_time: DateTime<Utc>,
    pub withdraw_time: Option<DateTime<Utc>>,
}

impl Outline {
    pub(crate) fn name(&self) -> OutlineName {
        OutlineName {
            patient: self.patient_id,
            wound: self.wound_id,
            visit: self.visit_id,
            photo: self.photo_id,
            outline: self.outline_id,
        }
    }

    pub(crate) fn to_wire(&self) -> Result<pb::Outline, prost::DecodeError> {
        Ok(pb::Outline {
            name: self.name().to_string(),
            create_time: Some(time::to_wire(self.create_time)),
            withdraw_time: self.withdraw_time.map(time::to_wire),
            ..pb::Outline::decode(self.detail.as_slice())?
        })
    }
}

/// What an outline measures on a photo.
pub(crate) fn measure(asked: &pb::Outline, photo: &Photo) -> Result<pb::Measures, Error> {
    let points: Vec<_> = asked.points.iter().map(point).collect();
    let calibration = asked.calibration.as_ref().map(|given| imaging::Calibration {
        start: point(&given.start.unwrap_or_default()),
        end: point(&given.end.unwrap_or_default()),
        distance_mm: given.distance_mm,
    });
    let size = (photo.width_px as u32, photo.height_px as u32);
    let found = imaging::measure(&points, calibration.as_ref(), size).map_err(refused)?;
    Ok(pb::Measures {
        area_px: found.area_px,
        area_mm2: found.scaled.map(|scaled| scaled.area_mm2),
        length_mm: found.scaled.map(|scaled| scaled.length_mm),
        width_mm: found.scaled.map(|scaled| scaled.width_mm),
        perimeter_mm: found.scaled.map(|scaled| scaled.perimeter_mm),
        method: found.scaled.map_or(pb::MeasureMethod::Unspecified, |_| pb::MeasureMethod::TwoPoints) as i32,
        ..pb::Measures::default()
    })
}

fn point(point: &pb::Point) -> imaging::Point {
    imaging::Point { x: point.x, y: point.y }
}

/// What is wrong with an outline, as the caller hears it: with its stable reason and where it is wrong.
fn refused(flaw: Flaw) -> Error {
    match flaw {
        Flaw::Outside { place } => Error::from(Reason::OutlineOutside).with("field", format!("outline.{place}")),
        Flaw::Crosses { first, second } => {
            Error::from(Reason::OutlineCrosses).with("first_edge", first).with("second_edge", second)
        }
        Flaw::TooShort => Reason::CalibrationTooShort.into(),
        Flaw::OutOfRange => Reason::CalibrationOutOfRange.into(),
    }
}
