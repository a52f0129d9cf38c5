//! Letters: a customer's message from a messenger is taken in, and operators see it where a person is concerned.

use domain::bot::Bot;
use domain::conversation::{Incoming, Letter, MAX_ATTACHMENTS, MAX_QUESTION};
use domain::delivery::{Content, Place};
use domain::id::{AttachmentId, ContactId, ConversationId, JobId, MessageId, OutboxId};
use domain::job::Task;
use domain::language::Language;
use store::Applied;
use store::outbox::NewOutgoing;
use store::receive::{Arrival, ReceiveIds, Received};
use store::updates::UpdateKey;

use crate::App;
use crate::error::{Error, Result};

/// How long an album's parts are waited for before they are answered together, in milliseconds (telegram.md T19).
const ALBUM_MS: u32 = 1_000;
/// Characters that are kept of the words that a message replies to.
const QUOTED: usize = 1_000;

impl App {
    /// Takes a letter in. What it is an answer to, and what came with it, is kept with it.
    pub(crate) async fn receive_letter(
        &self,
        bot: &Bot,
        update: Option<UpdateKey>,
        mut incoming: Incoming,
    ) -> Result<Received> {
        incoming.assistant_id = bot.assistant_id;
        incoming.text = words_of(&incoming.text);
        let letter = incoming.letter.as_mut();
        let letter =
            letter.ok_or_else(|| Error::invalid("letter", "the message has no address"))?;
        letter.attachments.truncate(MAX_ATTACHMENTS);
        letter.quoted = first_characters(letter.quoted.trim(), QUOTED);
        let letter = &*letter;
        let language = language_of(&incoming.text, letter);
        let ids = |_: &_| (AttachmentId(self.new_id()), JobId(self.new_id()));
        let is_album = !letter.album.is_empty();
        let arrival = Arrival {
            ids: ReceiveIds {
                contact: ContactId(self.new_id()),
                conversation: ConversationId(self.new_id()),
                message: MessageId(self.new_id()),
                job: JobId(self.new_id()),
            },
            language,
            update,
            answer_after_ms: if is_album { ALBUM_MS } else { 0 },
            attachments: letter.attachments.iter().map(ids).collect(),
            relay: self.relay(bot, letter),
            now: self.now(),
        };
        let store = self.workspace(bot.workspace_id);
        let received = store.receive(incoming, arrival).await?;
        let wants_draft =
            received.applied == Applied::Applied && received.relayed && received.silent;
        if wants_draft {
            let task = Task::Answer {
                conversation_id: received.conversation_id,
            };
            store
                .enqueue(JobId(self.new_id()), task, self.now())
                .await?;
        }
        Ok(received)
    }

    /// The letter as operators see it; nothing where there are none.
    fn relay(&self, bot: &Bot, letter: &Letter) -> Vec<NewOutgoing> {
        let has_console = bot.settings.staff_chat != 0 || !bot.settings.operators.is_empty();
        let is_own_chat = letter.address.business.is_empty();
        if !has_console || !is_own_chat {
            return Vec::new();
        }
        vec![NewOutgoing {
            id: OutboxId(self.new_id()),
            message_id: None,
            place: Place::Console,
            content: Content::Copy {
                chat: letter.address.chat,
                remote_id: letter.remote_id,
                header: letter.sender.name.clone(),
            },
            presses: Vec::new(),
            run_at: self.now(),
        }]
    }
}

/// What was written, without invisible control characters, as long as a question may be.
pub(crate) fn words_of(text: &str) -> String {
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    first_characters(clean.trim(), MAX_QUESTION)
}

pub(crate) fn first_characters(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// The language of the words; where they have none (a command, a picture) that of the sender's app.
fn language_of(text: &str, letter: &Letter) -> Language {
    let found = search::language(text);
    let has_words = !text.is_empty() && !text.starts_with('/');
    if has_words {
        return found;
    }
    let code: String = letter.sender.language.chars().take(2).collect();
    Language::try_from(code.to_lowercase()).unwrap_or(found)
}
