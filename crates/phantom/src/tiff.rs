//! A small TIFF writer, big-endian: just what EXIF needs.

/// The value of a field.
pub(crate) enum Value {
    /// Text; a NUL is put at its end.
    Ascii(String),
    /// BYTE.
    Bytes(Vec<u8>),
    /// UNDEFINED.
    Undefined(Vec<u8>),
    /// SHORT.
    Short(u16),
    /// LONG.
    Long(u32),
    /// RATIONAL, each a numerator and a denominator.
    Rationals(Vec<[u32; 2]>),
}

impl Value {
    /// The type's number, the count and the bytes.
    fn encoded(&self) -> (u16, u32, Vec<u8>) {
        match self {
            Self::Ascii(text) => {
                let bytes = [text.as_bytes(), &[0]].concat();
                (2, bytes.len() as u32, bytes)
            }
            Self::Bytes(bytes) => (1, bytes.len() as u32, bytes.clone()),
            Self::Undefined(bytes) => (7, bytes.len() as u32, bytes.clone()),
            Self::Short(number) => (3, 1, number.to_be_bytes().to_vec()),
            Self::Long(number) => (4, 1, number.to_be_bytes().to_vec()),
            Self::Rationals(all) => {
                (5, all.len() as u32, all.as_flattened().iter().flat_map(|n| n.to_be_bytes()).collect())
            }
        }
    }
}

/// A directory of fields, kept in the order of their tags as TIFF demands.
#[derive(Default)]
pub(crate) struct Directory(Vec<(u16, Value)>);

impl Directory {
    pub(crate) fn put(&mut self, tag: u16, value: Value) {
        let at = self.0.partition_point(|(other, _)| *other < tag);
        self.0.insert(at, (tag, value));
    }

    /// The bytes that it takes, with the values that do not fit in their fields.
    pub(crate) fn size(&self) -> u32 {
        let values: usize = self.0.iter().map(|(_, value)| outside(value.encoded().2.len())).sum();
        (2 + 12 * self.0.len() + 4 + values) as u32
    }

    /// Appends the directory, which begins where `out` ends; `next` is where the next one begins, or 0.
    pub(crate) fn write(&self, out: &mut Vec<u8>, next: u32) {
        let mut values = Vec::new();
        let after = out.len() + 2 + 12 * self.0.len() + 4;
        out.extend((self.0.len() as u16).to_be_bytes());
        for (tag, value) in &self.0 {
            let (kind, count, mut bytes) = value.encoded();
            out.extend(tag.to_be_bytes());
            out.extend(kind.to_be_bytes());
            out.extend(count.to_be_bytes());
            if outside(bytes.len()) == 0 {
                bytes.resize(4, 0);
                out.extend(bytes);
            } else {
                out.extend(((after + values.len()) as u32).to_be_bytes());
                bytes.resize(outside(bytes.len()), 0);
                values.extend(bytes);
            }
        }
        out.extend(next.to_be_bytes());
        out.extend(values);
    }
}

/// The room that a value takes outside its field: none up to four bytes, else an even number of bytes.
fn outside(length: usize) -> usize {
    if length <= 4 { 0 } else { length.next_multiple_of(2) }
}
