//! Every reader on documents that a seeded hand has damaged: each ends as text or as a failure, never otherwise.
//!
//! `CHATAI_MUTATIONS` says how many damaged copies of each document are read (40 unless told), `CHATAI_SEED`
//! where the hand begins; a failure prints both.

use std::env;
use std::time::{Duration, Instant};

use domain::document::ReadFailure;

use crate::formats::samples;
use crate::made::read;

/// Longer than this no damaged copy of a small document may take, even on a busy machine.
const LONGEST: Duration = Duration::from_secs(20);

/// Xorshift64*: small, and the same everywhere.
struct Hand(u64);

impl Hand {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// Cuts off, flips, overwrites, repeats or takes out a part.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        let length = self.below(64).min(bytes.len() - at);
        match self.below(6) {
            0 => bytes.truncate(at),
            1 => bytes[at] ^= 1 << self.below(8),
            2 => bytes[at..at + length].fill([0, 0xFF, b'<', b'{'][self.below(4)]),
            3 => {
                let part = bytes[at..at + length].to_vec();
                bytes.splice(at..at, part);
            }
            4 => drop(bytes.drain(at..at + length)),
            _ => {
                // A number that is far too large, where lengths and places stand.
                let end = (at + 4).min(bytes.len());
                bytes[at..end].copy_from_slice(&0x7FFF_FFFF_u32.to_le_bytes()[..end - at]);
            }
        }
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    let told = env::var(name).ok().and_then(|told| told.parse().ok());
    told.unwrap_or(otherwise)
}

#[test]
fn a_damaged_document_ends_as_text_or_as_a_failure() {
    let rounds = number("CHATAI_MUTATIONS", 40);
    let seed = number("CHATAI_SEED", 7);
    for (name, bytes) in samples() {
        read(&bytes, name).unwrap();
        for round in 0..rounds {
            let mut hand = Hand((seed << 32 | round << 8 | 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let mut damaged = bytes.clone();
            for _ in 0..=hand.below(4) {
                if !damaged.is_empty() {
                    hand.damage(&mut damaged);
                }
            }
            let begun = Instant::now();
            let outcome = read(&damaged, name);
            let case = format!("{name}, CHATAI_SEED={seed}, round {round}");
            assert_ne!(outcome, Err(ReadFailure::ReaderStopped), "{case}");
            assert!(begun.elapsed() < LONGEST, "{case}");
        }
    }
}
