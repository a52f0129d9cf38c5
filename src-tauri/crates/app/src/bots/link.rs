//! Links to a bot that say where somebody comes from (`t.me/bot?start=`, telegram.md T21): a signed name that ends
//! some day.
//!
//! A payload has at most 64 characters of `A-Za-z0-9_-`. Ours: the minute it ends, the name, and the first half of an
//! HMAC-SHA256 (RFC 2104) over these and the bot, in base64url. The key is made of the bot's token, so nothing more
//! has to be kept, and another token ends every link. Whoever opens such a link has a note in their conversation for
//! operators to read; what is not signed so is a customer's own word and says nothing.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::bot::BotLease;
use domain::conversation::{Incoming, Note};
use domain::handoff::{Operator, OperatorId};
use domain::id::{BotId, NoteId};
use domain::language::Language;
use domain::member::Permission;
use domain::time::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use store::receive::Received;
use store::updates::UpdateEnd;

use crate::App;
use crate::bots::derived;
use crate::bots::held::staff_language;
use crate::error::{Error, Result};
use crate::who::Who;

/// The longest name, in bytes: what fits into a payload.
pub const MAX_NAME: usize = 28;
/// The longest life of a link, in days.
pub const MAX_DAYS: u32 = 3_650;
/// Bytes of the minute in which it ends.
const MINUTE_BYTES: usize = 4;
/// Bytes of the signature.
const SIGNATURE: usize = 16;
/// The longest payload that Telegram carries, in characters.
const MAX_PAYLOAD: usize = 64;
const MINUTE: i64 = 60 * 1_000_000;

/// Why a payload is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    /// It is none of ours.
    #[error("not a signed link")]
    Malformed,
    /// Its signature is another's.
    #[error("signature of a link is wrong")]
    Forged,
    /// It ended.
    #[error("link has ended")]
    Expired,
}

impl App {
    /// The payload of a link to a bot that says `name` (1 to [`MAX_NAME`] bytes) of whoever comes by it, for `days`
    /// (1 to [`MAX_DAYS`]).
    pub async fn signed_link(&self, who: &Who, id: BotId, name: &str, days: u32) -> Result<String> {
        who.must(Permission::ChangeSettings)?;
        let name = name.trim();
        if name.is_empty() || name.len() > MAX_NAME || name.chars().any(char::is_control) {
            let what = format!("a link's name has 1 to {MAX_NAME} bytes");
            return Err(Error::invalid("name", what));
        }
        if !(1..=MAX_DAYS).contains(&days) {
            let what = format!("a link lives 1 to {MAX_DAYS} days");
            return Err(Error::invalid("days", what));
        }
        let bot = self.workspace(who.workspace()).bot(id).await?;
        let token = self.token_of(&bot).await?;
        let ends = self.now().plus_seconds(i64::from(days) * 24 * 3_600);
        Ok(sign(&token, id, name, ends))
    }

    /// The name that a customer's first words carry, where they came by one of our links.
    pub(crate) async fn came_by(&self, lease: &BotLease, text: &str) -> Option<String> {
        let (command, payload) = text.split_once(' ')?;
        if command != "/start" {
            return None;
        }
        let token = self.token_of(&lease.bot).await.ok()?;
        let opened = open(&token, lease.bot.id, payload.trim(), self.now());
        match opened {
            Ok(name) => Some(name),
            Err(fault) => {
                tracing::debug!(bot = %lease.bot.id, %fault, "a link was not taken");
                None
            }
        }
    }

    /// Takes in the first words of somebody who came by a link. The update is done with the note: a crash in between
    /// repeats both.
    pub(crate) async fn receive_by_link(
        &self,
        lease: &BotLease,
        update_id: i64,
        mut incoming: Incoming,
        name: &str,
    ) -> Result<Received> {
        incoming.text = "/start".to_owned();
        let received = self.receive_letter(&lease.bot, None, incoming).await?;
        if received.dropped {
            self.end_update(lease, update_id, UpdateEnd::Done).await?;
            return Ok(received);
        }
        let account = &lease.bot.account;
        let text = match staff_language(&lease.bot) == Language::RU {
            true => format!("Клиент пришёл по ссылке «{name}»."),
            false => format!("The customer came by the link “{name}”."),
        };
        let note = Note {
            id: NoteId(derived(lease.bot.id.0, &format!("link {update_id}"))),
            conversation_id: received.conversation_id,
            by: Operator {
                id: OperatorId::Telegram(account.id),
                name: format!("@{}", account.username),
            },
            text,
            created_at: self.now(),
        };
        let store = self.workspace(lease.bot.workspace_id);
        store
            .add_note(note, Some((lease.bot.id, update_id)))
            .await?;
        Ok(received)
    }
}

