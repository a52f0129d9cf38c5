//! Which message of ours stands where at the messenger: replies, edits and relays find their way by it.

use domain::delivery::Place;
use domain::id::{BotId, ConversationId, MessageId, WorkspaceId};
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::page::MAX_PAGE;
use crate::{Store, Workspace, sql};

/// Where a message stands at the messenger.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The bot that sees it.
    pub bot_id: BotId,
    /// The chat.
    pub chat: i64,
    /// The connection to the owner's own account, which numbers its messages apart; empty for the bot's own chats.
    pub business: String,
    /// The messenger's number of it there.
    pub remote_id: i64,
}

/// A message of the messenger that we know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteMessage {
    /// Whose.
    pub workspace_id: WorkspaceId,
    /// Its conversation.
    pub conversation_id: ConversationId,
    /// The message; `None` for notices.
    pub message_id: Option<MessageId>,
    /// Who sees it there.
    pub place: Place,
    /// Where it stands.
    pub spot: Spot,
}

impl Store {
    /// What stands there; `None` when it is nothing of ours.
    pub async fn conversation_of_remote(
        &self,
        spot: Spot,
    ) -> Result<Option<RemoteMessage>, StoreError> {
        self.read(move |conn| at(conn, &spot)).await
    }
}

impl Workspace {
    /// Where a message stands, at most 200 places.
    pub async fn remote_messages(
        &self,
        message_id: MessageId,
    ) -> Result<Vec<RemoteMessage>, StoreError> {
        self.read(move |conn, workspace| {
            sql::many(
                conn,
                &format!(
                    "SELECT {REMOTE} FROM remote_messages
                     WHERE workspace_id = ?1 AND message_id = ?2 ORDER BY place, chat, remote_id LIMIT {MAX_PAGE}"
                ),
                params![workspace.0.into_bytes(), message_id.0.into_bytes()],
                read,
            )
        })
        .await
    }
}

const REMOTE: &str =
    "workspace_id, conversation_id, message_id, place, bot_id, chat, business, remote_id";

/// What stands there.
pub(crate) fn at(conn: &Connection, spot: &Spot) -> Result<Option<RemoteMessage>, StoreError> {
    sql::one(
        conn,
        &format!(
            "SELECT {REMOTE} FROM remote_messages
             WHERE bot_id = ?1 AND chat = ?2 AND business = ?3 AND remote_id = ?4"
        ),
        params![
            spot.bot_id.0.into_bytes(),
            spot.chat,
            spot.business,
            spot.remote_id
        ],
        read,
    )
}

/// Remembers what stands there; the newest counts. `NotFound` when this workspace has no such bot.
pub(crate) fn keep(
    conn: &Connection,
    workspace: WorkspaceId,
    conversation_id: ConversationId,
    message_id: Option<MessageId>,
    place: Place,
    spot: &Spot,
) -> Result<(), StoreError> {
    sql::run(
        conn,
        "INSERT INTO remote_messages
             (bot_id, chat, business, remote_id, workspace_id, conversation_id, message_id, place)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (bot_id, chat, business, remote_id) DO UPDATE SET
             conversation_id = excluded.conversation_id, message_id = excluded.message_id, place = excluded.place
         WHERE workspace_id = excluded.workspace_id",
        params![
            spot.bot_id.0.into_bytes(),
            spot.chat,
            spot.business,
            spot.remote_id,
            workspace.0.into_bytes(),
            conversation_id.0.into_bytes(),
            message_id.map(|id| id.0.into_bytes()),
            sql::word(&place)?
        ],
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<RemoteMessage, StoreError> {
    Ok(RemoteMessage {
        workspace_id: WorkspaceId(sql::id_at(row, 0)?),
        conversation_id: ConversationId(sql::id_at(row, 1)?),
        message_id: sql::maybe_id_at(row, 2)?.map(MessageId),
        place: sql::word_at(row, 3)?,
        spot: Spot {
            bot_id: BotId(sql::id_at(row, 4)?),
            chat: row.get(5)?,
            business: row.get(6)?,
            remote_id: row.get(7)?,
        },
    })
}
