//! Time zones by their IANA names, and local wall time as a number of minutes.
//!
//! The rules of the zones are those compiled into the program (jiff's bundled copy of the IANA database), so
//! that the same question has the same answer on every computer, and nothing is read from a disk.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;

/// A time zone of the IANA database, known by its name there (`Europe/Berlin`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(TimeZone);

/// A text that names no time zone of the IANA database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a time zone of the IANA database, such as Europe/Berlin")]
pub struct NotAZone;

/// A time on a clock on the wall: minutes from midnight, 0..=1440. Written `09:00`; `24:00` is the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WallTime(u16);

/// A text that is no time between `00:00` and `24:00`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a time between 00:00 and 24:00")]
pub struct NotAWallTime;

/// Which end of an interval a wall time is: it decides what a time means that does not exist once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// The first of two.
    Opens,
    /// The second of two.
    Closes,
}

impl Zone {
    /// The name as the database writes it.
    pub fn as_str(&self) -> &str {
        self.0.iana_name().unwrap_or_default()
    }

    /// The moment at which a clock in this zone shows a time: the first of two, and later by the gap where the
    /// clocks leave it out. Nothing at the ends of the calendar.
    pub fn moment_of(&self, local: DateTime) -> Option<Timestamp> {
        let moment = self.0.to_ambiguous_timestamp(local).compatible().ok()?;
        Some(Timestamp(moment.as_microsecond()))
    }

    /// The local date and time at a moment.
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.0.to_datetime(moment(at))
    }

    /// The moment at which a clock in this zone shows `minutes` after the midnight that begins `date`. A time
    /// that a change of the clocks leaves out is later by what they leave out; of two the edge decides.
    /// Nothing at the ends of the calendar, and on a day that the zone left out whole (Samoa, 30 December 2011).
    pub(super) fn instant(&self, date: Date, minutes: u16, edge: Edge) -> Option<Timestamp> {
        if self.local(self.begins(date)?).date() != date {
            return None;
        }
        let (date, minutes) = match minutes >= DAY_MINUTES {
            true => (date.tomorrow().ok()?, minutes - DAY_MINUTES),
            false => (date, minutes),
        };
        let hour = i8::try_from(minutes / 60).ok()?;
        let minute = i8::try_from(minutes % 60).ok()?;
        let local = date.at(hour, minute, 0, 0);
        match edge {
            Edge::Opens => self.moment_of(local),
            Edge::Closes => {
                let moment = self.0.to_ambiguous_timestamp(local).later().ok()?;
                Some(Timestamp(moment.as_microsecond()))
            }
        }
    }

    /// The days up to the one that `now` is in, the oldest first, each with the moment that it begins; `count` of
    /// them, fewer where the zone left one out or at the ends of the calendar.
    pub fn last_days(&self, now: Timestamp, count: u16) -> Vec<(Date, Timestamp)> {
        let today = self.local(now).date();
        (0..count)
            .rev()
            .filter_map(|back| today.checked_sub(i32::from(back).days()).ok())
            .filter_map(|date| Some((date, self.begins(date)?)))
            .filter(|(date, begins)| self.local(*begins).date() == *date)
            .collect()
    }

    /// The first moment of a day; of the next one where the zone left the day out.
    pub(super) fn begins(&self, date: Date) -> Option<Timestamp> {
        self.moment_of(date.at(0, 0, 0, 0))
    }
}

impl FromStr for Zone {
    type Err = NotAZone;

    fn from_str(name: &str) -> Result<Zone, NotAZone> {
        static BUNDLED: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
        let rules = BUNDLED.get(name.trim()).map_err(|_| NotAZone)?;
        match rules.iana_name() {
            Some(_) => Ok(Zone(rules)),
            None => Err(NotAZone),
        }
    }
}

impl TryFrom<String> for Zone {
    type Error = NotAZone;

    fn try_from(name: String) -> Result<Zone, NotAZone> {
        name.parse()
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> String {
        zone.as_str().to_owned()
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.as_str())
    }
}

impl WallTime {
    /// Midnight at the beginning of a day.
    pub const MIDNIGHT: WallTime = WallTime(0);
    /// The end of a day.
    pub const DAY_END: WallTime = WallTime(DAY_MINUTES);

    /// The time `hour`:`minute`; nothing above 24:00.
    pub fn new(hour: u16, minute: u16) -> Option<WallTime> {
        let minutes = hour.checked_mul(60)?.checked_add(minute)?;
        (minute < 60 && minutes <= DAY_MINUTES).then_some(WallTime(minutes))
    }

    /// Minutes from midnight, 0..=1440.
    pub fn minutes(self) -> u16 {
        self.0
    }
}

impl FromStr for WallTime {
    type Err = NotAWallTime;

    fn from_str(text: &str) -> Result<WallTime, NotAWallTime> {
        let (hour, minute) = text.trim().split_once(':').ok_or(NotAWallTime)?;
        let number = |digits: &str, least: usize| {
            let is_number = (least..=2).contains(&digits.len())
                && digits.bytes().all(|digit| digit.is_ascii_digit());
            is_number.then(|| digits.parse::<u16>().ok()).flatten()
        };
        let hour = number(hour, 1).ok_or(NotAWallTime)?;
        let minute = number(minute, 2).ok_or(NotAWallTime)?;
        WallTime::new(hour, minute).ok_or(NotAWallTime)
    }
}

impl TryFrom<String> for WallTime {
    type Error = NotAWallTime;

    fn try_from(text: String) -> Result<WallTime, NotAWallTime> {
        text.parse()
    }
}

impl From<WallTime> for String {
    fn from(time: WallTime) -> String {
        time.to_string()
    }
}

impl fmt::Display for WallTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

/// The moment in jiff's terms; outside its calendar the nearest it has.
fn moment(at: Timestamp) -> jiff::Timestamp {
    let nearest = match at.0 < 0 {
        true => jiff::Timestamp::MIN,
        false => jiff::Timestamp::MAX,
    };
    jiff::Timestamp::from_microsecond(at.0).unwrap_or(nearest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_known_by_its_iana_name() {
        let zone: Zone = "europe/berlin".parse().unwrap();
        assert_eq!(zone.as_str(), "Europe/Berlin");
        for wrong in ["", "Europe", "Mars/Olympus", "UTC+3", "../etc/passwd"] {
            assert_eq!(wrong.parse::<Zone>(), Err(NotAZone), "{wrong}");
        }
    }

    #[test]
    fn a_wall_time_is_read_and_written_in_two_digits() {
        let nine: WallTime = "9:05".parse().unwrap();
        assert_eq!(nine.to_string(), "09:05");
        assert_eq!("24:00".parse(), Ok(WallTime::DAY_END));
        for wrong in [
            "24:01", "9", "9:5", "09:60", "-1:00", "009:00", "9:00:00", "",
        ] {
            assert_eq!(wrong.parse::<WallTime>(), Err(NotAWallTime), "{wrong}");
        }
    }
}
