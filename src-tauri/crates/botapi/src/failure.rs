//! How the server says no: status, sentence, and what a client should do about it.

use serde_json::{Map, Value, json};

/// What a method answers: its result, or why not.
pub(crate) type Outcome = Result<Value, Failure>;

/// A refusal in the server's own words.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Failure {
    pub code: u16,
    pub description: String,
    pub parameters: Map<String, Value>,
}

impl Failure {
    fn new(code: u16, description: impl Into<String>) -> Failure {
        Failure {
            code,
            description: description.into(),
            parameters: Map::new(),
        }
    }

    /// 400. The real server puts the kind before the reason.
    pub fn bad(reason: impl AsRef<str>) -> Failure {
        Failure::new(400, format!("Bad Request: {}", reason.as_ref()))
    }

    /// 401: the token is of no bot, or was revoked, or the bot logged out (T15).
    pub fn unauthorized() -> Failure {
        Failure::new(401, "Unauthorized")
    }

    /// 403 (T14).
    pub fn forbidden(reason: &str) -> Failure {
        Failure::new(403, format!("Forbidden: {reason}"))
    }

    /// 404: a token that cannot be one, or an unknown method (T15).
    pub fn not_found() -> Failure {
        Failure::new(404, "Not Found")
    }

    /// 409 (T6).
    pub fn conflict(reason: &str) -> Failure {
        Failure::new(409, format!("Conflict: {reason}"))
    }

    /// 413: the body is larger than a bot may upload (T18).
    pub fn too_large() -> Failure {
        Failure::new(413, "Request Entity Too Large")
    }

    /// 429, with the seconds to wait (T8).
    pub fn too_many(retry_after: u32) -> Failure {
        let mut failure =
            Failure::new(429, format!("Too Many Requests: retry after {retry_after}"));
        failure
            .parameters
            .insert("retry_after".into(), json!(retry_after));
        failure
    }

    /// 400 that names the supergroup a group became (T16).
    pub fn migrated(to: i64) -> Failure {
        let mut failure = Failure::bad("group chat was upgraded to a supergroup chat");
        failure
            .parameters
            .insert("migrate_to_chat_id".into(), json!(to));
        failure
    }

    /// Exactly these words.
    pub fn words(code: u16, description: &str) -> Failure {
        Failure::new(code, description)
    }

    /// The answer.
    pub fn body(&self) -> Value {
        let mut body = Map::new();
        body.insert("ok".into(), json!(false));
        body.insert("error_code".into(), json!(self.code));
        body.insert("description".into(), json!(self.description));
        if !self.parameters.is_empty() {
            body.insert("parameters".into(), Value::Object(self.parameters.clone()));
        }
        Value::Object(body)
    }
}
