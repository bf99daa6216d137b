//! The wire: each method checks the message and hands it to its use case. It decides nothing.

use samspil_kit::{Ahead, ahead};
use samspil_proto::wound::v1::{wound_service_server::WoundService, *};
use tonic::{Request, Response, Status, Streaming};

use crate::{
    Wounds, assessment, flag, healing, message, outline, photo, score, suggestion, viewers, visit, watch, wound,
};

#[tonic::async_trait]
impl WoundService for Wounds {
    type UploadPhotoStream = Ahead<UploadPhotoResponse>;
    type DownloadPhotoStream = Ahead<DownloadPhotoResponse>;
    type WatchQueueStream = Ahead<QueueUpdate>;
    type WatchWoundsStream = Ahead<WoundUpdate>;

    async fn open_wound(&self, request: Request<OpenWoundRequest>) -> Result<Response<Wound>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(wound::act::open(&ctx, request).await?))
    }

    async fn get_wound(&self, request: Request<GetWoundRequest>) -> Result<Response<Wound>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(wound::act::get(&ctx, request).await?))
    }

    async fn list_wounds(&self, request: Request<ListWoundsRequest>) -> Result<Response<ListWoundsResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(wound::act::list(&ctx, request).await?))
    }

    async fn close_wound(&self, request: Request<CloseWoundRequest>) -> Result<Response<Wound>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(wound::act::close(&ctx, request).await?))
    }

    async fn create_visit(&self, request: Request<CreateVisitRequest>) -> Result<Response<Visit>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(visit::act::create(&ctx, request).await?))
    }

    async fn get_visit(&self, request: Request<GetVisitRequest>) -> Result<Response<Visit>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(visit::act::get(&ctx, request).await?))
    }

    async fn list_visits(&self, request: Request<ListVisitsRequest>) -> Result<Response<ListVisitsResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(visit::act::list(&ctx, request).await?))
    }

    async fn complete_visit(&self, request: Request<CompleteVisitRequest>) -> Result<Response<Visit>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(visit::act::complete(self, &ctx, request).await?))
    }

    async fn announce_photo(&self, request: Request<AnnouncePhotoRequest>) -> Result<Response<Photo>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(photo::act::announce(&ctx, request).await?))
    }

    async fn withdraw_photo(&self, request: Request<WithdrawPhotoRequest>) -> Result<Response<Photo>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(photo::act::withdraw(&ctx, request).await?))
    }

    async fn get_photo(&self, request: Request<GetPhotoRequest>) -> Result<Response<Photo>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(photo::act::get(&ctx, request).await?))
    }

    async fn get_upload(&self, request: Request<GetUploadRequest>) -> Result<Response<Upload>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(photo::act::get_upload(&ctx, request).await?))
    }

    async fn request_assessment(
        &self,
        request: Request<RequestAssessmentRequest>,
    ) -> Result<Response<Assessment>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::asking::request(&ctx, request).await?))
    }

    async fn get_assessment(&self, request: Request<GetAssessmentRequest>) -> Result<Response<Assessment>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::act::get(&ctx, request).await?))
    }

    async fn list_assessments(
        &self,
        request: Request<ListAssessmentsRequest>,
    ) -> Result<Response<ListAssessmentsResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::act::list(&ctx, request).await?))
    }

    async fn list_queue(&self, request: Request<ListQueueRequest>) -> Result<Response<ListQueueResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::queue::list(&ctx, request).await?))
    }

    async fn claim_assessment(&self, request: Request<ClaimAssessmentRequest>) -> Result<Response<Assessment>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::act::claim(self, &ctx, request).await?))
    }

    async fn release_assessment(
        &self,
        request: Request<ReleaseAssessmentRequest>,
    ) -> Result<Response<Assessment>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::act::release(&ctx, request).await?))
    }

    async fn ask_for_more(&self, request: Request<AskForMoreRequest>) -> Result<Response<Assessment>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::act::ask(&ctx, request).await?))
    }

    async fn ask_second_opinion(
        &self,
        request: Request<AskSecondOpinionRequest>,
    ) -> Result<Response<Assessment>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::asking::second_opinion(&ctx, request).await?))
    }

    async fn supply_more(&self, request: Request<SupplyMoreRequest>) -> Result<Response<Assessment>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::act::supply(&ctx, request).await?))
    }

    async fn answer_assessment(
        &self,
        request: Request<AnswerAssessmentRequest>,
    ) -> Result<Response<Assessment>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::act::answer(self, &ctx, request).await?))
    }

    async fn amend_answer(&self, request: Request<AmendAnswerRequest>) -> Result<Response<Assessment>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::act::amend(self, &ctx, request).await?))
    }

    async fn get_answer_draft(&self, request: Request<GetAnswerDraftRequest>) -> Result<Response<AnswerDraft>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::draft::get(&ctx, request).await?))
    }

    async fn save_answer_draft(
        &self,
        request: Request<SaveAnswerDraftRequest>,
    ) -> Result<Response<AnswerDraft>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::draft::save(&ctx, request).await?))
    }

    async fn delete_answer_draft(
        &self,
        request: Request<DeleteAnswerDraftRequest>,
    ) -> Result<Response<DeleteAnswerDraftResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::draft::delete(&ctx, request).await?))
    }

    async fn close_assessment(&self, request: Request<CloseAssessmentRequest>) -> Result<Response<Assessment>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(assessment::act::close(&ctx, request).await?))
    }

    async fn create_message(&self, request: Request<CreateMessageRequest>) -> Result<Response<Message>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(message::create(&ctx, request).await?))
    }

    async fn list_messages(
        &self,
        request: Request<ListMessagesRequest>,
    ) -> Result<Response<ListMessagesResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(message::list(&ctx, request).await?))
    }

    async fn upload_photo(
        &self,
        request: Request<Streaming<UploadPhotoRequest>>,
    ) -> Result<Response<Self::UploadPhotoStream>, Status> {
        let ctx = self.base.ctx(&request)?;
        Ok(Response::new(photo::upload::upload(self, ctx, request.into_inner()).await?))
    }

    async fn append_photo(
        &self,
        request: Request<AppendPhotoRequest>,
    ) -> Result<Response<AppendPhotoResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(photo::append::append(self, ctx, request).await?))
    }

    async fn download_photo(
        &self,
        request: Request<DownloadPhotoRequest>,
    ) -> Result<Response<Self::DownloadPhotoStream>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(ahead(photo::download::download(self, ctx, request).await?)))
    }

    async fn get_photo_tile(&self, request: Request<GetPhotoTileRequest>) -> Result<Response<PhotoTile>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(photo::tile::get(self, &ctx, request).await?))
    }

    async fn watch_queue(
        &self,
        request: Request<WatchQueueRequest>,
    ) -> Result<Response<Self::WatchQueueStream>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(ahead(watch::queue(ctx, self.shown.clone(), request).await?)))
    }

    async fn watch_wounds(
        &self,
        request: Request<WatchWoundsRequest>,
    ) -> Result<Response<Self::WatchWoundsStream>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(ahead(watch::wounds(ctx, self.shown.clone(), request).await?)))
    }

    async fn update_wound(&self, request: Request<UpdateWoundRequest>) -> Result<Response<Wound>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(wound::update::update(&ctx, request).await?))
    }

    async fn create_score(&self, request: Request<CreateScoreRequest>) -> Result<Response<Score>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(score::act::create(&ctx, request).await?))
    }

    async fn list_scores(&self, request: Request<ListScoresRequest>) -> Result<Response<ListScoresResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(score::act::list(&ctx, request).await?))
    }

    async fn create_outline(&self, request: Request<CreateOutlineRequest>) -> Result<Response<Outline>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(outline::act::create(&ctx, request).await?))
    }

    async fn list_outlines(
        &self,
        request: Request<ListOutlinesRequest>,
    ) -> Result<Response<ListOutlinesResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(outline::act::list(&ctx, request).await?))
    }

    async fn withdraw_outline(&self, request: Request<WithdrawOutlineRequest>) -> Result<Response<Outline>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(outline::act::withdraw(&ctx, request).await?))
    }

    async fn list_suggestions(
        &self,
        request: Request<ListSuggestionsRequest>,
    ) -> Result<Response<ListSuggestionsResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(suggestion::act::list(&ctx, request).await?))
    }

    async fn confirm_suggestion(
        &self,
        request: Request<ConfirmSuggestionRequest>,
    ) -> Result<Response<Outline>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(suggestion::act::confirm(&ctx, request).await?))
    }

    async fn discard_suggestion(
        &self,
        request: Request<DiscardSuggestionRequest>,
    ) -> Result<Response<Suggestion>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(suggestion::act::discard(&ctx, request).await?))
    }

    async fn get_healing(&self, request: Request<GetHealingRequest>) -> Result<Response<Healing>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(healing::get(&ctx, request).await?))
    }

    async fn list_viewers(
        &self,
        request: Request<ListViewersRequest>,
    ) -> Result<Response<ListViewersResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(viewers::list(&ctx, request).await?))
    }

    async fn list_flags(&self, request: Request<ListFlagsRequest>) -> Result<Response<ListFlagsResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(flag::act::list(&ctx, request).await?))
    }

    async fn acknowledge_flag(&self, request: Request<AcknowledgeFlagRequest>) -> Result<Response<Flag>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(flag::act::acknowledge(&ctx, request).await?))
    }
}
