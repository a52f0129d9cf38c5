//! Questions that the documents can answer, made from the documents without any model: approved questions, headings
//! that are questions, headings, and rows of tables. Each was searched for, and is told only where the assistant
//! would answer it. Beside them usual questions that it would not answer.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use domain::assistant::Assistant;
use domain::document::{Document, DocumentState, Passage};
use domain::id::{AssistantId, DocumentId, WorkspaceId};
use domain::language::Language;
use domain::member::Permission;
use domain::qa::normalised;
use domain::scope::Scope;
use store::documents::{DocumentFilter, StateName};

use crate::App;
use crate::error::Result;
use crate::first_run::usual;
use crate::searching::Asked;
use crate::who::Who;

/// Most questions that are told.
const QUESTIONS: usize = 5;
/// Most of them that come from approved answers.
const FROM_QA: usize = 1;
/// Most questions that are tried.
const TRIED: usize = 30;
/// Longest time for either kind: what was found by then is told, on a computer that has much else to do.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most documents, the newest ones, and most passages of each that are looked at.
const DOCUMENTS: u32 = 8;
const PASSAGES: u32 = 40;
/// Among so many passages found, one must be of the document that the question was made from.
const AMONG: usize = 3;
/// Longest heading or cell that makes a question, in characters, and the shortest.
const LONGEST: usize = 60;
const SHORTEST: usize = 3;

/// A question that the assistant can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleQuestion {
    /// Its words.
    pub question: String,
    /// Title of the document that it was made from; `None` for an approved answer.
    pub document: Option<String>,
}

/// Questions to try an assistant with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Samples {
    /// It would answer these.
    pub answerable: Vec<SampleQuestion>,
    /// It would refuse these.
    pub unanswerable: Vec<String>,
}

/// A question that is to be tried.
struct Candidate {
    question: String,
    of: Option<DocumentId>,
}

impl App {
    /// Up to five questions that an assistant would answer from the documents as they are now, and up to five usual
    /// ones that it would not; the oldest assistant unless one is named. Without documents there are none.
    pub async fn sample_questions(&self, who: &Who, id: Option<AssistantId>) -> Result<Samples> {
        who.must(Permission::Look)?;
        let workspace = who.workspace();
        let store = self.workspace(workspace);
        let assistant = match id {
            Some(id) => Some(store.assistant(id).await?),
            None => store.assistants().await?.into_iter().next(),
        };
        let Some(assistant) = assistant else {
            return Ok(Samples::default());
        };
        let filter = DocumentFilter {
            state: Some(StateName::Ready),
            ..DocumentFilter::default()
        };
        let mut documents = store.documents(filter, None, DOCUMENTS).await?.items;
        documents.retain(|one| one.state == DocumentState::Ready);
        let answerable = self.answerable(workspace, &assistant, &documents).await?;
        let unanswerable = match documents.is_empty() {
            true => Vec::new(),
            false => {
                let language = main_language(&documents);
                self.unanswerable(workspace, &assistant, language).await?
            }
        };
        Ok(Samples {
            answerable,
            unanswerable,
        })
    }

    async fn answerable(
        &self,
        workspace: WorkspaceId,
        assistant: &Assistant,
        documents: &[Document],
    ) -> Result<Vec<SampleQuestion>> {
        let store = self.workspace(workspace);
        let mut by_document = Vec::new();
        for document in documents {
            let passages = store.passages(document.id, None, PASSAGES).await?;
            by_document.push(questions_of(document, &passages));
        }
        let approved = store.all_qa().await?.into_iter();
        let approved = approved.filter_map(|qa| qa.questions.into_iter().next());
        let approved = approved
            .take(FROM_QA)
            .map(|question| Candidate { question, of: None });
        let mut told: Vec<SampleQuestion> = Vec::new();
        let mut seen = HashSet::new();
        let begun = Instant::now();
        for candidate in approved.chain(in_turns(by_document)).take(TRIED) {
            if begun.elapsed() > PATIENCE {
                break;
            }
            let is_new = seen.insert(normalised(&candidate.question));
            if !is_new || !self.would_answer(workspace, assistant, &candidate).await? {
                continue;
            }
            let document = documents.iter().find(|one| Some(one.id) == candidate.of);
            told.push(SampleQuestion {
                question: candidate.question,
                document: document.map(|one| one.title.clone()),
            });
            if told.len() == QUESTIONS {
                break;
            }
        }
        Ok(told)
    }

