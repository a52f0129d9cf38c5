//! The built program on a data folder of its own.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// The program with a data folder that goes when the test ends.
pub struct Program {
    place: TempDir,
    models: Option<PathBuf>,
}

impl Program {
    /// On an empty data folder.
    pub fn new() -> Program {
        Program {
            place: tempfile::tempdir().unwrap(),
            models: None,
        }
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.place.path().join("data")
    }

    /// A file beside the data folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// A command, not yet run.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chatai"));
        command.args(arguments).env("CHATAI_DATA", self.data());
        command.env("CHATAI_KEY_FILE", self.beside("master.key"));
        // Words alone: these tests are about commands, not about models.
        let none = self.beside("no-models");
        command.env("CHATAI_MODELS", self.models.as_ref().unwrap_or(&none));
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(&mut self.command(arguments))
    }

    /// Runs a command to its end and types these lines into it.
    pub fn run_with(&self, arguments: &[&str], typed: &str) -> Ran {
        Ran::fed(&mut self.command(arguments), typed)
    }

    /// Another one, whose data folder and key are copies of this one's.
    pub fn copied(&self) -> Program {
        let mut copy = Program::new();
        copy_all(self.place.path(), copy.place.path());
        copy.models = self.models.clone();
        copy
    }

    /// The same with models.
    pub fn with_models(mut self, models: PathBuf) -> Program {
        self.models = Some(models);
        self
    }
}

/// Copies everything in a folder.
pub fn copy_all(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&place).unwrap();
            copy_all(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

/// The demo company's files.
pub fn demo_files() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/demo/files")
}

/// Longest time a command may take: more is a hang.
const PATIENCE: Duration = Duration::from_secs(240);

/// A command that has ended.
pub struct Ran {
    status: ExitStatus,
    text: Vec<u8>,
    complaint: Vec<u8>,
}

impl Ran {
    /// Runs a command to its end; one that does not end is killed and fails the test.
    #[track_caller]
    pub fn of(command: &mut Command) -> Ran {
        Ran::fed(command, "")
    }

    /// The same with something typed into it.
    #[track_caller]
    pub fn fed(command: &mut Command, typed: &str) -> Ran {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let text = read_all(child.stdout.take().unwrap());
        let complaint = read_all(child.stderr.take().unwrap());
        // What is typed fits into the pipe; a command that reads nothing may have ended already.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if begun.elapsed() > PATIENCE {
                child.kill().unwrap();
                panic!("{command:?} does not end");
            }
            thread::sleep(Duration::from_millis(2));
        };
        Ran {
            status,
            text: text.join().unwrap(),
            complaint: complaint.join().unwrap(),
        }
    }

    /// One that was waited for elsewhere.
    pub fn ended(status: ExitStatus, complaint: String) -> Ran {
        Ran {
            status,
            text: Vec::new(),
            complaint: complaint.into_bytes(),
        }
    }

    /// Its exit code, asserted.
    #[track_caller]
    pub fn ended_with(self, code: i32) -> Ran {
        assert_eq!(
            self.code(),
            Some(code),
            "{}\n{}",
            self.text(),
            self.complaint()
        );
        self
    }

    /// Its exit code; `None` when it was killed.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// What it printed.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.text).into_owned()
    }

    /// What it complained of.
    pub fn complaint(&self) -> String {
        String::from_utf8_lossy(&self.complaint).into_owned()
    }

    /// What it printed, as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.text).unwrap()
    }
}

fn read_all(mut from: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut all = Vec::new();
        from.read_to_end(&mut all).unwrap();
        all
    })
}

/// Milliseconds as they are told: the middle one and the largest.
pub fn spread(mut milliseconds: Vec<u128>) -> String {
    milliseconds.sort_unstable();
    match milliseconds.as_slice() {
        [] => "none".to_owned(),
        sorted => format!(
            "median {} ms, most {} ms",
            sorted[sorted.len() / 2],
            sorted[sorted.len() - 1]
        ),
    }
}
