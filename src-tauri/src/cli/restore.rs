//! `chatai restore`

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use app::clock::{Clock, SystemClock};
use clap::Args;
use store::error::StoreError;
use store::recovery::RecoveryCode;
use store::restore::Opening;
use store::{MasterKey, Store, StoreConfig};

use crate::boot::{Boot, private_folder};
use crate::exit::{Ending, Failure, Outcome};

/// How often a code may be typed wrongly.
const TRIES: usize = 3;

#[derive(Debug, Args)]
pub struct Restore {
    /// The backup file
    file: PathBuf,
    /// Only look whether the backup is whole
    #[arg(long)]
    verify: bool,
    /// The recovery code, for a backup of another computer [default: asked for on the terminal where it is needed]
    #[arg(
        long,
        value_name = "CODE",
        env = "CHATAI_RECOVERY_CODE",
        hide_env_values = true
    )]
    recovery_code: Option<String>,
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
        let code = self.recovery_code.as_deref().map(RecoveryCode::parse);
        let opening = Opening {
            master_key: boot.master_key()?,
            code: code.transpose()?,
            entry: None,
        };
        let data = boot.data()?;
        private_folder(&data)?;
        let done = Store::restore_opening(&data, &self.file, &opening, SystemClock.now())?;
        let rows: u64 = done.manifest.rows.values().sum();
        println!(
            "{} is back in {}: {rows} rows",
            self.file.display(),
            data.display()
        );
        if let Some(aside) = done.set_aside {
            println!("what was there before lies in {}", aside.display());
        }
        if done.closed.is_empty() {
            return Ok(Ending::Done);
        }
        println!(
            "these secrets cannot be opened on this computer: {}",
            done.closed.join(", ")
        );
        if io::stdin().is_terminal() && opened_by_typing(&data, &opening.master_key)? {
            return Ok(Ending::Done);
        }
        println!(
            "enter them again in Settings, or open them with the recovery code: `chatai admin open-secrets CODE`"
        );
        Ok(Ending::Partly)
    }
}

/// Asks for the code; true once it opened the secrets, false when nothing was typed.
fn opened_by_typing(data: &Path, master_key: &MasterKey) -> Result<bool, Failure> {
    let config = StoreConfig {
        data: data.to_owned(),
        master_key: master_key.clone(),
    };
    let store = Store::open(config, SystemClock.now())?;
    let runtime = crate::cli::runtime()?;
    for _ in 0..TRIES {
        eprint!("recovery code (nothing: enter the secrets again later): ");
        io::stderr().flush()?;
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        let opened = RecoveryCode::parse(&line)
            .and_then(|code| runtime.block_on(store.open_with_code(code, SystemClock.now())));
        match opened {
            Ok(count) => {
                println!("opened: {count} secrets");
                return Ok(true);
            }
            Err(error @ (StoreError::BadCode | StoreError::WrongCode)) => eprintln!("{error}"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(false)
}
