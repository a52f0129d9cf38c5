//! `chatai models`: a chat model's file is taken in, tried, chosen, asked and removed.

use std::fs;
use std::path::PathBuf;

use crate::program::Program;

/// The small model that tests use, where there is one.
fn smallest() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("CHATAI_TEST_MODELS")?);
    let file = folder.join("smollm2-135m-instruct/model.gguf");
    let found = file.is_file().then_some(file);
    if found.is_none() {
        println!("not run: CHATAI_TEST_MODELS has no smollm2-135m-instruct");
    }
    found
}

#[test]
fn what_is_no_model_is_refused_in_words() {
    let program = Program::new();
    let file = program.beside("holiday.gguf");
    fs::write(&file, b"JFIF and so on, for long enough").unwrap();
    let told = program.run(&["models", "import", file.to_str().unwrap()]);
    let told = told.ended_with(1).complaint();
    assert!(told.contains("not a GGUF file"), "{told}");
    for command in [["models", "try", "nobody"], ["models", "use", "nobody"]] {
        let told = program.run(&command).ended_with(1).complaint();
        assert!(told.contains("chat model"), "{told}");
    }
    let listed = program.run(&["models", "list", "--json"]).ended_with(0);
    assert_eq!(listed.json()["installed"], serde_json::json!([]));
}

#[test]
fn a_model_is_taken_in_tried_chosen_asked_and_removed() {
    let Some(file) = smallest() else { return };
    let program = Program::new();
    let import = [
        "models",
        "import",
        file.to_str().unwrap(),
        "--name",
        "small",
    ];
    program.run(&import).ended_with(0);
    let again = program.run(&import).ended_with(1).complaint();
    assert!(again.contains("already"), "{again}");

    let tried = program.run(&[
        "models",
        "try",
        "small",
        "What is the capital of France?",
        "--json",
    ]);
    let tried = tried.ended_with(0).json();
    assert!(tried["text"].as_str().unwrap().contains("Paris"), "{tried}");
    assert!(tried["reads"].as_f64().unwrap() > 0.0, "{tried}");

    program.run(&["models", "use", "small"]).ended_with(0);
    let listed = program.run(&["models", "list", "--json"]).ended_with(0);
    let small = &listed.json()["installed"][0];
    assert_eq!(
        (&small["name"], &small["used"]),
        (&"small".into(), &true.into())
    );

    program.run(&["models", "remove", "small"]).ended_with(0);
    let listed = program.run(&["models", "list", "--json"]).ended_with(0);
    assert_eq!(listed.json()["installed"], serde_json::json!([]));
}
