//! `chatai bots …`: Telegram bots from this computer's own terminal.

use std::env;
use std::io::{self, BufRead, IsTerminal, Write};

use app::bots::BotChange;
use app::bots::doctor::{Check, CheckState, sentence};
use app::who::Who;
use clap::{Args, Subcommand};
use domain::bot::{Bot, BotSettings, BotState, Trouble};
use domain::language::Language;
use serde_json::{Value, json};

use crate::boot::Boot;
use crate::cli::{print_json, table};
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::local;

/// Where a token is read from; never from an argument, which every process of this computer could read.
const TOKEN: &str = "CHATAI_BOT_TOKEN";

#[derive(Debug, Subcommand)]
pub enum Bots {
    /// List the bots and how they fare
    List(Shown),
    /// Add a bot; its token comes from CHATAI_BOT_TOKEN, else from standard input
    Add(Add),
    /// Remove a bot with its token; what was said through it stays
    Remove(Named),
    /// Switch a bot on
    On(Named),
    /// Switch a bot off
    Off(Named),
    /// Look one bot over, or all of them, and say what to do
    Doctor(Checked),
}

#[derive(Debug, Args)]
pub struct Shown {
    /// Print the list as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Add {
    /// Which assistant answers through it [default: the first]
    #[arg(long, value_name = "NAME")]
    assistant: Option<String>,
    /// The group with topics where operators work, by its number
    #[arg(
        long,
        value_name = "CHAT",
        allow_negative_numbers = true,
        default_value_t = 0
    )]
    staff_chat: i64,
    /// Print the bot as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Named {
    /// Its @name, or its id
    bot: String,
    /// Print the bot as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Checked {
    /// Its @name, or its id [default: all bots]
    bot: Option<String>,
    /// Print the findings as JSON
    #[arg(long)]
    json: bool,
}

/// Whether a bot is to run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Switch {
    On,
    Off,
}

impl Bots {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let program = Program::compose(boot).await?;
        let who = local::owner(&program, "My business").await?;
        let ending = match self {
            Bots::List(told) => list(&program, &who, &told).await,
            Bots::Add(told) => add(&program, &who, &told).await,
            Bots::Remove(told) => remove(&program, &who, &told).await,
            Bots::On(told) => switch(&program, &who, &told, Switch::On).await,
            Bots::Off(told) => switch(&program, &who, &told, Switch::Off).await,
            Bots::Doctor(told) => doctor(&program, &who, &told).await,
        };
        program.stop().await?;
        ending
    }
}

async fn list(program: &Program, who: &Who, told: &Shown) -> Outcome {
    let bots = program.app.bots(who).await?;
    if told.json {
        let rows: Vec<Value> = bots.iter().map(as_json).collect();
        return Ok(print_json(&json!(rows)));
    }
    if bots.is_empty() {
        println!("no bots yet: `chatai bots add` adds one");
        return Ok(Ending::Done);
    }
    let rows: Vec<Vec<String>> = bots
        .iter()
        .map(|bot| {
            vec![
                at_name(bot),
                bot.account.name.clone(),
                standing(bot),
                bot.id.to_string(),
            ]
        })
        .collect();
    table::print(&["bot", "name", "state", "id"], &rows);
    Ok(Ending::Done)
}

async fn add(program: &Program, who: &Who, told: &Add) -> Outcome {
    let assistant = local::assistant(program, who, told.assistant.as_deref()).await?;
    let settings = BotSettings {
        staff_chat: told.staff_chat,
        ..BotSettings::default()
    };
    let bot = program
        .app
        .add_bot(who, &token()?, assistant.id, settings)
        .await?;
    if told.json {
        return Ok(print_json(&as_json(&bot)));
    }
    println!(
        "{} ({}) is added; {} answers through it while `chatai serve` or the window runs",
        at_name(&bot),
        bot.account.name,
        assistant.name
    );
    Ok(Ending::Done)
}

async fn remove(program: &Program, who: &Who, told: &Named) -> Outcome {
    let bot = named(program, who, &told.bot).await?;
    program.app.remove_bot(who, bot.id).await?;
    match told.json {
        true => {
            print_json(&as_json(&bot));
        }
        false => println!(
            "{} is removed; what was said through it stays",
            at_name(&bot)
        ),
    }
    Ok(Ending::Done)
}

async fn switch(program: &Program, who: &Who, told: &Named, to: Switch) -> Outcome {
    let bot = named(program, who, &told.bot).await?;
    let change = BotChange {
        is_on: Some(to == Switch::On),
        ..BotChange::default()
    };
    let changed = program
        .app
        .change_bot(who, bot.id, bot.version, change)
        .await?;
    match (told.json, to) {
        (true, _) => {
            print_json(&as_json(&changed));
        }
        (false, Switch::On) => println!("{} is on", at_name(&changed)),
        (false, Switch::Off) => println!("{} is off", at_name(&changed)),
    }
    Ok(Ending::Done)
}

