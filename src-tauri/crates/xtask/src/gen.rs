//! What is generated from the code: the API's contract and the UI's types of it.

use std::fs;

use crate::Result;
use crate::binary::{Shape, cargo};
use crate::command::{output, run};
use crate::metadata::root;
use crate::system::{self, Node};
use crate::web;

const CONTRACT: &str = "ui/src/api/openapi.json";
const TYPES: &str = "ui/src/api/schema.ts";

/// Writes openapi.json and schema.ts.
pub fn generate() -> Result<()> {
    let contract = output(
        cargo()
            .args(["run", "--quiet", "-p", "chatai"])
            .args(Shape::Headless.features())
            .args(["--", "openapi"]),
    )?;
    fs::write(root().join(CONTRACT), contract)?;
    let node = system::node()?;
    web::packages(&node)?;
    run(node.npm()?.args(["run", "gen"]))
}

/// Makes the UI's types again; an error when they were not what they are now. (That the contract itself is
/// fresh is a test of `api`.)
pub fn types_are_fresh(node: &Node) -> Result<()> {
    let file = root().join(TYPES);
    let before = fs::read_to_string(&file).unwrap_or_default();
    run(node.npm()?.args(["run", "gen"]))?;
    match fs::read_to_string(&file)? == before {
        true => Ok(()),
        false => Err(format!("{TYPES} was stale: `cargo xtask gen` and commit it").into()),
    }
}
