//! The series behind the charts.

use app::activity;
use app::activity::costs;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use store::activity::ActivityDay;
use utoipa::{IntoParams, ToSchema};

use crate::wire::{Id, Time};

/// What was said and used up in the last days.
#[derive(Debug, Serialize, ToSchema)]
pub struct Activity {
    /// The time zone that days begin in: of the first assistant with working hours, else the asked one, else UTC.
    #[schema(example = "Europe/Berlin")]
    pub zone: String,
    /// The days, oldest first; today is the last one.
    pub days: Vec<DayFigures>,
    /// What engines used up, oldest first; these days begin in UTC.
    pub engines: Vec<EngineDay>,
    /// What assistants cost, oldest first, the Playground among it; these days begin in UTC. Empty for those who do
    /// not look after settings.
    pub assistants: Vec<AssistantDay>,
    /// The currency of what things cost (ISO 4217); null where none was chosen, and for those who do not look after
    /// settings.
    #[schema(required, example = "EUR")]
    pub currency: Option<String>,
    /// Where more was said than is counted: the moment before which figures are missing.
    #[schema(required)]
    pub whole_since: Option<Time>,
}

/// A day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayFigures {
    /// Which.
    #[schema(format = Date, example = "2026-11-22")]
    pub date: String,
    /// Conversations that began.
    #[schema(example = 12)]
    pub conversations: u64,
    /// Customers' messages.
    #[schema(example = 40)]
    pub asked: u64,
    /// The assistant's replies that the knowledge answered.
    #[schema(example = 31)]
    pub answered: u64,
    /// Those that handed over to a person.
    #[schema(example = 3)]
    pub handed_over: u64,
    /// Those that were refused.
    #[schema(example = 4)]
    pub refused: u64,
    /// What people replied.
    #[schema(example = 5)]
    pub by_people: u64,
    /// Half of the customers who wrote on this day had a reply within so many milliseconds; null when nobody did.
    #[schema(required, example = 2400)]
    pub median_wait_ms: Option<u64>,
}

/// What an engine used up in a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct EngineDay {
    /// Which; it begins in UTC.
    #[schema(format = Date, example = "2026-11-22")]
    pub date: String,
    /// The engine's name.
    #[schema(example = "remote:qwen3:8b")]
    pub engine: String,
    /// How many answers it wrote.
    #[schema(example = 31)]
    pub answers: u64,
    /// Tokens that it read.
    #[schema(example = 41200)]
    pub prompt_tokens: u64,
    /// Tokens that it wrote.
    #[schema(example = 3800)]
    pub answer_tokens: u64,
    /// What that cost at the prices of now, in millionths of the currency's unit; null where no price is known.
    #[schema(required, example = 8460)]
    pub cost_micros: Option<u64>,
}

/// What an assistant cost in a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssistantDay {
    /// Which; it begins in UTC.
    #[schema(format = Date, example = "2026-11-22")]
    pub date: String,
    /// The assistant, which may be gone; null for what was counted before they were told apart.
    #[schema(required)]
    pub assistant_id: Option<Id>,
    /// At the prices of now, in millionths of the currency's unit.
    #[schema(example = 8460)]
    pub cost_micros: u64,
}

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ActivityQuery {
    /// How many days up to today, 1 to 92; 30 unless it is given.
    #[param(example = 30)]
    pub days: Option<u16>,
    /// The caller's time zone (IANA), for a business whose assistants have no working hours.
    #[param(example = "Europe/Berlin")]
    pub zone: Option<String>,
}

impl From<activity::Activity> for Activity {
    fn from(activity: activity::Activity) -> Activity {
        Activity {
            zone: activity.zone,
            days: activity.days.into_iter().map(day).collect(),
            engines: activity.engines.into_iter().map(EngineDay::from).collect(),
            assistants: activity
                .assistants
                .into_iter()
                .map(AssistantDay::from)
                .collect(),
            currency: activity.currency.map(String::from),
            whole_since: activity.whole_since.map(Time::from),
        }
    }
}

fn day((date, day): (Date, ActivityDay)) -> DayFigures {
    DayFigures {
        date: date.to_string(),
        conversations: day.conversations,
        asked: day.asked,
        answered: day.answered,
        handed_over: day.handed_over,
        refused: day.refused,
        by_people: day.by_people,
        median_wait_ms: day.median_wait_ms,
    }
}

impl From<costs::EngineDay> for EngineDay {
    fn from(used: costs::EngineDay) -> EngineDay {
        EngineDay {
            date: date_of(used.day),
            engine: used.engine,
            answers: used.answers,
            prompt_tokens: used.prompt_tokens,
            answer_tokens: used.answer_tokens,
            cost_micros: used.cost_micros,
        }
    }
}

impl From<costs::AssistantDay> for AssistantDay {
    fn from(cost: costs::AssistantDay) -> AssistantDay {
        AssistantDay {
            date: date_of(cost.day),
            assistant_id: cost.assistant_id.map(Id::of),
            cost_micros: cost.cost_micros,
        }
    }
}

/// The date of a day by its number since 1970-01-01.
fn date_of(day: i64) -> String {
    date(1970, 1, 1).saturating_add(day.days()).to_string()
}
