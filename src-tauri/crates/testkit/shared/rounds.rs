//! How often a fault is tried, with what chance, and what came of it: a few rounds in a usual test run, all of
//! them under `cargo xtask faults`. A file of its own that tests of several rooms take in by its path: below
//! `app` there is no room for it.

use std::env;
use std::fmt::Display;

/// Rounds of a fault: `few`, or `all` where `CHATAI_ROUNDS` says `full`, or the number it says.
pub fn rounds(few: u64, all: u64) -> u64 {
    match env::var("CHATAI_ROUNDS").as_deref() {
        Err(_) => few,
        Ok("full") => all,
        Ok(number) => number.parse().unwrap(),
    }
}

/// True when more than the usual few rounds are asked for.
pub fn is_full() -> bool {
    env::var_os("CHATAI_ROUNDS").is_some()
}

/// A figure for the table of `cargo xtask faults`.
pub fn figure(fault: &str, what: &str, value: impl Display) {
    println!("figure: {fault} | {what} | {value}");
}

/// Chance that can be had again by its seed (splitmix64).
pub struct Chance(pub u64);

impl Chance {
    /// By `CHATAI_SEED`, else the same each time; in a full run another one each time. Told either way.
    pub fn told() -> Chance {
        let seed = env::var("CHATAI_SEED")
            .ok()
            .and_then(|told| told.parse().ok())
            .unwrap_or_else(|| {
                if is_full() {
                    u64::from(std::process::id())
                } else {
                    1
                }
            });
        println!("CHATAI_SEED={seed}");
        Chance(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}
