//! Every citation is checked: its passage was given, and its quote stands in that passage word for word.

use domain::answer::Citation;
use engine::draft::Draft;

use crate::searching::FoundPassage;

/// A draft whose citations stand.
pub(crate) struct Checked {
    /// The text with its marks renumbered from 1 in order, and marks of dropped citations removed.
    pub(crate) text: String,
    pub(crate) citations: Vec<Citation>,
    pub(crate) dropped: u32,
}

impl Checked {
    pub(crate) fn kept(&self) -> u32 {
        u32::try_from(self.citations.len()).unwrap_or(u32::MAX)
    }
}

/// Checks a draft against the passages that were given, numbered from 1.
pub(crate) fn check(draft: &Draft, given: &[&FoundPassage]) -> Checked {
    let mut citations: Vec<Citation> = Vec::new();
    let mut renumbered: Vec<(u32, u32)> = Vec::new();
    let mut dropped = 0;
    for cited in &draft.citations {
        let index = usize::try_from(cited.number)
            .ok()
            .and_then(|number| number.checked_sub(1));
        let Some(found) = index.and_then(|index| given.get(index)) else {
            dropped += 1;
            continue;
        };
        let Some(at) = found
            .passage
            .text
            .find(&cited.quote)
            .filter(|_| !cited.quote.trim().is_empty())
        else {
            dropped += 1;
            continue;
        };
        let number = u32::try_from(citations.len() + 1).unwrap_or(u32::MAX);
        if renumbered.iter().all(|(old, _)| *old != cited.number) {
            renumbered.push((cited.number, number));
        }
        let passage = &found.passage;
        citations.push(Citation {
            number,
            passage_id: passage.id,
            document_id: passage.document_id,
            document_title: found.title.clone(),
            address: found.address.clone(),
            page: passage.page,
            headings: passage.headings.clone(),
            quote: cited.quote.clone(),
            start: is_verbatim(found).then(|| passage.start + chars(&passage.text[..at])),
        });
    }
    Checked {
        text: with_marks(&draft.text, &renumbered),
        citations,
        dropped,
    }
}

/// True when the passage stands in the document letter for letter, so that offsets carry over.
fn is_verbatim(found: &FoundPassage) -> bool {
    let passage = &found.passage;
    !passage.table && passage.end.saturating_sub(passage.start) == chars(&passage.text)
}

fn chars(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// The text with marks like `[3]` renumbered, and marks of numbers that do not stand removed.
fn with_marks(text: &str, renumbered: &[(u32, u32)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let (before, from_open) = rest.split_at(open);
        out.push_str(before);
        let mark = from_open[1..]
            .split_once(']')
            .and_then(|(inside, after)| Some((inside.parse::<u32>().ok()?, after)));
        match mark {
            Some((number, after)) => {
                match renumbered.iter().find(|(old, _)| *old == number) {
                    Some((_, new)) => out.push_str(&format!("[{new}]")),
                    None => out.truncate(out.trim_end_matches(' ').len()),
                }
                rest = after;
            }
            None => {
                out.push('[');
                rest = &from_open[1..];
            }
        }
    }
    out.push_str(rest);
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use domain::answer::Usage;
    use domain::document::Passage;
    use domain::id::{DocumentId, PassageId};
    use domain::language::Language;
    use domain::time::Timestamp;
    use engine::draft::DraftCitation;
    use uuid::Uuid;

    use super::*;

    fn found(text: &str) -> FoundPassage {
        let passage = Passage {
            id: PassageId(Uuid::from_u128(1)),
            document_id: DocumentId(Uuid::from_u128(2)),
            ordinal: 0,
            text: text.to_owned(),
            headings: Vec::new(),
            page: Some(3),
            start: 100,
            end: 100 + chars(text),
            language: Language::EN,
            table: false,
        };
        FoundPassage {
            address: None,
            passage,
            title: "Terms".to_owned(),
            added_at: Timestamp(0),
            score: 1.0,
            keyword: None,
            heading: 0.0,
            vector: None,
            copies: Vec::new(),
            newer: None,
        }
    }

    fn draft(text: &str, citations: &[(u32, &str)]) -> Draft {
        let cited = |(number, quote): &(u32, &str)| DraftCitation {
            number: *number,
            quote: (*quote).to_owned(),
        };
        Draft {
            text: text.to_owned(),
            citations: citations.iter().map(cited).collect(),
            usage: Usage::default(),
            answered: true,
        }
    }

    #[test]
    fn a_citation_of_words_that_are_not_there_is_dropped() {
        let passage = found("Returns are free. They take 14 days.");
        let checked = check(
            &draft(
                "14 days [1], or 30 [2].",
                &[(1, "They take 14 days."), (2, "30 days"), (1, "30 days")],
            ),
            &[&passage],
        );
        assert_eq!(checked.kept(), 1);
        assert_eq!(checked.dropped, 2);
        assert_eq!(checked.text, "14 days [1], or 30.");
        assert_eq!(checked.citations[0].start, Some(118));
        assert_eq!(checked.citations[0].page, Some(3));
    }

    #[test]
    fn marks_are_renumbered_in_order_and_other_brackets_stay() {
        let (a, b) = (found("One."), found("Two."));
        let checked = check(&draft("Two [2]. See [note].", &[(2, "Two.")]), &[&a, &b]);
        assert_eq!(checked.text, "Two [1]. See [note].");
        assert_eq!(checked.citations[0].number, 1);
    }
}
