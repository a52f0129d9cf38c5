//! What a model looks like: the numbers and choices that tell one architecture's transformer block from another's.

mod gemma3;
mod llama;
mod phi3;
mod qwen2;
mod qwen3;

use crate::lm::error::ModelError;
use crate::lm::gguf::Gguf;
use crate::lm::rope::{Pairs, Rope};

/// Largest counts that are believed; real models stay far below.
const MOST_LAYERS: u64 = 1_024;
const MOST_HEADS: u64 = 1_024;
const WIDEST: u64 = 1 << 20;
const LONGEST: u64 = 1 << 24;

/// A model's sizes and choices.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Blocks.
    pub layers: usize,
    /// Numbers of a token between blocks.
    pub hidden: usize,
    /// Numbers in the middle of the feed-forward part.
    pub wide: usize,
    /// Query heads.
    pub heads: usize,
    /// Key-value heads, a divisor of `heads`.
    pub key_heads: usize,
    /// Numbers of a head, a multiple of 16.
    pub head: usize,
    /// Most tokens it was made for.
    pub context: usize,
    /// Added to the mean square before its root is taken.
    pub epsilon: f32,
    /// Positions in layers that see everything.
    pub rope: Rope,
    /// Layers that see the last tokens only.
    pub window: Option<Window>,
    /// The gate of the feed-forward part.
    pub gate: Gate,
    /// What a token's row of the table is multiplied by.
    pub embedding_scale: f32,
    /// What a query is multiplied by.
    pub attention_scale: f32,
    /// Query, key and value have a bias.
    pub has_bias: bool,
    /// Each head's queries and keys are normalised.
    pub normalises_heads: bool,
    /// What comes out of attention and of the feed-forward part is normalised before it is added.
    pub normalises_results: bool,
    /// Query, key and value are one matrix, and gate and up another.
    pub is_joined: bool,
}

/// Layers that see the last tokens only.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// How many tokens they see, the newest counted.
    pub tokens: usize,
    /// Every so many layers one sees everything; 0 for none.
    pub every: usize,
    /// Positions in these layers.
    pub rope: Rope,
}

/// The gate of the feed-forward part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// x / (1 + e^-x).
    Silu,
    /// The tanh form of GELU.
    Gelu,
}

impl Shape {
    /// Reads it from the header.
    ///
    /// # Errors
    /// `UnsupportedArchitecture`, `MissingKey`, `BadKey`, `MissingTensor`, `WrongShape`.
    pub fn read(gguf: &Gguf<'_>, file: &[u8]) -> Result<Shape, ModelError> {
        let shape = match gguf.text("general.architecture")? {
            "llama" => llama::shape(gguf, file),
            "qwen2" => qwen2::shape(gguf),
            "qwen3" => qwen3::shape(gguf),
            "gemma3" => gemma3::shape(gguf),
            "phi3" => phi3::shape(gguf, file),
            other => Err(ModelError::UnsupportedArchitecture(other.to_owned())),
        }?;
        let bad = |key: &str| Err(ModelError::BadKey(key.to_owned()));
        if !shape.heads.is_multiple_of(shape.key_heads) {
            return bad("attention.head_count_kv");
        }
        if !shape.head.is_multiple_of(16) {
            return bad("attention.key_length");
        }
        let width = shape.rope.width;
        if width == 0 || width > shape.head || !width.is_multiple_of(2) {
            return bad("rope.dimension_count");
        }
        Ok(shape)
    }

    /// True when a layer sees the last tokens only.
    pub fn is_windowed(&self, layer: usize) -> bool {
        match &self.window {
            Some(window) => window.every == 0 || !(layer + 1).is_multiple_of(window.every),
            None => false,
        }
    }
}

/// The keys of one architecture.
struct Keys<'g, 'a> {
    gguf: &'g Gguf<'a>,
    prefix: &'static str,
}

impl Keys<'_, '_> {
    fn name(&self, key: &str) -> String {
        format!("{}.{key}", self.prefix)
    }

    /// A count from 1 to `most`.
    fn count(&self, key: &str, most: u64) -> Result<usize, ModelError> {
        let name = self.name(key);
        match self.gguf.whole(&name, most)? {
            0 => Err(ModelError::BadKey(name)),
            count => Ok(count as usize),
        }
    }

    /// As [`Keys::count`], or `other` where the key is missing.
    fn count_or(&self, key: &str, most: u64, other: usize) -> Result<usize, ModelError> {
        match self.gguf.key(&self.name(key)) {
            Some(_) => self.count(key, most),
            None => Ok(other),
        }
    }

    /// A fraction above 0, or `other` where the key is missing.
    fn fraction_or(&self, key: &str, other: f32) -> Result<f32, ModelError> {
        let name = self.name(key);
        match self.gguf.key(&name) {
            None => Ok(other),
            Some(_) => match self.gguf.fraction(&name)? {
                number if number > 0.0 => Ok(number),
                _ => Err(ModelError::BadKey(name)),
            },
        }
    }

    /// What all have in common: SiLU, no biases, no windows, nothing joined.
    fn plain(&self, pairs: Pairs) -> Result<Shape, ModelError> {
        let heads = self.count("attention.head_count", MOST_HEADS)?;
        let hidden = self.count("embedding_length", WIDEST)?;
        let head = self.count_or("attention.key_length", WIDEST, hidden / heads)?;
        if self.count_or("attention.value_length", WIDEST, head)? != head {
            return Err(ModelError::BadKey(self.name("attention.value_length")));
        }
        let position_scale = match self.gguf.text(&self.name("rope.scaling.type")) {
            Ok("linear") => 1.0 / self.fraction_or("rope.scaling.factor", 1.0)?,
            _ => 1.0,
        };
        Ok(Shape {
            layers: self.count("block_count", MOST_LAYERS)?,
            hidden,
            wide: self.count("feed_forward_length", WIDEST)?,
            heads,
            key_heads: self.count_or("attention.head_count_kv", MOST_HEADS, heads)?,
            head,
            context: self.count("context_length", LONGEST)?,
            epsilon: self.fraction_or("attention.layer_norm_rms_epsilon", 1e-5)?,
            rope: Rope {
                width: self.count_or("rope.dimension_count", WIDEST, head)?,
                base: self.fraction_or("rope.freq_base", 10_000.0)?,
                position_scale,
                pairs,
                factors: Vec::new(),
                magnitude: 1.0,
            },
            window: None,
            gate: Gate::Silu,
            embedding_scale: 1.0,
            attention_scale: 1.0 / (head as f32).sqrt(),
            has_bias: false,
            normalises_heads: false,
            normalises_results: false,
            is_joined: false,
        })
    }
}
