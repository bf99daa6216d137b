//! Placeholder until the state machine is in.
use std::pin::Pin;

use futures::Stream;
use samspil_proto::referral::v1::{self as pb, referral_service_server::ReferralService};
use tonic::{Request, Response, Status};

use crate::Referrals;

type Out<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl ReferralService for Referrals {
    type WatchReferralsStream = Out<pb::ReferralUpdate>;
    type UploadAttachmentStream = Out<pb::UploadAttachmentResponse>;
    type DownloadAttachmentStream = Out<pb::DownloadAttachmentResponse>;

    async fn create_referral(
        &self,
        _request: Request<pb::CreateReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("CreateReferral"))
    }

    async fn amend_referral(
        &self,
        _request: Request<pb::AmendReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("AmendReferral"))
    }

    async fn send_referral(
        &self,
        _request: Request<pb::SendReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("SendReferral"))
    }

    async fn approve_referral(
        &self,
        _request: Request<pb::ApproveReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("ApproveReferral"))
    }

    async fn decline_referral(
        &self,
        _request: Request<pb::DeclineReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("DeclineReferral"))
    }

    async fn withdraw_referral(
        &self,
        _request: Request<pb::WithdrawReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("WithdrawReferral"))
    }

    async fn replace_referral(
        &self,
        _request: Request<pb::ReplaceReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("ReplaceReferral"))
    }

    async fn hold_referral(
        &self,
        _request: Request<pb::HoldReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("HoldReferral"))
    }

    async fn resume_referral(
        &self,
        _request: Request<pb::ResumeReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("ResumeReferral"))
    }

    async fn receive_referral(
        &self,
        _request: Request<pb::ReceiveReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("ReceiveReferral"))
    }

    async fn accept_referral(
        &self,
        _request: Request<pb::AcceptReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("AcceptReferral"))
    }

    async fn reject_referral(
        &self,
        _request: Request<pb::RejectReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("RejectReferral"))
    }

    async fn forward_referral(
        &self,
        _request: Request<pb::ForwardReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("ForwardReferral"))
    }

    async fn change_referral_priority(
        &self,
        _request: Request<pb::ChangeReferralPriorityRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("ChangeReferralPriority"))
    }

    async fn ask_supplement(
        &self,
        _request: Request<pb::AskSupplementRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("AskSupplement"))
    }

    async fn answer_supplement(
        &self,
        _request: Request<pb::AnswerSupplementRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("AnswerSupplement"))
    }

    async fn book_referral(
        &self,
        _request: Request<pb::BookReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("BookReferral"))
    }

    async fn cancel_booking(
        &self,
        _request: Request<pb::CancelBookingRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("CancelBooking"))
    }

    async fn complete_referral(
        &self,
        _request: Request<pb::CompleteReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("CompleteReferral"))
    }

    async fn get_referral(&self, _request: Request<pb::GetReferralRequest>) -> Result<Response<pb::Referral>, Status> {
        Err(Status::unimplemented("GetReferral"))
    }

    async fn list_referrals(
        &self,
        _request: Request<pb::ListReferralsRequest>,
    ) -> Result<Response<pb::ListReferralsResponse>, Status> {
        Err(Status::unimplemented("ListReferrals"))
    }

    async fn watch_referrals(
        &self,
        _request: Request<pb::WatchReferralsRequest>,
    ) -> Result<Response<Self::WatchReferralsStream>, Status> {
        Err(Status::unimplemented("WatchReferrals"))
    }

    async fn create_attachment(
        &self,
        _request: Request<pb::CreateAttachmentRequest>,
    ) -> Result<Response<pb::Attachment>, Status> {
        Err(Status::unimplemented("CreateAttachment"))
    }

    async fn get_attachment_upload(
        &self,
        _request: Request<pb::GetAttachmentUploadRequest>,
    ) -> Result<Response<pb::AttachmentUpload>, Status> {
        Err(Status::unimplemented("GetAttachmentUpload"))
    }

    async fn upload_attachment(
        &self,
        _request: Request<tonic::Streaming<pb::UploadAttachmentRequest>>,
    ) -> Result<Response<Self::UploadAttachmentStream>, Status> {
        Err(Status::unimplemented("UploadAttachment"))
    }

    async fn download_attachment(
        &self,
        _request: Request<pb::DownloadAttachmentRequest>,
    ) -> Result<Response<Self::DownloadAttachmentStream>, Status> {
        Err(Status::unimplemented("DownloadAttachment"))
    }
}
