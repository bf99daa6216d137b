//! The wire: each method hands its request on and decides nothing.

use std::pin::Pin;

use futures::{Stream, StreamExt as _};
use samspil_proto::careplan::v1::{
    AcceptActivityRequest, Activity, CarePlan, CarePlanUpdate, CompleteActivityRequest, CreateActivityRequest,
    DeclineActivityRequest, GetActivityRequest, GetCarePlanRequest, ListActivitiesRequest, ListActivitiesResponse,
    WatchCarePlanRequest, care_plan_service_server::CarePlanService,
};
use tonic::{Request, Response, Status};

use super::{act, read, watch};
use crate::CarePlans;

#[tonic::async_trait]
impl CarePlanService for CarePlans {
    async fn get_care_plan(&self, request: Request<GetCarePlanRequest>) -> Result<Response<CarePlan>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(read::plan(&ctx, request).await?))
    }

    async fn create_activity(&self, request: Request<CreateActivityRequest>) -> Result<Response<Activity>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::create(&ctx, request).await?))
    }

    async fn get_activity(&self, request: Request<GetActivityRequest>) -> Result<Response<Activity>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(read::activity(&ctx, request).await?))
    }

    async fn list_activities(
        &self,
        request: Request<ListActivitiesRequest>,
    ) -> Result<Response<ListActivitiesResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(read::list(&ctx, request).await?))
    }

    async fn accept_activity(&self, request: Request<AcceptActivityRequest>) -> Result<Response<Activity>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::accept(&ctx, request).await?))
    }

    async fn decline_activity(&self, request: Request<DeclineActivityRequest>) -> Result<Response<Activity>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::decline(&ctx, request).await?))
    }

    async fn complete_activity(&self, request: Request<CompleteActivityRequest>) -> Result<Response<Activity>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(act::complete(&ctx, request).await?))
    }

    type WatchCarePlanStream = Pin<Box<dyn Stream<Item = Result<CarePlanUpdate, Status>> + Send>>;

    async fn watch_care_plan(
        &self,
        request: Request<WatchCarePlanRequest>,
    ) -> Result<Response<Self::WatchCarePlanStream>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        let updates = watch::watch(ctx, request).await?;
        Ok(Response::new(Box::pin(updates.map(|update| update.map_err(Status::from)))))
    }
}
