//! `parse_mode`: HTML and the two Markdowns, with the server's own complaints.

use serde_json::{Map, Value, json};

use crate::entity::{mark, units};
use crate::failure::Failure;
use crate::message::Formatted;

fn cannot(reason: impl AsRef<str>) -> Failure {
    Failure::bad(format!("can't parse entities: {}", reason.as_ref()))
}

struct Open {
    tag: String,
    kind: &'static str,
    at: usize,
    extra: Map<String, Value>,
}

struct Writer {
    text: String,
    units: usize,
    entities: Vec<Value>,
    open: Vec<Open>,
}

impl Writer {
    fn new() -> Writer {
        Writer {
            text: String::new(),
            units: 0,
            entities: Vec::new(),
            open: Vec::new(),
        }
    }

    fn put(&mut self, text: &str) {
        self.text.push_str(text);
        self.units += units(text);
    }

    fn close(&mut self, open: Open) {
        if self.units > open.at {
            let mut made = mark(open.kind, open.at, self.units - open.at);
            made.extend(open.extra);
            self.entities.push(Value::Object(made));
        }
    }

    fn done(self) -> Formatted {
        Formatted {
            text: self.text,
            entities: self.entities,
        }
    }
}

/// Reads HTML as the server does: a few tags, four entities, everything else is refused.
pub(crate) fn html(source: &str) -> Result<Formatted, Failure> {
    let mut writer = Writer::new();
    let mut rest = source;
    while let Some(next) = rest.find(['<', '&']) {
        writer.put(&rest[..next]);
        let offset = source.len() - rest.len() + next;
        rest = &rest[next..];
        if let Some(after) = rest.strip_prefix('&') {
            let (letter, used) = character(after).unwrap_or(("&".to_owned(), 0));
            writer.put(&letter);
            rest = &after[used..];
            continue;
        }
        let Some(end) = rest.find('>') else {
            return Err(cannot(format!(
                "unclosed start tag at byte offset {offset}"
            )));
        };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        match tag.strip_prefix('/') {
            Some(name) => {
                let name = name.trim().to_lowercase();
                let Some(open) = writer.open.pop() else {
                    return Err(cannot(format!(
                        "unexpected end tag at byte offset {offset}"
                    )));
                };
                if open.tag != name {
                    return Err(cannot(format!(
                        "unmatched end tag at byte offset {offset}, expected \"</{}>\", found \"</{name}>\"",
                        open.tag
                    )));
                }
                writer.close(open);
            }
            None => {
                let open = opened(tag, writer.units, offset)?;
                // `<pre><code class="language-x">` is one mark with a language.
                let language = open.extra.get("language").cloned();
                if let (Some(language), Some(outer)) = (language, writer.open.last_mut())
                    && outer.kind == "pre"
                    && outer.at == writer.units
                {
                    outer.extra.insert("language".into(), language);
                }
                writer.open.push(open);
            }
        }
    }
    writer.put(rest);
    if let Some(open) = writer.open.last() {
        return Err(cannot(format!(
            "can't find end tag corresponding to start tag \"{}\"",
            open.tag
        )));
    }
    let mut formatted = writer.done();
    // A code inside a pre is the pre's.
    let pres: Vec<(usize, usize)> = formatted
        .entities
        .iter()
        .filter(|mark| mark["type"] == "pre")
        .map(|mark| (crate::entity::at(mark), crate::entity::length(mark)))
        .collect();
    formatted.entities.retain(|mark| {
        let place = (crate::entity::at(mark), crate::entity::length(mark));
        mark["type"] != "code" || !pres.contains(&place)
    });
    for mark in &mut formatted.entities {
        if mark["type"] == "code"
            && let Some(mark) = mark.as_object_mut()
        {
            mark.remove("language");
        }
    }
    Ok(formatted)
}

fn opened(tag: &str, at: usize, offset: usize) -> Result<Open, Failure> {
    let (name, attributes) = match tag.split_once(char::is_whitespace) {
        Some((name, attributes)) => (name.to_lowercase(), attributes),
        None => (tag.to_lowercase(), ""),
    };
    let attribute = |wanted: &str| {
        let (_, value) = attributes.split_once(&format!("{wanted}="))?;
        let quote = value
            .chars()
            .next()
            .filter(|letter| "\"'".contains(*letter));
        match quote {
            Some(quote) => value[1..].split(quote).next(),
            None => value.split_whitespace().next(),
        }
    };
    let mut extra = Map::new();
    let kind = match name.as_str() {
        "b" | "strong" => "bold",
        "i" | "em" => "italic",
        "u" | "ins" => "underline",
        "s" | "strike" | "del" => "strikethrough",
        "tg-spoiler" => "spoiler",
        "span" if attribute("class") == Some("tg-spoiler") => "spoiler",
        "pre" => "pre",
        "code" => {
            let class = attribute("class").unwrap_or_default();
            if let Some(language) = class.strip_prefix("language-") {
                extra.insert("language".into(), json!(language));
            }
            "code"
        }
        "blockquote" if attributes.trim_start().starts_with("expandable") => {
            "expandable_blockquote"
        }
        "blockquote" => "blockquote",
        "a" => {
            let url = attribute("href").unwrap_or_default().replace("&amp;", "&");
            extra.insert("url".into(), json!(url));
            "text_link"
        }
        "tg-emoji" => {
            let id = attribute("emoji-id").unwrap_or_default();
            extra.insert("custom_emoji_id".into(), json!(id));
            "custom_emoji"
        }
        _ => {
            return Err(cannot(format!(
                "unsupported start tag \"{name}\" at byte offset {offset}"
            )));
        }
    };
    Ok(Open {
        tag: name,
        kind,
        at,
        extra,
    })
}

