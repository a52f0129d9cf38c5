//! `cargo xtask test`: everything a change must pass, on one build of one profile.

use std::process::Command;

use crate::Result;
use crate::binary::{self, Shape, cargo};
use crate::command::{run, run_seen};
use crate::metadata::root;
use crate::steps::Steps;
use crate::system;
use crate::{models, smoke, tidy, web};

/// The models that tests use.
pub const MODELS: &[&str] = &[
    "multilingual-e5-small",
    "all-MiniLM-L6-v2",
    "smollm2-135m-instruct",
    "whisper-base",
];

/// Installs what is missing and runs every layer that exists. The last line it prints counts the tests.
pub fn test() -> Result<()> {
    let mut steps = Steps::default();
    steps.step("system packages", |_| {
        system::install(system::BUILD)?;
        system::install(system::TESTS)?;
        match system::has_window_packages() {
            true => system::install(system::WINDOW),
            false => Ok(()),
        }
    });
    let shape = Shape::for_tests();
    let models_folder = root().join("target/models");
    steps.step("models for the tests", |_| {
        models::models(MODELS, &models_folder)
    });
    let node = system::node();
    match &node {
        Ok(node) => {
            steps.step("ui packages", |_| web::packages(node));
            // Checks end with the build, which the binary carries: it must stand before cargo looks for it.
            steps.step("ui check and build", |counts| {
                run_seen(node.npm()?.args(["run", "check"]), |line| counts.see(line))
            });
        }
        Err(error) => steps.skipped("ui check and build", &error.to_string()),
    }
    tidy::add_to(&mut steps, shape);
    steps.step("headless build has no window", |_| {
        run(cargo().args([
            "check",
            "--locked",
            "-p",
            "chatai",
            "--no-default-features",
            "--features",
            "candle",
        ]))
    });
    let mut tests = cargo();
    tests
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .args(shape.features());
    tests.env("CHATAI_TEST_MODELS", &models_folder);
    let built = steps.step("build the tests", |_| {
        run(cargo()
            .args(["test", "--workspace", "--locked", "--no-run"])
            .args(shape.features()))
    });
    match built {
        true => steps.step("tests", |counts| {
            run_seen(&mut tests, |line| counts.see(line))
        }),
        false => {
            steps.skipped("tests", "the build failed");
            steps.skipped("browser", "the build failed");
            steps.skipped("smoke", "the build failed");
            return steps.finish();
        }
    };
    if let Ok(node) = &node
        && root().join("ui/playwright.config.ts").exists()
    {
        steps.step("browser", |counts| {
            run_seen(&mut browser(node.npm()?), |line| counts.see(line))
        });
    }
    steps.step("smoke", |_| smoke::check(&binary::for_tests(), shape));
    steps.finish()
}

/// The user's stories in a real browser, on the binary that the tests built.
fn browser(mut npm: Command) -> Command {
    npm.args(["run", "e2e"])
        .env("CHATAI_BIN", binary::for_tests())
        .env("CI", "1");
    npm
}
