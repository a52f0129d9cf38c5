//! Working hours of an assistant: when people are there, and what happens when they are not.
//!
//! Hours are kept as local wall time in an IANA zone and evaluated at use, so that summer time moves them as it
//! moves people. The rules:
//!
//! - An interval belongs to the day it begins on. One that ends no later than it begins ends on the next day
//!   (`22:00`–`02:00`), and does so even when that day is a holiday. The beginning is open, the end is not.
//! - A wall time that does not exist, because the clocks were put forward, is later by as much as they were.
//!   One that exists twice is the first for opening and the second for closing: people are there for longer,
//!   never for shorter. An interval that ends before it begins by this has no length on that day.
//! - A day that a zone left out whole has no hours.
//! - A holiday replaces the hours of its day. Of several on one day the shortest decides, then one of a single
//!   year, then the first.
//!
//! Not here: a clock; what an assistant does with the answer (`app`).

mod tell;
pub mod zone;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::hours::zone::{DAY_MINUTES, Edge, WallTime, Zone};
use crate::time::Timestamp;

/// Most intervals of one day.
pub const MAX_INTERVALS: usize = 8;
/// Most holidays.
pub const MAX_HOLIDAYS: usize = 200;
/// Longest name of a holiday, in characters.
pub const MAX_HOLIDAY_NAME: usize = 80;
/// Most days of one holiday.
pub const MAX_HOLIDAY_DAYS: i32 = 366;

/// Days that are looked at for the next change, today first: until tomorrow, for a week, for more than a year.
const LOOK_AHEAD: [i32; 3] = [2, 10, 400];

/// When people are there, in the wall time of one zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hours {
    /// Whose wall time the intervals are in.
    pub zone: Zone,
    /// The hours of every week.
    pub week: Week,
    /// Days with other hours, or none.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    /// What happens to a message that comes when nobody is there.
    #[serde(default)]
    pub outside: Outside,
}

/// The intervals of every day of the week; a day without any is closed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Week {
    /// Of Monday.
    pub monday: Vec<Interval>,
    /// Of Tuesday.
    pub tuesday: Vec<Interval>,
    /// Of Wednesday.
    pub wednesday: Vec<Interval>,
    /// Of Thursday.
    pub thursday: Vec<Interval>,
    /// Of Friday.
    pub friday: Vec<Interval>,
    /// Of Saturday.
    pub saturday: Vec<Interval>,
    /// Of Sunday.
    pub sunday: Vec<Interval>,
}

/// From one wall time to another; to the next day's when it ends no later than it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Interval {
    /// When people come; before `24:00`.
    pub from: WallTime,
    /// When they go.
    pub to: WallTime,
}

/// A day, or days in a row, whose hours are not those of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// The first day.
    pub first: Date,
    /// The last day, no earlier than the first; the first one when absent.
    #[serde(default)]
    pub last: Option<Date>,
    /// What people call it; may be empty.
    #[serde(default)]
    pub name: String,
    /// True when it comes back in every year on the same dates.
    #[serde(default)]
    pub every_year: bool,
    /// The hours of each of these days; closed when there are none.
    #[serde(default)]
    pub intervals: Vec<Interval>,
}

/// What happens to a message that comes when nobody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// The assistant answers as ever.
    AnswerAnyway,
    /// The assistant answers, and says when people are back.
    #[default]
    AnswerAndSayWhen,
    /// The assistant does not answer: it asks for an e-mail address or a phone number.
    CollectContact,
}

/// Whether people are there at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// They are.
    Open {
        /// When they go; nothing when they do not within 400 days.
        until: Option<Timestamp>,
    },
    /// They are not.
    Closed {
        /// When they come; nothing when they do not within 400 days.
        opens: Option<Timestamp>,
        /// Which rule says so.
        why: Why,
    },
}

/// Which rule says that nobody is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The day is a holiday of this name, closed or with hours of its own.
    Holiday(String),
    /// It is not within the hours of the week.
    OutsideHours,
}

