//! The outbox: what is on its way to channels that deliver. Never lost; says when it may have repeated.

use std::collections::HashSet;

use domain::conversation::ChannelKind;
use domain::delivery::{Address, Content, Outgoing, Place, Press, Sent};
use domain::event::Topic;
use domain::id::{BotId, ConversationId, MessageId, OutboxId, PressId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::StoreError;
use crate::page::bounded;
use crate::remotes::Spot;
use crate::writer::Tx;
use crate::{Applied, Store, Workspace, conversations, presses, remotes, sql};

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
    /// It did not arrive and will not be sent again.
    Failed,
}

/// Something that is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOutgoing {
    /// Its id; the same one twice is one delivery.
    pub id: OutboxId,
    /// The message it is about, where it is about one.
    pub message_id: Option<MessageId>,
    /// To whom.
    pub place: Place,
    /// What.
    pub content: Content,
    /// What its buttons do.
    pub presses: Vec<(PressId, Press)>,
    /// Not before this moment.
    pub run_at: Timestamp,
}

/// Why something waits again whose sending was cut off by a crash.
const CUT_OFF: &str = "the program ended while it was being sent";

impl Workspace {
    /// Puts something into the outbox of a conversation, all or nothing. `NotFound` when the conversation has no
    /// address. What can reach nobody (a customer who blocked the bot or was banned, a connection that was ended)
    /// is kept as failed.
    pub async fn queue_outgoing(
        &self,
        conversation_id: ConversationId,
        outgoing: Vec<NewOutgoing>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            conversations::the(tx.conn, workspace, conversation_id)?;
            queue(tx, workspace, conversation_id, &outgoing, now)
        })
        .await
    }

    /// What was made of a message's deliveries, in order, with why it is so; empty when it has none.
    pub async fn deliveries(
        &self,
        message_id: MessageId,
    ) -> Result<Vec<(OutboxState, String)>, StoreError> {
        self.read(move |conn, workspace| {
            sql::many(
                conn,
                "SELECT state, reason FROM outbox WHERE workspace_id = ?1 AND message_id = ?2
                 ORDER BY place DESC, seq",
                params![workspace.0.into_bytes(), message_id.0.into_bytes()],
                |row| Ok((sql::word_at(row, 0)?, row.get(1)?)),
            )
        })
        .await
    }
}

