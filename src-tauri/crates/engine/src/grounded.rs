//! Whether what a small model wrote stands in the passages: sentence by sentence, by words, by numbers, and by
//! meaning where the words are another language's. What nothing supports is left out; a mark that is missing or
//! wrong is set to the passage that does support the sentence.

mod rows;

use domain::sentence;

use crate::ask::{Ask, Given};
use crate::cite::{best_sentence, next_mark};
use crate::draft::{Draft, DraftCitation};
use crate::embedder::Role;
use crate::numbers;
use crate::prompt::NOT_IN_DOCUMENTS;
use crate::unrelated::Meaning;
use crate::words;

/// The share of a sentence's words that a passage (with its title and headings) must have ...
const BY_WORDS: f32 = 0.6;
/// ... or this, when the meaning is near as well.
const WITH_MEANING: f32 = 0.25;
/// How many standard deviations above unrelated texts a sentence and its proof must be, to be of one meaning.
const NEAR: f32 = 4.0;

/// A sentence that a model wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Said {
    /// Without its marks.
    text: String,
    /// The passages it is said to come from.
    marks: Vec<u32>,
}

/// The part of what was written that is supported, with its proof. Answered without citations when nothing is:
/// then somebody else must answer.
pub(crate) async fn grounded(written: &str, ask: &Ask, meaning: Option<&Meaning>) -> Draft {
    let written = written.trim();
    if written.is_empty() || written.starts_with(NOT_IN_DOCUMENTS) {
        return Draft::default();
    }
    let mut draft = Draft {
        answered: true,
        ..Draft::default()
    };
    for said in sentences(written) {
        // A model that changes its mind at the end has said nothing that can be trusted less for it.
        if said.text.contains(NOT_IN_DOCUMENTS) {
            continue;
        }
        let Some((number, quote)) = proof(&said, ask, meaning).await else {
            continue;
        };
        if !draft.text.is_empty() {
            draft.text.push(' ');
        }
        draft.text.push_str(&with_mark(&said.text, number));
        let is_known = draft.citations.iter().any(|known| known.number == number);
        if !is_known {
            draft.citations.push(DraftCitation { number, quote });
        }
    }
    draft
}

/// The text with the mark before its last punctuation.
fn with_mark(text: &str, number: u32) -> String {
    let bare = text.trim_end_matches(['.', '!', '?', '…', ':', ';', ',', ' ']);
    let end = &text[bare.len()..];
    format!("{bare} [{number}]{}", end.trim())
}

/// The passage that supports a sentence best, and the words of it that do; a passage that the model named first.
async fn proof(said: &Said, ask: &Ask, meaning: Option<&Meaning>) -> Option<(u32, String)> {
    let named = |given: &&Given| said.marks.contains(&given.number);
    let others = |given: &&Given| !said.marks.contains(&given.number);
    let terms = words::terms(&said.text);
    if terms.is_empty() {
        return None;
    }
    let passages = ask.passages.iter();
    let ordered = passages
        .clone()
        .filter(named)
        .chain(passages.filter(others));
    let mut best: Option<(f32, &Given)> = None;
    for given in ordered.filter(|given| has_numbers(&said.text, given, &ask.question)) {
        let share = share_of(&terms, given);
        if best.is_none_or(|(known, _)| share > known + 0.05) {
            best = Some((share, given));
        }
    }
    let (share, given) = best?;
    let quote = best_sentence(given, &said.text)?;
    // "Yes, you can return it after a month" claims all that was asked: a word that the passage lacks is what matters.
    let asked = words::terms(&ask.question);
    let is_echo = terms.iter().all(|term| has(&asked, term));
    let is_foreign = given.language != ask.language;
    if is_echo && share < 1.0 && !is_foreign {
        return None;
    }
    if share >= BY_WORDS {
        return Some((given.number, quote));
    }
    if share < WITH_MEANING && !is_foreign {
        return None;
    }
    let (number, quote) = match is_foreign {
        // Words of another language say nothing: the nearest sentence of all is the proof.
        true => meaning?.nearest(said, ask).await?,
        false => (given.number, quote),
    };
    let is_near = meaning?.is_near(&said.text, &quote).await;
    is_near.then_some((number, quote))
}

fn share_of(terms: &[String], given: &Given) -> f32 {
    let mut all = words::terms(&given.text);
    all.extend(words::terms(&given.title));
    all.extend(words::terms(&given.headings.join(" ")));
    let found = terms.iter().filter(|term| has(&all, term));
    found.count() as f32 / terms.len() as f32
}

fn has(words: &[String], term: &str) -> bool {
    words.iter().any(|word| words::akin(word, term))
}

/// True when every number of the sentence stands in the passage, its headings, its title, or the question; in a table
/// in the row and the column that are spoken of.
fn has_numbers(text: &str, given: &Given, question: &str) -> bool {
    numbers::are_known(text, std::slice::from_ref(given), question)
        && (!given.table || rows::are_right_cells(&given.text, text, question))
}

