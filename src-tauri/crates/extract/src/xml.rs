//! XML that may be hostile: a DOCTYPE is skipped, entity declarations are refused, nothing outside is fetched.

use domain::document::ReadFailure;
use memchr::memmem;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// What a reader of XML meets, names without their prefix.
pub(crate) enum Node<'a> {
    Open(Element<'a>),
    Close(&'a str),
    Text(&'a str),
}

/// An element with its attributes.
pub(crate) struct Element<'a> {
    /// Its local name.
    pub(crate) name: &'a str,
    start: &'a BytesStart<'a>,
}

impl Element<'_> {
    /// The value of the attribute with this local name.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.attributes(name).into_iter().next()
    }

    /// The values of all attributes with this local name, whatever their prefix.
    pub(crate) fn attributes(&self, name: &str) -> Vec<String> {
        let mut attributes = self.start.attributes();
        let of_name = attributes
            .with_checks(false)
            .flatten()
            .filter(|attribute| attribute.key.local_name().as_ref() == name);
        let values = of_name.map(|attribute| {
            let value = attribute.value.into_owned();
            match quick_xml::escape::unescape(&value) {
                Ok(value) => value.into_owned(),
                Err(_) => value,
            }
        });
        values.collect()
    }
}

/// Walks through a part. An empty element is an opening and a closing one.
///
/// # Errors
/// [`ReadFailure::Refused`] for entity declarations; whatever `visit` returns. Broken XML ends the walk
/// quietly after what could be read, or is [`ReadFailure::Damaged`] when nothing could.
pub(crate) fn walk(
    bytes: &[u8],
    mut visit: impl FnMut(Node<'_>) -> Result<(), ReadFailure>,
) -> Result<(), ReadFailure> {
    let text = crate::encoding::decode(bytes, None).text;
    refuse_entities(text.as_bytes())?;
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    reader.config_mut().allow_unmatched_ends = true;
    let mut elements = 0_usize;
    loop {
        let event = match reader.read_event() {
            Ok(event) => event,
            Err(_) if elements == 0 => return Err(ReadFailure::Damaged),
            Err(_) => return Ok(()),
        };
        match event {
            Event::Start(start) => {
                elements += 1;
                visit(Node::Open(element(&start)))?;
            }
            Event::Empty(start) => {
                elements += 1;
                visit(Node::Open(element(&start)))?;
                visit(Node::Close(start.local_name().into_inner()))?;
            }
            Event::End(end) => {
                visit(Node::Close(end.local_name().into_inner()))?;
            }
            Event::Text(text) => visit(Node::Text(&text))?,
            Event::CData(data) => visit(Node::Text(&data))?,
            Event::GeneralRef(reference) => visit(Node::Text(&resolve(&reference)))?,
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// The text of the elements of this name, or nothing when it is blank.
pub(crate) fn text_of(bytes: &[u8], name: &str) -> Result<Option<String>, ReadFailure> {
    let mut text = String::new();
    let mut inside = false;
    walk(bytes, |node| {
        match node {
            Node::Open(element) => inside = element.name == name,
            Node::Close(_) => inside = false,
            Node::Text(part) => {
                if inside {
                    text.push_str(part);
                }
            }
        }
        Ok(())
    })?;
    Ok(Some(text).filter(|text| !text.trim().is_empty()))
}

/// Refuses what no honest document contains: an internal DTD subset or entity declarations (security.md C7).
/// The bytes are UTF-8.
pub(crate) fn refuse_entities(bytes: &[u8]) -> Result<(), ReadFailure> {
    const MARKERS: [&[u8]; 4] = [b"ENTITY", b"ELEMENT", b"ATTLIST", b"NOTATION"];
    let is_refused = memmem::find_iter(bytes, b"<!").any(|at| {
        let after = &bytes[at + 2..];
        MARKERS.iter().any(|marker| after.starts_with(marker)) || has_subset(after)
    });
    if is_refused {
        Err(ReadFailure::Refused)
    } else {
        Ok(())
    }
}

/// True for a document type with declarations of its own in square brackets, or of a length that none has.
fn has_subset(after: &[u8]) -> bool {
    if !after.starts_with(b"DOCTYPE") {
        return false;
    }
    let mut quote = None;
    for byte in after.iter().copied().take(LONGEST_TYPE) {
        match (byte, quote) {
            (b'[', None) => return true,
            (b'>', None) => return false,
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    after.len() > LONGEST_TYPE
}

/// Longest document type, in bytes.
const LONGEST_TYPE: usize = 4096;

fn element<'a>(start: &'a BytesStart<'_>) -> Element<'a> {
    Element {
        name: start.local_name().into_inner(),
        start,
    }
}

/// The five names of XML and numbers; anything else stays as it is written.
fn resolve(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    let name: &str = reference;
    match quick_xml::escape::resolve_xml_entity(name) {
        Some(text) => text.to_owned(),
        None => format!("&{name};"),
    }
}

#[cfg(test)]
mod tests {
    use domain::document::ReadFailure;

    use super::{Node, walk};

    fn text_of(xml: &[u8]) -> Result<String, ReadFailure> {
        let mut text = String::new();
        walk(xml, |node| {
            if let Node::Text(part) = node {
                text.push_str(part);
            }
            Ok(())
        })?;
        Ok(text)
    }

    #[test]
    fn references_are_resolved_and_a_doctype_is_skipped() {
        let xml = b"<!DOCTYPE html SYSTEM \"http://x/y.dtd\"><a>1 &lt; 2 &amp; &#x41;&unknown;</a>";
        assert_eq!(text_of(xml).unwrap(), "1 < 2 & A&unknown;");
    }

    #[test]
    fn entity_declarations_are_refused_in_every_encoding() {
        let xml = "<!DOCTYPE a [<!ENTITY b \"bb\">]><a>&b;</a>";
        let subset = b"<!DOCTYPE a PUBLIC \"[\" [ %x; ]><a>b</a>";
        assert_eq!(text_of(subset), Err(ReadFailure::Refused));
        assert!(text_of(b"<!DOCTYPE a PUBLIC \"[\"><a>b</a>").is_ok());
        let utf_16: Vec<u8> = xml.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text_of(xml.as_bytes()), Err(ReadFailure::Refused));
        assert_eq!(text_of(&utf_16), Err(ReadFailure::Refused));
    }
}
