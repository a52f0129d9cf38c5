//! Bringing together what words and vectors say, and telling near-copies.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::stems::Stems;
use crate::words::words;

/// Weight of the vectors' standardised score; the words' has the rest. Measured with `examples/evaluate`.
pub const DENSE_WEIGHT: f32 = 0.7;
/// A passage of fewer words is a copy only when it is the same.
const ENOUGH_WORDS: usize = 24;
/// Bits of 48 that near-copies may differ in.
const NEAR: u32 = 3;

/// The fused scores of candidates, in their order: standardised over the candidates (mean 0, deviation 1) and
/// weighed. A candidate without a vector is taken as average in that; without any vectors words alone count.
pub fn fuse(keyword: &[f32], vector: &[Option<f32>]) -> Vec<f32> {
    let words = standardised(&keyword.iter().copied().map(Some).collect::<Vec<_>>());
    if vector.iter().all(Option::is_none) {
        return words;
    }
    let vectors = standardised(vector);
    words
        .iter()
        .zip(vectors)
        .map(|(words, vector)| (1.0 - DENSE_WEIGHT) * words + DENSE_WEIGHT * vector)
        .collect()
}

fn standardised(scores: &[Option<f32>]) -> Vec<f32> {
    let known: Vec<f32> = scores.iter().flatten().copied().collect();
    let count = known.len().max(1) as f32;
    let mean = known.iter().sum::<f32>() / count;
    let variance = known
        .iter()
        .map(|score| (score - mean).powi(2))
        .sum::<f32>()
        / count;
    let deviation = variance.sqrt().max(1e-6);
    scores
        .iter()
        .map(|score| score.map_or(0.0, |score| (score - mean) / deviation))
        .collect()
}

/// What a passage looks like in 64 bits, for [`is_copy`]: one bit whether near-copies count, 15 bits of its
/// numbers, 48 bits of its words (Charikar's simhash over pairs of words; or a plain hash where it is
/// short or rows of a table: two prices differ in one word).
pub fn likeness(text: &str, table: bool) -> u64 {
    let stems = Stems::common();
    let words = words(text);
    let numbers: Vec<&str> = words
        .iter()
        .filter(|word| word.exact)
        .map(|word| word.text.as_str())
        .collect();
    let stems: Vec<String> = words.iter().map(|word| stems.stem(word)).collect();
    let of_numbers = (hash(&numbers) & 0x7FFF) << 48;
    if table || stems.len() < ENOUGH_WORDS {
        return of_numbers | hash(&stems) & 0xFFFF_FFFF_FFFF;
    }
    let mut balance = [0i32; 48];
    for pair in stems.windows(2) {
        let bits = hash(pair);
        for (bit, balance) in balance.iter_mut().enumerate() {
            *balance += if bits >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    let of_words = balance.iter().enumerate().fold(0, |bits, (bit, balance)| {
        bits | u64::from(*balance > 0) << bit
    });
    1 << 63 | of_numbers | of_words
}

/// Whether two passages say the same in nearly the same words, with the same numbers.
pub fn is_copy(a: u64, b: u64) -> bool {
    let may_be_near = a >> 63 == 1 && b >> 63 == 1;
    let same_numbers = a >> 48 == b >> 48;
    a == b || may_be_near && same_numbers && (a ^ b).count_ones() <= NEAR
}

fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    // Its keys are fixed; a change with the compiler's version would only miss copies until the next read.
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: &str = "Возврат товара возможен в течение четырнадцати дней со дня покупки, если сохранены упаковка, \
        чек и товарный вид. Деньги возвращаем на карту в течение трёх рабочих дней после проверки товара на складе.";

    #[test]
    fn words_and_vectors_are_weighed_after_standardising() {
        let fused = fuse(&[10.0, 0.0], &[Some(0.1), Some(0.9)]);
        assert!((fused[0] - (0.3 - 0.7)).abs() < 1e-4, "{fused:?}");
        assert!((fused[1] - (0.7 - 0.3)).abs() < 1e-4, "{fused:?}");
    }

    #[test]
    fn without_vectors_the_words_decide() {
        let fused = fuse(&[1.0, 3.0], &[None, None]);
        assert!(fused[1] > fused[0]);
    }

    #[test]
    fn a_near_copy_is_told_from_other_numbers() {
        let original = likeness(TERMS, false);
        assert!(is_copy(
            original,
            likeness(&TERMS.replace("если", "Если"), false)
        ));
        assert!(!is_copy(
            original,
            likeness(&format!("{TERMS} Не позднее 2024 года."), false)
        ));
        assert!(!is_copy(original, likeness("Доставка", false)));
    }

    #[test]
    fn rows_of_a_table_are_copies_only_when_they_are_the_same() {
        let row = |price: u32| likeness(&format!("Товар: чехол; Цена: {price}"), true);
        assert!(is_copy(row(100), row(100)));
        assert!(!is_copy(row(100), row(120)));
    }
}
