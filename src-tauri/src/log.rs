//! What the program says about itself: on standard error, or as the system's journal wants it, into a file that is
//! turned over before it grows large, and into the memory behind the page that shows it.
//!
//! Not here: what is logged, and how much (`Boot`).

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, OnceLock};

use app::clock::{Clock, SystemClock};
use app::log::{self, Log, LogPlace};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

/// Bytes of a file before the next one is begun.
const MOST: u64 = 4 * 1024 * 1024;
/// Old files that are kept beside the one that is written.
const KEPT: usize = 4;

/// The last lines, for the page that shows them.
static SAID: LazyLock<Log> = LazyLock::new(Log::default);
/// Where else they go, once something logs.
static PLACE: OnceLock<LogPlace> = OnceLock::new();

/// Our own rooms. Only what they say is kept for the page: it is known to hold no texts of customers and no keys.
const OURS: [&str; 12] = [
    "api", "app", "botapi", "chatai", "engine", "extract", "intake", "mail", "net", "search",
    "store", "telegram",
];

/// The last lines that our own rooms said, shared with whoever shows them.
pub fn kept() -> Log {
    SAID.clone()
}

/// Where else what is said goes.
pub fn place() -> LogPlace {
    PLACE.get().cloned().unwrap_or(LogPlace::Terminal)
}

/// Begins to log what `filter` lets through, to standard error and to `file`.
///
/// # Errors
/// The file cannot be opened, or something logs already.
pub fn start(filter: EnvFilter, file: Option<&Path>) -> io::Result<()> {
    let elsewhere = match file {
        Some(file) => LogPlace::File(std::path::absolute(file)?),
        None if is_journal() => LogPlace::Journal,
        None => LogPlace::Terminal,
    };
    let journal = is_journal().then(|| {
        tracing_subscriber::fmt::layer()
            .event_format(Journal)
            .with_ansi(false)
            .with_writer(io::stderr)
            .boxed()
    });
    let terminal = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_target(false);
    let file = match file {
        None => None,
        Some(path) => Some(
            tracing_subscriber::fmt::layer()
                .with_writer(Mutex::new(Rotating::open(path, MOST)?))
                .with_target(false)
                .with_ansi(false),
        ),
    };
    tracing_subscriber::registry()
        .with(filter)
        .with(journal.unwrap_or_else(|| terminal.boxed()))
        .with(file)
        .with(Keeping(kept()))
        .try_init()
        .map_err(io::Error::other)?;
    // Whoever was the first to log has said where: it cannot be begun twice.
    let _ = PLACE.set(elsewhere);
    Ok(())
}

/// Keeps the last lines of our own rooms in memory.
struct Keeping(Log);

impl<S: Subscriber> Layer<S> for Keeping {
    fn on_event(&self, event: &Event<'_>, _ctx: Context<'_, S>) {
        let metadata = event.metadata();
        let room = metadata.target().split("::").next().unwrap_or_default();
        if !OURS.contains(&room) {
            return;
        }
        let level = match *metadata.level() {
            Level::ERROR => log::Level::Error,
            Level::WARN => log::Level::Warn,
            Level::INFO => log::Level::Info,
            _ => log::Level::Debug,
        };
        let mut said = Sentence::default();
        event.record(&mut said);
        let text = said.sentence + &said.values;
        self.0
            .say(SystemClock.now(), level, metadata.target(), &text);
    }
}

/// An event as one line: the sentence, then its values.
#[derive(Default)]
struct Sentence {
    sentence: String,
    values: String,
}

impl Visit for Sentence {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "message" => self.sentence = format!("{value:?}"),
            name => self.values.push_str(&format!(" {name}={value:?}")),
        }
    }
}

/// True when standard error leads to the system's journal.
fn is_journal() -> bool {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt;
        let told = std::env::var("JOURNAL_STREAM").unwrap_or_default();
        let stream = fs::metadata("/proc/self/fd/2");
        stream.is_ok_and(|stream| told == format!("{}:{}", stream.dev(), stream.ino()))
    }
    #[cfg(not(target_os = "linux"))]
    false
}

/// As the journal wants it: the urgency in front (`sd-daemon(3)`), no time, which it knows itself.
struct Journal;

impl<S, N> FormatEvent<S, N> for Journal
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    N: for<'fields> FormatFields<'fields> + 'static,
{
    fn format_event(
        &self,
        ctx: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        write!(writer, "<{}>", urgency(*event.metadata().level()))?;
        ctx.field_format().format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}

/// The syslog level: 3 error, 4 warning, 6 information, 7 everything below.
fn urgency(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        _ => 7,
    }
}

/// A file that only its owner may read. Before it outgrows its limit it becomes `NAME.1`, that one `NAME.2`, and so
/// on; the oldest goes.
pub struct Rotating {
    path: PathBuf,
    file: File,
    written: u64,
    most: u64,
}

impl Rotating {
    /// Opens the file for more lines, with its folder.
    fn open(path: &Path, most: u64) -> io::Result<Rotating> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = private(path)?;
        let written = file.metadata()?.len();
        Ok(Rotating {
            path: path.to_path_buf(),
            file,
            written,
            most,
        })
    }

    fn turn_over(&mut self) -> io::Result<()> {
        for number in (1..KEPT).rev() {
            // The first ones are not there yet.
            let _ = fs::rename(
                numbered(&self.path, number),
                numbered(&self.path, number + 1),
            );
        }
        fs::rename(&self.path, numbered(&self.path, 1))?;
        self.file = private(&self.path)?;
        self.written = 0;
        Ok(())
    }
}

impl Write for Rotating {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let is_full = self.written + bytes.len() as u64 > self.most && self.written > 0;
        if is_full && self.turn_over().is_err() {
            // A log that cannot be turned over goes on: it must never stop the program. It is tried again with
            // the next megabytes.
            self.written = 0;
        }
        let count = self.file.write(bytes)?;
        self.written += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn numbered(path: &Path, number: usize) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_our_rooms_say_is_kept_with_its_values_and_what_others_say_is_not() {
        let log = Log::default();
        let subscriber = tracing_subscriber::registry().with(Keeping(log.clone()));
        tracing::subscriber::with_default(subscriber, || {
            tracing::warn!(target: "store::backup", missing = 2, "originals are missing");
            tracing::error!(target: "hyper::proto", "GET /bot7000000001:secret/getMe");
            tracing::info!(target: "application", "not ours either");
        });
        let (lines, _) = log.after(0, log::Level::Debug);
        let [line] = lines.as_slice() else {
            panic!("one line is kept: {lines:?}");
        };
        assert_eq!(line.text, "originals are missing missing=2");
        assert_eq!(line.level, log::Level::Warn);
        assert_eq!(line.from, "store::backup");
    }

    #[test]
    fn a_log_is_turned_over_before_it_grows_and_the_oldest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logs/chatai.log");
        let mut log = Rotating::open(&path, 20).unwrap();
        for line in 0..14 {
            log.write_all(format!("line {line:03}\n").as_bytes())
                .unwrap();
        }
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
        assert_eq!(read(&path), "line 012\nline 013\n");
        assert_eq!(read(&numbered(&path, 1)), "line 010\nline 011\n");
        assert_eq!(read(&numbered(&path, KEPT)), "line 004\nline 005\n");
        assert!(!numbered(&path, KEPT + 1).exists());
        drop(log);
        let mut again = Rotating::open(&path, 20).unwrap();
        again.write_all(b"more\n").unwrap();
        assert_eq!(read(&path), "more\n", "what stood there counts");
    }
}
