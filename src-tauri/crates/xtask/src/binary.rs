//! The program itself, built for use or for the tests.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use crate::Result;
use crate::command::{command, run};
use crate::metadata::root;
use crate::system;

/// With a window or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Window and server.
    Desktop,
    /// Server only: builds without WebKit's development packages.
    Headless,
}

impl Shape {
    /// The arguments for cargo.
    pub fn features(self) -> &'static [&'static str] {
        match self {
            Shape::Desktop => &[],
            Shape::Headless => &["--no-default-features", "--features", "chatai/candle"],
        }
    }

    /// What the tests are built as: with the window wherever it can be built.
    pub fn for_tests() -> Shape {
        match system::has_window_packages() {
            true => Shape::Desktop,
            false => Shape::Headless,
        }
    }
}

/// The cargo that runs us.
pub fn cargo() -> Command {
    command(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

/// Builds the release program, as packages hold it, and says where it lies.
pub fn release(shape: Shape) -> Result<PathBuf> {
    built("release", shape)
}

/// The same code without the minutes that joining it to one small program takes.
pub fn at_once(shape: Shape) -> Result<PathBuf> {
    built("bench", shape)
}

fn built(profile: &str, shape: Shape) -> Result<PathBuf> {
    run(cargo()
        .args(["build", "--profile", profile, "--locked", "-p", "chatai"])
        .args(shape.features()))?;
    // Cargo has one folder for both.
    Ok(target().join("release").join(name()))
}

/// Where the tests' program lies.
pub fn for_tests() -> PathBuf {
    target().join("debug").join(name())
}

/// Where cargo builds.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn name() -> &'static str {
    if cfg!(windows) {
        "chatai.exe"
    } else {
        "chatai"
    }
}
