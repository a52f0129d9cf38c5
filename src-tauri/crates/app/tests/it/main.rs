//! The product as its users know it, over real SQLite and a real index, with a clock set by hand.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod assistants;
mod backups;
mod bots;
mod folders;
mod handoffs;
mod improve;
mod inbox;
mod invitations;
mod knowledge;
mod letters;
mod links;
mod network;
mod people;
mod recovery;
mod remote;
mod second_step;
mod sim;
mod sites;
mod stories;
mod team;
mod updates;
mod voice;
