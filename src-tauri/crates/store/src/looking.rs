//! A look through a followed source, step by step. Each step shows the lease of its job, and is kept or not at all.

use domain::document::Document;
use domain::event::Topic;
use domain::following::{Followed, Item, ItemState, RETRY_SECONDS, Trouble, Vanished};
use domain::id::{DocumentId, JobId, SourceId, WorkspaceId};
use domain::job::Lease;
use domain::time::Timestamp;
use rusqlite::params;

use crate::documents::Entering;
use crate::error::StoreError;
use crate::files::StoredFile;
use crate::writer::Tx;
use crate::{Workspace, documents, following, jobs, sql};

/// A page or file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewItem {
    /// Its address, or its path in the folder.
    pub key: String,
    /// The name of its document.
    pub name: String,
    /// Links from the first page on.
    pub depth: u32,
}

/// A file that lies in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedFile {
    /// Its path in the folder.
    pub key: String,
    /// The name of its document.
    pub name: String,
    /// Size and time of its last change.
    pub modified: String,
}

/// What was seen where a page or file should be, when it is nothing new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looked {
    /// It is as it was.
    Unchanged,
    /// It is to be left out: its document goes.
    LeftOut(Trouble),
    /// It could not be seen now: its document stays.
    Failed(Trouble),
    /// It is not there any more: its document goes, or stays if the owner says so.
    Gone,
}

/// A page or file with content to be read.
#[derive(Debug)]
pub struct TakenItem {
    /// Its key.
    pub key: String,
    /// What came.
    pub file: StoredFile,
    /// Its media type as it was said.
    pub media_type: String,
    /// `ETag` of a page.
    pub tag: String,
    /// `Last-Modified` of a page; size and time of a file.
    pub modified: String,
    /// The document, should it become one.
    pub document_id: DocumentId,
    /// The job that reads it.
    pub read_job: JobId,
    /// A job for a document that has to be read again because its name moved here.
    pub moved_job: JobId,
}

/// What became of content.
#[derive(Debug, Clone, PartialEq)]
pub enum Became {
    /// It is what was known.
    Unchanged,
    /// Another page or file has it already.
    Same,
    /// A new document, or a new version of one.
    Document(Box<Document>),
}

