//! The world of a test: five services, their people, a clock.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use samspil_kit::{
    Base, Caller, Clock,
    assemble::{self, Part},
    audit,
    deadlines::Deadlines,
    identity::{Issuer, demo},
    peers::Peers,
    serve::{self, Running},
    tls::Tls,
};
use samspil_proto::{
    audit::v1::audit_service_client::AuditServiceClient,
    careplan::v1::care_plan_service_client::CarePlanServiceClient,
    directory::v1::{
        Consent, GrantConsentRequest, RegisterCitizenRequest, directory_service_client::DirectoryServiceClient,
    },
    names::PatientName,
    referral::v1::referral_service_client::ReferralServiceClient,
    review::v1::review_service_client::ReviewServiceClient,
    time,
    wound::v1::wound_service_client::WoundServiceClient,
};
use samspil_store::{
    Db, Engine, Settings, cursors, event_log,
    keyring::{Keyring, MasterKey},
    objects::Objects,
};
use tonic::{
    Request, Status,
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, Endpoint},
};
use uuid::Uuid;

/// Five services that run, and what a test does with them. They stop when it is dropped.
pub struct World {
    /// Which engine they run on.
    pub engine: Engine,
    /// The clock of all of them. It stands at a Wednesday morning until it is moved.
    pub clock: Clock,
    /// The folder of everything that is on disk.
    pub folder: Arc<tempfile::TempDir>,
    /// Where they listen, such as `http://127.0.0.1:41234`.
    pub endpoint: String,
    /// Signs tokens.
    pub issuer: Issuer,
    /// What the keys in the databases are wrapped with.
    pub master: MasterKey,
    /// Their databases by service.
    pub dbs: HashMap<&'static str, Db>,
    /// Where those are.
    pub places: HashMap<&'static str, Settings>,
    /// The photos.
    pub objects: Objects,
    /// The Danish calendar and the rules of the clocks.
    pub deadlines: Arc<Deadlines>,
    /// Signs the audit's checkpoints.
    pub audit_key: audit::Key,
    serving: serve::Settings,
    running: Option<Running>,
}

/// A new request id.
pub fn request_id() -> String {
    Uuid::new_v4().to_string()
}

impl World {
    /// Starts everything on one engine.
    ///
    /// # Panics
    /// When anything cannot be started: there is no test then.
    pub async fn start(engine: Engine) -> World {
        World::start_with_quota(engine, None).await
    }

    /// The same, served with other limits or over TLS. A test that has TLS connects by itself.
    ///
    /// # Panics
    /// As [`World::start`].
    pub async fn start_serving(engine: Engine, serving: serve::Settings) -> World {
        let (folder, objects) = objects(engine, None).await;
        World::start_in(folder, engine, objects, serving).await
    }

    /// The same with room for so many bytes of photos in a folder.
    ///
    /// # Panics
    /// As [`World::start`].
    pub async fn start_with_quota(engine: Engine, quota: Option<u64>) -> World {
        let (folder, objects) = objects(engine, quota).await;
        World::start_in(folder, engine, objects, Self::serving()).await
    }

    /// The same with this store of objects.
    ///
    /// # Panics
    /// As [`World::start`].
    pub async fn start_on(engine: Engine, objects: Objects) -> World {
        let folder = tempfile::tempdir().expect("a temporary folder");
        World::start_in(folder, engine, objects, Self::serving()).await
    }

    /// How a world is served when nothing else is said.
    fn serving() -> serve::Settings {
        serve::Settings { drain: Duration::from_secs(2), ..serve::Settings::default() }
    }

