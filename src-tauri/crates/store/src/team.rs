//! The people of a workspace: their roles, who goes, and the log of what changed about them.

use domain::event::Topic;
use domain::id::{MemberId, WorkspaceId};
use domain::member::{Member, Role};
use domain::team::Change;
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::writer::Tx;
use crate::{Store, Workspace, audit, members, sql};

/// Changes that a list has at most.
const LONGEST_LOG: u32 = 200;

/// A member as the owner sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamMember {
    /// The member.
    pub member: Member,
    /// When they were here last, to the minute; `None` for never.
    pub last_seen_at: Option<Timestamp>,
    /// True when signing in takes a code of theirs too.
    pub has_second_step: bool,
}

impl Workspace {
    /// The members, oldest first.
    pub async fn team(&self) -> Result<Vec<TeamMember>, StoreError> {
        self.read(|conn, workspace| {
            sql::many(
                conn,
                "SELECT id, workspace_id, email, name, role, created_at, last_seen_at, totp_step IS NOT NULL
                 FROM members WHERE workspace_id = ?1 ORDER BY created_at, id",
                [workspace.0.into_bytes()],
                |row| {
                    let last_seen_at: Option<i64> = row.get(6)?;
                    Ok(TeamMember {
                        member: members::read(row)?,
                        last_seen_at: last_seen_at.map(Timestamp),
                        has_second_step: row.get(7)?,
                    })
                },
            )
        })
        .await
    }

    /// Gives a member another role. `Conflict` when they are the last owner.
    pub async fn set_role(
        &self,
        id: MemberId,
        role: Role,
        change: Change,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            make(tx.conn, workspace, id, role)?;
            has_an_owner(tx.conn, workspace)?;
            log(tx, workspace, &change, now)
        })
        .await
    }

    /// Makes one member an owner and another, who is one, an admin, both or neither.
    pub async fn give_ownership(
        &self,
        from: MemberId,
        to: MemberId,
        change: Change,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            make(tx.conn, workspace, from, Role::Admin)?;
            make(tx.conn, workspace, to, Role::Owner)?;
            log(tx, workspace, &change, now)
        })
        .await
    }

    /// Removes a member with their sessions, codes and secrets; what they wrote stays. `Conflict` when they are
    /// the last owner.
    pub async fn remove_member(
        &self,
        id: MemberId,
        change: Change,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.store
            .inner
            .passing
            .end(|session| session.member_id == id);
        self.write(move |tx, workspace| {
            let removed = sql::run(
                tx.conn,
                "DELETE FROM members WHERE workspace_id = ?1 AND id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
            )?;
            if removed == 0 {
                return Err(StoreError::NotFound);
            }
            has_an_owner(tx.conn, workspace)?;
            log(tx, workspace, &change, now)
        })
        .await
    }

    /// What changed about people, the newest first; at most 200.
    pub async fn people_log(&self) -> Result<Vec<Change>, StoreError> {
        self.read(|conn, workspace| {
            sql::many(
                conn,
                "SELECT change FROM people_log WHERE workspace_id = ?1 ORDER BY number DESC LIMIT ?2",
                params![workspace.0.into_bytes(), LONGEST_LOG],
                |row| sql::json_at(row, 0),
            )
        })
        .await
    }
}

impl Store {
    /// True when signing in takes a code of this member too.
    pub async fn has_second_step(&self, id: MemberId) -> Result<bool, StoreError> {
        self.read(move |conn| {
            sql::any(
                conn,
                "SELECT 1 FROM members WHERE id = ?1 AND totp_step IS NOT NULL",
                [id.0.into_bytes()],
            )
        })
        .await
    }
}

/// Writes a change down and tells whoever watches.
pub(crate) fn log(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    change: &Change,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::run(
        tx.conn,
        "INSERT INTO people_log (workspace_id, number, change, at)
         VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM people_log WHERE workspace_id = ?1), ?2, ?3)",
        params![workspace.0.into_bytes(), sql::json(change)?, now.0],
    )?;
    audit::append(tx, workspace, &audit::entry_of(change.clone()))?;
    let subject = change.about.id.map(|id| id.to_string());
    tx.event(workspace, Topic::Team, subject.unwrap_or_default(), now)
}

fn make(
    conn: &Connection,
    workspace: WorkspaceId,
    id: MemberId,
    role: Role,
) -> Result<(), StoreError> {
    let changed = sql::run(
        conn,
        "UPDATE members SET role = ?3 WHERE workspace_id = ?1 AND id = ?2",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            sql::word(&role)?
        ],
    )?;
    match changed {
        0 => Err(StoreError::NotFound),
        _ => Ok(()),
    }
}

/// `Conflict` unless somebody owns the workspace.
fn has_an_owner(conn: &Connection, workspace: WorkspaceId) -> Result<(), StoreError> {
    let has_one = sql::any(
        conn,
        "SELECT 1 FROM members WHERE workspace_id = ?1 AND role = ?2",
        params![workspace.0.into_bytes(), sql::word(&Role::Owner)?],
    )?;
    match has_one {
        true => Ok(()),
        false => Err(StoreError::Conflict),
    }
}
