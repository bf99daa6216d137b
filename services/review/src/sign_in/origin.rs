//! Under which address a browser reached us.

use axum::{extract::FromRequestParts, response::Response};
use http::{header::HOST, request::Parts};

use super::page::{self, Wrong};

/// Scheme and host, such as `http://127.0.0.1:50051`: the name of the issuer, and where the tool may be.
pub(super) struct Origin(pub String);

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Origin, Response> {
        // HTTP/2 has it in the address, HTTP/1 in a header.
        let host = parts.uri.authority().map(http::uri::Authority::as_str);
        let host = host.or_else(|| parts.headers.get(HOST)?.to_str().ok());
        let host = host.filter(|host| is_host(host)).ok_or_else(|| page::refusal(Wrong::Host))?;
        Ok(Origin(format!("{}://{host}", parts.uri.scheme_str().unwrap_or("http"))))
    }
}

/// `host` or `host:port`, and nothing else: it comes to stand in addresses.
fn is_host(text: &str) -> bool {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !text.ends_with(']') => (name, Some(port)),
        _ => (text, None),
    };
    let is_name = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte)),
    };
    is_name && port.is_none_or(|port| port.parse::<u16>().is_ok() && !port.starts_with('+'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_with_or_without_a_port() {
        for good in ["localhost", "127.0.0.1:50051", "samspil.example", "[::1]", "[::1]:50051"] {
            assert!(is_host(good), "{good}");
        }
        for bad in
            ["", ":80", "a b", "a:", "a:+1", "a:99999", "a/b", "user@host", "a\"b", "[::1", "[x]", "a:1:2", "æ.dk"]
        {
            assert!(!is_host(bad), "{bad}");
        }
    }
}
