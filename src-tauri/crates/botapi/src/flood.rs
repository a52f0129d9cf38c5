//! How much a bot may say (T8, T9): budgets per chat, shared by messages, edits and new topics.

use std::collections::VecDeque;

/// What the server lets through. The real limits are unpublished and flexible (T9); these are what is known
/// of them, and the strict reading where it is not known.
#[derive(Debug, Clone, Copy)]
pub struct Budgets {
    /// Messages and edits a private chat takes at once.
    pub private_burst: u32,
    /// And how many more each minute: one a second (Bots FAQ).
    pub private_per_minute: u32,
    /// Messages and edits of a bot in a group in 60 s; all its topics share them (td#1834).
    pub group_per_minute: u32,
    /// Drafts in a private chat in 60 s.
    pub drafts_per_minute: u32,
    /// `sendChatAction` in 5 s (T12, reports).
    pub actions_per_5s: u32,
}

impl Default for Budgets {
    fn default() -> Self {
        Budgets {
            private_burst: 20,
            private_per_minute: 60,
            group_per_minute: 20,
            drafts_per_minute: 90,
            actions_per_5s: 20,
        }
    }
}

impl Budgets {
    /// Everything passes: for measurements that are not about limits.
    pub fn unlimited() -> Budgets {
        Budgets {
            private_burst: u32::MAX,
            private_per_minute: u32::MAX,
            group_per_minute: u32::MAX,
            drafts_per_minute: u32::MAX,
            actions_per_5s: u32::MAX,
        }
    }
}

/// What is counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spend {
    /// So many messages, edits or topics.
    Messages(u32),
    Draft,
    Action,
}

/// One bot's spending in one place.
#[derive(Debug, Default)]
pub(crate) struct Purse {
    messages: VecDeque<i64>,
    drafts: VecDeque<i64>,
    actions: VecDeque<i64>,
}

impl Purse {
    /// Spends, or says how many seconds to wait.
    pub fn spend(
        &mut self,
        budgets: &Budgets,
        group: bool,
        what: Spend,
        now_ms: i64,
    ) -> Result<(), u32> {
        let (spent, most, within_ms, times) = match what {
            Spend::Messages(times) if group => {
                (&mut self.messages, budgets.group_per_minute, 60_000, times)
            }
            Spend::Messages(times) => {
                // A bucket of `burst` that fills at the minute's rate is a window of the time it takes to fill.
                let within = i64::from(budgets.private_burst) * 60_000
                    / i64::from(budgets.private_per_minute.max(1));
                (&mut self.messages, budgets.private_burst, within, times)
            }
            Spend::Draft => (&mut self.drafts, budgets.drafts_per_minute, 60_000, 1),
            Spend::Action => (&mut self.actions, budgets.actions_per_5s, 5_000, 1),
        };
        if most == u32::MAX {
            return Ok(());
        }
        while spent
            .front()
            .is_some_and(|first| *first <= now_ms - within_ms)
        {
            spent.pop_front();
        }
        let most = most as usize;
        let wanted = (times as usize).min(most);
        if spent.len() + wanted > most {
            let frees = spent[spent.len() + wanted - most - 1] + within_ms;
            let seconds = (frees - now_ms + 999) / 1000;
            return Err(u32::try_from(seconds.max(1)).unwrap_or(u32::MAX));
        }
        spent.extend(std::iter::repeat_n(now_ms, wanted));
        Ok(())
    }
}
