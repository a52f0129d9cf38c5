//! Letters against a mail server on loopback.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod post;
mod sending;
