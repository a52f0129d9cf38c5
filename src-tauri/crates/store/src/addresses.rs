//! Addresses: where conversations are held at their messenger, and whether anything arrives there.

use domain::conversation::ChannelKind;
use domain::delivery::Address;
use domain::event::Topic;
use domain::id::{AssistantId, BotId, ContactId, ConversationId, WorkspaceId};
use domain::job::Task;
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::updates::UpdateKey;
use crate::{Applied, Store, Workspace, bots, conversations, jobs, outbox, sql, updates};

/// A conversation's address and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressRow {
    /// Where it is held.
    pub address: Address,
    /// When the customer last wrote: business chats may be written to for a day after it.
    pub last_incoming_at: Timestamp,
    /// Since when nothing arrives there; `None` while it does.
    pub unreachable_since: Option<Timestamp>,
    /// Until when the owner's own words keep the assistant silent.
    pub paused_until: Timestamp,
}

impl Workspace {
    /// Where a conversation is held; `None` for channels where the asker listens.
    pub async fn address(&self, id: ConversationId) -> Result<Option<AddressRow>, StoreError> {
        self.read(move |conn, workspace| {
            conversations::the(conn, workspace, id)?;
            sql::one(
                conn,
                "SELECT bot_id, chat, thread, business, kind, last_incoming_at, unreachable_since, paused_until
                 FROM addresses WHERE workspace_id = ?1 AND conversation_id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
                read,
            )
        })
        .await
    }

    /// The owner spoke: the assistant is silent until a moment, and its job is gone. `NotFound` when the
    /// conversation has no address.
    pub async fn pause_address(
        &self,
        id: ConversationId,
        until: Timestamp,
        update: Option<UpdateKey>,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            conversations::the(tx.conn, workspace, id)?;
            if updates::settle(tx.conn, workspace, update)? == Applied::AlreadyApplied {
                return Ok(Applied::AlreadyApplied);
            }
            pause(tx.conn, workspace, id, until)?;
            jobs::forget(
                tx,
                workspace,
                &Task::Answer {
                    conversation_id: id,
                },
            )?;
            tx.event(workspace, Topic::Conversation, id, now)?;
            Ok(Applied::Applied)
        })
        .await
    }
}

impl Store {
    /// The newest conversation that is held there, whatever its assistant.
    pub async fn conversation_at(
        &self,
        address: Address,
    ) -> Result<Option<(WorkspaceId, ConversationId)>, StoreError> {
        self.read(move |conn| {
            sql::one(
                conn,
                "SELECT a.workspace_id, a.conversation_id FROM addresses a
                 JOIN conversations v ON v.workspace_id = a.workspace_id AND v.id = a.conversation_id
                 WHERE a.bot_id = ?1 AND a.chat = ?2 AND a.thread = ?3 AND a.business = ?4
                 ORDER BY v.created_at DESC, v.id DESC LIMIT 1",
                params![
                    address.bot_id.0.into_bytes(),
                    address.chat,
                    address.thread,
                    address.business
                ],
                |row| {
                    Ok((
                        WorkspaceId(sql::id_at(row, 0)?),
                        ConversationId(sql::id_at(row, 1)?),
                    ))
                },
            )
        })
        .await
    }

