//! Scenes seen by a real camera, with the printed card in them, held against what is said to be drawn.

use samspil_marker::MarkerId;
use samspil_phantom::{Card, Scene, Skin, Truth, View, draw};

fn card(number: u16) -> Card {
    Card::Printed { id: MarkerId::new(number).unwrap(), scale: 1.0 }
}

fn seen(view: View) -> Scene {
    Scene { width: 1024, height: 768, card: card(7), view: Some(view), ..Scene::visit(7, 2) }
}

/// How often the line from a point to the right crosses a polygon's edge.
fn is_inside(polygon: &[[f32; 2]], [x, y]: [f32; 2]) -> bool {
    let next = polygon.iter().cycle().skip(1);
    let crossed = polygon
        .iter()
        .zip(next)
        .filter(|(a, b)| (a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
    crossed.count() % 2 == 1
}

fn level(pixels: &[u8], scene: &Scene, [x, y]: [f32; 2]) -> f32 {
    let n = (y as usize * scene.width as usize + x as usize) * 3;
    pixels[n..n + 3].iter().map(|byte| f32::from(*byte)).sum::<f32>() / 3.0
}

/// The point of a quadrilateral at shares of its sides, by the projective map of the unit square onto it.
fn within([a, b, c, d]: [[f32; 2]; 4], s: f32, t: f32) -> [f32; 2] {
    let (dx1, dx2, dx3) = (b[0] - c[0], d[0] - c[0], a[0] - b[0] + c[0] - d[0]);
    let (dy1, dy2, dy3) = (b[1] - c[1], d[1] - c[1], a[1] - b[1] + c[1] - d[1]);
    let size = dx1 * dy2 - dx2 * dy1;
    let (g, h) = ((dx3 * dy2 - dx2 * dy3) / size, (dx1 * dy3 - dx3 * dy1) / size);
    let w = g * s + h * t + 1.0;
    let at = |n: usize| (a[n] + (b[n] - a[n] + g * b[n]) * s + (d[n] - a[n] + h * d[n]) * t) / w;
    [at(0), at(1)]
}

#[test]
fn straight_above_the_drawn_wound_has_as_many_pixels_as_its_area_says() {
    // A clean, red bed on fair skin is told by the green light that it swallows: half-way between the bed's and the rim's.
    let view = View { distance_mm: 130.0, ..View::default() };
    let scene = Scene { healing: 0.75, skin: Skin::Fair, grain: 0.0, ..seen(view) };
    let (pixels, truth) = draw(&scene);
    let count = truth.outline_px.len() as f32;
    let middle = [0, 1].map(|n| truth.outline_px.iter().map(|point| point[n]).sum::<f32>() / count);
    let ring = |times: f32| -> Vec<[f32; 2]> {
        let from_middle = |p: &[f32; 2]| [0, 1].map(|n| middle[n] + (p[n] - middle[n]) * times);
        truth.outline_px.iter().map(from_middle).collect()
    };
    // Light mixes before the sensor's curve, which is taken for a power.
    let green: Vec<f32> = pixels.as_chunks::<3>().0.iter().map(|[_, g, _]| f32::from(*g).powf(2.2)).collect();
    let at = |n: usize| [(n % 1024) as f32 + 0.5, (n / 1024) as f32 + 0.5];
    let near_middle = |[x, y]: [f32; 2]| (x - middle[0]).hypot(y - middle[1]) < 100.0;
    let around: Vec<usize> = (0..green.len()).filter(|n| near_middle(at(*n))).collect();
    let mean = |is_in: &dyn Fn([f32; 2]) -> bool| {
        let chosen: Vec<f32> = around.iter().filter(|n| is_in(at(**n))).map(|n| green[*n]).collect();
        chosen.iter().sum::<f32>() / chosen.len() as f32
    };
    let (inner, near, far) = (ring(0.8), ring(1.1), ring(1.3));
    let bed = mean(&|point| is_inside(&inner, point));
    let rim = mean(&|point| is_inside(&far, point) && !is_inside(&near, point));
    // Glints on the wet bed are white; they lie within.
    let is_red = |n: usize| is_inside(&far, at(n)) && (green[n] < (bed + rim) / 2.0 || is_inside(&inner, at(n)));
    let counted = around.iter().filter(|n| is_red(**n)).count() as f32 * truth.mm_per_px * truth.mm_per_px;
    assert!((counted / truth.area_mm2 - 1.0).abs() < 0.03, "{counted} mm² of red, {} mm² in truth", truth.area_mm2);
}

#[test]
fn a_tags_modules_are_black_and_white_where_its_corners_say_however_the_camera_is_held() {
    for (number, tilt_deg, towards_deg, roll_deg) in
        [(0, 0.0, 0.0, 0.0), (21, 30.0, 40.0, 75.0), (63, 45.0, 190.0, -160.0)]
    {
        let view = View { tilt_deg, towards_deg, roll_deg, distance_mm: 160.0, distortion: 0.003, ..View::default() };
        let scene = Scene { card: card(number), ..seen(view) };
        let (pixels, truth) = draw(&scene);
        for n in 0..64 {
            let (column, row) = (n % 8, n / 8);
            let point = within(truth.marker_px, (column as f32 + 0.5) / 8.0, (row as f32 + 0.5) / 8.0);
            let white = MarkerId::new(number).unwrap().is_white(column, row);
            let level = level(&pixels, &scene, point);
            assert!(if white { level > 150.0 } else { level < 80.0 }, "{number}, {column}, {row}: {level}");
        }
    }
}

#[test]
fn the_area_in_pixels_follows_tilt_and_distance() {
    let area = |truth: &Truth| {
        let next = truth.outline_px.iter().cycle().skip(1);
        truth.outline_px.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f32>().abs() / 2.0
    };
    let of = |view| area(&draw(&seen(view)).1);
    let (near, far) = (View { distance_mm: 150.0, ..View::default() }, View { distance_mm: 300.0, ..View::default() });
    assert!((of(near) / of(far) - 4.0).abs() < 0.05);
    // From far off there is next to no perspective, and a tilt shortens by its cosine.
    let far = View { distance_mm: 1900.0, focal_35mm: 230.0, ..far };
    let tilted = View { tilt_deg: 40.0, towards_deg: 25.0, ..far };
    assert!((of(tilted) / of(far) - 40f32.to_radians().cos()).abs() < 0.02);
}

#[test]
fn a_view_keeps_the_millimetres_and_a_print_at_90_percent_shrinks_the_card_alone() {
    let (_, plain) = draw(&seen(View::default()));
    let (_, tilted) = draw(&seen(View { tilt_deg: 35.0, distance_mm: 180.0, ..View::default() }));
    assert_eq!((plain.area_mm2, plain.perimeter_mm), (tilted.area_mm2, tilted.perimeter_mm));
    assert_eq!(plain.outline_mm, tilted.outline_mm);
    let shrunk = Card::Printed { id: MarkerId::new(7).unwrap(), scale: 0.9 };
    let (_, small) = draw(&Scene { card: shrunk, ..seen(View::default()) });
    assert_eq!(small.outline_px, plain.outline_px);
    let side = |truth: &Truth| {
        let [a, b, ..] = truth.marker_px;
        (a[0] - b[0]).hypot(a[1] - b[1])
    };
    assert!((side(&small) / side(&plain) - 0.9).abs() < 0.003);
    assert_eq!((plain.marker_mm, small.marker_mm), (25.0, 22.5));
}

#[test]
fn the_same_view_gives_the_same_bytes_and_odd_ones_the_nearest_in_range() {
    let odd = View { tilt_deg: 1e9, distance_mm: f32::NAN, roll_deg: f32::INFINITY, ..View::default() };
    let scene = Scene { width: 160, height: 120, cast: [f32::NAN, 1.0, -3.0], grain: 1e9, ..seen(odd) };
    assert!(draw(&scene) == draw(&scene));
    let round = View { limb_mm: Some(40.0), tilt_deg: 50.0, ..View::default() };
    let scene = Scene { width: 160, height: 120, second: card(3), ..seen(round) };
    assert!(draw(&scene) == draw(&scene));
}
