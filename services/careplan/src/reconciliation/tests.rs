//! What the tests of the model have in common, and those of the rules themselves.

use proptest::prelude::*;
use samspil_proto::careplan::v1::{DifferenceKind, LineReference, MedicationLine, difference_decision::Outcome};

use super::*;

pub(super) use MedicationListKind::{BeforeAdmission, Discharge, GeneralPractice, Municipality};

pub(super) const FUROSEMIDE: &str = "C03CA01";
pub(super) const OXYCODONE: &str = "N02AA05";

/// A line of a product in mg, so many units a day.
pub(super) fn line(id: &str, atc: &str, product: &str, mg: i64, daily: i64) -> MedicationLine {
    MedicationLine {
        line_id: id.to_owned(),
        atc: atc.to_owned(),
        product_name: product.to_owned(),
        strength_milli: Some(mg * 1000),
        strength_unit: "mg".to_owned(),
        daily_dose_milli: Some(daily * 1000),
        ..MedicationLine::default()
    }
}

pub(super) fn furix(mg: i64, daily: i64) -> MedicationLine {
    line("1", FUROSEMIDE, "Furix", mg, daily)
}

pub(super) fn list(kind: MedicationListKind, lines: &[MedicationLine]) -> MedicationList {
    let numbered = (1..).zip(lines).map(|(n, line)| MedicationLine { line_id: i32::to_string(&n), ..line.clone() });
    MedicationList { kind: kind.into(), lines: numbered.collect(), ..MedicationList::default() }
}

pub(super) fn at() -> DateTime<Utc> {
    "2026-11-18T08:00:00Z".parse().unwrap()
}

pub(super) fn open() -> Reconciliation {
    Reconciliation::opened(Uuid::nil(), Uuid::nil(), Uuid::nil(), "", at())
}

/// One that has these lists.
pub(super) fn of(lists: &[MedicationList]) -> Reconciliation {
    let mut reconciliation = open();
    for list in lists {
        reconciliation.put(list.clone(), Actor::default(), at()).unwrap();
    }
    reconciliation
}

pub(super) fn decision(outcome: Outcome) -> DifferenceDecision {
    DifferenceDecision { outcome: Some(outcome), reason: "as agreed".to_owned(), ..DifferenceDecision::default() }
}

pub(super) fn keep(list: MedicationListKind, line: &str) -> DifferenceDecision {
    decision(Outcome::Keep(LineReference { list: list.into(), line_id: line.to_owned() }))
}

impl Reconciliation {
    fn decide_first(&mut self, decision: DifferenceDecision) -> Result<(), Refusal> {
        let id = self.differences[0].difference_id.clone();
        self.decide(&id, decision, Actor::default(), at())
    }

    fn agreed_lines(&self) -> Vec<(String, i64)> {
        let line = |line: &AgreedLine| line.line.clone().unwrap_or_default();
        let told = |line: MedicationLine| (line.product_name, line.daily_dose_milli.unwrap_or(0) / 1000);
        self.agreed.iter().map(line).map(told).collect()
    }
}

fn close(reconciliation: &mut Reconciliation) -> Result<(), Refusal> {
    reconciliation.close(Actor::default(), at())
}

