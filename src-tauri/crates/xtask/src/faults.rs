//! `cargo xtask faults`: the faults of reliability.md and the rules of telegram.md at full size, and their figures in
//! a table.
//!
//! The tests themselves stand with the rooms they try and run with a few rounds in `cargo xtask test`; here
//! they get all of them.

use std::env;
use std::process::{Command, Stdio};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::Result;
use crate::binary::{Shape, cargo};
use crate::command::run_seen;
use crate::metadata::root;

/// A fault: its name, the package whose tests try it, and how their names begin.
type Fault = (&'static str, &'static str, &'static [&'static str]);

const FAULTS: &[Fault] = &[
    ("R1", "chatai", &["talking::killed_while_bots_talk"]),
    ("R2", "chatai", &["points::"]),
    ("R3", "chatai", &["kill::killed_while_it_reads"]),
    ("R5", "chatai", &["broken_disk::"]),
    (
        "R6",
        "search",
        &["surviving::damage_anywhere", "surviving::many_passages"],
    ),
    (
        "R6",
        "chatai",
        &["damaged::a_damaged_index", "damaged::a_large_index"],
    ),
    ("R7", "chatai", &["damaged::a_database"]),
    (
        "R8",
        "store",
        &["backup::a_backup_under_load", "backup::a_gibibyte"],
    ),
    ("R9", "telegram", &["outages::r9", "storms::r9"]),
    ("R10", "telegram", &["outages::r10", "storms::r10"]),
    ("R14", "store", &["migrate::tests::"]),
    ("R14", "chatai", &["versions::data_of_every_schema"]),
    ("R15", "chatai", &["versions::newer_data"]),
    ("R18", "chatai", &["crowded::with_few_open_files"]),
    ("R19", "chatai", &["crowded::a_second_program"]),
    ("R20", "telegram", &["storms::r20"]),
    // Telegram's own rules (telegram.md).
    ("T5", "telegram", &["connections::t5"]),
    ("T23", "telegram", &["secrets::t23"]),
    ("T23", "chatai", &["tokens::planted_tokens"]),
    ("T24", "telegram", &["sending::t24"]),
    ("A3", "telegram", &["streaming::a3"]),
    ("A5", "telegram", &["crowd::a5"]),
    ("F1", "telegram", &["split::tests::random_answers"]),
    ("F2", "telegram", &["split::tests::naughty", "strings::f2"]),
];

/// What the terminal is told when the arguments make no sense.
const USAGE: &str = "faults [--rounds N] [--seed N] [--release] [NAME…]";

struct Told {
    names: Vec<String>,
    rounds: String,
    seed: u64,
    profile: &'static [&'static str],
}

/// Runs the faults that are named, all when none is, and prints their figures. An error when any failed.
pub fn faults(arguments: &[String]) -> Result<()> {
    let told = told(arguments)?;
    println!("seed {}, rounds {}", told.seed, told.rounds);
    let mut figures = Vec::new();
    let mut failed = Vec::new();
    for (name, package, tests) in FAULTS {
        let is_wanted = told.names.is_empty() || told.names.iter().any(|told| told == name);
        if !is_wanted {
            continue;
        }
        println!("\n== {name}, {package}");
        let begun = Instant::now();
        let mut met = 0;
        let ran = run_seen(&mut command(&told, package, tests), |line| {
            if let Some(figure) = figure(line) {
                figures.push(figure);
            }
            met += usize::from(line == "ok" || line.ends_with(" ... ok"));
        });
        let seconds = begun.elapsed().as_secs();
        let took = format!("{seconds} s, {met} tests");
        figures.push([(*name).to_owned(), format!("({package})"), took]);
        if let Err(error) = ran {
            println!("{name}: {error}");
            failed.push(*name);
        }
    }
    print_table(&figures);
    match failed.is_empty() {
        true => Ok(()),
        false => Err(format!("failed: {}; seed {}", failed.join(", "), told.seed).into()),
    }
}

fn told(arguments: &[String]) -> Result<Told> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let mut told = Told {
        names: Vec::new(),
        rounds: "full".to_owned(),
        seed: now.as_secs(),
        profile: &[],
    };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--rounds" => told.rounds = words.next().ok_or(USAGE)?.parse::<u64>()?.to_string(),
            "--seed" => told.seed = words.next().ok_or(USAGE)?.parse()?,
            "--release" => told.profile = &["--release"],
            name if FAULTS.iter().any(|(fault, ..)| *fault == name) => {
                told.names.push(name.to_owned());
            }
            _ => return Err(USAGE.into()),
        }
    }
    Ok(told)
}

fn command(told: &Told, package: &str, tests: &[&str]) -> Command {
    let mut command = cargo();
    // The whole workspace, so that it is the build of `cargo xtask test`: names choose the tests.
    command
        .args(["test", "--workspace", "--locked"])
        .args(told.profile)
        .args(Shape::for_tests().features());
    match package {
        // What is pure in there is tried inside the room.
        "store" | "telegram" => command.args(["--lib", "--test", "it"]),
        _ => command.args(["--test", "it"]),
    };
    command
        .args(["--", "--nocapture", "--test-threads=1"])
        .args(tests)
        .stderr(Stdio::inherit());
    let models = env::var_os("CHATAI_TEST_MODELS")
        .unwrap_or_else(|| root().join("target/models").into_os_string());
    command
        .env("CHATAI_ROUNDS", &told.rounds)
        .env("CHATAI_SEED", told.seed.to_string())
        .env("CHATAI_TEST_MODELS", models);
    command
}

/// `figure: R3 | kills | 300`, which the tests print.
fn figure(line: &str) -> Option<[String; 3]> {
    let (_, told) = line.split_once("figure: ")?;
    let mut cells = told.splitn(3, " | ").map(|cell| cell.trim().to_owned());
    Some([cells.next()?, cells.next()?, cells.next()?])
}

fn print_table(rows: &[[String; 3]]) {
    println!("\n| fault | what | figure |\n|---|---|---|");
    for [fault, what, value] in rows {
        println!("| {fault} | {what} | {value} |");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_read_wherever_it_stands_in_a_line() {
        let line = "test kill ... figure: R3 | kills | 300";
        assert_eq!(figure(line).unwrap(), ["R3", "kills", "300"]);
        assert_eq!(figure("test kill ... ok"), None);
    }

    #[test]
    fn what_is_no_fault_is_refused() {
        assert!(told(&["R99".to_owned()]).is_err());
        assert!(told(&["--rounds".to_owned()]).is_err());
        let one = ["R3", "--rounds", "7", "--seed", "5"].map(str::to_owned);
        let told = told(&one).unwrap();
        assert_eq!(
            (told.names, told.rounds, told.seed),
            (vec!["R3".to_owned()], "7".to_owned(), 5)
        );
    }
}
