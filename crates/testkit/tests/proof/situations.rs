//! How a caller may stand to a patient, and patients of whom it is so.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use chrono::TimeDelta;
use samspil_kit::{Caller, identity::demo};
use samspil_proto::{
    directory::v1::{
        Block, BlockKind, BreakGlassRequest, CreateBlockRequest, RegisterCitizenRequest, WithdrawConsentRequest,
        directory_service_client::DirectoryServiceClient,
    },
    names::PatientName,
};
use samspil_testkit::{World, request_id};
use uuid::Uuid;

/// How a caller stands to a patient. The order is that of the marks in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Situation {
    Own,
    Consented,
    Stranger,
    Withdrawn,
    Blocked,
    BrokenGlass,
}

pub(crate) const SITUATIONS: [Situation; 6] = [
    Situation::Own,
    Situation::Consented,
    Situation::Stranger,
    Situation::Withdrawn,
    Situation::Blocked,
    Situation::BrokenGlass,
];

/// The roles, in the order of the table's columns.
pub(crate) const ROLES: [&str; 8] =
    ["nurse", "specialist", "gp", "coordinator", "administrator", "citizen", "data_protection_officer", "service"];

/// Who may break the glass. For the others there is no such situation.
pub(crate) const EMERGENCY: [&str; 3] = ["nurse", "specialist", "gp"];

impl Situation {
    /// For whom a caller in it works.
    pub(crate) fn organisation(self) -> &'static str {
        match self {
            Situation::Own => demo::MUNICIPALITY,
            Situation::Consented | Situation::Withdrawn | Situation::Blocked => demo::HOSPITAL,
            Situation::Stranger | Situation::BrokenGlass => demo::OTHER_MUNICIPALITY,
        }
    }

    /// A caller in it. A citizen is herself where the table says "own", and another citizen everywhere else.
    pub(crate) fn caller(self, role: &str, patient: Uuid) -> Caller {
        let caller = Caller {
            person: format!("proof-{role}"),
            display_name: "Prøve Prøvesen".to_owned(),
            organisation: self.organisation().to_owned(),
            role: role.to_owned(),
            ..Caller::default()
        };
        match role {
            "citizen" => Caller {
                organisation: String::new(),
                patient: Some(if self == Situation::Own { patient } else { Uuid::max() }),
                ..caller
            },
            "service" => Caller { person: "service:review".to_owned(), organisation: String::new(), ..caller },
            "administrator" => Caller { organisation: String::new(), ..caller },
            _ => caller,
        }
    }
}

/// A citizen of Hedensted to whom callers of a situation stand so. `role` breaks the glass, where it is about that.
pub(crate) async fn patient(world: &World, situation: Situation, role: &str) -> PatientName {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, SeqCst);
    let request = RegisterCitizenRequest {
        person_number: format!("{:02}{:02}{:02}{:04}", next / 4000 % 28 + 1, next / 112_000 + 1, 50, next % 4000),
        display_name: "Inger Testsen".to_owned(),
        municipality_code: "0766".to_owned(),
        request_id: request_id(),
    };
    let citizen = world.directory("nurse").register_citizen(request).await.expect("a citizen").into_inner();
    let patient: PatientName = citizen.name.parse().expect("a name");
    let consent = world.consent(patient).await;
    match situation {
        Situation::Own | Situation::Consented | Situation::Stranger => {}
        Situation::Withdrawn => {
            let request = WithdrawConsentRequest { name: consent.name, etag: String::new(), request_id: request_id() };
            world.directory("nurse").withdraw_consent(request).await.expect("a withdrawal");
        }
        Situation::Blocked => {
            let block = Block {
                kind: BlockKind::Organisation.into(),
                target: format!("organisations/{}", demo::HOSPITAL),
                ..Block::default()
            };
            let request = CreateBlockRequest { parent: citizen.name, block: Some(block), request_id: request_id() };
            world.directory("nurse").create_block(request).await.expect("a block");
        }
        Situation::BrokenGlass => {
            let token = token(world, &situation.caller(role, patient.patient));
            let request = BreakGlassRequest {
                parent: citizen.name,
                reason: "found unconscious at home".to_owned(),
                request_id: request_id(),
                ..BreakGlassRequest::default()
            };
            DirectoryServiceClient::new(world.with_token(token)).break_glass(request).await.expect("broken glass");
        }
    }
    patient
}

pub(crate) fn token(world: &World, caller: &Caller) -> String {
    world.issuer.sign(caller, TimeDelta::hours(1)).expect("a token")
}
