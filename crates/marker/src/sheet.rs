//! Cards on a page, to be printed and cut out.

use crate::card::{CARD_MM, Rect, marks};
use crate::code::MarkerId;
use crate::pdf::{PAGE_MM, Page, write};

const COLUMNS: usize = 4;
const ROWS: usize = 4;
/// Cards on a page.
pub const PER_PAGE: usize = COLUMNS * ROWS;

/// Where the first card begins. Above it is room for what a person must know.
const LEFT: f64 = (PAGE_MM[0] - COLUMNS as f64 * CARD_MM[0]) / 2.0;
const TOP: f64 = 46.0;

/// What a person must know, in Danish and English.
const HEAD: [&str; 7] = [
    "Udskriv i 100 % (faktisk størrelse, ingen tilpasning) på mat, hvidt karton. Klip kortene ud.",
    "Hold en lineal til den 50 mm lange streg på ét af kortene. Er den ikke 50 mm, måler alle kort på arket forkert:",
    "udskriv igen, eller giv længden med: samspil marker --check MM. Læg kortet fladt ved siden af såret, i samme plan.",
    "",
    "Print at 100 % (actual size, no fitting) on matt white card stock. Cut the cards out.",
    "Hold a ruler to the 50 mm line of one card. If it is not 50 mm, every card of this sheet measures wrong:",
    "print again, or give its length: samspil marker --check MM. Lay a card flat beside the wound, in its plane.",
];

/// A PDF of cards, 16 to an A4 page, in the order given. No ids give an empty page.
#[must_use]
pub fn sheet(ids: &[MarkerId]) -> Vec<u8> {
    let mut pages: Vec<Page> = ids.chunks(PER_PAGE).map(page).collect();
    if pages.is_empty() {
        pages.push(page(&[]));
    }
    write(&pages, "Samspil markers")
}

fn page(ids: &[MarkerId]) -> Page {
    let mut page = Page::default();
    page.text((LEFT, 14.0), 5.0, "Samspil: målemærker / markers");
    for (n, line) in HEAD.iter().enumerate() {
        page.text((LEFT, 19.5 + 3.6 * n as f64), 2.7, line);
    }
    for (n, id) in ids.iter().enumerate() {
        let (column, row) = (n % COLUMNS, n / COLUMNS);
        card(&mut page, *id, [LEFT + column as f64 * CARD_MM[0], TOP + row as f64 * CARD_MM[1]]);
    }
    page
}

fn card(page: &mut Page, id: MarkerId, [left, top]: [f64; 2]) {
    page.cut(Rect { left, top, width: CARD_MM[0], height: CARD_MM[1] });
    for mark in marks(id) {
        page.fill(Rect { left: left + mark.place.left, top: top + mark.place.top, ..mark.place }, mark.srgb);
    }
    let mut text = |down: f64, size: f64, text: &str| page.text((left + 10.5, top + down), size, text);
    text(52.4, 3.2, &format!("Samspil {:03}", id.number()));
    text(54.9, 1.7, "Stregen er 50 mm: mål efter (100 %)");
    text(56.9, 1.7, "The line is 50 mm: check it (100 %)");
    text(58.7, 1.4, "tag36h11, 25 mm. Mat karton / matt card stock");
}