/// The payload of a link of this bot that ends at `ends` (rounded down to the minute).
fn sign(token: &str, bot: BotId, name: &str, ends: Timestamp) -> String {
    let mut bytes = Vec::with_capacity(MINUTE_BYTES + name.len() + SIGNATURE);
    let minute = u32::try_from(ends.0.max(0) / MINUTE).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&minute.to_be_bytes());
    bytes.extend_from_slice(name.as_bytes());
    let signature = signer(token, bot, &bytes).finalize().into_bytes();
    bytes.extend_from_slice(&signature[..SIGNATURE]);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// What a payload says, when it is signed for this bot and has not ended at `now`. The signature is compared in
/// constant time.
fn open(
    token: &str,
    bot: BotId,
    payload: &str,
    now: Timestamp,
) -> std::result::Result<String, LinkFault> {
    if payload.len() > MAX_PAYLOAD {
        return Err(LinkFault::Malformed);
    }
    let bytes = BASE64_URL_SAFE_NO_PAD
        .decode(payload)
        .map_err(|_| LinkFault::Malformed)?;
    let signed = bytes.len().checked_sub(SIGNATURE);
    let signed = signed.filter(|signed| *signed > MINUTE_BYTES);
    let (signed, signature) = bytes.split_at(signed.ok_or(LinkFault::Malformed)?);
    signer(token, bot, signed)
        .verify_truncated_left(signature)
        .map_err(|_| LinkFault::Forged)?;
    let (minute, name) = signed.split_at(MINUTE_BYTES);
    let minute = minute.try_into().map_err(|_| LinkFault::Malformed)?;
    let ends = i64::from(u32::from_be_bytes(minute)) * MINUTE;
    if now.0 >= ends {
        return Err(LinkFault::Expired);
    }
    String::from_utf8(name.to_vec()).map_err(|_| LinkFault::Malformed)
}

fn signer(token: &str, bot: BotId, signed: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(token.as_bytes())
        .expect("an HMAC takes a key of any length");
    mac.update(b"chatai deep link 1");
    mac.update(bot.0.as_bytes());
    mac.update(signed);
    mac
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const TOKEN: &str = "7:AAsecret";
    const BOT: BotId = BotId(Uuid::from_u128(1));
    const NOW: Timestamp = Timestamp(1_780_000_000_000_000);

    #[test]
    fn a_link_is_what_telegram_takes_and_is_opened_until_it_ends() {
        for name in ["a", "autumn sale", "осень", &"x".repeat(MAX_NAME)] {
            let payload = sign(TOKEN, BOT, name, NOW.plus_seconds(3_600));
            assert!(payload.len() <= MAX_PAYLOAD, "{}", payload.len());
            let is_allowed = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'-';
            assert!(payload.bytes().all(is_allowed));
            assert_eq!(open(TOKEN, BOT, &payload, NOW), Ok(name.to_owned()));
            let after = NOW.plus_seconds(3_600);
            assert_eq!(open(TOKEN, BOT, &payload, after), Err(LinkFault::Expired));
        }
    }

    #[test]
    fn ten_thousand_forged_and_expired_links_are_refused() {
        let good = sign(TOKEN, BOT, "autumn", NOW.plus_seconds(3_600));
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&good).unwrap();
        let mut mixed = 5_u64;
        let mut below = |end: usize| {
            mixed = mixed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (mixed >> 33) as usize % end
        };
        let mut accepted = 0;
        for round in 0..10_000_u32 {
            let payload = match round % 5 {
                // One bit is another.
                0 => {
                    let mut bytes = bytes.clone();
                    let at = below(bytes.len());
                    bytes[at] ^= 1 << below(8);
                    BASE64_URL_SAFE_NO_PAD.encode(bytes)
                }
                // Another's key.
                1 => {
                    let token = format!("7:AA{round}");
                    sign(&token, BOT, "autumn", NOW.plus_seconds(3_600))
                }
                // Another bot's.
                2 => {
                    let other = BotId(Uuid::from_u128(2 + u128::from(round)));
                    sign(TOKEN, other, "autumn", NOW.plus_seconds(3_600))
                }
                // It has ended.
                3 => {
                    let ago = i64::try_from(below(100_000)).unwrap();
                    sign(TOKEN, BOT, "autumn", NOW.plus_seconds(-ago))
                }
                // Anything.
                _ => (0..below(70))
                    .map(|_| char::from(b"AZaz09_-"[below(8)]))
                    .collect(),
            };
            accepted += u32::from(open(TOKEN, BOT, &payload, NOW).is_ok());
        }
        for cut in 0..good.len() {
            accepted += u32::from(open(TOKEN, BOT, &good[..cut], NOW).is_ok());
        }
        assert_eq!(accepted, 0);
        assert_eq!(open(TOKEN, BOT, &good, NOW), Ok("autumn".to_owned()));
    }
}
