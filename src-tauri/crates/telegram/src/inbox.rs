//! What is made of updates: each becomes one of the app's use cases, which marks it as done in its own transaction.
//!
//! Updates of a chat are taken in order, chats beside each other. What a crash or a full disk left lies there still
//! and is taken first. An update that cannot be read goes to a person, and none is ever passed over. Not here: what
//! an update says (`convert`), and how it is answered (`app`).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use app::bots::business::OwnerMessage;
use app::bots::press::{Pressed as PressedHere, Reaction};
use app::bots::runner::{Edited, Reach};
use app::bots::staff::{Staff, StaffMessage};
use app::error::{ErrorCode, Result};
use domain::bot::{BOT_LEASE_SECONDS, RawUpdate};
use domain::conversation::{Incoming, Letter};
use domain::delivery::{Address, ChatKind};
use futures_util::StreamExt;
use store::business::BusinessConnection;

use crate::convert::{
    self, BusinessAuthor, Membership, MembershipChange, Pressed, StaffSaid, Unreadable, Update,
    What, Written,
};
use crate::runner::{Held, Room};
use crate::{console, keyboard, said, stream};

/// Updates that are looked at together.
const BATCH: u32 = 200;
/// Chats of one bot that are worked on at once.
const CHATS_AT_ONCE: usize = 32;
/// How long the store is given when it cannot take something.
const PAUSE: Duration = Duration::from_secs(1);

/// Makes something of whatever waits at the bot, until it is to end.
pub(crate) async fn run(room: &Arc<Room>, held: &Arc<Held>) {
    let mut stopped = held.stopped.clone();
    while !*stopped.borrow() {
        let waiting = match held.app.waiting_updates(&held.lease, BATCH).await {
            Ok(waiting) => waiting,
            Err(error) => {
                tracing::warn!(bot = %held.id(), %error, "waiting updates could not be read");
                pause(PAUSE, &mut stopped).await;
                continue;
            }
        };
        if waiting.is_empty() {
            tokio::select! {
                () = held.came.notified() => {}
                _ = stopped.wait_for(|stopped| *stopped) => {}
            }
            continue;
        }
        if !take_all(room, held, waiting).await {
            pause(PAUSE, &mut stopped).await;
        }
    }
}

/// False when some of them wait still.
async fn take_all(room: &Arc<Room>, held: &Arc<Held>, waiting: Vec<RawUpdate>) -> bool {
    // In the order of arrival, within each chat.
    let mut order: Vec<Vec<Update>> = Vec::new();
    let mut place: HashMap<convert::ChatKey, usize> = HashMap::new();
    for raw in &waiting {
        let update = convert::convert_body(&held.me, raw.update_id, &raw.body);
        match &update.chat {
            Some(chat) => {
                let at = *place.entry(chat.clone()).or_insert(order.len());
                match order.get_mut(at) {
                    Some(updates) => updates.push(update),
                    None => order.push(vec![update]),
                }
            }
            None => order.push(vec![update]),
        }
    }
    futures_util::stream::iter(order)
        .map(|updates| take_in_order(room, held, updates))
        .buffer_unordered(CHATS_AT_ONCE)
        .fold(true, |all, taken| async move { all && taken })
        .await
}

async fn take_in_order(room: &Arc<Room>, held: &Arc<Held>, updates: Vec<Update>) -> bool {
    let mut stopped = held.stopped.clone();
    for update in updates {
        if *stopped.borrow_and_update() {
            return false;
        }
        let id = update.update_id;
        let taken = take(room, held, update).await;
        let Err(error) = taken else { continue };
        // The same code also says that what the update is about is gone: who holds the bot is asked then.
        let is_lost = held.is_lost(&error)
            && held
                .app
                .renew_bot(&held.lease, BOT_LEASE_SECONDS)
                .await
                .is_err();
        if is_lost || is_passing(error.code) {
            tracing::warn!(bot = %held.id(), update = id, %error, "an update waits: it could not be taken");
            return false;
        }
        // It will never go better: a person finds it with the doctor, and what comes behind it is not held up.
        tracing::error!(bot = %held.id(), update = id, %error, "an update could not be taken");
        let kept = held
            .app
            .unreadable_update(&held.lease, id, error.code.as_str())
            .await;
        if kept.is_err() {
            return false;
        }
    }
    true
}

