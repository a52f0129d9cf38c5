//! Follow-ups made whole without a model: the earlier subject is carried into the query.
//!
//! `How much is the X200?` then `and its warranty?` is searched as `X200 warranty`. With a model, the
//! engine rewrites the question instead (see `engine::Engine::rewrite`).

use domain::qa::normalised;
use domain::words::says_nothing;

/// How much a question leans on what was said before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaning {
    /// It stands alone.
    Alone,
    /// It may be a new subject or the old one: searched as it is first.
    Perhaps,
    /// It cannot be understood alone.
    Surely,
}

const OPENERS: &[&str] = &[
    "and",
    "what about",
    "how about",
    "or",
    "but",
    "also",
    "then",
    "а",
    "и",
    "или",
    "но",
    "а если",
    "а что",
    "тогда",
    "ещё",
    "еще",
    "also",
];

const POINTERS: &[&str] = &[
    "it",
    "its",
    "this",
    "that",
    "these",
    "those",
    "they",
    "them",
    "their",
    "one",
    "ones",
    "he",
    "she",
    "there",
    "он",
    "она",
    "оно",
    "они",
    "его",
    "ее",
    "их",
    "ему",
    "ей",
    "им",
    "него",
    "нее",
    "них",
    "ним",
    "ней",
    "этот",
    "эта",
    "это",
    "эти",
    "этого",
    "этой",
    "этом",
    "этих",
    "тот",
    "та",
    "те",
    "такой",
    "такая",
    "такое",
    "такие",
    "там",
    "туда",
    "сюда",
];

/// Words that carry no subject, beside those that say nothing at all.
const WITHOUT_SUBJECT: &[&str] = &[
    "cost",
    "costs",
    "long",
    "no",
    "not",
    "price",
    "день",
    "добрый",
    "могу",
    "можете",
    "можно",
    "надо",
    "нужно",
    "стоит",
    "стоят",
    "цена",
    "цену",
];

/// How much `question` leans on what was said before it.
pub(crate) fn leaning(question: &str) -> Leaning {
    let plain = normalised(question);
    let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    let opens = OPENERS.iter().any(|opener| {
        plain
            .strip_prefix(opener)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    });
    let subject = subject_words(&plain).len();
    let points = words.iter().any(|word| POINTERS.contains(word));
    match (opens, points, subject) {
        (true, _, 0..=4) | (_, true, 0..=3) | (_, _, 0) => Leaning::Surely,
        (_, _, 1..=2) if words.len() <= 4 => Leaning::Perhaps,
        _ => Leaning::Alone,
    }
}

/// The question with the subject of the `earlier` questions (oldest first) carried into it, or `None` when
/// they have no subject that it lacks.
pub(crate) fn carried(question: &str, earlier: &[String]) -> Option<String> {
    let own = normalised(question);
    let own_words: Vec<&str> = own.split(' ').collect();
    // Further back than three questions the subject is another one.
    for previous in earlier.iter().rev().take(3) {
        let plain = normalised(previous);
        let carried: Vec<&str> = subject_words(&plain)
            .into_iter()
            .filter(|word| !own_words.contains(word))
            .collect();
        let stands_alone = leaning(previous) != Leaning::Surely;
        if stands_alone && !carried.is_empty() {
            return Some(format!("{} {}", carried.join(" "), question.trim()));
        }
    }
    None
}

/// The words of a normalised question that name its subject, in order, at most 12.
fn subject_words(plain: &str) -> Vec<&str> {
    let is_subject = |word: &&str| {
        !word.is_empty()
            && !says_nothing(word)
            && !WITHOUT_SUBJECT.contains(word)
            && !POINTERS.contains(word)
    };
    plain.split(' ').filter(is_subject).take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_follow_up_carries_the_earlier_subject() {
        let earlier = vec!["How much is the X200 scooter?".to_owned()];
        assert_eq!(leaning("And its warranty?"), Leaning::Surely);
        assert_eq!(
            carried("And its warranty?", &earlier).as_deref(),
            Some("x200 scooter And its warranty?")
        );
        let earlier = vec![
            "Сколько стоит доставка в Казань?".to_owned(),
            "А быстрее можно?".to_owned(),
        ];
        assert_eq!(leaning("а в Москву?"), Leaning::Surely);
        assert_eq!(
            carried("а в Москву?", &earlier).as_deref(),
            Some("доставка казань а в Москву?")
        );
    }

    #[test]
    fn a_whole_question_stands_alone() {
        for question in [
            "How long is the warranty on batteries?",
            "Какие документы нужны для возврата товара?",
        ] {
            assert_eq!(leaning(question), Leaning::Alone, "{question}");
        }
        assert_eq!(leaning("Warranty?"), Leaning::Perhaps);
        assert_eq!(carried("And now?", &[]), None);
    }
}
