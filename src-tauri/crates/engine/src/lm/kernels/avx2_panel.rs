//! A panel times many tokens with AVX2: four tokens at a time, whose sums stay in registers.
//!
//! `maddubs` multiplies unsigned by signed bytes and adds pairs into 16 bits. Weights of 4 bits times 127 allow
//! eight such sums without overflow (8 * 2 * 15 * 127 = 30,480), 5 bits four (31,496), 6 bits two (32,004).

use std::arch::x86_64::{
    __m256, __m256i, _mm256_abs_epi8, _mm256_add_epi16, _mm256_add_epi32, _mm256_cvtepi32_ps,
    _mm256_fmadd_ps, _mm256_fnmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256, _mm256_madd_epi16,
    _mm256_maddubs_epi16, _mm256_mul_ps, _mm256_set1_epi16, _mm256_set1_epi32, _mm256_set1_ps,
    _mm256_setzero_ps, _mm256_setzero_si256, _mm256_sign_epi8, _mm256_storeu_ps,
};

use super::panel::{Kind, PANEL, Panel};
use crate::lm::format::GROUP;
use crate::lm::multiply::Strip;
use crate::lm::quantised::{Quantised, Row};

/// Tokens whose sums are held at a time.
const TOGETHER: usize = 4;

#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn multiply(panel: &Panel, input: &Quantised, into: &mut Strip<'_>, at: usize) {
    let mut token = 0;
    while token < input.rows() {
        match input.rows() - token {
            1 => tokens::<1>(panel, input, token, into, at),
            2 => tokens::<2>(panel, input, token, into, at),
            3 => tokens::<3>(panel, input, token, into, at),
            _ => tokens::<TOGETHER>(panel, input, token, into, at),
        }
        token += TOGETHER;
    }
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn tokens<const N: usize>(
    panel: &Panel,
    input: &Quantised,
    token: usize,
    into: &mut Strip<'_>,
    at: usize,
) {
    let groups = panel.whole.len();
    // Exactly as many groups as the panel has: `numbers` relies on it.
    let rows: [Row<'_>; N] = std::array::from_fn(|number| {
        let row = input.row(token + number);
        Row {
            numbers: &[],
            whole: &row.whole[..groups * GROUP],
            scales: &row.scales[..groups],
            sums: &row.sums[..groups],
            half_sums: &row.half_sums[..groups * 2],
        }
    });
    let sums = match panel.kind {
        Kind::Four => four(panel, &rows),
        Kind::Five => five(panel, &rows),
        Kind::Six => six(panel, &rows),
        Kind::Eight => eight(panel, &rows),
    };
    for (number, sum) in sums.iter().enumerate() {
        into.write(token + number, at, &sum[..panel.rows]);
    }
}

