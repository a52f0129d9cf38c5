//! The small arithmetic of a transformer, in loops that the compiler turns into SIMD. No allocation.

/// Adds `y` to `x` and normalises each row of `x` (Ba et al. 2016).
pub(crate) fn add_and_normalise(
    x: &mut [f32],
    y: &[f32],
    weight: &[f32],
    bias: &[f32],
    epsilon: f32,
) {
    let width = weight.len();
    for (row, added) in x.chunks_exact_mut(width).zip(y.chunks_exact(width)) {
        add(row, added);
        normalise(row, weight, bias, epsilon);
    }
}

/// Normalises one row (Ba et al. 2016).
pub(crate) fn normalise(row: &mut [f32], weight: &[f32], bias: &[f32], epsilon: f32) {
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

/// Divides by the root of the mean square (Zhang and Sennrich 2019), row by row of `weight.len()` numbers.
pub(crate) fn normalise_by_root(x: &mut [f32], weight: &[f32], epsilon: f32) {
    for row in x.chunks_exact_mut(weight.len()) {
        let scale = 1.0 / (dot(row, row) / row.len() as f32 + epsilon).sqrt();
        for (x, w) in row.iter_mut().zip(weight) {
            *x = *x * scale * w;
        }
    }
}

/// `gate = silu(gate) * up`, silu(x) = x / (1 + e^-x).
pub(crate) fn silu_gate(gate: &mut [f32], up: &[f32]) {
    for (gate, up) in gate.iter_mut().zip(up) {
        *gate = *gate / (1.0 + exp(-*gate)) * up;
    }
}

/// `gate = gelu(gate) * up` with the tanh form of GELU: x/2 (1 + tanh z) = x / (1 + e^-2z).
pub(crate) fn gelu_gate(gate: &mut [f32], up: &[f32]) {
    const ROOT: f32 = 0.797_884_6; // sqrt(2 / pi)
    for (gate, up) in gate.iter_mut().zip(up) {
        let x = *gate;
        let z = ROOT * x * (0.044_715 * x * x + 1.0);
        *gate = x / (1.0 + exp(-2.0 * z)) * up;
    }
}

/// Adds `y` to `x`.
pub(crate) fn add(x: &mut [f32], y: &[f32]) {
    for (x, y) in x.iter_mut().zip(y) {
        *x += y;
    }
}

/// Adds `factor * y` to `x`.
pub(crate) fn add_scaled(x: &mut [f32], y: &[f32], factor: f32) {
    for (x, y) in x.iter_mut().zip(y) {
        *x = factor.mul_add(*y, *x);
    }
}

/// The exact GELU, `x/2 (1 + erf(x/sqrt 2))`, with erf after Abramowitz and Stegun 7.1.26 (error 1.5e-7).
/// Not inlined: among the sums of a product it would not become SIMD.
#[inline(never)]
pub(crate) fn gelu(xs: &mut [f32]) {
    for x in xs {
        let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
        let t = 1.0 / 0.327_591_1_f32.mul_add(z, 1.0);
        let poly = 1.061_405_4_f32
            .mul_add(t, -1.453_152)
            .mul_add(t, 1.421_413_7)
            .mul_add(t, -0.284_496_74)
            .mul_add(t, 0.254_829_6)
            * t;
        let erf = 1.0 - poly * exp(-z * z);
        *x = 0.5 * *x * (1.0 + erf.copysign(*x));
    }
}

/// Softmax of one row, but for a factor, which it gives: numbers become e to the power of what they are
/// below the largest.
pub(crate) fn exponentials(row: &mut [f32]) -> f32 {
    let most = largest(row);
    for x in row.iter_mut() {
        *x = exp(*x - most);
    }
    1.0 / sum(row)
}

/// e^x, relative error below 2e-6 between -80 and 80; written so that loops of it become SIMD.
#[inline(always)]
fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23: adding it leaves only the whole number in the mantissa
    // Beyond -80 products with what comes out would be subnormal numbers, which are slow.
    let x = x.clamp(-80.0, 80.0);
    let shifted = x.mul_add(std::f32::consts::LOG2_E, ROUND);
    let whole = shifted - ROUND;
    let r = whole.mul_add(2.121_944_4e-4, whole.mul_add(-0.693_359_4, x));
    let poly = 0.001_394_2_f32
        .mul_add(r, 0.008_333_36)
        .mul_add(r, 0.041_666_65)
        .mul_add(r, 0.166_666_67)
        .mul_add(r, 0.5)
        .mul_add(r, 1.0)
        .mul_add(r, 1.0);
    let power = shifted
        .to_bits()
        .wrapping_sub(ROUND.to_bits())
        .wrapping_add(127)
        << 23;
    poly * f32::from_bits(power)
}

fn largest(xs: &[f32]) -> f32 {
    let (eights, rest) = xs.as_chunks::<8>();
    // `f32::max` minds NaN, and is no SIMD for it.
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    let mut most = [f32::NEG_INFINITY; 8];
    for eight in eights {
        for (most, x) in most.iter_mut().zip(eight) {
            *most = larger(*most, *x);
        }
    }
    most.iter()
        .chain(rest)
        .copied()
        .fold(f32::NEG_INFINITY, larger)
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

/// The sum of products, sixteen side by side.
pub(crate) fn dot(xs: &[f32], ys: &[f32]) -> f32 {
    let (lanes, rest) = xs.as_chunks::<16>();
    let (other_lanes, other_rest) = ys.as_chunks::<16>();
    let mut sums = [0.0f32; 16];
    for (lane, other) in lanes.iter().zip(other_lanes) {
        for ((sum, x), y) in sums.iter_mut().zip(lane).zip(other) {
            *sum = x.mul_add(*y, *sum);
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
        for step in -7_900..7_900 {
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
        for (x, exact) in xs.into_iter().zip(exact) {
            assert!((x - exact).abs() < 1e-5, "{x} {exact}");
        }
    }

    #[test]
    fn softmax_sums_to_one_and_a_row_is_normalised() {
        let mut row = [1.0, 2.0, 3.0, 4.0, -5.0, 0.0, 0.0, 0.0, 1000.0];
        let factor = exponentials(&mut row);
        assert!((row.iter().sum::<f32>() * factor - 1.0).abs() < 1e-6);
        assert_eq!(row[8], 1.0);
        let mut row = [1.0, 3.0];
        normalise(&mut row, &[2.0, 2.0], &[0.5, 0.5], 0.0);
        assert_eq!(row, [-1.5, 2.5]);
    }

    #[test]
    fn the_gates_are_silu_and_gelu() {
        let mut gate = [1.0, -2.0, 0.0];
        silu_gate(&mut gate, &[1.0, 2.0, 3.0]);
        assert!((gate[0] - 0.731_058_6).abs() < 1e-6);
        assert!((gate[1] + 0.476_811_7).abs() < 1e-6);
        let mut gate = [1.0, -2.0, 0.0];
        gelu_gate(&mut gate, &[1.0, 2.0, 3.0]);
        assert!((gate[0] - 0.841_192).abs() < 1e-5);
        assert!((gate[1] + 0.090_804_6).abs() < 1e-5);
    }
}
