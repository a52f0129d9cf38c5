//! Voice messages: what was spoken becomes words, and the words are answered like written ones.
//!
//! Recordings are decoded in the process that reads documents, since they come from strangers. Without a model that
//! hears, or where nothing is understood, a recording stays a file, and the customer is kindly told so. Operators are
//! told that the words are a transcript.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use domain::conversation::{Attachment, AttachmentKind, MAX_QUESTION, Message};
use domain::delivery::Place;
use domain::document::ReadFailure;
use domain::id::{OutboxId, WorkspaceId};
use domain::language::Language;
use domain::sound::LONGEST;
use domain::trace::{Step, What};
use engine::error::EngineError;
use engine::models::speech::Heard;
use store::attachments::{AttachmentRow, AttachmentState, Hearing};

use crate::App;
use crate::answer::Subject;
use crate::bots::derived;
use crate::error::Result;
use crate::searching::milliseconds;

/// Why a recording was not heard.
#[derive(Debug, thiserror::Error)]
enum Unheard {
    #[error("the recording cannot be decoded: {0:?}")]
    Undecoded(ReadFailure),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Unheard {
    /// As a trace keeps it.
    fn code(&self) -> &'static str {
        match self {
            Unheard::Undecoded(ReadFailure::TooLarge) => "too_long",
            Unheard::Undecoded(_) => "not_audio",
            Unheard::Engine(error) => error.code(),
        }
    }
}

impl App {
    /// Hears what was spoken in `asked`; the words stand in the messages then. Nothing where no model is chosen.
    pub(crate) async fn hear(
        &self,
        workspace: WorkspaceId,
        subject: &Subject,
        asked: &mut [Message],
    ) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        if subject.held.is_none() {
            return Ok(steps);
        }
        let model = self.settings_of(workspace).await?.speech_model;
        if model.is_empty() {
            return Ok(steps);
        }
        let store = self.workspace(workspace);
        for message in asked {
            let written = message.text.clone();
            for row in store.attachments(message.id).await? {
                let is_spoken = is_recording(&row.attachment, &written);
                if !is_spoken || row.hearing != Hearing::NotYet {
                    continue;
                }
                let began = Instant::now();
                let Some(recording) = self.recording(workspace, row.clone()).await? else {
                    continue;
                };
                let hint = subject.conversation.language;
                let heard = self.listen(&model, recording, hint).await;
                match &heard {
                    Ok(heard) if !heard.text.is_empty() => {
                        let text = self.keep_heard(workspace, subject, &row, heard).await?;
                        if !message.text.is_empty() {
                            message.text.push('\n');
                        }
                        message.text.push_str(&text);
                    }
                    _ => {
                        if let Some(cause) = in_vain(&heard) {
                            let now = self.now();
                            store.attachment_not_heard(row.id, cause, now).await?;
                        }
                    }
                }
                steps.push(Step {
                    took_ms: milliseconds(began),
                    what: told(&model, heard),
                });
            }
        }
        Ok(steps)
    }

    /// What is said in a recording.
    async fn listen(
        &self,
        model: &str,
        recording: PathBuf,
        hint: Language,
    ) -> std::result::Result<Heard, Unheard> {
        let reader = Arc::clone(&self.inner.reader);
        let decoding = tokio::task::spawn_blocking(move || reader.sound(&recording, LONGEST));
        let decoded = decoding.await.unwrap_or(Err(ReadFailure::ReaderStopped));
        let sound = decoded.map_err(Unheard::Undecoded)?;
        Ok(self.inner.models.hear(model, sound, hint).await?)
    }

    /// The file of a recording, fetched at once where it is not here yet; nothing when it cannot be had.
    async fn recording(
        &self,
        workspace: WorkspaceId,
        mut row: AttachmentRow,
    ) -> Result<Option<PathBuf>> {
        if row.state == AttachmentState::Waiting {
            // Its own job fetches it again where this fails.
            if let Err(error) = self.fetch(workspace, &row).await {
                tracing::warn!(%error, "a voice message could not be fetched: it is not heard");
                return Ok(None);
            }
            row = self.workspace(workspace).attachment(row.id).await?;
        }
        if row.state != AttachmentState::Kept {
            return Ok(None);
        }
        Ok(Some(self.inner.store.file_path(&row.content_hash)))
    }

    /// Keeps what was heard and tells operators in the messenger, once; gives the words as they are kept.
    async fn keep_heard(
        &self,
        workspace: WorkspaceId,
        subject: &Subject,
        row: &AttachmentRow,
        heard: &Heard,
    ) -> Result<String> {
        let text: String = heard.text.chars().take(MAX_QUESTION).collect();
        let store = self.workspace(workspace);
        let kept = store.attachment_heard(row.id, &text, heard.language, self.now());
        kept.await?;
        if let Some(held) = subject.held.as_ref().filter(|held| held.has_console()) {
            let id = OutboxId(derived(row.id.0, "transcript"));
            let told = transcript(held.staff_language(), heard.language, &text);
            let notice = self.notice_as(id, Place::Console, told, Vec::new());
            store
                .queue_outgoing(row.conversation_id, vec![notice], self.now())
                .await?;
        }
        Ok(text)
    }
}

