//! Buttons: what happens when one is pressed. Each does its work at most once; pressed again it says so.

use domain::answer::Citation;
use domain::bot::BotLease;
use domain::conversation::{Incoming, Letter};
use domain::delivery::{Place, Press, Rating, Sender};
use domain::handoff::Act;
use domain::id::{MessageId, OutboxId, PressId};
use domain::language::Language;
use store::presses::PressRow;
use store::updates::UpdateEnd;

use crate::App;
use crate::bots::derived;
use crate::bots::held::Held;
use crate::bots::letter::first_characters;
use crate::bots::staff::refused;
use crate::error::{ErrorCode, Result};
use crate::handoff::Ban;
use crate::handoff::acting::Says;
use crate::handoff::words;

/// The longest words over a chat, in characters (Bot API, answerCallbackQuery).
const TOAST: usize = 200;
/// Proofs that are shown as a message.
const PROOFS: usize = 6;
/// Characters of one proof's quote.
const QUOTE: usize = 600;

/// A button that was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// Which one.
    pub press: PressId,
    /// By whom.
    pub by: Sender,
    /// The chat it stands in.
    pub chat: i64,
    /// The messenger's number of the message it stands under.
    pub remote_id: i64,
}

/// What whoever pressed is shown at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reaction {
    /// Words over the chat, at most 200 characters; empty for none.
    pub toast: String,
    /// True when the words stay until they are read.
    pub stays: bool,
    /// True when the buttons under the message are of no use any more.
    pub drop_buttons: bool,
}

impl Reaction {
    fn toast(text: &str) -> Reaction {
        Reaction {
            toast: first_characters(text, TOAST),
            ..Reaction::default()
        }
    }

    /// The same with its buttons spent.
    fn last(mut self) -> Reaction {
        self.drop_buttons = true;
        self
    }
}

impl App {
    /// A button was pressed. What it does is done at most once; whatever else is to be said goes by the outbox. A
    /// button that is not known, or not for whoever pressed it, does nothing.
    pub async fn press_update(
        &self,
        lease: &BotLease,
        update_id: i64,
        pressed: Pressed,
    ) -> Result<Reaction> {
        let row = self.inner.store.press(pressed.press).await?;
        let row = row.filter(|row| row.workspace_id == lease.bot.workspace_id);
        let held = match &row {
            Some(row) => self.held(row.workspace_id, row.conversation_id).await?,
            None => None,
        };
        let held = held.filter(|held| held.bot.id == lease.bot.id);
        let (Some(row), Some(held)) = (row, held) else {
            let reason = "a button that is not known";
            self.ignore_update(lease, update_id, reason).await?;
            let language = language_of(&pressed.by);
            return Ok(Reaction::toast(say(Words::Unknown, language)));
        };
        if !may_press(&row.press, &held, &pressed) {
            let reason = "a button that is not theirs";
            self.ignore_update(lease, update_id, reason).await?;
            let language = language_of(&pressed.by);
            return Ok(Reaction::toast(say(Words::NotYours, language)));
        }
        let reaction = match is_of_operators(&row.press) {
            true => self.operator_presses(&row, &held, &pressed).await?,
            false => self.customer_presses(&row, &held, &pressed).await?,
        };
        self.inner
            .store
            .mark_pressed(pressed.press, self.now())
            .await?;
        self.end_update(lease, update_id, UpdateEnd::Done).await?;
        Ok(reaction)
    }