impl Workspace {
    /// Opens a look, or goes on with the one that is open: what is known and not given up is due.
    pub async fn begin_look(
        &self,
        lease: &Lease,
        id: SourceId,
        now: Timestamp,
    ) -> Result<Followed, StoreError> {
        let lease = lease.clone();
        self.write(move |tx, workspace| {
            following::held(tx.conn, &lease, workspace)?;
            let known = following::the(tx.conn, workspace, id)?;
            let key = params![workspace.0.into_bytes(), id.0.into_bytes()];
            if known.is_open {
                sql::run(
                    tx.conn,
                    "UPDATE followed SET next_at = NULL WHERE workspace_id = ?1 AND source_id = ?2",
                    key,
                )?;
                return Ok(known);
            }
            sql::run(
                tx.conn,
                "DELETE FROM followed_items WHERE workspace_id = ?1 AND source_id = ?2 AND state = 'gone'
                   AND NOT EXISTS (SELECT 1 FROM documents d
                                   WHERE d.workspace_id = ?1 AND d.source_id = ?2 AND d.name = followed_items.name)
                   AND changed_at < ?3",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    now.plus_seconds(-GONE_IS_SHOWN_SECONDS).0
                ],
            )?;
            sql::run(
                tx.conn,
                "UPDATE followed_items SET due = 1 WHERE workspace_id = ?1 AND source_id = ?2
                   AND coalesce(trouble, '') <> 'removed' AND state <> 'gone'",
                key,
            )?;
            sql::run(
                tx.conn,
                "UPDATE followed SET is_open = 1, is_cut = 0, pass = pass + 1, started_at = ?3, next_at = NULL
                 WHERE workspace_id = ?1 AND source_id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes(), now.0],
            )?;
            tx.event(workspace, Topic::Source, id, now)?;
            following::the(tx.conn, workspace, id)
        })
        .await
    }

    /// Adds what was found, as long as there are fewer than `most`; what was gone and is found again is due too.
    pub async fn add_items(
        &self,
        lease: &Lease,
        id: SourceId,
        items: Vec<NewItem>,
        most: u32,
    ) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.write(move |tx, workspace| {
            following::held(tx.conn, &lease, workspace)?;
            add(tx, workspace, id, items, most)
        })
        .await
    }

    /// What lies in a folder now: what is as it was is done with, the rest is due, what is not there any more last.
    pub async fn folder_listed(
        &self,
        lease: &Lease,
        id: SourceId,
        files: Vec<ListedFile>,
        is_cut: bool,
        most: u32,
    ) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.write(move |tx, workspace| {
            following::held(tx.conn, &lease, workspace)?;
            sql::run(
                tx.conn,
                "UPDATE followed_items SET depth = 1 WHERE workspace_id = ?1 AND source_id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
            )?;
            let mut new = Vec::new();
            for file in files {
                let known = sql::run(
                    tx.conn,
                    "UPDATE followed_items
                     SET depth = 0,
                         due = CASE WHEN modified = ?4 AND state IN ('read', 'same') THEN 0 ELSE due END
                     WHERE workspace_id = ?1 AND source_id = ?2 AND key = ?3 AND state <> 'gone'",
                    params![
                        workspace.0.into_bytes(),
                        id.0.into_bytes(),
                        file.key,
                        file.modified
                    ],
                )?;
                if known == 0 {
                    new.push(NewItem {
                        key: file.key,
                        name: file.name,
                        depth: 0,
                    });
                }
            }
            if is_cut {
                cut(tx, workspace, id)?;
            }
            add(tx, workspace, id, new, most)
        })
        .await
    }

    /// The next page or file of the open look; `None` when all were looked at.
    pub async fn due_item(&self, id: SourceId) -> Result<Option<Item>, StoreError> {
        self.read(move |conn, workspace| following::due(conn, workspace, id))
            .await
    }

    /// One page or file.
    pub async fn followed_item(&self, id: SourceId, key: String) -> Result<Item, StoreError> {
        self.read(move |conn, workspace| following::item(conn, workspace, id, &key))
            .await
    }

    /// A page or file was looked at, and there is nothing to be read.
    pub async fn item_looked(
        &self,
        lease: &Lease,
        id: SourceId,
        key: String,
        looked: Looked,
        moved_job: JobId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.write(move |tx, workspace| {
            following::held(tx.conn, &lease, workspace)?;
            let followed = following::the(tx.conn, workspace, id)?;
            let item = following::item(tx.conn, workspace, id, &key)?;
            let stays = followed.vanished == Vanished::Keep;
            let (state, trouble) = match looked {
                Looked::Unchanged => (unchanged(&item), None),
                Looked::LeftOut(trouble) => (ItemState::LeftOut, Some(trouble)),
                Looked::Failed(trouble) => (ItemState::Failed, Some(trouble)),
                Looked::Gone => (ItemState::Gone, Some(Trouble::NotFound)),
            };
            let goes = match looked {
                Looked::LeftOut(_) => true,
                Looked::Gone => !stays,
                Looked::Unchanged | Looked::Failed(_) => false,
            };
            if goes {
                let_go(tx, workspace, id, &item, moved_job, now)?;
            }
            let is_news = item.state != state;
            sql::run(
                tx.conn,
                "UPDATE followed_items
                 SET state = ?4, trouble = ?5, due = 0, looked_at = ?6,
                     changed_at = CASE WHEN ?7 THEN ?6 ELSE changed_at END,
                     tag = CASE WHEN ?8 THEN '' ELSE tag END,
                     modified = CASE WHEN ?8 THEN '' ELSE modified END,
                     content_hash = CASE WHEN ?8 THEN '' ELSE content_hash END
                 WHERE workspace_id = ?1 AND source_id = ?2 AND key = ?3",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    key,
                    sql::word(&state)?,
                    trouble.map(|trouble| sql::word(&trouble)).transpose()?,
                    now.0,
                    is_news && matches!(looked, Looked::Gone),
                    goes
                ],
            )?;
            Ok(())
        })
        .await
    }

    /// A page or file was looked at, and this is what it holds.
    pub async fn item_taken(
        &self,
        lease: &Lease,
        id: SourceId,
        taken: TakenItem,
        now: Timestamp,
    ) -> Result<Became, StoreError> {
        let lease = lease.clone();
        self.write(move |tx, workspace| {
            following::held(tx.conn, &lease, workspace)?;
            let item = following::item(tx.conn, workspace, id, &taken.key)?;
            let hash = taken.file.content_hash.clone();
            let has_document = item.document.is_some();
            let twin = sql::any(
                tx.conn,
                "SELECT 1 FROM followed_items i
                 WHERE i.workspace_id = ?1 AND i.source_id = ?2 AND i.content_hash = ?3 AND i.key <> ?4
                   AND i.state IN ('read', 'failed', 'gone')
                   AND EXISTS (SELECT 1 FROM documents d
                               WHERE d.workspace_id = ?1 AND d.source_id = ?2 AND d.name = i.name)",
                params![workspace.0.into_bytes(), id.0.into_bytes(), hash, taken.key],
            )?;
            let is_known = item.content_hash == hash;
            let (state, became) = if is_known && has_document {
                (ItemState::Read, Became::Unchanged)
            } else if twin {
                let_go(tx, workspace, id, &item, taken.moved_job, now)?;
                (ItemState::Same, Became::Same)
            } else {
                let entering = Entering {
                    id: taken.document_id,
                    source_id: id,
                    name: item.name.clone(),
                    media_type: taken.media_type.clone(),
                    size: taken.file.size,
                    content_hash: hash.clone(),
                    job_id: taken.read_job,
                };
                let document = match documents::same_name_and_content(tx.conn, workspace, &entering)? {
                    Some(on_its_way) => on_its_way,
                    None => documents::enter(tx, workspace, entering, now)?,
                };
                (ItemState::Read, Became::Document(Box::new(document)))
            };
            sql::run(
                tx.conn,
                "UPDATE followed_items
                 SET state = ?4, trouble = NULL, due = 0, tag = ?5, modified = ?6, content_hash = ?7,
                     looked_at = ?8, changed_at = CASE WHEN ?9 THEN changed_at ELSE ?8 END
                 WHERE workspace_id = ?1 AND source_id = ?2 AND key = ?3",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    taken.key,
                    sql::word(&state)?,
                    taken.tag,
                    taken.modified,
                    hash,
                    now.0,
                    is_known
                ],
            )?;
            Ok(became)
        })
        .await
    }

    /// Puts an open look aside until `run_at`. What was done is kept: it costs no attempt. Where a member stopped
    /// the source, the look goes on when they let it.
    pub async fn put_look_aside(
        &self,
        lease: &Lease,
        id: SourceId,
        run_at: Timestamp,
    ) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.write(move |tx, workspace| {
            following::held(tx.conn, &lease, workspace)?;
            match following::the(tx.conn, workspace, id)?.is_paused {
                true => jobs::finish(tx, &lease),
                false => jobs::give_back(tx, &lease.job, "", run_at, 0),
            }
        })
        .await
    }

    /// Ends a look: its job is done, and the next one waits for its time.
    pub async fn end_look(
        &self,
        lease: &Lease,
        id: SourceId,
        trouble: Option<Trouble>,
        next_job: JobId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.write(move |tx, workspace| {
            jobs::finish(tx, &lease)?;
            let known = following::the(tx.conn, workspace, id)?;
            // Somebody may have asked for another look meanwhile.
            let asked = known.next_at;
            let soon = trouble.is_some_and(Trouble::passes);
            let soon = soon.then(|| now.plus_seconds(RETRY_SECONDS));
            let regular = known.place.next(known.rhythm, now);
            let regular = regular.map(|at| soon.map_or(at, |soon| at.min(soon)));
            let next_at = match (asked, regular) {
                _ if known.is_paused => None,
                (Some(asked), Some(regular)) => Some(asked.min(regular)),
                (asked, regular) => asked.or(regular),
            };
            following::close(tx, workspace, id, trouble, next_at, now)?;
            following::plan(tx, workspace, id, next_at, next_job, now)
        })
        .await
    }
}

