//! The API as its callers see it: requests into the router, responses out, over a real product.

#![expect(clippy::unwrap_used, reason = "tests")]

mod answers;
mod assistants;
mod backups;
mod bots;
mod costs;
mod doctor;
mod events;
mod guard;
mod host;
mod hours;
mod house;
mod improve;
mod inbox;
mod knowledge;
mod matrix;
mod pages;
mod session;
mod team;
mod upload;
mod versions;
mod webhooks;
