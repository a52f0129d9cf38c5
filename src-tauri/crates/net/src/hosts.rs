//! The log of the hosts that were spoken to: no paths, no contents, bounded.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::{Clock, Purpose, lock};

/// The most hosts that are remembered; the one seen longest ago makes room.
const MOST: usize = 1_000;

/// A host that was spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostSeen {
    /// Its name, with the port where it is not the scheme's own.
    pub host: String,
    /// Why.
    pub purpose: Purpose,
    /// When first, in microseconds since 1970.
    pub first: i64,
    /// When last, in microseconds since 1970.
    pub last: i64,
    /// How many requests were sent to it.
    pub count: u64,
}

pub(crate) struct Hosts {
    clock: Clock,
    seen: Mutex<HashMap<(String, Purpose), HostSeen>>,
}

impl Hosts {
    pub(crate) fn new(clock: Clock) -> Hosts {
        Hosts {
            clock,
            seen: Mutex::default(),
        }
    }

    pub(crate) fn note(&self, host: &str, purpose: Purpose) {
        let moment = (self.clock)();
        let mut seen = lock(&self.seen);
        if let Some(known) = seen.get_mut(&(host.to_owned(), purpose)) {
            known.last = moment;
            known.count += 1;
            return;
        }
        if seen.len() >= MOST {
            let oldest = seen.iter().min_by_key(|(_, entry)| entry.last);
            if let Some(key) = oldest.map(|(key, _)| key.clone()) {
                seen.remove(&key);
            }
        }
        let entry = HostSeen {
            host: host.to_owned(),
            purpose,
            first: moment,
            last: moment,
            count: 1,
        };
        tracing::info!(host, purpose = purpose.name(), "first request to {host}");
        seen.insert((host.to_owned(), purpose), entry);
    }

    pub(crate) fn list(&self) -> Vec<HostSeen> {
        let mut list: Vec<HostSeen> = lock(&self.seen).values().cloned().collect();
        list.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| a.host.cmp(&b.host)));
        list
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    #[test]
    fn the_log_is_bounded_and_forgets_the_one_seen_longest_ago() {
        let moment = AtomicI64::new(0);
        let hosts = Hosts::new(Arc::new(move || moment.fetch_add(1, Ordering::Relaxed)));
        for number in 0..MOST {
            hosts.note(&format!("host{number}"), Purpose::Engine);
        }
        hosts.note("host0", Purpose::Engine);
        hosts.note("new", Purpose::Engine);
        let list = hosts.list();
        assert_eq!(list.len(), MOST);
        assert_eq!(list[0].host, "new");
        assert!(
            list.iter()
                .any(|seen| seen.host == "host0" && seen.count == 2)
        );
        assert!(!list.iter().any(|seen| seen.host == "host1"));
    }
}
