//! What a nurse saw, as options.

use samspil_proto::wound::v1::{
    self as pb, ExudateAmount, ExudateType, InfectionSign, Odour, SurroundingSkin, TissueShare, Undermining, WoundEdge,
};

use super::super::parse;

/// The structured findings. What is not told was not assessed.
#[derive(Debug, clap::Args)]
pub(crate) struct Findings {
    /// The greatest length.
    #[arg(long, value_parser = clap::value_parser!(i32).range(0..=2000))]
    length_mm: Option<i32>,
    /// The greatest width at right angles to it.
    #[arg(long, value_parser = clap::value_parser!(i32).range(0..=2000))]
    width_mm: Option<i32>,
    /// The greatest depth.
    #[arg(long, value_parser = clap::value_parser!(i32).range(0..=500))]
    depth_mm: Option<i32>,
    /// A tissue's share of the bed, such as granulation=60: granulation, slough, fibrin, necrosis, epithelial.
    #[arg(long = "tissue", value_parser = parse::tissue)]
    tissue: Vec<TissueShare>,
    /// How much exudate: none, scanty, small, moderate, large.
    #[arg(long, value_parser = parse::exudate_amount)]
    exudate_amount: Option<ExudateAmount>,
    /// What it looks like: serous, serosanguineous, sanguineous, purulent, seropurulent.
    #[arg(long, value_parser = parse::exudate_type)]
    exudate_type: Option<ExudateType>,
    /// The edge: attached, rolled, sharp, diffuse.
    #[arg(long, value_parser = parse::edge)]
    edge: Option<WoundEdge>,
    /// The skin around: intact, macerated, erythema, dry, eczema, oedema, indurated, callus; once for each.
    #[arg(long = "skin", value_parser = parse::skin)]
    skin: Vec<SurroundingSkin>,
    /// The odour: none, slight, strong.
    #[arg(long, value_parser = parse::odour)]
    odour: Option<Odour>,
    /// Pain as the patient rates it.
    #[arg(long, value_parser = clap::value_parser!(i32).range(0..=10))]
    pain: Option<i32>,
    /// A sign of infection: redness, warmth, swelling, increased-pain, pus, fever, friable-granulation, delayed-healing.
    #[arg(long = "infection", value_parser = parse::infection)]
    infection: Vec<InfectionSign>,
    /// Undermining by the clock face, such as 2-5=12 for 12 mm from 2 to 5 o'clock; 6=20 is a tunnel.
    #[arg(long = "undermining", value_parser = parse::undermining)]
    undermining: Vec<Undermining>,
    /// The dressing put on.
    #[arg(long, default_value = "")]
    dressing: String,
    /// Anything else.
    #[arg(long, default_value = "")]
    note: String,
}

impl From<Findings> for pb::Findings {
    fn from(seen: Findings) -> Self {
        pb::Findings {
            length_mm: seen.length_mm,
            width_mm: seen.width_mm,
            depth_mm: seen.depth_mm,
            tissue: seen.tissue,
            exudate_amount: seen.exudate_amount.unwrap_or_default().into(),
            exudate_type: seen.exudate_type.unwrap_or_default().into(),
            edge: seen.edge.unwrap_or_default().into(),
            surrounding_skin: seen.skin.into_iter().map(Into::into).collect(),
            odour: seen.odour.unwrap_or_default().into(),
            pain: seen.pain,
            infection_signs: seen.infection.into_iter().map(Into::into).collect(),
            undermining: seen.undermining,
            dressing: seen.dressing,
            note: seen.note,
        }
    }
}
