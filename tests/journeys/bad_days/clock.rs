//! The clock of one replica jumps an hour, forward and back.

use chrono::TimeDelta;
use samspil_client::{Connection, Endpoint, Error, Retry, Token};
use samspil_kit::{
    Clock,
    identity::{Issuer, demo},
};
use samspil_proto::{careplan::v1::GetCarePlanRequest, names::WoundName, wound::v1 as pb};
use tonic_health::pb::health_check_response::ServingStatus;
use uuid::Uuid;

use super::{
    database::says as told_by_health,
    site::{Ground, SERVICES, Site},
    work::{Round, answer, at_its_good_end, every_event_is_there_once},
    wrong_clock::WrongClock,
};
use crate::course::{self, request_id};

const HOUR: i64 = 3600;

/// What is in the log twice: a photo that was stored or looked at, a stage that a clock has reached.
const TWICE: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM event_log WHERE type IN ('samspil.wound.v1.PhotoStored',
    'samspil.wound.v1.PhotoAssessed', 'samspil.common.v1.ClockStageReached') GROUP BY type, subject, data HAVING COUNT(*) > 1) twice";

/// How often the log, in its own order, goes back in time.
const BACK_IN_TIME: &str =
    "SELECT COUNT(*) FROM event_log earlier JOIN event_log later ON later.sequence = earlier.sequence + 1
    WHERE later.time < earlier.time - INTERVAL '30 minutes'";

