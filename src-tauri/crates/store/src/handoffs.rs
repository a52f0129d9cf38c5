//! Handoffs: who has a conversation, every transition, and what an operator says to the customer.

use domain::conversation::{Author, Conversation};
use domain::delivery::Place;
use domain::event::Topic;
use domain::handoff::{Handoff, Operator, Transition};
use domain::id::{ConversationId, JobId, MessageId, WorkspaceId};
use domain::job::Task;
use domain::time::Timestamp;
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};

use crate::answers::answer_the_rest;
use crate::error::StoreError;
use crate::messages::NewMessage;
use crate::outbox::NewOutgoing;
use crate::page::{Cursor, Page, bounded};
use crate::remotes::Spot;
use crate::updates::UpdateKey;
use crate::writer::Tx;
use crate::{Applied, Store, Workspace, addresses, assignments, conversations, jobs, messages};
use crate::{outbox, remotes, sql, unanswered, updates};

/// The most transitions of a conversation that a list has.
const LONGEST_LOG: u32 = 500;

/// Who has a conversation, without the details.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffName {
    /// The assistant, whether or not a person had it before.
    Ai,
    /// A person is asked for.
    Requested,
    /// A person.
    Taken,
    /// Nobody: it is over.
    Closed,
}

/// A conversation and who has it.
#[derive(Debug, Clone, PartialEq)]
pub struct HandoffRow {
    /// The conversation.
    pub conversation: Conversation,
    /// Who has it.
    pub handoff: Handoff,
    /// The customer's name; empty when it is unknown.
    pub contact_name: String,
    /// Since when it is so.
    pub updated_at: Timestamp,
}

/// A transition that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHandoff {
    /// From what is stored (`Conflict` when something else is) to what is to be. One that changes nothing keeps
    /// only the next two.
    pub transition: Transition,
    /// When it goes back to the assistant by itself; `None` for never.
    pub idle_at: Option<Timestamp>,
}

/// A transition and what goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transit {
    /// The transition.
    pub handoff: NewHandoff,
    /// What is said about it.
    pub outgoing: Vec<NewOutgoing>,
    /// For the job that answers what is unanswered still, where the assistant is to do that now.
    pub answer: Option<JobId>,
    /// The update that it comes from.
    pub update: Option<UpdateKey>,
}

/// What a person says to the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberSays {
    /// Id of the message; the same one twice is one message.
    pub message_id: MessageId,
    /// Who says it.
    pub by: Operator,
    /// What.
    pub text: String,
    /// Saying it takes the conversation; `None` where it says nothing about who has it (an owner in their own
    /// account).
    pub handoff: Option<NewHandoff>,
    /// Until when the assistant is silent because of it; `None` for not.
    pub pause_until: Option<Timestamp>,
    /// What is sent because of it.
    pub outgoing: Vec<NewOutgoing>,
    /// Where it stands at the messenger, and who sees it there.
    pub spot: Option<(Place, Spot)>,
    /// The update that it comes from.
    pub update: Option<UpdateKey>,
}

impl Workspace {
    /// Who has a conversation.
    pub async fn handoff(&self, id: ConversationId) -> Result<Handoff, StoreError> {
        self.read(move |conn, workspace| {
            conversations::the(conn, workspace, id)?;
            of(conn, workspace, id)
        })
        .await
    }

