//! Working hours: what is open when, what is said about it, what is refused.

use domain::hours::zone::{WallTime, Zone};
use domain::hours::{Holiday, Hours, HoursFault, Interval, Outside, State, Week, Why};
use domain::language::Language;
use domain::time::Timestamp;

fn interval(from: &str, to: &str) -> Interval {
    Interval {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
    }
}

/// Monday to Friday from nine to six with a break, in Berlin.
fn office() -> Hours {
    let day = vec![interval("09:00", "13:00"), interval("14:00", "18:00")];
    Hours {
        zone: "Europe/Berlin".parse().unwrap(),
        week: Week {
            monday: day.clone(),
            tuesday: day.clone(),
            wednesday: day.clone(),
            thursday: day.clone(),
            friday: day,
            ..Week::default()
        },
        holidays: Vec::new(),
        outside: Outside::AnswerAndSayWhen,
    }
}

fn holiday(first: &str, last: Option<&str>, name: &str) -> Holiday {
    Holiday {
        first: first.parse().unwrap(),
        last: last.map(|last| last.parse().unwrap()),
        name: name.to_owned(),
        every_year: false,
        intervals: Vec::new(),
    }
}

/// The moment of a local time in the hours' zone, for times that exist once.
fn at(hours: &Hours, local: &str) -> Timestamp {
    let local: jiff::civil::DateTime = local.parse().unwrap();
    let rules = jiff::tz::TimeZoneDatabase::bundled();
    let rules = rules.get(hours.zone.as_str()).unwrap();
    Timestamp(rules.to_timestamp(local).unwrap().as_microsecond())
}

fn is_open(hours: &Hours, local: &str) -> bool {
    matches!(hours.state_at(at(hours, local)), State::Open { .. })
}

#[test]
fn the_beginning_is_open_and_the_end_is_not() {
    let hours = office();
    for (local, expected) in [
        ("2026-11-25T08:59:59", false),
        ("2026-11-25T09:00", true),
        ("2026-11-25T12:59:59", true),
        ("2026-11-25T13:00", false),
        ("2026-11-25T14:00", true),
        ("2026-11-25T18:00", false),
        ("2026-11-28T10:00", false),
    ] {
        assert_eq!(is_open(&hours, local), expected, "{local}");
    }
    assert_eq!(
        hours.state_at(at(&hours, "2026-11-27T18:30")),
        State::Closed {
            opens: Some(at(&hours, "2026-11-30T09:00")),
            why: Why::OutsideHours
        }
    );
}

#[test]
fn hours_over_midnight_belong_to_the_day_they_begin_on() {
    let mut hours = office();
    hours.week.friday = vec![interval("18:00", "02:00")];
    hours.week.saturday = vec![interval("02:00", "24:00")];
    hours.week.sunday = vec![interval("00:00", "00:30")];
    hours.check().unwrap();
    assert!(is_open(&hours, "2026-11-28T01:59"));
    // What touches is one: from Friday evening to Sunday night.
    assert_eq!(
        hours.state_at(at(&hours, "2026-11-27T20:00")),
        State::Open {
            until: Some(at(&hours, "2026-11-29T00:30"))
        }
    );
    // The holiday takes Saturday's own hours, and leaves Friday its night.
    hours.holidays = vec![holiday("2026-11-28", None, "Inventory")];
    assert!(is_open(&hours, "2026-11-28T01:59"));
    assert_eq!(
        hours.state_at(at(&hours, "2026-11-28T02:00")),
        State::Closed {
            opens: Some(at(&hours, "2026-11-29T00:00")),
            why: Why::Holiday("Inventory".to_owned())
        }
    );
}

