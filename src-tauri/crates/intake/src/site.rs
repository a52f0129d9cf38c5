//! One look at one page: asking, and what the reply means.

use domain::following::Trouble;
use net::{Asked, CrawlError, Crawler, NetError, Page, Url};

use crate::robots::{self, Robots};
use crate::sitemap::{self, Map};
use crate::{address, links};

/// Most bytes of a page or file of a site (security.md C10).
pub const PAGE_LIMIT: usize = 10 * 1024 * 1024;
/// Longest time that a site may ask to be left alone, in seconds.
pub const LONGEST_RETRY: u32 = 3_600;
/// Seconds between two pages of a site that does not say how long it wants to be left alone.
const PAUSE: f32 = 1.0;

/// What was seen at an address.
#[derive(Debug)]
pub struct Seen {
    /// What is there.
    pub look: Look,
    /// Pages of the same site that it leads to.
    pub links: Vec<Url>,
    /// The address of the same site that the page calls its own, when it is another one.
    pub canonical: Option<Url>,
    /// Seconds after which the site wants to be asked again.
    pub retry_after: Option<u32>,
}

/// What is there.
#[derive(Debug)]
pub enum Look {
    /// Something to read.
    Content(Content),
    /// What was there before.
    Unchanged,
    /// It leads to another address of the same site.
    Moved(Url),
    /// Something that is not to be read.
    LeftOut(Trouble),
    /// It could not be seen now.
    Failed(Trouble),
    /// Nothing any more.
    Gone,
}

/// Something to read.
#[derive(Debug)]
pub struct Content {
    /// Its bytes: a page in UTF-8 without its scripts, anything else as it came.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media_type: String,
    /// `ETag`.
    pub tag: String,
    /// `Last-Modified`.
    pub modified: String,
}

/// What the site asks of programs; an error where it cannot be asked.
///
/// # Errors
/// Why the site as a whole cannot be looked at now.
pub async fn robots(crawler: &Crawler, site: &Url) -> Result<Robots, Trouble> {
    let address = site.join("/robots.txt").map_err(|_| Trouble::Damaged)?;
    let asked = Asked {
        limit: robots::LIMIT,
        ..Asked::default()
    };
    // Redirects to another host are followed too (RFC 9309, 2.3.1.2); each is checked by the guard.
    match crawler.get(&address, &asked, &|_| true).await {
        Ok(page) if page.status == 200 => Ok(Robots::read(&String::from_utf8_lossy(&page.body))),
        // Until the site can say what it wants it is left alone (RFC 9309, 2.3.1.4).
        Ok(page) if page.status >= 500 => Err(Trouble::ServerError),
        Ok(page) if page.status == 429 => Err(Trouble::Busy),
        Ok(_) | Err(CrawlError::Redirects) => Ok(Robots::open()),
        Err(error) => Err(trouble(&error)),
    }
}

/// The site map at an address; empty where there is none.
pub async fn map(crawler: &Crawler, robots: &Robots, address: &Url) -> Map {
    if !robots.allows(address) {
        return Map::default();
    }
    let asked = Asked {
        limit: sitemap::LIMIT,
        ..Asked::default()
    };
    let follows = |next: &Url| address::is_same_site(address, next);
    match crawler.get(address, &asked, &follows).await {
        Ok(page) if page.status == 200 => sitemap::read(&page.body),
        _ => Map::default(),
    }
}

/// Seconds between two pages of a site.
pub fn pause(robots: &Robots, site: &Url) -> f32 {
    let is_here = site.host_str().is_some_and(net::Net::is_this_computer);
    let usual = if is_here { 0.0 } else { PAUSE };
    robots.pause.unwrap_or(usual).max(usual)
}

/// Looks at a page that was known by `tag` and `modified`, which are empty where it was not.
pub async fn look(
    crawler: &Crawler,
    robots: &Robots,
    here: &Url,
    tag: &str,
    modified: &str,
) -> Seen {
    if !robots.allows(here) {
        return Seen::of(Look::LeftOut(Trouble::Robots));
    }
    let asked = Asked {
        tag,
        modified,
        limit: PAGE_LIMIT,
    };
    let follows = |next: &Url| address::is_same_site(here, next) && robots.allows(next);
    match crawler.get(here, &asked, &follows).await {
        Ok(page) => meaning(here, page),
        Err(CrawlError::LeadsElsewhere { to }) => {
            let is_ours = Url::parse(&to).is_ok_and(|to| address::is_same_site(here, &to));
            Seen::of(Look::LeftOut(match is_ours {
                true => Trouble::Robots,
                false => Trouble::LeadsElsewhere,
            }))
        }
        Err(error) => Seen::of(match trouble(&error) {
            known @ (Trouble::TooLarge | Trouble::Redirects) => Look::LeftOut(known),
            other => Look::Failed(other),
        }),
    }
}

