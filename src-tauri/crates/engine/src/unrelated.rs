//! How alike an embedder makes texts that have nothing to do with each other.
//!
//! Every model has its own scale: with multilingual-e5-small such texts have cosines of 0.74 ± 0.02, with
//! MiniLM of 0.08 ± 0.09. What a cosine says is known only beside that; thresholds are kept in these units, so
//! that another model, also one that nobody here has seen, needs no numbers of its own.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::embedder::{Embedder, Role};
use crate::error::EngineError;

/// Sentences of sixteen trades. No two are about the same.
const SENTENCES: [&str; 16] = [
    "The shop is open on weekdays from nine to six.",
    "Return the parcel within two weeks in its box.",
    "The battery is charged in five hours.",
    "Book a table by phone one day before.",
    "Children under six travel free of charge.",
    "The medicine is taken twice a day after meals.",
    "Our course begins in September and lasts a year.",
    "The password is changed in the settings of the account.",
    "We repair roofs and gutters in the whole county.",
    "The tax return is due at the end of May.",
    "The museum shows paintings of the last century.",
    "Wash the shirt at thirty degrees without bleach.",
    "The flight leaves from the second terminal.",
    "The warranty does not cover broken screens.",
    "A membership can be cancelled every month.",
    "The river floods the lower meadows in spring.",
];

/// Cosines of unrelated texts by one embedder.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Unrelated {
    /// Mean of the cosines of two questions, -1..=1.
    pub questions: f32,
    /// Standard deviation of the cosines of a question and a passage.
    pub deviation: f32,
}

/// Tells meanings apart by an embedder, on its own scale.
#[derive(Clone)]
pub struct Meaning {
    /// What makes the vectors.
    pub embedder: Arc<dyn Embedder>,
    /// How alike it makes unrelated texts.
    pub scale: Unrelated,
}

impl Unrelated {
    /// Measures it: 32 short texts are embedded.
    ///
    /// # Errors
    /// What the embedder says; [`EngineError::BadReply`] when it makes all texts alike.
    pub async fn of(embedder: &dyn Embedder) -> Result<Unrelated, EngineError> {
        let texts = || SENTENCES.map(str::to_owned).to_vec();
        let questions = embedder.embed(Role::Query, texts()).await?;
        let passages = embedder.embed(Role::Passage, texts()).await?;
        let (of_questions, _) = spread(&questions, &questions);
        let (_, deviation) = spread(&questions, &passages);
        if deviation.is_nan() || deviation < 1e-4 {
            return Err(EngineError::BadReply {
                why: "its vectors of different texts are all alike",
            });
        }
        Ok(Unrelated {
            questions: of_questions,
            deviation,
        })
    }
}

/// Mean and standard deviation of the cosines of each vector with every other text's.
fn spread(ones: &[Vec<f32>], others: &[Vec<f32>]) -> (f32, f32) {
    let cosine = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let mut cosines = Vec::with_capacity(ones.len() * others.len());
    for (at, one) in ones.iter().enumerate() {
        let of_other_texts = others.iter().enumerate().filter(|(other, _)| *other != at);
        cosines.extend(of_other_texts.map(|(_, other)| cosine(one, other)));
    }
    let count = cosines.len().max(1) as f32;
    let mean = cosines.iter().sum::<f32>() / count;
    let variance = cosines.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / count;
    (mean, variance.sqrt())
}
