//! Receiving: the one transaction that takes a message in.

use domain::conversation::{Author, ChannelKind, Conversation, Incoming, Letter};
use domain::delivery::{ChatKind, Place};
use domain::event::Topic;
use domain::handoff::rules::HandoffRules;
use domain::handoff::{Act, Handoff};
use domain::id::{
    AssistantId, AttachmentId, ContactId, ConversationId, JobId, MessageId, WorkspaceId,
};
use domain::job::Task;
use domain::language::Language;
use domain::time::Timestamp;
use rusqlite::params;

use crate::error::StoreError;
use crate::handoffs::NewHandoff;
use crate::messages::NewMessage;
use crate::outbox::NewOutgoing;
use crate::remotes::Spot;
use crate::updates::UpdateKey;
use crate::writer::Tx;
use crate::{Applied, Workspace, addresses, attachments, contacts, conversations, handoffs, jobs};
use crate::{letters, messages, outbox, remotes, sql, updates};

/// Ids for what receiving may have to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// An incoming message's circumstances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Ids for what receiving may have to make.
    pub ids: ReceiveIds,
    /// The language it is written in.
    pub language: Language,
    /// The update that it comes from.
    pub update: Option<UpdateKey>,
    /// How long the answer waits for other parts of the message, in milliseconds.
    pub answer_after_ms: u32,
    /// Ids for its attachments and the jobs that fetch them; without one an attachment is left out.
    pub attachments: Vec<(AttachmentId, JobId)>,
    /// What operators get to see, where a person has the conversation or is asked for.
    pub relay: Vec<NewOutgoing>,
    /// When.
    pub now: Timestamp,
}

impl Arrival {
    /// Of a message that is nothing but words.
    pub fn of_words(ids: ReceiveIds, language: Language, now: Timestamp) -> Arrival {
        Arrival {
            ids,
            language,
            update: None,
            answer_after_ms: 0,
            attachments: Vec::new(),
            relay: Vec::new(),
            now,
        }
    }
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
    /// True when the contact is banned: nothing was kept, and the ids name nothing.
    pub dropped: bool,
    /// True when the assistant does not answer: a person has the conversation, or the owner spoke.
    pub silent: bool,
    /// True when operators were to see it: a person has the conversation, or is asked for.
    pub relayed: bool,
}

/// Characters of the first message that make a conversation's title.
const TITLE: usize = 80;

