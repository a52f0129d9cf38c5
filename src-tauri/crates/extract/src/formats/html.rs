//! HTML: the main content, without navigation, scripts and what is hidden.

use domain::document::ReadNote;
use scraper::node::Node;
use scraper::{ElementRef, Html, Selector};

use crate::blocks::Builder;
use crate::encoding;
use crate::formats::html_table;
use crate::images;
use crate::limits::{self, Room};

/// A node of the parsed page.
pub(crate) type HtmlNode<'a> = ego_tree::NodeRef<'a, Node>;

/// Reads a page.
pub(crate) fn read(bytes: &[u8], builder: &mut Builder) {
    let decoded = encoding::decode(bytes, declared_encoding(bytes).as_deref());
    builder.report.encoding = Some(decoded.encoding);
    let text = without_endless_tag(&decoded.text, builder);
    let page = Html::parse_document(text);
    builder.title = first(&page, "head title").map(|title| title.text().collect());
    let root = main_content(&page);
    let mut reader = Reader::new(builder);
    reader.walk(*root, 0);
    reader.flush();
}

/// Reads a piece of HTML that stands in another format.
pub(crate) fn read_fragment(html: &str, builder: &mut Builder) {
    let page = Html::parse_fragment(without_endless_tag(html, builder));
    let mut reader = Reader::new(builder);
    reader.walk(page.tree.root(), 0);
    reader.flush();
}

/// The page up to where its parser would take minutes: each attribute of a tag is compared with all others, and
/// for each element all that are open around it are looked through.
fn without_endless_tag<'t>(text: &'t str, builder: &mut Builder) -> &'t str {
    let bytes = text.as_bytes();
    let (mut tag, mut attributes, mut depth) = (0, 0, 0_usize);
    for at in memchr::memchr3_iter(b'<', b'>', b'=', bytes) {
        match bytes[at] {
            b'=' => attributes += 1,
            b'<' => {
                (tag, attributes) = (at, 0);
                match bytes.get(at + 1) {
                    Some(b'/') => depth = depth.saturating_sub(1),
                    Some(next)
                        if next.is_ascii_alphabetic() && is_closed_by_hand(&bytes[at + 1..]) =>
                    {
                        depth += 1;
                    }
                    _ => {}
                }
            }
            _ => attributes = 0,
        }
        if attributes > MOST_ATTRIBUTES || depth > MOST_OPEN {
            builder.note(ReadNote::CutAtLimit);
            return &text[..tag];
        }
    }
    text
}

/// Most attributes of a tag. A long script without `<` and `>` has as many signs of equality, but then the page
/// is cut and the owner is told.
const MOST_ATTRIBUTES: usize = 5_000;
/// Most elements that are open at a time.
const MOST_OPEN: usize = 5_000;

/// True unless people leave the end of such an element out, or it has none.
fn is_closed_by_hand(tag: &[u8]) -> bool {
    const LEFT_OPEN: [&str; 17] = [
        "p", "li", "br", "hr", "img", "td", "th", "tr", "dd", "dt", "meta", "link", "input",
        "option", "col", "tbody", "wbr",
    ];
    let length = tag
        .iter()
        .take(8)
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    let is_same = |name: &&str| tag[..length].eq_ignore_ascii_case(name.as_bytes());
    !LEFT_OPEN.iter().any(is_same)
}

/// The element of `main`, when the page has just one with some text in it; else the body.
fn main_content(page: &Html) -> ElementRef<'_> {
    let body = first(page, "body").unwrap_or_else(|| page.root_element());
    let Ok(selector) = Selector::parse("main, [role=main]") else {
        return body;
    };
    let mut mains = page.select(&selector);
    let (Some(main), None) = (mains.next(), mains.next()) else {
        return body;
    };
    let characters: usize = main.text().map(|text| text.trim().len()).sum();
    if characters > 200 { main } else { body }
}

fn first<'a>(page: &'a Html, selector: &str) -> Option<ElementRef<'a>> {
    page.select(&Selector::parse(selector).ok()?).next()
}

/// The label of `<meta charset=…>` or of its `http-equiv` form, from the first kilobytes.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).to_ascii_lowercase();
    let (_, after) = head.split_once("charset")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let label: String = after
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(|character| character.is_ascii_alphanumeric() || "-_:.".contains(*character))
        .collect();
    (!label.is_empty()).then_some(label)
}

struct Reader<'b> {
    builder: &'b mut Builder,
    text: String,
    in_item: usize,
    /// For each list that is open: the number of its next item, when it has numbers.
    lists: Vec<Option<i64>>,
    room: Room,
}

