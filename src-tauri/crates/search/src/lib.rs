//! Finding: cutting documents into passages, the index of a workspace, and fusing what words and vectors find.
//!
//! Owns: passages, the language of a text, words and stems, the Tantivy index with its watermark, the
//! vectors' files, fusion and confidence, and the measures of search quality. Not here: SQL, models
//! (vectors are given), reading files, what the confidence is used for.

mod asked;
mod confidence;
mod error;
mod fusion;
mod index;
mod language;
pub mod measure;
mod opening;
mod passages;
mod round;
mod snapshot;
mod stems;
mod vectors;
mod words;

pub use confidence::Features;
pub use error::SearchError;
pub use index::{Change, Index};
pub use language::language;
pub use passages::{PassageDraft, passages};
pub use round::{Found, Hit, Query, Round};
pub use words::terms;
