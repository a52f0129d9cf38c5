//! Codes of authenticator apps: RFC 6238 with SHA-1, six digits, a new one every 30 seconds, as they all know it.
//!
//! Pure: secret and time in, decision out. Not here: where the secret lies and which codes were taken (`store`).

use domain::time::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Seconds that a code is good for.
const STEP_SECONDS: i64 = 30;
/// Steps to each side of now whose codes are taken: clocks differ, and people type slowly (RFC 6238, 5.2).
const WINDOW: u64 = 1;
/// Bytes of a secret: the length of what SHA-1 makes (RFC 4226, 4).
pub(crate) const SECRET_BYTES: usize = 20;
const DIGITS: u32 = 6;
/// RFC 4648.
/// Characters of the business's name that an app is told.
const ISSUER: usize = 24;
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The time step whose code this is; `None` when it is none of about now.
pub(crate) fn step_of(secret: &[u8], code: &str, now: Timestamp) -> Option<u64> {
    let is_code = code.len() == DIGITS as usize && code.bytes().all(|byte| byte.is_ascii_digit());
    let code: u32 = is_code.then(|| code.parse().ok())??;
    let step = step_at(now);
    (step.saturating_sub(WINDOW)..=step + WINDOW)
        .find(|step| truncated(secret, *step) % 10_u32.pow(DIGITS) == code)
}

/// A secret as it is typed into an app.
pub(crate) fn base32(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for five in bytes.chunks(5) {
        let mut block = [0_u8; 8];
        block[3..3 + five.len()].copy_from_slice(five);
        let bits = u64::from_be_bytes(block);
        for place in 0..(five.len() * 8).div_ceil(5) {
            let value = (bits >> (35 - 5 * place)) & 31;
            out.push(char::from(BASE32[value as usize]));
        }
    }
    out
}

/// What a QR code for an app says (the Key URI format that they all read): no more than it must, since each letter
/// makes its dots smaller. What is left out are the format's own values, which are ours.
pub(crate) fn uri(secret: &[u8], business: &str, account: &str) -> String {
    let business: String = business.chars().take(ISSUER).collect();
    format!(
        "otpauth://totp/{}?secret={}&issuer={}",
        encoded(account),
        base32(secret),
        encoded(business.trim())
    )
}

fn step_at(now: Timestamp) -> u64 {
    u64::try_from(now.0.div_euclid(1_000_000) / STEP_SECONDS).unwrap_or(0)
}

/// RFC 4226, 5.3: 31 bits of the HMAC, at a place that its last byte names.
fn truncated(secret: &[u8], step: u64) -> u32 {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let from = usize::from(hash[19] & 15);
    let four = [hash[from], hash[from + 1], hash[from + 2], hash[from + 3]];
    u32::from_be_bytes(four) & 0x7fff_ffff
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    fn code_at(secret: &[u8], now: Timestamp) -> String {
        let code = truncated(secret, step_at(now)) % 10_u32.pow(DIGITS);
        format!("{code:06}")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * 1_000_000)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the rows of SHA-1: eight digits.
        let rows = [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000, 65_353_130),
        ];
        for (seconds, code) in rows {
            let made = truncated(SECRET, step_at(at(seconds))) % 100_000_000;
            assert_eq!(made, code, "{seconds}");
        }
        // RFC 4226, appendix D: six digits.
        let rows = ["755224", "287082", "359152", "969429", "338314", "254676"];
        for (step, code) in rows.into_iter().enumerate() {
            assert_eq!(code_at(SECRET, at(step as i64 * 30)), code);
        }
    }

    #[test]
    fn a_code_is_good_for_its_step_and_the_ones_beside_it() {
        let code = code_at(SECRET, at(1_000_000));
        let step = Some(33_333);
        for seconds in [999_990 - 30, 999_990, 1_000_019, 1_000_049] {
            assert_eq!(step_of(SECRET, &code, at(seconds)), step, "{seconds}");
        }
        for seconds in [999_990 - 31, 1_000_050] {
            assert_eq!(step_of(SECRET, &code, at(seconds)), None, "{seconds}");
        }
        for wrong in ["", "12345", "1234567", "12345x", "+12345", "１２３４５６"] {
            assert_eq!(step_of(SECRET, wrong, at(1_000_000)), None, "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_written_as_the_standard_writes_it() {
        // RFC 4648, 10, without the padding, which apps do not want.
        let rows = [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ];
        for (bytes, written) in rows {
            assert_eq!(base32(bytes.as_bytes()), written);
        }
    }

    #[test]
    fn names_of_all_kinds_fit_into_the_address() {
        assert_eq!(
            uri(b"foobar", "Чай & Co", "anna@shop.example"),
            "otpauth://totp/anna%40shop.example?secret=MZXW6YTBOI&issuer=%D0%A7%D0%B0%D0%B9%20%26%20Co"
        );
        let long = uri(b"foobar", &"Ж".repeat(100), "anna@shop.example");
        assert!(long.len() < 220, "{}", long.len());
    }
}
