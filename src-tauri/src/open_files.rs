//! How many files this process may have open: connections are files too.

/// Raises the limit as far as the system lets and says where it stands.
#[cfg(unix)]
pub fn raised() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let found = getrlimit(Resource::Nofile);
    // `None` is no limit at all.
    let Some(current) = found.current else {
        return usize::MAX;
    };
    let wanted = found.maximum.map_or(ENOUGH, |most| most.min(ENOUGH));
    if wanted <= current {
        return usize::try_from(current).unwrap_or(usize::MAX);
    }
    let raised = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: Some(wanted),
            maximum: found.maximum,
        },
    );
    let stands = match raised {
        Ok(()) => wanted,
        Err(error) => {
            tracing::debug!(%error, "the limit of open files stays where it was");
            current
        }
    };
    usize::try_from(stands).unwrap_or(usize::MAX)
}

/// How many bots may be run with so many open files: each holds a connection all the time, and at most 60 % of the
/// files are theirs.
pub fn bots_within(open_files: usize) -> usize {
    open_files.saturating_mul(6) / 10
}

/// Windows has no such limit.
#[cfg(not(unix))]
pub fn raised() -> usize {
    20_000
}

/// More than this is of no use.
#[cfg(unix)]
const ENOUGH: u64 = 65_536;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bots_leave_files_for_everybody_else() {
        assert_eq!(bots_within(256), 153);
        assert_eq!(bots_within(1_024), 614);
        assert!(bots_within(65_536) > 1_000);
        assert!(bots_within(usize::MAX) > 1_000);
    }
}
