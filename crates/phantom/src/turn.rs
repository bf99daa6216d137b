//! Angles without a mathematics library, so that they are the same everywhere.

/// Degrees to half a turn's radians.
const RADIANS: f64 = std::f64::consts::PI / 180.0;

/// Cosine and sine of an angle in degrees, by their series.
pub(crate) fn turn(degrees: f64) -> (f64, f64) {
    let mut x = degrees % 360.0;
    if x > 180.0 {
        x -= 360.0;
    } else if x < -180.0 {
        x += 360.0;
    }
    let x = x * RADIANS;
    let (mut cos, mut sin, mut term) = (0.0, 0.0, 1.0);
    for n in 0..32 {
        match n % 4 {
            0 => cos += term,
            1 => sin += term,
            2 => cos -= term,
            _ => sin -= term,
        }
        term = term * x / f64::from(n + 1);
    }
    (cos, sin)
}

/// The angle, in radians, whose cosine and sine these are; from -π to π. Near its ends it loses
/// digits.
pub(crate) fn angle(mut cos: f64, mut sin: f64) -> f64 {
    // Three halvings leave at most an eighth of π, where the arc tangent's series is short.
    for _ in 0..3 {
        let half = ((1.0 + cos) / 2.0).max(0.0).sqrt();
        sin = if half > 1e-9 { sin / (2.0 * half) } else { 1.0 };
        cos = half;
    }
    let t = sin / cos;
    let (mut sum, mut power) = (0.0, t);
    for n in 0..24 {
        let term = power / f64::from(2 * n + 1);
        sum += if n % 2 == 0 { term } else { -term };
        power *= t * t;
    }
    8.0 * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_are_those_of_the_library() {
        for n in -400..=400 {
            let degrees = f64::from(n) * 1.37;
            let (cos, sin) = turn(degrees);
            let wanted = degrees.to_radians();
            assert!((cos - wanted.cos()).abs() < 1e-12 && (sin - wanted.sin()).abs() < 1e-12, "{degrees}");
            assert!(cos < -0.99 || (angle(cos, sin) - sin.atan2(cos)).abs() < 1e-11, "{degrees}");
        }
    }
}
