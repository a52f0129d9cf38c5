//! Answers while they are made: pieces for whoever watches a conversation. The committed row is the truth.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::conversation::Message;
use domain::id::ConversationId;
use domain::trace::Step;
use tokio::sync::broadcast;

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
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = open.get(&conversation) {
            // An error means that nobody watches any more.
            let _ = sender.send(piece);
        }
    }
}
