//! Jobs: slow or failing work, leased with an epoch that fences off whoever lost the lease.

use domain::id::JobId;
use domain::job::{Job, JobState, Lane, Lease, Task};
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::page::{Cursor, Page};
use crate::{Applied, Store, Workspace};

impl Store {
    /// The next job of a lane, or nothing to do now. Workspaces take turns; jobs of one key run one at a
    /// time, in order. Each lease is one attempt. The lease ends `seconds` after `now`, then others may
    /// take the job.
    pub async fn lease_job(
        &self,
        lane: Lane,
        now: Timestamp,
        worker: &str,
        seconds: u32,
    ) -> Result<Option<Lease>, StoreError> {
        crate::soon()
    }

    /// Holds a lease for longer: `seconds` from `now`. `Fenced` when it is lost.
    pub async fn renew_lease(
        &self,
        lease: &Lease,
        now: Timestamp,
        seconds: u32,
    ) -> Result<(), StoreError> {
        crate::soon()
    }

    /// Gives a job back after a failure: it runs again 2^attempts seconds (at most 10 minutes) plus
    /// `jitter_ms` later, or is dead after `MAX_ATTEMPTS`. A dead reading leaves its document failed. Says
    /// what became of the job.
    pub async fn fail_job(
        &self,
        lease: &Lease,
        reason: &str,
        now: Timestamp,
        jitter_ms: u32,
    ) -> Result<JobState, StoreError> {
        crate::soon()
    }

    /// Gives a job back that could not run now (a model still loads, a stop): not an attempt; runs again
    /// `delay_ms` later.
    pub async fn release_job(
        &self,
        lease: &Lease,
        now: Timestamp,
        delay_ms: u32,
    ) -> Result<(), StoreError> {
        crate::soon()
    }

    /// The job is done and gone. `AlreadyApplied` when it was gone already.
    pub async fn finish_job(&self, lease: &Lease) -> Result<Applied, StoreError> {
        crate::soon()
    }

    /// When the next job of a lane may run; `None` when the lane is empty.
    pub async fn next_job_at(&self, lane: Lane) -> Result<Option<Timestamp>, StoreError> {
        crate::soon()
    }

    /// How many jobs there are of each lane and state.
    pub async fn job_counts(&self) -> Result<Vec<(Lane, JobState, u64)>, StoreError> {
        crate::soon()
    }
}

impl Workspace {
    /// Adds a job, unless one with the same key waits already (`AlreadyApplied`).
    pub async fn enqueue(
        &self,
        id: JobId,
        task: Task,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        crate::soon()
    }

    /// The jobs of a state (or all), newest first.
    pub async fn jobs(
        &self,
        state: Option<JobState>,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<Job>, StoreError> {
        crate::soon()
    }

    /// Lets a dead job run again, with all its attempts. `Conflict` when it is not dead.
    pub async fn retry_job(&self, id: JobId, now: Timestamp) -> Result<(), StoreError> {
        crate::soon()
    }
}
