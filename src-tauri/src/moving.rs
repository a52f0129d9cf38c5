//! Moving the data folder: everything is copied, written through, read back and compared; then one note says that the
//! data lies there now. Until that note the old folder counts, after it the new one: an end at any moment leaves one of
//! the two whole. The old folder is kept under another name until a person deletes it.
//!
//! Nobody may have the data open meanwhile; whoever moves it has closed it before.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use api::host::{Hindrance, Plan};
use serde::{Deserialize, Serialize};

use crate::boot::{Boot, private_folder};
use crate::compose::Program;
use crate::exit::Failure;
use crate::folders;

/// What is not copied: it is made anew where it is missing.
const LEFT_BEHIND: [&str; 5] = [
    "lock",
    "serving.json",
    "first.json",
    "webview",
    "moved-from.json",
];
/// Lies in a new folder as long as it is not whole: what an end in the middle left is known by it.
const UNFINISHED: &str = "unfinished-move";
/// Says in the new folder where the data lay before.
const FROM: &str = "moved-from.json";
/// Bytes compared at once.
const PIECE: usize = 64 * 1024;
/// What has to stay free beside the copy, in bytes: the database grows while it is opened.
const SPARE: u64 = 64 * 1024 * 1024;
/// Old folders that may stand beside each other.
const MOST_OLD: u32 = 1_000;

/// Looks what moving the data comes to; nothing is changed.
pub fn plan(from: &Path, to: &Path) -> Plan {
    let bytes = size(from);
    let above = to.ancestors().find(|above| above.is_dir());
    let free = above.and_then(|above| fs4::available_space(above).ok());
    let hindrance = if !to.is_absolute() {
        Some(Hindrance::NotWhole)
    } else if is_inside(from, to) {
        Some(Hindrance::Inside)
    } else if !is_free(to) {
        Some(Hindrance::NotEmpty)
    } else if free.is_some_and(|free| free < bytes.saturating_add(SPARE)) {
        Some(Hindrance::TooSmall)
    } else {
        // The surest way to know whether something may be written there is to write something.
        let tried = above.map(tempfile::tempdir_in);
        tried
            .is_none_or(|tried| tried.is_err())
            .then_some(Hindrance::Closed)
    };
    Plan {
        bytes,
        free,
        network: folders::network(to),
        hindrance,
    }
}

/// Copies the data, opens it in its new place, and calls `switch`, from which on it counts. Where anything of that
/// fails, or `goes_on` says no, the old folder is as it was and the new one is cleared away.
pub async fn carry(
    boot: &Boot,
    from: &Path,
    to: &Path,
    goes_on: impl Fn() -> bool + Send + 'static,
    switch: impl FnOnce() -> io::Result<()>,
) -> Result<(), Failure> {
    let planned = plan(from, to);
    if let Some(hindrance) = planned.hindrance {
        return Err(Failure::new(format!(
            "{}: {}; nothing was moved",
            to.display(),
            hindrance.told()
        )));
    }
    let held = File::options().append(true).open(from.join("lock"))?;
    held.try_lock()
        .map_err(|error| Failure::new(format!("another ChatAI took the data folder: {error}")))?;
    let (old, new) = (from.to_path_buf(), to.to_path_buf());
    let copying = tokio::task::spawn_blocking(move || whole_copy(&old, &new, &goes_on));
    let mut carried = match copying.await {
        Ok(copied) => copied,
        Err(error) => Err(Failure::new(error.to_string())),
    };
    if carried.is_ok() {
        carried = opens(boot, to).await;
    }
    if carried.is_ok() {
        carried = switch().map_err(|error| {
            Failure::new(format!(
                "note that the data lies in {}: {error}",
                to.display()
            ))
        });
    }
    if let Err(failure) = carried {
        // Ours alone: it was empty before.
        let _ = fs::remove_dir_all(to);
        return Err(failure);
    }
    drop(held);
    Ok(())
}

/// Gives the old folder another name, so that no later start takes it for the data, and notes it in the new one.
pub fn set_aside(from: &Path, to: &Path) -> io::Result<PathBuf> {
    let mut names = (1..MOST_OLD).map(|number| match number {
        1 => with_ending(from, "moved"),
        _ => with_ending(from, &format!("moved-{number}")),
    });
    let aside = names
        .find(|name| !name.exists())
        .ok_or_else(|| io::Error::other("too many old folders stand there"))?;
    fs::rename(from, &aside)?;
    let note = serde_json::to_vec(&Note {
        folder: aside.clone(),
    })?;
    fs::write(to.join(FROM), note)?;
    Ok(aside)
}

/// Where the data lay before, while that folder is still there.
#[cfg(feature = "desktop")]
pub fn old(data: &Path) -> Option<PathBuf> {
    let note = fs::read(data.join(FROM)).ok()?;
    let note: Note = serde_json::from_slice(&note).ok()?;
    note.folder.is_dir().then_some(note.folder)
}

