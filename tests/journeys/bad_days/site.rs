//! A site as a platform team has it: PostgreSQL, S3, and two replicas of everything.

use std::{path::PathBuf, sync::Arc};

use samspil_client::{Connection, Endpoint, Token};
use samspil_store::objects::S3;
use samspil_testkit::{fresh_schemas, needs_bucket};
use sqlx::{Connection as _, PgConnection};

use super::balancer::Balancer;
use crate::{
    server::Server,
    site::{Variables, borrowed, in_bucket, samspil, verified},
};

pub(super) const SERVICES: [&str; 5] = ["directory", "referral", "careplan", "wound", "review"];

/// Where a site's rows and objects are. Nothing runs yet.
#[derive(Clone)]
pub(super) struct Ground {
    pub(super) folder: Arc<tempfile::TempDir>,
    pub(super) database: String,
    pub(super) bucket: S3,
}

impl Ground {
    /// On the PostgreSQL of the test run, or on another.
    pub(super) async fn on(database: Option<String>) -> Ground {
        let database = match database {
            Some(url) => url,
            None => fresh_schemas("service", &SERVICES).await,
        };
        let ground = Ground { folder: Arc::new(tempfile::tempdir().unwrap()), database, bucket: needs_bucket() };
        let (told, code) = samspil(&ground.data(0), &ground.environment(), &["migrate"]);
        assert_eq!(code, 0, "{told}");
        ground
    }

    /// The folder of a replica.
    pub(super) fn data(&self, replica: usize) -> PathBuf {
        let data = self.folder.path().join(format!("replica-{replica}"));
        std::fs::create_dir_all(&data).unwrap();
        data
    }

    /// What a replica is told of the site. All of them have the first one's keys.
    fn environment(&self) -> Variables {
        let key = |name: &str| self.data(0).join(name).display().to_string();
        let mut told = in_bucket(&self.bucket, self.folder.path());
        told.push(("SAMSPIL_DATABASE_URL", self.database.clone()));
        if self.data(0).join("issuer.key").exists() {
            told.extend([
                ("SAMSPIL_SERVICE_KEY", key("issuer.key")),
                ("SAMSPIL_MASTER_KEY", key("master.key")),
                ("SAMSPIL_AUDIT_KEY", key("audit.key")),
            ]);
        }
        told
    }

    /// Starts a replica, with what else it is told.
    pub(super) fn replica(&self, number: usize, more: &[(&str, &str)]) -> Server {
        self.serve(number, &[], more)
    }

    /// Starts a replica of some services.
    pub(super) fn serve(&self, number: usize, services: &[&str], more: &[(&str, &str)]) -> Server {
        let told = self.environment();
        Server::start_with(&self.data(number), services, &[&borrowed(&told), more].concat())
    }

    /// Looks every row, object, event and audit entry over.
    pub(super) fn verify(&self) {
        let (findings, files, events) = self.verified(&[]);
        assert_eq!(findings, [""; 0]);
        assert!(files > 0 && events > 0, "{files} files, {events} events");
    }

    /// What `samspil verify` finds, and how many files and events there are; with what else it is told.
    pub(super) fn verified(&self, more: &[(&'static str, &str)]) -> (Vec<String>, u64, u64) {
        let mut told = self.environment();
        told.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        verified(&self.data(0), &told)
    }

    /// The database of a service, to count in.
    pub(super) async fn count(&self, service: &str, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(&mut self.connect(service).await).await.unwrap()
    }

    /// The same, for texts.
    pub(super) async fn texts(&self, service: &str, statement: &'static str) -> Vec<String> {
        sqlx::query_scalar(statement).fetch_all(&mut self.connect(service).await).await.unwrap()
    }

    async fn connect(&self, service: &str) -> PgConnection {
        PgConnection::connect(&self.database.replace("{service}", service)).await.unwrap()
    }
}

/// Two replicas and the address before them.
pub(super) struct Site {
    pub(super) ground: Ground,
    pub(super) replicas: Vec<Server>,
    pub(super) balancer: Balancer,
}

impl Site {
    pub(super) async fn start(ground: Ground) -> Site {
        Site::start_with(ground, &[]).await
    }

    /// The same, with what else the second replica is told.
    pub(super) async fn start_with(ground: Ground, second: &[(&str, &str)]) -> Site {
        let replicas = vec![ground.replica(0, &[]), ground.replica(1, second)];
        let balancer = Balancer::before(replicas.iter().map(|server| server.address().to_owned()).collect()).await;
        Site { ground, replicas, balancer }
    }

    /// A person's connection, to whichever replica takes it.
    pub(super) fn connect(&self, person: &str) -> Connection {
        let token = Token::new(&self.replicas[0].token(person));
        Endpoint::new(self.balancer.endpoint()).tokens(token).connect_lazy().unwrap()
    }
}
