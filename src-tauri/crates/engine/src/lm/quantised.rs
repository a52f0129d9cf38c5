//! What goes into a matrix product, rounded to signed bytes: 32 numbers share a scale.

use crate::lm::format::GROUP;

/// Rows of numbers as they are and rounded. Memory that is used again for each product.
#[derive(Default)]
pub(crate) struct Quantised {
    columns: usize,
    numbers: Vec<f32>,
    whole: Vec<i8>,
    scales: Vec<f32>,
    sums: Vec<f32>,
    half_sums: Vec<f32>,
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    /// As they are.
    pub(super) numbers: &'a [f32],
    /// Rounded, -127..=127.
    pub(super) whole: &'a [i8],
    /// For each 32.
    pub(super) scales: &'a [f32],
    /// What the rounded numbers of each 32 add up to, scaled.
    pub(super) sums: &'a [f32],
    /// The same for each 16.
    pub(super) half_sums: &'a [f32],
}

impl Quantised {
    /// Takes rows of `columns` numbers. What does not fill a group of 32 stands in `numbers` only.
    pub(crate) fn take(&mut self, numbers: &[f32], columns: usize) {
        self.columns = columns;
        self.numbers.clear();
        self.numbers.extend_from_slice(numbers);
        let groups = numbers.len() / columns * (columns / GROUP);
        self.whole.resize(groups * GROUP, 0);
        self.scales.resize(groups, 0.0);
        self.sums.resize(groups, 0.0);
        self.half_sums.resize(groups * 2, 0.0);
        let from = numbers
            .chunks_exact(columns)
            .flat_map(|row| row.as_chunks::<GROUP>().0);
        let places = self.whole.as_chunks_mut::<GROUP>().0.iter_mut();
        let sums = self
            .sums
            .iter_mut()
            .zip(self.half_sums.as_chunks_mut::<2>().0);
        for (((from, whole), scale), (sum, halves)) in
            from.zip(places).zip(&mut self.scales).zip(sums)
        {
            *scale = round(from, whole);
            let total = |part: &[i8]| part.iter().map(|x| i32::from(*x)).sum::<i32>();
            let (low, high) = (total(&whole[..16]), total(&whole[16..]));
            *halves = [low, high].map(|sum| sum as f32 * *scale);
            *sum = (low + high) as f32 * *scale;
        }
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.numbers.len() / self.columns.max(1)
    }

    pub(crate) fn row(&self, row: usize) -> Row<'_> {
        let groups = self.columns / GROUP;
        let at = row * groups;
        Row {
            numbers: &self.numbers[row * self.columns..][..self.columns],
            whole: &self.whole[at * GROUP..][..groups * GROUP],
            scales: &self.scales[at..][..groups],
            sums: &self.sums[at..][..groups],
            half_sums: &self.half_sums[at * 2..][..groups * 2],
        }
    }
}

fn round(from: &[f32; GROUP], into: &mut [i8; GROUP]) -> f32 {
    let mut most = [0.0f32; 8];
    for eight in from.as_chunks::<8>().0 {
        for (most, x) in most.iter_mut().zip(eight) {
            let x = x.abs();
            *most = if x > *most { x } else { *most };
        }
    }
    let most = most.into_iter().fold(0.0, f32::max);
    let inverse = if most > 0.0 { 127.0 / most } else { 0.0 };
    for (place, x) in into.iter_mut().zip(from) {
        *place = (x * inverse).round_ties_even() as i32 as i8;
    }
    most / 127.0
}
