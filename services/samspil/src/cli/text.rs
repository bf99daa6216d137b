//! What a person reads: the message in a few calm lines, and its full name on a line of its own, to copy.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Copenhagen;
use prost_types::Timestamp;
use samspil_proto::{
    careplan::v1::{Activity, ActivityState, CarePlan},
    common::v1::{Actor, Coding},
    directory::v1::{Citizen, Consent, ConsentState, Organisation},
    time,
    wound::v1::{
        Answer, Assessment, AssessmentPriority, AssessmentState, Findings, Laterality, Message, Photo, PhotoState,
        Quality, Visit, VisitState, Wound, WoundState,
    },
};

use super::parse::word;

mod access;
mod outline;
mod safety;

pub(super) use access::{access_check, emergency_access};
pub(super) use outline::{outline, suggestion};
pub(super) use safety::{flag, score};

/// A time as the clock on the wall shows it.
pub(super) fn at(time: DateTime<Utc>) -> String {
    time.with_timezone(&Copenhagen).format("%-d %b %Y %H:%M").to_string()
}

pub(super) fn when(wire: Option<&Timestamp>) -> String {
    wire.and_then(time::from_wire).map_or_else(|| "–".to_owned(), at)
}

fn who(actor: Option<&Actor>) -> String {
    match actor {
        None => "–".to_owned(),
        Some(actor) if actor.display_name.is_empty() => actor.organisation.clone(),
        Some(actor) => actor.display_name.clone(),
    }
}

fn code(coding: Option<&Coding>) -> String {
    match coding {
        None => "–".to_owned(),
        Some(coding) if coding.display.is_empty() => coding.code.clone(),
        Some(coding) => format!("{} ({})", coding.display, coding.code),
    }
}

