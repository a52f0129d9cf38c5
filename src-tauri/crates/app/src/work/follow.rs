//! A look through a followed source: a job in short pieces, so that a stop or a crash loses nothing.

use std::time::Duration;

use domain::following::{Place, Trouble};
use domain::id::{DocumentId, JobId, SourceId};
use domain::job::Lease;
use store::files::StoredFile;
use store::looking::{Looked, TakenItem};

use crate::App;
use crate::error::{Error, Result};
use crate::work::is_gone;

/// How long one piece of a look takes; then others have their turn, and a stop is not kept waiting.
pub(crate) const PIECE: Duration = Duration::from_secs(6);

impl App {
    pub(crate) async fn follow_job(&self, lease: &Lease, id: SourceId) -> Result<()> {
        let store = self.workspace(lease.job.workspace_id);
        let begun = match store.followed(id).await.map_err(Error::from) {
            Err(error) if is_gone(&error) => None,
            known => Some(known?).filter(|known| !known.is_paused),
        };
        if begun.is_none() {
            self.inner.store.finish_job(lease).await?;
            return Ok(());
        }
        let followed = store.begin_look(lease, id, self.now()).await?;
        match followed.place.clone() {
            Place::Site(rules) => self.look_at_site(lease, &followed, &rules).await?,
            Place::Folder { path } => self.look_at_folder(lease, id, path).await?,
        }
        self.catch_up_soon(lease.job.workspace_id);
        Ok(())
    }

    /// Ends a look.
    pub(crate) async fn end_look(
        &self,
        lease: &Lease,
        id: SourceId,
        trouble: Option<Trouble>,
    ) -> Result<()> {
        let store = self.workspace(lease.job.workspace_id);
        let next = JobId(self.new_id());
        Ok(store.end_look(lease, id, trouble, next, self.now()).await?)
    }

    /// Keeps what was seen where there is nothing to read.
    pub(crate) async fn looked(
        &self,
        lease: &Lease,
        id: SourceId,
        key: &str,
        looked: Looked,
    ) -> Result<()> {
        let store = self.workspace(lease.job.workspace_id);
        let moved = JobId(self.new_id());
        let key = key.to_owned();
        Ok(store
            .item_looked(lease, id, key, looked, moved, self.now())
            .await?)
    }

    /// What came, ready to be kept.
    pub(crate) fn taken(&self, key: &str, file: StoredFile, media_type: String) -> TakenItem {
        TakenItem {
            key: key.to_owned(),
            file,
            media_type,
            tag: String::new(),
            modified: String::new(),
            document_id: DocumentId(self.new_id()),
            read_job: JobId(self.new_id()),
            moved_job: JobId(self.new_id()),
        }
    }
}
