//! The rules of the domain against tables that are too long to stand beside them.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod handoff;
mod hours;
mod hours_table;
mod wants_person;
