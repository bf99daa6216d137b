//! One text of SQL for two engines.

use std::time::Instant;

use tracing::Instrument as _;

use crate::{Engine, Tx, meter};

/// Runs a statement, with a span of its own and the request's meter ticking.
#[doc(hidden)]
pub(crate) async fn timed<T>(engine: Engine, text: &'static str, run: impl Future<Output = T>) -> T {
    let span = tracing::info_span!(
        "sql",
        otel.name = summary(text),
        otel.kind = "client",
        db.system.name = engine.as_str(),
        db.query.text = text,
    );
    let begun = Instant::now();
    let result = run.instrument(span).await;
    meter::count(begun.elapsed());
    result
}

/// Used by [`sql!`](crate::sql!).
#[doc(hidden)]
pub async fn statement<T>(
    engine: Engine,
    text: &'static str,
    run: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    timed(engine, text, run).await
}

/// The first two words that say what a statement does: `SELECT wounds`, `INSERT outbox`.
fn summary(text: &'static str) -> String {
    let mut words = text.split_whitespace();
    let verb = words.next().unwrap_or_default();
    let table = text
        .split_whitespace()
        .skip_while(|word| !matches!(*word, "FROM" | "INTO" | "UPDATE"))
        .nth(1)
        .unwrap_or_default();
    if table.is_empty() { verb.to_owned() } else { format!("{verb} {}", table.trim_matches(['(', ')', ','])) }
}

impl Tx {
    #[doc(hidden)]
    pub fn this(&mut self) -> &mut Tx {
        self
    }
}

/// Runs a statement in a [`Tx`].
///
/// `execute` gives the number of rows; `fetch_one as T`, `fetch_optional as T` and `fetch_all as T` give rows, where `T` is a
/// tuple or derives [`FromRow`](crate::FromRow). Where the engines really differ, `{ sqlite: …, postgres: … }` gives each
/// its own text, with the same binds.
#[macro_export]
macro_rules! sql {
    ($tx:expr, $method:ident $(as $row:ty)?, { sqlite: $sqlite:expr, postgres: $postgres:expr } $(, $bind:expr)* $(,)?) => {{
        let tx = $tx.this();
        let engine = tx.engine();
        match &mut tx.inner {
            $crate::Inner::Sqlite(tx) => {
                $crate::sql!(@run engine, tx, $method $(as $row)?, $sqlite $(, $bind)*)
            }
            $crate::Inner::Postgres(tx) => {
                $crate::sql!(@run engine, tx, $method $(as $row)?, $postgres $(, $bind)*)
            }
        }
    }};
    (@run $engine:expr, $tx:expr, execute, $text:expr $(, $bind:expr)*) => {
        $crate::statement($engine, $text, $crate::sqlx::query($text)$(.bind($bind))*.execute(&mut **$tx))
            .await
            .map(|done| done.rows_affected())
    };
    (@run $engine:expr, $tx:expr, $method:ident as $row:ty, $text:expr $(, $bind:expr)*) => {
        $crate::statement($engine, $text, $crate::sqlx::query_as::<_, $row>($text)$(.bind($bind))*.$method(&mut **$tx)).await
    };
    ($tx:expr, $method:ident $(as $row:ty)?, $text:expr $(, $bind:expr)* $(,)?) => {
        $crate::sql!($tx, $method $(as $row)?, { sqlite: $text, postgres: $text } $(, $bind)*)
    };
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_statement_is_summed_up_by_verb_and_table() {
        assert_eq!(super::summary("SELECT * FROM wounds WHERE wound_id = $1"), "SELECT wounds");
        assert_eq!(super::summary("INSERT INTO outbox (a) VALUES ($1)"), "INSERT outbox");
        assert_eq!(super::summary("UPDATE wounds SET state = $1"), "UPDATE wounds");
        assert_eq!(super::summary("SELECT 1"), "SELECT");
    }
}
