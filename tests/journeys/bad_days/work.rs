//! What goes on while something breaks: nurses who send photos and ask, and a specialist who answers; and what is to be true of it
//! afterwards.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use samspil_client::{Connection, Error, queue::Queue};
use samspil_proto::{
    names::{PhotoName, WoundName},
    wound::v1::{self as pb, Rendition},
};

use super::site::{Ground, Site};
use crate::{
    course::{self, request_id},
    kills::stripped,
};

/// Longer than any outage here, and far shorter than a hang.
const PATIENCE: Duration = Duration::from_secs(600);

/// Who are [`at_work`].
const NURSES: u64 = 4;

/// A nurse's day: a wound, and visits with two photos and a question each.
pub(super) struct Round {
    pub(super) wound: WoundName,
    pub(super) files: Vec<PathBuf>,
    queue: PathBuf,
}

impl Round {
    /// Opens the wound and puts everything into the phone's queue.
    pub(super) async fn prepare(number: u64, visits: u64, folder: &Path, nurse: &Connection) -> Round {
        let folder = folder.join(format!("nurse-{number}"));
        std::fs::create_dir_all(&folder).unwrap();
        let wound = course::open_wound(nurse).await;
        let first = 1000 * number;
        let files = course::photographs(&folder, first..first + 2 * visits);
        let queue = Queue::open(folder.join("queue")).unwrap();
        for files in files.chunks(2) {
            queue.enqueue(course::visit(wound, files, true, nurse.clock().now())).await.unwrap();
        }
        Round { wound, files, queue: folder.join("queue") }
    }

    /// Syncs, as often as it takes.
    pub(super) async fn send(&self, nurse: &Connection) {
        let queue = Queue::open(&self.queue).unwrap();
        let sent = async {
            while !queue.sync(nurse, |_| {}).await.unwrap().is_clear() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, sent).await;
        in_time.unwrap_or_else(|_| panic!("the queue is never clear: {:?}", queue.states().unwrap()));
    }

    /// The same in another phone, which hears nothing of what this one sends from now on.
    pub(super) fn copy(&self) -> Round {
        let queue = self.queue.with_extension("copy");
        let copied = Command::new("cp").arg("-r").args([&self.queue, &queue]).status().unwrap();
        assert!(copied.success());
        Round { wound: self.wound, files: self.files.clone(), queue }
    }

    /// Its visits, as they are known there.
    pub(super) async fn visits(&self, nurse: &Connection) -> Vec<pb::Visit> {
        let parent = self.wound.to_string();
        let request = pb::ListVisitsRequest { parent, page_size: 1000, page_token: String::new() };
        nurse.call(request, |s, r| async move { s.wound().list_visits(r).await }).await.unwrap().visits
    }

    /// Everything that was sent is there once, byte for byte, and each question is answered.
    pub(super) async fn is_whole(&self, nurse: &Connection) {
        let parent = self.wound.to_string();
        let visits = self.visits(nurse).await;
        assert!(visits.iter().all(|visit| visit.state() == pb::VisitState::Complete));
        let mut got = Vec::new();
        for photo in visits.iter().flat_map(|visit| &visit.photos) {
            assert_eq!(photo.state(), pb::PhotoState::Stored);
            let mut bytes = Vec::new();
            let name: PhotoName = photo.name.parse().unwrap();
            nurse.download(&name, Rendition::Original, &mut bytes).await.unwrap();
            got.push(bytes);
        }
        let mut sent: Vec<_> = self.files.iter().map(|file| stripped(&std::fs::read(file).unwrap())).collect();
        sent.sort();
        got.sort();
        assert_eq!(got.len(), sent.len(), "as many photos as were sent");
        assert!(got == sent, "a photo differs from what was sent, beyond its metadata");

        let request = pb::ListAssessmentsRequest { parent, page_size: 1000, page_token: String::new() };
        let asked = nurse.call(request, |s, r| async move { s.wound().list_assessments(r).await }).await.unwrap();
        assert_eq!(asked.assessments.len(), self.files.len() / 2, "each question was asked once");
        for assessment in asked.assessments {
            assert_eq!(assessment.state(), pb::AssessmentState::Answered);
        }
    }
}

