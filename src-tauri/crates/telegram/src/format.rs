//! Markdown of our engines as Telegram shows it: plain text and what is bold in it.
//!
//! Markup is never sent (`parse_mode`), so nothing in an answer can break it or be taken for it. What Telegram has
//! no form for becomes text: lists, tables, headings, rules, HTML. Pictures are dropped to their words, and a link
//! always shows where it leads (security.md C2). Not here: where a long text is cut ([`crate::split`]).

pub mod clean;
pub mod entity;
mod link;
mod table;
mod write;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use teloxide::types::MessageEntity;

use crate::format::clean::is_visible;
use crate::format::entity::{Entity, EntityKind};
use crate::format::link::Target;
use crate::format::table::Table;
use crate::format::write::Writer;

/// A text and its entities.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Formatted {
    /// The text.
    pub text: String,
    /// Its entities, properly nested, in the order of their beginnings.
    pub entities: Vec<Entity>,
}

impl Formatted {
    /// A text as it is, without characters that Telegram does not take.
    pub fn plain(text: &str) -> Formatted {
        let mut writer = Writer::default();
        writer.put(text);
        writer.finish()
    }

    /// True when nobody would see anything: Telegram refuses such a message.
    pub fn is_empty(&self) -> bool {
        !self.text.chars().any(is_visible)
    }

    /// This text under a header, which stands on a line of its own.
    pub fn under(self, header: Formatted) -> Formatted {
        if header.text.is_empty() {
            return self;
        }
        let mut whole = header;
        whole.text.push('\n');
        let before = crate::split::utf16_len(&whole.text);
        whole.text.push_str(&self.text);
        let moved = self.entities.into_iter().map(|entity| Entity {
            offset: entity.offset + before,
            ..entity
        });
        whole.entities.extend(moved);
        whole
    }

    /// The entities as the Bot API takes them.
    pub fn entities_for_telegram(&self) -> Vec<MessageEntity> {
        self.entities
            .iter()
            .filter_map(Entity::for_telegram)
            .collect()
    }
}

/// Markdown (CommonMark with tables, strikethrough and task lists) as Telegram shows it.
pub fn format(markdown: &str) -> Formatted {
    let source = without_definitions(markdown);
    let mut writer = Writer::default();
    let mut page = Page::default();
    for event in Parser::new_ext(&source, options()) {
        page.take(&mut writer, event);
    }
    writer.finish()
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS
}

/// Definitions of references (`[1]: https://…`) made plain text: citations stay what they are, and no link has its
/// address somewhere else.
fn without_definitions(markdown: &str) -> String {
    let mut source = markdown.to_owned();
    // What stood below a definition can become one itself, once the first is text; a few rounds see to all that
    // an honest text has.
    for _ in 0..4 {
        let parser = Parser::new_ext(&source, options());
        let mut starts: Vec<usize> = parser
            .reference_definitions()
            .iter()
            .map(|(_, definition)| definition.span.start)
            .filter_map(|start| Some(start + source[start..].find('[')?))
            .collect();
        if starts.is_empty() {
            break;
        }
        starts.sort_unstable();
        for start in starts.into_iter().rev() {
            source.insert(start, '\\');
        }
    }
    source
}

/// Where in the document the next event stands.
#[derive(Default)]
struct Page {
    /// The next number of each list that is open; `None` for bullets.
    lists: Vec<Option<u64>>,
    links: Vec<Link>,
    code: Option<(String, String)>,
    table: Option<Table>,
    quotes: usize,
}

struct Link {
    target: Target,
    label_start: usize,
}

