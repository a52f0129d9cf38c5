//! The program is killed at random moments while it reads and while it answers; afterwards nothing is lost,
//! nothing is done twice, nothing is damaged (reliability.md I2, I3, I5, I6).

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use crate::program::{Program, demo_files};

/// Rounds of a usual test run; `CHATAI_KILLS` tells another number.
const ROUNDS: u64 = 6;
/// New documents for each round, so that there is always something to read.
const NEW_EACH_ROUND: u64 = 6;
/// Every so many rounds everything left is finished and counted.
const SETTLE: u64 = 10;
const QUESTION: &str = "How much is the large inspection?";

#[test]
fn killed_at_random_moments_it_loses_and_doubles_nothing() {
    let rounds = env::var("CHATAI_KILLS")
        .ok()
        .and_then(|told| told.parse().ok())
        .unwrap_or(ROUNDS);
    let seed = env::var("CHATAI_SEED")
        .ok()
        .and_then(|told| told.parse().ok())
        .unwrap_or_else(|| u64::from(std::process::id()));
    println!("CHATAI_SEED={seed} CHATAI_KILLS={rounds}");
    let mut chance = Chance(seed);
    let program = Program::new();
    let folder = program.beside("documents");
    fs::create_dir(&folder).unwrap();
    for entry in fs::read_dir(demo_files()).unwrap() {
        let file = entry.unwrap().path();
        fs::copy(&file, folder.join(file.file_name().unwrap())).unwrap();
    }
    let mut questions = 0;
    for round in 0..rounds {
        write_new(&folder, round, &mut chance);
        let reads = chance.below(3) > 0;
        let mut running = match reads {
            true => start(&program, &["ingest", folder.to_str().unwrap()]),
            false => start(&program, &["ask", QUESTION]),
        };
        questions += u64::from(!reads);
        // The one place where a test waits for time to pass: the moment of death is what is tried here.
        thread::sleep(Duration::from_millis(chance.below(1_500)));
        let survived = running.try_wait().unwrap().is_some();
        running.kill().unwrap();
        running.wait().unwrap();
        println!(
            "round {round}: {} {}",
            if reads { "reading" } else { "answering" },
            if survived { "had ended" } else { "killed" }
        );
        program.run(&["doctor", "--deep"]).ended_with(0);
        if round % SETTLE == SETTLE - 1 || round == rounds - 1 {
            settled(&program, &folder, questions);
            // The one that is asked there.
            questions += 1;
        }
    }
}

/// Lets everything left be done, then counts.
fn settled(program: &Program, folder: &PathBuf, questions: u64) {
    let told = program
        .run(&["doctor", "--deep", "--settle", "--json"])
        .ended_with(0)
        .json();
    let numbers = &told["numbers"];
    assert_eq!(
        numbers["documents_open"], 0,
        "every document is ready in the end: {told}"
    );
    assert_eq!(
        numbers["questions_unanswered"], 0,
        "every question is answered: {told}"
    );
    assert_eq!(
        numbers["answers_to_nothing"], 0,
        "no question is answered twice: {told}"
    );
    assert!(
        numbers["questions"].as_u64().unwrap() <= questions,
        "no question is there twice: {told}"
    );
    program
        .run(&["ingest", folder.to_str().unwrap()])
        .ended_with(0);
    let told = program
        .run(&["doctor", "--deep", "--settle", "--json"])
        .ended_with(0)
        .json();
    let files = fs::read_dir(folder).unwrap().count();
    assert_eq!(
        told["numbers"]["documents"], files,
        "every file is one document: {told}"
    );
    program.run(&["ask", QUESTION]).ended_with(0);
    println!("settled: {}", told["numbers"]);
}

fn start(program: &Program, arguments: &[&str]) -> Child {
    let mut command = program.command(arguments);
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn write_new(folder: &Path, round: u64, chance: &mut Chance) {
    for number in 0..NEW_EACH_ROUND {
        let paragraphs = 20 + chance.below(200);
        let text: Vec<String> = (0..paragraphs)
            .map(|at| {
                format!(
                    "Paragraph {at} of note {number} in round {round} says {}.",
                    chance.below(1_000_000)
                )
            })
            .collect();
        fs::write(
            folder.join(format!("note-{round}-{number}.txt")),
            text.join("\n\n"),
        )
        .unwrap();
    }
}

/// Chance that can be had again by its seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
