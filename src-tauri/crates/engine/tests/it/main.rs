//! The engines from outside: quotes by example, remote ones by recorded replies, one contract for all.

mod contract;
mod quotes;
