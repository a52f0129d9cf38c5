//! Which styles of a Word document are headings, titles or lists.

use std::collections::HashMap;

use domain::document::ReadFailure;

use crate::xml::{self, Node};

/// The styles of a document by their id.
#[derive(Default)]
pub(crate) struct Styles {
    by_id: HashMap<String, Style>,
}

#[derive(Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    outline: Option<u8>,
    list: bool,
    numbering: Option<String>,
    level: Option<usize>,
    hidden: bool,
}

/// What a paragraph's style makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Title,
    Heading(u8),
    List,
    Text,
}

/// Longest chain of styles based on each other that is followed.
const CHAIN: usize = 20;

impl Styles {
    /// Reads `styles.xml`.
    pub(crate) fn read(bytes: &[u8]) -> Result<Styles, ReadFailure> {
        let mut styles = Styles::default();
        let mut id = String::new();
        xml::walk(bytes, |node| {
            let Node::Open(element) = node else {
                return Ok(());
            };
            if element.name == "style" {
                id = element.attribute("styleId").unwrap_or_default();
            }
            let style = styles.by_id.entry(id.clone()).or_default();
            let value = element.attribute("val");
            match element.name {
                "name" => style.name = value.unwrap_or_default().to_lowercase(),
                "basedOn" => style.based_on = value,
                "outlineLvl" => style.outline = value.and_then(|value| value.parse().ok()),
                "numPr" => style.list = true,
                "numId" => style.numbering = value,
                "ilvl" => style.level = value.and_then(|value| value.parse().ok()),
                "vanish" => {
                    style.hidden = value.is_none_or(|value| value != "0" && value != "false")
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(styles)
    }

    /// The role of the paragraph style with this id.
    pub(crate) fn role(&self, id: &str) -> Role {
        let mut list = false;
        let mut next = Some(id);
        for _ in 0..CHAIN {
            let Some(style) = next.and_then(|id| self.by_id.get(id)) else {
                break;
            };
            if style.name == "title" {
                return Role::Title;
            }
            let named = style
                .name
                .strip_prefix("heading ")
                .and_then(|level| level.parse::<u8>().ok());
            if let Some(level) = named.or(style
                .outline
                .filter(|level| *level < 9)
                .map(|level| level + 1))
            {
                return Role::Heading(level);
            }
            list |= style.list || style.name.starts_with("list ") && style.name != "list paragraph";
            next = style.based_on.as_deref();
        }
        if list { Role::List } else { Role::Text }
    }

    /// The numbering of the paragraph style with this id, and the level in it.
    pub(crate) fn numbering(&self, id: &str) -> (Option<String>, Option<usize>) {
        let (mut numbering, mut level) = (None, None);
        let mut next = Some(id);
        for _ in 0..CHAIN {
            let Some(style) = next.and_then(|id| self.by_id.get(id)) else {
                break;
            };
            numbering = numbering.or_else(|| style.numbering.clone());
            level = level.or(style.level);
            next = style.based_on.as_deref();
        }
        (numbering, level)
    }

    /// True when the character style with this id hides its text.
    pub(crate) fn hides(&self, id: &str) -> bool {
        self.by_id.get(id).is_some_and(|style| style.hidden)
    }
}
