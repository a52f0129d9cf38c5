//! `chatai restore`

use std::path::PathBuf;

use app::clock::{Clock, SystemClock};
use clap::Args;
use store::Store;

use crate::boot::{Boot, private_folder};
use crate::exit::{Ending, Outcome};

#[derive(Debug, Args)]
pub struct Restore {
    /// The backup file
    file: PathBuf,
    /// Only look whether the backup is whole
    #[arg(long)]
    verify: bool,
}

impl Restore {
    pub fn run(self, boot: &Boot) -> Outcome {
        if self.verify {
            let manifest = Store::verify_backup(&self.file)?;
            let rows: u64 = manifest.rows.values().sum();
            println!(
                "{} is whole: version {}, {rows} rows",
                self.file.display(),
                manifest.app_version
            );
            return Ok(Ending::Done);
        }
        let data = boot.data()?;
        private_folder(&data)?;
        let done = Store::restore(&data, &self.file, SystemClock.now())?;
        let rows: u64 = done.manifest.rows.values().sum();
        println!(
            "{} is back in {}: {rows} rows",
            self.file.display(),
            data.display()
        );
        if let Some(aside) = done.set_aside {
            println!("what was there before lies in {}", aside.display());
        }
        Ok(Ending::Done)
    }
}
