//! `chatai update`

use std::time::Duration;

use app::updates::{Found, Stage, Trouble, Updates};
use app::who::Who;
use clap::Args;
use serde_json::json;

use crate::boot::Boot;
use crate::cli::print_json;
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::local;

/// How often a download says how far it is.
const EVERY: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub struct Update {
    /// Fetch the newer version, make a backup, and print the command that installs it
    #[arg(long)]
    download: bool,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

impl Update {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let program = Program::compose(boot).await?;
        let who = local::owner(&program, "My business").await?;
        let told = self.look(&program, &who).await;
        program.stop().await?;
        told
    }

    async fn look(&self, program: &Program, who: &Who) -> Outcome {
        let before = program.app.updates(who).await?;
        if before.host.is_none() {
            if self.json {
                return Ok(print_json(&json(&before)));
            }
            println!(
                "This is ChatAI {}. This build does not look for newer versions: nobody was named who publishes them. \
                 Get a newer one where you got this one.",
                before.installed
            );
            return Ok(Ending::Done);
        }
        let mut updates = program.app.check_for_updates(who).await?;
        refuse_trouble(&updates)?;
        let has_package = updates
            .found
            .as_ref()
            .is_some_and(|found| found.size.is_some());
        if self.download && has_package {
            if updates.stage != Stage::Downloaded {
                fetch(program, who).await?;
            }
            // Whoever types here is told the command; nothing is installed by this one.
            updates = program.app.install_update(who, false).await?;
            refuse_trouble(&updates)?;
        }
        match self.json {
            true => {
                print_json(&json(&updates));
            }
            false => tell(&updates),
        }
        Ok(Ending::Done)
    }
}

async fn fetch(program: &Program, who: &Who) -> Result<(), Failure> {
    let getting = program.app.download_update_now(who);
    tokio::pin!(getting);
    loop {
        tokio::select! {
            got = &mut getting => return got?.map(drop).map_err(failure),
            () = tokio::time::sleep(EVERY) => {
                let updates = program.app.updates(who).await?;
                let size = updates.found.and_then(|found| found.size).unwrap_or_default();
                if let Stage::Downloading(there) = updates.stage {
                    eprintln!("{} of {} MB", there / 1_000_000, size.div_ceil(1_000_000));
                }
            }
        }
    }
}

fn tell(updates: &Updates) {
    let Some(Found {
        version,
        notes,
        size,
        ..
    }) = &updates.found
    else {
        println!("ChatAI {} is the newest version", updates.installed);
        return;
    };
    println!(
        "ChatAI {version} can be had; this is {}\n\n{}\n",
        updates.installed,
        notes.en.trim()
    );
    match (&updates.stage, size) {
        (Stage::Prepared(command), _) => println!(
            "It is here and is what was published, and a backup is made. This installs it:\n\n  {command}"
        ),
        (_, Some(size)) => println!(
            "`chatai update --download` fetches it ({} MB)",
            size.div_ceil(1_000_000)
        ),
        (_, None) => println!(
            "There is no package for this copy of the program: get the newer one where you got this one"
        ),
    }
}

fn json(updates: &Updates) -> serde_json::Value {
    let found = updates.found.as_ref().map(|found| {
        json!({
            "version": found.version.to_string(), "size": found.size,
            "notes": { "en": found.notes.en, "ru": found.notes.ru },
        })
    });
    let command = match &updates.stage {
        Stage::Prepared(command) => Some(command),
        _ => None,
    };
    json!({
        "installed": updates.installed.to_string(), "host": updates.host, "found": found, "command": command,
    })
}

fn refuse_trouble(updates: &Updates) -> Result<(), Failure> {
    match updates.trouble {
        None => Ok(()),
        Some(trouble) => Err(failure(trouble)),
    }
}

fn failure(trouble: Trouble) -> Failure {
    Failure::new(match trouble {
        Trouble::Offline => {
            "only this computer may be spoken to, so nobody is asked for newer versions"
        }
        Trouble::NotEncrypted => {
            "the publisher's address is not encrypted (https): nothing was fetched"
        }
        Trouble::Unreachable => {
            "the publisher cannot be reached: look at the connection and try again"
        }
        Trouble::Refused => "the publisher answered with an error: try again later",
        Trouble::CutOff => "the connection broke; what came is kept, and the next try goes on",
        Trouble::TooLarge => "more came than was announced: it was thrown away",
        Trouble::Unsigned => "the publisher's list has no signature: it was thrown away",
        Trouble::BadSignature => {
            "the signature is not the publisher's: somebody may have changed something on the way; it was thrown away"
        }
        Trouble::Unreadable => "the publisher's list cannot be read by this version",
        Trouble::Older => {
            "an older version was offered than one that was seen before: it was thrown away"
        }
        Trouble::WrongContent => "what came is not what was published: it was thrown away",
        Trouble::WrongPackage => {
            "the package is not the version that was announced: it was thrown away"
        }
        Trouble::Full => "the disk is full: make room and try again",
        Trouble::Disk => "the data folder cannot be written",
        Trouble::NoBackup => "the backup before it could not be made: nothing was changed",
        Trouble::NotPermitted => "the system did not permit it: nothing was changed",
        Trouble::NotInstalled => "the system's installer failed",
    })
}
