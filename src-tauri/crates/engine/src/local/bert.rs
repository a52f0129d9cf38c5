//! BERT's forward pass over texts laid end to end: one matrix product for all of them in each layer,
//! attention within each text.

use std::ops::Range;

use half::f16;

use super::math::{self, View};
use super::prepared::Prepared;
use crate::embedder::unit_length;
use crate::models::manifest::Pooling;

/// A row of the token table is kept as blocks of 32 numbers: a scale (f16) and 32 signed bytes (Q8_0).
const BLOCK: usize = 32;
const BLOCK_BYTES: usize = 34;

/// Where the weights of a model lie.
pub(super) struct Bert {
    tokens: Range<usize>,
    positions: Range<usize>,
    norm: [Range<usize>; 2],
    layers: Vec<Layer>,
}

struct Layer {
    /// Query, key and value in one; the query's part is scaled already.
    qkv: [Range<usize>; 2],
    out: [Range<usize>; 2],
    first_norm: [Range<usize>; 2],
    up: [Range<usize>; 2],
    down: [Range<usize>; 2],
    last_norm: [Range<usize>; 2],
}

impl Bert {
    /// Finds the weights; the error names what is missing or has the wrong size.
    pub(super) fn new(file: &Prepared) -> Result<Bert, String> {
        let header = &file.header;
        let (hidden, wide) = (header.hidden, header.intermediate);
        let section = |name: String, numbers: usize| {
            let range = file.range(&name);
            match range.len() == numbers * 4 {
                true => Ok(range),
                false => Err(format!("the part {name} has the wrong size")),
            }
        };
        let pair = |name: &str, rows: usize, columns: usize| {
            Ok::<_, String>([
                section(format!("{name}.weight"), rows * columns)?,
                section(format!("{name}.bias"), rows)?,
            ])
        };
        let norm = |name: &str| pair(name, hidden, 1);
        let tokens = file.range("tokens");
        if tokens.len() != header.vocabulary * hidden / BLOCK * BLOCK_BYTES {
            return Err("the token table has the wrong size".to_owned());
        }
        let mut layers = Vec::with_capacity(header.layers);
        for number in 0..header.layers {
            layers.push(Layer {
                qkv: pair(&format!("{number}.qkv"), 3 * hidden, hidden)?,
                out: pair(&format!("{number}.out"), hidden, hidden)?,
                first_norm: norm(&format!("{number}.first_norm"))?,
                up: pair(&format!("{number}.up"), wide, hidden)?,
                down: pair(&format!("{number}.down"), hidden, wide)?,
                last_norm: norm(&format!("{number}.last_norm"))?,
            });
        }
        Ok(Bert {
            tokens,
            positions: section("positions".to_owned(), header.positions * hidden)?,
            norm: norm("norm")?,
            layers,
        })
    }

    /// A vector of unit length for each text, given as ids.
    pub(super) fn vectors(
        &self,
        file: &Prepared,
        texts: &[Vec<u32>],
        pooling: Pooling,
    ) -> Vec<Vec<f32>> {
        let (hidden, epsilon) = (file.header.hidden, file.header.epsilon);
        let count: usize = texts.iter().map(Vec::len).sum();
        let mut x = self.embedded(file, texts);
        let mut qkv = vec![0.0; count * 3 * hidden];
        let mut mixed = vec![0.0; count * hidden];
        let mut added = vec![0.0; count * hidden];
        let mut wide = vec![0.0; count * file.header.intermediate];
        let longest = texts.iter().map(Vec::len).max().unwrap_or(0);
        let mut likeness = vec![0.0; longest * longest];
        let pair = |ranges: &[Range<usize>; 2]| -> [&[f32]; 2] {
            [file.numbers(&ranges[0]), file.numbers(&ranges[1])]
        };
        for layer in &self.layers {
            let [weight, bias] = pair(&layer.qkv);
            math::linear(&x, weight, bias, &mut qkv);
            let mut start = 0;
            for text in texts {
                let part = start..start + text.len();
                attend(
                    file.header.heads,
                    hidden,
                    part,
                    &qkv,
                    &mut likeness,
                    &mut mixed,
                );
                start += text.len();
            }
            let [weight, bias] = pair(&layer.out);
            math::linear(&mixed, weight, bias, &mut added);
            let [weight, bias] = pair(&layer.first_norm);
            math::add_and_normalise(&mut x, &added, weight, bias, epsilon);
            let [weight, bias] = pair(&layer.up);
            math::linear(&x, weight, bias, &mut wide);
            math::gelu(&mut wide);
            let [weight, bias] = pair(&layer.down);
            math::linear(&wide, weight, bias, &mut added);
            let [weight, bias] = pair(&layer.last_norm);
            math::add_and_normalise(&mut x, &added, weight, bias, epsilon);
        }
        let mut start = 0;
        let mut vectors = Vec::with_capacity(texts.len());
        for text in texts {
            let rows = &x[start * hidden..(start + text.len()) * hidden];
            vectors.push(pooled(rows, hidden, pooling));
            start += text.len();
        }
        vectors
    }

