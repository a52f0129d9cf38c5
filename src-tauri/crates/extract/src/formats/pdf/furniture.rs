//! Running headers, footers and page numbers: lines at the edge of the page that repeat from page to page.

use std::collections::{HashMap, HashSet};

use crate::formats::pdf::layout::Line;

/// The part of the page's height at its top and bottom where furniture stands.
const EDGE: f64 = 0.12;

/// A page's lines in reading order, with its height.
pub(crate) struct PageLines {
    /// Number of the page, from 1.
    pub(crate) number: u32,
    pub(crate) height: f64,
    pub(crate) regions: Vec<Vec<Line>>,
}

/// Removes them from all pages.
pub(crate) fn remove(pages: &mut [PageLines]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for page in pages.iter() {
        let lines = page
            .regions
            .iter()
            .flatten()
            .filter(|line| at_edge(line, page.height));
        let patterns: HashSet<String> = lines.map(|line| pattern(&line.text())).collect();
        for pattern in patterns {
            *seen.entry(pattern).or_default() += 1;
        }
    }
    let count = pages.len();
    let repeats = |pattern: &str| {
        let times = seen.get(pattern).copied().unwrap_or(0);
        let is_number = pattern
            .chars()
            .filter(|character| character.is_alphabetic())
            .count()
            <= 6
            && pattern.contains('#');
        if is_number && pattern.len() <= 24 {
            return times >= 2 && times * 2 >= count;
        }
        times >= 3 && times * 10 >= count * 4
    };
    for page in pages {
        let height = page.height;
        for region in &mut page.regions {
            region.retain(|line| !(at_edge(line, height) && repeats(&pattern(&line.text()))));
        }
    }
}

fn at_edge(line: &Line, height: f64) -> bool {
    line.baseline < height * EDGE || line.baseline > height * (1.0 - EDGE)
}

/// The text with every number as `#`, so that page 3 and page 4 are alike.
fn pattern(text: &str) -> String {
    let mut pattern = String::new();
    for character in text.chars().flat_map(char::to_lowercase) {
        match character {
            '0'..='9' if pattern.ends_with('#') => {}
            '0'..='9' => pattern.push('#'),
            _ if character.is_whitespace() => {}
            _ => pattern.push(character),
        }
    }
    pattern
}
