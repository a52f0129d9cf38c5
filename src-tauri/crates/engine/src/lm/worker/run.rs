//! What the model's thread does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::lm::error::{ModelError, RunError};
use crate::lm::gguf::Gguf;
use crate::lm::model::Model;
use crate::lm::pieces::Pieces;
use crate::lm::sampling::Sampler;
use crate::lm::session::Session;
use crate::lm::tokens::Tokens;
use crate::lm::worker::{End, Event, Order, Settings, Shared, Summary};
use crate::memory;

/// How often an idle thread looks whether it should unload.
const LOOK: Duration = Duration::from_millis(500);
/// Tokens that are read to learn the computer's speed.
const TRIAL: usize = 64;
/// Prompts with fewer new tokens say little about speed.
const TELLING: usize = 64;
/// Bytes to compute in.
const WORKING: usize = 64 << 20;
/// A beginning shorter than this is read again rather than copied from another conversation.
const WORTH_COPYING: usize = 16;

/// A model with all that belongs to it.
struct Loaded {
    model: Model,
    tokens: Tokens,
    /// What was read of each conversation, the last one last.
    sessions: Vec<(u64, Session)>,
    /// Bytes of memory for them.
    for_sessions: usize,
    unloads: u64,
}

/// Until the last caller is gone.
pub(super) fn run(settings: &Settings, orders: &Receiver<Order>, shared: &Shared) {
    let mut loaded: Option<Loaded> = None;
    let mut last = Instant::now();
    loop {
        let order = orders.recv_timeout(LOOK);
        let unloads = shared.unloads.load(Ordering::SeqCst);
        let is_idle = order.is_err() && last.elapsed() >= settings.idle;
        if is_idle
            || loaded
                .as_ref()
                .is_some_and(|loaded| loaded.unloads != unloads)
        {
            loaded = None;
            shared.is_loaded.store(false, Ordering::SeqCst);
        }
        let order = match order {
            Ok(order) => order,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        *lock(&shared.running) = Some(Arc::clone(&order.stop));
        // Whoever unloads or closes counts first and then stops what runs: what was counted before is seen here.
        let result = match reason(shared, &order) {
            Some(error) => Err(error),
            None => serve(settings, shared, &mut loaded, &order),
        };
        let result = match result {
            Err(RunError::Cancelled) => Err(reason(shared, &order).unwrap_or(RunError::Cancelled)),
            other => other,
        };
        *lock(&shared.running) = None;
        // Nobody may be listening any more.
        let _ = order.events.try_send(result.map(Event::Done));
        last = Instant::now();
    }
}

/// Why an order is not to be carried out, if not for its own caller's sake.
fn reason(shared: &Shared, order: &Order) -> Option<RunError> {
    if shared.is_closing.load(Ordering::SeqCst) {
        return Some(RunError::Stopped);
    }
    let is_unloaded = shared.unloads.load(Ordering::SeqCst) != order.unloads;
    is_unloaded.then_some(RunError::Unloaded)
}

fn serve(
    settings: &Settings,
    shared: &Shared,
    loaded: &mut Option<Loaded>,
    order: &Order,
) -> Result<Summary, RunError> {
    if order.stop.load(Ordering::SeqCst) {
        return Err(RunError::Cancelled);
    }
    let loaded = match loaded {
        Some(loaded) => loaded,
        None => {
            let fresh = load(settings, shared, order)?;
            shared.is_loaded.store(true, Ordering::SeqCst);
            loaded.insert(fresh)
        }
    };
    let prompt = loaded.tokens.of_messages(&order.request.messages)?;
    let most = settings.context.min(loaded.model.shape().context);
    if prompt.is_empty() {
        return Err(RunError::BadMessages("there is nothing to read".to_owned()));
    }
    if prompt.len() >= most {
        return Err(RunError::TooLong {
            tokens: prompt.len(),
            most: most.saturating_sub(1),
        });
    }
    let mut session = loaded.session(order.request.conversation, &prompt);
    let result = write(
        loaded,
        shared,
        &mut session,
        &prompt,
        most - prompt.len(),
        order,
    );
    loaded.keep(order.request.conversation, session);
    result
}

fn load(settings: &Settings, shared: &Shared, order: &Order) -> Result<Loaded, RunError> {
    let mut model = Model::open(&settings.path, settings.threads, None)?;
    let context = settings.context.min(model.shape().context);
    let beside = (WORKING + context * model.cache_bytes()) as u64;
    let needs = model.file().len() as u64 + beside;
    if let Some(has) = settings.memory.filter(|has| *has < needs) {
        return Err(ModelError::TooLarge { needs, has }.into());
    }
    // The file is mapped by now, and the system takes its pages back where it must; the rest must be there.
    let left = memory::left();
    if let Some(has) = left.filter(|has| *has < beside) {
        return Err(ModelError::TooLarge { needs: beside, has }.into());
    }
    let spare = left.map_or(usize::MAX, |left| (left - beside) as usize);
    let tokens = Tokens::read(&Gguf::read(model.file())?, model.vocabulary())?;
    let trial: Vec<u32> = (0..TRIAL as u32)
        .map(|at| at % model.vocabulary() as u32)
        .collect();
    // The first time the weights are fetched from the disk; the second time tells.
    for _ in 0..2 {
        let start = Instant::now();
        Session::new(&model).read(&mut model, &trial, &order.stop)?;
        *lock(&shared.prompt_speed) = Some(TRIAL as f32 / start.elapsed().as_secs_f32());
    }
    Ok(Loaded {
        model,
        tokens,
        sessions: Vec::new(),
        for_sessions: settings.sessions.min(spare),
        unloads: order.unloads,
    })
}

impl Loaded {
    /// The session of a conversation, or a copy of what another one has in common with the prompt.
    fn session(&mut self, conversation: u64, prompt: &[u32]) -> Session {
        let own = self.sessions.iter().position(|(of, _)| *of == conversation);
        let own = own.map(|at| self.sessions.remove(at).1);
        let of_own = own.as_ref().map_or(0, |session| session.common(prompt));
        let others = self
            .sessions
            .iter()
            .map(|(_, session)| (session.common(prompt), session));
        match others.max_by_key(|(common, _)| *common) {
            Some((common, other)) if common >= of_own + WORTH_COPYING => other.fork(common),
            _ => own.unwrap_or_else(|| Session::new(&self.model)),
        }
    }

    /// Keeps a session, and of the others the latest for which there is memory.
    fn keep(&mut self, conversation: u64, session: Session) {
        self.sessions.push((conversation, session));
        let mut bytes = 0;
        let mut first = self.sessions.len();
        for (at, (_, session)) in self.sessions.iter().enumerate().rev() {
            bytes += session.bytes();
            if bytes > self.for_sessions {
                break;
            }
            first = at;
        }
        self.sessions.drain(..first);
    }
}

/// Reads the prompt and writes the reply, token by token.
fn write(
    loaded: &mut Loaded,
    shared: &Shared,
    session: &mut Session,
    prompt: &[u32],
    room: usize,
    order: &Order,
) -> Result<Summary, RunError> {
    let (request, stop): (_, &AtomicBool) = (&order.request, &order.stop);
    let start = Instant::now();
    let reused = session.common(prompt).min(prompt.len() - 1);
    let mut logits = session.read(&mut loaded.model, prompt, stop)?;
    let first = start.elapsed();
    let read = prompt.len() - reused;
    if read >= TELLING {
        *lock(&shared.prompt_speed) = Some(read as f32 / first.as_secs_f32());
    }
    let mut sampler = Sampler::new(request.sampling.clone());
    let mut pieces = Pieces::new(request.stops.clone());
    let most = request.most.clamp(1, room);
    let mut written = 0;
    let end = loop {
        if stop.load(Ordering::SeqCst) {
            return Err(RunError::Cancelled);
        }
        let token = sampler.pick(&mut logits, session.tokens());
        if loaded.tokens.is_stop(token) {
            break End::Stop;
        }
        written += 1;
        let shown = pieces.push(loaded.tokens.bytes(token));
        send(order, shown.text)?;
        if shown.has_stopped {
            break End::Stop;
        }
        if written == most {
            break End::Limit;
        }
        logits = session.push(&mut loaded.model, token, stop)?;
    };
    send(order, pieces.finish())?;
    Ok(Summary {
        prompt: prompt.len(),
        reused,
        written,
        first,
        whole: start.elapsed(),
        end,
    })
}

fn send(order: &Order, text: String) -> Result<(), RunError> {
    if text.is_empty() {
        return Ok(());
    }
    let sent = order.events.try_send(Ok(Event::Text(text)));
    sent.map_err(|_| RunError::Cancelled)
}

fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|broken| broken.into_inner())
}
