//! A folder of this computer: what may be followed, what lies in it, and opening it without being led astray.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::UNIX_EPOCH;

use domain::following::Trouble;

use crate::{address, site};

/// How deep folders are looked into.
const MOST_DEPTH: usize = 32;
/// Entries that are looked at, whatever they are.
const MOST_ENTRIES: usize = 200_000;

/// Why a folder is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not a whole path from the root on.
    NotWhole,
    /// There is no such folder, or it may not be read.
    NotThere,
    /// A file, not a folder.
    NotAFolder,
    /// A folder of the system, or a whole disk.
    OfTheSystem,
    /// The whole home folder of somebody: letters, keys and pictures lie there too.
    Home,
    /// The program's own data lies in it, or it lies in the data.
    OwnData,
}

/// The folder as it is called without links, if it may be followed. `data` is the program's own folder.
///
/// # Errors
/// The [`Refusal`].
pub fn permitted(path: &Path, data: &Path) -> Result<PathBuf, Refusal> {
    if !path.is_absolute() {
        return Err(Refusal::NotWhole);
    }
    let real = fs::canonicalize(path).map_err(|_| Refusal::NotThere)?;
    if !real.is_dir() {
        return Err(Refusal::NotAFolder);
    }
    fs::read_dir(&real).map_err(|_| Refusal::NotThere)?;
    let data = fs::canonicalize(data).unwrap_or_else(|_| data.to_owned());
    if real.starts_with(&data) || data.starts_with(&real) {
        return Err(Refusal::OwnData);
    }
    if is_of_the_system(&real) {
        return Err(Refusal::OfTheSystem);
    }
    if is_home(&real) {
        return Err(Refusal::Home);
    }
    Ok(real)
}

/// Folders that belong to the system, with all that lies in them.
const SYSTEM: &[&str] = &[
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/lost+found",
    "/proc",
    "/run",
    "/sbin",
    "/sys",
    "/usr",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/run",
    "/var/spool",
    "/private/etc",
    "/private/var/db",
    "/System",
    "/Library",
    "/Applications",
    "/cores",
];
/// Names at the root of a Windows disk that belong to the system.
const WINDOWS: &[&str] = &[
    "windows",
    "program files",
    "program files (x86)",
    "programdata",
    "$recycle.bin",
    "system volume information",
    "recovery",
];
/// Folders that hold people's folders or disks.
const HOLDERS: &[&str] = &[
    "/home",
    "/root",
    "/Users",
    "/mnt",
    "/media",
    "/srv",
    "/opt",
    "/var",
    "/tmp",
    "/private",
    "/private/tmp",
    "/private/var",
    "/Volumes",
];

fn is_of_the_system(real: &Path) -> bool {
    let mut named = real
        .components()
        .filter(|part| matches!(part, Component::Normal(_)));
    let Some(first) = named.next() else {
        return true;
    };
    if cfg!(windows) {
        let name = first.as_os_str().to_string_lossy().to_lowercase();
        let is_users = name == "users" && named.next().is_none();
        return is_users || WINDOWS.contains(&name.as_str());
    }
    SYSTEM.iter().any(|system| real.starts_with(system))
        || HOLDERS.iter().any(|holder| real == Path::new(holder))
}

fn is_home(real: &Path) -> bool {
    let of_this_person = ["HOME", "USERPROFILE"]
        .iter()
        .filter_map(std::env::var_os)
        .filter_map(|home| fs::canonicalize(home).ok())
        .any(|home| home == real);
    let parent = real.parent().and_then(Path::to_str).unwrap_or_default();
    of_this_person || matches!(parent, "/home" | "/Users")
}

/// A file that lies in a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Its path in the folder, with `/`.
    pub key: String,
    /// Size and time of its last change: what tells whether it has to be read again.
    pub modified: String,
    /// Size in bytes.
    pub size: u64,
}

/// What lies in a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Files that can be read, in the order of their paths.
    pub files: Vec<Found>,
    /// True when there were more than `most`.
    pub is_cut: bool,
    /// Folders in it that may not be read.
    pub closed: Vec<String>,
}

