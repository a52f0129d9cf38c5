//! The names of things in the world, and where something is said.

use std::fmt;

/// A bot's account. The token begins with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BotId(pub i64);

/// A person's account. The chat of a person with a bot has the same number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(pub i64);

/// A message's number inside its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub i64);

/// A forum topic: the number of the service message that made it (`message_thread_id`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicId(pub i64);

/// A business account's connection with a bot. On the wire it is a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u32);

impl ConnectionId {
    /// Reads what [`fmt::Display`] wrote.
    pub(crate) fn parse(text: &str) -> Option<ConnectionId> {
        let number = text.strip_prefix("business-")?;
        number.parse().ok().map(ConnectionId)
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "business-{}", self.0)
    }
}

/// Where something is said. Each place counts its messages itself.
///
/// A chat's number alone would not do: two bots share the number of a person they both talk with, and a
/// business chat has the customer's number although it is another chat than the customer's own with the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A person and a bot.
    Private {
        /// The bot.
        bot: BotId,
        /// The person.
        user: UserId,
    },
    /// A group or a supergroup; its number is negative.
    Group(i64),
    /// A business account's chat with a customer; the connected bot reads and writes in it.
    Business {
        /// The connection through which the bot sees the chat.
        connection: ConnectionId,
        /// The customer.
        customer: UserId,
    },
}

impl Place {
    /// The number a bot knows the place by (`chat.id`).
    pub fn chat_id(self) -> i64 {
        match self {
            Place::Private { user, .. } => user.0,
            Place::Group(id) => id,
            Place::Business { customer, .. } => customer.0,
        }
    }
}

/// Who wrote a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Author {
    /// A person.
    User(UserId),
    /// A bot, in its own name.
    Bot(BotId),
    /// A business account's owner, by the hand of the connected bot.
    Business {
        /// The owner, who stands as `from`.
        owner: UserId,
        /// The bot, which stands as `sender_business_bot`.
        bot: BotId,
    },
}
