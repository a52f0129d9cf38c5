//! Jobs: slow or failing work, leased with an epoch that fences off whoever lost the lease.

use domain::event::Topic;
use domain::id::{JobId, WorkspaceId};
use domain::job::{Job, JobState, Lane, Lease, MAX_ATTEMPTS, Task};
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::page::{Cursor, Page, bounded};
use crate::writer::Tx;
use crate::{Applied, Store, Workspace, attachments, following, invitations, reading, sql};

/// The longest pause between two attempts, in seconds.
const LONGEST_PAUSE_SECONDS: i64 = 600;

impl Store {
    /// The next jobs of a lane, at most `most`; none when there is nothing to do now. Workspaces take turns; jobs of
    /// one key run one at a time, in order. Each lease is one attempt. It ends `seconds` after `now`, then others may
    /// take the job.
    pub async fn lease_jobs(
        &self,
        lane: Lane,
        now: Timestamp,
        worker: &str,
        seconds: u32,
        most: usize,
    ) -> Result<Vec<Lease>, StoreError> {
        let worker = worker.to_owned();
        self.write(move |tx| {
            let mut leases = Vec::new();
            while leases.len() < most
                && let Some(lease) = lease_next(tx, lane, now, &worker, seconds)?
            {
                leases.push(lease);
            }
            Ok(leases)
        })
        .await
    }

