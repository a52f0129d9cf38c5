//! Vectors of passages: immutable files beside the index, named in its commit, searched exactly.
//!
//! One file holds rows sorted by passage id, each number in 8 bits with a scale for the row (the error of
//! a cosine is below 0.001 at 384 numbers). Rows die by a bitmap file. Files that no commit names are
//! garbage: a crash between writing a file and the commit leaves nothing else behind.
//!
//! ```text
//! "CHATVEC1" | dimensions u32 | rows u32 | ids 16 bytes each | scales f32 each | rows of i8 | CRC-32 u32
//! ```
//! All numbers are little-endian, ids as in their text form.

mod nearest;
mod query;
mod segment;
mod writing;

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::error::SearchError;
use segment::{FOOTER, Segment};

pub use nearest::Spread;
pub use query::QueryVector;
pub use segment::VectorFile;

/// Files of vectors and of dead rows begin with this.
const PREFIX: &str = "vectors-";

/// All vectors of one commit. Never changes; a new commit has a new one.
#[derive(Default)]
pub struct Vectors {
    segments: Vec<Arc<Segment>>,
}

impl Vectors {
    /// Opens the files that a commit names.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] when one is missing or has a wrong size, [`SearchError::Io`] for the disk.
    pub fn open(folder: &Path, files: &[VectorFile]) -> Result<Vectors, SearchError> {
        let segments = files
            .iter()
            .map(|file| Segment::open(folder, file.clone()).map(Arc::new))
            .collect::<Result<_, _>>()?;
        Ok(Vectors { segments })
    }

    /// The files, to be named in a commit.
    pub fn files(&self) -> Vec<VectorFile> {
        self.segments
            .iter()
            .map(|segment| segment.file.clone())
            .collect()
    }

    /// How many vectors there are.
    pub fn count(&self) -> u64 {
        self.segments
            .iter()
            .map(|segment| segment.alive as u64)
            .sum()
    }

    /// Their length; `None` while there is none.
    pub fn dimensions(&self) -> Option<usize> {
        self.segments.first().map(|segment| segment.dimensions)
    }

    /// Cosine of one passage to the question; `None` when it has no vector.
    pub fn cosine(&self, query: &QueryVector, passage: u128) -> Option<f32> {
        let (segment, row) = self.find(passage)?;
        Some(segment.cosine(query, row))
    }

    /// The vector of one passage as its row of 8-bit numbers has it; `None` when it has none.
    pub fn of(&self, passage: u128) -> Option<Vec<f32>> {
        let (segment, row) = self.find(passage)?;
        Some(segment.vector(row))
    }

    /// Reads every byte of every file and compares the checksums.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] names the first file that differs.
    pub fn verify(&self) -> Result<(), SearchError> {
        for segment in &self.segments {
            let (body, footer) = segment.map.split_at(segment.map.len() - FOOTER);
            if crc32fast::hash(body).to_le_bytes() != footer {
                return Err(SearchError::Damaged(format!(
                    "{} has a wrong checksum",
                    segment.file.name
                )));
            }
        }
        Ok(())
    }

    /// Deletes the vector files that these vectors do not use: what a crash, an earlier commit or another
    /// embedder left. A file that cannot be deleted now is deleted another time.
    pub fn remove_other_files(&self, folder: &Path) {
        let used: HashSet<&str> = self
            .segments
            .iter()
            .flat_map(|segment| {
                [
                    Some(segment.file.name.as_str()),
                    segment.file.dead.as_deref(),
                ]
            })
            .flatten()
            .collect();
        let Ok(entries) = fs::read_dir(folder) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let is_garbage = name
                .to_str()
                .is_some_and(|name| name.starts_with(PREFIX) && !used.contains(name));
            if is_garbage {
                fs::remove_file(entry.path()).ok();
            }
        }
    }

    fn find(&self, passage: u128) -> Option<(&Segment, usize)> {
        let (at, row) = self.position(passage)?;
        Some((&self.segments[at], row))
    }

    fn position(&self, passage: u128) -> Option<(usize, usize)> {
        let found = self
            .segments
            .iter()
            .enumerate()
            .map(|(at, segment)| (at, segment.row_of(passage)));
        found.filter_map(|(at, row)| Some((at, row?))).next()
    }
}
