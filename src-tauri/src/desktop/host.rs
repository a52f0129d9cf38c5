//! What the program's own window may ask of this computer (security.md C17): starting with it, the file manager, the
//! dialog for folders, another place for the data.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use api::host::{Host, Movable, Plan, Shown, Standing};
use app::health::Why;
use futures_util::future::BoxFuture;

use crate::desktop::autostart;
use crate::desktop::shell::Shell;
use crate::desktop::window;
use crate::folders;
use crate::moving;

/// This computer, behind the window.
pub struct ThisComputer {
    shell: Arc<Shell>,
    choosing: AtomicBool,
}

impl ThisComputer {
    /// Of one window.
    pub fn new(shell: Arc<Shell>) -> ThisComputer {
        ThisComputer {
            shell,
            choosing: AtomicBool::new(false),
        }
    }

    fn look(&self) -> Standing {
        let data = &self.shell.data;
        let why = self.shell.boot.data_folder().map(|folder| folder.why);
        Standing {
            bytes: moving::size(data),
            network: folders::network(data),
            movable: match why {
                Ok(Why::Usual | Why::Moved) => Movable::Yes,
                Ok(Why::Portable) => Movable::Portable,
                Ok(Why::Told) | Err(_) => Movable::Told,
            },
            old: moving::old(data),
            failed: self.shell.failed_move(),
            starts_with_computer: autostart::is_on(),
            chooses: cfg!(target_os = "linux"),
            data: data.clone(),
        }
    }

    async fn choose(&self) -> io::Result<Option<PathBuf>> {
        if self.choosing.swap(true, Ordering::Relaxed) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        // Also when whoever asked does not wait any longer.
        let _over = Over(&self.choosing);
        window::choose_folder(&self.shell).await
    }
}

impl Host for ThisComputer {
    fn standing(&self) -> BoxFuture<'_, Standing> {
        // A walk through the folder; the other side of an await is not held up by it.
        Box::pin(async move { tokio::task::block_in_place(|| self.look()) })
    }

    fn start_with_computer(&self, on: bool) -> io::Result<()> {
        autostart::set(on, self.shell.boot.data.as_ref())?;
        tracing::info!(on, "starting with the computer was switched");
        self.shell.changed.notify_one();
        Ok(())
    }

    fn show(&self, folder: Shown) {
        let folder = match folder {
            Shown::Data => Some(self.shell.data.clone()),
            Shown::Old => moving::old(&self.shell.data),
        };
        if let Some(folder) = folder {
            window::open_with_system(folder.as_os_str());
        }
    }

    fn choose_folder(&self) -> BoxFuture<'_, io::Result<Option<PathBuf>>> {
        Box::pin(self.choose())
    }

    fn plan<'a>(&'a self, to: &'a Path) -> BoxFuture<'a, Plan> {
        Box::pin(async move { tokio::task::block_in_place(|| moving::plan(&self.shell.data, to)) })
    }

    fn dropped(&self, ticket: &str) -> Option<PathBuf> {
        self.shell.dropped.fetch(ticket)
    }

    fn move_data(&self, to: PathBuf) -> io::Result<()> {
        match self.shell.move_to(to) {
            true => Ok(()),
            false => Err(io::ErrorKind::WouldBlock.into()),
        }
    }
}

/// Says at its end that nobody is choosing.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}
