//! What bots asked for, newest last, within bounds.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use crate::fault::Trouble;
use crate::id::BotId;

/// One call of a bot, with its answer.
#[derive(Debug, Clone)]
pub struct Call {
    /// Counts all calls of the world from 1.
    pub number: u64,
    /// When it came, in milliseconds since 1970.
    pub at_ms: i64,
    /// Whose token it came with; none where the token is nobody's.
    pub bot: Option<BotId>,
    /// The method as the bot wrote it.
    pub method: String,
    /// What it gave; files by name only.
    pub parameters: Map<String, Value>,
    /// Names of the files that came along.
    pub files: Vec<String>,
    /// The status of the answer; 0 while it waits, or when the connection went instead.
    pub status: u16,
    /// The answer.
    pub answer: Value,
    /// What a test ordered for it.
    pub trouble: Option<Trouble>,
    /// It came while the bot was to wait because of an earlier 429 for the same chat (T8).
    pub too_early: bool,
}

impl Call {
    /// `chat_id`, where it has one that is a number.
    pub fn chat_id(&self) -> Option<i64> {
        match self.parameters.get("chat_id")? {
            Value::String(text) => text.parse().ok(),
            other => other.as_i64(),
        }
    }

    /// A parameter as text; empty where it is absent.
    pub fn text(&self, name: &str) -> String {
        match self.parameters.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }

    /// Whether it was carried out.
    pub fn ok(&self) -> bool {
        self.answer.get("ok") == Some(&Value::Bool(true))
    }
}

#[derive(Debug)]
pub(crate) struct Journal {
    calls: VecDeque<Call>,
    most: usize,
    pub total: u64,
    pub too_early: u64,
}

impl Journal {
    pub fn new(most: usize) -> Journal {
        Journal {
            calls: VecDeque::new(),
            most,
            total: 0,
            too_early: 0,
        }
    }

    pub fn add(&mut self, mut call: Call) -> u64 {
        self.total += 1;
        self.too_early += u64::from(call.too_early);
        call.number = self.total;
        self.calls.push_back(call);
        while self.calls.len() > self.most {
            self.calls.pop_front();
        }
        self.total
    }

    pub fn answered(&mut self, number: u64, status: u16, answer: &Value) {
        let first = self.calls.front().map_or(0, |call| call.number);
        let Some(place) = number.checked_sub(first) else {
            return;
        };
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        if let Some(call) = self.calls.get_mut(place) {
            call.status = status;
            call.answer = answer.clone();
        }
    }

    pub fn all(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter()
    }
}