#[test]
fn it_closes_only_with_both_lists_and_every_difference_decided() {
    let mut reconciliation = of(&[list(BeforeAdmission, &[furix(40, 1)])]);
    assert_eq!(close(&mut reconciliation), Err(Refusal::ListsMissing(vec![Discharge])));
    assert_eq!(close(&mut of(&[])), Err(Refusal::ListsMissing(vec![BeforeAdmission, Discharge])));

    reconciliation.put(list(Discharge, &[furix(40, 2)]), Actor::default(), at()).unwrap();
    let id = reconciliation.differences[0].difference_id.clone();
    let before = reconciliation.clone();
    assert_eq!(close(&mut reconciliation), Err(Refusal::DifferencesOpen(vec![id.clone()])));
    assert_eq!(reconciliation, before, "a refused change leaves no mark");

    let nurse = Actor { person: "nurse".to_owned(), ..Actor::default() };
    reconciliation.decide(&id, keep(Discharge, "1"), nurse.clone(), at()).unwrap();
    close(&mut reconciliation).unwrap();
    assert_eq!(reconciliation.agreed_lines(), [("Furix".to_owned(), 2)]);
    let agreed = &reconciliation.agreed[0];
    assert_eq!(agreed.sources, [LineReference { list: Discharge.into(), line_id: "1".to_owned() }]);
    assert_eq!((&agreed.difference_ids, &agreed.decided_by), (&vec![id], &Some(nurse)));
    assert_eq!((agreed.reason.as_str(), agreed.decide_time), ("as agreed", Some(time::to_wire(at()))));
}

#[test]
fn the_discharge_list_of_an_earlier_stay_is_none() {
    let mut reconciliation = of(&[list(BeforeAdmission, &[]), list(Discharge, &[])]);
    reconciliation.admit_time = Some(at() + chrono::TimeDelta::seconds(1));
    assert_eq!(close(&mut reconciliation), Err(Refusal::ListsMissing(vec![Discharge])));
    let later = at() + chrono::TimeDelta::days(3);
    reconciliation.put(list(Discharge, &[]), Actor::default(), later).unwrap();
    assert_eq!(close(&mut reconciliation), Ok(()));
}

#[test]
fn what_is_over_stays_as_it_is() {
    let mut closed = of(&[list(BeforeAdmission, &[]), list(Discharge, &[])]);
    close(&mut closed).unwrap();
    assert!(closed.agreed.is_empty());
    let mut cancelled = open();
    cancelled.cancel(at()).unwrap();
    for mut over in [closed, cancelled] {
        let before = over.clone();
        let refused = Err(Refusal::WrongState(over.state));
        assert_eq!(over.put(list(Discharge, &[]), Actor::default(), at()), refused);
        assert_eq!(over.decide("x", keep(Discharge, "1"), Actor::default(), at()), refused);
        assert_eq!(close(&mut over), refused);
        assert_eq!(over.cancel(at()), refused);
        assert_eq!(over.give(Uuid::max(), at()), refused);
        assert_eq!(over, before);
    }
}

#[test]
fn a_decision_stands_while_its_lines_say_the_same_and_falls_when_they_do_not() {
    let before = list(BeforeAdmission, &[furix(40, 1)]);
    let mut reconciliation = of(&[before, list(Discharge, &[furix(40, 2)])]);
    reconciliation.decide_first(keep(Discharge, "1")).unwrap();
    let decided = reconciliation.differences.clone();

    // The same line with another number, and another medicine before it.
    let anew = list(Discharge, &[line("1", OXYCODONE, "OxyNorm", 5, 1), furix(40, 2)]);
    reconciliation.put(anew, Actor::default(), at()).unwrap();
    let [still, new] = reconciliation.differences.as_slice() else { panic!("{:?}", reconciliation.differences.len()) };
    assert_eq!(still.difference_id, decided[0].difference_id);
    let kept = LineReference { list: Discharge.into(), line_id: "2".to_owned() };
    assert_eq!(still.decision.as_ref().unwrap().outcome, Some(Outcome::Keep(kept)));
    assert_eq!((new.kind(), &new.decision), (DifferenceKind::New, &None));
    assert_eq!(reconciliation.lists[1].version, 2);

    reconciliation.put(list(Discharge, &[furix(40, 3)]), Actor::default(), at()).unwrap();
    assert_eq!(reconciliation.differences[0].decision, None);
    reconciliation.put(list(Discharge, &[furix(40, 1)]), Actor::default(), at()).unwrap();
    assert!(reconciliation.differences.is_empty());
}

