//! Whether all is well: what `chatai doctor` and Settings, Logs and health look at, as findings without words.
//!
//! Owns: what is looked at, and which of it needs somebody. Not here: the sentences (the command line's and the
//! page's), what a bot's doctor asks (`bots::doctor`), the daily look (`soundness`).

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use domain::bot::Bot;
use domain::id::WorkspaceId;
use domain::job::JobState;
use domain::member::Permission;
use futures_util::{StreamExt, TryStreamExt, stream};
use store::KeyPlace;
use store::audit::AuditReport;
use store::backup::BackupFile;

use crate::App;
use crate::bots::doctor::{Check, CheckState};
use crate::error::{Error, ErrorCode, Result};
use crate::log::LogPlace;
use crate::who::Who;

/// Bots that are looked at, or that the messenger is asked about, at once.
const AT_ONCE: usize = 16;
/// How long is waited for another one who reads everything through.
const PATIENCE: Duration = Duration::from_secs(5);
/// Seconds after which somebody may ask again while another one reads everything through.
const COME_BACK_SECONDS: u32 = 15;

/// Where the data lies: only the binary knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The data folder.
    pub data: PathBuf,
    /// Why it is that one.
    pub why: Why,
    /// True where others who use this computer can enter it.
    pub is_open: bool,
    /// The kind of the network folder it lies in; nothing for a disk of this computer.
    pub network: Option<String>,
    /// Where the log goes, besides what is kept in memory.
    pub log: LogPlace,
}

/// Looks at the place of the data as it is now.
pub type LookAtPlace = Arc<dyn Fn() -> Place + Send + Sync>;

/// Why a data folder is where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Somebody said so.
    Told,
    /// A folder of the name lies beside the program.
    Portable,
    /// It was moved there.
    Moved,
    /// Nobody said anything.
    Usual,
}

/// How thoroughly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// At what is known already; nothing leaves this computer.
    Glance,
    /// The messenger is asked about each bot too.
    Ask,
    /// And everything is read through: the whole database, and every file of the index.
    Through,
}

/// How a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As it should be.
    Good,
    /// It works, and could be better.
    Note,
    /// Somebody has to do something.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// The data folder.
    DataFolder {
        /// Where.
        path: PathBuf,
        /// Why there.
        why: Why,
        /// True where others can enter it.
        is_open: bool,
    },
    /// The data lies on another computer, in a network folder of this kind.
    FarAway(String),
    /// Where the key of the secrets lies.
    Key(KeyPlace),
    /// Whether the secrets can be opened.
    Secrets {
        /// Names of those that cannot.
        closed: Vec<String>,
        /// True when a recovery code opens them elsewhere.
        has_code: bool,
    },
    /// Whether the audit logs are as they were written, each with its workspace's name.
    AuditLogs(Vec<(String, AuditReport)>),
    /// Slow or failing work.
    Jobs {
        /// What is to do.
        open: u64,
        /// What was given up after many tries.
        dead: u64,
    },
    /// The owner's e-mail address; nothing as long as there is none.
    Owner(Option<String>),
    /// The documents.
    Documents {
        /// Those that can be found.
        ready: u64,
        /// Those that wait or are being read.
        waiting: u64,
        /// Those that could not be read.
        failed: u64,
    },
    /// The search by words.
    Words {
        /// Passages in the index.
        indexed: u64,
        /// Passages that there are.
        passages: u64,
    },
    /// The search by meaning.
    Meaning {
        /// The model's name; nothing when none is installed.
        model: Option<String>,
        /// Passages that have a vector.
        vectors: u64,
        /// Passages that there are.
        passages: u64,
    },
    /// The database: what is damaged, in SQLite's words.
    Database(Vec<String>),
    /// The files of the index.
    IndexFiles {
        /// What is damaged.
        damage: Option<String>,
        /// True when it is being built anew.
        is_rebuilt: bool,
    },
    /// The newest backup.
    Backup(Option<BackupFile>),
    /// A bot, and what was found about it.
    Bot(Box<Bot>, Vec<Check>),
}

