//! What happens to a photo between the nurse's phone and the specialist's screen.
//!
//! The crate is pure: bytes go in, bytes and findings come out. It opens no file, starts no thread (but the one that an
//! outline network has for itself), waits for nothing,
//! and takes no clock but the stop watch that holds it to its own time limit. The wound service calls it from its
//! workers, in this order:
//!
//! ```text
//!  bytes ──► inspect ──► Inspected ──► strip ──► the original, without metadata, pixel for pixel the same
//!              │                         │
//!              └─► Refusal               └────► process ──► Processed: display (1600), thumbnail (320), Quality
//! ```
//!
//! - [`inspect`] looks at headers and structure alone, about a millisecond. It tells the format from the bytes
//!   (never from a file name), holds the picture to [`Limits`] before anything is allocated for it, walks the file to
//!   its end so that a cut upload is found at once, and reads the few facts that are kept from EXIF: orientation,
//!   capture time, camera model, whether there was a position.
//! - [`strip`] is lossless. What leaves it holds the picture, its colour profile and, where the picture lies on its
//!   side, one EXIF tag that says so. Everything is an allow-list: a segment that nobody thought of is dropped.
//! - [`process`] decodes once, makes the two renditions, upright, gives the [`Quality`] verdict, and looks for the
//!   [`marker`]. Once an outline is known, [`WoundQuality`] says the same of the wound itself.
//!
//! Beside that line stand [`tiles`], for looking at a large photo closely, [`outline`]: what a person draws on a photo,
//! measured, and [`suggest`]: outlines that a small network proposes to that person. [`marker`] finds the card that lies beside
//! a wound, [`measure`] measures outlines by it in millimetres with their uncertainty, and [`colour`] sets a rendition's colours
//! right by the card's greys.
//!
//! # What is refused, and what is only warned about
//!
//! A file that is no whole picture is refused with a [`Refusal`], whose message a nurse's app may show. A bad photo is
//! accepted with a [`Warning`] and one sentence of advice: a blurred photo now is worth more than none, and she can take
//! another while she is still there.
//!
//! # Rules that hold everywhere
//!
//! - **No panic.** Photos are hostile input. Our own parsers are bounds-checked by construction; the decoders are other
//!   people's code, see only stripped bytes, and a panic in one becomes [`Refusal::Damaged`].
//! - **No bomb.** Dimensions are checked before any allocation; so is a file too small to hold the picture it announces.
//! - **No metadata failure.** Broken EXIF or a broken colour profile counts as absent. It never costs the photo.
//! - **Sizes** are in pixels, width first, and "stored" (as in the file) or "upright" (as seen) is always said.
//!
//! # Where to read on
//!
//! `jpeg`, `png` and `webp` are alike: `pieces` or `chunks` walks the container, and `inspect`, `strip` and `decode`
//! stand on it. A new format is a new folder of those, a variant of [`Format`], and a line in `format::sniff`.
//! `quality` holds the thresholds, with where each number comes from. Whoever changes what comes out of [`process`]
//! raises [`version`], which is stored with every result.

mod adobe_rgb;
pub mod colour;
mod deadline;
mod decode;
mod encode;
mod exif;
mod format;
mod icc;
mod inspect;
mod jpeg;
mod limits;
pub mod marker;
pub mod measure;
mod orientation;
pub mod outline;
mod picture;
mod png;
mod process;
mod quality;
mod refusal;
mod resize;
mod strip;
pub mod suggest;
pub mod tiles;
mod webp;

pub use exif::{Camera, Captured};
pub use format::Format;
pub use inspect::{Inspected, inspect};
pub use limits::Limits;
pub use orientation::Orientation;
pub use process::{Processed, Rendition, Step, process, process_with, version};
pub use quality::{Quality, Thresholds, Warning, WoundQuality};
pub use refusal::Refusal;
pub use strip::strip;
