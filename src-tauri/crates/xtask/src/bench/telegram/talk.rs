//! What bots do while nobody writes and while many do, ours and the others', and how it is told.

use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::Result;

use super::super::figures::{head, row, short};
use super::{SETTLE, StandIn, Taken};

/// What customers ask; the demo company's documents answer it.
const QUESTION: &str = "How long does it take to charge the Pine S2?";
/// How long CPU time is counted.
const COUNTED: Duration = Duration::from_secs(60);

/// What a program of bots was seen to do.
pub struct Talked {
    name: String,
    pub idle: Taken,
    /// Seconds of processors in a minute in which nobody writes.
    idle_cpu: f64,
    calm: Talk,
    storm: Talk,
}

/// Many customers' messages and their answers.
pub struct Talk {
    /// Neither answered in time nor at all.
    lost: f64,
    doubled: f64,
    p50: f64,
    p95: f64,
    p99: f64,
    /// Answers a second.
    each_second: f64,
    cpu: f64,
    after: Taken,
}

impl Talked {
    /// All bots of `telegram` listen; `taken` says what their program has taken.
    pub fn measure(
        name: &str,
        telegram: &mut StandIn,
        taken: &dyn Fn() -> Taken,
    ) -> Result<Talked> {
        thread::sleep(SETTLE);
        let before = taken();
        thread::sleep(COUNTED);
        let idle = taken();
        Ok(Talked {
            name: name.to_owned(),
            idle,
            idle_cpu: (idle.cpu - before.cpu) * 60.0 / COUNTED.as_secs_f64(),
            calm: Talk::measure(telegram, taken, (3_000, 50))?,
            storm: Talk::measure(telegram, taken, (1_000, 0))?,
        })
    }
}

impl Talk {
    fn measure(
        telegram: &mut StandIn,
        taken: &dyn Fn() -> Taken,
        (messages, each_second): (u64, u64),
    ) -> Result<Talk> {
        let before = taken();
        let told = telegram.ask(&json!({
            "do": "say", "messages": messages, "each_second": each_second, "text": QUESTION,
        }))?;
        let after = taken();
        let number = |name: &str| told[name].as_f64().unwrap_or(f64::NAN);
        Ok(Talk {
            lost: number("said") - number("answered"),
            doubled: number("doubled"),
            p50: number("p50"),
            p95: number("p95"),
            p99: number("p99"),
            each_second: number("answered") / number("seconds"),
            cpu: after.cpu - before.cpu,
            after,
        })
    }
}

/// The figures of all, and of the others as so many times ours.
pub fn print(all: &[Talked]) {
    println!("while nobody writes\n");
    head(&["", "memory MB", "CPU seconds a minute"]);
    for talked in all {
        let idle = [talked.idle.memory, talked.idle_cpu].map(short);
        row(&[std::slice::from_ref(&talked.name), &idle[..]].concat());
    }
    for (title, of) in [
        (
            "50 messages a second for 60 s, from the update to the answer",
            (|talked| &talked.calm) as fn(&Talked) -> &Talk,
        ),
        ("1,000 messages at once", |talked| &talked.storm),
    ] {
        println!("\n{title}\n");
        head(&[
            "",
            "lost",
            "doubled",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "messages/s",
            "memory MB",
            "CPU s",
        ]);
        for talked in all {
            let talk = of(talked);
            let figures = [
                talk.lost,
                talk.doubled,
                talk.p50,
                talk.p95,
                talk.p99,
                talk.each_second,
                talk.after.memory,
                talk.cpu,
            ];
            row(&[std::slice::from_ref(&talked.name), &figures.map(short)[..]].concat());
        }
    }
    let Some((ours, others)) = all.split_first() else {
        return;
    };
    println!(
        "\nthe others as so many times ours; they only say again what they hear, and keep nothing\n"
    );
    head(&[
        "",
        "memory, idle",
        "CPU, idle",
        "p50 at 50 a second",
        "messages/s of 1,000 at once",
        "CPU of 1,000 at once",
    ]);
    for other in others {
        let times = [
            other.idle.memory / ours.idle.memory,
            other.idle_cpu / ours.idle_cpu,
            other.calm.p50 / ours.calm.p50,
            other.storm.each_second / ours.storm.each_second,
            other.storm.cpu / ours.storm.cpu,
        ];
        row(&[std::slice::from_ref(&other.name), &times.map(short)[..]].concat());
    }
}
