//! JPEG (ITU-T T.81): baseline, extended and progressive Huffman coding, 8 bits, one, three or four components.

mod decode;
mod inspect;
mod pieces;
mod strip;

pub(crate) use decode::decode;
pub(crate) use inspect::inspect;
pub(crate) use strip::strip;

/// Start of image.
const SOI: u8 = 0xD8;
/// End of image.
const EOI: u8 = 0xD9;
/// Start of scan.
const SOS: u8 = 0xDA;
/// Quantisation tables.
const DQT: u8 = 0xDB;
/// Huffman tables.
const DHT: u8 = 0xC4;
/// Restart interval.
const DRI: u8 = 0xDD;
/// Application segments: JFIF, EXIF and XMP, ICC and MPF, Adobe.
const APP0: u8 = 0xE0;
const APP1: u8 = 0xE1;
const APP2: u8 = 0xE2;
const APP14: u8 = 0xEE;
