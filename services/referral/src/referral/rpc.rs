//! The wire and the model. Decides nothing.

use std::pin::Pin;

use futures::{Stream, TryStreamExt as _};
use samspil_proto::{
    referral::v1::{self as pb, referral_service_server::ReferralService},
    time,
};
use tonic::{Request, Response, Status};

use super::{Referral, act, read};
use crate::Referrals;

impl From<Referral> for pb::Referral {
    fn from(referral: Referral) -> pb::Referral {
        pb::Referral {
            name: referral.name.to_string(),
            state: referral.state.into(),
            etag: referral.etag(),
            sender: format!("organisations/{}", referral.sender),
            receiver: format!("organisations/{}", referral.receiver),
            history: referral.history,
            create_time: Some(time::to_wire(referral.create_time)),
            update_time: Some(time::to_wire(referral.update_time)),
            ..referral.asked
        }
    }
}

#[tonic::async_trait]
impl ReferralService for Referrals {
    type WatchReferralsStream = Pin<Box<dyn Stream<Item = Result<pb::ReferralUpdate, Status>> + Send>>;

    async fn create_referral(
        &self,
        request: Request<pb::CreateReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::create(&ctx, request).await?))
    }

    async fn send_referral(&self, request: Request<pb::SendReferralRequest>) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::send(&ctx, request).await?))
    }

    async fn withdraw_referral(
        &self,
        request: Request<pb::WithdrawReferralRequest>,
    ) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::withdraw(&ctx, request).await?))
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

    async fn get_referral(&self, request: Request<pb::GetReferralRequest>) -> Result<Response<pb::Referral>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(read::get(&ctx, request).await?))
    }

    async fn list_referrals(
        &self,
        request: Request<pb::ListReferralsRequest>,
    ) -> Result<Response<pb::ListReferralsResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(read::list(&ctx, request).await?))
    }

    async fn watch_referrals(
        &self,
        request: Request<pb::WatchReferralsRequest>,
    ) -> Result<Response<Self::WatchReferralsStream>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        let updates = read::watch(ctx, request).await?;
        Ok(Response::new(Box::pin(updates.map_err(Status::from))))
    }
}
