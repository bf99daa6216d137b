//! Resource names: what stands where in a path.
//!
//! A name has its one canonical spelling; anything else is refused, so that names can be compared as text.

use std::{fmt, str::FromStr};

use uuid::Uuid;

/// A text that is not the name of the resource that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a name of the form {form}")]
pub struct NotAName {
    /// The form that was expected, such as `patients/{patient}`.
    pub form: &'static str,
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident { $($segment:literal / $id:ident),+ } $(+ $tail:literal)?)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name {
            $(#[doc = concat!("The id after `", $segment, "/`.")] pub $id: Uuid,)+
        }

        impl $name {
            /// The form of the name.
            pub const FORM: &str = names!(@form $($segment / $id),+ $(+ $tail)?);
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let mut slash = "";
                $(write!(f, "{slash}{}/{}", $segment, self.$id)?; slash = "/";)+
                let _ = slash;
                $(write!(f, "/{}", $tail)?;)?
                Ok(())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAName;

            fn from_str(text: &str) -> Result<Self, NotAName> {
                let mut rest = text.split('/');
                let parsed = (|| {
                    $(let $id = (rest.next()? == $segment).then(|| id(rest.next()))??;)+
                    $(if rest.next()? != $tail { return None; })?
                    rest.next().is_none().then_some($name { $($id),+ })
                })();
                parsed.ok_or(NotAName { form: Self::FORM })
            }
        }
    )*};
    (@form $segment:literal / $id:ident $(, $segments:literal / $ids:ident)* $(+ $tail:literal)?) => {
        concat!($segment, "/{", stringify!($id), "}", $("/", $segments, "/{", stringify!($ids), "}",)* $("/", $tail)?)
    };
}

fn id(text: Option<&str>) -> Option<Uuid> {
    let text = text?;
    let id = Uuid::try_parse(text).ok()?;
    let mut canonical = Uuid::encode_buffer();
    (id.hyphenated().encode_lower(&mut canonical) == text).then_some(id)
}

names! {
    /// A citizen, by an id that says nothing about the person.
    PatientName { "patients" / patient }
    /// A consent.
    ConsentName { "patients" / patient, "consents" / consent }
    /// A block.
    BlockName { "patients" / patient, "blocks" / block }
    /// Somebody's access in an emergency.
    EmergencyAccessName { "patients" / patient, "emergencyAccesses" / access }
    /// A check on an access.
    AccessCheckName { "patients" / patient, "accessChecks" / check }
    /// What a hospital told of a citizen.
    HospitalEventName { "patients" / patient, "hospitalEvents" / event }
    /// A referral.
    ReferralName { "patients" / patient, "referrals" / referral }
    /// What is attached to a referral.
    AttachmentName { "patients" / patient, "referrals" / referral, "attachments" / attachment }
    /// A patient's care plan.
    CarePlanName { "patients" / patient } + "carePlan"
    /// A wound.
    WoundName { "patients" / patient, "wounds" / wound }
    /// A visit to a wound.
    VisitName { "patients" / patient, "wounds" / wound, "visits" / visit }
    /// A photo of a visit.
    PhotoName { "patients" / patient, "wounds" / wound, "visits" / visit, "photos" / photo }
    /// An outline that was drawn on a photo.
    OutlineName { "patients" / patient, "wounds" / wound, "visits" / visit, "photos" / photo, "outlines" / outline }
    /// An outline that a model suggests.
    SuggestionName { "patients" / patient, "wounds" / wound, "visits" / visit, "photos" / photo, "suggestions" / suggestion }
    /// A question about a wound and its answer.
    AssessmentName { "patients" / patient, "wounds" / wound, "assessments" / assessment }
    /// Somebody's own draft of an answer.
    AnswerDraftName { "patients" / patient, "wounds" / wound, "assessments" / assessment } + "draft"
    /// A message about a wound.
    MessageName { "patients" / patient, "wounds" / wound, "messages" / message }
    /// A warning of the safety watch.
    FlagName { "patients" / patient, "wounds" / wound, "flags" / flag }
    /// A score of a wound.
    ScoreName { "patients" / patient, "wounds" / wound, "scores" / score }
}

