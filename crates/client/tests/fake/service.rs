//! The fake's RPCs.

use std::pin::Pin;

use futures::stream::{BoxStream, Empty, StreamExt as _};
use samspil_proto::wound::v1::{
    self as pb, Assessment, Photo, PhotoState, UploadPhotoRequest, UploadPhotoResponse, Visit,
    upload_photo_request as message, upload_photo_response as answer, wound_service_server::WoundService,
};
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Code, Request, Response, Status, Streaming};

use super::{Fake, state::refusal};

type Answers = Sender<Result<UploadPhotoResponse, Status>>;

macro_rules! changes {
    ($($method:ident: $request:ident => $response:ty = $effect:expr;)*) => {$(
        fn $method<'s, 'async_trait>(&'s self, request: Request<pb::$request>) -> Answer<'async_trait, $response>
        where 's: 'async_trait, Self: 'async_trait {
            Box::pin(async move {
                self.tick(stringify!($method));
                let request = request.into_inner();
                let answer = {
                    let mut state = self.state();
                    state.fail(stringify!($method))?;
                    let effect: fn(&mut super::State, &pb::$request) -> Result<$response, Status> = $effect;
                    state.once(&request.request_id, &request, |state| effect(state, &request))
                };
                self.tick(concat!(stringify!($method), " done"));
                answer.map(Response::new)
            })
        }
    )*};
}

