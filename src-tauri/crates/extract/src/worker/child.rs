//! The child's side: read a request, read the document, answer, again, until the parent closes the pipe.

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::time::Duration;

use domain::document::ReadFailure;
use domain::sound::Sound;

use crate::limits;
use crate::sound::sound;
use crate::worker::frame::{self, Reply, Request, Wanted};
use crate::worker::jail;
use crate::{Extracted, read};

/// Blocks of about this many bytes go into one frame.
const BATCH_BYTES: usize = 1 << 20;
/// So many numbers of a sound go into one frame.
const BATCH_NUMBERS: usize = 1 << 16;

/// The child's `main`: locks itself in, then answers framed requests from standard input on standard output.
///
/// Nothing else may have been set up in this process before: the less there is in it, the less a hostile file
/// can reach. Fails closed: where the lock cannot be put on (Linux only has one), nothing is read.
pub fn work() -> ExitCode {
    // A parser's panic is an answer, not something to print.
    std::panic::set_hook(Box::new(|_| {}));
    if jail::lock().is_err() {
        return ExitCode::from(3);
    }
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    loop {
        match answer(&mut input, &mut output) {
            Ok(true) => {}
            Ok(false) => return ExitCode::SUCCESS,
            Err(_) => return ExitCode::from(4),
        }
    }
}

/// One document or recording; false when there are no more.
fn answer(input: &mut impl Read, output: &mut impl Write) -> io::Result<bool> {
    let Some(request) = frame::read::<Request>(input)? else {
        return Ok(false);
    };
    if request.size > limits::FILE_BYTES {
        frame::write(output, &Reply::Failed(ReadFailure::TooLarge))?;
        return Ok(false);
    }
    let mut bytes = vec![0; request.size as usize];
    input.read_exact(&mut bytes)?;
    let failed = match request.wanted {
        Wanted::Text { name } => read_text(bytes, &name, output)?,
        Wanted::Sound { most_seconds } => match sound(bytes, Duration::from_secs(most_seconds)) {
            Ok(sound) => send_sound(&sound, output).map(|()| None)?,
            Err(failure) => Some(failure),
        },
    };
    if let Some(failure) = failed {
        frame::write(output, &Reply::Failed(failure))?;
    }
    // After a panic a fresh process takes over.
    Ok(failed != Some(ReadFailure::ReaderStopped))
}

/// Reads a document and sends what it holds; why it could not be read, where it could not.
fn read_text(
    bytes: Vec<u8>,
    name: &str,
    output: &mut impl Write,
) -> io::Result<Option<ReadFailure>> {
    let mut broken = Ok(());
    let read = read(&bytes, name, &mut |done, total| {
        if broken.is_ok() {
            broken = frame::write(output, &Reply::Progress { done, total });
        }
    });
    broken?;
    drop(bytes);
    match read {
        Ok(extracted) => send(extracted, output).map(|()| None),
        Err(failure) => Ok(Some(failure)),
    }
}

fn send_sound(sound: &Sound, output: &mut impl Write) -> io::Result<()> {
    for batch in sound.samples.chunks(BATCH_NUMBERS) {
        frame::write(output, &Reply::Sound(batch.to_vec()))?;
    }
    frame::write(output, &Reply::Heard)
}

fn send(extracted: Extracted, output: &mut impl Write) -> io::Result<()> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    for block in extracted.blocks {
        bytes += block.text.len() * 2 + 200;
        batch.push(block);
        if bytes > BATCH_BYTES {
            frame::write(output, &Reply::Blocks(std::mem::take(&mut batch)))?;
            bytes = 0;
        }
    }
    frame::write(output, &Reply::Blocks(batch))?;
    let Extracted {
        title,
        media_type,
        report,
        ..
    } = extracted;
    frame::write(
        output,
        &Reply::Done {
            title,
            media_type,
            report,
        },
    )
}
