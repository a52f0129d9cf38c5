//! Rows of packed weights times one row of numbers, with AVX2. The weights are used as they lie in the file.

use std::arch::x86_64::{
    __m128i, __m256, __m256i, _mm_add_epi8, _mm_add_ps, _mm_add_ss, _mm_cvtph_ps,
    _mm_cvtsi32_si128, _mm_cvtsi64_si128, _mm_cvtss_f32, _mm_loadu_si128, _mm_movehdup_ps,
    _mm_movehl_ps, _mm_set1_epi64x, _mm_shuffle_epi8, _mm256_add_ps, _mm256_and_si256,
    _mm256_castps256_ps128, _mm256_castsi256_ps, _mm256_cmpeq_epi8, _mm256_cvtepi8_epi16,
    _mm256_cvtepi8_epi32, _mm256_cvtepi32_ps, _mm256_cvtepu8_epi32, _mm256_cvtepu16_epi32,
    _mm256_cvtph_ps, _mm256_extractf128_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256,
    _mm256_madd_epi16, _mm256_maddubs_epi16, _mm256_mul_ps, _mm256_or_si256, _mm256_set_m128i,
    _mm256_set1_epi8, _mm256_set1_epi16, _mm256_set1_epi32, _mm256_set1_epi64x, _mm256_set1_ps,
    _mm256_setr_epi64x, _mm256_setzero_ps, _mm256_shuffle_epi8, _mm256_sign_epi8,
    _mm256_slli_epi16, _mm256_slli_epi32, _mm256_srli_epi16, _mm256_storeu_ps,
};

use crate::lm::format::{Format, GROUP, six_bit_pairs};
use crate::lm::quantised::Row;

#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn rows(format: Format, rows: &[u8], input: Row<'_>, into: &mut [f32]) {
    let row_bytes = rows.len() / into.len().max(1);
    for (row, result) in rows.chunks_exact(row_bytes).zip(into) {
        *result = match format {
            Format::F32 => f32_row(row, input),
            Format::F16 => f16_row(row, input),
            Format::Bf16 => bf16_row(row, input),
            Format::Q4_0 => q4_0(row, input),
            Format::Q4_1 => q4_1(row, input),
            Format::Q5_0 => q5_0(row, input),
            Format::Q5_1 => q5_1(row, input),
            Format::Q8_0 => q8_0(row, input),
            Format::Q4K => q4_k(row, input),
            Format::Q5K => q5_k(row, input),
            Format::Q6K => q6_k(row, input),
        };
    }
}

#[target_feature(enable = "avx2,fma,f16c")]
fn q4_0(row: &[u8], input: Row<'_>) -> f32 {
    let mut sum = _mm256_setzero_ps();
    let mut taken = 0.0;
    for (block, group) in blocks::<18>(row).zip(groups(input)) {
        let numbers = load_signed_array(group.whole);
        let scale = half(block, 0);
        let product = unsigned(nibbles(&block[2..]), numbers);
        let factor = _mm256_set1_ps(scale * group.scale);
        sum = _mm256_fmadd_ps(product, factor, sum);
        taken += scale * group.sum;
    }
    total(sum) - 8.0 * taken
}

#[target_feature(enable = "avx2,fma,f16c")]
fn q4_1(row: &[u8], input: Row<'_>) -> f32 {
    let mut sum = _mm256_setzero_ps();
    let mut added = 0.0;
    for (block, group) in blocks::<20>(row).zip(groups(input)) {
        let numbers = load_signed_array(group.whole);
        let product = unsigned(nibbles(&block[4..]), numbers);
        let factor = _mm256_set1_ps(half(block, 0) * group.scale);
        sum = _mm256_fmadd_ps(product, factor, sum);
        added += half(block, 2) * group.sum;
    }
    total(sum) + added
}

