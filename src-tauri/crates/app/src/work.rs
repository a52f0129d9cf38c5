//! The workers: each lane takes only its own jobs, so that answers never wait for documents; one task a lane takes
//! them from the store, as many at once as there is room for.

mod embed;
mod feed;
mod fetch;
mod folder;
mod follow;
mod manners;
mod read;
mod site;
mod watching;

pub(crate) use manners::Manners;

use std::sync::Arc;
use std::time::Duration;

use domain::id::JobId;
use domain::job::{Lane, Lease, Task};
use store::error::StoreError;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinSet;

use crate::App;
use crate::answer::stream::Piece;
use crate::backup::regular::keep_backing_up;
use crate::cleanup::keep_clean;
use crate::error::{Error, ErrorCode, Result};
use crate::handoff::idle::keep_handing_back;
use crate::soundness::{is_of_the_disk, keep_looking};
use crate::updates::keep_looking_for_updates;

/// How long a worker may hold a job without renewing, in seconds.
const LEASE_SECONDS: u32 = 120;
/// Answers made at once: mostly they wait, for the disk or for an engine far away. What of it computes has its own
/// bound (the local engine's queue).
const ANSWERING: usize = 32;
/// Customers' files fetched at once: each is in memory as a whole.
const FETCHING: usize = 2;
/// Sites and folders looked through at once.
const FOLLOWING: usize = 2;
/// Letters sent at once.
const MAILING: usize = 1;
/// Reading jobs in hand for each document that is read at a time: while some are read, others are being
/// taken from the store or put into it.
const IN_HAND: usize = 4;
/// Longest time between two looks for jobs when nothing hints at one.
const LOOK_AGAIN: Duration = Duration::from_secs(20);
/// How soon a job is tried again that found the disk full, in milliseconds.
const NO_ROOM_MS: u32 = 5_000;
/// How often it is tried to put a job back: until its lease ends by itself.
const GIVE_BACK_TRIES: u32 = 24;
/// How long a stop waits for the jobs in hand.
const STOP: Duration = Duration::from_secs(10);

/// The running workers.
pub(crate) struct Workers {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Workers {
    pub(crate) fn start(app: &App, readers: usize) -> Workers {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let lanes = [
            (Lane::Answer, ANSWERING),
            (Lane::Read, readers * IN_HAND),
            (Lane::Embed, 1),
            (Lane::Fetch, FETCHING),
            (Lane::Mail, MAILING),
            (Lane::Follow, FOLLOWING),
        ];
        for (lane, most) in lanes {
            tasks.spawn(work(app.clone(), lane, most, stopped.clone()));
        }
        tasks.spawn(feed::keep_feeding(app.clone(), stopped.clone()));
        tasks.spawn(watching::keep_watching(app.clone(), stopped.clone()));
        tasks.spawn(keep_backing_up(app.clone(), stopped.clone()));
        tasks.spawn(keep_clean(app.clone(), stopped.clone()));
        tasks.spawn(keep_handing_back(app.clone(), stopped.clone()));
        tasks.spawn(keep_looking(app.clone(), stopped.clone()));
        tasks.spawn(keep_looking_for_updates(app.clone(), stopped));
        Workers { tasks, stop }
    }

    /// Lets the jobs in hand finish, at most [`STOP`]; a job that is cut off runs again after its lease.
    pub(crate) async fn stop(mut self) {
        // Nobody listens any more when all workers have ended already.
        let _ = self.stop.send(true);
        let all_done = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP, all_done).await.is_err() {
            tracing::warn!("some jobs did not finish in time and will run again");
        }
    }
}

/// Runs the jobs of a lane, at most `most` at once, until it is to end; then it finishes what is in hand.
async fn work(app: App, lane: Lane, most: usize, mut stopped: watch::Receiver<bool>) {
    let name = format!("{lane:?}");
    let mut hints = app.hints();
    let mut running = JoinSet::new();
    while !*stopped.borrow() {
        while let Some(ended) = running.try_join_next() {
            look_at(ended);
        }
        let free = most - running.len();
        if free == 0 {
            tokio::select! {
                Some(ended) = running.join_next() => look_at(ended),
                _ = stopped.changed() => {}
            }
            continue;
        }
        let leases = app
            .inner
            .store
            .lease_jobs(lane, app.now(), &name, LEASE_SECONDS, free)
            .await;
        match leases {
            Ok(leases) => {
                let is_all = leases.len() < free;
                for lease in leases {
                    let app = app.clone();
                    running.spawn(async move { app.run_job(lease).await });
                }
                if is_all {
                    let was_quiet = wait(&app, lane, &mut hints, &mut running, &mut stopped).await;
                    if was_quiet && lane == Lane::Read && running.is_empty() {
                        let reader = Arc::clone(&app.inner.reader);
                        // Their memory is worth more than the few milliseconds of a new start.
                        tokio::task::spawn_blocking(move || reader.rest());
                    }
                }
            }
            // Said once, where the damage was found; only a restore and a new start change it.
            Err(StoreError::Corrupt(_)) => pause(LOOK_AGAIN, &mut stopped).await,
            Err(error) => {
                tracing::error!(%error, "the next jobs could not be taken");
                pause(Duration::from_secs(1), &mut stopped).await;
            }
        }
    }
    while let Some(ended) = running.join_next().await {
        look_at(ended);
    }
}

/// A job that panicked has said so already; its lease ends by itself and it runs again.
fn look_at(ended: std::result::Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a job broke off");
    }
}

