//! How a commit's vectors get onto the disk: new files for what is new, old ones as they are.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use super::query::largest;
use super::segment::{MAGIC, Segment, VectorFile, is_set};
use super::{PREFIX, Vectors};
use crate::error::SearchError;

impl Vectors {
    /// Writes what a commit adds and removes, as new files that are on the disk when this returns. Small
    /// and half dead files are written anew together with the added rows, so that there are few.
    ///
    /// # Errors
    /// [`SearchError::Dimensions`] when the added vectors differ in length, [`SearchError::Io`].
    pub fn with(
        &self,
        folder: &Path,
        added: &BTreeMap<u128, Vec<f32>>,
        removed: &HashSet<u128>,
        next_file: &mut u64,
    ) -> Result<Vectors, SearchError> {
        let expected = self
            .dimensions()
            .or_else(|| added.values().next().map(Vec::len));
        let Some(dimensions) = expected else {
            return Ok(Vectors::default());
        };
        if let Some(odd) = added
            .values()
            .find(|vector| vector.len() != dimensions || vector.is_empty())
        {
            return Err(SearchError::Dimensions {
                expected: dimensions,
                found: odd.len(),
            });
        }
        let mut dead: Vec<Vec<u8>> = self
            .segments
            .iter()
            .map(|segment| segment.dead.clone())
            .collect();
        for id in removed.iter().chain(added.keys()) {
            if let Some((at, row)) = self.position(*id) {
                dead[at][row / 8] |= 1 << (row % 8);
            }
        }
        let is_changed = |at: usize| dead[at] != self.segments[at].dead;
        let alive: Vec<usize> = self
            .segments
            .iter()
            .zip(&dead)
            .map(|(segment, dead)| {
                segment.rows - dead.iter().map(|b| b.count_ones() as usize).sum::<usize>()
            })
            .collect();

        // Newest last: as in a log-structured merge, each row is rewritten a logarithmic number of times.
        let mut rewritten = vec![false; self.segments.len()];
        let mut size = added.len();
        for at in (0..self.segments.len()).rev() {
            let is_half_dead = alive[at] * 2 < self.segments[at].rows;
            let is_small = !added.is_empty() && alive[at] <= size * 2;
            if is_half_dead || is_small {
                rewritten[at] = true;
                size += alive[at];
            }
        }

        let mut segments = Vec::new();
        for (at, segment) in self.segments.iter().enumerate() {
            if rewritten[at] {
                continue;
            }
            if !is_changed(at) {
                segments.push(Arc::clone(segment));
                continue;
            }
            let file = VectorFile {
                dead: Some(dead_name(next_file)),
                ..segment.file.clone()
            };
            let content = [&dead[at][..], &crc32fast::hash(&dead[at]).to_le_bytes()].concat();
            write_synced(folder, file.dead.as_deref().unwrap_or_default(), |out| {
                out.write_all(&content)
            })?;
            segments.push(Arc::new(Segment::open(folder, file)?));
        }
        if size > 0 {
            let mut rows: Vec<(u128, Row<'_>)> = added
                .iter()
                .map(|(id, vector)| (*id, Row::New(vector)))
                .collect();
            for (at, segment) in self
                .segments
                .iter()
                .enumerate()
                .filter(|(at, _)| rewritten[*at])
            {
                let living = (0..segment.rows).filter(|row| !is_set(&dead[at], *row));
                rows.extend(living.map(|row| (segment.id(row), Row::Old(segment, row))));
            }
            rows.sort_unstable_by_key(|(id, _)| *id);
            let file = VectorFile {
                name: file_name(next_file),
                rows: rows.len() as u32,
                dead: None,
            };
            write_synced(folder, &file.name, |out| write_rows(out, dimensions, &rows))?;
            segments.push(Arc::new(Segment::open(folder, file)?));
        }
        if let Ok(folder) = File::open(folder) {
            // Not possible on every system, and not needed where it is not.
            folder.sync_all().ok();
        }
        Ok(Vectors { segments })
    }
}

/// Where a row of a new file comes from.
enum Row<'a> {
    New(&'a [f32]),
    Old(&'a Segment, usize),
}

fn write_rows(
    out: &mut dyn Write,
    dimensions: usize,
    rows: &[(u128, Row<'_>)],
) -> std::io::Result<()> {
    let mut out = Summed {
        out,
        sum: crc32fast::Hasher::new(),
    };
    out.write_all(MAGIC)?;
    out.write_all(&(dimensions as u32).to_le_bytes())?;
    out.write_all(&(rows.len() as u32).to_le_bytes())?;
    for (id, _) in rows {
        out.write_all(&id.to_be_bytes())?;
    }
    for (_, row) in rows {
        let scale = match row {
            Row::New(vector) => largest(vector) / 127.0,
            Row::Old(segment, row) => segment.scale(*row),
        };
        out.write_all(&scale.to_le_bytes())?;
    }
    for (_, row) in rows {
        match row {
            Row::New(vector) => {
                let scale = largest(vector) / 127.0;
                let numbers: Vec<u8> = vector
                    .iter()
                    .map(|x| ((x / scale).round() as i8).cast_unsigned())
                    .collect();
                out.write_all(&numbers)?;
            }
            Row::Old(segment, row) => out.write_all(segment.numbers(*row))?,
        }
    }
    let sum = out.sum.finalize();
    out.out.write_all(&sum.to_le_bytes())
}

/// Sums up what is written.
struct Summed<'a> {
    out: &'a mut dyn Write,
    sum: crc32fast::Hasher,
}

impl Summed<'_> {
    fn write_all(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.sum.update(bytes);
        self.out.write_all(bytes)
    }
}

fn write_synced(
    folder: &Path,
    name: &str,
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), SearchError> {
    let mut out = BufWriter::new(File::create(folder.join(name))?);
    write(&mut out)?;
    let file = out.into_inner().map_err(|error| error.into_error())?;
    Ok(file.sync_all()?)
}

fn file_name(next: &mut u64) -> String {
    *next += 1;
    format!("{PREFIX}{next:08}.rows")
}

fn dead_name(next: &mut u64) -> String {
    *next += 1;
    format!("{PREFIX}{next:08}.dead")
}
