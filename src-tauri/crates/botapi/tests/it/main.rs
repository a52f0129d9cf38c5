//! The fake behaves as Telegram's own server.
#![expect(clippy::unwrap_used, reason = "tests")]

mod account;
mod business;
mod contract;
mod faults;
mod files;
mod groups;
mod http;
mod scene;
mod sending;
mod updates;
