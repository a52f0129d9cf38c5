//! `chatai models …`: the models of this computer, from its own terminal.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use app::models::{Download, Fit, Role};
use app::settings::SettingsChange;
use app::who::Who;
use clap::{Args, Subcommand};
use engine::models::manifest;
use serde_json::{Value, json};

use crate::boot::Boot;
use crate::cli::{print_json, table};
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::local;

/// How often a download says how far it is.
const EVERY: Duration = Duration::from_secs(2);

#[derive(Debug, Subcommand)]
pub enum Models {
    /// List the models that are there and those that can be had
    List(Shown),
    /// Download a model from its publisher; where it was broken off, it goes on
    Download(Named),
    /// Take in a GGUF file of a chat model
    Import(Imported),
    /// Remove a model's files
    Remove(Named),
    /// Let a chat model write a few words, and say how fast it is
    Try(Tried),
    /// Let a model listen to recordings, and say what it hears and how fast it is
    Hear(Listened),
    /// Let a chat model answer for an assistant, another turn voice messages into words, or a reranker put found
    /// passages in order; `none` lets quotes answer again
    Use(Chosen),
    /// Use a model that listens or reranks no longer
    Stop(Named),
}

#[derive(Debug, Args)]
pub struct Shown {
    /// Print the list as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Named {
    /// The model's name
    model: String,
}

#[derive(Debug, Args)]
pub struct Chosen {
    /// The model's name, or `none`
    model: String,
    /// For which assistant [default: the first]
    #[arg(long, value_name = "NAME")]
    assistant: Option<String>,
}

#[derive(Debug, Args)]
pub struct Imported {
    /// The GGUF file
    file: PathBuf,
    /// The name it is to have [default: the file's]
    #[arg(long)]
    name: Option<String>,
}

#[derive(Debug, Args)]
pub struct Tried {
    /// The model's name
    model: String,
    /// What it is to answer
    #[arg(default_value = "Say hello in one short sentence.")]
    text: String,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Listened {
    /// The model's name
    model: String,
    /// The recordings: Ogg, MP3, MP4, AAC or WAV
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Print the results as JSON
    #[arg(long)]
    json: bool,
}

impl Models {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let program = Program::compose(boot).await?;
        let who = local::owner(&program, "My business").await?;
        let ending = match self {
            Models::List(told) => list(&program, &who, &told).await,
            Models::Download(told) => download(&program, &who, &told.model).await,
            Models::Import(told) => import(&program, &who, told).await,
            Models::Remove(told) => remove(&program, &who, &told.model).await,
            Models::Try(told) => try_out(&program, &who, &told).await,
            Models::Hear(told) => hear(&program, &who, told).await,
            Models::Use(told) => choose(&program, &who, &told).await,
            Models::Stop(told) => stop(&program, &who, &told.model).await,
        };
        program.stop().await?;
        ending
    }
}

async fn list(program: &Program, who: &Who, told: &Shown) -> Outcome {
    let models = program.app.models(who).await?;
    let settings = program.app.settings(who).await?;
    let used = [
        &settings.chat_model,
        &settings.embedder,
        &settings.speech_model,
        &settings.reranker,
    ];
    let is_used = |name: &str| used.iter().any(|used| *used == name);
    if told.json {
        let installed = models.installed.iter().map(|model| {
            json!({
                "name": model.name, "kind": kind(model.role), "size": model.size,
                "used": is_used(&model.name), "fit": fit(model.fit),
            })
        });
        let offered = models.offered.iter().map(|model| {
            json!({
                "name": model.name, "kind": kind(model.role), "about": model.about,
                "publisher": model.publisher, "licence": model.licence, "fit": fit(model.fit),
            })
        });
        let (installed, offered): (Vec<Value>, Vec<Value>) =
            (installed.collect(), offered.collect());
        return Ok(print_json(
            &json!({ "installed": installed, "offered": offered }),
        ));
    }
    let installed = models.installed.iter().map(|model| {
        let state = match is_used(&model.name) {
            true => "used",
            false => "installed",
        };
        vec![
            model.name.clone(),
            kind(model.role).to_owned(),
            size(model.size),
            state.to_owned(),
            fit(model.fit).to_owned(),
            String::new(),
        ]
    });
    let offered = models.offered.iter().map(|model| {
        vec![
            model.name.clone(),
            kind(model.role).to_owned(),
            size(model.about),
            "can be downloaded".to_owned(),
            fit(model.fit).to_owned(),
            format!("{}, {}", model.publisher, model.licence),
        ]
    });
    let rows: Vec<Vec<String>> = installed.chain(offered).collect();
    table::print(&["model", "for", ">size", "state", "memory", "by"], &rows);
    Ok(Ending::Done)
}

