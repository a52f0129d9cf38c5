//! While an answer is made: the sign that somebody types, and in private chats the answer as it grows.
//!
//! Only sentences whose proof was checked are shown, at most one draft a second; groups and owners' own chats see
//! typing alone, because every change there would be paid from the messages' own budget. A preview that is refused,
//! or asked to wait, is left out and never replaced by another kind. The answer itself comes by the outbox and ends
//! its preview first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use app::App;
use app::answer::stream::Piece;
use app::error::Result;
use domain::delivery::{Address, ChatKind};
use domain::id::{BotId, ConversationId, WorkspaceId};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch as signal;
use tokio::time::Instant;

use crate::budget::Kind;
use crate::format;
use crate::runner::{Held, Room};
use crate::split;
use crate::trouble::Cause;

/// Chats that are shown something at once.
const MOST: usize = 1_000;
/// How often typing is shown; Telegram shows it for 5 s (T12).
const TYPING: Duration = Duration::from_secs(4);
/// How long it is shown while nothing can be read yet.
const TYPING_AT_MOST: Duration = Duration::from_secs(20);
/// How often an answer grows.
const GROWING: Duration = Duration::from_secs(1);
/// After so long a preview ends, whatever became of its answer.
const LONGEST: Duration = Duration::from_secs(180);
/// How long an answer waits for its preview's last call.
const LAST_CALL: Duration = Duration::from_secs(5);

/// The previews that are being shown.
#[derive(Default)]
pub(crate) struct Previews {
    shown: Mutex<HashMap<ConversationId, Shown>>,
}

struct Shown {
    workspace: WorkspaceId,
    bot: BotId,
    chat: i64,
    draft: i64,
    end: Arc<signal::Sender<bool>>,
    /// Held by the preview while it lives.
    lives: signal::Receiver<()>,
}

impl Previews {
    /// Ends a conversation's preview; once this returns nothing of it is on its way any more.
    pub(crate) async fn end(&self, conversation: ConversationId) {
        let found = {
            let shown = self.shown();
            shown
                .get(&conversation)
                .map(|shown| (Arc::clone(&shown.end), shown.lives.clone()))
        };
        let Some((end, mut lives)) = found else {
            return;
        };
        end.send_replace(true);
        // An error means that the preview is gone, which is what is waited for.
        let gone = async { while lives.changed().await.is_ok() {} };
        if tokio::time::timeout(LAST_CALL, gone).await.is_err() {
            tracing::debug!("a preview's last call takes long");
        }
    }

    /// The customer stopped an answer that was growing.
    pub(crate) async fn stop(&self, app: &App, bot: BotId, chat: i64, draft: i64) -> Result<()> {
        let found = {
            let shown = self.shown();
            shown
                .iter()
                .find(|(_, shown)| (shown.bot, shown.chat, shown.draft) == (bot, chat, draft))
                .map(|(conversation, shown)| (shown.workspace, *conversation))
        };
        match found {
            Some((workspace, conversation)) => app.stop_growing(workspace, conversation).await,
            None => Ok(()),
        }
    }

