//! How much may be sent to a chat, and when.
//!
//! Telegram publishes no exact limits (telegram.md T9): a private chat bears about one message a second and a
//! burst; a group 20 calls a minute, which messages, edits and new topics of all its topics share. Edits get half
//! of it, so that a growing answer never keeps a real message waiting. Replies have no limit over all chats: that
//! one concerns bulk sending, which nobody here does. What Telegram itself asks for is obeyed for the bot or the
//! chat it was said of. Times are milliseconds of any steady clock. Not here: waiting, and the order of sending.

use std::collections::{HashMap, VecDeque};

use domain::delivery::ChatKind;
use domain::id::BotId;

/// Calls a minute to one group.
pub const GROUP_A_MINUTE: usize = 20;
/// Of these, edits.
pub const GROUP_EDITS_A_MINUTE: usize = 10;
/// Of these, new topics.
pub const GROUP_TOPICS_A_MINUTE: usize = 10;
/// Calls to a private chat that may come at once; one more each second.
pub const PRIVATE_BURST: u64 = 20;
/// Milliseconds between two drafts of a private chat.
pub const DRAFT_EVERY_MS: u64 = 1_000;
/// Milliseconds between two `typing` of a chat: 15 a minute.
pub const TYPING_EVERY_MS: u64 = 4_000;
/// The longest wait that is taken from an answer, in seconds: a day.
pub const MAX_RETRY_AFTER: u32 = 86_400;

const MINUTE_MS: u64 = 60_000;
/// Thousandths of a call: what a private chat's budget is counted in.
const ONE: u64 = 1_000;
/// How long a full book is kept before it is looked through again.
const SWEEP_EVERY_MS: u64 = 1_000;

/// What is to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A message of any kind.
    Send,
    /// A change of a message.
    Edit,
    /// A new topic.
    Topic,
    /// A draft of a private chat, as it grows.
    Draft,
    /// The sign that somebody is typing.
    Typing,
}

/// Whether it may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Yes; it is counted as sent.
    Now,
    /// Not before this moment, in milliseconds. Nothing is counted.
    WaitUntil(u64),
}

/// The budgets of all bots and chats. Holds no more chats than it was made for.
#[derive(Debug)]
pub struct Budgets {
    chats: HashMap<(BotId, i64), Chat>,
    bots: HashMap<BotId, u64>,
    capacity: usize,
    sweep_at: u64,
}

#[derive(Debug)]
struct Chat {
    /// Calls of the last minute to a group.
    calls: VecDeque<(u64, Kind)>,
    /// What is left for a private chat, in thousandths of a call, as of `filled_at`.
    left: u64,
    filled_at: u64,
    draft_at: Option<u64>,
    typing_at: Option<u64>,
    closed_until: u64,
    used_at: u64,
}

impl Budgets {
    /// Budgets of at most `capacity` chats (and as many bots) at a time.
    pub fn new(capacity: usize) -> Budgets {
        Budgets {
            chats: HashMap::new(),
            bots: HashMap::new(),
            capacity: capacity.max(1),
            sweep_at: 0,
        }
    }

    /// Whether `kind` may be sent to the chat now; when it may, it is counted.
    pub fn may(&mut self, bot: BotId, chat: i64, place: ChatKind, kind: Kind, now: u64) -> Verdict {
        if let Some(&until) = self.bots.get(&bot)
            && until > now
        {
            return Verdict::WaitUntil(until);
        }
        let Some(chat) = self.chat(bot, chat, now) else {
            return Verdict::WaitUntil(self.sweep_at);
        };
        if chat.closed_until > now {
            return Verdict::WaitUntil(chat.closed_until);
        }
        let free_at = match (kind, place) {
            (Kind::Typing, _) => chat.typing_at.map_or(0, |at| at + TYPING_EVERY_MS),
            (Kind::Draft, _) => chat.draft_at.map_or(0, |at| at + DRAFT_EVERY_MS),
            (_, ChatKind::Group) => chat.group_free_at(kind, now),
            (_, ChatKind::Private | ChatKind::Business) => chat.private_free_at(kind, now),
        };
        if free_at > now {
            return Verdict::WaitUntil(free_at);
        }
        chat.used_at = now;
        match (kind, place) {
            (Kind::Typing, _) => chat.typing_at = Some(now),
            (Kind::Draft, _) => chat.draft_at = Some(now),
            (_, ChatKind::Group) => chat.calls.push_back((now, kind)),
            (_, ChatKind::Private | ChatKind::Business) => chat.left -= ONE,
        }
        Verdict::Now
    }

