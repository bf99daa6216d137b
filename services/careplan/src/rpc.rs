//! The wire: each method hands its request on and decides nothing.

use samspil_kit::{Ahead, ahead};
use samspil_proto::careplan::v1::{
    AcceptActivityRequest, Activity, AddPartRequest, CancelActivityRequest, CarePlan, CarePlanUpdate,
    CloseReconciliationRequest, CompleteActivityRequest, CreateActivityRequest, DecideDifferenceRequest,
    DeclineActivityRequest, DiffCarePlanRequest, DiffCarePlanResponse, GetActivityRequest, GetCarePlanRequest,
    GetPartRequest, GetReconciliationRequest, ListActivitiesRequest, ListActivitiesResponse, ListPartVersionsRequest,
    ListPartVersionsResponse, ListReconciliationsRequest, ListReconciliationsResponse, OpenReconciliationRequest,
    PartVersion, PutMedicationListRequest, Reconciliation, SkipOccurrenceRequest, UpdateActivityRequest,
    UpdatePartRequest, WatchCarePlanRequest, WithdrawPartRequest, care_plan_service_server::CarePlanService,
};
use tonic::{Request, Response, Status};

use crate::{
    CarePlans,
    activity::{
        act::{self, decide, edit, work},
        read,
    },
    part, plan, reconciliation,
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

    type WatchCarePlanStream = Ahead<CarePlanUpdate>;

    async fn watch_care_plan(
        &self,
        request: Request<WatchCarePlanRequest>,
    ) -> Result<Response<Self::WatchCarePlanStream>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        let updates = plan::watch::watch(ctx, request).await?;
        Ok(Response::new(ahead(updates)))
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
        request: Request<OpenReconciliationRequest>,
    ) -> Result<Response<Reconciliation>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(reconciliation::act::open(&ctx, request).await?))
    }

    async fn get_reconciliation(
        &self,
        request: Request<GetReconciliationRequest>,
    ) -> Result<Response<Reconciliation>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(reconciliation::read::get(&ctx, request).await?))
    }

    async fn list_reconciliations(
        &self,
        request: Request<ListReconciliationsRequest>,
    ) -> Result<Response<ListReconciliationsResponse>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(reconciliation::read::list(&ctx, request).await?))
    }

    async fn put_medication_list(
        &self,
        request: Request<PutMedicationListRequest>,
    ) -> Result<Response<Reconciliation>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(reconciliation::act::put(&ctx, request).await?))
    }

    async fn decide_difference(
        &self,
        request: Request<DecideDifferenceRequest>,
    ) -> Result<Response<Reconciliation>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(reconciliation::act::decide(&ctx, request).await?))
    }

    async fn close_reconciliation(
        &self,
        request: Request<CloseReconciliationRequest>,
    ) -> Result<Response<Reconciliation>, Status> {
        let (ctx, request) = self.base.enter(request)?;
        Ok(Response::new(reconciliation::act::close(&ctx, request).await?))
    }
}
