//! Newer versions of the program.

use app::updates;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Time;
use crate::asker::From;

/// How it stands with newer versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Updates {
    /// The version that runs.
    #[schema(example = "0.1.0")]
    pub installed: String,
    /// The host that is asked; null where this build never looks.
    #[schema(required, example = "get.chatai.example")]
    pub host: Option<String>,
    /// True when it is looked every day.
    pub daily: bool,
    /// True while only this computer may be spoken to.
    #[schema(example = false)]
    pub offline: bool,
    /// True while it is being looked.
    #[schema(example = false)]
    pub checking: bool,
    /// When the publisher last answered well; null when never.
    #[schema(required)]
    pub checked_at: Option<Time>,
    /// A version that is newer than the one that runs; null when none is known.
    #[schema(required)]
    pub found: Option<FoundUpdate>,
    /// How far it is with that version.
    pub stage: UpdateStage,
    /// Bytes of its package that are here while it comes.
    #[schema(example = 12_582_912)]
    pub there: u64,
    /// The command that installs it, once a backup is made; null before, and where none is needed.
    #[schema(
        required,
        example = "sudo /usr/bin/apt-get install --yes --no-remove /home/anna/chatai-0.2.0.deb"
    )]
    pub command: Option<String>,
    /// What went wrong last: `offline`, `not_encrypted`, `unreachable`, `refused`, `cut_off`, `too_large`, `unsigned`,
    /// `bad_signature`, `unreadable`, `older`, `wrong_content`, `wrong_package`, `full`, `disk`, `no_backup`,
    /// `not_permitted`, `not_installed`; null when nothing did.
    #[schema(required, example = "unreachable")]
    pub trouble: Option<String>,
    /// What installing comes to for who asks.
    pub way: UpdateWay,
}

/// A version that is newer than the one that runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct FoundUpdate {
    /// Its version.
    #[schema(example = "0.2.0")]
    pub version: String,
    /// When it was published.
    pub published_at: Time,
    /// What is new, in English.
    #[schema(example = "Answers sooner.")]
    pub notes_en: String,
    /// What is new, in Russian.
    #[schema(example = "Отвечает быстрее.")]
    pub notes_ru: String,
    /// The size of its package in bytes; null where there is none for this copy of the program.
    #[schema(required, example = 18_874_368)]
    pub size: Option<u64>,
}

/// How far it is with a newer version.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UpdateStage {
    /// Nothing was fetched.
    Nothing,
    /// It comes.
    Downloading,
    /// It is here, and is what was published.
    Downloaded,
    /// The backup is being made, or the system installs it.
    Installing,
    /// The backup is made; the command installs it.
    Prepared,
    /// The system opened its own installer.
    Opened,
    /// It is installed and runs from the next start on.
    Installed,
}

/// What installing comes to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UpdateWay {
    /// The system asks for the password and installs.
    Asks,
    /// The system opens the program that it installs packages with.
    Opens,
    /// A command is told, to be typed at the computer.
    Shown,
}

/// What is changed about looking for newer versions.
#[derive(Debug, Deserialize, ToSchema)]
pub struct UpdatesChange {
    /// True: it is looked every day.
    pub daily: bool,
}

/// How it stands, for somebody who asks from there.
pub fn updates(updates: updates::Updates, from: &From) -> Updates {
    let (stage, there, command) = match updates.stage {
        updates::Stage::Nothing => (UpdateStage::Nothing, 0, None),
        updates::Stage::Downloading(there) => (UpdateStage::Downloading, there, None),
        updates::Stage::Downloaded => (UpdateStage::Downloaded, 0, None),
        updates::Stage::Installing => (UpdateStage::Installing, 0, None),
        updates::Stage::Prepared(command) => (UpdateStage::Prepared, 0, Some(command)),
        updates::Stage::Opened => (UpdateStage::Opened, 0, None),
        updates::Stage::Installed => (UpdateStage::Installed, 0, None),
    };
    let way = match updates.way {
        _ if !from.is_here => UpdateWay::Shown,
        updates::Way::Asks => UpdateWay::Asks,
        updates::Way::Opens => UpdateWay::Opens,
        updates::Way::Shown => UpdateWay::Shown,
    };
    Updates {
        installed: updates.installed.to_string(),
        host: updates.host,
        daily: updates.daily,
        offline: updates.offline,
        checking: updates.checking,
        checked_at: updates.checked_at.map(Time::from),
        found: updates.found.map(|found| FoundUpdate {
            version: found.version.to_string(),
            published_at: found.published_at.into(),
            notes_en: found.notes.en,
            notes_ru: found.notes.ru,
            size: found.size,
        }),
        stage,
        there,
        command,
        trouble: updates.trouble.map(|trouble| trouble.as_str().to_owned()),
        way,
    }
}
