//! Invitations. Of a link only its hash is kept; while its letter waits to be sent, the link lies sealed in secrets.

use domain::event::Topic;
use domain::id::{InvitationId, JobId, WorkspaceId};
use domain::job::{Lease, Task};
use domain::member::Member;
use domain::team::{Change, Invitation, LetterState};
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::writer::Tx;
use crate::{Store, Workspace, jobs, members, secrets, sql, team};

/// Invitations that a list has at most.
const MOST_LISTED: u32 = 500;
const INVITATION: &str =
    "id, role, email, language, origin, invited_by, letter, reason, created_at, expires_at";

/// The link of an invitation, as it is kept.
#[derive(Debug, Clone)]
pub struct NewLink {
    /// SHA-256 of its token.
    pub token_hash: [u8; 32],
    /// For the letter, where there is one: its job, and the token, which is sealed until the letter is sent.
    pub letter: Option<(JobId, String)>,
}

impl Workspace {
    /// Keeps an invitation, with the job that sends its letter where it has one.
    pub async fn invite(
        &self,
        invitation: Invitation,
        link: NewLink,
        change: Change,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let keys = self.store.inner.keys.clone();
        self.write(move |tx, workspace| {
            sql::run(
                tx.conn,
                "INSERT INTO invitations (workspace_id, id, token_hash, role, email, language, origin, invited_by,
                     letter, reason, created_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'none', '', ?9, ?10)",
                params![
                    workspace.0.into_bytes(),
                    invitation.id.0.into_bytes(),
                    link.token_hash,
                    sql::word(&invitation.role)?,
                    invitation.email,
                    invitation.language.code(),
                    invitation.origin,
                    invitation.invited_by,
                    invitation.created_at.0,
                    invitation.expires_at.0
                ],
            )?;
            want_letter(tx, &keys, workspace, invitation.id, link.letter, now)?;
            team::log(tx, workspace, &change, now)
        })
        .await
    }

    /// Gives an invitation another link and another end; the link before it opens nothing any more.
    pub async fn invite_again(
        &self,
        invitation: Invitation,
        link: NewLink,
        change: Change,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let keys = self.store.inner.keys.clone();
        self.write(move |tx, workspace| {
            let changed = sql::run(
                tx.conn,
                "UPDATE invitations SET token_hash = ?3, origin = ?4, invited_by = ?5, language = ?6, letter = 'none',
                     reason = '', created_at = ?7, expires_at = ?8
                 WHERE workspace_id = ?1 AND id = ?2",
                params![
                    workspace.0.into_bytes(),
                    invitation.id.0.into_bytes(),
                    link.token_hash,
                    invitation.origin,
                    invitation.invited_by,
                    invitation.language.code(),
                    invitation.created_at.0,
                    invitation.expires_at.0
                ],
            )?;
            if changed == 0 {
                return Err(StoreError::NotFound);
            }
            let invitation_id = invitation.id;
            jobs::forget(tx, workspace, &Task::Invite { invitation_id })?;
            want_letter(tx, &keys, workspace, invitation_id, link.letter, now)?;
            team::log(tx, workspace, &change, now)
        })
        .await
    }

    /// All that nobody has accepted yet, the newest first, also those whose time has passed; at most 500.
    pub async fn invitations(&self) -> Result<Vec<Invitation>, StoreError> {
        self.read(|conn, workspace| {
            sql::many(
                conn,
                &format!(
                    "SELECT {INVITATION} FROM invitations WHERE workspace_id = ?1
                     ORDER BY created_at DESC, id DESC LIMIT ?2"
                ),
                params![workspace.0.into_bytes(), MOST_LISTED],
                read,
            )
        })
        .await
    }

    /// One invitation.
    pub async fn invitation(&self, id: InvitationId) -> Result<Invitation, StoreError> {
        self.read(move |conn, workspace| the(conn, workspace, id))
            .await
    }

    /// Takes an invitation back: its link opens nothing any more.
    pub async fn withdraw_invitation(
        &self,
        id: InvitationId,
        change: Change,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            let removed = sql::run(
                tx.conn,
                "DELETE FROM invitations WHERE workspace_id = ?1 AND id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
            )?;
            if removed == 0 {
                return Err(StoreError::NotFound);
            }
            jobs::forget(tx, workspace, &Task::Invite { invitation_id: id })?;
            team::log(tx, workspace, &change, now)
        })
        .await
    }

    /// An invitation and its token, for its letter; no token once the letter was sent or given up.
    pub async fn invitation_letter(
        &self,
        id: InvitationId,
    ) -> Result<(Invitation, Option<Vec<u8>>), StoreError> {
        let invitation = self.invitation(id).await?;
        let token = self.secret(&token_name(id)).await?;
        Ok((invitation, token))
    }

    /// The letter was taken by the mail server: its job is done and its token forgotten.
    pub async fn letter_sent(
        &self,
        lease: &Lease,
        id: InvitationId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.letter_ended(lease, id, LetterState::Sent, String::new(), now)
            .await
    }

    /// The letter will not be sent: its job is done, its token forgotten, and the invitation tells why.
    pub async fn letter_failed(
        &self,
        lease: &Lease,
        id: InvitationId,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.letter_ended(lease, id, LetterState::Failed, reason.to_owned(), now)
            .await
    }

    async fn letter_ended(
        &self,
        lease: &Lease,
        id: InvitationId,
        state: LetterState,
        reason: String,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.write(move |tx, workspace| {
            jobs::finish(tx, &lease)?;
            sql::run(
                tx.conn,
                "DELETE FROM secrets WHERE workspace_id = ?1 AND name = ?2",
                params![workspace.0.into_bytes(), token_name(id)],
            )?;
            set_letter(tx, workspace, id, state, &reason, now)
        })
        .await
    }

    /// The letter could not be sent now and will be tried again; the invitation tells why.
    pub async fn letter_waits(
        &self,
        lease: &Lease,
        id: InvitationId,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (lease, reason) = (lease.clone(), reason.to_owned());
        self.write(move |tx, workspace| {
            jobs::holds(tx.conn, &lease)?;
            set_letter(tx, workspace, id, LetterState::Waiting, &reason, now)
        })
        .await
    }
}