    /// Telegram asked to wait `retry_after` seconds, for one chat or for the whole bot.
    pub fn flood(&mut self, bot: BotId, chat: Option<i64>, retry_after: u32, now: u64) {
        let until = now + u64::from(retry_after.clamp(1, MAX_RETRY_AFTER)) * 1_000;
        if let Some(chat) = chat
            && let Some(chat) = self.chat(bot, chat, now)
        {
            chat.closed_until = chat.closed_until.max(until);
            return;
        }
        // Of a bot, or of a chat that there is no room to remember.
        if self.bots.len() >= self.capacity {
            self.bots.retain(|_, until| *until > now);
        }
        if self.bots.len() < self.capacity || self.bots.contains_key(&bot) {
            let at = self.bots.entry(bot).or_default();
            *at = until.max(*at);
        }
    }

    /// A group has another id: what was counted goes with it.
    pub fn migrate(&mut self, bot: BotId, from: i64, to: i64) {
        if let Some(chat) = self.chats.remove(&(bot, from)) {
            self.chats.insert((bot, to), chat);
        }
    }

    /// How many chats are remembered.
    pub fn len(&self) -> usize {
        self.chats.len()
    }

    /// True when none is.
    pub fn is_empty(&self) -> bool {
        self.chats.is_empty()
    }

    fn chat(&mut self, bot: BotId, chat: i64, now: u64) -> Option<&mut Chat> {
        let key = (bot, chat);
        if self.chats.len() >= self.capacity && !self.chats.contains_key(&key) {
            if now >= self.sweep_at {
                self.chats.retain(|_, chat| !chat.is_forgettable(now));
                self.sweep_at = now + SWEEP_EVERY_MS;
            }
            if self.chats.len() >= self.capacity {
                return None;
            }
        }
        Some(self.chats.entry(key).or_insert_with(|| Chat {
            calls: VecDeque::new(),
            left: PRIVATE_BURST * ONE,
            filled_at: now,
            draft_at: None,
            typing_at: None,
            closed_until: 0,
            used_at: now,
        }))
    }
}

impl Chat {
    /// After a minute of silence nothing that was counted is in anybody's way.
    fn is_forgettable(&self, now: u64) -> bool {
        self.used_at + MINUTE_MS <= now && self.closed_until <= now
    }

    fn group_free_at(&mut self, kind: Kind, now: u64) -> u64 {
        while self
            .calls
            .front()
            .is_some_and(|(at, _)| at + MINUTE_MS <= now)
        {
            self.calls.pop_front();
        }
        let own = match kind {
            Kind::Edit => Some(GROUP_EDITS_A_MINUTE),
            Kind::Topic => Some(GROUP_TOPICS_A_MINUTE),
            Kind::Send | Kind::Draft | Kind::Typing => None,
        };
        let all = nth_last(self.calls.iter().map(|(at, _)| *at), GROUP_A_MINUTE);
        let same = own.and_then(|limit| {
            let same = self.calls.iter().filter(|(_, of)| *of == kind);
            nth_last(same.map(|(at, _)| *at), limit)
        });
        all.max(same).map_or(0, |at| at + MINUTE_MS)
    }

    fn private_free_at(&mut self, kind: Kind, now: u64) -> u64 {
        let passed = now.saturating_sub(self.filled_at);
        // One call a second is one thousandth of a call a millisecond.
        self.left = (self.left + passed).min(PRIVATE_BURST * ONE);
        self.filled_at = self.filled_at.max(now);
        let wanted = match kind {
            Kind::Edit => (PRIVATE_BURST / 2 + 1) * ONE,
            Kind::Send | Kind::Topic | Kind::Draft | Kind::Typing => ONE,
        };
        now + wanted.saturating_sub(self.left)
    }
}

