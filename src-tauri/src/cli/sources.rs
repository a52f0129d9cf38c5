//! `chatai sources …`: web sites and watched folders from this computer's own terminal.

use std::path::PathBuf;
use std::time::Duration;

use app::following::Change;
use app::who::Who;
use clap::{Args, Subcommand, ValueEnum};
use domain::following::{
    DEPTH, Followed, Item, ItemState, PAGES, Place, Reach, Rhythm, SiteRules, Trouble, Vanished,
};
use serde_json::{Value, json};

use crate::boot::Boot;
use crate::cli::{print_json, table};
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::local;

/// How often a look is looked at while somebody waits for it.
const LOOK: Duration = Duration::from_millis(100);
/// Items of one page of a list.
const AT_ONCE: u32 = 200;

#[derive(Debug, Subcommand)]
pub enum Sources {
    /// List sites and folders and how they fare
    List(Shown),
    /// Read a web site into the knowledge, now and again later
    AddSite(AddSite),
    /// Watch a folder of this computer
    AddFolder(AddFolder),
    /// Read a site or folder again now
    Look(Named),
    /// What became of each page or file
    Pages(Named),
    /// Stop reading one again
    Pause(Named),
    /// Go on with one that was stopped
    Resume(Named),
    /// Remove one with its documents
    Remove(Named),
}

#[derive(Debug, Args)]
pub struct Shown {
    /// Print the list as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct AddSite {
    /// Where it begins
    address: String,
    /// Only this page
    #[arg(long)]
    page: bool,
    /// At most so many pages
    #[arg(long, value_name = "N", default_value_t = PAGES)]
    pages: u32,
    /// At most so many links from the first page on
    #[arg(long, value_name = "N", default_value_t = DEPTH)]
    depth: u32,
    /// How often it is read again
    #[arg(long, value_enum, default_value_t = Often::Week)]
    every: Often,
    /// Its host may lie in this computer's own network
    #[arg(long)]
    private: bool,
    /// Keep documents whose page is gone
    #[arg(long)]
    keep_gone: bool,
    /// Print the source as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Often {
    /// Only when somebody asks
    Never,
    /// Once a day
    Day,
    /// Once a week
    Week,
}

#[derive(Debug, Args)]
pub struct AddFolder {
    /// Its path
    folder: PathBuf,
    /// Keep documents whose file is gone
    #[arg(long)]
    keep_gone: bool,
    /// Print the source as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Named {
    /// Its address, path or id
    source: String,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

impl Sources {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let is_reading = matches!(
            self,
            Sources::AddSite(_) | Sources::AddFolder(_) | Sources::Look(_)
        );
        let program = match is_reading {
            true => Program::start(boot).await?,
            false => Program::compose(boot).await?,
        };
        let who = local::owner(&program, "My business").await?;
        let ending = match self {
            Sources::List(told) => list(&program, &who, &told).await,
            Sources::AddSite(told) => add_site(&program, &who, told).await,
            Sources::AddFolder(told) => add_folder(&program, &who, told).await,
            Sources::Look(told) => look(&program, &who, &told).await,
            Sources::Pages(told) => pages(&program, &who, &told).await,
            Sources::Pause(told) => pause(&program, &who, &told, true).await,
            Sources::Resume(told) => pause(&program, &who, &told, false).await,
            Sources::Remove(told) => remove(&program, &who, &told).await,
        };
        program.stop().await?;
        ending
    }
}

async fn list(program: &Program, who: &Who, told: &Shown) -> Outcome {
    let followed = program.app.all_followed(who).await?;
    if told.json {
        let rows: Vec<Value> = followed.iter().map(as_json).collect();
        return Ok(print_json(&json!(rows)));
    }
    if followed.is_empty() {
        println!("no sites and folders yet: `chatai sources add-site ADDRESS` reads one");
        return Ok(Ending::Done);
    }
    let rows: Vec<Vec<String>> = followed
        .iter()
        .map(|one| {
            let place = one.place.key().to_owned();
            vec![
                place,
                one.counts.read.to_string(),
                standing(one),
                one.source_id.to_string(),
            ]
        })
        .collect();
    table::print(&["source", "documents", "state", "id"], &rows);
    Ok(Ending::Done)
}

