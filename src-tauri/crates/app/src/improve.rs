//! Improve: what the knowledge could not answer and what customers were not content with, until somebody writes
//! the answer or says that it is not theirs to give.

use std::collections::HashSet;

use domain::id::{MessageId, QaId, UnansweredId, WorkspaceId};
use domain::language::Language;
use domain::member::Permission;
use domain::qa::{Qa, normalised};
use store::page::{Cursor, Page};
use store::ratings::{LowRated, Review};
use store::unanswered::{KnownUnanswered, NewUnanswered, UnansweredRow, UnansweredState};

use crate::App;
use crate::error::Result;
use crate::indexes::blocking;
use crate::qa::{QaDraft, SAME, content, dot, numbers, overlap};
use crate::who::Who;

/// Share of common words from which two questions are of one group.
const SAME_WORDS: f32 = 0.6;
/// Likeness by meaning from which two questions are of one group. Below what lets a Q&A answer: a group is only
/// read by people.
const SAME_MEANING: f32 = 0.8;

/// Which groups of unanswered questions are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unanswered {
    /// Those that wait for somebody.
    Open,
    /// Those of them that a person replied to: the reply is a suggested answer.
    Suggested,
    /// Those that are not the business's to answer.
    Dismissed,
}

impl App {
    /// A page of unanswered questions, those asked most often first.
    pub async fn unanswered_list(
        &self,
        who: &Who,
        which: Unanswered,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<UnansweredRow>> {
        who.must(Permission::Look)?;
        let (state, replied) = match which {
            Unanswered::Open => (UnansweredState::Open, false),
            Unanswered::Suggested => (UnansweredState::Open, true),
            Unanswered::Dismissed => (UnansweredState::Dismissed, false),
        };
        let store = self.workspace(who.workspace());
        Ok(store.unanswered_list(state, replied, after, limit).await?)
    }

    /// Makes the Q&A that answers a group, which is answered from then on.
    pub async fn write_answer(&self, who: &Who, id: UnansweredId, draft: QaDraft) -> Result<Qa> {
        who.must(Permission::ChangeKnowledge)?;
        let qa = self.pair(QaId(self.new_id()), draft, false, self.now())?;
        self.workspace(who.workspace())
            .answer_unanswered(id, qa.clone(), self.now())
            .await?;
        self.qa_saved(who.workspace()).await?;
        Ok(qa)
    }

    /// Says that a group is not the business's to answer.
    pub async fn dismiss_unanswered(&self, who: &Who, id: UnansweredId) -> Result<()> {
        who.must(Permission::Answer)?;
        let store = self.workspace(who.workspace());
        store.dismiss_unanswered(id, self.now()).await?;
        Ok(())
    }

    /// Brings a dismissed group back.
    pub async fn return_unanswered(&self, who: &Who, id: UnansweredId) -> Result<()> {
        who.must(Permission::Answer)?;
        let store = self.workspace(who.workspace());
        store.return_unanswered(id, self.now()).await?;
        Ok(())
    }

    /// A page of low-rated answers that nobody has dealt with, the last rated first.
    pub async fn low_rated(
        &self,
        who: &Who,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<LowRated>> {
        who.must(Permission::Look)?;
        Ok(self
            .workspace(who.workspace())
            .low_rated(after, limit)
            .await?)
    }

    /// Makes the Q&A that is said instead of a low-rated answer, which is dealt with by it.
    pub async fn correct_answer(&self, who: &Who, id: MessageId, draft: QaDraft) -> Result<Qa> {
        who.must(Permission::ChangeKnowledge)?;
        let qa = self.pair(QaId(self.new_id()), draft, false, self.now())?;
        self.workspace(who.workspace())
            .answer_rated(id, qa.clone(), self.now())
            .await?;
        self.qa_saved(who.workspace()).await?;
        Ok(qa)
    }

    /// Says that a low-rated answer was dealt with, or is to be looked at again.
    pub async fn review_rated(&self, who: &Who, id: MessageId, review: Review) -> Result<()> {
        who.must(Permission::Answer)?;
        let store = self.workspace(who.workspace());
        Ok(store.review(id, review, self.now()).await?)
    }

    /// A question that was not answered, with the group it belongs to: by its meaning where there is a model, else
    /// by its words; a fresh one when none means the same.
    pub(crate) async fn unanswered(
        &self,
        workspace: WorkspaceId,
        question: String,
        language: Language,
    ) -> Result<NewUnanswered> {
        let known = self.workspace(workspace).known_unanswered().await?;
        let meaning = match self.searching_embedder(workspace).await? {
            Some(embedder) => {
                // Its words alone may still tell.
                let vector = self
                    .question_vector(embedder.as_ref(), &question)
                    .await
                    .ok();
                let unrelated = self.unrelated(workspace, embedder.as_ref()).await?;
                let unrelated = unrelated.map(|unrelated| unrelated.questions);
                vector.zip(unrelated).map(|(vector, unrelated)| Meaning {
                    embedder: embedder.key().to_owned(),
                    vector,
                    unrelated,
                })
            }
            None => None,
        };
        let (asked, meaning, group) = blocking(move || {
            let group = same(&Phrase::of(&question, language), meaning.as_ref(), &known);
            Ok((question, meaning, group))
        })
        .await?;
        let (embedder, vector) = match meaning {
            Some(meaning) => (meaning.embedder, meaning.vector),
            None => Default::default(),
        };
        Ok(NewUnanswered {
            group: group.unwrap_or_else(|| UnansweredId(self.new_id())),
            question: asked,
            language,
            embedder,
            vector,
        })
    }
}

/// A question by its meaning.
struct Meaning {
    embedder: String,
    vector: Vec<f32>,
    /// The mean cosine of unrelated questions.
    unrelated: f32,
}

/// A question by its words.
struct Phrase {
    plain: String,
    terms: HashSet<String>,
    numbers: HashSet<String>,
}

impl Phrase {
    fn of(question: &str, language: Language) -> Phrase {
        Phrase {
            plain: normalised(question),
            terms: content(question, language),
            numbers: numbers(question),
        }
    }
}

/// The group that means the same as a question, if there is one.
fn same(
    asked: &Phrase,
    meaning: Option<&Meaning>,
    known: &[KnownUnanswered],
) -> Option<UnansweredId> {
    let mut best: Option<(f32, UnansweredId)> = None;
    for group in known {
        let other = Phrase::of(&group.question, search::language(&group.question));
        if other.plain == asked.plain {
            return Some(group.id);
        }
        // The same words about another number are another question.
        if other.numbers != asked.numbers {
            continue;
        }
        let by_words = overlap(&asked.terms, &other.terms) / SAME_WORDS;
        let by_meaning = meaning.map_or(0.0, |meaning| likeness(meaning, group) / SAME_MEANING);
        let like = by_words.max(by_meaning);
        if like >= 1.0 && best.is_none_or(|(most, _)| like > most) {
            best = Some((like, group.id));
        }
    }
    best.map(|(_, id)| id)
}

/// How near a group is to a question by meaning, 0..=1; 0 where it has no vector of the same model.
fn likeness(meaning: &Meaning, group: &KnownUnanswered) -> f32 {
    if group.embedder != meaning.embedder || group.vector.len() != meaning.vector.len() {
        return 0.0;
    }
    let way = (dot(&meaning.vector, &group.vector) - meaning.unrelated) / (1.0 - meaning.unrelated);
    (way / SAME).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn group(id: u128, question: &str, vector: &[f32]) -> KnownUnanswered {
        KnownUnanswered {
            id: UnansweredId(Uuid::from_u128(id)),
            question: question.to_owned(),
            embedder: "e".to_owned(),
            vector: vector.to_vec(),
        }
    }

    fn found(question: &str, vector: Option<&[f32]>, known: &[KnownUnanswered]) -> Option<u128> {
        let meaning = vector.map(|vector| Meaning {
            embedder: "e".to_owned(),
            vector: vector.to_vec(),
            unrelated: 0.0,
        });
        let asked = Phrase::of(question, Language::EN);
        same(&asked, meaning.as_ref(), known).map(|id| id.0.as_u128())
    }

    #[test]
    fn without_a_model_questions_are_grouped_by_their_stems() {
        let known = [group(1, "Do you ship orders to Kazan?", &[])];
        assert_eq!(
            found("to Kazan: do you ship an order", None, &known),
            Some(1)
        );
        assert_eq!(found("Can I pay with a card?", None, &known), None);
    }

    #[test]
    fn with_a_model_other_words_of_the_same_meaning_are_one_group() {
        let known = [
            group(1, "Where can I park?", &[0.0, 1.0]),
            group(2, "How do I get there?", &[1.0, 0.0]),
        ];
        assert_eq!(
            found("Is there a car park", Some(&[0.1, 0.99]), &known),
            Some(1)
        );
        assert_eq!(
            found("Is there a car park", Some(&[0.6, 0.6]), &known),
            None
        );
    }

    #[test]
    fn another_number_is_another_group() {
        let known = [group(1, "How much is the X200 battery?", &[1.0])];
        assert_eq!(
            found("How much is the X300 battery?", Some(&[1.0]), &known),
            None
        );
    }
}
