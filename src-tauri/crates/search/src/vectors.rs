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

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashSet};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use memmap2::Mmap;
use serde::{Deserialize, Serialize};

use crate::error::SearchError;

const MAGIC: &[u8; 8] = b"CHATVEC1";
const HEADER: usize = 16;
const ID: usize = 16;
const FOOTER: usize = 4;
/// Largest value of a question's number. With 8-bit rows, 2,000 dimensions cannot overflow 32 bits.
const QUERY_LARGEST: f32 = 8_191.0;
/// Files of vectors and of dead rows begin with this.
const PREFIX: &str = "vectors-";

/// A file of vectors as a commit names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VectorFile {
    name: String,
    rows: u32,
    /// The bitmap of its dead rows; absent while all live.
    dead: Option<String>,
}

/// All vectors of one commit. Never changes; a new commit has a new one.
#[derive(Default)]
pub struct Vectors {
    segments: Vec<Arc<Segment>>,
}

struct Segment {
    file: VectorFile,
    map: Mmap,
    dimensions: usize,
    rows: usize,
    dead: Vec<u8>,
    alive: usize,
}

/// What the cosines of all passages to one question look like.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spread {
    /// Their mean.
    pub mean: f32,
    /// How many there are.
    pub count: usize,
}

/// A question's vector, made ready for 8-bit rows.
pub struct QueryVector {
    numbers: Vec<i16>,
    scale: f32,
    exact: Vec<f32>,
}

impl QueryVector {
    /// `vector` has unit length.
    pub fn new(vector: Vec<f32>) -> QueryVector {
        let scale = largest(&vector) / QUERY_LARGEST;
        let numbers = vector.iter().map(|x| (x / scale).round() as i16).collect();
        QueryVector {
            numbers,
            scale,
            exact: vector,
        }
    }

    /// Cosine to a vector of unit length; `None` when that is of another embedder.
    pub fn cosine(&self, vector: &[f32]) -> Option<f32> {
        let is_comparable = vector.len() == self.exact.len();
        is_comparable.then(|| self.exact.iter().zip(vector).map(|(a, b)| a * b).sum())
    }
}

fn largest(vector: &[f32]) -> f32 {
    vector
        .iter()
        .fold(f32::MIN_POSITIVE, |most, x| most.max(x.abs()))
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

    /// The nearest passages, best first, and how all cosines spread. Looks at every row.
    pub fn nearest(
        &self,
        query: &QueryVector,
        limit: usize,
        among: Option<&HashSet<u128>>,
    ) -> (Vec<(u128, f32)>, Spread) {
        let mut best: BinaryHeap<Reverse<(Cosine, u128)>> = BinaryHeap::with_capacity(limit + 1);
        let mut least = f32::NEG_INFINITY;
        let (mut count, mut sum) = (0usize, 0f64);
        for segment in &self.segments {
            for row in 0..segment.rows {
                if segment.is_dead(row) {
                    continue;
                }
                if among.is_some_and(|among| !among.contains(&segment.id(row))) {
                    continue;
                }
                let cosine = segment.cosine(query, row);
                count += 1;
                sum += f64::from(cosine);
                if cosine <= least {
                    continue;
                }
                best.push(Reverse((Cosine(cosine), segment.id(row))));
                if best.len() > limit {
                    best.pop();
                    least = best.peek().map_or(least, |Reverse((cosine, _))| cosine.0);
                }
            }
        }
        let mean = sum / count.max(1) as f64;
        let found = best
            .into_sorted_vec()
            .into_iter()
            .map(|Reverse((cosine, id))| (id, cosine.0))
            .collect();
        let spread = Spread {
            mean: mean as f32,
            count,
        };
        (found, spread)
    }

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

impl Segment {
    fn open(folder: &Path, file: VectorFile) -> Result<Segment, SearchError> {
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

    fn id(&self, row: usize) -> u128 {
        let at = HEADER + row * ID;
        let mut bytes = [0; ID];
        bytes.copy_from_slice(&self.map[at..at + ID]);
        u128::from_be_bytes(bytes)
    }

    fn scale(&self, row: usize) -> f32 {
        let at = HEADER + self.rows * ID + row * 4;
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&self.map[at..at + 4]);
        f32::from_le_bytes(bytes)
    }

    fn numbers(&self, row: usize) -> &[u8] {
        let at = HEADER + self.rows * (ID + 4) + row * self.dimensions;
        &self.map[at..at + self.dimensions]
    }

    fn cosine(&self, query: &QueryVector, row: usize) -> f32 {
        dot(&query.numbers, self.numbers(row)) as f32 * query.scale * self.scale(row)
    }

    fn is_dead(&self, row: usize) -> bool {
        is_set(&self.dead, row)
    }

    /// The living row of a passage.
    fn row_of(&self, passage: u128) -> Option<usize> {
        let (mut low, mut high) = (0, self.rows);
        while low < high {
            let middle = (low + high) / 2;
            match self.id(middle).cmp(&passage) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return (!self.is_dead(middle)).then_some(middle),
            }
        }
        None
    }
}

/// Written so that the compiler makes 16-bit multiply-adds of it.
fn dot(query: &[i16], row: &[u8]) -> i32 {
    query
        .iter()
        .zip(row)
        .map(|(a, b)| i32::from(*a) * i32::from(b.cast_signed()))
        .sum()
}

fn is_set(bits: &[u8], row: usize) -> bool {
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

/// A cosine with an order.
#[derive(Clone, Copy, PartialEq)]
struct Cosine(f32);

impl Eq for Cosine {}

impl PartialOrd for Cosine {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cosine {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}
