//! `samspil trace`: the story of a resource as a waterfall.

use std::{collections::HashMap, path::PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Args;
use samspil_proto::{
    time,
    trace::v1::{GetStoryRequest, Span, Trace, trace_service_client::TraceServiceClient},
};
use tonic::{Request, metadata::MetadataValue};

/// Columns of the bars.
const WIDTH: i64 = 40;

#[derive(Args)]
pub(crate) struct TraceCommand {
    /// A resource name, such as a wound's, or a trace id.
    name: String,
    /// Where `serve` listens.
    #[arg(long, env = "SAMSPIL_ENDPOINT", default_value = "http://127.0.0.1:50051")]
    endpoint: String,
    /// A file with a token; the demo nurse's from the data folder when none is given.
    #[arg(long, env = "SAMSPIL_TOKEN_FILE")]
    token_file: Option<PathBuf>,
    /// The folder that `serve` keeps the demo people's tokens in.
    #[arg(long, env = "SAMSPIL_DATA_DIR", default_value = ".samspil")]
    data_dir: PathBuf,
    /// Every statement on a line of its own.
    #[arg(long)]
    all: bool,
}

impl TraceCommand {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let file = self.token_file.unwrap_or_else(|| self.data_dir.join("tokens/nurse.token"));
        let token =
            std::fs::read_to_string(&file).with_context(|| format!("cannot read a token from {}", file.display()))?;
        let mut request = Request::new(GetStoryRequest { name: self.name });
        request.metadata_mut().insert("authorization", MetadataValue::try_from(format!("Bearer {}", token.trim()))?);
        let client = TraceServiceClient::connect(self.endpoint.clone()).await;
        let client = client.with_context(|| format!("nobody answers on {}", self.endpoint))?;
        // A story of thousands of spans is larger than a message usually may be.
        let story = client.max_decoding_message_size(64 << 20).get_story(request).await?.into_inner();
        if story.traces.is_empty() {
            println!("Nothing is known of {}: `serve` keeps the newest spans in memory only.", story.name);
        }
        for trace in &story.traces {
            print(trace, self.all);
        }
        if story.truncated {
            println!("Older spans were dropped; the first traces may have gaps.");
        }
        Ok(())
    }
}

fn start(span: &Span) -> DateTime<Utc> {
    span.start_time.as_ref().and_then(time::from_wire).unwrap_or_default()
}

fn print(trace: &Trace, all: bool) {
    let Some(first) = trace.spans.iter().map(start).min() else { return };
    let end = |span: &Span| (start(span) - first).num_microseconds().unwrap_or_default() + span.duration_us;
    let total = trace.spans.iter().map(end).max().unwrap_or(1).max(1);
    let local = first.with_timezone(&chrono_tz::Europe::Copenhagen);
    println!("\ntrace {}  {}  {}", trace.trace_id, local.format("%Y-%m-%d %H:%M:%S%.3f"), milliseconds(total));
    let mut links: Vec<_> = trace.spans.iter().flat_map(|span| &span.linked_trace_ids).collect();
    links.dedup();
    for link in links {
        println!("  answers {link}");
    }
    let statements = if all { HashMap::new() } else { statements(trace) };
    for span in trace.spans.iter().filter(|span| all || !is_statement(span)) {
        let begin = (start(span) - first).num_microseconds().unwrap_or_default();
        let label = format!("{}{}", "  ".repeat(span.depth as usize), short(span));
        let sql = statements.get(span.span_id.as_str());
        let sql = sql.map(|(n, us)| format!("  {n} statements {}", milliseconds(*us))).unwrap_or_default();
        let failed = if span.failed { "  FAILED" } else { "" };
        println!(
            "  {:<58} {} {:>10}{sql}{failed}",
            clip(&label, 58),
            bar(begin, span.duration_us, total),
            milliseconds(span.duration_us)
        );
    }
}

fn is_statement(span: &Span) -> bool {
    span.attributes.contains_key("db.query.text")
}

/// How many statements each span ran, and how long they took together.
fn statements(trace: &Trace) -> HashMap<&str, (usize, i64)> {
    let mut counted: HashMap<&str, (usize, i64)> = HashMap::new();
    for span in trace.spans.iter().filter(|span| is_statement(span)) {
        let (n, us) = counted.entry(&span.parent_span_id).or_default();
        *n += 1;
        *us += span.duration_us;
    }
    counted
}

/// `WoundService/UploadPhoto` in place of the full name, and who did it.
fn short(span: &Span) -> String {
    let name = span
        .name
        .strip_prefix("samspil.")
        .map_or(span.name.as_str(), |rest| rest.splitn(3, '.').nth(2).unwrap_or(rest));
    match span.kind.as_str() {
        "internal" | "consumer" => name.to_owned(),
        kind => format!("{name} [{kind}]"),
    }
}

fn bar(begin: i64, duration: i64, total: i64) -> String {
    let from = (begin * WIDTH / total).clamp(0, WIDTH - 1);
    let length = ((duration * WIDTH + total - 1) / total).clamp(1, WIDTH - from);
    format!(
        "│{}{}{}│",
        " ".repeat(from as usize),
        "█".repeat(length as usize),
        " ".repeat((WIDTH - from - length) as usize)
    )
}

fn milliseconds(us: i64) -> String {
    format!("{}.{:02} ms", us / 1000, us % 1000 / 10)
}

fn clip(text: &str, width: usize) -> String {
    if text.chars().count() <= width { text.to_owned() } else { text.chars().take(width - 1).chain(['…']).collect() }
}
