//! Phi 3 and 3.5: query, key and value in one matrix, gate and up in another. Of models with two sets of angle
//! factors the short ones are used, and so the context ends where the long ones would begin.

use crate::lm::error::ModelError;
use crate::lm::gguf::Gguf;
use crate::lm::rope::Pairs;
use crate::lm::shape::{Keys, LONGEST, Shape};
use crate::lm::weights;

pub(super) fn shape(gguf: &Gguf<'_>, file: &[u8]) -> Result<Shape, ModelError> {
    let keys = Keys {
        gguf,
        prefix: "phi3",
    };
    let mut shape = keys.plain(Pairs::Halves)?;
    shape.is_joined = true;
    if gguf.tensor("rope_factors_short.weight").is_some() {
        let count = shape.rope.width / 2;
        shape.rope.factors = weights::vector(gguf, file, "rope_factors_short.weight", count)?;
        shape.rope.magnitude = keys.fraction_or("rope.scaling.attn_factor", 1.0)?;
        let key = "rope.scaling.original_context_length";
        let short = keys.count_or(key, LONGEST, shape.context)?;
        shape.context = shape.context.min(short);
    }
    Ok(shape)
}
