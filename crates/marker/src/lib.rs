//! The card that lies beside a wound on a photo: what is printed on it, where, and how long that is.
//!
//! One card, three users: [`sheet`] prints it, `samspil-imaging` finds it on photos and measures by it, and
//! `samspil-phantom` draws it into photographs that test the measuring. Millimetres are on the card, from its upper left
//! corner, to the right and down.
//!
//! On a card are
//!
//! - a fiducial tag of the family tag36h11, 25 mm from black edge to black edge, with its number in digits;
//! - a line 50 mm long, to hold a ruler to after printing;
//! - patches of grey and colour whose values are known.
//!
//! # What tells that a card was printed at another size
//!
//! Printers shrink pages to fit, and everything on a card shrinks alike. So **a photo of the card alone cannot tell**: a
//! card printed at 90 % looks like a card further away, and every area would come out 23 % too large. What tells is
//! something that did not come out of that printer:
//!
//! - a ruler held to the 50 mm line, once for each sheet: [`Print::from_ruler`] says how far it is off, and either the
//!   sheet is thrown away or its scale is given with every measure;
//! - a ruler in the photo, two of its ticks marked by hand;
//! - a second card, of another print, in the photo: the two are held against each other.

mod card;
mod code;
mod pdf;
mod print;
mod sheet;

pub use card::{CARD_MM, Mark, PATCHES, Patch, RULER, RULER_MM, Rect, SIDE_MM, TAG, marks};
pub use code::{MODULES, MarkerId};
pub use print::{NotARuler, Print};
pub use sheet::{PER_PAGE, sheet};
