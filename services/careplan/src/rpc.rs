//! The wire: each method hands its request on and decides nothing.

use std::pin::Pin;

use futures::{Stream, StreamExt as _};
use samspil_proto::careplan::v1::{
    AcceptActivityRequest, Activity, AddPartRequest, CancelActivityRequest, CarePlan, CarePlanUpdate,
    CompleteActivityRequest, CreateActivityRequest, DeclineActivityRequest, DiffCarePlanRequest, DiffCarePlanResponse,
    GetActivityRequest, GetCarePlanRequest, GetPartRequest, ListActivitiesRequest, ListActivitiesResponse,
    ListPartVersionsRequest, ListPartVersionsResponse, PartVersion, SkipOccurrenceRequest, UpdateActivityRequest,
    UpdatePartRequest, WatchCarePlanRequest, WithdrawPartRequest, care_plan_service_server::CarePlanService,
};
use tonic::{Request, Response, Status};

use crate::{
    CarePlans,
    activity::{
        act::{self, decide, edit, work},
        read,
    },
    part, plan,
};

#[tonic::async_trait]
impl CarePlanService for CarePlans {
    async fn get_care_plan(&self, request: Request<GetCarePlanRequest>) -> Result<Response<CarePlan>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(plan::read::plan(&ctx, request).await?))
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
        Ok(Response::new(decide::accept(&ctx, request).await?))
    }

    async fn decline_activity(&self, request: Request<DeclineActivityRequest>) -> Result<Response<Activity>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(decide::decline(&ctx, request).await?))
    }

    async fn complete_activity(&self, request: Request<CompleteActivityRequest>) -> Result<Response<Activity>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(work::complete(&ctx, request).await?))
    }

    type WatchCarePlanStream = Pin<Box<dyn Stream<Item = Result<CarePlanUpdate, Status>> + Send>>;

    async fn watch_care_plan(
        &self,
        request: Request<WatchCarePlanRequest>,
    ) -> Result<Response<Self::WatchCarePlanStream>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        let updates = plan::watch::watch(ctx, request).await?;
        Ok(Response::new(Box::pin(updates.map(|update| update.map_err(Status::from)))))
    }

    async fn diff_care_plan(
        &self,
        request: Request<DiffCarePlanRequest>,
    ) -> Result<Response<DiffCarePlanResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(plan::diff::diff(&ctx, request).await?))
    }

    async fn add_part(&self, request: Request<AddPartRequest>) -> Result<Response<PartVersion>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(part::act::add(&ctx, request).await?))
    }

    async fn update_part(&self, request: Request<UpdatePartRequest>) -> Result<Response<PartVersion>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(part::act::update(&ctx, request).await?))
    }

    async fn withdraw_part(&self, request: Request<WithdrawPartRequest>) -> Result<Response<PartVersion>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(part::act::withdraw(&ctx, request).await?))
    }

    async fn get_part(&self, request: Request<GetPartRequest>) -> Result<Response<PartVersion>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(part::read::part(&ctx, request).await?))
    }

    async fn list_part_versions(
        &self,
        request: Request<ListPartVersionsRequest>,
    ) -> Result<Response<ListPartVersionsResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(part::read::versions(&ctx, request).await?))
    }

    async fn update_activity(&self, request: Request<UpdateActivityRequest>) -> Result<Response<Activity>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(edit::update(&ctx, request).await?))
    }

    async fn skip_occurrence(&self, request: Request<SkipOccurrenceRequest>) -> Result<Response<Activity>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(work::skip(&ctx, request).await?))
    }

    async fn cancel_activity(&self, request: Request<CancelActivityRequest>) -> Result<Response<Activity>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(decide::cancel(&ctx, request).await?))
    }

    async fn open_reconciliation(
        &self,
        _request: Request<samspil_proto::careplan::v1::OpenReconciliationRequest>,
    ) -> Result<Response<samspil_proto::careplan::v1::Reconciliation>, Status> {
        Err(Status::unimplemented("OpenReconciliation"))
    }

    async fn get_reconciliation(
        &self,
        _request: Request<samspil_proto::careplan::v1::GetReconciliationRequest>,
    ) -> Result<Response<samspil_proto::careplan::v1::Reconciliation>, Status> {
        Err(Status::unimplemented("GetReconciliation"))
    }

    async fn list_reconciliations(
        &self,
        _request: Request<samspil_proto::careplan::v1::ListReconciliationsRequest>,
    ) -> Result<Response<samspil_proto::careplan::v1::ListReconciliationsResponse>, Status> {
        Err(Status::unimplemented("ListReconciliations"))
    }

    async fn put_medication_list(
        &self,
        _request: Request<samspil_proto::careplan::v1::PutMedicationListRequest>,
    ) -> Result<Response<samspil_proto::careplan::v1::Reconciliation>, Status> {
        Err(Status::unimplemented("PutMedicationList"))
    }

    async fn decide_difference(
        &self,
        _request: Request<samspil_proto::careplan::v1::DecideDifferenceRequest>,
    ) -> Result<Response<samspil_proto::careplan::v1::Reconciliation>, Status> {
        Err(Status::unimplemented("DecideDifference"))
    }

    async fn close_reconciliation(
        &self,
        _request: Request<samspil_proto::careplan::v1::CloseReconciliationRequest>,
    ) -> Result<Response<samspil_proto::careplan::v1::Reconciliation>, Status> {
        Err(Status::unimplemented("CloseReconciliation"))
    }
}
