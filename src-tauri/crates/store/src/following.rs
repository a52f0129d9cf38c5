//! Followed sources: sites and folders, what became of each page or file, and how far a look has come.
//!
//! A look (a pass) marks everything that is known as due, adds what it finds, and takes the due ones one by one;
//! whatever happens in between, the next run of its job goes on where this one ended.

use domain::document::Source;
use domain::event::Topic;
use domain::following::{Followed, Item, ItemCounts, ItemState, Place, Rhythm, Trouble, Vanished};
use domain::id::{DocumentId, JobId, SourceId, WorkspaceId};
use domain::job::{Job, Lease, Task};
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::page::bounded;
use crate::writer::Tx;
use crate::{Store, Workspace, jobs, sources, sql};

/// What a member changes about a followed source; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FollowedChange {
    /// What is followed: the same address or path, with other bounds.
    pub place: Option<Place>,
    /// How often.
    pub rhythm: Option<Rhythm>,
    /// What becomes of documents whose page is gone.
    pub vanished: Option<Vanished>,
    /// Whether it is stopped.
    pub is_paused: Option<bool>,
}

/// Items of one page, in the order of their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items {
    /// The items.
    pub items: Vec<Item>,
    /// The key after which the next ones begin; `None` at the end.
    pub next: Option<String>,
}

impl Workspace {
    /// Adds a source that is followed, and the job of its first look. `Conflict` when its place is followed already.
    pub async fn follow(
        &self,
        source: Source,
        place: Place,
        rhythm: Rhythm,
        vanished: Vanished,
        job_id: JobId,
    ) -> Result<Followed, StoreError> {
        self.write(move |tx, workspace| {
            let is_known = sql::any(
                tx.conn,
                "SELECT 1 FROM followed WHERE workspace_id = ?1 AND place_key = ?2",
                params![workspace.0.into_bytes(), place.key()],
            )?;
            if is_known {
                return Err(StoreError::Conflict);
            }
            sources::add(tx, workspace, &source)?;
            sql::run(
                tx.conn,
                "INSERT INTO followed (workspace_id, source_id, place, place_key, rhythm, vanished, next_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    workspace.0.into_bytes(),
                    source.id.0.into_bytes(),
                    sql::json(&place)?,
                    place.key(),
                    sql::word(&rhythm)?,
                    sql::word(&vanished)?,
                    source.created_at.0
                ],
            )?;
            let task = Task::Follow {
                source_id: source.id,
            };
            jobs::enqueue(tx, workspace, job_id, &task, source.created_at)?;
            the(tx.conn, workspace, source.id)
        })
        .await
    }

    /// All followed sources, oldest first.
    pub async fn all_followed(&self) -> Result<Vec<Followed>, StoreError> {
        self.read(|conn, workspace| {
            sql::many(
                conn,
                &format!("SELECT {FOLLOWED} WHERE f.workspace_id = ?1 ORDER BY f.source_id"),
                [workspace.0.into_bytes()],
                read,
            )
        })
        .await
    }

    /// One followed source. `NotFound` for a source that is not followed.
    pub async fn followed(&self, id: SourceId) -> Result<Followed, StoreError> {
        self.read(move |conn, workspace| the(conn, workspace, id))
            .await
    }

    /// Changes a followed source. Its next look is planned anew, from the end of the last one; a look that is open
    /// goes on.
    pub async fn change_followed(
        &self,
        id: SourceId,
        change: FollowedChange,
        job_id: JobId,
        now: Timestamp,
    ) -> Result<Followed, StoreError> {
        self.write(move |tx, workspace| {
            let known = the(tx.conn, workspace, id)?;
            let place = change.place.unwrap_or(known.place);
            let rhythm = change.rhythm.unwrap_or(known.rhythm);
            let is_paused = change.is_paused.unwrap_or(known.is_paused);
            let goes_on = known.is_open && !known.is_paused && !is_paused;
            let next_at = match known.finished_at {
                _ if is_paused => None,
                _ if goes_on => known.next_at,
                Some(finished) if !known.is_open => {
                    place.next(rhythm, finished).map(|at| at.max(now))
                }
                Some(_) | None => Some(now),
            };
            sql::run(
                tx.conn,
                "UPDATE followed SET place = ?3, rhythm = ?4, vanished = ?5, is_paused = ?6, next_at = ?7
                 WHERE workspace_id = ?1 AND source_id = ?2",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    sql::json(&place)?,
                    sql::word(&rhythm)?,
                    sql::word(&change.vanished.unwrap_or(known.vanished))?,
                    is_paused,
                    next_at.map(|at| at.0)
                ],
            )?;
            // A look that is open has its job.
            if !goes_on {
                plan(tx, workspace, id, next_at, job_id, now)?;
            }
            tx.event(workspace, Topic::Source, id, now)?;
            the(tx.conn, workspace, id)
        })
        .await
    }

    /// Lets a source be looked at soon: at `at`, unless that happens earlier anyway. One that is stopped stays so.
    pub async fn look_soon(
        &self,
        id: SourceId,
        at: Timestamp,
        job_id: JobId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            let known = the(tx.conn, workspace, id)?;
            let is_sooner = known.next_at.is_none_or(|next| at < next);
            if known.is_paused || !is_sooner {
                return Ok(());
            }
            sql::run(
                tx.conn,
                "UPDATE followed SET next_at = ?3 WHERE workspace_id = ?1 AND source_id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes(), at.0],
            )?;
            plan(tx, workspace, id, Some(at), job_id, now)?;
            tx.event(workspace, Topic::Source, id, now)
        })
        .await
    }

    /// Pages or files of a followed source after `after`, in the order of their keys; only those of `state`, if told.
    pub async fn followed_items(
        &self,
        id: SourceId,
        state: Option<ItemState>,
        after: String,
        limit: u32,
    ) -> Result<Items, StoreError> {
        let limit = bounded(limit) as usize;
        self.read(move |conn, workspace| {
            the(conn, workspace, id)?;
            let state = state.map(|state| sql::word(&state)).transpose()?;
            let mut items = sql::many(
                conn,
                &format!(
                    "SELECT {ITEM} WHERE i.workspace_id = ?1 AND i.source_id = ?2 AND i.key > ?3
                       AND (?4 IS NULL OR i.state = ?4)
                     ORDER BY i.key LIMIT ?5"
                ),
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    after,
                    state,
                    sql::signed(limit as u64 + 1)
                ],
                read_item,
            )?;
            let more = items.len() > limit;
            items.truncate(limit);
            let next = items.last().filter(|_| more).map(|item| item.key.clone());
            Ok(Items { items, next })
        })
        .await
    }
}

