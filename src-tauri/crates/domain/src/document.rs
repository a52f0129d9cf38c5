//! Knowledge: sources, documents, the blocks a document is read into, and the passages that are found.

use serde::{Deserialize, Serialize};

use crate::id::{DocumentId, PassageId, SourceId};
use crate::language::Language;
use crate::scope::Label;
use crate::time::Timestamp;

/// Where knowledge comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Its id.
    pub id: SourceId,
    /// What kind of place it is.
    pub kind: SourceKind,
    /// The name people see.
    pub name: String,
    /// When it was added.
    pub created_at: Timestamp,
}

/// The kinds of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// Files that a member uploaded.
    Files,
    /// Text that a member typed or pasted.
    Text,
    /// The demo company: removed as a whole.
    Demo,
    /// A web site, or one page of it.
    Site,
    /// A folder of this computer.
    Folder,
}

/// One version of one text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// The source it came from.
    pub source_id: SourceId,
    /// The file's name as shown to people: control characters removed, no folders but those of a watched one.
    pub name: String,
    /// Where it was found: the address of a page, the path in a watched folder.
    pub origin: Option<String>,
    /// The title found inside, else the name.
    pub title: String,
    /// Media type, as found from the bytes.
    pub media_type: String,
    /// Size of the original in bytes.
    pub size: u64,
    /// SHA-256 of the original, 64 lowercase hexadecimal digits; also its name in the files folder.
    pub content_hash: String,
    /// How far it has come.
    pub state: DocumentState,
    /// How it was read; `None` until it has been.
    pub report: Option<ReadReport>,
    /// Language of most of its text.
    pub language: Language,
    /// Number of its passages.
    pub passages: u32,
    /// How many of them have a vector of the current embedder.
    pub vectors: u32,
    /// Its labels, by name.
    pub labels: Vec<Label>,
    /// How many earlier versions of it are kept.
    pub versions: u32,
    /// The newest version, when this is an earlier one: it is not answered from.
    pub replaced_by: Option<DocumentId>,
    /// When this version was added.
    pub created_at: Timestamp,
    /// When it last changed state.
    pub updated_at: Timestamp,
}

/// How far a document has come. Searchable from `Ready` on; vectors follow in the background.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DocumentState {
    /// Stored, waits for its turn.
    Pending,
    /// Being read now.
    Reading {
        /// Pages (or sheets, or parts) read so far.
        done: u32,
        /// How many there are; 0 when not known yet.
        total: u32,
    },
    /// Its passages can be found and quoted.
    Ready,
    /// It could not be read.
    Failed {
        /// Why.
        cause: ReadFailure,
    },
}

/// Why a document could not be read. The UI has a sentence for each: what, why, what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadFailure {
    /// A password is needed.
    Encrypted,
    /// Pictures of pages only: no text in it.
    Scanned,
    /// Nothing in it.
    Empty,
    /// Not a format that is read.
    Unsupported,
    /// The file is damaged or not what its name says.
    Damaged,
    /// Larger than a limit, or unpacks to more than one.
    TooLarge,
    /// Took longer than a document may.
    TooSlow,
    /// Contains what no honest document contains (entity bombs, overlapping entries, symlinks).
    Refused,
    /// The reader itself gave up.
    ReaderStopped,
}

/// How a document was read, in numbers that the UI turns into sentences.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadReport {
    /// What it was read as: `pdf`, `docx`, `eml` …
    pub format: String,
    /// Pages (slides, chapters); 0 where the format has none.
    pub pages: u32,
    /// Pages that are pictures without text.
    pub scanned_pages: u32,
    /// Words.
    pub words: u32,
    /// Tables.
    pub tables: u32,
    /// Rows of tables, their headers excluded.
    pub rows: u32,
    /// Pictures (not read).
    pub images: u32,
    /// Sheets of a workbook.
    pub sheets: u32,
    /// Files inside: of an archive, or attached to a message.
    pub files: u32,
    /// Those of them that could not be read, the first 100.
    pub unread: Vec<UnreadFile>,
    /// Text encoding found out, for formats that do not say it (`windows-1251`).
    pub encoding: Option<String>,
    /// What the owner should know.
    pub notes: Vec<ReadNote>,
}

/// A file inside another one that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadFile {
    /// Its name, with the folders it lies in.
    pub name: String,
    /// Why.
    pub cause: ReadFailure,
}

/// Something the owner should know about how a document was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadNote {
    /// Some pages are pictures without text.
    SomePagesScanned,
    /// Some glyphs have no letters: words may be missing.
    SomeTextUnreadable,
    /// Formulas were read by their last saved value.
    FormulaValues,
    /// Invisible or direction-changing characters were removed.
    HiddenCharactersRemoved,
    /// It was longer than a limit and is read up to there.
    CutAtLimit,
    /// Hidden sheets, rows or text were left out.
    HiddenPartsSkipped,
    /// Some files in an archive, or attached to a message, could not be read.
    SomeFilesUnreadable,
}

/// A piece of a document as it was read, in reading order.
///
/// The document's text is all blocks' `text` joined by one line feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text: no leading or trailing white space, never empty. A table row's is its cells joined by ` | `.
    pub text: String,
    /// Where it begins in the document's text, in Unicode scalar values.
    pub start: u32,
    /// Page (slide, sheet), from 1; `None` where the format has none.
    pub page: Option<u32>,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BlockKind {
    /// A heading; level 1 is the highest, 6 the lowest.
    Heading {
        /// 1..=6.
        level: u8,
    },
    /// Running text.
    Paragraph,
    /// One item of a list.
    ListItem,
    /// One row of a table, the header's row excluded.
    TableRow {
        /// Names of the columns; empty when the table has no header.
        header: Vec<String>,
        /// The cells, as many as the header where there is one.
        cells: Vec<String>,
        /// The table's name (a sheet's, a caption) where it has one.
        table: Option<String>,
        /// Number of this row in its table, from 1.
        row: u32,
    },
    /// Text to be kept line by line.
    Code,
}

/// A piece of a document that can be found and quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Its id.
    pub id: PassageId,
    /// The document it belongs to.
    pub document_id: DocumentId,
    /// Its number in the document, from 0.
    pub ordinal: u32,
    /// What is quoted. A table row reads `Column: cell; Column: cell`.
    pub text: String,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// Page it begins on, from 1.
    pub page: Option<u32>,
    /// Where it begins in the document's text, in Unicode scalar values.
    pub start: u32,
    /// Where it ends (exclusive), in Unicode scalar values.
    pub end: u32,
    /// Its language.
    pub language: Language,
    /// True when it is rows of a table.
    pub table: bool,
}
