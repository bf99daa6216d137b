//! How a phone is held over the wound.

/// A real camera's place and lens. It looks at a point between wound and card.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Degrees between the camera's axis and the skin's normal; 0 is straight above.
    pub tilt_deg: f32,
    /// The direction that it is tilted to, in degrees clockwise from the leg's axis.
    pub towards_deg: f32,
    /// How the picture is turned about the camera's axis, in degrees clockwise.
    pub roll_deg: f32,
    /// From the camera to the point that it looks at.
    pub distance_mm: f32,
    /// The lens's focal length on 35 mm film: 26 is a phone's main camera.
    pub focal_35mm: f32,
    /// How far the lens moves the picture's corners outwards, as a share of their distance from its middle. Phones correct
    /// theirs to within a few thousandths.
    pub distortion: f32,
    /// The limb's radius, where it is drawn round; otherwise the skin is flat.
    pub limb_mm: Option<f32>,
}

impl Default for View {
    /// Straight above with a phone's main camera at a hand's length.
    fn default() -> Self {
        Self {
            tilt_deg: 0.0,
            towards_deg: 0.0,
            roll_deg: 0.0,
            distance_mm: 220.0,
            focal_35mm: 26.0,
            distortion: 0.0,
            limb_mm: None,
        }
    }
}

impl View {
    /// The nearest view that can be drawn.
    pub(crate) fn drawable(self) -> Self {
        let within = |x: f32, low: f32, high: f32| if x.is_nan() { low } else { x.clamp(low, high) };
        Self {
            tilt_deg: within(self.tilt_deg, 0.0, 60.0),
            towards_deg: within(self.towards_deg, -3600.0, 3600.0),
            roll_deg: within(self.roll_deg, -3600.0, 3600.0),
            distance_mm: within(self.distance_mm, 60.0, 2000.0),
            focal_35mm: within(self.focal_35mm, 10.0, 300.0),
            distortion: within(self.distortion, -0.1, 0.1),
            limb_mm: self.limb_mm.map(|radius| within(radius, 20.0, 10_000.0)),
        }
    }
}