#[target_feature(enable = "avx2,fma,f16c")]
fn q5_0(row: &[u8], input: Row<'_>) -> f32 {
    let mut sum = _mm256_setzero_ps();
    let mut taken = 0.0;
    for (block, group) in blocks::<22>(row).zip(groups(input)) {
        let numbers = load_signed_array(group.whole);
        let scale = half(block, 0);
        let whole = _mm256_or_si256(nibbles(&block[6..]), fifth_bits(&block[2..]));
        let factor = _mm256_set1_ps(scale * group.scale);
        sum = _mm256_fmadd_ps(unsigned(whole, numbers), factor, sum);
        taken += scale * group.sum;
    }
    total(sum) - 16.0 * taken
}

#[target_feature(enable = "avx2,fma,f16c")]
fn q5_1(row: &[u8], input: Row<'_>) -> f32 {
    let mut sum = _mm256_setzero_ps();
    let mut added = 0.0;
    for (block, group) in blocks::<24>(row).zip(groups(input)) {
        let numbers = load_signed_array(group.whole);
        let whole = _mm256_or_si256(nibbles(&block[8..]), fifth_bits(&block[4..]));
        let factor = _mm256_set1_ps(half(block, 0) * group.scale);
        sum = _mm256_fmadd_ps(unsigned(whole, numbers), factor, sum);
        added += half(block, 2) * group.sum;
    }
    total(sum) + added
}

/// Signed by signed: the sign of the weight goes over to the number.
#[target_feature(enable = "avx2,fma,f16c")]
fn q8_0(row: &[u8], input: Row<'_>) -> f32 {
    let mut sum = _mm256_setzero_ps();
    for (block, group) in blocks::<34>(row).zip(groups(input)) {
        let numbers = load_signed_array(group.whole);
        let whole = load(&block[2..]);
        let size = _mm256_sign_epi8(whole, whole);
        let narrow = _mm256_maddubs_epi16(size, _mm256_sign_epi8(numbers, whole));
        let product = _mm256_cvtepi32_ps(_mm256_madd_epi16(narrow, _mm256_set1_epi16(1)));
        let factor = _mm256_set1_ps(half(block, 0) * group.scale);
        sum = _mm256_fmadd_ps(product, factor, sum);
    }
    total(sum)
}

#[target_feature(enable = "avx2,fma,f16c")]
fn q4_k(row: &[u8], input: Row<'_>) -> f32 {
    let mut sums = [_mm256_setzero_ps(); 2];
    let mut taken = _mm256_setzero_ps();
    let low = _mm256_set1_epi8(15);
    for (block, of_256) in blocks::<144>(row).zip(blocks_of_256(input)) {
        let (scales, offsets) = k_scales(block, of_256.scales);
        taken = _mm256_fmadd_ps(offsets, floats(of_256.sums), taken);
        for pair in 0..4 {
            let packed = load(&block[16 + pair * 32..]);
            let first = _mm256_and_si256(packed, low);
            let second = _mm256_and_si256(_mm256_srli_epi16::<4>(packed), low);
            let first = unsigned(first, load_signed(&of_256.whole[pair * 64..]));
            let second = unsigned(second, load_signed(&of_256.whole[pair * 64 + 32..]));
            sums[0] = _mm256_fmadd_ps(first, _mm256_set1_ps(scales[pair * 2]), sums[0]);
            sums[1] = _mm256_fmadd_ps(second, _mm256_set1_ps(scales[pair * 2 + 1]), sums[1]);
        }
    }
    total(_mm256_add_ps(sums[0], sums[1])) - total(taken)
}

#[target_feature(enable = "avx2,fma,f16c")]
fn q5_k(row: &[u8], input: Row<'_>) -> f32 {
    let mut sums = [_mm256_setzero_ps(); 2];
    let mut taken = _mm256_setzero_ps();
    let (low, lowest) = (_mm256_set1_epi8(15), _mm256_set1_epi8(1));
    for (block, of_256) in blocks::<176>(row).zip(blocks_of_256(input)) {
        let (scales, offsets) = k_scales(block, of_256.scales);
        taken = _mm256_fmadd_ps(offsets, floats(of_256.sums), taken);
        let mut fifth = load(&block[16..]);
        for pair in 0..4 {
            let packed = load(&block[48 + pair * 32..]);
            let both = [packed, _mm256_srli_epi16::<4>(packed)];
            for (side, nibbles) in both.into_iter().enumerate() {
                let bit = _mm256_slli_epi16::<4>(_mm256_and_si256(fifth, lowest));
                fifth = _mm256_srli_epi16::<1>(fifth);
                let whole = _mm256_or_si256(_mm256_and_si256(nibbles, low), bit);
                let at = pair * 2 + side;
                let product = unsigned(whole, load_signed(&of_256.whole[at * GROUP..]));
                sums[side] = _mm256_fmadd_ps(product, _mm256_set1_ps(scales[at]), sums[side]);
            }
        }
    }
    total(_mm256_add_ps(sums[0], sums[1])) - total(taken)
}

