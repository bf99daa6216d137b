//! What can be done with a wound.

use prost::Message as _;
use samspil_kit::{
    Ctx, Error, once,
    paging::{Page, Position},
};
use samspil_proto::{
    names::{PatientName, WoundName},
    wound::v1 as pb,
};

use super::{Wound, sql};
use crate::{
    Reason, access,
    assessment::{self, is_second_opinion},
    flag,
};

pub(crate) async fn open(ctx: &Ctx, request: pb::OpenWoundRequest) -> Result<pb::Wound, Error> {
    let patient: PatientName = request.parent.parse()?;
    access::patient(ctx, patient.patient).await?;
    let mut tx = once!(ctx, request);
    let asked = request.wound.unwrap_or_default();
    let now = ctx.now();
    check_date(&asked.onset_date)?;
    let wound = Wound {
        wound_id: ctx.id(),
        patient_id: patient.patient,
        state: pb::WoundState::Open as i32,
        r#type: asked.r#type,
        body_site: asked.body_site.unwrap_or_default().encode_to_vec(),
        laterality: asked.laterality,
        onset_date: asked.onset_date,
        label: asked.label,
        owner: ctx.caller.organisation.clone(),
        participants: ctx.caller.organisation.clone(),
        referral: String::new(),
        opened_for: String::new(),
        next_photo_due: None,
        clock: None,
        alarm_time: None,
        flags: None,
        close_reason: 0,
        opened_by: ctx.actor().encode_to_vec(),
        create_time: now,
        update_time: now,
        version: 1,
    };
    if !sql::insert(&mut tx, &wound).await? {
        return Err(Error::internal("a wound with the id of another"));
    }
    let name = wound.name().to_string();
    let event =
        pb::WoundOpened { owner: ctx.caller.organisation_name(), r#type: wound.r#type, referral: String::new() };
    tx.event(&name, &wound.organisations(), &event).await?;
    flag::watch::of_presence(ctx, &mut tx, &wound).await?;
    let wound = sql::by_id(&mut tx, wound.wound_id).await?;
    tx.commit(Some(wound.patient_id), &name, wound.to_wire(now)?).await
}

/// Passes for a day that exists, or none.
pub(super) fn check_date(text: &str) -> Result<(), Error> {
    if text.is_empty() || text.parse::<chrono::NaiveDate>().is_ok() {
        return Ok(());
    }
    Err(Error::invalid("wound.onset_date", "date", "must be a day that exists, as YYYY-MM-DD"))
}

pub(crate) async fn get(ctx: &Ctx, request: pb::GetWoundRequest) -> Result<pb::Wound, Error> {
    let name: WoundName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let wound = access::wound(ctx, &mut ctx.read().await?, name).await?;
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    Ok(wound.to_wire(ctx.now())?)
}

pub(crate) async fn list(ctx: &Ctx, request: pb::ListWoundsRequest) -> Result<pb::ListWoundsResponse, Error> {
    let organisation = &ctx.caller.organisation;
    let state = request.state.to_string();
    let page = Page::of(request.page_size, &request.page_token, &[ctx.method, &request.parent, &state, organisation])?;
    let patient = match request.parent.as_str() {
        "patients/-" => None,
        name => Some(name.parse::<PatientName>()?.patient),
    };
    let mut rows = match patient {
        None => sql::list_of_organisation(&mut ctx.read().await?, &ctx.caller, ctx.now(), request.state, &page).await?,
        Some(patient) => {
            access::patient(ctx, patient).await?;
            let all = ctx.in_emergency(patient);
            sql::list_of_patient(&mut ctx.read().await?, patient, (organisation, all), request.state, &page).await?
        }
    };
    let next_page_token = page.cut(&mut rows, |wound| Position { time: wound.create_time, id: wound.wound_id });
    let wounds = rows.iter().map(|row| row.to_wire(ctx.now())).collect::<Result<Vec<_>, _>>()?;
    // Who looked at a patient's list has learnt something, also when nothing is on it.
    access::saw(ctx, rows.iter().map(|row| row.patient_id).chain(patient)).await?;
    Ok(pb::ListWoundsResponse { wounds, next_page_token })
}

pub(crate) async fn close(ctx: &Ctx, request: pb::CloseWoundRequest) -> Result<pb::Wound, Error> {
    let name: WoundName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let mut wound = access::wound_to_change(ctx, &mut tx, name).await?;
    access::matches(&request.etag, wound.version)?;
    if wound.owner != ctx.caller.organisation {
        return Err(Reason::NotTheOwner.into());
    }
    wound.open()?;
    for open in assessment::sql::open_of_wound(&mut tx, wound.wound_id).await? {
        // A second opinion is not the owner's to close.
        if !is_second_opinion(&open.detail()?) {
            return Err(Reason::AssessmentOpen.into());
        }
    }
    wound.state = pb::WoundState::Closed as i32;
    wound.close_reason = request.reason;
    wound.set_clock(None);
    sql::update(&mut tx, &mut wound, ctx.now()).await?;
    tx.event(&request.name, &wound.organisations(), &pb::WoundClosed { reason: request.reason }).await?;
    flag::watch::closed(ctx, &mut tx, &wound).await?;
    let wound = sql::by_id(&mut tx, wound.wound_id).await?;
    tx.commit(Some(name.patient), &request.name, wound.to_wire(ctx.now())?).await
}
