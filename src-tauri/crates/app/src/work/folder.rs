//! Looking through a folder of this computer.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use domain::following::{Item, MOST_FILES, Trouble};
use domain::id::{JobId, SourceId};
use domain::job::Lease;
use intake::folder::{self, Refusal};
use store::error::StoreError;
use store::looking::{ListedFile, Looked};

use crate::App;
use crate::error::Result;
use crate::indexes::blocking;
use crate::knowledge::MAX_FILE;
use crate::work::follow::PIECE;

/// Seconds after which a file is looked at again that was being written.
const SETTLES_SECONDS: i64 = 5;

impl App {
    pub(crate) async fn look_at_folder(
        &self,
        lease: &Lease,
        id: SourceId,
        path: String,
    ) -> Result<()> {
        let store = self.workspace(lease.job.workspace_id);
        let begun = Instant::now();
        let (root, data) = (
            PathBuf::from(path),
            self.inner.store.data_folder().to_owned(),
        );
        let wanted = root.clone();
        let listed = blocking(move || {
            // A folder can become another one behind its name.
            Ok(match folder::permitted(&wanted, &data) {
                Ok(real) if real == wanted => folder::list(&real, MOST_FILES as usize),
                Ok(_) | Err(Refusal::NotThere | Refusal::NotAFolder) => Err(Trouble::Missing),
                Err(_) => Err(Trouble::Unreadable),
            })
        })
        .await?;
        let listing = match listed {
            Ok(listing) => listing,
            Err(trouble) => return self.end_look(lease, id, Some(trouble)).await,
        };
        // A disk that is not connected leaves an empty folder behind.
        let counts = store.followed(id).await?.counts;
        if listing.files.is_empty() && counts.read >= 2 {
            return self.end_look(lease, id, Some(Trouble::Emptied)).await;
        }
        let had_files = !listing.files.is_empty();
        let files: Vec<ListedFile> = listing
            .files
            .into_iter()
            .map(|file| ListedFile {
                name: folder::name_of(&file.key),
                key: file.key,
                modified: file.modified,
            })
            .collect();
        store
            .folder_listed(lease, id, files, listing.is_cut, MOST_FILES)
            .await?;
        while let Some(item) = store.due_item(id).await? {
            if begun.elapsed() >= PIECE || store.followed(id).await?.is_paused {
                return Ok(store.put_look_aside(lease, id, self.now()).await?);
            }
            // Taken away while it was looked through: what is not there then is not gone.
            let is_missing = item.depth > 0 && had_files;
            if is_missing && is_empty_now(&root).await? {
                return self.end_look(lease, id, Some(Trouble::Missing)).await;
            }
            self.look_at_file(lease, id, &root, &item).await?;
        }
        self.end_look(lease, id, None).await
    }

    async fn look_at_file(
        &self,
        lease: &Lease,
        id: SourceId,
        root: &Path,
        item: &Item,
    ) -> Result<()> {
        let (root, key) = (root.to_owned(), item.key.clone());
        let opened = blocking(move || Ok(folder::open(&root, &key))).await?;
        let opened = match opened {
            Ok(opened) => opened,
            Err(Trouble::NotFound) => {
                return self.looked(lease, id, &item.key, Looked::Gone).await;
            }
            Err(trouble) => {
                return self
                    .looked(lease, id, &item.key, Looked::Failed(trouble))
                    .await;
            }
        };
        if opened.size > MAX_FILE {
            let looked = Looked::LeftOut(Trouble::TooLarge);
            return self.looked(lease, id, &item.key, looked).await;
        }
        let has_failed = Arc::new(AtomicBool::new(false));
        let reading = opened.reading(Arc::clone(&has_failed));
        let put = match reading {
            Ok(reading) => self.inner.store.put_file(reading, MAX_FILE).await,
            Err(error) => Err(StoreError::Unreadable(error.to_string())),
        };
        let looked = match put {
            Ok(stored) if stored.size == 0 => Looked::LeftOut(Trouble::Empty),
            Ok(_) if !opened.is_settled() => {
                let soon = self.now().plus_seconds(SETTLES_SECONDS);
                let store = self.workspace(lease.job.workspace_id);
                let job_id = JobId(self.new_id());
                store.look_soon(id, soon, job_id, self.now()).await?;
                Looked::Failed(Trouble::Changing)
            }
            Ok(stored) => {
                let mut taken = self.taken(&item.key, stored, String::new());
                taken.modified.clone_from(&opened.modified);
                let store = self.workspace(lease.job.workspace_id);
                store.item_taken(lease, id, taken, self.now()).await?;
                return Ok(());
            }
            Err(StoreError::TooLarge) => Looked::LeftOut(Trouble::TooLarge),
            Err(_) if has_failed.load(Ordering::Relaxed) => Looked::Failed(Trouble::Unreadable),
            Err(StoreError::Unreadable(_)) => Looked::Failed(Trouble::Unreadable),
            Err(error) => return Err(error.into()),
        };
        self.looked(lease, id, &item.key, looked).await
    }
}

async fn is_empty_now(root: &Path) -> Result<bool> {
    let root = root.to_owned();
    blocking(move || Ok(folder::is_empty(&root))).await
}
