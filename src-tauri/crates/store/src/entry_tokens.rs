//! Entry tokens: links that open the door once. Only their hashes are kept.

use domain::id::MemberId;
use domain::time::Timestamp;
use rusqlite::{Row, params};

use crate::error::StoreError;
use crate::{Store, sql};

/// What an entry token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryPurpose {
    /// Becoming the first owner.
    FirstOwner,
    /// Signing in as this member.
    SignIn(MemberId),
}

impl Store {
    /// Keeps a token by its SHA-256 until it is taken or over. `NotFound` when there is no such member.
    pub async fn put_entry_token(
        &self,
        token_hash: [u8; 32],
        purpose: EntryPurpose,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            let kept = match purpose {
                EntryPurpose::FirstOwner => sql::run(
                    tx.conn,
                    "INSERT INTO entry_tokens (token_hash, expires_at) VALUES (?1, ?2)",
                    params![token_hash, expires_at.0],
                )?,
                EntryPurpose::SignIn(member_id) => sql::run(
                    tx.conn,
                    "INSERT INTO entry_tokens (token_hash, workspace_id, member_id, expires_at)
                     SELECT ?1, workspace_id, id, ?3 FROM members WHERE id = ?2",
                    params![token_hash, member_id.0.into_bytes(), expires_at.0],
                )?,
            };
            match kept {
                0 => Err(StoreError::NotFound),
                _ => Ok(()),
            }
        })
        .await
    }

    /// Takes a token: the first taker gets its purpose, everybody later nothing.
    pub async fn take_entry_token(
        &self,
        token_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<EntryPurpose>, StoreError> {
        self.write(move |tx| {
            sql::run(
                tx.conn,
                "DELETE FROM entry_tokens WHERE expires_at <= ?1",
                [now.0],
            )?;
            sql::one(
                tx.conn,
                "DELETE FROM entry_tokens WHERE token_hash = ?1 RETURNING member_id",
                [token_hash],
                purpose,
            )
        })
        .await
    }

    /// What a token is good for, without taking it.
    pub async fn entry_token(
        &self,
        token_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<EntryPurpose>, StoreError> {
        self.read(move |conn| {
            sql::one(
                conn,
                "SELECT member_id FROM entry_tokens WHERE token_hash = ?1 AND expires_at > ?2",
                params![token_hash, now.0],
                purpose,
            )
        })
        .await
    }
}

fn purpose(row: &Row<'_>) -> Result<EntryPurpose, StoreError> {
    Ok(match sql::maybe_id_at(row, 0)? {
        Some(member_id) => EntryPurpose::SignIn(MemberId(member_id)),
        None => EntryPurpose::FirstOwner,
    })
}
