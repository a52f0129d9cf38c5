//! The audit log with a million entries: how soon it is read through and held against its hashes.

use std::path::Path;
use std::process::Stdio;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::Result;
use crate::command::{command, output, run};

use super::{emptied, owned, place};

const ENTRIES: u64 = 1_000_000;

/// Measures `program` on entries that `seed` writes, and prints.
pub fn audit(program: &Path, seed: &Path, entries: Option<u64>) -> Result<()> {
    let place = place("audit");
    emptied(&place)?;
    let data = place.join("data");
    let count = entries.unwrap_or(ENTRIES);
    owned(program, &data)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let begun = Instant::now();
    run(command(seed)
        .arg(&data)
        .arg(count.to_string())
        .arg(now.to_string()))?;
    let written = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let told = output(
        command(program)
            .args(["audit", "verify", "--key-in-data", "--data"])
            .arg(&data)
            .stderr(Stdio::null()),
    )?;
    let verified = begun.elapsed().as_secs_f64();
    println!(
        "\nthe audit log: {count} entries written in {written:.1} s, read through and checked in {verified:.2} s, \
         start and end of the program included: {}",
        told.trim()
    );
    Ok(())
}
