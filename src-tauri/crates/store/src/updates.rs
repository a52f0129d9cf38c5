//! Updates of bots as they came, kept before anything is made of them: none is lost, none is taken twice.

use domain::bot::{BotLease, MAX_UPDATE, RawUpdate};
use domain::event::Topic;
use domain::id::{BotId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::page::bounded;
use crate::{Applied, Store, bots, sql};

/// An update: whose, and the messenger's number of it.
pub type UpdateKey = (BotId, i64);

/// What became of an update that no other operation ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateEnd {
    /// Something was made of it.
    Done,
    /// It is none of our business, and why.
    Ignored(String),
    /// It could not be read, and why; its words are kept.
    Unreadable(String),
}

/// What waits at a bot, and what went wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BotQueue {
    /// Updates that nothing was made of yet.
    pub waiting: u64,
    /// Updates that could not be read, of the last 14 days.
    pub unreadable: u64,
    /// When the oldest of those that wait came.
    pub oldest_waiting_at: Option<Timestamp>,
    /// Deliveries that wait or are being sent.
    pub outbox_queued: u64,
    /// Deliveries that may have arrived, of the last 30 days.
    pub outbox_uncertain: u64,
    /// Deliveries that did not arrive, of the last 30 days.
    pub outbox_failed: u64,
}

/// How far an update has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum UpdateState {
    Waiting,
    Done,
    Ignored,
    Unreadable,
}

impl Store {
    /// Keeps what a bot's messenger sent, and where to ask on, all or nothing; only after it may it be asked on.
    /// Numbers may jump down: an update is known by its own number alone, and a smaller `next_update` counts.
    /// Says how many were new. `Fenced` when the bot is lost.
    pub async fn take_updates(
        &self,
        lease: &BotLease,
        updates: Vec<RawUpdate>,
        next_update: i64,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        let lease = lease.clone();
        self.write(move |tx| {
            bots::holds(tx.conn, &lease)?;
            let mut new = 0;
            for update in updates {
                new += u32::from(keep(tx.conn, lease.bot.id, update, now)?);
            }
            sql::run(
                tx.conn,
                "UPDATE bots SET next_update = ?3,
                     last_update_at = iif(?4, ?5, last_update_at), last_heard_at = iif(?4, ?5, last_heard_at)
                 WHERE workspace_id = ?1 AND id = ?2 AND (next_update <> ?3 OR ?4)",
                params![
                    lease.bot.workspace_id.0.into_bytes(),
                    lease.bot.id.0.into_bytes(),
                    next_update,
                    new > 0,
                    now.0
                ],
            )?;
            Ok(new)
        })
        .await
    }