async fn doctor(program: &Program, who: &Who, told: &Checked) -> Outcome {
    let bots = match &told.bot {
        Some(name) => vec![named(program, who, name).await?],
        None => program.app.bots(who).await?,
    };
    let mut all = Vec::new();
    let mut is_well = true;
    for bot in bots {
        let checks = program.app.check_bot(who, bot.id).await?;
        is_well &= !checks.iter().any(is_bad);
        if told.json {
            all.push(json!({
                "bot": as_json(&bot),
                "well": !checks.iter().any(is_bad),
                "findings": checks.iter().map(finding_json).collect::<Vec<_>>(),
            }));
            continue;
        }
        println!("{} ({})", at_name(&bot), bot.account.name);
        let rows: Vec<Vec<String>> = checks
            .iter()
            .map(|check| {
                let (found, fix) = sentence(check, Language::EN);
                vec![mark(check.state).to_owned(), format!("{found} {fix}")]
            })
            .collect();
        table::print(&["", "found"], &rows);
        println!();
    }
    if told.json {
        print_json(&json!({ "well": is_well, "bots": all }));
    }
    Ok(match is_well {
        true => Ending::Done,
        false => Ending::Partly,
    })
}

/// The bot of that `@name` or id.
async fn named(program: &Program, who: &Who, name: &str) -> Result<Bot, Failure> {
    let wanted = name.trim_start_matches('@').to_lowercase();
    let bots = program.app.bots(who).await?;
    let names: Vec<String> = bots.iter().map(at_name).collect();
    let found = bots
        .into_iter()
        .find(|bot| bot.account.username.to_lowercase() == wanted || bot.id.to_string() == wanted);
    found.ok_or_else(|| {
        Failure::new(match names.is_empty() {
            true => format!("there is no bot {name}; there are none"),
            false => format!("there is no bot {name}; there are: {}", names.join(", ")),
        })
    })
}

/// The token, from the environment, else from standard input.
fn token() -> Result<String, Failure> {
    if let Ok(token) = env::var(TOKEN)
        && !token.is_empty()
    {
        return Ok(token);
    }
    if io::stdin().is_terminal() {
        eprint!("token from BotFather (shown while you type): ");
        io::stderr().flush()?;
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// What the doctor says of a bot in one line: what is wrong with it, or that all is well.
pub fn in_one_line(bot: &Bot, checks: &[Check]) -> String {
    let wrong: Vec<String> = checks
        .iter()
        .filter(|check| is_bad(check))
        .map(|check| {
            let (found, fix) = sentence(check, Language::EN);
            format!("{found} {fix}").trim().to_owned()
        })
        .collect();
    let name = at_name(bot);
    match wrong.is_empty() {
        true => format!("{name}: {}", standing(bot)),
        false => format!("{name}: {}", wrong.join(" ")),
    }
}

fn is_bad(check: &Check) -> bool {
    check.state == CheckState::Bad
}

fn mark(state: CheckState) -> &'static str {
    match state {
        CheckState::Good => "ok",
        CheckState::Warning => "note",
        CheckState::Bad => "look",
        CheckState::Skipped => "-",
    }
}

fn name_of(state: CheckState) -> &'static str {
    match state {
        CheckState::Good => "good",
        CheckState::Warning => "warning",
        CheckState::Bad => "bad",
        CheckState::Skipped => "skipped",
    }
}

fn finding_json(check: &Check) -> Value {
    let (found, fix) = sentence(check, Language::EN);
    json!({ "state": name_of(check.state), "key": check.key, "found": found, "fix": fix })
}

fn at_name(bot: &Bot) -> String {
    format!("@{}", bot.account.username)
}

/// How a bot fares, in a word or two.
fn standing(bot: &Bot) -> String {
    if !bot.is_on {
        return "off".to_owned();
    }
    match &bot.state {
        BotState::Off => "on, not running now".to_owned(),
        BotState::Starting => "starting".to_owned(),
        BotState::Running => "running".to_owned(),
        BotState::Troubled { trouble, .. } => match trouble {
            Trouble::NeedsToken => "needs a new token".to_owned(),
            Trouble::OtherPoller => "another program uses its token".to_owned(),
            Trouble::WebhookSet { host } => format!("a webhook is set: {host}"),
            Trouble::Unreachable { what } => format!("cannot reach the messenger: {what}"),
            Trouble::Limited { .. } => "asked to wait".to_owned(),
            Trouble::BadAddress { what } => format!("bad address: {what}"),
            Trouble::SecretLost => "its token cannot be opened here".to_owned(),
            Trouble::LocalOnly => "only this computer may be spoken to".to_owned(),
        },
    }
}

fn as_json(bot: &Bot) -> Value {
    json!({
        "id": bot.id.to_string(),
        "username": bot.account.username,
        "name": bot.account.name,
        "assistant_id": bot.assistant_id.to_string(),
        "on": bot.is_on,
        "state": bot.state,
        "version": bot.version,
    })
}
