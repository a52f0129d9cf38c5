//! `chatai eval`: quality of search and answers on a question set, by the product's own way: the documents are
//! read, cut, indexed and embedded as anybody's are, in a workspace of their own that is thrown away.
//!
//! Three layouts: BEIR (`corpus.jsonl`, `queries.jsonl`, `qrels.tsv`), the same with questions and answers
//! (`qa.jsonl`), and a company (`files/`, `qa.json`, `questions.jsonl`, as in assets/demo).

mod answers;
mod retrieval;
mod set;

use std::path::PathBuf;

use app::settings::{DEFAULT_EMBEDDER, SettingsChange};
use app::who::Who;
use clap::Args;
use domain::job::Lane;
use serde_json::{Map, Value, json};

use crate::boot::Boot;
use crate::cli::{print_json, table};
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::local;
use set::Set;

#[derive(Debug, Args)]
pub struct Eval {
    /// The folder of the question set
    folder: PathBuf,
    /// The embedder; empty for words alone
    #[arg(long, value_name = "NAME", default_value = DEFAULT_EMBEDDER)]
    embedder: String,
    /// The reranker that puts found passages in order [default: none]
    #[arg(long, value_name = "NAME")]
    reranker: Option<String>,
    /// The chat model that answers [default: none, quotes do]
    #[arg(long, value_name = "NAME")]
    chat_model: Option<String>,
    /// Ask at most so many of the questions, spread evenly
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Leave every other document out: its questions cannot be answered then
    #[arg(long)]
    half: bool,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
    /// Print every question that went wrong
    #[arg(long)]
    wrong: bool,
}

/// Figures by name, in the order they are told.
type Figures = Map<String, Value>;

impl Eval {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let set = Set::read(&self.folder, self.limit, self.half)?;
        let place = tempfile::tempdir()?;
        let place_of_its_own = Boot {
            models: Some(boot.models()?),
            data: Some(place.path().to_path_buf()),
            key_file: None,
            key_in_data: true,
            ..boot.clone()
        };
        let program = Program::start(&place_of_its_own).await?;
        let who = local::owner(&program, "Evaluation").await?;
        self.use_embedder(&program, &who, "").await?;
        let names = set.load(&program, &who).await?;
        let mut told = Figures::new();
        told.insert("set".to_owned(), json!(set.name));
        told.insert("documents".to_owned(), json!(names.len()));
        told.insert(
            "passages".to_owned(),
            json!(program.app.status(&who).await?.counts.passages),
        );
        if !set.queries.is_empty() {
            let words = retrieval::measure(&program, &who, &set, &names).await?;
            told.insert("search by words".to_owned(), words);
        }
        if !self.embedder.is_empty() {
            self.use_embedder(&program, &who, &self.embedder).await?;
            local::wait_jobs(&program, Lane::Embed, || ()).await?;
            if !set.queries.is_empty() && program.app.status(&who).await?.embedder_installed {
                let fused = retrieval::measure(&program, &who, &set, &names).await?;
                told.insert("search by words and meaning".to_owned(), fused);
            }
        }
        if let Some(name) = &self.reranker {
            let change = SettingsChange {
                reranker: Some(name.clone()),
                ..SettingsChange::default()
            };
            program.app.change_settings(&who, change).await?;
            told.insert("reranker".to_owned(), json!(name));
            if !set.queries.is_empty() {
                let reranked = retrieval::measure(&program, &who, &set, &names).await?;
                told.insert("search reranked".to_owned(), reranked);
            }
        }
        told.insert(
            "vectors".to_owned(),
            json!(program.app.status(&who).await?.counts.vectors),
        );
        if let Some(name) = &self.chat_model {
            local::use_chat_model(&program, &who, name, None).await?;
            told.insert("chat model".to_owned(), json!(name));
        }
        if !set.questions.is_empty() {
            let answered = answers::measure(&program, &who, &set, &names, self.wrong).await?;
            told.insert("answers".to_owned(), answered);
        }
        program.stop().await?;
        match self.json {
            true => {
                print_json(&Value::Object(told));
            }
            false => print_figures(&told),
        }
        Ok(Ending::Done)
    }

    async fn use_embedder(&self, program: &Program, who: &Who, name: &str) -> Result<(), Failure> {
        let change = SettingsChange {
            embedder: Some(name.to_owned()),
            ..SettingsChange::default()
        };
        program.app.change_settings(who, change).await?;
        Ok(())
    }
}

fn print_figures(told: &Figures) {
    let mut rows = Vec::new();
    add_rows(&mut rows, "", told);
    table::print(&["figure", ">value"], &rows);
    println!();
}

fn add_rows(rows: &mut Vec<Vec<String>>, indent: &str, told: &Figures) {
    for (name, value) in told {
        let name = format!("{indent}{name}");
        match value {
            Value::Object(parts) => {
                rows.push(vec![name, String::new()]);
                add_rows(rows, &format!("{indent}  "), parts);
            }
            value => rows.push(vec![name, shown(value)]),
        }
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => {
            format!("{:.4}", number.as_f64().unwrap_or_default())
        }
        value => value.to_string(),
    }
}

/// The mean; 0 of nothing.
fn mean(values: &[f64]) -> f64 {
    match values.is_empty() {
        true => 0.0,
        false => values.iter().sum::<f64>() / values.len() as f64,
    }
}

/// The value below which the share `part` (0..=1) of the values lies.
fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = ((values.len() as f64 - 1.0) * part).round().max(0.0) as usize;
    values.get(at).copied().unwrap_or_default()
}
