//! `cargo xtask hostile [DIR…]`: every bomb at its full size, and whatever hostile files there are, read one by
//! one in child processes; what each costs is printed, and the command fails where a limit does not hold.

use std::env;
use std::fs;
use std::path::PathBuf;

use crate::Result;
use crate::binary::{cargo, target};
use crate::command::run;

/// Makes the bombs in one run of the tests and reads them in another.
pub fn hostile(folders: &[String]) -> Result<()> {
    let bombs = target().join("bombs");
    run(tests("bombs_of_full_size").env("CHATAI_BOMBS", &bombs))?;
    let mut all: Vec<PathBuf> = vec![bombs.clone()];
    for folder in folders {
        all.push(fs::canonicalize(folder).map_err(|error| format!("{folder}: {error}"))?);
    }
    let all = env::join_paths(all)?;
    let read = run(tests("hostile_files_keep").env("CHATAI_HOSTILE", all));
    // They take more than a gigabyte.
    fs::remove_dir_all(&bombs)?;
    read
}

fn tests(name: &str) -> std::process::Command {
    let mut tests = cargo();
    tests
        .args(["test", "--profile", "bench", "--locked", "-p", "extract"])
        .args(["--test", "it", "--", "--nocapture", name]);
    tests
}
