//! The engines from outside: quotes by example, remote ones by recorded replies, one contract for all.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod contract;
mod download;
#[cfg(feature = "candle")]
mod local;
mod quotes;
mod remote;
#[cfg(feature = "candle")]
mod reranking;
#[cfg(feature = "candle")]
mod speech;
#[cfg(feature = "candle")]
#[path = "../../../testkit/shared/tiny_reranker.rs"]
mod tiny_reranker;
#[cfg(feature = "candle")]
mod tiny_whisper;
