//! What changes, as it comes.

use anyhow::Result;
use samspil_proto::{
    names::WoundName,
    wound::v1::{WatchWoundsRequest, WoundUpdate, wound_update::Resource},
};

use super::{
    super::{text, watch::follow},
    Desk,
};

/// Prints what changes.
#[derive(Debug, clap::Args)]
pub(crate) struct Watch {
    /// Only this wound, `patients/…/wounds/…`.
    #[arg(long)]
    wound: Option<WoundName>,
    /// Go on from here, where an earlier watch ended.
    #[arg(long, default_value = "")]
    cursor: String,
}

impl Watch {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let name = self.wound.map_or_else(|| "patients/-/wounds/-".to_owned(), |wound| wound.to_string());
        desk.out.note("watching; end with Ctrl-C");
        let open = |cursor: String| {
            let (name, mut wound) = (name.clone(), desk.to.wound());
            async move { wound.watch_wounds(WatchWoundsRequest { name, cursor }).await }
        };
        follow(desk.out, self.cursor, open, |update: WoundUpdate| desk.out.message(&update, told)).await
    }
}

fn told(update: &WoundUpdate) -> String {
    let what = update.r#type.rsplit('.').next().unwrap_or_default();
    let resource = match &update.resource {
        Some(Resource::Wound(wound)) => text::wound(wound),
        Some(Resource::Visit(visit)) => text::visit(visit),
        Some(Resource::Photo(photo)) => text::photo(photo),
        Some(Resource::Assessment(assessment)) => text::assessment(assessment),
        Some(Resource::Message(message)) => text::message(message),
        Some(Resource::Flag(flag)) => text::flag(flag),
        Some(Resource::Score(score)) => text::score(score),
        Some(Resource::Outline(outline)) => text::outline(outline),
        Some(Resource::Suggestion(suggestion)) => text::suggestion(suggestion),
        None => update.subject.clone(),
    };
    format!("{} {what}\n{resource}\n", text::when(update.time.as_ref()))
}
