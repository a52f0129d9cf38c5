//! The face of everything that turns texts into vectors.

use futures_util::future::BoxFuture;

use crate::error::EngineError;

/// What a text is, for models that treat questions and passages differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Something that is searched for.
    Query,
    /// Something that is found.
    Passage,
}

/// Turns texts into vectors of unit length, whose dot product is their likeness.
pub trait Embedder: Send + Sync {
    /// Model and revision. Vectors of different keys cannot be compared.
    fn key(&self) -> &str;

    /// How many numbers a vector has.
    fn dimensions(&self) -> usize;

    /// A vector for each text, in order. Texts longer than the model reads are cut at its limit.
    ///
    /// # Errors
    /// [`EngineError::Busy`] when too many callers wait; otherwise what the model or its server says.
    fn embed(
        &self,
        role: Role,
        texts: Vec<String>,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EngineError>>;

    /// The same, when nobody waits for it: it takes what processors are free, and what [`Embedder::embed`]
    /// is asked for meanwhile goes first.
    ///
    /// # Errors
    /// As [`Embedder::embed`].
    fn embed_in_background(
        &self,
        role: Role,
        texts: Vec<String>,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EngineError>> {
        self.embed(role, texts)
    }
}

/// Scales a vector to unit length; a vector of zeros stays as it is.
pub(crate) fn unit_length(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > 0.0 {
        for x in vector {
            *x /= length;
        }
    }
}
