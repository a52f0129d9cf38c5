//! The product itself: use cases, jobs, events, and the way from a question to a checked answer.
//!
//! Owns: what a member may ask for ([`App`]'s methods, one file a noun), the workers that run jobs, the
//! answering pipeline with its trace, passwords and sessions.
//! Not here: HTTP words (`api`), SQL (`store`), how a document is parsed (`extract`), found (`search`) or
//! quoted (`engine`).

pub mod activity;
pub mod answer;
pub mod assistants;
pub mod audit;
pub mod backup;
pub mod bots;
pub mod channel;
pub mod cleanup;
pub mod clock;
pub mod conversations;
pub mod demo;
pub mod error;
pub mod events;
pub mod first_run;
pub mod following;
pub mod handoff;
pub mod health;
pub mod home;
pub mod improve;
pub mod inbox;
pub mod invitations;
pub mod jobs;
pub mod knowledge;
pub mod limited;
pub mod log;
pub mod mail;
pub mod models;
pub mod network;
pub mod people;
pub mod pushed;
pub mod qa;
pub mod recovery;
pub mod searching;
pub mod second_step;
pub mod sessions;
pub mod settings;
pub mod simulator;
pub mod soundness;
pub mod status;
pub mod team;
pub mod updates;
pub mod who;

mod indexes;
mod password;
mod refusals;
mod throttle;
mod totp;
mod unrelated;
mod vectors;
mod work;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::id::WorkspaceId;
use domain::time::Timestamp;
use engine::models::ModelFolder;
use extract::Reader;
use net::Net;
use store::Store;
use tokio::sync::{Semaphore, watch};
use uuid::Uuid;

use crate::answer::stream::Streams;
use crate::channel::Channel;
use crate::clock::Clock;
use crate::health::LookAtPlace;
use crate::indexes::Indexes;
use crate::log::Log;
use crate::refusals::Refusals;
use crate::settings::Engines;
use crate::throttle::Throttle;
use crate::unrelated::KnownUnrelated;
use crate::updates::Release;
use crate::vectors::{LateVectors, QuestionVectors};

/// What the program is made of, put together by the binary.
pub struct Parts {
    /// The truth.
    pub store: Store,
    /// Reads documents in child processes.
    pub reader: Arc<Reader>,
    /// The models that are installed.
    pub models: ModelFolder,
    /// Where models are downloaded from: their publishers' hub, or a mirror of it.
    pub hub: String,
    /// The one way out.
    pub net: Net,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// How many documents are read at once, 1 or more.
    pub readers: usize,
    /// The messenger that bots speak through; nothing where there is none.
    pub channel: Option<Arc<dyn Channel>>,
    /// What this build is, and where newer ones are published.
    pub release: Release,
    /// Where the data lies.
    pub place: LookAtPlace,
    /// What the program said lately.
    pub log: Log,
}

/// The product: cheap to clone, shared by everything that asks.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) reader: Arc<Reader>,
    pub(crate) models: ModelFolder,
    pub(crate) hub: String,
    pub(crate) net: Net,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) indexes: Indexes,
    pub(crate) streams: Streams,
    pub(crate) presences: inbox::presence::Presences,
    pub(crate) engines: Engines,
    pub(crate) downloads: models::Downloads,
    /// A model comes alone.
    pub(crate) incoming_models: Semaphore,
    pub(crate) throttle: Mutex<Throttle>,
    pub(crate) refusals: Refusals,
    pub(crate) hashing: Semaphore,
    pub(crate) qa_sets: qa::QaSets,
    pub(crate) question_vectors: QuestionVectors,
    pub(crate) unrelated: KnownUnrelated,
    pub(crate) late_vectors: LateVectors,
    pub(crate) manners: work::Manners,
    /// One simulator is started at a time: a second start ends the first.
    pub(crate) starting_simulator: tokio::sync::Mutex<()>,
    /// True once the data was restored underneath: whoever runs the program opens it anew.
    pub(crate) restart: watch::Sender<bool>,
    pub(crate) channel: Option<Arc<dyn Channel>>,
    pub(crate) release: Release,
    pub(crate) going: updates::Going,
    pub(crate) place: LookAtPlace,
    pub(crate) log: Log,
    /// One at a time reads the whole database and index.
    pub(crate) reading_through: Arc<Semaphore>,
    /// True: that only this computer is spoken to was said at the start.
    pub(crate) local_only_told: bool,
    readers: usize,
    /// True while the workers are asked to end: what takes long is left to the next start.
    ending: AtomicBool,
    workers: Mutex<Option<work::Workers>>,
}

