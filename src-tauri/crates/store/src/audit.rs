//! The audit log: entries that are only added, each chained to the one before it by a keyed hash (HMAC-SHA256).
//!
//! The key of a workspace's chain lies sealed among its secrets, so that whoever can write the database and has not
//! the master key can neither change an entry nor take one out, put one in, or change their order. What the chain
//! ends with is sealed too, and each backup's manifest has it: that shows a tail that was cut off. Whoever has the
//! key can write the whole log anew; copies of backups elsewhere show that, nothing here does.
//!
//! A restored backup brings its own shorter log. That is written down as an entry, and ends of the chain that were
//! noted between that backup and the restore are not held against it.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use domain::audit::{Deed, Entry};
use domain::id::WorkspaceId;
use domain::time::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, params};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::error::StoreError;
use crate::seal::{Key, Keys, aad, random};
use crate::writer::Tx;
use crate::{DATABASE, Workspace, backup, readers, secrets, sql};

/// What the first entry is chained to.
const NOTHING: [u8; 32] = [0; 32];

/// An entry with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// From 1, without gaps.
    pub number: u64,
    /// What was done.
    pub entry: Entry,
}

/// Whether a log is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditReport {
    /// Entries that were read.
    pub entries: u64,
    /// The first number at which the log is not as it was written; nothing when it is whole.
    pub broken_at: Option<u64>,
    /// Entries whose key is not on this computer: nothing can be said of them.
    pub unproved: u64,
    /// Backups whose note of the log's end was compared.
    pub backups: u64,
    /// Milliseconds it took.
    pub took_ms: u64,
}

impl AuditReport {
    /// True when every entry is as it was written, none is missing, and each could be checked.
    pub fn is_whole(&self) -> bool {
        self.broken_at.is_none() && self.unproved == 0
    }
}

/// What a log ended with when a backup was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    /// The number of the last entry.
    pub number: u64,
    /// Its hash, in hexadecimal digits.
    pub mac: String,
}

/// Entries that are to be kept with whatever is written next.
pub(crate) type Pending = Arc<Mutex<Vec<Entry>>>;

impl Workspace {
    /// The same workspace; what is written through it next stands in the audit log too, both or neither.
    pub fn noting(&self, entries: Vec<Entry>) -> Workspace {
        Workspace {
            pending: Some(Arc::new(Mutex::new(entries))),
            ..self.clone()
        }
    }

    /// Writes an entry down by itself.
    pub async fn note(&self, entry: Entry) -> Result<(), StoreError> {
        self.write(move |tx, workspace| append(tx, workspace, &entry))
            .await
    }

