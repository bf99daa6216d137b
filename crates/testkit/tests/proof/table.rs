//! The table that people read.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use prost_reflect::MethodDescriptor;

use crate::{
    calls::Heard,
    situations::{EMERGENCY, ROLES, SITUATIONS, Situation},
};

pub(crate) struct Row {
    service: String,
    method: String,
    needs: String,
    pub(crate) names_patient: bool,
    marks: BTreeMap<&'static str, String>,
    notes: Vec<String>,
    /// The made-up request was wrong, so that what comes after was not tried.
    refused: bool,
}

impl Row {
    pub(crate) fn new(method: &MethodDescriptor, needs: &str) -> Row {
        Row {
            service: method.parent_service().full_name().to_owned(),
            method: method.name().to_owned(),
            needs: needs.to_owned(),
            names_patient: false,
            marks: BTreeMap::new(),
            notes: Vec::new(),
            refused: false,
        }
    }

    /// There is no such situation for a role.
    pub(crate) fn no_such(&mut self, role: &'static str) {
        self.marks.entry(role).or_default().push(' ');
    }

    /// What a role heard in a situation, beside what the rule of the house would have.
    pub(crate) fn heard(&mut self, role: &'static str, situation: Situation, may: bool, heard: Heard) {
        let (mark, word) = match &heard {
            Heard::In(word) if word == "InvalidArgument" => ('?', word.clone()),
            Heard::In(word) => ('+', word.clone()),
            Heard::Out(reason) if reason == "NO_PERMISSION" => ('.', reason.clone()),
            Heard::Out(reason) => ('-', reason.clone()),
        };
        self.marks.entry(role).or_default().push(mark);
        let wanted = match (may, self.names_patient) {
            (false, _) => '.',
            (true, false) => '+',
            (true, true) if related(role, situation) => '+',
            (true, true) => '-',
        };
        if mark != wanted && mark != '?' {
            self.notes.push(format!("{role}, {}: {word}", name(situation)));
        }
        self.refused |= mark == '?';
    }
}

/// The rule of the house: who stands to a patient so that calls about the patient are let in.
fn related(role: &str, situation: Situation) -> bool {
    match role {
        "service" => true,
        "citizen" => situation == Situation::Own,
        // Of no organisation.
        "administrator" => false,
        _ => matches!(situation, Situation::Own | Situation::Consented | Situation::BrokenGlass),
    }
}

fn name(situation: Situation) -> &'static str {
    match situation {
        Situation::Own => "own organisation",
        Situation::Consented => "consented organisation",
        Situation::Stranger => "no relation",
        Situation::Withdrawn => "consent withdrawn",
        Situation::Blocked => "blocked",
        Situation::BrokenGlass => "glass broken",
    }
}

fn page(rows: &[Row]) -> String {
    let mut page = String::from(
        "# Who is let in\n\nWritten and compared by a test that calls each method of the contract, `crates/testkit/tests/proof`. A cell has a mark for each \
         way to\nstand to the patient, in this order: ",
    );
    page += &SITUATIONS.map(|situation| format!("*{}*", name(situation))).join(", ");
    let _ = write!(
        page,
        ".\n\n- `+` let in: there was an answer, or a refusal that is about what was asked\n- `?` the made-up request is refused as \
         wrong: see the end of the page\n- `-` `NO_RELATION`, in the same words as for a \
         patient who does not exist\n- `.` `NO_PERMISSION`: the role does not carry what the method needs\n- a blank: no such situation \
         ({} may break the glass)\n\nThe own organisation lies in the citizen's municipality and has her consent. The citizen is herself \
         in the first and another\ncitizen in all others. What stands below patients (wounds, plans) does not exist in these calls: who \
         takes part in it\nis tried in the services' own tests.\n",
        EMERGENCY.join(", ")
    );
    let mut service = "";
    for row in rows {
        if row.service != service {
            service = &row.service;
            let _ = write!(page, "\n## {service}\n\n| method | needs | {} |\n", ROLES.join(" | "));
            let _ = writeln!(page, "| --- | --- |{}", " --- |".repeat(ROLES.len()));
        }
        let marks = ROLES.map(|role| format!("`{}`", row.marks.get(role).map_or("", String::as_str)));
        let about = if row.names_patient { "" } else { " *" };
        let _ = writeln!(page, "| {}{about} | {} | {} |", row.method, row.needs, marks.join(" | "));
    }
    page += "\n\\* names no patient: what it shows is picked by the caller's organisation, or is about nobody.\n\n## What differs from the \
             rule\n\nThe rule: with the permission, and where a patient is named a relation that stands (the first, the second and the last \
             mark), one is let\nin. These are not so:\n\n";
    for row in rows.iter().filter(|row| !row.notes.is_empty()) {
        let _ = writeln!(page, "- {}/{}: {}", row.service, row.method, row.notes.join("; "));
    }
    if rows.iter().any(|row| row.refused) {
        page += "\n## What is not reached\n\nThe made-up request of these is refused as invalid, so that what comes after is not tried here:\n\n";
        for row in rows.iter().filter(|row| row.refused) {
            let _ = writeln!(page, "- {}/{}", row.service, row.method);
        }
    }
    page
}

/// Compares with the page in the docs, or writes it.
pub(crate) fn compare(rows: &[Row]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/access-table.md");
    let page = page(rows);
    if std::env::var_os("SAMSPIL_WRITE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), page, "docs/access-table.md is not what callers hear");
}
