//! How the phone is held: from pixels to millimetres on the leg and back.

use crate::noise::{Dice, mix};
use crate::pinhole::Pinhole;
use crate::scene::Scene;

/// What is always in view, in millimetres.
const VIEW: [f32; 2] = [144.0, 108.0];

/// A camera that looks straight down, a little turned and shifted, as nobody holds a phone twice alike; or one that is held
/// as the scene says.
pub(crate) struct Camera {
    held: Option<Pinhole>,
    centre: [f32; 2],
    right: [f32; 2],
    down: [f32; 2],
    aim: [f32; 2],
    pub(crate) mm_per_px: f32,
}

/// The seed of what differs between two photographs of one leg.
pub(crate) fn shot(scene: &Scene) -> u64 {
    mix(scene.seed, u64::from(scene.healing.to_bits()) | 1 << 32)
}

impl Camera {
    pub(crate) fn new(scene: &Scene) -> Self {
        let mut dice = Dice::new(shot(scene), 20);
        let (width, height) = (scene.width as f32, scene.height as f32);
        let fit = (VIEW[0] / width.max(height)).max(VIEW[1] / width.min(height));
        let mm_per_px = fit * dice.between(0.95, 1.03);
        // Up to 4 degrees: t is the tangent of half the angle.
        let t = dice.between(-0.035, 0.035);
        let (cos, sin) = ((1.0 - t * t) / (1.0 + t * t), 2.0 * t / (1.0 + t * t));
        let mut right = [cos * mm_per_px, sin * mm_per_px];
        let mut down = [-sin * mm_per_px, cos * mm_per_px];
        if height > width {
            // A quarter turn: the leg runs along the picture's long side.
            (right, down) = (down.map(|x| -x), right);
        }
        let aim = [dice.between(-2.5, 2.5), dice.between(-2.0, 2.0)];
        let held = scene.view.map(|view| Pinhole::new(&view, (scene.width, scene.height), aim));
        let mut camera = Self { held, centre: [width / 2.0, height / 2.0], right, down, aim, mm_per_px };
        if camera.held.is_some() {
            camera.mm_per_px = camera.middle_mm_per_px();
        }
        camera
    }

    /// The size of the pixel in the picture's middle.
    fn middle_mm_per_px(&self) -> f32 {
        let [x, y] = self.centre;
        let [[a, b], [c, d], [e, f]] = [self.leg(x, y), self.leg(x + 1.0, y), self.leg(x, y + 1.0)];
        ((c - a) * (f - b) - (d - b) * (e - a)).abs().sqrt()
    }

    /// The point on the leg that is seen at a point of the picture.
    pub(crate) fn leg(&self, x: f32, y: f32) -> [f32; 2] {
        if let Some(held) = &self.held {
            return held.leg(f64::from(x), f64::from(y)).map(|mm| mm as f32);
        }
        let (x, y) = (x - self.centre[0], y - self.centre[1]);
        std::array::from_fn(|n| self.aim[n] + x * self.right[n] + y * self.down[n])
    }

    /// The point of the picture that shows a point on the leg.
    pub(crate) fn picture(&self, [u, v]: [f32; 2]) -> [f32; 2] {
        if let Some(held) = &self.held {
            return held.picture(f64::from(u), f64::from(v)).map(|px| px as f32);
        }
        let (u, v) = (u - self.aim[0], v - self.aim[1]);
        let size = self.right[0] * self.down[1] - self.right[1] * self.down[0];
        [
            self.centre[0] + (u * self.down[1] - v * self.down[0]) / size,
            self.centre[1] + (v * self.right[0] - u * self.right[1]) / size,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::View;

    #[test]
    fn the_way_back_ends_where_it_began() {
        for (width, height) in [(400, 300), (300, 400), (333, 333)] {
            let camera = Camera::new(&Scene { width, height, ..Scene::visit(5, 2) });
            let [u, v] = camera.leg(0.0, 0.0);
            let [a, b] = camera.leg(100.0, 0.0);
            let length = ((a - u) * (a - u) + (b - v) * (b - v)).sqrt();
            assert!((length - 100.0 * camera.mm_per_px).abs() < 1e-3);
            let [x, y] = camera.picture(camera.leg(120.0, 45.0));
            assert!((x - 120.0).abs() < 0.01 && (y - 45.0).abs() < 0.01, "{width}x{height}: {x} {y}");
        }
    }

    #[test]
    fn the_way_back_ends_where_it_began_however_the_camera_is_held() {
        for tilt_deg in [0.0, 20.0, 50.0] {
            for (roll_deg, towards_deg) in [(0.0, 0.0), (90.0, 30.0), (-140.0, 250.0)] {
                for limb_mm in [None, Some(45.0)] {
                    let view = View { tilt_deg, towards_deg, roll_deg, limb_mm, distortion: -0.02, ..View::default() };
                    let scene = Scene { view: Some(view), ..Scene::visit(5, 2) };
                    let camera = Camera::new(&scene);
                    for [u, v] in [[0.0, 0.0], [-28.0, 3.0], [40.0, 30.0], [60.0, -20.0]] {
                        let [x, y] = camera.picture([u, v]);
                        let [a, b] = camera.leg(x, y);
                        assert!((a - u).abs() < 0.01 && (b - v).abs() < 0.01, "{view:?}: {u} {v} became {a} {b}");
                    }
                }
            }
        }
    }
}
