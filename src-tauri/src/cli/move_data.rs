//! `chatai move-data`: the data folder in another place, whole or not at all (`moving`).

use std::path::PathBuf;

use app::health::Why;
use clap::Args;

use crate::boot::Boot;
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::folders;
use crate::moving;

const MEGABYTE: u64 = 1_000_000;

#[derive(Debug, Args)]
pub struct MoveData {
    /// The new data folder: not there yet, or empty
    #[arg(value_name = "DIR")]
    to: PathBuf,
}

impl MoveData {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let from = boot.data_folder()?;
        let to = std::path::absolute(&self.to)?;
        if !from.path.is_dir() {
            return Err(Failure::new(format!(
                "there is no data in {}",
                from.path.display()
            )));
        }
        let plan = moving::plan(&from.path, &to);
        if let Some(kind) = plan.network {
            return Err(Failure::new(format!(
                "{} lies on another computer ({kind}), where a break of the network can damage the data: nothing was \
                 moved",
                to.display()
            )));
        }
        if let Some(hindrance) = plan.hindrance {
            return Err(Failure::new(format!(
                "{}: {}; nothing was moved",
                to.display(),
                hindrance.told()
            )));
        }
        let free = plan
            .free
            .map(|free| format!("; {} MB are free", free / MEGABYTE));
        println!(
            "{} MB are copied{}",
            plan.bytes / MEGABYTE,
            free.unwrap_or_default()
        );
        // It opens only when nothing else runs on it, and closes with everything written.
        Program::compose(boot).await?.stop().await?;
        let is_found_later = matches!(from.why, Why::Moved | Why::Usual);
        let note = || match is_found_later {
            true => folders::note_moved(&to),
            false => Ok(()),
        };
        moving::carry(boot, &from.path, &to, || true, note).await?;
        println!("the data lies in {} now", to.display());
        match from.why {
            Why::Told => println!("say so at the next start: --data {}", to.display()),
            Why::Portable => println!(
                "it is no longer beside the program: say so at the next start, --data {}",
                to.display()
            ),
            Why::Moved | Why::Usual => println!("later starts find it there"),
        }
        match moving::set_aside(&from.path, &to) {
            Ok(aside) => println!(
                "the old folder is {} now; delete it when you have seen that all is well",
                aside.display()
            ),
            Err(error) => println!(
                "the old folder is still {} ({error}); delete it when you have seen that all is well",
                from.path.display()
            ),
        }
        Ok(Ending::Done)
    }
}
