//! Home: the workspace at a glance.

use domain::member::Permission;
use domain::time::Timestamp;
use store::home::Home;

use crate::App;
use crate::error::{Error, Result};
use crate::who::Who;

/// The longest day that figures are counted for, in seconds: a day of any time zone, and some way into the next.
const LONGEST_DAY: i64 = 48 * 3600;

/// What the first page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Glance {
    /// What the store counts.
    pub home: Home,
    /// When a backup was last made.
    pub last_backup: Option<Timestamp>,
}

impl App {
    /// The member's workspace at a glance; figures count from `since`, at most two days ago, or the last 24 hours.
    pub async fn home(&self, who: &Who, since: Option<Timestamp>) -> Result<Glance> {
        who.must(Permission::Look)?;
        let now = self.now();
        let since = since.unwrap_or_else(|| now.plus_seconds(-LONGEST_DAY / 2));
        if since < now.plus_seconds(-LONGEST_DAY) {
            return Err(Error::invalid("since", "this is more than two days ago"));
        }
        Ok(Glance {
            home: self.workspace(who.workspace()).home(since).await?,
            last_backup: self.last_backup(who.workspace()).await?,
        })
    }
}
