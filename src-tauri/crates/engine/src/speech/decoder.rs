//! The half of Whisper that writes: one token after the other, from those before it and from what was heard.

use std::ops::Range;

use rayon::prelude::*;

use super::Stop;
use super::whisper::shared;
use crate::arithmetic::math;
use crate::arithmetic::product::{self, Lane, Left, PANEL, Right};
use crate::error::EngineError;
use crate::lm::format::Format;
use crate::lm::kernels;
use crate::lm::quantised::Quantised;
use crate::local::linear::{self, BLOCK, BLOCK_BYTES, Linear};
use crate::local::prepared::{Prepared, SpeechHeader};

/// Rows of a matrix that one thread takes at a time.
const TOGETHER: usize = 4_096;

pub(super) struct Decoder {
    tokens: Range<usize>,
    positions: Range<usize>,
    norm: [Range<usize>; 2],
    layers: Vec<Layer>,
    heads: usize,
    longest: usize,
}

struct Layer {
    query: Rows,
    key: Rows,
    value: Rows,
    out: Rows,
    first_norm: [Range<usize>; 2],
    cross_query: Rows,
    cross: Linear,
    cross_out: Rows,
    cross_norm: [Range<usize>; 2],
    up: Rows,
    down: Rows,
    last_norm: [Range<usize>; 2],
}

/// Weights in blocks of bytes, and a bias for each row.
struct Rows {
    weight: Range<usize>,
    bias: Range<usize>,
}

/// What was heard and written so far.
pub(super) struct Memory {
    /// Of each layer.
    layers: Vec<OfLayer>,
    /// Rows of what was heard.
    heard: usize,
    /// Tokens that were read.
    length: usize,
    desk: Desk,
}

#[derive(Default)]
struct OfLayer {
    /// Of what was heard, for each head.
    heard_keys: Vec<Lane>,
    heard_values: Vec<Lane>,
    /// Of each token.
    keys: Vec<f32>,
    values: Vec<f32>,
}

/// Room that is used again for each token.
#[derive(Default)]
struct Desk {
    input: Quantised,
    x: Vec<f32>,
    normal: Vec<f32>,
    query: Vec<f32>,
    mixed: Vec<f32>,
    wide: Vec<f32>,
    likeness: Vec<f32>,
    logits: Vec<f32>,
}

impl Rows {
    fn find(file: &Prepared, name: &str, outputs: usize, inputs: usize) -> Result<Rows, String> {
        let weight = file.range(&format!("{name}.weight"));
        match weight.len() == outputs * inputs / BLOCK * BLOCK_BYTES {
            true => Ok(Rows {
                weight,
                bias: linear::section(file, &format!("{name}.bias"), outputs)?,
            }),
            false => Err(format!("the part {name} has the wrong size")),
        }
    }

    fn apply(&self, file: &Prepared, input: &mut Quantised, x: &[f32], into: &mut [f32]) {
        input.take(x, x.len());
        multiply(file.bytes(&self.weight), input, into);
        math::add(into, file.numbers(&self.bias));
    }
}