impl Store {
    /// What a channel is to send now, at most `limit` (200), of these bots or of all: in order within a
    /// conversation and place, one at a time of each; bots take turns.
    pub async fn lease_outgoing(
        &self,
        channel: ChannelKind,
        bots: Option<&[BotId]>,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Outgoing>, StoreError> {
        let bots = set_of(bots);
        self.write(move |tx| {
            let leased = sql::picked(
                tx.conn,
                &format!(
                    "WITH heads AS (
                         SELECT o.workspace_id, o.id, o.run_at,
                                row_number() OVER (PARTITION BY o.bot_id ORDER BY o.run_at, o.id) AS turn
                         FROM outbox o WHERE o.run_at <= ?2 AND {MAY_GO})
                     SELECT o.id, o.workspace_id, o.conversation_id, o.message_id, o.place, o.content, o.sent,
                            o.may_repeat, o.attempts, o.queued_at, o.epoch + 1, o.channel,
                            a.bot_id, a.chat, a.thread, a.business, a.kind
                     FROM heads h
                     JOIN outbox o ON o.workspace_id = h.workspace_id AND o.id = h.id
                     JOIN addresses a ON a.workspace_id = o.workspace_id AND a.conversation_id = o.conversation_id
                     ORDER BY h.turn, h.run_at, h.id"
                ),
                params![sql::word(&channel)?, now.0],
                bounded(limit) as usize,
                |row| match is_of(&bots, row, 12)? {
                    true => read(row).map(Some),
                    false => Ok(None),
                },
            )?;
            for outgoing in &leased {
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
            Ok(leased)
        })
        .await
    }

    /// When the next one may be sent by a channel, of these bots or of all (a moment that has passed: now); `None`
    /// when nothing waits. What waits for another one does not count.
    pub async fn next_outgoing_at(
        &self,
        channel: ChannelKind,
        bots: Option<&[BotId]>,
    ) -> Result<Option<Timestamp>, StoreError> {
        let bots = set_of(bots);
        self.read(move |conn| {
            let at = sql::picked(
                conn,
                &format!(
                    "SELECT o.run_at, o.bot_id FROM outbox o WHERE {MAY_GO} ORDER BY o.run_at, o.id"
                ),
                params![sql::word(&channel)?],
                1,
                |row| match is_of(&bots, row, 1)? {
                    true => sql::time_at(row, 0).map(Some),
                    false => Ok(None),
                },
            )?;
            Ok(at.first().copied())
        })
        .await
    }

    /// A part of it has certainly been taken, so that it is never sent again. `Fenced` when somebody else has it.
    pub async fn outgoing_part(
        &self,
        outgoing: &Outgoing,
        part: Sent,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let outgoing = outgoing.clone();
        self.write(move |tx| keep_part(tx, &outgoing, part, now))
            .await
    }

    /// All of it was taken by the channel, its `last` part just now. `Fenced` when somebody else has it.
    pub async fn outgoing_sent(
        &self,
        outgoing: &Outgoing,
        last: Option<Sent>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let outgoing = outgoing.clone();
        self.write(move |tx| {
            if let Some(part) = last {
                keep_part(tx, &outgoing, part, now)?;
            }
            end(tx, &outgoing, OutboxState::Sent, "", now)
        })
        .await
    }

    /// The sending was cut off: it may have arrived. `Fenced` when somebody else has it.
    pub async fn outgoing_uncertain(
        &self,
        outgoing: &Outgoing,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (outgoing, reason) = (outgoing.clone(), reason.to_owned());
        self.write(move |tx| end(tx, &outgoing, OutboxState::Uncertain, &reason, now))
            .await
    }

    /// The channel refused it for good. `Fenced` when somebody else has it.
    pub async fn outgoing_failed(
        &self,
        outgoing: &Outgoing,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (outgoing, reason) = (outgoing.clone(), reason.to_owned());
        self.write(move |tx| end(tx, &outgoing, OutboxState::Failed, &reason, now))
            .await
    }

    /// The channel asks to wait: it certainly did not arrive and is sent again at `run_at`. Not an attempt.
    /// `Fenced` when somebody else has it.
    pub async fn outgoing_later(
        &self,
        outgoing: &Outgoing,
        run_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.wait_again(outgoing, run_at, None, now).await
    }

    /// An attempt failed: it is sent again at `run_at`, marked when it may be a repetition. `Fenced` when somebody
    /// else has it.
    pub async fn outgoing_retry(
        &self,
        outgoing: &Outgoing,
        run_at: Timestamp,
        reason: &str,
        may_repeat: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let attempt = Some((reason.to_owned(), may_repeat));
        self.wait_again(outgoing, run_at, attempt, now).await
    }

    async fn wait_again(
        &self,
        outgoing: &Outgoing,
        run_at: Timestamp,
        attempt: Option<(String, bool)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let outgoing = outgoing.clone();
        self.write(move |tx| {
            let is_attempt = attempt.is_some();
            let (reason, may_repeat) = attempt.unwrap_or_default();
            let changed = sql::run(
                tx.conn,
                "UPDATE outbox
                 SET state = 'queued', run_at = ?4, reason = ?5, may_repeat = max(may_repeat, ?6),
                     attempts = attempts + ?7, updated_at = ?8
                 WHERE workspace_id = ?1 AND id = ?2 AND epoch = ?3 AND state = 'sending'",
                params![
                    outgoing.workspace_id.0.into_bytes(),
                    outgoing.id.0.into_bytes(),
                    sql::signed(outgoing.epoch),
                    run_at.0,
                    reason,
                    may_repeat,
                    is_attempt,
                    now.0
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

/// Keeps that a part was taken, and where it stands.
fn keep_part(
    tx: &Tx<'_>,
    outgoing: &Outgoing,
    part: Sent,
    now: Timestamp,
) -> Result<(), StoreError> {
    let key = params![
        outgoing.workspace_id.0.into_bytes(),
        outgoing.id.0.into_bytes(),
        sql::signed(outgoing.epoch)
    ];
    let mut sent: Vec<Sent> = sql::one(
        tx.conn,
        "SELECT sent FROM outbox
         WHERE workspace_id = ?1 AND id = ?2 AND epoch = ?3 AND state = 'sending'",
        key,
        |row| sql::json_at(row, 0),
    )?
    .ok_or(StoreError::Fenced)?;
    if sent.contains(&part) {
        return Ok(());
    }
    let business = match outgoing.place {
        Place::Customer => outgoing.address.business.clone(),
        Place::Console => String::new(),
    };
    let spot = Spot {
        bot_id: outgoing.address.bot_id,
        chat: part.chat,
        business,
        remote_id: part.remote_id,
    };
    remotes::keep(
        tx.conn,
        outgoing.workspace_id,
        outgoing.conversation_id,
        outgoing.message_id,
        outgoing.place,
        &spot,
    )?;
    sent.push(part);
    sql::run(
        tx.conn,
        "UPDATE outbox SET sent = ?3, may_repeat = 0, updated_at = ?4
         WHERE workspace_id = ?1 AND id = ?2",
        params![
            outgoing.workspace_id.0.into_bytes(),
            outgoing.id.0.into_bytes(),
            sql::json(&sent)?,
            now.0
        ],
    )?;
    Ok(())
}

/// Keeps what became of something that is being sent.
fn end(
    tx: &mut Tx<'_>,
    outgoing: &Outgoing,
    state: OutboxState,
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let changed = sql::run(
        tx.conn,
        "UPDATE outbox SET state = ?4, reason = ?5, updated_at = ?6
         WHERE workspace_id = ?1 AND id = ?2 AND epoch = ?3 AND state = 'sending'",
        params![
            outgoing.workspace_id.0.into_bytes(),
            outgoing.id.0.into_bytes(),
            sql::signed(outgoing.epoch),
            sql::word(&state)?,
            reason,
            now.0
        ],
    )?;
    match (changed, state) {
        (0, _) => Err(StoreError::Fenced),
        (_, OutboxState::Uncertain | OutboxState::Failed) => tx.event(
            outgoing.workspace_id,
            Topic::Conversation,
            outgoing.conversation_id,
            now,
        ),
        _ => Ok(()),
    }
}

/// What may be sent by a channel (?1): nothing before it in its conversation and place is open.
const MAY_GO: &str = "o.channel = ?1 AND o.state = 'queued'
    AND NOT EXISTS (
        SELECT 1 FROM outbox e
        WHERE e.workspace_id = o.workspace_id AND e.conversation_id = o.conversation_id AND e.place = o.place
          AND e.seq < o.seq AND e.state IN ('queued', 'sending'))";

/// These bots, or all. They are looked up here and not by the query, which would build a table of them each time.
fn set_of(bots: Option<&[BotId]>) -> Option<HashSet<BotId>> {
    bots.map(|bots| bots.iter().copied().collect())
}

/// True when the bot in this column is one of them.
fn is_of(bots: &Option<HashSet<BotId>>, row: &Row<'_>, column: usize) -> Result<bool, StoreError> {
    let Some(bots) = bots else { return Ok(true) };
    let bot = sql::maybe_id_at(row, column)?.map(BotId);
    Ok(bot.is_some_and(|bot| bots.contains(&bot)))
}

/// Puts these into the outbox of a conversation, behind what is there; one that is known already is left alone.
pub(crate) fn queue(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    conversation_id: ConversationId,
    outgoing: &[NewOutgoing],
    now: Timestamp,
) -> Result<(), StoreError> {
    for new in outgoing {
        queue_one(tx, workspace, conversation_id, new, now)?;
    }
    if !outgoing.is_empty() {
        // Whoever delivers looks.
        tx.after.topic(workspace, Topic::Conversation);
    }
    Ok(())
}

fn queue_one(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    conversation_id: ConversationId,
    new: &NewOutgoing,
    now: Timestamp,
) -> Result<Applied, StoreError> {
    let key = params![workspace.0.into_bytes(), new.id.0.into_bytes()];
    let known = "SELECT 1 FROM outbox WHERE workspace_id = ?1 AND id = ?2";
    if sql::any(tx.conn, known, key)? {
        return Ok(Applied::AlreadyApplied);
    }
    let in_the_way = match new.place {
        Place::Customer => in_the_way(tx.conn, workspace, conversation_id)?,
        Place::Console => None,
    };
    let state = match in_the_way {
        Some(_) => OutboxState::Failed,
        None => OutboxState::Queued,
    };
    let queued = sql::run(
        tx.conn,
        "INSERT INTO outbox
             (workspace_id, id, conversation_id, channel, bot_id, message_id, place, content, seq, state, reason,
              run_at, queued_at, updated_at)
         SELECT ?1, ?2, v.id, v.channel, a.bot_id, ?4, ?5, ?6,
                (SELECT coalesce(max(seq), 0) + 1 FROM outbox
                 WHERE workspace_id = ?1 AND conversation_id = ?3 AND place = ?5),
                ?7, ?8, ?9, ?10, ?10
         FROM conversations v
         JOIN addresses a ON a.workspace_id = v.workspace_id AND a.conversation_id = v.id
         WHERE v.workspace_id = ?1 AND v.id = ?3",
        params![
            workspace.0.into_bytes(),
            new.id.0.into_bytes(),
            conversation_id.0.into_bytes(),
            new.message_id.map(|id| id.0.into_bytes()),
            sql::word(&new.place)?,
            sql::json(&new.content)?,
            sql::word(&state)?,
            in_the_way.unwrap_or(""),
            new.run_at.0,
            now.0
        ],
    )?;
    if queued == 0 {
        return Err(StoreError::NotFound);
    }
    for (id, press) in &new.presses {
        presses::keep(tx.conn, workspace, conversation_id, *id, press)?;
    }
    Ok(Applied::Applied)
}

/// Why nothing reaches the customer of a conversation, if so.
fn in_the_way(
    conn: &Connection,
    workspace: WorkspaceId,
    conversation_id: ConversationId,
) -> Result<Option<&'static str>, StoreError> {
    sql::the(
        conn,
        "SELECT a.unreachable_since IS NOT NULL, coalesce(p.is_banned, 0),
                a.business <> '' AND NOT coalesce(b.is_enabled AND b.can_reply, 1)
         FROM addresses a
         JOIN conversations v ON v.workspace_id = a.workspace_id AND v.id = a.conversation_id
         LEFT JOIN contact_profiles p ON p.workspace_id = v.workspace_id AND p.contact_id = v.contact_id
         LEFT JOIN business_connections b ON b.bot_id = a.bot_id AND b.connection = a.business
         WHERE a.workspace_id = ?1 AND a.conversation_id = ?2",
        params![workspace.0.into_bytes(), conversation_id.0.into_bytes()],
        |row| {
            let reasons = [UNREACHABLE, BANNED, NOT_CONNECTED];
            for (column, reason) in reasons.into_iter().enumerate() {
                if row.get(column)? {
                    return Ok(Some(reason));
                }
            }
            Ok(None)
        },
    )
}

/// Why a delivery failed: nothing arrives at the customer any more.
pub(crate) const UNREACHABLE: &str = "the customer cannot be reached";
/// Why a delivery failed: the customer was banned.
pub(crate) const BANNED: &str = "the customer is banned";
/// Why a delivery failed: the owner's own account is not connected any more.
pub(crate) const NOT_CONNECTED: &str = "the owner's account is not connected";

/// Whatever waits for these customers fails: conversations that `of_whom` (of the address `a` and the conversation
/// `v`, from parameter ?4 on) names.
pub(crate) fn give_up(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    reason: &str,
    of_whom: &str,
    whom: &[&dyn rusqlite::ToSql],
    now: Timestamp,
) -> Result<(), StoreError> {
    let owner = workspace.0.into_bytes();
    let mut values: Vec<&dyn rusqlite::ToSql> = vec![&owner, &reason, &now.0];
    values.extend(whom);
    let given_up = sql::many(
        tx.conn,
        &format!(
            "UPDATE outbox SET state = 'failed', reason = ?2, updated_at = ?3
             WHERE workspace_id = ?1 AND place = 'customer' AND state IN ('queued', 'sending') AND state = 'queued'
               AND conversation_id IN (
                   SELECT a.conversation_id FROM addresses a
                   JOIN conversations v ON v.workspace_id = a.workspace_id AND v.id = a.conversation_id
                   WHERE a.workspace_id = ?1 AND {of_whom})
             RETURNING conversation_id"
        ),
        values.as_slice(),
        |row| Ok(ConversationId(sql::id_at(row, 0)?)),
    )?;
    let conversations: std::collections::BTreeSet<_> = given_up.into_iter().collect();
    for conversation_id in conversations {
        tx.event(workspace, Topic::Conversation, conversation_id, now)?;
    }
    Ok(())
}

/// Nobody else runs on this data folder: what was being sent was cut off and is sent again, marked as such. Parts
/// that were taken stay taken.
pub(crate) fn queue_cut_off(conn: &Connection) -> Result<(), StoreError> {
    sql::run(
        conn,
        "UPDATE outbox SET state = 'queued', reason = ?1, may_repeat = 1, attempts = attempts + 1
         WHERE state IN ('queued', 'sending') AND state = 'sending'",
        [CUT_OFF],
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<Outgoing, StoreError> {
    Ok(Outgoing {
        id: OutboxId(sql::id_at(row, 0)?),
        workspace_id: WorkspaceId(sql::id_at(row, 1)?),
        conversation_id: ConversationId(sql::id_at(row, 2)?),
        message_id: sql::maybe_id_at(row, 3)?.map(MessageId),
        place: sql::word_at(row, 4)?,
        content: sql::json_at(row, 5)?,
        sent: sql::json_at(row, 6)?,
        may_repeat: row.get(7)?,
        attempts: row.get(8)?,
        queued_at: sql::time_at(row, 9)?,
        epoch: sql::count_at(row, 10)?,
        channel: sql::word_at(row, 11)?,
        address: Address {
            bot_id: BotId(sql::id_at(row, 12)?),
            chat: row.get(13)?,
            thread: row.get(14)?,
            business: row.get(15)?,
            kind: sql::word_at(row, 16)?,
        },
    })
}
