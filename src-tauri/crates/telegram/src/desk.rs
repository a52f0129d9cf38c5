//! The budgets of all bots and chats, by this process's own steady clock: whoever sends asks here first.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::delivery::ChatKind;
use domain::id::BotId;
use tokio::time::Instant;

use crate::budget::{Budgets, Kind, Verdict};

/// Chats whose budget is remembered.
const CHATS: usize = 100_000;

/// What may be sent now.
pub(crate) struct Desk {
    began: Instant,
    budgets: Mutex<Budgets>,
}

impl Default for Desk {
    fn default() -> Self {
        Desk {
            began: Instant::now(),
            budgets: Mutex::new(Budgets::new(CHATS)),
        }
    }
}

impl Desk {
    /// Nothing when it may be sent now, and then it counts as sent; else how long to wait.
    pub(crate) fn wait(
        &self,
        bot: BotId,
        chat: i64,
        place: ChatKind,
        kind: Kind,
    ) -> Option<Duration> {
        let now = self.now();
        match self.budgets().may(bot, chat, place, kind, now) {
            Verdict::Now => None,
            Verdict::WaitUntil(until) => Some(Duration::from_millis(until.saturating_sub(now))),
        }
    }

    /// Telegram asked to wait.
    pub(crate) fn flood(&self, bot: BotId, chat: i64, seconds: u32) {
        let now = self.now();
        self.budgets().flood(bot, Some(chat), seconds, now);
    }

    /// A group has another id.
    pub(crate) fn migrate(&self, bot: BotId, from: i64, to: i64) {
        self.budgets().migrate(bot, from, to);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn budgets(&self) -> MutexGuard<'_, Budgets> {
        self.budgets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