#[test]
fn of_several_holidays_the_shortest_decides_and_then_that_of_one_year() {
    let mut hours = office();
    let mut new_year = holiday("2020-12-24", Some("2021-01-06"), "New Year");
    new_year.every_year = true;
    let mut yearly = holiday("2020-12-31", None, "Every year's eve");
    yearly.every_year = true;
    let mut eve = holiday("2026-12-31", None, "Eve");
    eve.intervals = vec![interval("10:00", "12:00")];
    hours.holidays = vec![new_year, yearly, eve];
    hours.check().unwrap();
    let named = |date: &str| {
        let found = hours.holiday(date.parse().unwrap());
        found.map_or("", |holiday| holiday.name.as_str())
    };
    assert_eq!(named("2026-12-31"), "Eve");
    assert_eq!(named("2027-12-31"), "Every year's eve");
    assert_eq!(named("2027-01-06"), "New Year");
    assert_eq!(named("2027-01-07"), "");
    assert!(is_open(&hours, "2026-12-31T11:00"));
    assert!(!is_open(&hours, "2026-12-31T12:00"));
    assert_eq!(
        hours.state_at(at(&hours, "2026-12-31T12:00")),
        State::Closed {
            opens: Some(at(&hours, "2027-01-07T09:00")),
            why: Why::Holiday("Eve".to_owned())
        }
    );
}

#[test]
fn around_the_clock_has_no_end_and_never_has_no_beginning() {
    let mut hours = office();
    let all_day = vec![interval("00:00", "24:00")];
    hours.week = Week {
        monday: all_day.clone(),
        tuesday: all_day.clone(),
        wednesday: all_day.clone(),
        thursday: all_day.clone(),
        friday: all_day.clone(),
        saturday: all_day.clone(),
        sunday: all_day,
    };
    hours.check().unwrap();
    let moment = at(&hours, "2026-03-28T12:00");
    assert_eq!(hours.state_at(moment), State::Open { until: None });
    hours.week = Week::default();
    assert_eq!(
        hours.state_at(moment),
        State::Closed {
            opens: None,
            why: Why::OutsideHours
        }
    );
    assert_eq!(hours.back_sentence(moment, Language::EN), None);
    for end in [i64::MIN, i64::MAX] {
        assert!(!hours.explain(Timestamp(end), Language::EN).is_empty());
        assert!(matches!(
            office().state_at(Timestamp(end)),
            State::Closed { .. } | State::Open { .. }
        ));
    }
}

#[test]
fn customers_are_told_when_people_are_back() {
    let mut hours = office();
    hours.holidays = vec![
        holiday("2026-12-24", Some("2027-01-08"), "Christmas"),
        holiday("2026-10-12", Some("2026-10-20"), ""),
    ];
    for (local, english, russian) in [
        (
            "2026-11-25T08:00",
            "People are back today at 9:00.",
            "Сотрудники ответят сегодня в 9:00.",
        ),
        (
            "2026-11-25T13:30",
            "People are back today at 14:00.",
            "Сотрудники ответят сегодня в 14:00.",
        ),
        (
            "2026-11-25T18:00",
            "People are back tomorrow at 9:00.",
            "Сотрудники ответят завтра в 9:00.",
        ),
        (
            "2026-11-27T23:00",
            "People are back on Monday at 9:00.",
            "Сотрудники ответят в понедельник в 9:00.",
        ),
        (
            "2026-10-12T09:00",
            "People are back on 21 October at 9:00.",
            "Сотрудники ответят 21 октября в 9:00.",
        ),
        (
            "2026-12-24T10:00",
            "People are back on 11 January 2027 at 9:00.",
            "Сотрудники ответят 11 января 2027 года в 9:00.",
        ),
    ] {
        let moment = at(&hours, local);
        assert_eq!(hours.back_sentence(moment, Language::EN).unwrap(), english);
        assert_eq!(hours.back_sentence(moment, Language::RU).unwrap(), russian);
    }
    assert_eq!(
        hours.back_sentence(at(&hours, "2026-11-25T10:00"), Language::EN),
        None
    );
    // The day is the one of the hours' zone: it is Monday in Auckland while it is Sunday in Berlin.
    let mut far = hours.clone();
    far.zone = "Pacific/Auckland".parse().unwrap();
    let moment = at(&hours, "2026-11-29T20:00");
    assert_eq!(
        far.back_sentence(moment, Language::EN).unwrap(),
        "People are back today at 9:00."
    );
}

