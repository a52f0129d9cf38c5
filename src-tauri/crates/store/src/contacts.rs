//! Contacts: what is known of customers besides the channel's own number, and who is banned.

use domain::delivery::Sender;
use domain::event::Topic;
use domain::id::{ContactId, ConversationId, WorkspaceId};
use domain::job::Task;
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::updates::UpdateKey;
use crate::{Applied, Workspace, jobs, outbox, sql, updates};

/// What is known of a contact. What is unknown is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The name.
    pub name: String,
    /// The `@name`, without the sign.
    pub username: String,
    /// The language of their app, as it says.
    pub language: String,
    /// Where to write to.
    pub email: String,
    /// Where to call.
    pub phone: String,
    /// True when nothing of theirs is taken in.
    pub is_banned: bool,
}

impl Workspace {
    /// What is known of a contact.
    pub async fn profile(&self, id: ContactId) -> Result<Profile, StoreError> {
        self.read(move |conn, workspace| {
            the(conn, workspace, id)?;
            let profile = sql::one(
                conn,
                "SELECT name, username, language, email, phone, is_banned FROM contact_profiles
                 WHERE workspace_id = ?1 AND contact_id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
                |row| {
                    Ok(Profile {
                        name: row.get(0)?,
                        username: row.get(1)?,
                        language: row.get(2)?,
                        email: row.get(3)?,
                        phone: row.get(4)?,
                        is_banned: row.get(5)?,
                    })
                },
            )?;
            Ok(profile.unwrap_or_default())
        })
        .await
    }

    /// Keeps what a contact left behind to be reached by; empty leaves what is known.
    pub async fn set_contact_details(
        &self,
        id: ContactId,
        email: &str,
        phone: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (email, phone) = (email.to_owned(), phone.to_owned());
        self.write(move |tx, workspace| {
            the(tx.conn, workspace, id)?;
            let changed = sql::run(
                tx.conn,
                "INSERT INTO contact_profiles (workspace_id, contact_id, email, phone, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (workspace_id, contact_id) DO UPDATE SET
                     email = iif(excluded.email = '', email, excluded.email),
                     phone = iif(excluded.phone = '', phone, excluded.phone),
                     updated_at = excluded.updated_at
                 WHERE excluded.email NOT IN ('', email) OR excluded.phone NOT IN ('', phone)",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    email,
                    phone,
                    now.0
                ],
            )?;
            if changed == 0 {
                return Ok(());
            }
            for conversation_id in conversations_of(tx.conn, workspace, id)? {
                tx.event(workspace, Topic::Conversation, conversation_id, now)?;
            }
            Ok(())
        })
        .await
    }

    /// Bans a contact: nothing of theirs is taken in, nothing is answered, and what waits for them fails.
    /// `AlreadyApplied` when they are banned, or when its update was dealt with before.
    pub async fn ban(
        &self,
        id: ContactId,
        update: Option<UpdateKey>,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.set_banned(id, true, update, now).await
    }

    /// Takes a ban back; `AlreadyApplied` when there is none.
    pub async fn unban(
        &self,
        id: ContactId,
        update: Option<UpdateKey>,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.set_banned(id, false, update, now).await
    }

    async fn set_banned(
        &self,
        id: ContactId,
        is_banned: bool,
        update: Option<UpdateKey>,
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        self.write(move |tx, workspace| {
            the(tx.conn, workspace, id)?;
            if updates::settle(tx.conn, workspace, update)? == Applied::AlreadyApplied
                || is_banned_contact(tx.conn, workspace, id)? == is_banned
            {
                return Ok(Applied::AlreadyApplied);
            }
            sql::run(
                tx.conn,
                "INSERT INTO contact_profiles (workspace_id, contact_id, is_banned, updated_at)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (workspace_id, contact_id) DO UPDATE SET
                     is_banned = excluded.is_banned, updated_at = excluded.updated_at",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    is_banned,
                    now.0
                ],
            )?;
            for conversation_id in conversations_of(tx.conn, workspace, id)? {
                if is_banned {
                    jobs::forget(tx, workspace, &Task::Answer { conversation_id })?;
                }
                tx.event(workspace, Topic::Conversation, conversation_id, now)?;
            }
            if is_banned {
                outbox::give_up(
                    tx,
                    workspace,
                    outbox::BANNED,
                    "v.contact_id = ?4",
                    &[&id.0.into_bytes()],
                    now,
                )?;
            }
            Ok(Applied::Applied)
        })
        .await
    }
}

/// True when nothing of a contact is taken in.
pub(crate) fn is_banned_contact(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ContactId,
) -> Result<bool, StoreError> {
    sql::any(
        conn,
        "SELECT 1 FROM contact_profiles WHERE workspace_id = ?1 AND contact_id = ?2 AND is_banned",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
    )
}

/// Keeps what a messenger says of a contact; nothing is written when that was known.
pub(crate) fn meet(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ContactId,
    sender: &Sender,
    now: Timestamp,
) -> Result<(), StoreError> {
    sql::run(
        conn,
        "INSERT INTO contact_profiles (workspace_id, contact_id, name, username, language, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (workspace_id, contact_id) DO UPDATE SET
             name = excluded.name, username = excluded.username, language = excluded.language,
             updated_at = excluded.updated_at
         WHERE (name, username, language) <> (excluded.name, excluded.username, excluded.language)",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            sender.name,
            sender.username,
            sender.language,
            now.0
        ],
    )?;
    Ok(())
}

/// `NotFound` when this workspace has no such contact.
fn the(conn: &Connection, workspace: WorkspaceId, id: ContactId) -> Result<(), StoreError> {
    let there = sql::any(
        conn,
        "SELECT 1 FROM contacts WHERE workspace_id = ?1 AND id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
    )?;
    match there {
        true => Ok(()),
        false => Err(StoreError::NotFound),
    }
}

fn conversations_of(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ContactId,
) -> Result<Vec<ConversationId>, StoreError> {
    sql::many(
        conn,
        "SELECT id FROM conversations WHERE workspace_id = ?1 AND contact_id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        |row| Ok(ConversationId(sql::id_at(row, 0)?)),
    )
}
