//! Speech to text on this computer: Whisper (Radford et al. 2022).
//!
//! Owns: spectra (`mel`), the model (`prepare`, `whisper`, `decoder`), cutting what is long (`pauses`), and how much of
//! the machine it may take: one message at a time, a few wait, full is an answer, and one core stays free. Not here:
//! decoding recordings (`extract`), which models there are (`models`), what becomes of a text (`app`).

mod decoder;
mod mel;
mod pauses;
mod prepare;
mod vocabulary;
mod whisper;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use domain::language::Language;
use domain::sound::Sound;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::EngineError;
use crate::local::gate::{Gate, StopOnDrop};
use crate::local::prepared::Prepared;
use crate::memory;
use crate::models::PREPARED;
use crate::models::speech::Heard;
use mel::Mel;
use whisper::Whisper;

/// Messages that may wait for the one that is heard.
const WAITING: usize = 8;
/// Bytes to compute in, beside the file, which is mapped.
const WORKING: u64 = 128 << 20;
/// A model is unloaded after this many quiet minutes.
const QUIET_MINUTES: u32 = 10;

/// A model over its prepared file.
pub(crate) struct Listener {
    name: String,
    file: PathBuf,
    slot: Mutex<Slot>,
    /// For `hear`, which hands itself to another thread.
    this: Weak<Listener>,
    gate: Gate,
    threads: ThreadPool,
}

#[derive(Default)]
struct Slot {
    loaded: Option<Arc<Loaded>>,
    quiet_minutes: u32,
    /// How often it was unloaded by hand: what runs then ends.
    stop: Arc<AtomicBool>,
}

struct Loaded {
    file: Prepared,
    whisper: Whisper,
    mel: Mel,
}

/// What ends a computation early: the caller is gone, or the model is to go.
struct Stop {
    caller: Arc<AtomicBool>,
    model: Arc<AtomicBool>,
}

impl Stop {
    fn is_wanted(&self) -> bool {
        self.caller.load(Ordering::Relaxed) || self.model.load(Ordering::Relaxed)
    }

    fn check(&self) -> Result<(), EngineError> {
        match self.is_wanted() {
            true => Err(EngineError::Cancelled),
            false => Ok(()),
        }
    }
}

impl Listener {
    /// Opens the model in `folder`, preparing it when that was not done yet. The error says what is wrong.
    pub(crate) fn open(name: &str, folder: &Path, threads: usize) -> Result<Arc<Listener>, String> {
        let file = folder.join(PREPARED);
        if map(&file).is_err() {
            prepare::prepare(name, folder)?;
            map(&file)?;
        }
        let threads = ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|number| format!("hear-{number}"))
            .build()
            .map_err(|error| format!("the system gives no threads: {error}"))?;
        Ok(Arc::new_cyclic(|this| Listener {
            name: name.to_owned(),
            file,
            slot: Mutex::default(),
            this: this.clone(),
            gate: Gate::new(1, WAITING),
            threads,
        }))
    }

    pub(crate) fn is_loaded(&self) -> bool {
        self.slot().loaded.is_some()
    }

    /// Gives the memory back; what is being heard ends with `Cancelled`.
    pub(crate) fn unload(&self) {
        let mut slot = self.slot();
        slot.stop.store(true, Ordering::Relaxed);
        slot.stop = Arc::default();
        slot.loaded = None;
    }

    /// What is said. Dropping the future ends the work within a layer.
    pub(crate) async fn hear(&self, sound: Sound, hint: Language) -> Result<Heard, EngineError> {
        let pass = self.gate.enter().await?;
        let this = self.this.upgrade().ok_or(EngineError::Cancelled)?;
        let watcher = Arc::downgrade(&this);
        let caller = StopOnDrop::default();
        let stop = Stop {
            caller: Arc::clone(&caller.0),
            model: Arc::clone(&this.slot().stop),
        };
        let work = tokio::task::spawn_blocking(move || {
            let _pass = pass;
            let (model, is_new) = this.loaded()?;
            let heard = this.threads.install(|| model.hear(&sound, hint, &stop))?;
            Ok::<_, EngineError>((heard, is_new))
        });
        let (heard, is_new) = work.await.map_err(|_| EngineError::Cancelled)??;
        if is_new {
            tokio::spawn(unload_when_quiet(watcher));
        }
        Ok(heard)
    }

    /// The model, loaded if it is not; and whether this call loaded it.
    fn loaded(&self) -> Result<(Arc<Loaded>, bool), EngineError> {
        let mut slot = self.slot();
        slot.quiet_minutes = 0;
        if let Some(loaded) = &slot.loaded {
            return Ok((Arc::clone(loaded), false));
        }
        let bad = |why: String| EngineError::BadModel {
            name: self.name.clone(),
            why,
        };
        let file = map(&self.file).map_err(bad)?;
        if let Some(has) = memory::left().filter(|has| *has < WORKING) {
            return Err(EngineError::NoMemory {
                name: self.name.clone(),
                needs: WORKING,
                has,
            });
        }
        let whisper = Whisper::new(&file).map_err(bad)?;
        let loaded = Arc::new(Loaded {
            mel: Mel::new(whisper.bands()),
            whisper,
            file,
        });
        slot.loaded = Some(Arc::clone(&loaded));
        tracing::debug!(model = self.name, "loaded the model {}", self.name);
        Ok((loaded, true))
    }

    /// One more minute passed; true when the model was unloaded.
    fn minute_passed(&self) -> bool {
        let mut slot = self.slot();
        slot.quiet_minutes += 1;
        if slot.loaded.is_some() && slot.quiet_minutes <= QUIET_MINUTES {
            return false;
        }
        slot.loaded = None;
        tracing::debug!(model = self.name, "unloaded the model {}", self.name);
        true
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Loaded {
    fn hear(&self, sound: &Sound, hint: Language, stop: &Stop) -> Result<Heard, EngineError> {
        let wide = sound.samples.iter().map(|x| f32::from(*x) / 32_768.0);
        let samples: Vec<f32> = wide.collect();
        let mut language = None;
        let mut texts: Vec<String> = Vec::new();
        for part in pauses::parts(&samples) {
            let spectrum = self.mel.spectrum(&samples[part]);
            let said = self
                .whisper
                .listen(&self.file, &spectrum, (language, hint), stop)?;
            if !said.text.is_empty() {
                language = language.or(Some(said.language));
                texts.push(said.text);
            }
        }
        Ok(Heard {
            text: texts.join(" "),
            language: language.unwrap_or(Language::UNKNOWN),
            seconds: sound.seconds(),
        })
    }
}

async fn unload_when_quiet(listener: Weak<Listener>) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        match listener.upgrade() {
            Some(listener) if !listener.minute_passed() => {}
            _ => return,
        }
    }
}

fn map(file: &Path) -> Result<Prepared, String> {
    match Prepared::open(file) {
        Ok(Ok(prepared)) => Ok(prepared),
        Ok(Err(why)) => Err(why.to_owned()),
        Err(error) => Err(format!("its prepared file cannot be opened: {error}")),
    }
}
