//! What is promised of any bytes whatever. The fuzzer holds the crate to the same.

use std::time::{Duration, Instant};

use samspil_imaging::{Format, Inspected, Limits, Orientation, Refusal, inspect, process, strip};

/// What a busy machine may add to the time limit.
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks, strips and processes.
pub(crate) fn keep(bytes: &[u8], limits: &Limits) {
    keep_when_stripping(bytes, limits);
    let started = Instant::now();
    let made = process(bytes, limits);
    assert!(started.elapsed() < limits.max_decode + PATIENCE, "late: {:?}", started.elapsed());
    let made = match made {
        Ok(made) => made,
        Err(refusal) => return keep_in_refusing(&refusal),
    };
    let seen = inspect(bytes, limits).expect("what is processed was accepted");
    assert_eq!((made.width, made.height), seen.orientation.upright_size(seen.width, seen.height));
    for (rendition, longest) in [(&made.display, 1600), (&made.thumbnail, 320)] {
        let small = inspect(&rendition.jpeg, &Limits::default()).expect("a rendition is a photo");
        assert_eq!((small.width, small.height), (rendition.width, rendition.height));
        assert!(small.width.max(small.height) <= longest);
        assert_eq!((small.format, small.orientation), (Format::Jpeg, Orientation::Upright));
        assert!(small.icc_profile.is_none() || small.icc_profile == seen.icc_profile);
        assert_eq!(strip(&rendition.jpeg, &small).expect("it was accepted"), rendition.jpeg);
    }
}

/// Looks and strips, and decodes nothing.
pub(crate) fn keep_when_stripping(bytes: &[u8], limits: &Limits) {
    let seen = match inspect(bytes, limits) {
        Ok(seen) => seen,
        Err(refusal) => return keep_in_refusing(&refusal),
    };
    assert!(u64::from(seen.width) * u64::from(seen.height) <= limits.max_pixels);
    let clean = strip(bytes, &seen).expect("what was accepted can be stripped");
    let again = inspect(&clean, limits).expect("what was stripped is still a photo");
    let Inspected { format, width, height, orientation, icc_profile, .. } = seen;
    let bare = Inspected {
        format,
        width,
        height,
        orientation,
        icc_profile,
        captured: None,
        camera: None,
        focal_35mm: None,
        has_gps: false,
    };
    assert_eq!(again, bare);
    assert_eq!(strip(&clean, &again).expect("what was stripped can be stripped"), clean);
}

/// A refusal has a reason that programs know, and a sentence for people.
fn keep_in_refusing(refusal: &Refusal) {
    assert!(Refusal::REASONS.contains(&refusal.reason()));
    assert!(!refusal.to_string().is_empty());
}
