//! A question set as it lies in a folder, and how its documents come into the workspace.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::Cursor;
use std::path::{Path, PathBuf};

use app::qa::QaDraft;
use app::who::Who;
use domain::id::DocumentId;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::documents::DocumentFilter;

use crate::compose::Program;
use crate::exit::Failure;
use crate::local;

/// Documents asked for at once.
const PAGE: u32 = 200;

/// A question set.
#[derive(Default)]
pub struct Set {
    /// The folder's name.
    pub name: String,
    /// Queries with their judged documents.
    pub queries: Vec<Query>,
    /// Questions whose answers are looked at.
    pub questions: Vec<Question>,
    texts: Vec<Text>,
    files: Vec<PathBuf>,
    pairs: Vec<Pair>,
}

/// A query with its judgements.
pub struct Query {
    /// What is searched for.
    pub text: String,
    /// Grade of each judged document, by its name.
    pub judged: HashMap<String, i32>,
}

/// A question whose answer is looked at.
#[derive(Deserialize)]
pub struct Question {
    /// The question.
    pub question: String,
    /// Whether the documents answer it.
    #[serde(default = "yes")]
    pub answerable: bool,
    /// The document that should be cited first.
    #[serde(default, alias = "context_doc_id")]
    pub document: Option<String>,
    /// The answer must contain all of these.
    #[serde(default)]
    pub must_contain: Vec<String>,
    /// The answer must contain one of these.
    #[serde(default)]
    pub answers: Vec<String>,
}

#[derive(Deserialize)]
struct Text {
    #[serde(rename = "_id")]
    id: String,
    #[serde(default)]
    title: String,
    text: String,
}

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "_id")]
    id: String,
    text: String,
}

#[derive(Deserialize)]
struct Pair {
    questions: Vec<String>,
    answer: String,
}

impl Set {
    /// Reads the folder; with `limit`, keeps at most so many queries and questions, spread evenly. With `half`,
    /// every other document is left out and its questions cannot be answered any more.
    pub fn read(folder: &Path, limit: Option<usize>, half: bool) -> Result<Set, Failure> {
        let name = folder
            .file_name()
            .unwrap_or(folder.as_os_str())
            .to_string_lossy()
            .into_owned();
        let mut set = Set {
            name,
            ..Set::default()
        };
        if folder.join("corpus.jsonl").exists() {
            set.texts = lines(&folder.join("corpus.jsonl"))?;
            // Some sets have records without a word: nobody could add such a document.
            set.texts
                .retain(|text| !(text.title.trim().is_empty() && text.text.trim().is_empty()));
            let queries: Vec<Line> = lines(&folder.join("queries.jsonl"))?;
            let mut judged = judgements(&folder.join("qrels.tsv"))?;
            let with_judgements = queries.into_iter().map(|query| Query {
                text: query.text,
                judged: judged.remove(&query.id).unwrap_or_default(),
            });
            set.queries = with_judgements
                .filter(|query| query.judged.values().any(|grade| *grade > 0))
                .collect();
            if folder.join("qa.jsonl").exists() {
                set.questions = lines(&folder.join("qa.jsonl"))?;
            }
        } else if folder.join("questions.jsonl").exists() {
            set.questions = lines(&folder.join("questions.jsonl"))?;
            set.pairs = serde_json::from_str(&read(&folder.join("qa.json"))?)
                .map_err(|error| Failure::new(format!("qa.json: {error}")))?;
            let entries = fs::read_dir(folder.join("files"))?;
            set.files = entries
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<_, _>>()?;
            set.files.sort();
        } else {
            let sentence = format!(
                "{} holds neither corpus.jsonl nor questions.jsonl",
                folder.display()
            );
            return Err(Failure::new(sentence));
        }
        if half {
            set.halve();
        }
        if let Some(limit) = limit {
            thin(&mut set.queries, limit);
            thin(&mut set.questions, limit);
        }
        Ok(set)
    }

