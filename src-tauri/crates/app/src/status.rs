//! How the program is, for the status line, `doctor` and metrics.

use domain::id::WorkspaceId;
use domain::job::{JobState, Lane};
use domain::member::Permission;
use domain::time::Timestamp;
use engine::models::manifest;
use net::HostSeen;
use store::counts::Counts;

use crate::App;
use crate::demo::is_demo;
use crate::error::Result;
use crate::indexes::blocking;
use crate::who::Who;

/// How a workspace is.
#[derive(Debug, Clone)]
pub struct Status {
    /// The program's version.
    pub version: &'static str,
    /// What the workspace holds.
    pub counts: Counts,
    /// The embedder's name; empty when there is none.
    pub embedder: String,
    /// The embedders that can be chosen, the usual one first.
    pub embedders: Vec<EmbedderChoice>,
    /// Vectors of it that are made so far, while those of the embedder before it are searched.
    pub gathered: Option<u64>,
    /// True when its model is installed.
    pub embedder_installed: bool,
    /// True while its model is in memory.
    pub embedder_loaded: bool,
    /// Passages in the index, and how many of them have a vector there.
    pub indexed: (u64, u64),
    /// True when the demo company is loaded.
    pub demo: bool,
    /// When a backup was last made by hand.
    pub last_backup: Option<Timestamp>,
}

/// An embedder that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedderChoice {
    /// The model's name.
    pub name: String,
    /// Languages it serves, as ISO 639-1 codes; `multilingual` for about a hundred.
    pub languages: Vec<String>,
    /// True when its model is there.
    pub installed: bool,
}

/// How a thorough look at a workspace's data went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What SQLite found wrong with the database; empty when nothing is.
    pub database: Vec<String>,
    /// What is wrong with the index; `None` when nothing is.
    pub index: Option<String>,
    /// Passages of ready documents in the store.
    pub passages: u64,
    /// Passages in the index.
    pub indexed: u64,
}

impl Checked {
    /// True when nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.database.is_empty() && self.index.is_none() && self.passages == self.indexed
    }
}

impl App {
    /// How the member's workspace is.
    pub async fn status(&self, who: &Who) -> Result<Status> {
        who.must(Permission::Look)?;
        self.status_of(who.workspace()).await
    }

    async fn status_of(&self, workspace: WorkspaceId) -> Result<Status> {
        let store = self.workspace(workspace);
        let index = self.index(workspace).await?;
        let embedder = self.settings_of(workspace).await?.embedder;
        Ok(Status {
            version: env!("CARGO_PKG_VERSION"),
            counts: store.counts().await?,
            gathered: store.gathered().await?,
            embedder_loaded: self.inner.models.is_loaded(&embedder),
            embedder,
            last_backup: self.last_backup(workspace).await?,
            embedders: self.embedder_choices().await?,
            embedder_installed: self.embedder(workspace).await?.is_some(),
            indexed: (index.passages(), index.vectors()),
            demo: store
                .sources()
                .await?
                .iter()
                .any(|row| is_demo(&row.source)),
        })
    }

    async fn embedder_choices(&self) -> Result<Vec<EmbedderChoice>> {
        let models = self.inner.models.clone();
        let installed = blocking(move || Ok(models.installed())).await?;
        let choice = |spec: &manifest::Spec| EmbedderChoice {
            name: spec.name.clone(),
            languages: spec.languages.clone(),
            installed: installed.iter().any(|found| found.spec.name == spec.name),
        };
        Ok(manifest::known().iter().map(choice).collect())
    }

    /// Looks thoroughly at the database and the index of the member's workspace. Takes seconds.
    pub async fn check(&self, who: &Who) -> Result<Checked> {
        who.must(Permission::ChangeSettings)?;
        let workspace = who.workspace();
        self.catch_up(workspace).await?;
        let report = self.inner.store.check().await?;
        let index = self.verify_index(workspace).await?;
        let status = self.status_of(workspace).await?;
        Ok(Checked {
            database: report.problems,
            index,
            passages: status.counts.passages,
            indexed: status.indexed.0,
        })
    }

    /// How many jobs of each lane wait, run, or are dead.
    pub async fn job_counts(&self) -> Result<Vec<(Lane, JobState, u64)>> {
        Ok(self.inner.store.job_counts().await?)
    }

    /// What all workspaces hold together, for metrics.
    pub async fn counts_of_all(&self) -> Result<Vec<(WorkspaceId, Counts)>> {
        let mut all = Vec::new();
        for (workspace, _) in self.inner.store.workspaces().await? {
            all.push((workspace, self.workspace(workspace).counts().await?));
        }
        Ok(all)
    }

    /// Every host the program spoke to since it started.
    pub fn hosts(&self, who: &Who) -> Result<Vec<HostSeen>> {
        who.must(Permission::ChangeSettings)?;
        Ok(self.inner.net.hosts())
    }

    /// True when the store answers and can be written.
    pub async fn is_ready(&self) -> bool {
        self.inner.store.has_owner().await.is_ok() && !self.is_damaged()
    }
}
