//! Noticing that something changed in a folder, by the system's own means.
//!
//! Only that something changed is told: what it was, a look at the folder says. Shares of the network tell nothing;
//! regular looks do.

use std::path::Path;

use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// The system cannot watch a folder: it is gone, or too many are watched.
#[derive(Debug, thiserror::Error)]
#[error("watch the folder")]
pub struct CannotWatch(#[source] notify::Error);

/// A folder that is watched until this is dropped.
pub struct Watch {
    _watcher: RecommendedWatcher,
}

impl Watch {
    /// Watches a folder with all that lies in it; `changed` is called for every change, from another thread.
    ///
    /// # Errors
    /// [`CannotWatch`].
    pub fn begin(root: &Path, changed: impl Fn() + Send + 'static) -> Result<Watch, CannotWatch> {
        let heard = move |event: notify::Result<Event>| match event {
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => {}
            // An error means that something may have been missed.
            Ok(_) | Err(_) => changed(),
        };
        let config = Config::default().with_follow_symlinks(false);
        let mut watcher = RecommendedWatcher::new(heard, config).map_err(CannotWatch)?;
        watcher
            .watch(root, RecursiveMode::Recursive)
            .map_err(CannotWatch)?;
        Ok(Watch { _watcher: watcher })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_change_in_a_folder_below_is_heard() {
        let place = tempfile::tempdir().unwrap();
        let (told, heard) = mpsc::sync_channel(1);
        let _watch = Watch::begin(place.path(), move || {
            // Full is told already.
            let _ = told.try_send(());
        })
        .unwrap();
        std::fs::create_dir(place.path().join("sub")).unwrap();
        heard.recv_timeout(Duration::from_secs(30)).unwrap();
        assert!(Watch::begin(&place.path().join("none"), || ()).is_err());
    }
}
