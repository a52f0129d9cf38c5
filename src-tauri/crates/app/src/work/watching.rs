//! Watching the folders that are followed: a change in one lets it be looked at soon.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::following::Place;
use domain::id::{JobId, SourceId, WorkspaceId};
use domain::job::Lane;
use intake::watching::Watch;
use tokio::sync::{broadcast, mpsc, watch};

use crate::App;
use crate::error::Result;
use crate::indexes::blocking;

/// Time between two looks at which folders are followed.
const LOOK: Duration = Duration::from_secs(60);
/// Seconds of quiet after a change: who copies files copies several, and writes each bit by bit.
const QUIET_SECONDS: i64 = 2;
/// Changes that wait to be taken up; more tell nothing more.
const MOST_WAITING: usize = 64;

/// The folders that are watched.
type Watched = HashMap<(WorkspaceId, SourceId), (PathBuf, Watch)>;

/// Watches until the stop.
pub(crate) async fn keep_watching(app: App, mut stopped: watch::Receiver<bool>) {
    let (told, mut heard) = mpsc::channel(MOST_WAITING);
    let mut watched = Watched::new();
    let mut hints = app.hints();
    while !*stopped.borrow() {
        if let Err(error) = app.watch_folders(&mut watched, &told).await {
            tracing::warn!(%error, "the list of watched folders could not be read");
        }
        loop {
            tokio::select! {
                changed = heard.recv() => {
                    let Some((workspace, id)) = changed else { return };
                    app.folder_changed(workspace, id).await;
                }
                hint = hints.recv() => match hint {
                    Ok(changed) if !changed.lanes.contains(&Lane::Follow) => {}
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => break,
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                () = tokio::time::sleep(LOOK) => break,
                _ = stopped.changed() => return,
            }
        }
    }
}

impl App {
    /// Begins and ends watching, so that what is followed is watched.
    async fn watch_folders(
        &self,
        watched: &mut Watched,
        told: &mpsc::Sender<(WorkspaceId, SourceId)>,
    ) -> Result<()> {
        let followed = self.inner.store.followed_now().await?;
        let folders: HashMap<(WorkspaceId, SourceId), PathBuf> = followed
            .into_iter()
            .filter_map(|(workspace, followed)| match followed.place {
                Place::Folder { path } => Some(((workspace, followed.source_id), path.into())),
                Place::Site(_) => None,
            })
            .collect();
        watched.retain(|key, (path, _)| folders.get(key) == Some(path));
        for (key, path) in folders {
            if watched.contains_key(&key) {
                continue;
            }
            let told = told.clone();
            let begun = begin(path.clone(), move || {
                // A full queue has a change of some folder in it: regular looks find the rest.
                let _ = told.try_send(key);
            });
            match begun.await? {
                Some(watch) => {
                    watched.insert(key, (path, watch));
                    // What changed before it was watched.
                    self.folder_changed(key.0, key.1).await;
                }
                None => {
                    tracing::debug!("a folder cannot be watched; regular looks find its changes")
                }
            }
        }
        Ok(())
    }

    async fn folder_changed(&self, workspace: WorkspaceId, id: SourceId) {
        let at = self.now().plus_seconds(QUIET_SECONDS);
        let job_id = JobId(self.new_id());
        let store = self.workspace(workspace);
        if let Err(error) = store.look_soon(id, at, job_id, self.now()).await {
            tracing::debug!(%error, "a changed folder is looked at at its regular time");
        }
    }
}

async fn begin(path: PathBuf, changed: impl Fn() + Send + 'static) -> Result<Option<Watch>> {
    blocking(move || Ok(Watch::begin(Path::new(&path), changed).ok())).await
}
