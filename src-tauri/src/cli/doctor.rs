//! `chatai doctor`: whether all is well, and what to do where it is not.

use clap::Args;
use domain::conversation::Author;
use domain::job::{JobState, Lane};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use store::KeyPlace;
use store::conversations::ConversationFilter;

use crate::boot::Boot;
use crate::cli::bots::in_one_line;
use crate::cli::{audit, print_json, table, told};
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::folders::{self, DataFolder};
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
/// Bots that the messenger is asked about at once.
const AT_ONCE: usize = 16;

/// One thing that was looked at.
struct Finding {
    /// What.
    what: &'static str,
    /// True when it is as it should be.
    well: bool,
    /// What was found, and what to do where it is not well.
    told: String,
}

fn finding(what: &'static str, well: bool, told: impl Into<String>) -> Finding {
    Finding {
        what,
        well,
        told: told.into(),
    }
}

impl Doctor {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let told = told::told();
        let program = Program::compose(boot).await?;
        // Opening made the folder its owner's alone, where it could.
        let before = before_opening(boot);
        if self.settle {
            program.app.run().await?;
            for lane in [Lane::Answer, Lane::Read, Lane::Embed] {
                local::wait_jobs(&program, lane, || ()).await?;
            }
        }
        let mut findings = before;
        findings.push(key(program.store.key_place().await?));
        findings.push(secrets(&program).await?);
        findings.push(audit_log(&program).await?);
        findings.push(jobs(&program).await?);
        findings.extend(knowledge(&program, self.deep).await?);
        findings.extend(bots(&program).await?);
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

/// What can be said of the place before the data is opened, also where it cannot be.
fn before_opening(boot: &Boot) -> Vec<Finding> {
    let data = match boot.data_folder() {
        Ok(data) => data,
        Err(failure) => return vec![finding("data folder", false, failure.to_string())],
    };
    let mut findings = vec![folder(&data)];
    if let Some(kind) = folders::network(&data.path) {
        findings.push(finding(
            "place of the data",
            false,
            format!(
                "on another computer ({kind}): a break of the network can damage it; `chatai move-data DIR` moves it"
            ),
        ));
    }
    findings
}

fn folder(data: &DataFolder) -> Finding {
    let told = format!("{} ({})", data.path.display(), data.why.told());
    if folders::is_open_to_others(&data.path) {
        let told = format!("{told} can be entered by others: chmod 700 it");
        return finding("data folder", false, told);
    }
    finding("data folder", true, told)
}

fn key(place: KeyPlace) -> Finding {
    let what = "key of secrets";
    match place {
        KeyPlace::Keychain => finding(what, true, "in the system's keychain"),
        KeyPlace::File(file) => {
            let told = format!("{}, outside the data folder", file.display());
            finding(what, true, told)
        }
        KeyPlace::FileInstead(file, why) => {
            let told = format!(
                "{}, outside the data folder; the system's keychain cannot be used: {why}",
                file.display()
            );
            finding(what, true, told)
        }
        KeyPlace::DataFolder => finding(
            what,
            false,
            "lies in the data folder: whoever copies the folder has the secrets too",
        ),
    }
}

async fn secrets(program: &Program) -> Result<Finding, Failure> {
    let what = "secrets";
    let closed = program.store.unreadable_secrets().await?;
    if !closed.is_empty() {
        let names: Vec<String> = closed.into_iter().map(|(_, name)| name).collect();
        let told = format!(
            "cannot be opened: {}; enter them again in Settings, or `chatai admin open-secrets CODE`",
            names.join(", ")
        );
        return Ok(finding(what, false, told));
    }
    let recovery = program.store.recovery().await?;
    Ok(match recovery.holds {
        true => finding(what, true, "can be opened; there is a recovery code"),
        false => finding(
            what,
            true,
            "can be opened; there is no recovery code for backups: Settings, Backup makes one",
        ),
    })
}

async fn audit_log(program: &Program) -> Result<Finding, Failure> {
    let reports = audit::verified(&program.store).await?;
    let what = "audit log";
    if let Some((name, report)) = reports.iter().find(|(_, report)| !report.is_whole()) {
        let told = format!("{name}: {}", audit::in_words(report));
        return Ok(finding(what, false, told));
    }
    let told = match reports.as_slice() {
        [(_, report)] => audit::in_words(report),
        several => format!("whole, in {} workspaces", several.len()),
    };
    Ok(finding(what, true, told))
}

async fn jobs(program: &Program) -> Result<Finding, Failure> {
    let counts = program.store.job_counts().await?;
    let sum = |dead: bool| -> u64 {
        counts
            .iter()
            .filter(|(_, state, _)| (*state == JobState::Dead) == dead)
            .map(|(_, _, count)| count)
            .sum()
    };
    let (open, dead) = (sum(false), sum(true));
    let told = match dead {
        0 => format!("{open} to do"),
        _ => {
            format!("{dead} given up after many tries, {open} to do: see Settings, Logs and health")
        }
    };
    Ok(finding("jobs", dead == 0, told))
}

async fn knowledge(program: &Program, deep: bool) -> Result<Vec<Finding>, Failure> {
    let Some(who) = program.app.owner_here().await? else {
        return Ok(vec![finding(
            "owner",
            true,
            "none yet: `chatai serve` prints the link for the first one",
        )]);
    };
    let checked = match deep {
        true => Some(program.app.check(&who).await?),
        false => None,
    };
    let status = program.app.status(&who).await?;
    let counts = status.counts;
    let mut findings = vec![
        finding("owner", true, who.member.email.clone()),
        finding(
            "documents",
            counts.failed == 0,
            format!(
                "{} ready, {} waiting or being read, {} could not be read",
                counts.ready,
                counts.pending + counts.reading,
                counts.failed
            ),
        ),
        finding(
            "search by words",
            status.indexed.0 == counts.passages,
            format!(
                "{} of {} passages in the index",
                status.indexed.0, counts.passages
            ),
        ),
        match status.embedder_installed {
            true => finding(
                "search by meaning",
                true,
                format!(
                    "{}: {} of {} passages",
                    status.embedder, counts.vectors, counts.passages
                ),
            ),
            false => finding(
                "search by meaning",
                true,
                "off: no model is installed; words alone are searched",
            ),
        },
    ];
    if let Some(checked) = checked {
        findings.push(match checked.database.is_empty() {
            true => finding("database", true, "read through, whole"),
            false => finding(
                "database",
                false,
                format!(
                    "damaged: {}; put the newest good backup in its place with `chatai restore --latest`",
                    checked.database.join("; ")
                ),
            ),
        });
        findings.push(match checked.index {
            None => finding("index files", true, "read through, whole"),
            Some(what) => finding(
                "index files",
                false,
                format!("{what}: run `chatai reindex`"),
            ),
        });
    }
    let backups = program.app.backups(&who).await?;
    let told = backups.first().map_or_else(
        || "none yet: `chatai backup`".to_owned(),
        |latest| latest.path.display().to_string(),
    );
    findings.push(finding("latest backup", true, told));
    Ok(findings)
}

/// Each bot in a line. The messenger is asked about several at once.
async fn bots(program: &Program) -> Result<Vec<Finding>, Failure> {
    let Some(who) = program.app.owner_here().await? else {
        return Ok(Vec::new());
    };
    let (app, who) = (&program.app, &who);
    let looked = app.bots(who).await?.into_iter().map(|bot| async move {
        let checks = app.check_bot(who, bot.id).await?;
        let (well, told) = in_one_line(&bot, &checks);
        Ok::<_, Failure>(finding("bot", well, told))
    });
    stream::iter(looked).buffered(AT_ONCE).try_collect().await
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
