//! docs/errors.md lists every reason that the code can give, and no other.

use std::{fmt::Write as _, path::Path};

use samspil_kit::{Code, common::Common};

/// The page, as the code has it.
fn page() -> String {
    let mut page = String::from(
        "# Reasons\n\n\
         Every refusal carries a `google.rpc.ErrorInfo` with the domain `samspil` and one of these reasons; the text may change, the\n\
         reason does not. Facts that belong to it (names, offsets, times) stand in its metadata. `ABORTED`: read again and retry.\n\
         `FAILED_PRECONDITION`: the state forbids it. `UNAVAILABLE`: retry as it is. Nothing else is worth retrying.\n\n\
         This page is compared with the code by a test; `SAMSPIL_WRITE_DOCS=1 cargo test -p samspil --test journeys reasons`\n\
         writes it anew.\n",
    );
    let beyond = [
        (
            "INVALID_REQUEST",
            Code::InvalidArgument,
            "fields break the contract's rules; `google.rpc.BadRequest` names every one",
        ),
        ("INTERNAL", Code::Internal, "something broke; the metadata has the trace id and nothing else"),
    ];
    section(&mut page, "Every service", &[Common::ALL, &beyond].concat());
    section(&mut page, "Uploads", samspil_upload::Reason::ALL);
    section(&mut page, "`directory`", samspil_directory::error::Reason::ALL);
    section(&mut page, "`referral`", samspil_referral::error::Reason::ALL);
    section(&mut page, "`careplan`", samspil_careplan::Reason::ALL);
    section(&mut page, "`wound`", samspil_wound::Reason::ALL);
    section(&mut page, "`review`", samspil_review::error::Reason::ALL);
    page.push_str("\n## Files that are no photo (`wound`, INVALID_ARGUMENT)\n\n");
    page.push_str("The message says what is wrong with the file at hand and what to send in its place.\n\n");
    for reason in samspil_imaging::Refusal::REASONS {
        let _ = writeln!(page, "- `{reason}`");
    }
    page
}

fn section(page: &mut String, title: &str, reasons: &[(&str, Code, &str)]) {
    let _ = write!(page, "\n## {title}\n\n| reason | code | meaning |\n| --- | --- | --- |\n");
    for (reason, code, meaning) in reasons {
        let _ = writeln!(page, "| `{reason}` | {} | {meaning} |", shouted(*code));
    }
}

/// `FailedPrecondition` as the wire spells it.
fn shouted(code: Code) -> String {
    let name = format!("{code:?}");
    let parts =
        name.char_indices().map(|(i, c)| if i > 0 && c.is_uppercase() { format!("_{c}") } else { c.to_string() });
    parts.collect::<String>().to_uppercase()
}

#[test]
fn the_page_of_reasons_says_what_the_code_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors.md");
    if std::env::var_os("SAMSPIL_WRITE_DOCS").is_some() {
        std::fs::write(&path, page()).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), page(), "docs/errors.md is not what the code gives");
}

#[test]
fn the_page_of_the_configuration_says_what_the_program_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    let printed =
        std::process::Command::new(env!("CARGO_BIN_EXE_samspil")).args(["config", "--reference"]).output().unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    if std::env::var_os("SAMSPIL_WRITE_DOCS").is_some() {
        std::fs::write(&path, &printed).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), printed);
}