impl Store {
    /// Every followed source of every workspace that is not stopped.
    pub async fn followed_now(&self) -> Result<Vec<(WorkspaceId, Followed)>, StoreError> {
        self.read(|conn| {
            sql::many(
                conn,
                &format!(
                    "SELECT {FOLLOWED} WHERE f.is_paused = 0 ORDER BY f.workspace_id, f.source_id"
                ),
                [],
                |row| Ok((WorkspaceId(sql::id_at(row, 0)?), read(row)?)),
            )
        })
        .await
    }
}

/// Sets the one job of a source's next look: none where nothing is planned. One that runs ends by itself.
pub(crate) fn plan(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: SourceId,
    at: Option<Timestamp>,
    job_id: JobId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let task = Task::Follow { source_id: id };
    jobs::forget_waiting(tx, workspace, &task)?;
    if let Some(at) = at {
        jobs::enqueue_for(tx, workspace, job_id, &task, at, now)?;
    }
    tx.after.lane(workspace, task.lane());
    Ok(())
}

/// The look was tried too often: what is known stays, and the next one comes at its time.
pub(crate) fn given_up(
    tx: &mut Tx<'_>,
    job: &Job,
    id: SourceId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let workspace = job.workspace_id;
    let known = match the(tx.conn, workspace, id) {
        Err(StoreError::NotFound) => return Ok(()),
        known => known?,
    };
    let next_at = known
        .place
        .next(known.rhythm, now)
        .filter(|_| !known.is_paused);
    close(tx, workspace, id, Some(Trouble::Stopped), next_at, now)?;
    // The dead job makes room for the next one under its own id.
    sql::run(
        tx.conn,
        "DELETE FROM jobs WHERE workspace_id = ?1 AND id = ?2",
        params![workspace.0.into_bytes(), job.id.0.into_bytes()],
    )?;
    plan(tx, workspace, id, next_at, job.id, now)
}

/// Ends the look.
pub(crate) fn close(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: SourceId,
    trouble: Option<Trouble>,
    next_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let trouble = trouble.map(|trouble| sql::word(&trouble)).transpose()?;
    let key = params![workspace.0.into_bytes(), id.0.into_bytes()];
    sql::run(
        tx.conn,
        "UPDATE followed_items SET due = 0 WHERE workspace_id = ?1 AND source_id = ?2 AND due = 1",
        key,
    )?;
    sql::run(
        tx.conn,
        "UPDATE followed SET is_open = 0, finished_at = ?3, next_at = ?4, trouble = ?5
         WHERE workspace_id = ?1 AND source_id = ?2",
        params![
            workspace.0.into_bytes(),
            id.0.into_bytes(),
            now.0,
            next_at.map(|at| at.0),
            trouble
        ],
    )?;
    tx.event(workspace, Topic::Source, id, now)
}

/// One followed source; `NotFound` when there is no such one.
pub(crate) fn the(
    conn: &Connection,
    workspace: WorkspaceId,
    id: SourceId,
) -> Result<Followed, StoreError> {
    sql::the(
        conn,
        &format!("SELECT {FOLLOWED} WHERE f.workspace_id = ?1 AND f.source_id = ?2"),
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read,
    )
}

