//! Receiving: the one transaction that takes a message in.

use domain::conversation::{Author, ChannelKind, Conversation, Incoming};
use domain::event::Topic;
use domain::id::{AssistantId, ContactId, ConversationId, JobId, MessageId, WorkspaceId};
use domain::job::Task;
use domain::language::Language;
use domain::time::Timestamp;
use rusqlite::params;

use crate::error::StoreError;
use crate::messages::NewMessage;
use crate::writer::Tx;
use crate::{Applied, Workspace, conversations, jobs, messages, sql};

/// Ids for what receiving may have to make.
#[derive(Debug, Clone, Copy)]
pub struct ReceiveIds {
    /// For a contact who writes for the first time.
    pub contact: ContactId,
    /// For a conversation that begins.
    pub conversation: ConversationId,
    /// For the message.
    pub message: MessageId,
    /// For the job that answers.
    pub job: JobId,
}

/// What became of an incoming message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// The message; of a repetition, the first one.
    pub message_id: MessageId,
    /// `AlreadyApplied` for a repetition.
    pub applied: Applied,
}

/// Characters of the first message that make a conversation's title.
const TITLE: usize = 80;

impl Workspace {
    /// Takes a message in: contact, conversation, message and the job that answers, all or nothing. The same
    /// channel, assistant, peer and external id twice is one message.
    pub async fn receive(
        &self,
        incoming: Incoming,
        ids: ReceiveIds,
        language: Language,
        now: Timestamp,
    ) -> Result<Received, StoreError> {
        self.write(move |tx, workspace| {
            if let Some(received) = repetition(tx, workspace, &incoming)? {
                return Ok(received);
            }
            let contact = contact_of(
                tx,
                workspace,
                incoming.channel,
                &incoming.peer,
                ids.contact,
                now,
            )?;
            let assistant = incoming.assistant_id;
            let conversation_id = match conversation_of(tx, workspace, contact, assistant)? {
                Some(id) => id,
                None => {
                    let conversation = Conversation {
                        id: ids.conversation,
                        assistant_id: assistant,
                        contact_id: contact,
                        channel: incoming.channel,
                        title: String::new(),
                        language,
                        created_at: now,
                        last_at: now,
                    };
                    conversations::insert(tx.conn, workspace, &conversation)?;
                    conversation.id
                }
            };
            messages::insert(
                tx.conn,
                workspace,
                NewMessage {
                    id: ids.message,
                    conversation_id,
                    author: Author::Contact,
                    text: &incoming.text,
                    outcome: None,
                    citations: &[],
                    engine: "",
                    operator: "",
                    now,
                },
            )?;
            sql::run(
                tx.conn,
                "UPDATE conversations
                 SET title = CASE title WHEN '' THEN ?3 ELSE title END,
                     language = CASE ?4 WHEN '' THEN language ELSE ?4 END
                 WHERE workspace_id = ?1 AND id = ?2",
                params![
                    workspace.0.into_bytes(),
                    conversation_id.0.into_bytes(),
                    title_of(&incoming.text),
                    language.code()
                ],
            )?;
            sql::run(
                tx.conn,
                "INSERT INTO receipts
                     (workspace_id, channel, assistant_id, peer, external_id, conversation_id, message_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    workspace.0.into_bytes(),
                    sql::word(&incoming.channel)?,
                    assistant.0.into_bytes(),
                    incoming.peer,
                    incoming.external_id,
                    conversation_id.0.into_bytes(),
                    ids.message.0.into_bytes()
                ],
            )?;
            jobs::enqueue(
                tx,
                workspace,
                ids.job,
                &Task::Answer { conversation_id },
                now,
            )?;
            tx.event(workspace, Topic::Conversation, conversation_id, now)?;
            Ok(Received {
                conversation_id,
                message_id: ids.message,
                applied: Applied::Applied,
            })
        })
        .await
    }

    /// Begins a conversation before anything is said. Later messages of `peer` to this assistant arrive in
    /// it. `conversation.contact_id` is for a peer who is new; the conversation comes back with the contact
    /// it has.
    pub async fn create_conversation(
        &self,
        conversation: Conversation,
        peer: &str,
    ) -> Result<Conversation, StoreError> {
        let peer = peer.to_owned();
        self.write(move |tx, workspace| {
            let contact_id = contact_of(
                tx,
                workspace,
                conversation.channel,
                &peer,
                conversation.contact_id,
                conversation.created_at,
            )?;
            let conversation = Conversation {
                contact_id,
                ..conversation
            };
            conversations::insert(tx.conn, workspace, &conversation)?;
            tx.event(
                workspace,
                Topic::Conversation,
                conversation.id,
                conversation.created_at,
            )?;
            Ok(conversation)
        })
        .await
    }
}

fn repetition(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    incoming: &Incoming,
) -> Result<Option<Received>, StoreError> {
    sql::one(
        tx.conn,
        "SELECT conversation_id, message_id FROM receipts
         WHERE workspace_id = ?1 AND channel = ?2 AND assistant_id = ?3 AND peer = ?4 AND external_id = ?5",
        params![
            workspace.0.into_bytes(),
            sql::word(&incoming.channel)?,
            incoming.assistant_id.0.into_bytes(),
            incoming.peer,
            incoming.external_id
        ],
        |row| {
            Ok(Received {
                conversation_id: ConversationId(sql::id_at(row, 0)?),
                message_id: MessageId(sql::id_at(row, 1)?),
                applied: Applied::AlreadyApplied,
            })
        },
    )
}

/// The contact of a peer; made when there is none.
fn contact_of(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    channel: ChannelKind,
    peer: &str,
    new: ContactId,
    now: Timestamp,
) -> Result<ContactId, StoreError> {
    sql::run(
        tx.conn,
        "INSERT INTO contacts (workspace_id, id, channel, peer, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (workspace_id, channel, peer) DO NOTHING",
        params![
            workspace.0.into_bytes(),
            new.0.into_bytes(),
            sql::word(&channel)?,
            peer,
            now.0
        ],
    )?;
    sql::the(
        tx.conn,
        "SELECT id FROM contacts WHERE workspace_id = ?1 AND channel = ?2 AND peer = ?3",
        params![workspace.0.into_bytes(), sql::word(&channel)?, peer],
        |row| Ok(ContactId(sql::id_at(row, 0)?)),
    )
}

/// The newest conversation of a contact with an assistant.
fn conversation_of(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    contact: ContactId,
    assistant: AssistantId,
) -> Result<Option<ConversationId>, StoreError> {
    sql::one(
        tx.conn,
        "SELECT id FROM conversations
         WHERE workspace_id = ?1 AND contact_id = ?2 AND assistant_id = ?3
         ORDER BY created_at DESC, id DESC LIMIT 1",
        params![
            workspace.0.into_bytes(),
            contact.0.into_bytes(),
            assistant.0.into_bytes()
        ],
        |row| Ok(ConversationId(sql::id_at(row, 0)?)),
    )
}

fn title_of(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    one_line.chars().take(TITLE).collect()
}