impl App {
    /// Puts the product together. Nothing runs until [`App::run`].
    pub fn new(parts: Parts) -> App {
        let inner = Inner {
            indexes: Indexes::default(),
            streams: Streams::default(),
            presences: inbox::presence::Presences::default(),
            engines: Engines::default(),
            downloads: models::Downloads::default(),
            incoming_models: Semaphore::new(1),
            throttle: Mutex::default(),
            refusals: Refusals::default(),
            hashing: Semaphore::new(password::AT_ONCE),
            qa_sets: qa::QaSets::default(),
            question_vectors: QuestionVectors::default(),
            unrelated: KnownUnrelated::default(),
            late_vectors: LateVectors::default(),
            manners: work::Manners::default(),
            starting_simulator: tokio::sync::Mutex::default(),
            restart: watch::Sender::new(false),
            ending: AtomicBool::new(false),
            workers: Mutex::new(None),
            store: parts.store,
            reader: parts.reader,
            models: parts.models,
            hub: parts.hub,
            local_only_told: parts.net.is_local_only(),
            net: parts.net,
            clock: parts.clock,
            readers: parts.readers.max(1),
            channel: parts.channel,
            release: parts.release,
            going: updates::Going::default(),
            place: parts.place,
            log: parts.log,
            reading_through: Arc::new(Semaphore::new(1)),
        };
        App {
            inner: Arc::new(inner),
        }
    }

    /// Starts the workers and brings every index up to date. Call once, inside a tokio runtime.
    pub async fn run(&self) -> error::Result<()> {
        self.catch_up_all().await?;
        self.run_at_once().await
    }

    /// Starts the workers at once and brings every index up to date beside them: for what has to answer soon
    /// whatever happened to its indexes.
    pub async fn run_at_once(&self) -> error::Result<()> {
        for (workspace, _) in self.inner.store.workspaces().await? {
            self.catch_up_soon(workspace);
        }
        self.inner.ending.store(false, Ordering::Relaxed);
        let workers = work::Workers::start(self, self.inner.readers);
        *self
            .inner
            .workers
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(workers);
        Ok(())
    }

    /// True between [`App::run`] and [`App::stop`].
    pub(crate) fn is_running(&self) -> bool {
        let workers = self.inner.workers.lock();
        workers.unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// True while the workers are asked to end.
    pub(crate) fn is_ending(&self) -> bool {
        self.inner.ending.load(Ordering::Relaxed)
    }

    /// Stops the workers after the jobs in hand, at most 10 seconds; what is not finished runs again later.
    pub async fn stop(&self) {
        let workers = self
            .inner
            .workers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(workers) = workers {
            self.inner.ending.store(true, Ordering::Relaxed);
            workers.stop().await;
            if let Err(error) = self.catch_up_behind().await {
                tracing::warn!(%error, "an index is behind: the next start brings it up to date");
            }
        }
    }

    /// Resolves once a restore is ready: close this app and open the data folder anew.
    pub async fn restart_wanted(&self) {
        let mut wanted = self.inner.restart.subscribe();
        if wanted.wait_for(|wanted| *wanted).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Stops the workers and closes the store; other copies of this app answer with errors from here on.
    pub async fn close(&self) -> error::Result<()> {
        self.stop().await;
        Ok(self.inner.store.close().await?)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// A new UUIDv7 by the app's clock.
    pub(crate) fn new_id(&self) -> Uuid {
        let micros = self.now().0.max(0).unsigned_abs();
        let nanos = u32::try_from(micros % 1_000_000).unwrap_or_default() * 1_000;
        Uuid::new_v7(uuid::Timestamp::from_unix(
            uuid::NoContext,
            micros / 1_000_000,
            nanos,
        ))
    }

    pub(crate) fn workspace(&self, id: WorkspaceId) -> store::Workspace {
        self.inner.store.workspace(id)
    }
}