impl Decoder {
    /// Finds the weights; the error names what is missing or has the wrong size.
    pub(super) fn new(file: &Prepared, speech: &SpeechHeader) -> Result<Decoder, String> {
        let header = &file.header;
        let (hidden, wide) = (header.hidden, header.intermediate);
        let tokens = file.range("d.tokens");
        if tokens.len() != header.vocabulary * hidden / BLOCK * BLOCK_BYTES {
            return Err("the token table has the wrong size".to_owned());
        }
        let most = [
            speech.end,
            speech.silence,
            speech.no_times,
            speech.transcribe,
        ];
        let of_languages = speech.languages.iter().map(|(_, token)| *token);
        let is_inside = of_languages
            .chain(most)
            .all(|token| (token as usize) < header.vocabulary);
        if !is_inside {
            return Err("a token lies outside of the vocabulary".to_owned());
        }
        let layer = |number: usize| {
            let rows = |name: &str, outputs: usize, inputs: usize| {
                Rows::find(file, &format!("d{number}.{name}"), outputs, inputs)
            };
            let norm = |name: &str| linear::pair(file, &format!("d{number}.{name}"), hidden, 1);
            Ok::<_, String>(Layer {
                query: rows("q", hidden, hidden)?,
                key: rows("k", hidden, hidden)?,
                value: rows("v", hidden, hidden)?,
                out: rows("out", hidden, hidden)?,
                first_norm: norm("first_norm")?,
                cross_query: rows("cross_q", hidden, hidden)?,
                cross: Linear::find(file, &format!("d{number}.cross_kv"), 2 * hidden, hidden)?,
                cross_out: rows("cross_out", hidden, hidden)?,
                cross_norm: norm("cross_norm")?,
                up: rows("up", wide, hidden)?,
                down: rows("down", hidden, wide)?,
                last_norm: norm("last_norm")?,
            })
        };
        Ok(Decoder {
            tokens,
            positions: linear::section(file, "d.positions", speech.longest * hidden)?,
            norm: linear::pair(file, "d.norm", hidden, 1)?,
            layers: (0..speech.layers).map(layer).collect::<Result<_, _>>()?,
            heads: speech.heads,
            longest: speech.longest,
        })
    }

    /// A memory of what was heard, before any token.
    pub(super) fn listen_to(
        &self,
        file: &Prepared,
        heard: &[f32],
        stop: &Stop,
    ) -> Result<Memory, EngineError> {
        let hidden = file.header.hidden;
        let width = hidden / self.heads;
        let count = heard.len() / hidden;
        let mut both = vec![0.0; count * 2 * hidden];
        let mut layers = Vec::with_capacity(self.layers.len());
        let mut panels = Vec::new();
        for layer in &self.layers {
            stop.check()?;
            shared(
                &layer.cross,
                file,
                (heard, hidden),
                (&mut both, 2 * hidden),
                |_| (),
            );
            let mut of_layer = OfLayer::default();
            for head in 0..self.heads {
                let at = head * width;
                product::panels(width, count, &mut panels, |number, row| {
                    both[row * 2 * hidden + at + number]
                });
                of_layer.heard_keys.extend_from_slice(&panels);
                product::panels(count, width, &mut panels, |row, number| {
                    both[row * 2 * hidden + hidden + at + number]
                });
                of_layer.heard_values.extend_from_slice(&panels);
            }
            layers.push(of_layer);
        }
        Ok(Memory {
            layers,
            heard: count,
            length: 0,
            desk: Desk::default(),
        })
    }

    /// Reads a token: how likely each token is to follow, as logits. Of more tokens than the model has places the
    /// last place is used again.
    pub(super) fn next<'m>(
        &self,
        file: &Prepared,
        memory: &'m mut Memory,
        token: u32,
    ) -> &'m mut [f32] {
        let header = &file.header;
        let (hidden, wide, epsilon) = (header.hidden, header.intermediate, header.epsilon);
        let Desk {
            input,
            x,
            normal,
            query,
            mixed,
            wide: widened,
            likeness,
            logits,
        } = &mut memory.desk;
        let x = linear::first(x, hidden);
        let normal = linear::first(normal, hidden);
        let query = linear::first(query, hidden);
        let mixed = linear::first(mixed, hidden);
        let widened = linear::first(widened, wide);
        let logits = linear::first(logits, header.vocabulary);
        let row_bytes = hidden / BLOCK * BLOCK_BYTES;
        let start = (token as usize).min(header.vocabulary - 1) * row_bytes;
        linear::widen(&file.bytes(&self.tokens)[start..start + row_bytes], x);
        let positions: &[f32] = file.numbers(&self.positions);
        let place = memory.length.min(self.longest - 1);
        math::add(x, &positions[place * hidden..][..hidden]);
        let scale = 1.0 / ((hidden / self.heads) as f32).sqrt();
        for (layer, of_layer) in self.layers.iter().zip(&mut memory.layers) {
            normalise(file, x, normal, &layer.first_norm, epsilon);
            layer.query.apply(file, input, normal, query);
            query.iter_mut().for_each(|x| *x *= scale);
            layer.key.apply(file, input, normal, mixed);
            of_layer.keys.extend_from_slice(mixed);
            layer.value.apply(file, input, normal, mixed);
            of_layer.values.extend_from_slice(mixed);
            of_layer.look_back(self.heads, query, mixed, likeness);
            layer.out.apply(file, input, mixed, normal);
            math::add(x, normal);

            normalise(file, x, normal, &layer.cross_norm, epsilon);
            layer.cross_query.apply(file, input, normal, query);
            of_layer.listen(self.heads, memory.heard, (query, mixed), likeness);
            layer.cross_out.apply(file, input, mixed, normal);
            math::add(x, normal);

            normalise(file, x, normal, &layer.last_norm, epsilon);
            layer.up.apply(file, input, normal, widened);
            math::gelu(widened);
            layer.down.apply(file, input, widened, normal);
            math::add(x, normal);
        }
        normalise(file, x, normal, &self.norm, epsilon);
        input.take(normal, hidden);
        multiply(file.bytes(&self.tokens), input, logits);
        memory.length += 1;
        logits
    }
}

