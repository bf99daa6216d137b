//! What came of a score, as the contract tells it.

use samspil_proto::wound::v1 as pb;
use samspil_scores::{Instrument, Scored};

/// The instrument's name in the contract.
pub(crate) fn name(instrument: Instrument) -> &'static str {
    match instrument {
        Instrument::Push => "push",
        Instrument::Bwat => "bwat",
        Instrument::Wifi => "wifi",
        Instrument::Sinbad => "sinbad",
        Instrument::Wagner => "wagner",
        Instrument::Texas => "texas",
        Instrument::PressureStage => "pressure_stage",
    }
}

/// The least and the greatest number of an instrument. A pressure ulcer without a numbered stage has 0, and its band tells.
fn limits(instrument: Instrument) -> (i32, i32) {
    match instrument {
        Instrument::Push => (0, 17),
        Instrument::Bwat => (13, 65),
        Instrument::Wifi => (1, 4),
        Instrument::Sinbad => (0, 6),
        Instrument::Wagner => (0, 5),
        Instrument::Texas => (0, 3),
        Instrument::PressureStage => (0, 4),
    }
}

/// The contract has one number for each instrument: its total, else its grade, else its stage.
pub(crate) fn to_wire(scored: &Scored) -> pb::ScoreResult {
    let (minimum, maximum) = limits(scored.instrument);
    let total = scored.total.or(scored.grade).or(scored.stage).unwrap_or_default();
    debug_assert!((minimum..=maximum).contains(&total));
    let band = scored.band.unwrap_or_default();
    pb::ScoreResult {
        instrument: name(scored.instrument).to_owned(),
        table_version: scored.table_version.to_owned(),
        total,
        minimum,
        maximum,
        // The stages of Texas are letters.
        band: if scored.instrument == Instrument::Texas { band.to_uppercase() } else { band.to_owned() },
        items: scored
            .items
            .iter()
            .map(|item| pb::ScoreItem { code: item.code.to_owned(), points: item.points })
            .collect(),
    }
}
