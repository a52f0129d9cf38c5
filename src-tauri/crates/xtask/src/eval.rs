//! `cargo xtask eval`: answer quality, on the demo company and on whatever question sets there are.

use std::env;
use std::fs;
use std::path::PathBuf;

use crate::Result;
use crate::binary::{cargo, target};
use crate::command::{command, run};
use crate::metadata::root;
use crate::models;
use crate::test::MODELS;

/// Runs `chatai eval` on the demo company, on the folders named, else on those in `CHATAI_DATA_SETS`.
pub fn eval(arguments: &[String]) -> Result<()> {
    if let [flag, folder] = arguments
        && flag == "--documents"
    {
        return documents(folder);
    }
    let models_folder = root().join("target/models");
    models::models(MODELS, &models_folder)?;
    // Speed counts here, the minutes of linking with LTO do not.
    let features = ["--no-default-features", "--features", "candle"];
    run(cargo()
        .args(["build", "--profile", "bench", "--locked", "-p", "chatai"])
        .args(features))?;
    let program = target().join("release").join("chatai");
    let mut folders: Vec<PathBuf> = arguments.iter().map(PathBuf::from).collect();
    if folders.is_empty() {
        folders.push(root().join("assets/demo"));
        match env::var_os("CHATAI_DATA_SETS") {
            Some(sets) => folders.extend(question_sets(PathBuf::from(sets))?),
            None => {
                println!("CHATAI_DATA_SETS names no folder of question sets: the demo company only")
            }
        }
    }
    for folder in folders {
        run(command(&program)
            .arg("eval")
            .arg(&folder)
            .arg("--models")
            .arg(&models_folder))?;
    }
    Ok(())
}

/// How well documents are read, by the text that is expected of each.
fn documents(folder: &str) -> Result<()> {
    let folder = fs::canonicalize(folder).map_err(|error| format!("{folder}: {error}"))?;
    run(cargo()
        .args(["run", "--profile", "bench", "--locked", "-p", "extract"])
        .args(["--example", "score", "--"])
        .arg(folder))
}

/// The folders under `sets` that hold a question set, by name.
fn question_sets(sets: PathBuf) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(&sets)? {
        let folder = entry?.path();
        if folder.join("corpus.jsonl").exists() && folder.join("qrels.tsv").exists() {
            found.push(folder);
        }
    }
    found.sort();
    Ok(found)
}
