//! Archives: each file in them under its name, as one document.

use domain::document::{ReadFailure, ReadNote, UnreadFile};

use crate::Extracted;
use crate::blocks::Builder;
use crate::format::{Format, Progress};
use crate::limits::{self, Inside};
use crate::package::Package;

/// Reads a zip archive.
pub(crate) fn read(
    bytes: &[u8],
    builder: &mut Builder,
    progress: Progress<'_>,
    inside: &mut Inside,
) -> Result<(), ReadFailure> {
    let mut package = Package::open(bytes)?;
    let mut names = package.names();
    names.retain(|name| is_of_interest(name));
    names.sort();
    if names.len() > limits::INNER_FILES {
        builder.note(ReadNote::CutAtLimit);
        names.truncate(limits::INNER_FILES);
    }
    let total = u32::try_from(names.len()).unwrap_or(u32::MAX);
    for (number, name) in (0..).zip(&names) {
        progress(number, total);
        if builder.is_full() {
            break;
        }
        if let Some(contents) = package.part(name)? {
            add_inner(name, &contents, builder, inside);
        }
    }
    progress(total, total);
    Ok(())
}

/// Adds a file that lies in another one: its name as a heading, then what it says. One that cannot be read is
/// named and noted; it does not lose the others.
pub(crate) fn add_inner(name: &str, bytes: &[u8], builder: &mut Builder, inside: &mut Inside) {
    let shown = shown(name);
    builder.report.files = builder.report.files.saturating_add(1);
    match read_inner(name, bytes, inside) {
        Ok(mut inner) => {
            for file in &mut inner.report.unread {
                file.name = format!("{shown} / {}", file.name);
            }
            builder.heading(1, &shown);
            builder.append(inner);
        }
        Err(ReadFailure::Empty) => {}
        Err(cause) => {
            builder.item(&shown);
            builder.unread(UnreadFile { name: shown, cause });
        }
    }
}

fn read_inner(name: &str, bytes: &[u8], inside: &mut Inside) -> Result<Extracted, ReadFailure> {
    if inside.depth >= limits::INNER_DEPTH {
        return Err(ReadFailure::Unsupported);
    }
    let format = Format::find_out(bytes, name)?;
    if format == Format::Zip && inside.depth >= limits::ARCHIVE_DEPTH {
        return Err(ReadFailure::Unsupported);
    }
    let unpacked = Package::open(bytes).map_or(0, |package| package.unpacked());
    if !inside.take(unpacked.saturating_add(bytes.len() as u64)) {
        return Err(ReadFailure::TooLarge);
    }
    inside.depth += 1;
    let read = format.read_within(bytes, &mut |_, _| {}, inside);
    inside.depth -= 1;
    read
}

/// What systems put into archives beside the files of people.
fn is_of_interest(name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    !name.starts_with("__MACOSX/") && !last.starts_with('.') && last != "Thumbs.db"
}

/// The name as it is shown: names lead nowhere, but nobody needs to see `../../etc/passwd`.
fn shown(name: &str) -> String {
    let parts = name
        .split(['/', '\\'])
        .filter(|part| !matches!(*part, "" | "." | ".."));
    parts.collect::<Vec<_>>().join(" / ")
}