    async fn customer_presses(
        &self,
        row: &PressRow,
        held: &Held,
        pressed: &Pressed,
    ) -> Result<Reaction> {
        let store = self.workspace(row.workspace_id);
        let subject = (row.workspace_id, row.conversation_id);
        let conversation = store.conversation(row.conversation_id).await?;
        let language = conversation.language;
        match &row.press {
            Press::Sources { message_id } => self.show_sources(row, *message_id, language).await,
            Press::Rate { message_id, rating } => {
                self.rate(subject, *message_id, *rating, None).await?;
                let said = match rating {
                    Rating::Good => Words::RatedGood,
                    Rating::Bad => Words::RatedBad,
                };
                Ok(Reaction::toast(say(said, language)))
            }
            Press::Ask { text } => {
                let incoming = Incoming {
                    channel: conversation.channel,
                    assistant_id: conversation.assistant_id,
                    peer: store.conversation_peer(row.conversation_id).await?,
                    external_id: format!("press:{}", pressed.press),
                    text: text.clone(),
                    letter: Some(Letter {
                        address: held.address.clone(),
                        sender: pressed.by.clone(),
                        remote_id: pressed.remote_id,
                        sent_at: self.now(),
                        reply_to: None,
                        quoted: String::new(),
                        album: String::new(),
                        attachments: Vec::new(),
                    }),
                };
                self.receive_letter(&held.bot, None, incoming).await?;
                Ok(Reaction::toast(text))
            }
            _ => {
                let words = words::label(&Press::Person, language).to_owned();
                let act = Act::CustomerAsks { words };
                self.act(subject.0, subject.1, act, None).await?;
                Ok(Reaction::toast(say(Words::Asked, language)))
            }
        }
    }

    /// The proof of an answer over the chat, and as a message where it is longer than that; once.
    async fn show_sources(
        &self,
        row: &PressRow,
        message_id: MessageId,
        language: Language,
    ) -> Result<Reaction> {
        let store = self.workspace(row.workspace_id);
        let message = store.message(message_id).await?;
        let proofs: Vec<String> = message
            .citations
            .iter()
            .take(PROOFS)
            .map(|citation| proof(citation, language))
            .collect();
        let whole = proofs.join("\n\n");
        let mut reaction = Reaction::toast(&whole);
        reaction.stays = true;
        if whole.chars().count() <= TOAST {
            return Ok(reaction);
        }
        let id = OutboxId(derived(message_id.0, "proof"));
        let notice = self.notice_as(id, Place::Customer, whole, Vec::new());
        store
            .queue_outgoing(row.conversation_id, vec![notice], self.now())
            .await?;
        Ok(Reaction::default())
    }

    async fn operator_presses(
        &self,
        row: &PressRow,
        held: &Held,
        pressed: &Pressed,
    ) -> Result<Reaction> {
        let language = held.staff_language();
        if row.pressed_at.is_some() {
            return Ok(Reaction::toast(say(Words::DoneAlready, language)).last());
        }
        match self.operator_does(row, held, pressed).await {
            Ok(reaction) => Ok(reaction),
            Err(error) if error.code == ErrorCode::Conflict => {
                Ok(Reaction::toast(&refused(&error, language)))
            }
            Err(error) => Err(error),
        }
    }

    async fn operator_does(
        &self,
        row: &PressRow,
        held: &Held,
        pressed: &Pressed,
    ) -> Result<Reaction> {
        let language = held.staff_language();
        let (workspace, id) = (row.workspace_id, row.conversation_id);
        let by = pressed.by.as_operator();
        let act = match &row.press {
            Press::SendDraft { text } => {
                let says = Says {
                    message_id: MessageId(derived(pressed.press.0, "sent")),
                    by,
                    text: text.clone(),
                    copied_from: None,
                    update: None,
                };
                self.operator_says(workspace, id, says).await?;
                return Ok(Reaction::toast(say(Words::Sent, language)).last());
            }
            Press::EditDraft { text } => {
                let notice_id = OutboxId(derived(pressed.press.0, "edit"));
                let text = format!("{}\n\n{text}", say(Words::Edit, language));
                let notice = self.notice_as(notice_id, Place::Console, text, Vec::new());
                self.workspace(workspace)
                    .queue_outgoing(id, vec![notice], self.now())
                    .await?;
                return Ok(Reaction::toast(say(Words::Edit, language)));
            }
            Press::Ban => {
                self.set_ban(workspace, id, Ban::Banned, None).await?;
                Act::Close { by }
            }
            Press::HandBack => Act::HandBack { by },
            Press::Close => Act::Close { by },
            _ => Act::Take { by },
        };
        self.act(workspace, id, act, None).await?;
        Ok(Reaction::toast(say(Words::Done, language)).last())
    }
}

