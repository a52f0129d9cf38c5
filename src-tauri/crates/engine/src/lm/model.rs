//! A loaded model and its forward pass: one transformer block, which [`Shape`] describes.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use memmap2::Mmap;

use crate::arithmetic::math;
use crate::lm::attention::{self, Heads};
use crate::lm::cache::Cache;
use crate::lm::error::{ModelError, RunError};
use crate::lm::gguf::Gguf;
use crate::lm::multiply::{Job, multiply};
use crate::lm::quantised::Quantised;
use crate::lm::rope::{Angles, Rope};
use crate::lm::shape::{Gate, Shape};
use crate::lm::threads::Threads;
use crate::lm::weights::{Matrix, vector};
use crate::memory;

/// Tokens that go through the layers at a time: enough to make unpacking the weights cheap, few enough for the
/// numbers between layers to stay in the nearer caches.
const BATCH: usize = 256;

/// A model whose weights lie in a mapped file.
pub struct Model {
    file: Mmap,
    shape: Shape,
    threads: Threads,
    tokens: Matrix,
    layers: Vec<Layer>,
    norm: Vec<f32>,
    output: Matrix,
    desk: Desk,
}

struct Layer {
    norm: Vec<f32>,
    query: Matrix,
    key: Matrix,
    value: Matrix,
    /// Of query, key and value.
    biases: Option<[Vec<f32>; 3]>,
    /// Of the heads of queries and of keys.
    head_norms: Option<[Vec<f32>; 2]>,
    out: Matrix,
    out_norm: Option<Vec<f32>>,
    wide_norm: Vec<f32>,
    gate: Matrix,
    up: Matrix,
    down: Matrix,
    down_norm: Option<Vec<f32>>,
}

/// Memory that is used again for each batch.
#[derive(Default)]
struct Desk {
    x: Vec<f32>,
    normal: Vec<f32>,
    query: Vec<f32>,
    key: Vec<f32>,
    value: Vec<f32>,
    mixed: Vec<f32>,
    gate: Vec<f32>,
    up: Vec<f32>,
    input: Quantised,
    angles: Angles,
    window_angles: Angles,
    attention: attention::Desk,
}

impl Model {
    /// Maps a file and finds its weights; nothing of it is copied. `memory` are the bytes that the model may take.
    ///
    /// # Errors
    /// Any [`ModelError`].
    pub fn open(path: &Path, threads: usize, memory: Option<u64>) -> Result<Model, ModelError> {
        let unreadable = |error: std::io::Error| ModelError::Unreadable(error.kind());
        let file = File::open(path).map_err(unreadable)?;
        #[expect(unsafe_code, reason = "weights are used where they lie")]
        // SAFETY: models are written under another name and moved to theirs when they are whole, never changed
        // in place; another program that did would change answers, or end this one, as with any mapped file.
        let mapped = unsafe { Mmap::map(&file) };
        let file = mapped.map_err(|error| match error.kind() {
            ErrorKind::OutOfMemory => ModelError::TooLarge {
                needs: file.metadata().map_or(0, |file| file.len()),
                has: memory::left().unwrap_or(0),
            },
            _ => unreadable(error),
        })?;
        Model::from_map(file, threads, memory)
    }

    fn from_map(file: Mmap, threads: usize, memory: Option<u64>) -> Result<Model, ModelError> {
        let gguf = Gguf::read(&file)?;
        let shape = Shape::read(&gguf, &file)?;
        let needs = file.len() as u64;
        if let Some(has) = memory.filter(|has| *has < needs) {
            return Err(ModelError::TooLarge { needs, has });
        }
        let table = gguf.tensor("token_embd.weight");
        let vocabulary = table.map_or(0, |tensor| tensor.rows);
        let tokens = Matrix::find(&gguf, "token_embd.weight", vocabulary, shape.hidden)?;
        let output = match gguf.tensor("output.weight") {
            Some(_) => Matrix::find(&gguf, "output.weight", vocabulary, shape.hidden)?,
            None => tokens.clone(),
        };
        let norm = vector(&gguf, &file, "output_norm.weight", shape.hidden)?;
        let mut layers = Vec::new();
        for number in 0..shape.layers {
            layers.push(Layer::find(&gguf, &file, &shape, number)?);
        }
        Ok(Model {
            threads: Threads::new(threads)?,
            file,
            shape,
            tokens,
            layers,
            norm,
            output,
            desk: Desk::default(),
        })
    }

    /// Its sizes and choices.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// How many tokens it knows.
    pub fn vocabulary(&self) -> usize {
        self.tokens.rows
    }

    /// The file's bytes.
    pub fn file(&self) -> &[u8] {
        &self.file
    }

    /// A cache that holds nothing.
    pub fn cache(&self) -> Cache {
        let shape = &self.shape;
        Cache::new(shape.layers, shape.key_heads, shape.head)
    }

