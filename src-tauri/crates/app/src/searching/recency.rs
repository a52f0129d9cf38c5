//! Recency: an old and a new price list under different names say the same thing with other numbers. The newer
//! one is preferred where both were found equally well.
//!
//! Strict on purpose: two branches, two models and two products must never be taken for two ages of one thing.
//! Versions of one document are no matter of this: only the newest is in the index.

use std::collections::HashSet;

use domain::document::Passage;

use crate::searching::FoundPassage;

/// Share of the words (0..=1) that two passages have in common from which on they say the same thing.
const SAME_THING: f32 = 0.8;
/// Keyword scores that differ by a smaller part of the larger one are nearly equal.
const NEAR_KEYWORD: f32 = 0.1;
/// Cosines that differ by less are nearly equal.
const NEAR_VECTOR: f32 = 0.05;
/// Names of months, as titles have them.
const MONTHS: [&str; 60] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
    "янв",
    "фев",
    "мар",
    "апр",
    "июн",
    "июл",
    "авг",
    "сен",
    "окт",
    "ноя",
    "дек",
    "сент",
];

/// Marks hits that a newer document contradicts, and puts them behind the hit that does.
pub(super) fn prefer_newer(hits: Vec<FoundPassage>) -> Vec<FoundPassage> {
    let mut ordered: Vec<FoundPassage> = Vec::with_capacity(hits.len());
    for mut hit in hits {
        let older = ordered.iter().position(|better| {
            better.newer.is_none() && contradict(better, &hit) && hit.added_at > better.added_at
        });
        if let Some(at) = older {
            ordered[at].newer = Some(hit.passage.document_id);
            ordered.insert(at, hit);
            continue;
        }
        let newer = ordered.iter().find(|better| {
            better.newer.is_none() && contradict(better, &hit) && better.added_at > hit.added_at
        });
        hit.newer = newer.map(|better| better.passage.document_id);
        ordered.push(hit);
    }
    ordered
}

/// Whether two hits say the same thing of the same kind of document with other numbers, and were found nearly
/// equally well.
fn contradict(a: &FoundPassage, b: &FoundPassage) -> bool {
    a.passage.document_id != b.passage.document_id
        && are_near(a, b)
        && is_same_title(&a.title, &b.title)
        && is_same_thing(&a.passage, &b.passage)
}

fn are_near(a: &FoundPassage, b: &FoundPassage) -> bool {
    let keywords = (a.keyword.unwrap_or(0.0), b.keyword.unwrap_or(0.0));
    let most = keywords.0.max(keywords.1);
    let is_near_by_words = (keywords.0 - keywords.1).abs() <= NEAR_KEYWORD * most;
    let is_near_by_meaning = match (a.vector, b.vector) {
        (Some(a), Some(b)) => (a - b).abs() <= NEAR_VECTOR,
        _ => true,
    };
    is_near_by_words && is_near_by_meaning
}

/// Titles that differ in their dates only.
fn is_same_title(a: &str, b: &str) -> bool {
    let named = |title: &str| -> HashSet<String> {
        let words = words(title);
        let is_dated = words.iter().any(|word| is_year(word) || is_month(word));
        let is_date = |word: &String| is_year(word) || is_month(word) || is_dated && is_day(word);
        words.into_iter().filter(|word| !is_date(word)).collect()
    };
    named(a) == named(b)
}

/// Nearly the same words, the same codes, other numbers.
fn is_same_thing(a: &Passage, b: &Passage) -> bool {
    let (a, b) = (Said::by(a), Said::by(b));
    let common = a.words.intersection(&b.words).count();
    let all = a.words.union(&b.words).count();
    let is_same = all > 0 && common as f32 / all as f32 >= SAME_THING;
    is_same && a.codes == b.codes && a.numbers != b.numbers
}

struct Said {
    words: HashSet<String>,
    /// With letters and digits: of a model, an article.
    codes: HashSet<String>,
    numbers: HashSet<String>,
}

