//! Qwen 3: queries and keys are normalised head by head.

use crate::lm::error::ModelError;
use crate::lm::gguf::Gguf;
use crate::lm::rope::Pairs;
use crate::lm::shape::{Keys, Shape};

pub(super) fn shape(gguf: &Gguf<'_>) -> Result<Shape, ModelError> {
    let keys = Keys {
        gguf,
        prefix: "qwen3",
    };
    let mut shape = keys.plain(Pairs::Halves)?;
    shape.normalises_heads = true;
    Ok(shape)
}