    /// Token and position (and type, which was added to the positions), normalised.
    fn embedded(&self, file: &Prepared, texts: &[Vec<u32>]) -> Vec<f32> {
        let hidden = file.header.hidden;
        let table = file.bytes(&self.tokens);
        let positions: &[f32] = file.numbers(&self.positions);
        let [weight, bias]: [&[f32]; 2] =
            [file.numbers(&self.norm[0]), file.numbers(&self.norm[1])];
        let count: usize = texts.iter().map(Vec::len).sum();
        let mut x = vec![0.0; count * hidden];
        let mut rows = x.chunks_exact_mut(hidden);
        for text in texts {
            for ((id, position), row) in text
                .iter()
                .zip(positions.chunks_exact(hidden))
                .zip(rows.by_ref())
            {
                let row_bytes = hidden / BLOCK * BLOCK_BYTES;
                let start = (*id as usize).min(file.header.vocabulary - 1) * row_bytes;
                widen(&table[start..start + row_bytes], row);
                for (x, p) in row.iter_mut().zip(position) {
                    *x += p;
                }
                math::normalise(row, weight, bias, file.header.epsilon);
            }
        }
        x
    }
}

/// Attention of each head within one text: `part` are its rows.
fn attend(
    heads: usize,
    hidden: usize,
    part: Range<usize>,
    qkv: &[f32],
    likeness: &mut [f32],
    mixed: &mut [f32],
) {
    let (length, width, stride) = (part.len(), hidden / heads, 3 * hidden);
    let rows = &qkv[part.start * stride..part.end * stride];
    let mixed = &mut mixed[part.start * hidden..part.end * hidden];
    for head in 0..heads {
        let at = head * width;
        let query = View {
            data: &rows[at..],
            rows: stride,
            columns: 1,
        };
        let key = View {
            data: &rows[hidden + at..],
            rows: 1,
            columns: stride,
        };
        let value = View {
            data: &rows[2 * hidden + at..],
            rows: stride,
            columns: 1,
        };
        let likeness = &mut likeness[..length * length];
        math::multiply(
            (length, length, width),
            (likeness, length),
            query,
            key,
            false,
        );
        for row in likeness.chunks_exact_mut(length) {
            math::softmax(row);
        }
        let likeness = View {
            data: likeness,
            rows: length,
            columns: 1,
        };
        math::multiply(
            (length, width, length),
            (&mut mixed[at..], hidden),
            likeness,
            value,
            false,
        );
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

fn widen(blocks: &[u8], row: &mut [f32]) {
    for (block, out) in blocks
        .chunks_exact(BLOCK_BYTES)
        .zip(row.chunks_exact_mut(BLOCK))
    {
        let scale = f16::from_le_bytes([block[0], block[1]]).to_f32();
        for (x, byte) in out.iter_mut().zip(&block[2..]) {
            *x = f32::from(*byte as i8) * scale;
        }
    }
}
