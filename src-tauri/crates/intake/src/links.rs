//! What a page says to programs: its links, its own address, and whether it wants to be listed.
//!
//! A scan over the tags, once through, without a tree: pages are written by strangers, and reading them as documents
//! happens in a locked process (`extract`).

use net::Url;

use crate::address;

/// Most links that are taken of one page.
const MOST: usize = 2_000;
/// How much of a page is looked at, in bytes.
const LIMIT: usize = 4 * 1024 * 1024;

/// What a page says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Said {
    /// Addresses of the web that it leads to, each once.
    pub links: Vec<Url>,
    /// The address that it calls its own.
    pub canonical: Option<Url>,
    /// True when it asks not to be listed.
    pub is_unlisted: bool,
    /// True when it asks not to follow its links.
    pub is_dead_end: bool,
    /// The page without what is no text and changes with every visit: scripts, styles, comments, fields, marks for
    /// programs.
    pub kept: String,
}

/// What the page at `here` says.
pub fn said(page: &str, here: &Url) -> Said {
    let mut said = Said::default();
    let mut base = here.clone();
    let mut rest = page;
    if rest.len() > LIMIT {
        let end = (0..=LIMIT).rev().find(|at| rest.is_char_boundary(*at));
        rest = &rest[..end.unwrap_or_default()];
    }
    while let Some(at) = rest.find('<') {
        said.kept.push_str(&rest[..at]);
        let whole = &rest[at..];
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = rest[..length].to_ascii_lowercase();
        let (attributes, after) = tag(&rest[length..]);
        rest = after;
        match name.as_str() {
            "a" | "area" => said.link(&attributes, &base),
            "base" => {
                let found = value(&attributes, "href").and_then(|href| here.join(&href).ok());
                base = found.unwrap_or(base);
            }
            "link" if value(&attributes, "rel").is_some_and(|rel| has_word(&rel, "canonical")) => {
                let found = value(&attributes, "href").and_then(|href| base.join(href.trim()).ok());
                said.canonical = said.canonical.or(found.and_then(address::clean));
            }
            "meta" => {
                let meant = value(&attributes, "name").unwrap_or_default();
                if ["robots", crate::robots::NAME]
                    .iter()
                    .any(|name| meant.eq_ignore_ascii_case(name))
                {
                    said.asks(&value(&attributes, "content").unwrap_or_default());
                }
            }
            "script" | "style" | "textarea" | "title" => rest = past(rest, &name),
            _ => {}
        }
        let taken = &whole[..whole.len() - rest.len()];
        let is_left_out = matches!(
            name.as_str(),
            "script" | "style" | "textarea" | "input" | "link" | "meta"
        );
        if !is_left_out {
            said.kept.push_str(taken);
        }
    }
    said.kept.push_str(rest);
    said
}

impl Said {
    /// Takes what `content` of a robots tag, or the header `X-Robots-Tag`, asks for.
    pub fn asks(&mut self, content: &str) {
        let content = content.to_ascii_lowercase();
        // `bot: noindex` is for that bot.
        let ours =
            content
                .split(',')
                .map(str::trim)
                .filter_map(|word| match word.split_once(':') {
                    Some((bot, word)) => (bot.trim() == crate::robots::NAME).then_some(word.trim()),
                    None => Some(word),
                });
        for word in ours {
            self.is_unlisted |= matches!(word, "noindex" | "none");
            self.is_dead_end |= matches!(word, "nofollow" | "none");
        }
    }

    fn link(&mut self, attributes: &[(String, String)], base: &Url) {
        if self.links.len() >= MOST
            || value(attributes, "rel").is_some_and(|rel| has_word(&rel, "nofollow"))
        {
            return;
        }
        let found = value(attributes, "href")
            // Without a place it is the page itself.
            .filter(|href| !href.trim().is_empty())
            .and_then(|href| base.join(href.trim()).ok());
        if let Some(found) = found.and_then(address::clean)
            && !self.links.contains(&found)
        {
            self.links.push(found);
        }
    }
}

fn value(attributes: &[(String, String)], wanted: &str) -> Option<String> {
    let found = attributes.iter().find(|(name, _)| name == wanted);
    found.map(|(_, value)| value.clone())
}

fn has_word(text: &str, wanted: &str) -> bool {
    text.split_ascii_whitespace()
        .any(|word| word.eq_ignore_ascii_case(wanted))
}

/// Most attributes of a tag that are looked at.
const MOST_ATTRIBUTES: usize = 50;

