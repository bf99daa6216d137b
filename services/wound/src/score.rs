//! Scores and grades: what is put in, by the contract, and what comes of it, by the tables of `samspil_scores`.

pub(crate) mod act;
pub(crate) mod push;
pub(crate) mod result;
pub(crate) mod sql;

use chrono::{DateTime, Utc};
use prost::Message as _;
use samspil_kit::Error;
use samspil_proto::{names::ScoreName, time, wound::v1 as pb};
use samspil_scores::{self as scores, Inputs, Refusal, pressure::Stage};
use uuid::Uuid;

use crate::Reason;
use pb::{PressureStage, score::Input};

/// A score, as its row has it.
#[derive(Clone, samspil_store::FromRow)]
pub(crate) struct Score {
    pub score_id: Uuid,
    pub wound_id: Uuid,
    pub patient_id: Uuid,
    pub instrument: String,
    pub detail: Vec<u8>,
    pub observe_time: DateTime<Utc>,
    pub create_time: DateTime<Utc>,
}

impl Score {
    pub(crate) fn name(&self) -> ScoreName {
        ScoreName { patient: self.patient_id, wound: self.wound_id, score: self.score_id }
    }

    /// The stage of a pressure ulcer that it records, if it records one.
    pub(crate) fn stage(&self) -> Result<Option<Stage>, prost::DecodeError> {
        Ok(match pb::Score::decode(self.detail.as_slice())?.input {
            Some(Input::PressureStage(input)) => stage(input.stage()),
            _ => None,
        })
    }

    pub(crate) fn to_wire(&self) -> Result<pb::Score, prost::DecodeError> {
        Ok(pb::Score {
            name: self.name().to_string(),
            observe_time: Some(time::to_wire(self.observe_time)),
            create_time: Some(time::to_wire(self.create_time)),
            ..pb::Score::decode(self.detail.as_slice())?
        })
    }
}

/// What an instrument is given. A number of the contract without presence was assessed: 0 is an answer. `earlier` are the
/// stages that the wound was ever recorded with.
pub(crate) fn inputs(input: &Input, earlier: Vec<Stage>) -> Inputs {
    match input {
        Input::Push(given) => scores::Push {
            length_mm: Some(given.length_mm),
            width_mm: Some(given.width_mm),
            exudate: Some(given.exudate),
            tissue: Some(given.tissue),
        }
        .into(),
        Input::Bwat(given) => bwat(given).into(),
        Input::Wifi(given) => scores::Wifi {
            wound: Some(given.wound),
            infection: Some(given.infection),
            ischaemia: given.ischaemia,
            toe_mmhg: given.toe_pressure_mmhg,
            ankle_mmhg: given.ankle_pressure_mmhg,
            abi_hundredths: given.abi_hundredths,
            tcpo2_mmhg: None,
        }
        .into(),
        Input::Sinbad(given) => scores::Sinbad {
            site: yes(given.site),
            ischaemia: yes(given.ischaemia),
            neuropathy: yes(given.neuropathy),
            infection: yes(given.bacterial_infection),
            area: yes(given.area),
            depth: yes(given.depth),
            length_mm: None,
            width_mm: None,
        }
        .into(),
        Input::Wagner(given) => scores::Wagner { grade: Some(given.grade) }.into(),
        Input::Texas(given) => {
            scores::Texas { grade: Some(given.grade), infection: yes(given.infection), ischaemia: yes(given.ischaemia) }
                .into()
        }
        Input::PressureStage(given) => {
            scores::PressureUlcer { stage: stage(given.stage()), healing: given.healing, earlier }.into()
        }
    }
}

fn yes(is: bool) -> Option<i32> {
    Some(i32::from(is))
}

fn bwat(given: &pb::BwatInput) -> scores::Bwat {
    let item = |i: usize| given.items.get(i).copied();
    scores::Bwat {
        length_mm: None,
        width_mm: None,
        area_mm2: given.area_mm2,
        // 0 is no row of the form: the area tells it, or nobody does.
        size: item(0).filter(|points| *points > 0),
        depth: item(1),
        edges: item(2),
        undermining: item(3),
        necrosis_type: item(4),
        necrosis_amount: item(5),
        exudate_type: item(6),
        exudate_amount: item(7),
        surrounding_skin: item(8),
        oedema: item(9),
        induration: item(10),
        granulation: item(11),
        epithelialisation: item(12),
    }
}

fn stage(told: PressureStage) -> Option<Stage> {
    match told {
        PressureStage::Unspecified => None,
        PressureStage::I => Some(Stage::I),
        PressureStage::Ii => Some(Stage::II),
        PressureStage::Iii => Some(Stage::III),
        PressureStage::Iv => Some(Stage::IV),
        PressureStage::Unstageable => Some(Stage::Unstageable),
        PressureStage::DeepTissueInjury => Some(Stage::SuspectedDeepTissue),
    }
}

/// A refusal of the tables as the caller hears it: with its stable reason and the field that it is about.
pub(crate) fn refused(refusal: Refusal) -> Error {
    let reason = match refusal {
        Refusal::NotCompressible { .. } => Reason::AbiNotCompressible,
        Refusal::DownStaging { .. } => Reason::DownStaging,
        Refusal::Contradictory { .. } => Reason::ScoreInputContradictory,
        Refusal::OutOfRange { .. } => Reason::ScoreInputOutOfRange,
        _ => Reason::ScoreInputMissing,
    };
    let error = Error::from(reason).with("field", refusal.field());
    match refusal {
        Refusal::DownStaging { record, .. } => error.with("record", record.code()),
        Refusal::OutOfRange { low, high, .. } => error.with("low", low).with("high", high),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use samspil_kit::Reason as _;

    use super::*;

    #[test]
    fn each_refusal_of_the_tables_has_its_reason_here() {
        let refusals = [
            Refusal::NotCompressible { field: "f" },
            Refusal::DownStaging { field: "f", record: Stage::IV },
            Refusal::Contradictory { field: "f" },
            Refusal::Missing { field: "f" },
            Refusal::OutOfRange { field: "f", low: 0, high: 1 },
        ];
        for refusal in refusals {
            assert_eq!(refused(refusal).reason(), refusal.reason());
        }
        for reason in Refusal::REASONS {
            assert!(Reason::ALL.iter().any(|(name, ..)| *name == reason), "{reason}");
        }
        assert_eq!(Reason::DownStaging.code(), tonic::Code::FailedPrecondition);
        assert_eq!(Reason::AbiNotCompressible.code(), tonic::Code::InvalidArgument);
    }
}
