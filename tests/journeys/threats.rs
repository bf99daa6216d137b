//! docs/threats.md names tests that there are.

use std::{collections::HashSet, fs, path::Path};

/// Every `.rs` file below a folder, but for what was built.
fn sources(folder: &Path, found: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !["target", "node_modules"].contains(&name.as_str()) {
            sources(&path, found);
        } else if name.ends_with(".rs") {
            found.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_threat_names_a_test_that_there_is_or_says_that_there_is_none() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(root.join("docs/threats.md")).unwrap();
    let mut code = String::new();
    for folder in ["crates", "services", "tests"] {
        sources(&root.join(folder), &mut code);
    }
    let words = |text: &str| -> HashSet<String> {
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').map(str::to_owned).collect()
    };
    let names = words(&code);
    let mut threats = 0;
    for row in page.lines().filter(|row| row.starts_with("| ") && !row.starts_with("| |") && !row.starts_with("| ---"))
    {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [stride, threat, _, tests] = cells.as_slice() else { panic!("a row of another form: {row}") };
        assert!("STRIDE".contains(stride) && stride.len() == 1, "{row}");
        threats += 1;
        if *tests == "None" {
            continue;
        }
        for test in tests.split(", ").map(|test| test.trim_matches('`')) {
            let there = if test.contains('/') { root.join(test).exists() } else { names.contains(test) };
            assert!(there, "{threat}: there is no test {test}");
        }
    }
    assert!(threats > 30, "{threats}");
}