/// Nurses at work and a specialist who answers; `happens` once some of it is done. Then everything has to come to its good end.
pub(super) async fn at_work(site: &Site, happens: impl AsyncFnOnce()) {
    at_its_good_end(site, happens).await;
    site.ground.verify();
}

/// The same, without a look whether everything agrees.
pub(super) async fn at_its_good_end(site: &Site, happens: impl AsyncFnOnce()) {
    let nurse = site.connect("nurse");
    let mut rounds = Vec::new();
    for number in 0..NURSES {
        rounds.push(Arc::new(Round::prepare(number, 2, site.ground.folder.path(), &nurse).await));
    }
    let questions = 2 * NURSES;
    let answered = Arc::new(AtomicUsize::new(0));
    let specialist = tokio::spawn(answer(site.connect("specialist"), questions as usize, answered));
    let send = |round: &Arc<Round>| {
        let (round, nurse): (_, Connection) = (round.clone(), site.connect("nurse"));
        tokio::spawn(async move { round.send(&nurse).await })
    };
    let sends: Vec<_> = rounds.iter().map(send).collect();
    // In the middle of it.
    while site.ground.count("wound", "SELECT COUNT(*) FROM photos").await < 3 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    happens().await;
    for send in sends {
        send.await.unwrap();
    }
    specialist.await.unwrap();
    for round in &rounds {
        round.is_whole(&nurse).await;
    }
    every_event_is_there_once(&site.ground, questions as i64).await;
}

