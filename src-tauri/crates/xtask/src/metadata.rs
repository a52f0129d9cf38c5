//! The workspace as `cargo metadata` tells it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Result;
use crate::command::{command, output};

/// One crate that the lock file names.
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, as an SPDX expression, where it states one.
    pub licence: Option<String>,
    /// True when it is one of our rooms.
    pub ours: bool,
    /// What it depends on directly, for itself or its build; what only its tests need is not here.
    pub dependencies: Vec<String>,
    /// What only its tests need.
    pub test_dependencies: Vec<String>,
}

/// The repository's root.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(3).unwrap_or(here).to_path_buf()
}

/// Every crate of the lock file.
pub fn packages() -> Result<Vec<Package>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let text = output(command(cargo).args(["metadata", "--format-version=1", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&text)?;
    let packages = metadata["packages"]
        .as_array()
        .ok_or("cargo metadata names no packages")?;
    Ok(packages.iter().map(package).collect())
}

fn package(value: &Value) -> Package {
    let dependencies = value["dependencies"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let named = |tests: bool| {
        let fitting = dependencies
            .iter()
            .filter(move |dependency| (dependency["kind"] == "dev") == tests);
        fitting
            .map(|dependency| text(&dependency["name"]))
            .collect()
    };
    Package {
        name: text(&value["name"]),
        version: text(&value["version"]),
        licence: value["license"].as_str().map(str::to_owned),
        ours: value["source"].is_null(),
        dependencies: named(false),
        test_dependencies: named(true),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
