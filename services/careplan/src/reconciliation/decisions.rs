//! Decisions on differences: which can be made, and which still stand when a list is put in anew.

use samspil_kit::validate::Violation;
use samspil_proto::careplan::v1::{
    Difference, DifferenceDecision, LineReference, MedicationLine, MedicationList, difference_decision::Outcome,
};

use super::{differences, lines};

/// What is wrong with a decision, whatever it is about, besides what the contract's annotations say.
pub(super) fn violations(decision: &DifferenceDecision) -> Vec<Violation> {
    match &decision.outcome {
        Some(Outcome::Other(line)) => lines::line_violations("decision.other", line),
        Some(Outcome::Stop(false)) => {
            vec![violation("stop", "must be true; what is not stopped is kept, or is another")]
        }
        _ => vec![],
    }
}

/// What is wrong with a decision on one of these differences.
pub(super) fn misplaced(
    lists: &[MedicationList],
    differences: &[Difference],
    difference: &Difference,
    decision: &DifferenceDecision,
) -> Option<Violation> {
    match &decision.outcome {
        Some(Outcome::Keep(line)) if !difference.lines.contains(line) => {
            Some(violation("keep", "must be one of the difference's lines"))
        }
        Some(Outcome::Other(line)) if is_elsewhere(lists, differences, difference, line) => Some(violation(
            "other",
            "must not be a product and strength that another line or decision has: the agreed list would have it twice",
        )),
        _ => None,
    }
}

/// What the lists do not agree on now, with the decisions that still stand. A decision stands as long as its difference has the
/// same lines, however these are numbered. One for something that was on no list falls when it comes onto one.
pub(super) fn carry(before: &[MedicationList], decided: &[Difference], lists: &[MedicationList]) -> Vec<Difference> {
    let mut now = differences::differences(lists);
    for index in 0..now.len() {
        let earlier = decided.iter().find(|earlier| earlier.difference_id == now[index].difference_id);
        let Some(mut decision) = earlier.and_then(|earlier| earlier.decision.clone()) else { continue };
        if let Some(Outcome::Keep(kept)) = &mut decision.outcome {
            let says = find(before, kept).map(content);
            let same = now[index].lines.iter().filter(|line| line.list == kept.list);
            let same = same.filter(|line| find(lists, line).map(content) == says);
            // The id is made from what the lines say, so one of them says this; a double has it twice.
            let Some(again) = same.min_by_key(|line| line.line_id != kept.line_id) else { continue };
            *kept = again.clone();
        }
        if misplaced(lists, &now, &now[index], &decision).is_none() {
            now[index].decision = Some(decision);
        }
    }
    now
}

/// The line that a reference leads to.
pub(super) fn find<'a>(lists: &'a [MedicationList], reference: &LineReference) -> Option<&'a MedicationLine> {
    let list = lists.iter().find(|list| list.kind == reference.list)?;
    list.lines.iter().find(|line| line.line_id == reference.line_id)
}

/// Whether a line would be a double of one that another unit or another decision puts on the agreed list.
fn is_elsewhere(
    lists: &[MedicationList],
    differences: &[Difference],
    difference: &Difference,
    line: &MedicationLine,
) -> bool {
    let own = |list: &MedicationList, other: &MedicationLine| {
        difference.lines.iter().any(|own| own.list == list.kind && own.line_id == other.line_id)
    };
    let on_a_list =
        lists.iter().any(|list| list.lines.iter().any(|other| lines::is_double(line, other) && !own(list, other)));
    let decided = differences.iter().filter(|other| other.difference_id != difference.difference_id);
    let mut decided = decided.filter_map(|other| other.decision.as_ref()?.outcome.as_ref());
    on_a_list || decided.any(|outcome| matches!(outcome, Outcome::Other(other) if lines::is_double(line, other)))
}

fn content(line: &MedicationLine) -> MedicationLine {
    MedicationLine { line_id: String::new(), ..line.clone() }
}

fn violation(field: &str, description: &str) -> Violation {
    Violation {
        field: format!("decision.{field}"),
        rule: format!("difference_decision.{field}"),
        description: description.to_owned(),
    }
}
