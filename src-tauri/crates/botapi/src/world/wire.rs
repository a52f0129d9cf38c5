//! A bot's calls: token, faults, the check against the description, the method, the journal; and webhooks.

use serde_json::{Value, json};
use tokio::sync::watch;

use crate::failure::Failure;
use crate::fault::{About, Trouble};
use crate::file;
use crate::id::BotId;
use crate::journal::Call;
use crate::method::updates::{self, Start};
use crate::method::{self, Request};
use crate::parameters::Parameters;
use crate::state::State;

use super::World;

/// What comes back for a call.
#[derive(Debug, Clone)]
pub struct WireAnswer {
    /// The HTTP status; 0 where the connection goes instead.
    pub status: u16,
    /// The JSON of the answer; null where it is a gateway's text.
    pub body: Value,
    /// What was ordered for this call: the carrier acts on it.
    pub trouble: Option<Trouble>,
}

impl WireAnswer {
    /// The `result` of a call that was carried out; otherwise the whole answer.
    pub fn result(&self) -> Result<&Value, &Value> {
        match self.body.get("ok") {
            Some(Value::Bool(true)) => self.body.get("result").ok_or(&self.body),
            _ => Err(&self.body),
        }
    }
}

/// What a call leads to.
pub enum Reply {
    /// An answer, now.
    Answer(WireAnswer),
    /// A `getUpdates` that waits for something to happen (T4).
    Wait(PendingPoll),
}

/// A poll that waits. [`PendingPoll::ready`] says whether it is over; dropping it is hanging up.
pub struct PendingPoll {
    world: World,
    bot: BotId,
    token: String,
    number: u64,
    until_ms: i64,
    trouble: Option<Trouble>,
    wait: Wait,
    signal: watch::Receiver<u64>,
}

enum Wait {
    Updates {
        ticket: u64,
        offset: i64,
        limit: usize,
    },
    /// The server takes its time for repeated conflicts (T6).
    Failure(Failure),
}

/// A delivery to a webhook, for whoever carries it (A8). Tell the outcome to [`World::webhook_answered`].
#[derive(Debug, Clone, PartialEq)]
pub struct WebhookCall {
    /// Where to post it.
    pub url: String,
    /// The header `X-Telegram-Bot-Api-Secret-Token`; empty where none was set.
    pub secret_token: String,
    /// The update's number.
    pub update_id: i64,
    /// The body.
    pub body: Value,
}

/// How long after a refused delivery the next one follows (WebhookActor.h:75; it grows to 60 and more).
const WEBHOOK_AGAIN_MS: i64 = 1_000;