impl<'b> Reader<'b> {
    fn new(builder: &'b mut Builder) -> Reader<'b> {
        Reader {
            builder,
            text: String::new(),
            in_item: 0,
            lists: Vec::new(),
            room: Room::for_cells(),
        }
    }

    fn walk(&mut self, node: HtmlNode<'_>, depth: usize) {
        if depth > limits::DEPTH {
            self.text.push_str(&plain_text(node));
            return;
        }
        for child in node.children() {
            if self.builder.is_full() {
                return;
            }
            match child.value() {
                Node::Text(text) => push_collapsed(&mut self.text, text),
                Node::Element(_) => self.element(child, depth),
                _ => {}
            }
        }
    }

    fn element(&mut self, node: HtmlNode<'_>, depth: usize) {
        let Some(element) = ElementRef::wrap(node) else {
            return;
        };
        let name = element.value().name();
        if is_left_out(name, &element) {
            return;
        }
        if is_hidden(&element) {
            if element.text().any(|text| !text.trim().is_empty()) {
                self.builder.note(ReadNote::HiddenPartsSkipped);
            }
            return;
        }
        match name {
            "br" => self.text.push('\n'),
            "img" => {
                self.builder.report.images += 1;
                let value = |name: &str| element.value().attr(name).unwrap_or_default();
                if let Some(said) = images::said(value("alt"), value("src")) {
                    push_collapsed(&mut self.text, &format!(" {said} "));
                }
            }
            "wbr" => {}
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.walk(node, depth + 1);
                let text = std::mem::take(&mut self.text);
                self.builder.heading(name.as_bytes()[1] - b'0', &text);
            }
            "li" => {
                self.flush();
                self.in_item += 1;
                if let Some(Some(number)) = self.lists.last_mut() {
                    self.text.push_str(&format!("{number}. "));
                    *number = number.saturating_add(1);
                }
                self.walk(node, depth + 1);
                self.flush();
                self.in_item -= 1;
            }
            "ol" | "ul" => {
                self.flush();
                let start = element
                    .value()
                    .attr("start")
                    .and_then(|start| start.trim().parse().ok());
                self.lists.push((name == "ol").then(|| start.unwrap_or(1)));
                self.walk(node, depth + 1);
                self.lists.pop();
                self.flush();
            }
            "pre" => {
                self.flush();
                let text: String = element.text().collect();
                self.builder.code(&text);
            }
            "table" => {
                self.flush();
                if !html_table::add(element, self.builder, &mut self.room) {
                    self.walk(node, depth + 1);
                    self.flush();
                }
            }
            _ if is_inline(name) => self.walk(node, depth + 1),
            _ => {
                self.flush();
                self.walk(node, depth + 1);
                self.flush();
            }
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if self.in_item > 0 {
            self.builder.item(&text)
        } else {
            self.builder.paragraph(&text)
        }
    }
}

/// The visible text of a cell or caption in one line.
pub(crate) fn line_of(node: HtmlNode<'_>) -> String {
    let mut text = String::new();
    collect_line(node, &mut text, 0);
    text
}

fn collect_line(node: HtmlNode<'_>, text: &mut String, depth: usize) {
    if depth > limits::DEPTH {
        return;
    }
    for child in node.children() {
        match child.value() {
            Node::Text(part) => push_collapsed(text, part),
            Node::Element(_) => {
                let Some(element) = ElementRef::wrap(child) else {
                    continue;
                };
                let name = element.value().name();
                if is_left_out(name, &element) || is_hidden(&element) {
                    continue;
                }
                let apart = !is_inline(name);
                if apart {
                    text.push(' ');
                }
                collect_line(child, text, depth + 1);
                if apart {
                    text.push(' ');
                }
            }
            _ => {}
        }
    }
}

/// All text below a node that is too deep to be walked.
fn plain_text(node: HtmlNode<'_>) -> String {
    let mut text = String::new();
    for below in node.descendants() {
        let parent = below.parent().and_then(ElementRef::wrap);
        let left_out = parent.is_some_and(|parent| is_left_out(parent.value().name(), &parent));
        if let Node::Text(part) = below.value()
            && !left_out
        {
            push_collapsed(&mut text, part);
        }
    }
    text
}

/// White space in the source is one space; only `<br>` breaks a line.
fn push_collapsed(text: &mut String, part: &str) {
    for character in part.chars() {
        if !character.is_ascii_whitespace() {
            text.push(character);
        } else if !text.ends_with(' ') {
            text.push(' ');
        }
    }
}

fn is_left_out(name: &str, element: &ElementRef<'_>) -> bool {
    let by_name = matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "iframe"
            | "object"
            | "nav"
            | "head"
            | "button"
            | "select"
            | "textarea"
            | "input"
            | "canvas"
            | "audio"
            | "video"
            | "map"
            | "dialog"
            | "menu"
    );
    by_name
        || matches!(
            element.value().attr("role"),
            Some("navigation" | "menu" | "menubar" | "search")
        )
}

fn is_hidden(element: &ElementRef<'_>) -> bool {
    let element = element.value();
    if element.attr("hidden").is_some() || element.attr("aria-hidden") == Some("true") {
        return true;
    }
    let Some(style) = element.attr("style") else {
        return false;
    };
    let style: String = style
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect();
    let style = style.to_ascii_lowercase();
    [
        "display:none",
        "visibility:hidden",
        "font-size:0",
        "opacity:0;",
    ]
    .iter()
    .any(|hiding| style.contains(hiding))
        || style.ends_with("opacity:0")
}

fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "q"
            | "rp"
            | "rt"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "math"
            | "nobr"
    )
}
