//! Where the data lies when nobody says it: beside the program (portable), where it was moved to, or in the system's
//! place for a person's data; and whether such a place is fit for it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use app::health::Why;
use directories::ProjectDirs;

/// The folder beside the program that makes it portable by being there.
pub const PORTABLE: &str = "ChatAI-data";
/// The file in the system's place for settings that says where the data was moved to.
const MOVED: &str = "data-folder";

/// A data folder, and why it is this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFolder {
    /// Where.
    pub path: PathBuf,
    /// Why there.
    pub why: Why,
}

/// The data folder when nobody says where; `None` without a home folder.
pub fn untold() -> Option<DataFolder> {
    let program = std::env::current_exe().ok();
    if let Some(path) = program.as_deref().and_then(beside) {
        return Some(DataFolder {
            path,
            why: Why::Portable,
        });
    }
    let usual = ProjectDirs::from("", "", "ChatAI")?;
    if let Some(path) = moved_to(usual.config_dir()) {
        return Some(DataFolder {
            path,
            why: Why::Moved,
        });
    }
    Some(DataFolder {
        path: usual.data_dir().to_path_buf(),
        why: Why::Usual,
    })
}

/// Notes for every later start that the data lies there.
///
/// # Errors
/// There is no home folder, or the note cannot be written.
pub fn note_moved(to: &Path) -> io::Result<()> {
    let usual = ProjectDirs::from("", "", "ChatAI")
        .ok_or_else(|| io::Error::other("there is no home folder"))?;
    note_in(usual.config_dir(), to)
}

fn beside(program: &Path) -> Option<PathBuf> {
    let folder = program.parent()?.join(PORTABLE);
    folder.is_dir().then_some(folder)
}

fn moved_to(config: &Path) -> Option<PathBuf> {
    let told = fs::read_to_string(config.join(MOVED)).ok()?;
    let path = PathBuf::from(told.trim_end_matches(['\r', '\n']));
    path.is_absolute().then_some(path)
}

fn note_in(config: &Path, to: &Path) -> io::Result<()> {
    let text = to
        .to_str()
        .ok_or_else(|| io::Error::other("its name holds characters that are not Unicode"))?;
    fs::create_dir_all(config)?;
    // Beside it first, then in its place: a crash leaves the old note or the new one.
    let next = config.join(format!("{MOVED}.new"));
    fs::write(&next, format!("{text}\n"))?;
    fs::File::open(&next)?.sync_all()?;
    fs::rename(next, config.join(MOVED))
}

/// True where others who use this computer can enter the folder.
pub fn is_open_to_others(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// The kind of the network folder in which `path` lies; `None` for a disk of this computer. SQLite cannot lock
/// reliably over a network (reliability.md B3).
pub fn network(path: &Path) -> Option<String> {
    #[cfg(target_os = "linux")]
    {
        let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
        let path = existing(path)?.canonicalize().ok()?;
        network_of(&path, &mounts)
    }
    #[cfg(windows)]
    {
        let told = path.to_str()?;
        (told.starts_with(r"\\") && !told.starts_with(r"\\?\"))
            .then(|| "a network share".to_owned())
    }
    #[cfg(not(any(target_os = "linux", windows)))]
    {
        let _ = path;
        None
    }
}

/// The path, or the nearest folder above it that is there.
#[cfg(target_os = "linux")]
fn existing(path: &Path) -> Option<&Path> {
    path.ancestors().find(|above| above.exists())
}

/// Filesystems that lie on another computer.
#[cfg(target_os = "linux")]
const NETWORK: [&str; 16] = [
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "fuse.ceph-fuse",
    "fuse.davfs",
    "fuse.glusterfs",
    "fuse.gvfsd-fuse",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "lustre",
    "nfs",
    "nfs4",
    "smb3",
];

/// The same, told what is mounted (`proc_pid_mountinfo(5)`). The longest mount point above the path counts, of equal
/// ones the last.
#[cfg(target_os = "linux")]
fn network_of(path: &Path, mounts: &str) -> Option<String> {
    let mounted = mounts.lines().filter_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        let point = PathBuf::from(before.split(' ').nth(4)?.replace("\\040", " "));
        Some((point, after.split(' ').next()?))
    });
    let (_, kind) = mounted
        .filter(|(point, _)| path.starts_with(point))
        .max_by_key(|(point, _)| point.as_os_str().len())?;
    NETWORK.contains(&kind).then(|| kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_beside_the_program_makes_it_portable() {
        let stick = tempfile::tempdir().unwrap();
        let program = stick.path().join("chatai");
        assert_eq!(beside(&program), None);
        fs::create_dir(stick.path().join(PORTABLE)).unwrap();
        assert_eq!(beside(&program), Some(stick.path().join(PORTABLE)));
    }

    #[test]
    fn where_the_data_was_moved_to_is_remembered() {
        let config = tempfile::tempdir().unwrap();
        assert_eq!(moved_to(config.path()), None);
        note_in(config.path(), Path::new("/mnt/big disk/ChatAI")).unwrap();
        assert_eq!(
            moved_to(config.path()),
            Some(PathBuf::from("/mnt/big disk/ChatAI"))
        );
        fs::write(config.path().join(MOVED), "somewhere").unwrap();
        assert_eq!(moved_to(config.path()), None, "no absolute path");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_folder_on_another_computer_is_recognised() {
        let mounts = "\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:45 / /mnt/office rw - nfs4 server:/export rw
41 22 0:46 / /mnt/my\\040share rw - cifs //nas/share rw
42 40 8:2 / /mnt/office/disk rw - xfs /dev/sdb1 rw";
        let kind = |path: &str| network_of(Path::new(path), mounts);
        assert_eq!(kind("/home/anna"), None);
        assert_eq!(kind("/mnt/office/data").as_deref(), Some("nfs4"));
        assert_eq!(kind("/mnt/my share/data").as_deref(), Some("cifs"));
        assert_eq!(kind("/mnt/office/disk/data"), None);
        assert_eq!(kind("/mnt/officer"), None);
    }
}
