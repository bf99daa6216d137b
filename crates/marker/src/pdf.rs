//! As much of PDF as a sheet of cards needs: pages of filled rectangles, dashed lines and text in Helvetica.

use std::fmt::Write as _;

use crate::card::Rect;

/// A4, in millimetres.
pub(crate) const PAGE_MM: [f64; 2] = [210.0, 297.0];
/// A point, PDF's unit, is a 72nd of an inch.
const POINTS: f64 = 72.0 / 25.4;

/// A page in the making. Places are in millimetres from its upper left corner.
#[derive(Default)]
pub(crate) struct Page {
    content: Vec<u8>,
}

impl Page {
    /// Fills a rectangle.
    pub(crate) fn fill(&mut self, place: Rect, srgb: [u8; 3]) {
        let [r, g, b] = srgb.map(|level| f64::from(level) / 255.0);
        let (x, y) = points(place.left, place.top + place.height);
        let (width, height) = (place.width * POINTS, place.height * POINTS);
        self.put(&format!("{r:.4} {g:.4} {b:.4} rg {x:.4} {y:.4} {width:.4} {height:.4} re f\n"));
    }

    /// Draws a thin dashed frame, to cut along.
    pub(crate) fn cut(&mut self, place: Rect) {
        let (x, y) = points(place.left, place.top + place.height);
        let (width, height) = (place.width * POINTS, place.height * POINTS);
        self.put(&format!("0.6 G 0.3 w [3 3] 0 d {x:.4} {y:.4} {width:.4} {height:.4} re S\n"));
    }

    /// Writes a line of text, its left end on the baseline.
    pub(crate) fn text(&mut self, (left, baseline): (f64, f64), size_mm: f64, text: &str) {
        let (x, y) = points(left, baseline);
        self.put(&format!("BT 0 g /F {:.3} Tf {x:.4} {y:.4} Td (", size_mm * POINTS));
        for letter in text.chars() {
            if matches!(letter, '(' | ')' | '\\') {
                self.content.push(b'\\');
            }
            // WinAnsi agrees with Latin-1 on every letter of ours.
            self.content.push(u8::try_from(u32::from(letter)).expect("sheets are written in Latin-1"));
        }
        self.put(") Tj ET\n");
    }

    fn put(&mut self, operators: &str) {
        self.content.extend_from_slice(operators.as_bytes());
    }
}

fn points(left: f64, top: f64) -> (f64, f64) {
    (left * POINTS, (PAGE_MM[1] - top) * POINTS)
}

/// A file of pages.
pub(crate) fn write(pages: &[Page], title: &str) -> Vec<u8> {
    let mut file = File { bytes: b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec(), starts: Vec::new() };
    // Objects 1 to 4, then two for each page: the page, its content.
    let kids: String = (0..pages.len()).map(|n| format!("{} 0 R ", 5 + 2 * n)).collect();
    let [width, height] = PAGE_MM.map(|mm| mm * POINTS);
    // Viewers that offer to scale a page to the paper are asked not to.
    file.object(b"<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>");
    file.object(format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", pages.len()).as_bytes());
    file.object(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    file.object(format!("<< /Title ({title}) >>").as_bytes());
    for (n, page) in pages.iter().enumerate() {
        file.object(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width:.4} {height:.4}] \
                 /Resources << /Font << /F 3 0 R >> >> /Contents {} 0 R >>",
                6 + 2 * n
            )
            .as_bytes(),
        );
        let head = format!("<< /Length {} >>\nstream\n", page.content.len());
        file.object(&[head.as_bytes(), &page.content, b"endstream"].concat());
    }
    file.finish()
}

struct File {
    bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl File {
    fn object(&mut self, body: &[u8]) {
        self.starts.push(self.bytes.len());
        self.bytes.extend_from_slice(format!("{} 0 obj\n", self.starts.len()).as_bytes());
        self.bytes.extend_from_slice(body);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// The table that says where each object begins, which makes it a file.
    fn finish(mut self) -> Vec<u8> {
        let (table, count) = (self.bytes.len(), self.starts.len() + 1);
        let mut tail = format!("xref\n0 {count}\n0000000000 65535 f \n");
        for start in &self.starts {
            writeln!(tail, "{start:010} 00000 n ").expect("writing to memory cannot fail");
        }
        tail += &format!("trailer\n<< /Size {count} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{table}\n%%EOF\n");
        self.bytes.extend_from_slice(tail.as_bytes());
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_leads_to_every_object() {
        let mut page = Page::default();
        page.text((10.0, 10.0), 3.0, "målemærke (1)");
        let bytes = write(&[page], "A page");
        let text = |from: usize| String::from_utf8_lossy(&bytes[from..]).into_owned();
        let table = text(0).rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse::<usize>().unwrap();
        let table = text(table);
        let starts: Vec<usize> =
            table.lines().skip(3).map_while(|line| line.strip_suffix(" 00000 n ")?.parse().ok()).collect();
        assert_eq!(starts.len(), 6);
        for (n, start) in starts.into_iter().enumerate() {
            assert!(text(start).starts_with(&format!("{} 0 obj\n", n + 1)));
        }
        assert!(bytes.windows(14).any(|part| part == b"m\xe5lem\xe6rke \\(1\\"));
    }
}
