use super::*;
use crate::lm::format::GROUP;

const ALL: [Format; 11] = [
    Format::F32,
    Format::F16,
    Format::Bf16,
    Format::Q4_0,
    Format::Q4_1,
    Format::Q5_0,
    Format::Q5_1,
    Format::Q8_0,
    Format::Q4K,
    Format::Q5K,
    Format::Q6K,
];

/// Bytes that are valid blocks: every bit pattern is, once the scales are finite.
fn weights(format: Format, rows: usize, columns: usize) -> Vec<u8> {
    let bytes = rows * columns / format.block() * format.block_bytes();
    let mut chance = 1u32;
    let mut weights: Vec<u8> = (0..bytes)
        .map(|_| {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (chance >> 24) as u8
        })
        .collect();
    let halves: &[usize] = match format {
        Format::F32 | Format::Bf16 => return plain(format, rows * columns),
        Format::F16 => return plain(format, rows * columns),
        Format::Q4_0 | Format::Q5_0 | Format::Q8_0 => &[0],
        Format::Q4_1 | Format::Q5_1 | Format::Q4K | Format::Q5K => &[0, 2],
        Format::Q6K => &[208],
    };
    for (number, block) in weights.chunks_exact_mut(format.block_bytes()).enumerate() {
        for at in halves {
            let scale = half::f16::from_f32((number % 7) as f32 / 50.0 - 0.05);
            block[*at..at + 2].copy_from_slice(&scale.to_le_bytes());
        }
    }
    weights
}

fn plain(format: Format, count: usize) -> Vec<u8> {
    let numbers = (0..count).map(|at| (at * 37 % 101) as f32 / 64.0 - 0.75);
    numbers
        .flat_map(|x| match format {
            Format::F16 => half::f16::from_f32(x).to_le_bytes().to_vec(),
            Format::Bf16 => half::bf16::from_f32(x).to_le_bytes().to_vec(),
            _ => x.to_le_bytes().to_vec(),
        })
        .collect()
}

fn input(rows: usize, columns: usize) -> Quantised {
    let numbers: Vec<f32> = (0..rows * columns)
        .map(|at| ((at * 61 + at / 7) % 97) as f32 / 20.0 - 2.4)
        .collect();
    let mut input = Quantised::default();
    input.take(&numbers, columns);
    input
}

#[test]
fn rows_give_what_the_plain_code_gives() {
    for format in ALL {
        let (count, columns) = (5, 512);
        let weights = weights(format, count, columns);
        let input = input(1, columns);
        let (mut fast, mut slow) = (vec![0.0; count], vec![0.0; count]);
        rows(format, &weights, input.row(0), &mut fast);
        portable::rows(format, &weights, input.row(0), &mut slow);
        for (a, b) in fast.iter().zip(&slow) {
            assert!(
                (a - b).abs() <= 1e-4 * b.abs().max(10.0),
                "{format:?} {a} {b}"
            );
        }
    }
}

#[test]
fn plain_code_gives_what_widened_weights_give() {
    for format in ALL {
        let columns = 512;
        let weights = weights(format, 1, columns);
        let input = input(1, columns);
        let mut slow = [0.0];
        portable::rows(format, &weights, input.row(0), &mut slow);
        let mut wide = vec![0.0; columns];
        format.widen(&weights, &mut wide);
        let row = input.row(0);
        let exact: f32 = match format.is_float() {
            true => wide.iter().zip(row.numbers).map(|(w, x)| w * x).sum(),
            false => (0..columns)
                .map(|at| wide[at] * f32::from(row.whole[at]) * row.scales[at / GROUP])
                .sum(),
        };
        let most = 1e-4 * wide.iter().map(|w| w.abs()).sum::<f32>();
        assert!(
            (slow[0] - exact).abs() <= most,
            "{format:?} {} {exact}",
            slow[0]
        );
    }
}

#[test]
fn panels_give_what_rows_give_at_every_edge() {
    for format in ALL.into_iter().filter(|format| has_panels(*format)) {
        for (count, tokens) in [(8, 4), (3, 7), (8, 1), (7, 6)] {
            let columns = 512;
            let weights = weights(format, count, columns);
            let input = input(tokens, columns);
            let mut full = Panel::default();
            full.fill(format, &weights, columns);
            let mut found = vec![f32::NAN; tokens * count];
            Strip::with_all(&mut found, tokens, |strip| panel(&full, &input, strip, 0));
            for token in 0..tokens {
                let mut expected = vec![0.0; count];
                rows(format, &weights, input.row(token), &mut expected);
                for (a, b) in found[token * count..].iter().zip(&expected) {
                    assert!(
                        (a - b).abs() <= 1e-4 * b.abs().max(10.0),
                        "{format:?} {a} {b}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_largest_numbers_do_not_overflow() {
    for format in [
        Format::Q4_0,
        Format::Q5_0,
        Format::Q8_0,
        Format::Q4_1,
        Format::Q5_1,
        Format::Q6K,
    ] {
        let columns = 256;
        let mut weights = weights(format, 8, columns);
        for block in weights.chunks_exact_mut(format.block_bytes()) {
            let (first, last) = match format {
                Format::Q4_1 | Format::Q5_1 => (4, block.len()),
                Format::Q6K => (0, 192),
                _ => (2, block.len()),
            };
            block[first..last].fill(if format == Format::Q8_0 { 0x80 } else { 0xff });
        }
        let mut input = Quantised::default();
        input.take(&vec![-3.0; 4 * columns], columns);
        let mut full = Panel::default();
        full.fill(format, &weights, columns);
        let (mut found, mut expected) = (vec![0.0; 32], vec![0.0; 8]);
        if has_panels(format) {
            Strip::with_all(&mut found, 4, |strip| panel(&full, &input, strip, 0));
            portable::rows(format, &weights, input.row(0), &mut expected);
            for (a, b) in found.iter().zip(&expected) {
                assert!(
                    (a - b).abs() <= 1e-4 * b.abs().max(10.0),
                    "{format:?} {a} {b}"
                );
            }
        }
    }
}
