//! Vectors that somebody waited for, kept for a moment: one question is compared with Q&A pairs, then searched
//! for, and customers ask the same things; their words find the same passages, long before the background has
//! come to them.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use domain::id::PassageId;

use engine::embedder::{Embedder, Role};
use engine::error::EngineError;

use crate::App;

/// Vectors kept; each takes about 2 kB.
const KEPT: usize = 256;

/// The last questions with their vectors.
pub(crate) type QuestionVectors = LastVectors<String>;
/// The last passages whose vectors were made on the spot.
pub(crate) type LateVectors = LastVectors<PassageId>;

/// The last things with their vectors, the oldest first.
#[derive(Debug)]
pub(crate) struct LastVectors<K>(Mutex<VecDeque<Kept<K>>>);

#[derive(Debug)]
struct Kept<K> {
    embedder: String,
    of: K,
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
            .keep(embedder.key(), question.to_owned(), &vector);
        Ok(vector)
    }
}

impl<K: PartialEq> LastVectors<K> {
    pub(crate) fn find<Q: ?Sized>(&self, embedder: &str, of: &Q) -> Option<Vec<f32>>
    where
        K: PartialEq<Q>,
    {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept
            .iter()
            .find(|kept| kept.of == *of && kept.embedder == embedder);
        found.map(|kept| kept.vector.clone())
    }

    pub(crate) fn keep(&self, embedder: &str, of: K, vector: &[f32]) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back(Kept {
            embedder: embedder.to_owned(),
            of,
            vector: vector.to_vec(),
        });
    }
}

impl<K> Default for LastVectors<K> {
    fn default() -> Self {
        LastVectors(Mutex::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_questions_are_kept_and_embedders_are_told_apart() {
        let kept = QuestionVectors::default();
        for n in 0..=KEPT {
            kept.keep("e5", n.to_string(), &[n as f32]);
        }
        assert_eq!(kept.find("e5", "0"), None);
        assert_eq!(kept.find("e5", "7"), Some(vec![7.0]));
        assert_eq!(kept.find("bge", "7"), None);
    }
}
