//! What an error of the Bot API means.
//!
//! Telegram has few codes and many sentences, so sentences are read here, and nowhere else. They are those of
//! tdlib/telegram-bot-api and of Telegram's own servers (telegram.md T6 to T17). A sentence nobody knows is
//! judged by its code.

use domain::bot::Trouble;
use domain::time::Timestamp;
use serde_json::Value;

/// The longest description that is kept, in bytes.
const MAX_DESCRIPTION: usize = 300;

/// A call that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Failure {
    /// The HTTP status.
    pub status: u16,
    /// The answer's own code; 0 when it has none.
    pub error_code: i64,
    /// The answer's sentence; empty when it has none.
    pub description: String,
    /// Seconds to wait.
    pub retry_after: Option<u32>,
    /// The group's new id.
    pub migrate_to: Option<i64>,
}

/// What it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Wait so many seconds.
    RetryAfter(u32),
    /// The group has this id now.
    Migrated(i64),
    /// The person blocked the bot.
    Blocked,
    /// The person's account is gone.
    Deactivated,
    /// The bot was removed from the group.
    Kicked,
    /// The token is not valid any more.
    Unauthorized,
    /// There is no such token.
    NotFoundToken,
    /// Another program asks for the updates.
    ConflictPoller,
    /// A webhook is set.
    ConflictWebhook,
    /// It stands there already as it was to become: a success.
    NotModified,
    /// The topic is not there any more.
    ThreadGone,
    /// The topic is closed.
    ThreadClosed,
    /// The message is not there, or cannot be changed any more.
    MessageGone,
    /// The entities cannot be understood: once more without them.
    CantParseEntities,
    /// The text is too long.
    TooLong,
    /// The text is empty.
    Empty,
    /// A press is too old to be answered: nothing is to be done.
    QueryTooOld,
    /// The file is too big.
    TooBig,
    /// The file is not there (any more).
    FileGone,
    /// There is no such chat.
    ChatGone,
    /// The bot may not do that.
    NoRights,
    /// The owner's account may not be written for (any more): disconnected, or 24 hours are over.
    BusinessRefused,
    /// Telegram's own error.
    Server(u16),
    /// Something else; its sentence.
    Other(String),
}

impl Failure {
    /// Reads an answer: its HTTP status and its JSON ([`Value::Null`] when it has none).
    pub fn read(status: u16, body: &Value) -> Failure {
        let parameters = &body["parameters"];
        let description = body["description"].as_str().unwrap_or_default();
        let end = description.floor_char_boundary(MAX_DESCRIPTION);
        Failure {
            status,
            error_code: body["error_code"].as_i64().unwrap_or_default(),
            description: description[..end].to_owned(),
            retry_after: parameters["retry_after"]
                .as_u64()
                .map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX)),
            migrate_to: parameters["migrate_to_chat_id"].as_i64(),
        }
    }

    /// What it means.
    pub fn cause(&self) -> Cause {
        if let Some(to) = self.migrate_to {
            return Cause::Migrated(to);
        }
        if let Some(seconds) = self.retry_after {
            return Cause::RetryAfter(seconds.max(1));
        }
        let code = match self.error_code {
            0 => i64::from(self.status),
            code => code,
        };
        let sentence = self.description.to_lowercase();
        match code {
            429 => Cause::RetryAfter(retry_in(&sentence).unwrap_or(1)),
            401 => Cause::Unauthorized,
            // A method that is not there would say so; a token that is not there says nothing more.
            404 if matches!(sentence.as_str(), "" | "not found") => Cause::NotFoundToken,
            409 if sentence.contains("webhook") => Cause::ConflictWebhook,
            409 => Cause::ConflictPoller,
            500.. => Cause::Server(u16::try_from(code).unwrap_or(u16::MAX)),
            _ => self.by_sentence(&sentence, code),
        }
    }

    fn by_sentence(&self, sentence: &str, code: i64) -> Cause {
        let found = SENTENCES
            .iter()
            .find(|(words, _)| sentence.contains(words))
            .map(|(_, cause)| cause.clone());
        match found {
            Some(cause) => cause,
            None if code == 403 => Cause::NoRights,
            None if code == 413 => Cause::TooBig,
            None => Cause::Other(self.description.clone()),
        }
    }
}

impl Cause {
    /// What is in the bot's way, when it is the whole bot that is concerned.
    pub fn trouble(&self, now: Timestamp) -> Option<Trouble> {
        match self {
            Cause::Unauthorized | Cause::NotFoundToken => Some(Trouble::NeedsToken),
            Cause::ConflictPoller => Some(Trouble::OtherPoller),
            Cause::ConflictWebhook => Some(Trouble::WebhookSet {
                host: String::new(),
            }),
            Cause::RetryAfter(seconds) => Some(Trouble::Limited {
                until: now.plus_seconds(i64::from(*seconds)),
            }),
            Cause::Server(status) => Some(Trouble::Unreachable {
                what: format!("error {status}"),
            }),
            _ => None,
        }
    }

