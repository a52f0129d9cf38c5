//! What operators write in the staff group, and in their own chats with the bot where there is no group.

use domain::bot::BotLease;
use domain::conversation::Note;
use domain::delivery::{Place, Sender};
use domain::handoff::Act;
use domain::id::{ConversationId, MessageId, NoteId};
use domain::language::Language;
use store::remotes::Spot;
use store::updates::UpdateEnd;

use crate::App;
use crate::bots::derived;
use crate::bots::held::staff_language;
use crate::bots::letter::words_of;
use crate::error::{Error, ErrorCode, Result};
use crate::handoff::Ban;
use crate::handoff::acting::{CopiedFrom, Says};

/// Something an operator wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMessage {
    /// The chat: the staff group, or the operator's own.
    pub chat: i64,
    /// The topic within it; 0 for none.
    pub thread: i64,
    /// The messenger's number of the message.
    pub remote_id: i64,
    /// The messenger's number of the message it replies to.
    pub reply_to: Option<i64>,
    /// Who wrote.
    pub by: Sender,
    /// True for an administrator of the staff group; needed only where [`StaffMessage::needs_admin`] says so.
    pub is_admin: bool,
    /// The words, or a file's caption.
    pub text: String,
    /// True when something came with it that words do not carry: a file, a voice, a place.
    pub has_more: bool,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Staff {
    /// Done; the outbox says the rest.
    Done,
    /// Nothing was done, and this is why: words for the chat it was written in. The update is done.
    Told(String),
    /// It was not written as an operator: an ordinary message of this chat. The update waits still; use
    /// [`App::receive_update`].
    NotStaff,
}

/// What an operator means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    Say,
    Note,
    Take,
    HandBack,
    Close,
    Ban,
    Unban,
    /// A command that there is not: never passed on to a customer.
    Unknown,
}

impl StaffMessage {
    /// True for what only administrators of the staff group may do (`/ai`, `/close`, `/ban`, `/unban`).
    pub fn needs_admin(&self) -> bool {
        matches!(
            self.meant().0,
            Meant::HandBack | Meant::Close | Meant::Ban | Meant::Unban
        )
    }

    /// What it means, and the words that are left.
    fn meant(&self) -> (Meant, &str) {
        let text = self.text.trim();
        if let Some(note) = text.strip_prefix("//") {
            return (Meant::Note, note.trim());
        }
        let Some(command) = text.strip_prefix('/') else {
            return (Meant::Say, text);
        };
        let (word, rest) = command
            .split_once(char::is_whitespace)
            .unwrap_or((command, ""));
        let name = word.split('@').next().unwrap_or_default();
        let meant = match name.to_lowercase().as_str() {
            "note" => Meant::Note,
            "take" => Meant::Take,
            "ai" => Meant::HandBack,
            "close" => Meant::Close,
            "ban" => Meant::Ban,
            "unban" => Meant::Unban,
            _ => Meant::Unknown,
        };
        (meant, rest.trim())
    }
}

impl App {
    /// True when operators of the bot work in this chat: its messages go to [`App::staff_update`] first.
    pub fn is_staff(&self, lease: &BotLease, chat: i64, by: i64) -> bool {
        let settings = &lease.bot.settings;
        let is_group = settings.staff_chat != 0 && chat == settings.staff_chat;
        let is_own_chat = chat == by && settings.operators.contains(&by);
        is_group || is_own_chat
    }

