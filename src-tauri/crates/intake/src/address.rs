//! Addresses of pages: written one way, of one site, and with a name for the document.

use net::Url;

/// Longest address that is followed, in bytes.
const LONGEST: usize = 1_000;
/// Most parts of a path; machines that make up links make deep ones.
const MOST_PARTS: usize = 16;
/// How often one part may come again in a path.
const MOST_REPEATS: usize = 2;
/// Longest name of a document, in characters.
const LONGEST_NAME: usize = 180;

/// What a member wrote as an address: `shop.example` means `https://shop.example/`.
///
/// `None` when it is no address of the web.
pub fn of_text(text: &str) -> Option<Url> {
    let text = text.trim();
    if text.is_empty() || text.chars().any(char::is_whitespace) {
        return None;
    }
    let url = match text.contains("://") {
        true => Url::parse(text).ok()?,
        false => Url::parse(&format!("https://{text}")).ok()?,
    };
    clean(url)
}

/// The address without what does not change the page: its fragment and marks of advertisers. `None` for what is not
/// of the web or would be refused anyway.
pub fn clean(mut url: Url) -> Option<Url> {
    let is_web = matches!(url.scheme(), "http" | "https");
    let has_key = !url.username().is_empty() || url.password().is_some();
    if !is_web || has_key || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    url.set_fragment(None);
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !is_mark(name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let all = url.query_pairs().count();
    if kept.is_empty() {
        url.set_query(None);
    } else if kept.len() < all {
        url.query_pairs_mut().clear().extend_pairs(kept);
    }
    (url.as_str().len() <= LONGEST).then_some(url)
}

/// True for a parameter that tells where a visitor came from.
fn is_mark(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("utm_")
        || matches!(
            name.as_str(),
            "fbclid"
                | "gclid"
                | "yclid"
                | "msclkid"
                | "_openstat"
                | "sessionid"
                | "phpsessid"
                | "jsessionid"
        )
}

/// True when both are of one site: the same host, `www.` or not, and the same port; `http` and `https` are one.
pub fn is_same_site(one: &Url, other: &Url) -> bool {
    let port = |url: &Url| match url.port_or_known_default() {
        Some(80 | 443) => 443,
        port => port.unwrap_or_default(),
    };
    host(one) == host(other) && port(one) == port(other)
}

fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

/// True for an address that may be a page: not a picture, a script or another thing without text by its ending, and
/// not one of those that machines make up without end.
pub fn may_be_a_page(url: &Url) -> bool {
    let parts: Vec<&str> = url
        .path_segments()
        .map(Iterator::collect)
        .unwrap_or_default();
    if parts.len() > MOST_PARTS {
        return false;
    }
    let is_repeated = |part: &&str| {
        !part.is_empty() && parts.iter().filter(|other| *other == part).count() > MOST_REPEATS
    };
    if parts.iter().any(is_repeated) {
        return false;
    }
    let last = parts
        .last()
        .copied()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let ending = last.rsplit_once('.').map_or("", |(_, ending)| ending);
    !WITHOUT_TEXT.contains(&ending)
}

const WITHOUT_TEXT: &[&str] = &[
    "7z",
    "apk",
    "avi",
    "avif",
    "bin",
    "bmp",
    "bz2",
    "css",
    "deb",
    "dmg",
    "eot",
    "exe",
    "flac",
    "gif",
    "gz",
    "ico",
    "iso",
    "jpeg",
    "jpg",
    "js",
    "json",
    "m4a",
    "m4v",
    "map",
    "mjs",
    "mkv",
    "mov",
    "mp3",
    "mp4",
    "msi",
    "ogg",
    "ogv",
    "otf",
    "png",
    "psd",
    "rar",
    "rpm",
    "rss",
    "svg",
    "tar",
    "tgz",
    "tif",
    "tiff",
    "ttf",
    "wasm",
    "wav",
    "webm",
    "webmanifest",
    "webp",
    "wmv",
    "woff",
    "woff2",
    "xml",
    "xz",
    "zip",
];

/// The name of a page's document: its address as people read it. Two addresses have two names.
pub fn name_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url
        .port()
        .map(|port| format!(":{port}"))
        .unwrap_or_default();
    let path = readable(url.path());
    let query = url.query().map(|query| format!("?{}", readable(query)));
    let name = format!("{host}{port}{path}{}", query.unwrap_or_default());
    let clean: String = name.chars().filter(|c| !is_hidden(*c)).collect();
    if clean.chars().count() <= LONGEST_NAME && clean == name {
        return clean;
    }
    let start: String = clean.chars().take(LONGEST_NAME - 20).collect();
    format!("{start}… {:016x}", fingerprint(url.as_str()))
}

/// `%D1%86` as the letter it stands for, where it stands for one.
fn readable(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = match (first, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match code {
            // Signs that mean something in an address stay as they are.
            Some((high, low)) if high * 16 + low >= 0x80 || high * 16 + low == b' ' => {
                bytes.push(high * 16 + low);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// Characters that are not seen or turn the direction of others.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{E0000}'..='\u{E007F}')
}

/// FNV-1a over the bytes: tells long names apart, and is the same on every computer.
pub(crate) fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn people_write_addresses_as_they_like() {
        let written = |text: &str| of_text(text).map(String::from);
        assert_eq!(
            written(" shop.example "),
            Some("https://shop.example/".to_owned())
        );
        assert_eq!(
            written("http://Shop.example:80/a?utm_source=x&id=7#top"),
            Some("http://shop.example/a?id=7".to_owned())
        );
        for wrong in [
            "",
            "two words",
            "ftp://shop.example",
            "https://me:secret@shop.example",
            "file:///etc/passwd",
            "http://",
        ] {
            assert_eq!(written(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_site_is_a_host_with_or_without_www() {
        let home = url("https://shop.example/");
        for same in ["http://shop.example/a", "https://www.shop.example/b"] {
            assert!(is_same_site(&home, &url(same)), "{same}");
        }
        for other in [
            "https://blog.shop.example/",
            "https://shop.example:8443/",
            "https://shop.example.evil/",
        ] {
            assert!(!is_same_site(&home, &url(other)), "{other}");
        }
    }

    #[test]
    fn pictures_and_made_up_paths_are_no_pages() {
        for page in [
            "https://a.example/",
            "https://a.example/prices.PDF",
            "https://a.example/en/a/en/b",
        ] {
            assert!(may_be_a_page(&url(page)), "{page}");
        }
        let deep = format!("https://a.example/{}", "x1/y2/".repeat(9));
        for other in [
            "https://a.example/logo.PNG",
            "https://a.example/a/b/a/b/a/b",
            deep.as_str(),
        ] {
            assert!(!may_be_a_page(&url(other)), "{other}");
        }
    }

    #[test]
    fn a_name_reads_like_the_address_and_two_addresses_have_two() {
        assert_eq!(
            name_of(&url("https://shop.example/%D1%86%D0%B5%D0%BD%D1%8B?p=%2F")),
            "shop.example/цены?p=%2F"
        );
        let long = |end: &str| {
            name_of(&url(&format!(
                "https://shop.example/{}{end}",
                "a".repeat(300)
            )))
        };
        assert_ne!(long("1"), long("2"));
        assert!(long("1").chars().count() <= LONGEST_NAME);
    }
}