impl Said {
    fn by(passage: &Passage) -> Said {
        let text = format!("{} {}", passage.headings.join(" "), passage.text);
        let (numbers, words): (HashSet<String>, HashSet<String>) = words(&text)
            .into_iter()
            .partition(|word| word.chars().all(|c| c.is_ascii_digit()));
        let has_digit = |word: &String| word.chars().any(|c| c.is_ascii_digit());
        let (codes, words) = words.into_iter().partition(has_digit);
        Said {
            words,
            codes,
            numbers,
        }
    }
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20")) && is_number(word)
}

fn is_day(word: &str) -> bool {
    word.len() <= 2 && is_number(word)
}

fn is_number(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_digit())
}

fn is_month(word: &str) -> bool {
    MONTHS.contains(&word)
}

#[cfg(test)]
mod tests {
    use domain::id::{DocumentId, PassageId};
    use domain::language::Language;
    use domain::time::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn hit(document: u128, title: &str, text: &str, keyword: f32) -> FoundPassage {
        FoundPassage {
            address: None,
            passage: Passage {
                id: PassageId(Uuid::from_u128(document)),
                document_id: DocumentId(Uuid::from_u128(document)),
                ordinal: 0,
                text: text.to_owned(),
                headings: Vec::new(),
                page: None,
                start: 0,
                end: 1,
                language: Language::EN,
                table: false,
            },
            title: title.to_owned(),
            added_at: Timestamp(document as i64),
            score: keyword,
            keyword: Some(keyword),
            heading: 0.0,
            vector: None,
            copies: Vec::new(),
            newer: None,
        }
    }

    /// Numbers of the documents in their order, and those that a newer one contradicts.
    fn order(hits: Vec<FoundPassage>) -> (Vec<u128>, Vec<u128>) {
        let number = |hit: &FoundPassage| hit.passage.document_id.0.as_u128();
        let ordered = prefer_newer(hits);
        let outdated = ordered.iter().filter(|hit| hit.newer.is_some());
        (
            ordered.iter().map(number).collect(),
            outdated.map(number).collect(),
        )
    }

    #[test]
    fn of_two_price_lists_the_newer_one_is_preferred() {
        let old = hit(1, "Prices 2025", "Item: Chain; Price: 10 EUR", 5.0);
        let new = hit(2, "Prices 2026", "Item: Chain; Price: 12 EUR", 4.9);
        let other = hit(3, "Delivery", "Delivery takes 2 days", 4.0);
        assert_eq!(
            order(vec![old.clone(), new.clone(), other.clone()]),
            (vec![2, 1, 3], vec![1])
        );
        assert_eq!(order(vec![new, other, old]), (vec![2, 3, 1], vec![1]));
    }

    #[test]
    fn two_models_two_branches_and_two_products_are_not_two_ages_of_one_thing() {
        let pairs = [
            (
                hit(1, "Manual of the Pine S2", "The S2 carries 110 kg", 5.0),
                hit(2, "Manual of the Pine S3", "The S3 carries 120 kg", 5.0),
            ),
            (
                hit(1, "Hours in Kazan", "Open from 9 to 18", 5.0),
                hit(2, "Hours in Moscow", "Open from 10 to 20", 5.0),
            ),
            (
                hit(1, "Manual 100", "It carries 110 kg", 5.0),
                hit(2, "Manual 200", "It carries 120 kg", 5.0),
            ),
            (
                hit(1, "Prices 2025", "Item: Chain; Price: 10 EUR", 5.0),
                hit(2, "Prices 2026", "Item: Bell; Price: 12 EUR", 5.0),
            ),
            // Found much better: it is what was asked for.
            (
                hit(1, "Prices 2025", "Item: Chain; Price: 10 EUR", 9.0),
                hit(2, "Prices 2026", "Item: Chain; Price: 12 EUR", 5.0),
            ),
            // They say the same.
            (
                hit(1, "Prices 2025", "Item: Chain; Price: 10 EUR", 5.0),
                hit(2, "Prices 2026", "Item: Chain; Price: 10 EUR", 5.0),
            ),
        ];
        for (a, b) in pairs {
            assert_eq!(order(vec![a, b]), (vec![1, 2], vec![]));
        }
    }
}
