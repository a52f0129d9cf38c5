//! Where a link leads, and what is shown of that.

use url::Url;

use super::clean;

/// The longest address that is sent, in bytes.
const MAX_URL: usize = 2_000;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A page.
    Web {
        /// Its address.
        url: String,
        /// Its host.
        host: String,
    },
    /// Something to write to or to call. Telegram knows no such links but recognises what is shown.
    Shown(String),
    /// Nowhere that anybody is led: its words stay.
    Nowhere,
}

impl Target {
    /// What an address in Markdown leads to. `http`, `https`, `mailto` and `tel` alone lead anywhere; an address with
    /// a name and a password in it does not.
    pub(super) fn of(address: &str) -> Target {
        let Ok(url) = Url::parse(address.trim()) else {
            return Target::Nowhere;
        };
        match url.scheme() {
            "http" | "https" => {
                let Some(host) = url.host_str() else {
                    return Target::Nowhere;
                };
                let has_name = !url.username().is_empty() || url.password().is_some();
                if has_name || url.as_str().len() > MAX_URL {
                    return Target::Shown(host.to_owned());
                }
                Target::Web {
                    host: host.to_owned(),
                    url: url.as_str().to_owned(),
                }
            }
            "mailto" | "tel" => match clean::line(url.path()) {
                path if path.is_empty() || path.len() > 100 => Target::Nowhere,
                path => Target::Shown(path),
            },
            _ => Target::Nowhere,
        }
    }

    /// What is written behind a label so that everybody sees where it leads; empty where the label says so itself.
    pub(super) fn note(&self, label: &str) -> String {
        match self {
            Target::Web { host, .. } if begins_with_host(label, host) => String::new(),
            Target::Web { host, .. } => format!(" ({host})"),
            Target::Shown(what) if label.to_lowercase().contains(&what.to_lowercase()) => {
                String::new()
            }
            Target::Shown(what) => format!(" ({what})"),
            Target::Nowhere => String::new(),
        }
    }
}

/// True when a label is the host, or an address on it.
fn begins_with_host(label: &str, host: &str) -> bool {
    let label = label.trim().to_lowercase();
    let label = label
        .strip_prefix("https://")
        .or_else(|| label.strip_prefix("http://"))
        .unwrap_or(&label);
    let host = host.to_lowercase();
    let bare = host.strip_prefix("www.").unwrap_or(&host);
    let rest = label
        .strip_prefix("www.")
        .unwrap_or(label)
        .strip_prefix(bare);
    rest.is_some_and(|rest| {
        rest.is_empty() || rest.starts_with(['/', '?', '#', ':']) && !rest.contains('@')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_four_kinds_of_address_lead_anywhere() {
        for address in [
            "javascript:alert(1)",
            "tg://user?id=1",
            "tg://resolve?domain=x",
            "data:text/html,x",
            "file:///etc/passwd",
            "ftp://host/x",
            "//host/x",
            "page.html",
            "",
            "vbscript:x",
            "JaVaScRiPt:x",
            "https://",
        ] {
            assert_eq!(Target::of(address), Target::Nowhere, "{address}");
        }
        assert_eq!(
            Target::of("mailto:a@b.example"),
            Target::Shown("a@b.example".to_owned())
        );
        assert_eq!(
            Target::of("https://me:word@host.example/"),
            Target::Shown("host.example".to_owned())
        );
    }

    #[test]
    fn a_label_that_is_not_the_host_is_told_where_it_leads() {
        let note = |address: &str, label: &str| Target::of(address).note(label);
        assert_eq!(
            note("https://shop.example/a", "the shop"),
            " (shop.example)"
        );
        assert_eq!(note("https://shop.example/a", "https://shop.example/a"), "");
        assert_eq!(note("https://www.shop.example/a", "Shop.example"), "");
        assert_eq!(
            note("https://evil.example/", "https://bank.example"),
            " (evil.example)"
        );
        assert_eq!(
            note("https://evil.example/", "bank.example/evil.example"),
            " (evil.example)"
        );
        assert_eq!(
            note("https://evil.example/", "evil.example.bank.example"),
            " (evil.example)"
        );
        assert_eq!(
            note("https://evil.example/", "evil.example:x@bank.example"),
            " (evil.example)"
        );
        assert_eq!(
            note("https://bаnk.example/", "bаnk.example"),
            " (xn--bnk-6cd.example)"
        );
        assert_eq!(note("tel:+7900", "call"), " (+7900)");
    }
}
