//! The inbox: conversations as a list of them is read, and what stands beside the words of a message.
//!
//! One statement a page: it walks an index to the page's conversations and looks the rest up by key.

use domain::conversation::{ChannelKind, Conversation};
use domain::delivery::Rating;
use domain::handoff::Handoff;
use domain::id::{AssistantId, BotId, ConversationId, MessageId, WorkspaceId};
use domain::time::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::Deserialize;

use crate::attachments::AttachmentRow;
use crate::error::StoreError;
use crate::handoffs::HandoffName;
use crate::outbox::OutboxState;
use crate::page::{Cursor, MAX_PAGE, Page, bounded};
use crate::{Workspace, attachments, conversations, sql};

/// Characters of what was said last that a list shows.
const SNIPPET: u32 = 200;

/// Which conversations a list has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InboxFilter {
    /// Only of this channel.
    pub channel: Option<ChannelKind>,
    /// Only of this assistant.
    pub assistant_id: Option<AssistantId>,
    /// Only those that are somebody's.
    pub handoff: Option<HandoffName>,
}

/// A conversation as a list shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxRow {
    /// The conversation.
    pub conversation: Conversation,
    /// Who has it.
    pub handoff: Handoff,
    /// The customer's name; empty when it is unknown.
    pub contact_name: String,
    /// Their `@name`, without the sign; empty when it is unknown.
    pub contact_username: String,
    /// True when nothing of theirs is taken in.
    pub is_banned: bool,
    /// Their messages that nothing answers yet.
    pub unanswered: u32,
    /// What was said last; nothing before the first word.
    pub last: Option<LastSaid>,
}

/// What was said last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastSaid {
    /// Who said it.
    pub by: Side,
    /// Its first 200 characters.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// Which side of a conversation said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The customer.
    Contact,
    /// The assistant.
    Assistant,
    /// A person.
    Member,
}

/// What stands beside the words of a message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beside {
    /// What came with it.
    pub attachments: Vec<AttachmentRow>,
    /// How the customer rated it.
    pub rating: Option<Rating>,
    /// How its delivery to the customer fares, and why it failed; nothing where nothing is delivered.
    pub delivery: Option<(OutboxState, String)>,
}

