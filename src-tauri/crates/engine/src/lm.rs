//! Language models that run on the computer's own cores, from GGUF files.
//!
//! Owns: reading a file without trust (`gguf`, `format`, `weights`), its tokenizer and chat template (`tokens`,
//! `template`), the forward pass (`shape`, `model`, `attention`, `cache`, `kernels`), choosing words (`sampling`,
//! `pieces`), and the one thread that does it all for many callers (`session`, `worker`).
//! Not here: downloading, prompts, what is asked and whether an answer may be sent.

mod attention;
pub mod cache;
pub mod chat;
pub mod error;
pub mod format;
pub mod gguf;
pub(crate) mod kernels;
pub mod model;
mod multiply;
pub mod pieces;
pub(crate) mod quantised;
mod rope;
pub mod sampling;
pub mod session;
pub mod shape;
pub mod template;
#[cfg(test)]
mod tests;
mod threads;
pub mod tokens;
mod weights;
pub mod worker;