impl Found {
    /// How it stands.
    pub fn standing(&self) -> Standing {
        let bad_if = |is_bad| {
            if is_bad {
                Standing::Bad
            } else {
                Standing::Good
            }
        };
        let note_if = |is_less| {
            if is_less {
                Standing::Note
            } else {
                Standing::Good
            }
        };
        match self {
            Found::DataFolder { is_open, .. } => bad_if(*is_open),
            Found::FarAway(_) => Standing::Bad,
            Found::Key(place) => match place {
                KeyPlace::Keychain | KeyPlace::File(_) => Standing::Good,
                KeyPlace::FileInstead(..) => Standing::Note,
                KeyPlace::DataFolder => Standing::Bad,
            },
            Found::Secrets { closed, has_code } => match closed.is_empty() {
                true => note_if(!has_code),
                false => Standing::Bad,
            },
            Found::AuditLogs(reports) => {
                bad_if(reports.iter().any(|(_, report)| !report.is_whole()))
            }
            Found::Jobs { dead, .. } => bad_if(*dead > 0),
            Found::Owner(_) => Standing::Good,
            Found::Documents { failed, .. } => bad_if(*failed > 0),
            Found::Words { indexed, passages } => bad_if(indexed != passages),
            Found::Meaning { model, .. } => note_if(model.is_none()),
            Found::Database(problems) => bad_if(!problems.is_empty()),
            Found::IndexFiles { damage, .. } => bad_if(damage.is_some()),
            Found::Backup(latest) => note_if(latest.is_none()),
            // Whoever switched a bot off knows it.
            Found::Bot(bot, _) if !bot.is_on => Standing::Note,
            Found::Bot(_, checks) => {
                bad_if(checks.iter().any(|check| check.state == CheckState::Bad))
            }
        }
    }
}

/// Who wants to know.
enum Asks {
    /// Whoever sits at this computer's own terminal, and the owner if there is one: about the whole installation.
    Here(Option<Who>),
    /// A member, about their workspace; what lies outside of it is for its owner.
    Member(Who),
}

impl App {
    /// What a member can be told. [`ErrorCode::Busy`] while somebody else has everything read through.
    pub async fn health(&self, who: &Who, look: Look) -> Result<Vec<Found>> {
        who.must(Permission::ChangeSettings)?;
        let asks = Asks::Member(who.clone());
        if look != Look::Through {
            return self.findings(asks, look).await;
        }
        let alone = Arc::clone(&self.inner.reading_through).acquire_owned();
        let alone = tokio::time::timeout(PATIENCE, alone).await;
        let alone = alone.map_err(|_| {
            Error::new(ErrorCode::Busy, "everything is being read through already")
                .retry_after(COME_BACK_SECONDS)
        })?;
        let app = self.clone();
        // On its own: whoever asked may go away, and the next one is to find it still going on.
        let looking = tokio::spawn(async move {
            let found = app.findings(asks, look).await;
            drop(alone);
            found
        });
        looking.await.map_err(|error| {
            Error::new(ErrorCode::Internal, "read everything through").caused_by(error)
        })?
    }

    /// What whoever sits at this computer's own terminal can be told: about the whole installation.
    pub async fn health_here(&self, look: Look) -> Result<Vec<Found>> {
        let asks = Asks::Here(self.owner_here().await?);
        self.findings(asks, look).await
    }

    async fn findings(&self, asks: Asks, look: Look) -> Result<Vec<Found>> {
        let (who, is_here) = match asks {
            Asks::Here(owner) => (owner, true),
            Asks::Member(who) => (Some(who), false),
        };
        let only = (!is_here)
            .then(|| who.as_ref().map(Who::workspace))
            .flatten();
        let owns = is_here
            || who
                .as_ref()
                .is_some_and(|who| who.must(Permission::Own).is_ok());
        let mut found = Vec::new();
        if owns {
            found.extend(self.place_found());
            found.extend(self.keys_found(only).await?);
            found.push(self.audit_found(only).await?);
        }
        found.push(self.jobs_found(only).await?);
        if is_here {
            let owner = who.as_ref().map(|who| who.member.email.clone());
            found.push(Found::Owner(owner));
        }
        let Some(who) = who else {
            return Ok(found);
        };
        found.extend(self.knowledge_found(&who, look).await?);
        if owns {
            let backups = self.inner.store.backups().await?;
            found.push(Found::Backup(backups.into_iter().next()));
        }
        found.extend(self.bots_found(&who, look).await?);
        Ok(found)
    }

