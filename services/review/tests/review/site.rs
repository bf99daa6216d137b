//! The tool's files.

use std::io::Read as _;

use reqwest::{Method, Response};
use samspil_kit::{assemble, audit::Sealing, serve};
use samspil_review::{Review, Settings};
use samspil_testkit::{Engine, World};

use crate::browser::Browser;

const ASSET: &str = "/assets/index-5d41402a.css";
const INDEX: &str = include_str!("../site/index.html");

/// The service with the files of the tests, or none.
async fn site(files: bool) -> Browser {
    site_at(files, None).await
}

/// The same, whose people sign in at a provider.
async fn site_at(files: bool, sign_in: Option<samspil_review::SignIn>) -> Browser {
    let world = World::start(Engine::Sqlite).await;
    // Compressed, as in a release.
    let files = files.then(|| memory_serve::load!("test").enable_brotli(true).enable_gzip(true));
    let settings = Settings { trace_url: "https://traces.example/{trace_id}".to_owned(), sign_in, files };
    let review = Review::new(world.base("review").await, world.issuer.clone(), settings);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let browser = Browser::at(&format!("http://{}", listener.local_addr().unwrap()));
    let sealing = Sealing::with(world.audit_key.clone());
    assemble::start(
        listener,
        vec![Box::new(review)],
        world.issuer.verifier(),
        sealing,
        None,
        serve::Settings::default(),
    )
    .await
    .unwrap();
    browser
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn the_tool_is_shown_at_every_path_that_is_no_file() {
    let site = site(true).await;
    for path in ["/", "/index.html", "/queue", "/patients/1/wounds/2?tab=photos", "/a/"] {
        let answer = site.get(path).await;
        assert_eq!((answer.status().as_u16(), header(&answer, "content-type")), (200, "text/html"), "{path}");
        assert_eq!(header(&answer, "cache-control"), "no-cache");
        assert_eq!(answer.text().await.unwrap(), INDEX);
    }
    for path in ["/assets/index-0.css", "/nothing.png", "/../Cargo.toml", "/%2e%2e/Cargo.toml", "/queue/sw.js"] {
        let answer = site.get(path).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(answer.text().await.unwrap(), "");
    }
}

#[tokio::test]
async fn what_never_changes_is_kept_for_good_and_the_rest_is_asked_for_anew() {
    let site = site(true).await;
    let asset = site.get(ASSET).await;
    assert_eq!(header(&asset, "content-type"), "text/css");
    assert_eq!(header(&asset, "cache-control"), "public, max-age=31536000, immutable");
    for (path, kind) in [("/sw.js", "text/javascript"), ("/manifest.webmanifest", "application/manifest+json")] {
        let answer = site.get(path).await;
        assert_eq!((answer.status().as_u16(), header(&answer, "content-type")), (200, kind), "{path}");
        assert_eq!(header(&answer, "cache-control"), "no-cache", "{path}");
    }
    for path in ["/", ASSET] {
        let etag = header(&site.get(path).await, "etag").to_owned();
        let again = site.asks(Method::GET, path).header("if-none-match", &etag).send().await.unwrap();
        assert_eq!((again.status().as_u16(), header(&again, "etag")), (304, etag.as_str()));
        assert_eq!(again.text().await.unwrap(), "");
        let other = site.asks(Method::GET, path).header("if-none-match", "\"other\"").send().await.unwrap();
        assert_eq!(other.status(), 200);
    }
}

#[tokio::test]
async fn files_are_sent_as_small_as_the_browser_can_take_them() {
    let site = site(true).await;
    let plain = site.get("/").await.text().await.unwrap();
    for (accepted, encoding) in [("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", "")] {
        let answer = site.asks(Method::GET, "/").header("accept-encoding", accepted).send().await.unwrap();
        assert_eq!(header(&answer, "content-encoding"), encoding, "{accepted}");
        assert_eq!(header(&answer, "vary"), "accept-encoding");
        let bytes = answer.bytes().await.unwrap();
        assert_eq!(bytes.len() < plain.len(), !encoding.is_empty(), "{accepted}");
        let mut unpacked = String::new();
        let _ = match encoding {
            "br" => brotli::Decompressor::new(&bytes[..], 4096).read_to_string(&mut unpacked),
            "gzip" => flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut unpacked),
            _ => (&bytes[..]).read_to_string(&mut unpacked),
        }
        .unwrap();
        assert_eq!(unpacked, INDEX);
    }
}