    async fn start_in(folder: tempfile::TempDir, engine: Engine, objects: Objects, serving: serve::Settings) -> World {
        let clock = Clock::at("2026-11-18T08:00:00Z".parse::<DateTime<Utc>>().expect("a time"));
        let folder = Arc::new(folder);
        let issuer = Issuer::fresh(clock.clone()).expect("an issuer");
        let master = MasterKey::in_folder(folder.path()).expect("a master key");
        let (mut dbs, mut places) = (HashMap::new(), HashMap::new());
        for (name, migrations) in [
            ("directory", &samspil_directory::MIGRATIONS),
            ("referral", &samspil_referral::MIGRATIONS),
            ("careplan", &samspil_careplan::MIGRATIONS),
            ("wound", &samspil_wound::MIGRATIONS),
            ("review", &samspil_review::MIGRATIONS),
        ] {
            let settings = match engine {
                Engine::Sqlite => Settings::Sqlite(folder.path().join(format!("{name}.db"))),
                Engine::Postgres => Settings::Postgres { url: crate::fresh_schema().await, connections: 6 },
            };
            let db = Db::open(&settings).await.expect("a database");
            db.migrate(migrations).await.expect("migrations");
            dbs.insert(name, db);
            places.insert(name, settings);
        }
        // One store for all of them here, so one of them has the keys.
        let objects = objects.sealed(Keyring::open(&dbs["wound"], master.clone(), clock.now()).await.expect("keys"));
        let deadlines = Arc::new(Deadlines::danish());
        let wound = Self::wound_settings();
        let audit_key = audit::Key::fresh().expect("a key");
        let keys = (&issuer, &master, &audit_key);
        let (endpoint, running) = start(&dbs, &objects, (&clock, &deadlines), keys, wound, serving.clone()).await;
        let running = Some(running);
        World {
            engine,
            clock,
            folder,
            endpoint,
            issuer,
            master,
            dbs,
            places,
            objects,
            deadlines,
            audit_key,
            serving,
            running,
        }
    }