    /// True when nothing can reach this person or group until they let the bot back in (T14).
    pub fn is_unreachable(&self) -> bool {
        matches!(
            self,
            Cause::Blocked | Cause::Deactivated | Cause::Kicked | Cause::ChatGone
        )
    }

    /// True when the same call may do later what it did not do now.
    pub fn is_passing(&self) -> bool {
        matches!(self, Cause::RetryAfter(_) | Cause::Server(_))
    }
}

/// Sentences in small letters and what they mean; the first that is contained counts.
const SENTENCES: &[(&str, Cause)] = &[
    ("bot was blocked by the user", Cause::Blocked),
    ("user is deactivated", Cause::Deactivated),
    ("input_user_deactivated", Cause::Deactivated),
    ("group is deactivated", Cause::Kicked),
    ("bot was kicked", Cause::Kicked),
    ("bot is not a member", Cause::Kicked),
    ("the group chat was deleted", Cause::Kicked),
    ("bot can't initiate conversation", Cause::Blocked),
    ("bots can't send messages to bots", Cause::Blocked),
    ("message is not modified", Cause::NotModified),
    ("message_not_modified", Cause::NotModified),
    ("message thread not found", Cause::ThreadGone),
    ("topic_deleted", Cause::ThreadGone),
    ("topic_id_invalid", Cause::ThreadGone),
    ("topic_closed", Cause::ThreadClosed),
    ("can't parse entities", Cause::CantParseEntities),
    ("can't parse messageentity", Cause::CantParseEntities),
    ("entity_bounds_invalid", Cause::CantParseEntities),
    ("entities_too_long", Cause::CantParseEntities),
    ("text must be non-empty", Cause::Empty),
    ("message text is empty", Cause::Empty),
    ("text is too long", Cause::TooLong),
    ("message is too long", Cause::TooLong),
    ("message_too_long", Cause::TooLong),
    ("caption is too long", Cause::TooLong),
    ("media_caption_too_long", Cause::TooLong),
    ("query is too old", Cause::QueryTooOld),
    ("query_id_invalid", Cause::QueryTooOld),
    ("file is too big", Cause::TooBig),
    ("request entity too large", Cause::TooBig),
    ("wrong file", Cause::FileGone),
    ("invalid file", Cause::FileGone),
    ("file is temporarily unavailable", Cause::Server(500)),
    ("business_connection_invalid", Cause::BusinessRefused),
    ("business connection not found", Cause::BusinessRefused),
    ("business_peer_invalid", Cause::BusinessRefused),
    ("business_peer_usage_missing", Cause::BusinessRefused),
    ("not enough rights", Cause::NoRights),
    ("have no rights", Cause::NoRights),
    ("need administrator rights", Cause::NoRights),
    ("chat_admin_required", Cause::NoRights),
    ("chat_write_forbidden", Cause::NoRights),
    ("chat not found", Cause::ChatGone),
    ("user not found", Cause::ChatGone),
    ("peer_id_invalid", Cause::ChatGone),
    ("message to edit not found", Cause::MessageGone),
    ("message to copy not found", Cause::MessageGone),
    ("message to delete not found", Cause::MessageGone),
    ("message to forward not found", Cause::MessageGone),
    ("message to be replied not found", Cause::MessageGone),
    ("replied message not found", Cause::MessageGone),
    ("message can't be edited", Cause::MessageGone),
    ("message can't be deleted", Cause::MessageGone),
    ("message can't be copied", Cause::MessageGone),
    ("message_id_invalid", Cause::MessageGone),
];

