//! Citizens, consents, wounds, questions: one call each.

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use samspil_client::json;
use samspil_proto::{
    common::v1::Coding,
    directory::v1::{
        Consent, FindCitizenRequest, GrantConsentRequest, ListOrganisationsRequest, RegisterCitizenRequest,
    },
    names::{AssessmentName, OrganisationName, PatientName, VisitName, WoundName},
    time,
    wound::v1::{
        Assessment, AssessmentPriority, CloseAssessmentRequest, CloseWoundRequest, Laterality, ListWoundsRequest,
        OpenWoundRequest, RequestAssessmentRequest, SupplyMoreRequest, Wound, WoundCloseReason, WoundState, WoundType,
    },
};
use serde_json::json;

use super::{
    super::{call, parse, text},
    Desk, wound_name,
};

/// Registers a citizen.
#[derive(Debug, clap::Args)]
pub(crate) struct Register {
    /// CPR or replacement number; `-` reads it from the standard input, where nobody else can see it.
    #[arg(long)]
    person_number: String,
    /// The citizen's name.
    #[arg(long)]
    name: String,
    /// The municipality of residence, four digits, such as 0766.
    #[arg(long)]
    municipality: String,
}

impl Register {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let request = RegisterCitizenRequest {
            person_number: parse::person_number(self.person_number)?,
            display_name: self.name,
            municipality_code: self.municipality,
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, directory.register_citizen(request))?, text::citizen);
        Ok(())
    }
}

/// Finds a citizen.
#[derive(Debug, clap::Args)]
pub(crate) struct Find {
    /// CPR or replacement number; `-` reads it from the standard input, where nobody else can see it.
    #[arg(long)]
    person_number: String,
}

impl Find {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let request = FindCitizenRequest { person_number: parse::person_number(self.person_number)? };
        desk.out.message(&call!(desk.to, directory.find_citizen(request))?, text::citizen);
        Ok(())
    }
}

/// Records a consent.
#[derive(Debug, clap::Args)]
pub(crate) struct GiveConsent {
    /// Whose, `patients/…`.
    #[arg(long)]
    patient: PatientName,
    /// Who may share, `organisations/…`, once for each.
    #[arg(long = "organisation", required = true)]
    organisations: Vec<OrganisationName>,
    /// Where the signed paper is, such as a case number.
    #[arg(long)]
    document: String,
    /// When the citizen signed; now when not told.
    #[arg(long, value_parser = parse::time)]
    given: Option<DateTime<Utc>>,
}

impl GiveConsent {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let given = self.given.unwrap_or_else(|| desk.to.clock().now());
        let request = GrantConsentRequest {
            parent: self.patient.to_string(),
            consent: Some(Consent {
                organisations: self.organisations.iter().map(ToString::to_string).collect(),
                document: self.document,
                given_time: Some(time::to_wire(given)),
                ..Consent::default()
            }),
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, directory.grant_consent(request))?, text::consent);
        Ok(())
    }
}

/// Lists the organisations.
pub(super) async fn organisations(desk: &Desk) -> Result<()> {
    let mut all = Vec::new();
    let mut request = ListOrganisationsRequest { page_size: 1000, page_token: String::new() };
    loop {
        let page = call!(desk.to, directory.list_organisations(request.clone()))?;
        all.extend(page.organisations);
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    let lines = || all.iter().map(|organisation| text::organisation(organisation) + "\n").collect();
    desk.out.value(|| json!({ "organisations": all.iter().map(json::from_message).collect::<Vec<_>>() }), lines);
    Ok(())
}

/// Opens a wound.
#[derive(Debug, clap::Args)]
pub(crate) struct Open {
    /// Whose, `patients/…`.
    #[arg(long)]
    patient: PatientName,
    /// The national type, by code or kind: ts6, pressure.
    #[arg(long = "type", value_parser = parse::wound_type)]
    kind: WoundType,
    /// Where on the body, a SNOMED CT code such as 84607009.
    #[arg(long)]
    site_code: String,
    /// The same in words, such as heel.
    #[arg(long, default_value = "")]
    site_display: String,
    /// Which side: left, right, midline.
    #[arg(long, value_parser = parse::side)]
    side: Option<Laterality>,
    /// The day that it began, such as 2026-11-01.
    #[arg(long)]
    onset: Option<NaiveDate>,
    /// What sets it apart from the patient's other wounds.
    #[arg(long, default_value = "")]
    label: String,
}

impl Open {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let site = Coding { system: parse::SNOMED.to_owned(), code: self.site_code, display: self.site_display };
        let request = OpenWoundRequest {
            parent: self.patient.to_string(),
            wound: Some(Wound {
                r#type: self.kind.into(),
                body_site: Some(site),
                laterality: self.side.unwrap_or_default().into(),
                onset_date: self.onset.map(|day| day.to_string()).unwrap_or_default(),
                label: self.label,
                ..Wound::default()
            }),
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, wound.open_wound(request))?, text::wound);
        Ok(())
    }
}