    fn shown(&self) -> MutexGuard<'_, HashMap<ConversationId, Shown>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows in the chat that the conversation's answer is being made.
pub(crate) fn watch(
    room: &Arc<Room>,
    held: &Arc<Held>,
    conversation: ConversationId,
    address: Address,
) {
    let (end, ended) = signal::channel(false);
    let (life, lives) = signal::channel(());
    let draft = i64::from(rand::random::<u32>() >> 1) + 1;
    {
        let mut shown = room.previews.shown();
        if shown.len() >= MOST || shown.contains_key(&conversation) {
            return;
        }
        let preview = Shown {
            workspace: held.lease.bot.workspace_id,
            bot: held.id(),
            chat: address.chat,
            draft,
            end: Arc::new(end),
            lives,
        };
        shown.insert(conversation, preview);
    }
    let preview = Preview {
        room: Arc::clone(room),
        held: Arc::clone(held),
        conversation,
        address,
        draft,
        text: String::new(),
        told: 0,
    };
    tokio::spawn(async move {
        // Whatever happens in there, whoever waits for the end is not kept waiting.
        let _life = life;
        preview.show(ended).await;
    });
}

struct Preview {
    room: Arc<Room>,
    held: Arc<Held>,
    conversation: ConversationId,
    address: Address,
    draft: i64,
    text: String,
    /// Bytes of the text when it was last shown.
    told: usize,
}

impl Drop for Preview {
    fn drop(&mut self) {
        self.room.previews.shown().remove(&self.conversation);
    }
}

impl Preview {
    async fn show(mut self, mut ended: signal::Receiver<bool>) {
        let mut stopped = self.held.stopped.clone();
        let mut pieces = self.held.app.watch(self.conversation);
        let began = Instant::now();
        let mut typing_at = began;
        let mut growing_at = began;
        let streams = self.held.lease.bot.settings.stream && self.address.kind == ChatKind::Private;
        while began.elapsed() < LONGEST {
            let now = Instant::now();
            let has_more = streams && self.told < self.text.len();
            if has_more && now >= growing_at {
                growing_at = now + GROWING;
                if !self.grow().await {
                    return;
                }
                continue;
            }
            let types = self.told == 0 && began.elapsed() < TYPING_AT_MOST;
            if types && now >= typing_at {
                typing_at = now + TYPING;
                self.typing().await;
                continue;
            }
            let next = match (has_more, types) {
                (true, _) => growing_at,
                (false, true) => typing_at,
                (false, false) => began + LONGEST,
            };
            tokio::select! {
                biased;
                _ = ended.wait_for(|ended| *ended) => return,
                _ = stopped.wait_for(|stopped| *stopped) => return,
                piece = pieces.recv() => match piece {
                    Ok(Piece::Checked(text)) => self.text = text,
                    Ok(Piece::Restarted) => {
                        self.text.clear();
                        self.told = 0;
                    }
                    Ok(Piece::Done(_) | Piece::Failed(_)) | Err(RecvError::Closed) => return,
                    Ok(Piece::Step(_) | Piece::Text(_)) => {}
                    // What was missed cannot be shown: the answer itself misses nothing.
                    Err(RecvError::Lagged(_)) => return,
                },
                () = tokio::time::sleep_until(next) => {}
            }
        }
    }

    async fn typing(&self) {
        if self.may(Kind::Typing) {
            let mut parameters = json!({"chat_id": self.address.chat, "action": "typing"});
            if self.address.thread != 0 {
                parameters["message_thread_id"] = json!(self.address.thread);
            }
            if !self.address.business.is_empty() {
                parameters["business_connection_id"] = json!(self.address.business);
            }
            self.call("sendChatAction", &parameters).await;
        }
    }

    /// Shows as much as there is; false when nothing more is to be shown.
    async fn grow(&mut self) -> bool {
        if !self.may(Kind::Draft) {
            return true;
        }
        let parts = split::split(&format::format(&self.text));
        let [part] = parts.as_slice() else {
            // It is longer than one message: the rest is not shown before it is whole.
            return false;
        };
        let mut parameters = json!({
            "chat_id": self.address.chat,
            "draft_id": self.draft,
            "text": part.text,
            // A button to stop it, where the server has one (Bot API 10.3); others do not know the word.
            "can_stop": true,
        });
        if !part.entities.is_empty() {
            parameters["entities"] = json!(part.entities_for_telegram());
        }
        if self.address.thread != 0 {
            parameters["message_thread_id"] = json!(self.address.thread);
        }
        self.told = self.text.len();
        self.call("sendMessageDraft", &parameters).await
    }

    fn may(&self, kind: Kind) -> bool {
        let address = &self.address;
        let desk = &self.room.desk;
        desk.wait(self.held.id(), address.chat, address.kind, kind)
            .is_none()
    }

    /// False when the server will not have it.
    async fn call(&self, method: &str, parameters: &Value) -> bool {
        let called = self.held.line.call::<Value>(method, parameters).await;
        let Err(error) = called else { return true };
        match error.cause() {
            Some(Cause::RetryAfter(seconds)) => {
                let address = &self.address;
                self.room.desk.flood(self.held.id(), address.chat, seconds);
                true
            }
            Some(_) => false,
            None => true,
        }
    }
}