/// The words of an enum: `wound edge: rolled` without the prefix and the hyphens.
fn words(name: &str, prefix: &str) -> String {
    match word(name, prefix).replace('-', " ").as_str() {
        "unspecified" => "–".to_owned(),
        words => words.to_owned(),
    }
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

pub(super) fn citizen(citizen: &Citizen) -> String {
    let born = if citizen.birth_date.is_empty() { String::new() } else { format!(", born {}", citizen.birth_date) };
    format!("{}{born}, municipality {}\n  {}", citizen.display_name, citizen.municipality_code, citizen.name)
}

pub(super) fn consent(consent: &Consent) -> String {
    let state = match consent.state() {
        ConsentState::Withdrawn => format!("withdrawn {}", when(consent.withdraw_time.as_ref())),
        _ => "stands".to_owned(),
    };
    let shared = consent.organisations.join(", ");
    let given = when(consent.given_time.as_ref());
    format!("consent of {given}, {state}, document {}\n  shared by {shared}\n  {}", consent.document, consent.name)
}

pub(super) fn organisation(organisation: &Organisation) -> String {
    let kind = words(organisation.kind().as_str_name(), "ORGANISATION_KIND_");
    format!("{} ({kind})\n  {}", organisation.display_name, organisation.name)
}

pub(super) fn wound(wound: &Wound) -> String {
    let kind = words(wound.r#type().as_str_name(), "WOUND_TYPE_");
    let (_, kind) = kind.split_once(' ').unwrap_or(("", &kind));
    let mut text = format!("{kind} wound, {}", code(wound.body_site.as_ref()));
    if wound.laterality() != Laterality::Unspecified {
        let _ = write!(text, ", {}", words(wound.laterality().as_str_name(), "LATERALITY_"));
    }
    if !wound.label.is_empty() {
        let _ = write!(text, " – {}", wound.label);
    }
    text.push('\n');
    if !wound.onset_date.is_empty() {
        let _ = writeln!(text, "  since {}", wound.onset_date);
    }
    let opened = when(wound.create_time.as_ref());
    if wound.state() == WoundState::Closed {
        let reason = words(wound.close_reason().as_str_name(), "WOUND_CLOSE_REASON_");
        let _ = writeln!(text, "  opened {opened}, closed: {reason}");
    } else {
        let _ = writeln!(text, "  opened {opened} by {}", who(wound.opened_by.as_ref()));
    }
    if wound.next_photo_due_time.is_some() {
        let _ = writeln!(text, "  next photos due {}", when(wound.next_photo_due_time.as_ref()));
    }
    let _ = write!(text, "  {}", wound.name);
    text
}

pub(super) fn visit(visit: &Visit) -> String {
    let state = match visit.state() {
        VisitState::Complete => "complete",
        _ => "open",
    };
    let time = when(visit.visit_time.as_ref());
    let mut text = format!("visit of {time} by {}, {state}\n", who(visit.recorded_by.as_ref()));
    text += &indent(&findings(visit.findings.as_ref().unwrap_or(&Findings::default())));
    for photo in &visit.photos {
        text += &indent(&self::photo(photo));
    }
    let _ = write!(text, "  {}", visit.name);
    text
}

/// What was found, a line each; nothing for what was not assessed.
fn findings(findings: &Findings) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        if !value.is_empty() && value != "–" {
            let _ = writeln!(text, "{name}: {value}");
        }
    };
    let sizes = [("long", findings.length_mm), ("wide", findings.width_mm), ("deep", findings.depth_mm)];
    let sizes = sizes.into_iter().filter_map(|(name, size)| Some(format!("{} mm {name}", size?)));
    line("size", sizes.collect::<Vec<_>>().join(", "));
    let tissue = findings.tissue.iter();
    let tissue =
        tissue.map(|share| format!("{} {} %", words(share.r#type().as_str_name(), "TISSUE_TYPE_"), share.percent));
    line("bed", tissue.collect::<Vec<_>>().join(", "));
    let exudate = [
        words(findings.exudate_amount().as_str_name(), "EXUDATE_AMOUNT_"),
        words(findings.exudate_type().as_str_name(), "EXUDATE_TYPE_"),
    ];
    line("exudate", exudate.into_iter().filter(|word| word != "–").collect::<Vec<_>>().join(", "));
    line("edge", words(findings.edge().as_str_name(), "WOUND_EDGE_"));
    let skin = findings.surrounding_skin().map(|skin| words(skin.as_str_name(), "SURROUNDING_SKIN_"));
    line("skin around", skin.collect::<Vec<_>>().join(", "));
    line("odour", words(findings.odour().as_str_name(), "ODOUR_"));
    line("pain", findings.pain.map(|pain| format!("{pain} of 10")).unwrap_or_default());
    let signs = findings.infection_signs().map(|sign| words(sign.as_str_name(), "INFECTION_SIGN_"));
    line("infection", signs.collect::<Vec<_>>().join(", "));
    let undermining = findings.undermining.iter().map(|under| match under.from_clock == under.to_clock {
        true => format!("tunnel at {} o'clock, {} mm", under.from_clock, under.length_mm),
        false => format!("{} to {} o'clock, {} mm", under.from_clock, under.to_clock, under.length_mm),
    });
    line("undermining", undermining.collect::<Vec<_>>().join("; "));
    line("dressing", findings.dressing.clone());
    line("note", findings.note.clone());
    text
}

pub(super) fn photo(photo: &Photo) -> String {
    let taken = when(photo.capture_time.as_ref());
    let mut text = match photo.state() {
        PhotoState::Stored => format!("photo of {taken}, {} × {} px", photo.width_px, photo.height_px),
        PhotoState::Refused => {
            format!("photo of {taken}, refused: {} ({})", photo.refusal_message, photo.refusal_reason)
        }
        PhotoState::Withdrawn => format!("photo of {taken}, withdrawn"),
        PhotoState::Announced | PhotoState::Unspecified => format!("photo of {taken}, not here yet"),
    };
    if let Some(marker) = &photo.marker {
        let _ = write!(text, "\n  marker {}, camera aslant by {:.0}°", marker.number, marker.tilt_degrees);
    }
    for warning in warnings(photo.quality.as_ref()) {
        let _ = write!(text, "\n  {warning}");
    }
    let _ = write!(text, "\n  {}", photo.name);
    text
}

/// Each warning in both languages.
pub(super) fn warnings(quality: Option<&Quality>) -> Vec<String> {
    let warnings = quality.iter().flat_map(|quality| &quality.warnings);
    warnings.map(|warning| self::warning(&warning.code, &warning.advice_da, &warning.advice_en)).collect()
}

pub(super) fn warning(code: &str, danish: &str, english: &str) -> String {
    format!("! {code}: {danish} / {english}")
}

/// One line of a queue and its name.
pub(super) fn queued(assessment: &Assessment) -> String {
    let urgent = if assessment.priority() == AssessmentPriority::Urgent { "URGENT, " } else { "" };
    let holder = assessment.claim.as_ref().map(|claim| format!(", with {}", who(claim.holder.as_ref())));
    let question: String = assessment.question.lines().next().unwrap_or_default().chars().take(80).collect();
    let state = words(assessment.state().as_str_name(), "ASSESSMENT_STATE_");
    format!("{urgent}{}, {state}{}: {question}\n  {}", clock(assessment), holder.unwrap_or_default(), assessment.name)
}

fn clock(assessment: &Assessment) -> String {
    assessment.clock.as_ref().map_or_else(|| "no clock".to_owned(), safety::clock)
}

/// A question with everything that was said to it.
pub(super) fn assessment(assessment: &Assessment) -> String {
    let state = words(assessment.state().as_str_name(), "ASSESSMENT_STATE_");
    let urgent = if assessment.priority() == AssessmentPriority::Urgent { ", urgent" } else { "" };
    let mut text = format!("question, {state}{urgent}, {}\n", clock(assessment));
    let asked = when(assessment.create_time.as_ref());
    let _ = writeln!(text, "  {asked} {}:", who(assessment.requested_by.as_ref()));
    text += &indent(&indent(&assessment.question));
    for more in &assessment.more_requests {
        let _ = writeln!(text, "  {} {} asks for more:", when(more.ask_time.as_ref()), who(more.asked_by.as_ref()));
        text += &indent(&indent(&more.question));
        if more.supply_time.is_some() {
            let _ = writeln!(text, "  {} supplied:", when(more.supply_time.as_ref()));
            text += &indent(&indent(&more.reply));
        }
    }
    for answer in &assessment.answers {
        text += &indent(&self::answer(answer));
    }
    if assessment.state() == AssessmentState::Closed && !assessment.close_reason.is_empty() {
        let _ = writeln!(text, "  closed: {}", assessment.close_reason);
    }
    if let Some(claim) = &assessment.claim {
        let _ = writeln!(text, "  with {} until {}", who(claim.holder.as_ref()), when(claim.expire_time.as_ref()));
    }
    let _ = write!(text, "  {}", assessment.name);
    text
}

fn answer(answer: &Answer) -> String {
    let signed = when(answer.sign_time.as_ref());
    let mut text = format!("{signed} {} answers, version {}", who(answer.signed_by.as_ref()), answer.version);
    match answer.amend_reason.as_str() {
        "" => text.push_str(":\n"),
        reason => {
            let _ = writeln!(text, ", since {reason}:");
        }
    }
    if answer.diagnosis.is_some() {
        let _ = writeln!(text, "  diagnosis: {}", code(answer.diagnosis.as_ref()));
    }
    text += &indent(&answer.findings);
    for line in &answer.plan {
        let due = if line.due_days > 0 { format!(" (within {} days)", line.due_days) } else { String::new() };
        let _ = writeln!(text, "  - {}{due}", line.text);
    }
    let days = if answer.next_photo_days == 0 { 14 } else { answer.next_photo_days };
    let _ = writeln!(text, "  next photos in {days} days");
    if answer.call_in {
        text.push_str("  the patient is called in to the hospital\n");
    }
    text
}

pub(super) fn message(message: &Message) -> String {
    let written = when(message.create_time.as_ref());
    format!("{written} {}:\n{}  {}", who(message.author.as_ref()), indent(&message.text), message.name)
}

pub(super) fn plan(plan: &CarePlan) -> String {
    let mut text = match plan.activities.len() {
        0 => "nothing is planned\n".to_owned(),
        _ => plan.activities.iter().map(|activity| format!("{}\n", self::activity(activity))).collect(),
    };
    for goal in &plan.goals {
        let _ = writeln!(text, "goal: {}\n  {}", goal.description, goal.name);
    }
    for note in &plan.notes {
        let _ = writeln!(text, "note: {}\n  {}", note.text, note.name);
    }
    if !plan.paused.is_empty() {
        let _ = writeln!(text, "the municipality's part stands still: {}", words(&plan.paused, ""));
    }
    let _ = write!(text, "{}", plan.name);
    text
}

pub(super) fn activity(activity: &Activity) -> String {
    let state = match activity.state() {
        ActivityState::Proposed => "proposed, waits for a yes".to_owned(),
        state => words(state.as_str_name(), "ACTIVITY_STATE_"),
    };
    let due = match (&activity.clock, &activity.due_time) {
        (Some(clock), _) => format!(", {}", safety::clock(clock)),
        (None, Some(due)) => format!(", due {}", when(Some(due))),
        (None, None) => String::new(),
    };
    let mut text = format!("{} – {state}{due}\n", activity.description);
    if let Some(again) = &activity.recurrence {
        let unit = words(again.unit().as_str_name(), "RECURRENCE_UNIT_");
        let _ = writeln!(text, "  every {} {unit}s, now for the {}. time", again.every, activity.occurrence);
    }
    let _ = writeln!(text, "  for {}, proposed by {}", activity.owner, who(activity.proposed_by.as_ref()));
    if !activity.outcome.is_empty() {
        let _ = writeln!(text, "  {}: {}", who(activity.decided_by.as_ref()), activity.outcome);
    }
    let _ = write!(text, "  {}", activity.name);
    text
}

#[cfg(test)]
mod tests {
    use samspil_proto::wound::v1::{TissueShare, TissueType, WoundType};

    use super::*;

    #[test]
    fn times_are_those_of_the_clock_on_the_wall() {
        assert_eq!(at("2026-07-01T10:00:00Z".parse().unwrap()), "1 Jul 2026 12:00");
        assert_eq!(when(None), "–");
    }

    #[test]
    fn a_wound_reads_as_a_nurse_says_it() {
        let wound = Wound {
            name: "patients/p/wounds/w".to_owned(),
            r#type: WoundType::Ts2DiabeticFoot.into(),
            body_site: Some(Coding { code: "84607009".to_owned(), display: "heel".to_owned(), ..Coding::default() }),
            laterality: Laterality::Left.into(),
            label: "inderside".to_owned(),
            ..Wound::default()
        };
        let text = self::wound(&wound);
        assert!(text.starts_with("diabetic foot wound, heel (84607009), left – inderside\n"), "{text}");
        assert!(text.ends_with("\n  patients/p/wounds/w"), "{text}");
    }

    #[test]
    fn only_what_was_assessed_is_shown() {
        let seen = Findings {
            length_mm: Some(32),
            tissue: vec![TissueShare { r#type: TissueType::Slough.into(), percent: 40 }],
            pain: Some(0),
            ..Findings::default()
        };
        assert_eq!(findings(&seen), "size: 32 mm long\nbed: slough 40 %\npain: 0 of 10\n");
        assert_eq!(findings(&Findings::default()), "");
    }
}
