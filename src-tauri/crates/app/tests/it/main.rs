//! The product as its users know it, over real SQLite and a real index, with a clock set by hand.

mod knowledge;
mod people;
mod sim;
mod stories;