/// A character reference behind `&`: the letter, and the bytes it took.
fn character(after: &str) -> Option<(String, usize)> {
    for (name, letter) in [("lt", "<"), ("gt", ">"), ("amp", "&"), ("quot", "\"")] {
        if let Some(rest) = after.strip_prefix(name) {
            let semicolon = usize::from(rest.starts_with(';'));
            return Some((letter.to_owned(), name.len() + semicolon));
        }
    }
    let number = after.strip_prefix('#')?;
    let end = number.find(';').filter(|end| *end < 9)?;
    let code = match number[..end].strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number[..end].parse().ok()?,
    };
    Some((char::from_u32(code)?.to_string(), end + 2))
}

/// Which Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// The old one: no nesting, few signs.
    One,
    /// `MarkdownV2`: every reserved sign must be escaped.
    Two,
}

/// Reserved in `MarkdownV2` wherever it is not markup.
const RESERVED: &str = "_*[]()~`>#+-=|{}.!";

/// Reads Markdown as the server does.
pub(crate) fn markdown(source: &str, flavour: Flavour) -> Result<Formatted, Failure> {
    let mut writer = Writer::new();
    let mut rest = source;
    while let Some(letter) = rest.chars().next() {
        let offset = source.len() - rest.len();
        if let Some(escaped) = rest
            .strip_prefix('\\')
            .and_then(|after| after.chars().next())
            && escaped.is_ascii_punctuation()
        {
            writer.put(&escaped.to_string());
            rest = &rest[2..];
            continue;
        }
        if let Some(after) = rest.strip_prefix("```") {
            rest = fenced(&mut writer, after, offset)?;
            continue;
        }
        if let Some(after) = rest.strip_prefix('`') {
            let Some(end) = after.find('`') else {
                return Err(unclosed("Code", offset));
            };
            let at = writer.units;
            writer.put(&after[..end]);
            let extra = Map::new();
            writer.close(Open {
                tag: "`".into(),
                kind: "code",
                at,
                extra,
            });
            rest = &after[end + 1..];
            continue;
        }
        if letter == '[' {
            let at = writer.units;
            let extra = Map::new();
            writer.open.push(Open {
                tag: "[".into(),
                kind: "text_link",
                at,
                extra,
            });
            rest = &rest[1..];
            continue;
        }
        if letter == ']' && writer.open.last().is_some_and(|open| open.tag == "[") {
            let Some(open) = writer.open.pop() else {
                break;
            };
            rest = linked(&mut writer, open, &rest[1..], offset)?;
            continue;
        }
        let sign = signs(flavour)
            .iter()
            .find(|(sign, _)| rest.starts_with(sign));
        if let Some((sign, kind)) = sign {
            rest = &rest[sign.len()..];
            match writer.open.last() {
                Some(open) if open.tag == *sign => {
                    if let Some(open) = writer.open.pop() {
                        writer.close(open);
                    }
                }
                _ => writer.open.push(Open {
                    tag: (*sign).to_owned(),
                    kind,
                    at: writer.units,
                    extra: Map::new(),
                }),
            }
            continue;
        }
        let starts_quote = letter == '>' && (offset == 0 || source[..offset].ends_with('\n'));
        if flavour == Flavour::Two && RESERVED.contains(letter) && !starts_quote {
            return Err(cannot(format!(
                "character '{letter}' is reserved and must be escaped with the preceding '\\'"
            )));
        }
        writer.put(&letter.to_string());
        rest = &rest[letter.len_utf8()..];
    }
    match writer.open.last() {
        Some(open) => Err(cannot(format!(
            "can't find end of the entity starting at UTF-16 offset {}",
            open.at
        ))),
        None => Ok(writer.done()),
    }
}

fn signs(flavour: Flavour) -> &'static [(&'static str, &'static str)] {
    match flavour {
        Flavour::One => &[("*", "bold"), ("_", "italic")],
        Flavour::Two => &[
            ("__", "underline"),
            ("||", "spoiler"),
            ("*", "bold"),
            ("_", "italic"),
            ("~", "strikethrough"),
        ],
    }
}

fn fenced<'a>(writer: &mut Writer, after: &'a str, offset: usize) -> Result<&'a str, Failure> {
    let Some(end) = after.find("```") else {
        return Err(unclosed("Pre", offset));
    };
    let mut extra = Map::new();
    let mut body = &after[..end];
    if let Some((language, code)) = body.split_once('\n')
        && !language.contains(char::is_whitespace)
    {
        if !language.is_empty() {
            extra.insert("language".into(), json!(language));
        }
        body = code;
    }
    let at = writer.units;
    writer.put(body);
    writer.close(Open {
        tag: "```".into(),
        kind: "pre",
        at,
        extra,
    });
    Ok(&after[end + 3..])
}

fn linked<'a>(
    writer: &mut Writer,
    mut open: Open,
    after: &'a str,
    offset: usize,
) -> Result<&'a str, Failure> {
    let Some(target) = after.strip_prefix('(') else {
        return Err(unclosed("Link", offset));
    };
    let Some(end) = target.find(')') else {
        return Err(unclosed("Link", offset));
    };
    let url = target[..end].replace('\\', "");
    open.extra.insert("url".into(), json!(url));
    writer.close(open);
    Ok(&target[end + 1..])
}

fn unclosed(what: &str, offset: usize) -> Failure {
    cannot(format!(
        "can't find end of {what} entity at byte offset {offset}"
    ))
}
