//! What an answer sends where its channel delivers: the answer, questions to begin with, what operators hear of it,
//! and drafts.

use domain::answer::Outcome;
use domain::contact_details::Contact;
use domain::conversation::Message;
use domain::delivery::{Content, Place, Press};
use domain::id::{MessageId, OutboxId, WorkspaceId};
use domain::job::Lease;
use domain::language::Language;
use store::outbox::NewOutgoing;

use crate::App;
use crate::answer::commands::is_start;
use crate::answer::{Made, Subject};
use crate::bots::derived;
use crate::bots::held::Held;
use crate::bots::letter::first_characters;
use crate::bots::rows::{AnswerParts, answer_buttons, presses_of};
use crate::error::Result;
use crate::handoff::words;

/// Characters of a suggested question on its button.
const LABEL: usize = 60;

impl App {
    /// What goes out with an answer; nothing where the asker listens.
    pub(crate) async fn answer_rows(
        &self,
        subject: &Subject,
        asked: &[Message],
        message_id: MessageId,
        made: &Made,
    ) -> Result<Vec<NewOutgoing>> {
        let Some(held) = &subject.held else {
            return Ok(Vec::new());
        };
        let answer = &made.answer;
        let mut rows = Vec::new();
        if !answer.text.is_empty() {
            let parts = AnswerParts {
                message_id,
                outcome: Some(answer.outcome),
                has_proof: !answer.citations.is_empty(),
            };
            let language = subject.conversation.language;
            let buttons = answer_buttons(&held.bot, held.address.kind, &parts, language);
            rows.push(self.message_row(message_id, Content::Message, presses_of(&buttons)));
        }
        if asked.iter().any(|message| is_start(&message.text)) {
            rows.extend(self.suggestions(subject, made.language));
        }
        if !held.has_console() {
            return Ok(rows);
        }
        let language = held.staff_language();
        if !made.contacts.is_empty() {
            let store = self.workspace(held.bot.workspace_id);
            let name = store.profile(subject.conversation.contact_id).await?.name;
            let text = words::reachable(&name, &ways(&made.contacts), language);
            let take = self.button(words::label(&Press::Take, language), Press::Take);
            rows.push(self.notice(Place::Console, text, vec![vec![take]]));
        }
        let is_followed = subject.handoff.needs_person() && !held.is_business();
        if is_followed && !answer.text.is_empty() {
            let text = words::assistant_said(&answer.text, language);
            rows.push(self.notice(Place::Console, text, Vec::new()));
        }
        Ok(rows)
    }

    /// Questions to begin with, each on a button.
    fn suggestions(&self, subject: &Subject, language: Language) -> Option<NewOutgoing> {
        let questions = &subject.assistant.settings.suggestions;
        if questions.is_empty() {
            return None;
        }
        let button = |text: &String| {
            let press = Press::Ask { text: text.clone() };
            vec![self.button(&first_characters(text, LABEL), press)]
        };
        let text = match language == Language::RU {
            true => "Например, можно спросить:",
            false => "You can ask, for example:",
        };
        let buttons = questions.iter().map(button).collect();
        Some(self.notice(Place::Customer, text.to_owned(), buttons))
    }

    /// Keeps how the customer says they can be reached.
    pub(crate) async fn keep_contacts(
        &self,
        workspace: WorkspaceId,
        subject: &Subject,
        contacts: &[Contact],
    ) -> Result<()> {
        let email = contacts.iter().find_map(|contact| match contact {
            Contact::Email(email) => Some(email.as_str()),
            Contact::Phone(_) => None,
        });
        let phone = contacts.iter().find_map(|contact| match contact {
            Contact::Phone(phone) => Some(phone.as_str()),
            Contact::Email(_) => None,
        });
        let (email, phone) = (email.unwrap_or_default(), phone.unwrap_or_default());
        if email.is_empty() && phone.is_empty() {
            return Ok(());
        }
        let contact = subject.conversation.contact_id;
        self.workspace(workspace)
            .set_contact_details(contact, email, phone, self.now())
            .await?;
        Ok(())
    }

    /// Gives operators what the assistant would say, and finishes the job. A draft that says nothing is none.
    pub(crate) async fn give_draft(
        &self,
        lease: &Lease,
        subject: &Subject,
        asked: &[Message],
        made: Made,
    ) -> Result<bool> {
        let says_something =
            !made.answer.text.is_empty() && made.answer.outcome != Outcome::Refused;
        let last = asked.last().filter(|_| says_something);
        if let (Some(held), Some(last)) = (&subject.held, last) {
            let row = self.draft_row(held, last, &made);
            self.workspace(lease.job.workspace_id)
                .queue_outgoing(subject.conversation.id, vec![row], self.now())
                .await?;
        }
        self.inner.store.finish_job(lease).await?;
        Ok(true)
    }

    fn draft_row(&self, held: &Held, last: &Message, made: &Made) -> NewOutgoing {
        let language = held.staff_language();
        let text = made.answer.text.clone();
        let button = |press: Press| self.button(words::label(&press, language), press);
        let mut buttons = vec![vec![
            button(Press::SendDraft { text: text.clone() }),
            button(Press::EditDraft { text: text.clone() }),
        ]];
        if !held.is_business() {
            buttons.push(vec![button(Press::Take)]);
        }
        // One draft for what was last said, however often it is made.
        self.draft(OutboxId(derived(last.id.0, "draft")), text, buttons)
    }
}

/// Addresses and numbers in a row.
pub(crate) fn ways(contacts: &[Contact]) -> String {
    let ways: Vec<&str> = contacts
        .iter()
        .map(|contact| match contact {
            Contact::Email(way) | Contact::Phone(way) => way.as_str(),
        })
        .collect();
    ways.join(", ")
}
