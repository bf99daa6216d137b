//! The doors that other clients come in by.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use prost::Message as _;
use samspil_proto::wound::v1::{ListQueueRequest, ListQueueResponse};

use crate::{course, server::Server};

/// One gRPC-Web call as a browser makes it, over HTTP/1.1: the answer's messages and its trailers.
fn grpc_web(server: &Server, path: &str, token: Option<&str>, message: &[u8]) -> (Vec<Vec<u8>>, String) {
    let mut body = vec![0];
    body.extend((message.len() as u32).to_be_bytes());
    body.extend(message);
    let authorization = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n\
         content-length: {}\r\nconnection: close\r\n{authorization}\r\n",
        server.address(),
        body.len()
    );
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase();
    let body = answer[end + 4..].to_vec();
    let body = if head.contains("transfer-encoding: chunked") { unchunk(&body) } else { body };
    let (mut messages, mut trailers, mut rest) = (Vec::new(), head, body.as_slice());
    while rest.len() >= 5 {
        let length = u32::from_be_bytes(rest[1..5].try_into().unwrap()) as usize;
        let frame = rest[5..5 + length].to_vec();
        if rest[0] & 0x80 == 0 {
            messages.push(frame)
        } else {
            trailers += &String::from_utf8(frame).unwrap()
        }
        rest = &rest[5 + length..];
    }
    (messages, trailers)
}

fn unchunk(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|window| window == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        whole.extend(&body[end + 2..end + 2 + length]);
        body = &body[end + 2 + length + 2..];
        if length == 0 {
            break;
        }
    }
    whole
}

const LIST_QUEUE: &str = "/samspil.wound.v1.WoundService/ListQueue";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_calls_over_grpc_web_and_is_refused_without_a_token() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    course::open_wound(&server.connect("nurse")).await;
    let request = ListQueueRequest::default().encode_to_vec();
    let (messages, trailers) = grpc_web(&server, LIST_QUEUE, Some(&server.token("specialist")), &request);
    assert_eq!(messages.len(), 1, "{trailers}");
    assert_eq!(ListQueueResponse::decode(messages[0].as_slice()).unwrap(), ListQueueResponse::default());
    assert!(trailers.contains("grpc-status:0") || trailers.contains("grpc-status: 0"), "{trailers}");

    let (messages, trailers) = grpc_web(&server, LIST_QUEUE, None, &request);
    assert!(messages.is_empty());
    assert!(trailers.contains("grpc-status: 16") || trailers.contains("grpc-status:16"), "{trailers}");
    let (_, trailers) = grpc_web(&server, LIST_QUEUE, Some(&server.token("nurse")), &request);
    assert!(trailers.contains("grpc-status: 7") || trailers.contains("grpc-status:7"), "{trailers}");
}

/// What a browser gets that asks for a page over HTTP/1.1: head and body.
fn page(server: &Server, path: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", server.address());
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_browser_finds_the_web_tool_where_serve_says_and_the_way_to_sign_in() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[("SAMSPIL_TRACE_URL", "https://traces.example/{trace_id}")]);
    assert_eq!(server.web_tool(), format!("The web tool: {}/", server.endpoint()));
    for path in ["/", "/queue"] {
        let answer = page(&server, path);
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("<title>"), "{answer}");
    }
    assert!(page(&server, "/app.json").contains("\"traceUrl\":\"https://traces.example/{trace_id}\""));
    let issuer = format!("\"issuer\":\"{}\"", server.endpoint());
    assert!(page(&server, "/.well-known/openid-configuration").contains(&issuer));
}

