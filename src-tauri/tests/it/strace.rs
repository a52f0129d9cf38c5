//! The program under strace: killed before a chosen system call, or told that the call failed. Nothing of this
//! is in the product; where strace is missing or may not trace, the tests say so and are not run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// The calls that change what lies on the disk. (Plain `write` is left out: it also wakes threads and talks to
/// the terminal; full disks try that one.)
pub const CALLS: [&str; 6] = [
    "pwrite64",
    "fsync",
    "fdatasync",
    "rename,renameat,renameat2",
    "ftruncate",
    "unlink,unlinkat",
];

/// True when strace is there and may trace.
pub fn is_here() -> bool {
    let tried = Command::new("strace")
        .args(["-f", "-b", "execve", "-qq", "-o", "/dev/null", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let works = tried.is_ok_and(|status| status.success());
    if !works {
        println!("not run: strace is missing or may not trace");
    }
    works
}

/// Only writes the calls down.
pub fn watching(log: &Path) -> Command {
    strace(log, &CALLS.join(","))
}

/// Kills the program before the `number`-th such call of any of its threads.
pub fn killing(log: &Path, calls: &str, number: u64) -> Command {
    let mut command = strace(log, calls);
    command.args([
        "-e",
        &format!("inject={calls}:signal=SIGKILL:when={number}"),
    ]);
    command
}

/// Lets the `number`-th such call of each of its threads fail; and some that come after it, when `when` says so
/// (`7`, `7..20`).
pub fn failing(log: &Path, calls: &str, when: &str, error: &str) -> Command {
    let mut command = strace(log, calls);
    command.args(["-e", &format!("inject={calls}:error={error}:when={when}")]);
    command
}

/// Puts strace before a command, with its variables.
pub fn prefix(strace: &mut Command, command: &Command) {
    strace.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        strace.env(name, value.unwrap_or_default());
    }
}

/// True when the fault was met.
pub fn was_met(log: &Path) -> bool {
    let log = fs::read_to_string(log).unwrap_or_default();
    log.contains("(INJECTED)") || log.contains("+++ killed by SIGKILL")
}

/// How many of each of [`CALLS`] one thread made at most.
pub fn counted(log: &Path) -> [u64; CALLS.len()] {
    let mut of_thread: BTreeMap<(String, usize), u64> = BTreeMap::new();
    for line in fs::read_to_string(log).unwrap().lines() {
        let Some((thread, call)) = line.split_once(' ') else {
            continue;
        };
        let Some((name, _)) = call.trim_start().split_once('(') else {
            continue;
        };
        let place = CALLS
            .iter()
            .position(|calls| calls.split(',').any(|call| call == name));
        if let Some(place) = place {
            *of_thread.entry((thread.to_owned(), place)).or_default() += 1;
        }
    }
    let mut most = [0; CALLS.len()];
    for ((_, place), count) in of_thread {
        most[place] = most[place].max(count);
    }
    most
}

/// Threads are followed, the children that read documents are not.
fn strace(log: &Path, calls: &str) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-b", "execve", "-qq", "-o"]).arg(log);
    command.args(["-e", &format!("trace={calls}")]);
    command
}
