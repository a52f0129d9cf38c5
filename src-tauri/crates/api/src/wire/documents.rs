//! Sources, documents, their text and their passages.

use domain::document;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::wire::{Id, Language, Time};

/// Where knowledge comes from.
#[derive(Debug, Serialize, ToSchema)]
pub struct Source {
    /// Its id.
    pub id: Id,
    /// What kind of place it is.
    pub kind: SourceKind,
    /// The name people see.
    #[schema(example = "Price lists")]
    pub name: String,
    /// How many documents it has.
    #[schema(example = 12)]
    pub documents: u64,
    /// When it was added.
    pub created_at: Time,
}

/// The kinds of source.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "files")]
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

/// All sources.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sources {
    /// The sources.
    pub items: Vec<Source>,
}

/// One version of one text.
#[derive(Debug, Serialize, ToSchema)]
pub struct Document {
    /// Its id.
    pub id: Id,
    /// The source it came from.
    pub source_id: Id,
    /// The file's name.
    #[schema(example = "prices-2026.pdf")]
    pub name: String,
    /// Where it was found: the address of a page, the path in a watched folder.
    #[schema(required, example = "https://shop.example/prices")]
    pub origin: Option<String>,
    /// The title found inside, else the name.
    #[schema(example = "Price list 2026")]
    pub title: String,
    /// Media type, as found from the bytes.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// Size of the original in bytes.
    #[schema(example = 182_044)]
    pub size: u64,
    /// How far it has come. Searchable from `ready` on.
    pub state: DocumentState,
    /// How much has been read, while `state` is `reading`.
    #[schema(required)]
    pub reading: Option<Reading>,
    /// Why it could not be read, when `state` is `failed`.
    #[schema(required)]
    pub failure: Option<ReadFailure>,
    /// How it was read; null until it has been.
    #[schema(required)]
    pub report: Option<ReadReport>,
    /// Language of most of its text.
    pub language: Language,
    /// Number of its passages.
    #[schema(example = 42)]
    pub passages: u32,
    /// How many of them have a vector of the current embedder.
    #[schema(example = 40)]
    pub vectors: u32,
    /// Its labels, by name.
    #[schema(example = json!(["Prices"]))]
    pub labels: Vec<String>,
    /// How many earlier versions of it are kept.
    #[schema(example = 2)]
    pub versions: u32,
    /// The newest version, when this is an earlier one: it is not answered from.
    #[schema(required)]
    pub replaced_by: Option<Id>,
    /// When this version was added.
    pub created_at: Time,
    /// When it last changed state.
    pub updated_at: Time,
}

/// How far a document has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "ready")]
pub enum DocumentState {
    /// Stored, waits for its turn.
    Pending,
    /// Being read now.
    Reading,
    /// Its passages can be found and quoted.
    Ready,
    /// It could not be read.
    Failed,
}

/// How much of a document has been read.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reading {
    /// Pages (or sheets, or parts) read so far.
    #[schema(example = 12)]
    pub done: u32,
    /// How many there are; 0 when not known yet.
    #[schema(example = 40)]
    pub total: u32,
}

/// Why a document could not be read.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "encrypted")]
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
    /// Contains what no honest document contains.
    Refused,
    /// The reader itself gave up.
    ReaderStopped,
}

/// How a document was read.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadReport {
    /// What it was read as.
    #[schema(example = "pdf")]
    pub format: String,
    /// Pages (slides, chapters); 0 where the format has none.
    #[schema(example = 40)]
    pub pages: u32,
    /// Pages that are pictures without text.
    #[schema(example = 3)]
    pub scanned_pages: u32,
    /// Words.
    #[schema(example = 9_214)]
    pub words: u32,
    /// Tables.
    #[schema(example = 2)]
    pub tables: u32,
    /// Rows of tables, their headers excluded.
    #[schema(example = 120)]
    pub rows: u32,
    /// Pictures (not read).
    #[schema(example = 5)]
    pub images: u32,
    /// Sheets of a workbook.
    #[schema(example = 0)]
    pub sheets: u32,
    /// Files inside: of an archive, or attached to a message.
    #[schema(example = 0)]
    pub files: u32,
    /// Those of them that could not be read, the first 100.
    pub unread: Vec<UnreadFile>,
    /// Text encoding found out, for formats that do not say it.
    #[schema(required, example = "windows-1251")]
    pub encoding: Option<String>,
    /// What the owner should know.
    pub notes: Vec<ReadNote>,
}

/// A file inside another one that could not be read.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnreadFile {
    /// Its name, with the folders it lies in.
    #[schema(example = "old / scan.pdf")]
    pub name: String,
    /// Why.
    pub cause: ReadFailure,
}

/// Something the owner should know about how a document was read.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "some_pages_scanned")]
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

