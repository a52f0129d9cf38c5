//! Secrets of a workspace, sealed at rest.

use domain::event::Topic;
use domain::id::WorkspaceId;
use domain::time::Timestamp;
use rusqlite::{Row, params};

use crate::error::StoreError;
use crate::seal::{Keys, Sealed, aad, open, seal};
use crate::{Store, Workspace, sql};

/// A shorter secret has no hint: its last characters would say too much.
const SHORTEST_WITH_HINT: usize = 12;
/// Characters of a hint.
const HINT: usize = 4;

impl Workspace {
    /// Seals and keeps a secret, in place of the one with this name.
    pub async fn put_secret(
        &self,
        name: &str,
        secret: Vec<u8>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let name = name.to_owned();
        let keys = self.store.inner.keys.clone();
        self.write(move |tx, workspace| {
            let (version, key) = keys.for_sealing(tx.conn, now)?;
            let sealed = seal(&key, &place(workspace, &name, version), &secret)?;
            sql::run(
                tx.conn,
                "INSERT INTO secrets (workspace_id, name, key_version, nonce, sealed, hint, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (workspace_id, name) DO UPDATE SET
                     key_version = excluded.key_version, nonce = excluded.nonce,
                     sealed = excluded.sealed, hint = excluded.hint, updated_at = excluded.updated_at",
                params![
                    workspace.0.into_bytes(),
                    name,
                    version,
                    sealed.nonce,
                    sealed.bytes,
                    hint_of(&secret),
                    now.0
                ],
            )?;
            tx.event(workspace, Topic::Settings, name, now)
        })
        .await
    }

    /// A secret, opened. `Secret` when its key is not here or its row was changed.
    pub async fn secret(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let name = name.to_owned();
        let keys = self.store.inner.keys.clone();
        self.read(move |conn, workspace| {
            let row = sql::one(
                conn,
                "SELECT key_version, nonce, sealed FROM secrets WHERE workspace_id = ?1 AND name = ?2",
                params![workspace.0.into_bytes(), name],
                |row| opened(&keys, workspace, &name, row),
            )?;
            match row {
                Some(Some(secret)) => Ok(Some(secret)),
                Some(None) => Err(StoreError::Secret),
                None => Ok(None),
            }
        })
        .await
    }

    /// The last 4 characters of a secret of at least 12; empty for shorter ones; `None` when there is none.
    pub async fn secret_hint(&self, name: &str) -> Result<Option<String>, StoreError> {
        let name = name.to_owned();
        self.read(move |conn, workspace| {
            sql::one(
                conn,
                "SELECT hint FROM secrets WHERE workspace_id = ?1 AND name = ?2",
                params![workspace.0.into_bytes(), name],
                |row| Ok(row.get(0)?),
            )
        })
        .await
    }

    /// Forgets a secret; nothing happens when there is none.
    pub async fn remove_secret(&self, name: &str, now: Timestamp) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.write(move |tx, workspace| {
            let removed = sql::run(
                tx.conn,
                "DELETE FROM secrets WHERE workspace_id = ?1 AND name = ?2",
                params![workspace.0.into_bytes(), name],
            )?;
            match removed {
                0 => Ok(()),
                _ => tx.event(workspace, Topic::Settings, name, now),
            }
        })
        .await
    }
}

impl Store {
    /// The secrets that cannot be opened (restored without their key): to be entered again.
    pub async fn unreadable_secrets(&self) -> Result<Vec<(WorkspaceId, String)>, StoreError> {
        let keys = self.inner.keys.clone();
        self.read(move |conn| {
            let secrets = sql::many(
                conn,
                "SELECT key_version, nonce, sealed, workspace_id, name FROM secrets
                 ORDER BY workspace_id, name",
                [],
                |row| {
                    let workspace = WorkspaceId(sql::id_at(row, 3)?);
                    let name: String = row.get(4)?;
                    let readable = opened(&keys, workspace, &name, row)?.is_some();
                    Ok((workspace, name, readable))
                },
            )?;
            let unreadable = secrets.into_iter().filter(|(.., readable)| !readable);
            Ok(unreadable
                .map(|(workspace, name, _)| (workspace, name))
                .collect())
        })
        .await
    }
}

/// Opens the secret of a row (version, nonce, sealed bytes in its first columns).
fn opened(
    keys: &Keys,
    workspace: WorkspaceId,
    name: &str,
    row: &Row<'_>,
) -> Result<Option<Vec<u8>>, StoreError> {
    let version = row.get(0)?;
    let sealed = Sealed {
        nonce: row.get(1)?,
        bytes: row.get(2)?,
    };
    let key = keys.of(version);
    Ok(key.and_then(|key| open(&key, &place(workspace, name, version), &sealed)))
}

/// Where a secret lies: in another row it does not open.
fn place(workspace: WorkspaceId, name: &str, version: u32) -> Vec<u8> {
    aad(&[
        workspace.0.as_bytes(),
        b"secrets",
        b"sealed",
        name.as_bytes(),
        &version.to_be_bytes(),
    ])
}

fn hint_of(secret: &[u8]) -> String {
    let Ok(text) = std::str::from_utf8(secret) else {
        return String::new();
    };
    let length = text.chars().count();
    if length < SHORTEST_WITH_HINT {
        return String::new();
    }
    text.chars().skip(length - HINT).collect()
}