/// Never inlined: its sums have all registers to themselves.
#[inline(never)]
#[target_feature(enable = "avx2,fma,f16c")]
fn four<const N: usize>(panel: &Panel, rows: &[Row<'_>; N]) -> [[f32; PANEL]; N] {
    let ones = _mm256_set1_epi16(1);
    let mut sums = [_mm256_setzero_ps(); N];
    let scales = panel.scales.iter().zip(&panel.offsets);
    for (group, (whole, (scale, offset))) in panel.whole.iter().zip(scales).enumerate() {
        let mut products = [_mm256_setzero_si256(); N];
        for (k, eight) in whole.iter().enumerate() {
            let weights = bytes(eight);
            for n in 0..N {
                let of_four = _mm256_maddubs_epi16(weights, numbers(&rows[n], group, k));
                products[n] = _mm256_add_epi16(products[n], of_four);
            }
        }
        let (scale, offset) = (floats(scale), floats(offset));
        for n in 0..N {
            let product = _mm256_cvtepi32_ps(_mm256_madd_epi16(products[n], ones));
            sums[n] = scaled(sums[n], product, scale, offset, &rows[n], group);
        }
    }
    stored(sums)
}

#[inline(never)]
#[target_feature(enable = "avx2,fma,f16c")]
fn five<const N: usize>(panel: &Panel, rows: &[Row<'_>; N]) -> [[f32; PANEL]; N] {
    let ones = _mm256_set1_epi16(1);
    let mut sums = [_mm256_setzero_ps(); N];
    let scales = panel.scales.iter().zip(&panel.offsets);
    for (group, (whole, (scale, offset))) in panel.whole.iter().zip(scales).enumerate() {
        let mut products = [_mm256_setzero_si256(); N];
        for half in 0..2 {
            let mut narrow = [_mm256_setzero_si256(); N];
            for (k, weights) in whole.iter().enumerate().skip(half * 4).take(4) {
                let weights = bytes(weights);
                for n in 0..N {
                    let of_four = _mm256_maddubs_epi16(weights, numbers(&rows[n], group, k));
                    narrow[n] = _mm256_add_epi16(narrow[n], of_four);
                }
            }
            for n in 0..N {
                products[n] = _mm256_add_epi32(products[n], _mm256_madd_epi16(narrow[n], ones));
            }
        }
        let (scale, offset) = (floats(scale), floats(offset));
        for n in 0..N {
            let product = _mm256_cvtepi32_ps(products[n]);
            sums[n] = scaled(sums[n], product, scale, offset, &rows[n], group);
        }
    }
    stored(sums)
}

#[inline(never)]
#[target_feature(enable = "avx2,fma,f16c")]
fn six<const N: usize>(panel: &Panel, rows: &[Row<'_>; N]) -> [[f32; PANEL]; N] {
    let ones = _mm256_set1_epi16(1);
    let mut sums = [_mm256_setzero_ps(); N];
    let scales = panel.scales.as_chunks::<2>().0.iter();
    let scales = scales.zip(panel.offsets.as_chunks::<2>().0);
    for (group, (whole, (scale, offset))) in panel.whole.iter().zip(scales).enumerate() {
        for half in 0..2 {
            let mut products = [_mm256_setzero_si256(); N];
            for k in [half * 4, half * 4 + 2] {
                let (first, second) = (bytes(&whole[k]), bytes(&whole[k + 1]));
                for n in 0..N {
                    let narrow = _mm256_add_epi16(
                        _mm256_maddubs_epi16(first, numbers(&rows[n], group, k)),
                        _mm256_maddubs_epi16(second, numbers(&rows[n], group, k + 1)),
                    );
                    products[n] = _mm256_add_epi32(products[n], _mm256_madd_epi16(narrow, ones));
                }
            }
            let (scale, offset) = (floats(&scale[half]), floats(&offset[half]));
            for n in 0..N {
                let product = _mm256_cvtepi32_ps(products[n]);
                let factor = _mm256_mul_ps(scale, _mm256_set1_ps(rows[n].scales[group]));
                sums[n] = _mm256_fmadd_ps(product, factor, sums[n]);
                let taken = _mm256_set1_ps(rows[n].half_sums[group * 2 + half]);
                sums[n] = _mm256_fnmadd_ps(offset, taken, sums[n]);
            }
        }
    }
    stored(sums)
}

/// Signed by signed bytes: the sign of the weight goes over to the number; 2 * 128 * 127 = 32,512 fits.
#[inline(never)]
#[target_feature(enable = "avx2,fma,f16c")]
fn eight<const N: usize>(panel: &Panel, rows: &[Row<'_>; N]) -> [[f32; PANEL]; N] {
    let ones = _mm256_set1_epi16(1);
    let mut sums = [_mm256_setzero_ps(); N];
    for (group, (whole, scale)) in panel.whole.iter().zip(&panel.scales).enumerate() {
        let mut products = [_mm256_setzero_si256(); N];
        for (k, eight) in whole.iter().enumerate() {
            let weights = bytes(eight);
            let size = _mm256_abs_epi8(weights);
            for n in 0..N {
                let signed = _mm256_sign_epi8(numbers(&rows[n], group, k), weights);
                let narrow = _mm256_maddubs_epi16(size, signed);
                products[n] = _mm256_add_epi32(products[n], _mm256_madd_epi16(narrow, ones));
            }
        }
        let scale = floats(scale);
        for n in 0..N {
            let factor = _mm256_mul_ps(scale, _mm256_set1_ps(rows[n].scales[group]));
            sums[n] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(products[n]), factor, sums[n]);
        }
    }
    stored(sums)
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn scaled(
    sum: __m256,
    product: __m256,
    scale: __m256,
    offset: __m256,
    row: &Row<'_>,
    group: usize,
) -> __m256 {
    let factor = _mm256_mul_ps(scale, _mm256_set1_ps(row.scales[group]));
    let sum = _mm256_fmadd_ps(product, factor, sum);
    _mm256_fnmadd_ps(offset, _mm256_set1_ps(row.sums[group]), sum)
}

/// Four numbers of a token, for all eight rows.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn numbers(row: &Row<'_>, group: usize, k: usize) -> __m256i {
    let at = group * GROUP + k * 4;
    debug_assert!(at + 4 <= row.whole.len());
    #[expect(
        unsafe_code,
        reason = "a check for each four numbers costs as much as the product"
    )]
    // SAFETY: `tokens` gave the row `GROUP` numbers for each of the panel's groups; `group` counts those groups
    // and `k` (0..8) the fours of one, so four bytes stand at `at`. They need no alignment.
    let four = unsafe { row.whole.as_ptr().add(at).cast::<i32>().read_unaligned() };
    _mm256_set1_epi32(four)
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn bytes(from: &[[u8; 4]; PANEL]) -> __m256i {
    #[expect(unsafe_code, reason = "loads of whole registers")]
    // SAFETY: the array has exactly 32 bytes, and the load needs no alignment.
    unsafe {
        _mm256_loadu_si256(from.as_ptr().cast())
    }
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn floats(from: &[f32; PANEL]) -> __m256 {
    #[expect(unsafe_code, reason = "loads of whole registers")]
    // SAFETY: the array has exactly 8 floats, and the load needs no alignment.
    unsafe {
        _mm256_loadu_ps(from.as_ptr())
    }
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn stored<const N: usize>(sums: [__m256; N]) -> [[f32; PANEL]; N] {
    let mut into = [[0.0; PANEL]; N];
    for n in 0..N {
        #[expect(unsafe_code, reason = "stores of whole registers")]
        // SAFETY: the array has exactly 8 floats, and the store needs no alignment.
        unsafe {
            _mm256_storeu_ps(into[n].as_mut_ptr(), sums[n]);
        }
    }
    into
}
