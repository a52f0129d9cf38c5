//! Requests that the guard refuses, in the log: enough to find a proxy that is set up wrongly, too little for a stranger
//! to fill a disk with.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Least time between two lines.
const EVERY: Duration = Duration::from_secs(60);

/// What was refused since the last line.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<Since>);

#[derive(Debug, Default)]
struct Since {
    last: Option<Instant>,
    silent: u64,
}

impl Refusals {
    /// Says `what` once in [`EVERY`], with how many were not told since.
    pub fn say(&self, what: impl FnOnce() -> String) {
        if let Some(silent) = self.turn(Instant::now()) {
            tracing::warn!(silent, "refused: {}", what());
        }
    }

    /// How many were passed over in silence, when it is time for a line.
    fn turn(&self, now: Instant) -> Option<u64> {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if since
            .last
            .is_some_and(|last| now.duration_since(last) < EVERY)
        {
            since.silent += 1;
            return None;
        }
        since.last = Some(now);
        Some(std::mem::take(&mut since.silent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_one_line_a_minute() {
        let refusals = Refusals::default();
        let begun = Instant::now();
        assert_eq!(refusals.turn(begun), Some(0));
        for second in 1..60 {
            assert_eq!(refusals.turn(begun + Duration::from_secs(second)), None);
        }
        assert_eq!(refusals.turn(begun + EVERY), Some(59));
    }
}
