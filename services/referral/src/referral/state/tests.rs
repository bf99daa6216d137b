//! The table cell by cell, and its picture.

use std::{fmt::Write as _, path::Path};

use Stage::*;

use super::*;

/// Every cell that allows something. All others refuse.
const ALLOWED: &[(Verb, &[(Stage, Stage)])] = &[
    (
        Verb::Amend,
        &[
            (Draft, Draft),
            (AwaitingApproval, AwaitingApproval),
            (Requested, Requested),
            (Received, Received),
            (HeldRequested, HeldRequested),
            (HeldReceived, HeldReceived),
        ],
    ),
    (Verb::Send, &[(Draft, Requested)]),
    (Verb::SendForApproval, &[(Draft, AwaitingApproval)]),
    (Verb::Approve, &[(AwaitingApproval, Requested)]),
    (Verb::Decline, &[(AwaitingApproval, Revoked)]),
    (Verb::Withdraw, OPEN_TO_REVOKED),
    (
        Verb::Replace,
        &[(AwaitingApproval, Revoked), (Requested, Revoked), (Received, Revoked), (Rejected, Revoked)],
    ),
    (Verb::Hold, &[(Requested, HeldRequested), (Received, HeldReceived), (Accepted, HeldAccepted)]),
    (Verb::Resume, &[(HeldRequested, Requested), (HeldReceived, Received), (HeldAccepted, Accepted)]),
    (Verb::Receive, &[(Requested, Received)]),
    (Verb::Accept, &[(Received, Accepted)]),
    (Verb::Reject, &[(Received, Rejected)]),
    (Verb::Forward, &[(Received, Requested)]),
    (Verb::ChangePriority, &[(Received, Received)]),
    (Verb::AskSupplement, &[(Received, Received)]),
    (Verb::AnswerSupplement, &[(Received, Received), (HeldReceived, HeldReceived)]),
    (Verb::Book, &[(Accepted, Accepted)]),
    (Verb::CancelBooking, &[(Accepted, Accepted), (HeldAccepted, HeldAccepted)]),
    (Verb::Complete, &[(Accepted, Completed)]),
    (
        Verb::Attach,
        &[
            (Draft, Draft),
            (AwaitingApproval, AwaitingApproval),
            (Requested, Requested),
            (Received, Received),
            (Accepted, Accepted),
            (Rejected, Rejected),
            (HeldRequested, HeldRequested),
            (HeldReceived, HeldReceived),
            (HeldAccepted, HeldAccepted),
        ],
    ),
    (Verb::Die, OPEN_TO_REVOKED),
];

const OPEN_TO_REVOKED: &[(Stage, Stage)] = &[
    (Draft, Revoked),
    (AwaitingApproval, Revoked),
    (Requested, Revoked),
    (Received, Revoked),
    (Accepted, Revoked),
    (Rejected, Revoked),
    (HeldRequested, Revoked),
    (HeldReceived, Revoked),
    (HeldAccepted, Revoked),
];

#[test]
fn every_verb_at_every_stage_reaches_what_is_meant_or_is_refused() {
    let mut allowed = 0;
    for verb in Verb::ALL {
        let (_, cells) = ALLOWED.iter().find(|(told, _)| *told == verb).expect("every verb is allowed somewhere");
        for stage in Stage::ALL {
            let meant = cells.iter().find(|(from, _)| *from == stage).map(|(_, to)| *to);
            assert_eq!(after(stage, verb), meant, "{verb:?} at {stage:?}");
            allowed += usize::from(meant.is_some());
        }
    }
    assert_eq!(allowed, ALLOWED.iter().map(|(_, cells)| cells.len()).sum::<usize>());
}

#[test]
fn nothing_becomes_of_what_has_ended() {
    for stage in [Revoked, Completed] {
        assert!(Verb::ALL.into_iter().all(|verb| after(stage, verb).is_none()), "{stage:?}");
    }
}

#[test]
fn a_stage_is_read_back_from_its_name() {
    for stage in Stage::ALL {
        assert_eq!(Stage::of(stage.name()), Some(stage));
    }
    assert_eq!(Stage::of("received"), None);
}

/// The page, as the table has it.
fn page() -> String {
    let mut page = String::from(
        "# The states of a referral\n\n\
         On the wire a referral's place is told by two states: the referral's own (`state`, FHIR's request-status) and that of its\n\
         present receiver's decision (`triage_state`, FHIR's task-status). Together they are a stage. A verb at another stage is\n\
         `REFERRAL_WRONG_STATE`; one of another side is `NOT_YOUR_SIDE`.\n\n\
         This page is compared with the table of states by a test; `SAMSPIL_WRITE_DOCS=1 cargo test -p samspil-referral --lib`\n\
         writes it anew.\n\n\
         ## Picture\n\n```mermaid\nstateDiagram-v2\n    [*] --> Draft: create\n",
    );
    for from in Stage::ALL {
        for to in Stage::ALL.into_iter().filter(|to| *to != from) {
            let verbs: Vec<_> =
                Verb::ALL.into_iter().filter(|verb| after(from, *verb) == Some(to)).map(label).collect();
            if !verbs.is_empty() {
                let _ = writeln!(page, "    {} --> {}: {}", from.name(), to.name(), verbs.join(", "));
            }
        }
    }
    page.push_str("    Revoked --> [*]\n    Completed --> [*]\n```\n\n## Stages\n\n");
    page.push_str("| stage | state | triage state | verbs that stay there |\n| --- | --- | --- | --- |\n");
    for stage in Stage::ALL {
        let stay: Vec<_> =
            Verb::ALL.into_iter().filter(|verb| after(stage, *verb) == Some(stage)).map(label).collect();
        let triage = stage.triage_state().map_or("as it was", |state| state.as_str_name());
        let triage = if matches!(stage, Draft | AwaitingApproval) { "none" } else { triage };
        let _ = writeln!(page, "| {} | {} | {triage} | {} |", stage.name(), stage.state().as_str_name(), stay.join(", "));
    }
    page.push_str("\nWhen a referral is revoked, a decision that was not `REJECTED` becomes `TRIAGE_STATE_CANCELLED`.\n");
    page.push_str("\n## Verbs\n\n| verb | side |\n| --- | --- |\n");
    for verb in Verb::ALL {
        let side = match verb.side() {
            Side::Sender => "sender",
            Side::Approver => "approver",
            Side::Receiver => "present receiver",
            Side::Any => "any of the three",
            Side::Nobody => "the patient has died",
        };
        let _ = writeln!(page, "| {} | {side} |", label(verb));
    }
    page
}

fn label(verb: Verb) -> &'static str {
    if verb == Verb::SendForApproval { "send (with an approver)" } else { verb.name() }
}

#[test]
fn the_page_of_states_draws_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/referral-states.md");
    if std::env::var_os("SAMSPIL_WRITE_DOCS").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), page(), "docs/referral-states.md is not what the table says");
}
