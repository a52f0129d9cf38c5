//! Q&A: pairs that the owner approved, and the match that lets one answer at once.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use domain::id::{QaId, WorkspaceId};
use domain::language::Language;
use domain::member::Permission;
use domain::qa::{Qa, normalised};
use store::page::{Cursor, Page};

use crate::App;
use crate::error::{Error, Result};
use crate::who::Who;

const MAX_QUESTIONS: usize = 20;
const MAX_QUESTION: usize = 500;
const MAX_ANSWER: usize = 4_000;

/// Likeness from which a pair answers at once.
const ANSWERS_FROM: f32 = 0.8;
/// Two questions of one meaning have a cosine at least this far on the way from unrelated ones' to 1 (measured
/// with multilingual-e5-small on the demo questions: 0.97 where unrelated ones have 0.80).
pub(crate) const SAME: f32 = 0.85;

/// What a member tells about a pair.
#[derive(Debug, Clone)]
pub struct QaDraft {
    /// The question, and other ways to ask it.
    pub questions: Vec<String>,
    /// What is said.
    pub answer: String,
}

/// The pairs of a workspace, ready to be compared.
#[derive(Debug, Default)]
pub(crate) struct QaSet {
    pairs: Vec<Arc<Qa>>,
    asked: Vec<Asked>,
}

/// One way to ask a pair's question.
#[derive(Debug)]
struct Asked {
    pair: usize,
    plain: String,
    terms: HashSet<String>,
    numbers: HashSet<String>,
    vector: Option<Vec<f32>>,
}

/// The pair that fits best.
#[derive(Debug)]
pub(crate) struct QaMatch {
    pub(crate) qa: Arc<Qa>,
    pub(crate) score: f32,
    pub(crate) answers: bool,
}

/// The prepared pairs of each workspace; forgotten when one changes.
#[derive(Debug, Default)]
pub(crate) struct QaSets(RwLock<HashMap<WorkspaceId, Arc<QaSet>>>);

impl QaSets {
    pub(crate) fn forget(&self, workspace: WorkspaceId) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&workspace);
    }
}

