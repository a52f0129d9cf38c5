//! Conversations: a message comes in, is stored, and a job answers it; whoever watches sees the pieces.

use domain::conversation::{ChannelKind, Conversation, Incoming, MAX_QUESTION, Message};
use domain::id::{AssistantId, ContactId, ConversationId, JobId, MessageId, WorkspaceId};
use domain::language::Language;
use domain::member::Permission;
use domain::scope::Scope;
use domain::trace::{Step, Trace, What};
use store::Applied;
use store::answers::StoppedAnswer;
use store::conversations::ConversationFilter;
use store::page::{Cursor, Page};
use store::receive::{Arrival, ReceiveIds, Received};
use tokio::sync::broadcast;

use crate::App;
use crate::answer::stream::Piece;
use crate::error::{Error, ErrorCode, Result};
use crate::knowledge::labels::acceptable_scope;
use crate::who::Who;

/// What became of a message.
#[derive(Debug, Clone)]
pub struct Said {
    /// The message.
    pub message_id: MessageId,
    /// False when the same message had been received before.
    pub is_new: bool,
}

impl App {
    /// Starts a conversation of this member with an assistant.
    pub async fn start_playground(
        &self,
        who: &Who,
        assistant_id: AssistantId,
    ) -> Result<Conversation> {
        who.must(Permission::Answer)?;
        let store = self.workspace(who.workspace());
        let assistant = store.assistant(assistant_id).await?;
        let now = self.now();
        let conversation = Conversation {
            id: ConversationId(self.new_id()),
            assistant_id: assistant.id,
            contact_id: ContactId(self.new_id()),
            channel: ChannelKind::Playground,
            title: String::new(),
            language: Language::UNKNOWN,
            created_at: now,
            last_at: now,
        };
        let peer = conversation.id.to_string();
        Ok(store.create_conversation(conversation, &peer).await?)
    }

    /// Limits what a conversation is answered from, beside what its assistant may use.
    pub async fn limit_conversation(
        &self,
        who: &Who,
        id: ConversationId,
        scope: Scope,
    ) -> Result<()> {
        who.must(Permission::Answer)?;
        acceptable_scope("knowledge", &scope)?;
        Ok(self
            .workspace(who.workspace())
            .limit_conversation(id, scope)
            .await?)
    }

    /// Says something in a conversation. The same `external_id` twice is one message.
    pub async fn say(
        &self,
        who: &Who,
        id: ConversationId,
        text: &str,
        external_id: Option<String>,
    ) -> Result<Said> {
        who.must(Permission::Answer)?;
        let store = self.workspace(who.workspace());
        let conversation = store.conversation(id).await?;
        let external_id = external_id.unwrap_or_else(|| self.new_id().to_string());
        let incoming = Incoming {
            channel: conversation.channel,
            assistant_id: conversation.assistant_id,
            peer: store.conversation_peer(id).await?,
            external_id,
            text: question_of(text)?,
            letter: None,
        };
        let received = self.receive(who.workspace(), incoming).await?;
        Ok(Said {
            message_id: received.message_id,
            is_new: received.applied == Applied::Applied,
        })
    }

    /// Takes a message from a channel: one transaction stores it and asks for an answer.
    pub(crate) async fn receive(
        &self,
        workspace: WorkspaceId,
        incoming: Incoming,
    ) -> Result<Received> {
        let ids = ReceiveIds {
            contact: ContactId(self.new_id()),
            conversation: ConversationId(self.new_id()),
            message: MessageId(self.new_id()),
            job: JobId(self.new_id()),
        };
        let language = search::language(&incoming.text);
        Ok(self
            .workspace(workspace)
            .receive(incoming, Arrival::of_words(ids, language, self.now()))
            .await?)
    }

    /// Watches a conversation from now on: subscribe first, then say.
    pub fn watch(&self, conversation: ConversationId) -> broadcast::Receiver<Piece> {
        self.inner.streams.watch(conversation)
    }

