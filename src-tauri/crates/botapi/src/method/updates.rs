//! `getUpdates` (T1 to T4, T6, T7).

use serde_json::{Value, json};

use crate::failure::{Failure, Outcome};
use crate::id::BotId;
use crate::state::State;

use super::Request;

/// Most seconds a poll waits (T4; Client.h LONG_POLL_MAX_TIMEOUT).
const MOST_WAIT_S: i64 = 50;
/// Polls of one offset within this wait at least as long (T4; Client.cpp:15709).
const SLOWED_MS: i64 = 3_000;
/// Within this they get one update only (T4).
const HASTY_MS: i64 = 500;
/// A second conflict within this is answered only after it (Client::fail_query_conflict).
const CONFLICT_MS: i64 = 3_000;

const OTHER_POLL: &str =
    "terminated by other getUpdates request; make sure that only one bot instance is running";
const WEBHOOK: &str = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";

/// How a poll begins.
pub(crate) enum Start {
    Answer(Outcome),
    Wait {
        ticket: u64,
        offset: i64,
        limit: usize,
        until_ms: i64,
    },
    Conflict {
        failure: Failure,
        until_ms: i64,
    },
}

pub(crate) fn start(request: &mut Request<'_>) -> Start {
    let now_ms = request.now_ms;
    let parameters = request.parameters;
    let allowed = parameters.json("allowed_updates", "allowed_updates");
    let account = match request.account() {
        Ok(account) => account,
        Err(failure) => return Start::Answer(Err(failure)),
    };
    if account.webhook.is_some() {
        let failure = Failure::conflict(WEBHOOK);
        if now_ms >= account.poll.next_conflict_ms {
            account.poll.next_conflict_ms = now_ms + CONFLICT_MS;
            return Start::Answer(Err(failure));
        }
        return Start::Conflict {
            failure,
            until_ms: now_ms + CONFLICT_MS,
        };
    }
    // The server remembers the list until another is given (T7). An empty list is the default one.
    if let Ok(Some(Value::Array(kinds))) = allowed {
        remember(&mut account.allowed, &kinds);
    }
    let offset = parameters.number("offset");
    let mut limit = parameters.number_of("limit").unwrap_or(100).clamp(1, 100);
    let mut timeout_ms = parameters.number("timeout").clamp(0, MOST_WAIT_S) * 1000;
    let poll = &mut account.poll;
    let since_ms = now_ms - poll.started_ms;
    if poll.started_ms > 0 && offset == poll.offset {
        if timeout_ms < SLOWED_MS && since_ms < SLOWED_MS {
            timeout_ms = SLOWED_MS;
        }
        if since_ms < HASTY_MS {
            limit = 1;
        }
    }
    poll.offset = offset;
    poll.started_ms = now_ms;
    // A new poll ends the one that still waits (T6).
    poll.ticket += 1;
    let other_waits = std::mem::replace(&mut poll.waits, false);
    let ticket = poll.ticket;
    if other_waits {
        account.signal.send_modify(|count| *count += 1);
    }
    let found = account.queue.take(now_ms, offset, limit);
    if !found.is_empty() || timeout_ms == 0 {
        return Start::Answer(Ok(Value::Array(found)));
    }
    account.poll.waits = true;
    Start::Wait {
        ticket,
        offset,
        limit,
        until_ms: now_ms + timeout_ms,
    }
}

/// Looks again for a poll that waits; `None` is to wait on.
pub(crate) fn go_on(
    state: &mut State,
    now_ms: i64,
    bot: BotId,
    ticket: u64,
    offset: i64,
    limit: usize,
    over: bool,
) -> Option<Outcome> {
    let Some(account) = state.bots.get_mut(&bot) else {
        return Some(Err(Failure::unauthorized()));
    };
    if account.poll.ticket != ticket {
        return Some(Err(Failure::conflict(OTHER_POLL)));
    }
    if account.webhook.is_some() {
        return Some(Err(Failure::conflict("terminated by setWebhook request")));
    }
    let found = account.queue.take(now_ms, offset, limit);
    if found.is_empty() && !over {
        return None;
    }
    account.poll.waits = false;
    Some(Ok(Value::Array(found)))
}

/// Takes a list of kinds over; an empty one is the default list.
pub(crate) fn remember(allowed: &mut Option<Vec<String>>, kinds: &[Value]) {
    let kinds = kinds.iter().filter_map(Value::as_str);
    let kinds: Vec<String> = kinds.map(str::to_owned).collect();
    *allowed = (!kinds.is_empty()).then_some(kinds);
}

/// How many wait, as `getWebhookInfo` tells.
pub(crate) fn pending(state: &mut State, now_ms: i64, bot: BotId) -> Value {
    let account = state.bots.get_mut(&bot);
    json!(account.map_or(0, |account| account.queue.len(now_ms)))
}