impl Page {
    fn take(&mut self, writer: &mut Writer, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(writer, tag),
            Event::End(tag) => self.end(writer, tag),
            Event::Code(code) if self.is_plain_code() => self.text(writer, &code),
            Event::Code(code) => writer.put_code(EntityKind::Code, &code),
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => self.text(writer, &text),
            Event::FootnoteReference(label) => self.text(writer, &format!("[{label}]")),
            Event::SoftBreak | Event::HardBreak => match &mut self.table {
                Some(table) => table.put(" "),
                None => writer.line_break(self.lists.len()),
            },
            Event::Rule => {
                writer.gap(self.between_blocks());
                writer.put("———");
                writer.gap(self.between_blocks());
            }
            Event::TaskListMarker(is_done) => writer.put(if is_done { "☑ " } else { "☐ " }),
        }
    }

    fn start(&mut self, writer: &mut Writer, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } => {
                writer.gap(self.between_blocks());
                writer.open(EntityKind::Bold);
            }
            Tag::BlockQuote(_) => {
                writer.gap(self.between_blocks());
                self.quotes += 1;
                if self.quotes == 1 {
                    writer.open(EntityKind::Blockquote);
                }
            }
            Tag::CodeBlock(kind) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) => language_of(&info),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Tag::List(first) => {
                writer.gap(self.between_blocks());
                self.lists.push(first);
            }
            Tag::Item => {
                let number = self.lists.last_mut().and_then(Option::as_mut);
                let marker = match number {
                    Some(number) => {
                        let marker = format!("{number}. ");
                        *number = number.saturating_add(1);
                        marker
                    }
                    None => "• ".to_owned(),
                };
                writer.item(self.lists.len(), &marker);
            }
            Tag::Table(_) => self.table = Some(Table::default()),
            Tag::Emphasis => writer.open(EntityKind::Italic),
            Tag::Strong => writer.open(EntityKind::Bold),
            Tag::Strikethrough => writer.open(EntityKind::Strikethrough),
            Tag::Link { dest_url, .. } => self.start_link(writer, &dest_url),
            Tag::Paragraph if !self.lists.is_empty() => writer.paragraph_of_item(self.lists.len()),
            Tag::Paragraph | Tag::HtmlBlock => writer.gap(self.between_blocks()),
            _ => {}
        }
    }

    fn end(&mut self, writer: &mut Writer, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                writer.close(&EntityKind::Bold);
                writer.gap(self.between_blocks());
            }
            TagEnd::BlockQuote(_) => {
                self.quotes = self.quotes.saturating_sub(1);
                if self.quotes == 0 {
                    writer.close(&EntityKind::Blockquote);
                }
                writer.gap(self.between_blocks());
            }
            TagEnd::CodeBlock => {
                let Some((language, code)) = self.code.take() else {
                    return;
                };
                writer.gap(self.between_blocks());
                writer.put_code(EntityKind::Pre { language }, code.trim_end());
                writer.gap(self.between_blocks());
            }
            TagEnd::List(_) => {
                self.lists.pop();
                writer.gap(self.between_blocks());
            }
            TagEnd::Item => writer.end_item(),
            TagEnd::Paragraph | TagEnd::HtmlBlock => writer.gap(self.between_blocks()),
            TagEnd::TableCell => {
                if let Some(table) = &mut self.table {
                    table.end_cell();
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                if let Some(table) = &mut self.table {
                    table.end_row();
                }
            }
            TagEnd::Table => {
                let Some(table) = self.table.take() else {
                    return;
                };
                writer.gap(self.between_blocks());
                table.write(writer);
                writer.gap(self.between_blocks());
            }
            TagEnd::Emphasis => writer.close(&EntityKind::Italic),
            TagEnd::Strong => writer.close(&EntityKind::Bold),
            TagEnd::Strikethrough => writer.close(&EntityKind::Strikethrough),
            TagEnd::Link => self.end_link(writer),
            _ => {}
        }
    }

    fn text(&mut self, writer: &mut Writer, text: &str) {
        match (&mut self.code, &mut self.table) {
            (Some((_, code)), _) => code.push_str(text),
            (None, Some(table)) => table.put(text),
            (None, None) => writer.put_lines(text, self.lists.len()),
        }
    }

    fn start_link(&mut self, writer: &mut Writer, address: &str) {
        let target = Target::of(address);
        if let (Target::Web { url, .. }, None) = (&target, &self.table) {
            writer.open(EntityKind::TextLink { url: url.clone() });
        }
        let label_start = match &self.table {
            Some(table) => table.cell_len(),
            None => {
                writer.begin();
                writer.byte_len()
            }
        };
        self.links.push(Link {
            target,
            label_start,
        });
    }

    fn end_link(&mut self, writer: &mut Writer) {
        let Some(link) = self.links.pop() else { return };
        if let Some(table) = &mut self.table {
            let note = link.target.note(table.cell_from(link.label_start));
            table.put(&note);
            return;
        }
        let note = link.target.note(writer.text_from(link.label_start));
        let is_bare = writer.text_from(link.label_start).trim().is_empty();
        if is_bare {
            writer.put(note.trim_start_matches([' ', '(']).trim_end_matches(')'));
        }
        if let Target::Web { url, .. } = link.target {
            writer.close(&EntityKind::TextLink { url });
        }
        if !is_bare {
            writer.put(&note);
        }
    }

    /// Telegram does not show code within links, quotes and tables.
    fn is_plain_code(&self) -> bool {
        !self.links.is_empty() || self.quotes > 0 || self.table.is_some()
    }

    /// Line feeds between two blocks.
    fn between_blocks(&self) -> usize {
        if self.lists.is_empty() { 2 } else { 1 }
    }
}

/// The language that a fence names: its first word, as far as it is one.
fn language_of(info: &str) -> String {
    let word = info.split([' ', ',', '{', '\t']).next().unwrap_or_default();
    word.chars()
        .filter(|c| c.is_alphanumeric() || "+-#_.".contains(*c))
        .take(32)
        .collect()
}

#[cfg(test)]
mod tests;
