//! What the phone writes into the file besides the picture.

use chrono::{NaiveDate, NaiveDateTime};

/// The metadata of a photograph: all of it made up, and most of it what a service has to take out again.
#[derive(Clone, Debug, PartialEq)]
pub struct Metadata {
    /// The phone's local time, `DateTimeOriginal`; EXIF keeps whole seconds.
    pub captured: NaiveDateTime,
    /// The local time's distance from UTC, `OffsetTimeOriginal`.
    pub offset_minutes: i32,
    /// Who made the phone.
    pub make: String,
    /// Which phone it is.
    pub model: String,
    /// `BodySerialNumber`.
    pub serial: String,
    /// 1 to 8 as EXIF counts them. Another number is written as it is, and the pixels are stored upright.
    pub orientation: u16,
    /// Latitude and longitude in degrees; north and east are positive.
    pub gps: Option<(f64, f64)>,
    /// `FocalLengthIn35mmFilm`.
    pub focal_35mm: Option<u16>,
    /// Whether a small JPEG of the same picture is embedded.
    pub thumbnail: bool,
    /// The colour space of the pixels, and the profile that says so.
    pub icc: Icc,
}

/// A colour profile. The pixels follow it: the same scene looks the same with each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icc {
    /// No profile; the pixels are sRGB.
    None,
    /// sRGB, and a profile for it.
    Srgb,
    /// Display P3, as newer phones write.
    DisplayP3,
}

impl Default for Metadata {
    /// A phone that does not exist, held upright, at sea off Horsens Fjord, where no patient lives.
    fn default() -> Self {
        Self {
            captured: NaiveDate::from_ymd_opt(2026, 3, 2)
                .and_then(|day| day.and_hms_opt(10, 15, 0))
                .expect("a day and a time that exist"),
            offset_minutes: 60,
            make: "Samspil".into(),
            model: "Phantom 1".into(),
            serial: "SP1-000042".into(),
            orientation: 6,
            gps: Some((55.8042, 10.1836)),
            focal_35mm: None,
            thumbnail: true,
            icc: Icc::DisplayP3,
        }
    }
}