/// A page of documents.
#[derive(Debug, Serialize, ToSchema)]
pub struct Documents {
    /// The documents, newest first.
    pub items: Vec<Document>,
    /// `cursor` of the next page; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// Which documents are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DocumentsQuery {
    /// Only of this source.
    #[param(example = "0193513c7d4a7c21a5a1b2c3d4e5f607")]
    pub source: Option<String>,
    /// Only in this state.
    #[param(inline)]
    pub state: Option<DocumentState>,
    /// Only with this label.
    #[param(example = "Prices")]
    pub label: Option<String>,
    /// Only what was read as this.
    #[param(example = "pdf")]
    pub format: Option<String>,
    /// Only in this language, an ISO 639-1 code.
    #[param(example = "en")]
    pub language: Option<String>,
    /// Only with these words in the name or title.
    pub q: Option<String>,
    /// Where the page begins: `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1..=200.
    #[param(example = 50)]
    pub limit: Option<u32>,
}

/// A text typed or pasted by a member.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewText {
    /// Its name.
    #[schema(example = "Opening hours", max_length = 200)]
    pub name: String,
    /// The text; Markdown is understood.
    #[schema(example = "We are open from 9 to 18, Monday to Saturday.")]
    pub text: String,
}

/// A document file for upload, `multipart/form-data`. `source`, when given, stands before `file`.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "read as a stream; this shape is for the contract")]
pub struct Upload {
    /// The source it goes to; the workspace's own files otherwise.
    pub source: Option<Id>,
    /// The file, at most 200 MiB.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    pub file: Vec<u8>,
}

/// A document that was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub struct Uploaded {
    /// The document.
    pub document: Document,
    /// True when the same content was there already: `document` is the one that was.
    #[schema(example = false)]
    pub same: bool,
}

/// A document's text as the program reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentText {
    /// Its blocks in reading order. The text is all blocks' `text` joined by one line feed.
    pub blocks: Vec<Block>,
}

/// A piece of a document as it was read.
#[derive(Debug, Serialize, ToSchema)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text.
    #[schema(example = "Delivery takes two working days.")]
    pub text: String,
    /// Where it begins in the document's text, in Unicode scalar values.
    #[schema(example = 120)]
    pub start: u32,
    /// Page (slide, sheet), from 1.
    #[schema(required, example = 3)]
    pub page: Option<u32>,
    /// Of a heading: 1 is the highest, 6 the lowest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub level: Option<u8>,
    /// Of a table row: the names of the columns; empty when the table has no header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub header: Option<Vec<String>>,
    /// Of a table row: the cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub cells: Option<Vec<String>>,
    /// Of a table row: the table's name where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub table: Option<String>,
    /// Of a table row: its number in the table, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub row: Option<u32>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "paragraph")]
pub enum BlockKind {
    /// A heading.
    Heading,
    /// Running text.
    Paragraph,
    /// One item of a list.
    ListItem,
    /// One row of a table.
    TableRow,
    /// Text to be kept line by line.
    Code,
}

/// A piece of a document that can be found and quoted.
#[derive(Debug, Serialize, ToSchema)]
pub struct Passage {
    /// Its id.
    pub id: Id,
    /// The document it belongs to.
    pub document_id: Id,
    /// Its number in the document, from 0.
    #[schema(example = 7)]
    pub ordinal: u32,
    /// What is quoted.
    #[schema(example = "Delivery takes two working days.")]
    pub text: String,
    /// The headings above it, outermost first.
    pub headings: Vec<String>,
    /// Page it begins on, from 1.
    #[schema(required, example = 3)]
    pub page: Option<u32>,
    /// Where it begins in the document's text, in Unicode scalar values.
    #[schema(example = 120)]
    pub start: u32,
    /// Where it ends (exclusive).
    #[schema(example = 152)]
    pub end: u32,
    /// Its language.
    pub language: Language,
    /// True when it is rows of a table.
    #[schema(example = false)]
    pub table: bool,
}

/// A page of passages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Passages {
    /// The passages in reading order.
    pub items: Vec<Passage>,
    /// `after` of the next page; null at the end.
    #[schema(required, example = 49)]
    pub next: Option<u32>,
}

/// Which passages are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PassagesQuery {
    /// Only those after this ordinal: `next` of the page before.
    pub after: Option<u32>,
    /// At most so many, 1..=200.
    #[param(example = 50)]
    pub limit: Option<u32>,
}

/// How the original is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OriginalQuery {
    /// `1`: to be shown rather than saved; PDF only.
    #[param(example = 1)]
    pub inline: Option<u8>,
}

/// A passage with its document.
#[derive(Debug, Serialize, ToSchema)]
pub struct PassageInDocument {
    /// The passage.
    pub passage: Passage,
    /// Its document.
    pub document: Document,
}

impl Source {
    /// A source and how many documents it has.
    pub fn new(source: document::Source, documents: u64) -> Source {
        Source {
            documents,
            id: Id::of(source.id),
            kind: match source.kind {
                document::SourceKind::Files => SourceKind::Files,
                document::SourceKind::Text => SourceKind::Text,
                document::SourceKind::Demo => SourceKind::Demo,
                document::SourceKind::Site => SourceKind::Site,
                document::SourceKind::Folder => SourceKind::Folder,
            },
            name: source.name,
            created_at: source.created_at.into(),
        }
    }
}