/// How long a page that is gone stays in the list, so that the owner hears of it.
const GONE_IS_SHOWN_SECONDS: i64 = 30 * 24 * 60 * 60;

/// Adds what was found, as long as there are fewer than `most`.
fn add(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: SourceId,
    items: Vec<NewItem>,
    most: u32,
) -> Result<(), StoreError> {
    let mut room = u64::from(most).saturating_sub(sql::the(
        tx.conn,
        "SELECT count(*) FROM followed_items
             WHERE workspace_id = ?1 AND source_id = ?2 AND state <> 'gone'",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        |row| sql::count_at(row, 0),
    )?);
    for item in items {
        let key = params![workspace.0.into_bytes(), id.0.into_bytes(), item.key];
        let state: Option<ItemState> = sql::one(
            tx.conn,
            "SELECT state FROM followed_items WHERE workspace_id = ?1 AND source_id = ?2 AND key = ?3",
            key,
            |row| sql::word_at(row, 0),
        )?;
        if state.is_some_and(|state| state != ItemState::Gone) {
            continue;
        }
        if room == 0 {
            return cut(tx, workspace, id);
        }
        room -= 1;
        sql::run(
            tx.conn,
            "INSERT INTO followed_items (workspace_id, source_id, key, name, state, depth, due)
                 VALUES (?1, ?2, ?3, ?4, 'waiting', ?5, 1)
                 ON CONFLICT (workspace_id, source_id, key) DO UPDATE
                 SET state = 'waiting', trouble = NULL, depth = excluded.depth, due = 1,
                     tag = '', modified = '', content_hash = ''",
            params![
                workspace.0.into_bytes(),
                id.0.into_bytes(),
                item.key,
                item.name,
                item.depth
            ],
        )?;
    }
    Ok(())
}

