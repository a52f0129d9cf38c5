//! R13 of reliability.md: 20 zones, 4 changes of the clocks each, 48 half-hours around each, against the table
//! that `hours_table.py` made with Python's zoneinfo.

use domain::hours::zone::Zone;
use domain::hours::{Hours, Interval, Outside, State, Week};
use domain::time::Timestamp;

const TABLE: &str = include_str!("hours_table.txt");

/// The week of `hours_table.py`.
fn hours(zone: &str) -> Hours {
    let day = |intervals: &[(&str, &str)]| {
        let intervals = intervals.iter().map(|(from, to)| Interval {
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
        });
        intervals.collect()
    };
    Hours {
        zone: zone.parse::<Zone>().unwrap(),
        week: Week {
            monday: day(&[("00:00", "02:30"), ("09:00", "18:00")]),
            tuesday: day(&[("01:00", "02:15"), ("03:00", "12:00"), ("23:00", "01:00")]),
            wednesday: day(&[
                ("01:45", "02:00"),
                ("02:30", "02:45"),
                ("10:00", "14:00"),
                ("15:00", "24:00"),
            ]),
            thursday: day(&[("00:30", "01:30"), ("08:00", "16:00"), ("23:30", "00:30")]),
            friday: day(&[("01:30", "02:30"), ("09:00", "13:00"), ("22:00", "02:15")]),
            saturday: day(&[("02:30", "03:30"), ("10:00", "23:45"), ("23:50", "00:15")]),
            sunday: day(&[
                ("01:00", "02:00"),
                ("02:15", "03:00"),
                ("12:00", "16:45"),
                ("23:45", "24:00"),
            ]),
        },
        holidays: Vec::new(),
        outside: Outside::AnswerAnyway,
    }
}

#[test]
fn people_are_there_when_the_independent_table_says_so() {
    let mut checks = 0;
    let mut zones = Vec::new();
    let mut wrong = Vec::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split(' ').collect();
        let [zone, centre, before, after, offsets, bits] = columns[..] else {
            panic!("a line of six columns: {line}");
        };
        let centre: i64 = centre.parse().unwrap();
        let hours = hours(zone);
        if !zones.contains(&zone) {
            zones.push(zone);
        }
        // The two databases agree about the zone here at all.
        let rules = jiff::tz::TimeZoneDatabase::bundled().get(zone).unwrap();
        let offset = |second: i64| {
            let moment = jiff::Timestamp::from_second(second).unwrap();
            rules.to_offset(moment).seconds().to_string()
        };
        assert_eq!(
            (offset(centre - 1).as_str(), offset(centre).as_str()),
            (before, after),
            "{line}"
        );
        let offsets = offsets.split(',').flat_map(|run| {
            let (offset, count) = run.split_once('*').unwrap();
            vec![offset; count.parse().unwrap()]
        });
        for ((step, expected), expected_offset) in (-24..24).zip(bits.chars()).zip(offsets) {
            let second = centre + step * 1_800;
            assert_eq!(offset(second), expected_offset, "{line}");
            let state = hours.state_at(Timestamp(second * 1_000_000));
            let is_open = matches!(state, State::Open { .. });
            checks += 1;
            if is_open != (expected == '1') {
                wrong.push(format!("{zone} {second}: {state:?}, expected {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ: {:#?}", wrong.len(), wrong);
    assert_eq!((zones.len(), checks), (20, 3_840));
}

/// What `until` and `opens` promise is what is found when time has come there, in every hour of the table.
#[test]
fn the_state_changes_at_the_moment_it_names_and_not_before() {
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split(' ');
        let hours = hours(columns.next().unwrap());
        let centre: i64 = columns.next().unwrap().parse().unwrap();
        let end = Timestamp((centre + 12 * 3_600) * 1_000_000);
        let mut at = Timestamp((centre - 12 * 3_600) * 1_000_000);
        while at < end {
            let now = hours.state_at(at);
            let change = match &now {
                State::Open { until } => until.unwrap(),
                State::Closed { opens, .. } => opens.unwrap(),
            };
            assert!(change > at, "{line}");
            let just_before = hours.state_at(change.plus_milliseconds(-1));
            assert_eq!(just_before, now, "{line}");
            let then = hours.state_at(change);
            let is_other = matches!(then, State::Open { .. }) != matches!(now, State::Open { .. });
            assert!(is_other, "{line}: {now:?} then {then:?}");
            at = change;
        }
    }
}