    /// Conversations of a state (or all that ever left the assistant), the one that changed last first.
    pub async fn handoffs(
        &self,
        state: Option<HandoffName>,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<HandoffRow>, StoreError> {
        let limit = bounded(limit);
        self.read(move |conn, workspace| {
            let after = after.unwrap_or(Cursor::NEWEST);
            let state = state.map(|state| sql::word(&state)).transpose()?;
            let found = sql::many(
                conn,
                "SELECT h.conversation_id, h.handoff, h.updated_at, coalesce(p.name, '')
                 FROM handoffs h
                 JOIN conversations v ON v.workspace_id = h.workspace_id AND v.id = h.conversation_id
                 LEFT JOIN contact_profiles p ON p.workspace_id = v.workspace_id AND p.contact_id = v.contact_id
                 WHERE h.workspace_id = ?1 AND (?2 IS NULL OR h.state = ?2)
                   AND (h.updated_at, h.conversation_id) < (?3, ?4)
                 ORDER BY h.updated_at DESC, h.conversation_id DESC LIMIT ?5",
                params![
                    workspace.0.into_bytes(),
                    state,
                    after.at,
                    after.id.into_bytes(),
                    limit + 1
                ],
                |row| {
                    Ok(HandoffRow {
                        conversation: conversations::the(
                            conn,
                            workspace,
                            ConversationId(sql::id_at(row, 0)?),
                        )?,
                        handoff: sql::json_at(row, 1)?,
                        updated_at: sql::time_at(row, 2)?,
                        contact_name: row.get(3)?,
                    })
                },
            )?;
            Ok(Page::cut(found, limit, |row| Cursor {
                at: row.updated_at.0,
                id: row.conversation.id.0,
            }))
        })
        .await
    }

    /// What happened to a conversation, oldest first; the newest 500.
    pub async fn handoff_log(&self, id: ConversationId) -> Result<Vec<Transition>, StoreError> {
        self.read(move |conn, workspace| {
            conversations::the(conn, workspace, id)?;
            sql::log(
                conn,
                "SELECT transition FROM handoff_log WHERE workspace_id = ?1 AND conversation_id = ?2
                 ORDER BY number DESC LIMIT ?3",
                workspace,
                id,
                LONGEST_LOG,
            )
        })
        .await
    }

    /// Keeps a transition with what goes with it, all or nothing. Where the assistant may not answer any more its
    /// job is gone, and whoever works on it is refused. `Conflict` when something else is stored than the
    /// transition begins with: two operators cannot take the same conversation. `AlreadyApplied` when its update
    /// was dealt with before, or when what is stored is what it ends with.
    pub async fn transit(
        &self,
        id: ConversationId,
        transit: Transit,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            conversations::the(tx.conn, workspace, id)?;
            if updates::settle(tx.conn, workspace, transit.update)? == Applied::AlreadyApplied {
                return Ok(Applied::AlreadyApplied);
            }
            let Transition { from, to, .. } = &transit.handoff.transition;
            let stored = of(tx.conn, workspace, id)?;
            if stored == *to && stored != *from {
                return Ok(Applied::AlreadyApplied);
            }
            keep(tx, workspace, id, &transit.handoff, now)?;
            outbox::queue(tx, workspace, id, &transit.outgoing, now)?;
            if let Some(job) = transit.answer {
                answer_the_rest(tx, workspace, id, job, now)?;
            }
            Ok(Applied::Applied)
        })
        .await
    }

    /// Keeps what a person says to the customer: message, transition, what is sent, all or nothing. It answers
    /// whatever was unanswered, and the assistant's job is gone. `Conflict` as in [`Workspace::transit`];
    /// `AlreadyApplied` when the message is there, or its update was dealt with before.
    pub async fn member_says(
        &self,
        id: ConversationId,
        said: MemberSays,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            conversations::the(tx.conn, workspace, id)?;
            let is_known = messages::one(tx.conn, workspace, said.message_id)?.is_some();
            if is_known
                || updates::settle(tx.conn, workspace, said.update)? == Applied::AlreadyApplied
            {
                return Ok(Applied::AlreadyApplied);
            }
            if let Some(handoff) = &said.handoff {
                keep(tx, workspace, id, handoff, now)?;
            }
            messages::insert(
                tx.conn,
                workspace,
                NewMessage {
                    id: said.message_id,
                    conversation_id: id,
                    author: Author::from(&said.by),
                    text: &said.text,
                    outcome: None,
                    citations: &[],
                    engine: "",
                    operator: &said.by.name,
                    now,
                },
            )?;
            unanswered::replied(tx, workspace, id, said.message_id, now)?;
            jobs::forget(
                tx,
                workspace,
                &Task::Answer {
                    conversation_id: id,
                },
            )?;
            sql::run(
                tx.conn,
                "UPDATE messages SET answered_by = ?3
                 WHERE workspace_id = ?1 AND conversation_id = ?2
                   AND author = 'contact' AND answered_by IS NULL",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    said.message_id.0.into_bytes()
                ],
            )?;
            if let Some((place, spot)) = &said.spot {
                remotes::keep(tx.conn, workspace, id, Some(said.message_id), *place, spot)?;
            }
            if let Some(until) = said.pause_until {
                addresses::pause(tx.conn, workspace, id, until)?;
            }
            outbox::queue(tx, workspace, id, &said.outgoing, now)?;
            tx.event(workspace, Topic::Conversation, id, now)?;
            Ok(Applied::Applied)
        })
        .await
    }
}

