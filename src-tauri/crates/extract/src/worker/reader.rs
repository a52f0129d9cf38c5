//! The parent's side: a bounded pool of child processes, each killed when a document takes too long.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use domain::document::{Block, ReadFailure};
use domain::sound::{RATE, Sound};

use crate::Extracted;
use crate::limits;
use crate::worker::frame::{self, Reply, Request, Wanted};

/// A child is replaced after this many documents, so that nothing piles up in it.
const DOCUMENTS: u32 = 100;
/// Frames that may wait for the parent before the child has to.
const WAITING_FRAMES: usize = 4;
/// Variables that a child needs to start at all; all others (keys, tokens, proxies) are kept from it.
const VARIABLES: [&str; 3] = ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot"];

/// How documents are read.
#[derive(Debug, Clone)]
pub struct ReaderConfig {
    /// The program that calls [`crate::work`]: usually this same one.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Most children, and so most documents read at a time; at least 1.
    pub workers: usize,
    /// Longest time for one document; then its child is killed. Usually 60 s.
    pub timeout: Duration,
}

/// Reads documents and recordings in child processes. Shared by reference between threads.
pub struct Reader {
    config: ReaderConfig,
    pool: Mutex<Pool>,
    freed: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Worker>,
    /// Documents that are being read.
    documents: usize,
    /// Recordings that are being decoded: somebody waits for an answer, so they have a place of their own.
    recordings: usize,
}

/// What a child is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Document,
    Recording,
}

impl Reader {
    /// A reader without children yet: they start with the first documents.
    pub fn new(config: ReaderConfig) -> Reader {
        Reader {
            config,
            pool: Mutex::new(Pool::default()),
            freed: Condvar::new(),
        }
    }

    /// Reads a document; waits for a free child first. Blocks the calling thread.
    ///
    /// # Errors
    /// The [`ReadFailure`] to show: [`ReadFailure::TooSlow`] when it was killed,
    /// [`ReadFailure::ReaderStopped`] when the child crashed, ran out of memory or could not be started.
    pub fn read(
        &self,
        file: &Path,
        name: &str,
        progress: &mut dyn FnMut(u32, u32),
    ) -> Result<Extracted, ReadFailure> {
        let name = name.to_owned();
        self.ask(
            file,
            Work::Document,
            Wanted::Text { name },
            |replies, deadline| receive(replies, deadline, progress),
        )
    }

    /// Decodes a recording; waits for the one before it first. Blocks the calling thread.
    ///
    /// # Errors
    /// `Unsupported`, `Damaged` or `Empty` for what is no recording, `TooLarge` when it is longer than `most`, which
    /// counts in whole seconds; `TooSlow` and `ReaderStopped` as in [`Reader::read`].
    pub fn sound(&self, file: &Path, most: Duration) -> Result<Sound, ReadFailure> {
        let most_seconds = most.as_secs();
        let wanted = Wanted::Sound { most_seconds };
        self.ask(file, Work::Recording, wanted, |replies, deadline| {
            // One batch more than an honest child sends at most.
            let most = (most_seconds + 1).saturating_mul(u64::from(RATE));
            receive_sound(
                replies,
                deadline,
                usize::try_from(most).unwrap_or(usize::MAX),
            )
        })
    }

    fn ask<T>(
        &self,
        file: &Path,
        work: Work,
        wanted: Wanted,
        receive: impl FnOnce(&Receiver<io::Result<Reply>>, Instant) -> Result<T, ReadFailure>,
    ) -> Result<T, ReadFailure> {
        let opened = File::open(file).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (size, mut file) = opened.map_err(|error| {
            tracing::error!(%error, "cannot open a stored file");
            ReadFailure::ReaderStopped
        })?;
        if size > limits::FILE_BYTES {
            return Err(ReadFailure::TooLarge);
        }
        let place = self.take_place(work);
        let mut worker = match place.idle_worker() {
            Some(worker) => worker,
            None => Worker::start(&self.config).map_err(|error| {
                tracing::error!(%error, "cannot start the reader of documents");
                ReadFailure::ReaderStopped
            })?,
        };
        let request = Request { wanted, size };
        let read = worker.read(&request, &mut file, self.config.timeout, receive);
        // Dropped when it may not be used again, which kills it.
        if worker.usable && worker.served < DOCUMENTS {
            place.give_back(worker);
        }
        read
    }

    /// Sends the idle children away and frees their memory; the next document starts a new one.
    pub fn rest(&self) {
        let idle = std::mem::take(&mut self.lock().idle);
        drop(idle);
    }

    fn take_place(&self, work: Work) -> Place<'_> {
        let most = match work {
            Work::Document => self.config.workers.max(1),
            Work::Recording => 1,
        };
        let mut pool = self.lock();
        while *pool.busy(work) >= most {
            pool = self
                .freed
                .wait(pool)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *pool.busy(work) += 1;
        Place { reader: self, work }
    }

    fn lock(&self) -> MutexGuard<'_, Pool> {
        // Nothing is left half-done in the pool by a panic: its fields change in single steps.
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pool {
    fn busy(&mut self, work: Work) -> &mut usize {
        match work {
            Work::Document => &mut self.documents,
            Work::Recording => &mut self.recordings,
        }
    }
}

/// The right to use one child; given back when dropped.
struct Place<'r> {
    reader: &'r Reader,
    work: Work,
}

