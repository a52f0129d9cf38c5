//! Commands of messengers: `/start`, `/help`, `/person`. Other words behind a slash are a question like any other.

use domain::answer::{Answer, Outcome};
use domain::handoff::Act;
use domain::language::Language;
use domain::trace::What;

use crate::answer::{Answering, said};

/// A command that is answered by rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Command {
    Start,
    Help,
    Person,
}

/// The command that a message is: its first word, with or without the bot's name.
fn command(message: &str) -> Option<Command> {
    let word = message.split_whitespace().next()?.strip_prefix('/')?;
    let name = word.split('@').next().unwrap_or_default();
    match name.to_lowercase().as_str() {
        "start" => Some(Command::Start),
        "help" => Some(Command::Help),
        "person" | "human" | "operator" => Some(Command::Person),
        _ => None,
    }
}

/// True for a command that begins a conversation: questions are suggested under its answer.
pub(crate) fn is_start(message: &str) -> bool {
    command(message) == Some(Command::Start)
}

impl Answering<'_> {
    /// What is said to a command; nothing when the message is none, or has other words beside it.
    pub(crate) fn answer_command(&mut self, texts: &[&str]) -> Option<Answer> {
        let commands: Option<Vec<Command>> = texts.iter().map(|text| command(text)).collect();
        let command = commands?.last().copied()?;
        let is_russian = self.language_of_app() == Language::RU;
        let (rule, text) = match command {
            Command::Person => {
                let words = "/person".to_owned();
                let told = self.hand_over(Act::CustomerAsks { words })?;
                return Some(said(&told, Outcome::HandedOver, 1.0, "rules"));
            }
            Command::Start if !self.assistant.settings.greeting.trim().is_empty() => {
                ("start", self.assistant.settings.greeting.trim().to_owned())
            }
            Command::Start => ("start", greeting(&self.assistant.name, is_russian)),
            Command::Help => ("help", help(is_russian).to_owned()),
        };
        self.step(What::Rule {
            rule: rule.to_owned(),
        });
        Some(said(&text, Outcome::SmallTalk, 1.0, "rules"))
    }

    /// A command has no language of its own: the conversation's counts.
    fn language_of_app(&self) -> Language {
        self.conversation.language
    }
}

fn greeting(name: &str, is_russian: bool) -> String {
    match is_russian {
        true => {
            format!("Здравствуйте! Это {name}. Задайте вопрос, и я отвечу по нашим документам.")
        }
        false => {
            format!("Hello! This is {name}. Ask a question and I will answer from our documents.")
        }
    }
}

fn help(is_russian: bool) -> &'static str {
    match is_russian {
        true => {
            "Напишите вопрос обычными словами. Чтобы позвать человека, напишите об этом или отправьте /person."
        }
        false => "Write your question in plain words. To ask for a person, say so or send /person.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_the_first_word_behind_a_slash() {
        assert!(is_start("/start"));
        assert!(is_start("/start@shop_bot payload"));
        assert_eq!(command("/person"), Some(Command::Person));
        assert_eq!(command("/price of the X200"), None);
        assert_eq!(command("start"), None);
    }
}