    /// Starts a second replica of every service, on the same databases and photos. On PostgreSQL it has connections of its own, and
    /// learns of the other's work only as another process would; SQLite has one process. It runs until the test's process ends.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn replica(&self) -> World {
        self.replica_with(Self::wound_settings()).await
    }

    /// The same with other settings of `wound`.
    ///
    /// # Panics
    /// As [`World::replica`].
    pub async fn replica_with(&self, wound: samspil_wound::Settings) -> World {
        let clock = (&self.clock, &self.deadlines);
        let keys = (&self.issuer, &self.master, &self.audit_key);
        let mut dbs = self.dbs.clone();
        if self.engine == Engine::Postgres {
            for (name, place) in &self.places {
                dbs.insert(name, Db::open(place).await.expect("a database"));
            }
        }
        let (endpoint, running) = start(&dbs, &self.objects, clock, keys, wound, self.serving.clone()).await;
        World {
            engine: self.engine,
            clock: self.clock.clone(),
            folder: self.folder.clone(),
            endpoint,
            issuer: self.issuer.clone(),
            master: self.master.clone(),
            dbs,
            places: self.places.clone(),
            objects: self.objects.clone(),
            deadlines: self.deadlines.clone(),
            audit_key: self.audit_key.clone(),
            serving: self.serving.clone(),
            running: Some(running),
        }
    }

    /// What a service stands on here, for one that a test puts up beside: its own ring of the same keys, the same peers.
    ///
    /// # Panics
    /// When the keys cannot be read.
    pub async fn base(&self, name: &str) -> Base {
        let peers: HashMap<_, _> = self.dbs.keys().map(|name| ((*name).to_owned(), self.endpoint.clone())).collect();
        let keys = (&self.issuer, &self.master);
        base_of(name, &self.dbs, &peers, (&self.clock, &self.deadlines), keys, self.serving.tls.as_ref()).await
    }

    /// What `wound` runs with here. A test that moves the clock waits for the worker that then rings; nothing else is different.
    pub fn wound_settings() -> samspil_wound::Settings {
        samspil_wound::Settings { poll: Duration::from_millis(50), ..samspil_wound::Settings::default() }
    }

    /// Stops every service, as an orderly end of the process does.
    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// A person of the demo: `nurse`, `specialist`, `specialist2`, `other_specialist`, `coordinator`, `gp`, `outsider`,
    /// `dpo`, `administrator`.
    ///
    /// # Panics
    /// When there is no such person.
    pub fn person(&self, name: &str) -> Caller {
        demo::people().into_iter().find(|(file, _)| *file == name).expect("a person of the demo").1
    }

    /// A token of a person, for an hour.
    ///
    /// # Panics
    /// When there is no such person.
    pub fn token(&self, name: &str) -> String {
        self.issuer.sign(&self.person(name), TimeDelta::days(365)).expect("a token")
    }

    /// A connection without a token.
    ///
    /// # Panics
    /// Never.
    pub fn channel(&self) -> Channel {
        Endpoint::from_shared(self.endpoint.clone()).expect("an endpoint").connect_lazy()
    }

    /// `wound`, called by a person.
    pub fn wounds(&self, person: &str) -> WoundServiceClient<As> {
        WoundServiceClient::new(self.as_person(person))
    }

    /// `directory`, called by a person.
    pub fn directory(&self, person: &str) -> DirectoryServiceClient<As> {
        DirectoryServiceClient::new(self.as_person(person))
    }

    /// `referral`, called by a person.
    pub fn referrals(&self, person: &str) -> ReferralServiceClient<As> {
        ReferralServiceClient::new(self.as_person(person))
    }

    /// `careplan`, called by a person.
    pub fn care_plans(&self, person: &str) -> CarePlanServiceClient<As> {
        CarePlanServiceClient::new(self.as_person(person))
    }

    /// `review`, called by a person.
    pub fn review(&self, person: &str) -> ReviewServiceClient<As> {
        ReviewServiceClient::new(self.as_person(person))
    }

    /// The audit, called by a person.
    pub fn audits(&self, person: &str) -> AuditServiceClient<As> {
        AuditServiceClient::new(self.as_person(person))
    }

    /// The audit, called by a citizen herself.
    ///
    /// # Panics
    /// Never.
    pub fn audits_as_citizen(&self, patient: PatientName) -> AuditServiceClient<As> {
        let citizen = Caller {
            person: format!("citizen-{}", patient.patient),
            display_name: "Inger Testsen".to_owned(),
            role: "citizen".to_owned(),
            patient: Some(patient.patient),
            ..Caller::default()
        };
        let token = self.issuer.sign(&citizen, TimeDelta::days(365)).expect("a token");
        AuditServiceClient::new(self.with_token(token))
    }

    /// A connection with a person's token.
    pub fn as_person(&self, person: &str) -> As {
        self.with_token(self.token(person))
    }

    /// A connection with any token.
    pub fn with_token(&self, token: String) -> As {
        As::new(self.channel(), Token(token))
    }

    /// A connection that a test has made, with a token.
    pub fn over(channel: Channel, token: String) -> As {
        As::new(channel, Token(token))
    }

    /// Registers a citizen of Hedensted under a person number of its own.
    ///
    /// # Panics
    /// When the call fails.
    pub async fn citizen(&self) -> PatientName {
        let serial = u64::from_le_bytes(Uuid::new_v4().as_bytes()[..8].try_into().expect("eight bytes")) % 10_000;
        let request = RegisterCitizenRequest {
            person_number: format!("{:02}{:02}45{serial:04}", serial % 28 + 1, serial % 12 + 1),
            display_name: "Inger Testsen".to_owned(),
            municipality_code: "0766".to_owned(),
            request_id: request_id(),
        };
        let citizen = self.directory("nurse").register_citizen(request).await.expect("a citizen").into_inner();
        citizen.name.parse().expect("a patient's name")
    }

    /// Records a consent that covers municipality, hospital and practice.
    ///
    /// # Panics
    /// When the call fails.
    pub async fn consent(&self, patient: PatientName) -> Consent {
        self.consent_to(patient, &[demo::MUNICIPALITY, demo::HOSPITAL, demo::PRACTICE]).await
    }

    /// Records a consent that covers these organisations.
    ///
    /// # Panics
    /// When the call fails.
    pub async fn consent_to(&self, patient: PatientName, organisations: &[&str]) -> Consent {
        let organisations: Vec<_> = organisations.iter().map(|sor| format!("organisations/{sor}")).collect();
        let consent = Consent {
            organisations,
            document: "case 26/1234".to_owned(),
            given_time: Some(time::to_wire(self.clock.now())),
            ..Consent::default()
        };
        let request =
            GrantConsentRequest { parent: patient.to_string(), consent: Some(consent), request_id: request_id() };
        self.directory("nurse").grant_consent(request).await.expect("a consent").into_inner()
    }

    /// A citizen who has consented.
    ///
    /// # Panics
    /// When a call fails.
    pub async fn citizen_with_consent(&self) -> PatientName {
        let patient = self.citizen().await;
        self.consent(patient).await;
        patient
    }

    /// Waits until every committed event is in its log and every follower has had its effect.
    ///
    /// # Panics
    /// When that takes half a minute.
    pub async fn settle(&self) {
        let settled = async {
            while !self.is_settled().await {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), settled).await.expect("every event to have its effect");
    }

    async fn is_settled(&self) -> bool {
        for db in self.dbs.values() {
            let mut tx = db.read().await.expect("a transaction");
            let (waiting,) =
                samspil_store::sql!(&mut tx, fetch_one as (i64,), "SELECT COUNT(*) FROM outbox").expect("a count");
            if waiting > 0 {
                return false;
            }
        }
        for (follower, source, types) in FOLLOWED {
            let logged = event_log::read(&self.dbs[source], 0, 1_000_000).await.expect("the log");
            let wanted =
                logged.iter().rfind(|event| types.iter().any(|t| event.r#type.ends_with(t))).map_or(0, |e| e.sequence);
            let mut tx = self.dbs[follower].read().await.expect("a transaction");
            if cursors::get(&mut tx, &format!("{follower}<{source}")).await.expect("a cursor") < wanted {
                return false;
            }
        }
        true
    }
}

/// A folder for everything on disk, and the objects: in S3 beside PostgreSQL, as in production, unless there is a quota.
async fn objects(engine: Engine, quota: Option<u64>) -> (tempfile::TempDir, Objects) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let far = match (engine, quota) {
        (Engine::Postgres, None) => crate::s3::objects(),
        _ => None,
    };
    let objects = match far {
        Some(objects) => objects,
        None => Objects::folder(&folder.path().join("objects"), quota).await.expect("a folder for photos"),
    };
    (folder, objects)
}

