//! Work by rows on all processors. A row depends on nothing but its number, so the result does not depend on how many there are.

use std::num::NonZero;
use std::thread;

/// Calls `paint` with each row's number and cells.
pub(crate) fn paint<T: Send>(cells: &mut [T], width: usize, paint: impl Fn(usize, &mut [T]) + Sync) {
    let workers = thread::available_parallelism().map_or(1, NonZero::get).min(8);
    let share = (cells.len() / width).div_ceil(workers).max(1);
    let paint = &paint;
    thread::scope(|scope| {
        for (n, part) in cells.chunks_mut(share * width).enumerate() {
            scope.spawn(move || {
                for (k, row) in part.chunks_mut(width).enumerate() {
                    paint(n * share + k, row);
                }
            });
        }
    });
}
