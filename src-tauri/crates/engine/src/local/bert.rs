//! BERT's forward pass over texts laid end to end: one matrix product for all of them in each layer,
//! attention within each text.

use std::ops::Range;

use super::attention::{Desk, Heads, attend};
use super::linear::{self, BLOCK, BLOCK_BYTES, Linear};
use super::prepared::Prepared;
use crate::arithmetic::math;
use crate::embedder::unit_length;
use crate::models::manifest::Pooling;

/// Where the weights of a model lie.
pub(super) struct Bert {
    tokens: Range<usize>,
    positions: Range<usize>,
    /// What is added to the tokens of a second text; empty in a model that reads one at a time.
    second: Range<usize>,
    norm: [Range<usize>; 2],
    layers: Vec<Layer>,
}

struct Layer {
    /// Query, key and value in one; the query's part is scaled already.
    qkv: Linear,
    out: Linear,
    first_norm: [Range<usize>; 2],
    up: Linear,
    down: Linear,
    last_norm: [Range<usize>; 2],
}

/// A text as ids.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    ids: &'a [u32],
    /// Where the second of two texts begins, if there are two.
    second: usize,
}

impl<'a> Text<'a> {
    pub(super) fn one(ids: &'a [u32]) -> Text<'a> {
        let second = ids.len();
        Text { ids, second }
    }

    pub(super) fn both(ids: &'a [u32], second: usize) -> Text<'a> {
        Text { ids, second }
    }
}

/// Memory that is used again for each group of texts.
#[derive(Default)]
pub(super) struct Room {
    x: Vec<f32>,
    qkv: Vec<f32>,
    mixed: Vec<f32>,
    added: Vec<f32>,
    wide: Vec<f32>,
    desk: Desk,
}

impl Bert {
    /// Finds the weights; the error names what is missing or has the wrong size.
    pub(super) fn new(file: &Prepared) -> Result<Bert, String> {
        let header = &file.header;
        let (hidden, wide) = (header.hidden, header.intermediate);
        let norm = |name: &str| linear::pair(file, name, hidden, 1);
        let linear =
            |name: &str, outputs: usize, inputs: usize| Linear::find(file, name, outputs, inputs);
        let tokens = file.range("tokens");
        if tokens.len() != header.vocabulary * hidden / BLOCK * BLOCK_BYTES {
            return Err("the token table has the wrong size".to_owned());
        }
        let mut layers = Vec::with_capacity(header.layers);
        for number in 0..header.layers {
            layers.push(Layer {
                qkv: linear(&format!("{number}.qkv"), 3 * hidden, hidden)?,
                out: linear(&format!("{number}.out"), hidden, hidden)?,
                first_norm: norm(&format!("{number}.first_norm"))?,
                up: linear(&format!("{number}.up"), wide, hidden)?,
                down: linear(&format!("{number}.down"), hidden, wide)?,
                last_norm: norm(&format!("{number}.last_norm"))?,
            });
        }
        let second = file.range("second");
        if !second.is_empty() && second.len() != hidden * 4 {
            return Err("the part second has the wrong size".to_owned());
        }
        Ok(Bert {
            tokens,
            second,
            positions: linear::section(file, "positions", header.positions * hidden)?,
            norm: norm("norm")?,
            layers,
        })
    }

    /// A vector of unit length for each text.
    pub(super) fn vectors(
        &self,
        file: &Prepared,
        texts: &[Text],
        pooling: Pooling,
        room: &mut Room,
    ) -> Vec<Vec<f32>> {
        let hidden = file.header.hidden;
        let x = self.computed(file, texts, room);
        let mut start = 0;
        let mut vectors = Vec::with_capacity(texts.len());
        for text in texts {
            let rows = &x[start * hidden..(start + text.ids.len()) * hidden];
            vectors.push(pooled(rows, hidden, pooling));
            start += text.ids.len();
        }
        vectors
    }

    /// A row for each token of each text.
    pub(super) fn computed<'r>(
        &self,
        file: &Prepared,
        texts: &[Text],
        room: &'r mut Room,
    ) -> &'r [f32] {
        let header = &file.header;
        let (hidden, wide, epsilon) = (header.hidden, header.intermediate, header.epsilon);
        let count: usize = texts.iter().map(|text| text.ids.len()).sum();
        let heads = Heads {
            count: header.heads,
            hidden,
        };
        let Room {
            x,
            qkv,
            mixed,
            added,
            wide: widened,
            desk,
        } = room;
        let x = linear::first(x, count * hidden);
        let qkv = linear::first(qkv, count * 3 * hidden);
        let mixed = linear::first(mixed, count * hidden);
        let added = linear::first(added, count * hidden);
        let widened = linear::first(widened, count * wide);
        self.embed(file, texts, x);
        for layer in &self.layers {
            layer.qkv.apply(file, x, qkv, |_| ());
            let mut start = 0;
            for text in texts {
                let end = start + text.ids.len();
                let rows = &qkv[start * 3 * hidden..end * 3 * hidden];
                attend(heads, rows, &mut mixed[start * hidden..end * hidden], desk);
                start = end;
            }
            layer.out.apply(file, mixed, added, |_| ());
            let [weight, bias] = linear::numbers(file, &layer.first_norm);
            math::add_and_normalise(x, added, weight, bias, epsilon);
            layer.up.apply(file, x, widened, |xs| math::gelu(xs));
            layer.down.apply(file, widened, added, |_| ());
            let [weight, bias] = linear::numbers(file, &layer.last_norm);
            math::add_and_normalise(x, added, weight, bias, epsilon);
        }
        x
    }

    /// Token and position (and type: the first one's was added to the positions), normalised.
    fn embed(&self, file: &Prepared, texts: &[Text], x: &mut [f32]) {
        let hidden = file.header.hidden;
        let table = file.bytes(&self.tokens);
        let positions: &[f32] = file.numbers(&self.positions);
        let second: &[f32] = file.numbers(&self.second);
        let [weight, bias] = linear::numbers(file, &self.norm);
        let mut rows = x.chunks_exact_mut(hidden);
        for text in texts {
            let places = text.ids.iter().zip(positions.chunks_exact(hidden));
            for ((at, (id, position)), row) in places.enumerate().zip(rows.by_ref()) {
                let row_bytes = hidden / BLOCK * BLOCK_BYTES;
                let start = (*id as usize).min(file.header.vocabulary - 1) * row_bytes;
                linear::widen(&table[start..start + row_bytes], row);
                for (x, p) in row.iter_mut().zip(position) {
                    *x += p;
                }
                if at >= text.second {
                    for (x, s) in row.iter_mut().zip(second) {
                        *x += s;
                    }
                }
                math::normalise(row, weight, bias, file.header.epsilon);
            }
        }
    }
}

fn pooled(rows: &[f32], hidden: usize, pooling: Pooling) -> Vec<f32> {
    let mut vector = vec![0.0; hidden];
    let taken = match pooling {
        Pooling::Mean => rows,
        Pooling::First => &rows[..hidden.min(rows.len())],
    };
    for row in taken.chunks_exact(hidden) {
        for (sum, x) in vector.iter_mut().zip(row) {
            *sum += x;
        }
    }
    unit_length(&mut vector);
    vector
}
