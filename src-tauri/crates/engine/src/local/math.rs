//! The arithmetic of a transformer on one core: matrix products by `gemm` (candle's own kernels), the rest
//! in loops that the compiler turns into SIMD. No allocation.

use gemm::Parallelism;

/// A matrix inside a slice: element `(row, column)` stands at `row * rows + column * columns`.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) data: &'a [f32],
    pub(super) rows: usize,
    pub(super) columns: usize,
}

/// `into = left * right`, or `into += left * right` when `add`; `into` has `stride` numbers a row.
/// Sizes: `left` is m x k, `right` k x n, `into` m x n.
#[expect(
    unsafe_code,
    reason = "gemm takes pointers; the bounds are asserted first"
)]
pub(super) fn multiply(
    (m, n, k): (usize, usize, usize),
    (into, stride): (&mut [f32], usize),
    left: View<'_>,
    right: View<'_>,
    add: bool,
) {
    if m == 0 || n == 0 || k == 0 {
        return;
    }
    let last = |rows: usize, columns: usize, view: &View<'_>| {
        (rows - 1) * view.rows + (columns - 1) * view.columns
    };
    assert!(
        last(m, k, &left) < left.data.len(),
        "left matrix is too short"
    );
    assert!(
        last(k, n, &right) < right.data.len(),
        "right matrix is too short"
    );
    assert!((m - 1) * stride + n <= into.len(), "result is too short");
    // SAFETY: all three matrices lie within their slices, as asserted; `into` is borrowed mutably, so it
    // does not overlap the others.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            into.as_mut_ptr(),
            1,
            stride as isize,
            add,
            left.data.as_ptr(),
            left.columns as isize,
            left.rows as isize,
            right.data.as_ptr(),
            right.columns as isize,
            right.rows as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

/// `into = x * weight^T + bias`; `weight` has a row of `x`'s width for each number of `bias`.
pub(super) fn linear(x: &[f32], weight: &[f32], bias: &[f32], into: &mut [f32]) {
    let n = bias.len();
    let k = weight.len() / n;
    let m = x.len() / k;
    for row in into.chunks_exact_mut(n) {
        row.copy_from_slice(bias);
    }
    let left = View {
        data: x,
        rows: k,
        columns: 1,
    };
    let right = View {
        data: weight,
        rows: 1,
        columns: k,
    };
    multiply((m, n, k), (into, n), left, right, true);
}

/// Adds `y` to `x` and normalises each row of `x` (Ba et al. 2016).
pub(super) fn add_and_normalise(
    x: &mut [f32],
    y: &[f32],
    weight: &[f32],
    bias: &[f32],
    epsilon: f32,
) {
    let width = weight.len();
    for (row, added) in x.chunks_exact_mut(width).zip(y.chunks_exact(width)) {
        for (a, b) in row.iter_mut().zip(added) {
            *a += b;
        }
        normalise(row, weight, bias, epsilon);
    }
}

/// Normalises one row.
pub(super) fn normalise(row: &mut [f32], weight: &[f32], bias: &[f32], epsilon: f32) {
    let width = row.len() as f32;
    let mean = sum(row) / width;
    for x in row.iter_mut() {
        *x -= mean;
    }
    let scale = 1.0 / (dot(row, row) / width + epsilon).sqrt();
    for ((x, w), b) in row.iter_mut().zip(weight).zip(bias) {
        *x = *x * scale * w + b;
    }
}

/// The exact GELU, `x/2 (1 + erf(x/sqrt 2))`, with erf after Abramowitz and Stegun 7.1.26 (error 1.5e-7).
pub(super) fn gelu(xs: &mut [f32]) {
    for x in xs {
        let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
        let t = 1.0 / (1.0 + 0.327_591_1 * z);
        let poly = ((((1.061_405_4 * t - 1.453_152) * t + 1.421_413_7) * t - 0.284_496_74) * t
            + 0.254_829_6)
            * t;
        let erf = 1.0 - poly * exp(-z * z);
        *x = 0.5 * *x * (1.0 + erf.copysign(*x));
    }
}

/// Softmax of one row.
pub(super) fn softmax(row: &mut [f32]) {
    let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for x in row.iter_mut() {
        *x = exp(*x - most);
    }
    let scale = 1.0 / sum(row);
    for x in row.iter_mut() {
        *x *= scale;
    }
}

/// e^x for x <= 0 and a little above, relative error below 1e-6; written so that loops of it become SIMD.
#[inline(always)]
fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23: adding it leaves only the whole number in the mantissa
    let x = x.clamp(-87.0, 87.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    let r = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let poly = 1.0
        + r * (1.0
            + r * (0.5
                + r * (0.166_666_67 + r * (0.041_666_65 + r * (0.008_333_36 + r * 0.001_394_2)))));
    let power = shifted
        .to_bits()
        .wrapping_sub(ROUND.to_bits())
        .wrapping_add(127)
        << 23;
    poly * f32::from_bits(power)
}

/// Eight sums side by side, so that additions do not wait for each other.
fn sum(xs: &[f32]) -> f32 {
    let (eights, rest) = xs.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for eight in eights {
        for (sum, x) in sums.iter_mut().zip(eight) {
            *sum += x;
        }
    }
    sums.iter().sum::<f32>() + rest.iter().sum::<f32>()
}

fn dot(xs: &[f32], ys: &[f32]) -> f32 {
    let (eights, rest) = xs.as_chunks::<8>();
    let (other_eights, other_rest) = ys.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (eight, other) in eights.iter().zip(other_eights) {
        for ((sum, x), y) in sums.iter_mut().zip(eight).zip(other) {
            *sum += x * y;
        }
    }
    let tail: f32 = rest.iter().zip(other_rest).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f32>() + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_as_exact_as_f32_needs() {
        for step in -8_000..100 {
            let x = step as f32 / 100.0;
            let exact = f64::from(x).exp();
            assert!((f64::from(exp(x)) / exact - 1.0).abs() < 2e-6, "{x}");
        }
    }

    #[test]
    fn gelu_is_the_exact_one() {
        // Values of scipy.special.erf, rounded.
        let mut xs = [-3.0, -1.0, -0.1, 0.0, 0.5, 1.0, 4.0];
        gelu(&mut xs);
        let exact = [
            -0.004_049_7,
            -0.158_655_26,
            -0.046_017_216,
            0.0,
            0.345_731_23,
            0.841_344_7,
            3.999_873_3,
        ];
        for (x, exact) in xs.iter().zip(exact) {
            assert!((x - exact).abs() < 1e-5, "{x} {exact}");
        }
    }

    #[test]
    fn a_linear_layer_multiplies_and_adds_its_bias() {
        let mut into = [0.0; 4];
        linear(
            &[1.0, 2.0, 3.0, 4.0],
            &[1.0, 0.0, 1.0, 1.0],
            &[10.0, 20.0],
            &mut into,
        );
        assert_eq!(into, [11.0, 23.0, 13.0, 27.0]);
    }

    #[test]
    fn softmax_sums_to_one_and_a_row_is_normalised() {
        let mut row = [1.0, 2.0, 3.0, 1000.0, -5.0, 0.0, 0.0, 0.0, 2.0];
        softmax(&mut row);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        let mut row = [1.0, 3.0];
        normalise(&mut row, &[2.0, 2.0], &[0.5, 0.5], 0.0);
        assert_eq!(row, [-1.5, 2.5]);
    }
}
