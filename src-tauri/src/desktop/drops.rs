//! Files that were dropped on the window. Under Linux the page is shown none of them (WebKitGTK, CVE-2025-13947): the
//! window tells it their names and a ticket for each, and the page fetches them as what a browser would have given it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::cli;
use crate::exit::Failure;

/// Files that are taken in from outside the page at once.
pub const MOST_FILES: usize = 1_000;

/// What was dropped last and is not fetched yet.
#[derive(Default)]
pub struct Dropped(Mutex<HashMap<String, PathBuf>>);

/// A file, as the page is told of it.
#[derive(Debug, Serialize)]
pub struct Told {
    /// Its name without its folder.
    name: String,
    /// What it is fetched with, once.
    ticket: String,
}

impl Dropped {
    /// Notes what these paths mean, in the place of what was noted before. Reads folders.
    ///
    /// # Errors
    /// There is no file, a folder cannot be read, or there are more than [`MOST_FILES`].
    pub fn note(&self, paths: &[PathBuf]) -> Result<Vec<Told>, Failure> {
        let files = files(paths)?;
        let tickets: Vec<String> = files.iter().map(|_| ticket()).collect::<Result<_, _>>()?;
        let told = files.iter().zip(&tickets).map(|(file, ticket)| Told {
            name: file
                .file_name()
                .unwrap_or(file.as_os_str())
                .to_string_lossy()
                .into_owned(),
            ticket: ticket.clone(),
        });
        let told = told.collect();
        *self.held() = tickets.into_iter().zip(files).collect();
        Ok(told)
    }

    /// The file of a ticket, which is spent with that.
    pub fn fetch(&self, ticket: &str) -> Option<PathBuf> {
        self.held().remove(ticket)
    }

    fn held(&self) -> MutexGuard<'_, HashMap<String, PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The files meant by paths from outside the page, at most [`MOST_FILES`].
///
/// # Errors
/// There is no file, a folder cannot be read, or there are more.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let files = cli::files_in(paths)?;
    match files.len() > MOST_FILES {
        true => Err(Failure::new(format!(
            "{} files are too many at once; at most {MOST_FILES}",
            files.len()
        ))),
        false => Ok(files),
    }
}

/// 128 random bits, as hexadecimal digits.
fn ticket() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(format!("no random bytes: {error}")))?;
    Ok(format!("{:032x}", u128::from_le_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_for_one_file_once_and_until_the_next_drop() {
        let folder = tempfile::tempdir().unwrap();
        let (price, list) = (
            folder.path().join("price.txt"),
            folder.path().join("list.txt"),
        );
        std::fs::write(&price, "5").unwrap();
        std::fs::write(&list, "x").unwrap();
        let dropped = Dropped::default();

        let told = dropped.note(&[folder.path().to_path_buf()]).unwrap();
        let names: Vec<&str> = told.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["list.txt", "price.txt"]);
        assert_eq!(dropped.fetch(&told[1].ticket), Some(price.clone()));
        assert_eq!(dropped.fetch(&told[1].ticket), None, "it is spent");
        assert_eq!(dropped.fetch(""), None);

        let again = dropped.note(&[price]).unwrap();
        assert_eq!(dropped.fetch(&told[0].ticket), None, "another drop came");
        assert_ne!(again[0].ticket, told[1].ticket);
        assert!(dropped.note(&[folder.path().join("gone")]).is_err());
    }
}
