//! The few facts that are kept from EXIF, and the one tag that is written back.
//!
//! The reader is our own, and small, for a reason. A library that builds the whole tree can be made to build a very
//! large one (a 64 KB block whose thousands of entries each point into the same directory), and a strict one loses the
//! orientation of a photo for a fault elsewhere. This one looks up ten tags in four directories, reads each directory
//! once, follows no chain, copies at most [`TEXT`] bytes of text, and takes everything that does not add up for absent.

use chrono::NaiveDateTime;

use crate::Orientation;

/// When a photo was taken, by the camera's own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Captured {
    /// EXIF's DateTimeOriginal: what a clock on the wall showed.
    pub local: NaiveDateTime,
    /// EXIF's OffsetTimeOriginal: minutes east of UTC. Older cameras do not write it.
    pub offset_minutes: Option<i32>,
}

/// Which kind of camera took a photo. Serial numbers and owners' names are never read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Camera {
    /// The maker: "Apple". May be empty.
    pub make: String,
    /// The model: "iPhone 15". May be empty.
    pub model: String,
}

/// What was found. All absent when there is no EXIF, or none that can be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exif {
    pub(crate) orientation: Orientation,
    pub(crate) captured: Option<Captured>,
    pub(crate) camera: Option<Camera>,
    pub(crate) focal_35mm: Option<u16>,
    /// A position, or a directory for one that we could not read.
    pub(crate) has_gps: bool,
    /// The pixels are Adobe RGB.
    pub(crate) adobe_rgb: bool,
}

/// Directory entries that are looked at. Cameras write fewer than a hundred.
const ENTRIES: usize = 1024;
/// Bytes of a text that are kept.
const TEXT: usize = 64;

const MAKE: u16 = 0x010F;
const MODEL: u16 = 0x0110;
const ORIENTATION: u16 = 0x0112;
const EXIF_DIRECTORY: u16 = 0x8769;
const GPS_DIRECTORY: u16 = 0x8825;
const DATE_TIME_ORIGINAL: u16 = 0x9003;
const OFFSET_TIME_ORIGINAL: u16 = 0x9011;
const FOCAL_35MM: u16 = 0xA405;
const COLOUR_SPACE: u16 = 0xA001;
const INTEROPERABILITY_DIRECTORY: u16 = 0xA005;
const INTEROPERABILITY_INDEX: u16 = 1;

/// How DCF says Adobe RGB: as the rule that the file follows. Some cameras say it as a colour space that EXIF does not have.
const ADOBE_RGB_RULE: &str = "R03";
const ADOBE_RGB: u32 = 2;

const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;

/// Reads a block that starts at its TIFF header, or at the "Exif\0\0" that some writers put in front of it.
pub(crate) fn read(block: &[u8]) -> Exif {
    let bytes = block.strip_prefix(PREFIX).unwrap_or(block);
    Tiff::open(bytes).map(|(tiff, first)| tiff.read(first)).unwrap_or_default()
}

/// What stands before the TIFF header in a JPEG's APP1 segment.
pub(crate) const PREFIX: &[u8] = b"Exif\0\0";

/// The smallest EXIF block: a TIFF header and a directory of one entry, the orientation. No prefix.
pub(crate) fn only(orientation: Orientation) -> [u8; 26] {
    let mut block = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    block[19] = orientation.exif() as u8;
    block
}

struct Tiff<'a> {
    bytes: &'a [u8],
    little_endian: bool,
}

/// An entry of a directory: tag, type, count, and where its four bytes of value are.
struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    at: usize,
}

impl<'a> Tiff<'a> {
    /// The block, and where its first directory is.
    fn open(bytes: &'a [u8]) -> Option<(Self, usize)> {
        let little_endian = match bytes.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        let tiff = Self { bytes, little_endian };
        let first = tiff.long(4)? as usize;
        (tiff.short(2)? == 42).then_some((tiff, first))
    }

    fn read(&self, first: usize) -> Exif {
        let mut exif = Exif::default();
        let (mut make, mut model) = (None, None);
        // Of several pointers the first counts: a thousand of them would be a thousand directories to read.
        let (mut more, mut gps) = (None, None);
        for entry in self.directory(first) {
            match entry.tag {
                MAKE => make = self.text(&entry),
                MODEL => model = self.text(&entry),
                ORIENTATION => {
                    let value = self.number(&entry).and_then(|value| u16::try_from(value).ok());
                    exif.orientation = value.and_then(Orientation::from_exif).unwrap_or_default();
                }
                EXIF_DIRECTORY => more = more.or(Some(entry)),
                GPS_DIRECTORY => gps = gps.or(Some(entry)),
                _ => {}
            }
        }
        if make.is_some() || model.is_some() {
            exif.camera = Some(Camera { make: make.unwrap_or_default(), model: model.unwrap_or_default() });
        }
        if let Some(at) = more.and_then(|entry| self.number(&entry)) {
            self.read_more(at as usize, &mut exif);
        }
        exif.has_gps = gps.is_some_and(|entry| self.has_position(&entry));
        exif
    }

