//! One immutable file of rows, and which of them live.

use std::fs::{self, File};
use std::path::Path;

use memmap2::Mmap;
use serde::{Deserialize, Serialize};

use super::query::QueryVector;
use crate::error::SearchError;

pub(super) const MAGIC: &[u8; 8] = b"CHATVEC1";
const HEADER: usize = 16;
const ID: usize = 16;
pub(super) const FOOTER: usize = 4;

/// A file of vectors as a commit names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VectorFile {
    pub(super) name: String,
    pub(super) rows: u32,
    /// The bitmap of its dead rows; absent while all live.
    pub(super) dead: Option<String>,
}

pub(super) struct Segment {
    pub(super) file: VectorFile,
    pub(super) map: Mmap,
    pub(super) dimensions: usize,
    pub(super) rows: usize,
    pub(super) dead: Vec<u8>,
    pub(super) alive: usize,
}

impl Segment {
    pub(super) fn open(folder: &Path, file: VectorFile) -> Result<Segment, SearchError> {
        let damaged = |what: &str| SearchError::Damaged(format!("{} {what}", file.name));
        let opened = match File::open(folder.join(&file.name)) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(damaged("is missing"));
            }
            opened => opened?,
        };
        #[expect(
            unsafe_code,
            reason = "mapping needs it; the file is only ever created, renamed never, and deleted, not changed"
        )]
        // SAFETY: the process that holds the data folder's lock writes a vector file once, before it is opened.
        let map = unsafe { Mmap::map(&opened)? };
        let number = |at: usize| {
            map.get(at..at + 4)
                .map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize)
        };
        let (Some(dimensions), Some(rows)) = (number(8), number(12)) else {
            return Err(damaged("is too short"));
        };
        let expected = HEADER + rows * (ID + 4 + dimensions) + FOOTER;
        if &map[..8] != MAGIC || rows != file.rows as usize || map.len() != expected {
            return Err(damaged("is not what was written"));
        }
        let dead = match &file.dead {
            None => vec![0; rows.div_ceil(8)],
            Some(name) => read_dead(folder, name, rows)?,
        };
        let alive = rows
            - dead
                .iter()
                .map(|byte| byte.count_ones() as usize)
                .sum::<usize>();
        Ok(Segment {
            file,
            map,
            dimensions,
            rows,
            dead,
            alive,
        })
    }

    pub(super) fn id(&self, row: usize) -> u128 {
        let at = HEADER + row * ID;
        let mut bytes = [0; ID];
        bytes.copy_from_slice(&self.map[at..at + ID]);
        u128::from_be_bytes(bytes)
    }

    pub(super) fn scale(&self, row: usize) -> f32 {
        let at = HEADER + self.rows * ID + row * 4;
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&self.map[at..at + 4]);
        f32::from_le_bytes(bytes)
    }

    pub(super) fn numbers(&self, row: usize) -> &[u8] {
        let at = HEADER + self.rows * (ID + 4) + row * self.dimensions;
        &self.map[at..at + self.dimensions]
    }

    pub(super) fn cosine(&self, query: &QueryVector, row: usize) -> f32 {
        query.cosine_to_row(self.numbers(row), self.scale(row))
    }

    pub(super) fn vector(&self, row: usize) -> Vec<f32> {
        let scale = self.scale(row);
        let numbers = self.numbers(row).iter();
        numbers
            .map(|number| f32::from(number.cast_signed()) * scale)
            .collect()
    }

    pub(super) fn is_dead(&self, row: usize) -> bool {
        is_set(&self.dead, row)
    }

    /// A bit for each living row, of those passages only that are named when some are; these are sorted.
    pub(super) fn living(&self, among: Option<&[u128]>) -> Vec<u8> {
        let Some(among) = among else {
            return self.dead.iter().map(|dead| !dead).collect();
        };
        let mut living = vec![0; self.rows.div_ceil(8)];
        let mut from = 0;
        for passage in among {
            let found = self.search(*passage, from);
            from = found.unwrap_or_else(|next| next);
            if let Ok(row) = found
                && !self.is_dead(row)
            {
                living[row / 8] |= 1 << (row % 8);
            }
        }
        living
    }

    /// The living row of a passage.
    pub(super) fn row_of(&self, passage: u128) -> Option<usize> {
        let row = self.search(passage, 0).ok()?;
        (!self.is_dead(row)).then_some(row)
    }

    /// The row of a passage, dead or alive, at or after `from`; else where it would stand.
    fn search(&self, passage: u128, from: usize) -> Result<usize, usize> {
        let (mut low, mut high) = (from, self.rows);
        while low < high {
            let middle = (low + high) / 2;
            match self.id(middle).cmp(&passage) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }
}

pub(super) fn is_set(bits: &[u8], row: usize) -> bool {
    bits[row / 8] >> (row % 8) & 1 == 1
}

fn read_dead(folder: &Path, name: &str, rows: usize) -> Result<Vec<u8>, SearchError> {
    let damaged = |what: &str| SearchError::Damaged(format!("{name} {what}"));
    let mut content = match fs::read(folder.join(name)) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(damaged("is missing"));
        }
        content => content?,
    };
    if content.len() != rows.div_ceil(8) + FOOTER {
        return Err(damaged("has a wrong size"));
    }
    let footer = content.split_off(content.len() - FOOTER);
    if crc32fast::hash(&content).to_le_bytes() != footer[..] {
        return Err(damaged("has a wrong checksum"));
    }
    Ok(content)
}
