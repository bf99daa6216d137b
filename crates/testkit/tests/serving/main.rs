//! How calls come in: how many, for how long, over what.

mod load;
mod moving;
mod one_caller;
mod secured;
