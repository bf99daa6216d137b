//! Outlines and suggestions for people.

use samspil_proto::wound::v1::{MeasureMethod, Measures, Outline, Suggestion, SuggestionState};

use super::{when, who};

/// What was drawn, by whom, and what it measures.
pub(in crate::cli) fn outline(outline: &Outline) -> String {
    let (by, drawn) = (who(outline.drawn_by.as_ref()), when(outline.create_time.as_ref()));
    format!("outline by {by}, {drawn}: {}\n  {}", measures(outline.measures.as_ref()), outline.name)
}

/// What a model suggests, how sure it is, and what came of it.
pub(in crate::cli) fn suggestion(suggestion: &Suggestion) -> String {
    let state = match suggestion.state() {
        SuggestionState::Confirmed => "taken over",
        SuggestionState::Redrawn => "redrawn",
        SuggestionState::Discarded => "discarded",
        SuggestionState::Open | SuggestionState::Unspecified => "nobody has decided",
    };
    format!(
        "suggested by {} (agreement expected: {:.2}), {state}: {}\n  {}",
        suggestion.model_version,
        suggestion.confidence,
        measures(suggestion.measures.as_ref()),
        suggestion.name
    )
}

fn measures(measures: Option<&Measures>) -> String {
    let Some(measures) = measures else { return "not measured".to_owned() };
    let Some(area) = measures.area_mm2 else { return format!("{:.0} pixels, no scale", measures.area_px) };
    let method = match measures.method() {
        MeasureMethod::Marker => "by the marker",
        MeasureMethod::TwoPoints => "by two points",
        MeasureMethod::Unspecified => "without a scale",
    };
    let side = |value: Option<f64>| value.map_or("?".to_owned(), |mm| format!("{mm:.0}"));
    let within = measures.area_uncertainty_mm2.map(|one| format!(" ± {:.2}", 2.0 * one / 100.0)).unwrap_or_default();
    format!("{:.2}{within} cm², {} × {} mm, {method}", area / 100.0, side(measures.length_mm), side(measures.width_mm))
}
