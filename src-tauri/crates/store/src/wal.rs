//! SQLite's log, read before SQLite opens it: what its newest commit says of the database, and damage.
//!
//! SQLite takes the first frame with a wrong checksum for the end of the log and drops what follows without a
//! word. That is right after a power loss, which can only tear the last commit (every commit is synced before
//! the next one begins), and wrong when later commits stand behind the broken frame: then data that was
//! confirmed would be gone silently. The format: <https://www.sqlite.org/walformat.html>.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::error::StoreError;

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// Magic of a log whose checksums take words as little-endian; one more: as big-endian.
const MAGIC: u32 = 0x377f_0682;

/// Where the log of a database lies.
pub(crate) fn place(database: &Path) -> PathBuf {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    PathBuf::from(log)
}

/// The beginning of page 1 as the last commit of the log left it; `None` where the log does not have it.
pub(crate) fn first_page(log: &Path) -> Result<Option<[u8; 100]>, StoreError> {
    let Some(mut log) = Log::open(log)? else {
        return Ok(None);
    };
    let mut seen = None;
    let mut committed = None;
    while let Some(frame) = log.next()? {
        if !frame.is_whole {
            break;
        }
        if frame.page == 1 {
            let mut page = [0_u8; 100];
            page.copy_from_slice(&log.content()[..100]);
            seen = Some(page);
        }
        if frame.ends_commit {
            committed = seen.or(committed);
        }
    }
    Ok(committed)
}

/// `Corrupt` when commits stand behind a broken place of the log. One commit alone may be what a power loss
/// left of the last one, and is dropped as SQLite drops it.
pub(crate) fn refuse_damaged(database: &Path) -> Result<(), StoreError> {
    let Some(mut log) = Log::open(&place(database))? else {
        return Ok(());
    };
    let mut broken = None;
    let mut behind = 0_u32;
    while let Some(frame) = log.next()? {
        match broken {
            None if !frame.is_whole => broken = Some(frame.number),
            Some(_) if frame.is_whole && frame.ends_commit => behind += 1,
            _ => {}
        }
    }
    match broken {
        Some(number) if behind > 1 => Err(StoreError::Corrupt(format!(
            "its log is broken at frame {number}, with {behind} commits behind it"
        ))),
        _ => Ok(()),
    }
}

/// A frame of the log.
struct Frame {
    /// Its place, from 1.
    number: u64,
    /// The page it holds.
    page: u32,
    /// True for the last frame of a commit.
    ends_commit: bool,
    /// True when its checksum follows from the one before it.
    is_whole: bool,
}

/// A log that is read frame by frame, as far as it belongs to the log's present round.
struct Log {
    file: File,
    frames: u64,
    number: u64,
    salts: [u8; 8],
    big_endian: bool,
    /// The checksum that stands in the frame before.
    sum: (u32, u32),
    buffer: Vec<u8>,
}

impl Log {
    /// `None` when there is no log, or nothing in it. `Corrupt` for a header that SQLite did not write.
    fn open(path: &Path) -> Result<Option<Log>, StoreError> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let length = file.metadata()?.len();
        let mut header = [0_u8; HEADER];
        if length <= HEADER as u64 {
            return Ok(None);
        }
        file.read_exact(&mut header)?;
        // A log that was made longer and never written, as a power loss can leave it.
        if header.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        let big_endian = number(&header, 0) == MAGIC + 1;
        let page_size = number(&header, 8);
        let sum = (number(&header, 24), number(&header, 28));
        let is_log = number(&header, 0) & !1 == MAGIC
            && page_size.is_power_of_two()
            && (512..=65_536).contains(&page_size)
            && summed((0, 0), &header[..24], big_endian) == sum;
        if !is_log {
            // The header is 32 bytes that are written at once: what is no header was one.
            return Err(StoreError::Corrupt("its log has no header".to_owned()));
        }
        let frame = FRAME_HEADER + page_size as usize;
        let mut salts = [0_u8; 8];
        salts.copy_from_slice(&header[16..24]);
        Ok(Some(Log {
            file,
            frames: (length - HEADER as u64) / frame as u64,
            number: 0,
            salts,
            big_endian,
            sum,
            buffer: vec![0; frame],
        }))
    }

    /// The next frame. Frames with other salts are of an earlier round, or broken; behind a broken one there
    /// may be whole ones.
    fn next(&mut self) -> Result<Option<Frame>, StoreError> {
        if self.number == self.frames {
            return Ok(None);
        }
        let at = HEADER as u64 + self.number * self.buffer.len() as u64;
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(&mut self.buffer)?;
        self.number += 1;
        let (head, content) = self.buffer.split_at(FRAME_HEADER);
        let of_this_round = head[8..16] == self.salts;
        let stored = (number(head, 16), number(head, 20));
        let sum = summed(self.sum, &head[..8], self.big_endian);
        let sum = summed(sum, content, self.big_endian);
        self.sum = stored;
        Ok(Some(Frame {
            number: self.number,
            page: number(head, 0),
            ends_commit: number(head, 4) != 0,
            is_whole: of_this_round && sum == stored,
        }))
    }

    /// The page in the frame that was read last.
    fn content(&self) -> &[u8] {
        &self.buffer[FRAME_HEADER..]
    }
}

