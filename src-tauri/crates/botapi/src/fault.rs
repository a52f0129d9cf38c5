//! What a test orders to go wrong, and when.

use crate::id::BotId;
use crate::random::Random;

/// What goes wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// 429; the caller is to wait so many seconds (T8). The call is not carried out.
    TooMany {
        /// Seconds.
        retry_after: u32,
    },
    /// A gateway's answer that is no JSON: 502, 504. The call is not carried out.
    Gateway(u16),
    /// An error of the Bot API in these words (`403`, `"Forbidden: user is deactivated"`).
    Refused {
        /// The status.
        code: u16,
        /// The sentence.
        description: String,
    },
    /// The connection goes before the call is read. The call is not carried out.
    DropBefore,
    /// The call is carried out and the connection goes before the answer (T24).
    DropAfter,
    /// The call is carried out and answered after so many milliseconds of the computer's own time.
    Slow {
        /// Milliseconds.
        ms: u64,
    },
    /// The call is carried out; the answer is broken JSON.
    Malformed,
}

/// An order for trouble: which calls, how often. Given to [`crate::World::order`].
#[derive(Debug, Clone)]
pub struct Fault {
    trouble: Trouble,
    method: Option<String>,
    bot: Option<BotId>,
    chat: Option<i64>,
    left: Option<u64>,
    skip: u64,
    share: f64,
}

impl Fault {
    /// The next call goes wrong this way. Narrow and widen it with the other methods.
    pub fn new(trouble: Trouble) -> Fault {
        Fault {
            trouble,
            method: None,
            bot: None,
            chat: None,
            left: Some(1),
            skip: 0,
            share: 1.0,
        }
    }

    /// Only calls of that method.
    #[must_use]
    pub fn on(mut self, method: &str) -> Fault {
        self.method = Some(method.to_lowercase());
        self
    }

    /// Only calls of that bot.
    #[must_use]
    pub fn of(mut self, bot: BotId) -> Fault {
        self.bot = Some(bot);
        self
    }

    /// Only calls about that chat (`chat_id`).
    #[must_use]
    pub fn in_chat(mut self, chat_id: i64) -> Fault {
        self.chat = Some(chat_id);
        self
    }

    /// So many calls.
    #[must_use]
    pub fn times(mut self, times: u64) -> Fault {
        self.left = Some(times);
        self
    }

    /// Until the orders are taken back.
    #[must_use]
    pub fn always(mut self) -> Fault {
        self.left = None;
        self
    }

    /// Not the first so many of the calls it fits.
    #[must_use]
    pub fn after(mut self, calls: u64) -> Fault {
        self.skip = calls;
        self
    }

    /// Each fitting call with this probability (0..1), by the world's seed; until taken back.
    #[must_use]
    pub fn with_probability(mut self, share: f64) -> Fault {
        self.share = share;
        self.left = None;
        self
    }

    fn fits(&self, call: &About<'_>) -> bool {
        self.method
            .as_deref()
            .is_none_or(|method| method == call.method)
            && self.bot.is_none_or(|bot| Some(bot) == call.bot)
            && self.chat.is_none_or(|chat| Some(chat) == call.chat)
    }
}

/// What an order looks at.
pub(crate) struct About<'a> {
    pub method: &'a str,
    pub bot: Option<BotId>,
    pub chat: Option<i64>,
}

#[derive(Debug, Default)]
pub(crate) struct Orders(Vec<Fault>);

impl Orders {
    pub fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The first order that strikes this call.
    pub fn strike(&mut self, call: &About<'_>, random: &mut Random) -> Option<Trouble> {
        let mut struck = None;
        for fault in &mut self.0 {
            if !fault.fits(call) || fault.left == Some(0) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            if fault.share < 1.0 && random.share() >= fault.share {
                continue;
            }
            fault.left = fault.left.map(|left| left - 1);
            struck = Some(fault.trouble.clone());
            break;
        }
        self.0.retain(|fault| fault.left != Some(0));
        struck
    }
}
