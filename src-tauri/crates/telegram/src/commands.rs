//! Commands: what customers can type after a slash, what operators can, and the menu that Telegram shows.
//!
//! The menu is told to Telegram only when it is another than the last time (T22): [`told_hash`] says so. Not here:
//! what a command does.

use domain::language::Language;
use sha2::{Digest, Sha256};
use teloxide::types::BotCommand;

/// What a customer asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// The first words; its payload may be a deep link's.
    Start,
    /// What it can do.
    Help,
    /// A person.
    Human,
    /// Another language.
    Language,
    /// The end of the conversation.
    Stop,
    /// One that is not known; its name in small letters.
    Unknown(String),
}

/// A command and what stands after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The command.
    pub command: Command,
    /// What stands after it, without white space around it; may be empty.
    pub payload: String,
}

/// A command as it stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slash<'a> {
    /// The name, without the slash.
    pub name: &'a str,
    /// The bot it is for, where that is said, without the sign.
    pub bot: Option<&'a str>,
    /// What stands after it.
    pub rest: &'a str,
}

/// The command that a text begins with. Telegram's commands are 1 to 32 of `a-z0-9_`, here in any case.
pub fn slash(text: &str) -> Option<Slash<'_>> {
    let after = text.strip_prefix('/')?;
    let end = after.find(char::is_whitespace).unwrap_or(after.len());
    let (word, rest) = after.split_at(end);
    let (name, bot) = match word.split_once('@') {
        Some((name, bot)) => (name, Some(bot)),
        None => (word, None),
    };
    let is_name = (1..=32).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then(|| Slash {
        name,
        bot,
        rest: rest.trim(),
    })
}

impl Slash<'_> {
    /// The same as a customer's command.
    pub fn call(&self) -> Call {
        let name = self.name.to_ascii_lowercase();
        let command = match name.as_str() {
            "start" => Command::Start,
            "help" => Command::Help,
            "human" | "operator" => Command::Human,
            "language" | "lang" => Command::Language,
            "stop" => Command::Stop,
            _ => Command::Unknown(name),
        };
        Call {
            command,
            payload: self.rest.to_owned(),
        }
    }
}

/// The menu of customers' commands in a language (English where it is none of ours).
pub fn menu(language: Language) -> Vec<BotCommand> {
    commands(language, CUSTOMER)
}

/// The menu of operators' orders, for the staff group alone.
pub fn staff_menu(language: Language) -> Vec<BotCommand> {
    commands(language, STAFF)
}

/// Something that is another when any menu of these languages is.
pub fn told_hash(languages: &[Language]) -> String {
    let mut hash = Sha256::new();
    for language in languages {
        hash.update([0]);
        hash.update(language.code());
        for command in menu(*language).iter().chain(&staff_menu(*language)) {
            hash.update([1]);
            hash.update(&command.command);
            hash.update([2]);
            hash.update(&command.description);
        }
    }
    hex::encode(&hash.finalize()[..16])
}

/// Name, English, Russian.
type Row = (&'static str, &'static str, &'static str);

const CUSTOMER: &[Row] = &[
    ("start", "Begin anew", "Начать сначала"),
    ("help", "What I can do", "Что я умею"),
    ("human", "Ask for a person", "Позвать человека"),
    ("language", "Choose the language", "Выбрать язык"),
    ("stop", "End the conversation", "Закончить разговор"),
];

const STAFF: &[Row] = &[
    ("take", "Answer yourself", "Отвечать самому"),
    ("ai", "Let the assistant answer again", "Вернуть помощнику"),
    (
        "note",
        "Write a note for operators only",
        "Заметка только для операторов",
    ),
    ("close", "Close the conversation", "Закрыть разговор"),
    ("ban", "Ban the customer", "Заблокировать клиента"),
];

fn commands(language: Language, rows: &[Row]) -> Vec<BotCommand> {
    rows.iter()
        .map(|(name, english, russian)| {
            let description = if language == Language::RU {
                russian
            } else {
                english
            };
            BotCommand::new(*name, *description)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_read_with_its_bot_and_payload() {
        let found = slash("/start@ShopBot  abc_-1 ").unwrap();
        assert_eq!(found.bot, Some("ShopBot"));
        assert_eq!(
            found.call(),
            Call {
                command: Command::Start,
                payload: "abc_-1".to_owned()
            }
        );
        assert_eq!(slash("/OPERATOR").unwrap().call().command, Command::Human);
        let unknown = slash("/price\nlamp").unwrap().call();
        assert_eq!(unknown.command, Command::Unknown("price".to_owned()));
        assert_eq!(unknown.payload, "lamp");
        for no in [
            "",
            "/",
            "// note",
            "/ start",
            "start",
            "/цена",
            "/a-b",
            &format!("/{}", "a".repeat(33)),
        ] {
            assert_eq!(slash(no), None, "{no}");
        }
    }

    #[test]
    fn menus_are_as_telegram_takes_them() {
        for language in [Language::EN, Language::RU, Language::UNKNOWN] {
            for command in menu(language).iter().chain(&staff_menu(language)) {
                let is_name = command
                    .command
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                assert!(is_name && (1..=32).contains(&command.command.len()));
                assert!((1..=256).contains(&command.description.chars().count()));
                assert!(slash(&format!("/{}", command.command)).is_some());
            }
        }
        assert_ne!(menu(Language::EN), menu(Language::RU));
    }

    #[test]
    fn the_hash_is_the_same_for_the_same_menus_alone() {
        let both = told_hash(&[Language::EN, Language::RU]);
        assert_eq!(both, told_hash(&[Language::EN, Language::RU]));
        assert_ne!(both, told_hash(&[Language::EN]));
        assert_eq!(both.len(), 32);
    }
}