/// One item.
pub(crate) fn item(
    conn: &Connection,
    workspace: WorkspaceId,
    id: SourceId,
    key: &str,
) -> Result<Item, StoreError> {
    sql::the(
        conn,
        &format!("SELECT {ITEM} WHERE i.workspace_id = ?1 AND i.source_id = ?2 AND i.key = ?3"),
        params![workspace.0.into_bytes(), id.0.into_bytes(), key],
        read_item,
    )
}

/// A member removes a document: what it was read from is left alone from now on.
pub(crate) fn leave_out(
    conn: &Connection,
    workspace: WorkspaceId,
    document: DocumentId,
) -> Result<(), StoreError> {
    sql::run(
        conn,
        "UPDATE followed_items SET state = 'left_out', trouble = 'removed', due = 0
         WHERE workspace_id = ?1 AND state IN ('read', 'failed', 'gone')
           AND (source_id, name) = (SELECT source_id, name FROM documents WHERE workspace_id = ?1 AND id = ?2)",
        params![workspace.0.into_bytes(), document.0.into_bytes()],
    )?;
    Ok(())
}

/// The lease, when it is of this workspace and still holds.
pub(crate) fn held(
    conn: &Connection,
    lease: &Lease,
    workspace: WorkspaceId,
) -> Result<(), StoreError> {
    match lease.job.workspace_id == workspace {
        true => jobs::holds(conn, lease),
        false => Err(StoreError::NotFound),
    }
}

const FOLLOWED: &str =
    "f.workspace_id, f.source_id, f.place, f.rhythm, f.vanished, f.is_paused, f.is_open, f.is_cut,
    f.pass, f.started_at, f.finished_at, f.next_at, f.trouble,
    (SELECT json_group_object(state, n) FROM (
        SELECT state, count(*) AS n FROM followed_items i
        WHERE i.workspace_id = f.workspace_id AND i.source_id = f.source_id GROUP BY state))
    FROM followed f";

fn read(row: &Row<'_>) -> Result<Followed, StoreError> {
    let counts: std::collections::HashMap<String, u64> = sql::json_at(row, 13)?;
    let count = |state: ItemState| -> Result<u64, StoreError> {
        Ok(counts.get(&sql::word(&state)?).copied().unwrap_or_default())
    };
    let moment = |column| -> Result<Option<Timestamp>, StoreError> {
        Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
    };
    Ok(Followed {
        source_id: SourceId(sql::id_at(row, 1)?),
        place: sql::json_at(row, 2)?,
        rhythm: sql::word_at(row, 3)?,
        vanished: sql::word_at(row, 4)?,
        is_paused: row.get(5)?,
        is_open: row.get(6)?,
        is_cut: row.get(7)?,
        pass: row.get(8)?,
        started_at: moment(9)?,
        finished_at: moment(10)?,
        next_at: moment(11)?,
        trouble: trouble_at(row, 12)?,
        counts: ItemCounts {
            waiting: count(ItemState::Waiting)?,
            read: count(ItemState::Read)?,
            same: count(ItemState::Same)?,
            left_out: count(ItemState::LeftOut)?,
            failed: count(ItemState::Failed)?,
            gone: count(ItemState::Gone)?,
        },
    })
}

/// The newest document of an item's name is its own.
const ITEM: &str =
    "i.key, i.name, i.state, i.trouble, i.depth, i.tag, i.modified, i.content_hash, i.looked_at,
    i.changed_at, d.id
    FROM followed_items i
    LEFT JOIN documents d ON d.workspace_id = i.workspace_id AND d.id = (
        SELECT n.id FROM documents n
        WHERE n.workspace_id = i.workspace_id AND n.source_id = i.source_id AND n.name = i.name
        ORDER BY n.created_at DESC, n.id DESC LIMIT 1)";

const DUE: &str =
    "i.workspace_id = ?1 AND i.source_id = ?2 AND i.due = 1 ORDER BY i.depth, i.key LIMIT 1";

/// The item that is due next.
pub(crate) fn due(
    conn: &Connection,
    workspace: WorkspaceId,
    id: SourceId,
) -> Result<Option<Item>, StoreError> {
    sql::one(
        conn,
        &format!("SELECT {ITEM} WHERE {DUE}"),
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read_item,
    )
}

fn read_item(row: &Row<'_>) -> Result<Item, StoreError> {
    let moment = |column| -> Result<Option<Timestamp>, StoreError> {
        Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
    };
    Ok(Item {
        key: row.get(0)?,
        name: row.get(1)?,
        state: sql::word_at(row, 2)?,
        trouble: trouble_at(row, 3)?,
        depth: row.get(4)?,
        tag: row.get(5)?,
        modified: row.get(6)?,
        content_hash: row.get(7)?,
        looked_at: moment(8)?,
        changed_at: moment(9)?,
        document: sql::maybe_id_at(row, 10)?.map(DocumentId),
    })
}

fn trouble_at(row: &Row<'_>, column: usize) -> Result<Option<Trouble>, StoreError> {
    let word = row.get::<_, Option<String>>(column)?;
    word.map(sql::from_word).transpose()
}
