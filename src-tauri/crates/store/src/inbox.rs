//! The inbox: conversations as a list of them is read, and what stands beside the words of a message.
//!
//! One statement a page: it walks an index to the page's conversations and looks the rest up by key.

use domain::conversation::{Channels, Conversation};
use domain::delivery::Rating;
use domain::handoff::Handoff;
use domain::id::{
    AssistantId, BotId, ConversationId, InboxLabelId, MemberId, MessageId, WorkspaceId,
};
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
    /// Only of these channels.
    pub channels: Option<Channels>,
    /// Only of this assistant.
    pub assistant_id: Option<AssistantId>,
    /// Only those that are somebody's.
    pub handoff: Option<HandoffName>,
    /// Only those that somebody looks after, or nobody.
    pub assignee: Option<Assignee>,
    /// Only with this label.
    pub label: Option<InboxLabelId>,
}

/// Who looks after a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignee {
    /// This member.
    Member(MemberId),
    /// No member.
    Nobody,
}

/// How many conversations there are of each kind; counted up to [`MOST_COUNTED`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InboxCounts {
    /// A person is asked for.
    pub requested: u32,
    /// A person has them.
    pub taken: u32,
    /// The assistant has them.
    pub ai: u32,
    /// They are over.
    pub closed: u32,
}