impl From<document::Document> for Document {
    fn from(document: document::Document) -> Document {
        let mut reading = None;
        let mut failure = None;
        let state = match document.state {
            document::DocumentState::Pending => DocumentState::Pending,
            document::DocumentState::Reading { done, total } => {
                reading = Some(Reading { done, total });
                DocumentState::Reading
            }
            document::DocumentState::Ready => DocumentState::Ready,
            document::DocumentState::Failed { cause } => {
                failure = Some(cause.into());
                DocumentState::Failed
            }
        };
        Document {
            id: Id::of(document.id),
            source_id: Id::of(document.source_id),
            name: document.name,
            origin: document.origin,
            title: document.title,
            media_type: document.media_type,
            size: document.size,
            state,
            reading,
            failure,
            report: document.report.map(ReadReport::from),
            language: document.language.into(),
            passages: document.passages,
            vectors: document.vectors,
            labels: document.labels.into_iter().map(String::from).collect(),
            versions: document.versions,
            replaced_by: document.replaced_by.map(Id::of),
            created_at: document.created_at.into(),
            updated_at: document.updated_at.into(),
        }
    }
}

impl From<document::ReadFailure> for ReadFailure {
    fn from(failure: document::ReadFailure) -> ReadFailure {
        match failure {
            document::ReadFailure::Encrypted => ReadFailure::Encrypted,
            document::ReadFailure::Scanned => ReadFailure::Scanned,
            document::ReadFailure::Empty => ReadFailure::Empty,
            document::ReadFailure::Unsupported => ReadFailure::Unsupported,
            document::ReadFailure::Damaged => ReadFailure::Damaged,
            document::ReadFailure::TooLarge => ReadFailure::TooLarge,
            document::ReadFailure::TooSlow => ReadFailure::TooSlow,
            document::ReadFailure::Refused => ReadFailure::Refused,
            document::ReadFailure::ReaderStopped => ReadFailure::ReaderStopped,
        }
    }
}

impl From<document::ReadReport> for ReadReport {
    fn from(report: document::ReadReport) -> ReadReport {
        ReadReport {
            format: report.format,
            pages: report.pages,
            scanned_pages: report.scanned_pages,
            words: report.words,
            tables: report.tables,
            rows: report.rows,
            images: report.images,
            sheets: report.sheets,
            files: report.files,
            unread: report.unread.into_iter().map(UnreadFile::from).collect(),
            encoding: report.encoding,
            notes: report.notes.into_iter().map(ReadNote::from).collect(),
        }
    }
}

impl From<document::UnreadFile> for UnreadFile {
    fn from(file: document::UnreadFile) -> UnreadFile {
        UnreadFile {
            name: file.name,
            cause: file.cause.into(),
        }
    }
}

impl From<document::ReadNote> for ReadNote {
    fn from(note: document::ReadNote) -> ReadNote {
        match note {
            document::ReadNote::SomePagesScanned => ReadNote::SomePagesScanned,
            document::ReadNote::SomeTextUnreadable => ReadNote::SomeTextUnreadable,
            document::ReadNote::FormulaValues => ReadNote::FormulaValues,
            document::ReadNote::HiddenCharactersRemoved => ReadNote::HiddenCharactersRemoved,
            document::ReadNote::CutAtLimit => ReadNote::CutAtLimit,
            document::ReadNote::HiddenPartsSkipped => ReadNote::HiddenPartsSkipped,
            document::ReadNote::SomeFilesUnreadable => ReadNote::SomeFilesUnreadable,
        }
    }
}

impl From<document::Block> for Block {
    fn from(block: document::Block) -> Block {
        let plain = Block {
            kind: BlockKind::Paragraph,
            text: block.text,
            start: block.start,
            page: block.page,
            level: None,
            header: None,
            cells: None,
            table: None,
            row: None,
        };
        match block.kind {
            document::BlockKind::Paragraph => plain,
            document::BlockKind::Heading { level } => Block {
                kind: BlockKind::Heading,
                level: Some(level),
                ..plain
            },
            document::BlockKind::ListItem => Block {
                kind: BlockKind::ListItem,
                ..plain
            },
            document::BlockKind::Code => Block {
                kind: BlockKind::Code,
                ..plain
            },
            document::BlockKind::TableRow {
                header,
                cells,
                table,
                row,
            } => Block {
                kind: BlockKind::TableRow,
                header: Some(header),
                cells: Some(cells),
                table,
                row: Some(row),
                ..plain
            },
        }
    }
}

impl From<document::Passage> for Passage {
    fn from(passage: document::Passage) -> Passage {
        Passage {
            id: Id::of(passage.id),
            document_id: Id::of(passage.document_id),
            ordinal: passage.ordinal,
            text: passage.text,
            headings: passage.headings,
            page: passage.page,
            start: passage.start,
            end: passage.end,
            language: passage.language.into(),
            table: passage.table,
        }
    }
}
