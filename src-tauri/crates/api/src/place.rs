//! The names this server answers to, and what follows from the name a request used: its origin and its cookie.
//!
//! Pure: text in, decision out.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The place a request came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The only origin whose pages may change something here.
    pub origin: String,
    /// The name of the session's cookie.
    pub cookie: String,
    /// True over HTTPS: the cookie is `Secure` then.
    pub secure: bool,
    /// True when the name means this computer only.
    pub loopback: bool,
}

/// The names this server answers to.
#[derive(Debug, Clone)]
pub struct Places {
    hosts: Vec<String>,
    numbers: bool,
    public: Option<Public>,
    plain_cookie: String,
}

#[derive(Debug, Clone)]
struct Public {
    authority: String,
    secure: bool,
}

impl Places {
    /// The names of a configuration; see [`crate::config::ApiConfig`] for what they mean.
    pub fn new(
        hosts: &[String],
        numbers: bool,
        public_url: Option<&str>,
        instance: &str,
    ) -> Places {
        let hosts = hosts.iter().map(|host| host.to_ascii_lowercase());
        let instance: String = instance
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(40)
            .collect();
        Places {
            hosts: hosts.collect(),
            numbers,
            public: public_url.and_then(public),
            plain_cookie: format!("chatai_{instance}"),
        }
    }

    /// The place that a `Host` header means; `None` when it is none of ours.
    pub fn of(&self, host: &str) -> Option<Place> {
        let host = host.to_ascii_lowercase();
        let (name, port) = name_and_port(&host)?;
        if let Some(public) = &self.public
            && is_authority(public, name, port)
        {
            let scheme = if public.secure { "https" } else { "http" };
            return Some(Place {
                origin: format!("{scheme}://{}", public.authority),
                cookie: self.cookie(public.secure),
                secure: public.secure,
                loopback: is_loopback(name),
            });
        }
        let allowed = self
            .hosts
            .iter()
            .any(|known| *known == host || known == name)
            || (self.numbers && (name == "localhost" || is_number(name)));
        allowed.then(|| Place {
            origin: format!("http://{}", host.strip_suffix(":80").unwrap_or(&host)),
            cookie: self.cookie(false),
            secure: false,
            loopback: is_loopback(name),
        })
    }

    // WebKit drops `Secure` and `__Host-` cookies on http://127.0.0.1 (security.md C13).
    fn cookie(&self, secure: bool) -> String {
        if secure {
            "__Host-chatai".to_owned()
        } else {
            self.plain_cookie.clone()
        }
    }
}

fn public(url: &str) -> Option<Public> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split('/').next().unwrap_or_default();
    let secure = scheme.eq_ignore_ascii_case("https");
    let usual_port = if secure { ":443" } else { ":80" };
    let authority = authority.strip_suffix(usual_port).unwrap_or(authority);
    Some(Public {
        authority: authority.to_ascii_lowercase(),
        secure,
    })
}

fn is_authority(public: &Public, name: &str, port: Option<u16>) -> bool {
    let usual = if public.secure { 443 } else { 80 };
    match port {
        Some(port) if port != usual => public.authority == format!("{name}:{port}"),
        _ => public.authority == name,
    }
}

fn is_loopback(name: &str) -> bool {
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// A numeric address of somebody, as browsers write it.
fn is_number(name: &str) -> bool {
    let inner = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match inner {
        Some(inner) => inner
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| !address.is_unspecified()),
        None => name
            .parse::<Ipv4Addr>()
            .is_ok_and(|address| !address.is_unspecified()),
    }
}

/// The two parts of a lowercase `Host`; `None` for anything but a plain name or address and a port.
fn name_and_port(host: &str) -> Option<(&str, Option<u16>)> {
    let end = if host.starts_with('[') {
        host.find(']')? + 1
    } else {
        host.find(':').unwrap_or(host.len())
    };
    let (name, rest) = host.split_at(end);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if name.is_empty() || name.ends_with('.') || !name.chars().all(plain) {
        return None;
    }
    let port = match rest.strip_prefix(':') {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().ok()?)
        }
        Some(_) => return None,
        None if rest.is_empty() => None,
        None => return None,
    };
    Some((name, port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(public_url: Option<&str>) -> Places {
        let hosts = ["127.0.0.1:4810".to_owned(), "shop.lan".to_owned()];
        Places::new(&hosts, false, public_url, "home-1")
    }

    #[test]
    fn a_name_with_a_port_is_allowed_with_that_port_only() {
        let places = places(None);
        assert_eq!(
            places.of("127.0.0.1:4810").unwrap().origin,
            "http://127.0.0.1:4810"
        );
        assert_eq!(places.of("127.0.0.1:4811"), None);
        assert_eq!(places.of("127.0.0.1"), None);
        assert_eq!(places.of("Shop.LAN:80").unwrap().origin, "http://shop.lan");
        assert_eq!(places.of("shop.lan:9").unwrap().origin, "http://shop.lan:9");
    }

    #[test]
    fn in_a_network_every_number_is_ours_and_no_other_name() {
        let places = Places::new(&["shop:8484".to_owned()], true, None, "home-1");
        for ours in [
            "192.168.1.20:80",
            "127.0.0.1:9",
            "[fe80::1]:8484",
            "localhost:9",
            "shop:8484",
        ] {
            assert!(places.of(ours).is_some(), "{ours}");
        }
        for foreign in [
            "evil.example:8484",
            "192.168.1.20.nip.io",
            "192.168.1:80",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "0.0.0.0:8484",
            "[::]:8484",
            "[fe80::1",
            "a.localhost",
            "shop:80",
        ] {
            assert_eq!(places.of(foreign), None, "{foreign}");
        }
        let there = places.of("192.168.1.20:8080").unwrap();
        assert_eq!(there.origin, "http://192.168.1.20:8080");
        assert!(!there.loopback && !there.secure);
    }

    #[test]
    fn over_https_the_cookie_is_bound_to_the_host() {
        let places = places(Some("https://Help.example.com/"));
        let outside = places.of("help.example.com").unwrap();
        assert_eq!(outside.origin, "https://help.example.com");
        assert_eq!(outside.cookie, "__Host-chatai");
        assert!(outside.secure);
        let inside = places.of("127.0.0.1:4810").unwrap();
        assert_eq!(inside.cookie, "chatai_home1");
        assert!(!inside.secure && inside.loopback);
    }
}
