//! The wire: each method checks the message and hands it to its use case. It decides nothing.

use samspil_kit::{Ahead, ahead};
use samspil_proto::referral::v1::{self as pb, referral_service_server::ReferralService};
use tonic::{Request, Response, Status, Streaming};

use super::{act, list, read, watch};
use crate::{Referrals, attachment};

#[tonic::async_trait]
impl ReferralService for Referrals {
    type WatchReferralsStream = Ahead<pb::ReferralUpdate>;
    type UploadAttachmentStream = Ahead<pb::UploadAttachmentResponse>;
    type DownloadAttachmentStream = Ahead<pb::DownloadAttachmentResponse>;

    async fn create_referral(
        &self,
        request: Request<pb::CreateReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::create(&ctx, request).await?))
    }

    async fn amend_referral(
        &self,
        request: Request<pb::AmendReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::amend(&ctx, request).await?))
    }

    async fn send_referral(&self, request: Request<pb::SendReferralRequest>) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::send(&ctx, request).await?))
    }

    async fn approve_referral(
        &self,
        request: Request<pb::ApproveReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::approve(&ctx, request).await?))
    }

    async fn decline_referral(
        &self,
        request: Request<pb::DeclineReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::decline(&ctx, request).await?))
    }

    async fn withdraw_referral(
        &self,
        request: Request<pb::WithdrawReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::withdraw(&ctx, request).await?))
    }

    async fn replace_referral(
        &self,
        request: Request<pb::ReplaceReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::replace(&ctx, request).await?))
    }

    async fn hold_referral(&self, request: Request<pb::HoldReferralRequest>) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::put_on_hold(&ctx, request).await?))
    }

    async fn resume_referral(
        &self,
        request: Request<pb::ResumeReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::resume(&ctx, request).await?))
    }

    async fn receive_referral(
        &self,
        request: Request<pb::ReceiveReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::receive(&ctx, request).await?))
    }

    async fn accept_referral(
        &self,
        request: Request<pb::AcceptReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::accept(&ctx, request).await?))
    }

    async fn reject_referral(
        &self,
        request: Request<pb::RejectReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::reject(&ctx, request).await?))
    }

    async fn forward_referral(
        &self,
        request: Request<pb::ForwardReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::forward(&ctx, request).await?))
    }

    async fn change_referral_priority(
        &self,
        request: Request<pb::ChangeReferralPriorityRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::change_priority(&ctx, request).await?))
    }

    async fn ask_supplement(
        &self,
        request: Request<pb::AskSupplementRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::ask_supplement(&ctx, request).await?))
    }

    async fn answer_supplement(
        &self,
        request: Request<pb::AnswerSupplementRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::answer_supplement(&ctx, request).await?))
    }

    async fn book_referral(&self, request: Request<pb::BookReferralRequest>) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::book(&ctx, request).await?))
    }

    async fn cancel_booking(
        &self,
        request: Request<pb::CancelBookingRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::cancel_booking(&ctx, request).await?))
    }

    async fn complete_referral(
        &self,
        request: Request<pb::CompleteReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::complete(&ctx, request).await?))
    }

    async fn get_referral(&self, request: Request<pb::GetReferralRequest>) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(read::get(&ctx, request).await?))
    }

    async fn list_referrals(
        &self,
        request: Request<pb::ListReferralsRequest>,
    ) -> Result<Response<pb::ListReferralsResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(list::list(&ctx, request).await?))
    }

    async fn create_attachment(
        &self,
        request: Request<pb::CreateAttachmentRequest>,
    ) -> Result<Response<pb::Attachment>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(attachment::act::create(&ctx, request).await?))
    }

    async fn get_attachment_upload(
        &self,
        request: Request<pb::GetAttachmentUploadRequest>,
    ) -> Result<Response<pb::AttachmentUpload>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(attachment::act::get_upload(&ctx, request).await?))
    }

    async fn watch_referrals(
        &self,
        request: Request<pb::WatchReferralsRequest>,
    ) -> Result<Response<Self::WatchReferralsStream>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        let updates = watch::watch(ctx, request).await?;
        Ok(Response::new(ahead(updates)))
    }

    async fn upload_attachment(
        &self,
        request: Request<Streaming<pb::UploadAttachmentRequest>>,
    ) -> Result<Response<Self::UploadAttachmentStream>, Status> {
        let ctx = self.base.ctx(&request)?;
        Ok(Response::new(attachment::upload::upload(self, ctx, request.into_inner()).await?))
    }

    async fn download_attachment(
        &self,
        request: Request<pb::DownloadAttachmentRequest>,
    ) -> Result<Response<Self::DownloadAttachmentStream>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(ahead(attachment::download::download(self, ctx, request).await?)))
    }
}
