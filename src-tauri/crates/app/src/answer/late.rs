//! A word about the wait: an answer to a message that waited for long begins with it, once an outage.

use domain::conversation::{Author, Message};
use domain::language::Language;
use domain::time::Timestamp;

/// Minutes after which a wait is spoken of (reliability.md R10).
const LONG: i64 = 30;
const ENGLISH: &str = "Sorry for the delay.";
const RUSSIAN: &str = "Простите, что ответ пришёл не сразу.";

/// Minutes that a message written at `sent_at` has waited, when that is long.
pub(crate) fn waited(sent_at: Timestamp, now: Timestamp) -> Option<u32> {
    let minutes = now.milliseconds_since(sent_at) / 60_000;
    match minutes >= LONG {
        true => u32::try_from(minutes).ok(),
        false => None,
    }
}

/// True when the wait was spoken of since the message was written: it is the same outage.
pub(crate) fn is_said(history: &[Message], sent_at: Timestamp) -> bool {
    let begins = |said: &Message| said.text.starts_with(ENGLISH) || said.text.starts_with(RUSSIAN);
    history
        .iter()
        .any(|said| said.author == Author::Assistant && said.created_at >= sent_at && begins(said))
}

/// The answer with a word about the wait before it.
pub(crate) fn with_apology(answer: &str, language: Language) -> String {
    let apology = match language == Language::RU {
        true => RUSSIAN,
        false => ENGLISH,
    };
    format!("{apology}\n\n{answer}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_hour_is_long() {
        let sent = Timestamp(0);
        assert_eq!(waited(sent, sent.plus_seconds(29 * 60 + 59)), None);
        assert_eq!(waited(sent, sent.plus_seconds(30 * 60)), Some(30));
        assert_eq!(waited(sent.plus_seconds(60), sent), None);
        let said = with_apology("Two days.", Language::RU);
        assert_eq!(said, "Простите, что ответ пришёл не сразу.\n\nTwo days.");
    }
}
