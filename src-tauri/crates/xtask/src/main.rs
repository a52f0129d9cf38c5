//! `cargo xtask …`: everything a developer or the machine that checks a change does, as one program.
//!
//! Owns: installing what is missing, building, running, testing, measuring. Not here: anything the product
//! does. It knows no room of the product and reads them only as text and as `cargo metadata`.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod arrows;
mod bench;
mod binary;
mod command;
mod deb;
mod dist;
mod eval;
mod faults;
mod fuzz;
mod r#gen;
mod hostile;
mod icons;
mod kill;
mod licences;
mod metadata;
mod models;
mod release;
mod run;
mod sbom;
mod sizes;
mod smoke;
mod steps;
mod system;
mod telegram_clients;
mod test;
mod tidy;
mod web;
mod words;

use std::env;
use std::process::ExitCode;

/// What went wrong, in words for the terminal.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

const HELP: &str = "\
cargo xtask COMMAND

  run [--data DIR] [--headless] [-- ARGUMENTS]
                  install what is missing, build, start with the demo company, ask it a question
  test            install what the tests need and run everything a change must pass
  tidy            format, lints, arrows between rooms, sizes, words, licences
  gen             write what is generated: openapi.json and the UI's types
  eval [DIR…]     answer quality on the demo company and on question sets (or CHATAI_DATA_SETS)
  eval --documents DIR
                  words found and lost per format, on documents with their expected text beside them
  hostile [DIR…]  every bomb at full size, and the files in DIR, read within their limits of time and memory
  fuzz [TARGET…]  fuzz the readers of documents (CHATAI_FUZZ_SECONDS each, 180); needs cargo-fuzz
  bench [start] [ingest [DOCUMENTS]] [search [PASSAGES]] [embed] [chat] [telegram [BOTS]]
                  start time, memory, speed of ingestion, search, embeddings and chat models, beside others from
                  the registries, and what bots take and how soon they answer
  models [NAME…]  fetch and verify models into target/models (all the tests need, when none is named)
  smoke           the built program: serve, doctor, backup and restore, and the window under Xvfb
  icons           draw the icons of all sizes from assets/icons/icon.svg
  dist [--binary FILE] [--headless-binary FILE] [--version V] [--out DIR]
       [--sign SECRET_KEY] [--notes DIR] [--base URL]
                  packages into target/dist: .deb, headless archive, SBOMs, sums; builds what is not given; latest.json,
                  which tells programs of this version, signed with the key; DIR holds en.txt and ru.txt: what is new
  release-keys FILE
                  make the pair of keys that versions are signed with (a password in CHATAI_SIGN_PASSWORD)
  kill [N]        kill -9 the program N times (100) while it reads and answers, then check what must hold
  faults [--rounds N] [--seed N] [--release] [NAME…]
                  the faults of reliability.md (R1 to R3, R5 to R10, R14, R15, R18 to R20) and the rules of Telegram
                  (T5 T23 T24 A3 A5 F1 F2) at full size, with their figures
  telegram-clients [CLIENT…]
                  aiogram, python-telegram-bot and grammY against the fake Bot API server, our bot against another's
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let rest = arguments.get(1..).unwrap_or_default();
    let result = match arguments.first().map(String::as_str) {
        Some("run") => run::run(rest),
        Some("test") => test::test(),
        Some("tidy") => tidy::tidy(),
        Some("gen") => r#gen::generate(),
        Some("eval") => eval::eval(rest),
        Some("bench") => bench::bench(rest),
        Some("models") => models_command(rest),
        Some("smoke") => smoke::smoke(),
        Some("icons") => icons::draw(),
        Some("dist") => dist::dist(rest),
        Some("release-keys") => release::keys(rest),
        Some("fuzz") => fuzz::fuzz(rest),
        Some("hostile") => hostile::hostile(rest),
        Some("kill") => kill::kill(rest),
        Some("faults") => faults::faults(rest),
        Some("telegram-clients") => telegram_clients::telegram_clients(rest),
        _ => {
            print!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn models_command(names: &[String]) -> Result<()> {
    let into = metadata::root().join("target/models");
    let names: Vec<&str> = match names.is_empty() {
        true => test::MODELS.to_vec(),
        false => names.iter().map(String::as_str).collect(),
    };
    models::models(&names, &into)
}
