//! Sound as it is heard: one channel of numbers at one rate. Not here: the formats of recordings (`extract`), and what
//! is said in them (`engine`).

use std::time::Duration;

/// Numbers in a second of [`Sound`]: the rate that models of speech hear.
pub const RATE: u32 = 16_000;

/// The longest recording that is heard.
pub const LONGEST: Duration = Duration::from_secs(300);

/// What was recorded: one channel at [`RATE`], 16 bits each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sound {
    /// The numbers, one after the other.
    pub samples: Vec<i16>,
}

impl Sound {
    /// How long it is, in seconds.
    pub fn seconds(&self) -> f32 {
        self.samples.len() as f32 / RATE as f32
    }
}
