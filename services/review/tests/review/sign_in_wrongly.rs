//! What a sign-in is refused for, and where that is said.

use chrono::TimeDelta;
use reqwest::Method;
use samspil_testkit::on_both;
use serde_json::json;

use crate::browser::{Browser, Fields, back_at_tool, query, with};

const MARK: &str = "\"><script>alert(1)</script>";

on_both!(a_code_is_good_once, |world| async move {
    let browser = Browser::at(&world.endpoint);
    let fields = browser.turned_in(&browser.chooses("nurse").await);
    assert_eq!(browser.tokens(&fields).await.0, 200);
    let (status, again) = browser.tokens(&fields).await;
    assert_eq!((status, &again["error"]), (400, &json!("invalid_grant")));
});

on_both!(a_code_is_good_for_a_minute, |world| async move {
    let browser = Browser::at(&world.endpoint);
    let (first, second) = (browser.chooses("nurse").await, browser.chooses("nurse").await);
    world.clock.advance(TimeDelta::seconds(59));
    assert_eq!(browser.tokens(&browser.turned_in(&first)).await.0, 200);
    world.clock.advance(TimeDelta::seconds(1));
    let (status, late) = browser.tokens(&browser.turned_in(&second)).await;
    assert_eq!((status, &late["error"]), (400, &json!("invalid_grant")));
});

on_both!(a_code_is_good_for_whom_it_was_given_to, |world| async move {
    let browser = Browser::at(&world.endpoint);
    let elsewhere = format!("{}/elsewhere", browser.origin);
    for (field, value, error) in [
        ("code_verifier", "another-verifier-of-forty-three-characters-or-more", "invalid_grant"),
        ("code_verifier", "", "invalid_request"),
        ("redirect_uri", &elsewhere, "invalid_grant"),
        ("redirect_uri", "", "invalid_grant"),
        ("code", "made-up", "invalid_grant"),
        ("code", "", "invalid_request"),
        ("client_id", "another", "invalid_client"),
        ("client_id", "", "invalid_client"),
        ("grant_type", "password", "unsupported_grant_type"),
        ("grant_type", "", "invalid_request"),
    ] {
        let fields = browser.turned_in(&browser.chooses("nurse").await);
        let (status, answer) = browser.tokens(&with(fields, field, value)).await;
        assert_eq!((status, &answer["error"]), (400, &json!(error)), "{field}={value}");
        assert!(answer.get("access_token").is_none());
    }
    // Whoever guessed wrong has used the code up.
    let fields = browser.turned_in(&browser.chooses("nurse").await);
    assert_eq!(browser.tokens(&with(fields.clone(), "code_verifier", "a guess")).await.0, 400);
    assert_eq!(browser.tokens(&fields).await.0, 400);
});

on_both!(a_form_that_cannot_be_read_is_no_grant, |world| async move {
    let browser = Browser::at(&world.endpoint);
    let twice: Fields = [browser.turned_in("x"), vec![("code", "y".to_owned())]].concat();
    let (status, answer) = browser.tokens(&twice).await;
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_request")));
    let (status, answer) = browser.tokens(&vec![("code", "x".repeat(20_000))]).await;
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_request")));
    let json = browser.asks(Method::POST, "/sign-in/token").header("content-type", "application/json").body("{}");
    let answer = json.send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.unwrap().contains("invalid_request"));
});

on_both!(a_stranger_is_told_on_a_page_and_never_sent_anywhere, |world| async move {
    let browser = Browser::at(&world.endpoint);
    for (field, value) in [
        ("client_id", "another"),
        ("client_id", MARK),
        ("redirect_uri", "https://evil.example/signed-in"),
        ("redirect_uri", "http://127.0.0.1:1/signed-in"),
        ("redirect_uri", "/signed-in"),
        ("redirect_uri", ""),
        ("redirect_uri", MARK),
    ] {
        let fields = with(browser.question(), field, value);
        let asked = browser.get(&format!("/sign-in/authorize?{}", query(&fields))).await;
        let chosen = browser.posts("/sign-in/authorize", &with(fields, "person", "nurse")).await;
        for answer in [asked, chosen] {
            assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (400, None), "{field}={value}");
            assert!(!answer.text().await.unwrap().contains("script"), "{field}={value}");
        }
    }
    let nobody = browser.posts("/sign-in/authorize", &with(browser.question(), "person", MARK)).await;
    assert_eq!(nobody.status(), 400);
    assert!(!nobody.text().await.unwrap().contains("script"));
    for citizen in ["", "patients/-", "0101450001", "patients/0101450001", MARK] {
        let fields = with(with(browser.question(), "person", "citizen"), "citizen", citizen);
        let nobody = browser.posts("/sign-in/authorize", &fields).await;
        assert_eq!((nobody.status().as_u16(), nobody.headers().get("location")), (400, None), "{citizen}");
        let page = nobody.text().await.unwrap();
        assert!(page.contains("patients/ og så 36 tegn") && !page.contains("script"), "{page}");
    }
});

on_both!(a_tool_that_asks_wrongly_is_told_so, |world| async move {
    let browser = Browser::at(&world.endpoint);
    for (field, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "profile", "invalid_scope"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", MARK, "invalid_request"),
        ("prompt", "none", "login_required"),
    ] {
        let fields = with(browser.question(), field, value);
        let asked = browser.get(&format!("/sign-in/authorize?{}", query(&fields))).await;
        assert_eq!(asked.status(), 303, "{field}={value}");
        let told = back_at_tool(&asked, &browser.redirect_uri());
        assert_eq!((told["error"].as_str(), told["state"].as_str()), (error, "a state & more"), "{field}={value}");
        assert_eq!(told.get("code"), None);
    }
});

on_both!(what_the_tool_hands_over_stays_text, |world| async move {
    let browser = Browser::at(&world.endpoint);
    for field in ["state", "nonce", "scope", "login_hint"] {
        let value = if field == "scope" { format!("openid {MARK}") } else { MARK.to_owned() };
        let fields = with(browser.question(), field, &value);
        let page = browser.get(&format!("/sign-in/authorize?{}", query(&fields))).await;
        assert_eq!(page.status(), 200);
        assert!(!page.text().await.unwrap().contains("<script"), "{field}");
    }
    let hinted = with(browser.question(), "login_hint", "demo-gp");
    let page = browser.get(&format!("/sign-in/authorize?{}", query(&hinted))).await.text().await.unwrap();
    assert_eq!(page.matches("sidst valgt").count(), 1);
});

on_both!(an_address_that_is_none_names_no_issuer, |world| async move {
    let browser = Browser::at(&world.endpoint);
    for host in ["a b", "evil.example/x", "a@b", "<b>", ""] {
        let request = browser.asks(Method::GET, "/.well-known/openid-configuration").header("host", host);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 400, "{host}");
    }
    let named = browser.asks(Method::GET, "/.well-known/openid-configuration").header("host", "localhost:5173");
    assert!(named.send().await.unwrap().text().await.unwrap().contains("\"issuer\":\"http://localhost:5173\""));
});