#[test]
fn a_decision_has_to_fit_its_difference() {
    let oxynorm = line("2", OXYCODONE, "OxyNorm", 5, 1);
    let lists =
        [list(BeforeAdmission, &[furix(40, 1), oxynorm.clone()]), list(Discharge, &[furix(40, 2), oxynorm.clone()])];
    let mut reconciliation = of(&lists);
    assert_eq!(reconciliation.differences.len(), 1);
    assert_eq!(
        reconciliation.decide("nowhere", keep(Discharge, "1"), Actor::default(), at()),
        Err(Refusal::DifferenceNotFound)
    );
    for wrong in [keep(Discharge, "2"), keep(Municipality, "1"), decision(Outcome::Other(oxynorm))] {
        let refused = reconciliation.decide_first(wrong).unwrap_err();
        assert!(matches!(refused, Refusal::Misplaced(_)), "{refused:?}");
    }
    // Something between what the two lists say.
    let between = MedicationLine { daily_dose_milli: Some(1_500), ..furix(40, 1) };
    reconciliation.decide_first(decision(Outcome::Other(between))).unwrap();
    close(&mut reconciliation).unwrap();
    assert_eq!(reconciliation.agreed[0].line.as_ref().unwrap().daily_dose_milli, Some(1_500));
    assert!(reconciliation.agreed[0].sources.is_empty());
}

#[test]
fn something_else_falls_when_it_comes_onto_a_list() {
    let mut reconciliation = of(&[list(BeforeAdmission, &[furix(40, 1)]), list(Discharge, &[])]);
    let bumetanide = line("1", "C03CA02", "Burinex", 1, 1);
    reconciliation.decide_first(decision(Outcome::Other(bumetanide.clone()))).unwrap();
    assert!(reconciliation.differences[0].decision.is_some());
    reconciliation.put(list(Municipality, &[bumetanide]), Actor::default(), at()).unwrap();
    assert!(reconciliation.differences.iter().all(|difference| difference.decision.is_none()));
    assert_eq!(reconciliation.differences.len(), 2);
}

#[test]
fn each_list_but_the_one_before_is_for_its_own_sector() {
    use OrganisationKind as Kind;
    let kinds = [Kind::Municipality, Kind::Hospital, Kind::GeneralPractice, Kind::Unspecified];
    let table = [
        (BeforeAdmission, [true, true, true, true]),
        (Discharge, [false, true, false, false]),
        (Municipality, [true, false, false, false]),
        (GeneralPractice, [false, false, true, false]),
        (MedicationListKind::Unspecified, [false; 4]),
    ];
    for (list, allowed) in table {
        for (kind, allowed) in kinds.into_iter().zip(allowed) {
            assert_eq!(may_put(list, kind).is_ok(), allowed, "{list:?} {kind:?}");
        }
    }
}

#[test]
fn no_medicine_is_in_a_debug_output() {
    assert!(!format!("{:?}", of(&[list(Discharge, &[furix(40, 1)])])).contains("Furix"));
}

/// Lines of few medicines, so that lists often meet.
pub(super) fn lines() -> impl Strategy<Value = Vec<MedicationLine>> {
    const PRODUCTS: [(&str, [&str; 2]); 3] = [
        (FUROSEMIDE, ["Furix", "Furosemid"]),
        (OXYCODONE, ["OxyContin", "OxyNorm"]),
        ("A02BC01", ["Losec", "Omeprazol"]),
    ];
    let line = (0..3_usize, 0..2_usize, 0..4_i64, 0..4_i64).prop_map(|(substance, product, strength, dose)| {
        let (atc, names) = PRODUCTS[substance];
        let product = names[product];
        MedicationLine {
            strength_milli: (strength > 0).then_some(strength * 10_000),
            strength_unit: if strength > 0 { "mg".to_owned() } else { String::new() },
            daily_dose_milli: (dose > 0).then_some(dose * 1_000),
            as_needed: dose == 0,
            ..line("", atc, product, 1, 1)
        }
    });
    prop::collection::vec(line, 0..6)
}

