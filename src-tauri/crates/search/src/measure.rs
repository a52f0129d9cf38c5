//! Measures of search quality, each for one question; the caller takes the mean over all questions.
//!
//! They agree with trec_eval (`ndcg_cut`, `recall`, `recip_rank`, `P_1`): nDCG has linear gain and
//! discount log2(rank + 1). `ranked` is best first and names each document once.

use std::collections::HashMap;
use std::hash::Hash;

/// Normalised discounted cumulative gain of the first `k`, 0..=1; `None` when nothing is relevant.
///
/// `judged` maps a document to its grade; grades of 0 and below are not relevant.
pub fn ndcg<D: Eq + Hash>(judged: &HashMap<D, i32>, ranked: &[D], k: usize) -> Option<f64> {
    let mut ideal: Vec<i32> = judged
        .values()
        .copied()
        .filter(|grade| *grade > 0)
        .collect();
    if ideal.is_empty() {
        return None;
    }
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let found = ranked
        .iter()
        .map(|document| judged.get(document).copied().unwrap_or(0).max(0));
    Some(dcg(found.take(k)) / dcg(ideal.into_iter().take(k)))
}

fn dcg(grades: impl Iterator<Item = i32>) -> f64 {
    grades
        .enumerate()
        .map(|(at, grade)| f64::from(grade) / (at as f64 + 2.0).log2())
        .sum()
}

/// Share of the relevant documents among the first `k`, 0..=1; `None` when nothing is relevant.
pub fn recall<D: Eq + Hash>(judged: &HashMap<D, i32>, ranked: &[D], k: usize) -> Option<f64> {
    let relevant = judged.values().filter(|grade| **grade > 0).count();
    let found = ranked
        .iter()
        .take(k)
        .filter(|document| is_relevant(judged, document))
        .count();
    (relevant > 0).then(|| found as f64 / relevant as f64)
}

/// One over the rank of the first relevant document among the first `k`, 0 without one; `None` when nothing
/// is relevant.
pub fn reciprocal_rank<D: Eq + Hash>(
    judged: &HashMap<D, i32>,
    ranked: &[D],
    k: usize,
) -> Option<f64> {
    judged.values().any(|grade| *grade > 0).then(|| {
        let first = ranked
            .iter()
            .take(k)
            .position(|document| is_relevant(judged, document));
        first.map_or(0.0, |at| 1.0 / (at as f64 + 1.0))
    })
}

/// 1 when the first document is relevant, else 0; `None` when nothing is relevant.
pub fn precision_at_1<D: Eq + Hash>(judged: &HashMap<D, i32>, ranked: &[D]) -> Option<f64> {
    reciprocal_rank(judged, ranked, 1)
}

fn is_relevant<D: Eq + Hash>(judged: &HashMap<D, i32>, document: &D) -> bool {
    judged.get(document).is_some_and(|grade| *grade > 0)
}

/// How well a score tells yes from no: the probability that a random yes scores higher than a random no,
/// equal scores counting one half (area under the ROC curve, by the rank-sum statistic of Mann and Whitney).
/// `None` unless there are both.
pub fn auroc(scored: &[(f64, bool)]) -> Option<f64> {
    let mut sorted: Vec<(f64, bool)> = scored.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let yes = sorted.iter().filter(|(_, yes)| *yes).count();
    let no = sorted.len() - yes;
    if yes == 0 || no == 0 {
        return None;
    }
    let mut rank_sum = 0.0;
    let mut at = 0;
    for equal in sorted.chunk_by(|a, b| a.0 == b.0) {
        let mean_rank = at as f64 + (equal.len() as f64 + 1.0) / 2.0;
        rank_sum += mean_rank * equal.iter().filter(|(_, yes)| *yes).count() as f64;
        at += equal.len();
    }
    let (yes, no) = (yes as f64, no as f64);
    Some((rank_sum - yes * (yes + 1.0) / 2.0) / (yes * no))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged() -> HashMap<&'static str, i32> {
        HashMap::from([("a", 3), ("b", 1), ("c", 0), ("d", -1)])
    }

    #[track_caller]
    fn close(found: Option<f64>, expected: f64) {
        assert!(
            (found.unwrap() - expected).abs() < 1e-9,
            "{found:?} is not {expected}"
        );
    }

    #[test]
    fn ndcg_has_linear_gain() {
        // (0/1 + 1/log2(3) + 3/log2(4)) / (3/1 + 1/log2(3))
        let by_hand = (1.0 / 3f64.log2() + 1.5) / (3.0 + 1.0 / 3f64.log2());
        close(ndcg(&judged(), &["c", "b", "a"], 10), by_hand);
        close(ndcg(&judged(), &["a", "b"], 10), 1.0);
        close(ndcg(&judged(), &["x", "a"], 1), 0.0);
        close(ndcg(&judged(), &[], 10), 0.0);
    }

    #[test]
    fn recall_counts_relevant_documents_only() {
        close(recall(&judged(), &["c", "b", "a"], 2), 0.5);
        close(recall(&judged(), &["c", "b", "a"], 10), 1.0);
    }

    #[test]
    fn reciprocal_rank_looks_at_the_first_relevant_one() {
        close(reciprocal_rank(&judged(), &["c", "d", "b"], 10), 1.0 / 3.0);
        close(reciprocal_rank(&judged(), &["c", "d", "b"], 2), 0.0);
        close(precision_at_1(&judged(), &["b", "a"]), 1.0);
        close(precision_at_1(&judged(), &["c", "a"]), 0.0);
    }

    #[test]
    fn a_question_without_a_relevant_document_is_not_measured() {
        let none = HashMap::from([("c", 0)]);
        assert_eq!(ndcg(&none, &["c"], 10), None);
        assert_eq!(recall(&none, &["c"], 10), None);
        assert_eq!(reciprocal_rank(&none, &["c"], 10), None);
    }

    #[test]
    fn auroc_counts_equal_scores_half() {
        close(auroc(&[(0.9, true), (0.1, false)]), 1.0);
        close(auroc(&[(0.1, true), (0.9, false)]), 0.0);
        close(auroc(&[(0.5, true), (0.5, false)]), 0.5);
        // Pairs: (0.8 > 0.3), (0.8 > 0.5), (0.5 > 0.3), (0.5 = 0.5): 3.5 of 4.
        close(
            auroc(&[(0.8, true), (0.5, true), (0.3, false), (0.5, false)]),
            0.875,
        );
        assert_eq!(auroc(&[(0.8, true)]), None);
    }
}
