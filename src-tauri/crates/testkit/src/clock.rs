//! A clock that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use app::clock::Clock;
use domain::time::Timestamp;

/// Begins on 2026-03-02 at 09:00 UTC, a Monday; every look at it moves it by a millisecond, so that things that
/// happen one after the other have different times.
#[derive(Debug)]
pub struct HandClock(AtomicI64);

impl Default for HandClock {
    fn default() -> Self {
        HandClock(AtomicI64::new(1_772_442_000_000_000))
    }
}

impl HandClock {
    /// Moves the clock forward.
    pub fn pass(&self, seconds: i64) {
        self.pass_milliseconds(seconds * 1_000);
    }

    /// Moves the clock forward by less.
    pub fn pass_milliseconds(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds * 1_000, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.fetch_add(1_000, Ordering::SeqCst))
    }
}
