//! What a person reads.

use std::time::Instant;

use crate::{play::Played, server::Server};

/// Prints steps with the time since the beginning.
pub(crate) struct Teller {
    begun: Instant,
}

impl Teller {
    pub(crate) fn new() -> Teller {
        Teller { begun: Instant::now() }
    }

    pub(crate) fn heading(&self, text: &str) {
        println!("\n── {text} {}", "─".repeat(96usize.saturating_sub(text.chars().count())));
    }

    pub(crate) fn line(&self, text: &str) {
        println!("{text}");
    }

    /// One step: who, and what.
    pub(crate) fn step(&self, who: &str, what: &str) {
        println!("{:>7.2} s  {who:<11} {what}", self.begun.elapsed().as_secs_f64());
    }

    /// What belongs to the step before.
    pub(crate) fn detail(&self, what: &str) {
        println!("{:>21} {what}", "");
    }
}

/// Ready-made calls.
pub(crate) fn invite(teller: &Teller, server: &Server, played: &Played) {
    let address = server.endpoint.trim_start_matches("http://");
    let data = server.data.display();
    let samspil = crate::server::binary().map_or_else(|_| "samspil".to_owned(), |path| path.display().to_string());
    teller.heading("Try it");
    teller.line(&format!("  In a browser, as nurse or specialist: {}/", server.endpoint));
    for line in [
        format!("{samspil} specialist queue"),
        format!("{samspil} nurse watch --wound {}", played.wound),
        format!("{samspil} nurse plan --patient {}", played.patient),
        format!("{samspil} trace {} --all", played.wound),
        format!(
            "grpcurl -plaintext -H \"authorization: Bearer $(cat {data}/tokens/specialist.token)\" {address} samspil.wound.v1.WoundService/ListQueue"
        ),
        format!(
            "buf curl --http2-prior-knowledge --protocol grpc -H \"authorization: Bearer $(cat {data}/tokens/nurse.token)\" -d '{{\"name\": \"{}\"}}' http://{address}/samspil.wound.v1.WoundService/GetWound",
            played.wound
        ),
    ] {
        println!("  {line}");
    }
}
