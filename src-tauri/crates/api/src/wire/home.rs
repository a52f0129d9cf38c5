//! The workspace at a glance.

use app::home::Glance;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::wire::Time;
use crate::wire::bots::Bot;

/// The workspace at a glance.
#[derive(Debug, Serialize, ToSchema)]
pub struct Home {
    /// What needs somebody.
    pub needs: HomeNeeds,
    /// Since `since`, without the Playground.
    pub today: HomeFigures,
    /// The bots, oldest first.
    pub bots: Vec<Bot>,
    /// Which first steps are done.
    pub done: HomeSteps,
    /// When a backup was last made by hand; null for never.
    #[schema(required)]
    pub last_backup_at: Option<Time>,
}

/// What needs somebody.
#[derive(Debug, Serialize, ToSchema)]
pub struct HomeNeeds {
    /// Conversations that wait for a person.
    #[schema(example = 2)]
    pub waiting: u64,
    /// Since when the one waits that waits longest.
    #[schema(required)]
    pub waiting_since: Option<Time>,
    /// Documents that could not be read.
    #[schema(example = 0)]
    pub failed_documents: u64,
    /// Groups of questions that were not answered.
    #[schema(example = 5)]
    pub unanswered: u64,
    /// Low-rated answers that nobody has dealt with.
    #[schema(example = 1)]
    pub low_rated: u64,
}

/// What was said.
#[derive(Debug, Serialize, ToSchema)]
pub struct HomeFigures {
    /// Customers' messages.
    #[schema(example = 40)]
    pub asked: u64,
    /// Answered from the knowledge.
    #[schema(example = 31)]
    pub answered: u64,
    /// Handed over to a person.
    #[schema(example = 3)]
    pub handed_over: u64,
    /// Refused.
    #[schema(example = 4)]
    pub refused: u64,
}

/// Which first steps are done.
#[derive(Debug, Serialize, ToSchema)]
pub struct HomeSteps {
    /// There is something to answer from.
    pub knowledge: bool,
    /// An assistant was changed to suit the business.
    pub assistant: bool,
    /// There is a bot.
    pub bot: bool,
    /// There is a recovery code.
    pub recovery: bool,
}

/// From when the day's figures count.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HomeQuery {
    /// When the caller's day began, RFC 3339, at most two days ago; the last 24 hours unless it is given.
    #[param(example = "2026-11-22T00:00:00+03:00")]
    pub since: Option<String>,
}

impl From<Glance> for Home {
    fn from(Glance { home, last_backup }: Glance) -> Home {
        Home {
            needs: HomeNeeds {
                waiting: home.waiting,
                waiting_since: home.waiting_since.map(Time::from),
                failed_documents: home.failed,
                unanswered: home.unanswered,
                low_rated: home.low_rated,
            },
            today: HomeFigures {
                asked: home.asked,
                answered: home.answered,
                handed_over: home.handed_over,
                refused: home.refused,
            },
            done: HomeSteps {
                knowledge: home.ready + home.qa > 0,
                assistant: home.has_assistant,
                bot: !home.bots.is_empty(),
                recovery: home.has_recovery,
            },
            bots: home
                .bots
                .into_iter()
                .map(|bot| Bot::of(bot, None))
                .collect(),
            last_backup_at: last_backup.map(Time::from),
        }
    }
}