async fn add_site(program: &Program, who: &Who, told: AddSite) -> Outcome {
    let rules = SiteRules {
        address: told.address,
        reach: if told.page { Reach::Page } else { Reach::Site },
        pages: told.pages,
        depth: told.depth,
        is_private: told.private,
    };
    let rhythm = match told.every {
        Often::Never => Rhythm::Never,
        Often::Day => Rhythm::Daily,
        Often::Week => Rhythm::Weekly,
    };
    let vanished = vanished(told.keep_gone);
    let followed = program
        .app
        .follow_site(who, rules, rhythm, vanished)
        .await?;
    wait(program, who, &followed, told.json).await
}

async fn add_folder(program: &Program, who: &Who, told: AddFolder) -> Outcome {
    let whole = std::path::absolute(&told.folder)?;
    let path = whole
        .to_str()
        .ok_or_else(|| Failure::new("the path is not written in Unicode"))?;
    let vanished = vanished(told.keep_gone);
    let followed = program.app.follow_folder(who, path, vanished).await?;
    wait(program, who, &followed, told.json).await
}

async fn look(program: &Program, who: &Who, told: &Named) -> Outcome {
    let known = named(program, who, &told.source).await?;
    if known.is_paused {
        return Err(Failure::new(
            "it is stopped: `chatai sources resume` lets it go on",
        ));
    }
    let followed = program.app.look_now(who, known.source_id).await?;
    wait(program, who, &followed, told.json).await
}

/// Waits for the end of the look that was asked for, and of the reading of what it found.
async fn wait(program: &Program, who: &Who, asked: &Followed, is_json: bool) -> Outcome {
    let followed = loop {
        let now = program.app.followed(who, asked.source_id).await?;
        if !now.is_open && now.pass > asked.pass {
            break now;
        }
        tokio::time::sleep(LOOK).await;
    };
    local::wait_found(program, who).await?;
    let ending = match followed.trouble.is_some() || followed.counts.failed > 0 {
        true => Ending::Partly,
        false => Ending::Done,
    };
    if is_json {
        print_json(&as_json(&followed));
        return Ok(ending);
    }
    println!("{}: {}", followed.place.key(), standing(&followed));
    Ok(ending)
}

async fn pages(program: &Program, who: &Who, told: &Named) -> Outcome {
    let known = named(program, who, &told.source).await?;
    let mut all: Vec<Item> = Vec::new();
    let mut after = Some(String::new());
    while let Some(from) = after {
        let some = program
            .app
            .followed_items(who, known.source_id, None, from, AT_ONCE)
            .await?;
        all.extend(some.items);
        after = some.next;
    }
    if told.json {
        let row =
            |item: &Item| json!({ "key": item.key, "state": item.state, "trouble": item.trouble });
        return Ok(print_json(&json!(all.iter().map(row).collect::<Vec<_>>())));
    }
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|item| {
            let why = item.trouble.map(why).unwrap_or_default();
            vec![
                state(item.state).to_owned(),
                item.key.clone(),
                why.to_owned(),
            ]
        })
        .collect();
    table::print(&["state", "page or file", "why"], &rows);
    Ok(Ending::Done)
}

async fn pause(program: &Program, who: &Who, told: &Named, is_paused: bool) -> Outcome {
    let known = named(program, who, &told.source).await?;
    let change = Change {
        is_paused: Some(is_paused),
        ..Change::default()
    };
    let changed = program
        .app
        .change_followed(who, known.source_id, change)
        .await?;
    match told.json {
        true => {
            print_json(&as_json(&changed));
        }
        false => println!("{}: {}", changed.place.key(), standing(&changed)),
    }
    Ok(Ending::Done)
}

async fn remove(program: &Program, who: &Who, told: &Named) -> Outcome {
    let known = named(program, who, &told.source).await?;
    program.app.remove_source(who, known.source_id).await?;
    match told.json {
        true => {
            print_json(&as_json(&known));
        }
        false => println!("{} is removed with its documents", known.place.key()),
    }
    Ok(Ending::Done)
}

