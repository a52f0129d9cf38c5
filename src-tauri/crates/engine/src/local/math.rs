//! The small arithmetic of a transformer, in loops that the compiler turns into SIMD. No allocation.

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
/// Not inlined: among the sums of a product it would not become SIMD.
#[inline(never)]
pub(super) fn gelu(xs: &mut [f32]) {
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
pub(super) fn exponentials(row: &mut [f32]) -> f32 {
    let most = largest(row);
    for x in row.iter_mut() {
        *x = exp(*x - most);
    }
    1.0 / sum(row)
}

/// e^x for x <= 0 and a little above, relative error below 1e-6; written so that loops of it become SIMD.
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
}
