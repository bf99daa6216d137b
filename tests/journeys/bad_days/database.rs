//! The database crashes, stands still, has no connection left, or no room.

use std::{path::Path, process::Command, time::Duration};

use samspil_testkit::Cluster;
use sqlx::Connection as _;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient};

use super::{
    outage,
    site::{Ground, SERVICES, Site},
    work::at_work,
};
use crate::server::Server;

/// A site on a database of its own.
async fn site_on(cluster: &Cluster) -> Site {
    Site::start(Ground::on(Some(cluster.schemas("service", &SERVICES).await)).await).await
}

/// Waits until a replica says of itself that it is, or is not, ready.
pub(super) async fn says(server: &Server, wanted: ServingStatus) {
    let asked = async {
        let channel = tonic::transport::Endpoint::from_shared(server.endpoint()).unwrap().connect_lazy();
        let mut health = HealthClient::new(channel);
        loop {
            let answer = health.check(HealthCheckRequest { service: String::new() }).await.unwrap().into_inner();
            if answer.status() == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asked).await.unwrap_or_else(|_| panic!("never {wanted:?}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_crashes_in_the_middle_of_transactions_loses_nothing() {
    let mut cluster = Cluster::start(&[]);
    let site = site_on(&cluster).await;
    at_work(&site, async || {
        for _ in 0..3 {
            cluster.crash();
            tokio::time::sleep(outage() / 5).await;
            cluster.start_again();
            tokio::time::sleep(outage() / 5).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_stands_still_is_told_by_health_and_nothing_else_than_time_is_lost() {
    let cluster = Cluster::start(&[]);
    let site = site_on(&cluster).await;
    at_work(&site, async || {
        cluster.pause();
        for replica in &site.replicas {
            says(replica, ServingStatus::NotServing).await;
        }
        tokio::time::sleep(outage()).await;
        cluster.go_on();
        for replica in &site.replicas {
            says(replica, ServingStatus::Serving).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_without_connections_left_is_waited_for() {
    let cluster = Cluster::start(&["max_connections=100"]);
    let site = site_on(&cluster).await;
    at_work(&site, async || {
        // Somebody else takes whatever comes free, those of the replicas too when they are let go of.
        let mut taken = Vec::new();
        let until = tokio::time::Instant::now() + outage();
        while tokio::time::Instant::now() < until {
            match sqlx::PgConnection::connect(&cluster.url()).await {
                Ok(connection) => taken.push(connection),
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        assert!(taken.len() > 10, "{}", taken.len());
    })
    .await;
}

/// A small disk, for as long as it is held.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn mount(at: &Path, megabytes: u32) -> SmallDisk {
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "samspil-test"]).arg(at).status();
        assert!(mounted.is_ok_and(|status| status.success()), "a small disk cannot be mounted here: it takes root");
        SmallDisk(at.to_owned())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_with_a_full_disk_takes_nothing_and_goes_on_when_there_is_room() {
    let folder = tempfile::Builder::new().prefix("samspil-small-").tempdir().unwrap();
    let disk = SmallDisk::mount(folder.path(), 160);
    let inside = tempfile::Builder::new().tempdir_in(folder.path()).unwrap();
    let ballast = folder.path().join("ballast");
    let mut cluster = Cluster::start_in(inside, &["max_wal_size=32MB", "min_wal_size=32MB"]);
    let site = site_on(&cluster).await;
    at_work(&site, async || {
        // Everything that is left, to the last byte.
        let _ =
            Command::new("dd").arg("if=/dev/zero").arg(format!("of={}", ballast.display())).args(["bs=64k"]).output();
        tokio::time::sleep(outage()).await;
        std::fs::remove_file(&ballast).unwrap();
        // Without room for its log PostgreSQL may give up; Kubernetes starts it again.
        cluster.recover();
    })
    .await;
    drop((site, cluster, disk));
}
