//! Commands and their exit codes.

use std::fs;
use std::io::pipe;
use std::process::Stdio;

use crate::program::{Program, Ran, demo_files};

const QUESTION: &str = "How much is the large inspection?";

#[test]
fn a_document_is_read_found_and_quoted_with_its_page() {
    let program = Program::new();
    let leaflet = demo_files().join("Workshop leaflet.pdf");
    program
        .run(&["ingest", leaflet.to_str().unwrap()])
        .ended_with(0);
    let told = program
        .run(&["ask", "--json", "--trace", QUESTION])
        .ended_with(0)
        .json();
    assert!(
        told["answer"].as_str().unwrap().contains("89 euros"),
        "{told}"
    );
    assert_eq!(told["citations"][0]["page"], 1);
    assert!(
        told["citations"][0]["quote"]
            .as_str()
            .unwrap()
            .contains("89 euros")
    );
    assert!(!told["trace"]["steps"].as_array().unwrap().is_empty());
    let found = program
        .run(&["search", "--json", "large inspection"])
        .ended_with(0)
        .json();
    assert!(
        found["hits"][0]["passage"]["text"]
            .as_str()
            .unwrap()
            .contains("89 euros"),
        "{found}"
    );
    program.run(&["reindex"]).ended_with(0);
    program.run(&["doctor", "--deep"]).ended_with(0);
    let audit = program.run(&["audit", "verify"]).ended_with(0).text();
    assert!(audit.contains("whole"), "{audit}");
}

#[test]
fn what_the_documents_do_not_say_is_refused_and_the_shell_is_told() {
    let program = Program::new();
    let leaflet = demo_files().join("Workshop leaflet.pdf");
    program
        .run(&["ingest", leaflet.to_str().unwrap()])
        .ended_with(0);
    let told = program
        .run(&[
            "ask",
            "--json",
            "Which blood pressure medicine do you recommend?",
        ])
        .ended_with(3)
        .json();
    assert_eq!(told["outcome"], "refused");
}

#[test]
fn a_document_that_cannot_be_read_is_named_and_the_others_are_kept() {
    let program = Program::new();
    let folder = program.beside("documents");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("good.txt"), "The yard opens at seven.").unwrap();
    fs::write(
        folder.join("bad.pdf"),
        "%PDF-1.7 and then nothing of the kind",
    )
    .unwrap();
    let told = program
        .run(&["ingest", "--json", folder.to_str().unwrap()])
        .ended_with(3)
        .json();
    assert_eq!(told["failed"], 1, "{told}");
    let again = program
        .run(&[
            "ingest",
            "--json",
            folder.join("good.txt").to_str().unwrap(),
        ])
        .ended_with(0)
        .json();
    assert_eq!(again["documents"][0]["known"], true, "{again}");
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_left_alone_in_a_folder_and_refused_by_name() {
    let program = Program::new();
    let folder = program.beside("documents");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("good.txt"), "The yard opens at seven.").unwrap();
    let socket = folder.join("socket.txt");
    let _listening = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let told = program
        .run(&["ingest", "--json", folder.to_str().unwrap()])
        .ended_with(0)
        .json();
    assert_eq!(told["documents"].as_array().unwrap().len(), 1, "{told}");
    let refused = program.run(&["ingest", socket.to_str().unwrap()]);
    let said = refused.ended_with(1).complaint();
    assert!(said.contains("neither a file nor a folder"), "{said}");
}

#[test]
fn a_backup_gives_the_same_answer_somewhere_else() {
    let program = Program::new();
    let leaflet = demo_files().join("Workshop leaflet.pdf");
    program
        .run(&["ingest", leaflet.to_str().unwrap()])
        .ended_with(0);
    let before = program
        .run(&["ask", "--json", QUESTION])
        .ended_with(0)
        .json();
    let file = program.beside("all.chatai-backup");
    program
        .run(&["backup", file.to_str().unwrap()])
        .ended_with(0);
    let elsewhere = Program::new();
    elsewhere
        .run(&["restore", "--verify", file.to_str().unwrap()])
        .ended_with(0);
    elsewhere
        .run(&["restore", file.to_str().unwrap()])
        .ended_with(0);
    let after = elsewhere
        .run(&["ask", "--json", QUESTION])
        .ended_with(0)
        .json();
    assert_eq!(before["answer"], after["answer"]);
    fs::write(&file, "not a backup").unwrap();
    elsewhere
        .run(&["restore", file.to_str().unwrap()])
        .ended_with(1);
    elsewhere.run(&["ask", QUESTION]).ended_with(0);
}

#[test]
fn people_are_made_listed_and_given_new_passwords() {
    let program = Program::new();
    let create = [
        "admin",
        "create-owner",
        "--email",
        "Ann@Example.com",
        "--password",
        "a long enough one",
    ];
    program.run(&create).ended_with(0);
    let list = program
        .run(&["admin", "list", "--json"])
        .ended_with(0)
        .json();
    assert_eq!(list[0]["email"], "ann@example.com");
    assert_eq!(list[0]["role"], "owner");
    program.run(&create).ended_with(1);
    program
        .run(&[
            "admin",
            "reset-password",
            "ann@example.com",
            "--password",
            "another long one",
        ])
        .ended_with(0);
    program
        .run(&[
            "admin",
            "reset-password",
            "ann@example.com",
            "--password",
            "short",
        ])
        .ended_with(1);
    program
        .run(&[
            "admin",
            "reset-password",
            "bob@example.com",
            "--password",
            "another long one",
        ])
        .ended_with(1);
    let looked = program
        .run(&["admin", "cleanup", "--dry-run", "--json"])
        .ended_with(0)
        .json();
    assert_eq!(looked["removed"], false);
    assert_eq!(looked["files"], 0);
    let cleaned = program.run(&["admin", "cleanup"]).ended_with(0);
    assert!(cleaned.text().contains("sessions"), "{}", cleaned.text());
    let code = program
        .run(&["admin", "recovery-code"])
        .ended_with(0)
        .text();
    let code = code.lines().find(|line| line.trim().len() == 34).unwrap();
    program
        .run(&["admin", "open-secrets", code.trim()])
        .ended_with(0);
    program
        .run(&["admin", "open-secrets", "ABCD"])
        .ended_with(1);
    program.run(&["admin", "rotate-key"]).ended_with(0);
}

