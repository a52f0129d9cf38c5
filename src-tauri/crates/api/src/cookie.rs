//! The session's cookie (security.md C13).

use axum::http::HeaderValue;

use crate::place::Place;

/// Seconds a browser keeps it: the longest a session lives.
const LIFETIME_SECONDS: u32 = 30 * 24 * 3_600;

/// The header that gives a browser the session.
pub fn set(place: &Place, token: &str) -> HeaderValue {
    header(place, token, LIFETIME_SECONDS)
}

/// The header that takes it away.
pub fn clear(place: &Place) -> HeaderValue {
    header(place, "", 0)
}

/// The value of the cookie `name` in a `Cookie` header.
pub fn value<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    header
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, value)| *key == name && !value.is_empty())
        .map(|(_, value)| value)
}

fn header(place: &Place, token: &str, seconds: u32) -> HeaderValue {
    let rules = if place.secure {
        "Secure; HttpOnly; SameSite=Lax"
    } else {
        "HttpOnly; SameSite=Strict"
    };
    let text = format!(
        "{}={token}; Path=/; Max-Age={seconds}; {rules}",
        place.cookie
    );
    HeaderValue::from_str(&text).expect("names and tokens are made of letters and digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let header = "a=1; chatai_home=secret; chatai_home2=other; empty=";
        assert_eq!(value(header, "chatai_home"), Some("secret"));
        assert_eq!(value(header, "chatai"), None);
        assert_eq!(value(header, "empty"), None);
    }
}
