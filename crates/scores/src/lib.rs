//! Wound scores as tables.
//!
//! The crate is pure: whole numbers go in, a score comes out, or a reason why there is none. It reads no file, knows no
//! clock and no patient. Every number that a publication gives stands in a file of `data/`; the code only looks it up.
//!
//! ```
//! use samspil_scores::{Inputs, Push};
//!
//! let inputs = Inputs::from(Push { length_mm: Some(37), width_mm: Some(31), exudate: Some(1), tissue: Some(3) });
//! let scored = inputs.score()?;
//! assert_eq!(scored.total, Some(12));
//! assert_eq!(scored.table_version, "3.0-1");
//! # Ok::<(), samspil_scores::Refusal>(())
//! ```
//!
//! | instrument | result | table |
//! | --- | --- | --- |
//! | [`Push`] | total 0–17 | `push.json` |
//! | [`Bwat`] | total 13–65, band of severity | `bwat.json` |
//! | [`Wifi`] | stage 1–4, band of risk, three grades | `wifi.json` |
//! | [`Sinbad`] | total 0–6 | `sinbad.json` |
//! | [`Wagner`] | grade 0–5 | `wagner.json` |
//! | [`Texas`] | grade 0–3, stage 1–4 (A–D) | `texas.json` |
//! | [`PressureUlcer`] | stage I–IV, unstageable, suspected deep tissue injury | `pressure_stage.json` |
//!
//! Beside them stand [`healing_permille`], the area that has gone, and [`safety`], two rules that ask a person to look
//! again (`safety.json`).
//!
//! # Rules that hold everywhere
//!
//! - **Whole numbers.** Millimetres, mm², mmHg, hundredths for the ankle-brachial index, thousandths for healing. A
//!   published limit of 0.3 cm² is 30 mm²; no binary fraction comes near it.
//! - **Nothing is guessed.** An item that was not assessed is [`Refusal::Missing`], never the best row.
//! - **What is measured and what is picked must agree.** A nurse may send both; a contradiction is told, not resolved.
//! - **A score tells its numbers.** [`Scored`] holds the table's version and its inputs. A number that changes raises the
//!   version.
//! - **No wording of a form.** Some forms are their owners' property. The tables hold numbers, and codes of our own;
//!   [`table::About`] names the form, the source of the numbers, what we decided, and what we could not verify.
//!
//! # A new instrument
//!
//! A file in `data/` with its `about`, a module with the input's struct and its `score`, a variant of [`Instrument`] and
//! [`Inputs`]. [`table`] refuses bands with a gap. The tests repeat the published limits in another form than the table's.

mod bwat;
mod healing;
mod inputs;
mod measure;
pub mod pressure;
mod push;
mod refusal;
pub mod safety;
mod scored;
mod sinbad;
pub mod table;
mod texas;
mod wagner;
mod wifi;

pub use bwat::Bwat;
pub use healing::healing_permille;
pub use inputs::{Inputs, Instrument};
pub use measure::MAX_MM;
pub use pressure::PressureUlcer;
pub use push::Push;
pub use refusal::Refusal;
pub use scored::{Item, Scored};
pub use sinbad::Sinbad;
pub use texas::Texas;
pub use wagner::Wagner;
pub use wifi::Wifi;
