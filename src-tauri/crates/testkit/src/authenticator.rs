//! The app on a member's telephone: six digits from a secret and a moment (RFC 6238).

use domain::time::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// The code that an app with this secret (base32) shows at `now`.
pub fn code(secret: &str, now: Timestamp) -> String {
    let step = now.0.div_euclid(30_000_000);
    let mut mac = Hmac::<Sha1>::new_from_slice(&bytes_of(secret)).expect("a key of any length");
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let from = usize::from(hash[19] & 15);
    let number = hash[from..from + 4]
        .iter()
        .fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
    format!("{:06}", (number & 0x7fff_ffff) % 1_000_000)
}

fn bytes_of(base32: &str) -> Vec<u8> {
    let mut bits = 0_u64;
    let mut held = 0;
    let mut bytes = Vec::new();
    for letter in base32.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            other => panic!("{other} is no base32"),
        };
        bits = bits << 5 | u64::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 255) as u8);
        }
    }
    bytes
}