/// The attributes of a tag whose name was read, and what comes after it.
fn tag(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        match rest.chars().next() {
            None => return (attributes, ""),
            Some('>') => return (attributes, &rest[1..]),
            // A tag that was never closed.
            Some('<') => return (attributes, rest),
            Some(_) => {}
        }
        // The first character belongs to the name even if it is `=`, so that every turn takes something.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/');
        let length = rest[first..].find(ends).map_or(rest.len(), |at| at + first);
        let name = &rest[..length];
        rest = rest[length..].trim_start();
        let mut found = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            (found, rest) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    after[1..].split_once(quote).unwrap_or((&after[1..], ""))
                }
                _ => {
                    let end = after.find(|c: char| c.is_ascii_whitespace() || c == '>');
                    after.split_at(end.unwrap_or(after.len()))
                }
            };
        }
        if attributes.len() < MOST_ATTRIBUTES {
            attributes.push((name.to_ascii_lowercase(), plain(found)));
        }
    }
}

/// What comes after the end of an element whose inside is no markup.
fn past<'a>(rest: &'a str, name: &str) -> &'a str {
    let mut at = 0;
    while let Some(found) = rest[at..].find("</") {
        let start = at + found + 2;
        let is_end = rest.as_bytes()[start..]
            .get(..name.len())
            .is_some_and(|inside| inside.eq_ignore_ascii_case(name.as_bytes()));
        if is_end {
            return rest[start..].split_once('>').map_or("", |(_, after)| after);
        }
        at = start;
    }
    ""
}

/// An attribute's value with the few entities that addresses hold.
fn plain(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let known = [
        ("&#38;", "&"),
        ("&#x26;", "&"),
        ("&#47;", "/"),
        ("&#x2f;", "/"),
        ("&quot;", "\""),
        ("&amp;", "&"),
    ];
    known.iter().fold(text.to_owned(), |text, (name, sign)| {
        text.replace(name, sign)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(page: &str) -> Said {
        said(page, &Url::parse("https://shop.example/a/b").unwrap())
    }

    fn links(page: &str) -> Vec<String> {
        of(page).links.into_iter().map(String::from).collect()
    }

    #[test]
    fn links_are_found_however_they_are_written() {
        let page = "<A class=x HREF = '/one'>1</a><a href=two>2</a><a\nhref=\"../three?x=1&amp;y=2#top\">3</a>
            <a href=/one>again</a><a href='mailto:a@b.example'>m</a><a href='javascript:x()'>j</a><area href=\"//other.example/\">
            <!-- <a href='/hidden'> --><script>var a = \"<a href='/script'>\"</script><a rel='nofollow' href='/no'>n</a><a name=x>";
        assert_eq!(
            links(page),
            [
                "https://shop.example/one",
                "https://shop.example/a/two",
                "https://shop.example/three?x=1&y=2",
                "https://other.example/"
            ]
        );
    }

    #[test]
    fn a_base_a_canonical_address_and_wishes_are_heard() {
        let page = of(
            "<base href='/shop/'><link rel='Canonical' href='page'><meta NAME=robots content='NoIndex, follow'><a href=x>",
        );
        assert_eq!(page.links[0].as_str(), "https://shop.example/shop/x");
        assert_eq!(
            page.canonical.unwrap().as_str(),
            "https://shop.example/shop/page"
        );
        assert!(page.is_unlisted && !page.is_dead_end);
        let mut header = Said::default();
        header.asks("googlebot: noindex, nofollow");
        assert!(!header.is_unlisted && header.is_dead_end);
        header.asks("none");
        assert!(header.is_unlisted);
    }

    #[test]
    fn what_changes_with_every_visit_is_not_kept() {
        let page = |token: &str| {
            of(&format!(
                "<title>Prices</title><meta name=csrf content={token}><script nonce={token}>x('</p>')</script><p>A <b>bicycle</b> \
                 costs 300.<!-- {token} --><input type=hidden value={token}><style>p {{}}</style></p> end"
            ))
        };
        assert_eq!(
            page("1").kept,
            "<title>Prices</title><p>A <b>bicycle</b> costs 300.</p> end"
        );
        assert_eq!(page("1").kept, page("2").kept);
    }

    #[test]
    fn nonsense_ends() {
        for page in [
            "<",
            "<a",
            "<a href",
            "<a href=",
            "<a href='",
            "<a =====>",
            "<a/////",
            "<!--",
            "<script>",
            "<a <a <a",
            "<a 'ё'='я'>",
        ] {
            assert_eq!(links(page), Vec::<String>::new(), "{page}");
        }
        let long = "<a href='/x' ".repeat(20_000);
        assert!(links(&long).len() <= 1);
        assert_eq!(links(&"<a href=/".repeat(10)).len(), 1);
    }
}
