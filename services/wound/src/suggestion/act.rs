//! What is done with suggestions: listed, taken over, discarded.

use samspil_kit::{Ctx, Error, common::Common, once, paging::Position};
use samspil_proto::{
    names::{SuggestionName, WoundName},
    wound::v1::{self as pb, SuggestionState},
};
use samspil_store::Tx;

use super::{Suggestion, sql};
use crate::{access, outline, outline::act::Listed, photo};

pub(crate) async fn list(ctx: &Ctx, request: pb::ListSuggestionsRequest) -> Result<pb::ListSuggestionsResponse, Error> {
    let listed: Listed = request.parent.parse()?;
    let (mut tx, page) = listed.open(ctx, request.page_size, &request.page_token, &request.parent).await?;
    let mut rows = match listed.photo {
        Some(photo) => sql::of_photo(&mut tx, photo, &page).await?,
        None => sql::of_wound(&mut tx, listed.wound, &page).await?,
    };
    drop(tx);
    let next_page_token = page.cut(&mut rows, |row| Position { time: row.create_time, id: row.suggestion_id });
    let suggestions = rows.iter().map(Suggestion::to_wire).collect::<Result<_, _>>()?;
    ctx.audit_read([(listed.wound.patient, request.parent.as_str())]).await?;
    Ok(pb::ListSuggestionsResponse { suggestions, next_page_token })
}

pub(crate) async fn confirm(ctx: &Ctx, request: pb::ConfirmSuggestionRequest) -> Result<pb::Outline, Error> {
    let name: SuggestionName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let wound = access::wound_to_change(ctx, &mut tx, WoundName { patient: name.patient, wound: name.wound }).await?;
    let suggestion = sql::hold(&mut tx, name).await?.ok_or(Common::ResourceNotFound)?;
    let photo = photo::sql::get(&mut tx, suggestion.photo()).await?.ok_or(Common::ResourceNotFound)?;
    let as_it_is = pb::Outline {
        points: suggestion.to_wire()?.points,
        suggestion: request.name.clone(),
        ..pb::Outline::default()
    };
    decide(ctx, &mut tx, suggestion, SuggestionState::Confirmed).await?;
    let outline = outline::act::keep(ctx, &mut tx, &photo, as_it_is).await?;
    let drawn = outline.name().to_string();
    tx.event(&drawn, &wound.organisations(), &pb::OutlineDrawn {}).await?;
    tx.event(&request.name, &wound.organisations(), &decided(SuggestionState::Confirmed)).await?;
    tx.commit(Some(name.patient), &drawn, outline.to_wire()?).await
}

pub(crate) async fn discard(ctx: &Ctx, request: pb::DiscardSuggestionRequest) -> Result<pb::Suggestion, Error> {
    let name: SuggestionName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let mut tx = once!(ctx, request);
    let wound = access::wound_to_change(ctx, &mut tx, WoundName { patient: name.patient, wound: name.wound }).await?;
    let suggestion = sql::hold(&mut tx, name).await?.ok_or(Common::ResourceNotFound)?;
    let discarded = decide(ctx, &mut tx, suggestion, SuggestionState::Discarded).await?;
    tx.event(&request.name, &wound.organisations(), &decided(SuggestionState::Discarded)).await?;
    tx.commit(Some(name.patient), &request.name, discarded.to_wire()?).await
}

/// Writes what the caller made of a suggestion.
pub(crate) async fn decide(
    ctx: &Ctx,
    tx: &mut Tx,
    mut suggestion: Suggestion,
    state: SuggestionState,
) -> Result<Suggestion, Error> {
    suggestion.decide(state, &ctx.actor(), ctx.now())?;
    sql::decide(tx, &suggestion).await?;
    Ok(suggestion)
}

pub(crate) fn decided(state: SuggestionState) -> pb::SuggestionDecided {
    pb::SuggestionDecided { state: state as i32 }
}

/// The suggestion, for somebody who takes part in its wound.
pub(crate) async fn find(ctx: &Ctx, tx: &mut Tx, name: SuggestionName) -> Result<Suggestion, Error> {
    access::wound(ctx, tx, WoundName { patient: name.patient, wound: name.wound }).await?;
    Ok(sql::get(tx, name).await?.ok_or(Common::ResourceNotFound)?)
}