    /// A chat of the bot's own cannot be reached since a moment, so that what waits for it fails; or it can again
    /// (`None`). `AlreadyApplied` when its update was dealt with before.
    pub async fn unreachable_chat(
        &self,
        (bot_id, chat): (BotId, i64),
        since: Option<Timestamp>,
        update_id: Option<i64>,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx| {
            let workspace = bots::workspace_of(tx.conn, bot_id)?;
            let update = update_id.map(|number| (bot_id, number));
            if updates::settle(tx.conn, workspace, update)? == Applied::AlreadyApplied {
                return Ok(Applied::AlreadyApplied);
            }
            let changed = sql::many(
                tx.conn,
                "UPDATE addresses SET unreachable_since = ?3
                 WHERE bot_id = ?1 AND chat = ?2 AND business = ''
                   AND (unreachable_since IS NULL) <> (?3 IS NULL)
                 RETURNING conversation_id",
                params![bot_id.0.into_bytes(), chat, since.map(|at| at.0)],
                |row| Ok(ConversationId(sql::id_at(row, 0)?)),
            )?;
            for conversation_id in changed {
                tx.event(workspace, Topic::Conversation, conversation_id, now)?;
            }
            if since.is_some() {
                outbox::give_up(
                    tx,
                    workspace,
                    outbox::UNREACHABLE,
                    "a.bot_id = ?4 AND a.chat = ?5 AND a.business = ''",
                    &[&bot_id.0.into_bytes(), &chat],
                    now,
                )?;
            }
            Ok(Applied::Applied)
        })
        .await
    }

    /// A chat got another number: addresses, topics, what stands in it, the bot's staff chat and what waits to be
    /// passed on from it, all or nothing. Both of the messenger's notices about it may come.
    pub async fn migrate_chat(
        &self,
        bot_id: BotId,
        from: i64,
        to: i64,
        update_id: Option<i64>,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx| {
            let workspace = bots::workspace_of(tx.conn, bot_id)?;
            let update = update_id.map(|number| (bot_id, number));
            if updates::settle(tx.conn, workspace, update)? == Applied::AlreadyApplied {
                return Ok(Applied::AlreadyApplied);
            }
            let chats = params![bot_id.0.into_bytes(), from, to];
            let moved = sql::many(
                tx.conn,
                "UPDATE addresses SET chat = ?3 WHERE bot_id = ?1 AND chat = ?2 AND business = ''
                 RETURNING conversation_id",
                chats,
                |row| Ok(ConversationId(sql::id_at(row, 0)?)),
            )?;
            // What the chat has under its new number already is newer.
            for statement in [
                "UPDATE OR IGNORE console_topics SET chat = ?3 WHERE bot_id = ?1 AND chat = ?2",
                "UPDATE OR IGNORE remote_messages SET chat = ?3
                 WHERE bot_id = ?1 AND chat = ?2 AND business = ''",
            ] {
                sql::run(tx.conn, statement, chats)?;
            }
            for statement in [
                "DELETE FROM console_topics WHERE bot_id = ?1 AND chat = ?2",
                "DELETE FROM remote_messages WHERE bot_id = ?1 AND chat = ?2 AND business = ''",
            ] {
                sql::run(tx.conn, statement, params![bot_id.0.into_bytes(), from])?;
            }
            sql::run(
                tx.conn,
                "UPDATE outbox SET content = json_set(content, '$.chat', ?4)
                 WHERE workspace_id = ?1 AND bot_id = ?2 AND state IN ('queued', 'sending')
                   AND json_extract(content, '$.content') = 'copy' AND json_extract(content, '$.chat') = ?3",
                params![
                    workspace.0.into_bytes(),
                    bot_id.0.into_bytes(),
                    from,
                    to
                ],
            )?;
            bots::move_staff(tx, workspace, bot_id, from, to, now)?;
            for conversation_id in moved {
                tx.event(workspace, Topic::Conversation, conversation_id, now)?;
            }
            Ok(Applied::Applied)
        })
        .await
    }
}

/// The newest conversation with an assistant that is held there, and its contact.
pub(crate) fn conversation_with(
    conn: &Connection,
    workspace: WorkspaceId,
    assistant: AssistantId,
    channel: ChannelKind,
    address: &Address,
) -> Result<Option<(ConversationId, ContactId)>, StoreError> {
    sql::one(
        conn,
        "SELECT v.id, v.contact_id FROM addresses a
         JOIN conversations v ON v.workspace_id = a.workspace_id AND v.id = a.conversation_id
         WHERE a.bot_id = ?1 AND a.chat = ?2 AND a.thread = ?3 AND a.business = ?4
           AND a.workspace_id = ?5 AND v.assistant_id = ?6 AND v.channel = ?7
         ORDER BY v.created_at DESC, v.id DESC LIMIT 1",
        params![
            address.bot_id.0.into_bytes(),
            address.chat,
            address.thread,
            address.business,
            workspace.0.into_bytes(),
            assistant.0.into_bytes(),
            sql::word(&channel)?
        ],
        |row| {
            Ok((
                ConversationId(sql::id_at(row, 0)?),
                ContactId(sql::id_at(row, 1)?),
            ))
        },
    )
}

/// The customer wrote from there: nothing is in the way any more. Says whether the assistant is silent there at
/// that moment.
pub(crate) fn heard(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ConversationId,
    address: &Address,
    sent_at: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    sql::the(
        conn,
        "INSERT INTO addresses
             (workspace_id, conversation_id, bot_id, chat, thread, business, kind, last_incoming_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET
             kind = excluded.kind, last_incoming_at = max(last_incoming_at, excluded.last_incoming_at),
             unreachable_since = NULL
         RETURNING paused_until > ?9",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            address.bot_id.0.into_bytes(),
            address.chat,
            address.thread,
            address.business,
            sql::word(&address.kind)?,
            sent_at.0,
            now.0
        ],
        |row| Ok(row.get(0)?),
    )
}

/// Keeps the assistant silent there until a moment; `NotFound` when the conversation has no address.
pub(crate) fn pause(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ConversationId,
    until: Timestamp,
) -> Result<(), StoreError> {
    let paused = sql::run(
        conn,
        "UPDATE addresses SET paused_until = ?3 WHERE workspace_id = ?1 AND conversation_id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes(), until.0],
    )?;
    match paused {
        0 => Err(StoreError::NotFound),
        _ => Ok(()),
    }
}

fn read(row: &Row<'_>) -> Result<AddressRow, StoreError> {
    Ok(AddressRow {
        address: Address {
            bot_id: BotId(sql::id_at(row, 0)?),
            chat: row.get(1)?,
            thread: row.get(2)?,
            business: row.get(3)?,
            kind: sql::word_at(row, 4)?,
        },
        last_incoming_at: sql::time_at(row, 5)?,
        unreachable_since: row.get::<_, Option<i64>>(6)?.map(Timestamp),
        paused_until: sql::time_at(row, 7)?,
    })
}
