//! Few open files (reliability.md R18), and a second program on one data folder (R19).

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::holding;
use crate::kill::copy_demo;
use crate::operations::{EMAIL, PASSWORD};
use crate::program::{Program, Ran, spread};
use crate::rounds::{figure, rounds};
use crate::web::{Client, Served};

#[test]
fn with_few_open_files_it_serves_and_tells_the_rest_to_come_back() {
    for limit in [256, 1_024] {
        crowded(limit);
    }
}

fn crowded(limit: u32) {
    let program = Program::new();
    let folder = program.beside("documents");
    fs::create_dir(&folder).unwrap();
    copy_demo(&folder);
    program
        .run(&["ingest", folder.to_str().unwrap()])
        .ended_with(0);
    let password = ["admin", "reset-password", EMAIL, "--password", PASSWORD];
    program.run(&password).ended_with(0);

    let serve = program.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut limited = Command::new("sh");
    limited.args(["-c", &format!("ulimit -n {limit}; exec \"$0\" \"$@\"")]);
    crate::strace::prefix(&mut limited, &serve);
    let served = Served::start(&program, &mut limited);
    let mut client = served.signed_in(EMAIL, PASSWORD).unwrap();

    // Listeners until there is no room for more; then some more of them.
    let mut listeners = Vec::new();
    let (mut refused, mut told) = (0, String::new());
    while refused < 20 {
        assert!(
            listeners.len() < limit as usize,
            "{limit}: nobody is refused"
        );
        match client.listen("/api/events").unwrap() {
            (200, _, stream) => listeners.push(stream),
            (503, head, _) => {
                refused += 1;
                told = head;
            }
            (status, ..) => panic!("{limit}: {status}"),
        }
    }
    assert!(told.contains("retry-after"), "{told}");
    // Uploads that are stuck half way take their places; one more is told to come back.
    let mut halves = Vec::new();
    let refused_uploads = loop {
        assert!(halves.len() < 200, "{limit}: no upload is refused");
        let half = client.half_an_upload("half.txt", &[b'x'; 4_096]).unwrap();
        halves.push(half);
        let reply = client.upload("whole.txt", b"A whole one.").unwrap();
        if reply.status == 503 {
            break halves.len();
        }
        assert_eq!(reply.status, 202, "{}", reply.body);
    };
    // Meanwhile everything else works, and documents are read.
    for _ in 0..20 {
        assert_eq!(client.get("/api/documents").unwrap().status, 200);
        assert_eq!(client.get("/api/ready").unwrap().status, 200);
    }
    let answered = ask(&mut client, "How much is the large inspection?", "89 euros");
    assert!(answered.contains("89 euros"), "{answered}");
    let (listening, uploading) = (listeners.len(), halves.len());
    drop(listeners);
    drop(halves);
    let begun = Instant::now();
    loop {
        let (status, ..) = client.listen("/api/events").unwrap();
        if status == 200 {
            break;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "{limit}: no room comes back"
        );
        thread::sleep(Duration::from_millis(50));
    }
    let log = served.complaint();
    assert!(log.contains("few files may be open"), "{limit}: {log}");
    for bad in ["panicked", "unable to open", "Too many open files"] {
        assert!(!log.contains(bad), "{limit}: {log}");
    }
    served.end().ended_with(0);
    holding::is_sound(&program, "few open files");
    figure(
        "R18",
        &format!("{limit} open files: listeners taken"),
        listening,
    );
    figure(
        "R18",
        &format!("{limit} open files: uploads at once"),
        uploading,
    );
    println!("{limit}: upload {refused_uploads} was refused");
}

/// Asks in a new conversation and waits until the messages have `expected` in them, 20 s at most.
pub fn ask(client: &mut Client, question: &str, expected: &str) -> String {
    let assistants = client.get("/api/assistants").unwrap().json();
    let assistant = assistants["items"][0]["id"].clone();
    let begun = client
        .post(
            "/api/conversations",
            &serde_json::json!({ "assistant_id": assistant }),
        )
        .unwrap();
    let id = begun.json()["id"].as_str().unwrap_or_default().to_owned();
    let said = client
        .post(
            &format!("/api/conversations/{id}/messages"),
            &serde_json::json!({ "text": question }),
        )
        .unwrap();
    assert!(said.status < 300, "{}", said.body);
    let begun = Instant::now();
    loop {
        let messages = client
            .get(&format!("/api/conversations/{id}/messages"))
            .unwrap();
        if messages.body.contains(expected) || begun.elapsed() > Duration::from_secs(20) {
            return messages.body;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_second_program_on_the_data_folder_ends_at_once_and_says_who_has_it() {
    let program = Program::new();
    let served = Served::on(&program);
    let pid = served.pid().to_string();
    let starts = rounds(5, 100);
    let mut took = Vec::new();
    for start in 0..starts {
        let commands: [&[&str]; 4] = [
            &["serve", "--listen", "127.0.0.1:0"],
            &["ask", "Anything?"],
            &["doctor"],
            &["restore", "--latest"],
        ];
        let begun = Instant::now();
        let ran: Ran = program.run(commands[start as usize % commands.len()]);
        took.push(begun.elapsed().as_millis());
        let ran = ran.ended_with(4);
        assert!(
            ran.complaint().contains(&format!("process {pid}")),
            "{}",
            ran.complaint()
        );
    }
    assert_eq!(served.client().get("/api/ready").unwrap().status, 200);
    served.end().ended_with(0);
    program.run(&["doctor"]).ended_with(0);
    figure(
        "R19",
        "second starts, each refused naming the process",
        starts,
    );
    figure("R19", "time until it ended", spread(took));
}
