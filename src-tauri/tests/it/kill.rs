//! The program is killed at random moments while it reads and while it answers; afterwards nothing is lost,
//! nothing is done twice, nothing is damaged (reliability.md R3 and I2, I3, I5, I6).

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use crate::holding;
use crate::program::{Program, demo_files};
use crate::rounds::{Chance, figure, is_full, rounds};

/// New documents for each round, so that there is always something to read.
const NEW_EACH_ROUND: u64 = 6;
/// Every so many rounds everything left is finished and counted.
const SETTLE: u64 = 10;
const QUESTION: &str = "How much is the large inspection?";

#[test]
fn killed_at_random_moments_it_loses_and_doubles_nothing() {
    let rounds = rounds(6, 100);
    let mut chance = Chance::told();
    let program = Program::new();
    let folder = program.beside("documents");
    fs::create_dir(&folder).unwrap();
    copy_demo(&folder);
    let mut questions = 0;
    for round in 0..rounds {
        for number in 0..NEW_EACH_ROUND {
            let paragraphs = 20 + chance.below(200);
            let name = format!("note-{round}-{number}.txt");
            write_note(&folder.join(name), paragraphs, &mut chance);
        }
        let reads = chance.below(3) > 0;
        let mut running = match reads {
            true => start(&program, &["ingest", folder.to_str().unwrap()]),
            false => start(&program, &["ask", QUESTION]),
        };
        questions += u64::from(!reads);
        let survived = die(&mut running, chance.below(1_500));
        println!(
            "round {round}: {} {}",
            if reads { "reading" } else { "answering" },
            if survived { "had ended" } else { "killed" }
        );
        holding::is_sound(&program, &format!("round {round}"));
        if round % SETTLE == SETTLE - 1 || round == rounds - 1 {
            settled(&program, &folder, questions);
            // The one that is asked there.
            questions += 1;
        }
    }
    figure("kill", "kills while reading and answering", rounds);
}

/// Lets everything left be done, then counts.
fn settled(program: &Program, folder: &Path, questions: u64) {
    let numbers = holding::is_settled(program, "the kills");
    assert!(
        // Killed before there was an owner, it has nothing to count.
        numbers["questions"].as_u64().unwrap_or_default() <= questions,
        "no question is there twice: {numbers}"
    );
    program
        .run(&["ingest", folder.to_str().unwrap()])
        .ended_with(0);
    let numbers = holding::is_settled(program, "reading everything again");
    let files = fs::read_dir(folder).unwrap().count();
    assert_eq!(numbers["documents"], files, "every file is one document");
    program.run(&["ask", QUESTION]).ended_with(0);
    println!("settled: {numbers}");
}

/// Documents of one reading in R3.
const MIXED: u64 = 200;

#[test]
fn killed_while_it_reads_many_documents_it_finishes_them_at_the_next_start() {
    let kills = rounds(4, 300);
    let documents = if is_full() { MIXED } else { 40 };
    let mut chance = Chance::told();
    let (mut killed, mut readings) = (0, 0_u64);
    let mut open_at_a_start = 0;
    while killed < kills {
        readings += 1;
        let program = Program::new();
        let folder = program.beside("documents");
        fs::create_dir(&folder).unwrap();
        write_mixed(&folder, documents, &mut chance);
        loop {
            let mut running = start(&program, &["ingest", folder.to_str().unwrap()]);
            let survived = die(&mut running, 50 + chance.below(1_200));
            if survived {
                break;
            }
            killed += 1;
            holding::is_sound(&program, &format!("kill {killed}"));
            let told = program.run(&["doctor", "--deep", "--json"]).json();
            open_at_a_start += told["numbers"]["documents_open"].as_u64().unwrap_or(0);
            if killed == kills {
                break;
            }
        }
        // What was taken in is finished without being asked for; what was not is taken in once.
        holding::is_settled(&program, "the kills");
        program
            .run(&["ingest", folder.to_str().unwrap()])
            .ended_with(0);
        let numbers = holding::is_settled(&program, "the last reading");
        assert_eq!(numbers["documents"], documents, "each file is one document");
        println!("reading {readings}: {killed} kills so far");
    }
    figure("R3", "kills while reading mixed documents", killed);
    figure("R3", "documents of a reading", documents);
    figure("R3", "readings from nothing", readings);
    figure(
        "R3",
        "documents cut off and finished later",
        open_at_a_start,
    );
    figure("R3", "documents lost or doubled", 0);
}

/// Waits so many milliseconds and kills it; true when it had ended before.
fn die(running: &mut Child, after: u64) -> bool {
    // The one place where a test waits for time to pass: the moment of death is what is tried here.
    thread::sleep(Duration::from_millis(after));
    let survived = running.try_wait().unwrap().is_some();
    running.kill().unwrap();
    running.wait().unwrap();
    survived
}

fn start(program: &Program, arguments: &[&str]) -> Child {
    let mut command = program.command(arguments);
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The demo company's files, as they are.
pub fn copy_demo(folder: &Path) {
    for entry in fs::read_dir(demo_files()).unwrap() {
        let file = entry.unwrap().path();
        fs::copy(&file, folder.join(file.file_name().unwrap())).unwrap();
    }
}

fn write_note(path: &Path, paragraphs: u64, chance: &mut Chance) {
    let text: Vec<String> = (0..paragraphs)
        .map(|at| {
            format!(
                "Paragraph {at} of this note says {}.",
                chance.below(1_000_000)
            )
        })
        .collect();
    fs::write(path, text.join("\n\n")).unwrap();
}

/// So many documents: the demo company's PDF, DOCX, XLSX, MD and HTML, and texts, tables and pages made up.
pub fn write_mixed(folder: &Path, documents: u64, chance: &mut Chance) {
    copy_demo(folder);
    let there = fs::read_dir(folder).unwrap().count() as u64;
    for number in there..documents {
        let told = chance.below(1_000_000);
        match number % 4 {
            0 => write_note(
                &folder.join(format!("note-{number}.txt")),
                10 + chance.below(80),
                chance,
            ),
            1 => {
                let rows: Vec<String> = (0..20 + chance.below(100))
                    .map(|row| format!("part {row},{},in stock", told + row))
                    .collect();
                let table = format!("name,price,state\n{}\n", rows.join("\n"));
                fs::write(folder.join(format!("parts-{number}.csv")), table).unwrap();
            }
            2 => {
                let page = format!(
                    "<html><head><title>Page {number}</title></head><body><h1>Part {number}</h1>\
                     <p>Part {number} costs {told} euros and is kept on shelf {}.</p></body></html>",
                    told % 97
                );
                fs::write(folder.join(format!("page-{number}.html")), page).unwrap();
            }
            _ => {
                let text = format!(
                    "# Guide {number}\n\n## Price\n\nIt costs {told} euros.\n\n## Care\n\nOil it.\n"
                );
                fs::write(folder.join(format!("guide-{number}.md")), text).unwrap();
            }
        }
    }
}
