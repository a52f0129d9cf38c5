//! The products in plain code, for processors without AVX2.

use crate::lm::format::{Format, GROUP};
use crate::lm::quantised::Row;

pub(super) fn rows(format: Format, rows: &[u8], input: Row<'_>, into: &mut [f32]) {
    let row_bytes = rows.len() / into.len().max(1);
    let mut wide = match format.is_float() {
        true => vec![0.0; input.numbers.len()],
        false => Vec::new(),
    };
    for (row, result) in rows.chunks_exact(row_bytes).zip(into) {
        *result = match format.is_float() {
            true => {
                format.widen(row, &mut wide);
                wide.iter().zip(input.numbers).map(|(w, x)| w * x).sum()
            }
            false => whole(format, row, input),
        };
    }
}

fn whole(format: Format, row: &[u8], input: Row<'_>) -> f32 {
    let mut sum = 0.0;
    let mut at = 0;
    format.unpack(row, |group| {
        let numbers = &input.whole[at * GROUP..][..GROUP];
        for half in 0..2 {
            let places = half * 16..half * 16 + 16;
            let product: i32 = group.whole[places.clone()]
                .iter()
                .zip(&numbers[places])
                .map(|(w, x)| {
                    let w = match format {
                        Format::Q8_0 => i32::from(*w as i8),
                        _ => i32::from(*w),
                    };
                    w * i32::from(*x)
                })
                .sum();
            sum += group.scale[half] * input.scales[at] * product as f32
                - group.offset[half] * input.half_sums[at * 2 + half];
        }
        at += 1;
    });
    sum
}
