//! Too little memory for a model (`ulimit -v`): it is said in words, quotes answer, and the program lives.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use crate::crowded::ask;
use crate::operations::{EMAIL, PASSWORD};
use crate::program::{Program, Ran};
use crate::web::Served;

const MODEL: &str = "smollm2-135m-instruct";
/// What a program may take beyond what it took without a model, in KiB: the model's file can be mapped, and little
/// more.
const BEYOND: u64 = 180 << 10;
const QUESTION: &str = "How much is the large inspection?";

/// A program with the small model and a document, answering with the model; nothing where the model is not there.
fn program() -> Option<Program> {
    let folder = PathBuf::from(std::env::var_os("CHATAI_TEST_MODELS")?);
    let model = folder.join(MODEL);
    if !model.join("model.gguf").is_file() {
        println!("not run: CHATAI_TEST_MODELS has no {MODEL}");
        return None;
    }
    // Without the others: an embedder would take memory as well.
    let program = Program::new();
    let models = program.beside("models");
    fs::create_dir(&models).unwrap();
    symlink(fs::canonicalize(model).unwrap(), models.join(MODEL)).unwrap();
    let program = program.with_models(models);
    let prices = program.beside("prices.txt");
    fs::write(&prices, "The large inspection costs 89 euros.").unwrap();
    program
        .run(&["ingest", prices.to_str().unwrap()])
        .ended_with(0);
    program.run(&["models", "use", MODEL]).ended_with(0);
    Some(program)
}

/// A command; the memory that it takes for each of its threads is the same in every run.
fn command(program: &Program, arguments: &[&str]) -> Command {
    let mut command = program.command(arguments);
    command.env("MALLOC_ARENA_MAX", "1");
    command
}

/// The most addresses that a server takes which nobody asks anything, in KiB.
fn peak(program: &Program) -> u64 {
    let mut serve = command(program, &["serve", "--listen", "127.0.0.1:0"]);
    let served = Served::start(program, &mut serve);
    let status = fs::read_to_string(format!("/proc/{}/status", served.pid())).unwrap();
    served.end().ended_with(0);
    let line = status.lines().find(|line| line.starts_with("VmPeak:"));
    let peak = line.unwrap().split_whitespace().nth(1).unwrap();
    peak.parse().unwrap()
}

/// A command that may take so many KiB of addresses.
fn limited(program: &Program, kibibytes: u64, arguments: &[&str]) -> Command {
    let whole = command(program, arguments);
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &format!("ulimit -v {kibibytes}; exec \"$0\" \"$@\"")]);
    crate::strace::prefix(&mut shell, &whole);
    shell
}

#[test]
fn a_model_that_finds_too_little_memory_says_so_and_quotes_answer() {
    let Some(program) = program() else { return };
    let most = peak(&program) + BEYOND;
    let tried = Ran::of(&mut limited(&program, most, &["models", "try", MODEL]));
    let tried = tried.ended_with(1).complaint();
    assert!(tried.contains("MiB of memory"), "{tried}");

    let password = ["admin", "reset-password", EMAIL, "--password", PASSWORD];
    program.run(&password).ended_with(0);
    let mut serve = limited(&program, most, &["serve", "--listen", "127.0.0.1:0"]);
    let served = Served::start(&program, &mut serve);
    let mut client = served.signed_in(EMAIL, PASSWORD).unwrap();
    for _ in 0..2 {
        let said = ask(&mut client, QUESTION, "89 euros");
        assert!(said.contains("89 euros"), "{said}");
        assert!(said.contains("quotes"), "{said}");
    }
    assert_eq!(served.client().get("/api/ready").unwrap().status, 200);
    served.end().ended_with(0);
}
