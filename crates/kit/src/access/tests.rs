//! Every rule, as a table: what is known, and what comes of it.

use chrono::TimeDelta;

use super::*;

const NOW: DateTime<Utc> = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
const PATIENT: Uuid = Uuid::from_u128(7);
const BLOCK: Uuid = Uuid::from_u128(8);

const NURSE: Asker<'static> = Asker { person: "anna", organisation: "766", role: "nurse", patient: None };

/// The facts of a line of the table, in words.
fn facts(words: &str) -> Facts {
    let mut facts = Facts { patient: PATIENT, ..Facts::default() };
    for word in words.split_whitespace() {
        let hour = TimeDelta::hours(1);
        let block = |kind| Block { block_id: BLOCK, kind, target: String::new(), begin_time: NOW, end_time: None };
        let emergency = |from: TimeDelta, to: TimeDelta| Emergency {
            emergency_id: Uuid::from_u128(9),
            person: "anna".to_owned(),
            reason: "found on the floor".to_owned(),
            begin_time: NOW + from,
            end_time: NOW + to,
        };
        let relations = &mut facts.relations;
        match word {
            "consent" => relations.consents.push(Uuid::from_u128(6)),
            "own" => facts.own_municipality = Some(true),
            "hospital" => facts.hospital = true,
            "other" => facts.own_municipality = Some(false),
            "blocked" => relations.blocks.push(block(BlockKind::Everybody)),
            "blocked-person" => relations.blocks.push(block(BlockKind::Person)),
            "blocked-place" => relations.blocks.push(block(BlockKind::Organisation)),
            "blocked-later" => relations.blocks.push(Block { begin_time: NOW + hour, ..block(BlockKind::Everybody) }),
            "blocked-before" => {
                let begin_time = NOW - hour;
                relations.blocks.push(Block { begin_time, end_time: Some(NOW), ..block(BlockKind::Everybody) });
            }
            "glass" => relations.emergencies.push(emergency(-hour, hour)),
            "glass-over" => relations.emergencies.push(emergency(-hour, TimeDelta::zero())),
            "glass-later" => relations.emergencies.push(emergency(hour, hour * 2)),
            other => panic!("no fact is called {other}"),
        }
    }
    facts
}

