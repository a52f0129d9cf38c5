//! Vectors of questions, kept for a moment: one question is compared with Q&A pairs, then searched for, and
//! customers ask the same things.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use engine::embedder::{Embedder, Role};
use engine::error::EngineError;

use crate::App;

/// Questions kept; each takes about 2 kB.
const KEPT: usize = 256;

/// The last questions with their vectors, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct QuestionVectors(Mutex<VecDeque<Kept>>);

#[derive(Debug)]
struct Kept {
    embedder: String,
    question: String,
    vector: Vec<f32>,
}

impl App {
    /// The question's vector by this embedder.
    pub(crate) async fn question_vector(
        &self,
        embedder: &dyn Embedder,
        question: &str,
    ) -> Result<Vec<f32>, EngineError> {
        if let Some(vector) = self.inner.question_vectors.find(embedder.key(), question) {
            return Ok(vector);
        }
        let vectors = embedder
            .embed(Role::Query, vec![question.to_owned()])
            .await?;
        let no_vector = EngineError::BadReply {
            why: "no vector came back",
        };
        let vector = vectors.into_iter().next().ok_or(no_vector)?;
        self.inner
            .question_vectors
            .keep(embedder.key(), question, &vector);
        Ok(vector)
    }
}

impl QuestionVectors {
    fn find(&self, embedder: &str, question: &str) -> Option<Vec<f32>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept
            .iter()
            .find(|kept| kept.question == question && kept.embedder == embedder);
        found.map(|kept| kept.vector.clone())
    }

    fn keep(&self, embedder: &str, question: &str, vector: &[f32]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back(Kept {
            embedder: embedder.to_owned(),
            question: question.to_owned(),
            vector: vector.to_vec(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_questions_are_kept_and_embedders_are_told_apart() {
        let kept = QuestionVectors::default();
        for n in 0..=KEPT {
            kept.keep("e5", &n.to_string(), &[n as f32]);
        }
        assert_eq!(kept.find("e5", "0"), None);
        assert_eq!(kept.find("e5", "7"), Some(vec![7.0]));
        assert_eq!(kept.find("bge", "7"), None);
    }
}