/// Lists wounds.
#[derive(Debug, clap::Args)]
pub(crate) struct Wounds {
    /// Whose, `patients/…`; of everybody when not told.
    #[arg(long)]
    patient: Option<PatientName>,
    /// Closed ones too.
    #[arg(long)]
    all: bool,
}

impl Wounds {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let state = if self.all { WoundState::Unspecified } else { WoundState::Open };
        let parent = self.patient.map_or_else(|| "patients/-".to_owned(), |patient| patient.to_string());
        let mut request = ListWoundsRequest { parent, state: state.into(), page_size: 200, page_token: String::new() };
        let mut all = Vec::new();
        loop {
            let page = call!(desk.to, wound.list_wounds(request.clone()))?;
            all.extend(page.wounds);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                break;
            }
        }
        let lines = || match all.len() {
            0 => "no wounds".to_owned(),
            _ => all.iter().map(|wound| text::wound(wound) + "\n").collect(),
        };
        desk.out.value(|| json!({ "wounds": all.iter().map(json::from_message).collect::<Vec<_>>() }), lines);
        Ok(())
    }
}

/// Asks a specialist.
#[derive(Debug, clap::Args)]
pub(crate) struct Ask {
    /// The complete visits that it is about, `patients/…/wounds/…/visits/…`, all of one wound.
    #[arg(long = "visit", required = true)]
    visits: Vec<VisitName>,
    /// The question.
    #[arg(long)]
    question: String,
    /// Who is to answer, `organisations/…`.
    #[arg(long)]
    to: OrganisationName,
    /// How soon: routine or urgent.
    #[arg(long, value_parser = parse::priority, default_value = "routine")]
    priority: AssessmentPriority,
}

impl Ask {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let parent = self.visits.first().map(|visit| wound_name(visit.patient, visit.wound).to_string());
        let request = RequestAssessmentRequest {
            parent: parent.unwrap_or_default(),
            assessment: Some(Assessment {
                visits: self.visits.iter().map(ToString::to_string).collect(),
                question: self.question,
                priority: self.priority.into(),
                receiver: self.to.to_string(),
                ..Assessment::default()
            }),
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, wound.request_assessment(request))?, text::assessment);
        Ok(())
    }
}

/// Supplies what was asked for.
#[derive(Debug, clap::Args)]
pub(crate) struct Supply {
    /// The question, `patients/…/wounds/…/assessments/…`.
    assessment: AssessmentName,
    /// A word to it.
    #[arg(long, default_value = "", required_unless_present = "visit")]
    reply: String,
    /// The complete visit that has it.
    #[arg(long)]
    visit: Option<VisitName>,
}

impl Supply {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        let request = SupplyMoreRequest {
            name: self.assessment.to_string(),
            reply: self.reply,
            visit: self.visit.map(|visit| visit.to_string()).unwrap_or_default(),
            etag: String::new(),
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, wound.supply_more(request))?, text::assessment);
        Ok(())
    }
}

/// Closes a wound or a question.
#[derive(Debug, clap::Args)]
pub(crate) struct Close {
    /// The wound or the question, by its full name.
    name: String,
    /// For a wound: healed, called-in, taken-out or deceased. For a question: why, in words; needed while it is unanswered.
    #[arg(long, default_value = "")]
    reason: String,
}

impl Close {
    pub(super) async fn run(self, desk: &Desk) -> Result<()> {
        if let Ok(assessment) = self.name.parse::<AssessmentName>() {
            let request = CloseAssessmentRequest {
                name: assessment.to_string(),
                reason: self.reason,
                etag: String::new(),
                request_id: desk.request_id(),
            };
            desk.out.message(&call!(desk.to, wound.close_assessment(request))?, text::assessment);
            return Ok(());
        }
        let wound: WoundName = self.name.parse()?;
        let reason: WoundCloseReason =
            parse::close_reason(&self.reason).map_err(|words| anyhow::anyhow!("--reason: {words}"))?;
        let request = CloseWoundRequest {
            name: wound.to_string(),
            reason: reason.into(),
            etag: String::new(),
            request_id: desk.request_id(),
        };
        desk.out.message(&call!(desk.to, wound.close_wound(request))?, text::wound);
        Ok(())
    }
}
