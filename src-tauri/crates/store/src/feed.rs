//! The feed of the index: what changed since a watermark, in order.
//!
//! One counter of the workspace numbers every change that the index has to follow. A row keeps the number of its
//! last change only, so that the feed is as long as what there is, not as long as its history.

use domain::document::Passage;
use domain::id::{DocumentId, PassageId, WorkspaceId};
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::error::StoreError;
use crate::{Workspace, documents, passages, sql, vectors};

/// Changes for the index.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// The changes, in order.
    pub changes: Vec<FeedChange>,
    /// The watermark once they are applied.
    pub upto: u64,
    /// True when there is more after `upto`.
    pub more: bool,
    /// True when the watermark is not of this store's past: empty the index and ask again from 0.
    pub reset: bool,
}

/// One change.
#[derive(Debug, Clone, PartialEq)]
pub enum FeedChange {
    /// A document became ready: these passages replace all it had.
    Document {
        /// Its id.
        document_id: DocumentId,
        /// Its title.
        title: String,
        /// All its passages.
        passages: Vec<Passage>,
    },
    /// A document is gone.
    Removed(DocumentId),
    /// Passages have vectors now.
    Vectors(Vec<(PassageId, Vec<f32>)>),
    /// All vectors so far are void: the embedder changed.
    VectorsDropped,
}

/// The most changes of one feed.
const MOST: u32 = 1_000;
/// A feed ends early with the document that brings its text to so many bytes: it is in memory whole.
const MOST_BYTES: usize = 8 << 20;

impl Workspace {
    /// What changed after a watermark: up to `limit` (1..=1,000) documents, removals and vectors together.
    /// A consumer that starts from 0 and applies everything has exactly the ready documents.
    pub async fn index_feed(&self, after: u64, limit: u32) -> Result<Feed, StoreError> {
        let limit = limit.clamp(1, MOST) as usize;
        self.read(move |conn, workspace| {
            let newest = sql::the(
                conn,
                "SELECT feed_seq FROM workspaces WHERE id = ?1",
                [workspace.0.into_bytes()],
                |row| sql::count_at(row, 0),
            )?;
            if after > newest {
                return Ok(Feed {
                    changes: Vec::new(),
                    upto: 0,
                    more: newest > 0,
                    reset: true,
                });
            }
            let mut rows = numbered(conn, workspace, after, limit)?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let (changes, last) = changes(conn, workspace, &rows)?;
            let more = more || last < rows.len();
            let upto = match rows[..last].last() {
                Some(last) if more => last.seq,
                _ => newest,
            };
            Ok(Feed {
                changes,
                upto,
                more,
                reset: false,
            })
        })
        .await
    }
}

/// The number of the next change.
pub(crate) fn next(conn: &Connection, workspace: WorkspaceId) -> Result<i64, StoreError> {
    sql::the(
        conn,
        "UPDATE workspaces SET feed_seq = feed_seq + 1 WHERE id = ?1 RETURNING feed_seq",
        [workspace.0.into_bytes()],
        |row| Ok(row.get(0)?),
    )
}

enum Kind {
    Document,
    Removed,
    Vector,
    Dropped,
}

struct Numbered {
    seq: u64,
    kind: Kind,
    id: Uuid,
}

/// Up to `limit` + 1 changes after `after`, in order.
fn numbered(
    conn: &Connection,
    workspace: WorkspaceId,
    after: u64,
    limit: usize,
) -> Result<Vec<Numbered>, StoreError> {
    sql::many(
        conn,
        "SELECT feed_seq, 0, id FROM documents WHERE workspace_id = ?1 AND feed_seq > ?2
         UNION ALL
         SELECT feed_seq, 1, document_id FROM removed_documents WHERE workspace_id = ?1 AND feed_seq > ?2
         UNION ALL
         SELECT feed_seq, 2, passage_id FROM vectors WHERE workspace_id = ?1 AND feed_seq > ?2
         UNION ALL
         SELECT vectors_dropped_at, 3, id FROM workspaces WHERE id = ?1 AND vectors_dropped_at > ?2
         ORDER BY 1 LIMIT ?3",
        params![
            workspace.0.into_bytes(),
            sql::signed(after),
            sql::signed(limit as u64 + 1)
        ],
        |row| {
            let kind = match row.get::<_, u8>(1)? {
                0 => Kind::Document,
                1 => Kind::Removed,
                2 => Kind::Vector,
                _ => Kind::Dropped,
            };
            Ok(Numbered {
                seq: sql::count_at(row, 0)?,
                kind,
                id: sql::id_at(row, 2)?,
            })
        },
    )
}

/// The changes of as many rows as a feed may have bytes of, and how many rows these are.
fn changes(
    conn: &Connection,
    workspace: WorkspaceId,
    rows: &[Numbered],
) -> Result<(Vec<FeedChange>, usize), StoreError> {
    let mut changes = Vec::new();
    let mut bytes = 0;
    for (at, Numbered { kind, id, .. }) in rows.iter().enumerate() {
        if bytes >= MOST_BYTES {
            return Ok((changes, at));
        }
        let id = *id;
        let change = match kind {
            Kind::Document => {
                let document_id = DocumentId(id);
                let passages = passages::of_document(conn, workspace, document_id, -1, i64::MAX)?;
                bytes += passages
                    .iter()
                    .map(|passage| passage.text.len())
                    .sum::<usize>();
                FeedChange::Document {
                    document_id,
                    title: documents::the(conn, workspace, document_id)?.title,
                    passages,
                }
            }
            Kind::Removed => FeedChange::Removed(DocumentId(id)),
            Kind::Vector => {
                let vector = vectors::of(conn, workspace, PassageId(id))?;
                if let Some(FeedChange::Vectors(vectors)) = changes.last_mut() {
                    vectors.push((PassageId(id), vector));
                    continue;
                }
                FeedChange::Vectors(vec![(PassageId(id), vector)])
            }
            Kind::Dropped => FeedChange::VectorsDropped,
        };
        changes.push(change);
    }
    Ok((changes, rows.len()))
}