impl Workspace {
    /// Conversations as a list shows them, the last one that somebody said something in first.
    pub async fn inbox(
        &self,
        filter: InboxFilter,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page<InboxRow>, StoreError> {
        let limit = bounded(limit);
        self.read(move |conn, workspace| {
            let after = after.unwrap_or(Cursor::NEWEST);
            let channel = filter.channel.map(|channel| sql::word(&channel));
            let state = filter.handoff.map(|state| sql::word(&state));
            let rows = sql::many(
                conn,
                &shown(&format!(
                    "{} WHERE v.workspace_id = ?1
                       AND (?2 IS NULL OR v.channel = ?2)
                       AND (?3 IS NULL OR v.assistant_id = ?3)
                       AND (?4 IS NULL OR coalesce(h.state, 'ai') = ?4)
                       AND (v.last_at, v.id) < (?5, ?6)
                     ORDER BY v.last_at DESC, v.id DESC LIMIT ?7",
                    walked(filter.handoff)
                )),
                params![
                    workspace.0.into_bytes(),
                    channel.transpose()?,
                    filter.assistant_id.map(|id| id.0.into_bytes()),
                    state.transpose()?,
                    after.at,
                    after.id.into_bytes(),
                    limit + 1
                ],
                read,
            )?;
            Ok(Page::cut(rows, limit, |row| Cursor {
                at: row.conversation.last_at.0,
                id: row.conversation.id.0,
            }))
        })
        .await
    }

    /// One conversation as a list shows it.
    pub async fn inbox_row(&self, id: ConversationId) -> Result<InboxRow, StoreError> {
        self.read(move |conn, workspace| row(conn, workspace, id))
            .await
    }

    /// What stands beside the words of the messages of a conversation from number `first` to `last`, for those that
    /// have any; of at most 200 messages.
    pub async fn beside(
        &self,
        id: ConversationId,
        first: u64,
        last: u64,
    ) -> Result<Vec<(MessageId, Beside)>, StoreError> {
        let last = last.min(first.saturating_add(u64::from(MAX_PAGE) - 1));
        self.read(move |conn, workspace| {
            conversations::the(conn, workspace, id)?;
            let between = params![
                workspace.0.into_bytes(),
                id.0.into_bytes(),
                sql::signed(first),
                sql::signed(last)
            ];
            let mut beside = sql::many(
                conn,
                "SELECT m.id, r.rating,
                     (SELECT o.state FROM outbox o WHERE o.workspace_id = m.workspace_id
                          AND o.message_id = m.id AND o.place = 'customer' ORDER BY o.seq LIMIT 1),
                     (SELECT o.reason FROM outbox o WHERE o.workspace_id = m.workspace_id
                          AND o.message_id = m.id AND o.place = 'customer' ORDER BY o.seq LIMIT 1)
                 FROM messages m
                 LEFT JOIN ratings r ON r.workspace_id = m.workspace_id AND r.message_id = m.id
                 WHERE m.workspace_id = ?1 AND m.conversation_id = ?2 AND m.seq BETWEEN ?3 AND ?4
                 ORDER BY m.seq",
                between,
                |row| {
                    let rating: Option<String> = row.get(1)?;
                    let state: Option<String> = row.get(2)?;
                    let reason: Option<String> = row.get(3)?;
                    let state = state.map(sql::from_word).transpose()?;
                    let beside = Beside {
                        attachments: Vec::new(),
                        rating: rating.map(sql::from_word).transpose()?,
                        delivery: state.map(|state| (state, reason.unwrap_or_default())),
                    };
                    Ok((MessageId(sql::id_at(row, 0)?), beside))
                },
            )?;
            for attachment in attachments::between(conn, workspace, id, first, last)? {
                let of = attachment.message_id;
                if let Some((_, beside)) = beside.iter_mut().find(|(id, _)| *id == of) {
                    beside.attachments.push(attachment);
                }
            }
            beside.retain(|(_, beside)| *beside != Beside::default());
            Ok(beside)
        })
        .await
    }

    /// Conversations that are held through a bot, at most 200.
    pub async fn conversations_of_bot(
        &self,
        bot: BotId,
    ) -> Result<Vec<ConversationId>, StoreError> {
        self.read(move |conn, workspace| {
            sql::many(
                conn,
                "SELECT conversation_id FROM addresses WHERE workspace_id = ?1 AND bot_id = ?2 LIMIT ?3",
                params![workspace.0.into_bytes(), bot.0.into_bytes(), MAX_PAGE],
                |row| Ok(ConversationId(sql::id_at(row, 0)?)),
            )
        })
        .await
    }
}

/// One conversation as a list shows it; `NotFound` when this workspace has no such one.
fn row(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ConversationId,
) -> Result<InboxRow, StoreError> {
    sql::the(
        conn,
        &shown(&format!(
            "{} WHERE v.workspace_id = ?1 AND v.id = ?2",
            walked(None)
        )),
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read,
    )
}

/// Where the walk to a page begins: those who want a person or have one are few and have an index of their own; all
/// others are met soon enough on the way from the latest to the oldest.
fn walked(state: Option<HandoffName>) -> &'static str {
    match state {
        Some(HandoffName::Requested | HandoffName::Taken) => {
            "FROM handoffs h INDEXED BY handoffs_by_state
             CROSS JOIN conversations v ON v.workspace_id = h.workspace_id AND v.id = h.conversation_id
             AND h.workspace_id = ?1 AND h.state = ?4"
        }
        _ => {
            "FROM conversations v
             LEFT JOIN handoffs h ON h.workspace_id = v.workspace_id AND h.conversation_id = v.id"
        }
    }
}

/// The statement of a page that is found so: what a list shows is looked up for its rows alone.
fn shown(found: &str) -> String {
    format!(
        "SELECT v.id, v.assistant_id, v.contact_id, v.channel, v.title, v.language, v.created_at, v.last_at,
             v.handoff, coalesce(p.name, ''), coalesce(p.username, ''), coalesce(p.is_banned, 0),
             (SELECT count(*) FROM messages u WHERE u.workspace_id = ?1 AND u.conversation_id = v.id
                  AND u.author = 'contact' AND u.answered_by IS NULL),
             m.author, substr(m.text, 1, {SNIPPET}), m.created_at
         FROM (SELECT v.id, v.assistant_id, v.contact_id, v.channel, v.title, v.language, v.created_at,
                   v.last_at, v.last_seq, h.handoff {found}) v
         LEFT JOIN contact_profiles p ON p.workspace_id = ?1 AND p.contact_id = v.contact_id
         LEFT JOIN messages m ON m.workspace_id = ?1 AND m.conversation_id = v.id AND m.seq = v.last_seq
         ORDER BY v.last_at DESC, v.id DESC"
    )
}

fn read(row: &Row<'_>) -> Result<InboxRow, StoreError> {
    let handoff: Option<String> = row.get(8)?;
    let by: Option<String> = row.get(13)?;
    let last = match by {
        Some(by) => Some(LastSaid {
            by: sql::from_word(by)?,
            text: row.get(14)?,
            at: sql::time_at(row, 15)?,
        }),
        None => None,
    };
    Ok(InboxRow {
        conversation: conversations::read(row)?,
        handoff: match handoff {
            Some(_) => sql::json_at(row, 8)?,
            None => Handoff::default(),
        },
        contact_name: row.get(9)?,
        contact_username: row.get(10)?,
        is_banned: row.get(11)?,
        unanswered: row.get(12)?,
        last,
    })
}