/// What stands in a plan: `patients/{patient}/carePlan/{collection}/{id}`.
macro_rules! plan_names {
    ($($(#[$doc:meta])* $name:ident { $collection:literal / $id:ident })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name {
            /// The patient.
            pub patient: Uuid,
            #[doc = concat!("The id after `", $collection, "/`.")]
            pub $id: Uuid,
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "patients/{}/carePlan/{}/{}", self.patient, $collection, self.$id)
            }
        }

        impl FromStr for $name {
            type Err = NotAName;

            fn from_str(text: &str) -> Result<Self, NotAName> {
                let form = concat!("patients/{patient}/carePlan/", $collection, "/{", stringify!($id), "}");
                let parsed = (|| {
                    let (plan, $id) = text.rsplit_once(concat!("/", $collection, "/"))?;
                    let CarePlanName { patient } = plan.parse().ok()?;
                    Some($name { patient, $id: id(Some($id))? })
                })();
                parsed.ok_or(NotAName { form })
            }
        }
    )*};
}

plan_names! {
    /// An activity of a care plan.
    ActivityName { "activities" / activity }
    /// Somebody who takes part in a care plan.
    TeamMemberName { "team" / member }
    /// A condition that a care plan is about.
    ConditionName { "conditions" / condition }
    /// A goal of a care plan.
    GoalName { "goals" / goal }
    /// A note in a care plan.
    NoteName { "notes" / note }
    /// A reconciliation of a patient's medication.
    ReconciliationName { "reconciliations" / reconciliation }
}

/// An organisation by its SOR code: `organisations/{sor}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OrganisationName {
    /// The SOR code, 11 to 18 digits.
    pub sor: String,
}

impl fmt::Display for OrganisationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "organisations/{}", self.sor)
    }
}

impl FromStr for OrganisationName {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let sor = text.strip_prefix("organisations/").unwrap_or_default();
        let right = (11..=18).contains(&sor.len()) && sor.bytes().all(|b| b.is_ascii_digit());
        right.then(|| OrganisationName { sor: sor.to_owned() }).ok_or(NotAName { form: "organisations/{sor}" })
    }
}

/// The patient whose resource a name is, whatever kind of resource.
pub fn patient_of(name: &str) -> Option<Uuid> {
    let mut segments = name.split('/');
    (segments.next() == Some("patients")).then(|| id(segments.next())).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENT: &str = "0198f3a0-0000-7000-8000-000000000001";

    #[test]
    fn a_name_reads_back_as_it_was_written() {
        let text = format!("patients/{PATIENT}/wounds/{PATIENT}/visits/{PATIENT}/photos/{PATIENT}");
        assert_eq!(text.parse::<PhotoName>().unwrap().to_string(), text);
        let plan = format!("patients/{PATIENT}/carePlan");
        assert_eq!(plan.parse::<CarePlanName>().unwrap().to_string(), plan);
        let activity = format!("{plan}/activities/{PATIENT}");
        assert_eq!(activity.parse::<ActivityName>().unwrap().to_string(), activity);
        assert_eq!(WoundName::FORM, "patients/{patient}/wounds/{wound}");
    }

    #[test]
    fn another_spelling_of_a_name_is_refused() {
        for text in [
            "",
            "patients/",
            "patients/x",
            &format!("patients/{}", PATIENT.to_uppercase()).replace("7000", "7A00"),
            &format!("patients/{}", PATIENT.replace('-', "")),
            &format!("patients/{PATIENT}/"),
            &format!("/patients/{PATIENT}"),
            &format!("patients/{PATIENT}/wounds/{PATIENT}"),
        ] {
            assert_eq!(text.parse::<PatientName>(), Err(NotAName { form: "patients/{patient}" }), "{text}");
        }
    }

    #[test]
    fn the_patient_is_found_in_every_name() {
        assert_eq!(patient_of(&format!("patients/{PATIENT}/carePlan")).unwrap().to_string(), PATIENT);
        assert_eq!(patient_of("organisations/12345678901"), None);
    }
}
