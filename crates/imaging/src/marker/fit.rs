//! Where exactly a marker is: all edges between its black and white modules, fitted at once.
//!
//! The detector's corners are good to a pixel or so. Here every edge of the pattern, about a hundred, is looked up at several
//! places in the photo at full size, and the map from the marker to the picture is fitted to all of them. A ninth number is
//! fitted with the map's eight: by how much white has eaten into black (or ink has spread), which blur, overexposure and
//! printers do. Along the outline alone it would pass for a smaller marker; inside the pattern the two are told apart.
//!
//! What is left over after the fit says how sure the map is, and whether the marker is flat at all.

use samspil_marker::{MODULES, MarkerId};

use super::grey::Grey;
use super::homography::Homography;
use super::linear::{inverse, times};
use crate::outline::Point;

/// Places on each module's edge.
const SPOTS: usize = 7;
/// Unknowns: eight coordinates of corners, and the bleeding of white into black.
const UNKNOWNS: usize = 9;

/// A place on an edge of the pattern, on the unit square that the marker is.
struct Spot {
    at: [f64; 2],
    /// The way across the edge to white, a module long.
    to_white: [f64; 2],
    /// Which edge.
    edge: usize,
}

/// What the fit found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fit {
    pub(crate) corners: [Point; 4],
    /// Of the corners' coordinates x, y, x, y and so on, in square pixels.
    pub(crate) covariance: [[f64; 8]; 8],
    /// By how many pixels white has eaten into black.
    pub(crate) bleed_px: f64,
    /// Standard deviation of a spot about its edge.
    pub(crate) noise_px: f64,
    /// Root mean square by which whole edges lie beside where a flat marker has them.
    pub(crate) misfit_px: f64,
    /// The same that noise alone would give.
    pub(crate) misfit_by_noise_px: f64,
}

/// Fits a marker whose corners are known to a pixel or two. `None` when its edges cannot be made out.
pub(crate) fn fit(grey: &Grey, id: MarkerId, corners: &[Point; 4]) -> Option<Fit> {
    let spots = spots(id);
    let mut corners = *corners;
    let mut found = None;
    for _ in 0..5 {
        let step = Step::at(grey, &spots, &corners)?;
        for (n, corner) in corners.iter_mut().enumerate() {
            (corner.x, corner.y) = (corner.x + step.solution[2 * n], corner.y + step.solution[2 * n + 1]);
        }
        found = Some(step);
    }
    let Step { solution, spread, residuals } = found?;
    let freedom = residuals.len() as f64 - UNKNOWNS as f64;
    let variance = residuals.iter().map(|(_, residual)| residual * residual).sum::<f64>() / freedom;
    let (misfit_px, share) = misfit(&residuals);
    let noise_px = variance.sqrt();
    Some(Fit {
        corners,
        covariance: std::array::from_fn(|i| std::array::from_fn(|j| spread[i][j] * variance)),
        bleed_px: solution[8],
        noise_px,
        misfit_px,
        misfit_by_noise_px: noise_px * share,
    })
}

/// One step of the fit.
struct Step {
    solution: [f64; UNKNOWNS],
    /// The unknowns' covariance, if a spot's variance were 1.
    spread: [[f64; UNKNOWNS]; UNKNOWNS],
    /// What is left over, by edge.
    residuals: Vec<(usize, f64)>,
}

impl Step {
    fn at(grey: &Grey, spots: &[Spot], corners: &[Point; 4]) -> Option<Self> {
        let map = Homography::onto(corners)?;
        let nudged = nudged(corners)?;
        let seen = spots.iter().filter_map(|spot| {
            let (offset, normal) = look(grey, &map, spot)?;
            let here = map.map(spot.at);
            let mut row = [1.0; UNKNOWNS];
            for (share, nudged) in row.iter_mut().zip(&nudged) {
                let moved = nudged.map(spot.at);
                *share = ((moved.x - here.x) * normal[0] + (moved.y - here.y) * normal[1]) / NUDGE;
            }
            // Black retreats from white, against the normal.
            row[8] = -1.0;
            Some((spot.edge, row, offset))
        });
        let mut seen: Vec<(usize, [f64; UNKNOWNS], f64)> = seen.collect();
        let mut rest = None;
        // First all, then without those that something lies over.
        for _ in 0..3 {
            if seen.len() * 2 < spots.len() {
                return None;
            }
            let (solution, spread) = solve(&seen)?;
            let left = |(_, row, offset): &(usize, [f64; UNKNOWNS], f64)| {
                offset - row.iter().zip(&solution).map(|(a, b)| a * b).sum::<f64>()
            };
            let residuals = seen.iter().map(|it| (it.0, left(it))).collect::<Vec<_>>();
            let mut sizes: Vec<f64> = residuals.iter().map(|(_, residual)| residual.abs()).collect();
            sizes.sort_by(f64::total_cmp);
            let limit = (5.0 * sizes[sizes.len() / 2]).max(0.2);
            seen.retain(|it| left(it).abs() <= limit);
            rest = Some(Self { solution, spread, residuals });
        }
        rest
    }
}

/// How far a corner is moved to see what follows, in pixels.
const NUDGE: f64 = 0.01;

