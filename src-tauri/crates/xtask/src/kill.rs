//! `cargo xtask kill N`: the long run of the test that kills the program at random moments, and
//! `cargo xtask kill --telegram N` of the one that kills it while bots talk (reliability.md R1).

use crate::Result;
use crate::binary::{Shape, cargo};
use crate::command::run;
use crate::metadata::root;

/// Runs the kill test of `chatai` with as many rounds as are asked for, 100 unless told otherwise.
pub fn kill(arguments: &[String]) -> Result<()> {
    let (test, arguments) = match arguments {
        [first, rest @ ..] if first == "--telegram" => ("killed_while_bots_talk", rest),
        all => ("killed_at_random", all),
    };
    let rounds: u32 = arguments.first().map_or(Ok(100), |rounds| rounds.parse())?;
    let mut tests = cargo();
    tests
        .args(["test", "--workspace", "--locked", "--test", "it"])
        .args(Shape::for_tests().features());
    tests.args(["--", "--nocapture", test]);
    tests
        .env("CHATAI_ROUNDS", rounds.to_string())
        .env("CHATAI_TEST_MODELS", root().join("target/models"));
    run(&mut tests)
}
