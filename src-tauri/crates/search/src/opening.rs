//! Opening an index folder: the decision what is damage and what is not.
//!
//! The index is a cache, so damage (a broken meta.json, another schema, missing or cut files) sets the folder
//! aside and starts an empty one. A lock, a permission or the disk is no damage: nothing is touched.

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{IndexReader, IndexSettings, ReloadPolicy};

use crate::error::SearchError;
use crate::snapshot::Snapshot;
use crate::vectors::{VectorFile, Vectors};

/// Grows when the meaning of what is indexed changes (words, likeness): older folders are built anew.
const FORMAT: u32 = 4;
/// Texts come as stems already; this one is there only because a field must name one.
const TOKENIZER: &str = "raw";

/// What each commit says beside its documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    format: u32,
    /// How far the index has followed the store.
    pub watermark: u64,
    /// How many passages can be found.
    pub passages: u64,
    /// Number of the last vector file made.
    pub last_file: u64,
    /// The vector files in use.
    pub vectors: Vec<VectorFile>,
    /// CRC-32 of all of the above: meta.json, which carries it, has no checksum of its own.
    sum: u32,
}

impl Commit {
    /// As it is written with a commit.
    ///
    /// # Errors
    /// None that can happen: these values have a form as JSON.
    pub fn written(&self) -> Result<String, io::Error> {
        let sum = self.sum_now();
        Ok(serde_json::to_string(&Commit {
            sum,
            ..self.clone()
        })?)
    }

    fn sum_now(&self) -> u32 {
        let Commit {
            format,
            watermark,
            passages,
            last_file,
            vectors,
            sum: _,
        } = self;
        let told = format!("{format} {watermark} {passages} {last_file} {vectors:?}");
        crc32fast::hash(told.as_bytes())
    }
}

/// The part of a commit that every format has.
#[derive(Deserialize)]
struct Formatted {
    format: u32,
}

/// The fields of the index. Nothing is stored: texts are read from the store.
#[derive(Debug, Clone, Copy)]
pub struct Fields {
    /// The passage's text.
    pub text: Field,
    /// The document's title and the headings above the passage.
    pub title: Field,
    /// Id of the passage, as a term.
    pub passage: Field,
    /// Id of the document, as a term.
    pub document: Field,
    /// The ids again, as columns: high and low half.
    pub ids: [Field; 4],
    /// See `likeness`.
    pub likeness: Field,
    /// The passage's language.
    pub language: Field,
}

/// Names of the columns of [`Fields::ids`], passage first, high half first.
pub const ID_COLUMNS: [&str; 4] = [
    "passage_high",
    "passage_low",
    "document_high",
    "document_low",
];
/// Name of the column of [`Fields::likeness`].
pub const LIKENESS_COLUMN: &str = "likeness";
/// Name of the column of [`Fields::language`].
pub const LANGUAGE_COLUMN: &str = "language";

/// An opened folder.
pub struct Opened {
    pub index: tantivy::Index,
    pub reader: IndexReader,
    pub fields: Fields,
    pub snapshot: Snapshot,
}

/// Opens a folder; creates it when it is missing, sets it aside and starts empty when it is damaged.
///
/// # Errors
/// Everything but damage.
pub fn open(folder: &Path) -> Result<Opened, SearchError> {
    match open_or_create(folder) {
        Err(SearchError::Damaged(what)) => {
            let aside = set_aside(folder)?;
            tracing::warn!(%what, aside = %aside.display(), "the index is damaged: set aside, starting empty");
            open_or_create(folder)
        }
        opened => opened,
    }
}

fn open_or_create(folder: &Path) -> Result<Opened, SearchError> {
    fs::create_dir_all(folder)?;
    // Tantivy panics on some kinds of damage.
    catch_unwind(AssertUnwindSafe(|| open_files(folder)))
        .unwrap_or_else(|_| Err(SearchError::Damaged("opening it panicked".to_owned())))
}

fn open_files(folder: &Path) -> Result<Opened, SearchError> {
    let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
    let (schema, fields) = schema();
    let index = match tantivy::Index::exists(&directory).map_err(tantivy::TantivyError::from)? {
        true => tantivy::Index::open(directory)?,
        false => tantivy::Index::create(directory, schema.clone(), IndexSettings::default())?,
    };
    if index.schema() != schema {
        return Err(SearchError::Damaged("it has another schema".to_owned()));
    }
    let commit = commit_of(&index)?;
    let reader: IndexReader = index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()?;
    let passages = reader.searcher().num_docs();
    if passages != commit.passages {
        return Err(SearchError::Damaged(format!(
            "it has {passages} passages instead of {}",
            commit.passages
        )));
    }
    let vectors = Vectors::open(folder, &commit.vectors)?;
    vectors.remove_other_files(folder);
    let snapshot = Snapshot::new(reader.searcher(), fields, Arc::new(vectors), commit)?;
    Ok(Opened {
        index,
        reader,
        fields,
        snapshot,
    })
}

fn commit_of(index: &tantivy::Index) -> Result<Commit, SearchError> {
    let metas = index.load_metas()?;
    let Some(payload) = metas.payload else {
        let is_new = metas.segments.is_empty();
        let empty = Commit {
            format: FORMAT,
            watermark: 0,
            passages: 0,
            last_file: 0,
            vectors: Vec::new(),
            sum: 0,
        };
        return is_new
            .then_some(empty)
            .ok_or_else(|| SearchError::Damaged("its commit has no watermark".to_owned()));
    };
    let unread = |error: serde_json::Error| SearchError::Damaged(error.to_string());
    let Formatted { format } = serde_json::from_str(&payload).map_err(unread)?;
    if format != FORMAT {
        return Err(SearchError::Damaged(format!(
            "it has format {format}, this program writes {FORMAT}"
        )));
    }
    let commit: Commit = serde_json::from_str(&payload).map_err(unread)?;
    if commit.sum != commit.sum_now() {
        return Err(SearchError::Damaged(
            "its commit has a wrong checksum".to_owned(),
        ));
    }
    Ok(commit)
}

fn schema() -> (Schema, Fields) {
    let words = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_fieldnorms(true)
            .set_index_option(IndexRecordOption::WithFreqs),
    );
    let id = tantivy::schema::BytesOptions::default().set_indexed();
    let column = NumericOptions::default().set_fast();
    let mut schema = Schema::builder();
    let fields = Fields {
        text: schema.add_text_field("text", words.clone()),
        title: schema.add_text_field("title", words),
        passage: schema.add_bytes_field("passage", id.clone()),
        document: schema.add_bytes_field("document", id),
        ids: ID_COLUMNS.map(|name| schema.add_u64_field(name, column.clone())),
        likeness: schema.add_u64_field(LIKENESS_COLUMN, column.clone()),
        language: schema.add_u64_field(LANGUAGE_COLUMN, column),
    };
    (schema.build(), fields)
}

/// Renames the folder; of what was set aside before, nothing is kept.
fn set_aside(folder: &Path) -> Result<PathBuf, io::Error> {
    let mut name = folder.as_os_str().to_owned();
    name.push(".damaged");
    let aside = PathBuf::from(name);
    match fs::remove_dir_all(&aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::rename(folder, &aside)?;
    Ok(aside)
}
