//! Outlines through the RPC: measured, listed, withdrawn, and never changed.

use samspil_proto::wound::v1::{wound_update::Resource, *};
use samspil_testkit::{World, on_both, refusal, request_id};
use tonic::Code;

use crate::help::*;

/// A stored photo of 640 × 480 px: its name.
async fn photo(world: &World, seed: u64) -> String {
    let picture = Picture::phantom(seed);
    let visit = by(world, "nurse").visits_with(&wound(world).await.name, &[&picture]).await;
    picture.name(&visit.name)
}

/// Ten pixels are a millimetre.
fn ruler() -> Calibration {
    let [start, end] = [(20.0, 20.0), (220.0, 20.0)].map(|(x, y)| Some(Point { x, y }));
    Calibration { start, end, distance_mm: 20.0 }
}

on_both!(an_outline_is_measured_kept_and_told_to_those_who_watch, |world| async move {
    let name = photo(&world, 1).await;
    let nurse = by(&world, "nurse");
    world.settle().await;
    let (mut stream, _) = nurse.watches(&wound_of(&name), "").await.unwrap();
    let drawn = nurse.draws(&name, square(), Some(ruler())).await.unwrap();
    assert!(drawn.name.starts_with(&format!("{name}/outlines/")));
    assert_eq!((&drawn.points, drawn.calibration), (&square(), Some(ruler())));
    let measures = drawn.measures.unwrap();
    assert_eq!((measures.area_px, measures.method()), (10_000.0, MeasureMethod::TwoPoints));
    let diagonal = 10.0 * 2f64.sqrt();
    for (found, expected) in [
        (measures.area_mm2, 100.0),
        (measures.perimeter_mm, 40.0),
        (measures.length_mm, diagonal),
        (measures.width_mm, diagonal),
    ] {
        assert!((found.unwrap() - expected).abs() < 1e-9, "{found:?}");
    }
    let share = measures.area_uncertainty_mm2.unwrap() / measures.area_mm2.unwrap();
    assert!((0.06..0.2).contains(&share), "a tilt is not seen: {share}");
    let by_whom = drawn.drawn_by.as_ref().unwrap();
    assert_eq!((by_whom.person.as_str(), at(drawn.create_time).as_str()), ("demo-nurse", "2026-11-18T08:00:00Z"));
    assert_eq!(drawn.withdraw_time, None);

    let update = soon(stream.message()).await.unwrap().unwrap();
    assert_eq!((update.r#type.as_str(), &update.subject), ("samspil.wound.v1.OutlineDrawn", &drawn.name));
    assert_eq!(update.resource, Some(Resource::Outline(drawn.clone())));
    assert_eq!(nurse.outlines(&name).await.unwrap(), std::slice::from_ref(&drawn));
    let unscaled = nurse.draws(&name, square(), None).await.unwrap().measures.unwrap();
    assert_eq!(unscaled, Measures { area_px: 10_000.0, ..Measures::default() });
    let entries = audited(&world, patient_of(&name)).await;
    for method in ["CreateOutline", "ListOutlines"] {
        assert!(entries.contains(&("demo-nurse".into(), method.into(), "OK".into())), "{method}: {entries:?}");
    }
});

on_both!(a_withdrawn_outline_is_listed_no_more_and_withdrawing_it_again_gives_it_again, |world| async move {
    let name = photo(&world, 2).await;
    let nurse = by(&world, "nurse");
    let (kept, wrong) =
        (nurse.draws(&name, square(), None).await.unwrap(), nurse.draws(&name, square(), None).await.unwrap());
    world.settle().await;
    let (mut stream, _) = nurse.watches(&wound_of(&name), "").await.unwrap();
    // Not the one who drew it: who takes part is enough.
    let withdrawn = second_nurse(&world).erases(&wrong.name).await.unwrap();
    assert_eq!(at(withdrawn.withdraw_time), "2026-11-18T08:00:00Z");
    assert_eq!(Outline { withdraw_time: None, ..withdrawn.clone() }, wrong, "nothing else of it changes");
    let update = soon(stream.message()).await.unwrap().unwrap();
    assert_eq!(update.r#type, "samspil.wound.v1.OutlineWithdrawn");
    assert_eq!(update.resource, Some(Resource::Outline(withdrawn.clone())));
    world.clock.advance(chrono::TimeDelta::hours(1));
    assert_eq!(nurse.erases(&wrong.name).await.unwrap(), withdrawn);
    assert_eq!(nurse.outlines(&name).await.unwrap(), [kept]);
    world.settle().await;
    events_come(&world, "OutlineWithdrawn", 1).await;
});

on_both!(outlines_are_listed_for_a_photo_and_for_a_wound_the_newest_first_in_pages, |world| async move {
    let nurse = by(&world, "nurse");
    let wound = wound(&world).await.name;
    let pictures = [Picture::phantom(3), Picture::phantom(4)];
    let mut drawn = Vec::new();
    for picture in &pictures {
        let visit = nurse.visits_with(&wound, &[picture]).await.name;
        for _ in 0..3 {
            drawn.push(nurse.draws(&picture.name(&visit), square(), None).await.unwrap());
            world.clock.advance(chrono::TimeDelta::minutes(1));
        }
    }
    drawn.reverse();
    let every = format!("{wound}/visits/-/photos/-");
    assert_eq!(nurse.outlines(&every).await.unwrap(), drawn);
    let of_one = drawn[0].name.split("/outlines").next().unwrap();
    assert_eq!(nurse.outlines(of_one).await.unwrap(), drawn[..3]);
    let (mut paged, mut token) = (Vec::new(), String::new());
    loop {
        let request = ListOutlinesRequest { parent: every.clone(), page_size: 4, page_token: token };
        let page = nurse.0.clone().list_outlines(request).await.unwrap().into_inner();
        paged.extend(page.outlines);
        token = page.next_page_token;
        if paged.len() == 4 {
            let request = ListOutlinesRequest {
                parent: of_one.to_owned(),
                page_token: token.clone(),
                ..ListOutlinesRequest::default()
            };
            let other = nurse.0.clone().list_outlines(request).await;
            assert_eq!(refusal(other).reason, "PAGE_TOKEN_INVALID");
        }
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, drawn);
    refused(nurse.outlines(&format!("{wound}/visits/-/photos/{UNKNOWN}")).await, "INVALID_REQUEST");
    let elsewhere = self::wound(&world).await.name;
    assert_eq!(nurse.outlines(&format!("{elsewhere}/visits/-/photos/-")).await.unwrap(), []);
});

on_both!(what_cannot_be_measured_is_refused_with_where, |world| async move {
    let name = photo(&world, 5).await;
    let nurse = by(&world, "nurse");
    let drawn =
        async |corners: &[(f64, f64)], calibration| refusal(nurse.draws(&name, polygon(corners), calibration).await);
    let bow_tie = drawn(&[(0.0, 0.0), (100.0, 100.0), (100.0, 0.0), (0.0, 100.0)], None).await;
    assert_eq!((bow_tie.code, bow_tie.reason.as_str()), (Code::InvalidArgument, "OUTLINE_CROSSES"));
    assert_eq!((bow_tie.metadata["first_edge"].as_str(), bow_tie.metadata["second_edge"].as_str()), ("0", "2"));
    for off in [(640.5, 5.0), (5.0, -1.0), (f64::NAN, 5.0), (5.0, f64::NEG_INFINITY)] {
        let outside = drawn(&[(0.0, 0.0), (100.0, 0.0), off], None).await;
        assert_eq!((outside.code, outside.reason.as_str()), (Code::InvalidArgument, "OUTLINE_OUTSIDE"));
        assert_eq!(outside.metadata["field"], "outline.points[2]");
    }
    let triangle = [(0.0, 0.0), (100.0, 0.0), (0.0, 100.0)];
    let point = |x, y| Some(Point { x, y });
    for (calibration, reason) in [
        (Calibration { end: point(39.0, 20.0), ..ruler() }, "CALIBRATION_TOO_SHORT"),
        (Calibration { start: point(20.0, 481.0), ..ruler() }, "OUTLINE_OUTSIDE"),
        (Calibration { distance_mm: 0.5, ..ruler() }, "CALIBRATION_OUT_OF_RANGE"),
        (Calibration { distance_mm: f64::NAN, ..ruler() }, "CALIBRATION_OUT_OF_RANGE"),
        (Calibration { distance_mm: 1001.0, ..ruler() }, "CALIBRATION_OUT_OF_RANGE"),
    ] {
        let refused = drawn(&triangle, Some(calibration)).await;
        assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, reason), "{calibration:?}");
    }
    let endless = drawn(&triangle, Some(Calibration { end: None, ..ruler() })).await;
    assert_eq!((endless.reason.as_str(), endless.fields[0].as_str()), ("INVALID_REQUEST", "outline.calibration.end"));
    assert_eq!(drawn(&triangle[..2], None).await.fields, ["outline.points"]);
    assert_eq!(drawn(&vec![(1.0, 1.0); 1001], None).await.fields, ["outline.points"]);
    assert_eq!(nurse.outlines(&name).await.unwrap(), [], "nothing of these is kept");
});

on_both!(an_outline_of_a_thousand_corners_is_taken, |world| async move {
    let name = photo(&world, 6).await;
    let corners = (0..1000).map(|step| f64::from(step) * std::f64::consts::TAU / 1000.0);
    let round: Vec<_> = corners.map(|t| (320.0 + 200.0 * t.cos(), 240.0 + 200.0 * t.sin())).collect();
    let drawn = by(&world, "nurse").draws(&name, polygon(&round), None).await.unwrap();
    let area = drawn.measures.unwrap().area_px;
    assert!((area / (std::f64::consts::PI * 40_000.0) - 1.0).abs() < 1e-4, "{area}");
    assert_eq!(by(&world, "nurse").outlines(&name).await.unwrap(), [drawn]);
});

on_both!(nothing_is_drawn_on_a_photo_that_is_not_stored, |world| async move {
    let picture = Picture::phantom(7);
    let nurse = by(&world, "nurse");
    let visit = nurse.visits(&wound(&world).await.name, &[&picture]).await.unwrap().name;
    let refusal = refused(nurse.draws(&picture.name(&visit), square(), None).await, "PHOTO_NOT_STORED");
    assert_eq!(refusal.code, Code::FailedPrecondition);
    refused(nurse.draws(&format!("{visit}/photos/{UNKNOWN}"), square(), None).await, "RESOURCE_NOT_FOUND");
    refused(nurse.erases(&format!("{visit}/photos/{UNKNOWN}/outlines/{UNKNOWN}")).await, "RESOURCE_NOT_FOUND");
});

on_both!(the_same_request_draws_one_outline, |world| async move {
    let name = photo(&world, 8).await;
    let nurse = by(&world, "nurse");
    let outline = Outline { points: square(), ..Outline::default() };
    let mut request = CreateOutlineRequest { parent: name.clone(), outline: Some(outline), request_id: request_id() };
    let first = nurse.0.clone().create_outline(request.clone()).await.unwrap().into_inner();
    let again = nurse.0.clone().create_outline(request.clone()).await.unwrap().into_inner();
    assert_eq!((&again, nurse.outlines(&name).await.unwrap().len()), (&first, 1));
    request.outline.as_mut().unwrap().points.rotate_left(1);
    assert_eq!(refusal(nurse.0.clone().create_outline(request).await).reason, "REQUEST_ID_REUSED");
});

on_both!(who_takes_no_part_or_may_not_score_draws_nothing, |world| async move {
    let name = photo(&world, 9).await;
    let drawn = by(&world, "nurse").draws(&name, square(), None).await.unwrap();
    world.settle().await;
    // Covered by the consent, and without a part in this wound.
    let specialist = by(&world, "specialist");
    refused(specialist.draws(&name, square(), None).await, "RESOURCE_NOT_FOUND");
    refused(specialist.outlines(&name).await, "RESOURCE_NOT_FOUND");
    refused(specialist.erases(&drawn.name).await, "RESOURCE_NOT_FOUND");
    refused(by(&world, "gp").draws(&name, square(), None).await, "NO_PERMISSION");
    refused(by(&world, "gp").erases(&drawn.name).await, "NO_PERMISSION");
    // Once the hospital is asked, it draws too.
    by(&world, "nurse").requests(name.split("/photos/").next().unwrap()).await.unwrap();
    let theirs = specialist.draws(&name, square(), Some(ruler())).await.unwrap();
    assert_eq!(theirs.drawn_by.unwrap().person, "demo-specialist");
    assert_eq!(by(&world, "nurse").outlines(&name).await.unwrap().len(), 2);
});
