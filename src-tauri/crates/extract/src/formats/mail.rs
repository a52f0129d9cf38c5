//! E-mails: who wrote to whom, when and about what, the text, and what is attached.

use domain::document::{ReadFailure, ReadNote};
use mail_parser::{Address, MessageParser, MimeHeaders};

use crate::blocks::Builder;
use crate::compound::{Compound, utf_16};
use crate::encoding;
use crate::formats::{archive, html};
use crate::limits::{self, Inside};

/// Reads a message as servers send it (RFC 5322).
pub(crate) fn read_eml(
    bytes: &[u8],
    builder: &mut Builder,
    inside: &mut Inside,
) -> Result<(), ReadFailure> {
    let message = MessageParser::default()
        .parse(bytes)
        .ok_or(ReadFailure::Damaged)?;
    let letter = Letter {
        subject: message.subject().unwrap_or_default().to_owned(),
        from: message.from().map(people).unwrap_or_default(),
        to: message.to().map(people).unwrap_or_default(),
        date: message.date().map(ToString::to_string).unwrap_or_default(),
    };
    letter.add(builder);
    // Where both are there, the formatted text has the tables and lists.
    match message.html_body_count() {
        0 => add_text(&message.body_text(0).unwrap_or_default(), builder),
        _ => html::read_fragment(&message.body_html(0).unwrap_or_default(), builder),
    }
    for attachment in message.attachments().take(limits::INNER_FILES) {
        let name = attachment.attachment_name().unwrap_or("attachment");
        archive::add_inner(name, attachment.contents(), builder, inside);
    }
    Ok(())
}

/// Reads a message as Outlook keeps it (MS-OXMSG).
pub(crate) fn read_msg(
    bytes: &[u8],
    builder: &mut Builder,
    inside: &mut Inside,
) -> Result<(), ReadFailure> {
    let mut file = Compound::open(bytes)?;
    let letter = Letter {
        subject: property(&mut file, "", "0037")?,
        from: property(&mut file, "", "0C1A")?,
        to: property(&mut file, "", "0E04")?,
        date: String::new(),
    };
    letter.add(builder);
    let body = property(&mut file, "", "1000")?;
    match file.stream("/__substg1.0_10130102")? {
        Some(page) if body.trim().is_empty() => {
            html::read_fragment(&encoding::decode(&page, None).text, builder);
        }
        _ => add_text(&body, builder),
    }
    let attachments = file.names_in("/").into_iter();
    let attachments = attachments.filter(|name| name.starts_with("__attach_version1.0_"));
    for storage in attachments.take(limits::INNER_FILES) {
        let folder = format!("/{storage}");
        let mut name = property(&mut file, &folder, "3707")?;
        if name.is_empty() {
            name = property(&mut file, &folder, "3704")?;
        }
        if let Some(contents) = file.stream(&format!("{folder}/__substg1.0_37010102"))? {
            archive::add_inner(&name, &contents, builder, inside);
        }
    }
    Ok(())
}

/// A text property: in UTF-16 (001F) or in some code page (001E).
fn property(file: &mut Compound<'_>, folder: &str, id: &str) -> Result<String, ReadFailure> {
    if let Some(bytes) = file.stream(&format!("{folder}/__substg1.0_{id}001F"))? {
        return Ok(utf_16(&bytes));
    }
    let bytes = file.stream(&format!("{folder}/__substg1.0_{id}001E"))?;
    Ok(bytes.map_or(String::new(), |bytes| {
        encoding::decode(&bytes, None).text.into_owned()
    }))
}

struct Letter {
    subject: String,
    from: String,
    to: String,
    date: String,
}

impl Letter {
    fn add(self, builder: &mut Builder) {
        builder.heading(1, &self.subject);
        builder.title = Some(self.subject).filter(|subject| !subject.trim().is_empty());
        let lines = [("From", self.from), ("To", self.to), ("Date", self.date)];
        let lines = lines
            .iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| format!("{name}: {}", value.trim()));
        builder.paragraph(&lines.collect::<Vec<_>>().join("\n"));
    }
}

fn people(address: &Address<'_>) -> String {
    let named = address
        .iter()
        .map(|person| match (person.name(), person.address()) {
            (Some(name), Some(address)) => format!("{name} <{address}>"),
            (name, address) => name.or(address).unwrap_or_default().to_owned(),
        });
    named.take(50).collect::<Vec<_>>().join(", ")
}

fn add_text(text: &str, builder: &mut Builder) {
    if text.contains('\u{fffd}') {
        builder.note(ReadNote::SomeTextUnreadable);
    }
    let text = text.replace("\r\n", "\n");
    for paragraph in text.split("\n\n") {
        builder.paragraph(paragraph.trim());
    }
}