impl App {
    /// A page of pairs whose question or answer contains `text`.
    pub async fn qa_list(
        &self,
        who: &Who,
        text: &str,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<Qa>> {
        who.must(Permission::Look)?;
        Ok(self
            .workspace(who.workspace())
            .qa_list(text, after, limit)
            .await?)
    }

    /// A pair.
    pub async fn qa(&self, who: &Who, id: QaId) -> Result<Qa> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).qa(id).await?)
    }

    /// Makes a pair, or changes the one of `id`.
    pub async fn put_qa(&self, who: &Who, id: Option<QaId>, draft: QaDraft) -> Result<Qa> {
        who.must(Permission::ChangeKnowledge)?;
        let created_at = match id {
            Some(id) => self.workspace(who.workspace()).qa(id).await?.created_at,
            None => self.now(),
        };
        let id = id.unwrap_or_else(|| QaId(self.new_id()));
        let qa = self.pair(id, draft, false, created_at)?;
        self.save_qa(who.workspace(), qa).await
    }

    pub(crate) fn pair(
        &self,
        id: QaId,
        draft: QaDraft,
        demo: bool,
        created_at: domain::time::Timestamp,
    ) -> Result<Qa> {
        let questions: Vec<String> = draft
            .questions
            .iter()
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
            .collect();
        let answer = draft.answer.trim().to_owned();
        if questions.is_empty() || questions.len() > MAX_QUESTIONS {
            return Err(Error::invalid(
                "questions",
                format!("a pair has 1 to {MAX_QUESTIONS} questions"),
            ));
        }
        if questions.iter().any(|question| {
            question.chars().count() > MAX_QUESTION || normalised(question).is_empty()
        }) {
            return Err(Error::invalid(
                "questions",
                format!("a question has words, and at most {MAX_QUESTION} characters"),
            ));
        }
        if answer.is_empty() || answer.chars().count() > MAX_ANSWER {
            return Err(Error::invalid(
                "answer",
                format!("an answer has 1 to {MAX_ANSWER} characters"),
            ));
        }
        let language = search::language(&answer);
        Ok(Qa {
            id,
            questions,
            answer,
            language,
            demo,
            created_at,
            updated_at: self.now(),
        })
    }

    pub(crate) async fn save_qa(&self, workspace: WorkspaceId, qa: Qa) -> Result<Qa> {
        let store = self.workspace(workspace);
        store.put_qa(qa.clone(), self.now()).await?;
        self.qa_saved(workspace).await?;
        Ok(qa)
    }

    /// What follows when a pair was kept.
    pub(crate) async fn qa_saved(&self, workspace: WorkspaceId) -> Result<()> {
        self.inner.qa_sets.forget(workspace);
        self.want_vectors(workspace).await
    }

    /// Removes a pair.
    pub async fn remove_qa(&self, who: &Who, id: QaId) -> Result<()> {
        who.must(Permission::ChangeKnowledge)?;
        self.workspace(who.workspace())
            .remove_qa(id, self.now())
            .await?;
        self.inner.qa_sets.forget(who.workspace());
        Ok(())
    }

    /// The workspace's pairs, prepared once and kept until one changes.
    pub(crate) async fn qa_set(&self, workspace: WorkspaceId) -> Result<Arc<QaSet>> {
        let kept = self
            .inner
            .qa_sets
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&workspace)
            .cloned();
        if let Some(set) = kept {
            return Ok(set);
        }
        let store = self.workspace(workspace);
        let pairs = store.all_qa().await?;
        let vectors: HashMap<QaId, Vec<Vec<f32>>> = match self.searching_embedder(workspace).await?
        {
            Some(embedder) => store
                .qa_vectors(embedder.key())
                .await?
                .into_iter()
                .collect(),
            None => HashMap::new(),
        };
        let set = Arc::new(QaSet::new(pairs, &vectors));
        self.inner
            .qa_sets
            .0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(workspace, Arc::clone(&set));
        Ok(set)
    }

    /// The pair that fits `question` best, if any comes near.
    pub(crate) async fn match_qa(
        &self,
        workspace: WorkspaceId,
        set: &QaSet,
        question: &str,
        language: Language,
    ) -> Result<Option<QaMatch>> {
        if let Some(exact) = set.exact(question) {
            return Ok(Some(exact));
        }
        if set.asked.iter().all(|asked| asked.vector.is_none()) {
            return Ok(set.nearest(question, language, None));
        }
        let embedder = self.searching_embedder(workspace).await?;
        let Some(embedder) = embedder else {
            return Ok(set.nearest(question, language, None));
        };
        // A pair may still match by its words.
        let vector = self.question_vector(embedder.as_ref(), question).await.ok();
        let unrelated = self.unrelated(workspace, embedder.as_ref()).await?;
        let vector = vector.zip(unrelated.map(|unrelated| unrelated.questions));
        Ok(set.nearest(question, language, vector))
    }
}

impl QaSet {
    fn new(pairs: Vec<Qa>, vectors: &HashMap<QaId, Vec<Vec<f32>>>) -> QaSet {
        let mut asked = Vec::new();
        for (pair, qa) in pairs.iter().enumerate() {
            let of_pair = vectors.get(&qa.id);
            for (n, question) in qa.questions.iter().enumerate() {
                let language = search::language(question);
                asked.push(Asked {
                    pair,
                    plain: normalised(question),
                    terms: content(question, language),
                    numbers: numbers(question),
                    vector: of_pair.and_then(|all| all.get(n)).cloned(),
                });
            }
        }
        QaSet {
            pairs: pairs.into_iter().map(Arc::new).collect(),
            asked,
        }
    }

