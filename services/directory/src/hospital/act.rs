//! Placeholder.
use samspil_kit::{Ctx, Error};
use samspil_proto::directory::v1 as pb;

pub(crate) async fn record(_ctx: &Ctx, _request: pb::RecordHospitalEventRequest) -> Result<pb::HospitalEvent, Error> {
    Err(Error::internal("not yet"))
}
pub(crate) async fn cancel(_ctx: &Ctx, _request: pb::CancelHospitalEventRequest) -> Result<pb::HospitalEvent, Error> {
    Err(Error::internal("not yet"))
}
pub(crate) async fn list(
    _ctx: &Ctx,
    _request: pb::ListHospitalEventsRequest,
) -> Result<pb::ListHospitalEventsResponse, Error> {
    Err(Error::internal("not yet"))
}
