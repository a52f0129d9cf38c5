//! Whether we may answer in a chat of the owner's own account (telegram.md A6).
//!
//! Pure. The owner's own message pauses the assistant; Telegram's greetings and other bots are never answered;
//! 24 hours after the customer's last message nobody's bot may write. Not here: who wrote is read in
//! [`crate::convert`], and the pause is kept by the app.

use domain::bot::Business;
use domain::time::Timestamp;

use crate::convert::BusinessAuthor;

/// How long the owner's own message pauses the assistant, in seconds, unless told otherwise.
pub const PAUSE_SECONDS: i64 = 30 * 60;
/// How long after the customer's last message a bot may write, in seconds.
pub const REPLY_SECONDS: i64 = 24 * 60 * 60;

/// What is known of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chat {
    /// What the owner wants.
    pub wanted: Business,
    /// True while the connection is there.
    pub is_enabled: bool,
    /// True when the connection lets the bot write.
    pub can_reply: bool,
    /// The customer's last message.
    pub last_incoming_at: Option<Timestamp>,
    /// Until when the owner's own message keeps the assistant silent.
    pub paused_until: Option<Timestamp>,
}

/// What may be done about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Answer the customer.
    Answer,
    /// Show the owner a draft.
    Draft,
    /// Say nothing.
    Silent(Silence),
}

/// Why nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// The owner wants none of it.
    Off,
    /// The connection was ended.
    Disconnected,
    /// The connection does not let the bot write.
    NoRight,
    /// The customer did not write it.
    NotACustomer,
    /// The owner is writing.
    Paused,
    /// The customer's last message is older than 24 hours.
    TooLate,
}

/// What may be done about a message that `by` wrote.
pub fn on_message(chat: &Chat, by: BusinessAuthor, now: Timestamp) -> Verdict {
    if by != BusinessAuthor::Customer {
        return Verdict::Silent(Silence::NotACustomer);
    }
    match (chat.wanted, may_send(chat, now)) {
        (Business::Off, _) => Verdict::Silent(Silence::Off),
        // A draft needs no right to write in the chat: the owner sends it.
        (Business::Draft, Err(Silence::NoRight | Silence::TooLate)) => Verdict::Draft,
        (_, Err(silence)) => Verdict::Silent(silence),
        (Business::Draft, Ok(())) => Verdict::Draft,
        (Business::Answer, Ok(())) => Verdict::Answer,
    }
}

/// Whether something may be sent to the customer now; asked again just before it is.
pub fn may_send(chat: &Chat, now: Timestamp) -> Result<(), Silence> {
    if !chat.is_enabled {
        return Err(Silence::Disconnected);
    }
    if chat.paused_until.is_some_and(|until| now < until) {
        return Err(Silence::Paused);
    }
    if !chat.can_reply {
        return Err(Silence::NoRight);
    }
    let is_open = chat
        .last_incoming_at
        .is_some_and(|at| now < at.plus_seconds(REPLY_SECONDS));
    if is_open {
        Ok(())
    } else {
        Err(Silence::TooLate)
    }
}

/// Until when a message of `by` at `at` keeps the assistant silent; `None` when it does not.
pub fn pause_after(by: BusinessAuthor, at: Timestamp) -> Option<Timestamp> {
    (by == BusinessAuthor::Owner).then(|| at.plus_seconds(PAUSE_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_780_000_000_000_000);

    fn chat() -> Chat {
        Chat {
            wanted: Business::Answer,
            is_enabled: true,
            can_reply: true,
            last_incoming_at: Some(NOW),
            paused_until: None,
        }
    }

    #[test]
    fn a_customer_is_answered_or_a_draft_is_shown() {
        let by = BusinessAuthor::Customer;
        assert_eq!(on_message(&chat(), by, NOW), Verdict::Answer);
        let draft = Chat {
            wanted: Business::Draft,
            ..chat()
        };
        assert_eq!(on_message(&draft, by, NOW), Verdict::Draft);
        let no_right = Chat {
            can_reply: false,
            ..draft
        };
        assert_eq!(on_message(&no_right, by, NOW), Verdict::Draft);
        let off = Chat {
            wanted: Business::Off,
            ..chat()
        };
        assert_eq!(on_message(&off, by, NOW), Verdict::Silent(Silence::Off));
    }

    #[test]
    fn the_owner_telegram_and_bots_are_never_answered() {
        for by in [
            BusinessAuthor::Owner,
            BusinessAuthor::Bot,
            BusinessAuthor::Offline,
        ] {
            let silent = Verdict::Silent(Silence::NotACustomer);
            assert_eq!(on_message(&chat(), by, NOW), silent);
        }
    }

    #[test]
    fn the_owners_own_message_pauses_for_half_an_hour_and_a_greeting_does_not() {
        let until = pause_after(BusinessAuthor::Owner, NOW).unwrap();
        let paused = Chat {
            paused_until: Some(until),
            ..chat()
        };
        let at = |minutes: i64| {
            on_message(
                &paused,
                BusinessAuthor::Customer,
                NOW.plus_seconds(minutes * 60),
            )
        };
        assert_eq!(at(0), Verdict::Silent(Silence::Paused));
        assert_eq!(at(29), Verdict::Silent(Silence::Paused));
        assert_eq!(at(30), Verdict::Answer);
        for by in [
            BusinessAuthor::Customer,
            BusinessAuthor::Bot,
            BusinessAuthor::Offline,
        ] {
            assert_eq!(pause_after(by, NOW), None);
        }
    }

    #[test]
    fn a_minute_after_24_hours_nothing_is_attempted() {
        let late = NOW.plus_seconds(REPLY_SECONDS + 60);
        assert_eq!(may_send(&chat(), late), Err(Silence::TooLate));
        let just = NOW.plus_seconds(REPLY_SECONDS - 60);
        assert_eq!(may_send(&chat(), just), Ok(()));
        let nobody_wrote = Chat {
            last_incoming_at: None,
            ..chat()
        };
        assert_eq!(may_send(&nobody_wrote, NOW), Err(Silence::TooLate));
    }

    #[test]
    fn an_ended_connection_sends_nothing() {
        let ended = Chat {
            is_enabled: false,
            ..chat()
        };
        assert_eq!(may_send(&ended, NOW), Err(Silence::Disconnected));
        let by = BusinessAuthor::Customer;
        assert_eq!(
            on_message(&ended, by, NOW),
            Verdict::Silent(Silence::Disconnected)
        );
        let no_right = Chat {
            can_reply: false,
            ..chat()
        };
        assert_eq!(may_send(&no_right, NOW), Err(Silence::NoRight));
    }
}
