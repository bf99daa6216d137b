//! The tables themselves: whole, sourced, and free of a form's wording.

use std::collections::HashSet;

use samspil_scores::{Instrument, Refusal, pressure::Stage, safety, table::About};

fn abouts() -> Vec<&'static About> {
    Instrument::ALL.iter().map(|instrument| instrument.about()).chain([safety::about()]).collect()
}

fn is_code(text: &str) -> bool {
    let small = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_';
    !text.is_empty() && text.len() <= 32 && text.chars().all(small)
}

#[test]
fn every_table_reads_and_tells_where_it_comes_from() {
    let mut ids = HashSet::new();
    for about in abouts() {
        assert!(is_code(&about.id) && ids.insert(&about.id), "{}", about.id);
        for text in [&about.version, &about.name, &about.form, &about.source, &about.note] {
            assert!(!text.trim().is_empty(), "{} tells everything", about.id);
        }
        let (edition, number) = about.version.rsplit_once('-').expect("an edition and our number");
        assert!(!edition.is_empty() && number.parse::<u32>().is_ok_and(|number| number > 0), "{}", about.version);
        let date: Vec<u32> = about.effective.split('-').map(|part| part.parse().unwrap()).collect();
        assert!(matches!(date[..], [2026..=2100, 1..=12, 1..=31]), "{}", about.effective);
    }
    assert_eq!(ids.len(), 8);
}

#[test]
fn the_rows_have_short_codes_of_our_own_and_no_form_s_wording() {
    for instrument in Instrument::ALL {
        let mut items = HashSet::new();
        for rows in instrument.items() {
            assert!(is_code(&rows.code) && items.insert(&rows.code), "{}", rows.code);
            for choice in &rows.choices {
                assert!(is_code(&choice.code), "{}: {}", rows.code, choice.code);
            }
        }
    }
}

#[test]
fn the_rows_have_the_points_that_were_published() {
    let points = |instrument: Instrument| -> Vec<(i32, i32)> {
        let ends =
            |rows: &samspil_scores::table::Rows| (rows.choices[0].points, rows.choices[rows.choices.len() - 1].points);
        instrument.items().iter().map(ends).collect()
    };
    assert_eq!(points(Instrument::Push), [(0, 3), (0, 4)]);
    assert_eq!(points(Instrument::Bwat), [(1, 5); 13]);
    assert_eq!(points(Instrument::Wifi), [(0, 3); 3]);
    assert_eq!(points(Instrument::Sinbad), [(0, 1); 6]);
    assert_eq!(points(Instrument::Wagner), [(0, 5)]);
    assert_eq!(points(Instrument::Texas), [(0, 3), (0, 1), (0, 1)]);
    assert_eq!(points(Instrument::PressureStage), [(0, 1)]);
}

#[test]
fn every_reason_is_in_the_list_and_no_message_tells_a_value() {
    let field = "abi_hundredths";
    let refusals = [
        Refusal::NotCompressible { field },
        Refusal::DownStaging { field, record: Stage::III },
        Refusal::Contradictory { field },
        Refusal::Missing { field },
        Refusal::OutOfRange { field, low: 0, high: 400 },
    ];
    assert_eq!(refusals.map(|refusal| refusal.reason()), Refusal::REASONS);
    for refusal in refusals {
        assert_eq!(refusal.field(), field);
        let message = refusal.to_string();
        assert!(message.starts_with(|first: char| first.is_ascii_lowercase()) && !message.ends_with('.'), "{message}");
    }
}