/// True when the same may go well later.
fn is_passing(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::Busy | ErrorCode::Full | ErrorCode::Damaged | ErrorCode::Internal
    )
}

async fn take(room: &Arc<Room>, held: &Arc<Held>, update: Update) -> Result<()> {
    let (app, lease, id) = (&held.app, &held.lease, update.update_id);
    match update.what {
        // The owner of a connected account answers a draft in their own chat with the bot: the app knows them.
        What::Message(written) if is_private_reply(&written) => {
            let said = StaffSaid {
                written: *written,
                is_edit: false,
            };
            staff_said(room, held, id, said).await
        }
        What::Message(written) => receive(room, held, id, *written).await,
        What::Edited(written) => {
            app.edit_update(lease, id, edited(&written)).await?;
            Ok(())
        }
        What::Staff(said) => staff_said(room, held, id, *said).await,
        What::Press(pressed) => press(held, id, pressed).await,
        What::Membership(membership) => member(held, id, &membership).await,
        What::Migrated { from, to } => {
            room.desk.migrate(held.id(), from, to);
            app.migrate_update(lease, id, from, to).await?;
            held.moved(from);
            Ok(())
        }
        What::Topic { .. } => app.ignore_update(lease, id, "topic").await,
        What::Business(connection) => {
            let connection = BusinessConnection {
                connection: connection.id,
                owner: connection.owner.id,
                owner_chat: connection.owner_chat,
                can_reply: connection.can_reply,
                is_enabled: connection.is_enabled,
            };
            app.business_update(lease, id, connection).await
        }
        What::BusinessMessage { by, written } => match by {
            BusinessAuthor::Customer => receive(room, held, id, *written).await,
            BusinessAuthor::Owner => {
                let letter = written.letter;
                let message = OwnerMessage {
                    address: letter.address,
                    by: letter.sender,
                    remote_id: letter.remote_id,
                    text: written.text,
                };
                app.owner_update(lease, id, message).await
            }
            // Our own words, another bot's, or Telegram's greeting: whoever answers them answers a machine.
            BusinessAuthor::Bot | BusinessAuthor::Offline => {
                app.ignore_update(lease, id, "not the customer").await
            }
        },
        What::BusinessEdited { by, written } => match by {
            BusinessAuthor::Customer => {
                app.edit_update(lease, id, edited(&written)).await?;
                Ok(())
            }
            _ => app.ignore_update(lease, id, "not the customer").await,
        },
        What::BusinessDeleted { .. } => app.ignore_update(lease, id, "deleted").await,
        What::Reaction {
            chat,
            remote_id,
            rating,
            ..
        } => match rating {
            Some(rating) => app.rate_update(lease, id, chat, remote_id, rating).await,
            None => app.ignore_update(lease, id, "no rating").await,
        },
        What::DraftStopped { chat, draft_id } => {
            room.previews.stop(app, held.id(), chat, draft_id).await?;
            app.ignore_update(lease, id, "stopped").await
        }
        What::Ignored(reason) => app.ignore_update(lease, id, &reason.told()).await,
        What::Unreadable(unreadable) => unreadable_came(held, id, unreadable).await,
    }
}

/// A customer's message.
async fn receive(room: &Arc<Room>, held: &Arc<Held>, id: i64, written: Written) -> Result<()> {
    let address = written.letter.address.clone();
    let Some(text) = said::for_the_assistant(held, &written) else {
        return held.app.ignore_update(&held.lease, id, "command").await;
    };
    let incoming = Incoming {
        text,
        ..written.incoming(held.lease.bot.assistant_id)
    };
    let received = held.app.receive_update(&held.lease, id, incoming).await?;
    if !received.dropped && !received.silent {
        stream::watch(room, held, received.conversation_id, address);
    }
    Ok(())
}

fn is_private_reply(written: &Written) -> bool {
    let letter = &written.letter;
    letter.address.kind == ChatKind::Private && letter.reply_to.is_some()
}

