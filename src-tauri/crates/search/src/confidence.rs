//! How sure the search is that the documents answer the question.
//!
//! Three logistic regressions over features that need no model: words alone, words and vectors, and vectors
//! across languages. The weights are constants, so that the threshold of an assistant keeps its meaning. They
//! were fitted with multilingual-e5-small on XQuAD in English, in Russian and with Russian questions on English
//! paragraphs, every second paragraph left out, and on the 60 questions of the demo company, which weigh as
//! much as the two of one language together: XQuAD's questions repeat the words of their paragraph, customers'
//! do not. Answered and unanswerable questions of a set weigh the same. Other models were not fitted on: bge-small
//! and MiniLM come out the same within two hundredths, because cosines count in units of their own spread.

/// What is known about the question and the best candidates.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Features {
    /// Share of the question's telling words, weighed by their rarity, in the best passage, 0..=1.
    pub coverage: f32,
    /// The best keyword score as a share of the most the question's words could score, about 0..=1.
    pub keyword: f32,
    /// Share of the question's telling words that stand nowhere in the index, 0..=1.
    pub absent: f32,
    /// True when a code or a name of the question stands nowhere in the index.
    pub is_foreign: bool,
    /// By how many standard deviations of unrelated texts the best cosine exceeds the mean of all passages;
    /// `None` without vectors.
    pub gap: Option<f32>,
    /// True when the best passages are in another language than the question: then only words that are
    /// written the same in both count in `coverage` and `absent`.
    pub is_across: bool,
}

/// Confidence 0..=1 that the documents answer; 0.5 is where a sensible assistant begins to.
pub fn confidence(features: &Features) -> f32 {
    let Features {
        coverage,
        keyword,
        absent,
        is_foreign,
        gap,
        is_across,
    } = *features;
    let foreign = f32::from(u8::from(is_foreign));
    let logit = match gap {
        Some(gap) if is_across => -3.8 + 0.5 * coverage - 2.4 * absent + 1.04 * gap,
        Some(gap) => -5.0 + 4.7 * coverage - 4.0 * absent - 1.2 * foreign + 0.8 * gap,
        None => -2.4 + 4.9 * coverage - 4.5 * absent - 1.4 * foreign + 2.5 * keyword,
    };
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(coverage: f32, keyword: f32, gap: Option<f32>) -> Features {
        Features {
            coverage,
            keyword,
            absent: 0.0,
            is_foreign: false,
            gap,
            is_across: false,
        }
    }

    #[test]
    fn nothing_in_common_is_refused_and_everything_in_common_is_answered() {
        let nothing = Features {
            absent: 1.0,
            ..of(0.0, 0.0, None)
        };
        assert!(confidence(&nothing) < 0.1);
        assert!(confidence(&of(1.0, 0.6, None)) > 0.9);
        assert!(confidence(&of(0.0, 0.0, Some(1.8))) < 0.1);
        assert!(confidence(&of(1.0, 0.6, Some(4.5))) > 0.9);
    }

    #[test]
    fn an_outstanding_vector_answers_without_common_words() {
        assert!(confidence(&of(0.0, 0.0, Some(6.3))) > 0.5);
    }

    #[test]
    fn a_question_in_another_language_needs_no_common_words() {
        let across = Features {
            is_across: true,
            ..of(0.0, 0.0, Some(4.5))
        };
        assert!(confidence(&across) > 0.5);
        assert!(confidence(&of(0.0, 0.0, Some(4.5))) < 0.5);
    }

    #[test]
    fn a_code_that_is_nowhere_is_refused() {
        let half = of(0.5, 0.3, Some(4.1));
        let foreign = Features {
            absent: 0.45,
            is_foreign: true,
            ..half
        };
        assert!(confidence(&half) > 0.5);
        assert!(confidence(&foreign) < 0.5);
    }

    #[test]
    fn more_evidence_is_never_less_confidence() {
        for gap in [None, Some(0.0), Some(2.3), Some(9.0)] {
            let less = confidence(&of(0.4, 0.4, gap));
            assert!(confidence(&of(0.8, 0.4, gap)) >= less);
            assert!(confidence(&of(0.4, 0.8, gap)) >= less);
        }
    }
}