/// There is more than is read.
fn cut(tx: &Tx<'_>, workspace: WorkspaceId, id: SourceId) -> Result<(), StoreError> {
    sql::run(
        tx.conn,
        "UPDATE followed SET is_cut = 1 WHERE workspace_id = ?1 AND source_id = ?2",
        params![workspace.0.into_bytes(), id.0.into_bytes()],
    )?;
    Ok(())
}

/// What was there and is as it was: in the knowledge, or a double.
fn unchanged(item: &Item) -> ItemState {
    match item.document {
        Some(_) => ItemState::Read,
        None => ItemState::Same,
    }
}

/// Takes an item's document away; if another page or file has the same content, the document becomes that one's:
/// so a file that is renamed keeps its document, its versions and labels.
fn let_go(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: SourceId,
    item: &Item,
    moved_job: JobId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let of_name = params![workspace.0.into_bytes(), id.0.into_bytes(), item.name];
    let known = sql::many(
        tx.conn,
        "SELECT id FROM documents WHERE workspace_id = ?1 AND source_id = ?2 AND name = ?3
         ORDER BY created_at DESC, id DESC",
        of_name,
        |row| Ok(DocumentId(sql::id_at(row, 0)?)),
    )?;
    let Some(newest) = known.first().copied() else {
        return Ok(());
    };
    let double: Option<(String, String)> = sql::one(
        tx.conn,
        "SELECT key, name FROM followed_items
         WHERE workspace_id = ?1 AND source_id = ?2 AND content_hash = ?3 AND content_hash <> ''
           AND key <> ?4 AND state = 'same'
         ORDER BY key LIMIT 1",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            item.content_hash,
            item.key
        ],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let Some((key, name)) = double else {
        for document in known {
            documents::remove(tx, workspace, document, now)?;
        }
        return Ok(());
    };
    let document = documents::the(tx.conn, workspace, newest)?;
    sql::run(
        tx.conn,
        "UPDATE documents SET name = ?4, find_text = ?5 || char(10) || ?6, updated_at = ?7
         WHERE workspace_id = ?1 AND source_id = ?2 AND name = ?3",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            item.name,
            name,
            sql::findable(&name),
            sql::findable(&document.title),
            now.0
        ],
    )?;
    sql::run(
        tx.conn,
        "UPDATE followed_items SET state = 'read' WHERE workspace_id = ?1 AND source_id = ?2 AND key = ?3",
        params![workspace.0.into_bytes(), id.0.into_bytes(), key],
    )?;
    let is_named_so = !document.title.is_empty() && item.name.contains(&document.title);
    if is_named_so {
        // Its title was its name: it is read again under the new one.
        documents::read_again(tx, workspace, newest, moved_job, now)?;
    }
    tx.event(workspace, Topic::Document, newest, now)
}
