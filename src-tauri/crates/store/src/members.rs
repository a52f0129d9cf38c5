//! Members: who signs in.

use domain::id::{MemberId, SessionId, WorkspaceId};
use domain::member::Member;
use domain::team::Change;
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::{Store, sql, team};

impl Store {
    /// Adds a member to their workspace. `Conflict` when somebody signs in with this address already,
    /// `NotFound` when there is no such workspace.
    pub async fn add_member(
        &self,
        member: Member,
        password_hash: String,
        change: Change,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            insert(tx.conn, &member, &password_hash)?;
            team::log(tx, member.workspace_id, &change, member.created_at)
        })
        .await
    }

    /// The member with this address (lowercase) and the hash of their password.
    pub async fn member_by_email(
        &self,
        email: &str,
    ) -> Result<Option<(Member, String)>, StoreError> {
        let email = email.to_owned();
        self.read(move |conn| {
            sql::one(
                conn,
                "SELECT id, workspace_id, email, name, role, created_at, password_hash
                 FROM members WHERE email = ?1",
                [email],
                |row| Ok((read(row)?, row.get(6)?)),
            )
        })
        .await
    }

    /// A member and the hash of their password.
    pub async fn member(&self, id: MemberId) -> Result<Option<(Member, String)>, StoreError> {
        self.read(move |conn| {
            sql::one(
                conn,
                "SELECT id, workspace_id, email, name, role, created_at, password_hash
                 FROM members WHERE id = ?1",
                [id.0.into_bytes()],
                |row| Ok((read(row)?, row.get(6)?)),
            )
        })
        .await
    }

    /// The members of a workspace, oldest first.
    pub async fn members(&self, workspace_id: WorkspaceId) -> Result<Vec<Member>, StoreError> {
        self.read(move |conn| {
            sql::many(
                conn,
                "SELECT id, workspace_id, email, name, role, created_at
                 FROM members WHERE workspace_id = ?1 ORDER BY created_at, id",
                [workspace_id.0.into_bytes()],
                read,
            )
        })
        .await
    }

    /// Changes the hash of a password and ends all sessions of the member but one.
    pub async fn set_password_hash(
        &self,
        id: MemberId,
        hash: String,
        except: Option<SessionId>,
        change: Change,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.inner
            .passing
            .end(|session| session.member_id == id && Some(session.id) != except);
        self.write(move |tx| {
            let workspace = sql::the(
                tx.conn,
                "UPDATE members SET password_hash = ?2 WHERE id = ?1 RETURNING workspace_id",
                params![id.0.into_bytes(), hash],
                |row| Ok(WorkspaceId(sql::id_at(row, 0)?)),
            )?;
            sql::run(
                tx.conn,
                "DELETE FROM sessions WHERE member_id = ?1 AND id IS NOT ?2",
                params![
                    id.0.into_bytes(),
                    except.map(|session| session.0.into_bytes())
                ],
            )?;
            team::log(tx, workspace, &change, now)
        })
        .await
    }
}

/// Reads id, workspace, address, name, role and time from the first six columns.
pub(crate) fn read(row: &Row<'_>) -> Result<Member, StoreError> {
    Ok(Member {
        id: MemberId(sql::id_at(row, 0)?),
        workspace_id: WorkspaceId(sql::id_at(row, 1)?),
        email: row.get(2)?,
        name: row.get(3)?,
        role: sql::word_at(row, 4)?,
        created_at: sql::time_at(row, 5)?,
    })
}

pub(crate) fn insert(
    conn: &Connection,
    member: &Member,
    password_hash: &str,
) -> Result<(), StoreError> {
    sql::run(
        conn,
        "INSERT INTO members (workspace_id, id, email, name, role, password_hash, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            member.workspace_id.0.into_bytes(),
            member.id.0.into_bytes(),
            member.email,
            member.name,
            sql::word(&member.role)?,
            password_hash,
            member.created_at.0
        ],
    )?;
    Ok(())
}
