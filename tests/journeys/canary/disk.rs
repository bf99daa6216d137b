//! What somebody finds who has a copy of the disk.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use samspil_store::{Db, Inner, Settings, sqlx};

use super::{
    SERVICES,
    marks::{ALL, NAME, NUMBERS, TEXT, clean, found},
};

/// `known` is some of her photo's bytes.
pub(crate) async fn look(folder: &Path, url: &str, known: &[Vec<u8>]) {
    let mut objects = 0;
    for file in files(folder) {
        let bytes = std::fs::read(&file).unwrap();
        let (name, told) = (file.file_name().unwrap().to_string_lossy(), file.display().to_string());
        clean(told.as_bytes(), &ALL, "a file's name");
        if name.contains(".db") {
            clean(&bytes, &NUMBERS, &told);
            let of_directory = name.starts_with("directory.db");
            clean(&bytes, if of_directory { &[] } else { &[NAME] }, &told);
        } else {
            clean(&bytes, &ALL, &told);
        }
        if name == "serve.log" {
            let log = String::from_utf8_lossy(&bytes);
            assert!(log.contains("request ended") && log.contains("\"TRACE\""), "the log says everything");
        }
        if told.contains("/photos/") || told.contains("/attachments/") {
            objects += 1;
            assert!(!bytes.starts_with(b"\xff\xd8\xff"), "{told} is a JPEG");
            let words = [&b"JFIF\0"[..], b"ICC_PROFILE"].into_iter().chain(known.iter().map(Vec::as_slice));
            for word in words {
                assert!(!bytes.windows(word.len()).any(|window| window == word), "{told} holds a photo in clear");
            }
        }
    }
    assert!(objects > 4, "a photo, its renditions, a letter: {objects}");
    tables(folder, url).await;
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Every column of every table.
async fn tables(folder: &Path, url: &str) {
    let mut with_text = BTreeSet::new();
    for service in SERVICES {
        let settings = match url {
            "" => Settings::Sqlite(folder.join(format!("{service}.db"))),
            url => Settings::Postgres { url: url.replace("{service}", service), connections: 1 },
        };
        let db = Db::open(&settings).await.unwrap();
        let mut columns = 0;
        for (table, column) in columns_of(&db).await {
            let place = format!("{service}.{table}.{column}");
            let values = values(&db, &table, &column).await;
            clean(&values, &NUMBERS, &place);
            let of_her = ["directory.citizens.display_name", "directory.requests.response"];
            clean(&values, if of_her.contains(&place.as_str()) { &[] } else { &[NAME] }, &place);
            if !found(&values, &[TEXT]).is_empty() {
                with_text.insert(place);
            }
            columns += 1;
        }
        assert!(columns > 20, "{service} has {columns} columns");
        db.close().await;
    }
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/journeys/canary/text.txt");
    let told = with_text.into_iter().map(|place| place + "\n").collect::<String>();
    if std::env::var_os("SAMSPIL_WRITE_DOCS").is_some() {
        std::fs::write(&list, &told).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&list).unwrap(), told, "the columns that hold what is written about somebody");
}

async fn columns_of(db: &Db) -> Vec<(String, String)> {
    let mut tx = db.read().await.unwrap();
    match &mut tx.inner {
        Inner::Sqlite(sqlite) => {
            let columns =
                "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
            sqlx::query_as(columns).fetch_all(&mut **sqlite).await.unwrap()
        }
        Inner::Postgres(postgres) => {
            let columns = "SELECT table_name::text, column_name::text FROM information_schema.columns
                           WHERE table_schema = current_schema()";
            sqlx::query_as(columns).fetch_all(&mut **postgres).await.unwrap()
        }
    }
}

/// All values of a column, as bytes; those of PostgreSQL that are bytes come in hexadecimal.
async fn values(db: &Db, table: &str, column: &str) -> Vec<u8> {
    let mut tx = db.read().await.unwrap();
    let as_bytes =
        |cast: &str| sqlx::AssertSqlSafe(format!("SELECT {cast} FROM \"{table}\" t WHERE \"{column}\" IS NOT NULL"));
    let rows: Vec<(Vec<u8>,)> = match &mut tx.inner {
        Inner::Sqlite(sqlite) => {
            let rows = sqlx::query_as(as_bytes(&format!("CAST(\"{column}\" AS BLOB)")));
            rows.fetch_all(&mut **sqlite).await.unwrap()
        }
        Inner::Postgres(postgres) => {
            let rows = sqlx::query_as(as_bytes(&format!("convert_to(CAST(\"{column}\" AS TEXT), 'UTF8')")));
            rows.fetch_all(&mut **postgres).await.unwrap()
        }
    };
    rows.into_iter().map(|(row,)| row).collect::<Vec<_>>().join(&b'\n')
}
