//! Signing in, as the web tool does it.

use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use samspil_proto::review::v1::{GetCallerRequest, GetDeviceKeyRequest, review_service_client::ReviewServiceClient};
use samspil_testkit::{World, on_both, refusal};
use serde_json::{Value, json};

use crate::browser::{Browser, back_at_tool, query, with};

async fn json_at(browser: &Browser, path: &str) -> Value {
    serde_json::from_str(&browser.get(path).await.text().await.unwrap()).unwrap()
}

/// Why a token opens nothing, or nothing when it does.
async fn refused(world: &World, token: &Value) -> String {
    let mut client = ReviewServiceClient::new(world.with_token(token.as_str().unwrap().to_owned()));
    let answer = client.get_device_key(GetDeviceKeyRequest {}).await;
    if answer.is_ok() { String::new() } else { refusal(answer).reason }
}

on_both!(the_tool_finds_its_way_to_tokens_of_the_person_who_was_chosen, |world| async move {
    let browser = Browser::at(&world.endpoint);
    let provider = json_at(&browser, "/.well-known/openid-configuration").await;
    assert_eq!(provider["issuer"], browser.origin);
    let path = |name: &str| provider[name].as_str().unwrap().strip_prefix(&browser.origin).unwrap().to_owned();
    assert_eq!(path("token_endpoint"), "/sign-in/token");

    let page = browser.get(&format!("{}?{}", path("authorization_endpoint"), query(&browser.question()))).await;
    assert_eq!((page.status().as_u16(), &page.headers()["cache-control"]), (200, &"no-store".parse().unwrap()));
    let page = page.text().await.unwrap();
    assert!(page.contains("<html lang=\"da\">") && page.contains("Kun til afprøvning"), "{page}");
    assert!(page.contains("Anna Nørgaard") && page.contains("Hedensted Kommune, Hjemmesygeplejen"), "{page}");
    assert!(page.contains("name=\"state\" value=\"a state &amp; more\""), "{page}");

    let chosen = browser.posts("/sign-in/authorize", &with(browser.question(), "person", "nurse")).await;
    assert_eq!(chosen.status(), 303);
    let told = back_at_tool(&chosen, &browser.redirect_uri());
    assert_eq!(told["state"], "a state & more");
    let (status, tokens) = browser.tokens(&browser.turned_in(&told["code"])).await;
    assert_eq!((status, &tokens["token_type"], &tokens["expires_in"]), (200, &json!("Bearer"), &json!(3600)));
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(world.issuer.verifier().verify(token).await.unwrap().caller, world.person("nurse"));
    assert_eq!(refused(&world, &tokens["access_token"]).await, "");

    let keys = json_at(&browser, &path("jwks_uri")).await;
    let key = DecodingKey::from_ed_components(keys["keys"][0]["x"].as_str().unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["samspil-web"]);
    validation.set_issuer(&[&browser.origin]);
    // The test's clock stands where it likes.
    validation.validate_exp = false;
    let id_token = jsonwebtoken::decode::<Value>(tokens["id_token"].as_str().unwrap(), &key, &validation).unwrap();
    assert_eq!(id_token.header.kid.as_deref(), keys["keys"][0]["kid"].as_str());
    let (person, now) = (world.person("nurse"), world.clock.now().timestamp());
    let expected = json!({
        "iss": browser.origin, "aud": "samspil-web", "sub": person.person, "name": person.display_name,
        "org": person.organisation, "role": "nurse", "nonce": "a nonce", "iat": now, "exp": now + 3600,
    });
    assert_eq!(id_token.claims, expected);
});

