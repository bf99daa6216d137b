//! The contract's methods, each handed to what it is about.

use std::str::FromStr;

use samspil_kit::Error;
use samspil_proto::{
    directory::v1::{
        AccessCheck, AddPersonNumberRequest, BatchGetCitizensRequest, BatchGetCitizensResponse, Block,
        BreakGlassRequest, CancelHospitalEventRequest, CheckRelationRequest, CheckRelationResponse, Citizen, Consent,
        CreateBlockRequest, EmergencyAccess, EndBreakGlassRequest, ExplainAccessRequest, ExplainAccessResponse,
        FindCitizenRequest, GetCitizenRequest, GetOrganisationRequest, GrantConsentRequest, HospitalEvent,
        LiftBlockRequest, ListAccessChecksRequest, ListAccessChecksResponse, ListBlocksRequest, ListBlocksResponse,
        ListConsentsRequest, ListConsentsResponse, ListHospitalEventsRequest, ListHospitalEventsResponse,
        ListOrganisationsRequest, ListOrganisationsResponse, Organisation, PutOrganisationRequest,
        RecordHospitalEventRequest, RegisterCitizenRequest, SettleAccessCheckRequest, WithdrawConsentRequest,
        directory_service_server::DirectoryService,
    },
    names::NotAName,
};
use tonic::{Request, Response, Status};

use crate::{Directory, block, check, citizen, consent, emergency, hospital, organisation, relation};

/// Each method: what it takes, what it gives, and who does it.
macro_rules! methods {
    ($($name:ident($request:ty) -> $answer:ty = $act:path;)*) => {
        #[tonic::async_trait]
        impl DirectoryService for Directory {
            $(async fn $name(&self, request: Request<$request>) -> Result<Response<$answer>, Status> {
                let (ctx, request) = self.base.enter(request)?;
                Ok(Response::new($act(&ctx, request).await?))
            })*
        }
    };
}

methods! {
    put_organisation(PutOrganisationRequest) -> Organisation = organisation::act::put;
    get_organisation(GetOrganisationRequest) -> Organisation = organisation::act::get;
    list_organisations(ListOrganisationsRequest) -> ListOrganisationsResponse = organisation::act::list;
    register_citizen(RegisterCitizenRequest) -> Citizen = citizen::act::register;
    find_citizen(FindCitizenRequest) -> Citizen = citizen::act::find;
    get_citizen(GetCitizenRequest) -> Citizen = citizen::act::get;
    batch_get_citizens(BatchGetCitizensRequest) -> BatchGetCitizensResponse = citizen::act::batch_get;
    add_person_number(AddPersonNumberRequest) -> Citizen = citizen::act::add_number;
    grant_consent(GrantConsentRequest) -> Consent = consent::act::grant;
    withdraw_consent(WithdrawConsentRequest) -> Consent = consent::act::withdraw;
    list_consents(ListConsentsRequest) -> ListConsentsResponse = consent::act::list;
    record_hospital_event(RecordHospitalEventRequest) -> HospitalEvent = hospital::act::record;
    cancel_hospital_event(CancelHospitalEventRequest) -> HospitalEvent = hospital::act::cancel;
    list_hospital_events(ListHospitalEventsRequest) -> ListHospitalEventsResponse = hospital::act::list;
    check_relation(CheckRelationRequest) -> CheckRelationResponse = relation::act::check;
    create_block(CreateBlockRequest) -> Block = block::act::create;
    lift_block(LiftBlockRequest) -> Block = block::act::lift;
    list_blocks(ListBlocksRequest) -> ListBlocksResponse = block::act::list;
    break_glass(BreakGlassRequest) -> EmergencyAccess = emergency::act::break_glass;
    end_break_glass(EndBreakGlassRequest) -> EmergencyAccess = emergency::act::end;
    list_access_checks(ListAccessChecksRequest) -> ListAccessChecksResponse = check::act::list;
    settle_access_check(SettleAccessCheckRequest) -> AccessCheck = check::act::settle;
    explain_access(ExplainAccessRequest) -> ExplainAccessResponse = relation::explain::explain;
}

/// A resource's name in a field of the request.
pub(crate) fn named<N: FromStr<Err = NotAName>>(field: &str, text: &str) -> Result<N, Error> {
    text.parse().map_err(|error: NotAName| Error::invalid(field, "name", error.to_string()))
}
