//! The outbox: messages on their way to channels that deliver. Never lost; says when it may have repeated.

use domain::conversation::{ChannelKind, Message};
use domain::id::{ConversationId, MessageId, OutboxId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::{Store, sql};

/// How far a delivery has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// Waits.
    Queued,
    /// Being sent.
    Sending,
    /// Taken by the channel.
    Sent,
    /// The sending was cut off: it may have arrived.
    Uncertain,
    /// The channel refused it for good.
    Failed,
}

/// A message that is being sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its delivery.
    pub id: OutboxId,
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// The message.
    pub message_id: MessageId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// By which channel.
    pub channel: ChannelKind,
    /// To whom, in the channel's terms.
    pub peer: String,
    /// What is said.
    pub text: String,
    /// True when an earlier sending was cut off by a crash: it may be a repetition.
    pub may_repeat: bool,
    /// Grows with each lease; an older one is refused.
    pub epoch: u64,
}

/// Why a message waits again whose sending was cut off by a crash.
const CUT_OFF: &str = "the program ended while it was being sent";

impl Store {
    /// The next message to send by a channel: in order within a conversation, one at a time.
    pub async fn lease_outgoing(
        &self,
        channel: ChannelKind,
        now: Timestamp,
    ) -> Result<Option<Outgoing>, StoreError> {
        self.write(move |tx| {
            let next = sql::one(
                tx.conn,
                "SELECT o.id, o.workspace_id, o.message_id, o.conversation_id, c.peer, m.text,
                        o.reason <> '', o.epoch
                 FROM outbox o
                 JOIN messages m ON m.workspace_id = o.workspace_id AND m.id = o.message_id
                 JOIN conversations v ON v.workspace_id = o.workspace_id AND v.id = o.conversation_id
                 JOIN contacts c ON c.workspace_id = v.workspace_id AND c.id = v.contact_id
                 WHERE o.channel = ?1 AND o.state = 'queued' AND o.run_at <= ?2
                   AND NOT EXISTS (
                       SELECT 1 FROM outbox e
                       WHERE e.workspace_id = o.workspace_id AND e.conversation_id = o.conversation_id
                         AND e.seq < o.seq AND e.state IN ('queued', 'sending'))
                 ORDER BY o.run_at, o.id LIMIT 1",
                params![sql::word(&channel)?, now.0],
                |row| {
                    Ok(Outgoing {
                        id: OutboxId(sql::id_at(row, 0)?),
                        workspace_id: WorkspaceId(sql::id_at(row, 1)?),
                        message_id: MessageId(sql::id_at(row, 2)?),
                        conversation_id: ConversationId(sql::id_at(row, 3)?),
                        channel,
                        peer: row.get(4)?,
                        text: row.get(5)?,
                        may_repeat: row.get(6)?,
                        epoch: sql::count_at(row, 7)? + 1,
                    })
                },
            )?;
            if let Some(outgoing) = &next {
                sql::run(
                    tx.conn,
                    "UPDATE outbox SET state = 'sending', epoch = ?3, updated_at = ?4
                     WHERE workspace_id = ?1 AND id = ?2",
                    params![
                        outgoing.workspace_id.0.into_bytes(),
                        outgoing.id.0.into_bytes(),
                        sql::signed(outgoing.epoch),
                        now.0
                    ],
                )?;
            }
            Ok(next)
        })
        .await
    }

    /// It was taken by the channel. `Fenced` when somebody else has it.
    pub async fn outgoing_sent(
        &self,
        outgoing: &Outgoing,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.settle(outgoing, OutboxState::Sent, "", now).await
    }

    /// The sending was cut off: it may have arrived. `Fenced` when somebody else has it.
    pub async fn outgoing_uncertain(
        &self,
        outgoing: &Outgoing,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.settle(outgoing, OutboxState::Uncertain, reason, now)
            .await
    }

    /// The channel refused it for good. `Fenced` when somebody else has it.
    pub async fn outgoing_failed(
        &self,
        outgoing: &Outgoing,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.settle(outgoing, OutboxState::Failed, reason, now)
            .await
    }

    /// The channel asks to wait: it certainly did not arrive and is sent again at `run_at`. `Fenced` when
    /// somebody else has it.
    pub async fn outgoing_later(
        &self,
        outgoing: &Outgoing,
        run_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.settle(outgoing, OutboxState::Queued, "", run_at).await
    }

    async fn settle(
        &self,
        outgoing: &Outgoing,
        state: OutboxState,
        reason: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (outgoing, reason) = (outgoing.clone(), reason.to_owned());
        self.write(move |tx| {
            let changed = sql::run(
                tx.conn,
                "UPDATE outbox SET state = ?4, reason = ?5, run_at = ?6, updated_at = ?6
                 WHERE workspace_id = ?1 AND id = ?2 AND epoch = ?3 AND state = 'sending'",
                params![
                    outgoing.workspace_id.0.into_bytes(),
                    outgoing.id.0.into_bytes(),
                    sql::signed(outgoing.epoch),
                    sql::word(&state)?,
                    reason,
                    at.0
                ],
            )?;
            match changed {
                0 => Err(StoreError::Fenced),
                _ => Ok(()),
            }
        })
        .await
    }
}

/// Puts a message into the outbox of its conversation's channel.
pub(crate) fn queue(
    conn: &Connection,
    workspace: WorkspaceId,
    id: OutboxId,
    message: &Message,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::run(
        conn,
        "INSERT INTO outbox
             (workspace_id, id, message_id, conversation_id, channel, seq, state, run_at, updated_at)
         SELECT ?1, ?2, ?3, id, channel, ?5, 'queued', ?6, ?6
         FROM conversations WHERE workspace_id = ?1 AND id = ?4",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            message.id.0.into_bytes(),
            message.conversation_id.0.into_bytes(),
            sql::signed(message.seq),
            now.0
        ],
    )?;
    Ok(())
}

/// Nobody else runs on this data folder: what was being sent was cut off and is sent again, marked as such.
pub(crate) fn queue_cut_off(conn: &Connection) -> Result<(), StoreError> {
    sql::run(
        conn,
        "UPDATE outbox SET state = 'queued', reason = ?1 WHERE state = 'sending'",
        [CUT_OFF],
    )?;
    Ok(())
}