    /// Bytes of cache for each token.
    pub fn cache_bytes(&self) -> usize {
        let shape = &self.shape;
        shape.layers * shape.key_heads * shape.head * 2 * size_of::<half::f16>()
    }

    /// Reads tokens after those in the cache; gives how likely each token of the vocabulary is to come next (logits).
    /// `tokens` is not empty and each is in the vocabulary.
    ///
    /// # Errors
    /// `Cancelled` once `stop` is set: the cache then holds what it held, and perhaps whole batches of `tokens`.
    pub(super) fn read(
        &mut self,
        tokens: &[u32],
        cache: &mut Cache,
        stop: &AtomicBool,
    ) -> Result<Vec<f32>, RunError> {
        let mut desk = std::mem::take(&mut self.desk);
        let logits = self.threads.enter(|| {
            for batch in tokens.chunks(BATCH) {
                let before = cache.len();
                if let Err(error) = self.batch(batch, cache, &mut desk, stop) {
                    cache.cut(before);
                    return Err(error);
                }
                cache.grow(batch.len());
            }
            Ok(self.likelihoods(&mut desk))
        });
        self.desk = desk;
        logits
    }

    fn batch(
        &self,
        tokens: &[u32],
        cache: &mut Cache,
        desk: &mut Desk,
        stop: &AtomicBool,
    ) -> Result<(), RunError> {
        let (shape, count, start) = (&self.shape, tokens.len(), cache.len());
        desk.angles.fill(&shape.rope, start, count);
        if let Some(window) = &shape.window {
            desk.window_angles.fill(&window.rope, start, count);
        }
        size(&mut desk.x, count * shape.hidden);
        for (token, row) in tokens.iter().zip(desk.x.chunks_exact_mut(shape.hidden)) {
            let token = (*token as usize).min(self.tokens.rows - 1);
            let bytes = self.tokens.bytes(&self.file, token..token + 1);
            self.tokens.format.widen(bytes, row);
            for x in row {
                *x *= shape.embedding_scale;
            }
        }
        for number in 0..self.layers.len() {
            if stop.load(Ordering::Relaxed) {
                return Err(RunError::Cancelled);
            }
            self.mix(number, count, cache, desk);
            self.widen(number, count, desk);
        }
        Ok(())
    }

    /// Attention: `x += out(attend(query, key, value of norm(x)))`.
    fn mix(&self, number: usize, count: usize, cache: &mut Cache, desk: &mut Desk) {
        let (shape, layer) = (&self.shape, &self.layers[number]);
        let (all_heads, all_keys) = (shape.heads * shape.head, shape.key_heads * shape.head);
        let normal = copy(&mut desk.normal, &desk.x);
        math::normalise_by_root(normal, &layer.norm, shape.epsilon);
        desk.input.take(normal, shape.hidden);
        let query = size(&mut desk.query, count * all_heads);
        let key = size(&mut desk.key, count * all_keys);
        let value = size(&mut desk.value, count * all_keys);
        self.multiply(
            &desk.input,
            &mut [
                Job {
                    matrix: &layer.query,
                    into: query,
                },
                Job {
                    matrix: &layer.key,
                    into: key,
                },
                Job {
                    matrix: &layer.value,
                    into: value,
                },
            ],
        );
        if let Some(biases) = &layer.biases {
            for (bias, rows) in biases.iter().zip([&mut *query, key, value]) {
                for row in rows.chunks_exact_mut(bias.len()) {
                    math::add(row, bias);
                }
            }
        }
        if let Some([of_queries, of_keys]) = &layer.head_norms {
            math::normalise_by_root(query, of_queries, shape.epsilon);
            math::normalise_by_root(key, of_keys, shape.epsilon);
        }
        let window = shape.window.as_ref().filter(|_| shape.is_windowed(number));
        let (angles, rope): (&Angles, &Rope) = match window {
            Some(window) => (&desk.window_angles, &window.rope),
            None => (&desk.angles, &shape.rope),
        };
        angles.turn(rope, query, all_heads, shape.head);
        angles.turn(rope, key, all_keys, shape.head);
        cache.push(number, key, value);
        let heads = Heads {
            queries: shape.heads,
            keys: shape.key_heads,
            width: shape.head,
            scale: shape.attention_scale,
            window: window.map(|window| window.tokens),
        };
        let mixed = size(&mut desk.mixed, count * all_heads);
        attention::attend(
            &self.threads,
            heads,
            (cache, number),
            query,
            mixed,
            &mut desk.attention,
        );
        desk.input.take(mixed, all_heads);
        let added = size(&mut desk.normal, count * shape.hidden);
        self.multiply(
            &desk.input,
            &mut [Job {
                matrix: &layer.out,
                into: added,
            }],
        );
        if let Some(norm) = &layer.out_norm {
            math::normalise_by_root(added, norm, shape.epsilon);
        }
        math::add(&mut desk.x, added);
    }

