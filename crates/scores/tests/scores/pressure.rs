//! The stages of a pressure ulcer, step by step.

use samspil_scores::{
    Inputs, Instrument, PressureUlcer, Refusal,
    pressure::{Change, Stage, change},
};

/// The 36 steps, a row for each earlier stage: `=` same, `v` deeper, `o` revealed, `~` covered, `x` refused.
const STEPS: [(Stage, &str); 6] = [
    (Stage::SuspectedDeepTissue, "=ooooo"),
    (Stage::I, "v=vvvv"),
    (Stage::II, "vx=vvv"),
    (Stage::Unstageable, "xxx=oo"),
    (Stage::III, "xxx~=v"),
    (Stage::IV, "xxx~x="),
];

fn staged(earlier: &[Stage], stage: Stage) -> PressureUlcer {
    PressureUlcer { stage: Some(stage), healing: false, earlier: earlier.to_vec() }
}

#[test]
fn every_step_is_what_the_page_says() {
    for (earlier, row) in STEPS {
        for (now, step) in Stage::ALL.into_iter().zip(row.chars()) {
            let expected = match step {
                '=' => Change::Same,
                'v' => Change::Deeper,
                'o' => Change::Revealed,
                '~' => Change::Covered,
                'x' => Change::Refused,
                other => panic!("no such step: {other}"),
            };
            assert_eq!(change(earlier, now), expected, "{} to {}", earlier.code(), now.code());
            assert_eq!(staged(&[earlier], now).score().is_err(), step == 'x', "{} to {}", earlier.code(), now.code());
        }
    }
}

#[test]
fn a_lower_stage_is_refused_with_the_stage_to_record_as_healing() {
    let refused = staged(&[Stage::II, Stage::IV, Stage::III], Stage::II).score().unwrap_err();
    assert_eq!(refused, Refusal::DownStaging { field: "stage", record: Stage::IV });
    assert_eq!((refused.reason(), refused.field()), ("DOWN_STAGING", "stage"));
    assert_eq!(refused.to_string(), "a pressure ulcer keeps its deepest stage; record stage_4 as healing");
}

#[test]
fn a_stage_four_that_was_covered_is_still_a_stage_four_when_it_is_bare() {
    let covered = [Stage::IV, Stage::Unstageable];
    let refused = staged(&covered, Stage::III).score();
    assert_eq!(refused, Err(Refusal::DownStaging { field: "stage", record: Stage::IV }));
    assert_eq!(staged(&covered, Stage::IV).score().unwrap().stage, Some(4));
}

#[test]
fn a_healing_ulcer_keeps_its_stage() {
    let inputs = PressureUlcer { healing: true, ..staged(&[Stage::IV], Stage::IV) };
    let scored = Inputs::from(inputs.clone()).score().unwrap();
    assert_eq!((scored.stage, scored.band), (Some(4), Some("stage_4")));
    assert_eq!((scored.items[0].code, scored.items[0].points, scored.items[0].choice), ("healing", 1, Some("healing")));
    assert_eq!((scored.instrument, scored.table_version), (Instrument::PressureStage, "2016-1"));
    assert_eq!(scored.inputs, Inputs::PressureStage(inputs));
    let lower = PressureUlcer { healing: true, ..staged(&[Stage::IV], Stage::III) };
    assert!(lower.score().is_err(), "to call it healing does not make it a stage III");
}

#[test]
fn a_new_ulcer_may_have_any_stage() {
    for stage in Stage::ALL {
        let scored = staged(&[], stage).score().unwrap();
        assert_eq!((scored.stage, scored.band), (stage.number(), Some(stage.code())));
        assert_eq!(scored.items[0].points, 0);
    }
    assert_eq!(Stage::ALL.map(Stage::number), [None, Some(1), Some(2), None, Some(3), Some(4)]);
    assert_eq!(PressureUlcer::default().score(), Err(Refusal::Missing { field: "stage" }));
}

#[test]
fn with_any_history_the_stage_that_a_refusal_names_is_accepted() {
    let mut refusals = 0;
    for history in 0..64 {
        let earlier: Vec<_> = (0..6).filter(|bit| history >> bit & 1 == 1).map(|bit| Stage::ALL[bit]).collect();
        for now in Stage::ALL {
            if let Err(Refusal::DownStaging { record, .. }) = staged(&earlier, now).score() {
                refusals += 1;
                assert!(earlier.contains(&record));
                let recorded = PressureUlcer { healing: true, ..staged(&earlier, record) };
                assert!(recorded.score().is_ok(), "{earlier:?}, {now:?}");
            }
        }
        // Whatever was recorded, an ulcer that is as deep as can be is never refused.
        assert!(staged(&earlier, Stage::IV).score().is_ok());
    }
    assert!(refusals > 100, "the histories refuse something: {refusals}");
}

#[test]
fn the_order_of_the_history_makes_no_difference() {
    let forwards = [Stage::SuspectedDeepTissue, Stage::II, Stage::Unstageable, Stage::III];
    let backwards = [Stage::III, Stage::Unstageable, Stage::II, Stage::SuspectedDeepTissue];
    for now in Stage::ALL {
        let results = [&forwards, &backwards].map(|earlier| staged(earlier, now).score().map(|scored| scored.band));
        assert_eq!(results[0], results[1]);
    }
}