/// Copies what is not data but dear to the person at the window: their language, their look. That it cannot be had is
/// no failure.
#[cfg(feature = "desktop")]
pub fn carry_page_memory(from: &Path, to: &Path) {
    let (old, new) = (from.join("webview"), to.join("webview"));
    if old.is_dir()
        && let Err(error) = copied(&old, &new, &Copying::beside(&|| true))
    {
        tracing::warn!(%error, "what the page remembers was not taken along");
    }
}

/// The size of a folder with everything in it that is copied, in bytes.
pub fn size(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let sizes = entries.filter_map(Result::ok).map(|entry| {
        match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            true => size(&entry.path()),
            false => fs::metadata(entry.path()).map_or(0, |there| there.len()),
        }
    });
    sizes.sum()
}

#[derive(Serialize, Deserialize)]
struct Note {
    folder: PathBuf,
}

/// True for a folder that is not there, is empty, or holds what an unfinished move left.
fn is_free(to: &Path) -> bool {
    match fs::read_dir(to) {
        Ok(mut entries) => entries.next().is_none() || to.join(UNFINISHED).is_file(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// True where one lies inside the other, also by way of links.
fn is_inside(from: &Path, to: &Path) -> bool {
    let real = |path: &Path| {
        let there = path.ancestors().find(|above| above.exists())?;
        let rest = path.strip_prefix(there).ok()?;
        Some(there.canonicalize().ok()?.join(rest))
    };
    match (real(from), real(to)) {
        (Some(from), Some(to)) => to.starts_with(&from) || from.starts_with(&to),
        _ => true,
    }
}

fn whole_copy(from: &Path, to: &Path, goes_on: &dyn Fn() -> bool) -> Result<(), Failure> {
    let failed =
        |what: &str, error: &io::Error| Failure::new(format!("{what} {}: {error}", to.display()));
    if to.join(UNFINISHED).is_file() {
        fs::remove_dir_all(to).map_err(|error| failed("clear", &error))?;
    }
    private_folder(to).map_err(|error| failed("make", &error))?;
    let unfinished = to.join(UNFINISHED);
    fs::write(
        &unfinished,
        "ChatAI is copying its data here. If it was interrupted, the data is still where it was before, and this \
         folder can be deleted.\n",
    )
    .map_err(|error| failed("write into", &error))?;
    copied(from, to, &Copying::of_data(goes_on)).map_err(|error| failed("copy to", &error))?;
    fs::remove_file(&unfinished).map_err(|error| failed("finish", &error))?;
    // Not every system lets a folder be written through.
    let _ = File::open(to).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Opens the data in its new place and closes it again: it is whole, and its key fits.
async fn opens(boot: &Boot, to: &Path) -> Result<(), Failure> {
    let boot = Boot {
        data: Some(to.to_path_buf()),
        ..boot.clone()
    };
    Program::compose(&boot).await?.stop().await
}

/// How a folder is copied.
struct Copying<'a> {
    left_behind: &'a [&'a str],
    goes_on: &'a dyn Fn() -> bool,
}

impl<'a> Copying<'a> {
    fn of_data(goes_on: &'a dyn Fn() -> bool) -> Copying<'a> {
        Copying {
            left_behind: &LEFT_BEHIND,
            goes_on,
        }
    }

    /// Everything in it.
    fn beside(goes_on: &'a dyn Fn() -> bool) -> Copying<'a> {
        Copying {
            left_behind: &[],
            goes_on,
        }
    }
}

/// Copies a folder, writes it through to the disk and reads it back.
fn copied(from: &Path, to: &Path, how: &Copying<'_>) -> io::Result<()> {
    private_folder(to)?;
    let below = Copying::beside(how.goes_on);
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if how.left_behind.iter().any(|left| *left == name) {
            continue;
        }
        if !(how.goes_on)() {
            return Err(io::Error::new(
                io::ErrorKind::Interrupted,
                "it was asked to end",
            ));
        }
        let (old, new) = (entry.path(), to.join(&name));
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copied(&old, &new, &below)?;
        } else if kind.is_symlink() && old.is_dir() {
            linked(&old.canonicalize()?, &new)?;
        } else {
            copied_file(&old, &new)?;
        }
    }
    // Not every system lets a folder be written through.
    let _ = File::open(to).and_then(|folder| folder.sync_all());
    Ok(())
}

/// A folder that somebody linked into the data, as one of models on another disk, stays where it is.
#[cfg(unix)]
fn linked(target: &Path, new: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, new)
}

#[cfg(not(unix))]
fn linked(target: &Path, new: &Path) -> io::Result<()> {
    copied(target, new, &Copying::beside(&|| true))
}

fn copied_file(old: &Path, new: &Path) -> io::Result<()> {
    fs::copy(old, new)?;
    let written = File::options().append(true).open(new)?;
    if let Ok(changed) = fs::metadata(old)?.modified() {
        // Only what is shown of it; a disk that keeps no such times is no failure.
        let _ = written.set_modified(changed);
    }
    written.sync_all()?;
    match same(old, new)? {
        true => Ok(()),
        false => Err(io::Error::other(format!(
            "{} did not arrive as it was",
            old.display()
        ))),
    }
}

fn same(one: &Path, other: &Path) -> io::Result<bool> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut here, mut there) = (vec![0; PIECE], vec![0; PIECE]);
    loop {
        let length = one.read(&mut here)?;
        if length == 0 {
            return Ok(true);
        }
        other.read_exact(&mut there[..length])?;
        if here[..length] != there[..length] {
            return Ok(false);
        }
    }
}

