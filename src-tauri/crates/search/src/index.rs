//! The index of one workspace: what is in it, and how it changes.
//!
//! A cache of the store: it carries the store's watermark and may be deleted at any time. Readers see
//! one commit whole, and go on while the one writer works. Not here: searching (`round`).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use domain::document::Passage;
use domain::id::{DocumentId, PassageId};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{IndexReader, IndexWriter, TantivyDocument, Term};
use uuid::Uuid;

use crate::error::SearchError;
use crate::fusion::likeness;
use crate::language::number_of;
use crate::opening::{Commit, Fields, Opened, open};
use crate::round::{Query, Round};
use crate::snapshot::Snapshot;
use crate::stems::index_stems;
use crate::vectors::Vectors;

/// Memory the writer may take while it writes, in bytes; it is gone when nothing is written.
const WRITER_MEMORY: usize = 20_000_000;
/// So many segments of a size are merged into one.
const MERGE_FROM: usize = 6;
/// A segment with a larger share of deleted passages is written anew.
const MOST_DELETED: f32 = 0.5;

/// The index of one workspace, in one folder. All calls block; share it behind an `Arc`.
pub struct Index {
    folder: PathBuf,
    index: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    current: RwLock<Arc<Snapshot>>,
    writing: Mutex<()>,
}

/// Something that the store knows and the index shall know.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A document is ready, or was read again: these are all its passages.
    PutDocument {
        /// Its id.
        document_id: DocumentId,
        /// Its title.
        title: String,
        /// Its passages.
        passages: Vec<Passage>,
    },
    /// A document is gone, with its passages and their vectors.
    RemoveDocument(DocumentId),
    /// Passages have got their vectors, of unit length.
    PutVectors(Vec<(PassageId, Vec<f32>)>),
    /// The embedder changed: no vector is comparable any more.
    DropVectors,
}

impl Index {
    /// Opens the folder. A missing one is created; a damaged one is set aside as `<folder>.damaged` and
    /// begins empty, with watermark 0.
    ///
    /// # Errors
    /// [`SearchError::Locked`] and [`SearchError::Io`]: the folder was not touched.
    pub fn open(folder: &Path) -> Result<Index, SearchError> {
        let Opened {
            index,
            reader,
            fields,
            snapshot,
        } = open(folder)?;
        Ok(Index {
            folder: folder.to_owned(),
            index,
            reader,
            fields,
            current: RwLock::new(Arc::new(snapshot)),
            writing: Mutex::new(()),
        })
    }

    /// How far the index has followed the store; 0 when it is new.
    pub fn watermark(&self) -> u64 {
        self.snapshot().commit.watermark
    }

    /// How many passages can be found.
    pub fn passages(&self) -> u64 {
        self.snapshot().searcher.num_docs()
    }

    /// How many vectors there are.
    pub fn vectors(&self) -> u64 {
        self.snapshot().vectors.count()
    }

    /// Applies changes in order, as one commit: after a crash all of them are there, or none. They can be
    /// found when this returns, and are on the disk.
    ///
    /// # Errors
    /// Nothing has changed then, and the same changes can be applied again.
    pub fn apply(&self, changes: &[Change], watermark: u64) -> Result<(), SearchError> {
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        guarded(|| self.write(changes, watermark))
    }

    /// Begins a search: words and vectors find candidates.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] and [`SearchError::Io`] when the files could not be read.
    pub fn begin(&self, query: &Query) -> Result<Round, SearchError> {
        let snapshot = self.snapshot();
        guarded(|| Round::begin(&snapshot, query))
    }

    /// Reads every file and compares the checksums: slow, for the background.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] names a file that differs.
    pub fn verify(&self) -> Result<(), SearchError> {
        // Merges delete files; none runs while this lock is held.
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        guarded(|| {
            let damaged = self.index.validate_checksum()?;
            if let Some(file) = damaged.iter().min() {
                return Err(SearchError::Damaged(format!(
                    "{} has a wrong checksum",
                    file.display()
                )));
            }
            self.snapshot().vectors.verify()
        })
    }

