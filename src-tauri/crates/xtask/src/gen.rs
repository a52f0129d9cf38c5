//! What is generated from the code: the API's contract and the UI's types of it.

use std::fs;

use crate::Result;
use crate::binary::{Shape, cargo};
use crate::command::{output, run};
use crate::metadata::root;
use crate::system;
use crate::web;

const CONTRACT: &str = "ui/src/api/openapi.json";

/// Writes openapi.json and schema.ts. That both are fresh is checked by a test of `api` and by the UI's own check.
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
