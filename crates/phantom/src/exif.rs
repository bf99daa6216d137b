//! The EXIF block of a phone's photograph: IFD0, the Exif and GPS directories, and IFD1 with a thumbnail.

use crate::metadata::{Icc, Metadata};
use crate::tiff::{Directory, Value};

/// Where IFD0 begins, after the header.
const BEGIN: u32 = 8;

/// Builds the block, without the `Exif\0\0` that a JPEG puts before it. The size is that of the pixels as stored.
pub(crate) fn block(metadata: &Metadata, size: (u32, u32), thumbnail: Option<&[u8]>) -> Vec<u8> {
    let exif = exif(metadata, size);
    let gps = metadata.gps.map(gps);
    // The values of pointers come last but do not change a directory's size, so zeros stand in for them first.
    let mut places = Places::default();
    let size = primary(metadata, gps.is_some(), &places).size();
    places.exif = BEGIN + size;
    places.gps = places.exif + exif.size();
    places.thumbnail = places.gps + gps.as_ref().map_or(0, Directory::size);
    let primary = primary(metadata, gps.is_some(), &places);

    let mut out = b"MM\0\x2a".to_vec();
    out.extend(BEGIN.to_be_bytes());
    primary.write(&mut out, if thumbnail.is_some() { places.thumbnail } else { 0 });
    exif.write(&mut out, 0);
    if let Some(gps) = gps {
        gps.write(&mut out, 0);
    }
    if let Some(jpeg) = thumbnail {
        let room = second(0, jpeg.len()).size();
        second(places.thumbnail + room, jpeg.len()).write(&mut out, 0);
        out.extend(jpeg);
    }
    out
}

/// Where the directories after IFD0 begin.
#[derive(Default)]
struct Places {
    exif: u32,
    gps: u32,
    thumbnail: u32,
}

/// IFD0: the phone and the picture.
fn primary(metadata: &Metadata, gps: bool, places: &Places) -> Directory {
    let mut fields = Directory::default();
    fields.put(0x010f, Value::Ascii(metadata.make.clone()));
    fields.put(0x0110, Value::Ascii(metadata.model.clone()));
    fields.put(0x0112, Value::Short(metadata.orientation));
    resolution(&mut fields);
    fields.put(0x0131, Value::Ascii("samspil-phantom".into()));
    fields.put(0x0132, Value::Ascii(time(metadata)));
    fields.put(0x8769, Value::Long(places.exif));
    if gps {
        fields.put(0x8825, Value::Long(places.gps));
    }
    fields
}

/// The Exif directory: the exposure.
fn exif(metadata: &Metadata, (width, height): (u32, u32)) -> Directory {
    let mut fields = Directory::default();
    let offset = offset(metadata.offset_minutes);
    fields.put(0x829a, Value::Rationals(vec![[1, 100]])); // ExposureTime
    fields.put(0x829d, Value::Rationals(vec![[18, 10]])); // FNumber
    fields.put(0x8827, Value::Short(160)); // PhotographicSensitivity
    fields.put(0x9000, Value::Undefined(b"0232".to_vec())); // ExifVersion
    for tag in [0x9003, 0x9004] {
        fields.put(tag, Value::Ascii(time(metadata))); // DateTimeOriginal, DateTimeDigitized
    }
    for tag in [0x9010, 0x9011, 0x9012] {
        fields.put(tag, Value::Ascii(offset.clone())); // OffsetTime, -Original, -Digitized
    }
    fields.put(0x9101, Value::Undefined(vec![1, 2, 3, 0])); // ComponentsConfiguration: Y Cb Cr
    fields.put(0x920a, Value::Rationals(vec![[52, 10]])); // FocalLength
    fields.put(0xa000, Value::Undefined(b"0100".to_vec())); // FlashpixVersion
    let uncalibrated = metadata.icc == Icc::DisplayP3;
    fields.put(0xa001, Value::Short(if uncalibrated { 0xffff } else { 1 })); // ColorSpace
    fields.put(0xa002, Value::Long(width));
    fields.put(0xa003, Value::Long(height));
    if let Some(focal) = metadata.focal_35mm {
        fields.put(0xa405, Value::Short(focal)); // FocalLengthIn35mmFilm
    }
    fields.put(0xa431, Value::Ascii(metadata.serial.clone())); // BodySerialNumber
    fields
}

/// The GPS directory.
fn gps((latitude, longitude): (f64, f64)) -> Directory {
    let mut fields = Directory::default();
    fields.put(0, Value::Bytes(vec![2, 3, 0, 0]));
    fields.put(1, Value::Ascii(if latitude < 0.0 { "S" } else { "N" }.into()));
    fields.put(2, Value::Rationals(sexagesimal(latitude)));
    fields.put(3, Value::Ascii(if longitude < 0.0 { "W" } else { "E" }.into()));
    fields.put(4, Value::Rationals(sexagesimal(longitude)));
    fields
}

/// IFD1: the thumbnail.
fn second(begin: u32, length: usize) -> Directory {
    let mut fields = Directory::default();
    fields.put(0x0103, Value::Short(6)); // Compression: JPEG
    resolution(&mut fields);
    fields.put(0x0201, Value::Long(begin)); // JPEGInterchangeFormat
    fields.put(0x0202, Value::Long(length as u32));
    fields
}

/// 72 dots per inch, which EXIF wants said.
fn resolution(fields: &mut Directory) {
    fields.put(0x011a, Value::Rationals(vec![[72, 1]]));
    fields.put(0x011b, Value::Rationals(vec![[72, 1]]));
    fields.put(0x0128, Value::Short(2));
}

fn time(metadata: &Metadata) -> String {
    metadata.captured.format("%Y:%m:%d %H:%M:%S").to_string()
}

fn offset(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Degrees, minutes, and seconds to a ten-thousandth: three millimetres on the ground.
fn sexagesimal(degrees: f64) -> Vec<[u32; 2]> {
    const SECOND: u64 = 10_000;
    let all = (degrees.abs() * 3600.0 * SECOND as f64).round() as u64;
    let [d, m, s] = [all / (3600 * SECOND), all / (60 * SECOND) % 60, all % (60 * SECOND)];
    vec![[d as u32, 1], [m as u32, 1], [s as u32, SECOND as u32]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_has_a_sign_and_four_digits() {
        assert_eq!(offset(60), "+01:00");
        assert_eq!(offset(-210), "-03:30");
        assert_eq!(offset(0), "+00:00");
    }

    #[test]
    fn seconds_never_reach_sixty() {
        assert_eq!(sexagesimal(-55.999_999_999_9), [[56, 1], [0, 1], [0, 10_000]]);
        assert_eq!(sexagesimal(10.5), [[10, 1], [30, 1], [0, 10_000]]);
    }
}
