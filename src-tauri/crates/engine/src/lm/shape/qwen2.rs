//! Qwen 2 and 2.5: biases on query, key and value.

use crate::lm::error::ModelError;
use crate::lm::gguf::Gguf;
use crate::lm::rope::Pairs;
use crate::lm::shape::{Keys, Shape};

pub(super) fn shape(gguf: &Gguf<'_>) -> Result<Shape, ModelError> {
    let keys = Keys {
        gguf,
        prefix: "qwen2",
    };
    let mut shape = keys.plain(Pairs::Halves)?;
    shape.has_bias = true;
    Ok(shape)
}