on_both!(a_citizen_signs_in_as_herself_and_goes_on_as_herself, |world| async move {
    let browser = Browser::at(&world.endpoint);
    let patient = world.citizen().await;
    let page = browser.get(&format!("/sign-in/authorize?{}", query(&browser.question()))).await.text().await.unwrap();
    assert!(page.contains("name=\"citizen\"") && !page.contains(&patient.to_string()), "{page}");
    let fields = with(browser.question(), "person", "citizen");
    let chosen = browser.posts("/sign-in/authorize", &with(fields, "citizen", &format!(" {patient} "))).await;
    let code = &back_at_tool(&chosen, &browser.redirect_uri())["code"];
    let (_, tokens) = browser.tokens(&browser.turned_in(code)).await;
    world.clock.advance(TimeDelta::hours(2));
    let (_, renewed) = browser.refreshes(tokens["refresh_token"].as_str().unwrap()).await;
    let token = renewed["access_token"].as_str().unwrap().to_owned();
    let caller = ReviewServiceClient::new(world.with_token(token)).get_caller(GetCallerRequest {}).await;
    let caller = caller.unwrap().into_inner();
    assert_eq!((caller.role.as_str(), caller.patient), ("citizen", patient.to_string()));
    assert_eq!(caller.organisation, "");
});

on_both!(somebody_stays_signed_in_for_a_long_shift, |world| async move {
    let browser = Browser::at(&world.endpoint);
    let tokens = browser.signs_in("specialist").await;
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(refused(&world, &tokens["access_token"]).await, "TOKEN_EXPIRED");
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let (status, renewed) = browser.refreshes(refresh).await;
    assert_eq!((status, refused(&world, &renewed["access_token"]).await), (200, String::new()), "{renewed}");
    assert_eq!(renewed.get("refresh_token"), None, "a sign-in is not made longer");
    world.clock.advance(TimeDelta::hours(11));
    let (status, ended) = browser.refreshes(refresh).await;
    assert_eq!((status, &ended["error"]), (400, &json!("invalid_grant")));
});

on_both!(no_token_is_good_in_the_place_of_another, |world| async move {
    let browser = Browser::at(&world.endpoint);
    let tokens = browser.signs_in("gp").await;
    assert_eq!(refused(&world, &tokens["refresh_token"]).await, "TOKEN_INVALID");
    assert_eq!(refused(&world, &tokens["id_token"]).await, "TOKEN_INVALID");
    for wrong in [tokens["access_token"].as_str().unwrap(), tokens["id_token"].as_str().unwrap(), "", "x.y.z"] {
        let (status, answer) = browser.refreshes(wrong).await;
        assert_eq!((status, &answer["error"]), (400, &json!("invalid_grant")));
    }
});

on_both!(two_replicas_take_a_code_once_between_them, |world| async move {
    let other = world.replica().await;
    let here = Browser::at(&world.endpoint);
    // One name for both, as behind a load balancer.
    let fields = here.turned_in(&here.chooses("nurse").await);
    let there = Browser::at(&other.endpoint);
    let host = here.origin.strip_prefix("http://").unwrap();
    let turn_in = async |browser: &Browser| {
        let request = browser.asks(reqwest::Method::POST, "/sign-in/token").header("host", host);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(query(&fields)).send().await.unwrap().status().as_u16()
    };
    let mut answers: [u16; 2] = tokio::join!(turn_in(&here), turn_in(&there)).into();
    answers.sort_unstable();
    assert_eq!(answers, [200, 400]);
});

on_both!(the_way_out_leads_back_to_the_tool, |world| async move {
    let browser = Browser::at(&world.endpoint);
    let to = format!("{}/signed-out", browser.origin);
    let fields = vec![("post_logout_redirect_uri", to.clone()), ("state", "s".to_owned())];
    let answer = browser.get(&format!("/sign-in/end?{}", query(&fields))).await;
    assert_eq!(answer.status(), 303);
    assert_eq!(back_at_tool(&answer, &to)["state"], "s");
    let answer = browser.get("/sign-in/end").await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()),
        (303, &*format!("{}/", browser.origin))
    );
    let foreign = vec![("post_logout_redirect_uri", "https://evil.example/".to_owned())];
    let answer = browser.get(&format!("/sign-in/end?{}", query(&foreign))).await;
    assert_eq!((answer.status().as_u16(), answer.headers().get("location")), (400, None));
});
