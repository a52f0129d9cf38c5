//! Limits on guessing passwords and codes: a burst, then one try a minute, for each account and each address.
//!
//! Figures are Vaultwarden's (security.md C14). No account is ever locked: a limited address cannot keep the
//! owner out from another one, since known addresses have a bucket of their own. Codes of the second step are short:
//! they have one bucket for the member, wherever the tries come from. Only who knows the password can use it up.

use std::collections::HashMap;
use std::net::IpAddr;

use domain::id::MemberId;
use domain::time::Timestamp;

/// Tries at once before the limit bites.
const BURST: f64 = 10.0;
/// Seconds until one more try.
const REFILL_SECONDS: f64 = 60.0;
/// Buckets kept at most; the fullest go first.
const MAX_BUCKETS: usize = 10_000;

/// Buckets of tries.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    buckets: HashMap<Key, Bucket>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(IpAddr),
    AccountFrom(String, IpAddr),
    CodeOf(MemberId),
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    tries: f64,
    at: Timestamp,
}

impl Bucket {
    /// Tries left at `now`.
    fn level(&self, now: Timestamp) -> f64 {
        let seconds = now.milliseconds_since(self.at).max(0) as f64 / 1_000.0;
        (self.tries + seconds / REFILL_SECONDS).min(BURST)
    }
}

impl Throttle {
    /// Takes one try for `account` from `address`, or says in how many seconds there is one again.
    pub(crate) fn take(
        &mut self,
        account: &str,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<(), u32> {
        let keys = [
            Key::Address(address),
            Key::AccountFrom(account.to_owned(), address),
        ];
        let wait = keys
            .iter()
            .map(|key| self.wait(key, now))
            .max()
            .unwrap_or(0);
        if wait > 0 {
            return Err(wait);
        }
        for key in keys {
            let tries = self.level(&key, now) - 1.0;
            self.buckets.insert(key, Bucket { tries, at: now });
        }
        self.forget(now);
        Ok(())
    }

    /// Gives back what a right password took.
    pub(crate) fn succeeded(&mut self, account: &str, address: IpAddr) {
        self.buckets.remove(&Key::Address(address));
        self.buckets
            .remove(&Key::AccountFrom(account.to_owned(), address));
    }

    /// Takes one try of a code of the second step, or says in how many seconds there is one again.
    pub(crate) fn take_code(&mut self, member: MemberId, now: Timestamp) -> Result<(), u32> {
        let key = Key::CodeOf(member);
        let wait = self.wait(&key, now);
        if wait > 0 {
            return Err(wait);
        }
        let tries = self.level(&key, now) - 1.0;
        self.buckets.insert(key, Bucket { tries, at: now });
        self.forget(now);
        Ok(())
    }

    /// Gives back what a right code took.
    pub(crate) fn code_fitted(&mut self, member: MemberId) {
        self.buckets.remove(&Key::CodeOf(member));
    }

    fn level(&self, key: &Key, now: Timestamp) -> f64 {
        self.buckets
            .get(key)
            .map_or(BURST, |bucket| bucket.level(now))
    }

    fn wait(&self, key: &Key, now: Timestamp) -> u32 {
        let missing = 1.0 - self.level(key, now);
        if missing <= 0.0 {
            0
        } else {
            (missing * REFILL_SECONDS).ceil() as u32
        }
    }

    fn forget(&mut self, now: Timestamp) {
        if self.buckets.len() <= MAX_BUCKETS {
            return;
        }
        let is_full = |bucket: &Bucket| bucket.level(now) >= BURST;
        self.buckets.retain(|_, bucket| !is_full(bucket));
        // All of them in use: an attack. Starting afresh costs the attacker's burst once more, not memory.
        if self.buckets.len() > MAX_BUCKETS {
            self.buckets.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(10, 0, 0, last))
    }

    #[test]
    fn after_ten_tries_there_is_one_a_minute() {
        let mut throttle = Throttle::default();
        let start = Timestamp(0);
        for _ in 0..10 {
            assert_eq!(throttle.take("owner@shop", address(1), start), Ok(()));
        }
        assert_eq!(throttle.take("owner@shop", address(1), start), Err(60));
        assert_eq!(
            throttle.take("owner@shop", address(1), start.plus_seconds(60)),
            Ok(())
        );
        assert!(
            throttle
                .take("owner@shop", address(1), start.plus_seconds(61))
                .is_err()
        );
    }

    #[test]
    fn ten_thousand_guesses_in_an_hour_are_at_most_seventy() {
        let mut throttle = Throttle::default();
        let allowed = (0..10_000)
            .filter(|guess| {
                throttle
                    .take("owner@shop", address(1), Timestamp(guess * 360_000))
                    .is_ok()
            })
            .count();
        assert!((60..=70).contains(&allowed), "{allowed}");
    }

    #[test]
    fn the_owner_still_signs_in_from_elsewhere() {
        let mut throttle = Throttle::default();
        for _ in 0..20 {
            let _ = throttle.take("owner@shop", address(1), Timestamp(0));
        }
        assert_eq!(
            throttle.take("owner@shop", address(2), Timestamp(0)),
            Ok(())
        );
    }

    #[test]
    fn codes_are_limited_wherever_they_are_tried_from() {
        let mut throttle = Throttle::default();
        let member = MemberId(uuid::Uuid::nil());
        let allowed = (0..10_000)
            .filter(|guess| {
                throttle
                    .take_code(member, Timestamp(guess * 360_000))
                    .is_ok()
            })
            .count();
        assert!((60..=70).contains(&allowed), "{allowed}");
        throttle.code_fitted(member);
        assert_eq!(throttle.take_code(member, Timestamp(3_600_000_000)), Ok(()));
    }

    #[test]
    fn many_addresses_do_not_fill_the_memory() {
        let mut throttle = Throttle::default();
        for n in 0..30_000_u32 {
            let _ = throttle.take("a", IpAddr::V4(Ipv4Addr::from(n)), Timestamp(0));
        }
        assert!(throttle.buckets.len() <= MAX_BUCKETS + 2);
    }
}