#[tokio::test]
async fn files_are_read_and_nothing_else() {
    let site = site(true).await;
    let head = site.asks(Method::HEAD, "/queue").send().await.unwrap();
    assert_eq!((head.status().as_u16(), header(&head, "content-length")), (200, INDEX.len().to_string().as_str()));
    assert_eq!(head.text().await.unwrap(), "");
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS, Method::PATCH] {
        for path in ["/", "/queue", ASSET, "/nothing.png", "/app.json", "/sign-in/keys"] {
            let answer = site.asks(method.clone(), path).send().await.unwrap();
            assert_eq!((answer.status().as_u16(), header(&answer, "allow")), (405, "GET,HEAD"), "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_answer_says_what_a_page_may_do() {
    let site = site(true).await;
    for path in ["/", ASSET, "/nothing.png", "/app.json", "/sign-in/authorize", "/.well-known/openid-configuration"] {
        let answer = site.get(path).await;
        let policy = header(&answer, "content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob: data:",
            "connect-src 'self'",
            "font-src 'self'",
            "media-src 'self' blob:",
            "worker-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.split("; ").any(|given| given == part), "{path}: {part} is not in {policy}");
        }
        assert_eq!(header(&answer, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&answer, "referrer-policy"), "no-referrer", "{path}");
        assert!(header(&answer, "permissions-policy").starts_with("camera=(self), microphone=()"), "{path}");
        assert_eq!(header(&answer, "cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(header(&answer, "cross-origin-resource-policy"), "same-origin", "{path}");
    }
}

#[tokio::test]
async fn the_tool_learns_where_it_is() {
    let answer = site(true).await.get("/app.json").await;
    assert_eq!(header(&answer, "cache-control"), "no-store");
    let about: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let expected = serde_json::json!({
        "signIn": {
            "authority": "", "clientId": "samspil-web", "deviceClientId": "",
            "scope": "profile offline_access", "resource": "",
        },
        "traceUrl": "https://traces.example/{trace_id}",
        "version": env!("CARGO_PKG_VERSION"),
        "demo": true,
    });
    assert_eq!(about, expected);
}

#[tokio::test]
async fn beside_a_provider_nobody_made_up_signs_in_and_data_goes_nowhere_else() {
    let sign_in = samspil_review::SignIn {
        authority: "https://login.example/realm".to_owned(),
        client_id: "tool".to_owned(),
        ..samspil_review::SignIn::default()
    };
    let site = site_at(true, Some(sign_in)).await;
    let answer = site.get("/app.json").await;
    let policy = header(&answer, "content-security-policy").to_owned();
    assert!(policy.contains("connect-src 'self' https://login.example;"), "{policy}");
    let about: serde_json::Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(about["signIn"]["authority"], "https://login.example/realm");
    assert_eq!(about["demo"], false);
    for path in ["/.well-known/openid-configuration", "/sign-in/keys", "/sign-in/style.css"] {
        assert_eq!(site.get(path).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn a_tool_that_was_not_built_says_how_it_is() {
    let site = site(false).await;
    for path in ["/", "/queue"] {
        let answer = site.get(path).await;
        assert_eq!(answer.status(), 200);
        let page = answer.text().await.unwrap();
        assert!(page.contains("cargo xtask web") && page.contains("ikke bygget") && page.contains("was not built"));
    }
    assert_eq!(site.get("/assets/index.js").await.status(), 404);
    assert_eq!(site.asks(Method::POST, "/").send().await.unwrap().status(), 405);
    assert_eq!(site.get("/sign-in/style.css").await.status(), 200);
}
