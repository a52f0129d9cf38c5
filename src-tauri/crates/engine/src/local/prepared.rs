//! The prepared file of a model: everything that a model needs, laid out so that it is mapped and used as
//! it is. Only pages that are touched come into memory, and the system may take them back.
//!
//! Layout: 16 bytes of magic, the header's length (u64, little endian), the header as JSON, then sections,
//! each at a multiple of 64 bytes. Numbers are little endian.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use memmap2::Mmap;
use serde::{Deserialize, Serialize};

const MAGIC: &[u8; 16] = b"ChatAI-embedder2";
/// Room for the header: it is written last, in front.
const HEADER_ROOM: u64 = 64 * 1024;
/// The longest header that is read.
const MOST_HEADER: u64 = HEADER_ROOM - 24;

/// What the model is and where its parts lie.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Header {
    /// Name and revision.
    pub(crate) key: String,
    pub(crate) hidden: usize,
    pub(crate) layers: usize,
    pub(crate) heads: usize,
    pub(crate) intermediate: usize,
    pub(crate) vocabulary: usize,
    pub(crate) positions: usize,
    pub(crate) epsilon: f32,
    pub(crate) tokenizer: TokenizerKind,
    /// Bytes of the file by name.
    pub(crate) sections: BTreeMap<String, Range<usize>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum TokenizerKind {
    /// `tokenizer.json` as it came, for the small vocabularies of WordPiece.
    Whole,
    /// Our own compact form of Unigram.
    Unigram(UnigramHeader),
    /// What a model that hears writes with.
    Speech(SpeechHeader),
}

/// What a model that hears has besides its sizes, which are those of its encoder.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct SpeechHeader {
    /// Layers of the decoder.
    pub(crate) layers: usize,
    /// Heads of the decoder.
    pub(crate) heads: usize,
    /// Most tokens of a text.
    pub(crate) longest: usize,
    /// Bands of a spectrum.
    pub(crate) bands: usize,
    /// The token that begins a text.
    pub(crate) start: u32,
    /// The token that ends it; those behind it are no words either.
    pub(crate) end: u32,
    /// The token that asks for what was said, in its own language.
    pub(crate) transcribe: u32,
    /// The token that asks for no times.
    pub(crate) no_times: u32,
    /// The token that says that nobody speaks.
    pub(crate) silence: u32,
    /// The tokens that name languages, with their codes.
    pub(crate) languages: Vec<(String, u32)>,
    /// Tokens that are never written.
    pub(crate) never: Vec<u32>,
    /// Tokens that do not begin a text.
    pub(crate) never_first: Vec<u32>,
}

/// The small parts of a Unigram tokenizer.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct UnigramHeader {
    pub(crate) begin: u32,
    pub(crate) end: u32,
    pub(crate) unknown: u32,
    /// The lowest score of the vocabulary.
    pub(crate) least: f64,
    /// True when any white space splits words; false when only spaces do, each standing for a mark.
    pub(crate) splits: bool,
    /// Texts that are one token wherever they stand; `strips` when it swallows the white space before it.
    pub(crate) special: Vec<(String, u32, bool)>,
}

/// A mapped file.
pub(crate) struct Prepared {
    pub(crate) header: Header,
    map: Mmap,
}

impl Prepared {
    /// Maps the file. The inner error says what is wrong with a file that can be read but not used.
    #[expect(
        unsafe_code,
        reason = "mapping a file is unsafe: see the safety comment"
    )]
    pub(crate) fn open(path: &Path) -> io::Result<Result<Prepared, &'static str>> {
        let file = File::open(path)?;
        // SAFETY: the file lies in the program's own folder, is written once under another name and never
        // changed in place after it was renamed to this one.
        let map = unsafe { Mmap::map(&file)? };
        if map.len() < 24 || &map[..16] != MAGIC {
            return Ok(Err("not a prepared model"));
        }
        let mut length = [0; 8];
        length.copy_from_slice(&map[16..24]);
        let length = u64::from_le_bytes(length);
        if length > MOST_HEADER || length + 24 > map.len() as u64 {
            return Ok(Err("the header is cut off"));
        }
        let Ok(header) = serde_json::from_slice::<Header>(&map[24..24 + length as usize]) else {
            return Ok(Err("the header cannot be read"));
        };
        let all_inside = header.sections.values().all(|range| {
            range.start <= range.end && range.end <= map.len() && range.start.is_multiple_of(64)
        });
        if !all_inside {
            return Ok(Err("the file is cut off"));
        }
        Ok(Ok(Prepared { header, map }))
    }

    /// Where a section lies; an empty range when there is none.
    pub(crate) fn range(&self, name: &str) -> Range<usize> {
        self.header.sections.get(name).cloned().unwrap_or(0..0)
    }

    pub(crate) fn bytes(&self, range: &Range<usize>) -> &[u8] {
        &self.map[range.clone()]
    }

    /// A section as numbers; sections are aligned to 64 bytes.
    pub(crate) fn numbers<T: bytemuck::AnyBitPattern>(&self, range: &Range<usize>) -> &[T] {
        bytemuck::cast_slice(&self.map[range.clone()])
    }
}

/// Writes a prepared file under a temporary name; it gets its own name only when all of it is on disk.
pub(crate) struct Writer {
    out: BufWriter<File>,
    at: u64,
    current: String,
    sections: BTreeMap<String, Range<usize>>,
}

impl Writer {
    pub(crate) fn new(temporary: &Path) -> io::Result<Writer> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(temporary)?);
        out.seek(SeekFrom::Start(HEADER_ROOM))?;
        Ok(Writer {
            out,
            at: HEADER_ROOM,
            current: String::new(),
            sections: BTreeMap::new(),
        })
    }

    /// Begins a section; what is written until the next one belongs to it.
    pub(crate) fn begin(&mut self, name: &str) -> io::Result<()> {
        let gap = self.at.next_multiple_of(64) - self.at;
        self.out.write_all(&[0; 64][..gap as usize])?;
        self.at += gap;
        let start = self.at as usize;
        self.sections.insert(name.to_owned(), start..start);
        self.current = name.to_owned();
        Ok(())
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.at += bytes.len() as u64;
        if let Some(section) = self.sections.get_mut(&self.current) {
            section.end = self.at as usize;
        }
        Ok(())
    }

    /// Writes the header, waits until all is on disk and gives the file its name.
    pub(crate) fn finish(
        mut self,
        mut header: Header,
        temporary: &Path,
        path: &Path,
    ) -> io::Result<()> {
        header.sections = self.sections;
        let json = serde_json::to_vec(&header)?;
        if json.len() as u64 > MOST_HEADER {
            return Err(io::Error::other(
                "the header of the prepared model is too long",
            ));
        }
        self.out.seek(SeekFrom::Start(0))?;
        self.out.write_all(MAGIC)?;
        self.out.write_all(&(json.len() as u64).to_le_bytes())?;
        self.out.write_all(&json)?;
        let file = self
            .out
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(temporary, path)
    }
}