    /// Holds a lease for longer: `seconds` from `now`. `Fenced` when it is lost.
    pub async fn renew_lease(
        &self,
        lease: &Lease,
        now: Timestamp,
        seconds: u32,
    ) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.write(move |tx| {
            holds(tx.conn, &lease)?;
            sql::run(
                tx.conn,
                "UPDATE jobs SET lease_until = ?3 WHERE workspace_id = ?1 AND id = ?2",
                params![
                    lease.job.workspace_id.0.into_bytes(),
                    lease.job.id.0.into_bytes(),
                    now.plus_seconds(seconds.into()).0
                ],
            )?;
            Ok(())
        })
        .await
    }

    /// Gives a job back after a failure: it runs again 2^attempts seconds (at most 10 minutes) plus
    /// `jitter_ms` later, or is dead after `MAX_ATTEMPTS`. A dead reading leaves its document failed, a dead fetching its
    /// attachment.
    /// Says what became of the job.
    pub async fn fail_job(
        &self,
        lease: &Lease,
        reason: &str,
        now: Timestamp,
        jitter_ms: u32,
    ) -> Result<JobState, StoreError> {
        let (lease, reason) = (lease.clone(), reason.to_owned());
        self.write(move |tx| {
            holds(tx.conn, &lease)?;
            let job = &lease.job;
            if job.attempts >= MAX_ATTEMPTS {
                die(tx, job, &reason, now)?;
                return Ok(JobState::Dead);
            }
            let pause = (1_i64 << job.attempts.min(16)).min(LONGEST_PAUSE_SECONDS);
            let run_at = now.plus_seconds(pause).plus_milliseconds(jitter_ms.into());
            give_back(tx, job, &reason, run_at, job.attempts)?;
            Ok(JobState::Queued)
        })
        .await
    }

    /// Gives a job back that could not run now (a model still loads, a stop): not an attempt; runs again
    /// `delay_ms` later.
    pub async fn release_job(
        &self,
        lease: &Lease,
        now: Timestamp,
        delay_ms: u32,
    ) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.write(move |tx| {
            holds(tx.conn, &lease)?;
            let job = &lease.job;
            let run_at = now.plus_milliseconds(delay_ms.into());
            give_back(tx, job, &job.reason, run_at, job.attempts.saturating_sub(1))
        })
        .await
    }

    /// The job is done and gone. `AlreadyApplied` when it was gone already.
    pub async fn finish_job(&self, lease: &Lease) -> Result<Applied, StoreError> {
        let lease = lease.clone();
        self.write(move |tx| {
            if !exists(tx.conn, &lease.job)? {
                return Ok(Applied::AlreadyApplied);
            }
            finish(tx, &lease)?;
            Ok(Applied::Applied)
        })
        .await
    }

    /// When the next job of a lane may run (a moment that has passed: now); `None` when there is none. Jobs
    /// that wait for another one of their key do not count: a hint tells when that one is done.
    pub async fn next_job_at(&self, lane: Lane) -> Result<Option<Timestamp>, StoreError> {
        self.read(move |conn| {
            let at = sql::the(
                conn,
                "SELECT min(CASE j.state WHEN 'running' THEN j.lease_until ELSE j.run_at END)
                 FROM jobs j WHERE j.lane = ?1 AND j.state <> 'dead'
                   AND NOT EXISTS (
                       SELECT 1 FROM jobs e
                       WHERE e.workspace_id = j.workspace_id AND e.key = j.key AND e.id <> j.id
                         AND (e.state = 'running' OR e.state <> 'dead' AND e.seq < j.seq))",
                [sql::word(&lane)?],
                |row| Ok(row.get::<_, Option<i64>>(0)?),
            )?;
            Ok(at.map(Timestamp))
        })
        .await
    }

    /// How many jobs there are of each lane and state.
    pub async fn job_counts(&self) -> Result<Vec<(Lane, JobState, u64)>, StoreError> {
        self.read(|conn| {
            sql::many(
                conn,
                "SELECT lane, state, count(*) FROM jobs GROUP BY lane, state ORDER BY lane, state",
                [],
                |row| {
                    Ok((
                        sql::word_at(row, 0)?,
                        sql::word_at(row, 1)?,
                        sql::count_at(row, 2)?,
                    ))
                },
            )
        })
        .await
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
        self.write(move |tx, workspace| enqueue(tx, workspace, id, &task, now))
            .await
    }

    /// The jobs of a state (or all), newest first.
    pub async fn jobs(
        &self,
        state: Option<JobState>,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<Job>, StoreError> {
        let limit = bounded(limit);
        self.read(move |conn, workspace| {
            let after = after.unwrap_or(Cursor::NEWEST);
            let state = state.map(|state| sql::word(&state)).transpose()?;
            let jobs = sql::many(
                conn,
                &format!(
                    "SELECT {JOB} FROM jobs
                     WHERE workspace_id = ?1 AND (?2 IS NULL OR state = ?2)
                       AND (created_at, id) < (?3, ?4)
                     ORDER BY created_at DESC, id DESC LIMIT ?5"
                ),
                params![
                    workspace.0.into_bytes(),
                    state,
                    after.at,
                    after.id.into_bytes(),
                    limit + 1
                ],
                read,
            )?;
            Ok(Page::cut(jobs, limit, |job| Cursor {
                at: job.created_at.0,
                id: job.id.0,
            }))
        })
        .await
    }

    /// Lets a dead job run again, with all its attempts. `Conflict` when it is not dead.
    pub async fn retry_job(&self, id: JobId, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            let job = sql::the(
                tx.conn,
                &format!("SELECT {JOB} FROM jobs WHERE workspace_id = ?1 AND id = ?2"),
                params![workspace.0.into_bytes(), id.0.into_bytes()],
                read,
            )?;
            if job.state != JobState::Dead {
                return Err(StoreError::Conflict);
            }
            run_again(tx, &job, now)
        })
        .await
    }

    /// Lets the dead jobs run again, with all their attempts: at most 1,000, the oldest first. Says how many.
    pub async fn retry_jobs(&self, now: Timestamp) -> Result<u64, StoreError> {
        self.write(move |tx, workspace| {
            let dead = sql::many(
                tx.conn,
                &format!(
                    "SELECT {JOB} FROM jobs WHERE workspace_id = ?1 AND state = 'dead'
                     ORDER BY created_at, id LIMIT 1000"
                ),
                [workspace.0.into_bytes()],
                read,
            )?;
            for job in &dead {
                run_again(tx, job, now)?;
            }
            Ok(dead.len() as u64)
        })
        .await
    }

    /// How many jobs of the workspace there are of each state.
    pub async fn job_counts(&self) -> Result<Vec<(JobState, u64)>, StoreError> {
        self.read(|conn, workspace| {
            sql::many(
                conn,
                "SELECT state, count(*) FROM jobs WHERE workspace_id = ?1 GROUP BY state ORDER BY state",
                [workspace.0.into_bytes()],
                |row| Ok((sql::word_at(row, 0)?, sql::count_at(row, 1)?)),
            )
        })
        .await
    }
}

