//! Documents made on the spot, read in this process and through the pool of child processes.

#![expect(clippy::unwrap_used, reason = "tests")]

mod bombs;
mod children;
mod cost;
mod formats;
mod hostile;
mod made;
mod mutated;
mod office;
mod pdf;
mod prices;
mod seeds;
mod text;
