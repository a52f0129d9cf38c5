//! Sign-ins that were refused, on their way into the audit log: which account was tried, from where, how often.
//!
//! Guessing must not fill the log: an account has at most one entry in ten minutes, which says how many tries it
//! stands for. Nor may the log tell whoever guesses which accounts there are: it is written beside the answer, never
//! before it. What was counted and not written when the program ends is lost; the first try of a row never is.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use domain::audit::{Deed, Entry, Wrong};
use domain::id::{MemberId, WorkspaceId};
use domain::member::Member;
use domain::time::Timestamp;
use store::error::StoreError;

use crate::App;

/// Milliseconds in which an account has one entry.
const APART: i64 = 10 * 60 * 1_000;

/// What was counted, and who writes it down.
#[derive(Debug, Default)]
pub(crate) struct Refusals {
    counted: Mutex<HashMap<Key, Counted>>,
    /// One writes at a time, and who reads the log waits for what is being written.
    writing: tokio::sync::Mutex<()>,
}

/// An account, nobody's ones being one together, and what did not fit. Bounded by the members there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    workspace: WorkspaceId,
    member: Option<MemberId>,
    wrong: Wrong,
}

#[derive(Debug, Clone)]
struct Counted {
    /// The member's name; empty for an account that nobody has.
    account: String,
    /// Where the newest try came from.
    address: IpAddr,
    at: Timestamp,
    /// Tries that no entry tells of yet.
    tries: u32,
    /// When the last entry was written.
    written: Option<Timestamp>,
}

impl Counted {
    fn is_due(&self, now: Timestamp) -> bool {
        let is_apart = |written| now.milliseconds_since(written) >= APART;
        self.tries > 0 && self.written.is_none_or(is_apart)
    }
}

impl App {
    /// Counts a refused sign-in, and has it written down when it is the account's first in a while.
    pub(crate) async fn refused(
        &self,
        member: Option<&Member>,
        wrong: Wrong,
        address: IpAddr,
    ) -> crate::error::Result<()> {
        let workspace = match member {
            Some(member) => member.workspace_id,
            None => {
                let all = self.inner.store.workspaces().await?;
                // In one of several it would be a guess.
                let [(only, _)] = all.as_slice() else {
                    return Ok(());
                };
                *only
            }
        };
        let key = Key {
            workspace,
            member: member.map(|member| member.id),
            wrong,
        };
        let now = self.now();
        let is_due = {
            let mut all = self.counted();
            let counted = all.entry(key).or_insert_with(|| Counted {
                account: String::new(),
                address,
                at: now,
                tries: 0,
                written: None,
            });
            counted.account = member.map_or_else(String::new, |member| member.name.clone());
            (counted.address, counted.at) = (address, now);
            counted.tries = counted.tries.saturating_add(1);
            counted.is_due(now)
        };
        if is_due {
            let app = self.clone();
            tokio::spawn(async move { app.write_refusals(workspace).await });
        }
        Ok(())
    }

    /// Whoever gets in finds in the log what was tried before them.
    pub(crate) async fn write_refusals_of(&self, member: &Member) {
        for (key, counted) in self.counted().iter_mut() {
            if key.member == Some(member.id) {
                counted.written = None;
            }
        }
        self.write_refusals(member.workspace_id).await;
    }

    /// Writes down what is due in a workspace.
    pub(crate) async fn write_refusals(&self, workspace: WorkspaceId) {
        let _writing = self.inner.refusals.writing.lock().await;
        for entry in self.due_refusals(workspace) {
            match self.workspace(workspace).note(entry).await {
                Ok(()) => {}
                Err(StoreError::Full | StoreError::Io(_)) => {
                    tracing::warn!(
                        "a refused sign-in is missing in the audit log: the disk is full"
                    );
                }
                Err(error) => {
                    tracing::error!(%error, "a refused sign-in could not be written into the audit log");
                }
            }
        }
    }

    fn due_refusals(&self, workspace: WorkspaceId) -> Vec<Entry> {
        let now = self.now();
        let mut all = self.counted();
        let mut entries = Vec::new();
        for (key, counted) in all.iter_mut() {
            if key.workspace != workspace || !counted.is_due(now) {
                continue;
            }
            let deed = Deed::SignInRefused {
                account: counted.account.clone(),
                wrong: key.wrong,
                address: counted.address.to_string(),
                tries: std::mem::take(&mut counted.tries),
            };
            counted.written = Some(now);
            let (by, at) = (None, counted.at);
            entries.push(Entry { by, deed, at });
        }
        entries.sort_by_key(|entry| entry.at);
        entries
    }

    fn counted(&self) -> std::sync::MutexGuard<'_, HashMap<Key, Counted>> {
        let counted = &self.inner.refusals.counted;
        counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
