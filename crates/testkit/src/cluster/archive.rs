//! A server that archives its log, and one that comes back from a backup as everything was at a time.

use std::{io::Write as _, process::Command, time::Instant};

use sqlx::{Connection as _, PgConnection};

use super::{Cluster, PATIENCE};
use crate::postgres::{free_port, is_root, run, user};

/// What `pg_basebackup` has taken of a server.
pub struct Backup(tempfile::TempDir);

fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("samspil-pg-").tempdir().expect("a temporary folder")
}

/// Gives a file to whom the server runs as.
fn hand_over(path: &std::path::Path) {
    if is_root() {
        run(Command::new("chown").arg("postgres").arg(path));
    }
}

impl Cluster {
    /// Starts a server that puts its write-ahead log aside, file by file, as production does.
    ///
    /// # Panics
    /// As [`Cluster::start`].
    pub fn start_archiving() -> Cluster {
        let folder = folder();
        let archive = folder.path().join("archive");
        std::fs::create_dir(&archive).expect("a folder");
        hand_over(&archive);
        let command = format!("'archive_command=cp %p {}/%f'", archive.display());
        Cluster::start_in(folder, &["archive_mode=on", &command])
    }

    /// A base backup, taken while it serves.
    ///
    /// # Panics
    /// When it cannot be taken.
    pub fn back_up(&self) -> Backup {
        let folder = folder();
        hand_over(folder.path());
        let mut backup = user(is_root(), "pg_basebackup");
        backup.args(["--no-sync", "--checkpoint=fast", "--wal-method=none", "-h", "127.0.0.1", "-U", "postgres", "-p"]);
        run(backup.arg(self.port.to_string()).arg("-D").arg(folder.path().join("data")));
        Backup(folder)
    }

    /// The time by its clock, as `recovery_target_time` takes it.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn time(&self) -> String {
        let mut connection = PgConnection::connect(&self.url()).await.expect("a connection");
        sqlx::query_scalar("SELECT clock_timestamp()::TEXT").fetch_one(&mut connection).await.expect("the time")
    }

    /// Waits until everything that is committed is in the archive.
    ///
    /// # Panics
    /// When it does not come there.
    pub async fn archives(&self) {
        let mut connection = PgConnection::connect(&self.url()).await.expect("a connection");
        let last = sqlx::query_scalar("SELECT pg_walfile_name(pg_current_wal_insert_lsn())");
        let last: String = last.fetch_one(&mut connection).await.expect("the log's last file");
        sqlx::query("SELECT pg_switch_wal()").execute(&mut connection).await.expect("another file");
        let until = Instant::now() + PATIENCE;
        let is_there = "SELECT COALESCE(last_archived_wal >= $1, FALSE) FROM pg_stat_archiver";
        while !sqlx::query_scalar::<_, bool>(is_there)
            .bind(&last)
            .fetch_one(&mut connection)
            .await
            .expect("the archive")
        {
            assert!(Instant::now() < until, "{last} does not come into the archive");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// Starts another server from a backup and this one's archive, with everything that was committed up to a time.
    ///
    /// # Panics
    /// When it does not come up.
    pub fn restored(&self, Backup(folder): Backup, to: &str) -> Cluster {
        let data = folder.path().join("data");
        let archive = self.folder.path().join("archive");
        let settings = format!(
            "restore_command = 'cp {}/%f %p'\nrecovery_target_time = '{to}'\nrecovery_target_action = 'promote'\n\
             hot_standby = off\n",
            archive.display()
        );
        let mut file =
            std::fs::OpenOptions::new().append(true).open(data.join("postgresql.auto.conf")).expect("settings");
        file.write_all(settings.as_bytes()).expect("settings");
        std::fs::write(data.join("recovery.signal"), "").expect("a file");
        hand_over(&data.join("recovery.signal"));
        let mut cluster = Cluster { folder, port: free_port(), settings: Vec::new(), shell: None };
        cluster.start_again();
        cluster
    }
}