/// What a service stands on.
async fn base_of(
    name: &str,
    dbs: &HashMap<&'static str, Db>,
    peers: &HashMap<String, String>,
    (clock, deadlines): (&Clock, &Arc<Deadlines>),
    (issuer, master): (&Issuer, &MasterKey),
    tls: Option<&Tls>,
) -> Base {
    let keys = Keyring::open(&dbs[name], master.clone(), clock.now()).await.expect("keys");
    let peers = Peers::new(name, peers, issuer.clone(), tls).expect("peers");
    Base { db: dbs[name].clone(), clock: clock.clone(), keys, peers, deadlines: deadlines.clone() }
}

/// Every service on a listener of its own, and where that is.
async fn start(
    dbs: &HashMap<&'static str, Db>,
    objects: &Objects,
    (clock, deadlines): (&Clock, &Arc<Deadlines>),
    (issuer, master, audit_key): (&Issuer, &MasterKey, &audit::Key),
    wound: samspil_wound::Settings,
    serving: serve::Settings,
) -> (String, Running) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let scheme = if serving.tls.is_some() { "https" } else { "http" };
    let endpoint = format!("{scheme}://{}", listener.local_addr().expect("an address"));
    let peers: HashMap<_, _> = dbs.keys().map(|name| ((*name).to_owned(), endpoint.clone())).collect();
    let mut bases = HashMap::new();
    for name in dbs.keys() {
        let base = base_of(name, dbs, &peers, (clock, deadlines), (issuer, master), serving.tls.as_ref()).await;
        bases.insert(*name, base);
    }
    let base = |name: &str| bases[name].clone();
    samspil_directory::seal_numbers(&base("directory")).await.expect("sealed numbers");
    samspil_directory::put_demo_organisations(&base("directory")).await.expect("the demo's organisations");
    let parts: Vec<Box<dyn Part>> = vec![
        Box::new(samspil_directory::Directory::new(base("directory"))),
        Box::new(samspil_referral::Referrals::new(base("referral"), objects.clone())),
        Box::new(samspil_careplan::CarePlans::new(base("careplan"))),
        Box::new(samspil_wound::Wounds::new(base("wound"), objects.clone(), wound)),
        Box::new(samspil_review::Review::new(base("review"), issuer.clone(), samspil_review::Settings::default())),
    ];
    let sealing = audit::Sealing::with(audit_key.clone());
    let running = assemble::start(listener, parts, issuer.verifier(), sealing, None, serving).await.expect("servers");
    (endpoint, running)
}

/// Who follows whom, and which events.
const FOLLOWED: &[(&str, &str, &[&str])] = &[
    ("referral", "directory", CITIZENS),
    ("careplan", "directory", CITIZENS),
    ("wound", "directory", CITIZENS),
    ("wound", "referral", &[".ReferralSent", ".ReferralAccepted", ".ReferralDeclined"]),
    ("referral", "wound", &[".WoundOpened"]),
    ("careplan", "referral", &[".ReferralRejected", ".ReferralCompleted"]),
    ("careplan", "wound", &[".AssessmentRequested", ".AssessmentAnswered", ".AnswerAmended", ".AssessmentClosed"]),
];

const CITIZENS: &[&str] = &[
    ".ConsentGranted",
    ".ConsentWithdrawn",
    ".BlockPlaced",
    ".BlockLifted",
    ".GlassBroken",
    ".EmergencyAccessEnded",
    ".PresenceChanged",
];

/// A connection with a token on every call.
pub type As = InterceptedService<Channel, Token>;

/// Puts a token on every call.
#[derive(Clone)]
pub struct Token(String);

impl Interceptor for Token {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let bearer = format!("Bearer {}", self.0).parse().map_err(|_| Status::internal("a token that is no header"))?;
        request.metadata_mut().insert("authorization", bearer);
        Ok(request)
    }
}
