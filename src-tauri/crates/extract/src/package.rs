//! A zip package of Office, opened with every limit of security.md C6 checked.

use std::io::{Cursor, Read};

use domain::document::ReadFailure;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::limits;
use crate::xml::{self, Node};

/// An opened package whose directory keeps to the limits.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    main_part: Option<String>,
    unpacked: u64,
}

impl<'a> Package<'a> {
    /// Opens it. What the directory promises is checked here, what really comes out in [`Package::part`].
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Package<'a>, ReadFailure> {
        if claimed_entries(bytes) > limits::ENTRIES {
            return Err(ReadFailure::TooLarge);
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| cause(&error))?;
        if archive.len() > limits::ENTRIES {
            return Err(ReadFailure::TooLarge);
        }
        let mut total = 0_u64;
        let mut extents = Vec::with_capacity(archive.len());
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(|error| cause(&error))?;
            if entry.is_symlink() {
                return Err(ReadFailure::Refused);
            }
            if entry.encrypted() {
                return Err(ReadFailure::Encrypted);
            }
            let packed = entry.compressed_size();
            total = total.saturating_add(entry.size());
            if entry.size() > limits::RATIO_FROM && entry.size() / packed.max(1) > limits::RATIO {
                return Err(ReadFailure::TooLarge);
            }
            let data = entry.data_start().unwrap_or(entry.header_start());
            extents.push((entry.header_start(), data.saturating_add(packed)));
        }
        if total > limits::UNPACKED_BYTES {
            return Err(ReadFailure::TooLarge);
        }
        extents.sort_unstable();
        if extents.windows(2).any(|pair| pair[0].1 > pair[1].0) {
            return Err(ReadFailure::Refused);
        }
        let mut package = Package {
            archive,
            main_part: None,
            unpacked: total,
        };
        package.main_part = package.find_main_part();
        Ok(package)
    }

    /// What all its entries unpack to, as its directory says.
    pub(crate) fn unpacked(&self) -> u64 {
        self.unpacked
    }

    /// True when there is a part of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.archive.index_for_name(name).is_some()
    }

    /// The document's main part, when it lies in this folder.
    pub(crate) fn main_part(&self, folder: &str) -> Option<&str> {
        self.main_part
            .as_deref()
            .filter(|part| part.starts_with(folder))
    }

    /// The bytes of a part; `None` when there is none of this name.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadFailure> {
        let Some(index) = self.archive.index_for_name(name) else {
            return Ok(None);
        };
        let entry = self
            .archive
            .by_index(index)
            .map_err(|error| cause(&error))?;
        if entry.size() > limits::PART_BYTES {
            return Err(ReadFailure::TooLarge);
        }
        let allowed = allowed_bytes(entry.compressed_size()).min(limits::PART_BYTES);
        let mut bytes = Vec::with_capacity(entry.size().min(allowed) as usize);
        entry
            .take(allowed + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| ReadFailure::Damaged)?;
        if bytes.len() as u64 > allowed {
            return Err(ReadFailure::TooLarge);
        }
        Ok(Some(bytes))
    }

    /// The names of its files in the order of the directory, without folders.
    pub(crate) fn names(&self) -> Vec<String> {
        let names = self.archive.file_names().flatten();
        let files = names.filter(|name| !name.ends_with('/'));
        files.map(|name| name.into_owned()).collect()
    }

    /// The title that a document of Office says it has.
    pub(crate) fn title(&mut self) -> Result<Option<String>, ReadFailure> {
        match self.part("docProps/core.xml")? {
            Some(part) => xml::text_of(&part, "title"),
            None => Ok(None),
        }
    }

    /// Unpacks everything once into nothing: for parsers that open the package themselves and would not
    /// notice entries that are larger than the directory says or that declare entities. Of `words` it says
    /// which stand somewhere in the XML, so that nobody has to unpack it again to look for what is not there.
    pub(crate) fn check_contents<const N: usize>(
        &mut self,
        words: [&'static str; N],
    ) -> Result<[bool; N], ReadFailure> {
        let mut total = 0_u64;
        let mut words = words.map(Sought::new);
        for index in 0..self.archive.len() {
            let entry = self
                .archive
                .by_index(index)
                .map_err(|error| cause(&error))?;
            let allowed = allowed_bytes(entry.compressed_size());
            let name = entry
                .name()
                .map(|name| name.to_ascii_lowercase())
                .unwrap_or_default();
            let is_xml =
                name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".vml");
            let size = drain(entry.take(allowed + 1), is_xml, &mut words)?;
            total = total.saturating_add(size);
            if size > allowed || total > limits::UNPACKED_BYTES {
                return Err(ReadFailure::TooLarge);
            }
        }
        Ok(words.map(|word| word.is_there))
    }

    fn find_main_part(&mut self) -> Option<String> {
        let relations = self.part("_rels/.rels").ok()??;
        let mut main = None;
        let walked = xml::walk(&relations, |node| {
            let Node::Open(element) = node else {
                return Ok(());
            };
            let kind = element.attribute("Type").unwrap_or_default();
            if element.name == "Relationship" && kind.ends_with("/officeDocument") {
                main = element
                    .attribute("Target")
                    .map(|target| target.trim_start_matches('/').to_owned());
            }
            Ok(())
        });
        walked.ok().and(main)
    }
}

