//! `chatai doctor`: whether all is well, and what to do where it is not.

use std::path::Path;

use app::health::{Found, Look, Standing, Why};
use clap::Args;
use domain::conversation::Author;
use domain::job::Lane;
use serde_json::{Value, json};
use store::KeyPlace;
use store::audit::AuditReport;
use store::conversations::ConversationFilter;

use crate::boot::Boot;
use crate::cli::bots::in_one_line;
use crate::cli::{audit, print_json, table, told};
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::local;

#[derive(Debug, Args)]
pub struct Doctor {
    /// Read everything through: the whole database, and every file of the index
    #[arg(long)]
    deep: bool,
    /// First let everything be done that waits: documents, vectors, answers
    #[arg(long)]
    settle: bool,
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

/// Rows asked for at once.
const PAGE: u32 = 200;

/// A finding in words.
struct Told {
    /// What was looked at.
    what: &'static str,
    /// True when it is as it should be.
    well: bool,
    /// What was found, and what to do where it is not well.
    told: String,
}

impl Doctor {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let told = told::told();
        let program = Program::compose(boot).await?;
        if self.settle {
            program.app.run().await?;
            for lane in [Lane::Answer, Lane::Read, Lane::Embed] {
                local::wait_jobs(&program, lane, || ()).await?;
            }
        }
        let look = match self.deep {
            true => Look::Through,
            false => Look::Ask,
        };
        let findings = program.app.health_here(look).await?.into_iter();
        let findings: Vec<Told> = findings.map(in_words).collect();
        let numbers = match self.deep {
            true => numbers(&program).await?,
            false => Value::Null,
        };
        let well = findings.iter().all(|finding| finding.well);
        match self.json {
            true => {
                let rows: Vec<_> = findings
                    .iter()
                    .map(|finding| json!({ "what": finding.what, "well": finding.well, "told": finding.told }))
                    .collect();
                let told: Vec<_> = told
                    .iter()
                    .map(|told| json!({ "flag": told.flag, "variable": told.variable, "value": told.value, "from": told.from }))
                    .collect();
                print_json(
                    &json!({ "well": well, "findings": rows, "numbers": numbers, "configuration": told }),
                );
            }
            false => {
                let rows: Vec<Vec<String>> = findings
                    .iter()
                    .map(|finding| {
                        let mark = if finding.well { "ok" } else { "look" };
                        vec![
                            mark.to_owned(),
                            finding.what.to_owned(),
                            finding.told.clone(),
                        ]
                    })
                    .collect();
                table::print(&["", "what", "found"], &rows);
                println!();
                let rows: Vec<Vec<String>> = told
                    .into_iter()
                    .map(|told| vec![told.flag, told.value, told.from])
                    .collect();
                table::print(&["configuration", "value", "from"], &rows);
            }
        }
        program.stop().await?;
        Ok(if well { Ending::Done } else { Ending::Partly })
    }
}

/// A finding in the words of the terminal.
fn in_words(found: Found) -> Told {
    let well = found.standing() != Standing::Bad;
    let (what, told) = match found {
        Found::DataFolder { path, why, is_open } => ("data folder", folder(&path, why, is_open)),
        Found::FarAway(kind) => (
            "place of the data",
            format!(
                "on another computer ({kind}): a break of the network can damage it; `chatai move-data DIR` moves it"
            ),
        ),
        Found::Key(place) => ("key of secrets", key(place)),
        Found::Secrets { closed, has_code } => ("secrets", secrets(&closed, has_code)),
        Found::AuditLogs(reports) => ("audit log", audit_logs(&reports)),
        Found::Jobs { open, dead: 0 } => ("jobs", format!("{open} to do")),
        Found::Jobs { open, dead } => (
            "jobs",
            format!(
                "{dead} given up after many tries, {open} to do: see Settings, Logs and health"
            ),
        ),
        Found::Owner(Some(email)) => ("owner", email),
        Found::Owner(None) => (
            "owner",
            "none yet: `chatai serve` prints the link for the first one".to_owned(),
        ),
        Found::Documents {
            ready,
            waiting,
            failed,
        } => (
            "documents",
            format!("{ready} ready, {waiting} waiting or being read, {failed} could not be read"),
        ),
        Found::Words { indexed, passages } => (
            "search by words",
            format!("{indexed} of {passages} passages in the index"),
        ),
        Found::Meaning {
            model: Some(model),
            vectors,
            passages,
        } => (
            "search by meaning",
            format!("{model}: {vectors} of {passages} passages"),
        ),
        Found::Meaning { model: None, .. } => (
            "search by meaning",
            "off: no model is installed; words alone are searched".to_owned(),
        ),
        Found::Database(problems) => ("database", database(&problems)),
        Found::IndexFiles { damage: None, .. } => ("index files", "read through, whole".to_owned()),
        Found::IndexFiles {
            damage: Some(damage),
            is_rebuilt: true,
        } => ("index files", format!("{damage}: it is being built anew")),
        Found::IndexFiles {
            damage: Some(damage),
            is_rebuilt: false,
        } => ("index files", format!("{damage}: run `chatai reindex`")),
        Found::Backup(Some(latest)) => ("latest backup", latest.path.display().to_string()),
        Found::Backup(None) => ("latest backup", "none yet: `chatai backup`".to_owned()),
        Found::Bot(bot, checks) => ("bot", in_one_line(&bot, &checks)),
    };
    Told { what, well, told }
}

