//! Models from end to end: broken files, tiny models of every architecture, and, where `CHATAI_TEST_MODELS` names a
//! folder of them, a real one.

mod broken;
mod models;
mod real;
mod sentencepiece;
mod tiny;
mod worker;
