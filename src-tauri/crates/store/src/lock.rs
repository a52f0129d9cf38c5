//! One instance for one data folder: an operating system's lock, freed by the kernel when the process dies.

use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use crate::error::StoreError;
use crate::open::private_file;

/// Takes the lock of a data folder and writes this process's id into it; `Locked` when another one has it.
pub(crate) fn take(data: &Path) -> Result<File, StoreError> {
    let mut file = private_file()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(data.join("lock"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            // Where locks are mandatory the holder's id cannot be read: 0.
            let read = file.read_to_string(&mut text);
            let pid = read.ok().and_then(|_| text.trim().parse().ok());
            return Err(StoreError::Locked {
                pid: pid.unwrap_or(0),
            });
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    let noted = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| write!(file, "{}", std::process::id()));
    if let Err(error) = noted {
        // A full disk: the lock holds all the same, only nobody is told by whom.
        tracing::warn!(%error, "the lock could not be signed");
    }
    Ok(file)
}
