//! Who has seen a wound.

use chrono::TimeDelta;
use samspil_kit::identity::demo;
use samspil_proto::wound::v1::*;
use samspil_store::sql;
use samspil_testkit::{World, on_both};
use tonic::Status;

use crate::help::*;

async fn page(world: &World, person: &str, request: ListViewersRequest) -> Result<ListViewersResponse, Status> {
    world.wounds(person).list_viewers(request).await.map(|page| page.into_inner())
}

fn of(wound: &str) -> ListViewersRequest {
    ListViewersRequest { parent: wound.to_owned(), ..ListViewersRequest::default() }
}

/// Name, first and last time of each.
async fn viewers(world: &World, person: &str, wound: &str) -> Vec<(String, String, String)> {
    let viewers = page(world, person, of(wound)).await.unwrap().viewers;
    let told = |viewer: Viewer| (viewer.actor.unwrap().display_name, at(viewer.first_time), at(viewer.last_time));
    viewers.into_iter().map(told).collect()
}

fn seen(name: &str, first: &str, last: &str) -> (String, String, String) {
    let time = |clock: &str| format!("2026-11-18T{clock}:00Z");
    (name.to_owned(), time(first), time(last))
}

on_both!(whoever_opened_a_wound_or_anything_under_it_is_told_of_the_last_one_first, |world| async move {
    let asked = question(&world).await;
    let wound = wound_of(&asked.name);
    let another = by(&world, "nurse").opens(world.citizen_with_consent().await).await.unwrap().name;
    world.clock.advance(TimeDelta::minutes(10));
    by(&world, "specialist").gets_visit(&asked.visits[0]).await.unwrap();
    world.clock.advance(TimeDelta::minutes(10));
    by(&world, "specialist2").gets(&asked.name).await.unwrap();
    world.clock.advance(TimeDelta::minutes(10));
    by(&world, "specialist").gets_wound(&wound).await.unwrap();
    // Refused, of another wound, or in a list that is of no wound: none of these has opened this one.
    refused(by(&world, "gp").gets_wound(&wound).await, "RESOURCE_NOT_FOUND");
    refused(by(&world, "outsider").gets_wound(&wound).await, "NO_RELATION");
    by(&world, "coordinator").gets_wound(&another).await.unwrap();
    let everything = ListWoundsRequest { parent: "patients/-".to_owned(), ..ListWoundsRequest::default() };
    world.wounds("coordinator").list_wounds(everything).await.unwrap();

    let expected = [
        seen("Søren Holm", "08:10", "08:30"),
        seen("Mette Lund", "08:20", "08:20"),
        seen("Anna Nørgaard", "08:00", "08:00"),
    ];
    assert_eq!(viewers(&world, "specialist", &wound).await, expected);
    let told = page(&world, "specialist2", of(&wound)).await.unwrap().viewers.remove(0).actor.unwrap();
    assert_eq!((told.person.as_str(), told.organisation), ("demo-specialist", organisation(demo::HOSPITAL)));
    // Whoever looks at this list has opened the wound, too.
    world.clock.advance(TimeDelta::minutes(10));
    by(&world, "coordinator").gets_wound(&wound).await.unwrap();
    let last = viewers(&world, "nurse", &wound).await;
    assert_eq!(last[..2], [seen("Ole Friis", "08:40", "08:40"), seen("Mette Lund", "08:20", "08:30")]);
    assert_eq!(viewers(&world, "nurse", &another).await.len(), 2, "the nurse and the coordinator");
});

on_both!(a_service_that_reads_is_nobody_who_saw_it, |world| async move {
    // The care plan fetches the answer.
    let answered = answered(&world).await;
    world.settle().await;
    let told = page(&world, "nurse", of(&wound_of(&answered.name))).await.unwrap().viewers;
    let mut people: Vec<_> = told.into_iter().map(|viewer| viewer.actor.unwrap().person).collect();
    people.sort();
    assert_eq!(people, ["demo-nurse", "demo-specialist"]);
});

on_both!(viewers_are_paged_and_those_from_before_names_were_kept_have_none, |world| async move {
    let asked = question(&world).await;
    let wound = wound_of(&asked.name);
    for person in ["specialist", "specialist2", "coordinator", "specialist"] {
        // Two of them at one time: then the entry decides.
        if person != "specialist2" {
            world.clock.advance(TimeDelta::minutes(1));
        }
        by(&world, person).gets_wound(&wound).await.unwrap();
    }
    let mut tx = world.dbs["wound"].begin().await.unwrap();
    sql!(&mut tx, execute, "UPDATE audit SET display_name = '' WHERE person = $1", "demo-coordinator").unwrap();
    tx.commit().await.unwrap();
    let (mut told, mut request) = (Vec::new(), ListViewersRequest { page_size: 1, ..of(&wound) });
    loop {
        // As the specialist, who is the first on the list anyhow, and stays there.
        let page = page(&world, "specialist", request.clone()).await.unwrap();
        assert_eq!(page.viewers.len(), 1);
        told.extend(page.viewers.into_iter().map(|viewer| viewer.actor.unwrap()));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    let people: Vec<_> = told.iter().map(|actor| (actor.person.as_str(), actor.display_name.as_str())).collect();
    let expected = [
        ("demo-specialist", "Søren Holm"),
        ("demo-coordinator", ""),
        ("demo-specialist-2", "Mette Lund"),
        ("demo-nurse", "Anna Nørgaard"),
    ];
    assert_eq!(people, expected);

    let first = page(&world, "specialist", ListViewersRequest { page_size: 1, ..of(&wound) }).await.unwrap();
    let elsewhere = wound_of(&question(&world).await.name);
    for token in [first.next_page_token.as_str(), "nonsense"] {
        let request = ListViewersRequest { page_token: token.to_owned(), ..of(&elsewhere) };
        refused(page(&world, "specialist", request).await, "PAGE_TOKEN_INVALID");
    }
});

on_both!(who_has_no_business_with_a_wound_hears_not_who_saw_it, |world| async move {
    let wound = wound_of(&question(&world).await.name);
    refused(page(&world, "outsider", of(&wound)).await, "NO_RELATION");
    refused(page(&world, "gp", of(&wound)).await, "RESOURCE_NOT_FOUND");
    refused(page(&world, "administrator", of(&wound)).await, "NO_PERMISSION");
    let entries = audited(&world, patient_of(&wound)).await;
    assert!(entries.contains(&("demo-outsider".into(), "ListViewers".into(), "NO_RELATION".into())), "{entries:?}");
});
