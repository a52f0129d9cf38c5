//! What a process takes: seconds and memory, its children's included (Linux, `/proc`).

use std::collections::HashMap;
use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::Result;

/// How often memory is looked at for its peak.
const LOOK: Duration = Duration::from_millis(20);
/// Our program's exit code for: done, but a document could not be read.
pub const PARTLY: i32 = 3;

/// What a command took.
#[derive(Debug, Clone, Copy)]
pub struct Took {
    /// Seconds on the clock.
    pub wall: f64,
    /// Seconds of processors, by it and its children.
    pub cpu: f64,
    /// Most memory of it and its children together, in megabytes, looked at every 20 ms.
    pub memory: f64,
}

/// Runs our program to its end. An error when it fails.
pub fn measured(command: &mut Command) -> Result<Took> {
    let before = ended_cpu()?;
    let begun = Instant::now();
    let mut child = command.spawn()?;
    let peak = Peak::watch(child.id());
    let status = child.wait()?;
    let wall = begun.elapsed().as_secs_f64();
    let took = Took {
        wall,
        cpu: ended_cpu()? - before,
        memory: peak.end(),
    };
    match status.code() {
        Some(0 | PARTLY) => Ok(took),
        _ => Err(format!("{:?}: {status}", command.get_program()).into()),
    }
}

/// Watches the memory of a process and its children in the background.
pub struct Peak {
    ended: Arc<AtomicBool>,
    watching: JoinHandle<f64>,
}

impl Peak {
    /// Begins now.
    pub fn watch(process: u32) -> Peak {
        let ended = Arc::new(AtomicBool::new(false));
        let told = ended.clone();
        let watching = thread::spawn(move || {
            let mut most = 0.0_f64;
            while !told.load(Ordering::Relaxed) {
                most = most.max(resident(process));
                thread::sleep(LOOK);
            }
            most
        });
        Peak { ended, watching }
    }

    /// Ends, and gives the most in megabytes.
    pub fn end(self) -> f64 {
        self.ended.store(true, Ordering::Relaxed);
        self.watching.join().unwrap_or(f64::NAN)
    }
}

/// Resident memory of a process and its children in megabytes; 0 when it is gone. What they share counts
/// for each of them.
pub fn resident(process: u32) -> f64 {
    family(process)
        .iter()
        .filter_map(|process| status(*process, "VmRSS:"))
        .sum()
}

/// A process and all below it.
fn family(process: u32) -> Vec<u32> {
    let mut parents: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry
            .file_name()
            .to_str()
            .and_then(|id| id.parse::<u32>().ok())
        else {
            continue;
        };
        if let Some(parent) = stat(&id.to_string()).get(1) {
            parents.entry(*parent as u32).or_default().push(id);
        }
    }
    let mut found = vec![process];
    let mut at = 0;
    while at < found.len() {
        found.extend(parents.remove(&found[at]).unwrap_or_default());
        at += 1;
    }
    found
}

/// A figure of `/proc/ID/status`, kilobytes there, megabytes here.
fn status(process: u32, name: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}

/// CPU seconds that a running process has taken, without its children (proc(5), stat fields 14 and 15).
pub fn used_cpu(process: u32) -> f64 {
    let fields = stat(&process.to_string());
    match (fields.get(11), fields.get(12)) {
        (Some(user), Some(system)) => (user + system) / 100.0,
        _ => f64::NAN,
    }
}

/// CPU seconds of all our children that have ended (proc(5), stat fields 16 and 17, in hundredths).
fn ended_cpu() -> Result<f64> {
    let fields = stat("self");
    match (fields.get(13), fields.get(14)) {
        (Some(user), Some(system)) => Ok((user + system) / 100.0),
        _ => Err("/proc/self/stat cannot be read".into()),
    }
}

/// The numbers behind the name in `/proc/ID/stat`, the state as 0: field 3 of proc(5) is the first.
fn stat(process: &str) -> Vec<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields = after_name.split_whitespace();
    fields.map(|field| field.parse().unwrap_or(0.0)).collect()
}