    /// Reads EXIF's own directory. A focal length of 0 is how a camera writes that it does not know.
    fn read_more(&self, directory: usize, exif: &mut Exif) {
        let (mut local, mut offset_minutes, mut rules) = (None, None, None);
        for entry in self.directory(directory) {
            match entry.tag {
                DATE_TIME_ORIGINAL => {
                    let text = self.text(&entry).unwrap_or_default();
                    local = NaiveDateTime::parse_from_str(&text, "%Y:%m:%d %H:%M:%S").ok();
                }
                OFFSET_TIME_ORIGINAL => {
                    offset_minutes = self.text(&entry).as_deref().and_then(offset);
                }
                FOCAL_35MM => {
                    exif.focal_35mm = self.number(&entry).and_then(|mm| u16::try_from(mm).ok()).filter(|mm| *mm > 0);
                }
                COLOUR_SPACE => exif.adobe_rgb |= self.number(&entry) == Some(ADOBE_RGB),
                INTEROPERABILITY_DIRECTORY => rules = rules.or(Some(entry)),
                _ => {}
            }
        }
        exif.captured = local.map(|local| Captured { local, offset_minutes });
        exif.adobe_rgb |= rules.and_then(|entry| self.number(&entry)).is_some_and(|at| self.is_adobe_rgb(at as usize));
    }

    fn is_adobe_rgb(&self, rules: usize) -> bool {
        let rule = self.directory(rules).find(|entry| entry.tag == INTEROPERABILITY_INDEX);
        rule.and_then(|entry| self.text(&entry)).as_deref() == Some(ADOBE_RGB_RULE)
    }

    /// Some cameras write a directory with a version and no position: tag 0 alone does not count.
    fn has_position(&self, entry: &Entry) -> bool {
        let Some(at) = self.number(entry).map(|at| at as usize) else { return true };
        self.short(at).is_none() || self.directory(at).any(|entry| entry.tag != 0)
    }

    /// The entries of the directory at `at`; none if it lies outside the block.
    fn directory(&self, at: usize) -> impl Iterator<Item = Entry> + '_ {
        let count = usize::from(self.short(at).unwrap_or(0)).min(ENTRIES);
        (0..count).map_while(move |index| {
            let at = at.checked_add(2 + 12 * index)?;
            Some(Entry { tag: self.short(at)?, kind: self.short(at + 2)?, count: self.long(at + 4)?, at: at + 8 })
        })
    }

    fn number(&self, entry: &Entry) -> Option<u32> {
        match (entry.kind, entry.count) {
            (SHORT, 1) => self.short(entry.at).map(u32::from),
            (LONG, 1) => self.long(entry.at),
            _ => None,
        }
    }

    /// A text up to its first NUL, without control characters and surrounding space; `None` if nothing is left.
    fn text(&self, entry: &Entry) -> Option<String> {
        if entry.kind != ASCII {
            return None;
        }
        let count = entry.count as usize;
        let at = if count <= 4 { entry.at } else { self.long(entry.at)? as usize };
        let bytes = self.bytes.get(at..at.checked_add(count.min(TEXT))?)?;
        let bytes = bytes.split(|byte| *byte == 0).next()?;
        let text: String = String::from_utf8_lossy(bytes).chars().filter(|c| !c.is_control()).collect();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes = self.bytes.get(at..)?.first_chunk()?;
        let read = if self.little_endian { u16::from_le_bytes } else { u16::from_be_bytes };
        Some(read(*bytes))
    }

    fn long(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..)?.first_chunk()?;
        let read = if self.little_endian { u32::from_le_bytes } else { u32::from_be_bytes };
        Some(read(*bytes))
    }
}

/// Minutes east of UTC from "+02:00". No place on Earth is more than 14 hours away.
fn offset(text: &str) -> Option<i32> {
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes) = (hours.parse::<u8>().ok()?, minutes.parse::<u8>().ok()?);
    let total = i32::from(hours) * 60 + i32::from(minutes);
    (minutes < 60 && total <= 14 * 60).then_some(sign * total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_signed_minutes_and_nonsense_is_none() {
        assert_eq!(offset("+02:00"), Some(120));
        assert_eq!(offset("-09:30"), Some(-570));
        for nonsense in ["", "+", "Z", "02:00", "+02", "+15:00", "+02:60", "+-2:00", "æ2:00"] {
            assert_eq!(offset(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn the_smallest_block_says_only_the_orientation() {
        for orientation in Orientation::ALL {
            let exif = read(&only(orientation));
            assert_eq!(exif.orientation, orientation);
            assert!(exif.camera.is_none() && exif.captured.is_none() && !exif.has_gps);
        }
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_read_without_a_panic() {
        let whole = only(Orientation::QuarterRight);
        for len in 0..whole.len() {
            read(&whole[..len]);
        }
        for at in 0..whole.len() {
            for value in [0, 1, 0x7F, 0xFF] {
                let mut changed = whole;
                changed[at] = value;
                read(&changed);
            }
        }
    }
}