/// The sentences of a reply with the marks that belong to each: those inside it, and those right behind it.
fn sentences(written: &str) -> Vec<Said> {
    let mut all: Vec<Said> = Vec::new();
    for range in sentence::sentences(written) {
        let mut rest = written[range].trim();
        // `It costs 5 euros. [1] It takes two days.`
        while let Some((0, end, marks)) = next_mark(rest) {
            if let Some(before) = all.last_mut() {
                before.marks.extend(marks);
            }
            rest = rest[end..].trim_start_matches(['.', ' ']);
        }
        let mut said = Said {
            text: String::with_capacity(rest.len()),
            marks: Vec::new(),
        };
        while let Some((start, end, marks)) = next_mark(rest) {
            said.text.push_str(rest[..start].trim_end());
            said.marks.extend(marks);
            rest = &rest[end..];
        }
        said.text.push_str(rest);
        let text = said.text.trim();
        if text.contains(char::is_alphanumeric) {
            said.text = text.to_owned();
            all.push(said);
        }
    }
    all
}

impl Meaning {
    async fn is_near(&self, one: &str, other: &str) -> bool {
        let texts = vec![one.to_owned(), other.to_owned()];
        match self.embedder.embed(Role::Query, texts).await {
            Ok(vectors) => cosine(&vectors[0], &vectors[1]) >= self.least(),
            Err(_) => false,
        }
    }

    /// Of all sentences of the passages, the one nearest to what was said.
    async fn nearest(&self, said: &Said, ask: &Ask) -> Option<(u32, String)> {
        let mut places = Vec::new();
        for given in &ask.passages {
            let pieces: Vec<&str> = match given.table {
                true => given.text.lines().map(str::trim).collect(),
                false => {
                    let ranges = sentence::sentences(&given.text);
                    ranges.into_iter().map(|range| &given.text[range]).collect()
                }
            };
            let pieces = pieces.into_iter().filter(|piece| !piece.is_empty());
            let fits = pieces.filter(|_| has_numbers(&said.text, given, &ask.question));
            places.extend(fits.map(|piece| (given.number, piece.to_owned())));
        }
        let mut texts = vec![said.text.clone()];
        texts.extend(places.iter().map(|(_, piece)| piece.clone()));
        let vectors = self.embedder.embed(Role::Query, texts).await.ok()?;
        let of_said = vectors.first()?;
        let nearness = places.into_iter().zip(vectors.iter().skip(1));
        nearness
            .max_by(|(_, a), (_, b)| cosine(of_said, a).total_cmp(&cosine(of_said, b)))
            .map(|(place, _)| place)
    }

    fn least(&self) -> f32 {
        self.scale.questions + NEAR * self.scale.deviation
    }
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::language::Language;

    fn ask() -> Ask {
        let given = |number, text: &str| Given {
            number,
            title: "Delivery".to_owned(),
            text: text.to_owned(),
            language: Language::EN,
            ..Given::default()
        };
        Ask {
            question: "What does delivery cost?".to_owned(),
            language: Language::EN,
            passages: vec![
                given(
                    1,
                    "Delivery within the city costs 1,200.50 roubles. It takes two days.",
                ),
                given(2, "Returns are free within 14 days."),
            ],
            ..Ask::default()
        }
    }

    async fn of(written: &str) -> (String, Vec<u32>) {
        let draft = grounded(written, &ask(), None).await;
        assert!(draft.answered);
        let cited = draft.citations.iter().map(|cited| cited.number).collect();
        (draft.text, cited)
    }

    #[tokio::test]
    async fn what_is_supported_keeps_its_mark_and_gets_a_missing_one() {
        let (text, cited) =
            of("Delivery in the city costs 1 200,50 roubles [1]. Returns are free within 14 days.")
                .await;
        assert_eq!(
            text,
            "Delivery in the city costs 1 200,50 roubles [1]. Returns are free within 14 days [2]."
        );
        assert_eq!(cited, [1, 2]);
    }

    #[tokio::test]
    async fn a_wrong_mark_is_set_right() {
        let (text, cited) = of("Returns are free within 14 days. [1]").await;
        assert_eq!(text, "Returns are free within 14 days [2].");
        assert_eq!(cited, [2]);
    }

    #[tokio::test]
    async fn an_invented_number_or_statement_is_left_out() {
        let (text, cited) = of("Delivery in the city costs 1,300 roubles [1].").await;
        assert_eq!((text.as_str(), cited.len()), ("", 0));
        let (text, _) =
            of("It takes two days [1]. We also sell helicopters and paint elephants [1].").await;
        assert_eq!(text, "It takes two days [1].");
    }

    #[tokio::test]
    async fn a_question_said_again_as_an_answer_needs_every_word_of_it() {
        let asked = |question: &str| Ask {
            question: question.to_owned(),
            ..ask()
        };
        let month = asked("Are returns free after a month?");
        let draft = grounded("Yes, returns are free after a month [2].", &month, None).await;
        assert_eq!(draft.text, "");
        let free = asked("Are returns free?");
        let draft = grounded("Yes, returns are free [2].", &free, None).await;
        assert_eq!(draft.text, "Yes, returns are free [2].");
    }

    #[tokio::test]
    async fn not_in_the_documents_is_no_answer() {
        let draft = grounded(" NOT_IN_DOCUMENTS.", &ask(), None).await;
        assert!(!draft.answered);
    }
}