fn edited(written: &Written) -> Edited {
    let letter = &written.letter;
    Edited {
        chat: letter.address.chat,
        business: letter.address.business.clone(),
        remote_id: letter.remote_id,
        text: written.text.clone(),
    }
}

async fn staff_said(room: &Arc<Room>, held: &Arc<Held>, id: i64, said: StaffSaid) -> Result<()> {
    let letter = &said.written.letter;
    if said.is_edit {
        held.app
            .edit_update(&held.lease, id, edited(&said.written))
            .await?;
        return Ok(());
    }
    let mut message = StaffMessage {
        chat: letter.address.chat,
        thread: letter.address.thread,
        remote_id: letter.remote_id,
        reply_to: letter.reply_to,
        by: letter.sender.clone(),
        is_admin: false,
        text: said.written.text.clone(),
        has_more: !letter.attachments.is_empty(),
    };
    if message.needs_admin() {
        message.is_admin = console::is_admin(held, message.chat, message.by.id).await;
    }
    let (chat, thread) = (message.chat, message.thread);
    match held.app.staff_update(&held.lease, id, message).await? {
        Staff::Done => Ok(()),
        Staff::Told(words) => {
            said::tell(held, chat, thread, &words);
            Ok(())
        }
        Staff::NotStaff => receive(room, held, id, said.written).await,
    }
}

/// A button. Whoever pressed it is answered at once, even when the press is too old to be (T13).
async fn press(held: &Arc<Held>, id: i64, pressed: Pressed) -> Result<()> {
    let press = keyboard::press_of(&pressed.data);
    let (Some(press), Some(chat)) = (press, pressed.chat) else {
        said::answer_press(held, &pressed, Reaction::default());
        return held
            .app
            .ignore_update(&held.lease, id, "no button of ours")
            .await;
    };
    let ours = PressedHere {
        press,
        by: pressed.by.clone(),
        chat,
        remote_id: pressed.remote_id.unwrap_or_default(),
    };
    let reaction = held.app.press_update(&held.lease, id, ours).await;
    match reaction {
        Ok(reaction) => {
            said::answer_press(held, &pressed, reaction);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

async fn member(held: &Arc<Held>, id: i64, membership: &Membership) -> Result<()> {
    let reach = match membership.change {
        MembershipChange::Blocked | MembershipChange::LeftGroup => Reach::Lost,
        MembershipChange::Unblocked => Reach::Back,
        MembershipChange::InGroup { is_muted, .. } => match is_muted {
            true => Reach::Lost,
            false => Reach::Back,
        },
    };
    held.app
        .blocked_update(&held.lease, id, membership.chat, reach)
        .await
}

/// What could be read of it goes on as a message, so that a person sees it; where nothing could, the doctor shows
/// it.
async fn unreadable_came(held: &Arc<Held>, id: i64, unreadable: Unreadable) -> Result<()> {
    let Unreadable {
        kind,
        chat: Some(chat),
        thread,
        business,
        remote_id: Some(remote_id),
        sender: Some(sender),
        text,
    } = unreadable
    else {
        return held
            .app
            .unreadable_update(&held.lease, id, "nobody knows who wrote it")
            .await;
    };
    let kind_of_chat = match (business.is_empty(), chat < 0) {
        (false, _) => ChatKind::Business,
        (true, true) => ChatKind::Group,
        (true, false) => ChatKind::Private,
    };
    let text = match text.is_empty() {
        true => format!("[{kind}]"),
        false => text,
    };
    let letter = Letter {
        address: Address {
            bot_id: held.id(),
            chat,
            thread,
            business,
            kind: kind_of_chat,
        },
        sender,
        remote_id,
        sent_at: held.app.now_and(Duration::ZERO),
        reply_to: None,
        quoted: String::new(),
        album: String::new(),
        attachments: Vec::new(),
    };
    let written = Written {
        text,
        call: None,
        letter,
        forwarded_from: String::new(),
        edited_at: None,
        is_from_offline: false,
    };
    let incoming = written.incoming(held.lease.bot.assistant_id);
    held.app.receive_update(&held.lease, id, incoming).await?;
    Ok(())
}

async fn pause(time: Duration, stopped: &mut tokio::sync::watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
}
