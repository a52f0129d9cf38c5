//! The owner at this computer, and waiting for work to be done: what several commands need.

use std::collections::VecDeque;
use std::time::Duration;

use app::people::FirstOwner;
use app::settings::SettingsChange;
use app::who::Who;
use domain::assistant::{Assistant, AssistantSettings, EngineChoice};
use domain::document::{Document, DocumentState};
use domain::id::DocumentId;
use domain::job::{JobState, Lane};
use domain::scope::{Label, Scope};

use crate::compose::Program;
use crate::exit::Failure;

/// How often work is looked at while somebody waits for it.
const LOOK: Duration = Duration::from_millis(50);
/// Unread documents that are looked at in one look.
const AHEAD: usize = 32;

/// The owner; when there is none yet, one is made for whoever sits at this computer, with a password that
/// nobody knows. A one-time link or `chatai admin reset-password` lets them in.
pub async fn owner(program: &Program, business: &str) -> Result<Who, Failure> {
    if let Some(owner) = program.app.owner_here().await? {
        return Ok(owner);
    }
    let mut secret = [0_u8; 32];
    getrandom::fill(&mut secret)
        .map_err(|error| Failure::new(format!("get random bytes: {error}")))?;
    let first = FirstOwner {
        business: business.to_owned(),
        name: "Owner".to_owned(),
        email: "owner@localhost".to_owned(),
        password: secret.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    program.app.create_owner(first).await?;
    let owner = program.app.owner_here().await?;
    owner.ok_or_else(|| Failure::new("the owner was made but is not there"))
}

/// The assistant of that name, else (no name told) the first one.
pub async fn assistant(
    program: &Program,
    who: &Who,
    name: Option<&str>,
) -> Result<Assistant, Failure> {
    let mut assistants = program.app.assistants(who).await?;
    let Some(name) = name else {
        let first = assistants.drain(..).next();
        return first.ok_or_else(|| Failure::new("there is no assistant"));
    };
    let names: Vec<String> = assistants
        .iter()
        .map(|assistant| assistant.name.clone())
        .collect();
    let wanted = name.to_lowercase();
    let found = assistants.into_iter().find(|assistant| {
        assistant.name.to_lowercase() == wanted || assistant.id.to_string() == wanted
    });
    found.ok_or_else(|| {
        Failure::new(format!(
            "there is no assistant {name}; there are: {}",
            names.join(", ")
        ))
    })
}

/// The part of the knowledge that these labels and sources mean; a source is known by its name.
pub async fn scope(
    program: &Program,
    who: &Who,
    labels: &[String],
    sources: &[String],
) -> Result<Scope, Failure> {
    let mut scope = Scope::default();
    for text in labels {
        let label = text.parse::<Label>();
        scope
            .labels
            .push(label.map_err(|_| Failure::new(format!("“{text}” is not a label")))?);
    }
    if sources.is_empty() {
        return Ok(scope);
    }
    let known = program.app.sources(who).await?;
    for name in sources {
        let wanted = name.to_lowercase();
        let mut named = known.iter().filter(|row| {
            row.source.name.to_lowercase() == wanted || row.source.id.to_string() == wanted
        });
        let first = named.next().ok_or_else(|| {
            let names: Vec<&str> = known.iter().map(|row| row.source.name.as_str()).collect();
            Failure::new(format!(
                "there is no source {name}; there are: {}",
                names.join(", ")
            ))
        })?;
        scope.sources.push(first.source.id);
        scope.sources.extend(named.map(|row| row.source.id));
    }
    Ok(scope)
}

/// Waits until each of the documents is ready or failed; `seen` is told of those that are, as they are.
pub async fn wait_read(
    program: &Program,
    who: &Who,
    documents: &[DocumentId],
    mut seen: impl FnMut(&[Document]),
) -> Result<Vec<Document>, Failure> {
    let mut open: VecDeque<DocumentId> = documents.iter().copied().collect();
    let mut done = Vec::new();
    while !open.is_empty() {
        let before = done.len();
        let mut left = VecDeque::new();
        // They are read in their order, a few at a time: the others need no look yet.
        while left.len() < AHEAD
            && let Some(id) = open.pop_front()
        {
            let document = program.app.document(who, id).await?;
            match document.state {
                DocumentState::Ready | DocumentState::Failed { .. } => done.push(document),
                DocumentState::Pending | DocumentState::Reading { .. } => left.push_back(id),
            }
        }
        seen(&done[before..]);
        left.append(&mut open);
        open = left;
        if !open.is_empty() {
            tokio::time::sleep(LOOK).await;
        }
    }
    program.app.index_what_was_read(who).await?;
    Ok(done)
}

/// Waits until everything was read and can be found.
pub async fn wait_found(program: &Program, who: &Who) -> Result<(), Failure> {
    wait_jobs(program, Lane::Read, || ()).await?;
    program.app.index_what_was_read(who).await?;
    Ok(())
}

/// Waits until no job of the lane waits or runs; `seen` is told of each look.
pub async fn wait_jobs(
    program: &Program,
    lane: Lane,
    mut seen: impl FnMut(),
) -> Result<(), Failure> {
    loop {
        let counts = program.store.job_counts().await?;
        let open: u64 = counts
            .iter()
            .filter(|(of, state, _)| *of == lane && *state != JobState::Dead)
            .map(|(_, _, count)| count)
            .sum();
        seen();
        if open == 0 {
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Lets a chat model of this computer answer for an assistant, the first one unless it is named; an empty name lets
/// quotes answer again.
pub async fn use_chat_model(
    program: &Program,
    who: &Who,
    name: &str,
    assistant_name: Option<&str>,
) -> Result<Assistant, Failure> {
    let change = SettingsChange {
        chat_model: Some(name.to_owned()),
        ..SettingsChange::default()
    };
    program.app.change_settings(who, change).await?;
    let assistant = assistant(program, who, assistant_name).await?;
    let settings = AssistantSettings {
        engine: match name {
            "" => EngineChoice::Quotes,
            _ => EngineChoice::Local,
        },
        ..assistant.settings
    };
    let (id, version) = (assistant.id, assistant.version);
    let changed = program
        .app
        .update_assistant(who, id, &assistant.name, settings, version);
    Ok(changed.await?)
}
