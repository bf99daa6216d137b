//! Whether a file is of the type that it was announced as, by its first bytes.

/// The types of file that a referral takes, each with how it begins. Text has no beginning of its own.
const TYPES: &[(&str, &[u8])] = &[
    ("application/pdf", b"%PDF-"),
    ("image/jpeg", &[0xff, 0xd8, 0xff]),
    ("image/png", &[0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a]),
    ("text/plain", b""),
];

/// The types of file that a referral takes.
pub(crate) fn types() -> impl Iterator<Item = &'static str> {
    TYPES.iter().map(|(name, _)| *name)
}

/// Whether bytes are of a type.
pub(super) fn is_of_type(bytes: &[u8], content_type: &str) -> bool {
    match TYPES.iter().find(|(name, _)| *name == content_type) {
        None => false,
        Some((_, [])) => is_text(bytes),
        Some((_, beginning)) => bytes.starts_with(beginning),
    }
}

/// UTF-8 without control characters but those that set lines. Nothing that is really another kind of file passes for it.
fn is_text(bytes: &[u8]) -> bool {
    let sets_lines = |c: char| matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    let text = std::str::from_utf8(bytes);
    text.is_ok_and(|text| !text.starts_with("%PDF-") && text.chars().all(|c| sets_lines(c) || !c.is_control()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_of_the_type_that_it_begins_as_and_no_other() {
        let files: &[(&str, &[u8])] = &[
            ("application/pdf", b"%PDF-1.7\n%\xe2\xe3"),
            ("image/jpeg", b"\xff\xd8\xff\xe0rest"),
            ("image/png", b"\x89PNG\r\n\x1a\nrest"),
            ("text/plain", "Sår på hælen,\r\n\tstadig væskende".as_bytes()),
        ];
        for (own, bytes) in files {
            for content_type in types() {
                assert_eq!(is_of_type(bytes, content_type), content_type == *own, "{own} as {content_type}");
            }
        }
    }

    #[test]
    fn what_is_cut_short_or_unheard_of_is_of_no_type() {
        assert!(!is_of_type(b"%PDF", "application/pdf"));
        assert!(!is_of_type(b"", "image/png"));
        assert!(!is_of_type(b"GIF89a", "image/gif"));
        assert!(!is_of_type(b"\xc3\x28", "text/plain"), "not UTF-8");
        assert!(!is_of_type(b"MZ\0\0", "text/plain"), "a program");
    }
}