/// What conversations are counted up to: more are as many as this.
pub const MOST_COUNTED: u32 = 1_000;

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
    /// The member who looks after it, with their name.
    pub assignee: Option<(MemberId, String)>,
    /// Its labels, in the order they were made; at most 10.
    pub labels: Vec<InboxLabelId>,
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
            let channels = filter.channels.map(word_of).transpose()?;
            let state = filter.handoff.map(|state| sql::word(&state));
            let member = match filter.assignee {
                Some(Assignee::Member(member)) => Some(member.0.into_bytes()),
                Some(Assignee::Nobody) | None => None,
            };
            let rows = sql::many(
                conn,
                &shown(&found(filter)),
                params![
                    workspace.0.into_bytes(),
                    channels,
                    filter.assistant_id.map(|id| id.0.into_bytes()),
                    state.transpose()?,
                    after.at,
                    after.id.into_bytes(),
                    limit + 1,
                    member,
                    filter.label.map(|id| id.0.into_bytes())
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

    /// How many conversations of these channels each list has: all of them, or those that a member looks after.
    pub async fn inbox_counts(
        &self,
        channels: Channels,
        member: Option<MemberId>,
    ) -> Result<InboxCounts, StoreError> {
        self.read(move |conn, workspace| {
            let channels = word_of(channels)?;
            let count = |state: HandoffName| {
                sql::the(
                    conn,
                    counted(member.is_some()),
                    params![
                        workspace.0.into_bytes(),
                        sql::word(&state)?,
                        channels,
                        MOST_COUNTED,
                        member.map(|member| member.0.into_bytes())
                    ],
                    |row| Ok(row.get(0)?),
                )
            };
            Ok(InboxCounts {
                requested: count(HandoffName::Requested)?,
                taken: count(HandoffName::Taken)?,
                ai: count(HandoffName::Ai)?,
                closed: count(HandoffName::Closed)?,
            })
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
pub(crate) fn row(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ConversationId,
) -> Result<InboxRow, StoreError> {
    sql::the(
        conn,
        &shown("FROM conversations v WHERE v.workspace_id = ?1 AND v.id = ?2"),
        params![workspace.0.into_bytes(), id.0.into_bytes()],
        read,
    )
}

/// How a page is found. It walks the one index that has the page's conversations next to each other; what the index
/// does not have is looked at on the way.
fn found(filter: InboxFilter) -> String {
    let nobody = match filter.assignee {
        Some(Assignee::Nobody) => "v.assignee IS NULL",
        Some(Assignee::Member(_)) | None => "1",
    };
    let (walked, of_state) = match (filter.label, filter.assignee, filter.handoff) {
        (_, Some(Assignee::Member(_)), Some(_)) => ("conversations_by_assignee", "v.state = ?4"),
        (Some(_), _, Some(_)) => {
            return format!(
                "FROM conversation_labels l INDEXED BY conversation_labels_by_last
                 CROSS JOIN conversations v ON v.workspace_id = l.workspace_id AND v.id = l.conversation_id
                 WHERE l.workspace_id = ?1 AND l.label_id = ?9 AND l.state = ?4
                   AND (l.last_at, l.conversation_id) < (?5, ?6) AND {COMMON} AND {nobody}
                 ORDER BY l.last_at DESC, l.conversation_id DESC LIMIT ?7"
            );
        }
        (_, _, Some(_)) => ("conversations_by_state", "v.state = ?4"),
        _ => ("conversations_by_last", "1"),
    };
    let of_member = match filter.assignee {
        Some(Assignee::Member(_)) => "v.assignee = ?8",
        Some(Assignee::Nobody) | None => "1",
    };
    format!(
        "FROM conversations v INDEXED BY {walked}
         WHERE v.workspace_id = ?1 AND {of_member} AND {of_state}
           AND (v.last_at, v.id) < (?5, ?6) AND {COMMON} AND {nobody}
         ORDER BY v.last_at DESC, v.id DESC LIMIT ?7"
    )
}

/// What stands for channels in a statement.
fn word_of(channels: Channels) -> Result<String, StoreError> {
    match channels {
        Channels::Customers => Ok("customers".to_owned()),
        Channels::Only(channel) => sql::word(&channel),
    }
}

/// What every list may be limited by.
const COMMON: &str =
    "(?2 IS NULL OR v.channel = ?2 OR (?2 = 'customers' AND v.channel <> 'playground'))
    AND (?3 IS NULL OR v.assistant_id = ?3)
    AND (?9 IS NULL OR EXISTS (SELECT 1 FROM conversation_labels c
        WHERE c.workspace_id = ?1 AND c.conversation_id = v.id AND c.label_id = ?9))";

/// The statement that counts a list, of all or of a member.
fn counted(is_of_member: bool) -> &'static str {
    match is_of_member {
        true => {
            "SELECT count(*) FROM (SELECT 1 FROM conversations v INDEXED BY conversations_by_assignee
                 WHERE v.workspace_id = ?1 AND v.assignee = ?5 AND v.state = ?2
                     AND (v.channel = ?3 OR (?3 = 'customers' AND v.channel <> 'playground')) LIMIT ?4)"
        }
        false => {
            "SELECT count(*) FROM (SELECT 1 FROM conversations v INDEXED BY conversations_by_state
                 WHERE v.workspace_id = ?1 AND v.state = ?2 AND ?5 IS NULL
                     AND (v.channel = ?3 OR (?3 = 'customers' AND v.channel <> 'playground')) LIMIT ?4)"
        }
    }
}

/// The statement of conversations that are found so: what a list shows is looked up for its rows alone.
fn shown(found: &str) -> String {
    format!(
        "SELECT v.id, v.assistant_id, v.contact_id, v.channel, v.title, v.language, v.created_at, v.last_at,
             h.handoff, coalesce(p.name, ''), coalesce(p.username, ''), coalesce(p.is_banned, 0),
             (SELECT count(*) FROM messages u WHERE u.workspace_id = ?1 AND u.conversation_id = v.id
                  AND u.author = 'contact' AND u.answered_by IS NULL),
             m.author, substr(m.text, 1, {SNIPPET}), m.created_at,
             v.assignee, coalesce(a.name, ''),
             (SELECT json_group_array(lower(hex(l.label_id))) FROM conversation_labels l
                  WHERE l.workspace_id = ?1 AND l.conversation_id = v.id)
         FROM (SELECT v.id, v.assistant_id, v.contact_id, v.channel, v.title, v.language, v.created_at,
                   v.last_at, v.last_seq, v.assignee {found}) v
         LEFT JOIN handoffs h ON h.workspace_id = ?1 AND h.conversation_id = v.id
         LEFT JOIN contact_profiles p ON p.workspace_id = ?1 AND p.contact_id = v.contact_id
         LEFT JOIN members a ON a.workspace_id = ?1 AND a.id = v.assignee
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
    let assignee = match sql::maybe_id_at(row, 16)? {
        Some(id) => Some((MemberId(id), row.get(17)?)),
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
        assignee,
        labels: sql::json_at(row, 18)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::MIGRATIONS;

    /// The steps that SQLite takes for a statement.
    fn steps(conn: &Connection, statement: &str) -> Vec<String> {
        let mut plan = conn
            .prepare(&format!("EXPLAIN QUERY PLAN {statement}"))
            .unwrap();
        // What it looks for makes no difference to the way.
        let nothing = vec![rusqlite::types::Null; plan.parameter_count()];
        let nothing = rusqlite::params_from_iter(nothing);
        let steps = plan.query_map(nothing, |row| row.get(3)).unwrap();
        steps.map(Result::unwrap).collect()
    }

    #[test]
    fn every_list_walks_one_index_and_sorts_nothing() {
        let conn = Connection::open_in_memory().unwrap();
        for step in MIGRATIONS {
            conn.execute_batch(step).unwrap();
        }
        let label = Some(InboxLabelId(uuid::Uuid::nil()));
        let member = Some(Assignee::Member(MemberId(uuid::Uuid::nil())));
        let filters = [
            (None, None, None, "conversations_by_last"),
            (
                Some(HandoffName::Closed),
                None,
                None,
                "conversations_by_state",
            ),
            (
                Some(HandoffName::Requested),
                Some(Assignee::Nobody),
                None,
                "conversations_by_state",
            ),
            (
                Some(HandoffName::Taken),
                member,
                None,
                "conversations_by_assignee",
            ),
            (
                Some(HandoffName::Ai),
                member,
                label,
                "conversations_by_assignee",
            ),
            (
                Some(HandoffName::Ai),
                None,
                label,
                "conversation_labels_by_last",
            ),
        ];
        for (handoff, assignee, label, index) in filters {
            let filter = InboxFilter {
                handoff,
                assignee,
                label,
                ..InboxFilter::default()
            };
            let steps = steps(&conn, &format!("SELECT v.id {}", found(filter)));
            assert!(
                steps.iter().any(|step| step.contains(index)),
                "{filter:?}: {steps:?}"
            );
            walks(&steps);
        }
        for of_member in [false, true] {
            walks(&steps(&conn, counted(of_member)));
        }
    }

    fn walks(steps: &[String]) {
        for step in steps {
            let is_whole = step.starts_with("SCAN") && !step.starts_with("SCAN (subquery");
            assert!(!is_whole && !step.contains("TEMP B-TREE"), "{steps:?}");
        }
    }
}
