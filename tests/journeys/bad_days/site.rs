//! A site as a platform team has it: PostgreSQL, S3, and two replicas of everything.

use std::path::PathBuf;

use samspil_client::{Connection, Endpoint, Token};
use samspil_store::objects::S3;
use samspil_testkit::{fresh_schemas, needs_bucket};

use super::balancer::Balancer;
use crate::{
    server::Server,
    site::{Variables, borrowed, in_bucket, samspil, verified},
};

pub(super) const SERVICES: [&str; 5] = ["directory", "referral", "careplan", "wound", "review"];

/// Where a site's rows and objects are. Nothing runs yet.
pub(super) struct Ground {
    pub(super) folder: tempfile::TempDir,
    database: String,
    bucket: S3,
}

impl Ground {
    /// On the PostgreSQL of the test run, or on another.
    pub(super) async fn on(database: Option<String>) -> Ground {
        let database = match database {
            Some(url) => url,
            None => fresh_schemas("service", &SERVICES).await,
        };
        let ground = Ground { folder: tempfile::tempdir().unwrap(), database, bucket: needs_bucket() };
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
        let (findings, files, events) = verified(&self.data(0), &self.environment());
        assert_eq!(findings, [""; 0]);
        assert!(files > 0 && events > 0, "{files} files, {events} events");
    }

    /// The database of a service, to count in.
    pub(super) async fn count(&self, service: &str, statement: &'static str) -> i64 {
        use sqlx::Connection as _;
        let mut connection = sqlx::PgConnection::connect(&self.database.replace("{service}", service)).await.unwrap();
        let (count,): (i64,) = sqlx::query_as(statement).fetch_one(&mut connection).await.unwrap();
        count
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
        let replicas = vec![ground.replica(0, &[]), ground.replica(1, &[])];
        let balancer = Balancer::before(replicas.iter().map(|server| server.address().to_owned()).collect()).await;
        Site { ground, replicas, balancer }
    }

    /// A person's connection, to whichever replica takes it.
    pub(super) fn connect(&self, person: &str) -> Connection {
        let token = Token::new(&self.replicas[0].token(person));
        Endpoint::new(self.balancer.endpoint()).tokens(token).connect_lazy().unwrap()
    }
}