    fn exact(&self, question: &str) -> Option<QaMatch> {
        let plain = normalised(question);
        let found = self.asked.iter().find(|asked| asked.plain == plain)?;
        Some(QaMatch {
            qa: Arc::clone(&self.pairs[found.pair]),
            score: 1.0,
            answers: true,
        })
    }

    /// The pair most like the question by its words and, with its vector and the mean cosine of unrelated
    /// questions, by its meaning.
    fn nearest(
        &self,
        question: &str,
        language: Language,
        vector: Option<(Vec<f32>, f32)>,
    ) -> Option<QaMatch> {
        let terms = content(question, language);
        let own_numbers = numbers(question);
        let likeness = |asked: &Asked| {
            let words = overlap(&terms, &asked.terms);
            let meaning = vector.as_ref().zip(asked.vector.as_deref());
            let meaning = meaning.map(|((vector, unrelated), other)| {
                let way = (dot(vector, other) - unrelated) / (1.0 - unrelated);
                (way / SAME).clamp(0.0, 1.0)
            });
            match meaning {
                // The same words about another number or place are another question.
                _ if asked.numbers != own_numbers => 0.0,
                Some(meaning) => 0.5 * words + 0.5 * meaning,
                None => words,
            }
        };
        let best = self
            .asked
            .iter()
            .map(|asked| (likeness(asked), asked.pair))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let (score, pair) = best.filter(|(score, _)| *score > 0.0)?;
        Some(QaMatch {
            qa: Arc::clone(&self.pairs[pair]),
            score,
            answers: score >= ANSWERS_FROM,
        })
    }
}

/// The stemmed words that carry meaning; all of them when none would be left.
pub(crate) fn content(question: &str, language: Language) -> HashSet<String> {
    let all: HashSet<String> = search::terms(question, language).into_iter().collect();
    let long: HashSet<String> = all
        .iter()
        .filter(|term| term.chars().count() > 2)
        .cloned()
        .collect();
    if long.is_empty() { all } else { long }
}

pub(crate) fn numbers(question: &str) -> HashSet<String> {
    let plain = normalised(question);
    plain
        .split(' ')
        .filter(|word| word.chars().any(|c| c.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

/// Jaccard likeness of two sets of words, 0..=1.
pub(crate) fn overlap(a: &HashSet<String>, b: &HashSet<String>) -> f32 {
    let both = a.intersection(b).count();
    let either = a.len() + b.len() - both;
    if either == 0 {
        0.0
    } else {
        both as f32 / either as f32
    }
}

pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use domain::time::Timestamp;
    use uuid::Uuid;

    use super::*;

    fn set(questions: &[&str]) -> QaSet {
        let pair = |(n, question): (usize, &&str)| Qa {
            id: QaId(Uuid::from_u128(n as u128 + 1)),
            questions: vec![(*question).to_owned()],
            answer: "An answer".to_owned(),
            language: Language::EN,
            demo: false,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        };
        QaSet::new(
            questions.iter().enumerate().map(pair).collect(),
            &HashMap::new(),
        )
    }

    #[test]
    fn the_same_question_in_other_letters_matches_exactly() {
        let set = set(&["Do you ship to Kazan?"]);
        let found = set.exact("do you ship to kazan").unwrap();
        assert!(found.answers);
    }

    #[test]
    fn another_word_order_answers_and_another_town_does_not() {
        let set = set(&["Do you ship orders to Kazan?"]);
        assert!(
            set.nearest("To Kazan do you ship orders", Language::EN, None)
                .unwrap()
                .answers
        );
        assert!(
            !set.nearest("Do you ship orders to Moscow?", Language::EN, None)
                .unwrap()
                .answers
        );
    }

    #[test]
    fn another_number_is_another_question() {
        let set = set(&["How much is the battery for the X200 scooter?"]);
        let near = set.nearest(
            "How much is the battery for the X300 scooter?",
            Language::EN,
            None,
        );
        assert!(near.is_none_or(|found| !found.answers));
    }
}
