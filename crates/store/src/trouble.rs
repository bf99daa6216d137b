//! What an engine's error means for who asked.

use sqlx::{Error, error::DatabaseError};

/// Whose trouble it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The engine is restarting, out of reach, out of connections, or had to choose between two transactions: the same again in a
    /// moment may well succeed. Whether a commit happened is unknown.
    Passing,
    /// There is no room on its disk. Nothing was changed.
    Full,
    /// The statement is wrong, or the data are not as the program believes.
    Ours,
}

/// What an error means.
pub fn trouble(error: &Error) -> Trouble {
    match error {
        Error::PoolTimedOut | Error::PoolClosed | Error::Io(_) | Error::WorkerCrashed => Trouble::Passing,
        // What is left of a connection that broke in the middle of an answer.
        Error::Protocol(_) | Error::Tls(_) => Trouble::Passing,
        Error::Database(error) => of_engine(&**error),
        _ => Trouble::Ours,
    }
}

/// By PostgreSQL's SQLSTATE, five characters, or SQLite's extended result code, a number.
fn of_engine(error: &dyn DatabaseError) -> Trouble {
    let code = error.code().unwrap_or_default();
    match &*code {
        "53100" | "13" => Trouble::Full,
        // SQLITE_BUSY and its kin, SQLITE_LOCKED: what lasts longer than the busy timeout, such as a backup.
        "5" | "261" | "517" | "773" | "6" => Trouble::Passing,
        // A deadlock or a conflict, of which one has to try again.
        "40001" | "40P01" => Trouble::Passing,
        // Out of memory, of connections; a lock that was not had in time.
        code if code.len() == 5 && (code.starts_with("53") || code == "55P03") => Trouble::Passing,
        // The connection broke; the server is stopping, has crashed, or is not up yet; it stands by and only reads.
        code if code.len() == 5 && code.starts_with("08") => Trouble::Passing,
        "57P01" | "57P02" | "57P03" | "25006" => Trouble::Passing,
        _ => Trouble::Ours,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_does_not() {
        assert_eq!(trouble(&Error::PoolTimedOut), Trouble::Passing);
        assert_eq!(trouble(&std::io::Error::from(std::io::ErrorKind::ConnectionReset).into()), Trouble::Passing);
        assert_eq!(trouble(&Error::RowNotFound), Trouble::Ours);
    }
}