async fn download(program: &Program, who: &Who, name: &str) -> Outcome {
    let getting = program.app.download_model_now(who, name);
    tokio::pin!(getting);
    let mut told = Instant::now();
    loop {
        tokio::select! {
            got = &mut getting => {
                got?;
                println!("{name} is here");
                return Ok(Ending::Done);
            }
            () = tokio::time::sleep(EVERY) => {
                let models = program.app.models(who).await?;
                let of_it = models.offered.iter().find(|model| model.name == name);
                if let Some(Download::Running(there, expected)) = of_it.and_then(|model| model.download.clone())
                    && told.elapsed() >= EVERY
                {
                    told = Instant::now();
                    eprintln!("{} of {}", size(there), size(expected));
                }
            }
        }
    }
}

async fn import(program: &Program, who: &Who, told: Imported) -> Outcome {
    let name = program.app.import_model(who, told.file, told.name).await?;
    println!("{name} is here; `chatai models use {name}` lets it answer");
    Ok(Ending::Done)
}

async fn remove(program: &Program, who: &Who, name: &str) -> Outcome {
    program.app.remove_model(who, name).await?;
    println!("{name} is removed");
    Ok(Ending::Done)
}

async fn try_out(program: &Program, who: &Who, told: &Tried) -> Outcome {
    let tried = program.app.try_model(who, &told.model, &told.text).await?;
    if told.json {
        return Ok(print_json(&json!({
            "text": tried.text, "reads": tried.reads, "writes": tried.writes,
        })));
    }
    println!("{}", tried.text.trim());
    println!(
        "\nreads {:.0} tokens a second, writes {:.1}",
        tried.reads, tried.writes
    );
    Ok(Ending::Done)
}

async fn hear(program: &Program, who: &Who, told: Listened) -> Outcome {
    let mut all = Vec::new();
    for file in told.files {
        let heard = program.app.try_hearing(who, &told.model, file.clone());
        let (heard, took) = heard.await?;
        if told.json {
            all.push(json!({
                "file": file, "text": heard.text, "language": heard.language.code(),
                "seconds": heard.seconds, "took_seconds": took.as_secs_f32(),
            }));
            continue;
        }
        let language = match heard.language.code() {
            "" => "language not known",
            code => code,
        };
        println!("{}: {}", file.display(), heard.text);
        println!(
            "  {language}, {:.1} seconds long, {:.1} seconds of work",
            heard.seconds,
            took.as_secs_f32()
        );
    }
    match told.json {
        true => Ok(print_json(&json!(all))),
        false => Ok(Ending::Done),
    }
}

async fn choose(program: &Program, who: &Who, told: &Chosen) -> Outcome {
    let name = match told.model.as_str() {
        "none" => "",
        name => name,
    };
    if manifest::find_speech(name).is_some() {
        let change = SettingsChange {
            speech_model: Some(name.to_owned()),
            ..SettingsChange::default()
        };
        program.app.change_settings(who, change).await?;
        println!("{name} turns voice messages into words");
        return Ok(Ending::Done);
    }
    if manifest::find_reranker(name).is_some() {
        let change = SettingsChange {
            reranker: Some(name.to_owned()),
            ..SettingsChange::default()
        };
        program.app.change_settings(who, change).await?;
        println!("{name} puts found passages in order");
        return Ok(Ending::Done);
    }
    let assistant = local::use_chat_model(program, who, name, told.assistant.as_deref()).await?;
    match name {
        "" => println!("quotes answer for {}", assistant.name),
        name => println!("{name} answers for {}", assistant.name),
    }
    Ok(Ending::Done)
}

async fn stop(program: &Program, who: &Who, name: &str) -> Outcome {
    let settings = program.app.settings(who).await?;
    let none = |used: &str| (used == name).then(String::new);
    let change = SettingsChange {
        speech_model: none(&settings.speech_model),
        reranker: none(&settings.reranker),
        ..SettingsChange::default()
    };
    if change.speech_model.is_none() && change.reranker.is_none() {
        return Err(Failure::new(format!(
            "{name} neither listens to voice messages nor puts found passages in order; `chatai models use none` ends a chat model"
        )));
    }
    program.app.change_settings(who, change).await?;
    println!("{name} is not used any more");
    Ok(Ending::Done)
}

fn kind(role: Role) -> &'static str {
    match role {
        Role::Writes => "answers",
        Role::Finds => "search",
        Role::Hears => "voice",
        Role::Ranks => "order",
    }
}

fn fit(fit: Fit) -> &'static str {
    match fit {
        Fit::Fits => "fits",
        Fit::Tight => "fits when other programs are closed",
        Fit::TooLarge => "too large",
        Fit::Unknown => "not known",
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0 => "?".to_owned(),
        bytes => format!("{} MB", bytes.div_ceil(1_000_000)),
    }
}
