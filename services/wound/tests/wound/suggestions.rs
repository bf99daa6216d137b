//! What a model suggests: kept apart from what people draw, and decided on by a person, once.

use std::{path::Path, sync::Arc};

use samspil_imaging::suggest::Model;
use samspil_phantom::{Metadata, Scene, photograph};
use samspil_proto::wound::v1::{wound_update::Resource, *};
use samspil_testkit::{World, on_both, refusal, request_id};
use tonic::Code;

use crate::help::*;

/// The weights of this checkout.
fn model() -> Arc<Model> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/imaging/models/outline.onnx");
    let onnx = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Arc::new(Model::read(onnx).unwrap())
}

/// A second replica, which has a model. It runs on the same database, so it looks at photos that came before it, too.
async fn a_model_is_installed(world: &World) -> World {
    let settings = samspil_wound::Settings { model: Some(model()), ..World::wound_settings() };
    world.replica_with(settings).await
}

/// A stored photo on which a wound can be seen: its name.
async fn photo(world: &World, seed: u64) -> String {
    photo_of(world, (1024, 768), seed).await
}

async fn photo_of(world: &World, (width, height): (u32, u32), seed: u64) -> String {
    let scene = Scene { width, height, ..Scene::visit(seed, 0) };
    let picture = Picture::of(photograph(&scene, &Metadata::default()).0);
    let visit = by(world, "nurse").visits_with(&wound(world).await.name, &[&picture]).await;
    picture.name(&visit.name)
}

impl By {
    /// What is suggested for a photo, or for all photos of a wound.
    async fn suggestions(&self, parent: &str) -> Said<Vec<Suggestion>> {
        let request = ListSuggestionsRequest { parent: parent.to_owned(), ..ListSuggestionsRequest::default() };
        said(self.0.clone().list_suggestions(request).await).map(|page| page.suggestions)
    }

    async fn takes_over(&self, name: &str, request_id: String) -> Said<Outline> {
        said(self.0.clone().confirm_suggestion(ConfirmSuggestionRequest { name: name.to_owned(), request_id }).await)
    }

    async fn discards(&self, name: &str) -> Said<Suggestion> {
        let request = DiscardSuggestionRequest { name: name.to_owned(), request_id: request_id() };
        said(self.0.clone().discard_suggestion(request).await)
    }

    /// Waits until the model has looked at a photo, and gives what it suggests.
    async fn is_suggested(&self, photo: &str) -> Vec<Suggestion> {
        until(|| async { !self.verdict_on(photo).await.analysis_version.is_empty() }).await;
        self.suggestions(photo).await.unwrap()
    }

    /// The photo as it is now.
    async fn verdict_on(&self, photo: &str) -> Photo {
        said(self.0.clone().get_photo(GetPhotoRequest { name: photo.to_owned() }).await).unwrap()
    }
}

