//! Attention of each head within one text, a few questions at a time, so that what is compared stays near.

use crate::arithmetic::math;
use crate::arithmetic::product::{self, Lane, Left, PANEL, Right};

/// Rows that are compared with all others at a time.
const TOGETHER: usize = 24;

/// The sizes of a model's heads.
#[derive(Clone, Copy)]
pub(crate) struct Heads {
    pub(crate) count: usize,
    /// Width of all of them.
    pub(crate) hidden: usize,
}

/// Memory that is used again for each head and text.
#[derive(Default)]
pub(crate) struct Desk {
    keys: Vec<Lane>,
    values: Vec<Lane>,
    likeness: Vec<f32>,
}

/// `rows` are query, key and value of each token of one text, `mixed` what comes of them.
pub(crate) fn attend(heads: Heads, rows: &[f32], mixed: &mut [f32], desk: &mut Desk) {
    let (hidden, width) = (heads.hidden, heads.hidden / heads.count);
    let stride = 3 * hidden;
    let length = rows.len() / stride;
    let likeness_stride = length.next_multiple_of(PANEL);
    if desk.likeness.len() < TOGETHER * likeness_stride {
        desk.likeness.resize(TOGETHER * likeness_stride, 0.0);
    }
    for head in 0..heads.count {
        let at = head * width;
        product::panels(width, length, &mut desk.keys, |number, token| {
            rows[token * stride + hidden + at + number]
        });
        product::panels(length, width, &mut desk.values, |token, number| {
            rows[token * stride + 2 * hidden + at + number]
        });
        let blocks = rows.chunks(TOGETHER * stride);
        for (queries, mixed) in blocks.zip(mixed.chunks_mut(TOGETHER * hidden)) {
            let count = queries.len() / stride;
            let query = Left {
                numbers: &queries[at..],
                stride,
                rows: count,
                depth: width,
            };
            let likeness = &mut desk.likeness[..];
            let keys = Right {
                lanes: &desk.keys,
                stride: width,
            };
            product::multiply(query, keys, &[], (likeness, likeness_stride), |_| ());
            let mut shares = [0.0; TOGETHER];
            let of_queries = likeness.chunks_exact_mut(likeness_stride);
            for (share, row) in shares.iter_mut().zip(of_queries).take(count) {
                *share = math::exponentials(&mut row[..length]);
            }
            let likeness = Left {
                numbers: likeness,
                stride: likeness_stride,
                rows: count,
                depth: length,
            };
            let values = Right {
                lanes: &desk.values,
                stride: length,
            };
            product::multiply(likeness, values, &[], (&mut mixed[at..], hidden), |_| ());
            for (row, share) in mixed.chunks_mut(hidden).zip(shares) {
                for x in &mut row[at..at + width] {
                    *x *= share;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_token_takes_the_values_of_those_it_is_like() {
        // One head of 16 numbers; the second and the last of 30 tokens are like each other and nothing else.
        let (hidden, length) = (16, 30);
        let mut rows = vec![0.0; length * 3 * hidden];
        for token in 0..length {
            let row = &mut rows[token * 3 * hidden..][..3 * hidden];
            if token == 1 || token == length - 1 {
                row[0] = 10.0;
                row[hidden] = 10.0;
            }
            row[2 * hidden + 3] = token as f32;
        }
        let mut mixed = vec![0.0; length * hidden];
        let heads = Heads { count: 1, hidden };
        attend(heads, &rows, &mut mixed, &mut Desk::default());
        let value = |token: usize| mixed[token * hidden + 3];
        assert!((value(1) - 15.0).abs() < 1e-3, "{}", value(1));
        assert!((value(length - 1) - 15.0).abs() < 1e-3);
        assert!(
            (value(0) - 14.5).abs() < 1e-3,
            "the mean of all: {}",
            value(0)
        );
        assert!((value(28) - 14.5).abs() < 1e-3);
    }
}
