//! The one thread that owns a model: it loads it when it is first asked, answers one request after another, keeps what
//! it read of each conversation, and gives the memory back when nobody asks.
//!
//! Unloading while a request runs ends that request, and those that wait, with `Unloaded`; later ones load it again.

mod run;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::lm::chat::Message;
use crate::lm::error::{ModelError, RunError};
use crate::lm::sampling::Sampling;

/// How a model is run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The GGUF file.
    pub path: PathBuf,
    /// Threads that compute, from 1.
    pub threads: usize,
    /// Most tokens of a prompt and its reply together; the model's own limit holds too.
    pub context: usize,
    /// Bytes of memory the model may take with its conversations; `None` for no limit.
    pub memory: Option<u64>,
    /// Requests that may wait.
    pub queue: usize,
    /// The model is unloaded when nobody has asked for so long.
    pub idle: Duration,
    /// Bytes of memory for what was read of conversations that are over, perhaps for now.
    pub sessions: usize,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// Requests of one conversation have the same, and so need not read again what was said.
    pub conversation: u64,
    /// The instructions and what was said, the question last.
    pub messages: Vec<Message>,
    /// How freely tokens are chosen.
    pub sampling: Sampling,
    /// Texts before which the reply ends.
    pub stops: Vec<String>,
    /// Most tokens of the reply, from 1.
    pub most: usize,
}

/// What comes of a request: texts, and last [`Event::Done`] or an error.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// More of the reply.
    Text(String),
    /// It is whole.
    Done(Summary),
}

/// What a reply took.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Tokens of the prompt.
    pub prompt: usize,
    /// Of these, tokens that had been read before.
    pub reused: usize,
    /// Tokens of the reply.
    pub written: usize,
    /// From the beginning of the work to the first token.
    pub first: Duration,
    /// From the beginning of the work to its end.
    pub whole: Duration,
    /// Why it ended.
    pub end: End,
}

/// Why a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The model, or a stop text, ended it.
    Stop,
    /// It has as many tokens as it may have.
    Limit,
}

/// A reply while it is written. Dropping it cancels the request at once.
pub struct Reply {
    events: mpsc::Receiver<Result<Event, RunError>>,
    stop: Arc<AtomicBool>,
}

/// A model's thread. Dropping it ends the running request with `Stopped` and waits for the thread.
pub struct Worker {
    orders: Option<SyncSender<Order>>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

struct Order {
    request: Request,
    events: mpsc::Sender<Result<Event, RunError>>,
    stop: Arc<AtomicBool>,
    /// How often the model had been unloaded when this was asked.
    unloads: u64,
}

/// What callers and the thread both see.
#[derive(Default)]
struct Shared {
    unloads: AtomicU64,
    is_closing: AtomicBool,
    is_loaded: AtomicBool,
    /// The flag that stops the request which runs.
    running: Mutex<Option<Arc<AtomicBool>>>,
    prompt_speed: Mutex<Option<f32>>,
}

impl Worker {
    /// Starts the thread. The model is not loaded yet.
    ///
    /// # Errors
    /// `NoThreads`.
    pub fn start(settings: Settings) -> Result<Worker, ModelError> {
        let (orders, taken) = sync_channel(settings.queue.max(1));
        let shared = Arc::new(Shared::default());
        let ours = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("model".to_owned())
            .spawn(move || run::run(&settings, &taken, &ours))
            .map_err(|_| ModelError::NoThreads)?;
        Ok(Worker {
            orders: Some(orders),
            shared,
            thread: Some(thread),
        })
    }

    /// Asks. The reply begins when those before it are done.
    ///
    /// # Errors
    /// `Busy` when too many wait, `Stopped`. All others come with the reply.
    pub fn ask(&self, request: Request) -> Result<Reply, RunError> {
        // Room for every token, the end and an error: the thread never waits for a slow reader.
        let (sender, events) = mpsc::channel(request.most.saturating_add(3).min(1 << 20));
        let stop = Arc::new(AtomicBool::new(false));
        let order = Order {
            request,
            events: sender,
            stop: Arc::clone(&stop),
            unloads: self.shared.unloads.load(Ordering::SeqCst),
        };
        let orders = self.orders.as_ref().ok_or(RunError::Stopped)?;
        match orders.try_send(order) {
            Ok(()) => Ok(Reply { events, stop }),
            Err(TrySendError::Full(_)) => Err(RunError::Busy),
            Err(TrySendError::Disconnected(_)) => Err(RunError::Stopped),
        }
    }

    /// Gives the model's memory back. The thread notices between two layers of what it computes, or within a second.
    pub fn unload(&self) {
        self.shared.unloads.fetch_add(1, Ordering::SeqCst);
        self.shared.stop_running();
    }

    /// True while the model is in memory.
    pub fn is_loaded(&self) -> bool {
        self.shared.is_loaded.load(Ordering::SeqCst)
    }

    /// Tokens of a prompt that are read in a second on this computer, measured when the model was loaded and with
    /// each longer prompt; `None` before.
    pub fn prompt_speed(&self) -> Option<f32> {
        *self
            .shared
            .prompt_speed
            .lock()
            .unwrap_or_else(|broken| broken.into_inner())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.shared.is_closing.store(true, Ordering::SeqCst);
        self.shared.stop_running();
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing left to wait for.
            let _ = thread.join();
        }
    }
}

impl Reply {
    /// What comes next; `None` after the end.
    pub async fn next(&mut self) -> Option<Result<Event, RunError>> {
        self.events.recv().await
    }

    #[cfg(test)]
    /// As [`Reply::next`], for callers without a runtime: the calling thread waits.
    pub fn wait(&mut self) -> Option<Result<Event, RunError>> {
        self.events.blocking_recv()
    }

    /// Ends the request with `Cancelled`, before its next layer is computed.
    pub fn cancel(&self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.cancel();
    }
}

impl Shared {
    fn stop_running(&self) {
        let running = self
            .running
            .lock()
            .unwrap_or_else(|broken| broken.into_inner());
        if let Some(stop) = running.as_ref() {
            stop.store(true, Ordering::SeqCst);
        }
    }
}
