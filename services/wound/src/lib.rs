//! Under construction.

use std::sync::Arc;

use futures::future::BoxFuture;
use samspil_kit::{Base, assemble::Part, follow};
use samspil_store::Migrations;
use tonic::service::RoutesBuilder;

/// The tables of this service.
pub static MIGRATIONS: Migrations = Migrations {
    sqlite: samspil_store::sqlx::migrate!("migrations/sqlite"),
    postgres: samspil_store::sqlx::migrate!("migrations/postgres"),
};

/// Its settings.
#[derive(Debug, Clone, Default)]
pub struct Settings {}

/// The service.
#[derive(Clone)]
pub struct Wounds {
    base: Base,
}

impl Wounds {
    /// On its database.
    pub fn new(base: Base, _objects: samspil_store::objects::Objects, _settings: Settings) -> Self {
        Self { base }
    }
}

impl Part for Wounds {
    fn name(&self) -> &'static str {
        "wound"
    }

    fn base(&self) -> &Base {
        &self.base
    }

    fn routes(&self, _routes: &mut RoutesBuilder) {}

    fn health(&self) -> Vec<&'static str> {
        vec![]
    }

    fn handlers(&self) -> Vec<Arc<dyn follow::Handler>> {
        vec![]
    }

    fn workers(&self, _stop: &tokio_util::sync::CancellationToken) -> Vec<BoxFuture<'static, ()>> {
        vec![]
    }
}