impl Seen {
    fn of(look: Look) -> Seen {
        Seen {
            look,
            links: Vec::new(),
            canonical: None,
            retry_after: None,
        }
    }
}

fn trouble(error: &CrawlError) -> Trouble {
    match error {
        CrawlError::Forbidden => Trouble::PrivateAddress,
        CrawlError::Redirects => Trouble::Redirects,
        CrawlError::LeadsElsewhere { .. } => Trouble::LeadsElsewhere,
        CrawlError::Packed => Trouble::Damaged,
        CrawlError::Net(error) => match error {
            NetError::LocalOnly { .. } => Trouble::LocalOnly,
            NetError::TimedOut => Trouble::TimedOut,
            NetError::TooLarge { .. } => Trouble::TooLarge,
            NetError::Unreachable(_) => Trouble::Unreachable,
            NetError::BadAddress
            | NetError::BadHeader
            | NetError::BadProxy { .. }
            | NetError::Broken(_) => Trouble::Damaged,
        },
    }
}

fn meaning(here: &Url, page: Page) -> Seen {
    let retry_after = page.retry_after.map(|seconds| seconds.min(LONGEST_RETRY));
    let look = match page.status {
        200 => return content(here, page),
        304 => Look::Unchanged,
        404 | 410 => Look::Gone,
        401 | 402 | 403 | 407 | 451 => Look::LeftOut(Trouble::Denied),
        429 | 503 => Look::Failed(Trouble::Busy),
        _ => Look::Failed(Trouble::ServerError),
    };
    Seen {
        retry_after,
        ..Seen::of(look)
    }
}

fn content(here: &Url, page: Page) -> Seen {
    if let Some(found) = address::clean(page.address.clone())
        && found != *here
    {
        return Seen::of(Look::Moved(found));
    }
    let said_type = page.content_type.split(';').next().unwrap_or_default();
    let media_type = said_type.trim().to_ascii_lowercase();
    let is_page = matches!(media_type.as_str(), "text/html" | "application/xhtml+xml");
    let mut wishes = links::Said::default();
    wishes.asks(&page.robots);
    if !is_page {
        let look = match wishes.is_unlisted {
            true => Look::LeftOut(Trouble::NoIndex),
            false => file(here, page, media_type),
        };
        return Seen::of(look);
    }
    let text = decoded(&page);
    let said = links::said(&text, here);
    let ours = |url: &Url| address::is_same_site(here, url) && address::may_be_a_page(url);
    let links = match said.is_dead_end || wishes.is_dead_end {
        true => Vec::new(),
        false => said.links.into_iter().filter(ours).collect(),
    };
    let canonical = said
        .canonical
        .filter(|own| ours(own) && own != here && may_stand_for(own, here));
    let look = if said.is_unlisted || wishes.is_unlisted {
        Look::LeftOut(Trouble::NoIndex)
    } else if said.kept.trim().is_empty() {
        Look::LeftOut(Trouble::Empty)
    } else {
        Look::Content(Content {
            // The mark says that it is UTF-8, whatever it was.
            bytes: format!("\u{feff}{}", said.kept).into_bytes(),
            media_type: "text/html".to_owned(),
            tag: page.tag,
            modified: page.modified,
        })
    };
    Seen {
        look,
        links,
        canonical,
        retry_after: None,
    }
}

/// False for a page that names the front of the site its own address: that is a mistake of its maker.
fn may_stand_for(own: &Url, here: &Url) -> bool {
    own.path() != "/"
        || matches!(
            here.path(),
            "/" | "/index.html" | "/index.htm" | "/index.php"
        )
}

fn file(here: &Url, page: Page, media_type: String) -> Look {
    if page.body.is_empty() {
        return Look::LeftOut(Trouble::Empty);
    }
    let is_unsaid = matches!(
        media_type.as_str(),
        "" | "application/octet-stream" | "binary/octet-stream"
    );
    let is_known = match is_unsaid {
        true => is_readable_name(here.path()),
        false => is_readable_type(&media_type),
    };
    if !is_known {
        return Look::LeftOut(Trouble::Unsupported);
    }
    let bytes = match media_type.starts_with("text/") {
        true => format!("\u{feff}{}", decoded(&page)).into_bytes(),
        false => page.body,
    };
    Look::Content(Content {
        bytes,
        media_type,
        tag: page.tag,
        modified: page.modified,
    })
}

/// True for the ending of a file that is read.
pub fn is_readable_name(name: &str) -> bool {
    const READ: &[&str] = &[
        "pdf", "docx", "doc", "pptx", "ppt", "xlsx", "xls", "xlsb", "csv", "tsv", "odt", "ods",
        "odp", "rtf", "epub", "html", "htm", "xhtml", "md", "markdown", "txt", "text", "eml",
        "msg", "org", "rst", "zip",
    ];
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| READ.contains(&ending.as_str()))
}

