//! How sure the search is that the documents answer the question.
//!
//! Logistic regressions over a few features that need no model; the weights were fitted with
//! `examples/evaluate` (see there) and are constants, so that the threshold of an assistant keeps its meaning.

/// What is known about the best candidates.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Features {
    /// Share of the question's telling words, weighed by their rarity, in the best passage, 0..=1.
    pub coverage: f32,
    /// The best keyword score as a share of the most the question's words could score, 0..=1.
    pub keyword: f32,
    /// The best cosine in standard deviations over the mean of all passages; `None` without vectors.
    pub outlier: Option<f32>,
    /// The best cosine itself.
    pub cosine: f32,
}

/// Confidence 0..=1 that the documents answer; 0.5 is where a sensible assistant begins to.
pub fn confidence(features: &Features) -> f32 {
    let Features {
        coverage,
        keyword,
        outlier,
        cosine: _,
    } = *features;
    let logit = match outlier {
        Some(outlier) => -6.0 + 3.0 * coverage + 2.0 * keyword + 0.8 * outlier,
        None => -4.0 + 5.0 * coverage + 2.0 * keyword,
    };
    1.0 / (1.0 + (-logit).exp())
}
