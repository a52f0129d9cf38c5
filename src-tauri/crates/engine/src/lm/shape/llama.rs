//! Llama 1 to 3, SmolLM, Mistral and others of that build.

use crate::lm::error::ModelError;
use crate::lm::gguf::Gguf;
use crate::lm::rope::Pairs;
use crate::lm::shape::{Keys, Shape};
use crate::lm::weights;

pub(super) fn shape(gguf: &Gguf<'_>, file: &[u8]) -> Result<Shape, ModelError> {
    let keys = Keys {
        gguf,
        prefix: "llama",
    };
    let mut shape = keys.plain(Pairs::Neighbours)?;
    // Llama 3.1 and later stretch slow angles by factors that stand in the file.
    if gguf.tensor("rope_freqs.weight").is_some() {
        let count = shape.rope.width / 2;
        shape.rope.factors = weights::vector(gguf, file, "rope_freqs.weight", count)?;
    }
    Ok(shape)
}