fn is_readable_type(media_type: &str) -> bool {
    matches!(
        media_type,
        "application/pdf"
            | "application/msword"
            | "application/rtf"
            | "application/epub+zip"
            | "message/rfc822"
            | "text/plain"
            | "text/markdown"
            | "text/csv"
            | "text/tab-separated-values"
            | "text/rtf"
    ) || [
        "application/vnd.openxmlformats-officedocument",
        "application/vnd.oasis.opendocument",
        "application/vnd.ms-",
    ]
    .iter()
    .any(|family| media_type.starts_with(family))
}

/// The text of a page, by what the server says of its letters, else by what the page says, else by what it looks like.
fn decoded(page: &Page) -> String {
    let body = &page.body;
    let said = page.content_type.to_ascii_lowercase();
    let label = label_after(&said).or_else(|| {
        let head = String::from_utf8_lossy(&body[..body.len().min(4096)]).to_ascii_lowercase();
        label_after(&head)
    });
    let named = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    let encoding = named.unwrap_or_else(|| match std::str::from_utf8(body) {
        Ok(_) => encoding_rs::UTF_8,
        Err(_) => {
            let mut guess = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
            guess.feed(body, true);
            guess.guess(None, chardetng::Utf8Detection::Allow)
        }
    });
    encoding.decode(body).0.into_owned()
}

/// The word after `charset=`.
fn label_after(text: &str) -> Option<String> {
    let (_, after) = text.split_once("charset")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let label: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
        .collect();
    (!label.is_empty()).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(status: u16, content_type: &str, body: &[u8]) -> Page {
        Page {
            address: here(),
            status,
            content_type: content_type.to_owned(),
            tag: "\"1\"".to_owned(),
            modified: String::new(),
            robots: String::new(),
            retry_after: Some(1_000_000),
            body: body.to_vec(),
        }
    }

    fn here() -> Url {
        Url::parse("https://shop.example/a").unwrap()
    }

    fn text_of(seen: Seen) -> String {
        match seen.look {
            Look::Content(content) => String::from_utf8(content.bytes).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_page_in_another_encoding_is_read_by_what_the_server_says() {
        let (body, ..) = encoding_rs::WINDOWS_1251.encode("<p>Цена 300 рублей</p>");
        let said = meaning(&here(), page(200, "text/html; charset=windows-1251", &body));
        assert_eq!(text_of(said), "\u{feff}<p>Цена 300 рублей</p>");
        let meta = [b"<meta charset=windows-1251>".as_slice(), &body].concat();
        assert_eq!(
            text_of(meaning(&here(), page(200, "text/html", &meta))),
            "\u{feff}<p>Цена 300 рублей</p>"
        );
    }

    #[test]
    fn what_a_status_means() {
        let of = |status| meaning(&here(), page(status, "", b""));
        assert!(matches!(of(304).look, Look::Unchanged));
        assert!(matches!(of(410).look, Look::Gone));
        assert!(matches!(of(403).look, Look::LeftOut(Trouble::Denied)));
        assert!(matches!(of(500).look, Look::Failed(Trouble::ServerError)));
        let busy = of(429);
        assert!(matches!(busy.look, Look::Failed(Trouble::Busy)));
        assert_eq!(busy.retry_after, Some(LONGEST_RETRY));
    }

    #[test]
    fn only_what_can_be_read_is_taken() {
        for (kind, is_taken) in [
            ("application/pdf", true),
            ("text/plain", true),
            ("image/png", false),
            ("application/json", false),
            ("application/octet-stream", false),
        ] {
            let look = meaning(&here(), page(200, kind, b"x")).look;
            assert_eq!(matches!(look, Look::Content(_)), is_taken, "{kind}");
        }
    }

    #[test]
    fn a_page_that_calls_the_front_its_own_address_is_not_believed() {
        let canonical = |own: &str| {
            let body = format!("<link rel=canonical href='{own}'>text");
            meaning(&here(), page(200, "text/html", body.as_bytes()))
                .canonical
                .map(String::from)
        };
        assert_eq!(canonical("/"), None);
        assert_eq!(canonical("https://elsewhere.example/b"), None);
        assert_eq!(canonical("/b"), Some("https://shop.example/b".to_owned()));
    }

    #[test]
    fn a_site_is_left_alone_between_two_pages() {
        let slow = Robots::read("User-agent: *\nCrawl-delay: 3");
        assert_eq!(pause(&Robots::open(), &here()), 1.0);
        assert_eq!(pause(&slow, &here()), 3.0);
        let local = Url::parse("http://127.0.0.1:8000/").unwrap();
        assert_eq!(
            (pause(&Robots::open(), &local), pause(&slow, &local)),
            (0.0, 3.0)
        );
    }
}