    /// Entries, the newest first, at most `limit` of those before a number.
    pub async fn audit(
        &self,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<AuditRow>, StoreError> {
        self.read(move |conn, workspace| {
            sql::many(
                conn,
                "SELECT number, entry FROM audit WHERE workspace_id = ?1 AND number < ?2
                 ORDER BY number DESC LIMIT ?3",
                params![
                    workspace.0.into_bytes(),
                    before.map_or(i64::MAX, sql::signed),
                    limit
                ],
                |row| {
                    Ok(AuditRow {
                        number: sql::count_at(row, 0)?,
                        entry: sql::json_at(row, 1)?,
                    })
                },
            )
        })
        .await
    }

    /// Reads the log through and holds it against its hashes, its sealed end, and the ends that the backups in the
    /// backups folder noted.
    pub async fn verify_audit(&self) -> Result<AuditReport, StoreError> {
        let inner = self.store.inner.clone();
        let id = self.id;
        let verified = tokio::task::spawn_blocking(move || {
            let anchors = anchors(&inner.data.join("backups"), id)?;
            // A reader of its own: a long log keeps nobody from the others.
            let conn = readers::reading(&inner.data.join(DATABASE))?;
            let moment = conn.unchecked_transaction()?;
            verify(&moment, &inner.keys, id, &anchors)
        });
        verified
            .await
            .unwrap_or_else(|error| Err(StoreError::Database(Box::new(error))))
    }
}

/// Adds an entry to the log.
pub(crate) fn append(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    entry: &Entry,
) -> Result<(), StoreError> {
    chain(tx.conn, tx.keys, workspace, entry)
}

/// Adds the entries that wait, if any do.
pub(crate) fn append_pending(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    pending: &Pending,
) -> Result<(), StoreError> {
    let mut pending = pending.lock().unwrap_or_else(PoisonError::into_inner);
    for entry in std::mem::take(&mut *pending) {
        append(tx, workspace, &entry)?;
    }
    Ok(())
}

/// Chains what was written down about people before there was a chain, and says of restored backups that they were.
/// At the start, before anything else writes.
pub(crate) fn catch_up(conn: &Connection, keys: &Keys, now: Timestamp) -> Result<(), StoreError> {
    let fresh = sql::many(
        conn,
        "SELECT DISTINCT workspace_id FROM people_log l WHERE NOT EXISTS (
             SELECT 1 FROM audit_heads h WHERE h.workspace_id = l.workspace_id)
           AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.workspace_id = l.workspace_id)",
        [],
        |row| Ok(WorkspaceId(sql::id_at(row, 0)?)),
    )?;
    let restored = sql::many(
        conn,
        "SELECT made_at FROM audit_restored ORDER BY made_at",
        [],
        |row| sql::time_at(row, 0),
    )?;
    if fresh.is_empty() && restored.is_empty() {
        return Ok(());
    }
    let tx = conn.unchecked_transaction()?;
    for workspace in fresh {
        let changes: Vec<domain::team::Change> = sql::many(
            &tx,
            "SELECT change FROM people_log WHERE workspace_id = ?1 ORDER BY number",
            [workspace.0.into_bytes()],
            |row| sql::json_at(row, 0),
        )?;
        for change in changes {
            chain(&tx, keys, workspace, &entry_of(change))?;
        }
    }
    if !restored.is_empty() {
        let workspaces = sql::many(&tx, "SELECT id FROM workspaces", [], |row| {
            Ok(WorkspaceId(sql::id_at(row, 0)?))
        })?;
        for workspace in workspaces {
            for made_at in &restored {
                let deed = Deed::BackupRestored { made_at: *made_at };
                let entry = Entry {
                    by: None,
                    deed,
                    at: now,
                };
                chain(&tx, keys, workspace, &entry)?;
            }
        }
        sql::run(&tx, "DELETE FROM audit_restored", [])?;
    }
    tx.commit()?;
    Ok(())
}

/// A change about people as an entry.
pub(crate) fn entry_of(change: domain::team::Change) -> Entry {
    Entry {
        by: change.by.clone(),
        at: change.at,
        deed: Deed::People { change },
    }
}

/// What the logs of all workspaces end with, by workspace.
pub(crate) fn ends(conn: &Connection) -> Result<BTreeMap<String, Anchor>, StoreError> {
    let ends = sql::many(
        conn,
        "SELECT workspace_id, number, mac FROM audit_heads",
        [],
        |row| {
            let anchor = Anchor {
                number: sql::count_at(row, 1)?,
                mac: hex::encode(row.get::<_, [u8; 32]>(2)?),
            };
            Ok((WorkspaceId(sql::id_at(row, 0)?).to_string(), anchor))
        },
    )?;
    Ok(ends.into_iter().collect())
}

/// The end of a chain.
struct End {
    number: u64,
    key_number: u32,
    mac: [u8; 32],
}

fn end_of(conn: &Connection, workspace: WorkspaceId) -> Result<Option<End>, StoreError> {
    sql::one(
        conn,
        "SELECT number, key_number, mac FROM audit_heads WHERE workspace_id = ?1",
        [workspace.0.into_bytes()],
        |row| {
            Ok(End {
                number: sql::count_at(row, 0)?,
                key_number: row.get(1)?,
                mac: row.get(2)?,
            })
        },
    )
}

fn chain(
    conn: &Connection,
    keys: &Keys,
    workspace: WorkspaceId,
    entry: &Entry,
) -> Result<(), StoreError> {
    let end = match end_of(conn, workspace)? {
        Some(end) => end,
        None => begin(conn, workspace)?,
    };
    let (key_number, key) = key_for_writing(conn, keys, workspace, end.key_number, entry.at)?;
    let text = sql::json(entry)?;
    let number = end.number + 1;
    let mac = mac_of(&key, workspace, number, entry.at, &end.mac, text.as_bytes());
    let owner = workspace.0.into_bytes();
    sql::run(
        conn,
        "INSERT INTO audit (workspace_id, number, key_number, entry, at, mac) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            owner,
            sql::signed(number),
            key_number,
            text,
            entry.at.0,
            mac
        ],
    )?;
    let seal = seal_of(&key, workspace, number, &mac);
    sql::run(
        conn,
        "INSERT INTO audit_heads (workspace_id, number, key_number, mac, seal) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (workspace_id) DO UPDATE SET number = excluded.number, key_number = excluded.key_number,
             mac = excluded.mac, seal = excluded.seal",
        params![owner, sql::signed(number), key_number, mac, seal],
    )?;
    Ok(())
}

