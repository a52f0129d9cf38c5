//! The threads that compute vectors: a few that answer, and those that work when nothing else does.

use std::sync::LazyLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// Most threads of the background.
const MOST: usize = 8;

/// Somebody waits: two threads, whatever else goes on.
pub(super) static FOREGROUND: LazyLock<ThreadPool> =
    LazyLock::new(|| pool("embed-now", cores().min(2), || ()));

/// Nobody waits. Where the system can put threads last, one for each core, and whoever has something to do
/// takes the core away at once; elsewhere a core is left to the program.
pub(super) static BACKGROUND: LazyLock<ThreadPool> = LazyLock::new(|| {
    let left = match cfg!(target_os = "linux") {
        true => 0,
        false => 1,
    };
    let threads = cores().saturating_sub(left).clamp(1, MOST);
    pool("embed-later", threads, go_last)
});

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn pool(name: &'static str, threads: usize, begin: fn()) -> ThreadPool {
    ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(move |number| format!("{name}-{number}"))
        .start_handler(move |_| begin())
        .build()
        .expect("the system gives a program a few threads")
}

/// The calling thread runs when no other wants to. On Linux a thread has a niceness of its own (setpriority(2),
/// "C library/kernel differences").
#[cfg(target_os = "linux")]
fn go_last() {
    const LAST: i32 = 19;
    if let Err(error) = rustix::process::setpriority_process(None, LAST) {
        tracing::warn!(%error, "the threads for vectors run beside all others, not after them");
    }
}

#[cfg(not(target_os = "linux"))]
fn go_last() {}