/// The `n`-th last of some moments in order, when there are so many.
fn nth_last(moments: impl DoubleEndedIterator<Item = u64>, n: usize) -> Option<u64> {
    moments.rev().nth(n - 1)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::rounds::{Chance, rounds};

    const BOT: BotId = BotId(Uuid::from_u128(1));

    #[test]
    fn no_call_is_over_its_budget_in_a_million() {
        let mut chance = Chance::told();
        let mut budgets = Budgets::new(64);
        let places = [ChatKind::Private, ChatKind::Group, ChatKind::Business];
        let kinds = [
            Kind::Send,
            Kind::Edit,
            Kind::Topic,
            Kind::Typing,
            Kind::Draft,
        ];
        let mut sent: HashMap<i64, Vec<(u64, Kind)>> = HashMap::new();
        let mut now = 0;
        for _ in 0..rounds(50_000, 1_000_000) {
            now += chance.below(400);
            let chat = chance.below(6) as i64;
            let place = places[chat as usize % 3];
            let kind = kinds[chance.below(5) as usize];
            match budgets.may(BOT, chat, place, kind, now) {
                Verdict::WaitUntil(at) => assert!(at > now),
                Verdict::Now => {
                    let calls = sent.entry(chat).or_default();
                    calls.push((now, kind));
                    check(calls, place, now);
                }
            }
        }
    }

    /// Counts anew, without the budgets' own books.
    fn check(calls: &mut Vec<(u64, Kind)>, place: ChatKind, now: u64) {
        calls.retain(|(at, _)| at + MINUTE_MS > now);
        let count = |kinds: &[Kind]| calls.iter().filter(|(_, k)| kinds.contains(k)).count();
        let counted = [Kind::Send, Kind::Edit, Kind::Topic];
        assert!(count(&[Kind::Typing]) <= 15);
        assert!(count(&[Kind::Draft]) <= 60);
        if place == ChatKind::Group {
            assert!(count(&counted) <= 20);
            assert!(count(&[Kind::Edit]) <= 10);
            assert!(count(&[Kind::Topic]) <= 10);
            return;
        }
        let spent: Vec<u64> = calls
            .iter()
            .filter(|(_, kind)| counted.contains(kind))
            .map(|(at, _)| *at)
            .collect();
        for (number, from) in spent.iter().enumerate() {
            let since = spent.len() - number;
            assert!(since as u64 <= PRIVATE_BURST + (now - from) / 1_000);
        }
    }

    #[test]
    fn replies_at_300_a_second_to_300_chats_are_not_throttled() {
        let mut budgets = Budgets::new(1_000);
        for second in 0..60 {
            for chat in 0..300 {
                let now = second * 1_000 + chat as u64 * 3;
                let verdict = budgets.may(BOT, chat, ChatKind::Private, Kind::Send, now);
                assert_eq!(verdict, Verdict::Now);
            }
        }
    }

    #[test]
    fn the_wait_that_is_told_is_enough() {
        let mut budgets = Budgets::new(10);
        for place in [ChatKind::Private, ChatKind::Group] {
            let chat = place as i64;
            let mut now = 0;
            for _ in 0..200 {
                while let Verdict::WaitUntil(at) = budgets.may(BOT, chat, place, Kind::Edit, now) {
                    assert!(at > now);
                    now = at;
                }
            }
        }
    }

    #[test]
    fn edits_leave_half_of_a_group_to_messages() {
        let mut budgets = Budgets::new(10);
        let mut edits = 0;
        while budgets.may(BOT, 1, ChatKind::Group, Kind::Edit, 0) == Verdict::Now {
            edits += 1;
        }
        let mut sends = 0;
        while budgets.may(BOT, 1, ChatKind::Group, Kind::Send, 0) == Verdict::Now {
            sends += 1;
        }
        assert_eq!((edits, sends), (10, 10));
    }

    #[test]
    fn what_telegram_asks_for_holds_for_the_chat_or_the_bot_alone() {
        let mut budgets = Budgets::new(10);
        let other = BotId(Uuid::from_u128(2));
        budgets.flood(BOT, Some(1), 30, 0);
        let may = |budgets: &mut Budgets, bot, chat, now| {
            budgets.may(bot, chat, ChatKind::Private, Kind::Send, now)
        };
        assert_eq!(may(&mut budgets, BOT, 1, 1), Verdict::WaitUntil(30_000));
        // A shorter wait does not take back a longer one.
        budgets.flood(BOT, Some(1), 1, 1);
        assert_eq!(
            may(&mut budgets, BOT, 1, 29_999),
            Verdict::WaitUntil(30_000)
        );
        assert_eq!(may(&mut budgets, BOT, 2, 1), Verdict::Now);
        assert_eq!(may(&mut budgets, BOT, 1, 30_000), Verdict::Now);
        budgets.flood(BOT, None, 5, 30_000);
        assert_eq!(
            may(&mut budgets, BOT, 2, 30_001),
            Verdict::WaitUntil(35_000)
        );
        assert_eq!(may(&mut budgets, other, 2, 30_001), Verdict::Now);
    }

    #[test]
    fn idle_chats_are_forgotten_and_a_full_book_is_an_answer() {
        let mut budgets = Budgets::new(100);
        for chat in 0..100 {
            budgets.may(BOT, chat, ChatKind::Private, Kind::Send, 0);
        }
        let full = budgets.may(BOT, 100, ChatKind::Private, Kind::Send, 10);
        assert_eq!(full, Verdict::WaitUntil(1_010));
        assert_eq!(budgets.len(), 100);
        let later = budgets.may(BOT, 100, ChatKind::Private, Kind::Send, 60_000);
        assert_eq!(later, Verdict::Now);
        assert_eq!(budgets.len(), 1);
    }

    #[test]
    fn a_group_takes_its_count_along_when_it_migrates() {
        let mut budgets = Budgets::new(10);
        for _ in 0..20 {
            budgets.may(BOT, -1, ChatKind::Group, Kind::Send, 0);
        }
        budgets.migrate(BOT, -1, -100);
        let verdict = budgets.may(BOT, -100, ChatKind::Group, Kind::Send, 1);
        assert_eq!(verdict, Verdict::WaitUntil(60_000));
    }
}