impl OfLayer {
    /// What a token takes from those before it and from itself.
    fn look_back(&self, heads: usize, query: &[f32], mixed: &mut [f32], room: &mut Vec<f32>) {
        let hidden = query.len();
        let width = hidden / heads;
        let count = self.keys.len() / hidden;
        let likeness = linear::first(room, count);
        mixed.fill(0.0);
        for head in 0..heads {
            let range = head * width..(head + 1) * width;
            let of_head =
                |row: &'_ [f32]| -> f32 { math::dot(&row[range.clone()], &query[range.clone()]) };
            for (place, key) in likeness.iter_mut().zip(self.keys.chunks_exact(hidden)) {
                *place = of_head(key);
            }
            let share = math::exponentials(likeness);
            let into = &mut mixed[range.clone()];
            for (likeness, value) in likeness.iter().zip(self.values.chunks_exact(hidden)) {
                math::add_scaled(into, &value[range.clone()], likeness * share);
            }
        }
    }

    /// What a token takes from what was heard.
    fn listen(
        &self,
        heads: usize,
        heard: usize,
        (query, mixed): (&[f32], &mut [f32]),
        room: &mut Vec<f32>,
    ) {
        let width = query.len() / heads;
        let stride = heard.next_multiple_of(PANEL);
        let likeness = linear::first(room, stride);
        let keys = self.heard_keys.len() / heads;
        let values = self.heard_values.len() / heads;
        for head in 0..heads {
            let at = head * width;
            let asked = Left {
                numbers: &query[at..],
                stride: query.len(),
                rows: 1,
                depth: width,
            };
            let of_head = Right {
                lanes: &self.heard_keys[head * keys..][..keys],
                stride: width,
            };
            product::multiply(asked, of_head, &[], (likeness, stride), |_| ());
            let share = math::exponentials(&mut likeness[..heard]);
            let alike = Left {
                numbers: likeness,
                stride,
                rows: 1,
                depth: heard,
            };
            let of_head = Right {
                lanes: &self.heard_values[head * values..][..values],
                stride: heard,
            };
            let into = &mut mixed[at..at + width];
            product::multiply(alike, of_head, &[], (&mut *into, width), |_| ());
            into.iter_mut().for_each(|x| *x *= share);
        }
    }
}

fn normalise(file: &Prepared, x: &[f32], into: &mut [f32], norm: &[Range<usize>; 2], epsilon: f32) {
    let [weight, bias] = linear::numbers(file, norm);
    into.copy_from_slice(x);
    math::normalise(into, weight, bias, epsilon);
}

/// The only row of `input` times rows of blocks, shared out over the threads.
fn multiply(rows: &[u8], input: &Quantised, into: &mut [f32]) {
    let row_bytes = rows.len() / into.len();
    into.par_chunks_mut(TOGETHER)
        .zip(rows.par_chunks(TOGETHER * row_bytes))
        .for_each(|(into, rows)| kernels::rows(Format::Q8_0, rows, input.row(0), into));
}
