//! How sure the search is that the documents answer the question.
//!
//! Two logistic regressions over features that need no model. The weights are constants, so that the
//! threshold of an assistant keeps its meaning. They were fitted on XQuAD, every second paragraph left out
//! (`examples/evaluate refuse`): words alone on its English and Russian questions, vectors on the English
//! ones with multilingual-e5-small. The regressions lean on the words more than here: XQuAD's questions repeat
//! the words of their paragraph, customers' do not, so weight was moved to the vectors until refusing
//! lost three points of a hundred.

/// What is known about the best candidates.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Features {
    /// Share of the question's telling words, weighed by their rarity, in the best passage, 0..=1.
    pub coverage: f32,
    /// The best keyword score as a share of the most the question's words could score, about 0..=1.
    pub keyword: f32,
    /// By how many standard deviations the best cosine exceeds what the best of as many random ones would
    /// be, which is the square root of 2 ln n over the mean (the limit for normal values); `None` without
    /// vectors.
    pub excess: Option<f32>,
}

/// Confidence 0..=1 that the documents answer; 0.5 is where a sensible assistant begins to.
pub fn confidence(features: &Features) -> f32 {
    let Features {
        coverage,
        keyword,
        excess,
    } = *features;
    let logit = match excess {
        // A passage that stands out far enough answers without a common word: a paraphrase, or another language.
        Some(excess) => f32::max(-5.3 + 8.0 * coverage + 1.4 * excess, 1.67 * (excess - 1.7)),
        None => -5.2 + 10.2 * coverage + 1.3 * keyword,
    };
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(coverage: f32, keyword: f32, excess: Option<f32>) -> f32 {
        confidence(&Features {
            coverage,
            keyword,
            excess,
        })
    }

    #[test]
    fn nothing_in_common_is_refused_and_everything_in_common_is_answered() {
        assert!(of(0.0, 0.0, None) < 0.1);
        assert!(of(1.0, 0.6, None) > 0.9);
        assert!(of(0.0, 0.0, Some(0.0)) < 0.1);
        assert!(of(1.0, 0.6, Some(1.0)) > 0.9);
    }

    #[test]
    fn an_outstanding_vector_answers_without_common_words() {
        assert!(of(0.0, 0.0, Some(2.5)) > 0.5);
    }

    #[test]
    fn more_evidence_is_never_less_confidence() {
        for excess in [None, Some(-1.0), Some(1.0), Some(3.0)] {
            assert!(of(0.8, 0.4, excess) >= of(0.4, 0.4, excess));
            assert!(of(0.4, 0.8, excess) >= of(0.4, 0.4, excess));
        }
        assert!(of(0.4, 0.4, Some(2.0)) > of(0.4, 0.4, Some(1.0)));
    }
}
