//! The clock the world goes by. Time is handed in, so that a test can move a day in an instant.

use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970.
    fn now_ms(&self) -> i64;
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |since| {
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        })
    }
}

/// A clock that stands. [`crate::World::advance`] moves the world's time on.
#[derive(Debug, Clone, Copy)]
pub struct StandingClock(pub i64);

impl Default for StandingClock {
    /// Stands at 15 June 2026, 12:00 UTC.
    fn default() -> Self {
        StandingClock(1_781_524_800_000)
    }
}

impl Clock for StandingClock {
    fn now_ms(&self) -> i64 {
        self.0
    }
}
