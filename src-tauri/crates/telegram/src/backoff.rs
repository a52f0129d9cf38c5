//! How long to wait before the next try. It never ends by itself, but for a token that nobody knows.
//!
//! The chance is passed in. Not here: what is waited for ([`crate::trouble`]), and waiting itself.

/// A way of waiting longer each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The shortest wait, in milliseconds; nothing is ever tried sooner.
    pub first_ms: u64,
    /// The longest wait, in milliseconds.
    pub cap_ms: u64,
    /// How often it is tried at all; `None`: for ever.
    pub tries: Option<u32>,
}

impl Backoff {
    /// The network is away: at most one try a second, and back within 10 s after it is (R20).
    pub const NETWORK: Backoff = Backoff {
        first_ms: 1_000,
        cap_ms: 8_000,
        tries: None,
    };
    /// Telegram answers with errors of its own.
    pub const SERVER: Backoff = Backoff {
        first_ms: 1_000,
        cap_ms: 60_000,
        tries: None,
    };
    /// Another program asks for the updates (T6: 5 s to 60 s).
    pub const CONFLICT: Backoff = Backoff {
        first_ms: 5_000,
        cap_ms: 60_000,
        tries: None,
    };
    /// The token is not known: hourly, 24 times, then only its owner helps (T15).
    pub const TOKEN: Backoff = Backoff {
        first_ms: 3_600_000,
        cap_ms: 3_600_000,
        tries: Some(24),
    };

    /// Milliseconds to wait before try number `attempt` (0: the first after a failure). `jitter` lies in 0..1;
    /// other values are taken as the nearest end. `None` when it is not to be tried any more.
    pub fn delay_ms(&self, attempt: u32, jitter: f64) -> Option<u64> {
        if self.tries.is_some_and(|tries| attempt >= tries) {
            return None;
        }
        let factor = 1_u64.checked_shl(attempt.min(40)).unwrap_or(u64::MAX);
        let whole = self.first_ms.saturating_mul(factor).min(self.cap_ms);
        let half = whole / 2;
        // What is no number becomes 0 as a whole number.
        let by_chance = (half as f64 * jitter.clamp(0.0, 1.0)) as u64;
        Some((whole - half + by_chance).max(self.first_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_to_its_cap_and_never_ends() {
        let delays: Vec<Option<u64>> = (0..8)
            .map(|attempt| Backoff::SERVER.delay_ms(attempt, 1.0))
            .collect();
        let expected = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000].map(Some);
        assert_eq!(delays, expected);
        assert_eq!(Backoff::SERVER.delay_ms(u32::MAX, 1.0), Some(60_000));
    }

    #[test]
    fn chance_spreads_tries_but_none_is_sooner_than_the_shortest() {
        for attempt in 0..100 {
            for jitter in [f64::NAN, f64::NEG_INFINITY, -1.0, 0.0, 0.3, 1.0, 7.0] {
                for way in [Backoff::NETWORK, Backoff::SERVER, Backoff::CONFLICT] {
                    let delay = way.delay_ms(attempt, jitter).unwrap();
                    assert!((way.first_ms..=way.cap_ms).contains(&delay));
                }
            }
        }
        assert_ne!(
            Backoff::NETWORK.delay_ms(5, 0.1),
            Backoff::NETWORK.delay_ms(5, 0.9)
        );
    }

    #[test]
    fn a_conflict_is_at_most_twelve_tries_a_minute_and_a_network_is_found_again_in_ten_seconds() {
        const { assert!(Backoff::CONFLICT.first_ms >= 5_000) };
        const { assert!(Backoff::NETWORK.cap_ms <= 10_000) };
        const { assert!(Backoff::NETWORK.first_ms >= 1_000) };
    }

    #[test]
    fn an_unknown_token_is_tried_24_times() {
        assert_eq!(Backoff::TOKEN.delay_ms(0, 0.5), Some(3_600_000));
        assert_eq!(Backoff::TOKEN.delay_ms(23, 0.5), Some(3_600_000));
        assert_eq!(Backoff::TOKEN.delay_ms(24, 0.5), None);
    }
}
