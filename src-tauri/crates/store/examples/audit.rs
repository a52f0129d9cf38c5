//! Fills the audit log of an owned data folder, for `cargo xtask bench audit`.
//!
//! `audit DATA COUNT NOW` writes COUNT entries into the log of the first workspace, a second apart, the last at NOW
//! (seconds since 1970), through the same operation as the program.

use std::error::Error;
use std::path::PathBuf;

use domain::audit::{Deed, Entry, SettingsPart};
use domain::team::Person;
use domain::time::Timestamp;
use store::{MasterKey, Store, StoreConfig};
use tokio::task::JoinSet;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const USAGE: &str = "audit DATA COUNT NOW";
/// Entries that are written at the same time: they share commits.
const TOGETHER: usize = 1_024;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let data = PathBuf::from(arguments.next().ok_or(USAGE)?);
    let count: i64 = arguments.next().ok_or(USAGE)?.parse()?;
    let now = Timestamp(arguments.next().ok_or(USAGE)?.parse::<i64>()? * 1_000_000);
    let config = StoreConfig {
        data,
        master_key: MasterKey::DataFolder,
    };
    let store = Store::open(config, now)?;
    let workspaces = store.workspaces().await?;
    let (id, _) = workspaces
        .first()
        .ok_or("nobody owns this data folder yet")?;
    let workspace = store.workspace(*id);
    let team = workspace.team().await?;
    let owner = &team.first().ok_or("there is no member")?.member;
    let by = Person {
        id: Some(owner.id),
        name: owner.name.clone(),
    };
    let mut writing = JoinSet::new();
    for number in 1..=count {
        if writing.len() >= TOGETHER {
            writing.join_next().await.ok_or("nobody writes")???;
        }
        let entry = Entry {
            by: Some(by.clone()),
            deed: deed(number),
            at: now.plus_seconds(number - count),
        };
        let workspace = workspace.clone();
        writing.spawn(async move { workspace.note(entry).await });
    }
    while let Some(written) = writing.join_next().await {
        written??;
    }
    store.close().await?;
    Ok(())
}

/// What a year of a busy house is made of.
fn deed(number: i64) -> Deed {
    match number % 4 {
        0 => Deed::SignedIn,
        1 => Deed::SettingsChanged {
            part: SettingsPart::Engine,
        },
        2 => Deed::DocumentRemoved {
            name: format!("Price list of week {number}.xlsx"),
        },
        _ => Deed::BackupMade,
    }
}