    fn halve(&mut self) {
        fn every_other<T>(list: &mut Vec<T>) {
            let mut is_kept = false;
            list.retain(|_| {
                is_kept = !is_kept;
                is_kept
            });
        }
        every_other(&mut self.texts);
        every_other(&mut self.files);
        let files = self
            .files
            .iter()
            .filter_map(|path| path.file_name()?.to_str());
        let texts = self.texts.iter().map(|text| text.id.as_str());
        let kept: HashSet<&str> = texts.chain(files).collect();
        self.queries.retain_mut(|query| {
            query.judged.retain(|id, _| kept.contains(id.as_str()));
            query.judged.values().any(|grade| *grade > 0)
        });
        for question in &mut self.questions {
            let document = question.document.as_deref();
            question.answerable &= document.is_none_or(|document| kept.contains(document));
        }
    }

    /// Brings the documents into the workspace and waits until they are read. Gives each document's name in
    /// the set by its id.
    pub async fn load(
        &self,
        program: &Program,
        who: &Who,
    ) -> Result<HashMap<DocumentId, String>, Failure> {
        for text in &self.texts {
            let whole = match text.title.is_empty() {
                true => text.text.clone(),
                false => format!("{}\n\n{}", text.title, text.text),
            };
            // As plain text: a pasted text would be read as Markdown.
            let name = format!("{}.txt", text.id);
            program
                .app
                .upload(who, None, &name, Cursor::new(whole.into_bytes()))
                .await?;
        }
        for path in &self.files {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            program
                .app
                .upload(who, None, &name, File::open(path)?)
                .await?;
        }
        for pair in &self.pairs {
            let draft = QaDraft {
                questions: pair.questions.clone(),
                answer: pair.answer.clone(),
            };
            program.app.put_qa(who, None, draft).await?;
        }
        local::wait_found(program, who).await?;
        let mut names = HashMap::new();
        let mut after = None;
        loop {
            let page = program
                .app
                .documents(who, DocumentFilter::default(), after, PAGE)
                .await?;
            let named = page
                .items
                .into_iter()
                .map(|document| (document.id, self.name_in_set(&document.name)));
            names.extend(named);
            after = page.next;
            if after.is_none() {
                return Ok(names);
            }
        }
    }

    /// A text's document has an ending that its id in the set lacks.
    fn name_in_set(&self, name: &str) -> String {
        match self.texts.is_empty() {
            true => name.to_owned(),
            false => name.strip_suffix(".txt").unwrap_or(name).to_owned(),
        }
    }
}

fn yes() -> bool {
    true
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))
}

fn lines<T: DeserializeOwned>(file: &Path) -> Result<Vec<T>, Failure> {
    let text = read(file)?;
    let filled = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .enumerate();
    let parsed = filled.map(|(number, line)| {
        let parsed = serde_json::from_str(line);
        parsed.map_err(|error| Failure::new(format!("{}:{}: {error}", file.display(), number + 1)))
    });
    parsed.collect()
}

/// Grades by document by query; a head line and lines without a grade are left out.
fn judgements(file: &Path) -> Result<HashMap<String, HashMap<String, i32>>, Failure> {
    let mut judged: HashMap<String, HashMap<String, i32>> = HashMap::new();
    for line in read(file)?.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let (Some(query), Some(grade)) = (
            columns.first(),
            columns.last().and_then(|grade| grade.trim().parse().ok()),
        ) else {
            continue;
        };
        let Some(document) = columns.len().checked_sub(2).and_then(|at| columns.get(at)) else {
            continue;
        };
        judged
            .entry((*query).to_owned())
            .or_default()
            .insert((*document).to_owned(), grade);
    }
    Ok(judged)
}

fn thin<T>(all: &mut Vec<T>, limit: usize) {
    let step = all.len().div_ceil(limit.max(1)).max(1);
    let mut at = 0;
    all.retain(|_| {
        at += 1;
        (at - 1) % step == 0
    });
}
