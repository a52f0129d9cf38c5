//! Updates that Telegram brings instead of being asked for: for installations with a public address whose owner
//! wants it. Asking stays the rule, because it needs no address.
//!
//! Each bot has a path and a secret of its own, both derived from its token: nothing more has to be kept, and another
//! token makes both another. An update is answered with success only after it is committed; anything else makes
//! Telegram bring it again (A8). Not here: the route (`api`).

use domain::bot::RawUpdate;
use domain::id::BotId;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::client::CallError;
use crate::poll::ALLOWED_UPDATES;
use crate::runner::Held;

/// Updates that Telegram brings at once.
const AT_ONCE: u32 = 20;

/// The secret that Telegram shows with each update: 256 bits, in hexadecimal.
pub fn secret(token: &str) -> String {
    hex::encode(digest("webhook secret", token))
}

/// The last part of a bot's path: 128 bits, in hexadecimal.
pub fn path(token: &str) -> String {
    hex::encode(&digest("webhook path", token)[..16])
}

/// The update that Telegram brings, if `path` and `shown` are this bot's; compared in constant time.
///
/// # Errors
/// [`Refused::NotTelegram`] for a path or secret that is not the bot's, [`Refused::NoUpdate`] for a body that is
/// none.
pub fn accept(
    token: &str,
    path_told: &str,
    shown: &str,
    body: &[u8],
) -> Result<RawUpdate, Refused> {
    let is_path = is_same(path_told.as_bytes(), path(token).as_bytes());
    let is_secret = is_same(shown.as_bytes(), secret(token).as_bytes());
    if !(is_path & is_secret) {
        return Err(Refused::NotTelegram);
    }
    #[derive(Deserialize)]
    struct Numbered {
        update_id: i64,
    }
    let text = std::str::from_utf8(body).map_err(|_| Refused::NoUpdate)?;
    let numbered: Numbered = serde_json::from_str(text).map_err(|_| Refused::NoUpdate)?;
    Ok(RawUpdate {
        update_id: numbered.update_id,
        body: text.to_owned(),
    })
}

/// Why nothing is taken from whoever brings an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is not Telegram who brings it.
    #[error("the path or the secret is not the bot's")]
    NotTelegram,
    /// It is no update.
    #[error("the body is no update")]
    NoUpdate,
}

/// Where a bot's updates are brought.
pub(crate) struct Hook {
    /// The address; empty where this installation has none.
    url: String,
    secret: String,
}

impl Hook {
    /// The place of the bot of `token`, under the installation's public address.
    pub(crate) fn of(public_url: &str, bot: BotId, token: &str) -> Hook {
        let url = match public_url.trim_end_matches('/') {
            "" => String::new(),
            public => format!("{public}/telegram/{bot}/{}", path(token)),
        };
        Hook {
            url,
            secret: secret(token),
        }
    }

    /// True when `url` is this place.
    pub(crate) fn is_at(&self, url: &str) -> bool {
        !self.url.is_empty() && self.url == url
    }
}

/// Tells Telegram where to bring updates. What waits there already is brought too.
pub(crate) async fn set(held: &Held) -> Result<(), CallError> {
    if held.hook.url.is_empty() {
        return Err(CallError::NotSent {
            what: "this installation has no public address".to_owned(),
        });
    }
    let parameters = json!({
        "url": held.hook.url,
        "secret_token": held.hook.secret,
        "max_connections": AT_ONCE,
        "allowed_updates": ALLOWED_UPDATES,
    });
    held.line.call::<Value>("setWebhook", &parameters).await?;
    Ok(())
}

fn digest(purpose: &str, token: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(purpose);
    hash.update([0]);
    hash.update(token);
    hash.finalize().into()
}

/// Compares all of it whatever it finds on the way.
fn is_same(told: &[u8], right: &[u8]) -> bool {
    let differences = told
        .iter()
        .zip(right)
        .fold(0, |found, (told, right)| found | (told ^ right));
    std::hint::black_box(differences) == 0 && told.len() == right.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "1:abc";

    #[test]
    fn only_whoever_knows_path_and_secret_brings_updates() {
        let body = br#"{"update_id":7,"message":{}}"#;
        let (path, secret) = (path(TOKEN), secret(TOKEN));
        let taken = accept(TOKEN, &path, &secret, body).unwrap();
        assert_eq!(taken.update_id, 7);
        assert_eq!(taken.body.as_bytes(), body);
        let wrong = [
            (path.as_str(), ""),
            ("", secret.as_str()),
            (secret.as_str(), path.as_str()),
            (path.as_str(), &secret[..63]),
        ];
        for (path, secret) in wrong {
            let refused = accept(TOKEN, path, secret, body);
            assert_eq!(refused, Err(Refused::NotTelegram));
        }
        let other = accept("1:abd", &path, &secret, body);
        assert_eq!(other, Err(Refused::NotTelegram));
        for body in [&b"{}"[..], b"", b"\xff", b"[]"] {
            assert_eq!(accept(TOKEN, &path, &secret, body), Err(Refused::NoUpdate));
        }
    }
}
