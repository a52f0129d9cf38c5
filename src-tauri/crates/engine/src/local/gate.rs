//! A door that lets a few in at a time, lets a few wait, and sends the rest away.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::EngineError;

pub(crate) struct Gate {
    inside: Arc<Semaphore>,
    /// Inside and waiting together.
    all: Arc<Semaphore>,
}

/// Who holds it is inside.
pub(crate) struct Pass {
    _inside: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

/// Raised when whoever waits is gone: what is computed for nobody ends.
#[derive(Default)]
pub(crate) struct StopOnDrop(pub(crate) Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Gate {
    pub(crate) fn new(inside: usize, waiting: usize) -> Gate {
        Gate {
            inside: Arc::new(Semaphore::new(inside)),
            all: Arc::new(Semaphore::new(inside + waiting)),
        }
    }

    /// Waits for a place inside; `Busy` at once when too many wait.
    pub(crate) async fn enter(&self) -> Result<Pass, EngineError> {
        let all = self.all.clone().try_acquire_owned();
        let all = all.map_err(|_| EngineError::Busy)?;
        let inside = self.inside.clone().acquire_owned().await;
        Ok(Pass {
            _inside: inside.map_err(|_| EngineError::Cancelled)?,
            _all: all,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn full_is_an_answer() {
        let gate = Gate::new(1, 1);
        let first = gate.enter().await.unwrap();
        let second = gate.enter();
        tokio::pin!(second);
        assert!(futures_util::poll!(&mut second).is_pending());
        assert!(matches!(gate.enter().await, Err(EngineError::Busy)));
        drop(first);
        assert!(second.await.is_ok());
    }
}
