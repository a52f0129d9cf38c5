//! Who looks at a conversation, and who types in it. Kept in memory only, with an end: whoever goes without a word
//! is gone seconds later, everywhere at the same moment.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::id::{ConversationId, MemberId, WorkspaceId};
use domain::member::Permission;
use domain::time::Timestamp;
use tokio::sync::broadcast;

use crate::App;
use crate::error::{Error, Result};
use crate::who::Who;

/// Milliseconds that somebody is there after they last said so.
pub const LOOKING_MS: i64 = 12_000;
/// Milliseconds that somebody types after they last said so.
pub const TYPING_MS: i64 = 5_000;
/// Pages that are known in a workspace; the ones that end first go.
const MOST: usize = 2_000;
/// Characters of a page's name.
const LONGEST_PAGE: usize = 40;
/// Changes that a slow listener may be behind; the next one tells them all that is so.
const BEHIND: usize = 256;

/// What a page does with a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// It shows it.
    Looking,
    /// Somebody types in it.
    Typing,
    /// It shows it no more.
    Gone,
}

/// Somebody who is in a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// Who.
    pub member_id: MemberId,
    /// Their name.
    pub name: String,
    /// Milliseconds that they are there from now on, unless they say so again.
    pub here_ms: u32,
    /// Milliseconds that they type from now on, unless they say so again; 0 when they do not.
    pub typing_ms: u32,
}

/// Who is in a conversation now: all of them, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    /// Where.
    pub workspace_id: WorkspaceId,
    /// In which one.
    pub conversation_id: ConversationId,
    /// Who.
    pub present: Vec<Present>,
}

/// Everybody who is somewhere.
pub(crate) struct Presences {
    pages: Mutex<HashMap<WorkspaceId, HashMap<Page, Here>>>,
    told: broadcast::Sender<Presence>,
}

/// A page of somebody: one browser may show a conversation twice.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Page {
    member_id: MemberId,
    name: String,
}

#[derive(Debug, Clone)]
struct Here {
    conversation_id: ConversationId,
    member: String,
    until: Timestamp,
    typing_until: Timestamp,
}

impl Default for Presences {
    fn default() -> Presences {
        Presences {
            pages: Mutex::default(),
            told: broadcast::Sender::new(BEHIND),
        }
    }
}

impl App {
    /// A page of this member shows a conversation, somebody types in it, or it shows it no more. A page shows one
    /// conversation at a time. Gives who is there now, and tells whoever listens.
    pub async fn be_present(
        &self,
        who: &Who,
        id: ConversationId,
        page: &str,
        doing: Doing,
    ) -> Result<Vec<Present>> {
        who.must(match doing {
            Doing::Typing => Permission::Answer,
            Doing::Looking | Doing::Gone => Permission::Look,
        })?;
        self.workspace(who.workspace()).conversation(id).await?;
        if page.is_empty() || page.chars().count() > LONGEST_PAGE {
            let what = format!("a page's name has 1 to {LONGEST_PAGE} characters");
            return Err(Error::invalid("page", what));
        }
        let page = Page {
            member_id: who.member.id,
            name: page.to_owned(),
        };
        let name = who.member.name.clone();
        let now = self.now();
        let presences = &self.inner.presences;
        let left = presences.put(who.workspace(), page, name, id, doing, now);
        for conversation_id in left.into_iter().chain([id]) {
            presences.tell(who.workspace(), conversation_id, now);
        }
        Ok(presences.of(who.workspace(), id, now))
    }

    /// Who comes into conversations and goes, from now on. Whoever lags misses some, and sees all with the next.
    pub fn presence(&self) -> broadcast::Receiver<Presence> {
        self.inner.presences.told.subscribe()
    }
}

impl Presences {
    /// Gives the conversation that the page showed before, where that was another one.
    fn put(
        &self,
        workspace: WorkspaceId,
        page: Page,
        member: String,
        id: ConversationId,
        doing: Doing,
        now: Timestamp,
    ) -> Option<ConversationId> {
        let mut all = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let pages = all.entry(workspace).or_default();
        pages.retain(|_, here| here.until > now);
        let before = pages.get(&page).map(|here| here.conversation_id);
        match doing {
            // A word of going that comes late says nothing about where the page is now.
            Doing::Gone if before == Some(id) => {
                pages.remove(&page);
            }
            Doing::Gone => {}
            Doing::Looking | Doing::Typing => {
                make_room(pages, &page);
                let here = Here {
                    conversation_id: id,
                    member,
                    until: now.plus_milliseconds(LOOKING_MS),
                    typing_until: match doing {
                        Doing::Typing => now.plus_milliseconds(TYPING_MS),
                        Doing::Looking | Doing::Gone => now,
                    },
                };
                pages.insert(page, here);
                return before.filter(|before| *before != id);
            }
        }
        None
    }

    /// Everybody in a conversation, by name.
    fn of(&self, workspace: WorkspaceId, id: ConversationId, now: Timestamp) -> Vec<Present> {
        let all = self.pages.lock().unwrap_or_else(PoisonError::into_inner);
        let mut present: Vec<Present> = Vec::new();
        let pages = all.get(&workspace).into_iter().flatten();
        for (page, here) in pages.filter(|(_, here)| here.conversation_id == id) {
            let (here_ms, typing_ms) = (left(here.until, now), left(here.typing_until, now));
            if here_ms == 0 {
                continue;
            }
            match present
                .iter_mut()
                .find(|one| one.member_id == page.member_id)
            {
                Some(one) => {
                    one.here_ms = one.here_ms.max(here_ms);
                    one.typing_ms = one.typing_ms.max(typing_ms);
                }
                None => present.push(Present {
                    member_id: page.member_id,
                    name: here.member.clone(),
                    here_ms,
                    typing_ms,
                }),
            }
        }
        present.sort_by(|a, b| (&a.name, a.member_id).cmp(&(&b.name, b.member_id)));
        present
    }

    fn tell(&self, workspace_id: WorkspaceId, conversation_id: ConversationId, now: Timestamp) {
        let presence = Presence {
            workspace_id,
            conversation_id,
            present: self.of(workspace_id, conversation_id, now),
        };
        // Nobody listens: nobody is told.
        let _ = self.told.send(presence);
    }
}

/// The page that ends first goes where there are too many.
fn make_room(pages: &mut HashMap<Page, Here>, new: &Page) {
    if pages.len() < MOST || pages.contains_key(new) {
        return;
    }
    let first = pages.iter().min_by_key(|(_, here)| here.until);
    if let Some(page) = first.map(|(page, _)| page.clone()) {
        pages.remove(&page);
    }
}

fn left(until: Timestamp, now: Timestamp) -> u32 {
    u32::try_from(until.milliseconds_since(now)).unwrap_or(0)
}
