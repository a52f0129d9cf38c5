//! The versions of an assistant.

use app::assistants::versions::Changed;
use domain::assistant;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::wire::Time;
use crate::wire::assistants::AssistantSettings;

/// The versions of an assistant that are kept: at most 200.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssistantVersions {
    /// The versions, the present one first.
    pub items: Vec<AssistantVersion>,
}

/// A version of an assistant.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssistantVersion {
    /// Its number.
    #[schema(example = 3)]
    pub version: u32,
    /// When it was made.
    pub at: Time,
    /// Who made it: the member's name as it was then; empty where that is not known.
    #[schema(example = "Anna Lind")]
    pub by: String,
    /// The earlier version that it returned to.
    #[schema(required, example = 1)]
    pub returned_to: Option<u32>,
    /// The parts in which it differs from the one before; none for the oldest.
    pub changed: Vec<AssistantPart>,
}

/// A part of an assistant that a change can touch.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "threshold")]
pub enum AssistantPart {
    /// Its name.
    Name,
    /// The first words to a customer.
    Greeting,
    /// The questions that it suggests.
    Suggestions,
    /// Its instructions.
    Instructions,
    /// What it does not talk about.
    Forbidden,
    /// What it says when the documents do not answer.
    Refusals,
    /// How sure it must be.
    Threshold,
    /// When a person is asked for.
    Handoff,
    /// When people are there.
    Hours,
    /// Which documents it answers from.
    Knowledge,
    /// Who writes its answers.
    Engine,
}

/// An assistant as it was in a version.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssistantThen {
    /// The version's number.
    #[schema(example = 2)]
    pub version: u32,
    /// The name people saw.
    #[schema(example = "Lindenhof helper")]
    pub name: String,
    /// Everything that could be changed about it.
    pub settings: AssistantSettings,
}

/// Which version is returned to.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReturnAssistant {
    /// The version that the assistant is at; `conflict` when somebody else was faster.
    #[schema(example = 3)]
    pub version: u32,
}

impl From<Changed> for AssistantVersion {
    fn from(changed: Changed) -> AssistantVersion {
        let Changed { version, parts } = changed;
        AssistantVersion {
            version: version.number,
            at: version.changed_at.into(),
            by: version.changed_by,
            returned_to: version.returned_to,
            changed: parts.into_iter().map(AssistantPart::from).collect(),
        }
    }
}

impl From<assistant::Version> for AssistantThen {
    fn from(version: assistant::Version) -> AssistantThen {
        AssistantThen {
            version: version.number,
            name: version.name,
            settings: version.settings.into(),
        }
    }
}

impl From<assistant::Part> for AssistantPart {
    fn from(part: assistant::Part) -> AssistantPart {
        match part {
            assistant::Part::Name => AssistantPart::Name,
            assistant::Part::Greeting => AssistantPart::Greeting,
            assistant::Part::Suggestions => AssistantPart::Suggestions,
            assistant::Part::Instructions => AssistantPart::Instructions,
            assistant::Part::Forbidden => AssistantPart::Forbidden,
            assistant::Part::Refusals => AssistantPart::Refusals,
            assistant::Part::Threshold => AssistantPart::Threshold,
            assistant::Part::Handoff => AssistantPart::Handoff,
            assistant::Part::Hours => AssistantPart::Hours,
            assistant::Part::Knowledge => AssistantPart::Knowledge,
            assistant::Part::Engine => AssistantPart::Engine,
        }
    }
}
