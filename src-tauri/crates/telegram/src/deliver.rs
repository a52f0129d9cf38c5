//! The one who delivers, for all bots and chats: takes what is due from the outbox, keeps to the budgets, and says
//! what became of it.
//!
//! A part that was taken is never sent again; one of which nobody knows is sent once more, marked, and never a third
//! time (T24); a wait that Telegram asks for is kept for that bot and chat while others go on (T8). Not here: what
//! the parts are (`parts`), topics of the staff group (`console`).

use std::sync::Arc;
use std::time::Duration;

use app::bots::deliver::Delivery;
use app::bots::held::Console;
use app::error::Result;
use domain::conversation::ChannelKind;
use domain::delivery::{ChatKind, Outgoing, Place, Sent};
use domain::event::Topic;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::backoff::Backoff;
use crate::budget::Kind;
use crate::client::CallError;
use crate::console::{self, Place as TopicPlace};
use crate::parts::{self, Part, Target};
use crate::runner::{Held, Room};
use crate::trouble::Cause;

/// Deliveries that are being sent at once.
const AT_ONCE: usize = 64;
/// Longest time between two looks when nothing hints at something.
const LOOK_AGAIN: Duration = Duration::from_secs(20);
/// How long what is due and cannot be had waits.
const SHORT: Duration = Duration::from_millis(200);
/// A wait of the budget up to this is waited for in place.
const IN_PLACE: Duration = Duration::from_millis(300);
/// How long a delivery waits whose bot does not work.
const BOT_AWAY: Duration = Duration::from_secs(60);
/// After so long nobody expects it any more: it fails, and operators see that.
const TOO_OLD_SECONDS: i64 = 24 * 3_600;
/// How often a topic that is gone is made anew for one delivery.
const TOPICS: u32 = 3;
/// Numbers below zero stand for parts whose number nobody knows: taken perhaps ...
const UNKNOWN: i64 = -1;
/// ... or never sent, because nothing reaches that operator.
const NOBODY: i64 = -1_000_000;

/// Delivers until it is to end; what is being sent then is finished.
pub(crate) async fn run(room: Arc<Room>, mut stopped: watch::Receiver<bool>) {
    let mut sending = JoinSet::new();
    let mut hints = room.app.hints();
    while !*stopped.borrow_and_update() {
        let until = match take(&room, &mut sending).await {
            Ok(until) => until,
            Err(error) => {
                tracing::warn!(%error, "what is to be delivered could not be looked for");
                Duration::from_secs(1)
            }
        };
        tokio::select! {
            // A place is free, or the next of that conversation may go.
            _ = sending.join_next(), if !sending.is_empty() => {}
            () = hinted(&mut hints) => {}
            () = tokio::time::sleep(until) => {}
            _ = stopped.changed() => {}
        }
    }
    while sending.join_next().await.is_some() {}
}

/// Takes what is due as far as there is room, and says how long to wait for more.
async fn take(room: &Arc<Room>, sending: &mut JoinSet<()>) -> Result<Duration> {
    while sending.try_join_next().is_some() {}
    let bots = room.ids();
    let free = AT_ONCE.saturating_sub(sending.len());
    if bots.is_empty() || free == 0 {
        return Ok(LOOK_AGAIN);
    }
    let limit = u32::try_from(free).unwrap_or(u32::MAX);
    let due = room
        .app
        .lease_outgoing(ChannelKind::Telegram, Some(&bots), limit)
        .await?;
    let taken = due.len();
    for delivery in due {
        sending.spawn(deliver(Arc::clone(room), delivery));
    }
    if taken == free {
        return Ok(LOOK_AGAIN);
    }
    let next = room
        .app
        .next_outgoing_at(ChannelKind::Telegram, Some(&bots))
        .await?;
    Ok(next.map_or(LOOK_AGAIN, |next| {
        let wait = next.milliseconds_since(room.app.now_and(Duration::ZERO));
        match u64::try_from(wait).unwrap_or_default() {
            // It is due and was not to be had: not again at once.
            0 if taken == 0 => SHORT,
            wait => Duration::from_millis(wait.max(1)).min(LOOK_AGAIN),
        }
    }))
}

