//! What the program said of itself lately, kept in memory for the page that shows it.
//!
//! Owns: the last lines, within bounds. Not here: who says them and where else they go (the binary's log).

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use domain::member::Permission;
use domain::time::Timestamp;

use crate::App;
use crate::error::Result;
use crate::who::Who;

/// The most lines that are kept.
pub const MOST_LINES: usize = 2_000;
/// The most bytes of text that are kept.
pub const MOST_BYTES: usize = 1024 * 1024;
/// The most bytes of one line; the rest of it is cut off.
pub const LONGEST_LINE: usize = 4 * 1024;

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For whoever mends the program.
    Debug,
    /// What it does.
    Info,
    /// What did not go as it should.
    Warn,
    /// What could not be done.
    Error,
}

/// Something that the program said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Grows by one with each line since the start.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// How much it matters.
    pub level: Level,
    /// Which part of the program said it, as `store::migrate`.
    pub from: String,
    /// What was said.
    pub text: String,
}

/// The last lines; cheap to clone, shared by who says and who reads.
#[derive(Debug, Clone, Default)]
pub struct Log {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    lines: VecDeque<Line>,
    bytes: usize,
    last: u64,
}

impl Log {
    /// Keeps a line; the oldest ones go where there is no room.
    pub fn say(&self, at: Timestamp, level: Level, from: &str, text: &str) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.last += 1;
        let line = Line {
            number: kept.last,
            at,
            level,
            from: from.to_owned(),
            text: in_one_line(cut(text)),
        };
        kept.bytes += line.text.len();
        kept.lines.push_back(line);
        while kept.lines.len() > MOST_LINES || kept.bytes > MOST_BYTES {
            let oldest = kept.lines.pop_front();
            kept.bytes -= oldest.map_or(0, |line| line.text.len());
        }
    }

    /// The lines after a number that matter at least so much, oldest first, and the number of the last line of all.
    /// A number that was not reached yet is one of another start: all lines are after it.
    pub fn after(&self, number: u64, least: Level) -> (Vec<Line>, u64) {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let after = if number > kept.last { 0 } else { number };
        let lines = kept.lines.iter();
        let wanted = lines.filter(|line| line.number > after && line.level >= least);
        (wanted.cloned().collect(), kept.last)
    }
}

/// What would break a line, or pretend to be another one, becomes a space.
fn in_one_line(text: &str) -> String {
    text.replace(
        |c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}',
        " ",
    )
}

/// The beginning of a text that has room.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_LINE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Where else the lines go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogPlace {
    /// Into this file.
    File(PathBuf),
    /// Into the system's journal.
    Journal,
    /// To whoever started the program, and nowhere else.
    Terminal,
}

/// What was said lately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The lines, oldest first.
    pub lines: Vec<Line>,
    /// The number of the last line of all; what is said next comes after it.
    pub last: u64,
    /// Where else they go.
    pub place: LogPlace,
}

impl App {
    /// What the program said after a line, as far as it is kept and matters at least so much.
    pub fn said(&self, who: &Who, after: u64, least: Level) -> Result<Said> {
        who.must(Permission::ChangeSettings)?;
        let (lines, last) = self.inner.log.after(after, least);
        Ok(Said {
            lines,
            last,
            place: (self.inner.place)().log,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_772_442_000_000_000);

    fn texts(log: &Log, after: u64, least: Level) -> Vec<String> {
        let (lines, _) = log.after(after, least);
        lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn the_oldest_lines_go_when_there_are_too_many() {
        let log = Log::default();
        for number in 1..=MOST_LINES + 3 {
            log.say(NOW, Level::Info, "app", &format!("line {number}"));
        }
        let (lines, last) = log.after(0, Level::Debug);
        assert_eq!(lines.len(), MOST_LINES);
        assert_eq!(lines[0].text, "line 4");
        assert_eq!(last, 2_003);
    }

    #[test]
    fn long_lines_are_cut_between_letters_and_all_together_stay_within_their_room() {
        let log = Log::default();
        let long = "ж".repeat(LONGEST_LINE);
        for _ in 0..400 {
            log.say(NOW, Level::Info, "app", &format!("a{long}"));
        }
        let (lines, _) = log.after(0, Level::Debug);
        let bytes: usize = lines.iter().map(|line| line.text.len()).sum();
        assert!(bytes <= MOST_BYTES, "{bytes}");
        assert!(bytes > MOST_BYTES - LONGEST_LINE, "{bytes}");
        assert_eq!(lines[0].text.len(), LONGEST_LINE - 1, "no half letter");
    }

    #[test]
    fn what_is_said_once_is_one_line() {
        let log = Log::default();
        log.say(NOW, Level::Info, "app", "a\nERROR b\u{1b}[31m\u{2028}c");
        assert_eq!(texts(&log, 0, Level::Debug), ["a ERROR b [31m c"]);
    }

    #[test]
    fn only_new_lines_that_matter_enough_are_told_and_all_of_them_after_a_new_start() {
        let log = Log::default();
        log.say(NOW, Level::Debug, "app", "one");
        log.say(NOW, Level::Warn, "app", "two");
        log.say(NOW, Level::Error, "app", "three");
        assert_eq!(texts(&log, 0, Level::Warn), ["two", "three"]);
        assert_eq!(texts(&log, 2, Level::Debug), ["three"]);
        assert_eq!(texts(&log, 3, Level::Debug), [""; 0]);
        assert_eq!(texts(&log, 900, Level::Error), ["three"]);
    }
}
