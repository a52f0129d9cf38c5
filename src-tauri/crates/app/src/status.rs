//! How the program is, for the status line, `doctor` and metrics.

use domain::id::WorkspaceId;
use domain::member::Permission;
use net::HostSeen;
use store::counts::Counts;

use crate::App;
use crate::demo::is_demo;
use crate::error::Result;
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
    /// True when its model is installed.
    pub embedder_installed: bool,
    /// Passages in the index, and how many of them have a vector there.
    pub indexed: (u64, u64),
    /// True when the demo company is loaded.
    pub demo: bool,
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
        Ok(Status {
            version: env!("CARGO_PKG_VERSION"),
            counts: store.counts().await?,
            embedder: self.settings_of(workspace).await?.embedder,
            embedder_installed: self.embedder(workspace).await?.is_some(),
            indexed: (index.passages(), index.vectors()),
            demo: store
                .sources()
                .await?
                .iter()
                .any(|row| is_demo(&row.source)),
        })
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

    /// True when the store answers.
    pub async fn is_ready(&self) -> bool {
        self.inner.store.has_owner().await.is_ok()
    }
}
