//! A photo with what was measured drawn over it: an SVG, so that the photo in it stays as it was and the lines stay sharp.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use samspil_imaging::outline::Point;

use super::Sheet;

/// The picture. `display` is the photo's smaller rendition, a JPEG.
pub(super) fn svg(sheet: &Sheet, display: &[u8]) -> String {
    let (width, height) = sheet.size;
    // Lines and letters of one size on the screen, however large the photo is.
    let unit = f64::from(width.max(height)) / 400.0;
    let mut drawn = String::new();
    let mut polygon = |points: &[Point], colour: &str| {
        let points: Vec<String> = points.iter().map(|point| format!("{:.1},{:.1}", point.x, point.y)).collect();
        drawn += &format!(
            "<polygon points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{:.1}\"/>\n",
            points.join(" "),
            0.7 * unit
        );
    };
    if let Ok(marker) = &sheet.marker {
        polygon(&marker.square.corners, "#00b8d9");
    }
    for outline in &sheet.outlines {
        polygon(outline, "#ffe600");
    }
    for (n, (outline, measures)) in sheet.outlines.iter().zip(&sheet.measures).enumerate() {
        let right = outline.iter().map(|point| point.x).fold(0.0, f64::max);
        let top = outline.iter().map(|point| point.y).fold(f64::MAX, f64::min);
        let (area, length, across) = (measures.area_mm2, measures.length_mm, measures.width_mm);
        let lines = [
            format!("{}: {:.0} ± {:.0} mm²", n + 1, area.value, 2.0 * area.u),
            format!("{:.1} × {:.1} mm", length.value, across.value),
        ];
        for (line, text) in lines.iter().enumerate() {
            drawn += &format!(
                "<text x=\"{:.0}\" y=\"{:.0}\" font-family=\"sans-serif\" font-size=\"{:.0}\" fill=\"#ffe600\" \
                 stroke=\"#000\" stroke-width=\"{:.1}\" paint-order=\"stroke\">{text}</text>\n",
                right + 3.0 * unit,
                top + 9.0 * unit * (line as f64 + 1.0),
                8.0 * unit,
                unit
            );
        }
    }
    let photo = BASE64_STANDARD.encode(display);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\">\n\
         <image width=\"{width}\" height=\"{height}\" href=\"data:image/jpeg;base64,{photo}\"/>\n{drawn}</svg>\n"
    )
}
