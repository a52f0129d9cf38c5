//! The operators' group: a topic for each conversation, made when the first message goes there, and who may give
//! orders in it.
//!
//! Topics are made within their own budget (10 a minute a group): over it the group's general topic takes what
//! comes, where replies find their conversation all the same. A topic that is deleted is made anew; nothing is ever
//! renamed at a start. Not here: what operators say (`app`), and sending (`deliver`).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use app::bots::deliver::Delivery;
use app::bots::held::Console;
use app::error::Result;
use domain::delivery::ChatKind;
use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;

use crate::budget::Kind;
use crate::client::CallError;
use crate::parts::Target;
use crate::runner::{Held, Room};
use crate::split;
use crate::trouble::Cause;

/// How long it is remembered who administers a group.
const REMEMBERED: Duration = Duration::from_secs(300);
/// A wait up to this is waited for rather than passed by.
const SHORT: Duration = Duration::from_secs(3);

/// Where something for operators goes.
pub(crate) enum Place {
    /// Here.
    In {
        /// The group.
        chat: i64,
        /// The topic; 0 for the general one.
        thread: i64,
    },
    /// Nowhere yet.
    Wait(Duration),
    /// No topic can be made.
    Failed(CallError),
}

/// Who administers groups, as far as it was asked.
#[derive(Default)]
pub(crate) struct Admins {
    known: Mutex<HashMap<i64, (Instant, Vec<i64>)>>,
}

/// True when the person administers the group; in an operator's own chat there is nobody else to ask. Where nobody
/// says, nobody may.
pub(crate) async fn is_admin(held: &Held, chat: i64, person: i64) -> bool {
    if chat > 0 {
        return true;
    }
    let known = {
        let known = held
            .admins
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        known
            .get(&chat)
            .filter(|(at, _)| at.elapsed() < REMEMBERED)
            .map(|(_, admins)| admins.contains(&person))
    };
    if let Some(known) = known {
        return known;
    }
    #[derive(Deserialize)]
    struct Member {
        user: User,
    }
    #[derive(Deserialize)]
    struct User {
        id: i64,
    }
    let asked = held
        .line
        .call::<Vec<Member>>("getChatAdministrators", &json!({"chat_id": chat}))
        .await;
    let admins: Vec<i64> = match asked {
        Ok(members) => members.into_iter().map(|member| member.user.id).collect(),
        Err(error) => {
            tracing::warn!(bot = %held.id(), %error, "administrators of the staff group could not be asked for");
            return false;
        }
    };
    let is_admin = admins.contains(&person);
    let mut known = held
        .admins
        .known
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    // A bot has one staff group, and another after a migration.
    known.retain(|_, (at, _)| at.elapsed() < REMEMBERED);
    known.insert(chat, (Instant::now(), admins));
    is_admin
}

/// The topic of a delivery's conversation; made when it has none. Deliveries of a conversation come one at a time,
/// so that two of them never make two.
pub(crate) async fn topic(room: &Room, held: &Held, delivery: &Delivery) -> Result<Place> {
    let outgoing = &delivery.outgoing;
    let Console::Group { chat, .. } = delivery.console else {
        return Ok(Place::Wait(SHORT));
    };
    // Asked anew each time: it may have been dropped, or the group may have moved, since the delivery was taken.
    let known = room.app.console_topic(outgoing).await?;
    if let Some(known) = known.filter(|known| known.chat == chat) {
        return Ok(Place::In {
            chat: known.chat,
            thread: known.thread,
        });
    }
    if let Some(wait) = room
        .desk
        .wait(held.id(), chat, ChatKind::Group, Kind::Topic)
    {
        // In a crowd nobody waits for a topic of their own: the general one takes it.
        return Ok(match wait > SHORT {
            true => Place::In { chat, thread: 0 },
            false => Place::Wait(wait),
        });
    }
    #[derive(Deserialize)]
    struct Made {
        message_thread_id: i64,
    }
    let made = held
        .line
        .call::<Made>(
            "createForumTopic",
            &json!({"chat_id": chat, "name": split::title_of(&delivery.contact)}),
        )
        .await;
    match made {
        Ok(made) => {
            let thread = made.message_thread_id;
            let kept = room.app.set_console_topic(outgoing, chat, thread).await?;
            Ok(Place::In {
                chat,
                thread: kept.thread,
            })
        }
        Err(error) => match error.cause() {
            Some(Cause::RetryAfter(seconds)) => {
                room.desk.flood(held.id(), chat, seconds);
                Ok(Place::Wait(Duration::from_secs(u64::from(seconds))))
            }
            Some(Cause::Migrated(to)) => {
                room.desk.migrate(held.id(), chat, to);
                room.app.migrated(held.id(), chat, to).await?;
                held.moved(chat);
                Ok(Place::Wait(Duration::ZERO))
            }
            // A group without topics, or without the right to make them: everything stands in one row there.
            Some(Cause::NoRights | Cause::Other(_) | Cause::ThreadGone) => {
                tracing::warn!(bot = %held.id(), %error, "no topic could be made in the staff group");
                Ok(Place::In { chat, thread: 0 })
            }
            _ => Ok(Place::Failed(error)),
        },
    }
}

/// A topic is not there, or closed: it is opened, or forgotten so that a new one is made.
pub(crate) async fn lost(room: &Room, held: &Held, target: &Target, cause: &Cause) -> Result<()> {
    if *cause == Cause::ThreadClosed {
        let opened = held
            .line
            .call::<bool>(
                "reopenForumTopic",
                &json!({"chat_id": target.chat, "message_thread_id": target.thread}),
            )
            .await;
        if opened.is_ok() {
            return Ok(());
        }
    }
    room.app
        .drop_console_topic(held.id(), target.chat, target.thread)
        .await
}
