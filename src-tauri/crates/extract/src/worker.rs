//! The child process in which documents are read, and the pool of them that the program uses.

pub(crate) mod child;
mod frame;
mod jail;
pub(crate) mod reader;