impl Store {
    /// The invitation that a link opens, and the name of the business; nothing when it is spent or too old.
    pub async fn open_invitation(
        &self,
        token_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<(WorkspaceId, Invitation, String)>, StoreError> {
        self.read(move |conn| {
            sql::one(
                conn,
                &format!(
                    "SELECT {INVITATION}, workspace_id, (SELECT name FROM workspaces w WHERE w.id = workspace_id)
                     FROM invitations WHERE token_hash = ?1 AND expires_at > ?2"
                ),
                params![token_hash, now.0],
                |row| Ok((WorkspaceId(sql::id_at(row, 10)?), read(row)?, row.get(11)?)),
            )
        })
        .await
    }

    /// Accepts an invitation: it is gone, and the member is there. `NotFound` when it was accepted, withdrawn or is
    /// too old, `Conflict` when somebody signs in with this address already; the invitation is kept then.
    pub async fn accept_invitation(
        &self,
        token_hash: [u8; 32],
        member: Member,
        password_hash: String,
        change: Change,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            let workspace = member.workspace_id;
            let id = sql::the(
                tx.conn,
                "DELETE FROM invitations WHERE token_hash = ?1 AND workspace_id = ?2 AND expires_at > ?3
                 RETURNING id",
                params![token_hash, workspace.0.into_bytes(), now.0],
                |row| Ok(InvitationId(sql::id_at(row, 0)?)),
            )?;
            jobs::forget(tx, workspace, &Task::Invite { invitation_id: id })?;
            members::insert(tx.conn, &member, &password_hash)?;
            team::log(tx, workspace, &change, now)
        })
        .await
    }
}

/// Its letter was tried too often: the invitation says so, and keeps why it failed last. Its token stays sealed for
/// whoever lets the job run again.
pub(crate) fn given_up(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: InvitationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    set_state(tx, workspace, id, LetterState::Failed, now)
}

/// The job of its letter runs again.
pub(crate) fn wait_again(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: InvitationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    set_state(tx, workspace, id, LetterState::Waiting, now)
}

fn set_state(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: InvitationId,
    state: LetterState,
    now: Timestamp,
) -> Result<(), StoreError> {
    match the(tx.conn, workspace, id) {
        Ok(known) => set_letter(tx, workspace, id, state, &known.reason, now),
        Err(StoreError::NotFound) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Seals the token for the letter and wants it sent, where there is to be one.
fn want_letter(
    tx: &mut Tx<'_>,
    keys: &crate::seal::Keys,
    workspace: WorkspaceId,
    id: InvitationId,
    letter: Option<(JobId, String)>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some((job, token)) = letter else {
        return Ok(());
    };
    sql::run(
        tx.conn,
        "UPDATE invitations SET letter = 'waiting' WHERE workspace_id = ?1 AND id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
    )?;
    let name = token_name(id);
    secrets::put(tx.conn, keys, workspace, &name, token.as_bytes(), "", now)?;
    jobs::enqueue(tx, workspace, job, &Task::Invite { invitation_id: id }, now)?;
    Ok(())
}

fn set_letter(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: InvitationId,
    state: LetterState,
    reason: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::run(
        tx.conn,
        "UPDATE invitations SET letter = ?3, reason = ?4 WHERE workspace_id = ?1 AND id = ?2",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            sql::word(&state)?,
            reason
        ],
    )?;
    tx.event(workspace, Topic::Team, id, now)
}

// The name stands in a trigger of the schema too.
fn token_name(id: InvitationId) -> String {
    format!("invitation:{id}")
}

fn the(
    conn: &Connection,
    workspace: WorkspaceId,
    id: InvitationId,
) -> Result<Invitation, StoreError> {
    sql::the(
        conn,
        &format!("SELECT {INVITATION} FROM invitations WHERE workspace_id = ?1 AND id = ?2"),
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        id: InvitationId(sql::id_at(row, 0)?),
        role: sql::word_at(row, 1)?,
        email: row.get(2)?,
        language: sql::language_at(row, 3)?,
        origin: row.get(4)?,
        invited_by: row.get(5)?,
        letter: sql::word_at(row, 6)?,
        reason: row.get(7)?,
        created_at: sql::time_at(row, 8)?,
        expires_at: sql::time_at(row, 9)?,
    })
}
