//! `chatai move-data`: the data folder in another place, whole or not at all.
//!
//! On the same disk the folder is renamed. Onto another one it is copied beside its new place, every file is read
//! back and compared, and only then takes the place; the old folder stays under another name until a person deletes
//! it. Nothing is lost by an end at any moment.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::boot::{Boot, private_folder};
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::folders::{self, Why};

/// What stays behind: it is made anew where it is missing.
const LEFT_BEHIND: [&str; 4] = ["lock", "serving.json", "first.json", "webview"];
/// Bytes compared at once.
const PIECE: usize = 64 * 1024;

#[derive(Debug, Args)]
pub struct MoveData {
    /// The new data folder: not there yet, or empty
    #[arg(value_name = "DIR")]
    to: PathBuf,
}

impl MoveData {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let from = boot.data_folder()?;
        let to = std::path::absolute(&self.to)?;
        if !from.path.is_dir() {
            return Err(Failure::new(format!(
                "there is no data in {}",
                from.path.display()
            )));
        }
        fit(&from.path, &to)?;
        // It opens only when nothing else runs on it, and closes with everything written.
        Program::compose(boot)?.stop().await?;
        let held = File::options().append(true).open(from.path.join("lock"))?;
        held.try_lock().map_err(|error| {
            Failure::new(format!("another ChatAI took the data folder: {error}"))
        })?;
        let aside = moved(&from.path, &to)?;
        drop(held);
        let opened = Program::compose(&Boot {
            data: Some(to.clone()),
            ..boot.clone()
        });
        opened?.stop().await?;
        println!("the data lies in {} now", to.display());
        match from.why {
            Why::Told => println!("say so at the next start: --data {}", to.display()),
            Why::Portable => println!(
                "it is no longer beside the program: say so at the next start, --data {}",
                to.display()
            ),
            Why::Moved | Why::Usual => {
                folders::note_moved(&to).map_err(|error| {
                    Failure::new(format!(
                        "note that the data lies in {} (say --data until then): {error}",
                        to.display()
                    ))
                })?;
                println!("later starts find it there");
            }
        }
        if let Some(aside) = aside {
            println!(
                "the old folder is {} now; delete it when you have seen that all is well",
                aside.display()
            );
        }
        Ok(Ending::Done)
    }
}

/// Refuses a place that cannot hold the data.
fn fit(from: &Path, to: &Path) -> Result<(), Failure> {
    if to.starts_with(from) || from.starts_with(to) {
        return Err(Failure::new("one folder lies inside the other"));
    }
    let is_free = match fs::read_dir(to) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    if !is_free {
        return Err(Failure::new(format!(
            "{} is no empty folder: nothing was moved",
            to.display()
        )));
    }
    match folders::network(to) {
        None => Ok(()),
        Some(kind) => Err(Failure::new(format!(
            "{} lies on another computer ({kind}), where a break of the network can damage the data: nothing was moved",
            to.display()
        ))),
    }
}

/// Moves the folder. When it had to be copied, says what the old one is called now.
fn moved(from: &Path, to: &Path) -> Result<Option<PathBuf>, Failure> {
    let beside = with_ending(to, "moving");
    let failed = |what: &str, path: &Path, error: &io::Error| {
        Failure::new(format!("{what} {}: {error}", path.display()))
    };
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent).map_err(|error| failed("make", parent, &error))?;
    }
    if to.exists() {
        fs::remove_dir(to).map_err(|error| failed("take the place of", to, &error))?;
    }
    if fs::rename(from, to).is_ok() {
        return Ok(None);
    }
    // What an attempt that was broken off left.
    if beside.exists() {
        fs::remove_dir_all(&beside).map_err(|error| failed("clear", &beside, &error))?;
    }
    copied(from, &beside, true).map_err(|error| failed("copy to", &beside, &error))?;
    fs::rename(&beside, to).map_err(|error| failed("put in its place", to, &error))?;
    let aside = with_ending(from, "moved");
    fs::rename(from, &aside).map_err(|error| failed("set aside", from, &error))?;
    Ok(Some(aside))
}

/// Copies a folder, writes it through to the disk and reads it back.
fn copied(from: &Path, to: &Path, is_top: bool) -> io::Result<()> {
    private_folder(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if is_top && LEFT_BEHIND.iter().any(|left| *left == name) {
            continue;
        }
        let (old, new) = (entry.path(), to.join(&name));
        if entry.file_type()?.is_dir() {
            copied(&old, &new, false)?;
            continue;
        }
        fs::copy(&old, &new)?;
        File::open(&new)?.sync_all()?;
        if !same(&old, &new)? {
            return Err(io::Error::other(format!(
                "{} did not arrive as it was",
                old.display()
            )));
        }
    }
    // Not every system lets a folder be written through.
    let _ = File::open(to).and_then(|folder| folder.sync_all());
    Ok(())
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
    use super::*;

    #[test]
    fn a_copy_holds_everything_but_what_is_made_anew() {
        let place = tempfile::tempdir().unwrap();
        let from = place.path().join("data");
        fs::create_dir_all(from.join("files/ab")).unwrap();
        fs::write(from.join("chatai.db"), "rows").unwrap();
        fs::write(from.join("files/ab/lock"), vec![7; 3 * PIECE + 1]).unwrap();
        fs::write(from.join("lock"), "12").unwrap();
        let to = place.path().join("new");
        copied(&from, &to, true).unwrap();
        assert!(same(&from.join("chatai.db"), &to.join("chatai.db")).unwrap());
        assert!(same(&from.join("files/ab/lock"), &to.join("files/ab/lock")).unwrap());
        assert!(!to.join("lock").exists());
        fs::write(to.join("chatai.db"), "rots").unwrap();
        assert!(!same(&from.join("chatai.db"), &to.join("chatai.db")).unwrap());
    }

    #[test]
    fn a_folder_with_something_in_it_or_inside_the_data_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let from = place.path().join("data");
        fs::create_dir_all(&from).unwrap();
        assert!(fit(&from, &from.join("inside")).is_err());
        assert!(fit(&from, place.path()).is_err());
        let full = place.path().join("full");
        fs::create_dir(&full).unwrap();
        assert!(fit(&from, &full).is_ok(), "it is empty");
        fs::write(full.join("letter.txt"), "").unwrap();
        assert!(fit(&from, &full).is_err());
        assert!(fit(&from, &place.path().join("new")).is_ok());
    }
}