impl World {
    /// One call, up to its answer or to its wait. No clock runs here: whoever calls waits.
    pub fn call(&self, token: &str, method: &str, parameters: &Parameters) -> Reply {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let lower = method.to_lowercase();
        let known = method::account(&state, now_ms, token);
        let bot = known.as_ref().ok().copied();
        let chat = parameters.number_of("chat_id");
        let about = About {
            method: &lower,
            bot,
            chat,
        };
        let state_now = &mut *state;
        let trouble = state_now.orders.strike(&about, &mut state_now.random);
        let silence = (
            bot,
            parameters.text("chat_id"),
            chat.map_or(lower.clone(), |_| String::new()),
        );
        let silent_ms = state
            .silences
            .get(&silence)
            .map_or(0, |until| until - now_ms);
        let number = state.journal.add(Call {
            number: 0,
            at_ms: now_ms,
            bot,
            method: method.to_owned(),
            parameters: parameters.values().clone(),
            files: parameters
                .files()
                .iter()
                .map(|(_, file)| file.file_name.clone())
                .collect(),
            status: 0,
            answer: Value::Null,
            trouble: trouble.clone(),
            too_early: silent_ms > 0,
        });
        let instead = match &trouble {
            Some(Trouble::TooMany { retry_after }) => Some(Failure::too_many(*retry_after)),
            Some(Trouble::Refused { code, description }) => {
                Some(Failure::words(*code, description))
            }
            Some(Trouble::Gateway(status)) => {
                state.journal.answered(number, *status, &Value::Null);
                return Reply::Answer(WireAnswer {
                    status: *status,
                    body: Value::Null,
                    trouble,
                });
            }
            Some(Trouble::DropBefore) => {
                return Reply::Answer(WireAnswer {
                    status: 0,
                    body: Value::Null,
                    trouble,
                });
            }
            // Who does not wait is made to: the server goes on refusing until the time is over.
            _ if silent_ms > 0 => Some(Failure::too_many(seconds(silent_ms))),
            _ => None,
        };
        let outcome = match (instead, known) {
            (Some(failure), Ok(_)) => Err(failure),
            (_, Err(failure)) => Err(failure),
            (None, Ok(bot)) => {
                state.check(&lower, parameters);
                let mut changed = false;
                let mut request = Request {
                    state: &mut state,
                    now_ms,
                    bot,
                    parameters,
                    changed: &mut changed,
                };
                let outcome = match lower.as_str() {
                    "getupdates" => match updates::start(&mut request) {
                        Start::Answer(outcome) => outcome,
                        Start::Wait {
                            ticket,
                            offset,
                            limit,
                            until_ms,
                        } => {
                            let wait = Wait::Updates {
                                ticket,
                                offset,
                                limit,
                            };
                            return self.wait(&state, bot, token, number, until_ms, trouble, wait);
                        }
                        Start::Conflict { failure, until_ms } => {
                            let wait = Wait::Failure(failure);
                            return self.wait(&state, bot, token, number, until_ms, trouble, wait);
                        }
                    },
                    _ => method::run(&mut request, &lower),
                };
                if changed {
                    self.changed();
                }
                outcome
            }
        };
        if let Err(failure) = &outcome
            && failure.code == 429
            && silent_ms <= 0
        {
            let seconds = failure
                .parameters
                .get("retry_after")
                .and_then(Value::as_i64);
            let until_ms = now_ms + seconds.unwrap_or(0) * 1000;
            state.be_silent(now_ms, silence, until_ms);
        }
        Reply::Answer(answered(&mut state, number, outcome, trouble))
    }

    /// One call to its end, waiting where it waits: what the server does, and what a simulator in the same
    /// process can do without a server.
    pub async fn call_and_wait(
        &self,
        token: &str,
        method: &str,
        parameters: &Parameters,
    ) -> WireAnswer {
        let mut poll = match self.call(token, method, parameters) {
            Reply::Answer(answer) => return answer,
            Reply::Wait(poll) => poll,
        };
        loop {
            if let Some(answer) = poll.ready() {
                return answer;
            }
            poll.something().await;
        }
    }

    /// The bytes behind a file's link, if the link is still good: it is for an hour after `getFile` (T18).
    pub fn download(&self, token: &str, path: &str) -> Option<Vec<u8>> {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let bot = method::account(&state, now_ms, token).ok()?;
        let (number, size) = file::parse_path(path)?;
        let until_ms = state.links.get(&(bot, path.to_owned())).copied()?;
        if until_ms <= now_ms {
            state.links.remove(&(bot, path.to_owned()));
            return None;
        }
        let stored = state.files.get(number)?;
        let most = usize::try_from(file::size_of(stored, size)).unwrap_or(usize::MAX);
        Some(stored.bytes.iter().copied().take(most).collect())
    }

    /// The next update to be delivered to the bot's webhook, if it is time (A8).
    pub fn webhook_call(&self, bot: BotId) -> Option<WebhookCall> {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let account = state.bots.get_mut(&bot)?;
        let webhook = account.webhook.clone()?;
        if webhook.next_try_ms > now_ms {
            return None;
        }
        let (update_id, body) = account.queue.first(now_ms)?;
        Some(WebhookCall {
            url: webhook.url,
            secret_token: webhook.secret,
            update_id,
            body,
        })
    }

    /// What the webhook answered. Only 2xx confirms the update; others are delivered again (A8).
    pub fn webhook_answered(&self, bot: BotId, update_id: i64, status: u16) {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let Some(account) = state.bots.get_mut(&bot) else {
            return;
        };
        if (200..300).contains(&status) {
            account.queue.remove(update_id);
            return;
        }
        if let Some(webhook) = &mut account.webhook {
            let words = format!("Wrong response from the webhook: {status}");
            webhook.last_error = Some((now_ms, words));
            webhook.next_try_ms = now_ms + WEBHOOK_AGAIN_MS;
        }
    }

