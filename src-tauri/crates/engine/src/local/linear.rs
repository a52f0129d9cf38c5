//! The parts of a prepared file as they are computed with: matrices in panels with their bias, and rows in blocks of
//! bytes.

use std::ops::Range;

use half::f16;

use super::prepared::Prepared;
use crate::arithmetic::product::{self, Lane, Left, PANEL, Right};

/// A row in blocks of 32 numbers: a scale (f16) and 32 signed bytes (Q8_0).
pub(crate) const BLOCK: usize = 32;
pub(crate) const BLOCK_BYTES: usize = 34;

/// Weights in panels, and a bias for each column.
pub(crate) struct Linear {
    weight: Range<usize>,
    bias: Range<usize>,
    inputs: usize,
}

impl Linear {
    /// The weights of that name; the error says what has the wrong size.
    pub(crate) fn find(
        file: &Prepared,
        name: &str,
        outputs: usize,
        inputs: usize,
    ) -> Result<Linear, String> {
        let [weight, bias] = pair(file, name, outputs, inputs)?;
        Ok(Linear {
            weight,
            bias,
            inputs,
        })
    }

    /// `into = x * weights + bias` for each row of `x`, changed by `finish`.
    pub(crate) fn apply(
        &self,
        file: &Prepared,
        x: &[f32],
        into: &mut [f32],
        finish: impl Fn(&mut Lane) + Copy,
    ) {
        self.apply_to(file, (x, self.inputs, x.len() / self.inputs), into, finish);
    }

    /// The same for `rows` rows, each of which begins `stride` numbers behind the one before.
    pub(crate) fn apply_to(
        &self,
        file: &Prepared,
        (numbers, stride, rows): (&[f32], usize, usize),
        into: &mut [f32],
        finish: impl Fn(&mut Lane) + Copy,
    ) {
        let bias: &[Lane] = file.numbers(&self.bias);
        let left = Left {
            numbers,
            stride,
            rows,
            depth: self.inputs,
        };
        let right = Right {
            lanes: file.numbers(&self.weight),
            stride: self.inputs,
        };
        let outputs = bias.len() * PANEL;
        product::multiply(left, right, bias, (into, outputs), finish);
    }
}

/// Where so many numbers of that name lie.
pub(crate) fn section(file: &Prepared, name: &str, numbers: usize) -> Result<Range<usize>, String> {
    let range = file.range(name);
    match range.len() == numbers * 4 {
        true => Ok(range),
        false => Err(format!("the part {name} has the wrong size")),
    }
}

/// Where a weight lies, and its bias.
pub(crate) fn pair(
    file: &Prepared,
    name: &str,
    rows: usize,
    columns: usize,
) -> Result<[Range<usize>; 2], String> {
    Ok([
        section(file, &format!("{name}.weight"), rows * columns)?,
        section(file, &format!("{name}.bias"), rows)?,
    ])
}

pub(crate) fn numbers<'f>(file: &'f Prepared, ranges: &[Range<usize>; 2]) -> [&'f [f32]; 2] {
    [file.numbers(&ranges[0]), file.numbers(&ranges[1])]
}

/// The first `count` numbers of memory that grows when it is too small. What they are is left open.
pub(crate) fn first(memory: &mut Vec<f32>, count: usize) -> &mut [f32] {
    if memory.len() < count {
        memory.resize(count, 0.0);
    }
    &mut memory[..count]
}

/// The numbers of a row in blocks.
pub(crate) fn widen(blocks: &[u8], row: &mut [f32]) {
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