/// The path with an ending, as `data.moved`.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn always() -> bool {
        true
    }

    fn data(place: &Path) -> PathBuf {
        let from = place.join("data");
        fs::create_dir_all(from.join("files/ab")).unwrap();
        fs::write(from.join("chatai.db"), "rows").unwrap();
        fs::write(from.join("files/ab/lock"), vec![7; 3 * PIECE + 1]).unwrap();
        fs::write(from.join("lock"), "12").unwrap();
        from
    }

    #[test]
    fn a_copy_holds_everything_but_what_is_made_anew() {
        let place = tempfile::tempdir().unwrap();
        let (from, to) = (data(place.path()), place.path().join("new"));
        whole_copy(&from, &to, &always).unwrap();
        assert!(same(&from.join("chatai.db"), &to.join("chatai.db")).unwrap());
        assert!(same(&from.join("files/ab/lock"), &to.join("files/ab/lock")).unwrap());
        assert!(!to.join("lock").exists());
        assert!(!to.join(UNFINISHED).exists());
        fs::write(to.join("chatai.db"), "rots").unwrap();
        assert!(!same(&from.join("chatai.db"), &to.join("chatai.db")).unwrap());
    }

    #[test]
    fn what_an_end_in_the_middle_left_is_known_and_the_next_move_begins_anew() {
        let place = tempfile::tempdir().unwrap();
        let (from, to) = (data(place.path()), place.path().join("new"));
        let steps = Cell::new(2);
        let two_steps = || {
            steps.set(steps.get() - 1);
            steps.get() >= 0
        };
        whole_copy(&from, &to, &two_steps).unwrap_err();
        assert!(to.join(UNFINISHED).exists(), "it says what it is");
        assert_eq!(fs::read(from.join("chatai.db")).unwrap(), b"rows");
        fs::write(to.join("half"), "").unwrap();
        assert_eq!(plan(&from, &to).hindrance, None);
        whole_copy(&from, &to, &always).unwrap();
        assert!(!to.join("half").exists() && to.join("chatai.db").exists());
    }

    #[test]
    fn a_folder_with_something_in_it_or_inside_the_data_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let from = data(place.path());
        let hindrance = |to: &Path| plan(&from, to).hindrance;
        assert_eq!(hindrance(&from.join("inside")), Some(Hindrance::Inside));
        assert_eq!(hindrance(place.path()), Some(Hindrance::Inside));
        assert_eq!(hindrance(Path::new("new")), Some(Hindrance::NotWhole));
        let full = place.path().join("full");
        fs::create_dir(&full).unwrap();
        assert_eq!(hindrance(&full), None, "it is empty");
        fs::write(full.join("letter.txt"), "").unwrap();
        assert_eq!(hindrance(&full), Some(Hindrance::NotEmpty));
        assert_eq!(hindrance(&place.path().join("not/yet/there")), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_hide_that_one_folder_lies_inside_the_other() {
        let place = tempfile::tempdir().unwrap();
        let from = data(place.path());
        std::os::unix::fs::symlink(&from, place.path().join("link")).unwrap();
        let inside = place.path().join("link/new");
        assert_eq!(plan(&from, &inside).hindrance, Some(Hindrance::Inside));
    }

    #[test]
    fn an_old_folder_never_takes_the_place_of_an_older_one_and_the_new_one_knows_it() {
        let place = tempfile::tempdir().unwrap();
        let to = place.path().join("new");
        fs::create_dir(&to).unwrap();
        let first = set_aside(&data(place.path()), &to).unwrap();
        assert_eq!(first, place.path().join("data.moved"));
        assert!(
            fs::read_to_string(to.join(FROM))
                .unwrap()
                .contains("data.moved")
        );
        let second = set_aside(&data(place.path()), &to).unwrap();
        assert_eq!(second, place.path().join("data.moved-2"));
        assert!(first.is_dir());
        #[cfg(feature = "desktop")]
        {
            assert_eq!(old(&to).as_ref(), Some(&second));
            fs::remove_dir_all(&second).unwrap();
            assert_eq!(old(&to), None, "it was deleted");
        }
    }
}
