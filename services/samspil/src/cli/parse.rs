//! What a person types, as the contract has it.

use std::{io::BufRead as _, str::FromStr as _};

use anyhow::{Context as _, Result};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Europe::Copenhagen;
use samspil_proto::{
    common::v1::Coding,
    wound::v1::{
        AssessmentPriority, ExudateAmount, ExudateType, InfectionSign, Laterality, Odour, PlanLine, SurroundingSkin,
        TissueShare, TissueType, Undermining, WoundCloseReason, WoundEdge, WoundType,
    },
};

/// SNOMED CT, which a code belongs to unless another terminology is named.
pub(super) const SNOMED: &str = "http://snomed.info/sct";

/// The words of an enum of the contract, without the prefix: `WOUND_EDGE_ROLLED` is `rolled`.
pub(super) fn word(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase().replace('_', "-")
}

macro_rules! words {
    ($($function:ident: $enum:ident, $prefix:literal;)*) => {$(
        /// One of the enum's words.
        pub(super) fn $function(text: &str) -> Result<$enum, String> {
            let all = (1..64).filter_map(|number| $enum::try_from(number).ok());
            let words: Vec<_> = all.map(|value| (word(value.as_str_name(), $prefix), value)).collect();
            let found = words.iter().find(|(word, _)| matches(word, text));
            found.map(|(_, value)| *value).ok_or_else(|| {
                let words: Vec<_> = words.iter().map(|(word, _)| word.as_str()).collect();
                format!("one of {}", words.join(", "))
            })
        }
    )*};
}

words! {
    wound_type: WoundType, "WOUND_TYPE_";
    side: Laterality, "LATERALITY_";
    close_reason: WoundCloseReason, "WOUND_CLOSE_REASON_";
    priority: AssessmentPriority, "ASSESSMENT_PRIORITY_";
    tissue_type: TissueType, "TISSUE_TYPE_";
    exudate_amount: ExudateAmount, "EXUDATE_AMOUNT_";
    exudate_type: ExudateType, "EXUDATE_TYPE_";
    edge: WoundEdge, "WOUND_EDGE_";
    skin: SurroundingSkin, "SURROUNDING_SKIN_";
    odour: Odour, "ODOUR_";
    infection: InfectionSign, "INFECTION_SIGN_";
}

/// The word itself, or one side of `ts6-pressure`.
fn matches(word: &str, text: &str) -> bool {
    let text = text.to_lowercase().replace('_', "-");
    word == text
        || word.starts_with("ts") && word.split_once('-').is_some_and(|(code, kind)| code == text || kind == text)
}

/// `granulation=60`
pub(super) fn tissue(text: &str) -> Result<TissueShare, String> {
    let (kind, percent) = text.split_once('=').ok_or("such as granulation=60")?;
    let percent = percent.trim_end_matches('%').parse().ok().filter(|percent| (0..=100).contains(percent));
    Ok(TissueShare { r#type: tissue_type(kind)?.into(), percent: percent.ok_or("0 to 100 per cent")? })
}

/// `2-5=12`: from 2 to 5 o'clock, 12 mm deep; `6=20` is a tunnel.
pub(super) fn undermining(text: &str) -> Result<Undermining, String> {
    let wrong = || "such as 2-5=12, from 2 to 5 o'clock 12 mm deep".to_owned();
    let (clock, length) = text.split_once('=').ok_or_else(wrong)?;
    let (from, to) = clock.split_once('-').unwrap_or((clock, clock));
    let number = |text: &str| text.trim_end_matches("mm").parse::<i32>().map_err(|_| wrong());
    Ok(Undermining { from_clock: number(from)?, to_clock: number(to)?, length_mm: number(length)? })
}

/// `text@days`, or a text without a time.
pub(super) fn plan_line(text: &str) -> Result<PlanLine, String> {
    let timed = text.rsplit_once('@').and_then(|(text, days)| Some((text, days.trim().parse().ok()?)));
    let (text, due_days) = timed.unwrap_or((text, 0));
    Ok(PlanLine { text: text.trim().to_owned(), due_days })
}

/// `[SYSTEM|]CODE[=DISPLAY]`, of SNOMED CT when no system is named.
pub(super) fn coding(text: &str) -> Result<Coding, String> {
    let (system, rest) = text.split_once('|').unwrap_or((SNOMED, text));
    let (code, display) = rest.split_once('=').unwrap_or((rest, ""));
    let [system, code, display] = [system, code, display].map(|part| part.trim().to_owned());
    if code.is_empty() {
        return Err("such as 399912005=pressure ulcer".to_owned());
    }
    Ok(Coding { system, code, display })
}

/// `2026-11-21`, `2026-11-21T13:45` as the clock on the wall shows it, or with an offset.
pub(super) fn time(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
        .ok()
        .or_else(|| NaiveDate::from_str(text).ok()?.and_hms_opt(12, 0, 0));
    let time = wall.and_then(|wall| Copenhagen.from_local_datetime(&wall).earliest());
    time.map(|time| time.to_utc()).ok_or_else(|| "such as 2026-11-21 or 2026-11-21T13:45".to_owned())
}

/// A person number, read from the standard input for `-`, so that it need not stand in a command line that others can see.
pub(super) fn person_number(text: String) -> Result<String> {
    if text != "-" {
        return Ok(text);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("failed to read the person number")?;
    Ok(line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wound_type_is_told_by_code_or_kind() {
        for text in ["pressure", "ts6", "TS6-pressure", "TS6_PRESSURE"] {
            assert_eq!(wound_type(text), Ok(WoundType::Ts6Pressure), "{text}");
        }
        assert_eq!(wound_type("diabetic-foot"), Ok(WoundType::Ts2DiabeticFoot));
        assert!(wound_type("foot").unwrap_err().contains("ts6-pressure"));
        assert!(wound_type("unspecified").is_err());
    }

    #[test]
    fn a_plan_line_may_have_a_time_and_an_at_sign() {
        assert_eq!(plan_line("Aflast hælen @ 3"), Ok(PlanLine { text: "Aflast hælen".to_owned(), due_days: 3 }));
        assert_eq!(plan_line("skriv til a@b.dk"), Ok(PlanLine { text: "skriv til a@b.dk".to_owned(), due_days: 0 }));
    }

    #[test]
    fn a_code_is_of_snomed_unless_another_terminology_is_named() {
        let pressure = coding("399912005=pressure ulcer").unwrap();
        assert_eq!((pressure.system.as_str(), pressure.display.as_str()), (SNOMED, "pressure ulcer"));
        assert_eq!(coding("urn:oid:1.2|DL89").unwrap().system, "urn:oid:1.2");
        assert!(coding("=nothing").is_err());
    }

    #[test]
    fn a_time_on_the_wall_is_danish_time() {
        assert_eq!(time("2026-07-01T12:00").unwrap().to_rfc3339(), "2026-07-01T10:00:00+00:00");
        assert_eq!(time("2026-12-01").unwrap().to_rfc3339(), "2026-12-01T11:00:00+00:00");
        assert!(time("yesterday").is_err());
    }

    #[test]
    fn tissue_and_undermining_are_read() {
        assert_eq!(tissue("slough=40%"), Ok(TissueShare { r#type: TissueType::Slough.into(), percent: 40 }));
        assert!(tissue("slough=140").is_err());
        assert_eq!(undermining("2-5=12mm"), Ok(Undermining { from_clock: 2, to_clock: 5, length_mm: 12 }));
        assert_eq!(undermining("6=20").unwrap().to_clock, 6);
    }
}
