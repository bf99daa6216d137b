//! A case as a whole, with its pictures in a folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use chrono_tz::Europe::Copenhagen;
use samspil_client::json;
use samspil_proto::{
    names::{AssessmentName, PhotoName, WoundName},
    time,
    wound::v1::{
        Assessment, GetAssessmentRequest, GetVisitRequest, GetWoundRequest, ListMessagesRequest, Message, Photo,
        PhotoState, Rendition, Visit, Wound,
    },
};
use serde_json::json;

use super::{
    super::{call, text},
    Desk,
};

/// Shows a case.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The question, `patients/…/wounds/…/assessments/…`.
    assessment: AssessmentName,
    /// Save the pictures, upright and at most 1600 pixels wide or high, in this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Everything that belongs to a question.
struct Case {
    wound: Wound,
    assessment: Assessment,
    visits: Vec<Visit>,
    messages: Vec<Message>,
    pictures: Vec<PathBuf>,
}

impl Show {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let AssessmentName { patient, wound, .. } = self.assessment;
        let wound = WoundName { patient, wound }.to_string();
        let name = self.assessment.to_string();
        let assessment = call!(desk.to, wound.get_assessment(GetAssessmentRequest { name }))?;
        let mut visits = Vec::new();
        for name in &assessment.visits {
            visits.push(call!(desk.to, wound.get_visit(GetVisitRequest { name: name.clone() }))?);
        }
        let messages = messages(desk, &wound).await?;
        let mut pictures = Vec::new();
        if let Some(folder) = &self.out {
            fs::create_dir_all(folder).with_context(|| format!("failed to make {}", folder.display()))?;
            for photo in
                visits.iter().flat_map(|visit| &visit.photos).filter(|photo| photo.state() == PhotoState::Stored)
            {
                pictures.push(save(desk, folder, photo).await?);
            }
        }
        let wound = call!(desk.to, wound.get_wound(GetWoundRequest { name: wound.clone() }))?;
        let case = Case { wound, assessment, visits, messages, pictures };
        desk.out.value(|| case.json(), || case.text());
        Ok(())
    }
}

impl Case {
    fn text(&self) -> String {
        let visits = self.visits.iter().map(text::visit);
        let messages = self.messages.iter().map(text::message);
        let mut parts = vec![text::wound(&self.wound)];
        parts.extend(visits);
        parts.push(text::assessment(&self.assessment));
        parts.extend(messages);
        if !self.pictures.is_empty() {
            let saved = self.pictures.iter().map(|path| format!("\n  {}", path.display()));
            parts.push(format!("pictures{}", saved.collect::<String>()));
        }
        parts.join("\n\n")
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "wound": json::from_message(&self.wound),
            "assessment": json::from_message(&self.assessment),
            "visits": self.visits.iter().map(json::from_message).collect::<Vec<_>>(),
            "messages": self.messages.iter().map(json::from_message).collect::<Vec<_>>(),
            "pictures": self.pictures,
        })
    }
}

/// The messages about a wound, the oldest first, as one reads them.
async fn messages(desk: &Desk, wound: &str) -> Result<Vec<Message>> {
    let mut request = ListMessagesRequest { parent: wound.to_owned(), page_size: 200, page_token: String::new() };
    let mut all = Vec::new();
    loop {
        let page = call!(desk.to, wound.list_messages(request.clone()))?;
        all.extend(page.messages);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    all.reverse();
    Ok(all)
}

/// Saves a picture under the time that it was taken and the photo's id.
async fn save(desk: &Desk, folder: &Path, photo: &Photo) -> Result<PathBuf> {
    let name: PhotoName = photo.name.parse()?;
    let taken = photo.capture_time.as_ref().and_then(time::from_wire).unwrap_or_default().with_timezone(&Copenhagen);
    let stem = format!("{}-{}", taken.format("%Y-%m-%d-%H%M"), name.photo);
    // It gets its name when it is whole.
    let part = folder.join(format!("{stem}.part"));
    let failed = || format!("failed to write {}", part.display());
    let mut file = tokio::fs::File::create(&part).await.with_context(failed)?;
    let content_type = desk.to.download(&name, Rendition::Display, &mut file).await?;
    file.sync_all().await.with_context(failed)?;
    let extension = match content_type.as_str() {
        "image/png" => "png",
        "image/webp" => "webp",
        _ => "jpg",
    };
    let path = folder.join(format!("{stem}.{extension}"));
    fs::rename(&part, &path).with_context(failed)?;
    Ok(path)
}