    /// Queues an update as it is: kinds nobody knows yet, fields no parser can read. Kinds that are in no list
    /// of the bot's arrive too. Gives its number.
    pub fn push_raw(&self, bot: BotId, kind: &str, body: Value) -> Option<i64> {
        let now_ms = self.now_ms();
        let mut state = self.state();
        let random_id = i64::try_from(state.random.below(1_000_000_000)).unwrap_or(0) + 1;
        let account = state.bots.get_mut(&bot)?;
        let id = account.queue.push(now_ms, random_id, kind, body);
        account.signal.send_modify(|count| *count += 1);
        Some(id)
    }

    /// The bot's next update gets a number that is so much smaller (negative) or larger, as after a week of
    /// silence (T3). Gives the number.
    pub fn jump_update_id(&self, bot: BotId, by: i64) -> Option<i64> {
        let mut state = self.state();
        let queue = &mut state.bots.get_mut(&bot)?.queue;
        queue.jump_to(queue.next_id() + by);
        Some(queue.next_id())
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "all of them are what the poll is"
    )]
    fn wait(
        &self,
        state: &State,
        bot: BotId,
        token: &str,
        number: u64,
        until_ms: i64,
        trouble: Option<Trouble>,
        wait: Wait,
    ) -> Reply {
        let signal = match state.bots.get(&bot) {
            Some(account) => account.signal.subscribe(),
            None => watch::Sender::new(0).subscribe(),
        };
        Reply::Wait(PendingPoll {
            world: self.clone(),
            bot,
            token: token.to_owned(),
            number,
            until_ms,
            trouble,
            wait,
            signal,
        })
    }
}

impl PendingPoll {
    /// The answer, if the wait is over: something came, another poll took its place, the time is up.
    pub fn ready(&self) -> Option<WireAnswer> {
        let now_ms = self.world.now_ms();
        let mut state = self.world.state();
        let outcome = match &self.wait {
            Wait::Failure(failure) => (now_ms >= self.until_ms).then(|| Err(failure.clone()))?,
            Wait::Updates {
                ticket,
                offset,
                limit,
            } => match method::account(&state, now_ms, &self.token) {
                Err(failure) => Err(failure),
                Ok(bot) => {
                    let over = now_ms >= self.until_ms;
                    updates::go_on(&mut state, now_ms, bot, *ticket, *offset, *limit, over)?
                }
            },
        };
        let trouble = self.trouble.clone();
        Some(answered(&mut state, self.number, outcome, trouble))
    }

    /// Returns when it is worth asking [`PendingPoll::ready`] again.
    pub async fn something(&mut self) {
        let mut moves = self.world.time_moves();
        let left = self.until_ms - self.world.now_ms();
        let left = std::time::Duration::from_millis(u64::try_from(left).unwrap_or(0).max(1));
        tokio::select! {
            _ = self.signal.changed() => {}
            _ = moves.changed() => {}
            // Where the world's clock stands this is early, and the caller waits on.
            () = tokio::time::sleep(left) => {}
        }
    }
}

impl Drop for PendingPoll {
    fn drop(&mut self) {
        if let Wait::Updates { ticket, .. } = &self.wait {
            let mut state = self.world.state();
            if let Some(account) = state.bots.get_mut(&self.bot)
                && account.poll.ticket == *ticket
            {
                account.poll.waits = false;
            }
        }
    }
}

fn answered(
    state: &mut State,
    number: u64,
    outcome: Result<Value, Failure>,
    trouble: Option<Trouble>,
) -> WireAnswer {
    let (status, body) = match outcome {
        Ok(result) => (200, json!({"ok": true, "result": result})),
        Err(failure) => (failure.code, failure.body()),
    };
    state.journal.answered(number, status, &body);
    WireAnswer {
        status,
        body,
        trouble,
    }
}

fn seconds(ms: i64) -> u32 {
    u32::try_from((ms + 999) / 1000).unwrap_or(u32::MAX)
}
