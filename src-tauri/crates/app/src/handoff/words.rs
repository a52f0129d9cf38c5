//! What operators read in their console, English and Russian. English where the language is not Russian.

use domain::conversation::{Author, Message};
use domain::delivery::Press;
use domain::handoff::{By, Handoff, Transition, Why};
use domain::language::Language;

use crate::bots::held::TOO_LATE;

/// Characters of one message on a card.
const LINE: usize = 300;

/// A transition, and what was said before it where somebody has to read that.
pub(crate) fn card(
    transition: &Transition,
    name: &str,
    said: &[Message],
    language: Language,
) -> String {
    let is_russian = language == Language::RU;
    let name = match (name.trim(), is_russian) {
        ("", true) => "Клиент",
        ("", false) => "The customer",
        (name, _) => name,
    };
    let mut lines = vec![headline(transition, name, is_russian)];
    for message in said {
        let text: String = message.text.chars().take(LINE).collect();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            lines.push(format!("{}: {text}", who(message, name, is_russian)));
        }
    }
    lines.join("\n\n")
}

fn headline(transition: &Transition, name: &str, is_russian: bool) -> String {
    let by = match &transition.by {
        By::Operator(operator) => operator.name.as_str(),
        _ => "",
    };
    match (&transition.to, is_russian) {
        (Handoff::Requested { why, .. }, _) => requested(why, name, is_russian),
        (Handoff::Taken { by, .. }, true) => format!("{by}: взято. Помощник молчит."),
        (Handoff::Taken { by, .. }, false) => format!("{by} has it. The assistant is silent."),
        (Handoff::HandedBack { .. }, true) => match by {
            "" => "Давно никто не отвечал: снова отвечает помощник.".to_owned(),
            by => format!("{by}: возвращено. Снова отвечает помощник."),
        },
        (Handoff::HandedBack { .. }, false) => match by {
            "" => "Nobody answered for a while: the assistant answers again.".to_owned(),
            by => format!("{by} gave it back. The assistant answers again."),
        },
        (Handoff::Closed { .. }, true) => format!("{by}: завершено."),
        (Handoff::Closed { .. }, false) => format!("{by} closed it."),
        (Handoff::Ai, true) => "Отвечает помощник.".to_owned(),
        (Handoff::Ai, false) => "The assistant answers.".to_owned(),
    }
}

fn requested(why: &Why, name: &str, is_russian: bool) -> String {
    match (why, is_russian) {
        (Why::CustomerAsked { words }, true) => format!("{name} зовёт человека: «{words}»."),
        (Why::CustomerAsked { words }, false) => format!("{name} asks for a person: “{words}”."),
        (Why::LowConfidence, true) => format!("{name}: в документах нет ответа."),
        (Why::LowConfidence, false) => format!("{name}: the documents do not answer."),
        (Why::RepeatedRefusal { times }, true) => {
            format!("{name}: ответа не нашлось, раз подряд: {times}.")
        }
        (Why::RepeatedRefusal { times }, false) => {
            format!("{name}: no answer was found, times in a row: {times}.")
        }
        (Why::LowRating, true) => format!("{name}: плохая оценка ответа."),
        (Why::LowRating, false) => format!("{name} rated an answer low."),
        (Why::OwnersRule { words }, true) => format!("{name}: слова из ваших правил, «{words}»."),
        (Why::OwnersRule { words }, false) => format!("{name}: words of your rules, “{words}”."),
    }
}

/// Who said a message.
fn who<'a>(message: &'a Message, name: &'a str, is_russian: bool) -> &'a str {
    match (message.author, is_russian) {
        (Author::Contact, _) => name,
        (Author::Assistant, true) => "Помощник",
        (Author::Assistant, false) => "Assistant",
        (Author::Member(_) | Author::Operator(_), _) if !message.operator.is_empty() => {
            &message.operator
        }
        (Author::Member(_) | Author::Operator(_), true) => "Сотрудник",
        (Author::Member(_) | Author::Operator(_), false) => "Colleague",
    }
}

/// What stands on a button for operators.
pub(crate) fn label(press: &Press, language: Language) -> &'static str {
    let (english, russian) = match press {
        Press::Take => ("Take over", "Взять"),
        Press::HandBack => ("Hand back", "Вернуть помощнику"),
        Press::Close => ("Close", "Завершить"),
        Press::Ban => ("Ban", "Заблокировать"),
        Press::SendDraft { .. } => ("Send", "Отправить"),
        Press::EditDraft { .. } => ("Edit", "Изменить"),
        Press::Sources { .. } => ("Sources", "Источники"),
        Press::Rate { .. } => ("Rate", "Оценить"),
        Press::Ask { .. } => ("Ask", "Спросить"),
        Press::Person => ("Talk to a person", "Позвать человека"),
    };
    match language == Language::RU {
        true => russian,
        false => english,
    }
}

/// A customer changed what they had written.
pub(crate) fn changed(text: &str, language: Language) -> String {
    match language == Language::RU {
        true => format!("Клиент изменил сообщение: {text}"),
        false => format!("The customer changed a message: {text}"),
    }
}

/// The customer left an address or a number.
pub(crate) fn reachable(name: &str, ways: &str, language: Language) -> String {
    let is_russian = language == Language::RU;
    match (name.trim(), is_russian) {
        ("", true) => format!("Клиент просит связаться с ним: {ways}"),
        ("", false) => format!("The customer asks to be reached: {ways}"),
        (name, true) => format!("{name} просит связаться: {ways}"),
        (name, false) => format!("{name} asks to be reached: {ways}"),
    }
}

/// What the assistant said to the customer while a person is asked for.
pub(crate) fn assistant_said(text: &str, language: Language) -> String {
    match language == Language::RU {
        true => format!("Помощник ответил: {text}"),
        false => format!("The assistant answered: {text}"),
    }
}

/// Something was not sent to the customer.
pub(crate) fn not_attempted(reason: &str, language: Language) -> String {
    let is_late = reason == TOO_LATE;
    let (english, russian) = match is_late {
        true => (
            "Not sent: the customer last wrote more than 24 hours ago, and Telegram lets nobody else write first.",
            "Не отправлено: клиент писал больше 24 часов назад, и Telegram не даёт написать первым.",
        ),
        false => (
            "Not sent: your account is not connected to the bot, or does not let it write.",
            "Не отправлено: ваш аккаунт не подключён к боту или не разрешает ему писать.",
        ),
    };
    match language == Language::RU {
        true => russian.to_owned(),
        false => english.to_owned(),
    }
}