macro_rules! unused {
    ($($method:ident: $request:ident => $response:ty;)*) => {$(
        fn $method<'s, 'async_trait>(&'s self, _: Request<pb::$request>) -> Answer<'async_trait, $response>
        where 's: 'async_trait, Self: 'async_trait {
            Box::pin(async { Err(Status::unimplemented("not in this fake")) })
        }
    )*};
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<Response<T>, Status>> + Send + 'a>>;

#[tonic::async_trait]
impl WoundService for Fake {
    type UploadPhotoStream = BoxStream<'static, Result<UploadPhotoResponse, Status>>;
    type DownloadPhotoStream = Empty<Result<pb::DownloadPhotoResponse, Status>>;
    type WatchQueueStream = Empty<Result<pb::QueueUpdate, Status>>;
    type WatchWoundsStream = Empty<Result<pb::WoundUpdate, Status>>;

    changes! {
        create_visit: CreateVisitRequest => Visit = |state, request| {
            let name = format!("{}/visits/{}", request.parent, request.visit_id);
            let mut visit = request.visit.clone().unwrap();
            visit.name.clone_from(&name);
            let before: Vec<String> = state.photos.keys().cloned().collect();
            for photo in &visit.photos {
                if let Err(refused) = state.announce(&name, photo) {
                    state.photos.retain(|name, _| before.contains(name));
                    return Err(refused);
                }
            }
            match state.visits.insert(name, visit.clone()) {
                None => Ok(visit),
                Some(_) => panic!("one visit, recorded by two requests"),
            }
        };
        announce_photo: AnnouncePhotoRequest => Photo = |state, request| {
            state.announce(&request.parent, request.photo.as_ref().unwrap())
        };
        withdraw_photo: WithdrawPhotoRequest => Photo = |state, request| {
            let photo = &mut state.photos.get_mut(&request.name).unwrap().photo;
            if photo.state() == PhotoState::Stored {
                return Err(refusal(Code::FailedPrecondition, "PHOTO_STORED", None));
            }
            photo.state = PhotoState::Withdrawn.into();
            Ok(photo.clone())
        };
        complete_visit: CompleteVisitRequest => Visit = |state, request| state.complete(&request.name);
        request_assessment: RequestAssessmentRequest => Assessment = |state, request| {
            let mut assessment = request.assessment.clone().unwrap();
            assessment.name = format!("{}/assessments/{}", request.parent, request.request_id);
            state.assessments.push(assessment.clone());
            Ok(assessment)
        };
    }

    async fn get_photo(&self, request: Request<pb::GetPhotoRequest>) -> Result<Response<Photo>, Status> {
        self.state().carried.push(request.metadata().clone());
        if self.state().silent {
            std::future::pending::<()>().await;
        }
        let mut state = self.state();
        state.fail("get_photo")?;
        if state.no_verdict && state.photos[&request.get_ref().name].photo.state() == PhotoState::Stored {
            state.judge(&request.get_ref().name);
        }
        let kept = state.photos.get(&request.get_ref().name).ok_or_else(|| Status::not_found("no such photo"))?;
        Ok(Response::new(kept.photo.clone()))
    }

    async fn get_upload(&self, request: Request<pb::GetUploadRequest>) -> Result<Response<pb::Upload>, Status> {
        self.tick("get_upload");
        let mut state = self.state();
        state.fail("get_upload")?;
        let name = request.into_inner().name;
        let kept = state.photos.get(&name).ok_or_else(|| Status::not_found("no such photo"))?;
        let (state, committed_bytes) = (kept.photo.state, kept.bytes.len() as i64);
        Ok(Response::new(pb::Upload { name, state, committed_bytes, size_bytes: kept.photo.size_bytes }))
    }

    async fn upload_photo(
        &self,
        request: Request<Streaming<UploadPhotoRequest>>,
    ) -> Result<Response<Self::UploadPhotoStream>, Status> {
        self.tick("upload_photo");
        self.state().fail("upload_photo")?;
        let (answers, stream) = channel(4);
        let fake = self.clone();
        tokio::spawn(async move {
            if let Err(status) = fake.receive(request.into_inner(), &answers).await {
                let _ = answers.send(Err(status)).await;
            }
        });
        Ok(Response::new(ReceiverStream::new(stream).boxed()))
    }

    unused! {
        append_photo: AppendPhotoRequest => pb::AppendPhotoResponse;
        get_photo_tile: GetPhotoTileRequest => pb::PhotoTile;
        create_outline: CreateOutlineRequest => pb::Outline;
        list_outlines: ListOutlinesRequest => pb::ListOutlinesResponse;
        withdraw_outline: WithdrawOutlineRequest => pb::Outline;
        list_suggestions: pb::ListSuggestionsRequest => pb::ListSuggestionsResponse;
        confirm_suggestion: pb::ConfirmSuggestionRequest => pb::Outline;
        discard_suggestion: pb::DiscardSuggestionRequest => pb::Suggestion;
        get_answer_draft: GetAnswerDraftRequest => pb::AnswerDraft;
        save_answer_draft: SaveAnswerDraftRequest => pb::AnswerDraft;
        delete_answer_draft: DeleteAnswerDraftRequest => pb::DeleteAnswerDraftResponse;
        ask_second_opinion: AskSecondOpinionRequest => Assessment;
        list_viewers: ListViewersRequest => pb::ListViewersResponse;
        open_wound: OpenWoundRequest => pb::Wound;
        get_wound: GetWoundRequest => pb::Wound;
        list_wounds: ListWoundsRequest => pb::ListWoundsResponse;
        update_wound: UpdateWoundRequest => pb::Wound;
        close_wound: CloseWoundRequest => pb::Wound;
        create_score: CreateScoreRequest => pb::Score;
        list_scores: ListScoresRequest => pb::ListScoresResponse;
        get_healing: GetHealingRequest => pb::Healing;
        list_flags: ListFlagsRequest => pb::ListFlagsResponse;
        acknowledge_flag: AcknowledgeFlagRequest => pb::Flag;
        get_visit: GetVisitRequest => Visit;
        list_visits: ListVisitsRequest => pb::ListVisitsResponse;
        download_photo: DownloadPhotoRequest => Self::DownloadPhotoStream;
        get_assessment: GetAssessmentRequest => Assessment;
        list_assessments: ListAssessmentsRequest => pb::ListAssessmentsResponse;
        list_queue: ListQueueRequest => pb::ListQueueResponse;
        watch_queue: WatchQueueRequest => Self::WatchQueueStream;
        claim_assessment: ClaimAssessmentRequest => Assessment;
        release_assessment: ReleaseAssessmentRequest => Assessment;
        ask_for_more: AskForMoreRequest => Assessment;
        supply_more: SupplyMoreRequest => Assessment;
        answer_assessment: AnswerAssessmentRequest => Assessment;
        amend_answer: AmendAnswerRequest => Assessment;
        close_assessment: CloseAssessmentRequest => Assessment;
        create_message: CreateMessageRequest => pb::Message;
        list_messages: ListMessagesRequest => pb::ListMessagesResponse;
        watch_wounds: WatchWoundsRequest => Self::WatchWoundsStream;
    }
}

impl Fake {
    async fn receive(&self, mut requests: Streaming<UploadPhotoRequest>, answers: &Answers) -> Result<(), Status> {
        let say = async |message| {
            let _ = answers.send(Ok(UploadPhotoResponse { message: Some(message) })).await;
        };
        let Some(message::Message::Start(start)) = requests.message().await?.and_then(|first| first.message) else {
            return Err(Status::invalid_argument("no start"));
        };
        let name = start.name;
        let progress =
            |committed: usize| answer::Message::Progress(pb::UploadProgress { committed_bytes: committed as i64 });
        let (mut committed, size, state, breaks) = {
            let mut state = self.state();
            let breaks = state.breaks.pop_front();
            let kept = state.photos.get(&name).ok_or_else(|| Status::not_found("no such photo"))?;
            (kept.bytes.len(), kept.photo.size_bytes as usize, kept.photo.state(), breaks)
        };
        if state == PhotoState::Refused {
            return Err(refusal(Code::FailedPrecondition, "PHOTO_REFUSED", None));
        }
        say(progress(committed)).await;
        let mut left = breaks;
        while committed < size {
            let Some(message::Message::Chunk(chunk)) = requests.message().await?.and_then(|next| next.message) else {
                return Err(Status::invalid_argument("too few bytes"));
            };
            assert_eq!(chunk.offset as usize, committed, "a gap");
            assert!((1..=256 * 1024).contains(&chunk.data.len()));
            let kept = left.map_or(chunk.data.len(), |left| left.min(chunk.data.len()));
            {
                let mut state = self.state();
                let bytes = &mut state.photos.get_mut(&name).unwrap().bytes;
                if bytes.len() != committed {
                    return Err(refusal(Code::Aborted, "UPLOAD_CONTINUED_ELSEWHERE", None));
                }
                bytes.extend_from_slice(&chunk.data[..kept]);
            }
            committed += kept;
            self.tick("chunk");
            if let Some(left) = &mut left {
                *left -= kept;
                if *left == 0 {
                    return Err(Status::unavailable("told to break"));
                }
            }
            say(progress(committed)).await;
        }
        let stored = self.state().settle(&name)?;
        self.tick("stored");
        say(answer::Message::Receipt(pb::UploadReceipt { photo: Some(stored) })).await;
        if self.state().no_verdict {
            return Err(Status::unavailable("told to break before the verdict"));
        }
        let judged = self.state().judge(&name);
        say(answer::Message::Verdict(pb::UploadVerdict { photo: Some(judged) })).await;
        Ok(())
    }
}
