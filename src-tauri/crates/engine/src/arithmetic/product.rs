//! Matrix products on one core, in tiles of sums that stay in registers.
//!
//! The right matrix is laid out once in panels of 16 columns (a model's weights when its file is prepared, keys and
//! values of a conversation as they come), the left one is used as it lies. Loops over arrays of known size, without unsafe: the compiler makes them
//! the SIMD of what the program is built for (12 fused multiply-adds a step with AVX2 and FMA).

/// Columns of a panel.
pub(crate) const PANEL: usize = 16;
/// One row of a panel.
pub(crate) type Lane = [f32; PANEL];

/// Rows of a tile: with [`PANEL`] columns its sums take 12 of the 16 registers of AVX2.
const TILE: usize = 6;
/// Rows of a panel that are multiplied before the next ones: 24 KiB, which stay in the nearest cache.
const DEPTH: usize = 384;

/// A matrix inside a slice, row by row.
#[derive(Clone, Copy)]
pub(crate) struct Left<'a> {
    pub(crate) numbers: &'a [f32],
    /// From one row to the next.
    pub(crate) stride: usize,
    pub(crate) rows: usize,
    /// Numbers of a row that count.
    pub(crate) depth: usize,
}

/// Panels, one after another.
#[derive(Clone, Copy)]
pub(crate) struct Right<'a> {
    pub(crate) lanes: &'a [Lane],
    /// Lanes from one panel to the next. The first `left.depth` of each count.
    pub(crate) stride: usize,
}

/// `into = left * right + bias`, changed by `finish`. `bias` has a lane for each panel or is empty; a row of `into`
/// has `stride` numbers, of which those of all panels are written. `depth` is not 0.
pub(crate) fn multiply(
    left: Left<'_>,
    right: Right<'_>,
    bias: &[Lane],
    (into, stride): (&mut [f32], usize),
    finish: impl Fn(&mut Lane) + Copy,
) {
    let mut start = 0;
    while start < left.depth {
        let end = (start + DEPTH).min(left.depth);
        for (number, panel) in right.lanes.chunks(right.stride).enumerate() {
            let step = Step {
                panel: &panel[start..end],
                begin: (start == 0).then(|| bias.get(number).copied().unwrap_or_default()),
                is_last: end == left.depth,
                strides: (left.stride, stride),
            };
            let mut row = 0;
            while row < left.rows {
                let from = &left.numbers[row * left.stride + start..];
                let to = &mut into[row * stride + number * PANEL..];
                match left.rows - row {
                    1 => tile::<1>(&step, from, to, finish),
                    2 => tile::<2>(&step, from, to, finish),
                    3 => tile::<3>(&step, from, to, finish),
                    4 => tile::<4>(&step, from, to, finish),
                    5 => tile::<5>(&step, from, to, finish),
                    _ => tile::<TILE>(&step, from, to, finish),
                }
                row += TILE;
            }
        }
        start = end;
    }
}

/// What all tiles of a panel have in common.
struct Step<'a> {
    panel: &'a [Lane],
    /// What the sums begin with; `None` for what stands there already.
    begin: Option<Lane>,
    is_last: bool,
    /// Of the left matrix and of the result.
    strides: (usize, usize),
}

/// Never inlined: its sums have all registers to themselves.
#[inline(never)]
fn tile<const ROWS: usize>(
    step: &Step<'_>,
    from: &[f32],
    to: &mut [f32],
    finish: impl Fn(&mut Lane) + Copy,
) {
    let depth = step.panel.len();
    let rows: [&[f32]; ROWS] = std::array::from_fn(|row| &from[row * step.strides.0..][..depth]);
    let mut sums: [Lane; ROWS] = std::array::from_fn(|row| match step.begin {
        Some(begin) => begin,
        None => *lane_at(to, row * step.strides.1),
    });
    for (at, lane) in step.panel.iter().enumerate() {
        for row in 0..ROWS {
            let number = rows[row][at];
            for column in 0..PANEL {
                sums[row][column] = number.mul_add(lane[column], sums[row][column]);
            }
        }
    }
    for (row, sums) in sums.into_iter().enumerate() {
        let lane = lane_at(to, row * step.strides.1);
        *lane = sums;
        if step.is_last {
            // Where they lie now: the address of the sums themselves would take them out of the registers.
            finish(lane);
        }
    }
}

fn lane_at(numbers: &mut [f32], at: usize) -> &mut Lane {
    let lane = numbers[at..].first_chunk_mut();
    lane.expect("a row of the result has room for all panels")
}

/// Lays a matrix out in panels: `number(row, column)` for `depth` rows and `columns` columns, with zeros up
/// to a whole panel.
pub(crate) fn panels(
    depth: usize,
    columns: usize,
    into: &mut Vec<Lane>,
    number: impl Fn(usize, usize) -> f32,
) {
    into.clear();
    for start in (0..columns).step_by(PANEL) {
        let width = PANEL.min(columns - start);
        for row in 0..depth {
            let mut lane = [0.0; PANEL];
            for (column, place) in lane[..width].iter_mut().enumerate() {
                *place = number(row, start + column);
            }
            into.push(lane);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the sum as it is written in a textbook, for sizes around the edges of tiles, panels and depths.
    #[test]
    fn a_product_is_the_sum_of_products_at_every_edge() {
        for (rows, depth, columns) in [
            (1, 1, 16),
            (5, 3, 32),
            (6, 384, 16),
            (13, 385, 48),
            (7, 800, 16),
        ] {
            let numbers = |count: usize, from: f32| -> Vec<f32> {
                (0..count)
                    .map(|at| ((at * 37 % 101) as f32 - 50.0) / 64.0 + from)
                    .collect()
            };
            let (left, right) = (
                numbers(rows * (depth + 2), 0.0),
                numbers(depth * columns, 0.25),
            );
            let mut packed = Vec::new();
            panels(depth, columns, &mut packed, |row, column| {
                right[row * columns + column]
            });
            let bias: Vec<Lane> = (0..columns / PANEL).map(|at| [at as f32; PANEL]).collect();
            let stride = columns + 3;
            let mut into = vec![7.0; rows * stride];
            let view = Left {
                numbers: &left,
                stride: depth + 2,
                rows,
                depth,
            };
            let panels = Right {
                lanes: &packed,
                stride: depth,
            };
            let twice = |xs: &mut Lane| xs.iter_mut().for_each(|x| *x *= 2.0);
            multiply(view, panels, &bias, (&mut into, stride), twice);
            for row in 0..rows {
                for column in 0..columns {
                    let exact: f64 = (0..depth)
                        .map(|at| {
                            f64::from(left[row * (depth + 2) + at])
                                * f64::from(right[at * columns + column])
                        })
                        .sum();
                    let exact = 2.0 * (exact + (column / PANEL) as f64);
                    let found = f64::from(into[row * stride + column]);
                    assert!(
                        (found - exact).abs() < 1e-3,
                        "{rows} {depth} {columns}: {found} {exact}"
                    );
                }
                assert_eq!(into[row * stride + columns..][..3], [7.0; 3]);
            }
        }
    }
}
