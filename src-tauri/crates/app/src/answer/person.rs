//! A person is asked for: by the customer, by the owner's words, or because nothing was answered.

use domain::answer::{Answer, Outcome};
use domain::conversation::{Author, ChannelKind, Message};
use domain::handoff::Act;
use domain::handoff::rules::HandoffRules;
use domain::trace::What;
use domain::wants_person::{Wish, wish};

use crate::answer::{Answering, said};

/// What the words of a message ask for.
pub(crate) fn asked_for(message: &str, rules: &HandoffRules) -> Option<Act> {
    match wish(message) {
        Wish::Person(words) => Some(Act::CustomerAsks { words }),
        Wish::NotNow(_) | Wish::None => rules.on_message(message),
    }
}

/// How many answers in a row were none, this one included.
fn refusals(history: &[Message]) -> u32 {
    let answers = history
        .iter()
        .rev()
        .filter(|said| said.author != Author::Contact);
    let refused = answers.take_while(|said| said.outcome == Some(Outcome::Refused));
    u32::try_from(refused.count())
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}

impl Answering<'_> {
    /// What is said when the message asks for a person; nothing when it does not.
    pub(crate) fn person_asked_for(&mut self) -> Option<Answer> {
        let act = asked_for(&self.question, &self.assistant.settings.handoff)?;
        let told = self.hand_over(act)?;
        Some(said(&told, Outcome::HandedOver, 1.0, "rules"))
    }

    /// The owner's words when the documents do not answer, and what the rules make of it.
    pub(crate) fn not_answered(&mut self, confidence: f32) -> Answer {
        let mut answer = self.refused(confidence);
        if self.is_draft() {
            return answer;
        }
        let act = self
            .assistant
            .settings
            .handoff
            .on_refusal(refusals(self.history));
        let Some(act) = act else {
            return answer;
        };
        // The refusal itself says that a colleague will answer.
        let is_said = act == Act::LowConfidence;
        if let Some(told) = self.hand_over(act)
            && !is_said
            && !told.is_empty()
        {
            answer.text = format!("{}\n\n{told}", answer.text);
        }
        answer
    }

    /// Asks for a person; what the customer is told, empty for nothing. `None` when the rules do not want one.
    pub(crate) fn hand_over(&mut self, act: Act) -> Option<String> {
        let rules = &self.assistant.settings.handoff;
        let transition = self.handoff.after(act.clone(), self.now, rules).ok()?;
        let told = rules.told(&transition, self.language);
        // Members who try their assistant call nobody.
        let calls = self.conversation.channel != ChannelKind::Playground;
        let (why, words) = match act {
            Act::CustomerAsks { words } => ("customer_asked", words),
            Act::OwnersRule { words } => ("owners_rule", words),
            Act::RepeatedRefusal { .. } => ("repeated_refusal", String::new()),
            _ => ("low_confidence", String::new()),
        };
        let is_change = transition.is_change();
        if is_change {
            self.step(What::Handoff {
                why: why.to_owned(),
                words,
                calls,
            });
        }
        if is_change && calls {
            self.transition = Some(transition);
        }
        Some(told.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_ask_for_a_person_or_are_the_owners() {
        let rules = HandoffRules {
            words: vec!["возврат*".to_owned()],
            ..HandoffRules::default()
        };
        let asked = |message: &str| asked_for(message, &rules);
        assert!(matches!(
            asked("Позовите оператора"),
            Some(Act::CustomerAsks { .. })
        ));
        assert!(matches!(
            asked("Хочу возврат денег"),
            Some(Act::OwnersRule { .. })
        ));
        assert_eq!(asked("I do not want a human agent"), None);
        assert_eq!(asked("How long does delivery take?"), None);
    }
}
