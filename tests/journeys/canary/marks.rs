//! What marks her, and looking for it.

/// Her number, in every spelling.
pub(crate) const NUMBER: &str = "1109514242";
pub(crate) const HYPHENATED: &str = "110951-4242";
pub(crate) const REPLACEMENT: &str = "1109511QZ4";

/// Her name.
pub(crate) const NAME: &str = "Kanariefugl Kvidder";

/// What everything that is written about her has in it.
pub(crate) const TEXT: &str = "Sangstemme";

pub(crate) const NUMBERS: [&str; 4] = [NUMBER, HYPHENATED, REPLACEMENT, "110951-1QZ4"];

pub(crate) const ALL: [&str; 6] = [NUMBER, HYPHENATED, REPLACEMENT, "110951-1QZ4", NAME, TEXT];

/// Which of the words are in some bytes, as they are, in hexadecimal, or as a list of numbers.
pub(crate) fn found<'w>(bytes: &[u8], words: &[&'w str]) -> Vec<&'w str> {
    let text = String::from_utf8_lossy(bytes);
    let holds = |word: &&&str| {
        let hexadecimal: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
        let numbers: Vec<_> = word.bytes().map(|byte| byte.to_string()).collect();
        text.contains(**word) || text.contains(&hexadecimal) || text.contains(&numbers.join(", "))
    };
    words.iter().filter(holds).copied().collect()
}

#[track_caller]
pub(crate) fn clean(bytes: &[u8], words: &[&str], what: &str) {
    let found = found(bytes, words);
    if !found.is_empty() {
        let text = String::from_utf8_lossy(bytes);
        let line = text.lines().find(|line| found.iter().any(|word| line.contains(word))).unwrap_or_default();
        panic!("{what} holds {found:?}: {line:.1000}");
    }
}