#[test]
fn a_question_set_is_measured() {
    let program = Program::new();
    let set = program.beside("set");
    fs::create_dir(&set).unwrap();
    let corpus = [
        r#"{"_id": "d1", "title": "", "text": "The lighthouse keeper lights the lamp at dusk."}"#,
        r#"{"_id": "d2", "title": "", "text": "Bread is baked with flour, water, salt and yeast."}"#,
        r#"{"_id": "d3", "title": "", "text": ""}"#,
    ];
    fs::write(set.join("corpus.jsonl"), corpus.join("\n")).unwrap();
    fs::write(
        set.join("queries.jsonl"),
        r#"{"_id": "q1", "text": "when is the lamp lit"}"#,
    )
    .unwrap();
    fs::write(
        set.join("qrels.tsv"),
        "query-id\tcorpus-id\tscore\nq1\td1\t1\n",
    )
    .unwrap();
    let told = program
        .run(&["eval", "--json", "--embedder", "", set.to_str().unwrap()])
        .ended_with(0)
        .json();
    assert_eq!(told["documents"], 2);
    assert_eq!(told["search by words"]["nDCG@10"], 1.0, "{told}");
    let qa = [
        r#"{"question": "When is the lamp lit?", "context_doc_id": "d1", "answers": ["dusk"]}"#,
        r#"{"question": "What is bread baked with?", "context_doc_id": "d2", "answers": ["flour"]}"#,
    ];
    fs::write(set.join("qa.jsonl"), qa.join("\n")).unwrap();
    let half = [
        "eval",
        "--half",
        "--json",
        "--embedder",
        "",
        set.to_str().unwrap(),
    ];
    let told = program.run(&half).ended_with(0).json();
    assert_eq!(told["documents"], 1);
    assert_eq!(told["answers"]["answerable"], 1, "{told}");
    assert_eq!(told["answers"]["rightly refused"], 1.0, "{told}");
    assert!(
        !program.data().exists(),
        "an evaluation touches nobody's data"
    );
}

#[test]
fn the_demo_company_is_loaded_and_answers() {
    let program = Program::new();
    let told = program.run(&["demo", "--only"]).ended_with(0).text();
    assert!(told.contains("six and a half hours"), "{told}");
    assert!(told.contains("page 3"), "{told}");
}

#[test]
fn a_wrong_command_is_told_apart_from_a_failure() {
    let program = Program::new();
    program.run(&["no-such-command"]).ended_with(2);
    // A switch's variable is read as people write it, and anything else is said to be wrong.
    let told = |value| {
        let mut contract = program.command(&["openapi"]);
        let contract = contract.env_remove("CHATAI_KEY_FILE");
        Ran::of(contract.env("CHATAI_KEY_IN_DATA", value))
    };
    told("1").ended_with(0);
    told("off").ended_with(0);
    told("perhaps").ended_with(2);
    program
        .run(&["ingest", program.beside("missing.txt").to_str().unwrap()])
        .ended_with(1);
    program.run(&["healthcheck"]).ended_with(1);
    let contract = program.run(&["openapi"]).ended_with(0).json();
    assert!(contract["paths"].is_object());
}

#[cfg(unix)]
#[test]
fn a_data_folder_in_use_is_said_to_be() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let program = Program::new();
    let mut command = program.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut server = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    assert!(
        lines
            .next()
            .unwrap()
            .unwrap()
            .starts_with("ChatAI serves http://127.0.0.1:")
    );
    assert!(
        lines.next().unwrap().unwrap().contains("/enter#"),
        "the first owner gets a link"
    );
    program.run(&["healthcheck"]).ended_with(0);
    let refused = program.run(&["ask", QUESTION]).ended_with(4);
    assert!(
        refused
            .complaint()
            .contains("already running on this data folder"),
        "{}",
        refused.complaint()
    );
    server.kill().unwrap();
    server.wait().unwrap();
    program.run(&["doctor"]).ended_with(0);
}

#[test]
fn a_command_whose_reader_has_gone_ends_quietly() {
    let program = Program::new();
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let ran = program
        .command(&["doctor"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(141));
    assert_eq!(String::from_utf8(ran.stderr).unwrap(), "");
}

#[test]
fn a_file_before_a_command_is_refused_and_nothing_is_done() {
    let program = Program::new();
    let note = program.beside("note.txt");
    fs::write(&note, "The yard opens at seven.").unwrap();
    let told = program
        .run(&[note.to_str().unwrap(), "doctor"])
        .ended_with(2)
        .complaint();
    assert!(told.contains("a command comes first"), "{told}");
    assert!(!program.data().join("chatai.db").exists());
}
