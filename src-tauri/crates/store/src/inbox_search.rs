//! Conversations found by what was said in them and by who writes. Newest words first; every step has a bound.

use domain::conversation::Channels;
use domain::id::{ConversationId, WorkspaceId};
use domain::inbox::SearchedWords;
use domain::time::Timestamp;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::inbox::{InboxRow, Side};
use crate::page::bounded;
use crate::{Workspace, inbox, sql};

/// Conversations of one page that are found by who writes.
const PEOPLE: u32 = 20;
/// Messages that are looked at for one step, and steps for one page: where nearly every message fits, a page shows
/// fewer conversations rather than taking long.
const STEP: u32 = 200;
const STEPS: usize = 10;
/// Characters that are shown of a message, and of those the ones before the word that was found.
const SHOWN: usize = 200;
const BEFORE: usize = 40;

/// A conversation that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxHit {
    /// As a list shows it.
    pub row: InboxRow,
    /// What was said; nothing where it was found by who writes.
    pub said: Option<SaidHit>,
}

/// Words that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidHit {
    /// Who said them.
    pub by: Side,
    /// At most 200 characters around the first of the words.
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// Some of what was found, and where the search goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct InboxHits {
    /// On the first page those found by who writes, then those found by what was said.
    pub items: Vec<InboxHit>,
    /// Where the next page begins; nothing at the end.
    pub next: Option<u64>,
}

impl Workspace {
    /// Conversations of these channels (or of all) that are found by these words, at most `limit` by what was said and 20
    /// by who writes. Each conversation stands on a page once.
    pub async fn search_inbox(
        &self,
        words: SearchedWords,
        channels: Option<Channels>,
        after: Option<u64>,
        limit: u32,
    ) -> Result<InboxHits, StoreError> {
        let limit = bounded(limit) as usize;
        self.read(move |conn, workspace| {
            let matched = matched(workspace, &words);
            let mut items = Vec::new();
            if after.is_none() {
                for id in of_people(conn, workspace, &matched)? {
                    let row = inbox::row(conn, workspace, id)?;
                    if is_of(&row, channels) {
                        items.push(InboxHit { row, said: None });
                    }
                }
            }
            let mut before = after.map_or(i64::MAX, sql::signed);
            let most = items.len() + limit;
            for _ in 0..STEPS {
                let numbers = step(conn, &matched, before)?;
                let is_last = numbers.len() < STEP as usize;
                for number in numbers {
                    before = number;
                    let (id, said) = said_at(conn, workspace, number, &words)?;
                    if items.iter().any(|hit| hit.row.conversation.id == id) {
                        continue;
                    }
                    let row = inbox::row(conn, workspace, id)?;
                    if is_of(&row, channels) {
                        items.push(InboxHit {
                            row,
                            said: Some(said),
                        });
                    }
                    if items.len() >= most {
                        return Ok(InboxHits {
                            items,
                            next: u64::try_from(before).ok(),
                        });
                    }
                }
                if is_last {
                    return Ok(InboxHits { items, next: None });
                }
            }
            Ok(InboxHits {
                items,
                next: u64::try_from(before).ok(),
            })
        })
        .await
    }
}

fn is_of(row: &InboxRow, channels: Option<Channels>) -> bool {
    channels.is_none_or(|channels| channels.has(row.conversation.channel))
}

/// What both indexes are asked: all of the words' beginnings, in this workspace. The words have letters and digits
/// only, so nothing in them is taken for anything else.
fn matched(workspace: WorkspaceId, words: &SearchedWords) -> String {
    let words: Vec<String> = words
        .beginnings()
        .iter()
        .map(|beginning| format!("\"{beginning}\"*"))
        .collect();
    let place = hex::encode(workspace.0.into_bytes());
    format!("place : \"{place}\" AND words : ({})", words.join(" AND "))
}

/// Conversations of contacts who are found, the latest contacts first.
fn of_people(
    conn: &Connection,
    workspace: WorkspaceId,
    matched: &str,
) -> Result<Vec<ConversationId>, StoreError> {
    sql::many(
        conn,
        "SELECT v.id FROM (SELECT rowid AS number FROM contact_words WHERE contact_words MATCH ?2
                           ORDER BY rowid DESC LIMIT ?3) f
         CROSS JOIN known_contacts k ON k.number = f.number
         CROSS JOIN conversations v ON v.workspace_id = k.workspace_id AND v.contact_id = k.contact_id
         WHERE k.workspace_id = ?1 LIMIT ?3",
        params![workspace.0.into_bytes(), matched, PEOPLE],
        |row| Ok(ConversationId(sql::id_at(row, 0)?)),
    )
}

/// Numbers of messages that fit, the newest first.
fn step(conn: &Connection, matched: &str, before: i64) -> Result<Vec<i64>, StoreError> {
    sql::many(
        conn,
        "SELECT rowid FROM said_words WHERE said_words MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3",
        params![matched, before, STEP],
        |row| Ok(row.get(0)?),
    )
}

fn said_at(
    conn: &Connection,
    workspace: WorkspaceId,
    number: i64,
    words: &SearchedWords,
) -> Result<(ConversationId, SaidHit), StoreError> {
    sql::the(
        conn,
        "SELECT m.conversation_id, m.author, m.text, m.created_at FROM said s
         JOIN messages m ON m.workspace_id = s.workspace_id AND m.id = s.message_id
         WHERE s.number = ?2 AND s.workspace_id = ?1",
        params![workspace.0.into_bytes(), number],
        |row| {
            let text: String = row.get(2)?;
            Ok((
                ConversationId(sql::id_at(row, 0)?),
                SaidHit {
                    by: sql::word_at(row, 1)?,
                    text: around(&text, words),
                    at: sql::time_at(row, 3)?,
                },
            ))
        },
    )
}

/// The part of a text that is shown: from a little before the first word that was found.
fn around(text: &str, words: &SearchedWords) -> String {
    let at = words.first_in(text).unwrap_or(0);
    let before = text[..at].chars().count();
    let skipped = match before {
        0..=BEFORE => 0,
        _ => before - BEFORE,
    };
    let mut shown: String = text.chars().skip(skipped).take(SHOWN).collect();
    if skipped > 0 {
        // What is cut begins with a whole word.
        let end = shown.find(char::is_whitespace).unwrap_or(0);
        shown.replace_range(..end, "…");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_begins_a_little_before_the_word() {
        let words: SearchedWords = "warranty".parse().unwrap();
        assert_eq!(around("A warranty?", &words), "A warranty?");
        let long = format!("{} the warranty is two years", "word ".repeat(40));
        let shown = around(&long, &words);
        assert!(shown.starts_with("… word"), "{shown}");
        assert!(shown.ends_with("the warranty is two years"), "{shown}");
    }
}