    /// The message that answers `message`, once it stands.
    pub async fn answer_to(
        &self,
        who: &Who,
        conversation: ConversationId,
        message: MessageId,
    ) -> Result<Option<Message>> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        let asked = store.message(message).await?;
        if asked.conversation_id != conversation {
            return Err(Error::new(
                ErrorCode::NotFound,
                "there is no such message in this conversation",
            ));
        }
        match asked.answered_by {
            Some(answer) => Ok(Some(store.message(answer).await?)),
            None => Ok(None),
        }
    }

    /// Stops the answer to a question of the conversation: its engine is let go, what was shown so far is kept
    /// as its answer, and nothing is counted as used. Gives the message that stands, which is the whole answer
    /// where that was faster. Stopping twice is stopping once.
    pub async fn stop_answer(
        &self,
        who: &Who,
        id: ConversationId,
        question: MessageId,
    ) -> Result<Message> {
        who.must(Permission::Answer)?;
        self.stop_question(who.workspace(), id, question).await
    }

    pub(crate) async fn stop_question(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
        question: MessageId,
    ) -> Result<Message> {
        let shown = self.inner.streams.shown(id);
        let mut steps = shown.steps;
        steps.push(Step {
            took_ms: 0,
            what: What::Stopped,
        });
        let total_ms = steps.iter().map(|step| step.took_ms).sum();
        let stopped = StoppedAnswer {
            conversation_id: id,
            message_id: MessageId(self.new_id()),
            text: shown.text.trim().to_owned(),
            trace: Trace { steps, total_ms },
            next_job: JobId(self.new_id()),
        };
        let store = self.workspace(workspace);
        let stood = store.stop_answer(question, stopped, self.now()).await?;
        // Only now: an answer that could not be stopped in the store goes on.
        if stood.applied == Applied::Applied {
            self.inner.streams.stop(id);
            let message = Box::new(stood.message.clone());
            self.inner.streams.tell(id, Piece::Done(message));
        }
        Ok(stood.message)
    }

    /// Says something and waits for the answer, at most `seconds`.
    pub async fn ask(
        &self,
        who: &Who,
        id: ConversationId,
        text: &str,
        seconds: u64,
    ) -> Result<Message> {
        let mut pieces = self.watch(id);
        let said = self.say(who, id, text, None).await?;
        let waiting = async {
            loop {
                if let Some(answer) = self.answer_to(who, id, said.message_id).await? {
                    return Ok(answer);
                }
                match pieces.recv().await {
                    Ok(Piece::Failed(code)) => {
                        return Err(Error::new(code, "the question could not be answered"));
                    }
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => {
                        return Err(Error::new(ErrorCode::Internal, "the answer's stream ended"));
                    }
                }
            }
        };
        let waited = tokio::time::timeout(std::time::Duration::from_secs(seconds), waiting).await;
        waited
            .map_err(|_| Error::new(ErrorCode::Busy, "the answer takes too long").retry_after(5))?
    }

    /// A page of conversations, latest first.
    pub async fn conversations(
        &self,
        who: &Who,
        filter: ConversationFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<Conversation>> {
        who.must(Permission::Look)?;
        Ok(self
            .workspace(who.workspace())
            .conversations(filter, after, limit)
            .await?)
    }

    /// A conversation.
    pub async fn conversation(&self, who: &Who, id: ConversationId) -> Result<Conversation> {
        who.must(Permission::Look)?;
        Ok(self.workspace(who.workspace()).conversation(id).await?)
    }

    /// The last `limit` messages before number `before`, oldest first.
    pub async fn messages(
        &self,
        who: &Who,
        id: ConversationId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Vec<Message>> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        store.conversation(id).await?;
        Ok(store.messages(id, before, limit).await?)
    }

    /// Why an answer is what it is.
    pub async fn trace(&self, who: &Who, message: MessageId) -> Result<Trace> {
        who.must(Permission::Look)?;
        let trace = self.workspace(who.workspace()).trace(message).await?;
        trace.ok_or_else(|| Error::new(ErrorCode::NotFound, "this message has no trace"))
    }
}

/// A question's text: trimmed, without invisible control characters, 1 to [`MAX_QUESTION`] characters.
fn question_of(text: &str) -> Result<String> {
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let clean = clean.trim();
    if clean.is_empty() {
        return Err(Error::invalid("text", "the message is empty"));
    }
    if clean.chars().count() > MAX_QUESTION {
        return Err(Error::invalid(
            "text",
            format!("a message has at most {MAX_QUESTION} characters"),
        ));
    }
    Ok(clean.to_owned())
}
