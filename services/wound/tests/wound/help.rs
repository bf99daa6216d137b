//! What the tests share: pictures, and the calls in a line each.

use std::time::Duration;

use bytes::Bytes;
use samspil_kit::identity::demo;
use samspil_phantom::{Metadata, Scene, photograph};
use samspil_proto::{
    common::v1::{ClockChanged, ClockStage, ClockStageReached, ClockState, Coding},
    directory::v1::{Consent, GrantConsentRequest, Presence, PresenceChanged, WithdrawConsentRequest},
    names::{PatientName, PhotoName, VisitName},
    time,
    wound::v1::{wound_service_client::WoundServiceClient, *},
};
use samspil_store::event_log::{self, LoggedEvent};
use samspil_testkit::{As, Refusal, World, refusal, request_id};
use tonic::{Response, Status, Streaming};
use uuid::Uuid;

/// The id of nothing.
pub(crate) const UNKNOWN: &str = "0198f3a0-0000-7000-8000-000000000001";

pub(crate) fn organisation(sor: &str) -> String {
    format!("organisations/{sor}")
}

/// What ought to come soon. A test that waits in vain fails, it does not hang.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), what).await.expect("this ought to have come by now")
}

/// Waits until something holds.
pub(crate) async fn until<F: Future<Output = bool>>(holds: impl Fn() -> F) {
    soon(async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

/// Some random-looking bytes that are the same every time.
pub(crate) fn noise(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(2) + 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    (0..count).map(|_| next()).collect()
}

/// A file on a phone, and what is announced of it.
#[derive(Clone)]
pub(crate) struct Picture {
    pub(crate) announced: Photo,
    pub(crate) bytes: Bytes,
}

impl Picture {
    /// Of a file, with the digest that most phones can make.
    pub(crate) fn of(bytes: impl Into<Bytes>) -> Picture {
        let bytes = bytes.into();
        let announced = Photo {
            photo_id: Uuid::new_v4().to_string(),
            size_bytes: bytes.len() as i64,
            blake3: blake3::hash(&bytes).to_hex().to_string(),
            capture_time: Some(prost_types::Timestamp { seconds: 1_794_988_000, nanos: 0 }),
            ..Photo::default()
        };
        Picture { announced, bytes }
    }

    /// Of a small wound, another for each seed, as a phone makes it: lying on its side, with a place in it.
    pub(crate) fn phantom(seed: u64) -> Picture {
        let scene = Scene { width: 640, height: 480, ..Scene::visit(seed, 0) };
        Picture::of(photograph(&scene, &Metadata::default()).0)
    }

    /// Of noise: a PNG that cannot be made smaller, of about three bytes for each pixel.
    pub(crate) fn png(seed: u64, width: u32, height: u32) -> Picture {
        let pixels = noise(seed, (width * height * 3) as usize);
        let image = image::RgbImage::from_raw(width, height, pixels).unwrap();
        let mut file = std::io::Cursor::new(Vec::new());
        image.write_to(&mut file, image::ImageFormat::Png).unwrap();
        Picture::of(file.into_inner())
    }

    /// Of more than one part.
    pub(crate) fn of_two_parts(seed: u64) -> Picture {
        let picture = Picture::png(seed, 1400, 1200);
        assert!(picture.bytes.len() > (4 << 20) + (512 << 10));
        picture
    }

    pub(crate) fn id(&self) -> String {
        self.announced.photo_id.clone()
    }

    pub(crate) fn name(&self, visit: &str) -> String {
        format!("{visit}/photos/{}", self.announced.photo_id)
    }

    pub(crate) fn len(&self) -> i64 {
        self.bytes.len() as i64
    }
}

pub(crate) fn heel() -> Wound {
    Wound {
        r#type: WoundType::Ts2DiabeticFoot.into(),
        body_site: Some(Coding {
            system: "http://snomed.info/sct".to_owned(),
            code: "84607009".to_owned(),
            display: "heel".to_owned(),
        }),
        laterality: Laterality::Left.into(),
        onset_date: "2026-10-01".to_owned(),
        label: "the outer one".to_owned(),
        ..Wound::default()
    }
}

/// What a nurse saw.
pub(crate) fn findings() -> Findings {
    Findings {
        length_mm: Some(32),
        width_mm: Some(21),
        tissue: vec![
            TissueShare { r#type: TissueType::Granulation.into(), percent: 60 },
            TissueShare { r#type: TissueType::Slough.into(), percent: 40 },
        ],
        exudate_amount: ExudateAmount::Moderate.into(),
        pain: Some(4),
        note: "smells a little".to_owned(),
        ..Findings::default()
    }
}

pub(crate) fn answer() -> Answer {
    Answer {
        diagnosis: Some(Coding {
            system: "http://snomed.info/sct".to_owned(),
            code: "280137006".to_owned(),
            display: "diabetic foot".to_owned(),
        }),
        findings: "clean, granulating".to_owned(),
        plan: vec![PlanLine { text: "offload the heel".to_owned(), due_days: 2 }],
        ..Answer::default()
    }
}

/// A person at a screen.
#[derive(Clone)]
pub(crate) struct By(pub(crate) WoundServiceClient<As>);

/// A person of the demo.
pub(crate) fn by(world: &World, person: &str) -> By {
    By(world.wounds(person))
}

/// A colleague of the nurse.
pub(crate) fn second_nurse(world: &World) -> By {
    let mut caller = world.person("nurse");
    caller.person = "nurse-2".to_owned();
    let token = world.issuer.sign(&caller, chrono::TimeDelta::days(30)).unwrap();
    By(WoundServiceClient::new(world.with_token(token)))
}

pub(crate) type Said<T> = Result<T, Status>;

pub(crate) fn said<T>(response: Said<Response<T>>) -> Said<T> {
    response.map(Response::into_inner)
}

macro_rules! verbs {
    ($($verb:ident = $rpc:ident($request:ident { $($field:ident: $type:ty),* }) -> $answer:ty;)*) => {
        impl By {
            $(pub(crate) async fn $verb(&self, $($field: $type),*) -> Said<$answer> {
                let request = $request { $($field: $field.into(),)* request_id: request_id(), ..$request::default() };
                said(soon(self.0.clone().$rpc(request)).await)
            })*
        }
    };
}

verbs! {
    closes_wound = close_wound(CloseWoundRequest { name: &str, reason: WoundCloseReason }) -> Wound;
    completes = complete_visit(CompleteVisitRequest { name: &str }) -> Visit;
    claims = claim_assessment(ClaimAssessmentRequest { name: &str }) -> Assessment;
    releases = release_assessment(ReleaseAssessmentRequest { name: &str }) -> Assessment;
    asks = ask_for_more(AskForMoreRequest { name: &str, question: &str }) -> Assessment;
    supplies = supply_more(SupplyMoreRequest { name: &str, reply: &str, visit: &str }) -> Assessment;
    answers = answer_assessment(AnswerAssessmentRequest { name: &str, answer: Answer }) -> Assessment;
    amends = amend_answer(AmendAnswerRequest { name: &str, answer: Answer, reason: &str }) -> Assessment;
    acknowledges = acknowledge_flag(AcknowledgeFlagRequest { name: &str, note: &str }) -> Flag;
    closes = close_assessment(CloseAssessmentRequest { name: &str, reason: &str }) -> Assessment;
}

impl By {
    pub(crate) async fn opens(&self, patient: PatientName) -> Said<Wound> {
        let request = OpenWoundRequest { parent: patient.to_string(), wound: Some(heel()), request_id: request_id() };
        said(self.0.clone().open_wound(request).await)
    }

    pub(crate) async fn announces(&self, visit: &str, picture: &Picture) -> Said<Photo> {
        let photo = Some(picture.announced.clone());
        let request = AnnouncePhotoRequest { parent: visit.to_owned(), photo, request_id: request_id() };
        said(self.0.clone().announce_photo(request).await)
    }

    pub(crate) async fn withdraws(&self, photo: &str) -> Said<Photo> {
        let request = WithdrawPhotoRequest {
            name: photo.to_owned(),
            reason: "a finger in front of it".to_owned(),
            request_id: request_id(),
        };
        said(self.0.clone().withdraw_photo(request).await)
    }

    pub(crate) async fn gets_wound(&self, name: &str) -> Said<Wound> {
        said(self.0.clone().get_wound(GetWoundRequest { name: name.to_owned() }).await)
    }

    pub(crate) async fn gets_visit(&self, name: &str) -> Said<Visit> {
        said(self.0.clone().get_visit(GetVisitRequest { name: name.to_owned() }).await)
    }

    pub(crate) async fn gets_photo(&self, name: &str) -> Said<Photo> {
        said(self.0.clone().get_photo(GetPhotoRequest { name: name.to_owned() }).await)
    }

    pub(crate) async fn gets_upload(&self, name: &str) -> Said<Upload> {
        said(self.0.clone().get_upload(GetUploadRequest { name: name.to_owned() }).await)
    }

    pub(crate) async fn gets(&self, name: &str) -> Said<Assessment> {
        said(self.0.clone().get_assessment(GetAssessmentRequest { name: name.to_owned() }).await)
    }

    pub(crate) async fn says(&self, wound: &str, text: &str) -> Said<Message> {
        let request = CreateMessageRequest {
            parent: wound.to_owned(),
            message: Some(Message { text: text.to_owned(), ..Message::default() }),
            request_id: request_id(),
        };
        said(self.0.clone().create_message(request).await)
    }

    /// The part of the queue that is in a state, from the first page.
    pub(crate) async fn queue(&self, state: AssessmentState) -> Said<Vec<Assessment>> {
        let request = ListQueueRequest { state: state.into(), ..ListQueueRequest::default() };
        said(self.0.clone().list_queue(request).await).map(|page| page.assessments)
    }

    /// Records a visit with pictures that are still on the phone.
    pub(crate) async fn visits(&self, wound: &str, pictures: &[&Picture]) -> Said<Visit> {
        said(self.0.clone().create_visit(visit_request(wound, pictures)).await)
    }

    /// Records a visit and brings its pictures home.
    pub(crate) async fn visits_with(&self, wound: &str, pictures: &[&Picture]) -> Visit {
        let visit = self.visits(wound, pictures).await.unwrap();
        for picture in pictures {
            self.uploads(&picture.name(&visit.name), &picture.bytes, 256 << 10).await.unwrap();
        }
        self.completes(&visit.name).await.unwrap()
    }

    /// Asks the hospital about a visit.
    pub(crate) async fn requests(&self, visit: &str) -> Said<Assessment> {
        said(self.0.clone().request_assessment(assessment_request(visit)).await)
    }

    /// Opens an upload and hears where it stands.
    pub(crate) async fn begins(&self, name: &str) -> Said<Sending> {
        let (chunks, requests) = tokio::sync::mpsc::channel(4);
        let start = UploadStart { name: name.to_owned() };
        chunks.send(start_message(start)).await.unwrap();
        let requests = tokio_stream::wrappers::ReceiverStream::new(requests);
        let answers = said(soon(self.0.clone().upload_photo(requests)).await)?;
        Ok(Sending { chunks: Some(chunks), answers })
    }

    /// Uploads from where the upload stands to the end: the receipt's photo and the verdict's.
    pub(crate) async fn uploads(&self, name: &str, bytes: &[u8], chunk: usize) -> Said<(Photo, Option<Photo>)> {
        let mut sending = self.begins(name).await?;
        let mut at = match sending.hears().await? {
            Some(Heard::Progress(at)) => at as usize,
            Some(Heard::Receipt(photo)) => return Ok((photo, sending.verdict().await?)),
            other => panic!("{other:?} is no beginning"),
        };
        while at < bytes.len() {
            let end = bytes.len().min(at + chunk);
            if !sending.sends(at as i64, &bytes[at..end]).await {
                break;
            }
            at = end;
        }
        sending.ends().await
    }

    /// Brings a chunk in a call of its own.
    pub(crate) async fn appends(&self, name: &str, offset: i64, data: &[u8]) -> Said<AppendPhotoResponse> {
        let data = Bytes::copy_from_slice(data);
        let request = AppendPhotoRequest { name: name.to_owned(), offset, data };
        said(soon(self.0.clone().append_photo(request)).await)
    }

    /// Goes on from an offset to the end, a call for each chunk: the stored photo.
    pub(crate) async fn appends_from(&self, name: &str, from: i64, bytes: &[u8], chunk: usize) -> Said<Photo> {
        let mut at = from as usize;
        loop {
            let end = bytes.len().min(at + chunk);
            let answer = self.appends(name, at as i64, &bytes[at..end]).await?;
            assert_eq!(answer.committed_bytes, end as i64, "all that was sent");
            match answer.photo {
                Some(photo) => return Ok(photo),
                None => at = end,
            }
        }
    }

    /// The content type, the size that was told, and the bytes.
    pub(crate) async fn downloads(&self, name: &str, rendition: Rendition) -> Said<(String, i64, Vec<u8>)> {
        let request = DownloadPhotoRequest { name: name.to_owned(), rendition: rendition.into() };
        let mut stream = said(self.0.clone().download_photo(request).await)?;
        let first = soon(stream.message()).await?.expect("at least one message");
        let mut bytes = first.data.to_vec();
        while let Some(next) = soon(stream.message()).await? {
            assert_eq!((next.content_type.as_str(), next.size_bytes), ("", 0), "these are told once");
            bytes.extend(next.data);
        }
        Ok((first.content_type, first.size_bytes, bytes))
    }

    /// Watches one wound, or all of them, and hears the cursor that it begins at.
    pub(crate) async fn watches(&self, name: &str, cursor: &str) -> Said<(Streaming<WoundUpdate>, String)> {
        let request = WatchWoundsRequest { name: name.to_owned(), cursor: cursor.to_owned() };
        let mut stream = said(self.0.clone().watch_wounds(request).await)?;
        let first = soon(stream.message()).await?.expect("a first message");
        assert_eq!((first.r#type.as_str(), &first.resource), ("", &None));
        Ok((stream, first.cursor))
    }
}

pub(crate) fn polygon(corners: &[(f64, f64)]) -> Vec<Point> {
    corners.iter().map(|&(x, y)| Point { x, y }).collect()
}

/// The outline of a square of 100 px.
pub(crate) fn square() -> Vec<Point> {
    polygon(&[(100.0, 100.0), (200.0, 100.0), (200.0, 200.0), (100.0, 200.0)])
}

/// All wounds of the caller's organisation, for [`By::watches`].
pub(crate) const ALL: &str = "patients/-/wounds/-";

pub(crate) fn visit_request(wound: &str, pictures: &[&Picture]) -> CreateVisitRequest {
    let visit = Visit {
        visit_time: Some(prost_types::Timestamp { seconds: 1_794_988_500, nanos: 0 }),
        findings: Some(findings()),
        photos: pictures.iter().map(|picture| picture.announced.clone()).collect(),
        ..Visit::default()
    };
    CreateVisitRequest {
        parent: wound.to_owned(),
        visit_id: Uuid::new_v4().to_string(),
        visit: Some(visit),
        request_id: request_id(),
    }
}

pub(crate) fn assessment_request(visit: &str) -> RequestAssessmentRequest {
    let name: VisitName = visit.parse().unwrap();
    let assessment = Assessment {
        visits: vec![visit.to_owned()],
        question: "is this infected?".to_owned(),
        priority: AssessmentPriority::Routine.into(),
        receiver: organisation(demo::HOSPITAL),
        ..Assessment::default()
    };
    RequestAssessmentRequest {
        parent: format!("patients/{}/wounds/{}", name.patient, name.wound),
        assessment: Some(assessment),
        request_id: request_id(),
    }
}

fn start_message(start: UploadStart) -> UploadPhotoRequest {
    UploadPhotoRequest { message: Some(upload_photo_request::Message::Start(start)) }
}

pub(crate) fn chunk_message(offset: i64, data: &[u8]) -> UploadPhotoRequest {
    let chunk = UploadChunk { offset, data: Bytes::copy_from_slice(data) };
    UploadPhotoRequest { message: Some(upload_photo_request::Message::Chunk(chunk)) }
}

/// An upload in progress, the phone's side.
pub(crate) struct Sending {
    chunks: Option<tokio::sync::mpsc::Sender<UploadPhotoRequest>>,
    answers: Streaming<UploadPhotoResponse>,
}

/// What a phone hears.
#[derive(Debug)]
pub(crate) enum Heard {
    Progress(i64),
    Receipt(Photo),
    Verdict(Photo),
}

impl Sending {
    pub(crate) async fn hears(&mut self) -> Said<Option<Heard>> {
        use upload_photo_response::Message::*;
        let Some(answer) = soon(self.answers.message()).await? else { return Ok(None) };
        Ok(Some(match answer.message.expect("an answer with something in it") {
            Progress(progress) => Heard::Progress(progress.committed_bytes),
            Receipt(receipt) => Heard::Receipt(receipt.photo.unwrap()),
            Verdict(verdict) => Heard::Verdict(verdict.photo.unwrap()),
        }))
    }

    /// The committed offset that the stream opens with.
    pub(crate) async fn stands_at(&mut self) -> i64 {
        match self.hears().await.unwrap() {
            Some(Heard::Progress(at)) => at,
            other => panic!("{other:?} is no offset"),
        }
    }

    /// `false` when the server listens no more.
    pub(crate) async fn sends(&mut self, offset: i64, data: &[u8]) -> bool {
        let chunks = self.chunks.as_ref().expect("an upload that goes on");
        soon(chunks.send(chunk_message(offset, data))).await.is_ok()
    }

    pub(crate) async fn sends_any(&mut self, message: UploadPhotoRequest) -> bool {
        soon(self.chunks.as_ref().expect("an upload that goes on").send(message)).await.is_ok()
    }

    /// Says that nothing more will come.
    pub(crate) fn hangs_up(&mut self) {
        self.chunks = None;
    }

    /// Hears everything to the end: the receipt's photo and the verdict's.
    pub(crate) async fn ends(&mut self) -> Said<(Photo, Option<Photo>)> {
        loop {
            match self.hears().await? {
                Some(Heard::Progress(_)) => {}
                Some(Heard::Receipt(photo)) => return Ok((photo, self.verdict().await?)),
                other => panic!("{other:?} before the receipt"),
            }
        }
    }

    async fn verdict(&mut self) -> Said<Option<Photo>> {
        match self.hears().await? {
            Some(Heard::Verdict(photo)) => {
                assert!(self.hears().await?.is_none(), "nothing comes after the verdict");
                Ok(Some(photo))
            }
            None => Ok(None),
            other => panic!("{other:?} after the receipt"),
        }
    }
}

/// A wound of a citizen who has consented.
pub(crate) async fn wound(world: &World) -> Wound {
    let patient = world.citizen_with_consent().await;
    by(world, "nurse").opens(patient).await.unwrap()
}

/// A wound with one complete visit: their names.
pub(crate) async fn wound_with_visit(world: &World) -> (String, String) {
    let wound = wound(world).await.name;
    let visit = by(world, "nurse").visits_with(&wound, &[]).await.name;
    (wound, visit)
}

/// A question that the hospital has not looked at. `wound` has heard of the consent.
pub(crate) async fn question(world: &World) -> Assessment {
    let (_, visit) = wound_with_visit(world).await;
    let asked = by(world, "nurse").requests(&visit).await.unwrap();
    world.settle().await;
    asked
}

/// A question that the specialist has claimed.
pub(crate) async fn claimed(world: &World) -> Assessment {
    let asked = question(world).await;
    by(world, "specialist").claims(&asked.name).await.unwrap()
}

/// A question that the specialist has answered.
pub(crate) async fn answered(world: &World) -> Assessment {
    let claimed = claimed(world).await;
    by(world, "specialist").answers(&claimed.name, answer()).await.unwrap()
}

pub(crate) fn wound_of(name: &str) -> String {
    name.split('/').take(4).collect::<Vec<_>>().join("/")
}

/// Records a consent that covers some organisations.
pub(crate) async fn consent(world: &World, patient: PatientName, covers: &[&str]) -> Consent {
    let consent = Consent {
        organisations: covers.iter().map(|sor| organisation(sor)).collect(),
        document: "case 26/1234".to_owned(),
        given_time: Some(time::to_wire(world.clock.now())),
        ..Consent::default()
    };
    let request = GrantConsentRequest { parent: patient.to_string(), consent: Some(consent), request_id: request_id() };
    world.directory("nurse").grant_consent(request).await.unwrap().into_inner()
}

/// Withdraws a consent, and waits until everybody knows.
pub(crate) async fn withdraw_consent(world: &World, consent: &Consent) {
    let request = WithdrawConsentRequest { name: consent.name.clone(), etag: String::new(), request_id: request_id() };
    world.directory("nurse").withdraw_consent(request).await.unwrap();
    world.settle().await;
}

/// The log's events of a type, such as `PhotoStored`.
pub(crate) async fn events(world: &World, kind: &str) -> Vec<LoggedEvent> {
    let logged = event_log::read(&world.dbs["wound"], 0, 100_000).await.unwrap();
    let kind = format!("samspil.wound.v1.{kind}");
    logged.into_iter().filter(|event| event.r#type == kind).collect()
}

/// Waits until there are so many events of a type. More than that are too many.
pub(crate) async fn events_come(world: &World, kind: &str, count: usize) -> Vec<LoggedEvent> {
    until(async || events(world, kind).await.len() >= count).await;
    let found = events(world, kind).await;
    assert_eq!(found.len(), count, "{kind}");
    found
}

/// What the audit log of `wound` has of a patient, the oldest first: who, what without its service, outcome.
pub(crate) async fn audited(world: &World, patient: Uuid) -> Vec<(String, String, String)> {
    let mut tx = world.dbs["wound"].read().await.unwrap();
    let mut entries = samspil_store::audit::of_patient(&mut tx, patient, 1000).await.unwrap();
    entries.reverse();
    let method = |action: &str| action.rsplit('/').next().unwrap_or_default().to_owned();
    entries.into_iter().map(|entry| (entry.person, method(&entry.action), entry.outcome)).collect()
}

pub(crate) fn patient_of(name: &str) -> Uuid {
    samspil_proto::names::patient_of(name).unwrap()
}

/// The keys of all objects.
pub(crate) async fn objects(world: &World, prefix: &str) -> Vec<String> {
    world.objects.list(prefix).await.unwrap().into_iter().map(|found| found.key).collect()
}

pub(crate) fn photo_id(name: &str) -> Uuid {
    name.parse::<PhotoName>().unwrap().photo
}

/// A time of the wire as text.
pub(crate) fn at(time: Option<prost_types::Timestamp>) -> String {
    let time = time.and_then(|time| samspil_proto::time::from_wire(&time)).expect("a time");
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(crate) fn warnings(photo: &Photo) -> Vec<&str> {
    photo.quality.as_ref().expect("a verdict").warnings.iter().map(|warning| warning.code.as_str()).collect()
}

/// Passes for a call that was refused for a reason, and gives the refusal.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Said<T>, reason: &str) -> Refusal {
    let refusal = refusal(result);
    assert_eq!(refusal.reason, reason, "{refusal:?}");
    refusal
}

/// Moves the clock on to a time.
pub(crate) fn moves_to(world: &World, to: &str) {
    let to: chrono::DateTime<chrono::Utc> = to.parse().unwrap();
    world.clock.advance(to - world.clock.now());
}

/// Events of a type of any package of the contract.
pub(crate) async fn events_named(world: &World, full_name: &str) -> Vec<LoggedEvent> {
    let logged = event_log::read(&world.dbs["wound"], 0, 100_000).await.unwrap();
    logged.into_iter().filter(|event| event.r#type == full_name).collect()
}

fn decoded<M: prost::Message + Default>(events: Vec<LoggedEvent>) -> Vec<(LoggedEvent, M)> {
    let decode = |event: LoggedEvent| (M::decode(event.data.as_slice()).unwrap(), event);
    events.into_iter().map(decode).map(|(message, event)| (event, message)).collect()
}

/// Every stage that was rung.
pub(crate) async fn stage_events(world: &World) -> Vec<(LoggedEvent, ClockStageReached)> {
    decoded(events_named(world, "samspil.common.v1.ClockStageReached").await)
}

/// Waits until so many stages were rung, and gives them: what, which clock, the stage, when. More than that are too many.
pub(crate) async fn stages_come(world: &World, count: usize) -> Vec<(String, String, ClockStage, String)> {
    until(async || stage_events(world).await.len() >= count).await;
    let rung = stage_events(world).await;
    assert_eq!(rung.len(), count, "{:?}", rung.iter().map(|(event, rung)| (&event.subject, rung)).collect::<Vec<_>>());
    let time = |event: &LoggedEvent| event.time.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    rung.into_iter()
        .map(|(event, rung)| (event.subject.clone(), rung.clock.clone(), rung.stage(), time(&event)))
        .collect()
}

/// Waits until so many clocks were turned by what happened to their patients: what, which clock, its state, why.
pub(crate) async fn changes_come(world: &World, count: usize) -> Vec<(String, String, ClockState, String)> {
    let read = async || decoded::<ClockChanged>(events_named(world, "samspil.common.v1.ClockChanged").await);
    until(async || read().await.len() >= count).await;
    let changes = read().await;
    assert_eq!(changes.len(), count);
    changes.into_iter().map(|(event, c)| (event.subject, c.clock.clone(), c.state(), c.reason.clone())).collect()
}

/// Lets another service tell something in its log, as if it had happened there, and waits until it has had its effect here.
pub(crate) async fn tells<E: prost::Message + prost::Name>(world: &World, service: &str, subject: &str, event: &E) {
    let mut tx = world.dbs[service].begin().await.unwrap();
    let new = samspil_store::outbox::NewEvent {
        id: Uuid::new_v4(),
        r#type: &E::full_name(),
        subject,
        organisations: &[],
        time: world.clock.now(),
        traceparent: "",
        data: event.encode_to_vec(),
    };
    samspil_store::outbox::put(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    world.settle().await;
}

/// Lets `directory` tell where a patient is.
pub(crate) async fn is_now(world: &World, patient: Uuid, previous: Presence, presence: Presence) {
    tells_presence(world, patient, previous, presence, false).await;
}

/// The same, as a correction when it is one.
pub(crate) async fn tells_presence(
    world: &World,
    patient: Uuid,
    previous: Presence,
    presence: Presence,
    correction: bool,
) {
    let event = PresenceChanged {
        presence: presence.into(),
        previous: previous.into(),
        time: Some(time::to_wire(world.clock.now())),
        hospital_event: format!("patients/{patient}/hospitalEvents/{UNKNOWN}"),
        correction,
    };
    tells(world, "directory", &format!("patients/{patient}"), &event).await;
}

impl By {
    /// Flags of a wound, or of all of them, in a state.
    pub(crate) async fn flags(&self, parent: &str, state: FlagState) -> Said<Vec<Flag>> {
        let request =
            ListFlagsRequest { parent: parent.to_owned(), state: state.into(), ..ListFlagsRequest::default() };
        said(self.0.clone().list_flags(request).await).map(|page| page.flags)
    }

    /// Kinds of the flags that stand on a wound, as it tells them itself.
    pub(crate) async fn warned(&self, wound: &str) -> Vec<FlagKind> {
        self.gets_wound(wound).await.unwrap().flags().collect()
    }

    /// Makes a visit now, and completes it.
    pub(crate) async fn sees(&self, world: &World, wound: &str, findings: Findings) -> Visit {
        let mut request = visit_request(wound, &[]);
        let visit = request.visit.as_mut().unwrap();
        visit.visit_time = Some(time::to_wire(world.clock.now()));
        visit.findings = Some(findings);
        let visit = said(self.0.clone().create_visit(request).await).unwrap();
        self.completes(&visit.name).await.unwrap()
    }

    /// Records a score.
    pub(crate) async fn scores(&self, wound: &str, input: score::Input) -> Said<Score> {
        let score = Score { input: Some(input), ..Score::default() };
        let request = CreateScoreRequest { parent: wound.to_owned(), score: Some(score), request_id: request_id() };
        said(self.0.clone().create_score(request).await)
    }

    pub(crate) async fn scored(&self, wound: &str, instrument: &str) -> Said<Vec<Score>> {
        let request = ListScoresRequest {
            parent: wound.to_owned(),
            instrument: instrument.to_owned(),
            ..ListScoresRequest::default()
        };
        said(self.0.clone().list_scores(request).await).map(|page| page.scores)
    }

    /// A tile of a photo: its JPEG.
    pub(crate) async fn looks_at(&self, photo: &str, level: i32, column: i32, row: i32) -> Said<Bytes> {
        let request = GetPhotoTileRequest { name: photo.to_owned(), level, column, row };
        let tile = said(soon(self.0.clone().get_photo_tile(request)).await)?;
        assert_eq!(tile.content_type, "image/jpeg");
        Ok(tile.data)
    }

    /// Draws an outline on a photo.
    pub(crate) async fn draws(
        &self,
        photo: &str,
        points: Vec<Point>,
        calibration: Option<Calibration>,
    ) -> Said<Outline> {
        let outline = Outline { points, calibration, ..Outline::default() };
        let request =
            CreateOutlineRequest { parent: photo.to_owned(), outline: Some(outline), request_id: request_id() };
        said(self.0.clone().create_outline(request).await)
    }

    pub(crate) async fn erases(&self, outline: &str) -> Said<Outline> {
        let request = WithdrawOutlineRequest { name: outline.to_owned(), request_id: request_id() };
        said(self.0.clone().withdraw_outline(request).await)
    }

    /// The outlines that stand on a photo, or on all photos of a wound.
    pub(crate) async fn outlines(&self, parent: &str) -> Said<Vec<Outline>> {
        let request = ListOutlinesRequest { parent: parent.to_owned(), ..ListOutlinesRequest::default() };
        said(self.0.clone().list_outlines(request).await).map(|page| page.outlines)
    }

    pub(crate) async fn healing(&self, wound: &str) -> Said<Healing> {
        said(self.0.clone().get_healing(GetHealingRequest { name: wound.to_owned() }).await)
    }

    /// Changes what is known of a wound.
    pub(crate) async fn updates(&self, name: &str, wound: Wound, mask: &[&str]) -> Said<Wound> {
        let request = UpdateWoundRequest {
            name: name.to_owned(),
            wound: Some(wound),
            update_mask: Some(prost_types::FieldMask { paths: mask.iter().map(|path| (*path).to_owned()).collect() }),
            etag: String::new(),
            request_id: request_id(),
        };
        said(self.0.clone().update_wound(request).await)
    }
}

impl By {
    /// The questions about a wound that nobody has answered or closed.
    pub(crate) async fn open_questions(&self, wound: &str) -> Vec<String> {
        let request = ListAssessmentsRequest { parent: wound.to_owned(), ..ListAssessmentsRequest::default() };
        let listed = said(self.0.clone().list_assessments(request).await).unwrap().assessments;
        let open = listed.into_iter().filter(|question| question.state() < AssessmentState::Answered);
        open.map(|question| question.name).collect()
    }
}