    fn place_found(&self) -> Vec<Found> {
        let place = (self.inner.place)();
        let mut found = vec![Found::DataFolder {
            path: place.data,
            why: place.why,
            is_open: place.is_open,
        }];
        found.extend(place.network.map(Found::FarAway));
        found
    }

    async fn keys_found(&self, only: Option<WorkspaceId>) -> Result<Vec<Found>> {
        let store = &self.inner.store;
        let closed = store.unreadable_secrets().await?.into_iter();
        let closed = closed.filter(|(workspace, _)| only.is_none_or(|only| only == *workspace));
        Ok(vec![
            Found::Key(store.key_place().await?),
            Found::Secrets {
                closed: closed.map(|(_, name)| name).collect(),
                has_code: store.recovery().await?.holds,
            },
        ])
    }

    async fn audit_found(&self, only: Option<WorkspaceId>) -> Result<Found> {
        let mut reports = Vec::new();
        for (id, name) in self.inner.store.workspaces().await? {
            if only.is_none_or(|only| only == id) {
                reports.push((name, self.workspace(id).verify_audit().await?));
            }
        }
        Ok(Found::AuditLogs(reports))
    }

    async fn jobs_found(&self, only: Option<WorkspaceId>) -> Result<Found> {
        let counts: Vec<(JobState, u64)> = match only {
            Some(workspace) => self.workspace(workspace).job_counts().await?,
            None => {
                let counts = self.inner.store.job_counts().await?.into_iter();
                counts.map(|(_, state, count)| (state, count)).collect()
            }
        };
        let sum = |dead: bool| -> u64 {
            let wanted = counts.iter();
            let wanted = wanted.filter(|(state, _)| (*state == JobState::Dead) == dead);
            wanted.map(|(_, count)| count).sum()
        };
        Ok(Found::Jobs {
            open: sum(false),
            dead: sum(true),
        })
    }

    async fn knowledge_found(&self, who: &Who, look: Look) -> Result<Vec<Found>> {
        let checked = match look {
            Look::Glance | Look::Ask => None,
            Look::Through => Some(self.check(who).await?),
        };
        if self.is_running() {
            // What was added a moment ago is no finding.
            self.is_caught_up(who.workspace()).await;
        }
        let status = self.status(who).await?;
        let counts = status.counts;
        let mut found = vec![
            Found::Documents {
                ready: counts.ready,
                waiting: counts.pending + counts.reading,
                failed: counts.failed,
            },
            Found::Words {
                indexed: status.indexed.0,
                passages: counts.passages,
            },
            Found::Meaning {
                model: Some(status.embedder).filter(|_| status.embedder_installed),
                vectors: counts.vectors,
                passages: counts.passages,
            },
        ];
        match checked {
            Some(checked) => {
                let is_rebuilt = match &checked.index {
                    Some(why) if self.is_running() => {
                        self.rebuild_index(who.workspace(), why).await?;
                        true
                    }
                    _ => false,
                };
                found.push(Found::Database(checked.database));
                found.push(Found::IndexFiles {
                    damage: checked.index,
                    is_rebuilt,
                });
            }
            None if self.is_damaged() => {
                let known = "damage was found since the start".to_owned();
                found.push(Found::Database(vec![known]));
            }
            None => {}
        }
        Ok(found)
    }

    /// Each bot. The messenger is asked about several at once.
    async fn bots_found(&self, who: &Who, look: Look) -> Result<Vec<Found>> {
        let looked = self.bots(who).await?.into_iter().map(|bot| {
            let (app, who) = (self.clone(), who.clone());
            async move {
                let checks = match look {
                    Look::Glance => app.glance_at_bot(&who, &bot).await?,
                    Look::Ask | Look::Through => app.check_bot(&who, bot.id).await?,
                };
                Ok::<_, Error>(Found::Bot(Box::new(bot), checks))
            }
        });
        stream::iter(looked).buffered(AT_ONCE).try_collect().await
    }
}
