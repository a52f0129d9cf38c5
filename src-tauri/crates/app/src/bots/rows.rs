//! Rows of the outbox: what customers and operators are sent, and the buttons under it.

use domain::answer::Outcome;
use domain::bot::Bot;
use domain::conversation::Message;
use domain::delivery::{Button, ChatKind, Content, Place, Press, Rating};
use domain::id::{MessageId, OutboxId, PressId};
use domain::language::Language;
use store::outbox::NewOutgoing;

use crate::App;
use crate::bots::derived;

/// A button and what it does.
pub(crate) type NewButton = (Button, Press);

impl App {
    /// A button with a fresh id.
    pub(crate) fn button(&self, label: &str, press: Press) -> NewButton {
        let id = PressId(self.new_id());
        let label = label.to_owned();
        (Button { id, label }, press)
    }

    /// Words that are no message of the conversation.
    pub(crate) fn notice(
        &self,
        place: Place,
        text: String,
        buttons: Vec<Vec<NewButton>>,
    ) -> NewOutgoing {
        self.notice_as(OutboxId(self.new_id()), place, text, buttons)
    }

    /// The same under an id that tells a repetition.
    pub(crate) fn notice_as(
        &self,
        id: OutboxId,
        place: Place,
        text: String,
        buttons: Vec<Vec<NewButton>>,
    ) -> NewOutgoing {
        let (buttons, presses) = apart(buttons);
        NewOutgoing {
            id,
            message_id: None,
            place,
            content: Content::Notice { text, buttons },
            presses,
            run_at: self.now(),
        }
    }

    /// A draft for operators, under an id that tells a repetition.
    pub(crate) fn draft(
        &self,
        id: OutboxId,
        text: String,
        buttons: Vec<Vec<NewButton>>,
    ) -> NewOutgoing {
        let (buttons, presses) = apart(buttons);
        NewOutgoing {
            id,
            message_id: None,
            place: Place::Console,
            content: Content::Draft { text, buttons },
            presses,
            run_at: self.now(),
        }
    }

    /// A message of the conversation on its way to the customer.
    pub(crate) fn message_row(
        &self,
        message_id: MessageId,
        content: Content,
        presses: Vec<(PressId, Press)>,
    ) -> NewOutgoing {
        NewOutgoing {
            id: OutboxId(self.new_id()),
            message_id: Some(message_id),
            place: Place::Customer,
            content,
            presses,
            run_at: self.now(),
        }
    }
}

/// Buttons as they are shown, and what they do.
fn apart(rows: Vec<Vec<NewButton>>) -> (Vec<Vec<Button>>, Vec<(PressId, Press)>) {
    let mut presses = Vec::new();
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        let mut buttons = Vec::with_capacity(row.len());
        for (button, press) in row {
            presses.push((button.id, press));
            buttons.push(button);
        }
        shown.push(buttons);
    }
    (shown, presses)
}

/// The buttons under an answer, by the bot's settings. Their ids follow from the message's, so that they are known
/// when the answer is kept and when it is sent.
pub(crate) fn answer_buttons(
    bot: &Bot,
    kind: ChatKind,
    answer: &AnswerParts,
    language: Language,
) -> Vec<Vec<NewButton>> {
    if kind == ChatKind::Business {
        return Vec::new();
    }
    let message_id = answer.message_id;
    let button = |name: &str, label: &str, press: Press| {
        let id = PressId(derived(message_id.0, name));
        let label = label.to_owned();
        (Button { id, label }, press)
    };
    let is_russian = language == Language::RU;
    let is_answer = matches!(
        answer.outcome,
        Some(Outcome::Answered | Outcome::AnsweredByQa)
    );
    let mut row = Vec::new();
    if bot.settings.show_sources && answer.has_proof {
        let label = if is_russian {
            "Источники"
        } else {
            "Sources"
        };
        row.push(button("sources", label, Press::Sources { message_id }));
    }
    if bot.settings.ask_rating && is_answer {
        for (name, label, rating) in [("good", "👍", Rating::Good), ("bad", "👎", Rating::Bad)]
        {
            row.push(button(name, label, Press::Rate { message_id, rating }));
        }
    }
    if answer.outcome == Some(Outcome::Refused) {
        let label = match is_russian {
            true => "Позвать человека",
            false => "Talk to a person",
        };
        row.push(button("person", label, Press::Person));
    }
    match row.is_empty() {
        true => Vec::new(),
        false => vec![row],
    }
}

/// What an answer's buttons depend on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AnswerParts {
    pub(crate) message_id: MessageId,
    pub(crate) outcome: Option<Outcome>,
    pub(crate) has_proof: bool,
}

impl AnswerParts {
    pub(crate) fn of(message: &Message) -> AnswerParts {
        AnswerParts {
            message_id: message.id,
            outcome: message.outcome,
            has_proof: !message.citations.is_empty(),
        }
    }
}

/// What the buttons of an answer do, to be kept with it.
pub(crate) fn presses_of(rows: &[Vec<NewButton>]) -> Vec<(PressId, Press)> {
    let buttons = rows.iter().flatten();
    buttons
        .map(|(button, press)| (button.id, press.clone()))
        .collect()
}
