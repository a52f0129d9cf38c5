//! Gemma 3: five layers of six see a window only, with angles of their own; norms on both sides of each part.
//! Its norm weights stand in the file with 1 added.

use crate::lm::error::ModelError;
use crate::lm::gguf::Gguf;
use crate::lm::rope::{Pairs, Rope};
use crate::lm::shape::{Gate, Keys, LONGEST, Shape, Window};

/// One of so many layers sees everything (Gemma 3 technical report, 2).
const EVERY: usize = 6;
/// The base of the angles in layers with a window.
const LOCAL_BASE: f32 = 10_000.0;
/// The layers of the 27B model, which scales queries by its hidden size (llama.cpp, llama-model.cpp).
const LAYERS_OF_27B: usize = 62;

pub(super) fn shape(gguf: &Gguf<'_>) -> Result<Shape, ModelError> {
    let keys = Keys {
        gguf,
        prefix: "gemma3",
    };
    let mut shape = keys.plain(Pairs::Halves)?;
    shape.rope.base = keys.fraction_or("rope.freq_base", 1_000_000.0)?;
    shape.window = Some(Window {
        tokens: keys.count("attention.sliding_window", LONGEST)?,
        every: EVERY,
        rope: Rope {
            base: LOCAL_BASE,
            position_scale: 1.0,
            ..shape.rope.clone()
        },
    });
    shape.gate = Gate::Gelu;
    shape.embedding_scale = (shape.hidden as f32).sqrt();
    if shape.layers == LAYERS_OF_27B {
        shape.attention_scale = 1.0 / (shape.hidden as f32 / shape.heads as f32).sqrt();
    }
    shape.normalises_heads = true;
    shape.normalises_results = true;
    Ok(shape)
}
