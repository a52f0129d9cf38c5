//! Cleaning: what nobody needs any more goes, by the bounds that stand here and nowhere else.
//!
//! Not here: what is removed with its owner (a document's passages), and backups (`app`).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;

use domain::bot::UPDATE_DAYS;
use domain::time::Timestamp;

use crate::error::StoreError;
use crate::files::REFERRED;
use crate::sessions::{IDLE_SECONDS, LONGEST_SECONDS};
use crate::{Store, sql};

const DAY_SECONDS: i64 = 86_400;
/// Days that events are kept; of each workspace the newest 10,000 at most (`events`).
pub const EVENT_DAYS: i64 = 30;
/// Days after which the same message of a channel would be taken for a new one. Telegram repeats for one day.
pub const RECEIPT_DAYS: i64 = 30;
/// Days that it can be seen why an answer is what it is.
pub const TRACE_DAYS: i64 = 180;
/// Days that finished deliveries are kept.
pub const DELIVERY_DAYS: i64 = 30;
/// Days that an invitation which was not accepted in time is still shown.
pub const INVITATION_DAYS: i64 = 30;
/// Rows that one commit removes: others want to write too.
const TOGETHER: u32 = 1_000;

/// Whether a cleaning removes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleaning {
    /// What nobody needs is removed.
    Remove,
    /// It is only counted.
    Look,
}

/// What went, or would go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cleaned {
    /// Rows of each kind: `sessions`, `links`, `events`, `receipts`, `traces`, `deliveries`, `updates`,
    /// `invitations`.
    pub rows: BTreeMap<&'static str, u64>,
    /// Originals that nothing refers to, and uploads that were given up.
    pub files: u64,
    /// What these files take, in bytes.
    pub bytes: u64,
}

impl Cleaned {
    /// True when there was nothing.
    pub fn is_empty(&self) -> bool {
        self.files == 0 && self.rows.values().all(|count| *count == 0)
    }
}

/// Rows of a table that nobody needs.
struct Rule {
    what: &'static str,
    table: &'static str,
    key: &'static str,
    spent: String,
}

fn rules(now: Timestamp) -> [Rule; 8] {
    let days_ago = |days: i64| now.plus_seconds(-days * DAY_SECONDS).0;
    let of_old_messages = |table: &str, days: i64| {
        format!(
            "EXISTS (SELECT 1 FROM messages m WHERE m.workspace_id = {table}.workspace_id
                 AND m.id = {table}.message_id AND m.created_at < {})",
            days_ago(days)
        )
    };
    [
        Rule {
            what: "sessions",
            table: "sessions",
            key: "id",
            spent: format!(
                "last_seen_at < {} OR created_at < {}",
                now.plus_seconds(-IDLE_SECONDS).0,
                now.plus_seconds(-LONGEST_SECONDS).0
            ),
        },
        Rule {
            what: "links",
            table: "entry_tokens",
            key: "token_hash",
            spent: format!("expires_at <= {}", now.0),
        },
        Rule {
            what: "events",
            table: "events",
            key: "workspace_id, seq",
            // The newest one stays: it tells regular backups whether anything changed.
            spent: format!(
                "at < {} AND seq < (SELECT event_seq FROM workspaces WHERE id = workspace_id)",
                days_ago(EVENT_DAYS)
            ),
        },
        Rule {
            what: "receipts",
            table: "receipts",
            key: "workspace_id, channel, assistant_id, peer, external_id",
            spent: of_old_messages("receipts", RECEIPT_DAYS),
        },
        Rule {
            what: "traces",
            table: "traces",
            key: "workspace_id, message_id",
            spent: of_old_messages("traces", TRACE_DAYS),
        },
        Rule {
            what: "deliveries",
            table: "outbox",
            key: "workspace_id, id",
            spent: format!(
                "state IN ('sent', 'uncertain', 'failed') AND updated_at < {}",
                days_ago(DELIVERY_DAYS)
            ),
        },
        Rule {
            what: "updates",
            table: "bot_updates",
            key: "seq",
            // One that still waits is not lost, however old it is.
            spent: format!(
                "received_at < {} AND state <> 'waiting'",
                days_ago(UPDATE_DAYS)
            ),
        },
        Rule {
            what: "invitations",
            table: "invitations",
            key: "workspace_id, id",
            spent: format!("expires_at < {}", days_ago(INVITATION_DAYS)),
        },
    ]
}

impl Store {
    /// Removes what nobody needs any more, a thousand rows a commit, and finishes a rotation of keys that was cut
    /// off; or only counts. Can be cut off anywhere and done again.
    pub async fn clean_up(
        &self,
        cleaning: Cleaning,
        now: Timestamp,
    ) -> Result<Cleaned, StoreError> {
        let mut cleaned = Cleaned::default();
        for rule in rules(now) {
            let what = rule.what;
            let count = match cleaning {
                Cleaning::Look => self.count(rule).await?,
                Cleaning::Remove => self.remove(rule).await?,
            };
            cleaned.rows.insert(what, count);
        }
        (cleaned.files, cleaned.bytes) = self.loose_files(cleaning, now).await?;
        if cleaning == Cleaning::Remove {
            self.finish_rotation().await?;
        }
        Ok(cleaned)
    }

    async fn count(&self, rule: Rule) -> Result<u64, StoreError> {
        self.read(move |conn| {
            let query = format!("SELECT count(*) FROM {} WHERE {}", rule.table, rule.spent);
            sql::the(conn, &query, [], |row| sql::count_at(row, 0))
        })
        .await
    }

    async fn remove(&self, rule: Rule) -> Result<u64, StoreError> {
        let Rule {
            table, key, spent, ..
        } = rule;
        let statement = format!(
            "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {spent} LIMIT {TOGETHER})"
        );
        let mut removed: u64 = 0;
        loop {
            let statement = statement.clone();
            let some = self
                .write(move |tx| sql::run(tx.conn, &statement, []))
                .await?;
            removed += some as u64;
            if some < TOGETHER as usize {
                return Ok(removed);
            }
        }
    }

    /// Files that nothing refers to and nobody is about to; how many, and their bytes.
    async fn loose_files(
        &self,
        cleaning: Cleaning,
        now: Timestamp,
    ) -> Result<(u64, u64), StoreError> {
        let referred: BTreeSet<String> = self
            .read(|conn| sql::many(conn, REFERRED, [], |row| Ok(row.get(0)?)))
            .await?
            .into_iter()
            .collect();
        let files = self.inner.files.clone();
        let looking = tokio::task::spawn_blocking(move || {
            Ok((files.others_than(&referred)?, files.given_up(now)?))
        });
        let (loose, given_up) = looking
            .await
            .unwrap_or_else(|error| Err(StoreError::Database(Box::new(error))))?;
        if cleaning == Cleaning::Remove {
            for (file, _) in &given_up {
                match fs::remove_file(file) {
                    Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                    _ => {}
                }
            }
            // The writer looks again at each: a document may have come meanwhile.
            let names: Vec<String> = loose.iter().map(|(name, _)| name.clone()).collect();
            self.write(move |tx| {
                tx.after.loose_files.extend(names);
                Ok(())
            })
            .await?;
        }
        let gone = |(name, _): &&(String, u64)| match cleaning {
            Cleaning::Look => true,
            Cleaning::Remove => !self.inner.files.path(name).exists(),
        };
        let sizes = loose.iter().filter(gone).map(|(_, size)| *size);
        let sizes: Vec<u64> = sizes
            .chain(given_up.iter().map(|(_, size)| *size))
            .collect();
        Ok((sizes.len() as u64, sizes.iter().sum()))
    }
}