async fn hinted(hints: &mut tokio::sync::broadcast::Receiver<store::Changed>) {
    loop {
        match hints.recv().await {
            Ok(changed) if changed.topics.contains(&Topic::Conversation) => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// What became of a delivery.
enum Became {
    /// All of it was taken; the last part is still to be kept.
    Sent(Option<Sent>),
    /// Not yet, and it is no attempt.
    Later(Duration),
    /// An attempt that certainly did not arrive.
    Again(String),
    /// An attempt that may have arrived: once more.
    Once(String),
    /// It is not known whether all of it arrived.
    Uncertain(String),
    /// It will not arrive.
    Failed(String),
}

async fn deliver(room: Arc<Room>, delivery: Delivery) {
    let outgoing = &delivery.outgoing;
    let became = match room.held(outgoing.address.bot_id) {
        Some(held) => {
            if outgoing.place == Place::Customer {
                // Nothing of a preview may come behind the answer.
                room.previews.end(outgoing.conversation_id).await;
            }
            send(&room, &held, &delivery).await
        }
        None => Ok(Became::Later(BOT_AWAY)),
    };
    let kept = match became {
        Ok(became) => keep(&room, outgoing, became).await,
        Err(error) => Err(error),
    };
    if let Err(error) = kept {
        // It is sent again at the next start, behind the parts that were kept.
        tracing::warn!(outgoing = %outgoing.id, %error, "what became of a delivery could not be kept");
    }
}

async fn keep(room: &Room, outgoing: &Outgoing, became: Became) -> Result<()> {
    let app = &room.app;
    match became {
        Became::Sent(last) => app.outgoing_sent(outgoing, last).await,
        Became::Later(wait) => {
            let at = app.now_and(wait.max(Duration::from_millis(1)));
            app.outgoing_later(outgoing, at).await
        }
        Became::Again(reason) => {
            let age = app
                .now_and(Duration::ZERO)
                .milliseconds_since(outgoing.queued_at);
            if age > TOO_OLD_SECONDS * 1_000 {
                return app.outgoing_failed(outgoing, &reason).await;
            }
            let wait = Backoff::NETWORK.delay_ms(outgoing.attempts, rand::random());
            let at = app.now_and(Duration::from_millis(wait.unwrap_or_default()));
            app.outgoing_retry(outgoing, at, &reason, false).await
        }
        Became::Once(reason) => {
            let wait = Backoff::NETWORK.first_ms;
            let at = app.now_and(Duration::from_millis(wait));
            app.outgoing_retry(outgoing, at, &reason, true).await
        }
        Became::Uncertain(reason) => app.outgoing_uncertain(outgoing, &reason).await,
        Became::Failed(reason) => app.outgoing_failed(outgoing, &reason).await,
    }
}

#[derive(Deserialize)]
struct Taken {
    message_id: i64,
}

/// What one call became.
enum Called {
    Taken(i64),
    Stop(Became),
    /// The chat or topic is another now: from here on anew.
    Moved,
}

async fn send(room: &Room, held: &Held, delivery: &Delivery) -> Result<Became> {
    let parts = parts::parts(delivery);
    if parts.is_empty() {
        return Ok(Became::Failed("there is nothing to say".to_owned()));
    }
    let mut sending = Sending {
        room,
        held,
        delivery,
        done: delivery.outgoing.sent.clone(),
        may_repeat: delivery.outgoing.may_repeat,
    };
    for _ in 0..TOPICS {
        let targets = match targets(room, held, delivery).await? {
            Ok(targets) => targets,
            Err(became) => return Ok(became),
        };
        let mut calls = Vec::with_capacity(targets.len() * parts.len());
        for target in &targets {
            calls.extend(parts.iter().map(|part| (target.clone(), part.clone())));
        }
        if let Some(became) = sending.parts(&calls).await? {
            return Ok(became);
        }
    }
    Ok(Became::Again("the topic goes again and again".to_owned()))
}

/// A delivery on its way.
struct Sending<'a> {
    room: &'a Room,
    held: &'a Held,
    delivery: &'a Delivery,
    done: Vec<Sent>,
    may_repeat: bool,
}

impl Sending<'_> {
    /// Sends what is not sent yet; nothing when it goes elsewhere now.
    async fn parts(&mut self, calls: &[(Target, Part)]) -> Result<Option<Became>> {
        while let Some((target, part)) = calls.get(self.done.len()) {
            let number = i64::try_from(self.done.len()).unwrap_or(i64::MAX);
            let is_last = self.done.len() + 1 == calls.len();
            let remote_id = match self.call(target, part).await? {
                Called::Taken(remote_id) => remote_id,
                Called::Moved => return Ok(None),
                // It may stand there: the parts behind it are sent all the same.
                Called::Stop(Became::Uncertain(_)) if !is_last => UNKNOWN - number,
                Called::Stop(Became::Failed(_)) if is_one_of_many(self.delivery) => NOBODY - number,
                Called::Stop(became) => return Ok(Some(became)),
            };
            let sent = Sent {
                chat: target.chat,
                remote_id,
            };
            if is_last && !self.done.iter().chain([&sent]).any(is_unsure) {
                return Ok(Some(Became::Sent(Some(sent))));
            }
            let app = &self.room.app;
            app.outgoing_part(&self.delivery.outgoing, sent.clone())
                .await?;
            self.may_repeat = false;
            self.done.push(sent);
        }
        Ok(Some(match self.done.iter().any(is_unsure) {
            true => Became::Uncertain("a part of it may be missing".to_owned()),
            false => Became::Sent(None),
        }))
    }

    async fn call(&self, target: &Target, part: &Part) -> Result<Called> {
        let (room, held, delivery) = (self.room, self.held, self.delivery);
        let mut part = part.clone();
        let mut target = target.clone();
        // Each turn changes what was refused: entities, then the topic.
        for _ in 0..TOPICS {
            while let Some(wait) = room
                .desk
                .wait(held.id(), target.chat, target.kind, part.kind)
            {
                if wait > IN_PLACE {
                    return Ok(Called::Stop(Became::Later(wait)));
                }
                tokio::time::sleep(wait).await;
            }
            let error = match post(held, delivery, &target, &part).await {
                Ok(remote_id) => return Ok(Called::Taken(remote_id)),
                Err(error) => error,
            };
            let cause = match &error {
                CallError::NotSent { what } => {
                    return Ok(Called::Stop(Became::Again(what.clone())));
                }
                CallError::Uncertain { what } => {
                    return Ok(Called::Stop(match self.may_repeat {
                        true => Became::Uncertain(what.clone()),
                        false => Became::Once(what.clone()),
                    }));
                }
                CallError::Refused(failure) => failure.cause(),
            };
            match cause {
                Cause::CantParseEntities if part.parameters.contains_key("entities") => {
                    tracing::warn!(outgoing = %delivery.outgoing.id, "entities were refused: sent as plain text");
                    part = parts::plain(&part);
                }
                Cause::ThreadGone | Cause::ThreadClosed if target.thread != 0 => {
                    if delivery.outgoing.place == Place::Console {
                        console::lost(room, held, &target, &cause).await?;
                        return Ok(Called::Moved);
                    }
                    // The customer's topic is gone: the group itself is there.
                    target.thread = 0;
                }
                Cause::Migrated(to) => {
                    room.desk.migrate(held.id(), target.chat, to);
                    room.app.migrated(held.id(), target.chat, to).await?;
                    held.moved(target.chat);
                    return Ok(Called::Stop(Became::Later(Duration::ZERO)));
                }
                cause => return self.refused(&target, &part, cause, &error).await,
            }
        }
        Ok(Called::Stop(Became::Failed(
            "refused again and again".to_owned(),
        )))
    }

    async fn refused(
        &self,
        target: &Target,
        part: &Part,
        cause: Cause,
        error: &CallError,
    ) -> Result<Called> {
        let (room, id) = (self.room, self.held.id());
        let outgoing = &self.delivery.outgoing;
        let became = match cause {
            Cause::RetryAfter(seconds) => {
                room.desk.flood(id, target.chat, seconds);
                Became::Later(Duration::from_secs(u64::from(seconds)))
            }
            Cause::NotModified => return Ok(Called::Taken(edited(part))),
            // What is to be changed is gone: there is nothing left to do.
            Cause::MessageGone if part.kind == Kind::Edit => {
                return Ok(Called::Taken(edited(part)));
            }
            Cause::Unauthorized | Cause::NotFoundToken => Became::Later(BOT_AWAY),
            cause if cause.is_unreachable() => {
                if outgoing.place == Place::Customer {
                    room.app.unreachable(id, target.chat).await?;
                }
                Became::Failed(error.to_string())
            }
            _ => {
                tracing::warn!(outgoing = %outgoing.id, %error, "a delivery was refused");
                Became::Failed(error.to_string())
            }
        };
        Ok(Called::Stop(became))
    }
}

/// True for a part of which nobody knows whether it was taken.
fn is_unsure(sent: &Sent) -> bool {
    sent.remote_id < 0 && sent.remote_id > NOBODY
}

/// True when it goes to several operators: that one of them cannot be reached is no failure.
fn is_one_of_many(delivery: &Delivery) -> bool {
    delivery.outgoing.place == Place::Console
        && matches!(&delivery.console, Console::Private(operators) if operators.len() > 1)
}

/// Where it goes.
async fn targets(
    room: &Room,
    held: &Held,
    delivery: &Delivery,
) -> Result<std::result::Result<Vec<Target>, Became>> {
    let address = &delivery.outgoing.address;
    if delivery.outgoing.place == Place::Customer {
        return Ok(Ok(vec![Target {
            chat: address.chat,
            thread: address.thread,
            business: address.business.clone(),
            kind: address.kind,
        }]));
    }
    match &delivery.console {
        Console::Nowhere => Ok(Err(Became::Failed(
            "there is nowhere to reach operators".to_owned(),
        ))),
        Console::Private(operators) => Ok(Ok(operators
            .iter()
            .map(|operator| Target {
                chat: *operator,
                thread: 0,
                business: String::new(),
                kind: ChatKind::Private,
            })
            .collect())),
        Console::Group { .. } => {
            let found = console::topic(room, held, delivery).await?;
            Ok(match found {
                TopicPlace::In { chat, thread } => Ok(vec![Target {
                    chat,
                    thread,
                    business: String::new(),
                    kind: ChatKind::Group,
                }]),
                TopicPlace::Wait(wait) => Err(Became::Later(wait)),
                TopicPlace::Failed(CallError::NotSent { what }) => Err(Became::Again(what)),
                TopicPlace::Failed(CallError::Uncertain { what }) => Err(Became::Again(what)),
                TopicPlace::Failed(CallError::Refused(failure)) => {
                    Err(Became::Failed(failure.description))
                }
            })
        }
    }
}

async fn post(
    held: &Held,
    delivery: &Delivery,
    target: &Target,
    part: &Part,
) -> std::result::Result<i64, CallError> {
    let parameters = parts::at(part, target);
    let Some(field) = part.file else {
        let taken: Value = held.line.call(part.method, &parameters).await?;
        let known = Taken::deserialize(&taken).map(|taken| taken.message_id);
        return Ok(known.unwrap_or_else(|_| edited(part)));
    };
    let Some((attachment, path)) = &delivery.file else {
        return Err(nothing("the file is not kept any more"));
    };
    let path = path.clone();
    let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
    let Ok(Ok(bytes)) = read else {
        return Err(nothing("the file cannot be read"));
    };
    let name = match attachment.name.as_str() {
        "" => "file".to_owned(),
        name => name.to_owned(),
    };
    let mut fields = Vec::with_capacity(parameters.len());
    for (name, value) in parameters {
        match value {
            Value::String(text) => fields.push((name, text)),
            other => fields.push((name, other.to_string())),
        }
    }
    let taken: Taken = held
        .line
        .send_file(part.method, fields, (field, name, bytes))
        .await?;
    Ok(taken.message_id)
}

fn nothing(what: &str) -> CallError {
    CallError::Refused(crate::trouble::Failure {
        status: 400,
        description: what.to_owned(),
        ..Default::default()
    })
}

/// The number of the message that an edit changes.
fn edited(part: &Part) -> i64 {
    part.parameters
        .get("message_id")
        .and_then(Value::as_i64)
        .unwrap_or_default()
}
