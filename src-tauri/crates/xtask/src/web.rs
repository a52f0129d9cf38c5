//! The pages: fetched packages, checks, and the build that the binary carries.

use std::fs;
use std::time::SystemTime;

use crate::Result;
use crate::command::run;
use crate::metadata::root;
use crate::system::Node;

/// Fetches the packages of the lock file, unless they are those already.
pub fn packages(node: &Node) -> Result<()> {
    let ui = root().join("ui");
    let fetched = changed_at(&ui.join("node_modules/.package-lock.json"));
    let locked = changed_at(&ui.join("package-lock.json"));
    if fetched.is_some() && fetched >= locked {
        return Ok(());
    }
    run(node.npm()?.args(["ci", "--no-audit", "--no-fund"]))
}

/// Builds the pages into ui/dist.
pub fn build(node: &Node) -> Result<()> {
    run(node.npm()?.args(["run", "build"]))
}

fn changed_at(file: &std::path::Path) -> Option<SystemTime> {
    fs::metadata(file)
        .and_then(|metadata| metadata.modified())
        .ok()
}
