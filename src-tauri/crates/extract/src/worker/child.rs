//! The child's side: read a request, read the document, answer, again, until the parent closes the pipe.

use std::io::{self, Read, Write};
use std::process::ExitCode;

use domain::document::ReadFailure;

use crate::limits;
use crate::worker::frame::{self, Reply, Request};
use crate::worker::jail;
use crate::{Extracted, read};

/// Blocks of about this many bytes go into one frame.
const BATCH_BYTES: usize = 1 << 20;

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

/// One document; false when there are no more.
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
    let mut broken = Ok(());
    let read = read(&bytes, &request.name, &mut |done, total| {
        if broken.is_ok() {
            broken = frame::write(output, &Reply::Progress { done, total });
        }
    });
    broken?;
    drop(bytes);
    match read {
        Ok(extracted) => send(extracted, output)?,
        Err(failure) => {
            frame::write(output, &Reply::Failed(failure))?;
            // After a panic a fresh process takes over.
            return Ok(failure != ReadFailure::ReaderStopped);
        }
    }
    Ok(true)
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
