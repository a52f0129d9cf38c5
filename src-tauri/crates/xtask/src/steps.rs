//! A run made of steps: each is timed, its tests are counted, a failed one does not stop the others.

use std::time::{Duration, Instant};

use crate::Result;

/// The steps so far.
#[derive(Default)]
pub struct Steps {
    done: Vec<Done>,
}

struct Done {
    name: String,
    took: Duration,
    counts: Counts,
    failure: Option<String>,
}

/// Tests as their runners count them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
}

impl Steps {
    /// Does a step. It counts as one passed or failed test besides those that it counts itself.
    /// True when it went well.
    pub fn step(&mut self, name: &str, work: impl FnOnce(&mut Counts) -> Result<()>) -> bool {
        println!("\n=== {name}");
        let started = Instant::now();
        let mut counts = Counts::default();
        let failure = work(&mut counts).err().map(|error| error.to_string());
        if let Some(failure) = &failure {
            println!("--- {name} failed: {failure}");
        }
        let went_well = failure.is_none();
        self.done.push(Done {
            name: name.to_owned(),
            took: started.elapsed(),
            counts,
            failure,
        });
        went_well
    }

    /// Notes a step that cannot be done because an earlier one failed.
    pub fn skipped(&mut self, name: &str, why: &str) {
        let failure = Some(format!("not run: {why}"));
        self.done.push(Done {
            name: name.to_owned(),
            took: Duration::ZERO,
            counts: Counts::default(),
            failure,
        });
    }

    /// Prints the table and, as the last line, the counts. An error when anything failed.
    pub fn finish(self) -> Result<()> {
        println!(
            "\n{:<34} {:>9} {:>8} {:>8}",
            "step", "seconds", "passed", "failed"
        );
        let mut total = Counts::default();
        for done in &self.done {
            let counts = done.counts();
            total.passed += counts.passed;
            total.failed += counts.failed;
            println!(
                "{:<34} {:>9.1} {:>8} {:>8}",
                done.name,
                done.took.as_secs_f64(),
                counts.passed,
                counts.failed
            );
        }
        for (name, failure) in self
            .done
            .iter()
            .filter_map(|done| Some((&done.name, done.failure.as_ref()?)))
        {
            println!("\n{name}: {failure}");
        }
        println!("\n{} passed, {} failed", total.passed, total.failed);
        match total.failed {
            0 => Ok(()),
            _ => Err("something failed".into()),
        }
    }
}

impl Done {
    /// A step without tests of its own counts as one; a failed step never counts as none failed.
    fn counts(&self) -> Counts {
        match self.failure {
            None => Counts {
                passed: self.counts.passed.max(1),
                failed: self.counts.failed,
            },
            Some(_) => Counts {
                passed: self.counts.passed,
                failed: self.counts.failed.max(1),
            },
        }
    }
}

impl Counts {
    /// Adds what a line of a test runner counts: cargo's, vitest's or Playwright's summary.
    pub fn see(&mut self, line: &str) {
        let line = line.trim();
        if line.starts_with("test result:") {
            self.passed += before(line, " passed");
            self.failed += before(line, " failed");
        } else if let Some(rest) = line.strip_prefix("Tests ") {
            self.passed += before(rest, " passed");
            self.failed += before(rest, " failed");
        } else if is_playwright(line) {
            self.passed += before(line, " passed");
            self.failed += before(line, " failed");
        }
    }
}

/// `12 passed (3.4s)` or `1 failed`, alone on the line.
fn is_playwright(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let is_number = words.next().is_some_and(|word| word.parse::<u64>().is_ok());
    let counts = matches!(words.next(), Some("passed" | "failed"));
    is_number && counts && words.next().is_none_or(|word| word.starts_with('('))
}

/// The number that stands before `word`; 0 when it does not stand there.
fn before(line: &str, word: &str) -> u64 {
    let Some(at) = line.find(word) else { return 0 };
    let digits = line[..at].rsplit(|c: char| !c.is_ascii_digit()).next();
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summaries_of_three_runners_are_counted() {
        let mut counts = Counts::default();
        counts.see("test result: ok. 12 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out");
        counts.see("      Tests  2 failed | 31 passed (33)");
        counts.see("  7 passed (12.3s)");
        counts.see("  1 failed");
        counts.see("a sentence with 5 passed exams");
        assert_eq!(
            counts,
            Counts {
                passed: 50,
                failed: 4
            }
        );
    }
}