/// Waits for a hint, a job's end, the next job's moment, or the stop; true when nothing happened for
/// [`LOOK_AGAIN`].
async fn wait(
    app: &App,
    lane: Lane,
    hints: &mut broadcast::Receiver<store::Changed>,
    running: &mut JoinSet<()>,
    stopped: &mut watch::Receiver<bool>,
) -> bool {
    let next = app.inner.store.next_job_at(lane).await.ok().flatten();
    let until = next.map_or(LOOK_AGAIN, |at| {
        let milliseconds = u64::try_from(at.milliseconds_since(app.now()).max(1)).unwrap_or(1);
        LOOK_AGAIN.min(Duration::from_millis(milliseconds))
    });
    let hinted = async {
        loop {
            match hints.recv().await {
                Ok(changed) if changed.lanes.contains(&lane) => return,
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => return,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    };
    tokio::select! {
        () = hinted => false,
        Some(ended) = running.join_next() => {
            look_at(ended);
            false
        }
        () = tokio::time::sleep(until) => until == LOOK_AGAIN,
        _ = stopped.changed() => false,
    }
}

async fn pause(time: Duration, stopped: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = stopped.changed() => {}
    }
}

impl App {
    async fn run_job(&self, lease: Lease) {
        let (finished, mut done) = tokio::sync::oneshot::channel::<()>();
        let renewing = async {
            loop {
                tokio::select! {
                    _ = &mut done => return,
                    () = tokio::time::sleep(Duration::from_secs(30)) => {
                        if let Err(error) = self.inner.store.renew_lease(&lease, self.now(), LEASE_SECONDS).await {
                            tracing::warn!(%error, "a job's lease could not be renewed");
                        }
                    }
                }
            }
        };
        let running = async {
            let ran = self.run_task(&lease).await;
            // The renewing half may be gone already.
            let _ = finished.send(());
            ran
        };
        let (ran, ()) = tokio::join!(running, renewing);
        if let Err(error) = ran {
            self.job_failed(&lease, &error).await;
        }
    }

    async fn run_task(&self, lease: &Lease) -> Result<()> {
        match &lease.job.task {
            Task::Read { document_id } => self.read_job(lease, *document_id).await,
            Task::Embed => self.embed_job(lease).await,
            Task::Fetch { attachment_id } => self.fetch_job(lease, *attachment_id).await,
            Task::Invite { invitation_id } => self.invite_job(lease, *invitation_id).await,
            Task::Answer { conversation_id } => self.answer_job(lease, *conversation_id).await,
            Task::Follow { source_id } => self.follow_job(lease, *source_id).await,
        }
    }

    async fn job_failed(&self, lease: &Lease, error: &Error) {
        let source = std::error::Error::source(error)
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::warn!(job = %lease.job.id, %error, source, "a job failed");
        if let Task::Answer { conversation_id } = lease.job.task {
            self.inner
                .streams
                .tell(conversation_id, Piece::Failed(error.code));
        }
        let jitter_ms = u32::from(self.new_id().as_bytes()[15]) * 4;
        for _ in 0..GIVE_BACK_TRIES {
            match self.give_back(lease, error, jitter_ms).await {
                Ok(()) => return,
                // What the job was about is gone, or another worker has it.
                Err(StoreError::NotFound | StoreError::Fenced) => return,
                Err(StoreError::Full | StoreError::Io(_)) => {
                    tokio::time::sleep(Duration::from_millis(NO_ROOM_MS.into())).await;
                }
                Err(error) => {
                    tracing::error!(%error, "a failed job could not be put back");
                    return;
                }
            }
        }
        tracing::error!("a failed job could not be put back: its lease ends by itself");
    }

    /// Puts a failed job back. What the disk did to it costs it no attempt.
    async fn give_back(
        &self,
        lease: &Lease,
        error: &Error,
        jitter_ms: u32,
    ) -> std::result::Result<(), StoreError> {
        let store = &self.inner.store;
        if is_of_the_disk(error) {
            let delay_ms = NO_ROOM_MS + jitter_ms;
            return store.release_job(lease, self.now(), delay_ms).await;
        }
        store
            .fail_job(lease, &error.what, self.now(), jitter_ms)
            .await?;
        Ok(())
    }

    /// Runs what is due until nothing is, one job after the other: for tests and the command line.
    pub async fn run_jobs(&self) -> Result<()> {
        loop {
            let mut any = false;
            for lane in [
                Lane::Answer,
                Lane::Read,
                Lane::Embed,
                Lane::Fetch,
                Lane::Mail,
                Lane::Follow,
            ] {
                while let Some(lease) = self
                    .inner
                    .store
                    .lease_jobs(lane, self.now(), "here", LEASE_SECONDS, 1)
                    .await?
                    .pop()
                {
                    self.run_job(lease).await;
                    any = true;
                }
                self.catch_up_behind().await?;
            }
            if !any {
                return Ok(());
            }
        }
    }

    /// Asks for a job that gives the workspace's passages and pairs their vectors.
    pub(crate) async fn want_vectors(&self, workspace: domain::id::WorkspaceId) -> Result<()> {
        self.workspace(workspace)
            .enqueue(JobId(self.new_id()), Task::Embed, self.now())
            .await?;
        Ok(())
    }
}

/// A job whose subject is gone is done.
pub(crate) fn is_gone(error: &Error) -> bool {
    error.code == ErrorCode::NotFound
}