/// What lies in a folder, at most `most` files. Hidden, temporary and unreadable kinds of files are left out; links
/// are not followed.
///
/// # Errors
/// [`Trouble::Missing`] when the folder is not there, [`Trouble::Unreadable`] when it may not be read.
pub fn list(root: &Path, most: usize) -> Result<Listing, Trouble> {
    let mut listing = Listing::default();
    let mut open = vec![(root.to_owned(), String::new(), 0)];
    let mut seen = 0;
    while let Some((folder, prefix, depth)) = open.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if prefix.is_empty() => return Err(trouble(&error)),
            // It was removed while it was looked at.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(_) => {
                listing.closed.push(prefix);
                continue;
            }
        };
        for entry in entries.filter_map(Result::ok) {
            seen += 1;
            if seen > MOST_ENTRIES {
                listing.is_cut = true;
                break;
            }
            let (Ok(kind), Some(name)) = (
                entry.file_type(),
                entry.file_name().to_str().map(str::to_owned),
            ) else {
                continue;
            };
            if is_passing(&name) || kind.is_symlink() {
                continue;
            }
            let key = match prefix.is_empty() {
                true => name,
                false => format!("{prefix}/{name}"),
            };
            if kind.is_dir() && depth < MOST_DEPTH {
                open.push((entry.path(), key, depth + 1));
            } else if kind.is_file()
                && site::is_readable_name(&key)
                && let Ok(known) = entry.metadata()
            {
                listing.files.push(Found {
                    key,
                    modified: stamp(&known),
                    size: known.len(),
                });
            }
        }
    }
    listing.files.sort();
    listing.is_cut |= listing.files.len() > most;
    listing.files.truncate(most);
    Ok(listing)
}

/// True when nothing at all lies in a folder, or it is not there: what a disk leaves behind that was taken away.
pub fn is_empty(root: &Path) -> bool {
    fs::read_dir(root).map_or(true, |mut entries| entries.next().is_none())
}

/// True for what nobody means to be read: hidden, temporary, half copied.
fn is_passing(name: &str) -> bool {
    let small = name.to_lowercase();
    small.starts_with(['.', '~'])
        || small.ends_with('~')
        || [
            ".tmp",
            ".temp",
            ".part",
            ".crdownload",
            ".download",
            ".swp",
            ".lock",
            ".bak",
        ]
        .iter()
        .any(|ending| small.ends_with(ending))
        || matches!(
            small.as_str(),
            "thumbs.db" | "desktop.ini" | "__macosx" | "node_modules"
        )
}

/// A file of a folder, opened.
#[derive(Debug)]
pub struct Opened {
    file: File,
    /// Size in bytes.
    pub size: u64,
    /// Size and time of its last change.
    pub modified: String,
    path: PathBuf,
}

/// Reads a file, and remembers when that failed: disks and shares of others do.
#[derive(Debug)]
pub struct Reading {
    file: File,
    has_failed: Arc<AtomicBool>,
}

impl Read for Reading {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer);
        if read
            .as_ref()
            .is_err_and(|error| error.kind() != io::ErrorKind::Interrupted)
        {
            self.has_failed.store(true, Ordering::Relaxed);
        }
        read
    }
}

impl Opened {
    /// What it holds; `has_failed` becomes true when it cannot be read to its end.
    ///
    /// # Errors
    /// The system has no room for another open file.
    pub fn reading(&self, has_failed: Arc<AtomicBool>) -> io::Result<Reading> {
        let file = self.file.try_clone()?;
        Ok(Reading { file, has_failed })
    }

    /// True when nobody wrote to it since.
    pub fn is_settled(&self) -> bool {
        fs::symlink_metadata(&self.path).is_ok_and(|known| stamp(&known) == self.modified)
    }
}

/// Opens a file of the folder. A link on the way that leads out of the folder is not followed.
///
/// # Errors
/// [`Trouble::NotFound`] when it is not there, or not a plain file in this folder; [`Trouble::Unreadable`].
pub fn open(root: &Path, key: &str) -> Result<Opened, Trouble> {
    let is_plain = Path::new(key)
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    if !is_plain {
        return Err(Trouble::NotFound);
    }
    let root = fs::canonicalize(root).map_err(|error| trouble(&error))?;
    let path = root.join(key);
    let real = fs::canonicalize(&path).map_err(|error| file_trouble(&error))?;
    let known = fs::symlink_metadata(&path).map_err(|error| file_trouble(&error))?;
    if real != path || !known.is_file() {
        return Err(Trouble::NotFound);
    }
    let file = File::open(&real).map_err(|error| file_trouble(&error))?;
    let opened = file.metadata().map_err(|error| file_trouble(&error))?;
    // Put in its place between the look and the opening.
    if !is_same(&known, &opened) {
        return Err(Trouble::Changing);
    }
    Ok(Opened {
        file,
        size: opened.len(),
        modified: stamp(&opened),
        path,
    })
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    stamp(one) == stamp(other)
}

/// The name of a file's document: its path in the folder. Two files have two names.
pub fn name_of(key: &str) -> String {
    const LONGEST: usize = 200;
    let clean: String = key.chars().filter(|c| !address::is_hidden(*c)).collect();
    let length = clean.chars().count();
    if clean == key && length <= LONGEST {
        return clean;
    }
    // A long name loses its beginning, never its ending.
    let end: String = clean
        .chars()
        .skip(length.saturating_sub(LONGEST - 20))
        .collect();
    format!("{:016x}… {end}", address::fingerprint(key))
}

