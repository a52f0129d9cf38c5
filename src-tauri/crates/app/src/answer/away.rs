//! Nobody is there: what the owner's hours make of a message that comes then.

use domain::answer::{Answer, Outcome};
use domain::assistant::AssistantSettings;
use domain::contact_details::{Contact, contact_details};
use domain::conversation::{Author, Message};
use domain::hours::{Hours, Outside, State};
use domain::language::Language;
use domain::time::Timestamp;
use domain::trace::What;

use crate::answer::outgoing::ways;
use crate::answer::{Answering, said};
use crate::error::Result;

/// Messages that are looked at for what was said of the hours before.
const LOOKED_AT: u32 = 200;

/// What is known of a time when nobody is there.
pub(crate) struct Away<'a> {
    hours: &'a Hours,
    at: Timestamp,
    opens: Option<Timestamp>,
}

impl<'a> Away<'a> {
    /// What is so at `at`; nothing while people are there.
    pub(crate) fn at(settings: &'a AssistantSettings, at: Timestamp) -> Option<Away<'a>> {
        let hours = settings.hours.as_ref()?;
        match hours.state_at(at) {
            State::Open { .. } => None,
            State::Closed { opens, .. } => Some(Away { hours, at, opens }),
        }
    }

    /// When people are back; empty when they are not.
    fn sentence(&self, language: Language) -> String {
        self.hours
            .back_sentence(self.at, language)
            .unwrap_or_default()
    }

    /// True for a moment of the same time away.
    fn has(&self, moment: Timestamp) -> bool {
        matches!(self.hours.state_at(moment), State::Closed { opens, .. } if opens == self.opens)
    }

    /// True when a message of the assistant said in this time away when people are back.
    fn is_said_in(&self, history: &[Message]) -> bool {
        history.iter().rev().any(|message| {
            message.author == Author::Assistant
                && self.has(message.created_at)
                && [Language::EN, Language::RU].iter().any(|language| {
                    let sentence = self.hours.back_sentence(message.created_at, *language);
                    sentence.is_some_and(|sentence| message.text.contains(&sentence))
                })
        })
    }
}

impl Answering<'_> {
    /// Where the owner wants no answers while nobody is there: asks how the customer can be reached, and keeps it.
    pub(crate) async fn collect_contact(&mut self) -> Result<Option<Answer>> {
        let settings = &self.assistant.settings;
        let Some(away) = Away::at(settings, self.now) else {
            return Ok(None);
        };
        if away.hours.outside != Outside::CollectContact {
            return Ok(None);
        }
        let sentence = away.sentence(self.language);
        let found = contact_details(&self.question);
        let is_known = found.is_empty() && self.is_reachable().await?;
        self.step(What::Hours {
            outside: policy(Outside::CollectContact).to_owned(),
            said: sentence.clone(),
        });
        if !is_known {
            self.step(What::Contact {
                found: !found.is_empty(),
            });
        }
        let words = match (found.is_empty(), is_known) {
            (false, _) => thanks(&found, self.language),
            (true, true) => kept(self.language).to_owned(),
            (true, false) => how_to_reach(self.language).to_owned(),
        };
        self.contacts = found;
        let text = joined(&words, &sentence, " ");
        Ok(Some(said(&text, Outcome::HandedOver, 1.0, "rules")))
    }

    /// Adds when people are back, once a time away and conversation.
    pub(crate) async fn say_when(&mut self, answer: &mut Answer) -> Result<()> {
        let settings = &self.assistant.settings;
        let Some(away) = Away::at(settings, self.now) else {
            return Ok(());
        };
        let outside = away.hours.outside;
        let is_handed_over = answer.outcome == Outcome::HandedOver;
        let says = match outside {
            Outside::AnswerAnyway => is_handed_over,
            Outside::AnswerAndSayWhen => answer.outcome != Outcome::SmallTalk,
            // It was said already.
            Outside::CollectContact => false,
        };
        if answer.text.is_empty() || outside == Outside::CollectContact {
            return Ok(());
        }
        let mut sentence = String::new();
        if says && !self.was_said(&away).await? {
            sentence = away.sentence(self.language);
            answer.text = joined(&answer.text, &sentence, "\n\n");
        }
        self.step(What::Hours {
            outside: policy(outside).to_owned(),
            said: sentence,
        });
        Ok(())
    }

    async fn was_said(&self, away: &Away<'_>) -> Result<bool> {
        if away.is_said_in(self.history) {
            return Ok(true);
        }
        let Some(oldest) = self.history.first() else {
            return Ok(false);
        };
        if oldest.seq <= 1 || !away.has(oldest.created_at) {
            return Ok(false);
        }
        let store = self.app.workspace(self.workspace);
        let earlier = store
            .messages(self.conversation.id, Some(oldest.seq), LOOKED_AT)
            .await?;
        Ok(away.is_said_in(&earlier))
    }

    /// True when the contact left an address or a number before.
    async fn is_reachable(&self) -> Result<bool> {
        let store = self.app.workspace(self.workspace);
        let profile = store.profile(self.conversation.contact_id).await?;
        Ok(!profile.email.is_empty() || !profile.phone.is_empty())
    }
}

/// The policy's name in a trace.
fn policy(outside: Outside) -> &'static str {
    match outside {
        Outside::AnswerAnyway => "answer_anyway",
        Outside::AnswerAndSayWhen => "answer_and_say_when",
        Outside::CollectContact => "collect_contact",
    }
}

fn joined(first: &str, second: &str, between: &str) -> String {
    match second.is_empty() {
        true => first.to_owned(),
        false => format!("{first}{between}{second}"),
    }
}

fn how_to_reach(language: Language) -> &'static str {
    match language == Language::RU {
        true => {
            "Сейчас на связи никого нет. Оставьте адрес почты или номер телефона, и с вами свяжутся."
        }
        false => {
            "Nobody is here at the moment. Leave an e-mail address or a phone number and we will get back to you."
        }
    }
}

fn kept(language: Language) -> &'static str {
    match language == Language::RU {
        true => "Сообщение сохранено, с вами свяжутся.",
        false => "Your message is kept and we will get back to you.",
    }
}

fn thanks(found: &[Contact], language: Language) -> String {
    let ways = ways(found);
    match language == Language::RU {
        true => format!("Спасибо! С вами свяжутся: {ways}."),
        false => format!("Thank you! We will get back to you: {ways}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thanks_name_what_was_understood() {
        let found = contact_details("anna@x.example or +7 912 345-67-89");
        assert_eq!(
            thanks(&found, Language::EN),
            "Thank you! We will get back to you: anna@x.example, +79123456789."
        );
        assert_eq!(joined("a", "", " "), "a");
    }
}
