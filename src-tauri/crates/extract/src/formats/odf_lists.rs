//! Numbers of list items in OpenDocument: a person sees them, the text does not hold them (ODF 1.3, 16.33).

use std::collections::HashMap;

use crate::formats::docx_numbers::display;
use crate::limits;
use crate::xml::Element;

/// The list styles of a document, the lists that are open, and the number that waits for its paragraph.
#[derive(Default)]
pub(crate) struct Lists {
    /// Levels that are numbered, by style and level.
    levels: HashMap<(String, usize), Level>,
    /// The style that is being read.
    style: String,
    open: Vec<List>,
    waiting: Option<String>,
}

struct Level {
    format: &'static str,
    before: String,
    after: String,
    start: u32,
}

struct List {
    style: String,
    /// The number of its last item.
    count: Option<u32>,
}

impl Lists {
    /// True inside a list.
    pub(crate) fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// Takes what concerns lists.
    pub(crate) fn open(&mut self, element: &Element<'_>) {
        let value = |name: &str| element.attribute(name).unwrap_or_default();
        match element.name {
            "list-style" => self.style = value("name"),
            "list-level-style-number" => self.add_level(element),
            "list" if self.open.len() < limits::DEPTH => {
                // A list within a list has the outer one's style unless it says another.
                let outer = self.open.last().map(|list| list.style.clone());
                let own = Some(value("style-name")).filter(|name| !name.is_empty());
                self.open.push(List {
                    style: own.or(outer).unwrap_or_default(),
                    count: None,
                });
            }
            "list-item" => self.waiting = self.next(),
            _ => {}
        }
    }

    /// A list ends.
    pub(crate) fn close(&mut self) {
        self.open.pop();
        self.waiting = None;
    }

    /// The number of the item whose first paragraph this is.
    pub(crate) fn take_number(&mut self) -> Option<String> {
        self.waiting.take()
    }

    fn add_level(&mut self, element: &Element<'_>) {
        let value = |name: &str| element.attribute(name).unwrap_or_default();
        let format = match value("num-format").as_str() {
            "1" => "decimal",
            "a" => "lowerLetter",
            "A" => "upperLetter",
            "i" => "lowerRoman",
            "I" => "upperRoman",
            _ => return,
        };
        let level = Level {
            format,
            before: value("num-prefix"),
            after: value("num-suffix"),
            start: value("start-value").parse().unwrap_or(1),
        };
        let place = value("level").parse().unwrap_or(1);
        if self.levels.len() < limits::ENTRIES {
            self.levels.insert((self.style.clone(), place), level);
        }
    }

    fn next(&mut self) -> Option<String> {
        let place = self.open.len();
        let list = self.open.last_mut()?;
        let level = self.levels.get(&(list.style.clone(), place))?;
        let number = list
            .count
            .map_or(level.start, |count| count.saturating_add(1));
        list.count = Some(number);
        Some(format!(
            "{}{}{} ",
            level.before,
            display(number, level.format),
            level.after
        ))
    }
}
