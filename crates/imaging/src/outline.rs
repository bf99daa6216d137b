//! Outlines on a photo: plane geometry on the pixels of the upright photo. What they are in millimetres is for
//! [`measure`](crate::measure) to say.

mod simple;
pub(crate) use simple::turn;

#[cfg(test)]
mod tests;

/// A place on a photo, in pixels from its upper left corner: to the right, down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// Two places a known distance apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Calibration {
    /// One end.
    pub start: Point,
    /// The other.
    pub end: Point,
    /// How far apart they are.
    pub distance_mm: f64,
}

/// Why an outline cannot be measured.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Flaw {
    /// A point is not on the photo, or no number.
    #[error("{place} is not on the photo")]
    Outside {
        /// Which: `points[3]`, `calibration.start`.
        place: String,
    },
    /// Two edges cross, touch, or lie on each other.
    #[error("the edges from corner {first} and from corner {second} cross or touch")]
    Crosses {
        /// The corner that the one begins at, counted from 0.
        first: usize,
        /// The corner that the other begins at.
        second: usize,
    },
    /// The ends of the calibration are too near each other to tell a scale.
    #[error("the ends of the calibration are less than {} px apart", Calibration::MIN_PX)]
    TooShort,
    /// The distance of the calibration is none that is seen on a photo.
    #[error("the distance is not from {} to {} mm", Calibration::MIN_MM, Calibration::MAX_MM)]
    OutOfRange,
}

/// The area in square pixels of a simple polygon, its corners in order and the last joined to the first, on an upright photo of
/// a width and a height.
///
/// Corners that are said twice in a row count once. Takes time with the square of the corners: a few milliseconds for a
/// thousand.
///
/// # Errors
///
/// [`Flaw::Outside`], [`Flaw::Crosses`].
pub fn area_px(points: &[Point], photo: (u32, u32)) -> Result<f64, Flaw> {
    check(points, photo)?;
    Ok(area(points))
}

/// Passes for a simple polygon on the photo.
pub(crate) fn check(points: &[Point], photo: (u32, u32)) -> Result<(), Flaw> {
    check_places(points, photo)?;
    simple::check(points)
}

fn check_places(points: &[Point], photo: (u32, u32)) -> Result<(), Flaw> {
    points.iter().enumerate().try_for_each(|(index, point)| point.check_on(photo, || format!("points[{index}]")))
}

impl Calibration {
    /// The ends are so far apart at least: a pixel more or less is then a twentieth.
    const MIN_PX: f64 = 20.0;
    const MIN_MM: f64 = 1.0;
    const MAX_MM: f64 = 1000.0;

    pub(crate) fn mm_per_px(&self, photo: (u32, u32)) -> Result<f64, Flaw> {
        self.start.check_on(photo, || "calibration.start".to_owned())?;
        self.end.check_on(photo, || "calibration.end".to_owned())?;
        if !(Self::MIN_MM..=Self::MAX_MM).contains(&self.distance_mm) {
            return Err(Flaw::OutOfRange);
        }
        let apart = self.start.distance(self.end);
        if apart < Self::MIN_PX { Err(Flaw::TooShort) } else { Ok(self.distance_mm / apart) }
    }
}

impl Point {
    /// Passes for a place on the photo, its edges with it. What is no number is nowhere.
    fn check_on(self, (width, height): (u32, u32), place: impl FnOnce() -> String) -> Result<(), Flaw> {
        let is_on = (0.0..=f64::from(width)).contains(&self.x) && (0.0..=f64::from(height)).contains(&self.y);
        if is_on { Ok(()) } else { Err(Flaw::Outside { place: place() }) }
    }

    pub(crate) fn distance(self, other: Point) -> f64 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

fn edges(points: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    points.iter().copied().zip(points.iter().copied().cycle().skip(1))
}

/// The shoelace formula, seen from the first corner so that large coordinates cost no digits.
pub(crate) fn area(points: &[Point]) -> f64 {
    let Some(first) = points.first() else { return 0.0 };
    let twice: f64 = edges(points).map(|(a, b)| simple::turn(*first, a, b)).sum();
    twice.abs() / 2.0
}

/// The length of the edge.
pub(crate) fn perimeter(points: &[Point]) -> f64 {
    edges(points).map(|(from, to)| from.distance(to)).sum()
}

/// The greatest distance between two corners, and the extent at right angles to the line between them.
pub(crate) fn extents(points: &[Point]) -> (f64, f64) {
    let points = &hull(points);
    let pairs = points.iter().enumerate().flat_map(|(index, a)| points[index + 1..].iter().map(move |b| (*a, *b)));
    let Some((a, b)) = pairs.max_by(|(a, b), (c, d)| a.distance(*b).total_cmp(&c.distance(*d))) else {
        return (0.0, 0.0);
    };
    let length = a.distance(b);
    // How far each corner lies beside that line; which side has which sign does not matter.
    let beside = points.iter().map(|point| simple::turn(a, b, *point) / length);
    let (least, most) = beside.fold((0.0, 0.0), |(least, most): (f64, f64), it| (least.min(it), most.max(it)));
    (length, most - least)
}

/// The corners of the convex hull, round it: the only ones that a length or a width can end at, and few of many.
fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let half = |points: &mut dyn Iterator<Item = &Point>| {
        let mut half: Vec<Point> = Vec::new();
        for point in points {
            while let [.., a, b] = half[..]
                && simple::turn(a, b, *point) <= 0.0
            {
                half.pop();
            }
            half.push(*point);
        }
        half.pop();
        half
    };
    let mut hull = half(&mut sorted.iter());
    hull.extend(half(&mut sorted.iter().rev()));
    hull
}
