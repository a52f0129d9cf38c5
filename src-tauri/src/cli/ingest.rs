//! `chatai ingest`

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use app::knowledge::Uploaded;
use app::who::Who;
use clap::Args;
use domain::document::{Document, DocumentState, ReadFailure};
use domain::id::DocumentId;
use domain::job::Lane;
use futures_util::StreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::boot::Boot;
use crate::cli::{print_json, table};
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::local;

/// Files that are taken in at once: each waits for the disk most of the time.
const AT_ONCE: usize = 16;

#[derive(Debug, Args)]
pub struct Ingest {
    /// Files, and folders with all that is in them (hidden files left out)
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
    /// Do not wait for the vectors: they are made when the program next runs
    #[arg(long)]
    without_vectors: bool,
}

impl Ingest {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let files = files(&self.paths)?;
        let program = Program::start(boot).await?;
        let who = local::owner(&program, "My business").await?;
        let bar = bar(files.len() as u64, "reading");
        let mut known = HashMap::new();
        let mut waiting: Vec<DocumentId> = Vec::new();
        let mut added: HashSet<DocumentId> = HashSet::new();
        let uploads = futures_util::stream::iter(&files);
        let mut uploads = uploads
            .map(|path| upload(&program, &who, path))
            .buffered(AT_ONCE);
        while let Some(uploaded) = uploads.next().await {
            let uploaded = uploaded?;
            if uploaded.same {
                known.insert(uploaded.document.id, ());
            }
            if added.insert(uploaded.document.id) {
                waiting.push(uploaded.document.id);
            }
        }
        drop(uploads);
        let mut finished = 0;
        let read = local::wait_read(&program, &who, &waiting, |read| {
            finished += read.len() as u64;
            bar.set_position(finished);
        });
        let mut documents = read.await?;
        bar.finish_and_clear();
        documents.sort_by(|a, b| a.name.cmp(&b.name));
        if !self.without_vectors && program.app.status(&who).await?.embedder_installed {
            make_vectors(&program, &who).await?;
        }
        let failed = documents
            .iter()
            .filter(|document| is_failed(document))
            .count();
        match self.json {
            true => {
                let rows: Vec<_> = documents
                    .iter()
                    .map(|document| as_json(document, known.contains_key(&document.id)))
                    .collect();
                print_json(&json!({ "documents": rows, "failed": failed }));
            }
            false => print_summary(&documents, &known, failed),
        }
        program.stop().await?;
        Ok(if failed == 0 {
            Ending::Done
        } else {
            Ending::Partly
        })
    }
}

async fn upload(program: &Program, who: &Who, path: &Path) -> Result<Uploaded, Failure> {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let file = File::open(path)
        .map_err(|error| Failure::new(format!("open {}: {error}", path.display())))?;
    let uploaded = program
        .app
        .upload(who, None, &name.to_string_lossy(), file)
        .await?;
    Ok(uploaded)
}

async fn make_vectors(program: &Program, who: &Who) -> Result<(), Failure> {
    let counts = program.app.status(who).await?.counts;
    let bar = bar(counts.passages, "finding meanings");
    bar.set_position(counts.vectors);
    let watched = bar.clone();
    let watching = {
        let (app, who) = (program.app.clone(), who.clone());
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(std::time::Duration::from_millis(250)).await;
                match app.status(&who).await {
                    Ok(status) => watched.set_position(status.counts.vectors),
                    Err(_) => return,
                }
            }
        })
    };
    let done = local::wait_jobs(program, Lane::Embed, || ()).await;
    watching.abort();
    bar.finish_and_clear();
    done
}

/// The files meant by `paths`: a folder means all files in it and below, by name. Pipes, sockets and devices are none,
/// since reading them may never end.
///
/// # Errors
/// A path cannot be read, is neither a file nor a folder, or there is no file.
pub fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)
            .map_err(|error| Failure::new(format!("{}: {error}", path.display())))?;
    }
    match files.is_empty() {
        true => Err(Failure::new("there is no file to read")),
        false => Ok(files),
    }
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let what = fs::metadata(path)?;
    if what.is_file() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    if !what.is_dir() {
        return Err(io::Error::other("this is neither a file nor a folder"));
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    entries.retain(|entry| {
        !entry
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'))
    });
    entries.sort();
    for entry in entries {
        let what = fs::symlink_metadata(&entry)?;
        if what.is_file() || what.is_dir() {
            collect(&entry, files)?;
        }
    }
    Ok(())
}

fn bar(length: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} {eta}");
    let bar = ProgressBar::new(length).with_message(what);
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn is_failed(document: &Document) -> bool {
    matches!(document.state, DocumentState::Failed { .. })
}

fn print_summary(documents: &[Document], known: &HashMap<DocumentId, ()>, failed: usize) {
    let rows: Vec<Vec<String>> = documents
        .iter()
        .map(|document| row(document, known.contains_key(&document.id)))
        .collect();
    table::print(
        &[
            "document",
            ">pages",
            ">words",
            ">passages",
            "language",
            "how it went",
        ],
        &rows,
    );
    println!(
        "\n{} documents ready, {failed} could not be read",
        documents.len() - failed
    );
}

fn row(document: &Document, known: bool) -> Vec<String> {
    let report = document.report.clone().unwrap_or_default();
    let number = |number: u32| {
        if number == 0 {
            String::new()
        } else {
            number.to_string()
        }
    };
    let how = match &document.state {
        DocumentState::Failed { cause } => sentence(*cause).to_owned(),
        _ if known => "was there already".to_owned(),
        _ if report.scanned_pages > 0 => {
            format!(
                "read; {} of {} pages are pictures without text",
                report.scanned_pages, report.pages
            )
        }
        _ => "read".to_owned(),
    };
    vec![
        document.name.clone(),
        number(report.pages),
        number(report.words),
        number(document.passages),
        document.language.code().to_owned(),
        how,
    ]
}

fn as_json(document: &Document, known: bool) -> serde_json::Value {
    json!({
        "id": document.id,
        "name": document.name,
        "state": document.state,
        "language": document.language,
        "passages": document.passages,
        "vectors": document.vectors,
        "report": document.report,
        "known": known,
    })
}

/// Why a document could not be read, and what to do.
fn sentence(cause: ReadFailure) -> &'static str {
    match cause {
        ReadFailure::Encrypted => "needs a password: save it without one",
        ReadFailure::Scanned => {
            "pictures of pages only, no text: run it through text recognition first"
        }
        ReadFailure::Empty => "nothing in it",
        ReadFailure::Unsupported => {
            "not a format that is read: save it as PDF, DOCX, XLSX, CSV, HTML, MD or TXT"
        }
        ReadFailure::Damaged => "damaged, or not what its name says: open it and save it again",
        ReadFailure::TooLarge => "too large: split it",
        ReadFailure::TooSlow => "takes too long to read: split it",
        ReadFailure::Refused => "looks made to do harm: not read",
        ReadFailure::ReaderStopped => "the reader gave up on it: save it in another format",
    }
}
