//! What answers, and what turns texts into vectors.
//!
//! Owns: the `Engine` and `Embedder` faces; the quotes engine, which needs no model; remote engines and
//! embedders that speak the OpenAI protocol; local embedders, rerankers and chat models; speech to text; model
//! files: what there is, downloading, verifying, preparing, loading, unloading.
//! Not here: searching, rules and thresholds (`app`), where settings and keys are kept (`store`).

#[cfg(feature = "candle")]
mod arithmetic;
pub mod ask;
pub mod breaker;
#[cfg(feature = "candle")]
pub mod chat;
mod cite;
pub mod draft;
pub mod embedder;
pub mod engine;
pub mod error;
#[cfg(feature = "candle")]
pub mod grounded;
#[cfg(feature = "candle")]
pub mod lm;
#[cfg(feature = "candle")]
mod local;
mod memory;
pub mod models;
mod numbers;
mod prompt;
pub mod quotes;
pub mod remote;
#[cfg(feature = "candle")]
mod speech;
pub mod unrelated;
mod words;
