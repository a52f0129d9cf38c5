//! The second step of signing in: the secret that codes are made of, the last code that was taken, spare codes.
//!
//! Not here: how a code is made of a secret (`app`).

use domain::id::{MemberId, SessionId, WorkspaceId};
use domain::team::Change;
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::{Workspace, secrets, sql, team};

/// A second step that is switched on.
#[derive(Debug, Clone)]
pub struct NewSecondStep {
    /// Whose.
    pub member_id: MemberId,
    /// What codes are made of.
    pub secret: Vec<u8>,
    /// The time step of the code that showed it works: it is not taken again.
    pub step: u64,
    /// SHA-256 of each spare code.
    pub spare_codes: Vec<[u8; 32]>,
    /// The session that stays; all others of the member end.
    pub except: Option<SessionId>,
}

impl Workspace {
    /// Keeps a secret that is shown but not in use yet, in place of an earlier one.
    pub async fn offer_second_step(
        &self,
        member_id: MemberId,
        secret: Vec<u8>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.put_secret(&offered(member_id), secret, now).await
    }

    /// The secret that was shown and is not in use yet.
    pub async fn offered_second_step(
        &self,
        member_id: MemberId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.secret(&offered(member_id)).await
    }

    /// The secret in use. `Secret` when its key is not here.
    pub async fn second_step(&self, member_id: MemberId) -> Result<Option<Vec<u8>>, StoreError> {
        self.secret(&in_use(member_id)).await
    }

    /// Switches the second step of a member on and ends their other sessions.
    pub async fn turn_second_step_on(
        &self,
        new: NewSecondStep,
        change: Change,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (id, except) = (new.member_id, new.except);
        self.store
            .inner
            .passing
            .end(|session| session.member_id == id && Some(session.id) != except);
        let keys = self.store.inner.keys.clone();
        self.write(move |tx, workspace| {
            set_step(tx.conn, workspace, id, Some(new.step))?;
            let name = in_use(id);
            secrets::put(tx.conn, &keys, workspace, &name, &new.secret, "", now)?;
            forget(tx.conn, workspace, &offered(id))?;
            put_spare_codes(tx.conn, workspace, id, &new.spare_codes)?;
            sql::run(
                tx.conn,
                "DELETE FROM sessions WHERE workspace_id = ?1 AND member_id = ?2 AND id IS NOT ?3",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    except.map(|session| session.0.into_bytes())
                ],
            )?;
            team::log(tx, workspace, &change, now)
        })
        .await
    }

    /// Switches the second step of a member off. `NotFound` when there is no such member.
    pub async fn turn_second_step_off(
        &self,
        id: MemberId,
        change: Change,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            set_step(tx.conn, workspace, id, None)?;
            forget(tx.conn, workspace, &in_use(id))?;
            forget(tx.conn, workspace, &offered(id))?;
            put_spare_codes(tx.conn, workspace, id, &[])?;
            team::log(tx, workspace, &change, now)
        })
        .await
    }

    /// Takes the code of a time step; false when it, or a later one, was taken before.
    pub async fn take_step(&self, id: MemberId, step: u64) -> Result<bool, StoreError> {
        self.write(move |tx, workspace| {
            let taken = sql::run(
                tx.conn,
                "UPDATE members SET totp_step = ?3 WHERE workspace_id = ?1 AND id = ?2 AND totp_step < ?3",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    sql::signed(step)
                ],
            )?;
            Ok(taken > 0)
        })
        .await
    }

    /// Takes a spare code; false when there is none like it.
    pub async fn take_spare_code(
        &self,
        id: MemberId,
        code_hash: [u8; 32],
        change: Change,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.write(move |tx, workspace| {
            let taken = sql::run(
                tx.conn,
                "DELETE FROM spare_codes WHERE workspace_id = ?1 AND member_id = ?2 AND code_hash = ?3",
                params![workspace.0.into_bytes(), id.0.into_bytes(), code_hash],
            )?;
            if taken > 0 {
                team::log(tx, workspace, &change, now)?;
            }
            Ok(taken > 0)
        })
        .await
    }

    /// Spare codes that are left.
    pub async fn spare_codes(&self, id: MemberId) -> Result<u64, StoreError> {
        self.read(move |conn, workspace| {
            sql::the(
                conn,
                "SELECT count(*) FROM spare_codes WHERE workspace_id = ?1 AND member_id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
                |row| sql::count_at(row, 0),
            )
        })
        .await
    }

    /// Puts other spare codes in the place of those that are left.
    pub async fn set_spare_codes(
        &self,
        id: MemberId,
        hashes: Vec<[u8; 32]>,
        change: Change,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            put_spare_codes(tx.conn, workspace, id, &hashes)?;
            team::log(tx, workspace, &change, now)
        })
        .await
    }
}

// The names stand in the triggers of the schema too.
fn in_use(id: MemberId) -> String {
    format!("totp:{id}")
}

fn offered(id: MemberId) -> String {
    format!("totp-new:{id}")
}

fn set_step(
    conn: &Connection,
    workspace: WorkspaceId,
    id: MemberId,
    step: Option<u64>,
) -> Result<(), StoreError> {
    let changed = sql::run(
        conn,
        "UPDATE members SET totp_step = ?3 WHERE workspace_id = ?1 AND id = ?2",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            step.map(sql::signed)
        ],
    )?;
    match changed {
        0 => Err(StoreError::NotFound),
        _ => Ok(()),
    }
}

fn forget(conn: &Connection, workspace: WorkspaceId, name: &str) -> Result<(), StoreError> {
    sql::run(
        conn,
        "DELETE FROM secrets WHERE workspace_id = ?1 AND name = ?2",
        params![workspace.0.into_bytes(), name],
    )?;
    Ok(())
}

fn put_spare_codes(
    conn: &Connection,
    workspace: WorkspaceId,
    id: MemberId,
    hashes: &[[u8; 32]],
) -> Result<(), StoreError> {
    sql::run(
        conn,
        "DELETE FROM spare_codes WHERE workspace_id = ?1 AND member_id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
    )?;
    for hash in hashes {
        sql::run(
            conn,
            "INSERT INTO spare_codes (workspace_id, member_id, code_hash) VALUES (?1, ?2, ?3)",
            params![workspace.0.into_bytes(), id.0.into_bytes(), hash],
        )?;
    }
    Ok(())
}
