//! Markdown, with tables, footnotes and the title of a front matter.

use pulldown_cmark::{Event, HeadingLevel, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use crate::blocks::Builder;
use crate::encoding;
use crate::formats::html;
use crate::images;
use crate::table::{self, Header};

/// Reads Markdown.
pub(crate) fn read(bytes: &[u8], builder: &mut Builder) {
    let decoded = encoding::decode(bytes, None);
    builder.report.encoding = Some(decoded.encoding);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader::default();
    for event in Parser::new_ext(&decoded.text, options) {
        if builder.is_full() {
            return;
        }
        reader.take(event, builder);
    }
}

#[derive(Default)]
struct Reader {
    text: String,
    html: String,
    items: usize,
    rows: Vec<Vec<String>>,
    in_table: bool,
    in_code: bool,
    in_front_matter: bool,
    /// Where the description of an open picture begins, and its address.
    image: Option<(usize, String)>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>, builder: &mut Builder) {
        match event {
            Event::Start(tag) => self.open(tag, builder),
            Event::End(tag) => self.close(tag, builder),
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => {
                self.text.push_str(&text);
            }
            Event::Html(text) => self.html.push_str(&text),
            Event::InlineHtml(tag) if tag.starts_with("<br") => self.text.push('\n'),
            Event::InlineHtml(_) | Event::FootnoteReference(_) | Event::Rule => {}
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.text.push('\n'),
            Event::TaskListMarker(done) => self.text.push_str(if done { "☑ " } else { "☐ " }),
        }
    }

    fn open(&mut self, tag: Tag<'_>, builder: &mut Builder) {
        match tag {
            Tag::Item => {
                self.flush(builder);
                self.items += 1;
            }
            Tag::CodeBlock(_) => {
                self.flush(builder);
                self.in_code = true;
            }
            Tag::Table(_) => {
                self.flush(builder);
                self.in_table = true;
                self.rows.clear();
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::MetadataBlock(MetadataBlockKind::YamlStyle | MetadataBlockKind::PlusesStyle) => {
                self.in_front_matter = true;
            }
            Tag::Paragraph | Tag::Heading { .. } | Tag::List(_) | Tag::BlockQuote(_) => {
                self.flush(builder)
            }
            Tag::Image { dest_url, .. } => {
                builder.report.images += 1;
                self.image = Some((self.text.len(), dest_url.into_string()));
            }
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd, builder: &mut Builder) {
        match tag {
            TagEnd::Heading(level) => {
                let text = std::mem::take(&mut self.text);
                let level = level_of(level);
                if level == 1 && builder.title.is_none() {
                    builder.title = Some(text.clone());
                }
                builder.heading(level, &text);
            }
            TagEnd::Item => {
                self.flush(builder);
                self.items = self.items.saturating_sub(1);
            }
            TagEnd::CodeBlock => {
                builder.code(&std::mem::take(&mut self.text));
                self.in_code = false;
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.text);
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell);
                }
            }
            TagEnd::Table => {
                self.in_table = false;
                let rows = std::mem::take(&mut self.rows);
                table::add(builder, None, rows, Header::Rows(1));
            }
            TagEnd::HtmlBlock => html::read_fragment(&std::mem::take(&mut self.html), builder),
            TagEnd::MetadataBlock(_) => {
                self.in_front_matter = false;
                let front_matter = std::mem::take(&mut self.text);
                builder.title = front_matter_title(&front_matter);
            }
            TagEnd::Image => {
                if let Some((from, file)) = self.image.take() {
                    let description = self.text.split_off(from.min(self.text.len()));
                    let said = images::said(&description, &file);
                    self.text.push_str(&said.unwrap_or_default());
                }
            }
            TagEnd::Paragraph | TagEnd::FootnoteDefinition => self.flush(builder),
            _ => {}
        }
    }

    fn flush(&mut self, builder: &mut Builder) {
        if self.in_table || self.in_code || self.in_front_matter {
            return;
        }
        let text = std::mem::take(&mut self.text);
        if self.items > 0 {
            builder.item(&text)
        } else {
            builder.paragraph(&text)
        }
    }
}

fn front_matter_title(front_matter: &str) -> Option<String> {
    let title = front_matter
        .lines()
        .find_map(|line| line.strip_prefix("title:"))?;
    Some(title.trim().trim_matches(['"', '\'']).to_owned())
}

fn level_of(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
