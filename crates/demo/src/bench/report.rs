//! What was measured: a table for people, an array for programs.

use super::measure::Samples;

/// One line of the table. What does not apply is `None`.
#[derive(Default, Clone)]
pub(crate) struct Row {
    pub scenario: String,
    pub engine: &'static str,
    pub n: usize,
    pub concurrency: usize,
    pub ops_per_s: Option<f64>,
    pub p50_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    /// Of the server, for each operation; of the loop itself where the row is a floor.
    pub cpu_ms_per_op: Option<f64>,
    /// The floor's, beside it.
    pub floor_cpu_ms: Option<f64>,
    pub rss_mb: Option<f64>,
}

impl Row {
    pub(crate) fn new(scenario: impl Into<String>, engine: &'static str, concurrency: usize) -> Row {
        Row { scenario: scenario.into(), engine, concurrency, n: 1, ..Row::default() }
    }

    /// With latencies.
    pub(crate) fn samples(self, samples: &Samples) -> Row {
        let (p50_ms, p99_ms) = (Some(samples.percentile_ms(50.0)), Some(samples.percentile_ms(99.0)));
        Row { n: samples.len(), p50_ms, p99_ms, ..self }
    }
}

/// Everything that was measured, in order.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    notes: Vec<String>,
}

const HEADINGS: [&str; 11] = [
    "scenario",
    "engine",
    "n",
    "at once",
    "ops/s",
    "p50 ms",
    "p99 ms",
    "CPU ms/op",
    "floor CPU ms",
    "÷ floor",
    "RSS MB",
];

impl Report {
    /// Takes a row, and shows that something was done.
    pub(crate) fn row(&mut self, row: Row) {
        let p50 = row.p50_ms.map_or_else(String::new, |p50| format!(", p50 {} ms", digits(p50)));
        let cpu = row.cpu_ms_per_op.map_or_else(String::new, |cpu| format!(", CPU {} ms", digits(cpu)));
        let rss = row.rss_mb.map_or_else(String::new, |rss| format!(", {} MB", digits(rss)));
        println!("  {}, {}, {} at once{p50}{cpu}{rss}", row.scenario, row.engine, row.concurrency);
        self.rows.push(row);
    }

    /// Takes a sentence that stands below the table.
    pub(crate) fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    /// The table, in Markdown.
    pub(crate) fn print(&self) {
        let mut lines = vec![HEADINGS.map(str::to_owned)];
        lines.extend(self.rows.iter().map(cells));
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or_default();
        let widths: Vec<_> = (0..HEADINGS.len()).map(width).collect();
        println!();
        for (i, line) in lines.iter().enumerate() {
            let padded = line.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
                0 | 1 => format!(" {cell:<width$} "),
                _ => format!(" {cell:>width$} "),
            });
            println!("|{}|", padded.collect::<Vec<_>>().join("|"));
            if i == 0 {
                let rules = widths.iter().enumerate().map(|(column, width)| match column {
                    0 | 1 => "-".repeat(width + 2),
                    _ => format!("{}:", "-".repeat(width + 1)),
                });
                println!("|{}|", rules.collect::<Vec<_>>().join("|"));
            }
        }
        println!();
        for note in &self.notes {
            println!("- {note}");
        }
    }

    /// The array.
    pub(crate) fn json(&self) -> serde_json::Value {
        let number = |value: Option<f64>| value.map(|value| (value * 1e3).round() / 1e3);
        let rows = self.rows.iter().map(|row| {
            serde_json::json!({
                "scenario": row.scenario,
                "engine": row.engine,
                "n": row.n,
                "concurrency": row.concurrency,
                "ops_per_s": number(row.ops_per_s),
                "p50_ms": number(row.p50_ms),
                "p99_ms": number(row.p99_ms),
                "cpu_ms_per_op": number(row.cpu_ms_per_op),
                "floor_cpu_ms": number(row.floor_cpu_ms),
                "rss_mb": number(row.rss_mb),
            })
        });
        rows.collect()
    }
}

fn cells(row: &Row) -> [String; 11] {
    let text = |value: Option<f64>| value.map_or_else(String::new, digits);
    let ratio = row.cpu_ms_per_op.zip(row.floor_cpu_ms).map(|(cpu, floor)| cpu / floor);
    [
        row.scenario.clone(),
        row.engine.to_owned(),
        row.n.to_string(),
        row.concurrency.to_string(),
        text(row.ops_per_s),
        text(row.p50_ms),
        text(row.p99_ms),
        text(row.cpu_ms_per_op),
        text(row.floor_cpu_ms),
        ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
        text(row.rss_mb),
    ]
}

/// Three digits say all that a noisy machine knows.
pub(crate) fn digits(value: f64) -> String {
    match value.abs() {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_measured_is_null_and_not_zero() {
        let mut report = Report::default();
        report.row(Row { p50_ms: Some(1.23456), ..Row::new("a", "sqlite", 1) });
        let json = report.json();
        assert_eq!((json[0]["p50_ms"].as_f64(), &json[0]["rss_mb"]), (Some(1.235), &serde_json::Value::Null));
    }

    #[test]
    fn a_number_has_three_digits() {
        assert_eq!([digits(1234.5), digits(12.345), digits(1.2345)], ["1234", "12.3", "1.23"]);
    }
}