on_both!(a_model_suggests_an_outline_and_a_person_takes_it_over, |world| async move {
    let name = photo(&world, 1).await;
    let nurse = by(&world, "nurse");
    assert_eq!(nurse.suggestions(&name).await.unwrap(), [], "without a model nothing is suggested");
    world.settle().await;
    let (mut stream, _) = nurse.watches(&wound_of(&name), "").await.unwrap();
    let _replica = a_model_is_installed(&world).await;
    let suggested = nurse.is_suggested(&name).await;
    let update = soon(stream.message()).await.unwrap().unwrap();
    assert_eq!((update.r#type.as_str(), &update.subject), ("samspil.wound.v1.PhotoAnalysed", &name));
    let Some(Resource::Photo(told)) = update.resource else { panic!("no photo is told of") };
    assert_eq!(told.analysis_version, model().version());
    let wound = told.quality.unwrap().wound.expect("a drawn wound is measured");
    assert_eq!(
        (wound.model_version.as_str(), wound.steps_version.as_str()),
        (model().version(), samspil_imaging::version())
    );
    assert!(wound.sharpness > 0.0 && (0.001..0.5).contains(&wound.share) && wound.shorter_side_px > 80.0, "{wound:?}");

    let first = suggested.first().expect("a drawn wound is seen");
    assert!(first.name.starts_with(&format!("{name}/suggestions/")) && first.points.len() >= 3);
    assert!((0.0..=1.0).contains(&first.confidence) && first.measures.unwrap().area_px > 0.0);
    assert_eq!((first.state(), first.model_version.as_str()), (SuggestionState::Open, model().version()));
    assert_eq!(nurse.outlines(&name).await.unwrap(), [], "a suggestion is no outline");

    let once = request_id();
    let outline = nurse.takes_over(&first.name, once.clone()).await.unwrap();
    assert_eq!((&outline.points, &outline.suggestion), (&first.points, &first.name));
    assert_eq!(outline.drawn_by.as_ref().unwrap().person, "demo-nurse");
    assert_eq!(nurse.takes_over(&first.name, once).await.unwrap(), outline, "the same call again");
    assert_eq!(nurse.outlines(&name).await.unwrap(), [outline]);
    let decided = &nurse.suggestions(&name).await.unwrap()[suggested.len() - 1];
    let decided = if decided.name == first.name { decided } else { &nurse.suggestions(&name).await.unwrap()[0] };
    assert_eq!(decided.state(), SuggestionState::Confirmed);
    assert_eq!(decided.decided_by.as_ref().unwrap().person, "demo-nurse");
    let again = refusal(nurse.takes_over(&first.name, request_id()).await);
    assert_eq!((again.code, again.reason.as_str()), (Code::FailedPrecondition, "SUGGESTION_DECIDED"));
    assert_eq!(refusal(nurse.discards(&first.name).await).reason, "SUGGESTION_DECIDED");
    let entries = audited(&world, patient_of(&name)).await;
    for method in ["ConfirmSuggestion", "ListSuggestions"] {
        assert!(entries.contains(&("demo-nurse".into(), method.into(), "OK".into())), "{method}: {entries:?}");
    }
});

on_both!(a_wound_that_is_a_speck_on_the_photo_is_warned_of_with_advice, |world| async move {
    let name = photo_of(&world, (256, 192), 6).await;
    let nurse = by(&world, "nurse");
    let before = nurse.verdict_on(&name).await.quality.unwrap();
    assert_eq!(before.wound, None, "without a model nothing is said of the wound");
    let _replica = a_model_is_installed(&world).await;
    nurse.is_suggested(&name).await;
    let quality = nurse.verdict_on(&name).await.quality.unwrap();
    let side = quality.wound.as_ref().expect("a drawn wound is measured").shorter_side_px;
    assert!((10.0..80.0).contains(&side), "{side}");
    let warning = quality.warnings.iter().find(|warning| warning.code == "WOUND_TOO_SMALL").unwrap();
    assert!(warning.advice_da.contains("tættere på") && warning.advice_en.contains("closer"));
    assert!(before.warnings.iter().all(|warning| quality.warnings.contains(warning)), "what was said before stays");
    let told = events_come(&world, "PhotoAnalysed", 1).await;
    let told: PhotoAnalysed = prost::Message::decode(told[0].data.as_slice()).unwrap();
    assert_eq!(told.warnings, quality.warnings.into_iter().map(|warning| warning.code).collect::<Vec<_>>());
});

on_both!(a_suggestion_is_redrawn_or_discarded, |world| async move {
    let (one, other) = (photo(&world, 2).await, photo(&world, 3).await);
    let nurse = by(&world, "nurse");
    let _replica = a_model_is_installed(&world).await;
    let suggested = nurse.is_suggested(&one).await.swap_remove(0).name;
    let better = Outline { points: square(), suggestion: suggested.clone(), ..Outline::default() };
    let redraw = |parent: &str| CreateOutlineRequest {
        parent: parent.to_owned(),
        outline: Some(better.clone()),
        request_id: request_id(),
    };
    let elsewhere = refusal(said(nurse.0.clone().create_outline(redraw(&other)).await));
    assert_eq!(elsewhere.reason, "RESOURCE_NOT_FOUND", "a suggestion for another photo");
    let drawn = said(nurse.0.clone().create_outline(redraw(&one)).await).unwrap();
    assert_eq!((&drawn.points, &drawn.suggestion), (&square(), &suggested));
    let again = said(nurse.0.clone().create_outline(redraw(&one)).await);
    assert_eq!(refusal(again).reason, "SUGGESTION_DECIDED");

    let wrong = nurse.is_suggested(&other).await.swap_remove(0);
    let discarded = nurse.discards(&wrong.name).await.unwrap();
    assert_eq!(discarded.state(), SuggestionState::Discarded);
    assert_eq!(nurse.outlines(&other).await.unwrap(), []);
    events_come(&world, "SuggestionDecided", 2).await;
});

on_both!(nobody_else_sees_or_decides_a_suggestion, |world| async move {
    let name = photo(&world, 4).await;
    let _replica = a_model_is_installed(&world).await;
    let suggested = by(&world, "nurse").is_suggested(&name).await.swap_remove(0).name;
    let outsider = by(&world, "outsider");
    for refused in [
        refusal(outsider.suggestions(&name).await),
        refusal(outsider.takes_over(&suggested, request_id()).await),
        refusal(outsider.discards(&suggested).await),
    ] {
        assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "NO_RELATION"));
    }
});

on_both!(a_new_version_looks_again_and_what_the_old_one_suggested_stays, |world| async move {
    let name = photo(&world, 5).await;
    let nurse = by(&world, "nurse");
    let _replica = a_model_is_installed(&world).await;
    let before = nurse.is_suggested(&name).await;
    let quality = nurse.verdict_on(&name).await.quality;
    let mut tx = world.dbs["wound"].begin().await.unwrap();
    samspil_store::sql!(&mut tx, execute, "UPDATE photos SET analysis_version = 'an older one'").unwrap();
    tx.commit().await.unwrap();
    until(|| async { nurse.suggestions(&name).await.unwrap().len() == 2 * before.len() }).await;
    let after = nurse.suggestions(&name).await.unwrap();
    assert!(before.iter().all(|old| after.contains(old)));
    assert_eq!(nurse.verdict_on(&name).await.quality, quality, "nothing is said twice");
});
