//! Watching the program for whoever does not look at its pages: the tray's words, the window's title, and a
//! notification when somebody asks for a person.

use std::sync::Arc;
use std::time::Duration;

use app::App;
use app::error::Result;
use app::who::Who;
use domain::bot::{Bot, BotState};
use domain::event::Topic;
use domain::handoff::Handoff;
use domain::id::ConversationId;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

use crate::desktop::menu::Menus;
use crate::desktop::notices;
use crate::desktop::shell::Shell;
use crate::desktop::words::Words;

/// Hints of so long are one.
const HINTS: Duration = Duration::from_millis(300);
/// How long a failed look waits for the next.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// Events read at once.
const EVENTS: u32 = 200;
/// Notifications of one look; more people than that stand in the tray's number.
const MOST_NOTICES: usize = 3;

/// How things stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The program starts.
    Starting,
    /// It could not.
    Failed,
    /// It runs.
    Running {
        /// Bots that listen.
        running: usize,
        /// Bots that something is in the way of.
        troubled: usize,
        /// Conversations that wait for a person.
        waiting: u64,
    },
}

/// What is said of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Texts {
    /// Of the bots.
    pub bots: String,
    /// Of the people who wait.
    pub waiting: String,
    /// Over the tray's icon.
    pub tooltip: String,
    /// Beside the tray's icon; nothing when nobody waits.
    pub title: Option<String>,
}

impl State {
    /// Conversations that wait for a person.
    pub fn waiting(&self) -> u64 {
        match self {
            State::Running { waiting, .. } => *waiting,
            State::Starting | State::Failed => 0,
        }
    }

    /// In words.
    pub fn texts(&self, words: &Words) -> Texts {
        let bots = match self {
            State::Starting => words.state_starting.to_owned(),
            State::Failed => words.state_failed.to_owned(),
            State::Running {
                running: 0,
                troubled: 0,
                ..
            } => words.no_bots.to_owned(),
            State::Running {
                running,
                troubled: 0,
                ..
            } => format!("{} {running}", words.bots_running),
            State::Running { troubled, .. } => format!("{} {troubled}", words.bots_troubled),
        };
        let count = self.waiting();
        let waiting = match count {
            0 => words.nobody_waits.to_owned(),
            _ => format!("{} {count}", words.needs_person),
        };
        Texts {
            tooltip: match count {
                0 => format!("ChatAI: {bots}"),
                _ => format!("ChatAI: {waiting}"),
            },
            title: (count > 0).then(|| count.to_string()),
            bots,
            waiting,
        }
    }

    fn of(bots: &[Bot], waiting: u64) -> State {
        let count = |is: fn(&BotState) -> bool| {
            bots.iter()
                .filter(|bot| bot.is_on && is(&bot.state))
                .count()
        };
        State::Running {
            running: count(|state| matches!(state, BotState::Running | BotState::Starting)),
            troubled: count(|state| matches!(state, BotState::Troubled { .. })),
            waiting,
        }
    }
}

/// Shows in the tray how things stand, for as long as the program is there.
pub async fn follow(shell: Arc<Shell>, menus: Menus) {
    let mut standing = shell.standing.subscribe();
    loop {
        let app = standing.borrow_and_update().clone();
        if shell.is_quitting() {
            return;
        }
        if let Some(app) = app {
            if let Err(error) = watched(&shell, &menus, &app, &mut standing).await {
                tracing::debug!(%error, "how things stand could not be seen");
                tokio::select! {
                    () = tokio::time::sleep(LOOK_AGAIN) => {}
                    _ = standing.changed() => {}
                }
            }
            continue;
        }
        let state = match shell.has_failed() {
            true => State::Failed,
            false => State::Starting,
        };
        menus.show(shell.words, &state);
        tokio::select! {
            _ = standing.changed() => {}
            () = shell.changed.notified() => {}
        }
    }
}