/// The log's checksum of `bytes` (a multiple of 8), going on from `sum`.
fn summed(sum: (u32, u32), bytes: &[u8], big_endian: bool) -> (u32, u32) {
    let (mut first, mut second) = sum;
    for eight in bytes.as_chunks::<8>().0 {
        let [a, b, c, d, e, f, g, h] = *eight;
        let (left, right) = match big_endian {
            true => (
                u32::from_be_bytes([a, b, c, d]),
                u32::from_be_bytes([e, f, g, h]),
            ),
            false => (
                u32::from_le_bytes([a, b, c, d]),
                u32::from_le_bytes([e, f, g, h]),
            ),
        };
        first = first.wrapping_add(left).wrapping_add(second);
        second = second.wrapping_add(right).wrapping_add(first);
    }
    (first, second)
}

/// A big-endian number.
pub(crate) fn number(bytes: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[at..at + 4]);
    u32::from_be_bytes(four)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rusqlite::Connection;

    use super::*;

    /// A database with a log of `commits` commits, as a kill leaves it.
    fn killed(commits: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let live = folder.path().join("live.db");
        let conn = Connection::open(&live).unwrap();
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (n);",
        )
        .unwrap();
        for n in 1..commits {
            conn.execute("INSERT INTO t VALUES (?1)", [n]).unwrap();
        }
        let database = folder.path().join("killed.db");
        fs::copy(&live, &database).unwrap();
        fs::copy(place(&live), place(&database)).unwrap();
        (folder, database)
    }

    fn broken_at(database: &Path, at: usize) {
        let mut bytes = fs::read(place(database)).unwrap();
        bytes[at] ^= 0x55;
        fs::write(place(database), bytes).unwrap();
    }

    #[test]
    fn a_whole_log_is_no_damage_and_neither_is_a_torn_end() {
        let (_folder, database) = killed(10);
        refuse_damaged(&database).unwrap();
        let length = fs::metadata(place(&database)).unwrap().len() as usize;
        broken_at(&database, length - 100);
        refuse_damaged(&database).unwrap();
        let bytes = fs::read(place(&database)).unwrap();
        for cut in [0, 20, 32, 100, length / 2, length - 1] {
            fs::write(place(&database), &bytes[..cut]).unwrap();
            refuse_damaged(&database).unwrap();
        }
    }

    #[test]
    fn commits_behind_a_broken_frame_are_not_dropped_silently() {
        for at in [3, 20, 40, 50, 60, 5_000, 12_000] {
            let (_folder, database) = killed(10);
            broken_at(&database, at);
            let refused = refuse_damaged(&database);
            assert!(
                matches!(refused, Err(StoreError::Corrupt(_))),
                "{at}: {refused:?}"
            );
        }
    }

    #[test]
    fn the_first_page_is_the_one_of_the_last_commit() {
        let (_folder, database) = killed(1);
        let page = first_page(&place(&database)).unwrap().unwrap();
        assert!(page.starts_with(b"SQLite format 3\0"));
    }
}
