//! Secrets of a workspace, sealed at rest.

use domain::event::Topic;
use domain::id::WorkspaceId;
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::seal::{Keys, Sealed, aad, open, seal, versions};
use crate::{Store, Workspace, audit, sql};

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
            put(
                tx.conn,
                &keys,
                workspace,
                &name,
                &secret,
                &hint_of(&secret),
                now,
            )?;
            tx.event(workspace, Topic::Settings, name, now)
        })
        .await
    }

    /// A secret, opened. `Secret` when its key is not here or its row was changed.
    pub async fn secret(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let name = name.to_owned();
        let keys = self.store.inner.keys.clone();
        self.read(
            move |conn, workspace| match find(conn, &keys, workspace, &name)? {
                Some(Some(secret)) => Ok(Some(secret)),
                Some(None) => Err(StoreError::Secret),
                None => Ok(None),
            },
        )
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

/// Seals and keeps a secret, in place of the one with this name.
pub(crate) fn put(
    conn: &Connection,
    keys: &Keys,
    workspace: WorkspaceId,
    name: &str,
    secret: &[u8],
    hint: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (version, key) = keys.for_sealing(conn, now)?;
    let sealed = seal(&key, &place(workspace, name, version), secret)?;
    sql::run(
        conn,
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
            hint,
            now.0
        ],
    )?;
    Ok(())
}

/// A secret inside a transaction: nothing when there is none, `Some(None)` when its key is not here.
pub(crate) fn find(
    conn: &Connection,
    keys: &Keys,
    workspace: WorkspaceId,
    name: &str,
) -> Result<Option<Option<Vec<u8>>>, StoreError> {
    sql::one(
        conn,
        "SELECT key_version, nonce, sealed FROM secrets WHERE workspace_id = ?1 AND name = ?2",
        params![workspace.0.into_bytes(), name],
        |row| opened(keys, workspace, name, row),
    )
}

/// Secrets that one commit seals anew.
const TOGETHER: u32 = 500;

/// A secret's row, as far as sealing it anew needs it.
struct SealedSecret {
    workspace: WorkspaceId,
    name: String,
    version: u32,
    sealed: Sealed,
}

impl Store {
    /// Seals all secrets with a new data key and forgets the old ones. It may be cut off anywhere: each secret can
    /// be read at every moment, and [`Store::finish_rotation`] does the rest. Says how many were sealed anew.
    pub async fn rotate_data_key(&self, now: Timestamp) -> Result<u64, StoreError> {
        let keys = self.inner.keys.clone();
        self.write(move |tx| keys.another(tx.conn, now)).await?;
        self.finish_rotation().await
    }

    /// Does what a rotation that was cut off left to do; nothing when there is nothing. Secrets whose key is not
    /// open stay as they are, with it.
    pub async fn finish_rotation(&self) -> Result<u64, StoreError> {
        let mut sealed_anew = 0;
        let mut after = Some((WorkspaceId(uuid::Uuid::nil()), String::new()));
        while let Some(last) = after {
            let keys = self.inner.keys.clone();
            let (count, next) = self
                .write(move |tx| seal_some_anew(tx.conn, &keys, last))
                .await?;
            sealed_anew += count;
            after = next;
        }
        self.write(|tx| {
            sql::run(
                tx.conn,
                "DELETE FROM data_keys WHERE version < (SELECT max(version) FROM data_keys)
                     AND version NOT IN (SELECT key_version FROM secrets)",
                [],
            )
        })
        .await?;
        Ok(sealed_anew)
    }

    /// The secrets that cannot be opened (restored without their key): to be entered again.
    pub async fn unreadable_secrets(&self) -> Result<Vec<(WorkspaceId, String)>, StoreError> {
        let keys = self.inner.keys.clone();
        self.read(move |conn| closed(conn, &keys)).await
    }
}

/// Seals the secrets after `last` that have an older key with the newest one; says how many, and where to go on.
fn seal_some_anew(
    conn: &Connection,
    keys: &Keys,
    last: (WorkspaceId, String),
) -> Result<(u64, Option<(WorkspaceId, String)>), StoreError> {
    let newest = versions(conn)?.into_iter().max();
    let Some((newest, key)) = newest.and_then(|newest| Some((newest, keys.of(newest)?))) else {
        return Ok((0, None));
    };
    let rows = sql::many(
        conn,
        "SELECT workspace_id, name, key_version, nonce, sealed FROM secrets
         WHERE key_version < ?1 AND (workspace_id, name) > (?2, ?3)
         ORDER BY workspace_id, name LIMIT ?4",
        params![newest, last.0.0.into_bytes(), last.1, TOGETHER],
        |row| {
            Ok(SealedSecret {
                workspace: WorkspaceId(sql::id_at(row, 0)?),
                name: row.get(1)?,
                version: row.get(2)?,
                sealed: Sealed::at(row, 3)?,
            })
        },
    )?;
    let mut count = 0;
    for row in &rows {
        let old = place(row.workspace, &row.name, row.version);
        let secret = keys
            .of(row.version)
            .and_then(|key| open(&key, &old, &row.sealed));
        let Some(secret) = secret else {
            continue;
        };
        let anew = seal(&key, &place(row.workspace, &row.name, newest), &secret)?;
        sql::run(
            conn,
            "UPDATE secrets SET key_version = ?3, nonce = ?4, sealed = ?5
             WHERE workspace_id = ?1 AND name = ?2",
            params![
                row.workspace.0.into_bytes(),
                row.name,
                newest,
                anew.nonce,
                anew.bytes
            ],
        )?;
        count += 1;
    }
    let next = rows.into_iter().next_back();
    Ok((count, next.map(|row| (row.workspace, row.name))))
}

/// The secrets that these keys do not open, and that somebody can enter again.
pub(crate) fn closed(
    conn: &Connection,
    keys: &Keys,
) -> Result<Vec<(WorkspaceId, String)>, StoreError> {
    let secrets = sql::many(
        conn,
        "SELECT key_version, nonce, sealed, workspace_id, name FROM secrets
         ORDER BY workspace_id, name",
        [],
        |row| {
            let workspace = WorkspaceId(sql::id_at(row, 3)?);
            let name: String = row.get(4)?;
            let readable = opened(keys, workspace, &name, row)?.is_some();
            Ok((workspace, name, readable))
        },
    )?;
    let closed = secrets
        .into_iter()
        .filter(|(_, name, readable)| !readable && !name.starts_with(audit::KEY_NAME));
    Ok(closed
        .map(|(workspace, name, _)| (workspace, name))
        .collect())
}

/// Opens the secret of a row (version, nonce, sealed bytes in its first columns).
fn opened(
    keys: &Keys,
    workspace: WorkspaceId,
    name: &str,
    row: &Row<'_>,
) -> Result<Option<Vec<u8>>, StoreError> {
    let version = row.get(0)?;
    let sealed = Sealed::at(row, 1)?;
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