/// Answers whatever is in the queue, until so many answers were acknowledged.
pub(super) async fn answer(specialist: Connection, wanted: usize, acknowledged: Arc<AtomicUsize>) {
    let answering = async {
        while acknowledged.load(Relaxed) < wanted {
            for name in waiting(&specialist).await.unwrap_or_default() {
                match sign(&specialist, &name).await {
                    Ok(()) => drop(acknowledged.fetch_add(1, Relaxed)),
                    // What came of it shows at the next look.
                    Err(error) if is_passing(&error) => {}
                    Err(error) => panic!("{name}: {error}"),
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, answering).await.expect("every question to be answered");
}

/// The questions that nobody has answered.
async fn waiting(specialist: &Connection) -> Result<Vec<String>, Error> {
    let request = pb::ListQueueRequest { page_size: 1000, ..pb::ListQueueRequest::default() };
    let queue = specialist.call(request, |s, r| async move { s.wound().list_queue(r).await }).await?;
    Ok(queue.assessments.into_iter().map(|assessment| assessment.name).collect())
}

/// Claims and answers, each asked again under the same id until it is clear whether it was done.
async fn sign(specialist: &Connection, name: &str) -> Result<(), Error> {
    let claim = pb::ClaimAssessmentRequest { name: name.to_owned(), etag: String::new(), request_id: request_id() };
    let claim = specialist.call(claim, |s, r| async move { s.wound().claim_assessment(r).await });
    claim.await?;
    let answer = pb::Answer {
        findings: "Clean.".to_owned(),
        plan: vec![pb::PlanLine { text: "Go on".to_owned(), due_days: 3 }],
        ..pb::Answer::default()
    };
    let (name, answer, id) = (name.to_owned(), Some(answer), request_id());
    let answer = pb::AnswerAssessmentRequest { name, answer, etag: String::new(), request_id: id };
    loop {
        let signed = specialist.call(answer.clone(), |s, r| async move { s.wound().answer_assessment(r).await });
        match signed.await {
            Err(error) if is_passing(&error) => tokio::time::sleep(Duration::from_millis(50)).await,
            done => return done.map(drop),
        }
    }
}

/// Nobody can tell whether it was done.
fn is_passing(error: &Error) -> bool {
    matches!(error, Error::Unavailable { .. } | Error::Deadline)
        || matches!(error, Error::Refused(refusal) if matches!(refusal.code, tonic::Code::Unavailable | tonic::Code::DeadlineExceeded))
}

/// Each change left its event once, in the log of its service and in what follows it.
pub(super) async fn every_event_is_there_once(ground: &Ground, questions: i64) {
    const ASKED: &str = "SELECT COUNT(*) FROM event_log WHERE type = 'samspil.wound.v1.AssessmentRequested'";
    const ANSWERED: &str = "SELECT COUNT(*) FROM event_log WHERE type = 'samspil.wound.v1.AssessmentAnswered'";
    const ON_THEIR_WAY: &str = "SELECT COUNT(*) FROM outbox";
    const PROPOSED: &str = "SELECT COUNT(*) FROM activities WHERE description = 'Go on'";
    let settled = async {
        while ground.count("wound", ON_THEIR_WAY).await > 0
            || ground.count("careplan", PROPOSED).await < questions
            || ground.count("careplan", ON_THEIR_WAY).await > 0
        {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), settled).await.expect("the care plan to follow");
    assert_eq!(ground.count("wound", ASKED).await, questions);
    assert_eq!(ground.count("wound", ANSWERED).await, questions);
    assert_eq!(ground.count("careplan", PROPOSED).await, questions, "one line of plan of each answer, once");
    each_trace_goes_on(ground).await;
}

/// What the machine did by itself, after the answer to a call, stands in the trace of that call, whichever replica did it and whatever
/// happened in between: from a photo to its verdict, from a question to the answer that links back to it, from an answer to
/// the line of the plan.
async fn each_trace_goes_on(ground: &Ground) {
    const OF_NOBODY: &str =
        "SELECT COUNT(*) FROM event_log WHERE LENGTH(traceparent) <> 55 AND type NOT LIKE '%.ClockStageReached'";
    const VERDICTS_ELSEWHERE: &str =
        "SELECT COUNT(*) FROM event_log a WHERE a.type = 'samspil.wound.v1.PhotoAssessed' AND NOT EXISTS
        (SELECT 1 FROM event_log s WHERE s.type = 'samspil.wound.v1.PhotoStored' AND s.subject = a.subject
         AND SUBSTR(s.traceparent, 4, 32) = SUBSTR(a.traceparent, 4, 32))";
    const QUESTIONS_ELSEWHERE: &str = "SELECT COUNT(*) FROM assessments a WHERE NOT EXISTS
        (SELECT 1 FROM event_log r WHERE r.type = 'samspil.wound.v1.AssessmentRequested'
         AND SUBSTR(r.traceparent, 4, 32) = SUBSTR(a.request_traceparent, 4, 32))";
    const ANSWERS: &str =
        "SELECT SUBSTR(traceparent, 4, 32) FROM event_log WHERE type = 'samspil.wound.v1.AssessmentAnswered'";
    const LINES: &str =
        "SELECT SUBSTR(traceparent, 4, 32) FROM event_log WHERE type = 'samspil.careplan.v1.ActivityProposed'";
    assert_eq!(ground.count("wound", OF_NOBODY).await, 0, "events that no trace tells of");
    assert_eq!(ground.count("wound", VERDICTS_ELSEWHERE).await, 0, "verdicts that are not in the trace of their photo");
    assert_eq!(ground.count("wound", QUESTIONS_ELSEWHERE).await, 0, "questions that an answer cannot link back to");
    let (answers, lines) = (ground.texts("wound", ANSWERS).await, ground.texts("careplan", LINES).await);
    let elsewhere: Vec<_> = answers.iter().filter(|trace| !lines.contains(trace)).collect();
    assert!(elsewhere.is_empty(), "answers whose lines of plan are not in their trace: {elsewhere:?}");
}
