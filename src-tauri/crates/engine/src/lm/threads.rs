//! The threads of one model. They wait while nothing is computed, and no other model's work runs on them.

use rayon::iter::{IndexedParallelIterator as _, IntoParallelIterator as _, ParallelIterator as _};
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::lm::error::ModelError;

/// A fixed number of threads; with one, the caller computes alone.
pub(super) struct Threads {
    pool: Option<ThreadPool>,
    count: usize,
}

impl Threads {
    /// # Errors
    /// `NoThreads`.
    pub(super) fn new(count: usize) -> Result<Threads, ModelError> {
        let count = count.max(1);
        let pool = match count {
            1 => None,
            _ => {
                let builder = ThreadPoolBuilder::new().num_threads(count);
                let named = builder.thread_name(|number| format!("model-{number}"));
                Some(named.build().map_err(|_| ModelError::NoThreads)?)
            }
        };
        Ok(Threads { pool, count })
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Runs `work` where [`Threads::each`] starts fast: on one of the threads.
    pub(super) fn enter<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.pool {
            None => work(),
            Some(pool) => pool.install(work),
        }
    }

    /// Does `part` for 0..`parts`, in any order, and waits for all.
    pub(super) fn each(&self, parts: usize, part: impl Fn(usize) + Sync + Send) {
        match &self.pool {
            Some(_) if parts > 1 => {
                (0..parts).into_par_iter().with_max_len(1).for_each(part);
            }
            _ => (0..parts).for_each(part),
        }
    }
}