fn outcome(asker: Asker<'_>, words: &str, purpose: Purpose) -> &'static str {
    match decide(asker, &facts(words), purpose, NOW).outcome {
        Ok(basis) => basis.name(),
        Err(Cause::NoRelation) => "no relation",
        Err(Cause::Blocked(BLOCK)) => "blocked",
        Err(Cause::Blocked(_)) => "blocked by another",
    }
}

#[test]
fn care_stands_on_the_strongest_of_what_is_there() {
    for (words, expected) in [
        // Nothing, and what lets in.
        ("", "no relation"),
        ("consent", "CONSENT"),
        ("own", "MUNICIPALITY"),
        ("other", "no relation"),
        ("own consent", "CONSENT"),
        ("other consent", "CONSENT"),
        // A block keeps out whoever would be let in, while it holds.
        ("consent blocked", "blocked"),
        ("consent blocked-person", "blocked"),
        ("consent blocked-place", "blocked"),
        ("own blocked", "blocked"),
        ("consent blocked-later", "CONSENT"),
        ("consent blocked-before", "CONSENT"),
        // Whoever has no relation is told of no block.
        ("blocked", "no relation"),
        ("other blocked-person", "no relation"),
        // An emergency passes over all of it, in its time.
        ("glass", "BREAK_GLASS"),
        ("glass blocked", "BREAK_GLASS"),
        ("glass blocked-person consent", "BREAK_GLASS"),
        ("glass consent", "BREAK_GLASS"),
        ("glass-over", "no relation"),
        ("glass-later", "no relation"),
        ("glass-over consent", "CONSENT"),
        ("glass-over blocked consent", "blocked"),
    ] {
        assert_eq!(outcome(NURSE, words, Purpose::Care), expected, "{words:?}");
    }
}

#[test]
fn wishes_are_recorded_by_the_own_municipality_alone() {
    for (words, expected) in [
        ("own", "MUNICIPALITY"),
        ("own consent", "MUNICIPALITY"),
        ("other consent", "no relation"),
        ("consent", "no relation"),
        // Somebody has to be able to lift it; not whom it names.
        ("own blocked", "MUNICIPALITY"),
        ("own blocked-place", "MUNICIPALITY"),
        ("own blocked-person", "blocked"),
        // An emergency is no wish of the citizen's.
        ("glass", "no relation"),
        ("own glass blocked-person", "blocked"),
    ] {
        assert_eq!(outcome(NURSE, words, Purpose::Record), expected, "{words:?}");
    }
}

#[test]
fn a_hospital_reports_whatever_the_citizen_wants_and_sees_nothing_by_it() {
    for words in ["hospital", "hospital blocked", "hospital other"] {
        assert_eq!(outcome(NURSE, words, Purpose::Report), "LAW", "{words:?}");
        assert_eq!(outcome(NURSE, words, Purpose::Care), "no relation", "{words:?}");
    }
    // Anybody else reports as they care.
    for (words, expected) in [("consent", "CONSENT"), ("own blocked", "blocked"), ("other", "no relation")] {
        assert_eq!(outcome(NURSE, words, Purpose::Report), expected, "{words:?}");
    }
}

#[test]
fn a_citizen_sees_her_own_and_a_service_asks_for_others() {
    let citizen = |patient| Asker { role: "citizen", person: "inger", organisation: "", patient };
    for purpose in [Purpose::Care, Purpose::Record] {
        assert_eq!(outcome(citizen(Some(PATIENT)), "blocked", purpose), "CITIZEN");
        assert_eq!(outcome(citizen(Some(Uuid::nil())), "consent own", purpose), "no relation");
        assert_eq!(outcome(citizen(None), "consent own glass", purpose), "no relation");
    }
    let service = Asker { role: "service", ..Asker::default() };
    assert_eq!(outcome(service, "blocked", Purpose::Care), "SERVICE");
    assert_eq!(outcome(service, "own", Purpose::Record), "no relation");
    // Whom somebody is counts for citizens alone: a nurse is a patient too, somewhere.
    assert_eq!(outcome(Asker { patient: Some(PATIENT), ..NURSE }, "", Purpose::Care), "no relation");
}

#[test]
fn the_access_that_lasts_longest_gives_its_reason() {
    let mut facts = facts("glass glass");
    facts.relations.emergencies[1].end_time += TimeDelta::minutes(1);
    facts.relations.emergencies[1].reason = "still on the floor".to_owned();
    assert_eq!(decide(NURSE, &facts, Purpose::Care, NOW).reason, "still on the floor");
}

#[test]
fn every_rule_that_was_asked_says_what_it_found() {
    let rules = |words| {
        let steps = decide(NURSE, &facts(words), Purpose::Care, NOW).steps;
        let said: Vec<_> = steps.iter().map(|step| format!("{}:{:?}", step.rule, step.verdict)).collect();
        assert!(steps.iter().all(|step| !step.words.is_empty()));
        said.join(" ")
    };
    assert_eq!(rules("glass consent"), "EMERGENCY:Allows");
    assert_eq!(rules("consent"), "EMERGENCY:PassesOn BLOCKS:PassesOn CONSENT:Allows");
    assert_eq!(rules("consent blocked"), "EMERGENCY:PassesOn BLOCKS:Refuses");
    assert_eq!(rules("own"), "EMERGENCY:PassesOn CONSENT:PassesOn BLOCKS:PassesOn MUNICIPALITY:Allows");
    assert_eq!(rules("other blocked"), "EMERGENCY:PassesOn CONSENT:PassesOn MUNICIPALITY:PassesOn RELATION:Refuses");
}