    /// Usual questions that no approved answer fits and no passage answers surely enough.
    async fn unanswerable(
        &self,
        workspace: WorkspaceId,
        assistant: &Assistant,
        language: Language,
    ) -> Result<Vec<String>> {
        let settings = &assistant.settings;
        let set = self.qa_set(workspace).await?;
        let scopes = [settings.knowledge.clone()];
        let mut told = Vec::new();
        let begun = Instant::now();
        for question in usual::questions(language) {
            if told.len() == QUESTIONS || begun.elapsed() > PATIENCE {
                break;
            }
            if settings.forbidden.in_question(question).is_some() {
                continue;
            }
            let matched = self.match_qa(workspace, &set, question, language).await?;
            if matched.is_some_and(|found| found.answers) {
                continue;
            }
            let asked = asked(question, language, &scopes);
            let searched = self.find(workspace, asked, AMONG).await?;
            if searched.confidence < settings.threshold {
                told.push((*question).to_owned());
            }
        }
        Ok(told)
    }

    /// True when the assistant would answer from where the question was made.
    async fn would_answer(
        &self,
        workspace: WorkspaceId,
        assistant: &Assistant,
        candidate: &Candidate,
    ) -> Result<bool> {
        let question = &candidate.question;
        let settings = &assistant.settings;
        if settings.forbidden.in_question(question).is_some() {
            return Ok(false);
        }
        let language = search::language(question);
        let Some(document_id) = candidate.of else {
            let set = self.qa_set(workspace).await?;
            let matched = self.match_qa(workspace, &set, question, language).await?;
            return Ok(matched.is_some_and(|found| found.answers));
        };
        let scopes = [settings.knowledge.clone()];
        let asked = asked(question, language, &scopes);
        let searched = self.find(workspace, asked, AMONG).await?;
        let is_found = searched
            .hits
            .iter()
            .any(|found| found.passage.document_id == document_id);
        Ok(is_found && searched.confidence >= settings.threshold)
    }
}

/// A question that is only tried: a better order would change nothing, and take seconds for all of them.
fn asked<'a>(text: &'a str, language: Language, scopes: &'a [Scope]) -> Asked<'a> {
    Asked {
        text,
        language,
        scopes,
        rerank_from: f32::INFINITY,
    }
}

/// The language of most documents; English when none has one of its own.
fn main_language(documents: &[Document]) -> Language {
    let russian = documents
        .iter()
        .filter(|one| one.language == Language::RU)
        .count();
    match russian * 2 > documents.len() {
        true => Language::RU,
        false => Language::EN,
    }
}

/// One of each list after the other, until all are empty.
fn in_turns(lists: Vec<Vec<Candidate>>) -> Vec<Candidate> {
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut all = Vec::new();
    loop {
        let before = all.len();
        all.extend(lists.iter_mut().filter_map(Iterator::next));
        if all.len() == before {
            return all;
        }
    }
}

/// The questions that a document makes: headings that are questions first, then rows of tables, then headings.
fn questions_of(document: &Document, passages: &[Passage]) -> Vec<Candidate> {
    let mut asked = Vec::new();
    let mut rows = Vec::new();
    let mut about = Vec::new();
    for passage in passages {
        if passage.table {
            rows.extend(
                passage
                    .text
                    .lines()
                    .filter_map(|row| of_row(row, passage.language)),
            );
        }
        let Some(heading) = passage.headings.last().map(|one| one.trim()) else {
            continue;
        };
        if !is_fitting(heading) || normalised(heading) == normalised(&document.title) {
            continue;
        }
        match heading.ends_with('?') {
            true => asked.push(heading.to_owned()),
            false => about.extend(of_heading(heading, passage.language)),
        }
    }
    let questions = asked.into_iter().chain(rows).chain(about);
    let mut seen = HashSet::new();
    let fresh = questions.filter(|question| seen.insert(normalised(question)));
    fresh
        .map(|question| Candidate {
            question,
            of: Some(document.id),
        })
        .collect()
}

/// A heading as a customer would ask about it.
fn of_heading(heading: &str, language: Language) -> Option<String> {
    let words = heading.trim_start_matches(|sign: char| {
        sign.is_ascii_digit() || sign == '.' || sign == ')' || sign.is_whitespace()
    });
    let words = words.trim_end_matches(['.', ':', '!']);
    if !is_fitting(words) {
        return None;
    }
    match language {
        Language::RU => Some(format!("{words}: какие условия?")),
        Language::EN => Some(format!("What are the rules for {}?", lowered(words))),
        _ => None,
    }
}