const JOB: &str = "id, workspace_id, task, state, attempts, reason, run_at, created_at";

fn read(row: &Row<'_>) -> Result<Job, StoreError> {
    Ok(Job {
        id: JobId(sql::id_at(row, 0)?),
        workspace_id: WorkspaceId(sql::id_at(row, 1)?),
        task: sql::json_at(row, 2)?,
        state: sql::word_at(row, 3)?,
        attempts: row.get(4)?,
        reason: row.get(5)?,
        run_at: sql::time_at(row, 6)?,
        created_at: sql::time_at(row, 7)?,
    })
}

/// A dead job waits again as if it were new, and so does what it is about.
fn run_again(tx: &mut Tx<'_>, job: &Job, now: Timestamp) -> Result<(), StoreError> {
    let workspace = job.workspace_id;
    sql::run(
        tx.conn,
        "UPDATE jobs SET state = 'queued', attempts = 0, run_at = ?3
         WHERE workspace_id = ?1 AND id = ?2",
        params![workspace.0.into_bytes(), job.id.0.into_bytes(), now.0],
    )?;
    match job.task {
        Task::Read { document_id } => reading::wait_again(tx, workspace, document_id, now)?,
        Task::Fetch { attachment_id } => {
            attachments::wait_again(tx.conn, workspace, attachment_id)?;
        }
        Task::Invite { invitation_id } => {
            invitations::wait_again(tx, workspace, invitation_id, now)?;
        }
        Task::Embed | Task::Answer { .. } | Task::Follow { .. } => {}
    }
    tx.after.lane(workspace, job.task.lane());
    tx.event(workspace, Topic::Job, job.id, now)
}

/// Nobody else runs on this data folder: whoever held a lease is gone.
pub(crate) fn free_all(conn: &Connection) -> Result<(), StoreError> {
    sql::run(
        conn,
        "UPDATE jobs SET lease_until = 0 WHERE state = 'running'",
        [],
    )?;
    Ok(())
}

/// Adds a job, unless one with the same key waits already.
pub(crate) fn enqueue(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: JobId,
    task: &Task,
    now: Timestamp,
) -> Result<Applied, StoreError> {
    enqueue_for(tx, workspace, id, task, now, now)
}

/// Adds a job that runs at `run_at` at the earliest, unless one with the same key waits already.
pub(crate) fn enqueue_for(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: JobId,
    task: &Task,
    run_at: Timestamp,
    now: Timestamp,
) -> Result<Applied, StoreError> {
    let known = sql::any(
        tx.conn,
        "SELECT 1 FROM jobs WHERE workspace_id = ?1 AND id = ?2
         UNION ALL
         SELECT 1 FROM jobs WHERE workspace_id = ?1 AND key = ?3 AND state = 'queued'",
        params![workspace.0.into_bytes(), id.0.into_bytes(), task.key()],
    )?;
    if known {
        return Ok(Applied::AlreadyApplied);
    }
    sql::run(
        tx.conn,
        "INSERT INTO jobs (workspace_id, id, lane, key, seq, task, state, run_at, created_at)
         VALUES (?1, ?2, ?3, ?4,
                 (SELECT coalesce(max(seq), 0) + 1 FROM jobs WHERE workspace_id = ?1),
                 ?5, 'queued', ?6, ?7)",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            sql::word(&task.lane())?,
            task.key(),
            sql::json(task)?,
            run_at.0,
            now.0
        ],
    )?;
    tx.after.lane(workspace, task.lane());
    Ok(Applied::Applied)
}