impl Workspace {
    /// Takes a message in: contact, conversation, address, message, what came with it, and the job that answers, all
    /// or nothing. The same channel, assistant, peer and external id twice is one message. No job answers where a
    /// person has the conversation or the owner spoke; a closed conversation is the assistant's again; what a banned
    /// contact writes is dropped.
    pub async fn receive(
        &self,
        incoming: Incoming,
        arrival: Arrival,
    ) -> Result<Received, StoreError> {
        self.write(move |tx, workspace| {
            updates::settle(tx.conn, workspace, arrival.update)?;
            match repetition(tx, workspace, &incoming)? {
                Some(received) => Ok(received),
                None => take_in(tx, workspace, &incoming, &arrival),
            }
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

fn take_in(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    incoming: &Incoming,
    arrival: &Arrival,
) -> Result<Received, StoreError> {
    let (ids, now) = (arrival.ids, arrival.now);
    let (known, contact) = whose(tx, workspace, incoming, arrival)?;
    let mut received = Received {
        conversation_id: known.unwrap_or(ids.conversation),
        message_id: ids.message,
        applied: Applied::Applied,
        dropped: false,
        silent: false,
        relayed: false,
    };
    if contacts::is_banned_contact(tx.conn, workspace, contact)? {
        received.dropped = true;
        return Ok(received);
    }
    let conversation_id = received.conversation_id;
    if known.is_none() {
        let conversation = Conversation {
            id: conversation_id,
            assistant_id: incoming.assistant_id,
            contact_id: contact,
            channel: incoming.channel,
            title: String::new(),
            language: arrival.language,
            created_at: now,
            last_at: now,
        };
        conversations::insert(tx.conn, workspace, &conversation)?;
    }
    keep_message(tx, workspace, conversation_id, incoming, arrival)?;
    let mut is_paused = false;
    if let Some(letter) = &incoming.letter {
        is_paused = keep_letter(tx, workspace, contact, conversation_id, letter, arrival)?;
    }
    let handoff = who_has_it(tx, workspace, conversation_id, now)?;
    received.silent = is_paused || handoff.is_assistant_silent();
    received.relayed = handoff.needs_person();
    if received.relayed {
        outbox::queue(tx, workspace, conversation_id, &arrival.relay, now)?;
    }
    if !received.silent {
        let run_at = now.plus_milliseconds(arrival.answer_after_ms.into());
        let task = Task::Answer { conversation_id };
        jobs::enqueue_for(tx, workspace, ids.job, &task, run_at, now)?;
    }
    tx.event(workspace, Topic::Conversation, conversation_id, now)?;
    Ok(received)
}

/// The conversation that a message belongs to, if it began already, and its contact. A letter belongs where its
/// address says, whatever its writer is called.
fn whose(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    incoming: &Incoming,
    arrival: &Arrival,
) -> Result<(Option<ConversationId>, ContactId), StoreError> {
    let assistant = incoming.assistant_id;
    if let Some(letter) = &incoming.letter {
        let address = &letter.address;
        let channel = incoming.channel;
        let held = addresses::conversation_with(tx.conn, workspace, assistant, channel, address)?;
        if let Some((conversation, contact)) = held {
            return Ok((Some(conversation), contact));
        }
    }
    let contact = contact_of(
        tx,
        workspace,
        incoming.channel,
        &incoming.peer,
        arrival.ids.contact,
        arrival.now,
    )?;
    let conversation = match incoming.letter {
        Some(_) => None,
        None => conversation_of(tx, workspace, contact, assistant)?,
    };
    Ok((conversation, contact))
}

fn keep_message(
    tx: &Tx<'_>,
    workspace: WorkspaceId,
    conversation_id: ConversationId,
    incoming: &Incoming,
    arrival: &Arrival,
) -> Result<(), StoreError> {
    messages::insert(
        tx.conn,
        workspace,
        NewMessage {
            id: arrival.ids.message,
            conversation_id,
            author: Author::Contact,
            text: &incoming.text,
            outcome: None,
            citations: &[],
            engine: "",
            operator: "",
            now: arrival.now,
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
            arrival.language.code()
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
            incoming.assistant_id.0.into_bytes(),
            incoming.peer,
            incoming.external_id,
            conversation_id.0.into_bytes(),
            arrival.ids.message.0.into_bytes()
        ],
    )?;
    Ok(())
}

/// Keeps what a messenger tells besides the words; says whether the owner's words keep the assistant silent.
fn keep_letter(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    contact: ContactId,
    conversation_id: ConversationId,
    letter: &Letter,
    arrival: &Arrival,
) -> Result<bool, StoreError> {
    let (id, now) = (arrival.ids.message, arrival.now);
    let address = &letter.address;
    let is_paused = addresses::heard(
        tx.conn,
        workspace,
        conversation_id,
        address,
        letter.sent_at,
        now,
    )?;
    // In a group the contact is the group, whoever of it writes.
    if address.kind != ChatKind::Group {
        contacts::meet(tx.conn, workspace, contact, &letter.sender, now)?;
    }
    letters::keep(tx.conn, workspace, id, letter)?;
    let spot = Spot {
        bot_id: address.bot_id,
        chat: address.chat,
        business: address.business.clone(),
        remote_id: letter.remote_id,
    };
    remotes::keep(
        tx.conn,
        workspace,
        conversation_id,
        Some(id),
        Place::Customer,
        &spot,
    )?;
    attachments::take_in(
        tx,
        workspace,
        id,
        &letter.attachments,
        &arrival.attachments,
        now,
    )?;
    Ok(is_paused)
}

/// Who has a conversation that its customer writes in: a closed one is the assistant's again.
fn who_has_it(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    id: ConversationId,
    now: Timestamp,
) -> Result<Handoff, StoreError> {
    let handoff = handoffs::of(tx.conn, workspace, id)?;
    if !matches!(handoff, Handoff::Closed { .. }) {
        return Ok(handoff);
    }
    // No rule forbids a customer to write again.
    let reopened = handoff
        .after(Act::Reopen, now, &HandoffRules::default())
        .map_err(|_| StoreError::Conflict)?;
    let new = NewHandoff {
        transition: reopened,
        idle_at: None,
    };
    handoffs::keep(tx, workspace, id, &new, now)?;
    Ok(new.transition.to)
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
                dropped: false,
                silent: false,
                relayed: false,
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