#[test]
fn a_moment_is_explained_in_both_languages() {
    let mut hours = office();
    hours.holidays = vec![holiday("2026-12-31", None, "New Year's Eve")];
    hours.outside = Outside::CollectContact;
    let moment = at(&hours, "2026-12-31T18:30");
    assert_eq!(
        hours.explain(moment, Language::EN),
        [
            "In Europe/Berlin it is Thursday, 31 December 2026, 18:30.",
            "The day is a holiday, “New Year's Eve”: closed.",
            "This is outside the hours: nobody is there.",
            "The assistant does not answer: it asks for an e-mail address or a phone number.",
            "People are back tomorrow at 9:00.",
        ]
    );
    assert_eq!(
        hours.explain(at(&hours, "2026-11-25T10:00"), Language::RU),
        [
            "В зоне Europe/Berlin: среда, 25 ноября 2026 года, 10:00.",
            "Обычные часы в среду: 09:00–13:00, 14:00–18:00.",
            "Это рабочее время: сотрудники на месте.",
            "Помощник отвечает, и можно позвать человека.",
            "Сотрудники уйдут сегодня в 13:00.",
        ]
    );
}

#[test]
fn hours_that_make_no_sense_are_refused_with_the_reason() {
    let nine: WallTime = "09:00".parse().unwrap();
    let refused = |change: &dyn Fn(&mut Hours)| {
        let mut hours = office();
        change(&mut hours);
        hours.check().unwrap_err()
    };
    let empty = refused(&|hours| hours.week.monday = vec![interval("09:00", "09:00")]);
    assert_eq!(
        empty.to_string(),
        "monday: 09:00 to 09:00 is no time at all; a whole day is 00:00 to 24:00"
    );
    assert_eq!(
        refused(&|hours| hours.week.monday =
            vec![interval("09:00", "13:00"), interval("08:00", "09:01")]),
        HoursFault::Overlap {
            day: "monday".to_owned(),
            from: nine
        }
    );
    assert_eq!(
        refused(&|hours| hours.week.sunday = vec![interval("20:00", "09:01")]),
        HoursFault::Overlap {
            day: "monday".to_owned(),
            from: nine
        }
    );
    assert_eq!(
        refused(&|hours| hours.week.sunday = vec![interval("24:00", "09:00")]),
        HoursFault::BeginsAtDayEnd {
            day: "sunday".to_owned()
        }
    );
    let minute =
        |minute: usize| interval(&format!("10:{minute:02}"), &format!("10:{:02}", minute + 1));
    assert_eq!(
        refused(&|hours| hours.week.sunday = (0..9).map(minute).collect()),
        HoursFault::TooManyIntervals {
            day: "sunday".to_owned()
        }
    );
    assert_eq!(
        refused(&|hours| hours.holidays = vec![holiday("2026-01-01", None, ""); 201]),
        HoursFault::TooManyHolidays
    );
    let first = "2026-01-02".parse().unwrap();
    assert_eq!(
        refused(&|hours| hours.holidays = vec![holiday("2026-01-02", Some("2026-01-01"), "")]),
        HoursFault::HolidayBackwards { first }
    );
    assert_eq!(
        refused(&|hours| hours.holidays = vec![holiday("2026-01-02", Some("2027-01-03"), "")]),
        HoursFault::HolidayTooLong { first }
    );
    assert_eq!(
        refused(&|hours| hours.holidays = vec![holiday("2026-01-02", None, "two\nlines")]),
        HoursFault::HolidayName { first }
    );
    office().check().unwrap();
}

#[test]
fn hours_are_stored_as_people_would_write_them() {
    let written = r#"{"zone":"europe/moscow","week":{"monday":[{"from":"9:00","to":"24:00"}]},
        "holidays":[{"first":"2026-01-01","last":"2026-01-08","every_year":true}]}"#;
    let hours: Hours = serde_json::from_str(written).unwrap();
    assert_eq!(hours.zone, "Europe/Moscow".parse::<Zone>().unwrap());
    assert_eq!(hours.outside, Outside::AnswerAndSayWhen);
    assert!(hours.holidays[0].has("2030-01-08".parse().unwrap()));
    let again = serde_json::to_string(&hours).unwrap();
    assert!(again.contains(r#""from":"09:00","to":"24:00""#), "{again}");
    assert_eq!(serde_json::from_str::<Hours>(&again).unwrap(), hours);
    for wrong in [
        r#"{"zone":"Europe/Atlantis","week":{}}"#,
        r#"{"zone":"UTC","week":{"monday":[{"from":"9:00","to":"25:00"}]}}"#,
        r#"{"zone":"UTC","week":{},"holidays":[{"first":"2026-02-30"}]}"#,
    ] {
        assert!(serde_json::from_str::<Hours>(wrong).is_err(), "{wrong}");
    }
}