    /// An operator wrote something: words for the customer (which take the conversation), a note (`//`, `/note`), or
    /// a command (`/take`, `/ai`, `/close`, `/ban`, `/unban`).
    pub async fn staff_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        message: StaffMessage,
    ) -> Result<Staff> {
        let settings = &lease.bot.settings;
        let is_group = settings.staff_chat != 0 && message.chat == settings.staff_chat;
        let language = staff_language(&lease.bot);
        let Some(id) = self.subject_of(lease, &message).await? else {
            let (meant, _) = message.meant();
            return match (is_group, meant) {
                (false, _) => Ok(Staff::NotStaff),
                // Operators talk among themselves.
                (true, Meant::Say | Meant::Note) => {
                    let reason = "operators among themselves";
                    self.ignore_update(lease, update_id, reason).await?;
                    Ok(Staff::Done)
                }
                (true, _) => {
                    self.end_update(lease, update_id, UpdateEnd::Done).await?;
                    Ok(Staff::Told(told(Told::NoConversation, language).to_owned()))
                }
            };
        };
        if is_group && message.needs_admin() && !message.is_admin {
            self.end_update(lease, update_id, UpdateEnd::Done).await?;
            return Ok(Staff::Told(told(Told::AdminsOnly, language).to_owned()));
        }
        match self.operator_means(lease, update_id, id, &message).await {
            Ok(()) => Ok(Staff::Done),
            // Another has it, there is nothing to hand back, the words are none.
            Err(error) if matches!(error.code, ErrorCode::Conflict | ErrorCode::Invalid) => {
                self.end_update(lease, update_id, UpdateEnd::Done).await?;
                Ok(Staff::Told(refused(&error, language)))
            }
            Err(error) => Err(error),
        }
    }

    /// The conversation that is meant: the topic's, or that of the message which is replied to.
    async fn subject_of(
        &self,
        lease: &BotLease,
        message: &StaffMessage,
    ) -> Result<Option<ConversationId>> {
        if !self.is_staff(lease, message.chat, message.by.id) {
            return self.owners_reply(lease, message).await;
        }
        let store = &self.inner.store;
        let workspace = lease.bot.workspace_id;
        if message.thread != 0 {
            let (chat, thread) = (message.chat, message.thread);
            let held = store.conversation_of_topic(lease.bot.id, chat, thread);
            let held = held.await?.filter(|held| held.0 == workspace);
            if let Some((_, id)) = held {
                return Ok(Some(id));
            }
        }
        self.replied_to(lease, message).await
    }

    /// The owner of a connected account answers a draft in their own chat with the bot.
    async fn owners_reply(
        &self,
        lease: &BotLease,
        message: &StaffMessage,
    ) -> Result<Option<ConversationId>> {
        let Some(id) = self.replied_to(lease, message).await? else {
            return Ok(None);
        };
        let held = self.held(lease.bot.workspace_id, id).await?;
        let is_owner = held
            .is_some_and(|held| held.is_business() && held.is_console(message.chat, message.by.id));
        Ok(is_owner.then_some(id))
    }

    async fn replied_to(
        &self,
        lease: &BotLease,
        message: &StaffMessage,
    ) -> Result<Option<ConversationId>> {
        let Some(remote_id) = message.reply_to else {
            return Ok(None);
        };
        let spot = spot_of(lease, message.chat, remote_id);
        let known = self.inner.store.conversation_of_remote(spot).await?;
        let known = known.filter(|known| {
            known.workspace_id == lease.bot.workspace_id && known.place == Place::Console
        });
        Ok(known.map(|known| known.conversation_id))
    }

    async fn operator_means(
        &self,
        lease: &BotLease,
        update_id: i64,
        id: ConversationId,
        message: &StaffMessage,
    ) -> Result<()> {
        let workspace = lease.bot.workspace_id;
        let update = Some((lease.bot.id, update_id));
        let by = message.by.as_operator();
        let (meant, words) = message.meant();
        let seed = format!("{} {}", message.chat, message.remote_id);
        let own_id = derived(lease.bot.id.0, &seed);
        let act = match meant {
            Meant::Say => {
                let text = words_of(words);
                if text.is_empty() && !message.has_more {
                    return Err(Error::invalid("text", "the message is empty"));
                }
                // The messenger copies no message into the owner's own chats.
                let held = self.held(workspace, id).await?;
                if message.has_more && held.is_some_and(|held| held.is_business()) {
                    let what = "a file cannot be passed on into an owner's own chat";
                    return Err(Error::invalid("file", what));
                }
                let says = Says {
                    message_id: MessageId(own_id),
                    by,
                    text,
                    copied_from: Some(CopiedFrom {
                        spot: spot_of(lease, message.chat, message.remote_id),
                        as_it_stands: message.has_more,
                    }),
                    update,
                };
                self.operator_says(workspace, id, says).await?;
                return Ok(());
            }
            Meant::Note => {
                let note = Note {
                    id: NoteId(own_id),
                    conversation_id: id,
                    by,
                    text: words_of(words),
                    created_at: self.now(),
                };
                self.workspace(workspace).add_note(note, update).await?;
                return Ok(());
            }
            Meant::Unknown => return Err(Error::invalid("command", "there is no such command")),
            Meant::Ban => return self.set_ban(workspace, id, Ban::Banned, update).await,
            Meant::Unban => return self.set_ban(workspace, id, Ban::Free, update).await,
            Meant::Take => Act::Take { by },
            Meant::HandBack => Act::HandBack { by },
            Meant::Close => Act::Close { by },
        };
        self.act(workspace, id, act, update).await?;
        Ok(())
    }
}