#[target_feature(enable = "avx2,fma,f16c")]
fn q6_k(row: &[u8], input: Row<'_>) -> f32 {
    let mut sums = [_mm256_setzero_ps(); 2];
    let mut taken = _mm256_setzero_ps();
    let (low, two) = (_mm256_set1_epi8(15), _mm256_set1_epi8(48));
    for (block, of_256) in blocks::<210>(row).zip(blocks_of_256(input)) {
        let scale = half(block, 208);
        let scales = load_16(&block[192..]);
        for side in 0..2 {
            let eight = &block[192 + side * 8..];
            let eight = _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(load_8(eight)));
            let half_sums = floats(&of_256.half_sums[side * 8..]);
            let scaled = _mm256_mul_ps(half_sums, _mm256_set1_ps(scale));
            taken = _mm256_fmadd_ps(eight, scaled, taken);
            let high = load(&block[128 + side * 32..]);
            let packed = [load(&block[side * 64..]), load(&block[side * 64 + 32..])];
            let whole = [
                _mm256_or_si256(
                    _mm256_and_si256(packed[0], low),
                    _mm256_and_si256(_mm256_slli_epi16::<4>(high), two),
                ),
                _mm256_or_si256(
                    _mm256_and_si256(packed[1], low),
                    _mm256_and_si256(_mm256_slli_epi16::<2>(high), two),
                ),
                _mm256_or_si256(
                    _mm256_and_si256(_mm256_srli_epi16::<4>(packed[0]), low),
                    _mm256_and_si256(high, two),
                ),
                _mm256_or_si256(
                    _mm256_and_si256(_mm256_srli_epi16::<4>(packed[1]), low),
                    _mm256_and_si256(_mm256_srli_epi16::<2>(high), two),
                ),
            ];
            for (part, whole) in whole.into_iter().enumerate() {
                let at = side * 4 + part;
                let numbers = load_signed(&of_256.whole[at * GROUP..]);
                let narrow = _mm256_maddubs_epi16(whole, numbers);
                let product = _mm256_madd_epi16(narrow, pair_of_scales(scales, at));
                let factor = _mm256_set1_ps(scale * of_256.scales[at]);
                let sum = &mut sums[part % 2];
                *sum = _mm256_fmadd_ps(_mm256_cvtepi32_ps(product), factor, *sum);
            }
        }
    }
    total(_mm256_add_ps(sums[0], sums[1])) - 32.0 * total(taken)
}

#[target_feature(enable = "avx2,fma,f16c")]
fn f32_row(row: &[u8], input: Row<'_>) -> f32 {
    let mut sum = _mm256_setzero_ps();
    for (eight, numbers) in row
        .as_chunks::<32>()
        .0
        .iter()
        .zip(input.numbers.as_chunks::<8>().0)
    {
        sum = _mm256_fmadd_ps(_mm256_castsi256_ps(load(eight)), floats(numbers), sum);
    }
    total(sum) + tail(Format::F32, row, input, 4)
}

#[target_feature(enable = "avx2,fma,f16c")]
fn f16_row(row: &[u8], input: Row<'_>) -> f32 {
    let mut sum = _mm256_setzero_ps();
    for (eight, numbers) in row
        .as_chunks::<16>()
        .0
        .iter()
        .zip(input.numbers.as_chunks::<8>().0)
    {
        sum = _mm256_fmadd_ps(_mm256_cvtph_ps(load_16(eight)), floats(numbers), sum);
    }
    total(sum) + tail(Format::F16, row, input, 2)
}

