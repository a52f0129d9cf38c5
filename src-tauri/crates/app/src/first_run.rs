//! The first steps of a new workspace: how far its owner has come, kept so that they can be left and gone on with,
//! and questions that the documents can and cannot answer (`questions`).

pub mod questions;
pub mod usual;

use domain::member::Permission;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::who::Who;

/// The setting that remembers them.
const FIRST_RUN: &str = "first_run";

/// How far the first steps have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FirstRun {
    /// Where they are gone on with.
    pub step: FirstStep,
    /// True when they were gone through to the end, or left for good.
    pub is_over: bool,
}

/// One of the first steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstStep {
    /// Which language the pages speak.
    #[default]
    Language,
    /// Who the business is, and its trade.
    Business,
    /// What is answered from.
    Files,
    /// Questions are asked, and their answers looked at.
    Questions,
    /// Who writes the answers.
    Engine,
    /// A Telegram bot.
    Telegram,
    /// What remains.
    Done,
}

impl App {
    /// How far the first steps of the workspace have come.
    pub async fn first_run(&self, who: &Who) -> Result<FirstRun> {
        who.must(Permission::Look)?;
        match self.workspace(who.workspace()).setting(FIRST_RUN).await? {
            Some(json) => serde_json::from_str(&json).map_err(|error| {
                Error::new(ErrorCode::Internal, "read the first steps").caused_by(error)
            }),
            None => Ok(FirstRun::default()),
        }
    }

    /// Remembers how far they have come.
    pub async fn set_first_run(&self, who: &Who, first_run: FirstRun) -> Result<FirstRun> {
        who.must(Permission::ChangeSettings)?;
        let json = serde_json::to_string(&first_run).map_err(|error| {
            Error::new(ErrorCode::Internal, "write the first steps").caused_by(error)
        })?;
        let store = self.workspace(who.workspace());
        store.set_setting(FIRST_RUN, json, self.now()).await?;
        Ok(first_run)
    }
}
