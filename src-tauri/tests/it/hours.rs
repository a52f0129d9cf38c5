//! `chatai hours explain`: the decision of any moment, in words and as JSON.

use rusqlite::Connection;
use serde_json::json;

use crate::program::Program;

/// The program whose only assistant has hours: weekdays from nine to six in Berlin, closed at the end of the year.
fn with_hours() -> Program {
    let program = Program::new();
    program.run(&["hours", "explain"]).ended_with(0);
    let day = json!([{"from": "09:00", "to": "18:00"}]);
    let hours = json!({
        "zone": "Europe/Berlin",
        "week": {"monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day},
        "holidays": [{"first": "2026-12-31", "last": "2027-01-01", "name": "New Year"}],
        "outside": "collect_contact",
    });
    let conn = Connection::open(program.data().join("chatai.db")).unwrap();
    let changed = conn.execute(
        "UPDATE assistants SET settings = json_set(settings, '$.hours', json(?1))",
        [hours.to_string()],
    );
    assert_eq!(changed.unwrap(), 1);
    program
}

#[test]
fn the_rule_that_decides_a_moment_is_told_in_words() {
    let program = with_hours();
    let explain = |more: &[&str]| {
        let mut arguments = vec!["hours", "explain", "--at", "2026-12-31T18:30"];
        arguments.extend(more);
        program.run(&arguments).ended_with(0).text()
    };
    assert_eq!(
        explain(&["--language", "en"]),
        "In Europe/Berlin it is Thursday, 31 December 2026, 18:30.\n\
         The day is a holiday, “New Year”: closed.\n\
         This is outside the hours: nobody is there.\n\
         The assistant does not answer: it asks for an e-mail address or a phone number.\n\
         People are back on Monday at 9:00.\n"
    );
    let russian = explain(&["--language", "ru"]);
    assert!(
        russian.ends_with("Сотрудники ответят в понедельник в 9:00.\n"),
        "{russian}"
    );
    // Without a language it is the system's.
    let mut command = program.command(&["hours", "explain", "--at", "2026-12-31T18:30"]);
    command.env("LC_ALL", "ru_RU.UTF-8");
    let told = crate::program::Ran::of(&mut command).ended_with(0).text();
    assert_eq!(told, russian);
}

#[test]
fn a_moment_is_the_zones_own_time_unless_it_has_an_offset() {
    let program = with_hours();
    let explain = |at: &str| {
        let arguments = ["hours", "explain", "--json", "--language", "en", "--at", at];
        program.run(&arguments).ended_with(0).json()
    };
    let local = explain("2026-12-31T18:30");
    assert_eq!(local, explain("2026-12-31T17:30Z"));
    assert_eq!(local, explain("2026-12-31T20:30+03:00"));
    assert_eq!(local["state"], "closed");
    assert_eq!(local["why"], json!({"holiday": "New Year"}));
    assert_eq!(local["policy"], "collect_contact");
    assert_eq!(
        local["opens"],
        json!({"at": "2027-01-04T08:00:00Z", "local": "2027-01-04T09:00:00"})
    );
    let open = explain("2026-12-30T10:00");
    assert_eq!(open["state"], "open");
    assert_eq!(open["until"]["local"], "2026-12-30T18:00:00");
}

#[test]
fn no_hours_are_always_open_and_a_wrong_time_is_a_command_without_sense() {
    let program = Program::new();
    let told = program
        .run(&["hours", "explain", "--json"])
        .ended_with(0)
        .json();
    assert_eq!(
        (&told["state"], &told["zone"]),
        (&json!("open"), &json!(null))
    );
    program
        .run(&["hours", "explain", "--at", "yesterday"])
        .ended_with(2);
    program
        .run(&["hours", "explain", "--assistant", "nobody"])
        .ended_with(1);
}
