//! Photographs of a wound that nobody has: the pictures of Samspil's demo and tests.
//!
//! Real wound photographs belong to patients. These are drawn: a leg with an ulcer that heals from visit to visit, a
//! white card with a black square of 25 mm beside it, uneven light, grain, and a phone's metadata with all that a
//! service must take out again. What was drawn is known, so a measurement can be held against it.
//!
//! ```
//! use samspil_phantom::{Metadata, Scene, photograph};
//!
//! let scene = Scene { width: 640, height: 480, ..Scene::visit(7, 0) };
//! let (jpeg, truth) = photograph(&scene, &Metadata::default());
//! assert!(jpeg.starts_with(&[0xff, 0xd8]) && truth.area_mm2 > 100.0);
//! ```
//!
//! With a [`View`] the camera is a real one: it stands at a distance, tilted and turned, its lens bends straight lines a
//! little, and the leg may be a round limb that bends the card with it. With [`Card::Printed`] the card is the one that
//! Samspil prints, so that its finding and measuring can be tried on pictures whose every millimetre is known.
//!
//! # How a picture comes about
//!
//! 1. `surface`: a grid of about a thousand cells a row gets a colour, a height and a gloss at each corner, from
//!    `skin`, `bed` (the open wound, whose edge is `outline`), `hair` and a cloth.
//! 2. `light` shades it by the heights' slopes, and `blur` is the lens.
//! 3. `sensor` interpolates the pixels, lays `card` over them sample by sample, and adds grain.
//! 4. `jpeg` turns the pixels as the phone was held, and writes `exif` and `icc`.
//!
//! # The same bytes
//!
//! A scene's pixels are the same on every machine with IEEE 754 arithmetic (every 64-bit target of Rust's), with any
//! number of processors: chance is hashed from the seed, and no function is used whose last bit depends on a library,
//! so no `sin`, `exp` or `powf`, and no fused multiplication.
//!
//! The JPEG's bytes are the same on machines of one kind. The encoder's cosine transform rounds a few coefficients
//! another way where a processor has AVX2 than where it has not, so a file's hash must not be written into a test.
//!
//! The crate is pure: no files, no clock, no randomness from outside.

mod bed;
mod blur;
mod camera;
mod card;
mod colour;
mod exif;
mod hair;
mod icc;
mod jpeg;
mod layer;
mod light;
mod metadata;
mod noise;
mod orientation;
mod outline;
mod picture;
mod pinhole;
mod rows;
mod scene;
mod sensor;
mod skin;
mod surface;
mod tiff;
mod truth;
mod turn;
mod view;

pub use jpeg::photograph;
pub use metadata::{Icc, Metadata};
pub use picture::draw;
pub use samspil_marker::MarkerId;
pub use scene::{Card, Scene, Skin};
pub use truth::{Tissue, Truth};
pub use view::View;