impl Store {
    /// Conversations that go back to the assistant by themselves by now, the longest idle first, at most `limit`
    /// (200).
    pub async fn idle_handoffs(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<(WorkspaceId, ConversationId)>, StoreError> {
        self.read(move |conn| {
            sql::many(
                conn,
                "SELECT workspace_id, conversation_id FROM handoffs
                 WHERE idle_at IS NOT NULL AND idle_at <= ?1 ORDER BY idle_at LIMIT ?2",
                params![now.0, bounded(limit)],
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
}

/// Who has a conversation.
pub(crate) fn of(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ConversationId,
) -> Result<Handoff, StoreError> {
    let stored = sql::one(
        conn,
        "SELECT handoff FROM handoffs WHERE workspace_id = ?1 AND conversation_id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        |row| sql::json_at(row, 0),
    )?;
    Ok(stored.unwrap_or_default())
}

/// Keeps a transition; `Conflict` when something else is stored than it begins with. Where the assistant may not
/// answer any more its job is gone.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: ConversationId,
    new: &NewHandoff,
    now: Timestamp,
) -> Result<(), StoreError> {
    let transition = &new.transition;
    if of(tx.conn, workspace, id)? != transition.from {
        return Err(StoreError::Conflict);
    }
    let key = (workspace.0.into_bytes(), id.0.into_bytes());
    let idle_at = new.idle_at.map(|at| at.0);
    if !transition.is_change() {
        sql::run(
            tx.conn,
            "UPDATE handoffs SET idle_at = ?3
             WHERE workspace_id = ?1 AND conversation_id = ?2 AND idle_at IS NOT ?3",
            params![key.0, key.1, idle_at],
        )?;
        return Ok(());
    }
    sql::run(
        tx.conn,
        "INSERT INTO handoffs (workspace_id, conversation_id, handoff, state, idle_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (workspace_id, conversation_id) DO UPDATE SET
             handoff = excluded.handoff, state = excluded.state, idle_at = excluded.idle_at,
             updated_at = excluded.updated_at",
        params![
            key.0,
            key.1,
            sql::json(&transition.to)?,
            sql::word(&name_of(&transition.to))?,
            idle_at,
            now.0
        ],
    )?;
    sql::run(
        tx.conn,
        "INSERT INTO handoff_log (workspace_id, conversation_id, number, transition, at)
         VALUES (?1, ?2, (SELECT coalesce(max(number), 0) + 1 FROM handoff_log
                          WHERE workspace_id = ?1 AND conversation_id = ?2), ?3, ?4)",
        params![key.0, key.1, sql::json(transition)?, transition.at.0],
    )?;
    if let Some(by) = transition.to.operator() {
        assignments::taken_by(tx, workspace, id, by)?;
    }
    let is_over = matches!(transition.to, Handoff::Closed { .. });
    if transition.to.is_assistant_silent() || is_over {
        jobs::forget(
            tx,
            workspace,
            &Task::Answer {
                conversation_id: id,
            },
        )?;
    }
    tx.event(workspace, Topic::Handoff, id, now)
}

fn name_of(handoff: &Handoff) -> HandoffName {
    match handoff {
        Handoff::Ai | Handoff::HandedBack { .. } => HandoffName::Ai,
        Handoff::Requested { .. } => HandoffName::Requested,
        Handoff::Taken { .. } => HandoffName::Taken,
        Handoff::Closed { .. } => HandoffName::Closed,
    }
}
