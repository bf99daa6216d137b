//! What was measured, as a person reads it, as a spreadsheet does, and as a script does.

use std::fmt::Write as _;

use samspil_imaging::measure::{Measure, Measures};
use serde_json::{Value, json};

use super::Sheet;

fn four(measures: &Measures) -> [(&'static str, Measure); 4] {
    [
        ("area_mm2", measures.area_mm2),
        ("length_mm", measures.length_mm),
        ("width_mm", measures.width_mm),
        ("perimeter_mm", measures.perimeter_mm),
    ]
}

/// A few lines for a person. Uncertainties are doubled: the truth is within them 95 times in 100.
pub(super) fn text(sheet: &Sheet) -> String {
    let mut text = format!("{}: {} x {} px", sheet.photo.display(), sheet.size.0, sheet.size.1);
    if let Ok(marker) = &sheet.marker {
        let about = if marker.focal.told { "" } else { "about " };
        text += &format!(
            ", marker {:03}, tilt {about}{:.0}°, {about}{:.0} mm away; areas {:.2} % too small for each mm that the wound is deeper",
            marker.id.number(),
            marker.pose.tilt_deg,
            marker.pose.distance_mm,
            100.0 * marker.depth_bias_per_mm()
        );
    }
    text.push('\n');
    for (n, measures) in sheet.measures.iter().enumerate() {
        let [area, length, width, perimeter] =
            four(measures).map(|(_, it)| format!("{:.1} ± {:.1}", it.value, 2.0 * it.u));
        let method = if sheet.method == Some("MARKER") { "by the marker" } else { "by two points: a tilt is not seen" };
        let method = if sheet.suggested { format!("{method}, outline suggested") } else { method.to_owned() };
        text += &format!(
            "  wound {}: area {area} mm², length {length} mm, width {width} mm, perimeter {perimeter} mm, {method}\n",
            n + 1
        );
    }
    for note in &sheet.notes {
        text += &format!("  {note}\n");
    }
    text
}

/// A table of all photos, a line for each wound, and one for a photo without any.
pub(super) fn csv(sheets: &[Sheet]) -> String {
    let mut csv =
        "photo,wound,method,outline,area_mm2,area_mm2_u,length_mm,length_mm_u,width_mm,width_mm_u,perimeter_mm,\
                   perimeter_mm_u,marker,tilt_deg,distance_mm,cautions,trouble,quality\n"
            .to_owned();
    for sheet in sheets {
        for n in 0..sheet.measures.len().max(1) {
            let measures = sheet.measures.get(n);
            let numbers = match measures {
                Some(measures) => four(measures).map(|(_, it)| format!("{:.3},{:.3}", it.value, it.u)).join(","),
                None => ",".repeat(7),
            };
            let marker = match &sheet.marker {
                Ok(marker) => format!(
                    "{},{:.1},{:.0},{},",
                    marker.id.number(),
                    marker.pose.tilt_deg,
                    marker.pose.distance_mm,
                    marker.cautions.iter().map(|caution| caution.code()).collect::<Vec<_>>().join(" ")
                ),
                Err(trouble) => format!(",,,,{}", trouble.reason()),
            };
            let wound = measures.map_or(String::new(), |_| (n + 1).to_string());
            let method = measures.and(sheet.method).unwrap_or_default();
            let outline = match (measures, sheet.suggested) {
                (None, _) => "",
                (_, true) => "SUGGESTED",
                (_, false) => "DRAWN",
            };
            let photo = quoted(&sheet.photo.to_string_lossy());
            writeln!(csv, "{photo},{wound},{method},{outline},{numbers},{marker},{}", sheet.quality.join(" "))
                .expect("writing to memory cannot fail");
        }
    }
    csv
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// One object.
pub(super) fn json(sheet: &Sheet) -> Value {
    let wounds = sheet.measures.iter().map(|measures| {
        four(measures).into_iter().map(|(name, it)| (name, json!({ "value": it.value, "u": it.u }))).collect::<Value>()
    });
    let marker = sheet.marker.as_ref().ok().map(|marker| {
        json!({
            "id": marker.id.number(),
            "tilt_deg": marker.pose.tilt_deg,
            "distance_mm": marker.pose.distance_mm,
            "focal_told": marker.focal.told,
            "depth_bias_per_mm": marker.depth_bias_per_mm(),
            "print_scale": marker.square.print.scale,
            "cautions": marker.cautions.iter().map(|caution| caution.code()).collect::<Vec<_>>(),
        })
    });
    json!({
        "photo": sheet.photo.to_string_lossy(),
        "width": sheet.size.0,
        "height": sheet.size.1,
        "quality": sheet.quality,
        "marker": marker,
        "trouble": sheet.marker.as_ref().err().map(|trouble| trouble.reason()),
        "method": sheet.method,
        "suggested": sheet.suggested,
        "wounds": wounds.collect::<Vec<Value>>(),
        "notes": sheet.notes,
    })
}