#[target_feature(enable = "avx2,fma,f16c")]
fn bf16_row(row: &[u8], input: Row<'_>) -> f32 {
    let mut sum = _mm256_setzero_ps();
    for (eight, numbers) in row
        .as_chunks::<16>()
        .0
        .iter()
        .zip(input.numbers.as_chunks::<8>().0)
    {
        let upper = _mm256_slli_epi32::<16>(_mm256_cvtepu16_epi32(load_16(eight)));
        sum = _mm256_fmadd_ps(_mm256_castsi256_ps(upper), floats(numbers), sum);
    }
    total(sum) + tail(Format::Bf16, row, input, 2)
}

/// The last numbers, that do not fill a register.
fn tail(format: Format, row: &[u8], input: Row<'_>, bytes: usize) -> f32 {
    let rest = input.numbers.as_chunks::<8>().1;
    let from = row.len() - rest.len() * bytes;
    let mut wide = [0.0; 8];
    format.widen(&row[from..], &mut wide[..rest.len()]);
    wide.iter().zip(rest).map(|(w, x)| w * x).sum()
}

fn blocks<const N: usize>(row: &[u8]) -> impl Iterator<Item = &[u8; N]> {
    row.as_chunks::<N>().0.iter()
}

/// What belongs to a block of 32.
struct Of32<'a> {
    whole: &'a [i8; GROUP],
    scale: f32,
    sum: f32,
}

fn groups(input: Row<'_>) -> impl Iterator<Item = Of32<'_>> {
    let whole = input.whole.as_chunks::<GROUP>().0.iter();
    let scales = input.scales.iter().zip(input.sums);
    whole.zip(scales).map(|(whole, (scale, sum))| Of32 {
        whole,
        scale: *scale,
        sum: *sum,
    })
}

/// What belongs to a block of 256.
struct Of256<'a> {
    whole: &'a [i8; 256],
    scales: &'a [f32; 8],
    sums: &'a [f32; 8],
    half_sums: &'a [f32; 16],
}

fn blocks_of_256(input: Row<'_>) -> impl Iterator<Item = Of256<'_>> {
    let whole = input.whole.as_chunks::<256>().0.iter();
    let scales = input.scales.as_chunks::<8>().0.iter();
    let sums = input.sums.as_chunks::<8>().0.iter();
    let half_sums = input.half_sums.as_chunks::<16>().0.iter();
    whole
        .zip(scales)
        .zip(sums.zip(half_sums))
        .map(|((whole, scales), (sums, half_sums))| Of256 {
            whole,
            scales,
            sums,
            half_sums,
        })
}

/// The scales of a block of Q4_K or Q5_K times those of the numbers, and its offsets.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn k_scales(block: &[u8], of_numbers: &[f32; 8]) -> ([f32; 8], __m256) {
    let packed = block[4..]
        .first_chunk()
        .expect("a block has the size of its format");
    let (scales, offsets) = six_bit_pairs(packed);
    let wide = |eight: [u8; 8], factor: f32| {
        let whole = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128(i64::from_le_bytes(eight)));
        _mm256_mul_ps(_mm256_cvtepi32_ps(whole), _mm256_set1_ps(factor))
    };
    let scales = _mm256_mul_ps(wide(scales, half(block, 0)), floats(of_numbers));
    let mut stored = [0.0; 8];
    #[expect(unsafe_code, reason = "stores of whole registers")]
    // SAFETY: the array has exactly 8 floats, and the store needs no alignment.
    unsafe {
        _mm256_storeu_ps(stored.as_mut_ptr(), scales);
    }
    (stored, wide(offsets, half(block, 2)))
}

/// The products of unsigned and signed bytes, four by four.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn unsigned(whole: __m256i, numbers: __m256i) -> __m256 {
    let narrow = _mm256_maddubs_epi16(whole, numbers);
    _mm256_cvtepi32_ps(_mm256_madd_epi16(narrow, _mm256_set1_epi16(1)))
}