/// The language of the last words that were heard; not known where none were.
pub(crate) fn language(steps: &[Step]) -> Language {
    let heard = steps.iter().rev().find_map(|step| match &step.what {
        What::Heard { language, text, .. } if !text.is_empty() => Some(*language),
        _ => None,
    });
    heard.unwrap_or(Language::UNKNOWN)
}

/// True for what was spoken to be heard: voice messages always, other recordings where no words came with them.
fn is_recording(attachment: &Attachment, text: &str) -> bool {
    match attachment.kind {
        AttachmentKind::Voice => true,
        AttachmentKind::Audio => text.is_empty(),
        AttachmentKind::Document => text.is_empty() && attachment.media_type.starts_with("audio/"),
        _ => false,
    }
}

/// Why listening again would not help; nothing where it might, as the model was busy or is broken.
fn in_vain(heard: &std::result::Result<Heard, Unheard>) -> Option<Hearing> {
    match heard {
        Ok(_) => Some(Hearing::Nothing),
        Err(Unheard::Undecoded(ReadFailure::TooLarge)) => Some(Hearing::TooLong),
        Err(Unheard::Undecoded(_)) => Some(Hearing::Unreadable),
        Err(Unheard::Engine(_)) => None,
    }
}

fn told(model: &str, heard: std::result::Result<Heard, Unheard>) -> What {
    let model = model.to_owned();
    match heard {
        Ok(heard) => What::Heard {
            model,
            seconds: heard.seconds.round() as u32,
            language: heard.language,
            text: heard.text,
            failed: None,
        },
        Err(error) => {
            tracing::warn!(%error, model, "a voice message was not heard");
            What::Heard {
                model,
                seconds: 0,
                language: Language::UNKNOWN,
                text: String::new(),
                failed: Some(error.code().to_owned()),
            }
        }
    }
}

/// How operators are told of it, in their language.
fn transcript(staff: Language, spoken: Language, text: &str) -> String {
    match (staff == Language::RU, spoken.code()) {
        (true, "") => format!("🎤 Расшифровка голосового сообщения:\n{text}"),
        (true, code) => format!("🎤 Расшифровка голосового сообщения ({code}):\n{text}"),
        (false, "") => format!("🎤 Transcript of a voice message:\n{text}"),
        (false, code) => format!("🎤 Transcript of a voice message ({code}):\n{text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_song_with_a_question_under_it_is_not_listened_to() {
        let attachment = |kind, media_type: &str| Attachment {
            kind,
            remote_file: "f".to_owned(),
            name: String::new(),
            media_type: media_type.to_owned(),
            size: 1,
            detail: String::new(),
        };
        let voice = attachment(AttachmentKind::Voice, "audio/ogg");
        assert!(is_recording(&voice, "") && is_recording(&voice, "And this?"));
        let song = attachment(AttachmentKind::Audio, "audio/mpeg");
        assert!(is_recording(&song, "") && !is_recording(&song, "Do you play this?"));
        let memo = attachment(AttachmentKind::Document, "audio/x-m4a");
        assert!(is_recording(&memo, ""));
        let paper = attachment(AttachmentKind::Document, "application/pdf");
        assert!(!is_recording(&paper, ""));
    }
}