/// A row of a table (`Column: cell; Column: cell`) as a customer would ask about it: what it costs where it has a
/// price, else about its other column, where there is only one.
fn of_row(row: &str, language: Language) -> Option<String> {
    let mut cells = row.split("; ").filter_map(|cell| cell.split_once(": "));
    let (_, name) = cells.next()?;
    if !is_fitting(name) {
        return None;
    }
    let others: Vec<(&str, &str)> = cells.collect();
    let is_price = |column: &str| {
        let column = column.to_lowercase();
        ["price", "cost", "цена", "стоимость"]
            .iter()
            .any(|word| column.contains(word))
    };
    let has_number = |cell: &str| cell.chars().any(|sign| sign.is_ascii_digit());
    let priced = others
        .iter()
        .any(|(column, cell)| is_price(column) && has_number(cell));
    match (priced, language) {
        (true, Language::RU) => Some(format!("Сколько стоит {}?", lowered(name))),
        (true, Language::EN) => Some(format!(
            "What is the price of {}?",
            with_article(&lowered(name))
        )),
        _ => match others.as_slice() {
            [(column, _)] if is_fitting(column) => Some(format!("{name}: {}?", lowered(column))),
            _ => None,
        },
    }
}

/// True for words of which a question can be made: of a fitting length, with a letter.
fn is_fitting(words: &str) -> bool {
    let length = words.chars().count();
    (SHORTEST..=LONGEST).contains(&length) && words.chars().any(char::is_alphabetic)
}

/// With an article that fits one thing, many and what cannot be counted; a name that brings its own keeps it.
fn with_article(name: &str) -> String {
    let first = name.split_whitespace().next().unwrap_or_default();
    match ["a", "an", "the"].contains(&first.to_lowercase().as_str()) {
        true => name.to_owned(),
        false => format!("the {name}"),
    }
}

/// With a small first letter, unless the word is all capitals or has a digit (`PDF`, `M8 bolt`).
fn lowered(words: &str) -> String {
    let first = words.split_whitespace().next().unwrap_or_default();
    let mut rest = first.chars().skip(1);
    let is_name = rest.any(|sign| sign.is_uppercase() || sign.is_ascii_digit());
    let mut signs = words.chars();
    match signs.next() {
        Some(sign) if !is_name && first.chars().count() > 1 => {
            sign.to_lowercase().chain(signs).collect()
        }
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_asked_about_as_a_customer_would() {
        let cases = [
            (
                "Service: Brake adjustment; Price: 25 EUR",
                Language::EN,
                Some("What is the price of the brake adjustment?"),
            ),
            (
                "Parcel: The small box; Price: 4 EUR",
                Language::EN,
                Some("What is the price of the small box?"),
            ),
            (
                "Услуга: Настройка тормозов; Цена, ₽: 900",
                Language::RU,
                Some("Сколько стоит настройка тормозов?"),
            ),
            (
                "Model: M8 Cargo; Warranty: 3 years",
                Language::EN,
                Some("M8 Cargo: warranty?"),
            ),
            (
                "Day: Monday; Shop: 9-18; Workshop: 10-14",
                Language::EN,
                None,
            ),
            ("Day: Monday", Language::EN, None),
            ("Number: 17; Price: 3", Language::EN, None),
            ("no cells at all", Language::EN, None),
        ];
        for (row, language, question) in cases {
            assert_eq!(of_row(row, language).as_deref(), question, "{row}");
        }
    }

    #[test]
    fn a_heading_is_asked_about_without_its_number() {
        let asked = |heading: &str, language| of_heading(heading, language);
        assert_eq!(
            asked("2.1 Returns", Language::EN).unwrap(),
            "What are the rules for returns?"
        );
        assert_eq!(
            asked("Доставка", Language::RU).unwrap(),
            "Доставка: какие условия?"
        );
        assert_eq!(asked("3.", Language::EN), None);
        assert_eq!(asked("Lieferung", Language::UNKNOWN), None);
    }

    #[test]
    fn names_keep_their_capitals() {
        assert_eq!(lowered("PDF export"), "PDF export");
        assert_eq!(lowered("Delivery by post"), "delivery by post");
        assert_eq!(lowered("M8 bolt"), "M8 bolt");
    }
}
