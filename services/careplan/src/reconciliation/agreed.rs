//! The one list that all agree on in the end, and where each of its lines comes from.

use samspil_proto::careplan::v1::{
    AgreedLine, Difference, DifferenceDecision, LineReference, MedicationLine, MedicationList, MedicationListKind,
    difference_decision::Outcome,
};

use super::{
    decisions::find,
    differences::{self, Entry, Unit},
    lines,
};

/// The agreed list. Its lines are numbered from 1, in the order of the ATC codes.
///
/// # Errors
/// With the ids of the differences that nobody has decided on.
pub(super) fn agreed(lists: &[MedicationList], differences: &[Difference]) -> Result<Vec<AgreedLine>, Vec<String>> {
    let (mut agreed, mut open) = (Vec::new(), Vec::new());
    for unit in differences::units(lists) {
        let Some(difference) = unit.difference() else {
            agreed.extend(unanimous(&unit));
            continue;
        };
        let id = difference.difference_id;
        let decided = differences.iter().find(|decided| decided.difference_id == id);
        match decided.and_then(|decided| decided.decision.as_ref()) {
            Some(decision) => agreed.extend(by_decision(lists, &unit, id, decision)),
            None => open.push(id),
        }
    }
    if !open.is_empty() {
        return Err(open);
    }
    for (number, line) in (1..).zip(&mut agreed) {
        line.line.get_or_insert_default().line_id = i32::to_string(&number);
    }
    Ok(agreed)
}

/// A line that every list has, in the words of the newest one.
fn unanimous(unit: &Unit<'_>) -> Option<AgreedLine> {
    let in_words_of = |entry: &&Entry<'_>| match entry.list {
        MedicationListKind::Discharge => 0,
        MedicationListKind::Municipality => 1,
        MedicationListKind::GeneralPractice => 2,
        MedicationListKind::BeforeAdmission | MedicationListKind::Unspecified => 3,
    };
    let line = unit.entries.iter().min_by_key(in_words_of)?.line;
    Some(AgreedLine { line: Some(line.clone()), sources: sources(unit, line), ..AgreedLine::default() })
}

/// What a decision puts on the list, if it puts anything there.
fn by_decision(
    lists: &[MedicationList],
    unit: &Unit<'_>,
    difference: String,
    decision: &DifferenceDecision,
) -> Option<AgreedLine> {
    let line = match decision.outcome.as_ref()? {
        Outcome::Keep(reference) => find(lists, reference)?,
        Outcome::Other(line) => line,
        Outcome::Stop(_) => return None,
    };
    Some(AgreedLine {
        line: Some(line.clone()),
        sources: sources(unit, line),
        difference_ids: vec![difference],
        decided_by: decision.decided_by.clone(),
        decide_time: decision.decide_time,
        reason: decision.reason.clone(),
    })
}

fn sources(unit: &Unit<'_>, line: &MedicationLine) -> Vec<LineReference> {
    let same = unit.entries.iter().filter(|entry| lines::says_the_same(entry.line, line));
    same.map(Entry::reference).collect()
}
