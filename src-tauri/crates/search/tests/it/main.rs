//! The search room as its callers see it.

mod cutting;
mod following;
mod searching;
mod surviving;
mod world;
