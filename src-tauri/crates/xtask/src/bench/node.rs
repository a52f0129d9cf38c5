//! The peers' npm packages: pinned, each set in a folder of its own under `target/bench`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::Result;
use crate::command::{command, output, run};
use crate::system;

use super::place;
use super::python::peers;

/// A folder with the packages that `peers/NAME.json` pins, and the Node that runs them.
pub struct Node(PathBuf);

impl Node {
    /// Makes it, unless it is there for the same pins.
    pub fn with(name: &str) -> Result<Node> {
        // Says what to do where there is none.
        system::node()?;
        let pins = fs::read_to_string(peers().join(format!("{name}.json")))?;
        let folder = place("node").join(name);
        let modules = folder.join("node_modules");
        let installed = folder.join("installed.json");
        if fs::read_to_string(&installed).is_ok_and(|there| there == pins) {
            return Ok(Node(modules));
        }
        println!("installing {name}: {pins}");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("package.json"), &pins)?;
        let mut npm = Command::new("npm");
        npm.current_dir(&folder).arg("install");
        run(npm.args([
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--loglevel=error",
        ]))?;
        fs::write(installed, pins)?;
        Ok(Node(modules))
    }

    /// Its interpreter, not yet started.
    pub fn command(&self) -> Command {
        let mut command = command("node");
        command.env("NODE_PATH", &self.0);
        command
    }

    /// The versions of these packages, as `name 1.2.3, …`.
    pub fn versions(&self, packages: &[&str]) -> Result<String> {
        let script = "const fs = require('fs'); const [folder, ...names] = process.argv.slice(1);\n\
                      const of = (name) => JSON.parse(fs.readFileSync(`${folder}/${name}/package.json`)).version;\n\
                      console.log(names.map((name) => `${name} ${of(name)}`).join(', '))";
        let mut node = self.command();
        let told = output(node.args(["-e", script]).arg(&self.0).args(packages))?;
        Ok(told.trim().to_owned())
    }
}
