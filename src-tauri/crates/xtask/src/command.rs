//! Other programs: started, watched, and their words passed on.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::Result;
use crate::metadata;

/// A command in the repository's root, not yet started.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(metadata::root());
    command
}

/// Runs it to its end with its words on our terminal. An error when it cannot start or fails.
pub fn run(command: &mut Command) -> Result<()> {
    let name = words(command);
    let status = command
        .status()
        .map_err(|error| format!("{name}: {error}"))?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{name}: {status}").into()),
    }
}

/// Runs it to its end and gives what it wrote to its standard output. An error when it fails.
pub fn output(command: &mut Command) -> Result<String> {
    let name = words(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{name}: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(format!("{name}: {}", output.status).into()),
    }
}

/// True when it starts and ends well; what it says is thrown away.
pub fn succeeds(command: &mut Command) -> bool {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}

/// Runs it to its end, passes each line of its standard output on, and shows it to `seen`.
pub fn run_seen(command: &mut Command, mut seen: impl FnMut(&str)) -> Result<()> {
    let name = words(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{name}: {error}"))?;
    let stdout = child.stdout.take().ok_or("no standard output")?;
    for line in BufReader::new(stdout).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        seen(&line);
    }
    let status = child.wait()?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{name}: {status}").into()),
    }
}

fn words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|argument| argument.to_string_lossy().into_owned()),
    );
    words.truncate(6);
    words.join(" ")
}
