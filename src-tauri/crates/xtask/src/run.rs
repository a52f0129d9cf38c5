//! `cargo xtask run`: from a fresh clone to an answer on the screen.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::Result;
use crate::binary::{self, Shape};
use crate::command::run as run_command;
use crate::system;
use crate::{models, web};

/// The model that finds passages by meaning.
const EMBEDDER: &str = "multilingual-e5-small";

/// Installs, builds, fetches, and starts with the demo company; stays until Ctrl-C.
pub fn run(arguments: &[String]) -> Result<()> {
    let wish = Wish::of(arguments)?;
    system::install(system::BUILD)?;
    let shape = match wish.headless || !system::has_display() || !system::has_window_packages() {
        true => Shape::Headless,
        false => Shape::Desktop,
    };
    if shape == Shape::Desktop {
        system::install(system::WINDOW)?;
    }
    let node = system::node()?;
    web::packages(&node)?;
    web::build(&node)?;
    if let Err(error) = models::models(&[EMBEDDER], &wish.data.join("models")) {
        println!(
            "The embedding model could not be had: {error}. Everything works on keywords without it."
        );
    }
    let program = binary::at_once(shape)?;
    println!("\nStarting {}", program.display());
    run_command(
        Command::new(program)
            .arg("demo")
            .arg("--data")
            .arg(&wish.data)
            .args(&wish.rest),
    )
}

struct Wish {
    data: PathBuf,
    headless: bool,
    rest: Vec<String>,
}

impl Wish {
    fn of(arguments: &[String]) -> Result<Wish> {
        let mut data = env::var_os("CHATAI_DATA").map(PathBuf::from);
        let mut headless = false;
        let mut rest = Vec::new();
        let mut left = arguments.iter();
        while let Some(argument) = left.next() {
            match argument.as_str() {
                "--headless" => headless = true,
                "--data" => data = Some(left.next().ok_or("--data needs a folder")?.into()),
                "--" => rest.extend(left.by_ref().cloned()),
                other => return Err(format!("unknown argument {other}").into()),
            }
        }
        let data = match data {
            Some(data) => env::current_dir()?.join(data),
            None => usual_data_folder().ok_or("no home folder: say --data DIR")?,
        };
        Ok(Wish {
            data,
            headless,
            rest,
        })
    }
}

/// The same folder that the program itself takes when it is told none.
fn usual_data_folder() -> Option<PathBuf> {
    let from = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    match env::consts::OS {
        "windows" => Some(from("APPDATA")?.join("ChatAI").join("data")),
        "macos" => Some(from("HOME")?.join("Library/Application Support/ChatAI")),
        _ => Some(
            from("XDG_DATA_HOME")
                .or_else(|| Some(from("HOME")?.join(".local/share")))?
                .join("chatai"),
        ),
    }
}