/// Where a chain begins that has no end yet. Where there are entries all the same, somebody took the end away: a gap
/// is left, so that it is seen.
fn begin(conn: &Connection, workspace: WorkspaceId) -> Result<End, StoreError> {
    let last = sql::the(
        conn,
        "SELECT coalesce(max(number) + 1, 0) FROM audit WHERE workspace_id = ?1",
        [workspace.0.into_bytes()],
        |row| sql::count_at(row, 0),
    )?;
    Ok(End {
        number: last,
        key_number: 1,
        mac: NOTHING,
    })
}

/// The key that a chain goes on with: the one it had, or a new one where that is not here (restored on another
/// computer without its recovery code).
fn key_for_writing(
    conn: &Connection,
    keys: &Keys,
    workspace: WorkspaceId,
    last: u32,
    now: Timestamp,
) -> Result<(u32, Key), StoreError> {
    let mut number = last.max(1);
    loop {
        match secrets::find(conn, keys, workspace, &key_name(number))? {
            Some(Some(secret)) => {
                if let Ok(key) = Key::try_from(secret) {
                    return Ok((number, key));
                }
                number += 1;
            }
            Some(None) => number += 1,
            None => {
                let key = random::<32>()?;
                match secrets::put(conn, keys, workspace, &key_name(number), &key, "", now) {
                    Ok(()) => return Ok((number, key)),
                    // Nobody is kept from anything because the keychain is locked.
                    Err(StoreError::Secret) => return Ok((UNKEYED, [0; 32])),
                    Err(error) => return Err(error),
                }
            }
        }
    }
}

/// The number of no key: what was written with it proves nothing.
const UNKEYED: u32 = 0;

/// The name of the secret that is a chain's key.
fn key_name(number: u32) -> String {
    format!("{KEY_NAME}{number}")
}

/// How names of secrets begin that are keys of chains: nobody enters them again.
pub(crate) const KEY_NAME: &str = "audit:";

fn keyed(key: &Key, parts: &[&[u8]]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.update(&aad(parts));
    mac
}

fn mac_of(
    key: &Key,
    workspace: WorkspaceId,
    number: u64,
    at: Timestamp,
    before: &[u8; 32],
    entry: &[u8],
) -> [u8; 32] {
    let (number, at) = (number.to_be_bytes(), at.0.to_be_bytes());
    let parts: [&[u8]; 6] = [
        b"audit",
        workspace.0.as_bytes(),
        &number,
        &at,
        before,
        entry,
    ];
    keyed(key, &parts).finalize().into_bytes().into()
}

fn seal_of(key: &Key, workspace: WorkspaceId, number: u64, mac: &[u8; 32]) -> [u8; 32] {
    let number = number.to_be_bytes();
    let parts: [&[u8]; 4] = [b"audit end", workspace.0.as_bytes(), &number, mac];
    keyed(key, &parts).finalize().into_bytes().into()
}

/// An end that a backup noted, and when.
struct Noted {
    made_at: Timestamp,
    anchor: Anchor,
}

fn anchors(folder: &std::path::Path, workspace: WorkspaceId) -> Result<Vec<Noted>, StoreError> {
    let workspace = workspace.to_string();
    let manifests = backup::manifests(folder)?.into_iter();
    let noted = manifests.filter_map(|(_, mut manifest)| {
        let anchor = manifest.audit.remove(&workspace)?;
        let made_at = manifest.made_at;
        Some(Noted { made_at, anchor })
    });
    Ok(noted.collect())
}

/// A backup that was put in place, at the entry that says so.
struct Restored {
    number: u64,
    at: Timestamp,
    made_at: Timestamp,
}

/// A row as it lies there.
struct Lying {
    number: u64,
    key_number: u32,
    entry: String,
    at: Timestamp,
    mac: [u8; 32],
}