/// `Too Many Requests: retry after 14`
fn retry_in(sentence: &str) -> Option<u32> {
    let (_, after) = sentence.split_once("retry after ")?;
    let end = after
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(after.len());
    after[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cause(code: u16, description: &str) -> Cause {
        let body = json!({"ok": false, "error_code": code, "description": description});
        Failure::read(code, &body).cause()
    }

    #[test]
    fn sentences_of_telegram_are_known() {
        let table = [
            (
                403,
                "Forbidden: bot was blocked by the user",
                Cause::Blocked,
            ),
            (403, "Forbidden: user is deactivated", Cause::Deactivated),
            (
                403,
                "Forbidden: bot was kicked from the group chat",
                Cause::Kicked,
            ),
            (
                403,
                "Forbidden: bot was kicked from the supergroup chat",
                Cause::Kicked,
            ),
            (
                403,
                "Forbidden: bot is not a member of the supergroup chat",
                Cause::Kicked,
            ),
            (403, "Forbidden: the group chat was deleted", Cause::Kicked),
            (
                403,
                "Forbidden: bot can't initiate conversation with a user",
                Cause::Blocked,
            ),
            (403, "Forbidden: something new", Cause::NoRights),
            (401, "Unauthorized", Cause::Unauthorized),
            (404, "Not Found", Cause::NotFoundToken),
            (
                404,
                "Not Found: method not found",
                Cause::Other("Not Found: method not found".into()),
            ),
            (
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                Cause::ConflictPoller,
            ),
            (
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
                Cause::ConflictWebhook,
            ),
            (
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
                Cause::NotModified,
            ),
            (
                400,
                "Bad Request: message thread not found",
                Cause::ThreadGone,
            ),
            (400, "Bad Request: TOPIC_CLOSED", Cause::ThreadClosed),
            (
                400,
                "Bad Request: message to edit not found",
                Cause::MessageGone,
            ),
            (
                400,
                "Bad Request: message to copy not found",
                Cause::MessageGone,
            ),
            (
                400,
                "Bad Request: message can't be edited",
                Cause::MessageGone,
            ),
            (
                400,
                "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 4",
                Cause::CantParseEntities,
            ),
            (400, "Bad Request: text is too long", Cause::TooLong),
            (400, "Bad Request: message is too long", Cause::TooLong),
            (400, "Bad Request: MESSAGE_TOO_LONG", Cause::TooLong),
            (400, "Bad Request: message text is empty", Cause::Empty),
            (
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
                Cause::QueryTooOld,
            ),
            (400, "Bad Request: file is too big", Cause::TooBig),
            (413, "Request Entity Too Large", Cause::TooBig),
            (
                400,
                "Bad Request: wrong file_id or the file is temporarily unavailable",
                Cause::FileGone,
            ),
            (400, "Bad Request: chat not found", Cause::ChatGone),
            (
                400,
                "Bad Request: not enough rights to send text messages to the chat",
                Cause::NoRights,
            ),
            (
                400,
                "Bad Request: BUSINESS_PEER_INVALID",
                Cause::BusinessRefused,
            ),
            (
                429,
                "Too Many Requests: retry after 14",
                Cause::RetryAfter(14),
            ),
            (429, "Too Many Requests", Cause::RetryAfter(1)),
            (500, "Internal Server Error", Cause::Server(500)),
            (502, "Bad Gateway", Cause::Server(502)),
            (
                400,
                "Bad Request: a new sentence",
                Cause::Other("Bad Request: a new sentence".into()),
            ),
        ];
        for (code, description, expected) in table {
            assert_eq!(cause(code, description), expected, "{description}");
        }
    }

    #[test]
    fn parameters_count_more_than_sentences() {
        let body = json!({"ok": false, "error_code": 429, "description": "Too Many Requests: retry after 5",
            "parameters": {"retry_after": 7}});
        assert_eq!(Failure::read(429, &body).cause(), Cause::RetryAfter(7));
        let body = json!({"ok": false, "error_code": 400,
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": -1_002_233_445_566_i64}});
        let failure = Failure::read(400, &body);
        assert_eq!(failure.cause(), Cause::Migrated(-1_002_233_445_566));
    }

    #[test]
    fn an_answer_without_json_is_judged_by_its_status() {
        assert_eq!(Failure::read(504, &Value::Null).cause(), Cause::Server(504));
        assert_eq!(
            Failure::read(404, &Value::Null).cause(),
            Cause::NotFoundToken
        );
        let other = Failure::read(302, &Value::Null).cause();
        assert_eq!(other, Cause::Other(String::new()));
    }

    #[test]
    fn what_concerns_the_whole_bot_is_a_trouble_of_it() {
        let now = Timestamp(0);
        assert_eq!(Cause::Unauthorized.trouble(now), Some(Trouble::NeedsToken));
        assert_eq!(Cause::NotFoundToken.trouble(now), Some(Trouble::NeedsToken));
        assert_eq!(
            Cause::ConflictPoller.trouble(now),
            Some(Trouble::OtherPoller)
        );
        let limited = Trouble::Limited {
            until: Timestamp(9_000_000),
        };
        assert_eq!(Cause::RetryAfter(9).trouble(now), Some(limited));
        assert_eq!(Cause::Blocked.trouble(now), None);
        assert!(Cause::Blocked.is_unreachable() && !Cause::NoRights.is_unreachable());
        assert!(Cause::Server(502).is_passing() && !Cause::TooLong.is_passing());
    }
}
