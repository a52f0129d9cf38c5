//! Embedders that run on this computer.
//!
//! Owns: preparing a model's files once, mapping them, the tokenizers, BERT's forward pass, and how much of
//! the machine it may take: what somebody waits for goes first, full is an answer. Not here: which models
//! there are (`models`).

pub(crate) mod attention;
mod bert;
mod charsmap;
pub(crate) mod gate;
pub(crate) mod linear;
pub(crate) mod prepare;
pub(crate) mod prepared;
mod threads;
mod tokens;
mod unigram;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures_util::future::BoxFuture;
use rayon::ThreadPool;
use rayon::prelude::*;

use crate::embedder::{Embedder, Role};
use crate::error::EngineError;
use crate::models::PREPARED;
use crate::models::manifest::Spec;
use bert::{Bert, Room};
use gate::Gate;
use prepared::Prepared;
use tokens::Tokens;

/// A model is unloaded after this many quiet minutes.
const QUIET_MINUTES: u32 = 5;
/// Texts are computed together up to this many tokens: more does not make it faster.
const TOGETHER: usize = 256;

/// An embedder over a model's prepared file.
pub(crate) struct Local {
    spec: &'static Spec,
    key: String,
    dimensions: usize,
    file: PathBuf,
    slot: Mutex<Slot>,
    /// For `embed`, which hands itself to another thread.
    this: Weak<Local>,
    foreground: Gate,
    background: Gate,
}

#[derive(Default)]
struct Slot {
    loaded: Option<Arc<Loaded>>,
    quiet_minutes: u32,
}

struct Loaded {
    file: Prepared,
    bert: Bert,
    tokens: Tokens,
}

impl Local {
    /// Opens the model in `folder`, preparing it when that was not done yet. The error says what is wrong.
    pub(crate) fn open(spec: &'static Spec, folder: &Path) -> Result<Arc<Local>, String> {
        let file = folder.join(PREPARED);
        if !file.is_file() {
            prepare::prepare(&spec.name, folder)?;
        }
        let header = match map(&file) {
            Ok(prepared) => prepared.header,
            // Damaged, or of a build that wrote it differently: made again from the published files.
            Err(_) => {
                prepare::prepare(&spec.name, folder)?;
                map(&file)?.header
            }
        };
        Ok(Arc::new_cyclic(|this| Local {
            spec,
            key: header.key,
            dimensions: header.hidden,
            file,
            slot: Mutex::default(),
            this: this.clone(),
            foreground: Gate::new(2, 64),
            background: Gate::new(1, 8),
        }))
    }

    pub(crate) fn is_loaded(&self) -> bool {
        self.slot().loaded.is_some()
    }

    /// The model, loaded if it is not; and whether this call loaded it.
    fn loaded(&self) -> Result<(Arc<Loaded>, bool), String> {
        let mut slot = self.slot();
        slot.quiet_minutes = 0;
        if let Some(loaded) = &slot.loaded {
            return Ok((loaded.clone(), false));
        }
        let file = map(&self.file)?;
        let loaded = Arc::new(Loaded {
            bert: Bert::new(&file)?,
            tokens: Tokens::new(&file)?,
            file,
        });
        slot.loaded = Some(loaded.clone());
        tracing::debug!(model = self.key, "loaded the model {}", self.key);
        Ok((loaded, true))
    }

    /// One more minute passed; true when the model was unloaded.
    fn minute_passed(&self) -> bool {
        let mut slot = self.slot();
        slot.quiet_minutes += 1;
        if slot.quiet_minutes <= QUIET_MINUTES {
            return false;
        }
        slot.loaded = None;
        tracing::debug!(model = self.key, "unloaded the model {}", self.key);
        true
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Slot> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn vectors(
        &self,
        model: &Loaded,
        role: Role,
        texts: &[String],
    ) -> Result<Vec<Vec<f32>>, String> {
        let prefix = match role {
            Role::Query => &self.spec.query_prefix,
            Role::Passage => &self.spec.passage_prefix,
        };
        let most = self.spec.max_tokens.min(model.file.header.positions);
        let ids = texts.par_iter().map(|text| {
            let text = format!("{prefix}{text}");
            model.tokens.ids(&model.file, &text, most)
        });
        let ids: Vec<Vec<u32>> = ids.collect::<Result<_, _>>()?;
        let groups: Vec<(Vec<usize>, Vec<Vec<f32>>)> = groups(&ids)
            .into_par_iter()
            .map_init(Room::default, |room, group| {
                let texts: Vec<&[u32]> = group.iter().map(|&at| &ids[at][..]).collect();
                let pooling = self.spec.pooling;
                let vectors = model.bert.vectors(&model.file, &texts, pooling, room);
                (group, vectors)
            })
            .collect();
        let mut all = vec![Vec::new(); texts.len()];
        for (group, vectors) in groups {
            for (at, vector) in group.into_iter().zip(vectors) {
                all[at] = vector;
            }
        }
        Ok(all)
    }
}

impl Embedder for Local {
    fn key(&self) -> &str {
        &self.key
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn embed(
        &self,
        role: Role,
        texts: Vec<String>,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EngineError>> {
        Box::pin(self.embed_on(&self.foreground, &threads::FOREGROUND, role, texts))
    }

    fn embed_in_background(
        &self,
        role: Role,
        texts: Vec<String>,
    ) -> BoxFuture<'_, Result<Vec<Vec<f32>>, EngineError>> {
        Box::pin(self.embed_on(&self.background, &threads::BACKGROUND, role, texts))
    }
}

impl Local {
    async fn embed_on(
        &self,
        gate: &Gate,
        pool: &'static LazyLock<ThreadPool>,
        role: Role,
        texts: Vec<String>,
    ) -> Result<Vec<Vec<f32>>, EngineError> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let pass = gate.enter().await?;
        let this = self.this.upgrade().ok_or(EngineError::Cancelled)?;
        let watcher = Arc::downgrade(&this);
        let work = tokio::task::spawn_blocking(move || {
            let _pass = pass;
            let (model, is_new) = this.loaded()?;
            let vectors = pool.install(|| this.vectors(&model, role, &texts))?;
            Ok::<_, String>((vectors, is_new))
        });
        let (vectors, is_new) = work
            .await
            .map_err(|_| EngineError::Cancelled)?
            .map_err(|why| EngineError::BadModel {
                name: self.spec.name.clone(),
                why,
            })?;
        if is_new {
            tokio::spawn(unload_when_quiet(watcher));
        }
        Ok(vectors)
    }
}

async fn unload_when_quiet(local: Weak<Local>) {
    loop {
        tokio::time::sleep(Duration::from_secs(60)).await;
        match local.upgrade() {
            Some(local) if !local.minute_passed() => {}
            _ => return,
        }
    }
}

/// Texts of like length together, each group at most [`TOGETHER`] tokens (or one text).
fn groups(ids: &[Vec<u32>]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by_key(|&at| std::cmp::Reverse(ids[at].len()));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut size = 0;
    for at in order {
        let length = ids[at].len();
        match groups.last_mut() {
            Some(group) if size + length <= TOGETHER => {
                group.push(at);
                size += length;
            }
            _ => {
                groups.push(vec![at]);
                size = length;
            }
        }
    }
    groups
}

fn map(file: &Path) -> Result<Prepared, String> {
    match Prepared::open(file) {
        Ok(Ok(prepared)) => Ok(prepared),
        Ok(Err(why)) => Err(why.to_owned()),
        Err(error) => Err(format!("its prepared file cannot be opened: {error}")),
    }
}
