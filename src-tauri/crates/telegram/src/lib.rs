//! Telegram: the words of its Bot API end in this room.
//!
//! Pure (no input or output, no clock): [`format`], [`split`], [`convert`], [`keyboard`], [`commands`],
//! [`deep_link`], [`budget`], [`backoff`], [`trouble`], [`sentences`], [`business_rules`].

pub mod backoff;
pub mod budget;
pub mod business_rules;
pub mod commands;
pub mod convert;
pub mod deep_link;
pub mod format;
pub mod keyboard;
pub mod sentences;
pub mod split;
pub mod trouble;

#[cfg(test)]
#[path = "../../testkit/shared/rounds.rs"]
mod rounds;
