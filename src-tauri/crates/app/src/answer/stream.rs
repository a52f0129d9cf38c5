//! Answers while they are made: pieces for whoever watches a conversation. The committed row is the truth.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::conversation::Message;
use domain::id::ConversationId;
use domain::trace::Step;
use tokio::sync::{broadcast, watch};

use crate::error::ErrorCode;

/// Pieces that a slow watcher may be behind before it loses some.
const BEHIND: usize = 256;

/// Something that happened while an answer is made.
#[derive(Debug, Clone)]
pub enum Piece {
    /// A step of the pipeline is done.
    Step(Box<Step>),
    /// More words of the answer; not checked yet.
    Text(String),
    /// All of the answer whose proof stands so far: what customers may read of it before it is whole.
    Checked(String),
    /// New messages joined the question: what was streamed so far is void.
    Restarted,
    /// The answer stands.
    Done(Box<Message>),
    /// No answer this time; the job will be tried again or needs a person.
    Failed(ErrorCode),
}

#[derive(Default)]
pub(crate) struct Streams {
    open: Mutex<HashMap<ConversationId, broadcast::Sender<Piece>>>,
    made: Mutex<HashMap<ConversationId, Made>>,
}

/// An answer that is being made: what was shown of it, and the way to stop it.
struct Made {
    shown: Shown,
    stop: watch::Sender<bool>,
}

/// What was shown of an answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) steps: Vec<Step>,
}

/// Says that an answer is being made, for as long as it lives.
pub(crate) struct Making<'a> {
    streams: &'a Streams,
    conversation: ConversationId,
    stopped: watch::Receiver<bool>,
}

impl Making<'_> {
    /// Resolves once somebody stops the answer.
    pub(crate) async fn stopped(&mut self) {
        if self.stopped.wait_for(|stopped| *stopped).await.is_err() {
            // Another one is being made in its place: this one was not stopped.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        let mut made = self.streams.made();
        let is_mine = made
            .get(&self.conversation)
            .is_some_and(|made| made.stop.subscribe().same_channel(&self.stopped));
        if is_mine {
            made.remove(&self.conversation);
        }
    }
}

impl Streams {
    /// Watches a conversation from now on.
    pub(crate) fn watch(&self, conversation: ConversationId) -> broadcast::Receiver<Piece> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, sender| sender.receiver_count() > 0);
        open.entry(conversation)
            .or_insert_with(|| broadcast::channel(BEHIND).0)
            .subscribe()
    }

    /// Tells whoever watches; nobody watching is fine.
    pub(crate) fn tell(&self, conversation: ConversationId, piece: Piece) {
        if let Some(made) = self.made().get_mut(&conversation) {
            made.shown.add(&piece);
        }
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = open.get(&conversation) {
            // An error means that nobody watches any more.
            let _ = sender.send(piece);
        }
    }

    /// An answer begins to be made.
    pub(crate) fn begin(&self, conversation: ConversationId) -> Making<'_> {
        let (stop, stopped) = watch::channel(false);
        let shown = Shown::default();
        self.made().insert(conversation, Made { shown, stop });
        Making {
            streams: self,
            conversation,
            stopped,
        }
    }

    /// What was shown of the answer that is being made; nothing when none is.
    pub(crate) fn shown(&self, conversation: ConversationId) -> Shown {
        let made = self.made();
        made.get(&conversation)
            .map(|made| made.shown.clone())
            .unwrap_or_default()
    }

    /// Stops the answer that is being made, if one is.
    pub(crate) fn stop(&self, conversation: ConversationId) {
        if let Some(made) = self.made().get(&conversation) {
            made.stop.send_replace(true);
        }
    }

    fn made(&self) -> MutexGuard<'_, HashMap<ConversationId, Made>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shown {
    fn add(&mut self, piece: &Piece) {
        match piece {
            Piece::Step(step) => self.steps.push(step.as_ref().clone()),
            Piece::Text(text) => self.text.push_str(text),
            Piece::Restarted => self.text.clear(),
            Piece::Checked(_) | Piece::Done(_) | Piece::Failed(_) => {}
        }
    }
}
