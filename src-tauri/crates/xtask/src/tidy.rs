//! Layer 0 of the tests: what can be said of the sources without running them.

use crate::Result;
use crate::binary::{Shape, cargo};
use crate::command::run;
use crate::steps::Steps;
use crate::{arrows, licences, sizes, words};

/// Everything tidy checks, as a run of its own.
pub fn tidy() -> Result<()> {
    let mut steps = Steps::default();
    add_to(&mut steps, Shape::for_tests());
    steps.finish()
}

/// Adds tidy's steps to a run. That generated files are fresh is checked where they are made: by a test of
/// `api` and a step of `xtask test`.
pub fn add_to(steps: &mut Steps, shape: Shape) {
    steps.step("format", |_| {
        run(cargo().args(["fmt", "--all", "--", "--check"]))
    });
    steps.step("arrows between rooms", |_| arrows::check());
    steps.step("sizes of files", |_| sizes::check());
    steps.step("forbidden words", |_| words::check());
    steps.step("licences", |_| licences::check());
    steps.step("clippy", |_| {
        let clippy = ["clippy", "--workspace", "--all-targets", "--locked"];
        run(cargo()
            .args(clippy)
            .args(shape.features())
            .args(["--", "-D", "warnings"]))
    });
}
