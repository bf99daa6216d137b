//! What is drawn, held against what is said to be drawn.

use samspil_phantom::{Metadata, Scene, Skin, Truth, draw, photograph};

fn small() -> Scene {
    Scene { width: 640, height: 480, ..Scene::visit(7, 0) }
}

/// Mean colour of the pixels within a distance of a point.
fn colour(pixels: &[u8], scene: &Scene, [x, y]: [f32; 2], reach: f32) -> [f32; 3] {
    let (mut sum, mut count) = ([0.0; 3], 0.0);
    for (n, pixel) in pixels.chunks_exact(3).enumerate() {
        let (dx, dy) = ((n as u32 % scene.width) as f32 + 0.5 - x, (n as u32 / scene.width) as f32 + 0.5 - y);
        if dx * dx + dy * dy <= reach * reach {
            for (sum, byte) in sum.iter_mut().zip(pixel) {
                *sum += f32::from(*byte);
            }
            count += 1.0;
        }
    }
    sum.map(|sum| sum / count)
}

fn middle(points: &[[f32; 2]]) -> [f32; 2] {
    let sum = points.iter().fold([0.0, 0.0], |sum, p| [sum[0] + p[0], sum[1] + p[1]]);
    sum.map(|sum| sum / points.len() as f32)
}

fn area(points: &[[f32; 2]]) -> f32 {
    let next = points.iter().cycle().skip(1);
    points.iter().zip(next).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f32>().abs() / 2.0
}

#[test]
fn the_same_scene_gives_the_same_bytes() {
    assert!(draw(&small()) == draw(&small()));
    let metadata = Metadata::default();
    assert!(photograph(&small(), &metadata) == photograph(&small(), &metadata));
    assert!(draw(&small()).0 != draw(&Scene { seed: 8, ..small() }).0);
}

/// Whoever changes the drawing on purpose changes the number, too. It is here to fail on a machine that draws otherwise.
#[test]
fn the_same_scene_gives_these_bytes_on_every_machine() {
    let (pixels, _) = draw(&Scene { width: 200, height: 150, ..Scene::visit(1, 1) });
    let hash = pixels
        .iter()
        .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    assert_eq!(format!("{hash:016x}"), "a2a03092e8768f17");
}

#[test]
fn healing_shrinks_the_wound_and_clears_it() {
    for seed in 0..6 {
        let truths: Vec<Truth> = (0..=10)
            .map(|tenths| draw(&Scene { seed, healing: tenths as f32 / 10.0, width: 320, height: 240, ..small() }).1)
            .collect();
        assert!(truths.windows(2).all(|pair| pair[0].area_mm2 > pair[1].area_mm2));
        assert!(truths.windows(2).all(|pair| pair[0].length_mm > pair[1].length_mm));
        assert!(truths.iter().all(|truth| truth.width_mm <= truth.length_mm));
        assert!(truths[10].area_mm2 < 0.15 * truths[0].area_mm2 && truths[10].area_mm2 > 10.0);
        let (fresh, closing) = (&truths[0].tissue, &truths[10].tissue);
        assert!(fresh.slough > 0.05 && fresh.granulation > 0.25 && fresh.necrosis < 0.2);
        assert!(closing.slough < 0.01 && closing.necrosis < 0.01);
    }
}

#[test]
fn the_truth_in_pixels_and_in_millimetres_is_one() {
    for (width, height) in [(640, 480), (480, 640), (500, 500), (301, 97)] {
        let scene = Scene { width, height, ..small() };
        let (pixels, truth) = draw(&scene);
        assert_eq!(pixels.len() as u32, width * height * 3);
        let scale = truth.mm_per_px * truth.mm_per_px;
        assert!((area(&truth.outline_px) * scale / truth.area_mm2 - 1.0).abs() < 1e-3);
        let marker = truth.marker_mm * truth.marker_mm;
        assert!((area(&truth.marker_px) * scale / marker - 1.0).abs() < 1e-3);
        let inside = |[x, y]: &[f32; 2]| (0.0..width as f32).contains(x) && (0.0..height as f32).contains(y);
        assert!(truth.outline_px.iter().all(inside) && truth.marker_px.iter().all(inside));
    }
}

#[test]
fn wound_and_marker_are_where_the_truth_says_on_every_skin() {
    for seed in 0..6 {
        for skin in Skin::ALL {
            let scene = Scene { skin, seed, healing: 0.5, ..small() };
            let (pixels, truth) = draw(&scene);
            let wound = colour(&pixels, &scene, middle(&truth.outline_px), 15.0);
            assert!(wound[0] > 1.5 * wound[1] && wound[0] > 1.5 * wound[2], "{seed} {skin:?}: {wound:?}");
            let marker = middle(&truth.marker_px);
            assert!(colour(&pixels, &scene, marker, 40.0).iter().all(|level| *level < 60.0));
            // Just outside a corner, on the diagonal, is paper.
            let [x, y] = truth.marker_px[0];
            let paper = [x - 0.08 * (marker[0] - x), y - 0.08 * (marker[1] - y)];
            assert!(colour(&pixels, &scene, paper, 2.0).iter().all(|level| *level > 180.0));
        }
    }
}

#[test]
fn blur_and_exposure_change_the_picture_and_not_the_truth() {
    let mean = |pixels: &[u8]| pixels.iter().map(|byte| f64::from(*byte)).sum::<f64>() / pixels.len() as f64;
    let scene = small();
    let (good, truth) = draw(&scene);
    let (dark, _) = draw(&Scene { exposure: 0.1, ..scene });
    let (bright, _) = draw(&Scene { exposure: 3.0, ..scene });
    let (blurred, same) = draw(&Scene { blur_px: 5.0, ..scene });
    assert!(same == truth);
    assert!(mean(&dark) < 0.5 * mean(&good) && mean(&bright) > 1.3 * mean(&good));
    assert!((mean(&blurred) - mean(&good)).abs() < 2.0);
    let rough = |pixels: &[u8]| -> f64 { pixels.windows(16).map(|w| f64::from(w[0].abs_diff(w[15])).powi(2)).sum() };
    assert!(rough(&blurred) < 0.75 * rough(&good));
}

#[test]
fn odd_numbers_are_drawn_as_the_nearest_in_range() {
    let odd = Scene { width: 0, height: 3, healing: f32::NAN, blur_px: f32::INFINITY, exposure: -1.0, ..small() };
    assert_eq!(draw(&odd).0.len(), 9);
    assert!(photograph(&odd, &Metadata::default()).0.len() > 500);
    let healed = Scene { healing: 9.0, ..small() };
    assert!(draw(&healed) == draw(&Scene { healing: 1.0, ..healed }));
}
