//! `samspil marker` and `samspil measure`: a card, a photo with it, and a table, with no server.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use samspil_phantom::{Card, MarkerId, Metadata, Scene, Truth, View, photograph};
use serde_json::{Value, json};

fn samspil(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_samspil")).args(arguments).current_dir(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Takes a photo of a wound, and outlines it as it was drawn.
fn take(folder: &Path, name: &str, card: Card) -> Truth {
    let view = View { tilt_deg: 20.0, towards_deg: 130.0, distance_mm: 200.0, ..View::default() };
    let scene = Scene { card, view: Some(view), ..Scene::visit(3, 1).megapixels(3) };
    let (jpeg, truth) = photograph(&scene, &Metadata::default());
    fs::write(folder.join(name).with_extension("jpg"), jpeg).unwrap();
    let corners: Vec<[f32; 2]> = truth.outline_px.iter().step_by(8).copied().collect();
    let sidecar = json!({ "outlines": [corners] }).to_string();
    fs::write(folder.join(name).with_extension("outline.json"), sidecar).unwrap();
    truth
}

fn card(scale: f32) -> Card {
    Card::Printed { id: MarkerId::new(12).unwrap(), scale }
}

#[test]
fn a_sheet_of_cards_is_written_and_a_wrong_print_is_found_by_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let written = samspil(folder.path(), &["marker", "--out", "cards.pdf", "--first", "16"]);
    assert!(written.status.success(), "{}", said(&written));
    let pdf = fs::read(folder.path().join("cards.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.windows(11).any(|part| part == b"Samspil 031"));
    assert!(samspil(folder.path(), &["marker", "--check", "50"]).status.success());
    let shrunk = samspil(folder.path(), &["marker", "--check", "45"]);
    assert!(!shrunk.status.success() && said(&shrunk).contains("90.0 %"), "{}", said(&shrunk));
    for wrong in [&["marker", "--check", "0"][..], &["marker", "--first", "60"], &["marker", "--count", "0"]] {
        assert!(!samspil(folder.path(), wrong).status.success(), "{wrong:?}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn photos_are_measured_each_with_what_can_be_said_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let truth = take(folder, "good", card(1.0));
    take(folder, "bare", Card::None);
    let done = samspil(folder, &["measure", "--json", "--colours", "good.jpg", "bare.jpg"]);
    assert!(done.status.success(), "{}", said(&done));
    let lines: Vec<Value> =
        String::from_utf8_lossy(&done.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [good, bare] = &lines[..] else { panic!("{lines:?}") };
    let area = &good["wounds"][0]["area_mm2"];
    let (value, u) = (area["value"].as_f64().unwrap(), area["u"].as_f64().unwrap());
    let off = (value - f64::from(truth.area_mm2)).abs();
    assert!(off < 0.02 * value && off < 2.0 * u && u < 0.1 * value, "{area}, not {}", truth.area_mm2);
    assert_eq!((good["method"].as_str(), good["marker"]["id"].as_u64()), (Some("MARKER"), Some(12)));
    assert_eq!((bare["trouble"].as_str(), bare["wounds"].as_array().unwrap().len()), (Some("MARKER_NOT_FOUND"), 0));
    let table = fs::read_to_string(folder.join("measured/measures.csv")).unwrap();
    assert_eq!(table.lines().count(), 3, "{table}");
    let columns = |line: &str| line.matches(',').count();
    assert!(table.lines().all(|line| columns(line) == columns(table.lines().next().unwrap())), "{table}");
    let picture = fs::read_to_string(folder.join("measured/001-good.svg")).unwrap();
    assert!(picture.contains("<polygon") && picture.contains("mm²"));
    let mut files: Vec<_> = fs::read_dir(folder.join("measured"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files, ["001-good.corrected.jpg", "001-good.svg", "002-bare.svg", "measures.csv"]);
}

#[test]
fn two_points_a_print_at_90_percent_and_a_ruler_say_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let truth = take(folder, "small", card(0.9));
    let area = |arguments: &[&str]| {
        let done = samspil(folder, &[&["measure", "--json", "small.jpg"], arguments].concat());
        assert!(done.status.success(), "{}", said(&done));
        let sheet: Value = serde_json::from_slice(&done.stdout).unwrap();
        (sheet["wounds"][0]["area_mm2"]["value"].as_f64().unwrap() / f64::from(truth.area_mm2), sheet)
    };
    assert!((area(&[]).0 - 1.0 / 0.81).abs() < 0.03);
    assert!((area(&["--line", "45"]).0 - 1.0).abs() < 0.03);
    // Its edge is 22.5 mm, as a ruler beside it would show.
    let [start, end, ..] = truth.marker_px;
    let corners: Vec<[f32; 2]> = truth.outline_px.iter().step_by(8).copied().collect();
    let sidecar = json!({ "outlines": [corners], "ruler": { "start": start, "end": end, "mm": 22.5 } });
    fs::write(folder.join("small.outline.json"), sidecar.to_string()).unwrap();
    assert!(area(&[]).1["notes"].to_string().contains("not printed at 100 %"));

    take(folder, "bare", Card::None);
    let sidecar = json!({ "outlines": [corners], "two_points": { "start": start, "end": end, "mm": 22.5 } });
    fs::write(folder.join("bare.outline.json"), sidecar.to_string()).unwrap();
    let done = samspil(folder, &["measure", "--json", "bare.jpg"]);
    let sheet: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(sheet["method"].as_str(), Some("TWO_POINTS"));
    assert!(
        sheet["wounds"][0]["area_mm2"]["u"].as_f64()
            > sheet["wounds"][0]["area_mm2"]["value"].as_f64().map(|it| it / 20.0)
    );
}

#[test]
fn what_is_no_photo_or_no_outline_is_told_and_the_rest_is_measured_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    take(folder, "good", card(1.0));
    fs::write(folder.join("text.jpg"), "no photo").unwrap();
    take(folder, "crossed", card(1.0));
    fs::write(folder.join("crossed.outline.json"), "{\"outlines\": [[[0,0],[9,9],[9,0],[0,9]]]}").unwrap();
    take(folder, "odd", card(1.0));
    fs::write(folder.join("odd.outline.json"), "{\"outline\": []}").unwrap();
    let done = samspil(folder, &["measure", "text.jpg", "crossed.jpg", "odd.jpg", "missing.jpg", "good.jpg"]);
    assert!(!done.status.success());
    let said = said(&done);
    for word in ["text.jpg: ", "crossed.jpg: outline 1", "odd.jpg: ", "missing.jpg: ", "4 of 5", "good.jpg: 2048"] {
        assert!(said.contains(word), "{word} is not in {said}");
    }
    assert_eq!(fs::read_to_string(folder.join("measured/measures.csv")).unwrap().lines().count(), 2);
}