/// Any of the four lists.
pub(super) fn lists() -> impl Strategy<Value = Vec<MedicationList>> {
    let kinds = [BeforeAdmission, Discharge, Municipality, GeneralPractice];
    prop::collection::vec(prop::option::weighted(0.8, lines()), 4).prop_map(move |all| {
        let given = kinds.into_iter().zip(all).filter_map(|(kind, lines)| Some(list(kind, &lines?)));
        given.collect()
    })
}

/// What is decided: stop, something else, or keep the line with this number.
type Choice = (usize, usize, MedicationLine);

fn choice() -> impl Strategy<Value = Choice> {
    let other = lines().prop_filter_map("a line", |lines| lines.into_iter().next());
    (0..3_usize, 0..4_usize, other)
}

/// Decides on a difference as chosen, or keeps the line where something else would be a double.
fn decide_as_chosen(reconciliation: &mut Reconciliation, which: usize, (what, line, other): Choice) {
    let difference = reconciliation.differences[which].clone();
    let kept = decision(Outcome::Keep(difference.lines[line % difference.lines.len()].clone()));
    let wanted = match what {
        0 => decision(Outcome::Stop(true)),
        1 => decision(Outcome::Other(other)),
        _ => kept.clone(),
    };
    let mut decide = |decision| reconciliation.decide(&difference.difference_id, decision, Actor::default(), at());
    match decide(wanted) {
        Err(Refusal::Misplaced(_)) => decide(kept).unwrap(),
        done => done.unwrap(),
    }
}

proptest! {
    /// Lists come, come anew and are decided on in any order; in the end all is decided.
    #[test]
    fn deciding_all_differences_gives_an_agreed_list_without_doubles(
        first in lists(),
        meanwhile in prop::collection::vec((lists(), 0..20_usize, choice()), 0..4),
        last in prop::collection::vec(choice(), 30),
    ) {
        let mut reconciliation = of(&first);
        for kind in NEEDED {
            reconciliation.put(list(kind, &[]), Actor::default(), at()).unwrap();
        }
        for (lists, which, choice) in meanwhile {
            if !reconciliation.differences.is_empty() {
                let which = which % reconciliation.differences.len();
                decide_as_chosen(&mut reconciliation, which, choice);
            }
            for list in lists.into_iter().take(2) {
                reconciliation.put(list, Actor::default(), at()).unwrap();
            }
        }
        for (which, choice) in (0..reconciliation.differences.len()).zip(last.into_iter().cycle()) {
            if reconciliation.differences[which].decision.is_none() {
                decide_as_chosen(&mut reconciliation, which, choice);
            }
        }

        let units = differences::units(&reconciliation.lists).len();
        let is_stopped = |difference: &&Difference| {
            difference.decision.as_ref().is_some_and(|decision| decision.outcome == Some(Outcome::Stop(true)))
        };
        let stopped = reconciliation.differences.iter().filter(is_stopped).count();
        prop_assert_eq!(close(&mut reconciliation), Ok(()));
        prop_assert_eq!(reconciliation.agreed.len(), units - stopped);
        let agreed: Vec<_> = reconciliation.agreed.iter().filter_map(|line| line.line.as_ref()).collect();
        for (n, line) in agreed.iter().enumerate() {
            prop_assert!(agreed[..n].iter().all(|other| !super::lines::is_double(line, other)));
            prop_assert_eq!(&line.line_id, &(n + 1).to_string());
        }
    }

    #[test]
    fn what_is_put_in_anew_unchanged_keeps_every_decision(
        lists in lists(),
        choices in prop::collection::vec(choice(), 30),
    ) {
        let mut reconciliation = of(&lists);
        for (which, choice) in (0..reconciliation.differences.len()).zip(choices.into_iter().cycle()) {
            decide_as_chosen(&mut reconciliation, which, choice);
        }
        let decided = reconciliation.differences.clone();
        for list in &lists {
            reconciliation.put(list.clone(), Actor::default(), at()).unwrap();
        }
        prop_assert_eq!(&reconciliation.differences, &decided);
    }
}
