//! How much memory there is: of the computer, of the group of processes that this one belongs to (a container, a
//! service with a limit), and of the addresses that this process may take (`ulimit -v`).
//!
//! A model that finds too little is refused in words. What cannot be had while it computes would end the whole program.

#[cfg(target_os = "linux")]
use std::fs;

/// All memory, and what of it can be had now, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) whole: u64,
    pub(crate) free: u64,
}

/// The memory of the computer, or of this process's group where that has less; nothing where the system does not say.
#[cfg(target_os = "linux")]
pub(crate) fn memory() -> Option<Memory> {
    let computer = of_computer(&fs::read_to_string("/proc/meminfo").ok()?)?;
    Some(match of_group() {
        Some(group) => Memory {
            whole: computer.whole.min(group.whole),
            free: computer.free.min(group.free),
        },
        None => computer,
    })
}

/// Bytes that this process can still take, by its own memory and by its addresses; nothing where neither is known.
#[cfg(all(target_os = "linux", feature = "candle"))]
pub(crate) fn left() -> Option<u64> {
    let addresses = || {
        let limits = fs::read_to_string("/proc/self/limits").ok()?;
        let status = fs::read_to_string("/proc/self/status").ok()?;
        addresses_left(&limits, &status)
    };
    let free = memory().map(|memory| memory.free);
    [free, addresses()].into_iter().flatten().min()
}

/// The system does not say it in a way that is known here.
#[cfg(not(target_os = "linux"))]
pub(crate) fn memory() -> Option<Memory> {
    None
}

/// The system does not say it in a way that is known here.
#[cfg(all(not(target_os = "linux"), feature = "candle"))]
pub(crate) fn left() -> Option<u64> {
    None
}

/// From `/proc/meminfo` (proc_meminfo(5)).
#[cfg(target_os = "linux")]
fn of_computer(told: &str) -> Option<Memory> {
    Some(Memory {
        whole: kibibytes(told, "MemTotal:")?,
        free: kibibytes(told, "MemAvailable:")?,
    })
}

/// From the files of this process's group (cgroups(7), version 2); nothing where it has no limit.
#[cfg(target_os = "linux")]
fn of_group() -> Option<Memory> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let path = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    let number = |file: &str| -> Option<u64> {
        let told = fs::read_to_string(format!("/sys/fs/cgroup/{path}/{file}")).ok()?;
        told.trim().parse().ok()
    };
    let whole = number("memory.max")?;
    Some(Memory {
        whole,
        free: whole.saturating_sub(number("memory.current")?),
    })
}

/// What is left of the limit on addresses, from `/proc/self/limits` and `/proc/self/status`; nothing without a limit.
#[cfg(all(target_os = "linux", feature = "candle"))]
fn addresses_left(limits: &str, status: &str) -> Option<u64> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max address space"))?;
    // "unlimited" is no number.
    let limit: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(limit.saturating_sub(kibibytes(status, "VmSize:")?))
}

#[cfg(target_os = "linux")]
fn kibibytes(told: &str, name: &str) -> Option<u64> {
    let line = told.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(number * 1024)
}

#[cfg(all(test, target_os = "linux", feature = "candle"))]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_understood() {
        let told = "MemTotal:       16000000 kB\nMemFree:  1 kB\nMemAvailable:    9000000 kB\n";
        let memory = of_computer(told).unwrap();
        assert_eq!(memory.whole, 16_000_000 * 1024);
        assert_eq!(memory.free, 9_000_000 * 1024);
        assert_eq!(of_computer("nonsense"), None);
    }

    #[test]
    fn a_limit_on_addresses_counts_what_is_taken() {
        let limits = "Limit  Soft Limit  Hard Limit  Units\nMax address space         1048576000           unlimited            bytes\n";
        let status = "Name:\tchatai\nVmPeak:\t  900000 kB\nVmSize:\t  524288 kB\n";
        assert_eq!(
            addresses_left(limits, status),
            Some(1_048_576_000 - (512 << 20))
        );
        let more = status.replace("524288", "9999999");
        assert_eq!(addresses_left(limits, &more), Some(0));
        let none = "Max address space         unlimited            unlimited            bytes\n";
        assert_eq!(addresses_left(none, status), None);
    }

    #[test]
    fn this_computer_says_how_much_it_has() {
        let memory = memory().unwrap();
        assert!(memory.free > 0 && memory.free <= memory.whole);
        assert!(left().is_some_and(|left| left > 0));
    }
}
