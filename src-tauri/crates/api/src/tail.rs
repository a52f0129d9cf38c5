//! The last events of each workspace, read once for all who listen.
//!
//! A hint wakes a hundred listeners at once; the first one reads what is new, the others find it here. Whoever
//! is further behind than what is kept reads from the store by its own cursor, so nobody has gaps.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use app::App;
use app::who::Who;
use domain::event::Event;
use domain::id::WorkspaceId;

use crate::problem::Problem;

/// Events that are kept for a workspace.
const KEPT: usize = 1_024;
/// Events that are read at once.
pub const BATCH: u32 = 200;

/// The tails of all workspaces that somebody listened to.
#[derive(Default)]
pub struct Tails {
    tails: Mutex<HashMap<WorkspaceId, Arc<tokio::sync::Mutex<Tail>>>>,
}

#[derive(Default)]
struct Tail {
    // Without gaps: `events` are all events after `from`.
    from: u64,
    events: VecDeque<Event>,
    started: bool,
}

impl Tails {
    /// The events after `seq`, oldest first, at most [`BATCH`]; empty when there are none yet.
    pub async fn since(&self, app: &App, who: &Who, seq: u64) -> Result<Vec<Event>, Problem> {
        let tail = self.of(who.workspace());
        let mut tail = tail.lock().await;
        if tail.events.back().is_none_or(|last| last.seq <= seq) {
            tail.read_on(app, who, seq).await?;
        }
        if seq < tail.from {
            drop(tail);
            return Ok(app.events_since(who, seq, BATCH).await?);
        }
        let first_new = tail.events.partition_point(|event| event.seq <= seq);
        let new = tail.events.range(first_new..);
        Ok(new.take(BATCH as usize).cloned().collect())
    }

    fn of(&self, workspace: WorkspaceId) -> Arc<tokio::sync::Mutex<Tail>> {
        let mut tails = self.tails.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tails.entry(workspace).or_default())
    }
}

impl Tail {
    async fn read_on(&mut self, app: &App, who: &Who, seq: u64) -> Result<(), Problem> {
        if !self.started {
            self.started = true;
            self.from = seq;
        }
        let after = self.events.back().map_or(self.from, |last| last.seq);
        let new = app.events_since(who, after, BATCH).await?;
        self.events.extend(new);
        while self.events.len() > KEPT {
            if let Some(oldest) = self.events.pop_front() {
                self.from = oldest.seq;
            }
        }
        Ok(())
    }
}