impl Place<'_> {
    fn idle_worker(&self) -> Option<Worker> {
        self.reader.lock().idle.pop()
    }

    fn give_back(&self, worker: Worker) {
        self.reader.lock().idle.push(worker);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.reader.lock().busy(self.work) -= 1;
        // Those who wait for the other kind of place go on waiting.
        self.reader.freed.notify_all();
    }
}

/// One child process, and the thread that takes its frames off the pipe.
struct Worker {
    child: Child,
    input: ChildStdin,
    replies: Receiver<io::Result<Reply>>,
    served: u32,
    usable: bool,
}

impl Worker {
    fn start(config: &ReaderConfig) -> io::Result<Worker> {
        let mut command = Command::new(&config.program);
        command
            .args(&config.arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        for name in VARIABLES {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        let mut child = command.spawn()?;
        let (Some(input), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("child without pipes"));
        };
        let (send, replies) = sync_channel(WAITING_FRAMES);
        // Ends with the child, whose pipe closes, or with the worker, whose receiver goes.
        thread::Builder::new()
            .name("document-reader".to_owned())
            .spawn(move || {
                while let Some(reply) = frame::read::<Reply>(&mut output).transpose() {
                    let failed = reply.is_err();
                    if send.send(reply).is_err() || failed {
                        return;
                    }
                }
            })?;
        Ok(Worker {
            child,
            input,
            replies,
            served: 0,
            usable: false,
        })
    }

    fn read<T>(
        &mut self,
        request: &Request,
        file: &mut File,
        timeout: Duration,
        receive: impl FnOnce(&Receiver<io::Result<Reply>>, Instant) -> Result<T, ReadFailure>,
    ) -> Result<T, ReadFailure> {
        self.usable = false;
        self.served += 1;
        let deadline = Instant::now() + timeout;
        let Worker {
            child,
            input,
            replies,
            ..
        } = self;
        let read = thread::scope(|scope| {
            // A child that hangs before it has taken the whole file must not hang the parent too: a
            // thread writes, and a killed child ends the writing by a broken pipe.
            scope.spawn(|| {
                let written = frame::write(input, request)
                    .and_then(|()| io::copy(&mut file.take(request.size), input))
                    .and_then(|_| input.flush());
                // The missing reply tells the rest.
                if let Err(error) = written {
                    tracing::debug!(%error, "a reader of documents stopped taking its file");
                }
            });
            let read = receive(replies, deadline);
            if matches!(read, Err(ReadFailure::TooSlow | ReadFailure::ReaderStopped)) {
                kill(child);
            }
            read
        });
        self.usable = !matches!(
            read,
            Err(ReadFailure::TooSlow | ReadFailure::ReaderStopped | ReadFailure::TooLarge)
        );
        read
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        kill(&mut self.child);
    }
}

fn kill(child: &mut Child) {
    // Fails only when it has ended already; waiting then takes its remains away.
    child.kill().ok();
    child.wait().ok();
}

fn receive(
    replies: &Receiver<io::Result<Reply>>,
    deadline: Instant,
    progress: &mut dyn FnMut(u32, u32),
) -> Result<Extracted, ReadFailure> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut bytes = 0;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match replies.recv_timeout(left) {
            Ok(Ok(Reply::Progress { done, total })) => progress(done, total),
            Ok(Ok(Reply::Blocks(more))) => {
                bytes += more.iter().map(|block| block.text.len()).sum::<usize>();
                // More than an honest child sends: it does not keep to the limits itself any more.
                if bytes > limits::BLOCK_BYTES {
                    return Err(ReadFailure::ReaderStopped);
                }
                // Exactly: twice as much room as is needed would count as growth.
                blocks.reserve_exact(more.len());
                blocks.extend(more);
            }
            Ok(Ok(Reply::Done {
                title,
                media_type,
                report,
            })) => {
                return Ok(Extracted {
                    title,
                    media_type,
                    blocks,
                    report,
                });
            }
            Ok(Ok(Reply::Failed(failure))) => return Err(failure),
            // A sound was not asked for.
            Ok(Ok(Reply::Sound(_) | Reply::Heard)) => return Err(ReadFailure::ReaderStopped),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => {
                return Err(ReadFailure::ReaderStopped);
            }
            Err(RecvTimeoutError::Timeout) => return Err(ReadFailure::TooSlow),
        }
    }
}

/// The sound of a recording, of at most so many numbers.
fn receive_sound(
    replies: &Receiver<io::Result<Reply>>,
    deadline: Instant,
    most: usize,
) -> Result<Sound, ReadFailure> {
    let mut sound = Sound::default();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        match replies.recv_timeout(left) {
            Ok(Ok(Reply::Sound(more))) if sound.samples.len() + more.len() <= most => {
                sound.samples.extend(more);
            }
            Ok(Ok(Reply::Heard)) => return Ok(sound),
            Ok(Ok(Reply::Failed(failure))) => return Err(failure),
            Ok(Ok(_) | Err(_)) | Err(RecvTimeoutError::Disconnected) => {
                return Err(ReadFailure::ReaderStopped);
            }
            Err(RecvTimeoutError::Timeout) => return Err(ReadFailure::TooSlow),
        }
    }
}
