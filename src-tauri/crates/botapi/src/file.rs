//! Files: their bytes, and the names bots know them by (T18).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::id::BotId;
use crate::message::MediaKind;

/// Most a bot can download (T18; Client.cpp:15817).
pub(crate) const MOST_DOWN: u64 = 20 * 1024 * 1024;
/// Most a bot can upload (T18).
pub(crate) const MOST_UP: u64 = 50 * 1024 * 1024;
/// Most of a photo a bot can upload (sendPhoto).
pub(crate) const MOST_PHOTO: u64 = 10 * 1024 * 1024;

#[derive(Debug, Clone)]
pub(crate) struct StoredFile {
    pub kind: MediaKind,
    pub name: Option<String>,
    pub mime_type: Option<String>,
    pub duration: i64,
    pub bytes: Arc<[u8]>,
}

#[derive(Debug)]
pub(crate) struct Files {
    files: BTreeMap<u64, StoredFile>,
    last: u64,
    held: u64,
    most: u64,
}

impl Files {
    pub fn new(most: u64) -> Files {
        Files {
            files: BTreeMap::new(),
            last: 0,
            held: 0,
            most,
        }
    }

    /// Keeps a file; the oldest go when there is too much.
    pub fn add(&mut self, file: StoredFile) -> u64 {
        self.last += 1;
        self.held += file.bytes.len() as u64;
        self.files.insert(self.last, file);
        while self.held > self.most && self.files.len() > 1 {
            if let Some((_, gone)) = self.files.pop_first() {
                self.held -= gone.bytes.len() as u64;
            }
        }
        self.last
    }

    pub fn get(&self, file: u64) -> Option<&StoredFile> {
        self.files.get(&file)
    }
}

/// Bytes of one of a photo's sizes; of other files always all.
pub(crate) fn share_of(kind: MediaKind, all: u64, size: usize) -> u64 {
    match (kind, size) {
        (MediaKind::Photo, 0) => (all / 100).max(1),
        (MediaKind::Photo, 1) => (all / 10).max(1),
        _ => all,
    }
}

/// The same of a file that is kept.
pub(crate) fn size_of(file: &StoredFile, size: usize) -> u64 {
    share_of(file.kind, file.bytes.len() as u64, size)
}

/// The name of a file for one bot: another bot cannot use it (T18). The last number tells a photo's sizes apart.
pub(crate) fn file_id(bot: BotId, kind: MediaKind, file: u64, size: usize) -> String {
    format!("{}-{:x}-{file:x}-{size}", letters(kind), bot.0)
}

/// The name that is the same for all bots, fit for finding duplicates and not for sending.
pub(crate) fn unique_id(kind: MediaKind, file: u64, size: usize) -> String {
    format!("AQAD{}{file:x}{size}", letters(kind))
}

/// Reads [`file_id`]; `None` for what is no file of that bot.
pub(crate) fn parse_file_id(bot: BotId, id: &str) -> Option<(MediaKind, u64)> {
    parse_sized(bot, id).map(|(kind, file, _)| (kind, file))
}

/// The same, with the size.
pub(crate) fn parse_sized(bot: BotId, id: &str) -> Option<(MediaKind, u64, usize)> {
    let mut parts = id.split('-');
    let kind = match parts.next()? {
        "AgAC" => MediaKind::Photo,
        "BQAC" => MediaKind::Document,
        "AwAC" => MediaKind::Voice,
        "BAAC" => MediaKind::Video,
        "CQAC" => MediaKind::Audio,
        _ => return None,
    };
    let owner = i64::from_str_radix(parts.next()?, 16).ok()?;
    let file = u64::from_str_radix(parts.next()?, 16).ok()?;
    let size = parts.next()?.parse().ok()?;
    (owner == bot.0).then_some((kind, file, size))
}

/// Folder, number, size and ending of a file's path (`photos/file_1_2.jpg`).
pub(crate) fn path(file: u64, size: usize, stored: &StoredFile) -> String {
    let name = stored.name.as_deref().unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    let ending = ending.filter(|ending| {
        ending.len() <= 8 && ending.chars().all(|letter| letter.is_ascii_alphanumeric())
    });
    let (folder, usual) = match stored.kind {
        MediaKind::Photo => ("photos", "jpg"),
        MediaKind::Document => ("documents", "bin"),
        MediaKind::Voice => ("voice", "oga"),
        MediaKind::Video => ("videos", "mp4"),
        MediaKind::Audio => ("music", "mp3"),
    };
    format!("{folder}/file_{file}_{size}.{}", ending.unwrap_or(usual))
}

/// Reads [`path`]: number and size.
pub(crate) fn parse_path(path: &str) -> Option<(u64, usize)> {
    let (_, name) = path.split_once("/file_")?;
    let (file, size) = name.split('.').next()?.split_once('_')?;
    Some((file.parse().ok()?, size.parse().ok()?))
}

fn letters(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Photo => "AgAC",
        MediaKind::Document => "BQAC",
        MediaKind::Voice => "AwAC",
        MediaKind::Video => "BAAC",
        MediaKind::Audio => "CQAC",
    }
}