/// The maps with each coordinate of the corners moved by a little.
fn nudged(corners: &[Point; 4]) -> Option<[Homography; 8]> {
    let mut maps = [Homography::onto(corners)?; 8];
    for (n, map) in maps.iter_mut().enumerate() {
        let mut moved = *corners;
        let corner = &mut moved[n / 2];
        if n % 2 == 0 {
            corner.x += NUDGE
        } else {
            corner.y += NUDGE
        }
        *map = Homography::onto(&moved)?;
    }
    Some(maps)
}

/// Least squares.
fn solve(seen: &[(usize, [f64; UNKNOWNS], f64)]) -> Option<([f64; UNKNOWNS], [[f64; UNKNOWNS]; UNKNOWNS])> {
    let (mut normal, mut right) = ([[0.0; UNKNOWNS]; UNKNOWNS], [0.0; UNKNOWNS]);
    for (_, row, offset) in seen {
        for i in 0..UNKNOWNS {
            right[i] += row[i] * offset;
            for j in 0..UNKNOWNS {
                normal[i][j] += row[i] * row[j];
            }
        }
    }
    let spread = inverse(normal)?;
    Some((times(&spread, &right), spread))
}

/// How far whole edges are off, and by what share of a spot's noise they would be by chance.
fn misfit(residuals: &[(usize, f64)]) -> (f64, f64) {
    let (mut square, mut by_noise, mut edges) = (0.0, 0.0, 0.0);
    for of_edge in residuals.chunk_by(|a, b| a.0 == b.0) {
        let count = of_edge.len() as f64;
        let mean = of_edge.iter().map(|(_, residual)| residual).sum::<f64>() / count;
        square += mean * mean;
        by_noise += 1.0 / count;
        edges += 1.0;
    }
    ((square / edges).sqrt(), (by_noise / edges).sqrt())
}

/// All places on the pattern's edges, edge by edge.
fn spots(id: MarkerId) -> Vec<Spot> {
    const MODULE: f64 = 1.0 / MODULES as f64;
    let is_white = |column: isize, row: isize| {
        let within = 0..MODULES as isize;
        // Around it is paper.
        !within.contains(&column) || !within.contains(&row) || id.is_white(column as usize, row as usize)
    };
    let mut spots = Vec::new();
    let mut edge = 0;
    for line in 0..=MODULES as isize {
        for along in 0..MODULES as isize {
            for lies in [false, true] {
                // The edge before module `line`, upright in row `along`, or lying in column `along`.
                let (before, after) = match lies {
                    false => (is_white(line - 1, along), is_white(line, along)),
                    true => (is_white(along, line - 1), is_white(along, line)),
                };
                if before == after {
                    continue;
                }
                let way = if after { MODULE } else { -MODULE };
                for n in 0..SPOTS {
                    // Clear of the module's corners, which blur rounds.
                    let part = 0.2 + 0.6 * (n as f64 + 0.5) / SPOTS as f64;
                    let (across, along) = (line as f64 * MODULE, (along as f64 + part) * MODULE);
                    spots.push(match lies {
                        false => Spot { at: [across, along], to_white: [way, 0.0], edge },
                        true => Spot { at: [along, across], to_white: [0.0, way], edge },
                    });
                }
                edge += 1;
            }
        }
    }
    spots
}

/// How far beside its place an edge is seen, in pixels towards white, and the way across it in the picture.
fn look(grey: &Grey, map: &Homography, spot: &Spot) -> Option<(f64, [f64; 2])> {
    let [along_x, along_y] = map.slope(spot.at);
    let step = |[x, y]: [f64; 2]| [along_x[0] * x + along_y[0] * y, along_x[1] * x + along_y[1] * y];
    let across = step(spot.to_white);
    let along = step([spot.to_white[1], -spot.to_white[0]]);
    let length = along[0].hypot(along[1]);
    let normal = [-along[1] / length, along[0] / length];
    let height = across[0] * normal[0] + across[1] * normal[1];
    let (normal, module) = if height < 0.0 { (normal.map(|x| -x), -height) } else { (normal, height) };
    // Not as far as the next edge, and no further than blur reaches.
    let reach = (0.45 * module).min(12.0);
    if reach.is_nan() || reach < 1.0 {
        return None;
    }
    let here = map.map(spot.at);
    let steps = (reach / 0.5).ceil() as usize * 2;
    let apart = 2.0 * reach / steps as f64;
    let light = |n: usize| {
        let far = (n as f64 + 0.5) * apart - reach;
        grey.light(Point { x: here.x + far * normal[0], y: here.y + far * normal[1] })
    };
    let profile = (0..steps).map(light).collect::<Option<Vec<f64>>>()?;
    // What is black and what is white, from the outer fifths.
    let end = (steps / 5).max(1);
    let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
    let (black, white) = (mean(&profile[..end]), mean(&profile[steps - end..]));
    if white - black < 0.004 {
        return None;
    }
    let lit: f64 = profile.iter().map(|light| (light - black) / (white - black)).sum::<f64>() * apart;
    let offset = reach - lit;
    (offset.abs() < reach).then_some((offset, normal))
}
