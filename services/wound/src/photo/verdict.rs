//! What is said of a photo's quality: of the whole by the image steps, of the wound once a model has found it.

use samspil_imaging::{Processed, Refusal, Warning, WoundQuality};
use samspil_proto::wound::v1 as pb;

use super::marker;

pub(super) fn of(processed: &Processed, expect_marker: bool) -> pb::Quality {
    let found = &processed.quality;
    let seen = found.warnings.iter().copied().map(to_wire);
    pb::Quality {
        warnings: seen.chain(marker::warnings(&processed.marker, expect_marker)).collect(),
        sharpness: found.sharpness,
        mean_luma: found.mean_luma,
        clipped_dark: found.clipped_dark,
        clipped_bright: found.clipped_bright,
        megapixels: found.megapixels,
        steps_version: samspil_imaging::version().to_owned(),
        wound: None,
    }
}

/// A file that is whole by its structure and yet cannot be decoded. It is kept, since it is what the nurse sent; she is told.
pub(super) fn damaged(refusal: &Refusal) -> pb::Quality {
    tracing::warn!(reason = refusal.reason(), "a stored photo cannot be decoded");
    let warning = pb::QualityWarning {
        code: super::DAMAGED.to_owned(),
        advice_da: "Billedet kan ikke vises. Tag et nyt.".to_owned(),
        advice_en: "The photo cannot be shown. Take another.".to_owned(),
    };
    pb::Quality {
        warnings: vec![warning],
        steps_version: samspil_imaging::version().to_owned(),
        ..pb::Quality::default()
    }
}

/// The photo's verdict with what is found of the wound, in place of what was found of it before. What is said of the whole
/// photo is not said of the wound again.
pub(crate) fn with_wound(photo: pb::Quality, wound: Option<&WoundQuality>, model_version: &str) -> pb::Quality {
    let mut warnings = photo.warnings;
    warnings.retain(|warning| !is_of_wound(&warning.code));
    for warning in wound.iter().flat_map(|wound| wound.warnings.iter().copied()) {
        let is_said = |whole: Warning| warnings.iter().any(|said| said.code == whole.code());
        if !warning.of_the_whole().is_some_and(is_said) {
            warnings.push(to_wire(warning));
        }
    }
    let wound = wound.map(|wound| pb::WoundQuality {
        sharpness: wound.sharpness,
        mean_luma: wound.mean_luma,
        clipped_dark: wound.clipped_dark,
        clipped_bright: wound.clipped_bright,
        share: wound.share,
        shorter_side_px: wound.shorter_side_px,
        model_version: model_version.to_owned(),
        steps_version: samspil_imaging::version().to_owned(),
    });
    pb::Quality { warnings, wound, ..photo }
}

fn is_of_wound(code: &str) -> bool {
    code.starts_with("WOUND_")
}

fn to_wire(warning: Warning) -> pb::QualityWarning {
    pb::QualityWarning {
        code: warning.code().to_owned(),
        advice_da: warning.advice_da().to_owned(),
        advice_en: warning.advice_en().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wound(warnings: &[Warning]) -> WoundQuality {
        WoundQuality {
            sharpness: 5.0,
            mean_luma: 40.0,
            clipped_dark: 0.0,
            clipped_bright: 0.0,
            share: 0.01,
            shorter_side_px: 300.0,
            warnings: warnings.to_vec(),
        }
    }

    fn photo(warnings: &[Warning]) -> pb::Quality {
        pb::Quality { warnings: warnings.iter().copied().map(to_wire).collect(), ..pb::Quality::default() }
    }

    fn codes(quality: &pb::Quality) -> Vec<&str> {
        quality.warnings.iter().map(|warning| warning.code.as_str()).collect()
    }

    #[test]
    fn what_is_said_of_the_whole_is_not_said_of_the_wound_again() {
        let found = wound(&[Warning::WoundBlurred, Warning::WoundTooDark, Warning::WoundTooSmall]);
        let quality = with_wound(photo(&[Warning::Blurred, Warning::TooSmall]), Some(&found), "one");
        assert_eq!(codes(&quality), ["BLURRED", "TOO_SMALL", "WOUND_TOO_DARK", "WOUND_TOO_SMALL"]);
    }

    #[test]
    fn a_later_look_replaces_what_was_said_of_the_wound_and_no_more() {
        let before = with_wound(photo(&[Warning::TooSmall]), Some(&wound(&[Warning::WoundBlurred])), "one");
        let after = with_wound(before, Some(&wound(&[Warning::WoundTooDark])), "two");
        assert_eq!(codes(&after), ["TOO_SMALL", "WOUND_TOO_DARK"]);
        assert_eq!(after.wound.as_ref().unwrap().model_version, "two");
        let without = with_wound(after, None, "three");
        assert_eq!((codes(&without), without.wound.is_some()), (vec!["TOO_SMALL"], false));
    }

    #[test]
    fn the_warnings_of_the_wound_are_known_by_their_codes() {
        let found = Warning::ALL.iter().filter(|warning| is_of_wound(warning.code())).count();
        assert_eq!(found, 4);
    }
}