/// Nurses and a specialist at work while a replica's clock is wrong for a while. Everything is there once, and every follower has had
/// its effect: the order of the log is that of its numbers.
async fn at_work_while_it_is_off_by(seconds: i64) -> Site {
    let ground = Ground::on(None).await;
    let clock = WrongClock::in_folder(ground.folder.path());
    let site = Site::start_with(ground, &clock.environment()).await;
    let wound = course::open_wound(&site.replicas[0].connect("nurse")).await;
    let wrong = site.replicas[1].connect("nurse");
    at_its_good_end(&site, async || {
        clock.is_off_by(seconds);
        for _ in 0..20 {
            says(&wrong, wound).await;
        }
        clock.is_off_by(0);
    })
    .await;
    assert_eq!(site.ground.count("wound", TWICE).await, 0);
    assert!(site.ground.count("wound", BACK_IN_TIME).await > 0, "the clock never jumped");
    site
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_while_a_replica_is_an_hour_ahead_is_there_once() {
    at_work_while_it_is_off_by(HOUR).await.ground.verify();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_while_a_replica_is_an_hour_behind_is_there_once_and_the_audit_tells_of_its_times() {
    let site = at_work_while_it_is_off_by(-HOUR).await;
    const OF_THAT_HOUR: &str = "SELECT entry_id::TEXT FROM audit WHERE time < NOW() - INTERVAL '30 minutes'";
    let mut of_that_hour = Vec::new();
    for service in SERVICES {
        of_that_hour.extend(site.ground.texts(service, OF_THAT_HOUR).await);
    }
    for finding in site.ground.verified(&[]).0 {
        let entry = finding.strip_prefix(r#""ENTRY_BACKDATED" "audit "#).unwrap_or_else(|| panic!("{finding}"));
        let entry = entry.trim_end_matches('"');
        assert!(of_that_hour.iter().any(|id| id == entry), "{finding} is of a replica whose clock was right");
    }
}

async fn says(nurse: &Connection, wound: WoundName) {
    let message = Some(pb::Message { text: "What is the time?".to_owned(), ..pb::Message::default() });
    let request = pb::CreateMessageRequest { parent: wound.to_string(), message, request_id: request_id() };
    nurse.call(request, |s, r| async move { s.wound().create_message(r).await }).await.unwrap();
}

/// A service that does not ask again by itself.
fn asks_once(endpoint: String, token: &str) -> Connection {
    let once = Retry::default().budget(0.0, 0.0);
    Endpoint::new(endpoint).tokens(Token::new(token)).retry(once).connect_lazy().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_an_hour_behind_is_let_in_nowhere_says_so_and_catches_up_when_its_clock_is_set() {
    let ground = Ground::on(None).await;
    let others = ground.serve(0, &["directory", "referral", "wound", "review"], &[]);
    let at = others.endpoint();
    let peers = format!("{{directory=\"{at}\",wound=\"{at}\",referral=\"{at}\"}}");
    let clock = WrongClock::in_folder(ground.folder.path());
    let careplan =
        ground.serve(1, &["careplan"], &[&[("SAMSPIL_PEERS", peers.as_str())], &clock.environment()[..]].concat());
    let (nurse, specialist) = (others.connect("nurse"), others.connect("specialist"));
    let reader = asks_once(careplan.endpoint(), &others.token("nurse"));
    // Of a patient whom it knows nothing of, so that it has to ask.
    let plan = async || {
        let name = format!("patients/{}/carePlan", Uuid::new_v4());
        let request = GetCarePlanRequest { name, ..GetCarePlanRequest::default() };
        reader.call(request, |s, r| async move { s.careplan().get_care_plan(r).await }).await.unwrap_err()
    };
    let before = Round::prepare(1, 1, ground.folder.path(), &nurse).await;
    before.send(&nurse).await;
    answer(specialist.clone(), 1, std::sync::Arc::default()).await;
    every_event_is_there_once(&ground, 1).await;
    assert_eq!(reason(plan().await), "NO_RELATION");

    clock.is_off_by(-HOUR);
    let after = Round::prepare(2, 1, ground.folder.path(), &nurse).await;
    after.send(&nurse).await;
    answer(specialist, 1, std::sync::Arc::default()).await;
    // By the others' clocks its tokens ended long ago.
    let refused = plan().await;
    assert!(
        matches!(&refused, Error::Unavailable { message } if message.contains("another service did not answer")),
        "{refused:?}"
    );
    let log = std::fs::read_to_string(ground.data(1).join("serve.log")).unwrap();
    assert!(log.contains("the token has expired"), "{log}");
    assert_eq!(ground.count("careplan", "SELECT COUNT(*) FROM activities WHERE description = 'Go on'").await, 1);

    clock.is_off_by(0);
    every_event_is_there_once(&ground, 2).await;
    assert_eq!(reason(plan().await), "NO_RELATION");
    ground.verify();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_and_a_token_that_have_run_out_by_one_clock_alone_let_no_two_answer() {
    let ground = Ground::on(None).await;
    let clock = WrongClock::in_folder(ground.folder.path());
    let site = Site::start_with(ground, &clock.environment()).await;
    let [right, ahead] = [&site.replicas[0], &site.replicas[1]];
    let nurse = right.connect("nurse");
    let round = Round::prepare(1, 1, site.ground.folder.path(), &nurse).await;
    round.send(&nurse).await;
    let request =
        pb::ListAssessmentsRequest { parent: round.wound.to_string(), ..pb::ListAssessmentsRequest::default() };
    let asked = nurse.call(request, |s, r| async move { s.wound().list_assessments(r).await }).await.unwrap();
    let name = &asked.assessments[0].name;
    clock.is_off_by(HOUR);

    // A token of half an hour has ended at one of them.
    let issuer = Issuer::in_file(&site.ground.data(0).join("issuer.key"), Clock::system()).unwrap();
    let person = demo::people().into_iter().find(|(name, _)| *name == "nurse").unwrap().1;
    let token = issuer.sign(&person, TimeDelta::minutes(30)).unwrap();
    let request = || pb::GetWoundRequest { name: round.wound.to_string() };
    let get =
        async |at| asks_once(at, &token).call(request(), |s, r| async move { s.wound().get_wound(r).await }).await;
    get(right.endpoint()).await.unwrap();
    assert_eq!(reason(get(ahead.endpoint()).await.unwrap_err()), "TOKEN_EXPIRED");

    // It tells so itself, so that nobody new is sent there; the other is not touched.
    told_by_health(ahead, ServingStatus::NotServing).await;
    told_by_health(right, ServingStatus::Serving).await;
    let log = std::fs::read_to_string(site.ground.data(1).join("serve.log")).unwrap();
    assert!(log.contains("seconds ahead of the database's"), "{log}");

    // So has a claim. Who takes it then is the only one who may answer.
    let (first, second) = (right.connect("specialist"), ahead.connect("specialist2"));
    claim(&first, name).await.unwrap();
    claim(&second, name).await.unwrap();
    assert_eq!(reason(sign(&first, name).await.unwrap_err()), "ASSESSMENT_NOT_CLAIMED");
    sign(&second, name).await.unwrap();
    assert_eq!(reason(sign(&first, name).await.unwrap_err()), "ASSESSMENT_ANSWERED");
    clock.is_off_by(0);
    every_event_is_there_once(&site.ground, 1).await;
    round.is_whole(&nurse).await;
    site.ground.verify();
}

fn reason(error: Error) -> String {
    let Error::Refused(refusal) = error else { panic!("{error:?}") };
    refusal.reason
}

async fn claim(specialist: &Connection, name: &str) -> Result<pb::Assessment, Error> {
    let request = pb::ClaimAssessmentRequest { name: name.to_owned(), etag: String::new(), request_id: request_id() };
    specialist.call(request, |s, r| async move { s.wound().claim_assessment(r).await }).await
}

async fn sign(specialist: &Connection, name: &str) -> Result<pb::Assessment, Error> {
    let answer = pb::Answer {
        findings: "Clean.".to_owned(),
        plan: vec![pb::PlanLine { text: "Go on".to_owned(), due_days: 3 }],
        ..pb::Answer::default()
    };
    let (name, answer, request_id) = (name.to_owned(), Some(answer), request_id());
    let request = pb::AnswerAssessmentRequest { name, answer, etag: String::new(), request_id };
    specialist.call(request, |s, r| async move { s.wound().answer_assessment(r).await }).await
}
