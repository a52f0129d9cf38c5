//! A disk that fails or is full (reliability.md R5): no panic, no damage, a clear sentence, and everything goes
//! on when the disk does.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::holding;
use crate::operations::{EMAIL, PASSWORD, operations};
use crate::program::Program;
use crate::rounds::{Chance, figure, rounds};
use crate::strace::{self, CALLS};
use crate::web::Served;

/// Operations that are swept.
const SWEPT: [&str; 5] = ["ingest", "ask", "reindex", "backup", "restore"];

#[test]
fn a_call_that_fails_ends_in_a_sentence_and_damages_nothing() {
    if !strace::is_here() {
        return;
    }
    // So many of an operation's calls, spread evenly over all it makes; the short test takes one.
    let most = usize::try_from(rounds(1, 500)).unwrap();
    let mut chance = Chance::told();
    let (mut runs, mut met, mut refused) = (0_u64, 0_u64, 0_u64);
    for operation in operations(|name| SWEPT.contains(&name)) {
        let mut faults = Vec::new();
        for (call, made) in operation.calls.into_iter().enumerate() {
            faults.extend((1..=made).map(|number| (call, number)));
        }
        let all = faults.len();
        let runs_wanted = most.min(all);
        let first = chance.below((all / runs_wanted) as u64) as usize;
        let faults = (0..runs_wanted).map(|run| faults[first + run * (all - first) / runs_wanted]);
        for (call, number) in faults {
            let error = ["EIO", "ENOSPC"][chance.below(2) as usize];
            // Once, or for a while.
            let when = [format!("{number}"), format!("{number}..{}", number + 20)];
            let when = &when[chance.below(2) as usize];
            let name = format!("{}: {} {when} {error}", operation.name, CALLS[call]);
            let program = operation.prepared();
            let log = program.beside("strace.log");
            let ran = operation.done(&program, strace::failing(&log, CALLS[call], when, error));
            let complaint = ran.complaint();
            assert!(!complaint.contains("panicked"), "{name}: {complaint}");
            match ran.code() {
                Some(0 | 3) => {}
                Some(_) => {
                    refused += 1;
                    assert!(
                        complaint.contains("chatai: "),
                        "{name}: no sentence: {complaint}"
                    );
                }
                None => panic!("{name}: it was killed: {complaint}"),
            }
            runs += 1;
            met += u64::from(strace::was_met(&log));
            operation.completed(&program, &name);
        }
        println!("{}: {runs} runs so far", operation.name);
    }
    figure("R5", "runs with a failing call", runs);
    figure("R5", "of them: met the failure", met);
    figure("R5", "of them: ended with a sentence", refused);
    figure("R5", "panics, damage, anything lost", 0);
}

/// Longest time from room on the disk to everything done.
const RECOVERY: Duration = Duration::from_secs(30);

#[test]
fn a_full_disk_is_said_people_sign_in_and_read_and_it_goes_on_when_there_is_room() {
    let program = Program::new();
    let Some(disk) = SmallDisk::mounted(&program.data(), "24m") else {
        println!("not run: no right to mount a small disk");
        return;
    };
    let note = program.beside("note.txt");
    fs::write(&note, "The yard opens at seven.").unwrap();
    program
        .run(&["ingest", note.to_str().unwrap()])
        .ended_with(0);
    let password = ["admin", "reset-password", EMAIL, "--password", PASSWORD];
    program.run(&password).ended_with(0);
    let served = Served::on(&program);
    let mut before = served.signed_in(EMAIL, PASSWORD).unwrap();
    let listed = before.get("/api/documents").unwrap().json();
    let document = listed["items"][0]["id"].as_str().unwrap().to_owned();
    let mut said = Vec::new();
    for turn in 0..rounds(1, 10) {
        let ballast = disk.filled();
        let refused = before
            .upload(&format!("more-{turn}.txt"), &[b'x'; 4_096])
            .unwrap();
        assert_eq!(
            (refused.status, refused.json()["code"].as_str()),
            (507, Some("full"))
        );
        said.push(refused.status);
        // Who was signed in still is, and reads; others sign in.
        for client in [&mut before, &mut served.signed_in(EMAIL, PASSWORD).unwrap()] {
            assert_eq!(client.get("/api/documents").unwrap().status, 200);
            let text = client
                .get(&format!("/api/documents/{document}/text"))
                .unwrap();
            assert!(text.body.contains("opens at seven"), "{}", text.body);
            assert_eq!(client.get("/api/status").unwrap().status, 200);
        }
        fs::remove_file(ballast).unwrap();
        let begun = Instant::now();
        let text = format!("The gate {turn} is painted every third spring.");
        let taken = before
            .upload(&format!("gate-{turn}.txt"), text.as_bytes())
            .unwrap();
        assert_eq!(taken.status, 202, "{}", taken.body);
        let id = taken.json()["document"]["id"].as_str().unwrap().to_owned();
        wait_until("a document to be read once there is room", || {
            let read = before.get(&format!("/api/documents/{id}")).unwrap();
            read.json()["state"] == "ready"
        });
        figure(
            "R5",
            "from room on the disk to a document read, ms",
            begun.elapsed().as_millis(),
        );
    }
    assert!(
        !served.complaint().contains("panicked"),
        "{}",
        served.complaint()
    );
    served.end().ended_with(0);
    holding::is_sound(&program, "a full disk");
    holding::is_settled(&program, "a full disk");
    figure("R5", "fillings of the disk of a running server", said.len());
}

