//! How the program behaves towards sites: what each asks for, and when it was last asked for something.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::id::SourceId;
use intake::robots::Robots;

/// Most sites that are remembered; then all are forgotten, and asked again.
const MOST: usize = 1_000;

/// What is remembered of sites while the program runs.
#[derive(Default)]
pub(crate) struct Manners {
    /// What a site asks for, by source and number of the look.
    robots: Mutex<HashMap<(SourceId, u32), Arc<Robots>>>,
    /// When a host may be asked again.
    hosts: Mutex<HashMap<String, Instant>>,
}

impl Manners {
    pub(crate) fn known(&self, source: SourceId, pass: u32) -> Option<Arc<Robots>> {
        let robots = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
        robots.get(&(source, pass)).cloned()
    }

    pub(crate) fn keep(&self, source: SourceId, pass: u32, robots: Arc<Robots>) {
        let mut known = self.robots.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|(of, _), _| *of != source);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert((source, pass), robots);
    }

    /// Takes the next turn at a host where turns are `pause` apart; says how long it has to be waited for. Where that
    /// is longer than `patience` no turn is taken, and the error says how long it would be.
    pub(crate) fn turn(
        &self,
        host: &str,
        pause: Duration,
        patience: Duration,
    ) -> Result<Duration, Duration> {
        let now = Instant::now();
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= MOST {
            hosts.retain(|_, free| *free > now);
        }
        let turn = hosts.get(host).map_or(now, |free| (*free).max(now));
        let wait = turn - now;
        if wait > patience {
            return Err(wait);
        }
        hosts.insert(host.to_owned(), turn + pause);
        Ok(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_who_ask_one_host_take_turns() {
        let manners = Manners::default();
        let (pause, patience) = (Duration::from_secs(60), Duration::from_secs(600));
        assert_eq!(manners.turn("a", pause, patience), Ok(Duration::ZERO));
        let second = manners.turn("a", pause, patience).unwrap();
        let third = manners.turn("a", pause, patience).unwrap();
        assert!(second > Duration::from_secs(30) && third > second);
        assert_eq!(manners.turn("b", pause, patience), Ok(Duration::ZERO));
    }

    #[test]
    fn who_does_not_wait_takes_no_turn() {
        let manners = Manners::default();
        let pause = Duration::from_secs(60);
        let turn = || manners.turn("slow", pause, Duration::from_secs(6));
        assert_eq!(turn(), Ok(Duration::ZERO));
        // However often somebody looks in, the turn comes no later.
        for _ in 0..100 {
            assert!(turn().unwrap_err() <= pause);
        }
    }
}
