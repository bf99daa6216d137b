//! What was drawn, in numbers, so that measuring can be tested against it.

/// The truth of a picture. Pixels are those of the upright picture: (0, 0) is its upper left corner, (0.5, 0.5) the
/// middle of its first pixel. Millimetres are on the leg's skin, which is flat but for a view with a round limb; otherwise the
/// leg's roundness is only shaded.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// Area within the open wound's outline.
    pub area_mm2: f32,
    /// The longest straight line between two points of the outline.
    pub length_mm: f32,
    /// The outline's extent square to that line.
    pub width_mm: f32,
    /// The outline's length.
    pub perimeter_mm: f32,
    /// The size of a pixel; with a view, that of one in the picture's middle.
    pub mm_per_px: f32,
    /// The outline, a closed polygon in pixels.
    pub outline_px: Vec<[f32; 2]>,
    /// The same polygon in millimetres on the leg.
    pub outline_mm: Vec<[f32; 2]>,
    /// The marker's corners in pixels, clockwise from the upper left one of the card; where the square would be if there is
    /// no card.
    pub marker_px: [[f32; 2]; 4],
    /// The second card's, if there is one.
    pub second_px: Option<[[f32; 2]; 4]>,
    /// The length of the marker's sides.
    pub marker_mm: f32,
    /// What the open wound is covered with; the shares sum to 1.
    pub tissue: Tissue,
}

/// Shares of the open wound's area.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tissue {
    /// Red.
    pub granulation: f32,
    /// Yellow.
    pub slough: f32,
    /// Black.
    pub necrosis: f32,
}

/// Area of a polygon.
pub(crate) fn area(polygon: &[[f32; 2]]) -> f32 {
    let next = polygon.iter().cycle().skip(1);
    let twice: f64 = polygon
        .iter()
        .zip(next)
        .map(|(a, b)| f64::from(a[0]) * f64::from(b[1]) - f64::from(b[0]) * f64::from(a[1]))
        .sum();
    (twice / 2.0).abs() as f32
}

/// Length of a polygon's edge.
pub(crate) fn perimeter(polygon: &[[f32; 2]]) -> f32 {
    let next = polygon.iter().cycle().skip(1);
    let sides = polygon.iter().zip(next).map(|(a, b)| {
        let (x, y) = (f64::from(b[0] - a[0]), f64::from(b[1] - a[1]));
        (x * x + y * y).sqrt()
    });
    sides.sum::<f64>() as f32
}

/// Longest line in a polygon, and the extent square to it.
pub(crate) fn length_and_width(polygon: &[[f32; 2]]) -> (f32, f32) {
    let (mut longest, mut along) = (0.0, [1.0, 0.0]);
    for (n, a) in polygon.iter().enumerate() {
        for b in &polygon[n + 1..] {
            let line = [b[0] - a[0], b[1] - a[1]];
            let square = line[0] * line[0] + line[1] * line[1];
            if square > longest {
                (longest, along) = (square, line);
            }
        }
    }
    let length = longest.sqrt().max(f32::MIN_POSITIVE);
    let aside = polygon.iter().map(|p| (p[1] * along[0] - p[0] * along[1]) / length);
    let (low, high) = aside.fold((f32::MAX, f32::MIN), |(low, high), x| (low.min(x), high.max(x)));
    (length, high - low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rectangle_measures_as_it_should() {
        let rectangle = [[1.0, 1.0], [5.0, 1.0], [5.0, 4.0], [1.0, 4.0]];
        assert_eq!(area(&rectangle), 12.0);
        assert_eq!(perimeter(&rectangle), 14.0);
        let (length, width) = length_and_width(&rectangle);
        assert!((length - 5.0).abs() < 1e-5);
        assert!((width - 4.8).abs() < 1e-5);
    }
}