#[test]
fn a_disk_that_fills_up_at_any_moment_of_reading_damages_nothing() {
    let mut chance = Chance::told();
    let (mut runs, mut full) = (0, 0);
    for round in 0..rounds(2, 100) {
        let program = Program::new();
        let folder = program.beside("documents");
        fs::create_dir(&folder).unwrap();
        crate::kill::write_mixed(&folder, 20, &mut chance);
        let Some(disk) = SmallDisk::mounted(&program.data(), "24m") else {
            println!("not run: no right to mount a small disk");
            return;
        };
        program.run(&["doctor"]).ended_with(0);
        // Room for a part of it: the disk is full at another write each time.
        let ballast = disk.filled_but(chance.below(6_000_000));
        let ingest = ["ingest", folder.to_str().unwrap()];
        let mut command = program.command(&ingest);
        let mut running = command
            .stdout(Stdio::null())
            .stderr(fs::File::create(program.beside("said")).unwrap())
            .spawn()
            .unwrap();
        // A command waits for room as a server does: it gets it after a while.
        let begun = Instant::now();
        while running.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_secs(4) {
            thread::sleep(Duration::from_millis(20));
        }
        full += u64::from(disk.is_full());
        fs::remove_file(ballast).unwrap();
        let begun = Instant::now();
        while running.try_wait().unwrap().is_none() {
            assert!(
                begun.elapsed() < RECOVERY * 2,
                "round {round}: it does not go on"
            );
            thread::sleep(Duration::from_millis(20));
        }
        let said = fs::read_to_string(program.beside("said")).unwrap();
        assert!(!said.contains("panicked"), "round {round}: {said}");
        holding::is_sound(&program, "a full disk");
        program.run(&ingest).ended_with(0);
        let numbers = holding::is_settled(&program, "a full disk");
        assert_eq!(numbers["documents"], 20, "round {round}");
        runs += 1;
    }
    figure("R5", "readings on a disk that fills up", runs);
    figure("R5", "of them: the disk was full in the end", full);
}

fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < RECOVERY, "waited {RECOVERY:?} for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A disk in memory; gone when dropped.
struct SmallDisk {
    place: PathBuf,
}

impl SmallDisk {
    /// `None` without the right to mount.
    fn mounted(place: &Path, size: &str) -> Option<SmallDisk> {
        fs::create_dir_all(place).unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(place)
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then(|| SmallDisk {
            place: place.to_path_buf(),
        })
    }

    /// Takes all room; the file that does.
    fn filled(&self) -> PathBuf {
        self.filled_but(0)
    }

    /// Takes all room but so many bytes.
    fn filled_but(&self, left: u64) -> PathBuf {
        let path = self.place.join("ballast");
        let mut room = self.room().saturating_sub(left);
        let mut file = fs::File::create(&path).unwrap();
        let piece = vec![0_u8; 64 * 1024];
        while room > 0 {
            let size = room.min(piece.len() as u64) as usize;
            if file.write_all(&piece[..size]).is_err() {
                break;
            }
            room -= size as u64;
        }
        path
    }

    fn is_full(&self) -> bool {
        self.room() < 64 * 1024
    }

    fn room(&self) -> u64 {
        let told = Command::new("df")
            .args(["--output=avail", "-B1"])
            .arg(&self.place)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        told.lines().nth(1).unwrap().trim().parse().unwrap()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a program that was left running by a failing test may still be in it.
        let _ = Command::new("umount").arg("-l").arg(&self.place).status();
    }
}
