//! `chatai hours …`: why people are there, or are not, at a moment.

use std::env;

use app::clock::{Clock, SystemClock};
use clap::{Args, Subcommand, ValueEnum};
use domain::hours::zone::Zone;
use domain::hours::{Hours as Working, State, Why};
use domain::language::Language;
use domain::time::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Value, json};

use crate::boot::Boot;
use crate::cli::print_json;
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::local;

#[derive(Debug, Subcommand)]
pub enum Hours {
    /// Say which rule decides at a moment, what happens to a message then, and when people are back
    Explain(Explain),
}

#[derive(Debug, Args)]
pub struct Explain {
    /// The moment: 2026-12-31T18:30 in the assistant's zone, or with an offset (…18:30+01:00, …17:30Z) [default: now]
    #[arg(long, value_name = "TIME", value_parser = read_moment)]
    at: Option<Moment>,
    /// Whose hours [default: the first assistant's]
    #[arg(long, value_name = "NAME")]
    assistant: Option<String>,
    /// The language of the sentences [default: the system's]
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Spoken>,
    /// Print the decision as JSON
    #[arg(long)]
    json: bool,
}

/// A moment as it was written.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// With an offset: the same everywhere.
    Fixed(Timestamp),
    /// On the clock of the assistant's zone.
    Local(DateTime),
}

/// A language that sentences are written in.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Spoken {
    /// English
    En,
    /// Russian
    Ru,
}

impl Hours {
    pub async fn run(self, boot: &Boot) -> Outcome {
        match self {
            Hours::Explain(explain) => explain.run(boot).await,
        }
    }
}

impl Explain {
    async fn run(self, boot: &Boot) -> Outcome {
        let program = Program::start(boot).await?;
        let who = local::owner(&program, "My business").await?;
        let assistant = local::assistant(&program, &who, self.assistant.as_deref()).await?;
        program.stop().await?;
        let language = match self.language {
            Some(Spoken::Ru) => Language::RU,
            Some(Spoken::En) => Language::EN,
            None => system_language(),
        };
        let Some(hours) = assistant.settings.hours else {
            let sentence = always_open(language);
            match self.json {
                true => {
                    print_json(&json!({
                        "assistant": assistant.name, "state": "open", "until": null, "zone": null,
                        "sentences": [sentence],
                    }));
                }
                false => println!("{sentence}"),
            }
            return Ok(Ending::Done);
        };
        let at = match self.at {
            None => SystemClock.now(),
            Some(Moment::Fixed(at)) => at,
            Some(Moment::Local(local)) => {
                let at = hours.zone.moment_of(local);
                at.ok_or_else(|| Failure::new(format!("{local} is outside the calendar")))?
            }
        };
        let sentences = hours.explain(at, language);
        match self.json {
            true => {
                print_json(&as_json(&assistant.name, &hours, at, &sentences, language));
            }
            false => sentences.iter().for_each(|sentence| println!("{sentence}")),
        }
        Ok(Ending::Done)
    }
}

fn as_json(
    assistant: &str,
    hours: &Working,
    at: Timestamp,
    sentences: &[String],
    language: Language,
) -> Value {
    let zone = &hours.zone;
    let mut told = json!({
        "assistant": assistant,
        "zone": zone.as_str(),
        "at": utc(at),
        "local": zone.local(at).to_string(),
    });
    match hours.state_at(at) {
        State::Open { until } => {
            told["state"] = json!("open");
            told["until"] = moment(zone, until);
        }
        State::Closed { opens, why } => {
            told["state"] = json!("closed");
            told["opens"] = moment(zone, opens);
            told["why"] = match why {
                Why::Holiday(name) => json!({ "holiday": name }),
                Why::OutsideHours => json!("outside_hours"),
            };
            told["policy"] = json!(hours.outside);
            told["back"] = json!(hours.back_sentence(at, language));
        }
    }
    told["sentences"] = json!(sentences);
    told
}

fn moment(zone: &Zone, at: Option<Timestamp>) -> Value {
    match at {
        Some(at) => json!({ "at": utc(at), "local": zone.local(at).to_string() }),
        None => Value::Null,
    }
}

fn utc(at: Timestamp) -> String {
    let moment = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::MAX);
    moment.to_string()
}

fn always_open(language: Language) -> &'static str {
    match language == Language::RU {
        true => {
            "Рабочие часы не заданы: помощник отвечает всегда, и человека можно позвать всегда."
        }
        false => {
            "No hours are set: the assistant always answers, and a person can always be asked for."
        }
    }
}

fn read_moment(text: &str) -> Result<Moment, String> {
    if let Ok(fixed) = text.parse::<jiff::Timestamp>() {
        return Ok(Moment::Fixed(Timestamp(fixed.as_microsecond())));
    }
    let local = text.parse::<DateTime>();
    local
        .map(Moment::Local)
        .map_err(|_| "not a time such as 2026-12-31T18:30".to_owned())
}

/// The language that the system speaks to whoever sits at it, as POSIX tells it; English where it does not.
fn system_language() -> Language {
    let told = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| env::var(name).ok())
        .find(|value| !value.is_empty());
    match told {
        Some(value) if value.to_lowercase().starts_with("ru") => Language::RU,
        _ => Language::EN,
    }
}
