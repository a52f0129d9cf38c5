//! `chatai audit …`: whether the audit log is as it was written.

use clap::{Args, Subcommand};
use serde_json::json;
use store::Store;
use store::audit::AuditReport;

use crate::boot::Boot;
use crate::cli::{print_json, table};
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};

#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Read the audit log of every workspace through: its hashes, its end, and the ends that backups noted
    Verify(Verify),
}

#[derive(Debug, Args)]
pub struct Verify {
    /// Print the results as JSON
    #[arg(long)]
    json: bool,
}

impl Audit {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let Audit::Verify(told) = self;
        let program = Program::compose(boot).await?;
        let reports = verified(&program.store).await?;
        program.stop().await?;
        let is_whole = reports.iter().all(|(_, report)| report.is_whole());
        if told.json {
            let rows: Vec<_> = reports
                .iter()
                .map(|(name, report)| {
                    json!({ "workspace": name, "whole": report.is_whole(), "entries": report.entries,
                        "broken_at": report.broken_at, "unproved": report.unproved,
                        "backups": report.backups, "took_ms": report.took_ms })
                })
                .collect();
            print_json(&json!(rows));
        } else {
            let rows: Vec<Vec<String>> = reports
                .iter()
                .map(|(name, report)| vec![name.clone(), in_words(report)])
                .collect();
            table::print(&["workspace", "audit log"], &rows);
        }
        Ok(if is_whole {
            Ending::Done
        } else {
            Ending::Partly
        })
    }
}

/// The log of each workspace, by the workspace's name.
async fn verified(store: &Store) -> Result<Vec<(String, AuditReport)>, Failure> {
    let mut reports = Vec::new();
    for (id, name) in store.workspaces().await? {
        reports.push((name, store.workspace(id).verify_audit().await?));
    }
    Ok(reports)
}

/// What was found, and what to do where the log is not whole.
pub(super) fn in_words(report: &AuditReport) -> String {
    let entries = report.entries;
    if let Some(number) = report.broken_at {
        return format!(
            "not as it was written from entry {number} on: somebody changed the data from outside; compare with a \
             backup that lies elsewhere, and change the passwords"
        );
    }
    if report.unproved > 0 {
        return format!(
            "{} of {entries} entries cannot be checked: their key is on another computer",
            report.unproved
        );
    }
    match report.backups {
        0 => format!("whole; entries: {entries}"),
        backups => format!("whole; entries: {entries}, backups that agree: {backups}"),
    }
}
