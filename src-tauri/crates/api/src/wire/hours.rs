//! Working hours of an assistant.

use std::str::FromStr;

use domain::hours;
use domain::hours::zone::WallTime;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;
use crate::wire::{Id, Time};

/// When people are there, in the wall time of one zone.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Hours {
    /// Whose wall time the intervals are in: a name of the IANA database.
    #[schema(example = "Europe/Berlin")]
    pub zone: String,
    /// The hours of every week.
    pub week: Week,
    /// Days with other hours, or none; at most 200.
    #[serde(default)]
    #[schema(required)]
    pub holidays: Vec<Holiday>,
    /// What happens to a message that comes when nobody is there.
    #[serde(default)]
    #[schema(required)]
    pub outside: Outside,
}

/// The intervals of every day of the week, at most 8 a day; a day without any is closed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Week {
    /// Of Monday.
    #[serde(default)]
    #[schema(required)]
    pub monday: Vec<Interval>,
    /// Of Tuesday.
    #[serde(default)]
    #[schema(required)]
    pub tuesday: Vec<Interval>,
    /// Of Wednesday.
    #[serde(default)]
    #[schema(required)]
    pub wednesday: Vec<Interval>,
    /// Of Thursday.
    #[serde(default)]
    #[schema(required)]
    pub thursday: Vec<Interval>,
    /// Of Friday.
    #[serde(default)]
    #[schema(required)]
    pub friday: Vec<Interval>,
    /// Of Saturday.
    #[serde(default)]
    #[schema(required)]
    pub saturday: Vec<Interval>,
    /// Of Sunday.
    #[serde(default)]
    #[schema(required)]
    pub sunday: Vec<Interval>,
}

/// From one wall time to another; to the next day's when it ends no later than it begins.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Interval {
    /// When people come.
    #[schema(example = "09:00", pattern = "^[0-9]{1,2}:[0-9]{2}$")]
    pub from: String,
    /// When they go; `24:00` is the end of the day.
    #[schema(example = "18:00", pattern = "^[0-9]{1,2}:[0-9]{2}$")]
    pub to: String,
}

/// A day, or days in a row, whose hours are not those of the week.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Holiday {
    /// The first day.
    #[schema(format = Date, example = "2026-12-24")]
    pub first: String,
    /// The last day; the first one when absent.
    #[serde(default)]
    #[schema(required, format = Date, example = "2026-12-26")]
    pub last: Option<String>,
    /// What people call it, at most 80 characters; may be empty.
    #[serde(default)]
    #[schema(required, example = "Christmas", max_length = 80)]
    pub name: String,
    /// True when it comes back in every year on the same dates.
    #[serde(default)]
    #[schema(required, example = true)]
    pub every_year: bool,
    /// The hours of each of these days; closed when there are none.
    #[serde(default)]
    #[schema(required)]
    pub intervals: Vec<Interval>,
}

/// What happens to a message that comes when nobody is there.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "answer_and_say_when")]
pub enum Outside {
    /// The assistant answers as ever.
    AnswerAnyway,
    /// The assistant answers, and says when people are back.
    #[default]
    AnswerAndSayWhen,
    /// The assistant does not answer: it asks for an e-mail address or a phone number.
    CollectContact,
}

/// Which moment is to be explained.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExplainQuery {
    /// Whose hours; the first assistant's when absent.
    pub assistant: Option<String>,
    /// The moment: `2026-12-31T18:30` on the clock of the assistant's zone, or with an offset; now when absent.
    #[param(example = "2026-12-31T18:30")]
    pub at: Option<String>,
    /// The language of the sentences, `en` or `ru`; English unless told otherwise.
    #[param(example = "en")]
    pub language: Option<String>,
}

/// Which hours are to be explained, before they are saved.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ExplainHours {
    /// Whose hours they would be.
    pub assistant_id: Id,
    /// The hours; always, when null.
    #[schema(required)]
    pub hours: Option<Hours>,
    /// The moment: `2026-12-31T18:30` on the clock of their zone, or with an offset; now when absent.
    #[schema(example = "2026-12-31T18:30")]
    pub at: Option<String>,
    /// The language of the sentences, `en` or `ru`; English unless told otherwise.
    #[schema(example = "en")]
    pub language: Option<String>,
}

