//! The series behind the charts: days of the business's own time zone, and what engines used up.

pub mod costs;

use domain::hours::zone::Zone;
use domain::member::Permission;
use domain::money::Currency;
use domain::time::Timestamp;
use jiff::civil::Date;
use store::activity::ActivityDay;

use crate::App;
use crate::activity::costs::{AssistantDay, EngineDay, by_assistant, by_engine};
use crate::error::{Error, Result};
use crate::who::Who;

/// The most days that are told at once.
pub const MOST_DAYS: u16 = 92;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// What was said and used up in the last days.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// The time zone that days begin in.
    pub zone: String,
    /// The days, oldest first; today is the last one.
    pub days: Vec<(Date, ActivityDay)>,
    /// What engines used up, by days that begin in UTC, oldest first.
    pub engines: Vec<EngineDay>,
    /// What assistants cost, by the same days; nothing for those who do not look after settings.
    pub assistants: Vec<AssistantDay>,
    /// The currency of what things cost; nothing where none was chosen, or for those who do not look after settings.
    pub currency: Option<Currency>,
    /// Where more was said than is walked: the moment before which figures are missing.
    pub whole_since: Option<Timestamp>,
}

impl App {
    /// The last `days` days, 1 to [`MOST_DAYS`], today among them. They begin where the first assistant with
    /// working hours lives, else in `asked_from`, else in UTC.
    pub async fn activity(
        &self,
        who: &Who,
        days: u16,
        asked_from: Option<Zone>,
    ) -> Result<Activity> {
        who.must(Permission::Look)?;
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(Error::invalid("days", "this is not between 1 and 92"));
        }
        let now = self.now();
        let store = self.workspace(who.workspace());
        let assistants = store.assistants().await?;
        let hours = assistants.into_iter().find_map(|one| one.settings.hours);
        let zone = hours.map(|hours| hours.zone).or(asked_from);
        let zone = zone.unwrap_or_else(|| "UTC".parse().expect("UTC is a zone of the database"));
        let dated = zone.last_days(now, days);
        let mut edges: Vec<_> = dated.iter().map(|(_, begins)| *begins).collect();
        // Today is told up to now.
        edges.push(now.plus_milliseconds(1));
        let activity = store.activity(edges).await?;
        let from_day = now.0.div_euclid(DAY) - i64::from(days) + 1;
        let used = store.usage(from_day).await?;
        let settings = self.settings_of(who.workspace()).await?;
        let is_told = who.must(Permission::ChangeSettings).is_ok() && settings.currency.is_some();
        let prices = is_told.then_some(&settings.prices);
        let dates = dated.into_iter().map(|(date, _)| date);
        Ok(Activity {
            zone: zone.as_str().to_owned(),
            days: dates.zip(activity.days).collect(),
            engines: by_engine(&used, prices),
            assistants: prices.map_or_else(Vec::new, |prices| by_assistant(&used, prices)),
            currency: settings.currency.clone().filter(|_| is_told),
            whole_since: activity.whole_since,
        })
    }
}