    fn write(&self, changes: &[Change], watermark: u64) -> Result<(), SearchError> {
        let before = self.snapshot();
        let mut writer: IndexWriter = self.index.writer_with_options(
            IndexWriterOptions::builder()
                .memory_budget_per_thread(WRITER_MEMORY)
                .num_worker_threads(1)
                .num_merge_threads(1)
                .build(),
        )?;
        let mut merging = LogMergePolicy::default();
        merging.set_min_num_segments(MERGE_FROM);
        merging.set_del_docs_ratio_before_merge(MOST_DELETED);
        writer.set_merge_policy(Box::new(merging));

        let mut batch = Batch::default();
        for change in changes {
            match change {
                Change::PutDocument {
                    document_id,
                    title,
                    passages,
                } => {
                    self.remove(&before, &writer, &mut batch, *document_id)?;
                    for passage in passages {
                        writer.add_document(self.entry(title, passage))?;
                        // Vectors stay where a document comes again with the same passages.
                        batch.removed.remove(&passage.id.0.as_u128());
                    }
                    let ids = passages
                        .iter()
                        .map(|passage| passage.id.0.as_u128())
                        .collect();
                    batch.put.insert(*document_id, ids);
                }
                Change::RemoveDocument(document_id) => {
                    self.remove(&before, &writer, &mut batch, *document_id)?
                }
                Change::PutVectors(vectors) => {
                    let rows = vectors
                        .iter()
                        .map(|(id, vector)| (id.0.as_u128(), vector.clone()));
                    batch.vectors.extend(rows);
                }
                Change::DropVectors => {
                    batch.vectors.clear();
                    batch.dropped = true;
                }
            }
        }
        batch.vectors.retain(|id, _| !batch.removed.contains(id));
        let put: usize = batch.put.values().map(Vec::len).sum();

        let mut commit = before.commit.clone();
        let vectors = match batch.dropped {
            true => Vectors::default().with(
                &self.folder,
                &batch.vectors,
                &batch.removed,
                &mut commit.last_file,
            )?,
            false => before.vectors.with(
                &self.folder,
                &batch.vectors,
                &batch.removed,
                &mut commit.last_file,
            )?,
        };
        commit.watermark = watermark;
        commit.passages = before.searcher.num_docs() + put as u64 - batch.gone.len() as u64;
        commit.vectors = vectors.files();
        let vectors = Arc::new(vectors);
        let payload = commit.written()?;
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&payload);
        prepared.commit()?;
        self.publish(Arc::clone(&vectors), commit.clone())?;
        vectors.remove_other_files(&self.folder);

        // The commit stands whether merging succeeds or not; the next one tries again.
        if let Err(error) = writer.wait_merging_threads() {
            tracing::warn!(%error, "merging segments of the index failed");
        }
        self.publish(vectors, commit)
    }

    fn remove(
        &self,
        before: &Snapshot,
        writer: &IndexWriter,
        batch: &mut Batch,
        document: DocumentId,
    ) -> Result<(), SearchError> {
        let term = Term::from_field_bytes(self.fields.document, document.0.as_bytes());
        match batch.put.remove(&document) {
            Some(ids) => batch.removed.extend(ids),
            None => {
                let query = TermQuery::new(term.clone(), IndexRecordOption::Basic);
                let known = before.passages_of(&query)?;
                batch.removed.extend(known.iter().copied());
                batch.gone.extend(known);
            }
        }
        writer.delete_term(term);
        Ok(())
    }

    fn entry(&self, title: &str, passage: &Passage) -> TantivyDocument {
        let mut entry = TantivyDocument::default();
        let language = passage.language;
        let title = title_of(title, &passage.headings);
        entry.add_pre_tokenized_text(self.fields.text, index_stems(&passage.text, language));
        entry.add_pre_tokenized_text(self.fields.title, index_stems(&title, language));
        entry.add_bytes(self.fields.passage, passage.id.0.as_bytes());
        entry.add_bytes(self.fields.document, passage.document_id.0.as_bytes());
        let [passage_high, passage_low, document_high, document_low] = self.fields.ids;
        let (high, low) = passage.id.0.as_u64_pair();
        entry.add_u64(passage_high, high);
        entry.add_u64(passage_low, low);
        let (high, low) = passage.document_id.0.as_u64_pair();
        entry.add_u64(document_high, high);
        entry.add_u64(document_low, low);
        entry.add_u64(self.fields.likeness, likeness(&passage.text, passage.table));
        entry.add_u64(self.fields.language, number_of(passage.language));
        entry
    }

    /// Lets searches see what the commit on the disk has; merged segments take the place of theirs.
    fn publish(&self, vectors: Arc<Vectors>, commit: Commit) -> Result<(), SearchError> {
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        let before = self.snapshot();
        let is_seen = before.commit == commit
            && before.searcher.generation().segments() == searcher.generation().segments();
        if is_seen {
            return Ok(());
        }
        let snapshot = Snapshot::new(searcher, self.fields, vectors, commit)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        Ok(())
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What the changes of one commit come to.
#[derive(Default)]
struct Batch {
    put: HashMap<DocumentId, Vec<u128>>,
    removed: HashSet<u128>,
    /// Those of the commit before that are no more as they were.
    gone: HashSet<u128>,
    vectors: BTreeMap<u128, Vec<f32>>,
    dropped: bool,
}

/// The document's title and the headings, each once.
fn title_of(title: &str, headings: &[String]) -> String {
    let mut lines = vec![title];
    for heading in headings {
        if !lines.contains(&heading.as_str()) {
            lines.push(heading);
        }
    }
    lines.join("\n")
}

/// Tantivy panics on some kinds of damage; a search must not end the program.
fn guarded<T>(work: impl FnOnce() -> Result<T, SearchError>) -> Result<T, SearchError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(SearchError::Damaged("reading it panicked".to_owned())))
}

/// The id that two columns hold.
pub fn id_of(high: u64, low: u64) -> Uuid {
    Uuid::from_u64_pair(high, low)
}
