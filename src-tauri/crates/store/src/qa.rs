//! Q&A: questions with their approved answers, and their vectors.

use domain::event::Topic;
use domain::id::{QaId, WorkspaceId};
use domain::qa::Qa;
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::page::{Cursor, Page, bounded};
use crate::writer::Tx;
use crate::{Workspace, sql, vectors};

/// The most pairs a workspace has.
pub const MAX_QA: u32 = 10_000;

impl Workspace {
    /// One pair.
    pub async fn qa(&self, id: QaId) -> Result<Qa, StoreError> {
        self.read(move |conn, workspace| {
            sql::the(
                conn,
                &format!("SELECT {QA} FROM qa WHERE workspace_id = ?1 AND id = ?2"),
                params![workspace.0.into_bytes(), id.0.into_bytes()],
                read,
            )
        })
        .await
    }

    /// Pairs with `text` in a question or the answer, whatever its case; newest first.
    pub async fn qa_list(
        &self,
        text: &str,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<Qa>, StoreError> {
        let text = sql::findable(text);
        let limit = bounded(limit);
        self.read(move |conn, workspace| {
            let after = after.unwrap_or(Cursor::NEWEST);
            let pairs = sql::many(
                conn,
                &format!(
                    "SELECT {QA} FROM qa
                     WHERE workspace_id = ?1 AND instr(find_text, ?2) > 0 AND (created_at, id) < (?3, ?4)
                     ORDER BY created_at DESC, id DESC LIMIT ?5"
                ),
                params![
                    workspace.0.into_bytes(),
                    text,
                    after.at,
                    after.id.into_bytes(),
                    limit + 1
                ],
                read,
            )?;
            Ok(Page::cut(pairs, limit, |qa| Cursor {
                at: qa.created_at.0,
                id: qa.id.0,
            }))
        })
        .await
    }

    /// Adds a pair, or changes the one with this id (its time of making stays; its vectors go). `Full` when
    /// there are [`MAX_QA`].
    pub async fn put_qa(&self, qa: Qa, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |tx, workspace| put(tx, workspace, &qa, now))
            .await
    }

    /// Removes a pair.
    pub async fn remove_qa(&self, id: QaId, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |tx, workspace| {
            let removed = sql::run(
                tx.conn,
                "DELETE FROM qa WHERE workspace_id = ?1 AND id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
            )?;
            match removed {
                0 => Err(StoreError::NotFound),
                _ => tx.event(workspace, Topic::Qa, id, now),
            }
        })
        .await
    }

    /// All pairs, oldest first; at most [`MAX_QA`].
    pub async fn all_qa(&self) -> Result<Vec<Qa>, StoreError> {
        self.read(|conn, workspace| {
            sql::many(
                conn,
                &format!(
                    "SELECT {QA} FROM qa WHERE workspace_id = ?1 ORDER BY created_at, id LIMIT ?2"
                ),
                params![workspace.0.into_bytes(), MAX_QA],
                read,
            )
        })
        .await
    }

    /// Keeps the vectors of a pair's questions, in their order. `Conflict` when the embedder is another one
    /// by now.
    pub async fn save_qa_vectors(
        &self,
        embedder_key: &str,
        id: QaId,
        vectors: Vec<Vec<f32>>,
    ) -> Result<(), StoreError> {
        let key = embedder_key.to_owned();
        self.write(move |tx, workspace| {
            vectors::same(tx.conn, workspace, &key)?;
            sql::run(
                tx.conn,
                "DELETE FROM qa_vectors WHERE workspace_id = ?1 AND qa_id = ?2",
                params![workspace.0.into_bytes(), id.0.into_bytes()],
            )?;
            for (ordinal, vector) in (0_u32..).zip(vectors) {
                sql::run(
                    tx.conn,
                    "INSERT INTO qa_vectors (workspace_id, qa_id, ordinal, vector) VALUES (?1, ?2, ?3, ?4)",
                    params![
                        workspace.0.into_bytes(),
                        id.0.into_bytes(),
                        ordinal,
                        vectors::to_bytes(&vector)
                    ],
                )?;
            }
            tx.after.topic(workspace, Topic::Qa);
            Ok(())
        })
        .await
    }

    /// The vectors of all questions that have some; empty while another embedder is in use.
    pub async fn qa_vectors(
        &self,
        embedder_key: &str,
    ) -> Result<Vec<(QaId, Vec<Vec<f32>>)>, StoreError> {
        let key = embedder_key.to_owned();
        self.read(move |conn, workspace| {
            if vectors::current(conn, workspace)? != key {
                return Ok(Vec::new());
            }
            let rows = sql::many(
                conn,
                "SELECT qa_id, vector FROM qa_vectors WHERE workspace_id = ?1 ORDER BY qa_id, ordinal",
                [workspace.0.into_bytes()],
                |row| {
                    let vector = vectors::from_bytes(&row.get::<_, Vec<u8>>(1)?);
                    Ok((QaId(sql::id_at(row, 0)?), vector))
                },
            )?;
            let mut pairs: Vec<(QaId, Vec<Vec<f32>>)> = Vec::new();
            for (id, vector) in rows {
                match pairs.last_mut() {
                    Some((last, vectors)) if *last == id => vectors.push(vector),
                    _ => pairs.push((id, vec![vector])),
                }
            }
            Ok(pairs)
        })
        .await
    }

    /// Up to `limit` pairs without vectors. `Conflict` when the embedder is another one.
    pub async fn qa_without_vectors(
        &self,
        embedder_key: &str,
        limit: u32,
    ) -> Result<Vec<Qa>, StoreError> {
        let key = embedder_key.to_owned();
        self.read(move |conn, workspace| {
            vectors::same(conn, workspace, &key)?;
            sql::many(
                conn,
                &format!(
                    "SELECT {QA} FROM qa
                     WHERE workspace_id = ?1 AND NOT EXISTS (
                         SELECT 1 FROM qa_vectors v
                         WHERE v.workspace_id = qa.workspace_id AND v.qa_id = qa.id)
                     ORDER BY created_at, id LIMIT ?2"
                ),
                params![workspace.0.into_bytes(), bounded(limit)],
                read,
            )
        })
        .await
    }
}

