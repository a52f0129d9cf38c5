//! `chatai restore`

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use app::clock::{Clock, SystemClock};
use clap::Args;
use domain::time::Timestamp;
use serde_json::json;
use store::error::StoreError;
use store::recovery::RecoveryCode;
use store::restore::{Lost, Opening, RestoreReport};
use store::{MasterKey, Store, StoreConfig};

use crate::boot::{Boot, private_folder};
use crate::cli::print_json;
use crate::exit::{Ending, Failure, Outcome};

/// How often a code may be typed wrongly.
const TRIES: usize = 3;

#[derive(Debug, Args)]
pub struct Restore {
    /// The backup file
    #[arg(required_unless_present = "latest")]
    file: Option<PathBuf>,
    /// The newest backup in the data folder that is whole and that this version can read
    #[arg(long, conflicts_with_all = ["file", "verify"])]
    latest: bool,
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
    /// Print the result as JSON; nothing is asked for then
    #[arg(long)]
    json: bool,
}

impl Restore {
    pub fn run(self, boot: &Boot) -> Outcome {
        if self.verify
            && let Some(file) = &self.file
        {
            let manifest = Store::verify_backup(file)?;
            let rows: u64 = manifest.rows.values().sum();
            println!(
                "{} is whole: version {}, {rows} rows",
                file.display(),
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
        let now = SystemClock.now();
        let done = match &self.file {
            Some(file) => Store::restore_opening(&data, file, &opening, now)?,
            None => Store::restore_latest_opening(&data, &opening, now)?,
        };
        if self.json {
            print_json(&as_json(&done));
            return Ok(match done.closed.is_empty() {
                true => Ending::Done,
                false => Ending::Partly,
            });
        }
        print(&done);
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

fn print(done: &RestoreReport) {
    for (path, why) in &done.passed_over {
        println!("{} was passed over: {why}", path.display());
    }
    let rows: u64 = done.manifest.rows.values().sum();
    println!(
        "{} of {} is back: {rows} rows",
        done.from.display(),
        moment(done.manifest.made_at)
    );
    if let Some(aside) = &done.set_aside {
        println!("what was there before lies in {}", aside.display());
        match &done.lost {
            Some(lost) => println!("{}", told(lost, done.manifest.made_at)),
            None => println!(
                "what came after that backup cannot be told: nothing of the old database can be read"
            ),
        }
    }
    if !done.manifest.missing.is_empty() {
        println!(
            "{} originals were missing already when the backup was made",
            done.manifest.missing.len()
        );
    }
}

/// What came after the backup, in a sentence.
fn told(lost: &Lost, made_at: Timestamp) -> String {
    let mut sentence = match lost.last_change {
        Some(last) if last > made_at => format!(
            "what came after that backup is not in it: the last change was made {} later, at {}",
            length(last, made_at),
            moment(last)
        ),
        Some(_) => "nothing was changed after that backup".to_owned(),
        None => "when the last change was made cannot be told".to_owned(),
    };
    for (table, what) in NAMED {
        match lost.rows.get(table) {
            Some(0) => {}
            Some(rows) => sentence.push_str(&format!("; {what}: {rows:+}")),
            None => sentence.push_str(&format!("; {what}: cannot be counted")),
        }
    }
    sentence
}

/// What a person would miss, by table.
const NAMED: [(&str, &str); 4] = [
    ("documents", "documents"),
    ("qa", "approved answers"),
    ("conversations", "conversations"),
    ("messages", "messages"),
];

fn as_json(done: &RestoreReport) -> serde_json::Value {
    let lost = done
        .lost
        .as_ref()
        .map(|lost| json!({ "last_change": lost.last_change.map(moment), "rows": lost.rows }));
    let passed_over: Vec<_> = done
        .passed_over
        .iter()
        .map(|(path, why)| json!({ "path": path, "why": why }))
        .collect();
    json!({
        "from": done.from,
        "made_at": moment(done.manifest.made_at),
        "rows": done.manifest.rows,
        "missing": done.manifest.missing,
        "set_aside": done.set_aside,
        "closed": done.closed,
        "lost": lost,
        "passed_over": passed_over,
    })
}

fn moment(at: Timestamp) -> String {
    let moment = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// How long after `from` that was, in the largest unit that says something.
fn length(at: Timestamp, from: Timestamp) -> String {
    let minutes = at.milliseconds_since(from) / 60_000;
    match minutes {
        0 => "less than a minute".to_owned(),
        1..120 => format!("{minutes} min"),
        _ => format!("{} h", minutes / 60),
    }
}
