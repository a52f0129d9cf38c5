//! What an assistant answered lately, with the traces: for asking what another rule would have done.

use domain::answer::Outcome;
use domain::conversation::ChannelKind;
use domain::id::{AssistantId, ConversationId, MessageId};
use domain::time::Timestamp;
use domain::trace::Trace;
use rusqlite::params;

use crate::error::StoreError;
use crate::{Workspace, sql};

/// The newest answers of a workspace that are looked through for those of one assistant.
pub const LOOKED_THROUGH: u32 = 500;

/// An answer with its trace.
#[derive(Debug, Clone, PartialEq)]
pub struct PastAnswer {
    /// The answer's message.
    pub message_id: MessageId,
    /// Where it was given.
    pub conversation_id: ConversationId,
    /// Through which channel.
    pub channel: ChannelKind,
    /// What was decided.
    pub outcome: Option<Outcome>,
    /// When.
    pub at: Timestamp,
    /// Why it is what it is.
    pub trace: Trace,
}

impl Workspace {
    /// The answers of an assistant among the newest [`LOOKED_THROUGH`] of the workspace, newest first.
    pub async fn past_answers(&self, id: AssistantId) -> Result<Vec<PastAnswer>, StoreError> {
        self.read(move |conn, workspace| {
            // Ids of messages grow with time.
            sql::many(
                conn,
                "SELECT t.message_id, m.conversation_id, v.channel, m.outcome, m.created_at, t.trace
                 FROM (SELECT message_id, trace FROM traces WHERE workspace_id = ?1
                       ORDER BY message_id DESC LIMIT ?3) t
                 JOIN messages m ON m.workspace_id = ?1 AND m.id = t.message_id
                 JOIN conversations v ON v.workspace_id = ?1 AND v.id = m.conversation_id
                 WHERE v.assistant_id = ?2 ORDER BY t.message_id DESC",
                params![
                    workspace.0.into_bytes(),
                    id.0.into_bytes(),
                    LOOKED_THROUGH
                ],
                |row| {
                    let outcome: Option<String> = row.get(3)?;
                    Ok(PastAnswer {
                        message_id: MessageId(sql::id_at(row, 0)?),
                        conversation_id: ConversationId(sql::id_at(row, 1)?),
                        channel: sql::word_at(row, 2)?,
                        outcome: outcome.map(sql::from_word).transpose()?,
                        at: sql::time_at(row, 4)?,
                        trace: sql::json_at(row, 5)?,
                    })
                },
            )
        })
        .await
    }
}
