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

/// Windows has no such limit.
#[cfg(not(unix))]
pub fn raised() -> usize {
    20_000
}

/// More than this is of no use.
#[cfg(unix)]
const ENOUGH: u64 = 65_536;