/// Watches one run of the program until it is over.
async fn watched(
    shell: &Arc<Shell>,
    menus: &Menus,
    app: &App,
    standing: &mut watch::Receiver<Option<App>>,
) -> Result<()> {
    let mut hints = app.hints();
    let Some(who) = app.owner_here().await? else {
        // The first owner's coming is a hint as everything is; until then there is nothing to see.
        tokio::select! {
            _ = hints.recv() => {}
            _ = standing.changed() => {}
        }
        return Ok(());
    };
    let mut seen = app.last_event(&who).await?;
    loop {
        let home = app.home(&who, None).await?.home;
        let state = State::of(&home.bots, home.waiting);
        menus.show(shell.words, &state);
        titled(shell, &state);
        tell_of_people(shell, app, &who, &mut seen).await?;
        loop {
            tokio::select! {
                hint = hints.recv() => match hint {
                    Ok(changed) if changed.topics.iter().any(|topic| matches!(topic, Topic::Handoff | Topic::Bot)) => break,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => {
                        // The store is closed: another run or the end follows.
                        let _ = standing.changed().await;
                        return Ok(());
                    }
                },
                _ = standing.changed() => return Ok(()),
                () = shell.changed.notified() => break,
            }
        }
        tokio::time::sleep(HINTS).await;
    }
}

fn titled(shell: &Shell, state: &State) {
    let title = match state.waiting() {
        0 => "ChatAI".to_owned(),
        count => format!("({count}) ChatAI"),
    };
    if let Some(window) = shell.window()
        && let Err(error) = window.set_title(&title)
    {
        tracing::debug!(%error, "the window keeps its title");
    }
}

/// Says who asked for a person since the last look, unless the window is in front anyway.
async fn tell_of_people(shell: &Arc<Shell>, app: &App, who: &Who, seen: &mut u64) -> Result<()> {
    let mut told: Vec<ConversationId> = Vec::new();
    loop {
        let events = app.events_since(who, *seen, EVENTS).await?;
        let Some(last) = events.last() else { break };
        *seen = last.seq;
        for event in &events {
            let Ok(id) = event.subject.parse::<ConversationId>() else {
                continue;
            };
            if event.topic == Topic::Handoff && !told.contains(&id) && told.len() < MOST_NOTICES {
                told.push(id);
            }
        }
    }
    let is_looked_at = shell
        .window()
        .is_some_and(|window| window.is_focused().unwrap_or(false));
    for id in told {
        let is_waiting = matches!(app.handoff(who, id).await?, Handoff::Requested { .. });
        if !is_waiting || is_looked_at {
            continue;
        }
        let name = app.inbox_row(who, id).await?.contact_name;
        let name = match name.is_empty() {
            true => shell.words.person_unknown,
            false => &name,
        };
        let (words, clicked) = (shell.words, Arc::clone(shell));
        notices::say_and_open(
            words.person_title,
            &format!("{name} {}", words.person_body),
            words.open,
            move || clicked.go(&format!("/inbox/needs/{id}")),
        );
        tracing::info!("somebody asked for a person: a notification was shown");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desktop::words::words;

    fn running(running: usize, troubled: usize, waiting: u64) -> State {
        State::Running {
            running,
            troubled,
            waiting,
        }
    }

    #[test]
    fn people_who_wait_are_counted_and_bots_in_trouble_come_before_those_at_work() {
        let words = words();
        let texts = running(3, 0, 2).texts(words);
        assert_eq!(texts.bots, format!("{} 3", words.bots_running));
        assert_eq!(texts.waiting, format!("{} 2", words.needs_person));
        assert_eq!(texts.title.as_deref(), Some("2"));
        let texts = running(3, 1, 0).texts(words);
        assert_eq!(texts.bots, format!("{} 1", words.bots_troubled));
        assert_eq!(texts.waiting, words.nobody_waits);
        assert_eq!(texts.title, None);
        assert_eq!(running(0, 0, 0).texts(words).bots, words.no_bots);
        assert_eq!(State::Failed.texts(words).bots, words.state_failed);
    }
}
