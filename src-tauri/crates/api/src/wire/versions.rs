//! Versions of documents and what changed between them.

use app::knowledge::difference;
use app::knowledge::versions::Compared;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::wire::documents::Document;

/// The versions of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Versions {
    /// The newest one first; all but it have `replaced_by`.
    pub items: Vec<Document>,
}

/// Which versions are compared.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ChangesQuery {
    /// Since this earlier version; the one before when absent.
    #[param(example = "0193513c7d4a7c21a5a1b2c3d4e5f607")]
    pub since: Option<String>,
}

/// What changed from one version to another.
#[derive(Debug, Serialize, ToSchema)]
pub struct Difference {
    /// The earlier version.
    pub before: Document,
    /// The later one.
    pub after: Document,
    /// Lines and rows that are new.
    #[schema(example = 2)]
    pub added: u32,
    /// Lines and rows that are gone.
    #[schema(example = 0)]
    pub removed: u32,
    /// Lines and rows that say something else.
    #[schema(example = 5)]
    pub changed: u32,
    /// The changes in reading order, the first 500.
    pub changes: Vec<TextChange>,
    /// True when only the beginning of a huge text was compared.
    #[schema(example = false)]
    pub is_cut: bool,
}

/// One change.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextChange {
    /// What happened.
    pub kind: TextChangeKind,
    /// The heading it stands under, or the table's name.
    #[schema(required, example = "Delivery")]
    pub place: Option<String>,
    /// Page, from 1.
    #[schema(required, example = 3)]
    pub page: Option<u32>,
    /// Of a line: its words. Empty for a row.
    pub parts: Vec<TextPart>,
    /// Of a row: its cells. Empty for a line.
    pub cells: Vec<CellChange>,
}

/// What happened to a line or a row.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "changed")]
pub enum TextChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else.
    Changed,
}

/// Some words of a changed line.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextPart {
    /// What happened to them.
    pub kind: TextPartKind,
    /// The words; where many unchanged ones were left out stands ` … `.
    #[schema(example = "12 EUR")]
    pub text: String,
}

/// What happened to some words.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "added")]
pub enum TextPartKind {
    /// They are as they were.
    Same,
    /// They are new.
    Added,
    /// They are gone.
    Removed,
}

/// A cell of a row, before and after.
#[derive(Debug, Serialize, ToSchema)]
pub struct CellChange {
    /// The column's name; empty where the table has no header.
    #[schema(example = "Price")]
    pub column: String,
    /// What it said; null where there was no such cell.
    #[schema(required, example = "10 EUR")]
    pub before: Option<String>,
    /// What it says; null where there is no such cell any more.
    #[schema(required, example = "12 EUR")]
    pub after: Option<String>,
}

impl From<Compared> for Difference {
    fn from(compared: Compared) -> Difference {
        let difference = compared.difference;
        Difference {
            before: compared.before.into(),
            after: compared.after.into(),
            added: difference.added,
            removed: difference.removed,
            changed: difference.changed,
            changes: difference
                .changes
                .into_iter()
                .map(TextChange::from)
                .collect(),
            is_cut: difference.is_cut,
        }
    }
}

impl From<difference::Change> for TextChange {
    fn from(change: difference::Change) -> TextChange {
        let parts = change.parts.into_iter().map(|part| TextPart {
            kind: match part.kind {
                difference::words::PartKind::Same => TextPartKind::Same,
                difference::words::PartKind::Added => TextPartKind::Added,
                difference::words::PartKind::Removed => TextPartKind::Removed,
            },
            text: part.text,
        });
        let cells = change.cells.into_iter().map(|cell| CellChange {
            column: cell.column,
            before: cell.before,
            after: cell.after,
        });
        TextChange {
            kind: match change.kind {
                difference::ChangeKind::Added => TextChangeKind::Added,
                difference::ChangeKind::Removed => TextChangeKind::Removed,
                difference::ChangeKind::Changed => TextChangeKind::Changed,
            },
            place: change.place,
            page: change.page,
            parts: parts.collect(),
            cells: cells.collect(),
        }
    }
}