/// Removes every job of a task's key, whatever its state.
pub(crate) fn forget(tx: &Tx<'_>, workspace: WorkspaceId, task: &Task) -> Result<(), StoreError> {
    sql::run(
        tx.conn,
        "DELETE FROM jobs WHERE workspace_id = ?1 AND key = ?2",
        params![workspace.0.into_bytes(), task.key()],
    )?;
    Ok(())
}

/// Removes the jobs of a task's key that wait; one that runs stays.
pub(crate) fn forget_waiting(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    task: &Task,
) -> Result<(), StoreError> {
    sql::run(
        tx.conn,
        "DELETE FROM jobs WHERE workspace_id = ?1 AND key = ?2 AND state <> 'running'",
        params![workspace.0.into_bytes(), task.key()],
    )?;
    Ok(())
}

/// `Fenced` unless the lease is the job's newest and the job still runs.
pub(crate) fn holds(conn: &Connection, lease: &Lease) -> Result<(), StoreError> {
    let held = sql::any(
        conn,
        "SELECT 1 FROM jobs
         WHERE workspace_id = ?1 AND id = ?2 AND epoch = ?3 AND state = 'running'",
        params![
            lease.job.workspace_id.0.into_bytes(),
            lease.job.id.0.into_bytes(),
            sql::signed(lease.epoch)
        ],
    )?;
    match held {
        true => Ok(()),
        false => Err(StoreError::Fenced),
    }
}

/// True when the job is still there, in whatever state.
pub(crate) fn exists(conn: &Connection, job: &Job) -> Result<bool, StoreError> {
    sql::any(
        conn,
        "SELECT 1 FROM jobs WHERE workspace_id = ?1 AND id = ?2",
        params![job.workspace_id.0.into_bytes(), job.id.0.into_bytes()],
    )
}

/// Ends a job that is done; `Fenced` when the lease is lost.
pub(crate) fn finish(tx: &mut Tx<'_>, lease: &Lease) -> Result<(), StoreError> {
    holds(tx.conn, lease)?;
    let job = &lease.job;
    sql::run(
        tx.conn,
        "DELETE FROM jobs WHERE workspace_id = ?1 AND id = ?2",
        params![job.workspace_id.0.into_bytes(), job.id.0.into_bytes()],
    )?;
    // The next one of its key may run now.
    tx.after.lane(job.workspace_id, job.task.lane());
    Ok(())
}

/// Leases the next job of the workspace whose turn it is.
fn lease_next(
    tx: &mut Tx<'_>,
    lane: Lane,
    now: Timestamp,
    worker: &str,
    seconds: u32,
) -> Result<Option<Lease>, StoreError> {
    for workspace in by_turn(tx.conn, lane, now)? {
        while let Some(job) = next_of(tx.conn, workspace, lane, now)? {
            if job.attempts >= MAX_ATTEMPTS {
                // Its workers went away without a word, again and again.
                die(tx, &job, "the worker stopped", now)?;
                continue;
            }
            return take(tx, job, now, worker, seconds).map(Some);
        }
    }
    Ok(None)
}

/// Workspaces that have a job to run, the one that waited longest for its turn first.
fn by_turn(conn: &Connection, lane: Lane, now: Timestamp) -> Result<Vec<WorkspaceId>, StoreError> {
    sql::many(
        conn,
        "SELECT w.id FROM workspaces w
         LEFT JOIN job_turns t ON t.workspace_id = w.id AND t.lane = ?1
         WHERE EXISTS (
             SELECT 1 FROM jobs j
             WHERE j.lane = ?1 AND j.workspace_id = w.id AND j.state <> 'dead'
               AND CASE j.state WHEN 'running' THEN j.lease_until ELSE j.run_at END <= ?2)
         ORDER BY coalesce(t.turn, 0), w.id",
        params![sql::word(&lane)?, now.0],
        |row| Ok(WorkspaceId(sql::id_at(row, 0)?)),
    )
}

