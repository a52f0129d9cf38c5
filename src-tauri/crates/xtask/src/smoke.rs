//! The built program as a person would use it: read, ask, back up, restore, serve, and the window.

mod window;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Result;
use crate::binary::{self, Shape, cargo};
use crate::command::{command, output, run, succeeds};
use crate::metadata::root;

/// Longest wait for the program to show something.
const PATIENCE: Duration = Duration::from_secs(60);
const QUESTION: &str = "How much is the large inspection?";
const PROOF: &str = "89 euros";

/// Builds the tests' program and tries it out.
pub fn smoke() -> Result<()> {
    let shape = Shape::for_tests();
    run(cargo()
        .args(["test", "--workspace", "--locked", "--no-run"])
        .args(shape.features()))?;
    check(&binary::for_tests(), shape)
}

/// Tries out `program`; the window only where it was built with one.
pub fn check(program: &Path, shape: Shape) -> Result<()> {
    let place = root().join("target/smoke");
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place)?;
    let first = Tried {
        program: program.to_path_buf(),
        data: place.join("first"),
    };
    run(first.command("doctor").arg("--deep"))?;
    run(first
        .command("ingest")
        .arg(root().join("assets/demo/files")))?;
    let before = first.answer()?;
    let backup = place.join("first.chatai-backup");
    run(first.command("backup").arg(&backup))?;
    let second = Tried {
        program: program.to_path_buf(),
        data: place.join("second"),
    };
    run(second.command("restore").arg(&backup))?;
    run(second.command("doctor").arg("--deep"))?;
    same(&before, &second.answer()?)?;
    println!("after backup and restore the answer is the same: {before}");
    first.serves()?;
    match shape {
        Shape::Desktop if cfg!(target_os = "linux") => window::check(&first),
        _ => Ok(()),
    }
}

/// A program on a data folder.
struct Tried {
    program: PathBuf,
    data: PathBuf,
}

impl Tried {
    fn command(&self, name: &str) -> Command {
        let mut tried = command(&self.program);
        tried.arg(name).arg("--data").arg(&self.data);
        tried
    }

    fn answer(&self) -> Result<String> {
        let told: Value =
            serde_json::from_str(&output(self.command("ask").args(["--json", QUESTION]))?)?;
        let answer = told["answer"]
            .as_str()
            .ok_or("the answer has no text")?
            .to_owned();
        let quotes = told["citations"]
            .as_array()
            .map(Vec::len)
            .unwrap_or_default();
        match answer.contains(PROOF) && quotes > 0 {
            true => Ok(answer),
            false => Err(format!("wrong or without proof: {told}").into()),
        }
    }

    /// Serves, tells that it is well, refuses a second one, and ends when asked to.
    fn serves(&self) -> Result<()> {
        let mut serve = self.command("serve");
        let mut server = Running(serve.args(["--listen", "127.0.0.1:0"]).spawn()?);
        wait_for("a healthy server", || {
            succeeds(&mut self.command("healthcheck"))
        })?;
        if succeeds(self.command("ingest").arg(root().join("assets/demo/files"))) {
            return Err("a second program worked on a data folder in use".into());
        }
        let ended = server.end()?;
        match ended.success() {
            true => Ok(()),
            false => Err(format!("the server ended with {ended}").into()),
        }
    }
}

/// A program that is ended with us.
struct Running(Child);

impl Running {
    /// Asks it to end and waits.
    fn end(&mut self) -> Result<ExitStatus> {
        run(Command::new("kill").args(["-TERM", &self.0.id().to_string()]))?;
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.0.try_wait()? {
                return Ok(status);
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err("it does not end when asked to".into())
    }

    fn lines(&mut self) -> Result<Receiver<String>> {
        Ok(lines_of(self.0.stdout.take().ok_or("no standard output")?))
    }

    fn error_lines(&mut self) -> Result<Receiver<String>> {
        Ok(lines_of(self.0.stderr.take().ok_or("no standard error")?))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already in every good case.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn lines_of(from: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(from)
            .lines()
            .map_while(std::result::Result::ok)
        {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

fn wait_for(what: &str, mut ready: impl FnMut() -> bool) -> Result<()> {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        if ready() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(100));
    }
    Err(format!("waited {} s for {what}", PATIENCE.as_secs()).into())
}

fn same(before: &str, after: &str) -> Result<()> {
    match before == after {
        true => Ok(()),
        false => Err(format!("before: {before}\nafter: {after}").into()),
    }
}