    /// The feed-forward part: `x += down(gate(norm(x)) * up(norm(x)))`.
    fn widen(&self, number: usize, count: usize, desk: &mut Desk) {
        let (shape, layer) = (&self.shape, &self.layers[number]);
        let normal = copy(&mut desk.normal, &desk.x);
        math::normalise_by_root(normal, &layer.wide_norm, shape.epsilon);
        desk.input.take(normal, shape.hidden);
        let gate = size(&mut desk.gate, count * shape.wide);
        let up = size(&mut desk.up, count * shape.wide);
        self.multiply(
            &desk.input,
            &mut [
                Job {
                    matrix: &layer.gate,
                    into: gate,
                },
                Job {
                    matrix: &layer.up,
                    into: up,
                },
            ],
        );
        match shape.gate {
            Gate::Silu => math::silu_gate(gate, up),
            Gate::Gelu => math::gelu_gate(gate, up),
        }
        desk.input.take(gate, shape.wide);
        let added = size(&mut desk.normal, count * shape.hidden);
        self.multiply(
            &desk.input,
            &mut [Job {
                matrix: &layer.down,
                into: added,
            }],
        );
        if let Some(norm) = &layer.down_norm {
            math::normalise_by_root(added, norm, shape.epsilon);
        }
        math::add(&mut desk.x, added);
    }

    /// Of what comes after the last token that went through the layers.
    fn likelihoods(&self, desk: &mut Desk) -> Vec<f32> {
        let hidden = self.shape.hidden;
        let last = desk.x.len() - hidden;
        let normal = copy(&mut desk.normal, &desk.x[last..]);
        math::normalise_by_root(normal, &self.norm, self.shape.epsilon);
        desk.input.take(normal, hidden);
        let mut logits = vec![0.0; self.output.rows];
        let into = &mut logits;
        self.multiply(
            &desk.input,
            &mut [Job {
                matrix: &self.output,
                into,
            }],
        );
        logits
    }

    fn multiply(&self, input: &Quantised, jobs: &mut [Job<'_>]) {
        multiply(&self.threads, &self.file, input, jobs);
    }
}

impl Layer {
    fn find(
        gguf: &Gguf<'_>,
        file: &[u8],
        shape: &Shape,
        number: usize,
    ) -> Result<Layer, ModelError> {
        let name = |part: &str| format!("blk.{number}.{part}");
        let matrix = |part: &str, rows: usize, columns: usize| {
            Matrix::find(gguf, &name(&format!("{part}.weight")), rows, columns)
        };
        let list = |part: &str, length: usize| vector(gguf, file, &name(part), length);
        let hidden = shape.hidden;
        let (all_heads, all_keys) = (shape.heads * shape.head, shape.key_heads * shape.head);
        let (query, key, value, gate, up) = match shape.is_joined {
            true => {
                let end = all_heads + 2 * all_keys;
                let joined = matrix("attn_qkv", end, hidden)?;
                let wide = matrix("ffn_up", 2 * shape.wide, hidden)?;
                (
                    joined.part(0..all_heads),
                    joined.part(all_heads..all_heads + all_keys),
                    joined.part(all_heads + all_keys..end),
                    wide.part(0..shape.wide),
                    wide.part(shape.wide..2 * shape.wide),
                )
            }
            false => (
                matrix("attn_q", all_heads, hidden)?,
                matrix("attn_k", all_keys, hidden)?,
                matrix("attn_v", all_keys, hidden)?,
                matrix("ffn_gate", shape.wide, hidden)?,
                matrix("ffn_up", shape.wide, hidden)?,
            ),
        };
        let biases = match shape.has_bias {
            true => Some([
                list("attn_q.bias", all_heads)?,
                list("attn_k.bias", all_keys)?,
                list("attn_v.bias", all_keys)?,
            ]),
            false => None,
        };
        let head_norms = match shape.normalises_heads {
            true => Some([
                list("attn_q_norm.weight", shape.head)?,
                list("attn_k_norm.weight", shape.head)?,
            ]),
            false => None,
        };
        let (out_norm, down_norm) = match shape.normalises_results {
            true => (
                Some(list("post_attention_norm.weight", hidden)?),
                Some(list("post_ffw_norm.weight", hidden)?),
            ),
            false => (None, None),
        };
        Ok(Layer {
            norm: list("attn_norm.weight", hidden)?,
            query,
            key,
            value,
            biases,
            head_norms,
            out: matrix("attn_output", hidden, all_heads)?,
            out_norm,
            wide_norm: list("ffn_norm.weight", hidden)?,
            gate,
            up,
            down: matrix("ffn_down", hidden, shape.wide)?,
            down_norm,
        })
    }
}

/// Memory of exactly `count` numbers. What they are is left open.
fn size(memory: &mut Vec<f32>, count: usize) -> &mut [f32] {
    memory.resize(count, 0.0);
    memory
}

fn copy<'m>(memory: &'m mut Vec<f32>, from: &[f32]) -> &'m mut [f32] {
    memory.clear();
    memory.extend_from_slice(from);
    memory
}