fn spot_of(lease: &BotLease, chat: i64, remote_id: i64) -> Spot {
    Spot {
        bot_id: lease.bot.id,
        chat,
        business: String::new(),
        remote_id,
    }
}

/// Why an operator's wish was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// It is not said which conversation is meant.
    NoConversation,
    /// Only administrators may.
    AdminsOnly,
    /// The message has no words.
    Empty,
    /// There is no such command.
    NoCommand,
    /// A file for a customer who writes to the owner's own account.
    NoFiles,
    /// There is nothing to hand back.
    NobodyHasIt,
    /// It is closed.
    Closed,
}

pub(crate) fn told(why: Told, language: Language) -> &'static str {
    let (english, russian) = match why {
        Told::NoConversation => (
            "Write this in a conversation's topic, or as a reply to one of its messages.",
            "Напишите это в теме разговора или ответом на его сообщение.",
        ),
        Told::AdminsOnly => (
            "Only administrators of this group may do that.",
            "Это могут только администраторы группы.",
        ),
        Told::NoCommand => (
            "There is no such command; nothing was sent. There are /take, /ai, /close, /ban, /unban, and // for a note.",
            "Такой команды нет, ничего не отправлено. Есть /take, /ai, /close, /ban, /unban и // для заметки.",
        ),
        Told::Empty => ("There are no words in it.", "Здесь нет слов."),
        Told::NoFiles => (
            "Telegram passes no files on into the owner's own chats: nothing was sent. Send it from that chat, or write words.",
            "В личные чаты владельца Telegram файлы не передаёт: ничего не отправлено. Отправьте файл из самого чата или напишите словами.",
        ),
        Told::NobodyHasIt => (
            "The assistant answers already.",
            "Здесь и так отвечает помощник.",
        ),
        Told::Closed => (
            "The conversation is closed. Write to the customer or take it to open it again.",
            "Разговор завершён. Чтобы открыть его, напишите клиенту или возьмите разговор.",
        ),
    };
    match language == Language::RU {
        true => russian,
        false => english,
    }
}

/// Why something could not be done, in an operator's language.
pub(crate) fn refused(error: &Error, language: Language) -> String {
    use domain::handoff::Refused;
    let source = std::error::Error::source(error);
    let why = source.and_then(|source| source.downcast_ref::<Refused>());
    match (why, language == Language::RU) {
        (Some(Refused::AnotherHasIt(other)), true) => format!("Этот разговор ведёт {other}."),
        (Some(Refused::AnotherHasIt(other)), false) => format!("{other} has this conversation."),
        (Some(Refused::IsClosed), _) => told(Told::Closed, language).to_owned(),
        (Some(_), _) => told(Told::NobodyHasIt, language).to_owned(),
        (None, _) if error.field == Some("command") => told(Told::NoCommand, language).to_owned(),
        (None, _) if error.field == Some("file") => told(Told::NoFiles, language).to_owned(),
        (None, _) => told(Told::Empty, language).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> StaffMessage {
        StaffMessage {
            chat: -100,
            thread: 7,
            remote_id: 1,
            reply_to: None,
            by: Sender::default(),
            is_admin: false,
            text: text.to_owned(),
            has_more: false,
        }
    }

    #[test]
    fn two_slashes_are_a_note_and_no_command_is_sent_to_a_customer() {
        assert_eq!(message("// call him").meant(), (Meant::Note, "call him"));
        assert_eq!(message("/note call him").meant(), (Meant::Note, "call him"));
        assert_eq!(message("/ban@shop_bot").meant(), (Meant::Ban, ""));
        assert_eq!(message("Hello!").meant(), (Meant::Say, "Hello!"));
        assert_eq!(message("/help").meant(), (Meant::Unknown, ""));
        assert!(message("/close").needs_admin());
        assert!(!message("/take").needs_admin());
    }
}