/// Scales `2 * at` and `2 * at + 1` of 16, each in half of the register, as 16-bit numbers.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn pair_of_scales(scales: __m128i, at: usize) -> __m256i {
    // Byte `2 * at` eight times, then byte `2 * at + 1` eight times.
    let zero_and_one = _mm256_setr_epi64x(0, 0x0101_0101_0101_0101, 0, 0);
    let places = std::arch::x86_64::_mm256_castsi256_si128(zero_and_one);
    let places = _mm_add_epi8(places, _mm_set1_epi64x(0x0202_0202_0202_0202 * at as i64));
    _mm256_cvtepi8_epi16(_mm_shuffle_epi8(scales, places))
}

/// 16 bytes as 32 nibbles: the low ones first.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn nibbles(packed: &[u8]) -> __m256i {
    let packed = load_16(packed);
    let both = _mm256_set_m128i(std::arch::x86_64::_mm_srli_epi16::<4>(packed), packed);
    _mm256_and_si256(both, _mm256_set1_epi8(15))
}

/// 32 bits as bytes of 0 or 16.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn fifth_bits(bits: &[u8]) -> __m256i {
    let bits = bits
        .first_chunk()
        .expect("a block has the size of its format");
    let bits = _mm256_set1_epi32(i32::from_le_bytes(*bits));
    let places = _mm256_setr_epi64x(
        0,
        0x0101_0101_0101_0101,
        0x0202_0202_0202_0202,
        0x0303_0303_0303_0303,
    );
    let one_each = _mm256_set1_epi64x(0x8040_2010_0804_0201_u64 as i64);
    let picked = _mm256_and_si256(_mm256_shuffle_epi8(bits, places), one_each);
    _mm256_and_si256(_mm256_cmpeq_epi8(picked, one_each), _mm256_set1_epi8(16))
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn half(block: &[u8], at: usize) -> f32 {
    let bits = u16::from_le_bytes([block[at], block[at + 1]]);
    _mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(i32::from(bits))))
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn load(from: &[u8]) -> __m256i {
    let array: &[u8; 32] = from
        .first_chunk()
        .expect("a block has the size of its format");
    #[expect(unsafe_code, reason = "loads of whole registers")]
    // SAFETY: the array has exactly 32 bytes, and the load needs no alignment.
    unsafe {
        _mm256_loadu_si256(array.as_ptr().cast())
    }
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn load_signed(from: &[i8]) -> __m256i {
    load_signed_array(from.first_chunk().expect("a group has 32 numbers"))
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn load_signed_array(array: &[i8; GROUP]) -> __m256i {
    #[expect(unsafe_code, reason = "loads of whole registers")]
    // SAFETY: the array has exactly 32 bytes, and the load needs no alignment.
    unsafe {
        _mm256_loadu_si256(array.as_ptr().cast())
    }
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn load_16(from: &[u8]) -> __m128i {
    let array: &[u8; 16] = from
        .first_chunk()
        .expect("a block has the size of its format");
    #[expect(unsafe_code, reason = "loads of whole registers")]
    // SAFETY: the array has exactly 16 bytes, and the load needs no alignment.
    unsafe {
        _mm_loadu_si128(array.as_ptr().cast())
    }
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn load_8(from: &[u8]) -> __m128i {
    let array = from
        .first_chunk()
        .expect("a block has the size of its format");
    _mm_cvtsi64_si128(i64::from_le_bytes(*array))
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn floats(from: &[f32]) -> __m256 {
    let array: &[f32; 8] = from.first_chunk().expect("eight numbers were taken");
    #[expect(unsafe_code, reason = "loads of whole registers")]
    // SAFETY: the array has exactly 8 floats, and the load needs no alignment.
    unsafe {
        _mm256_loadu_ps(array.as_ptr())
    }
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn total(sum: __m256) -> f32 {
    let half = _mm_add_ps(_mm256_castps256_ps128(sum), _mm256_extractf128_ps::<1>(sum));
    let quarter = _mm_add_ps(half, _mm_movehl_ps(half, half));
    _mm_cvtss_f32(_mm_add_ss(quarter, _mm_movehdup_ps(quarter)))
}
