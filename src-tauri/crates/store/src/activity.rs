//! What was said and answered, day by day: the series behind the charts. Without the Playground.

use std::collections::HashMap;

use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::{Workspace, sql};

/// The most messages that are walked, the newest first, and the most conversations.
pub const MOST: u32 = 300_000;

/// What was said and answered in some days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Activity {
    /// The days, in the order that was asked for.
    pub days: Vec<ActivityDay>,
    /// Where more was said than is walked: the moment before which figures are missing.
    pub whole_since: Option<Timestamp>,
}

/// What was said and answered in a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityDay {
    /// Conversations that began.
    pub conversations: u64,
    /// Customers' messages.
    pub asked: u64,
    /// The assistant's replies that the knowledge answered.
    pub answered: u64,
    /// Those that were refused.
    pub refused: u64,
    /// Those that handed over to a person.
    pub handed_over: u64,
    /// What people replied.
    pub by_people: u64,
    /// Half of the customers who wrote on this day had a reply within so many milliseconds; nothing when nobody
    /// had one.
    pub median_wait_ms: Option<u64>,
}

impl Workspace {
    /// The days between neighbouring `edges`, which ascend: one day fewer than there are edges.
    pub async fn activity(&self, edges: Vec<Timestamp>) -> Result<Activity, StoreError> {
        self.read(move |conn, workspace| {
            let (Some(first), Some(last)) = (edges.first().copied(), edges.last().copied()) else {
                return Ok(Activity::default());
            };
            let owner = workspace.0.into_bytes();
            let mut said = said(conn, owner, first, last)?;
            let whole_since = (said.len() > MOST as usize).then(|| said.pop()).flatten();
            let mut counted: Vec<Counted> = edges.windows(2).map(|_| Counted::default()).collect();
            let day_of = |at| edges.partition_point(|edge| *edge <= at).checked_sub(1);
            for begun in conversations(conn, owner, first, last)? {
                if let Some(counted) = day_of(begun).and_then(|day| counted.get_mut(day)) {
                    counted.day.conversations += 1;
                }
            }
            // Who waits for a reply in which conversation, since when.
            let mut waiting: HashMap<[u8; 16], Timestamp> = HashMap::new();
            for said in said.iter().rev() {
                let Some(counted_now) = day_of(said.at).and_then(|day| counted.get_mut(day)) else {
                    continue;
                };
                counted_now.add(said.what);
                if said.what == What::Asked {
                    waiting.entry(said.conversation).or_insert(said.at);
                    continue;
                }
                let Some(asked_at) = waiting.remove(&said.conversation) else {
                    continue;
                };
                let waited = said.at.milliseconds_since(asked_at).max(0).unsigned_abs();
                if let Some(asked_on) = day_of(asked_at).and_then(|day| counted.get_mut(day)) {
                    asked_on.waits.push(waited);
                }
            }
            Ok(Activity {
                days: counted.into_iter().map(Counted::day).collect(),
                whole_since: whole_since.map(|said| said.at),
            })
        })
        .await
    }
}

/// Something that was said.
#[derive(Debug, Clone, Copy)]
struct Said {
    at: Timestamp,
    conversation: [u8; 16],
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Asked,
    Answered,
    Refused,
    HandedOver,
    ByPeople,
    Otherwise,
}

/// A day that is being counted, with how long each customer waited, in milliseconds.
#[derive(Debug, Default)]
struct Counted {
    day: ActivityDay,
    waits: Vec<u64>,
}

impl Counted {
    fn add(&mut self, what: What) {
        match what {
            What::Asked => self.day.asked += 1,
            What::Answered => self.day.answered += 1,
            What::Refused => self.day.refused += 1,
            What::HandedOver => self.day.handed_over += 1,
            What::ByPeople => self.day.by_people += 1,
            What::Otherwise => {}
        }
    }

    fn day(mut self) -> ActivityDay {
        let middle = self.waits.len().saturating_sub(1) / 2;
        if !self.waits.is_empty() {
            let (_, median, _) = self.waits.select_nth_unstable(middle);
            self.day.median_wait_ms = Some(*median);
        }
        self.day
    }
}

/// What was said, the newest first; one more than [`MOST`] when there is more.
fn said(
    conn: &Connection,
    owner: [u8; 16],
    first: Timestamp,
    last: Timestamp,
) -> Result<Vec<Said>, StoreError> {
    sql::many(
        conn,
        "SELECT m.created_at, m.conversation_id, m.author, m.outcome
         FROM messages m INDEXED BY messages_by_time
         JOIN conversations v ON v.workspace_id = m.workspace_id AND v.id = m.conversation_id
         WHERE m.workspace_id = ?1 AND m.created_at >= ?2 AND m.created_at < ?3 AND v.channel <> 'playground'
         ORDER BY m.created_at DESC, m.conversation_id DESC, m.seq DESC LIMIT ?4",
        params![owner, first.0, last.0, MOST + 1],
        |row| {
            let author = row.get_ref(2)?;
            let outcome = row.get_ref(3)?;
            let what = match (author.as_str().unwrap_or_default(), outcome.as_str().ok()) {
                ("contact", _) => What::Asked,
                ("member", _) => What::ByPeople,
                (_, Some("answered" | "answered_by_qa")) => What::Answered,
                (_, Some("refused")) => What::Refused,
                (_, Some("handed_over")) => What::HandedOver,
                _ => What::Otherwise,
            };
            Ok(Said {
                at: sql::time_at(row, 0)?,
                conversation: row.get(1)?,
                what,
            })
        },
    )
}

/// When conversations began, at most [`MOST`]. One that began after a moment was spoken in after it.
fn conversations(
    conn: &Connection,
    owner: [u8; 16],
    first: Timestamp,
    last: Timestamp,
) -> Result<Vec<Timestamp>, StoreError> {
    sql::many(
        conn,
        "SELECT created_at FROM conversations INDEXED BY conversations_by_last
         WHERE workspace_id = ?1 AND last_at >= ?2 AND created_at >= ?2 AND created_at < ?3
           AND channel <> 'playground' AND last_seq > 0
         ORDER BY last_at DESC LIMIT ?4",
        params![owner, first.0, last.0, MOST],
        |row| sql::time_at(row, 0),
    )
}
