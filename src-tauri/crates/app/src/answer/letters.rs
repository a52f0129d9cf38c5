//! What a messenger told about the messages that are answered: when they were written, what they reply to, and what
//! came with them.

use domain::answer::{Answer, Outcome};
use domain::conversation::{AttachmentKind, MAX_ATTACHMENT, Message};
use domain::language::Language;
use domain::time::Timestamp;
use domain::trace::What;
use store::Workspace;
use store::attachments::{AttachmentState, Hearing};

use crate::answer::{Answering, said};
use crate::error::Result;

/// What was told about several messages together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Letters {
    /// When the last of them was written, where that is known.
    pub(crate) sent_at: Option<Timestamp>,
    /// The words that the last reply among them replies to; empty for none.
    pub(crate) quoted: String,
    /// Kinds of what came with them.
    pub(crate) kinds: Vec<AttachmentKind>,
    /// True when something was too large to be fetched.
    pub(crate) is_too_large: bool,
    /// What became of listening to the last recording that somebody listened to.
    pub(crate) hearing: Option<Hearing>,
}

impl Letters {
    /// What was told about `asked`.
    pub(crate) async fn of(store: &Workspace, asked: &[Message]) -> Result<Letters> {
        let mut letters = Letters::default();
        for message in asked {
            if let Some(letter) = store.letter(message.id).await? {
                letters.sent_at = letters.sent_at.max(Some(letter.sent_at));
                if !letter.quoted.is_empty() {
                    letters.quoted = letter.quoted;
                }
            }
            for kept in store.attachments(message.id).await? {
                letters.is_too_large |= kept.state == AttachmentState::TooLarge;
                letters.kinds.push(kept.attachment.kind);
                if kept.hearing != Hearing::NotYet {
                    letters.hearing = Some(kept.hearing);
                }
            }
        }
        Ok(letters)
    }
}

impl Answering<'_> {
    /// What is said when no words came, only files; nothing when there are words.
    pub(crate) fn answer_files(&mut self) -> Option<Answer> {
        if !self.question.is_empty() || self.letters.kinds.is_empty() {
            return None;
        }
        let unheard = self
            .letters
            .hearing
            .and_then(|of| unheard(of, self.language));
        let (rule, text) = match (self.letters.is_too_large, unheard) {
            (true, _) => ("too_large", too_large(self.language)),
            (false, Some(text)) => ("unheard", text.to_owned()),
            (false, None) => (
                "file",
                received(&self.letters.kinds, self.language).to_owned(),
            ),
        };
        self.step(What::Rule {
            rule: rule.to_owned(),
        });
        Some(said(&text, Outcome::SmallTalk, 1.0, "rules"))
    }

    /// Adds that a file is too large, where words came with it.
    pub(crate) fn say_too_large(&self, answer: &mut Answer) {
        if self.letters.is_too_large && !self.question.is_empty() && !answer.text.is_empty() {
            answer.text = format!("{}\n\n{}", answer.text, too_large(self.language));
        }
    }
}

/// The kind answer to a file that cannot be fetched.
pub(crate) fn too_large(language: Language) -> String {
    let megabytes = MAX_ATTACHMENT / 1_000_000;
    match language == Language::RU {
        true => format!(
            "Файл больше {megabytes} МБ, такие сюда не доходят. Пришлите, пожалуйста, файл поменьше или напишите словами, о чём он."
        ),
        false => format!(
            "The file is larger than {megabytes} MB and does not reach us here. Please send a smaller one, or write what it is about."
        ),
    }
}

/// The kind answer to a recording that somebody listened to in vain; nothing where words were heard.
fn unheard(hearing: Hearing, language: Language) -> Option<&'static str> {
    match (hearing, language == Language::RU) {
        (Hearing::NotYet | Hearing::Words, _) => None,
        (Hearing::Nothing, true) => Some(
            "Не получилось разобрать слова в записи. Скажите, пожалуйста, ещё раз, поближе к микрофону, или напишите. Запись сохранена, её может прослушать сотрудник.",
        ),
        (Hearing::Nothing, false) => Some(
            "I listened, but could not make out the words. Please say it once more, closer to the microphone, or write it. The recording is kept, and a colleague can listen to it.",
        ),
        (Hearing::TooLong, true) => Some(
            "Запись длиннее пяти минут, столько я прослушать не могу. Пришлите, пожалуйста, покороче или напишите. Запись сохранена, её может прослушать сотрудник.",
        ),
        (Hearing::TooLong, false) => Some(
            "The recording is longer than five minutes, which is more than I can listen to. Please send a shorter one, or write. It is kept, and a colleague can listen to it.",
        ),
        (Hearing::Unreadable, true) => Some(
            "Эту запись не получилось открыть. Пришлите, пожалуйста, ещё раз или напишите словами. Файл сохранён, его может посмотреть сотрудник.",
        ),
        (Hearing::Unreadable, false) => Some(
            "I could not open this recording. Please send it once more, or write. The file is kept, and a colleague can look at it.",
        ),
    }
}

fn received(kinds: &[AttachmentKind], language: Language) -> &'static str {
    let is_voice = kinds.iter().all(|kind| *kind == AttachmentKind::Voice);
    match (is_voice, language == Language::RU) {
        (true, true) => {
            "Голосовое сообщение получено, его может прослушать сотрудник. Напишите вопрос словами, и я отвечу сразу."
        }
        (true, false) => {
            "I have your voice message; a colleague can listen to it. Write your question and I will answer at once."
        }
        (false, true) => {
            "Получено, это может посмотреть сотрудник. Напишите, о чём вопрос, и я отвечу сразу."
        }
        (false, false) => {
            "I have it; a colleague can look at it. Write what your question is and I will answer at once."
        }
    }
}
