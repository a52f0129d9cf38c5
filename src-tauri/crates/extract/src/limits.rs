//! How much one document may ask for. Each limit is checked before or while unpacking, never after.

/// Largest file, in bytes (security.md C6: 200 MiB from a member).
pub(crate) const FILE_BYTES: u64 = 200 << 20;
/// Most bytes that all entries of a package may unpack to.
pub(crate) const UNPACKED_BYTES: u64 = 512 << 20;
/// Most bytes of one entry that is held in memory at once; the child may use 512 MiB in all.
pub(crate) const PART_BYTES: u64 = 128 << 20;
/// Most entries of a package.
pub(crate) const ENTRIES: usize = 10_000;
/// Largest ratio of unpacked to packed bytes of an entry above [`RATIO_FROM`].
pub(crate) const RATIO: u64 = 200;
/// Entries that unpack to less than this many bytes may have any ratio.
pub(crate) const RATIO_FROM: u64 = 1 << 20;
/// Most pages of a PDF.
pub(crate) const PDF_PAGES: usize = 5_000;
/// Most characters of text; the rest is cut and noted.
pub(crate) const TEXT_CHARS: u32 = 10_000_000;
/// Most bytes of a plain text or a web page that are looked at; the rest is cut and noted. Enough for
/// [`TEXT_CHARS`] in two bytes each.
pub(crate) const TEXT_BYTES: usize = 24 << 20;
/// Most bytes that all blocks may take in memory, cells and headers counted; the rest is cut and noted. The
/// parent may grow by 50 MiB (security.md C6).
pub(crate) const BLOCK_BYTES: usize = 36 << 20;
/// Longest block, in characters: longer text is split, at white space where there is any.
pub(crate) const BLOCK_CHARS: usize = 20_000;
/// Most columns of a table; further cells are left out and noted.
pub(crate) const COLUMNS: usize = 512;
/// Deepest nesting of elements that is followed; deeper text is read as if it stood at this depth.
pub(crate) const DEPTH: usize = 200;
/// Most files in an archive or attached to a message that are read.
pub(crate) const INNER_FILES: usize = 500;
/// How many files a file may lie in to be read: an archive with messages with attachments.
pub(crate) const INNER_DEPTH: u8 = 2;
/// Files that could not be read inside another one, as the report names them.
pub(crate) const UNREAD_FILES: usize = 100;
/// How many files an archive may lie in to be opened (security.md C6: nesting at most 1).
pub(crate) const ARCHIVE_DEPTH: u8 = 1;

/// Where a document lies, and what all the files around and inside it may still unpack to together.
pub(crate) struct Inside {
    /// How many files it lies in.
    pub(crate) depth: u8,
    room: u64,
}

impl Inside {
    /// A document that lies in no other file.
    pub(crate) fn nothing() -> Inside {
        Inside {
            depth: 0,
            room: UNPACKED_BYTES,
        }
    }

    /// Takes room for so many unpacked bytes; false when there is none.
    pub(crate) fn take(&mut self, bytes: u64) -> bool {
        let left = self.room.checked_sub(bytes);
        self.room = left.unwrap_or(0);
        left.is_some()
    }
}

/// What cells may still take in memory while a table is put together: one that stands in many places counts
/// as often, or a small file would grow without end.
pub(crate) struct Room(usize);

impl Room {
    /// Room for as much as all blocks may take.
    pub(crate) fn for_cells() -> Room {
        Room(BLOCK_BYTES)
    }

    /// Takes room for one more copy of a cell; false when there is none.
    pub(crate) fn take(&mut self, cell: &str) -> bool {
        // What the memory of a short text really takes, its place in the row included.
        match self.0.checked_sub(cell.len() + 2 * size_of::<String>()) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => false,
        }
    }
}
