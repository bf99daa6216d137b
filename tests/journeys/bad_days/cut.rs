//! The network between two services is cut, and heals.

use std::time::{Duration, Instant};

use samspil_client::{Connection, Endpoint, Error, Retry, Token};
use samspil_proto::careplan::v1::{CarePlan, GetCarePlanRequest};

use super::{
    balancer::Balancer,
    outage,
    site::Ground,
    work::{Round, answer, every_event_is_there_once},
};

async fn plan(nurse: &Connection, name: &str) -> Result<CarePlan, Error> {
    let request = GetCarePlanRequest { name: name.to_owned(), ..GetCarePlanRequest::default() };
    nurse.call(request, |s, r| async move { s.careplan().get_care_plan(r).await }).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_cut_off_says_so_in_time_and_catches_up_when_the_network_heals() {
    let ground = Ground::on(None).await;
    let others = ground.serve(0, &["directory", "referral", "wound", "review"], &[]);
    let network = Balancer::before(vec![others.address().to_owned()]).await;
    let by = network.endpoint();
    let peers = format!("{{directory=\"{by}\",wound=\"{by}\",referral=\"{by}\"}}");
    let careplan = ground.serve(1, &["careplan"], &[("SAMSPIL_PEERS", &peers)]);
    let (nurse, specialist) = (others.connect("nurse"), others.connect("specialist"));
    let straight = Balancer::before(vec![careplan.address().to_owned()]).await;
    // One that does not ask again by itself: how long one call takes is what counts.
    let token = Token::new(&others.token("nurse"));
    let reader = Endpoint::new(straight.endpoint()).tokens(token).retry(Retry::default().budget(0.0, 0.0));
    let reader = reader.connect_lazy().unwrap();

    let before = Round::prepare(1, 1, ground.folder.path(), &nurse).await;
    before.send(&nurse).await;
    let acknowledged = std::sync::Arc::default();
    answer(specialist.clone(), 1, acknowledged).await;
    every_event_is_there_once(&ground, 1).await;
    let name = format!("patients/{}/carePlan", before.wound.patient);
    plan(&reader, &name).await.unwrap();

    network.cut(true);
    let begun = Instant::now();
    // Others notice nothing.
    let after = Round::prepare(2, 1, ground.folder.path(), &nurse).await;
    after.send(&nurse).await;
    answer(specialist, 1, std::sync::Arc::default()).await;
    let unknown = format!("patients/{}/carePlan", after.wound.patient);
    // Who asks for the plan of a patient whose relations have to be asked for is told so within the deadline, 15 seconds.
    let asked = Instant::now();
    let refused = plan(&reader, &unknown).await.unwrap_err();
    assert!(matches!(&refused, Error::Unavailable { .. } | Error::Deadline), "{refused}");
    assert!(asked.elapsed() < Duration::from_secs(20), "it waited {:?}", asked.elapsed());
    tokio::time::sleep(outage().saturating_sub(begun.elapsed())).await;

    network.cut(false);
    every_event_is_there_once(&ground, 2).await;
    plan(&reader, &unknown).await.unwrap();
    ground.verify();
}
