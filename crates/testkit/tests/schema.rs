//! Whose tables they are: a program serves from those that it was built for, and from no others.

use samspil_directory::MIGRATIONS;
use samspil_store::{Db, SchemaError, Settings, sql};
use samspil_testkit::{Engine, fresh_schema};
use tempfile::TempDir;

/// An empty database.
async fn empty(engine: Engine) -> (Db, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let settings = match engine {
        Engine::Sqlite => Settings::Sqlite(folder.path().join("directory.db")),
        Engine::Postgres => Settings::Postgres { url: fresh_schema().await, connections: 4 },
    };
    (Db::open(&settings).await.unwrap(), folder)
}

/// Makes a change by hand, as no program of ours does.
macro_rules! by_hand {
    ($db:expr, $($statement:tt)+) => {{
        let mut tx = $db.begin().await.unwrap();
        let rows = sql!(&mut tx, execute, $($statement)+).unwrap();
        tx.commit().await.unwrap();
        rows
    }};
}

async fn an_empty_database_is_stale_until_it_is_migrated(engine: Engine) {
    let (db, _folder) = empty(engine).await;
    let Err(SchemaError::Stale(missing)) = db.schema(&MIGRATIONS).await else { panic!("nothing is there") };
    assert_eq!(db.migrate(&MIGRATIONS).await.unwrap(), missing.len());
    db.schema(&MIGRATIONS).await.unwrap();
    assert_eq!(db.migrate(&MIGRATIONS).await.unwrap(), 0, "the second time there is nothing to do");
}

async fn a_migration_that_was_not_applied_is_named(engine: Engine) {
    let (db, _folder) = empty(engine).await;
    db.migrate(&MIGRATIONS).await.unwrap();
    assert_eq!(by_hand!(db, "DELETE FROM _sqlx_migrations WHERE version = 104"), 1);
    let stale = db.schema(&MIGRATIONS).await.unwrap_err();
    assert!(matches!(&stale, SchemaError::Stale(missing) if *missing == [104]), "{stale}");
    assert!(stale.to_string().contains("samspil migrate"), "{stale}");
}

async fn what_a_newer_program_migrated_is_left_alone(engine: Engine) {
    let (db, _folder) = empty(engine).await;
    db.migrate(&MIGRATIONS).await.unwrap();
    by_hand!(
        db,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         SELECT 9999, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 101"
    );
    assert!(matches!(db.schema(&MIGRATIONS).await, Err(SchemaError::Newer(9999))));
    let refused = db.migrate(&MIGRATIONS).await.unwrap_err();
    assert!(refused.to_string().contains("newer"), "{refused}");
}

async fn a_migration_with_another_text_is_noticed(engine: Engine) {
    let (db, _folder) = empty(engine).await;
    db.migrate(&MIGRATIONS).await.unwrap();
    let changed = by_hand!(
        db,
        "UPDATE _sqlx_migrations SET checksum = (SELECT checksum FROM _sqlx_migrations WHERE version = 102)
         WHERE version = 101"
    );
    assert_eq!(changed, 1);
    assert!(matches!(db.schema(&MIGRATIONS).await, Err(SchemaError::Changed(101))));
    db.migrate(&MIGRATIONS).await.unwrap_err();
}

/// As the migration jobs of two releases do that are rolled out at once.
async fn two_who_migrate_at_once_do_it_once(engine: Engine) {
    let (db, folder) = empty(engine).await;
    let other = match engine {
        Engine::Sqlite => Db::open(&Settings::Sqlite(folder.path().join("directory.db"))).await.unwrap(),
        Engine::Postgres => db.clone(),
    };
    let (one, two) = tokio::join!(db.migrate(&MIGRATIONS), other.migrate(&MIGRATIONS));
    one.unwrap();
    two.unwrap();
    db.schema(&MIGRATIONS).await.unwrap();
}

macro_rules! on_both_empty {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() { super::$name(samspil_testkit::Engine::Sqlite).await })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() { super::$name(samspil_testkit::Engine::Postgres).await })+
        }
    };
}

on_both_empty!(
    an_empty_database_is_stale_until_it_is_migrated,
    a_migration_that_was_not_applied_is_named,
    what_a_newer_program_migrated_is_left_alone,
    a_migration_with_another_text_is_noticed,
    two_who_migrate_at_once_do_it_once,
);
