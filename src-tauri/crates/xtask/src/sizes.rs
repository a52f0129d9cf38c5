//! No file grows beyond what a person reads: 800 lines of Rust, 400 of TSX (style.md).

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::metadata::root;

const MOST: &[(&str, usize)] = &[("rs", 800), ("tsx", 400)];
/// Folders that hold nothing written by hand.
const SKIPPED: &[&str] = &["target", "node_modules", "dist", ".git", "gen"];

/// Checks all our sources; the error names those that are too long.
pub fn check() -> Result<()> {
    let mut wrong = Vec::new();
    for file in sources()? {
        let most = MOST.iter().find(|(ending, _)| has_ending(&file, ending));
        let Some((_, most)) = most else { continue };
        let lines = fs::read_to_string(&file)?.lines().count();
        if lines > *most {
            wrong.push(format!("{}: {lines} lines, {most} at most", file.display()));
        }
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(wrong.join("\n").into()),
    }
}

/// Every Rust and TypeScript file of ours.
pub fn sources() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for top in ["src-tauri", "ui"] {
        collect(&root().join(top), &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let skipped = SKIPPED.iter().any(|name| entry.file_name() == *name);
        if entry.file_type()?.is_dir() {
            if !skipped {
                collect(&path, found)?;
            }
        } else if ["rs", "ts", "tsx"]
            .iter()
            .any(|ending| has_ending(&path, ending))
        {
            found.push(path);
        }
    }
    Ok(())
}

fn has_ending(file: &Path, ending: &str) -> bool {
    file.extension().is_some_and(|found| found == ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_is_longer_than_a_person_reads() {
        check().unwrap();
    }
}
