//! The nearest rows to a question, by looking at all of them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::Vectors;
use super::query::QueryVector;
use super::segment::Segment;

/// Rows that one thread looks at in one go; a multiple of 8. Fewer are not worth another thread.
const PART: usize = 8_192;
/// Most threads for one search.
const MOST_THREADS: usize = 4;

/// What the cosines of all passages to one question look like.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spread {
    /// Their mean.
    pub mean: f32,
    /// How many there are.
    pub count: usize,
}

/// What was seen in a part.
struct Seen {
    best: Vec<Near>,
    sum: f64,
    count: usize,
}

/// A passage with its cosine, in the order of cosines.
#[derive(Clone, Copy, PartialEq)]
struct Near {
    cosine: f32,
    passage: u128,
}

impl Vectors {
    /// The nearest passages, best first, and how all cosines spread. Looks at every row.
    pub fn nearest(
        &self,
        query: &QueryVector,
        limit: usize,
        among: Option<&HashSet<u128>>,
    ) -> (Vec<(u128, f32)>, Spread) {
        let among = among.map(|among| {
            let mut sorted: Vec<u128> = among.iter().copied().collect();
            sorted.sort_unstable();
            sorted
        });
        let living: Vec<Vec<u8>> = self
            .segments
            .iter()
            .map(|segment| segment.living(among.as_deref()))
            .collect();
        let mut parts: Vec<(&Segment, &[u8], Range<usize>)> = Vec::new();
        for (segment, living) in self.segments.iter().zip(&living) {
            for start in (0..segment.rows).step_by(PART) {
                parts.push((segment, living, start..segment.rows.min(start + PART)));
            }
        }
        let look = |(segment, living, rows): (&Segment, &[u8], Range<usize>)| {
            look(segment, living, rows, query, limit)
        };
        let rows: usize = self.segments.iter().map(|segment| segment.rows).sum();
        let seen: Vec<Seen> = match rows > PART {
            true => THREADS.install(|| parts.into_par_iter().map(look).collect()),
            false => parts.into_iter().map(look).collect(),
        };
        let sum: f64 = seen.iter().map(|seen| seen.sum).sum();
        let count: usize = seen.iter().map(|seen| seen.count).sum();
        let mut best: Vec<Near> = seen.into_iter().flat_map(|seen| seen.best).collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        best.truncate(limit);
        let spread = Spread {
            mean: (sum / count.max(1) as f64) as f32,
            count,
        };
        let found = best.into_iter().map(|near| (near.passage, near.cosine));
        (found.collect(), spread)
    }
}

/// Looks at some rows of a segment; `living` has a bit for each row of the whole segment.
fn look(
    segment: &Segment,
    living: &[u8],
    rows: Range<usize>,
    query: &QueryVector,
    limit: usize,
) -> Seen {
    let mut best: BinaryHeap<Reverse<Near>> = BinaryHeap::with_capacity(limit + 1);
    let mut least = f32::NEG_INFINITY;
    let (mut sum, mut count) = (0.0, 0);
    let eights = rows.start / 8..rows.end.div_ceil(8);
    for (eight, bits) in (eights.start..).zip(&living[eights]) {
        let mut bits = *bits;
        while bits != 0 {
            let row = eight * 8 + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            if row >= rows.end {
                break;
            }
            let cosine = segment.cosine(query, row);
            sum += f64::from(cosine);
            count += 1;
            if cosine <= least {
                continue;
            }
            let passage = segment.id(row);
            best.push(Reverse(Near { cosine, passage }));
            if best.len() > limit {
                best.pop();
                least = best.peek().map_or(least, |Reverse(near)| near.cosine);
            }
        }
    }
    let best = best.into_iter().map(|Reverse(near)| near).collect();
    Seen { best, sum, count }
}

/// Somebody waits for a search, and all its threads together need a few milliseconds.
static THREADS: LazyLock<ThreadPool> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    ThreadPoolBuilder::new()
        .num_threads(cores.min(MOST_THREADS))
        .thread_name(|number| format!("search-{number}"))
        .build()
        .expect("the system gives a program a few threads")
});

impl Eq for Near {}

impl PartialOrd for Near {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Near {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_cosine = self.cosine.total_cmp(&other.cosine);
        by_cosine.then(self.passage.cmp(&other.passage))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const DIMENSIONS: usize = 12;

    /// A vector of unit length, another one for each number.
    fn vector(number: u128) -> Vec<f32> {
        let mut state = number as u64 + 1;
        let mut numbers: Vec<f32> = (0..DIMENSIONS)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(99);
                (state >> 40) as f32 / (1 << 24) as f32 - 0.5
            })
            .collect();
        let length = numbers.iter().map(|x| x * x).sum::<f32>().sqrt();
        numbers.iter_mut().for_each(|x| *x /= length);
        numbers
    }

    /// Two files, so many that they are looked at in several parts; every tenth passage is removed again.
    #[test]
    fn the_nearest_living_passages_are_found_among_all_and_among_some() {
        let folder = tempfile::tempdir().unwrap();
        let mut next = 0;
        let mut vectors = Vectors::default();
        for passages in [0..20_000_u128, 20_000..21_000] {
            let added: BTreeMap<u128, Vec<f32>> = passages
                .map(|passage| (passage * 3, vector(passage)))
                .collect();
            vectors = vectors
                .with(folder.path(), &added, &HashSet::new(), &mut next)
                .unwrap();
        }
        let removed: HashSet<u128> = (0..21_000).step_by(10).map(|passage| passage * 3).collect();
        vectors = vectors
            .with(folder.path(), &BTreeMap::new(), &removed, &mut next)
            .unwrap();
        let question = vector(77_777);
        let query = QueryVector::new(question.clone());
        // Ids that are no passage's are among those asked for too.
        let some: HashSet<u128> = (0..63_000).filter(|id| id % 7 == 0).collect();
        for among in [None, Some(&some)] {
            let lives = |passage: &u128| {
                let id = passage * 3;
                !removed.contains(&id) && among.is_none_or(|among| among.contains(&id))
            };
            let mut exact: Vec<(f32, u128)> = (0..21_000_u128)
                .filter(lives)
                .map(|passage| {
                    let vector = vector(passage);
                    let cosine = vector.iter().zip(&question).map(|(a, b)| a * b).sum();
                    (cosine, passage * 3)
                })
                .collect();
            let (found, spread) = vectors.nearest(&query, 20, among);
            assert_eq!(spread.count, exact.len());
            let mean = exact.iter().map(|(cosine, _)| cosine).sum::<f32>() / exact.len() as f32;
            assert!((spread.mean - mean).abs() < 1e-3, "{} {mean}", spread.mean);
            exact.sort_by(|a, b| b.0.total_cmp(&a.0));
            // 8 bits may swap neighbours, and lose none that is clearly nearer.
            assert!(found.is_sorted_by(|a, b| a.1 >= b.1));
            assert_eq!(found.len(), 20);
            for (cosine, passage) in &exact[..10] {
                let hit = found.iter().find(|(id, _)| id == passage);
                let (_, close) = hit.expect("one of the nearest ten is among the nearest twenty");
                assert!((close - cosine).abs() < 0.01, "{close} {cosine}");
            }
        }
    }
}
