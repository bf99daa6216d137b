//! The rules that ask a person to look again.

use std::collections::BTreeSet;

use samspil_scores::{
    healing_permille,
    safety::{self, InfectionSign, Rule, healing_stalls, infection_rises},
};

#[test]
fn healing_stalls_from_day_28_below_40_per_cent() {
    for (days, permille, stalls) in [
        (27, -500, false),
        (27, 399, false),
        (28, 400, false),
        (28, 399, true),
        (28, 0, true),
        (28, -200, true),
        (28, 1000, false),
        (90, 399, true),
        (90, 401, false),
        (0, 0, false),
        (-1, 0, false),
    ] {
        assert_eq!(healing_stalls(days, permille).is_some(), stalls, "day {days}, {permille}");
    }
    let flag = healing_stalls(30, 120).unwrap();
    assert_eq!(flag.rule, Rule::HealingStalls { days: 30, healing_permille: 120 });
    assert_eq!((flag.rule.code(), flag.table_version), ("healing_stalls", "2026-1"));
}

#[test]
fn a_reduction_just_short_of_40_per_cent_is_flagged_in_spite_of_rounding() {
    let just_short = healing_permille(100_000, 60_001).unwrap();
    assert!(healing_stalls(28, just_short).is_some());
    let just_there = healing_permille(100_000, 60_000).unwrap();
    assert!(healing_stalls(28, just_there).is_none());
}

#[test]
fn infection_rises_with_two_more_signs_or_a_new_severe_one() {
    use InfectionSign::{Fever, IncreasedPain, Pus, Redness, Swelling, Warmth};
    let cases: [(&[InfectionSign], &[InfectionSign], bool); 12] = [
        (&[], &[], false),
        (&[], &[Redness], false),
        (&[], &[Redness, Warmth], true),
        (&[Redness], &[Redness, Warmth], false),
        (&[Redness], &[Redness, Warmth, Swelling], true),
        (&[Redness, Warmth], &[Swelling, IncreasedPain], false),
        (&[], &[Pus], true),
        (&[], &[Fever], true),
        (&[Pus], &[Pus], false),
        (&[Redness, Warmth, Swelling], &[Fever], true),
        (&[Redness, Warmth, Swelling], &[], false),
        (&[Redness], &[Redness, Warmth, Warmth], false),
    ];
    for (before, now, rises) in cases {
        assert_eq!(infection_rises(before, now).is_some(), rises, "{before:?} to {now:?}");
    }
}

#[test]
fn a_flag_tells_what_is_new() {
    use InfectionSign::{Fever, Pus, Redness, Warmth};
    let flag = infection_rises(&[Redness, Warmth, Pus], &[Fever, Pus]).unwrap();
    assert_eq!(flag.rule, Rule::InfectionRises { more: -1, new_severe: vec![Fever] });
    assert_eq!((flag.rule.code(), flag.table_version), ("infection_rises", "2026-1"));
    assert_eq!(safety::about().id, "safety");
}

#[test]
fn the_signs_are_those_of_the_contract() {
    let contract = include_str!("../../../../proto/samspil/wound/v1/visit.proto");
    let told: BTreeSet<_> = contract
        .lines()
        .filter_map(|line| line.trim().strip_prefix("INFECTION_SIGN_")?.split(' ').next())
        .filter(|sign| *sign != "UNSPECIFIED")
        .map(str::to_lowercase)
        .collect();
    let known: BTreeSet<_> = InfectionSign::ALL.iter().map(|sign| sign.code().to_owned()).collect();
    assert_eq!(told, known);
}
