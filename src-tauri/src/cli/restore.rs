//! `chatai restore`

use std::path::PathBuf;

use app::clock::{Clock, SystemClock};
use clap::Args;
use domain::time::Timestamp;
use serde_json::json;
use store::Store;
use store::restore::{Lost, RestoreReport};

use crate::boot::{Boot, private_folder};
use crate::cli::print_json;
use crate::exit::{Ending, Outcome};

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
    /// Print the result as JSON
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
        let data = boot.data()?;
        private_folder(&data)?;
        let now = SystemClock.now();
        let done = match &self.file {
            Some(file) => Store::restore(&data, file, now)?,
            None => Store::restore_latest(&data, now)?,
        };
        match self.json {
            true => {
                print_json(&as_json(&done));
            }
            false => print(&done),
        }
        Ok(Ending::Done)
    }
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