/// What is decided at a moment, and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoursExplained {
    /// Whose hours.
    pub assistant_id: Id,
    /// The moment.
    pub at: Time,
    /// The same on the clock of the zone; null where no hours are set.
    #[schema(required, example = "2026-12-31T18:30:00")]
    pub local: Option<String>,
    /// The zone; null where no hours are set.
    #[schema(required, example = "Europe/Berlin")]
    pub zone: Option<String>,
    /// True when people are there, and where no hours are set.
    #[schema(example = false)]
    pub is_open: bool,
    /// When that changes; null when it does not within 400 days.
    #[schema(required)]
    pub changes_at: Option<Time>,
    /// The same on the clock of the zone.
    #[schema(required, example = "2027-01-04T09:00:00")]
    pub changes_local: Option<String>,
    /// The holiday's name, where a holiday is why nobody is there.
    #[schema(required, example = "New Year")]
    pub holiday: Option<String>,
    /// What happens to a message, while nobody is there.
    #[schema(required)]
    pub outside: Option<Outside>,
    /// The decision in sentences.
    #[schema(example = json!(["In Europe/Berlin it is Thursday, 31 December 2026, 18:30."]))]
    pub sentences: Vec<String>,
}

impl From<hours::Outside> for Outside {
    fn from(outside: hours::Outside) -> Outside {
        match outside {
            hours::Outside::AnswerAnyway => Outside::AnswerAnyway,
            hours::Outside::AnswerAndSayWhen => Outside::AnswerAndSayWhen,
            hours::Outside::CollectContact => Outside::CollectContact,
        }
    }
}

impl From<hours::Hours> for Hours {
    fn from(hours: hours::Hours) -> Hours {
        let hours::Hours {
            zone,
            week,
            holidays,
            outside,
        } = hours;
        Hours {
            zone: zone.into(),
            week: Week {
                monday: written(week.monday),
                tuesday: written(week.tuesday),
                wednesday: written(week.wednesday),
                thursday: written(week.thursday),
                friday: written(week.friday),
                saturday: written(week.saturday),
                sunday: written(week.sunday),
            },
            holidays: holidays.into_iter().map(Holiday::from).collect(),
            outside: outside.into(),
        }
    }
}

impl From<hours::Holiday> for Holiday {
    fn from(holiday: hours::Holiday) -> Holiday {
        Holiday {
            first: holiday.first.to_string(),
            last: holiday.last.map(|last| last.to_string()),
            name: holiday.name,
            every_year: holiday.every_year,
            intervals: written(holiday.intervals),
        }
    }
}

impl Hours {
    /// The domain's hours, or a problem that names what is wrong.
    pub fn parse(self) -> Result<hours::Hours, Problem> {
        let week = self.week;
        let parsed = hours::Hours {
            zone: read(&self.zone)?,
            week: hours::Week {
                monday: intervals(week.monday)?,
                tuesday: intervals(week.tuesday)?,
                wednesday: intervals(week.wednesday)?,
                thursday: intervals(week.thursday)?,
                friday: intervals(week.friday)?,
                saturday: intervals(week.saturday)?,
                sunday: intervals(week.sunday)?,
            },
            holidays: self
                .holidays
                .into_iter()
                .map(Holiday::parse)
                .collect::<Result<_, _>>()?,
            outside: match self.outside {
                Outside::AnswerAnyway => hours::Outside::AnswerAnyway,
                Outside::AnswerAndSayWhen => hours::Outside::AnswerAndSayWhen,
                Outside::CollectContact => hours::Outside::CollectContact,
            },
        };
        Ok(parsed)
    }
}

impl Holiday {
    fn parse(self) -> Result<hours::Holiday, Problem> {
        let date = |text: &str| {
            let date = text.parse();
            date.map_err(|_| wrong(text, "not a date such as 2026-12-24"))
        };
        Ok(hours::Holiday {
            first: date(&self.first)?,
            last: self.last.as_deref().map(date).transpose()?,
            name: self.name,
            every_year: self.every_year,
            intervals: intervals(self.intervals)?,
        })
    }
}

fn written(intervals: Vec<hours::Interval>) -> Vec<Interval> {
    let written = intervals.into_iter().map(|interval| Interval {
        from: interval.from.to_string(),
        to: interval.to.to_string(),
    });
    written.collect()
}

fn intervals(intervals: Vec<Interval>) -> Result<Vec<hours::Interval>, Problem> {
    let parsed = intervals.into_iter().map(|interval| {
        let from: WallTime = read(&interval.from)?;
        let to: WallTime = read(&interval.to)?;
        Ok(hours::Interval { from, to })
    });
    parsed.collect()
}

/// A value of the domain from its text, or a problem with the text and what it is not.
fn read<T>(text: &str) -> Result<T, Problem>
where
    T: FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error| wrong(text, error))
}

fn wrong(text: &str, error: impl std::fmt::Display) -> Problem {
    let text: String = text.chars().take(40).collect();
    Problem::invalid("hours", format!("“{text}”: {error}"))
}