/// What is wrong with working hours. `day` names a day of the week or the first day of a holiday.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HoursFault {
    /// An interval begins where it ends.
    #[error("{day}: {from} to {from} is no time at all; a whole day is 00:00 to 24:00")]
    Empty {
        /// The day.
        day: String,
        /// The wall time.
        from: WallTime,
    },
    /// An interval begins when its day is over.
    #[error("{day}: hours begin before 24:00")]
    BeginsAtDayEnd {
        /// The day.
        day: String,
    },
    /// Two intervals share time.
    #[error("{day}: the hours from {from} overlap others")]
    Overlap {
        /// The day on which the later of the two begins.
        day: String,
        /// When the later of the two begins.
        from: WallTime,
    },
    /// A day has too many intervals.
    #[error("{day}: at most {MAX_INTERVALS} intervals a day")]
    TooManyIntervals {
        /// The day.
        day: String,
    },
    /// There are too many holidays.
    #[error("at most {MAX_HOLIDAYS} holidays")]
    TooManyHolidays,
    /// A holiday ends before it begins.
    #[error("the holiday of {first} ends before it begins")]
    HolidayBackwards {
        /// Its first day.
        first: Date,
    },
    /// A holiday is too long.
    #[error("the holiday of {first} is longer than {MAX_HOLIDAY_DAYS} days")]
    HolidayTooLong {
        /// Its first day.
        first: Date,
    },
    /// A holiday's name is too long, or not one line.
    #[error(
        "the holiday of {first} needs a name of one line, at most {MAX_HOLIDAY_NAME} characters"
    )]
    HolidayName {
        /// Its first day.
        first: Date,
    },
}

/// Moments from which and until which people are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shift {
    from: Timestamp,
    to: Timestamp,
}

impl Hours {
    /// Whether people are there at `at`, and until when that stays so.
    pub fn state_at(&self, at: Timestamp) -> State {
        let today = self.zone.local(at).date();
        let mut state = State::Open { until: None };
        for ahead in LOOK_AHEAD {
            let shifts = self.shifts(today, ahead);
            // What reaches into the last day that was looked at may go on after it.
            let last_day = today.checked_add((ahead - 1).days()).ok();
            let seen_until = last_day.and_then(|day| self.zone.begins(day));
            let is_seen =
                |moment: Timestamp| seen_until.is_none_or(|seen_until| moment < seen_until);
            let around = shifts
                .iter()
                .find(|shift| shift.from <= at && at < shift.to);
            let next = shifts.iter().find(|shift| at < shift.from);
            let change = match around {
                Some(shift) => Some(shift.to),
                None => next.map(|shift| shift.from),
            };
            let change = change.filter(|moment| is_seen(*moment));
            state = match around {
                Some(_) => State::Open { until: change },
                None => State::Closed {
                    opens: change,
                    why: self.why_closed(today),
                },
            };
            if change.is_some() {
                break;
            }
        }
        state
    }

    /// What is wrong with these hours; nothing when all is well.
    pub fn check(&self) -> Result<(), HoursFault> {
        let week: Vec<&[Interval]> = WEEKDAYS.iter().map(|day| self.week.of(*day)).collect();
        for (intervals, day) in week.iter().zip(DAY_NAMES) {
            check_intervals(day, intervals)?;
        }
        for (index, intervals) in week.iter().enumerate() {
            let next = (index + 1) % week.len();
            let spill = intervals.iter().map(|interval| interval.ends()).max();
            let spill = spill.unwrap_or(0).saturating_sub(DAY_MINUTES);
            let hit = week[next]
                .iter()
                .find(|interval| interval.from.minutes() < spill);
            if let Some(interval) = hit {
                return Err(HoursFault::Overlap {
                    day: DAY_NAMES[next].to_owned(),
                    from: interval.from,
                });
            }
        }
        if self.holidays.len() > MAX_HOLIDAYS {
            return Err(HoursFault::TooManyHolidays);
        }
        self.holidays.iter().try_for_each(Holiday::check)
    }

    /// The holiday that decides a day's hours, where there is one.
    pub fn holiday(&self, date: Date) -> Option<&Holiday> {
        let of_the_day = self.holidays.iter().filter(|holiday| holiday.has(date));
        of_the_day.min_by_key(|holiday| (holiday.days(), holiday.every_year))
    }

    /// The intervals that begin on a day.
    pub fn of_day(&self, date: Date) -> &[Interval] {
        match self.holiday(date) {
            Some(holiday) => &holiday.intervals,
            None => self.week.of(date.weekday()),
        }
    }

    fn why_closed(&self, date: Date) -> Why {
        match self.holiday(date) {
            Some(holiday) => Why::Holiday(holiday.name.clone()),
            None => Why::OutsideHours,
        }
    }