#[test]
fn serve_refuses_what_would_be_unsafe_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |arguments: &[&str]| {
        let out = std::process::Command::new(env!("CARGO_BIN_EXE_samspil"))
            .arg("serve")
            .args(arguments)
            .arg("--data-dir")
            .arg(folder.path())
            .output()
            .unwrap();
        assert!(!out.status.success());
        String::from_utf8(out.stderr).unwrap()
    };
    let written = |text: &str| {
        let file = folder.path().join("wrong.toml");
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    assert!(refused(&["--production"]).contains("`providers` names no OpenID Connect provider"));
    assert!(refused(&["--listen", "0.0.0.0:0"]).contains("loopback"));
    assert!(refused(&["--database-url", "postgres://localhost/all"]).contains("{service}"));
    assert!(refused(&["--config", &written("tls_key = \"a.key\"")]).contains("only 1 of the three"));
    let absent = "tls_certificate = \"a.crt\"\ntls_key = \"a.key\"\ntls_authorities = \"ca.crt\"";
    assert!(refused(&["--listen", "0.0.0.0:0", "--config", &written(absent)]).contains("cannot read a.crt"));
    assert!(refused(&["--config", &written("health_listen = \"127.0.0.1:50051\"")]).contains("a port of its own"));
    for (wrong, why) in [("https://traces.example/", "{trace_id}"), ("javascript:{trace_id}", "http")] {
        assert!(refused(&["--config", &written(&format!("trace_url = {wrong:?}"))]).contains(why), "{wrong}");
    }
    let server = Server::start(folder.path(), &[]);
    assert!(refused(&["--listen", "127.0.0.1:0"]).contains("another process serves"));
    assert!(server.terminate().success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_story_is_told_to_nobody_without_business_with_the_patient() {
    use samspil_proto::trace::v1::{GetStoryRequest, trace_service_client::TraceServiceClient};
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let wound = course::open_wound(&server.connect("nurse")).await;
    let ask = async |person: &str, name: String| {
        let mut request = tonic::Request::new(GetStoryRequest { name });
        let bearer = format!("Bearer {}", server.token(person)).parse().unwrap();
        request.metadata_mut().insert("authorization", bearer);
        let mut client = TraceServiceClient::connect(server.endpoint()).await.unwrap();
        client.get_story(request).await.map(tonic::Response::into_inner)
    };
    let story = ask("nurse", wound.to_string()).await.unwrap();
    assert!(story.traces[0].spans.iter().any(|span| span.name.ends_with("/OpenWound")), "{story:?}");
    for name in [wound.to_string(), story.traces[0].trace_id.clone()] {
        let refused = samspil_testkit::refusal(ask("outsider", name).await);
        assert_eq!((refused.code, refused.reason.as_str()), (tonic::Code::PermissionDenied, "NO_RELATION"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_for_too_much_is_told_when_to_come_back() {
    use samspil_proto::review::v1::GetCallerRequest;
    use tonic_types::StatusExt as _;
    let folder = tempfile::tempdir().unwrap();
    let limits = [("SAMSPIL_CALLER_CALLS_PER_SECOND", "1"), ("SAMSPIL_CALLER_BYTES_PER_SECOND", "1000")];
    let server = Server::start(folder.path(), &limits);
    let channel = tonic::transport::Endpoint::from_shared(server.endpoint()).unwrap().connect_lazy();
    let call = async |person: &str, path: &str, message: Vec<u8>| {
        let token = server.token(person);
        let mut answer = samspil_testkit::call_raw(channel.clone(), path, Some(&token), vec![message.into()]).await?;
        answer.message().await.map(drop)
    };
    let caller = async |person: &str| {
        call(person, "/samspil.review.v1.ReviewService/GetCaller", GetCallerRequest {}.encode_to_vec()).await
    };
    let refused = async {
        loop {
            if let Err(status) = caller("nurse").await {
                return status;
            }
        }
    };
    let refused = tokio::time::timeout(std::time::Duration::from_secs(60), refused).await.expect("an end of it");
    let pause = refused.get_details_retry_info().unwrap().retry_delay.unwrap();
    assert_eq!(refused.get_details_error_info().unwrap().reason, "OVERLOADED");
    assert!(pause <= std::time::Duration::from_secs(1), "{pause:?}");
    // Nobody else notices.
    caller("specialist").await.unwrap();
    // More bytes than ten seconds' worth, in one message that would be refused later for what it says.
    let refused = call("gp", "/samspil.wound.v1.WoundService/GetWound", vec![0; 11_000]).await.unwrap_err();
    assert_eq!(refused.get_details_error_info().unwrap().reason, "OVERLOADED");
}
