//! Embedders and rerankers that run on this computer.
//!
//! Owns: preparing a model's files once, mapping them, the tokenizers, BERT's forward pass, and how much of
//! the machine it may take: what somebody waits for goes first, full is an answer. Not here: which models
//! there are (`models`).

pub(crate) mod attention;
mod bert;
mod charsmap;
pub(crate) mod gate;
mod kept;
pub(crate) mod linear;
pub(crate) mod prepare;
pub(crate) mod prepared;
pub(crate) mod ranker;
mod threads;
mod tokens;
mod unigram;

use std::path::Path;
use std::sync::{Arc, LazyLock, Weak};

use futures_util::future::BoxFuture;
use rayon::ThreadPool;
use rayon::prelude::*;

use crate::embedder::{Embedder, Role};
use crate::error::EngineError;
use crate::models::manifest::Spec;
use bert::{Room, Text};
use gate::Gate;
use kept::{Kept, Loaded};
use prepare::Purpose;

/// Texts are computed together up to this many tokens: more does not make it faster.
const TOGETHER: usize = 256;

/// An embedder over a model's prepared file.
pub(crate) struct Local {
    spec: &'static Spec,
    key: String,
    dimensions: usize,
    kept: Arc<Kept>,
    /// For `embed`, which hands itself to another thread.
    this: Weak<Local>,
    foreground: Gate,
    background: Gate,
}

impl Local {
    /// Opens the model in `folder`, preparing it when that was not done yet. The error says what is wrong.
    pub(crate) fn open(spec: &'static Spec, folder: &Path) -> Result<Arc<Local>, String> {
        let (kept, header) = Kept::open(&spec.name, folder, Purpose::Vectors)?;
        Ok(Arc::new_cyclic(|this| Local {
            spec,
            key: header.key,
            dimensions: header.hidden,
            kept,
            this: this.clone(),
            foreground: Gate::new(2, 64),
            background: Gate::new(1, 8),
        }))
    }

    pub(crate) fn is_loaded(&self) -> bool {
        self.kept.is_loaded()
    }

    /// Vectors for `texts`. Broken off between two groups once nobody waits for them: nobody holds `wanted` then.
    fn vectors(
        &self,
        model: &Loaded,
        role: Role,
        texts: &[String],
        wanted: &Weak<()>,
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
            .take_any_while(|_| wanted.strong_count() > 0)
            .map_init(Room::default, |room, group| {
                let texts: Vec<Text> = group.iter().map(|&at| Text::one(&ids[at])).collect();
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
        // Dropped with this future: then nobody waits.
        let waiting = Arc::new(());
        let wanted = Arc::downgrade(&waiting);
        let work = tokio::task::spawn_blocking(move || {
            let _pass = pass;
            let model = this.kept.loaded()?;
            pool.install(|| this.vectors(&model, role, &texts, &wanted))
        });
        let vectors = work.await.map_err(|_| EngineError::Cancelled)?;
        vectors.map_err(|why| EngineError::BadModel {
            name: self.spec.name.clone(),
            why,
        })
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
