//! Numbers that Word counts itself (`2.1`, `a)`, `IV.`): people refer to them, so they are part of the text
//! (ECMA-376 part 1, 17.9).

use std::collections::HashMap;

use domain::document::ReadFailure;

use crate::xml::{self, Node};

/// Levels of a numbering.
const LEVELS: usize = 9;

/// The numberings of a document and how far each has come.
#[derive(Default)]
pub(crate) struct Numbers {
    /// Definitions by id.
    definitions: HashMap<String, [Level; LEVELS]>,
    /// Which definition a numbering uses.
    uses: HashMap<String, Use>,
    /// The numbers so far by definition; 0 before the first.
    counts: HashMap<String, [u32; LEVELS]>,
}

#[derive(Default)]
struct Level {
    start: u32,
    format: String,
    /// `%1.%2.`
    text: String,
    /// The style whose paragraphs stand on this level.
    style: String,
}

#[derive(Default)]
struct Use {
    definition: String,
    /// Levels that begin anew with this numbering: level and number.
    starts: Vec<(usize, u32)>,
}

impl Numbers {
    /// Reads `numbering.xml`.
    pub(crate) fn read(bytes: &[u8]) -> Result<Numbers, ReadFailure> {
        let mut numbers = Numbers::default();
        let (mut definition, mut numbering, mut level) = (String::new(), String::new(), 0);
        xml::walk(bytes, |node| {
            let element = match node {
                Node::Open(element) => element,
                Node::Close("abstractNum") => {
                    definition.clear();
                    return Ok(());
                }
                _ => return Ok(()),
            };
            let value = element.attribute("val").unwrap_or_default();
            match element.name {
                "abstractNum" => {
                    definition = element.attribute("abstractNumId").unwrap_or_default()
                }
                "num" => numbering = element.attribute("numId").unwrap_or_default(),
                "abstractNumId" => {
                    numbers
                        .uses
                        .entry(numbering.clone())
                        .or_default()
                        .definition = value;
                }
                "lvl" | "lvlOverride" => {
                    let told = element
                        .attribute("ilvl")
                        .and_then(|level| level.parse().ok());
                    level = told.unwrap_or(0).min(LEVELS - 1);
                }
                "startOverride" => {
                    let start = value.parse().unwrap_or(1);
                    let of_use = numbers.uses.entry(numbering.clone()).or_default();
                    if of_use.starts.len() < LEVELS {
                        of_use.starts.push((level, start));
                    }
                }
                name @ ("start" | "numFmt" | "lvlText" | "pStyle") if !definition.is_empty() => {
                    let levels = numbers.definitions.entry(definition.clone()).or_default();
                    match name {
                        "start" => levels[level].start = value.parse().unwrap_or(1),
                        "numFmt" => levels[level].format = value,
                        "lvlText" => levels[level].text = value,
                        _ => levels[level].style = value,
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(numbers)
    }

    /// The number of the next paragraph of a numbering, as it is shown; `None` for bullets. Without a level it
    /// is that of the paragraph's style.
    pub(crate) fn next(
        &mut self,
        numbering: &str,
        level: Option<usize>,
        style: &str,
    ) -> Option<String> {
        let of_use = self.uses.get_mut(numbering)?;
        let levels = self.definitions.get(&of_use.definition)?;
        let by_style = levels
            .iter()
            .position(|level| !style.is_empty() && level.style == style);
        let level = level.or(by_style).unwrap_or(0).min(LEVELS - 1);
        let counts = self.counts.entry(of_use.definition.clone()).or_default();
        for (level, start) in of_use.starts.drain(..) {
            counts[level] = start.saturating_sub(1);
            counts[level + 1..].fill(0);
        }
        for (upper, count) in counts[..level].iter_mut().enumerate() {
            if *count == 0 {
                *count = levels[upper].start.max(1);
            }
        }
        counts[level] = match counts[level] {
            0 => levels[level].start,
            count => count.saturating_add(1),
        };
        counts[level + 1..].fill(0);
        if matches!(levels[level].format.as_str(), "bullet" | "none" | "") {
            return None;
        }
        let mut shown = levels[level].text.clone();
        for (place, count) in counts.iter().enumerate() {
            let mark = format!("%{}", place + 1);
            if shown.contains(&mark) {
                shown = shown.replace(&mark, &display(*count, &levels[place].format));
            }
        }
        (shown.len() <= 40 && !shown.trim().is_empty()).then_some(shown)
    }
}

/// A number as a format shows it (`lowerRoman`, `russianLower` …).
pub(crate) fn display(number: u32, format: &str) -> String {
    match format {
        "lowerLetter" => letter(number, 'a', 26),
        "upperLetter" => letter(number, 'A', 26),
        "russianLower" => russian(number).to_string(),
        "russianUpper" => russian(number).to_uppercase().to_string(),
        "lowerRoman" => roman(number).to_lowercase(),
        "upperRoman" => roman(number),
        "decimalZero" => format!("{number:02}"),
        _ => number.to_string(),
    }
}

/// `a` to `z`, then `aa`, `bb` and so on.
fn letter(number: u32, first: char, count: u32) -> String {
    let place = number.saturating_sub(1);
    let letter = char::from_u32(u32::from(first) + place % count).unwrap_or(first);
    letter
        .to_string()
        .repeat((place / count + 1).min(5) as usize)
}

/// The letters that Russian lists count with.
fn russian(number: u32) -> char {
    let letters = "абвгдежзиклмнопрстуфхцчшщэюя";
    letters
        .chars()
        .nth(number.saturating_sub(1) as usize % 28)
        .unwrap_or('а')
}

fn roman(number: u32) -> String {
    let signs = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut left = number.min(3999);
    let mut shown = String::new();
    for (value, sign) in signs {
        while left >= value {
            shown.push_str(sign);
            left -= value;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::Numbers;

    #[test]
    fn numbers_go_on_and_begin_anew_under_each_new_heading() {
        let part = br#"<w:numbering><w:abstractNum w:abstractNumId="0">
            <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
            <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:pStyle w:val="Sub"/><w:lvlText w:val="%1.%2."/></w:lvl>
            <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="russianLower"/><w:lvlText w:val="%3)"/></w:lvl>
            <w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl></w:abstractNum>
            <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
            <w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride></w:num></w:numbering>"#;
        let mut numbers = Numbers::read(part).unwrap();
        let mut next = |id: &str, level: Option<usize>, style: &str| {
            numbers.next(id, level, style).unwrap_or_default()
        };
        assert_eq!(next("1", Some(0), ""), "1.");
        assert_eq!(next("1", None, "Sub"), "1.1.");
        assert_eq!(next("1", Some(2), ""), "а)");
        assert_eq!(next("1", Some(2), ""), "б)");
        assert_eq!(next("1", Some(3), ""), "");
        assert_eq!(next("1", Some(1), ""), "1.2.");
        assert_eq!(next("1", Some(2), ""), "а)");
        assert_eq!(next("1", Some(0), ""), "2.");
        assert_eq!(next("1", Some(1), ""), "2.1.");
        assert_eq!(next("2", Some(0), ""), "4.");
        assert_eq!(next("9", Some(0), ""), "");
    }
}
