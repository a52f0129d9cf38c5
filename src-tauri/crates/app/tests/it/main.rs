//! The product as its users know it, over real SQLite and a real index, with a clock set by hand.

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod assistants;
mod backups;
mod bots;
mod folders;
mod handoffs;
mod health;
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
mod reranking;
mod second_step;
mod sim;
mod sites;
mod stories;
mod team;
#[path = "../../../testkit/shared/tiny_reranker.rs"]
mod tiny_reranker;
mod updates;
mod voice;
