//! One request to a server: tried again while it is busy or broken, and only before anything came back.

use std::time::Duration;

use net::{Net, NetError, Purpose, Reply};
use serde_json::Value;

use super::RemoteSettings;
use crate::error::EngineError;

/// A server that wants to be left alone longer than this gets no second attempt from us.
const LONGEST_WAIT: u64 = 20;

/// The longest reason of a refusal that is read, in bytes, and how long that may take.
const LONGEST_REASON: usize = 16 * 1024;
const REASON_TIMEOUT: Duration = Duration::from_secs(5);

/// Sends `body` to `path` below the base address; the reply has a status of success.
pub(super) async fn post(
    net: &Net,
    purpose: Purpose,
    settings: &RemoteSettings,
    path: &str,
    body: &Value,
) -> Result<Reply, EngineError> {
    let client = net.client(purpose).map_err(net_error)?;
    let address = format!("{}/{path}", settings.base_url.trim_end_matches('/'));
    let bearer = settings.key.as_ref().map(|key| format!("Bearer {key}"));
    let mut headers = vec![("accept", "text/event-stream, application/json")];
    if let Some(bearer) = &bearer {
        headers.push(("authorization", bearer));
    }
    let mut wait = settings.backoff;
    let mut attempt = 1;
    loop {
        let sent = client.post_json(&address, &headers, body);
        let error = match tokio::time::timeout(settings.first_timeout, sent).await {
            Err(_) => EngineError::TimedOut,
            Ok(Err(error)) => net_error(error),
            Ok(Ok(reply)) if (200..300).contains(&reply.status()) => return Ok(reply),
            Ok(Ok(reply)) => error_of(reply).await,
        };
        let Some(pause) = pause_after(&error, wait).filter(|_| attempt < settings.attempts) else {
            return Err(error);
        };
        tokio::time::sleep(pause).await;
        wait *= 2;
        attempt += 1;
    }
}

/// How long to wait before the same request is worth another try; `None` when it is not.
fn pause_after(error: &EngineError, wait: Duration) -> Option<Duration> {
    match error {
        EngineError::Limited { retry_after: None } => Some(wait),
        EngineError::Limited {
            retry_after: Some(seconds),
        } if *seconds <= LONGEST_WAIT => Some(Duration::from_secs(*seconds).max(wait)),
        EngineError::Refused { status: 500.. } => Some(wait),
        EngineError::Unreachable => Some(wait),
        _ => None,
    }
}

/// What a reply without success means. Its body is looked into only to tell a missing model from a wrong address.
async fn error_of(reply: Reply) -> EngineError {
    match reply.status() {
        401 | 403 => EngineError::KeyRefused,
        429 => EngineError::Limited {
            retry_after: reply
                .header("retry-after")
                .and_then(|text| text.trim().parse().ok()),
        },
        status @ (400 | 404 | 405 | 422) => {
            let body = tokio::time::timeout(REASON_TIMEOUT, reply.bytes(LONGEST_REASON)).await;
            match body {
                Ok(Ok(body)) if names_the_model(&body) => EngineError::NoSuchModel,
                _ if matches!(status, 404 | 405) => EngineError::WrongAddress,
                _ => EngineError::Refused { status },
            }
        }
        status => EngineError::Refused { status },
    }
}

/// True for an error in JSON that speaks of the model: OpenAI `model_not_found`, Ollama `model "x" not found`.
fn names_the_model(body: &[u8]) -> bool {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return false;
    };
    let error = body.get("error").unwrap_or(&body);
    let said = ["code", "message", "type", "detail"];
    let said = said.iter().filter_map(|name| error.get(name)?.as_str());
    let mut said = said.chain(error.as_str());
    said.any(|text| {
        let text = text.to_lowercase();
        let is_missing = [
            "not found",
            "not_found",
            "not exist",
            "unknown",
            "no such",
            "invalid",
        ];
        text.contains("model") && is_missing.iter().any(|word| text.contains(word))
    })
}

pub(super) fn net_error(error: NetError) -> EngineError {
    match error {
        NetError::LocalOnly { host } => EngineError::LocalOnly { host },
        NetError::BadAddress | NetError::BadHeader | NetError::BadProxy { .. } => {
            EngineError::BadSettings
        }
        NetError::Unreachable(_) => EngineError::Unreachable,
        NetError::TimedOut => EngineError::TimedOut,
        NetError::TooLarge { .. } => EngineError::BadReply {
            why: "it is too long",
        },
        NetError::Broken(_) => EngineError::CutOff,
    }
}
