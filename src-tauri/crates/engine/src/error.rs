//! What can go wrong in an engine or an embedder.

/// Why an engine did not answer, or an embedder gave no vectors. Never carries keys, addresses or texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// No connection to the server.
    #[error("the engine's server cannot be reached")]
    Unreachable,
    /// The "local only" switch forbids speaking to the server.
    #[error("the local-only switch forbids speaking to {host}")]
    LocalOnly {
        /// The server.
        host: String,
    },
    /// The address of the server, its proxy or the key cannot be used as they are.
    #[error("the engine's address, proxy or key cannot be used as it is set")]
    BadSettings,
    /// The server, or the model, was silent for too long.
    #[error("the engine did not reply in time")]
    TimedOut,
    /// The server refused: 401 and 403 mean the key, 404 the model or the address.
    #[error("the engine's server refused with status {status}")]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// Too many requests, or no money left.
    #[error("the engine's server limits requests")]
    Limited {
        /// How many seconds the server wants to be left alone.
        retry_after: Option<u64>,
    },
    /// What came back is not an answer: not JSON, cut off, too long, empty.
    #[error("the engine's reply cannot be read: {why}")]
    BadReply {
        /// What is wrong with it; never text of the reply.
        why: &'static str,
    },
    /// Too many callers wait already.
    #[error("the engine is busy")]
    Busy,
    /// No model of that name is installed, or this build cannot run models.
    #[error("the model {name} is not installed")]
    NoModel {
        /// Its name.
        name: String,
    },
    /// The model's files are damaged or not what their names say.
    #[error("the model {name} cannot be used: {why}")]
    BadModel {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// The program is stopping.
    #[error("the engine was stopped")]
    Cancelled,
}