    /// Keeps an update that a messenger brought by itself; false when it was there already. `NotFound` when there is
    /// no such bot.
    pub async fn take_pushed_update(
        &self,
        bot_id: BotId,
        update: RawUpdate,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            let workspace = bots::workspace_of(tx.conn, bot_id)?;
            if !keep(tx.conn, bot_id, update, now)? {
                return Ok(false);
            }
            sql::run(
                tx.conn,
                "UPDATE bots SET last_update_at = ?2, last_heard_at = ?2 WHERE id = ?1",
                params![bot_id.0.into_bytes(), now.0],
            )?;
            // Whoever runs the bot looks; it is no event of the workspace.
            tx.after.topic(workspace, Topic::Bot);
            Ok(true)
        })
        .await
    }

    /// Updates of a bot that nothing was made of yet, in the order they came, at most `limit` (200).
    pub async fn waiting_updates(
        &self,
        bot_id: BotId,
        limit: u32,
    ) -> Result<Vec<RawUpdate>, StoreError> {
        self.read(move |conn| {
            sql::many(
                conn,
                "SELECT update_id, body FROM bot_updates
                 WHERE bot_id = ?1 AND state = 'waiting' ORDER BY seq LIMIT ?2",
                params![bot_id.0.into_bytes(), bounded(limit)],
                |row| {
                    Ok(RawUpdate {
                        update_id: row.get(0)?,
                        body: row.get(1)?,
                    })
                },
            )
        })
        .await
    }

    /// Ends an update that waits; `AlreadyApplied` when it does not.
    pub async fn end_update(
        &self,
        bot_id: BotId,
        update_id: i64,
        end: UpdateEnd,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx| {
            let workspace = bots::workspace_of(tx.conn, bot_id)?;
            let (state, reason) = match &end {
                UpdateEnd::Done => (UpdateState::Done, ""),
                UpdateEnd::Ignored(reason) => (UpdateState::Ignored, reason.as_str()),
                UpdateEnd::Unreadable(reason) => (UpdateState::Unreadable, reason.as_str()),
            };
            let applied = settle_as(tx.conn, workspace, (bot_id, update_id), state, reason)?;
            if applied == Applied::Applied && state == UpdateState::Unreadable {
                tx.event(workspace, Topic::Bot, bot_id, now)?;
            }
            Ok(applied)
        })
        .await
    }

    /// What waits at a bot, and what went wrong.
    pub async fn bot_queue(&self, bot_id: BotId) -> Result<BotQueue, StoreError> {
        self.read(move |conn| {
            let workspace = bots::workspace_of(conn, bot_id)?;
            let (waiting, oldest) = sql::the(
                conn,
                "SELECT count(*), min(received_at) FROM bot_updates WHERE bot_id = ?1 AND state = 'waiting'",
                [bot_id.0.into_bytes()],
                |row| Ok((sql::count_at(row, 0)?, row.get::<_, Option<i64>>(1)?)),
            )?;
            let unreadable = sql::the(
                conn,
                "SELECT count(*) FROM bot_updates WHERE bot_id = ?1 AND state = 'unreadable'",
                [bot_id.0.into_bytes()],
                |row| sql::count_at(row, 0),
            )?;
            sql::the(
                conn,
                "SELECT count(*) FILTER (WHERE state IN ('queued', 'sending')),
                        count(*) FILTER (WHERE state = 'uncertain'),
                        count(*) FILTER (WHERE state = 'failed')
                 FROM outbox WHERE workspace_id = ?1 AND bot_id = ?2 AND state <> 'sent'",
                params![workspace.0.into_bytes(), bot_id.0.into_bytes()],
                |row| {
                    Ok(BotQueue {
                        waiting,
                        unreadable,
                        oldest_waiting_at: oldest.map(Timestamp),
                        outbox_queued: sql::count_at(row, 0)?,
                        outbox_uncertain: sql::count_at(row, 1)?,
                        outbox_failed: sql::count_at(row, 2)?,
                    })
                },
            )
        })
        .await
    }
}

/// An operation made something of this update: `AlreadyApplied` when that was done before, or when there is no such
/// update of this workspace. An operation without one is done.
pub(crate) fn settle(
    conn: &Connection,
    workspace: WorkspaceId,
    update: Option<UpdateKey>,
) -> Result<Applied, StoreError> {
    match update {
        Some(update) => settle_as(conn, workspace, update, UpdateState::Done, ""),
        None => Ok(Applied::Applied),
    }
}

fn settle_as(
    conn: &Connection,
    workspace: WorkspaceId,
    (bot_id, update_id): UpdateKey,
    state: UpdateState,
    reason: &str,
) -> Result<Applied, StoreError> {
    let settled = sql::run(
        conn,
        "UPDATE bot_updates SET state = ?4, reason = ?5, body = iif(?4 = 'unreadable', body, '')
         WHERE bot_id = ?2 AND update_id = ?3 AND state = 'waiting'
           AND EXISTS (SELECT 1 FROM bots WHERE workspace_id = ?1 AND id = ?2)",
        params![
            workspace.0.into_bytes(),
            bot_id.0.into_bytes(),
            update_id,
            sql::word(&state)?,
            reason
        ],
    )?;
    match settled {
        0 => Ok(Applied::AlreadyApplied),
        _ => Ok(Applied::Applied),
    }
}

/// Keeps an update; false when its number is known.
fn keep(
    conn: &Connection,
    bot_id: BotId,
    update: RawUpdate,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let size = update.body.len();
    let (body, state, reason) = match size {
        0..=MAX_UPDATE => (update.body, UpdateState::Waiting, String::new()),
        _ => (
            "{}".to_owned(),
            UpdateState::Unreadable,
            format!("{size} bytes are more than an update may have"),
        ),
    };
    let kept = sql::run(
        conn,
        "INSERT INTO bot_updates (seq, bot_id, update_id, body, state, reason, received_at)
         VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM bot_updates), ?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (bot_id, update_id) DO NOTHING",
        params![
            bot_id.0.into_bytes(),
            update.update_id,
            body,
            sql::word(&state)?,
            reason,
            now.0
        ],
    )?;
    Ok(kept > 0)
}