/// A relation of a part to another one.
pub(crate) struct Relation {
    /// How the part names it.
    pub(crate) id: String,
    /// The last word of its type: `slide`, `notesSlide`.
    pub(crate) kind: String,
    /// The other part.
    pub(crate) target: String,
}

/// The relations of a part to other parts of the package.
pub(crate) fn relations(
    package: &mut Package<'_>,
    part: &str,
) -> Result<Vec<Relation>, ReadFailure> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let Some(listed) = package.part(&format!("{folder}/_rels/{name}.rels"))? else {
        return Ok(Vec::new());
    };
    let mut relations = Vec::new();
    xml::walk(&listed, |node| {
        if let Node::Open(element) = node
            && element.name == "Relationship"
            && element.attribute("TargetMode").as_deref() != Some("External")
        {
            let kind = element.attribute("Type").unwrap_or_default();
            relations.push(Relation {
                id: element.attribute("Id").unwrap_or_default(),
                kind: kind.rsplit('/').next().unwrap_or_default().to_owned(),
                target: resolved(folder, &element.attribute("Target").unwrap_or_default()),
            });
        }
        Ok(())
    })?;
    Ok(relations)
}

/// Where a relative address leads from a folder of the package; it never leaves the package.
pub(crate) fn resolved(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|part| !part.is_empty()).collect(),
    };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A word that is looked for in the XML of a package.
struct Sought {
    finder: memchr::memmem::Finder<'static>,
    is_there: bool,
}

impl Sought {
    fn new(word: &'static str) -> Sought {
        Sought {
            finder: memchr::memmem::Finder::new(word),
            is_there: false,
        }
    }
}

/// Reads to the end; looks for entity declarations at the beginning of XML, where alone they may stand, and for
/// words of at most [`ACROSS`] bytes anywhere in it.
fn drain(mut entry: impl Read, is_xml: bool, words: &mut [Sought]) -> Result<u64, ReadFailure> {
    let mut buffer = vec![0; 64 << 10];
    let mut size = 0_u64;
    // Kept from the buffer before, so that a declaration across two buffers is found.
    let mut tail: Vec<u8> = Vec::new();
    let mut is_wide = false;
    loop {
        let read = entry.read(&mut buffer).map_err(|_| ReadFailure::Damaged)?;
        if read == 0 {
            return Ok(size);
        }
        // UTF-16 without its zero bytes is near enough to be searched.
        is_wide |= size == 0 && buffer[..read.min(4)].contains(&0);
        size += read as u64;
        if is_xml {
            let read = buffer[..read].iter().copied();
            match is_wide {
                true => tail.extend(read.filter(|byte| *byte != 0)),
                false => tail.extend(read),
            }
            xml::refuse_entities(&tail)?;
            for word in words.iter_mut().filter(|word| !word.is_there) {
                word.is_there = word.finder.find(&tail).is_some();
            }
            tail.drain(..tail.len().saturating_sub(ACROSS));
        }
    }
}

/// Bytes that are kept of one buffer for the next.
const ACROSS: usize = 32;

/// Most bytes an entry of this packed size may really unpack to.
fn allowed_bytes(packed: u64) -> u64 {
    packed
        .saturating_mul(limits::RATIO)
        .clamp(limits::RATIO_FROM, limits::UNPACKED_BYTES)
}

/// The number of entries that the end of the central directory claims (APPNOTE 4.3.16), read before the
/// directory itself so that a huge one is not loaded.
fn claimed_entries(bytes: &[u8]) -> usize {
    let from = bytes.len().saturating_sub(66_000);
    let end = bytes[from..]
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06");
    let Some(end) = end else { return 0 };
    let count = bytes.get(from + end + 10..from + end + 12);
    // 65,535 stands for "see zip64", which is above the limit as well.
    count.map_or(0, |count| {
        usize::from(u16::from_le_bytes([count[0], count[1]]))
    })
}

fn cause(error: &ZipError) -> ReadFailure {
    match error {
        ZipError::UnsupportedArchive(text) if text.contains("assword") => ReadFailure::Encrypted,
        _ => ReadFailure::Damaged,
    }
}
