//! Entry tokens: links that open the door once. Only their hashes are kept.

use domain::id::MemberId;
use domain::time::Timestamp;

use crate::Store;
use crate::error::StoreError;

/// What an entry token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryPurpose {
    /// Becoming the first owner.
    FirstOwner,
    /// Signing in as this member.
    SignIn(MemberId),
}

impl Store {
    /// Keeps a token by its SHA-256 until it is taken or over.
    pub async fn put_entry_token(
        &self,
        token_hash: [u8; 32],
        purpose: EntryPurpose,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        crate::soon()
    }

    /// Takes a token: the first taker gets its purpose, everybody later nothing.
    pub async fn take_entry_token(
        &self,
        token_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<EntryPurpose>, StoreError> {
        crate::soon()
    }

    /// What a token is good for, without taking it.
    pub async fn entry_token(
        &self,
        token_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<EntryPurpose>, StoreError> {
        crate::soon()
    }
}
