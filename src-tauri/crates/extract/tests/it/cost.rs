//! What reading a document costs, by what Linux tells of processes (proc_pid_status(5)). Zero elsewhere.

use std::fs;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Memory in MiB.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    /// What this process grew by at most.
    pub grown: u64,
    /// What a child took at most.
    pub child: u64,
    /// The most address space that a child had.
    pub address_space: u64,
    /// Hundredths of a second that a child has computed: on a busy machine its wall time says little.
    pub cpu: u64,
    /// What it may have; `u64::MAX` when no child was seen.
    pub limit: u64,
}

/// Watches this process and its children.
pub struct Watch {
    before: u64,
    stop: Sender<()>,
    watching: JoinHandle<Cost>,
}

impl Watch {
    pub fn start() -> Watch {
        // The highest memory so far is forgotten (proc_pid_clear_refs(5)).
        fs::write("/proc/self/clear_refs", "5").ok();
        let before = number("self", "status", "VmRSS:");
        let (stop, stopped) = channel();
        let watching = thread::spawn(move || {
            let mut cost = Cost {
                limit: u64::MAX,
                ..Cost::default()
            };
            while stopped.recv_timeout(Duration::from_millis(2)) == Err(RecvTimeoutError::Timeout) {
                for child in children() {
                    look_at(&child, &mut cost);
                }
            }
            cost
        });
        Watch {
            before,
            stop,
            watching,
        }
    }

    pub fn stop(self) -> Cost {
        let grown = number("self", "status", "VmHWM:").saturating_sub(self.before);
        drop(self.stop);
        let cost = self.watching.join().unwrap();
        Cost {
            grown: grown / 1024,
            ..cost
        }
    }
}

fn look_at(child: &str, cost: &mut Cost) {
    // Bytes; unlimited until the child has locked itself in.
    let limit = number(child, "limits", "Max address space");
    if limit == 0 {
        return;
    }
    cost.limit = limit >> 20;
    cost.cpu = cost.cpu.max(computed(child));
    cost.child = cost.child.max(number(child, "status", "VmHWM:") / 1024);
    cost.address_space = cost
        .address_space
        .max(number(child, "status", "VmPeak:") / 1024);
}

/// The first number after a name in a file of a process; 0 when there is none.
fn number(process: &str, file: &str, name: &str) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/{file}")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or(0)
}

/// User and system time of a process in hundredths of a second (proc_pid_stat(5), fields 14 and 15).
fn computed(process: &str) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let fields = after.split_whitespace().skip(11).take(2);
    fields.filter_map(|field| field.parse::<u64>().ok()).sum()
}

fn children() -> Vec<String> {
    let this = std::process::id().to_string();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let names = processes.filter_map(|entry| entry.file_name().into_string().ok());
    names
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
        .filter(|name| {
            let stat = fs::read_to_string(format!("/proc/{name}/stat")).unwrap_or_default();
            // The parent's id follows the state, which follows the name in brackets.
            let after = stat.rsplit(')').next().unwrap_or_default();
            after.split_whitespace().nth(1) == Some(this.as_str())
        })
        .collect()
}
