//! How the program and the workspace are.

use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::Time;

/// How the workspace is.
#[derive(Debug, Serialize, ToSchema)]
pub struct Status {
    /// The program's version.
    #[schema(example = "0.1.0")]
    pub version: String,
    /// Documents by state.
    pub documents: DocumentCounts,
    /// Passages of all documents.
    #[schema(example = 1_204)]
    pub passages: u64,
    /// Passages that have a vector.
    #[schema(example = 1_180)]
    pub vectors: u64,
    /// Q&A pairs.
    #[schema(example = 18)]
    pub qa: u64,
    /// Conversations.
    #[schema(example = 7)]
    pub conversations: u64,
    /// Messages.
    #[schema(example = 52)]
    pub messages: u64,
    /// What makes vectors.
    pub embedder: Embedder,
    /// How the index is.
    pub index: IndexState,
    /// True when the demo company is loaded.
    #[schema(example = false)]
    pub demo: bool,
    /// Jobs by state; null for members who may not see jobs.
    #[schema(required)]
    pub jobs: Option<JobCounts>,
    /// When the last backup was made; null when there is none, or for members who may not see backups.
    #[schema(required)]
    pub last_backup: Option<Time>,
}

/// Documents by state.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentCounts {
    /// All.
    #[schema(example = 31)]
    pub total: u64,
    /// Those that can be found.
    #[schema(example = 29)]
    pub ready: u64,
    /// Those being read.
    #[schema(example = 1)]
    pub reading: u64,
    /// Those that wait.
    #[schema(example = 0)]
    pub pending: u64,
    /// Those that could not be read.
    #[schema(example = 1)]
    pub failed: u64,
}

/// What makes vectors.
#[derive(Debug, Serialize, ToSchema)]
pub struct Embedder {
    /// Its name; empty for keyword search alone.
    #[schema(example = "multilingual-e5-small")]
    pub name: String,
    /// Whether it can work.
    pub state: EmbedderState,
    /// Passages that have a vector of it, while it takes the place of another one, which is searched until all
    /// have; null at other times.
    #[schema(required, example = 120)]
    pub gathered: Option<u64>,
    /// Those that can be chosen, the usual one first.
    pub choices: Vec<EmbedderChoice>,
}

/// An embedder that can be chosen.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmbedderChoice {
    /// Its name.
    #[schema(example = "multilingual-e5-small")]
    pub name: String,
    /// Languages it serves, as ISO 639-1 codes; `multilingual` for about a hundred.
    #[schema(example = json!(["multilingual"]))]
    pub languages: Vec<String>,
    /// True when its model is there.
    #[schema(example = true)]
    pub installed: bool,
}

/// Whether the embedder can work.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "installed")]
pub enum EmbedderState {
    /// Keyword search alone is wanted.
    None,
    /// Its model is not there: keyword search alone for now.
    Missing,
    /// Its model is there.
    Installed,
}

/// How the index is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "ready")]
pub enum IndexState {
    /// Everything can be found.
    Ready,
    /// It is being caught up: some passages cannot be found yet.
    Rebuilding,
}

/// Jobs by state. Counted up to 200 each.
#[derive(Debug, Serialize, ToSchema)]
pub struct JobCounts {
    /// Waiting.
    #[schema(example = 3)]
    pub queued: u64,
    /// Being done.
    #[schema(example = 1)]
    pub running: u64,
    /// Given up.
    #[schema(example = 0)]
    pub dead: u64,
}

/// Every host the program spoke to since it started.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hosts {
    /// The hosts.
    pub items: Vec<Host>,
}

/// A host the program spoke to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Host {
    /// Its name, with the port.
    #[schema(example = "127.0.0.1:11434")]
    pub host: String,
    /// What for.
    #[schema(example = "engine")]
    pub purpose: String,
    /// How often.
    #[schema(example = 12)]
    pub count: u64,
    /// When first.
    pub first_at: Time,
    /// When last.
    pub last_at: Time,
}

/// The program runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    pub status: &'static str,
}