/// True for buttons that only operators press.
fn is_of_operators(press: &Press) -> bool {
    match press {
        Press::Sources { .. } | Press::Rate { .. } | Press::Ask { .. } | Press::Person => false,
        Press::Take
        | Press::HandBack
        | Press::Close
        | Press::Ban
        | Press::SendDraft { .. }
        | Press::EditDraft { .. } => true,
    }
}

/// True where a button of this kind may be pressed: the customer's in their chat, an operator's in the console.
fn may_press(press: &Press, held: &Held, pressed: &Pressed) -> bool {
    match is_of_operators(press) {
        true => held.is_console(pressed.chat, pressed.by.id),
        false => pressed.chat == held.address.chat,
    }
}

/// A citation in words: title, page, quote, and the address where it is a page of a site.
fn proof(citation: &Citation, language: Language) -> String {
    let page = match (citation.page, language == Language::RU) {
        (Some(page), true) => format!(", с. {page}"),
        (Some(page), false) => format!(", p. {page}"),
        (None, _) => String::new(),
    };
    let quote = first_characters(citation.quote.trim(), QUOTE);
    let address = citation.address.as_ref();
    let address = address.map(|address| format!("\n{address}"));
    format!(
        "[{}] {}{page}: “{quote}”{}",
        citation.number,
        citation.document_title,
        address.unwrap_or_default()
    )
}

/// The language of the app of whoever pressed.
fn language_of(by: &Sender) -> Language {
    match by.language.starts_with("ru") {
        true => Language::RU,
        false => Language::EN,
    }
}

/// Words over a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    Unknown,
    NotYours,
    DoneAlready,
    Done,
    Sent,
    Edit,
    RatedGood,
    RatedBad,
    Asked,
}

fn say(what: Words, language: Language) -> &'static str {
    let (english, russian) = match what {
        Words::Unknown => (
            "This button is of no use any more.",
            "Эта кнопка больше не работает.",
        ),
        Words::NotYours => ("This button is not for you.", "Эта кнопка не для вас."),
        Words::DoneAlready => ("This was done already.", "Это уже сделано."),
        Words::Done => ("Done.", "Готово."),
        Words::Sent => ("Sent.", "Отправлено."),
        Words::Edit => (
            "Copy the draft, change it and send it here, as a reply where there are no topics.",
            "Скопируйте черновик, измените и отправьте сюда, а где нет тем, ответом на сообщение.",
        ),
        Words::RatedGood => ("Thank you!", "Спасибо!"),
        Words::RatedBad => ("Thank you, we will do better.", "Спасибо, мы это исправим."),
        Words::Asked => ("A person is called.", "Зовём человека."),
    };
    match language == Language::RU {
        true => russian,
        false => english,
    }
}

#[cfg(test)]
mod tests {
    use domain::id::{DocumentId, PassageId};
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_proof_names_title_page_and_quote() {
        let citation = Citation {
            number: 1,
            passage_id: PassageId(Uuid::from_u128(1)),
            document_id: DocumentId(Uuid::from_u128(2)),
            document_title: "Warranty".to_owned(),
            address: None,
            page: Some(3),
            headings: Vec::new(),
            quote: "Two years.".to_owned(),
            start: None,
        };
        assert_eq!(
            proof(&citation, Language::EN),
            "[1] Warranty, p. 3: “Two years.”"
        );
        assert_eq!(
            proof(&citation, Language::RU),
            "[1] Warranty, с. 3: “Two years.”"
        );
    }

    #[test]
    fn words_over_a_chat_are_short_in_both_languages() {
        for what in [
            Words::Unknown,
            Words::NotYours,
            Words::DoneAlready,
            Words::Done,
            Words::Sent,
            Words::Edit,
            Words::RatedGood,
            Words::RatedBad,
            Words::Asked,
        ] {
            for language in [Language::EN, Language::RU] {
                assert!(say(what, language).chars().count() <= TOAST);
            }
        }
    }
}
