//! Choosing the next token from how likely each is. The same seed gives the same choices.

/// How freely tokens are chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Sampling {
    /// 0 takes the likeliest token, 1 the model's own chances; from 0.
    pub temperature: f32,
    /// Only so many of the likeliest tokens; 0 for no limit.
    pub top_k: usize,
    /// Only the likeliest tokens that have this share together; 0..=1, 1 for no limit.
    pub top_p: f32,
    /// Only tokens with at least this share of the likeliest one's chance; 0..=1, 0 for no limit.
    pub min_p: f32,
    /// Tokens that stand in the last [`REMEMBERED`] are made less likely by this factor; 1 for not at all.
    pub repetition_penalty: f32,
    /// Where chance begins.
    pub seed: u64,
}

/// Tokens back that count as repetition.
pub const REMEMBERED: usize = 64;

/// Tokens less likely than e^-16 of the likeliest are never looked at: sorting them all would take longer.
const FARTHEST: f32 = 16.0;

/// Chooses tokens for one reply.
pub struct Sampler {
    sampling: Sampling,
    chance: u64,
    candidates: Vec<(f32, u32)>,
}

impl Default for Sampling {
    /// The likeliest token, always.
    fn default() -> Sampling {
        Sampling {
            temperature: 0.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            repetition_penalty: 1.0,
            seed: 0,
        }
    }
}

impl Sampler {
    /// Begins at the seed.
    pub fn new(sampling: Sampling) -> Sampler {
        Sampler {
            chance: sampling.seed,
            sampling,
            candidates: Vec::new(),
        }
    }

    /// The next token. `logits` are changed where tokens repeat; `before` is what was read and written so far.
    pub fn pick(&mut self, logits: &mut [f32], before: &[u32]) -> u32 {
        self.penalise(logits, before);
        let (mut best, mut most) = (0, f32::NEG_INFINITY);
        for (token, logit) in logits.iter().enumerate() {
            if *logit > most {
                (best, most) = (token as u32, *logit);
            }
        }
        let Sampling {
            temperature,
            top_k,
            top_p,
            min_p,
            ..
        } = self.sampling;
        if temperature <= 0.0 || !most.is_finite() {
            return best;
        }
        let least = most - FARTHEST.min(-min_p.max(f32::MIN_POSITIVE).ln());
        self.candidates.clear();
        for (token, logit) in logits.iter().enumerate() {
            if *logit >= least {
                self.candidates.push((*logit, token as u32));
            }
        }
        self.candidates
            .sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        if top_k > 0 {
            self.candidates.truncate(top_k);
        }
        if top_p < 1.0 {
            let all: f32 = self
                .candidates
                .iter()
                .map(|(logit, _)| (logit - most).exp())
                .sum();
            let mut share = 0.0;
            let enough = self.candidates.iter().position(|(logit, _)| {
                share += (logit - most).exp() / all;
                share >= top_p
            });
            self.candidates
                .truncate(enough.map_or(usize::MAX, |last| last + 1));
        }
        let weight = |logit: f32| ((logit - most) / temperature).exp();
        let all: f32 = self
            .candidates
            .iter()
            .map(|(logit, _)| weight(*logit))
            .sum();
        let mut left = self.fraction() * all;
        for (logit, token) in &self.candidates {
            left -= weight(*logit);
            if left < 0.0 {
                return *token;
            }
        }
        best
    }

    /// Divides likely and multiplies unlikely ones, once for each token (Keskar et al. 2019).
    fn penalise(&self, logits: &mut [f32], before: &[u32]) {
        let penalty = self.sampling.repetition_penalty;
        if penalty <= 0.0 || penalty == 1.0 {
            return;
        }
        let last = &before[before.len().saturating_sub(REMEMBERED)..];
        for (at, token) in last.iter().enumerate() {
            if last[..at].contains(token) {
                continue;
            }
            if let Some(logit) = logits.get_mut(*token as usize) {
                *logit = if *logit > 0.0 {
                    *logit / penalty
                } else {
                    *logit * penalty
                };
            }
        }
    }

    /// 0..1, by SplitMix64 (Steele et al. 2014).
    fn fraction(&mut self) -> f32 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.chance;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ mixed >> 31) >> 40) as f32 / (1u64 << 24) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(sampling: Sampling, logits: &[f32]) -> Vec<usize> {
        let mut sampler = Sampler::new(sampling);
        let mut counts = vec![0; logits.len()];
        for _ in 0..4_000 {
            counts[sampler.pick(&mut logits.to_vec(), &[]) as usize] += 1;
        }
        counts
    }

    #[test]
    fn the_likeliest_is_taken_without_temperature() {
        let mut sampler = Sampler::new(Sampling::default());
        assert_eq!(sampler.pick(&mut [1.0, f32::NAN, 3.0, 2.0], &[]), 2);
        assert_eq!(sampler.pick(&mut [f32::NAN, f32::NAN], &[]), 0);
    }

    #[test]
    fn chances_are_the_models_own_and_limits_hold() {
        let logits = [0.6f32.ln(), 0.3f32.ln(), 0.1f32.ln()];
        let free = Sampling {
            temperature: 1.0,
            seed: 7,
            ..Sampling::default()
        };
        let found = counts(free.clone(), &logits);
        assert!((2_250..2_550).contains(&found[0]), "{found:?}");
        assert!((300..500).contains(&found[2]), "{found:?}");
        assert_eq!(found, counts(free.clone(), &logits), "the seed decides");
        assert_eq!(
            counts(
                Sampling {
                    top_k: 2,
                    ..free.clone()
                },
                &logits
            )[2],
            0
        );
        assert_eq!(
            counts(
                Sampling {
                    top_p: 0.5,
                    ..free.clone()
                },
                &logits
            )[0],
            4_000
        );
        assert_eq!(counts(Sampling { min_p: 0.4, ..free }, &logits)[2], 0);
    }

    #[test]
    fn what_was_just_said_is_less_likely() {
        let mut sampler = Sampler::new(Sampling {
            repetition_penalty: 2.0,
            ..Sampling::default()
        });
        assert_eq!(sampler.pick(&mut [3.0, 2.0], &[0, 0]), 1);
        assert_eq!(sampler.pick(&mut [-1.0, -1.5], &[0]), 1);
    }
}
