//! What has to be asked of other services. It is asked before a transaction begins: nobody else shall wait for their answers.

use samspil_kit::{Code, Ctx, Error};
use samspil_proto::{
    directory::v1::GetOrganisationRequest,
    names::{PhotoName, WoundName},
    wound::v1::{GetPhotoRequest, GetWoundRequest, PhotoState},
};
use tonic::Status;
use uuid::Uuid;

use super::{sending::Glns, sor};
use crate::error::Reason;

fn peer(status: Status) -> Error {
    Error::Peer(Box::new(status))
}

/// Passes when a consent of the patient covers an organisation that is to get a referral.
pub(super) async fn covered(ctx: &Ctx, patient: Uuid, organisation: &str) -> Result<(), Error> {
    if ctx.covers(patient, sor(organisation)).await? {
        return Ok(());
    }
    Err(Error::from(Reason::ReceiverNotCovered).with("organisation", organisation))
}

/// The GLN of an organisation, empty when it has none. `None` when `directory` does not know the organisation.
pub(super) async fn gln(ctx: &Ctx, organisation: &str) -> Result<Option<String>, Error> {
    let question = GetOrganisationRequest { name: organisation.to_owned() };
    match ctx.peers().directory().get_organisation(question).await {
        Ok(found) => Ok(Some(found.into_inner().gln)),
        Err(status) if status.code() == Code::NotFound => Ok(None),
        Err(status) => Err(peer(status)),
    }
}

/// The GLNs of both ends.
pub(super) async fn glns(ctx: &Ctx, sender: &str, receiver: &str) -> Result<Glns, Error> {
    Ok(Glns {
        sender: gln(ctx, sender).await?.unwrap_or_default(),
        receiver: gln(ctx, receiver).await?.unwrap_or_default(),
    })
}

/// Passes when the caller's organisation takes part in a wound.
pub(super) async fn takes_part(ctx: &Ctx, wound: &str) -> Result<(), Error> {
    let question = GetWoundRequest { name: wound.to_owned() };
    let found = match ctx.peers().wound().get_wound(question).await {
        Ok(found) => Some(found.into_inner()),
        Err(status) if status.code() == Code::NotFound => None,
        Err(status) => return Err(peer(status)),
    };
    let own = ctx.caller.organisation_name();
    let takes_part = found.is_some_and(|wound| wound.participants.contains(&own));
    if takes_part { Ok(()) } else { Err(Error::from(Reason::WoundNotYours).with("wound", wound)) }
}

/// Passes for a stored photo of a wound.
pub(crate) async fn is_photo_of(ctx: &Ctx, photo: PhotoName, wound: &str) -> Result<(), Error> {
    let refused = || Error::from(Reason::PhotoNotOfWound).with("photo", photo);
    let of = WoundName { patient: photo.patient, wound: photo.wound };
    if of.to_string() != wound {
        return Err(refused());
    }
    match ctx.peers().wound().get_photo(GetPhotoRequest { name: photo.to_string() }).await {
        Ok(found) if found.get_ref().state() == PhotoState::Stored => Ok(()),
        Ok(_) => Err(refused()),
        Err(status) if status.code() == Code::NotFound => Err(refused()),
        Err(status) => Err(peer(status)),
    }
}
