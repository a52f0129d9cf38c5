//! A bot's updates, waiting to be fetched: numbers, confirmation, expiry (T1, T2, T3).

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

/// Updates live a day at Telegram (T2; Client.cpp:17053).
pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Callback, shipping and pre-checkout queries live 150 s (T2; Client.cpp:17155).
pub(crate) const QUERY_MS: i64 = 150 * 1000;
/// After a week of silence the next number is chosen at random (T3; Update.update_id).
const WEEK_MS: i64 = 7 * DAY_MS;
/// An offset further beyond the newest update than this is no offset of this queue (TQueue::get).
const AHEAD: i64 = 10;

#[derive(Debug, Clone)]
struct Waiting {
    id: i64,
    expires_ms: i64,
    kind: String,
    body: Value,
}

#[derive(Debug)]
pub(crate) struct Queue {
    waiting: VecDeque<Waiting>,
    next_id: i64,
    last_ms: i64,
    most: usize,
    /// Updates that went because the queue was full.
    pub overflowed: u64,
}

impl Queue {
    pub fn new(first_id: i64, now_ms: i64, most: usize) -> Queue {
        Queue {
            waiting: VecDeque::new(),
            next_id: first_id,
            last_ms: now_ms,
            most,
            overflowed: 0,
        }
    }

    /// Appends; `random_id` is taken where a week went by without any.
    pub fn push(&mut self, now_ms: i64, random_id: i64, kind: &str, body: Value) -> i64 {
        self.expire(now_ms);
        if self.waiting.is_empty() && now_ms - self.last_ms >= WEEK_MS {
            self.next_id = random_id;
        }
        let lives = match kind {
            "callback_query" | "shipping_query" | "pre_checkout_query" => QUERY_MS,
            _ => DAY_MS,
        };
        let id = self.next_id;
        self.waiting.push_back(Waiting {
            id,
            expires_ms: now_ms + lives,
            kind: kind.to_owned(),
            body,
        });
        self.next_id += 1;
        self.last_ms = now_ms;
        while self.waiting.len() > self.most {
            self.waiting.pop_front();
            self.overflowed += 1;
        }
        id
    }

    /// What waits from `offset` on. Everything before is confirmed and gone (T1).
    ///
    /// A negative offset counts from the end and deletes what is older (T1). An offset that is outside the
    /// queue is the queue's head (T3; Client.cpp:16346): nothing is confirmed by it.
    pub fn take(&mut self, now_ms: i64, offset: i64, limit: usize) -> Vec<Value> {
        self.expire(now_ms);
        if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let drop = self.waiting.len().saturating_sub(keep);
            self.waiting.drain(..drop);
        } else if offset <= self.next_id + AHEAD {
            while self.waiting.front().is_some_and(|first| first.id < offset) {
                self.waiting.pop_front();
            }
        }
        let taken = self.waiting.iter().take(limit);
        taken.map(Waiting::on_the_wire).collect()
    }

    /// The oldest that waits.
    pub fn first(&mut self, now_ms: i64) -> Option<(i64, Value)> {
        self.expire(now_ms);
        let first = self.waiting.front()?;
        Some((first.id, first.on_the_wire()))
    }

    /// Takes one out, wherever it stands.
    pub fn remove(&mut self, id: i64) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|waiting| waiting.id != id);
        before != self.waiting.len()
    }

    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    pub fn len(&mut self, now_ms: i64) -> usize {
        self.expire(now_ms);
        self.waiting.len()
    }

    /// The next update gets this number, as after a week of silence.
    pub fn jump_to(&mut self, id: i64) {
        self.next_id = id.max(1);
    }

    pub fn next_id(&self) -> i64 {
        self.next_id
    }

    fn expire(&mut self, now_ms: i64) {
        self.waiting.retain(|waiting| waiting.expires_ms > now_ms);
    }
}

impl Waiting {
    fn on_the_wire(&self) -> Value {
        let mut update = Map::new();
        update.insert("update_id".into(), json!(self.id));
        update.insert(self.kind.clone(), self.body.clone());
        Value::Object(update)
    }
}
