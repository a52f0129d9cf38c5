//! The built program on a data folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// The program with a data folder that goes when the test ends.
pub struct Program {
    place: TempDir,
}

impl Program {
    /// On an empty data folder.
    pub fn new() -> Program {
        Program {
            place: tempfile::tempdir().unwrap(),
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
        command.env("CHATAI_MODELS", self.beside("no-models"));
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran(self.command(arguments).output().unwrap())
    }
}

/// The demo company's files.
pub fn demo_files() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/demo/files")
}

/// A command that has ended.
pub struct Ran(Output);

impl Ran {
    /// Its exit code, asserted.
    #[track_caller]
    pub fn ended_with(self, code: i32) -> Ran {
        assert_eq!(
            self.0.status.code(),
            Some(code),
            "{}\n{}",
            self.text(),
            self.complaint()
        );
        self
    }

    /// What it printed.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    /// What it complained of.
    pub fn complaint(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    /// What it printed, as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.0.stdout).unwrap()
    }
}