/// The source of that address, path or id.
async fn named(program: &Program, who: &Who, name: &str) -> Result<Followed, Failure> {
    let all = program.app.all_followed(who).await?;
    let plain = |text: &str| {
        let text = text.trim_end_matches('/').to_lowercase();
        let address = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        address.unwrap_or(&text).to_owned()
    };
    let wanted = plain(name);
    let places: Vec<String> = all.iter().map(|one| one.place.key().to_owned()).collect();
    let found = all
        .into_iter()
        .find(|one| plain(one.place.key()) == wanted || one.source_id.to_string() == wanted);
    found.ok_or_else(|| {
        Failure::new(match places.is_empty() {
            true => format!("there is no source {name}; there are none"),
            false => format!(
                "there is no source {name}; there are: {}",
                places.join(", ")
            ),
        })
    })
}

fn vanished(keeps: bool) -> Vanished {
    match keeps {
        true => Vanished::Keep,
        false => Vanished::Remove,
    }
}

/// How a source fares, in one line.
fn standing(followed: &Followed) -> String {
    let counts = &followed.counts;
    if followed.is_paused {
        return "stopped".to_owned();
    }
    if followed.is_open {
        return format!("being read, {} still to read", counts.waiting);
    }
    if let Some(trouble) = followed.trouble {
        return why(trouble).to_owned();
    }
    if followed.pass == 0 {
        return "waits to be read".to_owned();
    }
    let mut parts = vec![format!("{} read", counts.read)];
    for (count, word) in [
        (counts.same, "the same as another"),
        (counts.left_out, "left out"),
        (counts.failed, "not read"),
        (counts.gone, "gone"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    if followed.is_cut {
        parts.push("there is more than is allowed".to_owned());
    }
    parts.join(", ")
}

fn state(state: ItemState) -> &'static str {
    match state {
        ItemState::Waiting => "waiting",
        ItemState::Read => "read",
        ItemState::Same => "same",
        ItemState::LeftOut => "left out",
        ItemState::Failed => "not read",
        ItemState::Gone => "gone",
    }
}

fn why(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unreachable => "the site cannot be reached",
        Trouble::TimedOut => "the site did not answer in time",
        Trouble::PrivateAddress => "it lies in your own network: --private allows it",
        Trouble::LocalOnly => "nothing outside this computer may be spoken to",
        Trouble::Redirects => "it leads in circles",
        Trouble::LeadsElsewhere => "it leads to another site",
        Trouble::OtherAddress => "it is read at another address",
        Trouble::Robots => "robots.txt asks programs to leave it alone",
        Trouble::NoIndex => "the page asks not to be listed",
        Trouble::NotFound => "there is nothing there any more",
        Trouble::Denied => "only for those who sign in",
        Trouble::Busy => "the site asks to come less often",
        Trouble::ServerError => "the site answered with an error",
        Trouble::Unsupported => "not a kind of file that is read",
        Trouble::TooLarge => "too large",
        Trouble::Empty => "there is no text in it",
        Trouble::Damaged => "what came cannot be understood",
        Trouble::Missing => "the folder is not there",
        Trouble::Emptied => "the folder is suddenly empty: its documents stay",
        Trouble::Unreadable => "it may not be read",
        Trouble::Changing => "it is being written",
        Trouble::Removed => "you removed its document",
        Trouble::Stopped => "given up after several tries",
    }
}

fn as_json(followed: &Followed) -> Value {
    let counts = followed.counts;
    json!({
        "id": followed.source_id.to_string(),
        "kind": match &followed.place {
            Place::Site(_) => "site",
            Place::Folder { .. } => "folder",
        },
        "place": followed.place.key(),
        "paused": followed.is_paused,
        "trouble": followed.trouble,
        "read": counts.read,
        "same": counts.same,
        "left_out": counts.left_out,
        "failed": counts.failed,
        "gone": counts.gone,
        "more": followed.is_cut,
    })
}
