//! XML that may be hostile: a DOCTYPE is skipped, entity declarations are refused, nothing outside is fetched.

use domain::document::ReadFailure;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// What a reader of XML meets, names without their prefix.
pub(crate) enum Node<'a> {
    Open(Element<'a>),
    Close(String),
    Text(String),
}

/// An element with its attributes.
pub(crate) struct Element<'a> {
    /// Its local name.
    pub(crate) name: String,
    start: BytesStart<'a>,
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
    refuse_entities(bytes)?;
    let text = crate::encoding::decode(bytes, None).text;
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
                visit(Node::Open(element(start)))?;
            }
            Event::Empty(start) => {
                elements += 1;
                let element = element(start);
                let name = element.name.clone();
                visit(Node::Open(element))?;
                visit(Node::Close(name))?;
            }
            Event::End(end) => {
                visit(Node::Close(end.local_name().as_ref().to_owned()))?;
            }
            Event::Text(text) => visit(Node::Text(text.to_string()))?,
            Event::CData(data) => visit(Node::Text(data.to_string()))?,
            Event::GeneralRef(reference) => visit(Node::Text(resolve(&reference)))?,
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
                    text.push_str(&part);
                }
            }
        }
        Ok(())
    })?;
    Ok(Some(text).filter(|text| !text.trim().is_empty()))
}

/// Refuses what no honest document contains: an internal DTD subset or entity declarations, in UTF-8 or
/// UTF-16 (security.md C7).
pub(crate) fn refuse_entities(bytes: &[u8]) -> Result<(), ReadFailure> {
    for marker in ["<!ENTITY", "<!ELEMENT", "<!ATTLIST", "<!NOTATION"] {
        let little: Vec<u8> = marker.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = marker.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let patterns = [marker.as_bytes(), &little, &big];
        if patterns.iter().any(|pattern| contains(bytes, pattern)) {
            return Err(ReadFailure::Refused);
        }
    }
    Ok(())
}

fn contains(bytes: &[u8], pattern: &[u8]) -> bool {
    // `<` is the rarest byte of a pattern that every position must be checked for: skip to the next one.
    let first = if pattern[0] == 0 { 1 } else { 0 };
    let mut from = 0;
    while let Some(found) = bytes[from..].iter().position(|byte| *byte == b'<') {
        let at = from + found;
        if at >= first && bytes[at - first..].starts_with(pattern) {
            return true;
        }
        from = at + 1;
    }
    false
}

fn element(start: BytesStart<'_>) -> Element<'_> {
    let name = start.local_name().as_ref().to_owned();
    Element { name, start }
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
                text.push_str(&part);
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
        let utf_16: Vec<u8> = xml.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(text_of(xml.as_bytes()), Err(ReadFailure::Refused));
        assert_eq!(text_of(&utf_16), Err(ReadFailure::Refused));
    }
}