fn folder(path: &Path, why: Why, is_open: bool) -> String {
    let why = match why {
        Why::Told => "as told",
        Why::Portable => "beside the program: portable",
        Why::Moved => "where it was moved to",
        Why::Usual => "the system's usual place",
    };
    let told = format!("{} ({why})", path.display());
    match is_open {
        true => format!("{told} can be entered by others: chmod 700 it"),
        false => told,
    }
}

fn key(place: KeyPlace) -> String {
    match place {
        KeyPlace::Keychain => "in the system's keychain".to_owned(),
        KeyPlace::File(file) => format!("{}, outside the data folder", file.display()),
        KeyPlace::FileInstead(file, why) => format!(
            "{}, outside the data folder; the system's keychain cannot be used: {why}",
            file.display()
        ),
        KeyPlace::DataFolder => {
            "lies in the data folder: whoever copies the folder has the secrets too".to_owned()
        }
    }
}

fn secrets(closed: &[String], has_code: bool) -> String {
    if !closed.is_empty() {
        return format!(
            "cannot be opened: {}; enter them again in Settings, or `chatai admin open-secrets CODE`",
            closed.join(", ")
        );
    }
    match has_code {
        true => "can be opened; there is a recovery code".to_owned(),
        false => "can be opened; there is no recovery code for backups: Settings, Backup makes one"
            .to_owned(),
    }
}

fn audit_logs(reports: &[(String, AuditReport)]) -> String {
    if let Some((name, report)) = reports.iter().find(|(_, report)| !report.is_whole()) {
        return format!("{name}: {}", audit::in_words(report));
    }
    match reports {
        [(_, report)] => audit::in_words(report),
        several => format!("whole, in {} workspaces", several.len()),
    }
}

fn database(problems: &[String]) -> String {
    match problems.is_empty() {
        true => "read through, whole".to_owned(),
        false => format!(
            "damaged: {}; put the newest good backup in its place with `chatai restore --latest`",
            problems.join("; ")
        ),
    }
}

/// What must hold after any crash, as numbers: every question has one answer, every answer a question.
async fn numbers(program: &Program) -> Result<Value, Failure> {
    let Some(who) = program.app.owner_here().await? else {
        return Ok(Value::Null);
    };
    let counts = program.app.status(&who).await?.counts;
    let (mut questions, mut unanswered, mut to_nothing) = (0_u64, 0_u64, 0_u64);
    let mut after = None;
    loop {
        let page = program
            .app
            .conversations(&who, ConversationFilter::default(), after, PAGE)
            .await?;
        for conversation in &page.items {
            let messages = program
                .app
                .messages(&who, conversation.id, None, PAGE)
                .await?;
            let asked: Vec<_> = messages
                .iter()
                .filter(|message| message.author == Author::Contact)
                .collect();
            let answers = messages
                .iter()
                .filter(|message| message.author == Author::Assistant);
            questions += asked.len() as u64;
            unanswered += asked
                .iter()
                .filter(|message| message.answered_by.is_none())
                .count() as u64;
            to_nothing += answers
                .filter(|answer| {
                    !asked
                        .iter()
                        .any(|asked| asked.answered_by == Some(answer.id))
                })
                .count() as u64;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(json!({
        "documents": counts.pending + counts.reading + counts.ready + counts.failed,
        "documents_open": counts.pending + counts.reading,
        "questions": questions,
        "questions_unanswered": unanswered,
        "answers_to_nothing": to_nothing,
    }))
}
