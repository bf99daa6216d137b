//! Outlines that a person drew on a photo, and what they measure.

pub(crate) mod act;
pub(crate) mod sql;

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_imaging::{
    measure::{self, Calibration, Edge, TwoPoints},
    outline::{self as imaging, Flaw},
};
use samspil_kit::Error;
use samspil_proto::{names::OutlineName, time, wound::v1 as pb};
use uuid::Uuid;

use crate::{
    Reason,
    photo::{Photo, marker},
};

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

/// What an outline measures on a photo: by the scale that a person set, else by the marker, else in pixels alone.
pub(crate) fn measure(asked: &pb::Outline, photo: &Photo) -> Result<pb::Measures, Error> {
    let points: Vec<_> = asked.points.iter().map(point).collect();
    let size = (photo.width_px as u32, photo.height_px as u32);
    let area_px = imaging::area_px(&points, size).map_err(refused)?;
    let scale = match &asked.calibration {
        Some(given) => {
            let (start, end) = (given.start.unwrap_or_default(), given.end.unwrap_or_default());
            let two = TwoPoints::new(point(&start), point(&end), given.distance_mm, size).map_err(refused)?;
            Some(Calibration::TwoPoints(two))
        }
        None => photo.marker()?.as_ref().and_then(marker::square).map(|it| Calibration::Marker(Box::new(it))),
    };
    let Some(scale) = scale else { return Ok(pb::Measures { area_px, ..pb::Measures::default() }) };
    let found = measure::measure(&[points], &scale, Edge::by_hand(size), size).map_err(|(_, flaw)| refused(flaw))?;
    let Some(found) = found.first() else { return Err(Error::internal("an outline without measures")) };
    let method = match scale {
        Calibration::Marker(_) => pb::MeasureMethod::Marker,
        Calibration::TwoPoints(_) => pb::MeasureMethod::TwoPoints,
    };
    Ok(pb::Measures {
        area_px,
        method: method as i32,
        area_mm2: Some(found.area_mm2.value),
        length_mm: Some(found.length_mm.value),
        width_mm: Some(found.width_mm.value),
        perimeter_mm: Some(found.perimeter_mm.value),
        area_uncertainty_mm2: Some(found.area_mm2.u),
        length_uncertainty_mm: Some(found.length_mm.u),
        width_uncertainty_mm: Some(found.width_mm.u),
        perimeter_uncertainty_mm: Some(found.perimeter_mm.u),
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