    /// When people are there from the day before yesterday for `ahead` days from today on: in order, and what
    /// touches is one.
    fn shifts(&self, today: Date, ahead: i32) -> Vec<Shift> {
        let days = (-2..ahead).filter_map(|day| today.checked_add(day.days()).ok());
        let mut shifts: Vec<Shift> = days
            .flat_map(|date| {
                let intervals = self.of_day(date).iter();
                intervals.filter_map(move |interval| self.shift(date, *interval))
            })
            .collect();
        shifts.sort_by_key(|shift| (shift.from, shift.to));
        let mut joined: Vec<Shift> = Vec::with_capacity(shifts.len());
        for shift in shifts {
            match joined.last_mut() {
                Some(last) if shift.from <= last.to => last.to = last.to.max(shift.to),
                _ => joined.push(shift),
            }
        }
        joined
    }

    /// When people are there by one interval of one day; nothing when that has no length.
    fn shift(&self, date: Date, interval: Interval) -> Option<Shift> {
        let from = interval.from.minutes();
        let from = self.zone.instant(date, from, Edge::Opens)?;
        let to = self.zone.instant(date, interval.ends(), Edge::Closes)?;
        (from < to).then_some(Shift { from, to })
    }
}

impl Week {
    /// The intervals that begin on a day of the week.
    pub fn of(&self, day: Weekday) -> &[Interval] {
        match day {
            Weekday::Monday => &self.monday,
            Weekday::Tuesday => &self.tuesday,
            Weekday::Wednesday => &self.wednesday,
            Weekday::Thursday => &self.thursday,
            Weekday::Friday => &self.friday,
            Weekday::Saturday => &self.saturday,
            Weekday::Sunday => &self.sunday,
        }
    }
}

impl Interval {
    /// Minutes from the midnight that begins its day to its end, 1..=2880.
    fn ends(self) -> u16 {
        let to = self.to.minutes();
        match to <= self.from.minutes() {
            true => to + DAY_MINUTES,
            false => to,
        }
    }
}

impl Holiday {
    /// True when a day is one of these.
    pub fn has(&self, date: Date) -> bool {
        let last = self.last.unwrap_or(self.first);
        if !self.every_year {
            return self.first <= date && date <= last;
        }
        let of_year = |date: Date| (date.month(), date.day());
        let (first, last, date) = (of_year(self.first), of_year(last), of_year(date));
        match first <= last {
            true => first <= date && date <= last,
            false => first <= date || date <= last,
        }
    }

    /// How many days it has in a row.
    fn days(&self) -> i32 {
        let last = self.last.unwrap_or(self.first);
        (last - self.first).get_days() + 1
    }

    fn check(&self) -> Result<(), HoursFault> {
        let first = self.first;
        if self.days() < 1 {
            return Err(HoursFault::HolidayBackwards { first });
        }
        if self.days() > MAX_HOLIDAY_DAYS {
            return Err(HoursFault::HolidayTooLong { first });
        }
        let is_line = self.name.chars().count() <= MAX_HOLIDAY_NAME
            && !self.name.chars().any(char::is_control);
        if !is_line {
            return Err(HoursFault::HolidayName { first });
        }
        check_intervals(&first.to_string(), &self.intervals)?;
        // Days in a row: what one of them leaves over midnight meets the next one's hours.
        let spill = self.intervals.iter().map(|interval| interval.ends()).max();
        let spill = spill.unwrap_or(0).saturating_sub(DAY_MINUTES);
        let mut all = self.intervals.iter();
        match all.find(|interval| self.days() > 1 && interval.from.minutes() < spill) {
            Some(interval) => Err(HoursFault::Overlap {
                day: first.to_string(),
                from: interval.from,
            }),
            None => Ok(()),
        }
    }
}

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

const DAY_NAMES: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// What is wrong with the intervals of one day by themselves.
fn check_intervals(day: &str, intervals: &[Interval]) -> Result<(), HoursFault> {
    let day = day.to_owned();
    if intervals.len() > MAX_INTERVALS {
        return Err(HoursFault::TooManyIntervals { day });
    }
    let mut in_order = intervals.to_vec();
    in_order.sort_by_key(|interval| interval.from);
    let mut taken_until = 0;
    for interval in in_order {
        let from = interval.from;
        if from == WallTime::DAY_END {
            return Err(HoursFault::BeginsAtDayEnd { day });
        }
        if from == interval.to {
            return Err(HoursFault::Empty { day, from });
        }
        if from.minutes() < taken_until {
            return Err(HoursFault::Overlap { day, from });
        }
        taken_until = interval.ends();
    }
    Ok(())
}