/// Keeps a pair, as [`Workspace::put_qa`] says.
pub(crate) fn put(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    qa: &Qa,
    now: Timestamp,
) -> Result<(), StoreError> {
    let owner = workspace.0.into_bytes();
    let id = qa.id.0.into_bytes();
    let find_text = format!("{}\n{}", qa.questions.join("\n"), qa.answer);
    sql::run(
        tx.conn,
        "INSERT INTO qa (workspace_id, id, questions, answer, find_text, language, demo,
                         created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (workspace_id, id) DO UPDATE SET
             questions = excluded.questions, answer = excluded.answer,
             find_text = excluded.find_text, language = excluded.language,
             demo = excluded.demo, updated_at = excluded.updated_at",
        params![
            owner,
            id,
            sql::json(&qa.questions)?,
            qa.answer,
            sql::findable(&find_text),
            qa.language.code(),
            qa.demo,
            qa.created_at.0,
            qa.updated_at.0
        ],
    )?;
    if count(tx.conn, workspace)? > MAX_QA.into() {
        return Err(StoreError::Full);
    }
    sql::run(
        tx.conn,
        "DELETE FROM qa_vectors WHERE workspace_id = ?1 AND qa_id = ?2",
        params![owner, id],
    )?;
    tx.event(workspace, Topic::Qa, qa.id, now)
}

const QA: &str = "id, questions, answer, language, demo, created_at, updated_at";

fn read(row: &Row<'_>) -> Result<Qa, StoreError> {
    Ok(Qa {
        id: QaId(sql::id_at(row, 0)?),
        questions: sql::json_at(row, 1)?,
        answer: row.get(2)?,
        language: sql::language_at(row, 3)?,
        demo: row.get(4)?,
        created_at: sql::time_at(row, 5)?,
        updated_at: sql::time_at(row, 6)?,
    })
}

fn count(conn: &Connection, workspace: WorkspaceId) -> Result<u64, StoreError> {
    sql::the(
        conn,
        "SELECT count(*) FROM qa WHERE workspace_id = ?1",
        [workspace.0.into_bytes()],
        |row| sql::count_at(row, 0),
    )
}
