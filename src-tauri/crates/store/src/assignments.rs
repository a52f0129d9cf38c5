//! Who looks after a conversation, and who gave it to them.
//!
//! A member who takes a conversation looks after it (`handoffs`); here it is given to somebody, or to nobody.

use domain::event::Topic;
use domain::handoff::{Handoff, Operator, OperatorId};
use domain::id::{ConversationId, WorkspaceId};
use domain::inbox::Assignment;
use domain::member::{Permission, Role};
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::handoffs::NewHandoff;
use crate::outbox::NewOutgoing;
use crate::writer::Tx;
use crate::{Applied, Workspace, conversations, handoffs, outbox, sql};

/// The most assignments of a conversation that a list has.
const LONGEST_LOG: u32 = 200;

/// A conversation that is given to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAssignment {
    /// Who gives it to whom.
    pub assignment: Assignment,
    /// Where a person has it: it becomes the other one's.
    pub handoff: Option<NewHandoff>,
    /// What is said about that.
    pub outgoing: Vec<NewOutgoing>,
}

impl Workspace {
    /// Gives a conversation to a member who may answer, or to nobody. `NotFound` when there is no such conversation
    /// or member, `Conflict` when a person has it and it would not become the other one's with it, or when something
    /// else is stored than the transition begins with; `AlreadyApplied` when it is theirs.
    pub async fn assign(
        &self,
        id: ConversationId,
        new: NewAssignment,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            conversations::the(tx.conn, workspace, id)?;
            let to = new.assignment.to.as_ref().map(|to| to.id);
            let member = match to {
                Some(OperatorId::Member(member)) => {
                    may_answer(tx.conn, workspace, member.0.into_bytes())?;
                    Some(member.0.into_bytes())
                }
                Some(OperatorId::Telegram(_)) => return Err(StoreError::NotFound),
                None => None,
            };
            match &new.handoff {
                Some(handoff) => handoffs::keep(tx, workspace, id, handoff, now)?,
                None if is_held(&handoffs::of(tx.conn, workspace, id)?, to) => {
                    return Err(StoreError::Conflict);
                }
                None => {}
            }
            outbox::queue(tx, workspace, id, &new.outgoing, now)?;
            let is_given = set(tx, workspace, id, member)?;
            if !is_given && new.handoff.is_none() {
                return Ok(Applied::AlreadyApplied);
            }
            // Where it changed hands, the handoff's own log tells it.
            if new.handoff.is_none() {
                sql::run(
                    tx.conn,
                    "INSERT INTO assignments (workspace_id, conversation_id, number, assignment, at)
                     VALUES (?1, ?2, (SELECT coalesce(max(number), 0) + 1 FROM assignments
                                      WHERE workspace_id = ?1 AND conversation_id = ?2), ?3, ?4)",
                    params![
                        workspace.0.into_bytes(),
                        id.0.into_bytes(),
                        sql::json(&new.assignment)?,
                        now.0
                    ],
                )?;
            }
            tx.event(workspace, Topic::Conversation, id, now)?;
            Ok(Applied::Applied)
        })
        .await
    }

    /// Who gave a conversation to whom, oldest first; the newest 200.
    pub async fn assignments(&self, id: ConversationId) -> Result<Vec<Assignment>, StoreError> {
        self.read(move |conn, workspace| {
            conversations::the(conn, workspace, id)?;
            sql::log(
                conn,
                "SELECT assignment FROM assignments WHERE workspace_id = ?1 AND conversation_id = ?2
                 ORDER BY number DESC LIMIT ?3",
                workspace,
                id,
                LONGEST_LOG,
            )
        })
        .await
    }
}

/// A person who took a conversation looks after it; somebody of the staff group is no member.
pub(crate) fn taken_by(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    id: ConversationId,
    by: &Operator,
) -> Result<(), StoreError> {
    let member = match by.id {
        OperatorId::Member(member) => Some(member.0.into_bytes()),
        OperatorId::Telegram(_) => None,
    };
    set(tx, workspace, id, member)?;
    Ok(())
}

/// True when it changes anything.
fn set(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    id: ConversationId,
    member: Option<[u8; 16]>,
) -> Result<bool, StoreError> {
    let changed = sql::run(
        tx.conn,
        "UPDATE conversations SET assignee = ?3
         WHERE workspace_id = ?1 AND id = ?2 AND assignee IS NOT ?3",
        params![workspace.0.into_bytes(), id.0.into_bytes(), member],
    )?;
    Ok(changed > 0)
}

/// True when a person other than `to` has it.
fn is_held(handoff: &Handoff, to: Option<OperatorId>) -> bool {
    let holder = handoff.operator().map(|holder| holder.id);
    holder.is_some() && holder != to
}

/// `NotFound` unless there is such a member and they may answer customers.
fn may_answer(
    conn: &Connection,
    workspace: WorkspaceId,
    member: [u8; 16],
) -> Result<(), StoreError> {
    let role: Role = sql::the(
        conn,
        "SELECT role FROM members WHERE workspace_id = ?1 AND id = ?2",
        params![workspace.0.into_bytes(), member],
        |row| sql::word_at(row, 0),
    )?;
    match role.may(Permission::Answer) {
        true => Ok(()),
        false => Err(StoreError::NotFound),
    }
}
