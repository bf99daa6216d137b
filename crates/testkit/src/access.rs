//! What a test does to let somebody in or to keep somebody out.

use samspil_proto::{
    directory::v1::{
        Block, BlockKind, BreakGlassRequest, Consent, CreateBlockRequest, EmergencyAccess, LiftBlockRequest,
        WithdrawConsentRequest,
    },
    names::PatientName,
};

use crate::{World, request_id};

impl World {
    /// Places a block for a patient, and waits until every service knows.
    ///
    /// # Panics
    /// When the call fails.
    pub async fn block(&self, patient: PatientName, kind: BlockKind, target: &str) -> Block {
        let block = Block { kind: kind.into(), target: target.to_owned(), ..Block::default() };
        let request = CreateBlockRequest { parent: patient.to_string(), block: Some(block), request_id: request_id() };
        let placed = self.directory("nurse").create_block(request).await.expect("a block").into_inner();
        self.settle().await;
        placed
    }

    /// Lifts a block, and waits until every service knows.
    ///
    /// # Panics
    /// When the call fails.
    pub async fn lift(&self, block: &Block) {
        let request = LiftBlockRequest { name: block.name.clone(), etag: String::new(), request_id: request_id() };
        self.directory("nurse").lift_block(request).await.expect("a lifted block");
        self.settle().await;
    }

    /// Withdraws a consent, and waits until every service knows.
    ///
    /// # Panics
    /// When the call fails.
    pub async fn withdraw(&self, consent: &Consent) {
        let request =
            WithdrawConsentRequest { name: consent.name.clone(), etag: String::new(), request_id: request_id() };
        self.directory("nurse").withdraw_consent(request).await.expect("a withdrawn consent");
        self.settle().await;
    }

    /// Breaks the glass for an hour. Nobody waits: whoever has an emergency does not either.
    ///
    /// # Panics
    /// When the call fails.
    pub async fn break_glass(&self, person: &str, patient: PatientName) -> EmergencyAccess {
        let request = BreakGlassRequest {
            parent: patient.to_string(),
            reason: "found unconscious on the floor".to_owned(),
            duration_minutes: 0,
            request_id: request_id(),
            ..BreakGlassRequest::default()
        };
        self.directory(person).break_glass(request).await.expect("an emergency access").into_inner()
    }
}
