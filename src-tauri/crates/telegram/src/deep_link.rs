//! What stands behind `t.me/bot?start=`: a signed short id that ends some day.
//!
//! 64 characters of `A-Za-z0-9_-` at most (T21). Ours are 50: a purpose, an id, the minute it ends, and the first
//! half of an HMAC-SHA256 (RFC 2104) over these and the bot, in base64url. Whoever has the link has what it names,
//! so it names nothing that matters by itself. Not here: keys, clocks, and what a link does.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::id::BotId;
use domain::time::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

/// Bytes before the signature: purpose, id, minute.
const SIGNED: usize = 1 + 16 + 4;
/// Bytes of the signature.
const SIGNATURE: usize = 16;
const MINUTE: i64 = 60 * 1_000_000;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A visitor of the widget goes on in Telegram.
    Visitor,
    /// A campaign tells where a customer comes from.
    Campaign,
    /// An operator connects their private chat.
    Operator,
}

/// What a link names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linked {
    /// What it is for.
    pub purpose: Purpose,
    /// What it names.
    pub id: Uuid,
}

/// Why a link is not taken.
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

/// The payload of a link of this bot that ends at `ends` (rounded down to the minute).
pub fn sign(key: &[u8; 32], bot: BotId, linked: Linked, ends: Timestamp) -> String {
    let mut bytes = Vec::with_capacity(SIGNED + SIGNATURE);
    bytes.push(linked.purpose.number());
    bytes.extend_from_slice(linked.id.as_bytes());
    let minute = u32::try_from(ends.0.max(0) / MINUTE).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&minute.to_be_bytes());
    let signature = signer(key, bot, &bytes).finalize().into_bytes();
    bytes.extend_from_slice(&signature[..SIGNATURE]);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// What a payload names, when it is signed with this key for this bot and has not ended at `now`. The signature is
/// compared in constant time.
pub fn open(
    key: &[u8; 32],
    bot: BotId,
    payload: &str,
    now: Timestamp,
) -> Result<Linked, LinkFault> {
    if payload.len() > 64 {
        return Err(LinkFault::Malformed);
    }
    let bytes = BASE64_URL_SAFE_NO_PAD
        .decode(payload)
        .map_err(|_| LinkFault::Malformed)?;
    let (signed, signature) = bytes
        .split_at_checked(SIGNED)
        .filter(|(_, signature)| signature.len() == SIGNATURE)
        .ok_or(LinkFault::Malformed)?;
    signer(key, bot, signed)
        .verify_truncated_left(signature)
        .map_err(|_| LinkFault::Forged)?;
    let (head, minute) = signed.split_at(1 + 16);
    let purpose = Purpose::of_number(head[0]).ok_or(LinkFault::Malformed)?;
    let id = Uuid::from_slice(&head[1..]).map_err(|_| LinkFault::Malformed)?;
    let minute = minute.try_into().map_err(|_| LinkFault::Malformed)?;
    let ends = i64::from(u32::from_be_bytes(minute)) * MINUTE;
    if now.0 >= ends {
        return Err(LinkFault::Expired);
    }
    Ok(Linked { purpose, id })
}

impl Purpose {
    fn number(self) -> u8 {
        match self {
            Purpose::Visitor => 1,
            Purpose::Campaign => 2,
            Purpose::Operator => 3,
        }
    }

    fn of_number(number: u8) -> Option<Purpose> {
        match number {
            1 => Some(Purpose::Visitor),
            2 => Some(Purpose::Campaign),
            3 => Some(Purpose::Operator),
            _ => None,
        }
    }
}

fn signer(key: &[u8; 32], bot: BotId, signed: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("an HMAC takes a key of any length");
    mac.update(b"chatai deep link 1");
    mac.update(bot.0.as_bytes());
    mac.update(signed);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rounds::Chance;

    const KEY: &[u8; 32] = &[7; 32];
    const BOT: BotId = BotId(Uuid::from_u128(1));
    const NOW: Timestamp = Timestamp(1_780_000_000_000_000);
    const LINKED: Linked = Linked {
        purpose: Purpose::Visitor,
        id: Uuid::from_u128(99),
    };

    #[test]
    fn a_link_is_what_telegram_takes_and_is_opened_until_it_ends() {
        for purpose in [Purpose::Visitor, Purpose::Campaign, Purpose::Operator] {
            let linked = Linked { purpose, ..LINKED };
            let payload = sign(KEY, BOT, linked, NOW.plus_seconds(3_600));
            assert_eq!(payload.len(), 50);
            let is_allowed = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'-';
            assert!(payload.bytes().all(is_allowed));
            assert_eq!(open(KEY, BOT, &payload, NOW), Ok(linked));
            let after = NOW.plus_seconds(3_600);
            assert_eq!(open(KEY, BOT, &payload, after), Err(LinkFault::Expired));
        }
    }

    #[test]
    fn ten_thousand_forged_and_expired_links_are_refused() {
        let mut chance = Chance(5);
        let good = sign(KEY, BOT, LINKED, NOW.plus_seconds(3_600));
        for round in 0..10_000_u64 {
            let payload = match round % 5 {
                // One bit is another.
                0 => {
                    let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(&good).unwrap();
                    let at = chance.below(bytes.len() as u64) as usize;
                    bytes[at] ^= 1 << chance.below(8);
                    BASE64_URL_SAFE_NO_PAD.encode(bytes)
                }
                // Another's key.
                1 => {
                    let key = std::array::from_fn(|_| chance.below(256) as u8);
                    sign(&key, BOT, LINKED, NOW.plus_seconds(3_600))
                }
                // Another bot's.
                2 => {
                    let other = BotId(Uuid::from_u128(2 + u128::from(round)));
                    sign(KEY, other, LINKED, NOW.plus_seconds(3_600))
                }
                // It has ended.
                3 => sign(
                    KEY,
                    BOT,
                    LINKED,
                    NOW.plus_seconds(-(chance.below(100_000) as i64)),
                ),
                // Anything.
                _ => (0..chance.below(70))
                    .map(|_| b"AZaz09_-"[chance.below(8) as usize] as char)
                    .collect(),
            };
            assert!(open(KEY, BOT, &payload, NOW).is_err(), "{payload}");
        }
        for cut in 0..good.len() {
            assert!(open(KEY, BOT, &good[..cut], NOW).is_err());
        }
        assert_eq!(open(KEY, BOT, &good, NOW), Ok(LINKED));
    }
}
