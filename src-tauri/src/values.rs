//! Values of flags and variables, read with a sentence that says what would be right.

use std::net::SocketAddr;

use url::{Host, Url};

/// A switch: its variable says yes or no, in the words people use for it.
pub fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "y" | "on" => Ok(true),
        "0" | "false" | "no" | "n" | "off" => Ok(false),
        _ => Err("yes or no is wanted (or 1 or 0, true or false, on or off)".to_owned()),
    }
}

/// Where to listen.
pub fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "an address with a port is wanted, as 127.0.0.1:8484 (this computer) or 0.0.0.0:8484 (all, with --lan)"
            .to_owned()
    })
}

/// The address that people use, without a slash at its end.
pub fn public_url(text: &str) -> Result<String, String> {
    let wanted = "the whole address is wanted, as https://help.example.com";
    let url = Url::parse(text).map_err(|error| format!("{wanted} ({error})"))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(format!("{wanted}: it begins with https:// or http://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("{wanted}: without a name or a password"));
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(format!(
            "{wanted}: the pages need a name of their own and cannot stand below a path"
        ));
    }
    Ok(url.origin().ascii_serialization())
}

/// A name that the server answers to, with a port or without.
pub fn host(text: &str) -> Result<String, String> {
    let wanted = || "a name alone is wanted, as shop.lan or shop.lan:8484".to_owned();
    let url = Url::parse(&format!("http://{text}")).map_err(|_| wanted())?;
    let name = match url.host() {
        Some(Host::Domain(name)) => name.to_owned(),
        Some(Host::Ipv4(address)) => address.to_string(),
        Some(Host::Ipv6(address)) => format!("[{address}]"),
        None => return Err(wanted()),
    };
    let is_alone = text == name || text.eq_ignore_ascii_case(&name);
    let with_port = text.rsplit_once(':').is_some_and(|(left, port)| {
        left.eq_ignore_ascii_case(&name) && port.parse::<u16>().is_ok()
    });
    match is_alone || with_port {
        true => Ok(text.to_ascii_lowercase()),
        false => Err(wanted()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_a_scheme_and_a_name() {
        assert_eq!(
            public_url("https://Help.example.com/").unwrap(),
            "https://help.example.com"
        );
        assert_eq!(
            public_url("http://127.0.0.1:8590").unwrap(),
            "http://127.0.0.1:8590"
        );
        for wrong in [
            "",
            "help.test",
            "help.test:8625",
            "ftp://help.test",
            "https://",
            "https://user:pw@help.test",
            "https://help.test/chat",
            "https://help.test/?a=b",
        ] {
            assert!(public_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_name_is_no_address_of_a_page() {
        for right in ["shop.lan", "Shop.lan:8484", "192.168.1.5", "[fe80::1]:8484"] {
            assert!(host(right).is_ok(), "{right}");
        }
        for wrong in [
            "",
            "a b",
            "http://x",
            "shop/chat",
            "user@shop",
            "shop:99999",
        ] {
            assert!(host(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_switch_is_on_or_off() {
        assert_eq!(yes_or_no("Yes"), Ok(true));
        assert_eq!(yes_or_no("0"), Ok(false));
        assert!(yes_or_no("maybe").is_err());
        assert!(yes_or_no("").is_err());
    }

    #[test]
    fn a_port_alone_is_no_place_to_listen() {
        assert!(listen("127.0.0.1:0").is_ok());
        for wrong in ["", "abc", "8620", "localhost:8620"] {
            assert!(
                listen(wrong).unwrap_err().contains("127.0.0.1:8484"),
                "{wrong}"
            );
        }
    }
}