fn verify(
    conn: &Connection,
    keys: &Keys,
    workspace: WorkspaceId,
    anchors: &[Noted],
) -> Result<AuditReport, StoreError> {
    let begun = Instant::now();
    let mut report = AuditReport {
        entries: 0,
        broken_at: None,
        unproved: 0,
        backups: anchors.len() as u64,
        took_ms: 0,
    };
    let mut opened: HashMap<u32, Option<Key>> = HashMap::new();
    let mut key_of = |number: u32| -> Result<Option<Key>, StoreError> {
        if let Some(known) = opened.get(&number) {
            return Ok(*known);
        }
        if number == UNKEYED {
            return Ok(None);
        }
        let secret = secrets::find(conn, keys, workspace, &key_name(number))?.flatten();
        let key = secret.and_then(|secret| Key::try_from(secret).ok());
        opened.insert(number, key);
        Ok(key)
    };
    let mut noted: HashMap<u64, Vec<&Noted>> = HashMap::new();
    for one in anchors {
        noted.entry(one.anchor.number).or_default().push(one);
    }
    let mut restored: Vec<Restored> = Vec::new();
    let mut otherwise: Vec<&Noted> = Vec::new();
    let mut before = NOTHING;
    let mut statement = conn.prepare(
        "SELECT number, key_number, entry, at, mac FROM audit WHERE workspace_id = ?1 ORDER BY number",
    )?;
    let mut rows = statement.query([workspace.0.into_bytes()])?;
    while let Some(row) = rows.next()? {
        let lying = Lying {
            number: sql::count_at(row, 0)?,
            key_number: row.get(1)?,
            entry: row.get(2)?,
            at: sql::time_at(row, 3)?,
            mac: row.get(4)?,
        };
        let expected = report.entries + 1;
        if lying.number != expected {
            report.broken_at = Some(expected);
            break;
        }
        match key_of(lying.key_number)? {
            Some(key) => {
                let text = lying.entry.as_bytes();
                let mac = mac_of(&key, workspace, expected, lying.at, &before, text);
                if mac != lying.mac {
                    report.broken_at = Some(expected);
                    break;
                }
            }
            None => report.unproved += 1,
        }
        if lying.entry.contains("\"backup_restored\"")
            && let Entry {
                deed: Deed::BackupRestored { made_at },
                at,
                ..
            } = serde_json::from_str(&lying.entry)?
        {
            restored.push(Restored {
                number: expected,
                at,
                made_at,
            });
        }
        let mac = hex::encode(lying.mac);
        if let Some(noted) = noted.get(&expected) {
            otherwise.extend(noted.iter().filter(|noted| noted.anchor.mac != mac));
        }
        before = lying.mac;
        report.entries = expected;
    }
    let end = end_of(conn, workspace)?;
    if report.broken_at.is_none() {
        let is_sealed = is_end(conn, &mut key_of, workspace, end.as_ref(), &report, &before)?;
        otherwise.extend(
            anchors
                .iter()
                .filter(|noted| noted.anchor.number > report.entries),
        );
        let is_excused = |noted: &Noted| {
            restored.iter().any(|restored| {
                noted.anchor.number >= restored.number
                    && (restored.made_at..=restored.at).contains(&noted.made_at)
            })
        };
        let against = otherwise.into_iter().filter(|noted| !is_excused(noted));
        let earliest = against
            .map(|noted| noted.anchor.number.min(report.entries + 1))
            .min();
        report.broken_at = earliest.or((!is_sealed).then_some(report.entries + 1));
    }
    report.took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(report)
}

/// True when the chain ends where it was sealed; also where nobody here can say.
fn is_end(
    conn: &Connection,
    key_of: &mut impl FnMut(u32) -> Result<Option<Key>, StoreError>,
    workspace: WorkspaceId,
    end: Option<&End>,
    report: &AuditReport,
    last: &[u8; 32],
) -> Result<bool, StoreError> {
    let Some(end) = end else {
        return Ok(report.entries == 0);
    };
    if end.number != report.entries || end.mac != *last {
        return Ok(false);
    }
    let Some(key) = key_of(end.key_number)? else {
        return Ok(true);
    };
    let seal = sql::the(
        conn,
        "SELECT seal FROM audit_heads WHERE workspace_id = ?1",
        [workspace.0.into_bytes()],
        |row| Ok(row.get::<_, [u8; 32]>(0)?),
    )?;
    Ok(seal == seal_of(&key, workspace, end.number, last))
}