/// The oldest job of a workspace that may run: no earlier one of its key waits, none of its key runs.
fn next_of(
    conn: &Connection,
    workspace: WorkspaceId,
    lane: Lane,
    now: Timestamp,
) -> Result<Option<Job>, StoreError> {
    sql::one(
        conn,
        &format!(
            "SELECT {JOB} FROM jobs j
             WHERE j.lane = ?1 AND j.workspace_id = ?2 AND j.state <> 'dead'
               AND CASE j.state WHEN 'running' THEN j.lease_until ELSE j.run_at END <= ?3
               AND NOT EXISTS (
                   SELECT 1 FROM jobs e
                   WHERE e.workspace_id = j.workspace_id AND e.key = j.key AND e.id <> j.id
                     AND (e.state = 'running' AND e.lease_until > ?3
                          OR e.state <> 'dead' AND e.seq < j.seq))
             ORDER BY j.seq LIMIT 1"
        ),
        params![sql::word(&lane)?, workspace.0.into_bytes(), now.0],
        read,
    )
}

fn take(
    tx: &mut Tx<'_>,
    job: Job,
    now: Timestamp,
    worker: &str,
    seconds: u32,
) -> Result<Lease, StoreError> {
    let epoch = sql::the(
        tx.conn,
        "UPDATE jobs
         SET state = 'running', attempts = attempts + 1, epoch = epoch + 1, worker = ?3, lease_until = ?4
         WHERE workspace_id = ?1 AND id = ?2 RETURNING epoch",
        params![
            job.workspace_id.0.into_bytes(),
            job.id.0.into_bytes(),
            worker,
            now.plus_seconds(seconds.into()).0
        ],
        |row| sql::count_at(row, 0),
    )?;
    sql::run(
        tx.conn,
        "INSERT INTO job_turns (workspace_id, lane, turn)
         VALUES (?1, ?2, (SELECT coalesce(max(turn), 0) + 1 FROM job_turns WHERE lane = ?2))
         ON CONFLICT (workspace_id, lane) DO UPDATE SET turn = excluded.turn",
        params![
            job.workspace_id.0.into_bytes(),
            sql::word(&job.task.lane())?
        ],
    )?;
    let job = Job {
        state: JobState::Running,
        attempts: job.attempts + 1,
        ..job
    };
    Ok(Lease { job, epoch })
}

pub(crate) fn give_back(
    tx: &mut Tx<'_>,
    job: &Job,
    reason: &str,
    run_at: Timestamp,
    attempts: u32,
) -> Result<(), StoreError> {
    sql::run(
        tx.conn,
        "UPDATE jobs SET state = 'queued', reason = ?3, run_at = ?4, attempts = ?5, lease_until = 0
         WHERE workspace_id = ?1 AND id = ?2",
        params![
            job.workspace_id.0.into_bytes(),
            job.id.0.into_bytes(),
            reason,
            run_at.0,
            attempts
        ],
    )?;
    tx.after.lane(job.workspace_id, job.task.lane());
    Ok(())
}

fn die(tx: &mut Tx<'_>, job: &Job, reason: &str, now: Timestamp) -> Result<(), StoreError> {
    sql::run(
        tx.conn,
        "UPDATE jobs SET state = 'dead', reason = ?3, lease_until = 0
         WHERE workspace_id = ?1 AND id = ?2",
        params![
            job.workspace_id.0.into_bytes(),
            job.id.0.into_bytes(),
            reason
        ],
    )?;
    match job.task {
        Task::Read { document_id } => reading::given_up(tx, job.workspace_id, document_id, now)?,
        Task::Fetch { attachment_id } => {
            attachments::given_up(tx, job.workspace_id, attachment_id, now)?;
        }
        Task::Invite { invitation_id } => {
            invitations::given_up(tx, job.workspace_id, invitation_id, now)?;
        }
        Task::Follow { source_id } => following::given_up(tx, job, source_id, now)?,
        Task::Embed | Task::Answer { .. } => {}
    }
    tx.after.lane(job.workspace_id, job.task.lane());
    tx.event(job.workspace_id, Topic::Job, job.id, now)
}
