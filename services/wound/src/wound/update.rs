//! Changing what is known of a wound.

use prost::Message as _;
use samspil_kit::{Ctx, Error, mask, once};
use samspil_proto::{names::WoundName, wound::v1 as pb};

use super::{Wound, act::check_date, sql};
use crate::{Reason, access, assessment};

/// The fields that can be changed.
const FIELDS: &[&str] = &["type", "body_site", "laterality", "onset_date", "label"];

impl Wound {
    /// Passes for whoever may say what the wound is: its owner, and everybody who takes part while nobody has told its type.
    fn described_by(&self, organisation: &str) -> Result<(), Reason> {
        let untold = self.r#type == pb::WoundType::Unspecified as i32;
        if untold || self.owner == organisation { Ok(()) } else { Err(Reason::NotTheOwner) }
    }
}

pub(crate) async fn update(ctx: &Ctx, request: pb::UpdateWoundRequest) -> Result<pb::Wound, Error> {
    let name: WoundName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let mut wound = access::wound_to_change(ctx, &mut tx, name).await?;
    access::matches(&request.etag, wound.version)?;
    wound.described_by(&ctx.caller.organisation)?;
    wound.open()?;
    let before = wound.to_wire(ctx.now())?;
    let mut after = before.clone();
    mask::apply(&request.update_mask.unwrap_or_default(), FIELDS, &request.wound.unwrap_or_default(), &mut after)?;
    check_date(&after.onset_date)?;
    let fields = mask::changed(&before, &after)?;
    if !fields.is_empty() {
        wound.r#type = after.r#type;
        wound.body_site = after.body_site.unwrap_or_default().encode_to_vec();
        wound.laterality = after.laterality;
        (wound.onset_date, wound.label) = (after.onset_date, after.label);
        sql::update(&mut tx, &mut wound, ctx.now()).await?;
        if before.r#type != wound.r#type {
            assessment::sql::update_wound_type(&mut tx, &wound).await?;
        }
        tx.event(&request.name, &wound.organisations(), &pb::WoundUpdated { fields }).await?;
    }
    tx.commit(Some(name.patient), &request.name, wound.to_wire(ctx.now())?).await
}
