//! What every handler shares.

use std::sync::Arc;

use app::App;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::config::ApiConfig;
use crate::metrics::Metrics;
use crate::place::Places;
use crate::problem::Problem;
use crate::refusals::Refusals;
use crate::tail::Tails;

/// Seconds after which a listener or an upload that found no room should come back.
const COME_BACK_SECONDS: u32 = 15;

/// What every handler shares; cheap to clone.
#[derive(Clone)]
pub struct Api {
    /// The product.
    pub app: App,
    inner: Arc<Inner>,
}

struct Inner {
    config: ApiConfig,
    places: Places,
    metrics: Metrics,
    foreign_names: Refusals,
    foreign_pages: Refusals,
    tails: Tails,
    listeners: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
    sessions_ended: watch::Sender<u64>,
}

impl Api {
    /// The state of a router over `app`.
    pub fn new(app: App, config: ApiConfig) -> Api {
        let inner = Inner {
            places: Places::new(
                &config.hosts,
                config.numbers,
                config.public_url.as_deref(),
                &config.instance,
            ),
            metrics: Metrics::default(),
            foreign_names: Refusals::default(),
            foreign_pages: Refusals::default(),
            tails: Tails::default(),
            listeners: Arc::new(Semaphore::new(config.room.listeners)),
            uploads: Arc::new(Semaphore::new(config.room.uploads)),
            sessions_ended: watch::Sender::new(0),
            config,
        };
        Api {
            app,
            inner: Arc::new(inner),
        }
    }

    /// Where the server stands.
    pub fn config(&self) -> &ApiConfig {
        &self.inner.config
    }

    /// The names it answers to.
    pub fn places(&self) -> &Places {
        &self.inner.places
    }

    /// What is counted.
    pub fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// What was refused because of the name it was asked by.
    pub fn foreign_names(&self) -> &Refusals {
        &self.inner.foreign_names
    }

    /// What was refused because of the page that asked for it.
    pub fn foreign_pages(&self) -> &Refusals {
        &self.inner.foreign_pages
    }

    /// The last events of each workspace.
    pub fn tails(&self) -> &Tails {
        &self.inner.tails
    }

    /// Room for one more listener, kept as long as what is returned; `busy` when there is none.
    pub fn listen(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let listeners = Arc::clone(&self.inner.listeners);
        listeners
            .try_acquire_owned()
            .map_err(|_| Problem::busy(COME_BACK_SECONDS))
    }

    /// Room for one more file that comes in, kept as long as what is returned; `busy` when there is none.
    pub fn take_in(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let uploads = Arc::clone(&self.inner.uploads);
        uploads
            .try_acquire_owned()
            .map_err(|_| Problem::busy(COME_BACK_SECONDS))
    }

    /// How many listen at the moment.
    pub fn listening(&self) -> usize {
        self.inner.config.room.listeners - self.inner.listeners.available_permits()
    }

    /// Tells every listener that sessions ended: each looks whether its own is among them.
    pub fn sessions_ended(&self) {
        self.inner.sessions_ended.send_modify(|count| *count += 1);
    }

    /// Wakes whenever sessions ended.
    pub fn when_sessions_end(&self) -> watch::Receiver<u64> {
        self.inner.sessions_ended.subscribe()
    }
}
