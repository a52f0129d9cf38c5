//! Telegram: the words of its Bot API end in this room.
//!
//! Pure (no input or output, no clock): [`format`], [`split`], [`convert`], [`keyboard`], [`commands`],
//! [`budget`], [`backoff`], [`trouble`], [`sentences`], [`business_rules`].
//!
//! What does things: [`runner`] runs all bots of this process, each with a loop that asks for updates (`poll`) and
//! one that makes something of them (`inbox`); `deliver` sends for all of them what the outbox holds, in the parts
//! that `parts` makes and within the budgets of `desk`; `console` keeps the operators' topics, `stream` shows an
//! answer as it grows, `said` says short words beside; [`client`] makes the requests, [`channel`] is what the app
//! asks, [`webhook`] the optional way in.

pub mod backoff;
pub mod budget;
pub mod business_rules;
pub mod channel;
pub mod client;
pub mod commands;
pub mod convert;
pub mod format;
pub mod keyboard;
pub mod runner;
pub mod sentences;
pub mod split;
pub mod trouble;
pub mod webhook;

mod console;
mod deliver;
mod desk;
mod inbox;
mod parts;
mod poll;
mod said;
mod stream;

#[cfg(test)]
mod naughty;
#[cfg(test)]
#[path = "../../testkit/shared/rounds.rs"]
mod rounds;
