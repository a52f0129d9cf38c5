//! `cargo xtask fuzz [TARGET…]`: the fuzz targets of `extract`, each for a while on seeds that the tests' documents
//! make. Needs `cargo install cargo-fuzz` and a C++ compiler; `RUSTC_BOOTSTRAP` makes the compiler of the house
//! do, where cargo-fuzz would ask for a nightly one.

use std::env;
use std::fs;
use std::path::Path;

use crate::Result;
use crate::binary::cargo;
use crate::command::run;
use crate::metadata::root;

/// Runs the targets that are named, else all of them.
pub fn fuzz(names: &[String]) -> Result<()> {
    let folder = root().join("src-tauri/crates/extract/fuzz");
    let names = match names.is_empty() {
        true => targets(&folder.join("targets"))?,
        false => names.to_vec(),
    };
    let seconds = env::var("CHATAI_FUZZ_SECONDS").unwrap_or_else(|_| "180".to_owned());
    let seeds = folder.join("corpus/seeds");
    run(cargo()
        .args([
            "test",
            "--locked",
            "-p",
            "extract",
            "--test",
            "it",
            "--",
            "seeds_are_written",
        ])
        .env("CHATAI_SEEDS", &seeds))?;
    for name in names {
        let found = folder.join("corpus").join(&name);
        fs::create_dir_all(&found)?;
        run(cargo()
            .current_dir(&folder)
            // Ours is safe code: panics, endless loops and memory are looked for, not wild pointers.
            .args(["fuzz", "run", "--sanitizer", "none", &name])
            .arg(&found)
            .arg(seeds.join(&name))
            .args(["--", "-timeout=20", "-rss_limit_mb=1024", "-max_len=65536"])
            .arg(format!("-max_total_time={seconds}"))
            .env("RUSTC_BOOTSTRAP", "1"))?;
    }
    Ok(())
}

fn targets(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        names.extend(
            path.file_stem()
                .map(|name| name.to_string_lossy().into_owned()),
        );
    }
    names.sort();
    Ok(names)
}
