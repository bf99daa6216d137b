//! The pages of the sign-in: plain HTML in Danish, then in English. No script, and nothing of a request unescaped.

use std::fmt::Write as _;

use axum::response::{Html, IntoResponse as _, Response};
use http::StatusCode;
use samspil_kit::{Caller, identity::demo};

use super::authorize::Asked;

/// The page on which somebody is chosen.
pub(super) fn people(asked: &Asked) -> Response {
    let mut asks = String::new();
    for (name, value) in [
        ("client_id", &asked.client_id),
        ("redirect_uri", &asked.redirect_uri),
        ("response_type", &asked.response_type),
        ("scope", &asked.scope),
        ("state", &asked.state),
        ("nonce", &asked.nonce),
        ("code_challenge", &asked.code_challenge),
        ("code_challenge_method", &asked.code_challenge_method),
    ] {
        let _ = writeln!(asks, "<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value));
    }
    let mut cards = String::new();
    for (name, person) in demo::people() {
        let hinted = asked.login_hint == person.person;
        let _ = writeln!(cards, "<li><button name=\"person\" value=\"{name}\">{}</button></li>", card(&person, hinted));
    }
    let text = format!(
        "<h1>Log ind</h1>\n\
         <p>Vælg, hvem du vil være.</p>\n\
         <p lang=\"en\">Sign in: choose who you want to be.</p>\n\
         <p class=\"warning\"><strong>Kun til afprøvning.</strong> Personerne er opdigtede, og der spørges ikke om adgangskode. \
         Brug aldrig oplysninger om rigtige patienter her.<br>\n\
         <span lang=\"en\"><strong>For trying out only.</strong> These people are made up, and nobody is asked for a password. \
         Never use real patients’ data here.</span></p>\n\
         <form method=\"post\" action=\"/sign-in/authorize\">\n{asks}<ul>\n{cards}</ul>\n</form>\n\
         <form method=\"post\" action=\"/sign-in/authorize\">\n{asks}{CITIZEN}</form>\n"
    );
    (StatusCode::OK, whole("Log ind – Samspil", &text)).into_response()
}

/// Citizens are not listed: who they are, only those know who treat them.
const CITIZEN: &str = "\
    <h2>Som borger · <span lang=\"en\">as a citizen</span></h2>\n\
    <label for=\"citizen\">Borgerens id, som i adressen på plejens side · <span lang=\"en\">the citizen’s id, as in the address of the \
    nurse’s page</span></label>\n\
    <input id=\"citizen\" name=\"citizen\" required autocomplete=\"off\" spellcheck=\"false\" placeholder=\"patients/…\">\n\
    <button name=\"person\" value=\"citizen\"><strong>Borger</strong><span lang=\"en\">citizen</span></button>\n";

fn card(person: &Caller, hinted: bool) -> String {
    let (danish, english) = role(&person.role);
    let organisation = match demo::organisation(&person.organisation) {
        "" => String::new(),
        name => format!("<span>{}</span>", escape(name)),
    };
    let mark = if hinted { "<em>sidst valgt · <span lang=\"en\">last chosen</span></em>" } else { "" };
    let role = format!("<span>{danish} · <span lang=\"en\">{english}</span></span>");
    format!("<strong>{}</strong>{role}{organisation}{mark}", escape(&person.display_name))
}

fn role(role: &str) -> (&'static str, &'static str) {
    match role {
        "nurse" => ("Kommunal sygeplejerske", "municipal nurse"),
        "specialist" => ("Sårspecialist", "wound specialist"),
        "coordinator" => ("Koordinator", "coordinator"),
        "gp" => ("Praktiserende læge", "general practitioner"),
        "data_protection_officer" => ("Databeskyttelsesrådgiver", "data protection officer"),
        _ => ("Systemadministrator", "system administrator"),
    }
}

/// What is wrong with a request that cannot be answered at the tool.
pub(super) enum Wrong {
    Host,
    Request,
    Client,
    Redirect,
    Person,
    Citizen,
}

/// Says what is wrong, in words that are ours.
pub(super) fn refusal(wrong: Wrong) -> Response {
    let (danish, english) = match wrong {
        Wrong::Host => ("Adressen er ikke gyldig.", "The address is not valid."),
        Wrong::Client => {
            ("Programmet, der beder om login, er ukendt.", "The program that asks for a sign-in is not known.")
        }
        Wrong::Redirect => (
            "Programmet vil sendes et sted hen, der ikke hører til her.",
            "The program wants to be sent to a place that does not belong here.",
        ),
        Wrong::Person => ("Personen findes ikke.", "There is no such person."),
        Wrong::Citizen => (
            "Borgerens id skal se sådan ud: patients/ og så 36 tegn.",
            "A citizen’s id looks like this: patients/ and then 36 characters.",
        ),
        Wrong::Request => ("Forespørgslen kan ikke læses.", "The request cannot be read."),
    };
    let text = format!(
        "<h1>Det kan ikke lade sig gøre</h1>\n<p>{danish} <a href=\"/\">Begynd forfra</a>.</p>\n\
         <p lang=\"en\">This is not possible. {english} <a href=\"/\">Start again</a>.</p>\n"
    );
    (StatusCode::BAD_REQUEST, whole("Login – Samspil", &text)).into_response()
}

fn whole(title: &str, text: &str) -> Html<String> {
    Html(format!(
        "<!doctype html>\n<html lang=\"da\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/sign-in/style.css\">\n<main>\n{text}</main>\n</html>\n"
    ))
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_gets_out_of_an_attribute() {
        assert_eq!(escape("\"><b a='x'>&amp;æ"), "&quot;&gt;&lt;b a=&#39;x&#39;&gt;&amp;amp;æ");
    }
}
