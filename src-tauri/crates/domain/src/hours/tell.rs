//! Working hours in plain sentences, English and Russian.
//!
//! Times are the zone's wall time: `9:00`, 24 hours. English where the language is not Russian.

use jiff::civil::{Date, DateTime, Weekday};

use crate::hours::{Hours, Interval, Outside, State, Why};
use crate::language::Language;
use crate::time::Timestamp;

/// Days ahead that are called by the day of the week; what is later is called by its date.
const WEEK: i32 = 7;

impl Hours {
    /// Says when people are back (`People are back on Monday at 9:00.`) in the zone's wall time; nothing while
    /// they are there, and where they are not back within 400 days.
    pub fn back_sentence(&self, at: Timestamp, language: Language) -> Option<String> {
        let State::Closed {
            opens: Some(opens), ..
        } = self.state_at(at)
        else {
            return None;
        };
        let when = when(self.zone.local(at).date(), self.zone.local(opens), language);
        Some(match language == Language::RU {
            true => format!("Сотрудники ответят {when}."),
            false => format!("People are back {when}."),
        })
    }

    /// Explains what is decided at a moment, a sentence each: the local time, the rule that decides, what
    /// happens to a message, when that changes.
    pub fn explain(&self, at: Timestamp, language: Language) -> Vec<String> {
        let is_russian = language == Language::RU;
        let local = self.zone.local(at);
        let state = self.state_at(at);
        let mut said = vec![
            match is_russian {
                true => format!("В зоне {}: {}.", self.zone, full(local, language)),
                false => format!("In {} it is {}.", self.zone, full(local, language)),
            },
            self.rule(local.date(), language),
        ];
        let text = match (&state, is_russian) {
            (State::Open { .. }, true) => "Это рабочее время: сотрудники на месте.",
            (State::Open { .. }, false) => "This is within the hours: people are there.",
            (State::Closed { .. }, true) => "Это нерабочее время: сотрудников нет.",
            (State::Closed { .. }, false) => "This is outside the hours: nobody is there.",
        };
        said.push(text.to_owned());
        said.push(self.consequence(&state, language).to_owned());
        said.push(self.change(&state, at, language));
        said
    }

    /// Which rule gives the day its hours, and which they are.
    fn rule(&self, date: Date, language: Language) -> String {
        let hours = listed(self.of_day(date), language);
        let day = weekday_on(date.weekday(), language);
        let yesterday = date.yesterday().ok();
        let over_midnight = yesterday.is_some_and(|date| {
            self.of_day(date)
                .iter()
                .any(|interval| interval.to < interval.from && interval.to.minutes() > 0)
        });
        let mut said = match (self.holiday(date), language == Language::RU) {
            (Some(holiday), true) => match holiday.name.trim() {
                "" => format!("В этот день праздник: {hours}."),
                name => format!("В этот день праздник «{name}»: {hours}."),
            },
            (Some(holiday), false) => match holiday.name.trim() {
                "" => format!("The day is a holiday: {hours}."),
                name => format!("The day is a holiday, “{name}”: {hours}."),
            },
            (None, true) => format!("Обычные часы {day}: {hours}."),
            (None, false) => format!("The usual hours {day}: {hours}."),
        };
        if over_midnight {
            said.push_str(match language == Language::RU {
                true => " Часы предыдущего дня заканчиваются после полуночи.",
                false => " The hours of the day before end after midnight.",
            });
        }
        said
    }

    /// What happens to a message.
    fn consequence(&self, state: &State, language: Language) -> &'static str {
        let (english, russian) = match (state, self.outside) {
            (State::Open { .. }, _) => (
                "The assistant answers, and a person can be asked for.",
                "Помощник отвечает, и можно позвать человека.",
            ),
            (State::Closed { .. }, Outside::AnswerAnyway) => (
                "The assistant answers as ever.",
                "Помощник отвечает как обычно.",
            ),
            (State::Closed { .. }, Outside::AnswerAndSayWhen) => (
                "The assistant answers, and says when people are back.",
                "Помощник отвечает и говорит, когда ответят сотрудники.",
            ),
            (State::Closed { .. }, Outside::CollectContact) => (
                "The assistant does not answer: it asks for an e-mail address or a phone number.",
                "Помощник не отвечает: он просит адрес почты или номер телефона.",
            ),
        };
        match language == Language::RU {
            true => russian,
            false => english,
        }
    }

    /// When the state changes.
    fn change(&self, state: &State, at: Timestamp, language: Language) -> String {
        let is_russian = language == Language::RU;
        let today = self.zone.local(at).date();
        let called = |moment: Timestamp| when(today, self.zone.local(moment), language);
        match (state, is_russian) {
            (State::Open { until: Some(until) }, true) => {
                format!("Сотрудники уйдут {}.", called(*until))
            }
            (State::Open { until: Some(until) }, false) => {
                format!("People go {}.", called(*until))
            }
            (State::Open { until: None }, true) => {
                "Сотрудники на месте круглосуточно, как минимум 400 дней подряд.".to_owned()
            }
            (State::Open { until: None }, false) => {
                "People are there around the clock, for at least 400 days.".to_owned()
            }
            (State::Closed { opens: None, .. }, true) => {
                "В ближайшие 400 дней рабочих часов нет.".to_owned()
            }
            (State::Closed { opens: None, .. }, false) => {
                "There are no hours in the next 400 days.".to_owned()
            }
            (State::Closed { .. }, _) => self.back_sentence(at, language).unwrap_or_default(),
        }
    }
}