fn stamp(known: &Metadata) -> String {
    let changed = known
        .modified()
        .ok()
        .and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    format!("{}:{}", known.len(), changed.unwrap_or_default().as_nanos())
}

fn trouble(error: &io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::PermissionDenied => Trouble::Unreadable,
        _ => Trouble::Missing,
    }
}

fn file_trouble(error: &io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::NotFound => Trouble::NotFound,
        _ => Trouble::Unreadable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn system_folders_homes_and_our_own_data_are_refused() {
        let place = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(place.path()).unwrap();
        let (data, papers) = (root.join("data"), root.join("papers"));
        fs::create_dir_all(data.join("files")).unwrap();
        fs::create_dir(&papers).unwrap();
        fs::write(papers.join("a.txt"), "a").unwrap();
        assert_eq!(permitted(&papers, &data), Ok(papers.clone()));
        let refused = [
            (Path::new("papers"), Refusal::NotWhole),
            (&papers.join("none"), Refusal::NotThere),
            (&papers.join("a.txt"), Refusal::NotAFolder),
            (&data, Refusal::OwnData),
            (&data.join("files"), Refusal::OwnData),
            (&root, Refusal::OwnData),
            (Path::new("/"), Refusal::OwnData),
        ];
        for (path, why) in refused {
            assert_eq!(permitted(path, &data), Err(why), "{}", path.display());
        }
        if cfg!(target_os = "linux") {
            let elsewhere = Path::new("/elsewhere");
            for system in ["/etc", "/proc", "/usr/share", "/var/log", "/tmp", "/home"] {
                assert_eq!(
                    permitted(Path::new(system), elsewhere),
                    Err(Refusal::OfTheSystem),
                    "{system}"
                );
            }
        }
    }

    #[test]
    fn only_what_people_put_there_to_be_read_is_listed() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path();
        fs::create_dir_all(root.join("sub/deeper")).unwrap();
        fs::create_dir_all(root.join(".git")).unwrap();
        for name in [
            "b.txt",
            "sub/a.pdf",
            "sub/deeper/c.docx",
            ".hidden.txt",
            ".git/x.txt",
            "~$b.docx",
            "b.txt~",
            "d.tmp",
            "e.part",
            "picture.png",
            "Thumbs.db",
        ] {
            fs::write(root.join(name), "text").unwrap();
        }
        let listed = |most| {
            let listing = list(root, most).unwrap();
            let keys = listing.files.into_iter().map(|file| file.key);
            (keys.collect::<Vec<_>>(), listing.is_cut)
        };
        let all = ["b.txt", "sub/a.pdf", "sub/deeper/c.docx"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(listed(10), (all.clone(), false));
        assert_eq!(listed(2), (all[..2].to_vec(), true));
        assert_eq!(list(&root.join("none"), 1), Err(Trouble::Missing));
        assert!(!is_empty(root) && is_empty(&root.join("none")));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed_out_of_the_folder() {
        use std::os::unix::fs::symlink;
        let place = tempfile::tempdir().unwrap();
        let (root, outside) = (place.path().join("papers"), place.path().join("outside"));
        fs::create_dir(&root).unwrap();
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("secret.txt"), "secret").unwrap();
        fs::write(root.join("a.txt"), "a").unwrap();
        symlink(outside.join("secret.txt"), root.join("link.txt")).unwrap();
        symlink(&outside, root.join("folder")).unwrap();
        symlink(&root, root.join("circle")).unwrap();
        let keys: Vec<String> = list(&root, 10)
            .unwrap()
            .files
            .into_iter()
            .map(|file| file.key)
            .collect();
        assert_eq!(keys, ["a.txt"]);
        for key in [
            "link.txt",
            "folder/secret.txt",
            "../outside/secret.txt",
            "/etc/passwd",
        ] {
            assert!(matches!(open(&root, key), Err(Trouble::NotFound)), "{key}");
        }
        assert!(open(&root, "a.txt").unwrap().is_settled());
    }

    #[test]
    fn a_file_that_is_written_to_is_not_settled() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("a.txt"), "a").unwrap();
        let opened = open(place.path(), "a.txt").unwrap();
        fs::write(place.path().join("a.txt"), "longer").unwrap();
        assert!(!opened.is_settled());
    }

    #[test]
    fn two_files_have_two_names() {
        assert_eq!(name_of("sub/Прайс.pdf"), "sub/Прайс.pdf");
        let long = |start: &str| name_of(&format!("{start}{}.pdf", "a".repeat(300)));
        assert_ne!(long("1"), long("2"));
        assert!(long("1").ends_with(".pdf") && long("1").chars().count() <= 200);
        assert_ne!(name_of("a\u{202e}b.txt"), name_of("ab.txt"));
    }
}
