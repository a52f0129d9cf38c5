//! `cargo xtask bench`: how fast and how small the release program is, beside others that install from the
//! ordinary registries, all measured in one run.
//!
//! Owns: what is measured and how it is told. Numbers are printed, never asserted: as medians with their
//! spread, as ratios of the peer to us in the same round, and with CPU seconds beside wall time, because
//! machines differ and are shared. Linux only: it reads `/proc`. The peers' side lies in `xtask/peers`.

mod audit;
mod chat;
mod documents;
mod embed;
mod figures;
mod inbox;
mod ingest;
pub mod node;
mod office;
mod pdf;
pub mod peer;
mod process;
pub mod python;
mod search;
mod start;
mod telegram;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::Result;
use crate::binary::{self, Shape, cargo, target};
use crate::command::{command, run};
use crate::metadata::root;

const USAGE: &str = "\
cargo xtask bench [start] [ingest [DOCUMENTS]] [search [PASSAGES]] [embed] [chat] [telegram [BOTS]]
                  [inbox [CONVERSATIONS]] [audit [ENTRIES]] [--built FOLDER]
  all eight, when none is named; --built takes chatai and examples/ from FOLDER instead of building them;
  ingest with a number reads so many documents once, without the peers: time, and most memory";

/// Measures what `arguments` name.
///
/// # Errors
/// A build or an install failed, or a program did not do what was asked.
pub fn bench(arguments: &[String]) -> Result<()> {
    let mut named = Vec::new();
    let mut sizes: Vec<u64> = Vec::new();
    let mut ours = Ours::Built;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--built" => {
                let folder = PathBuf::from(rest.next().ok_or(USAGE)?);
                ours = Ours::Found(folder.canonicalize()?);
            }
            "start" | "ingest" | "search" | "embed" | "chat" | "telegram" | "inbox" | "audit" => {
                named.push(argument.as_str())
            }
            other => sizes.push(other.parse().map_err(|_| USAGE)?),
        }
    }
    let wanted = |name: &str| named.is_empty() || named.contains(&name);
    if wanted("start") {
        start::start(&ours.program()?)?;
    }
    if wanted("ingest") {
        // A number beside it alone is its documents, beside the search its passages.
        match sizes.first().filter(|_| named == ["ingest"]) {
            Some(documents) => ingest::many(&ours.program()?, usize::try_from(*documents)?)?,
            None => ingest::ingest(&ours.program()?)?,
        }
    }
    if wanted("search") {
        search::search(&ours.example("search", "speed")?, &sizes)?;
    }
    if wanted("embed") {
        embed::embed(&ours.example("engine", "embed_speed")?)?;
    }
    if wanted("chat") {
        chat::chat(&ours.example("engine", "chat_speed")?)?;
    }
    if wanted("telegram") {
        // A number beside it alone is its bots, beside the search its passages.
        let bots = sizes.first().filter(|_| named == ["telegram"]);
        let stand_in = ours.example("botapi", "telegram")?;
        telegram::telegram(&ours.program()?, &stand_in, bots.copied())?;
    }
    if wanted("inbox") {
        // A number beside it alone is its conversations.
        let conversations = sizes.first().filter(|_| named == ["inbox"]);
        let seed = ours.example("store", "inbox")?;
        inbox::inbox(&ours.program()?, &seed, conversations.copied())?;
    }
    if wanted("audit") {
        // A number beside it alone is its entries.
        let entries = sizes.first().filter(|_| named == ["audit"]);
        let seed = ours.example("store", "audit")?;
        audit::audit(&ours.program()?, &seed, entries.copied())?;
    }
    Ok(())
}

/// Our side.
enum Ours {
    /// Built when it is needed.
    Built,
    /// Found in this folder.
    Found(PathBuf),
}

impl Ours {
    /// The headless program.
    fn program(&self) -> Result<PathBuf> {
        match self {
            Ours::Built => binary::release(Shape::Headless),
            Ours::Found(folder) => Ok(folder.join("chatai")),
        }
    }

    /// An example of a room; built as release code without the minutes that LTO takes.
    fn example(&self, room: &str, name: &str) -> Result<PathBuf> {
        if let Ours::Found(folder) = self {
            return Ok(folder.join("examples").join(name));
        }
        run(cargo()
            .args(["build", "--profile", "bench", "--locked"])
            .args(["-p", room, "--example", name]))?;
        Ok(target().join("release/examples").join(name))
    }
}

/// Where everything that is made for measuring lies.
pub fn place(name: &str) -> PathBuf {
    root().join("target/bench").join(name)
}

/// Where models lie.
fn models_folder() -> PathBuf {
    root().join("target/models")
}

/// Who owns the data folders that are measured.
const EMAIL: &str = "owner@bench.example";
const PASSWORD: &str = "a long sentence for measuring";

/// Makes a data folder of `program` with its first owner.
fn owned(program: &Path, data: &Path) -> Result<()> {
    let mut owner = command(program);
    run(owner
        .args(["admin", "create-owner", "--email", EMAIL])
        .args(["--key-in-data", "--data"])
        .arg(data)
        .env("CHATAI_PASSWORD", PASSWORD)
        .stdout(Stdio::null()))
}

/// An empty folder there.
pub fn emptied(folder: &Path) -> Result<()> {
    let _ = std::fs::remove_dir_all(folder);
    Ok(std::fs::create_dir_all(folder)?)
}