impl Why {
    /// The rule in a few words, for a trace.
    pub fn words(&self, language: Language) -> String {
        match (self, language == Language::RU) {
            (Why::Holiday(name), _) if !name.trim().is_empty() => name.trim().to_owned(),
            (Why::Holiday(_), true) => "праздник".to_owned(),
            (Why::Holiday(_), false) => "holiday".to_owned(),
            (Why::OutsideHours, true) => "вне рабочих часов".to_owned(),
            (Why::OutsideHours, false) => "outside the hours".to_owned(),
        }
    }
}

/// A moment as people call it on the day `today`: today, tomorrow, a day of the week, a date.
fn when(today: Date, local: DateTime, language: Language) -> String {
    let date = local.date();
    let days = (date - today).get_days();
    let clock = clock(local);
    let is_russian = language == Language::RU;
    let day = match (days, is_russian) {
        (0, true) => "сегодня".to_owned(),
        (0, false) => "today".to_owned(),
        (1, true) => "завтра".to_owned(),
        (1, false) => "tomorrow".to_owned(),
        (2..WEEK, _) => weekday_on(date.weekday(), language).to_owned(),
        (_, true) => day_of_year(today, date, language),
        (_, false) => format!("on {}", day_of_year(today, date, language)),
    };
    match is_russian {
        true => format!("{day} в {clock}"),
        false => format!("{day} at {clock}"),
    }
}

/// A date, with its year where that is not this one.
fn day_of_year(today: Date, date: Date, language: Language) -> String {
    let month = usize::from(date.month().unsigned_abs()) - 1;
    let months = match language == Language::RU {
        true => MONTHS_RU,
        false => MONTHS_EN,
    };
    let day = format!("{} {}", date.day(), months[month]);
    match (date.year() == today.year(), language == Language::RU) {
        (true, _) => day,
        (false, true) => format!("{day} {} года", date.year()),
        (false, false) => format!("{day} {}", date.year()),
    }
}

/// Date and time in full.
fn full(local: DateTime, language: Language) -> String {
    let date = local.date();
    let index = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
    // Against the year 0 every date has its year.
    let day = day_of_year(Date::ZERO, date, language);
    match language == Language::RU {
        true => format!("{}, {day}, {}", DAYS_RU[index], clock(local)),
        false => format!("{}, {day}, {}", DAYS_EN[index], clock(local)),
    }
}

fn clock(local: DateTime) -> String {
    format!("{}:{:02}", local.hour(), local.minute())
}

/// `on Monday`, `в понедельник`.
fn weekday_on(day: Weekday, language: Language) -> &'static str {
    let index = usize::from(day.to_monday_zero_offset().unsigned_abs());
    match language == Language::RU {
        true => ON_DAYS_RU[index],
        false => ON_DAYS_EN[index],
    }
}

/// The hours of a day: `9:00–13:00, 14:00–18:00`.
fn listed(intervals: &[Interval], language: Language) -> String {
    if intervals.is_empty() {
        return match language == Language::RU {
            true => "выходной".to_owned(),
            false => "closed".to_owned(),
        };
    }
    let mut in_order = intervals.to_vec();
    in_order.sort_by_key(|interval| interval.from);
    let listed: Vec<String> = in_order
        .iter()
        .map(|interval| format!("{}–{}", interval.from, interval.to))
        .collect();
    listed.join(", ")
}

const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const MONTHS_RU: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

const DAYS_EN: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

const DAYS_RU: [&str; 7] = [
    "понедельник",
    "вторник",
    "среда",
    "четверг",
    "пятница",
    "суббота",
    "воскресенье",
];

const ON_DAYS_EN: [&str; 7] = [
    "on Monday",
    "on Tuesday",
    "on Wednesday",
    "on Thursday",
    "on Friday",
    "on Saturday",
    "on Sunday",
];

const ON_DAYS_RU: [&str; 7] = [
    "в понедельник",
    "во вторник",
    "в среду",
    "в четверг",
    "в пятницу",
    "в субботу",
    "в воскресенье",
];
