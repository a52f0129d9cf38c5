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
    /// The server does not take the key (401 and 403).
    #[error("the engine's server refused the key")]
    KeyRefused,
    /// The server answers, but has no model of that name.
    #[error("the engine's server has no such model")]
    NoSuchModel,
    /// Something answers at that address, but not with the API (404 and 405).
    #[error("there is no such API at the engine's address")]
    WrongAddress,
    /// The server refused for another reason, or is broken (5xx).
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
    /// The connection broke, or the answer ended before it was whole.
    #[error("the engine's reply was cut off")]
    CutOff,
    /// What came back is not an answer: not JSON, too long, empty.
    #[error("the engine's reply cannot be read: {why}")]
    BadReply {
        /// What is wrong with it; never text of the reply.
        why: &'static str,
    },
    /// It failed again and again, and is left alone for a while.
    #[error("the engine failed again and again and is left alone for a while")]
    Paused,
    /// It was asked as often today as its owner lets it.
    #[error("the engine's limit for today is reached")]
    UsedUp,
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
    /// There is too little memory for the model.
    #[error("the model {name} needs {} MiB of memory, and {} can be had", *.needs >> 20, *.has >> 20)]
    NoMemory {
        /// Its name.
        name: String,
        /// Bytes it needs.
        needs: u64,
        /// Bytes there are.
        has: u64,
    },
    /// The program is stopping.
    #[error("the engine was stopped")]
    Cancelled,
}

impl EngineError {
    /// The error as programs and pages know it, in `snake_case`. A trace keeps this word.
    pub fn code(&self) -> &'static str {
        match self {
            EngineError::Unreachable => "unreachable",
            EngineError::LocalOnly { .. } => "local_only",
            EngineError::BadSettings => "bad_settings",
            EngineError::TimedOut => "timed_out",
            EngineError::KeyRefused => "key_refused",
            EngineError::NoSuchModel => "no_such_model",
            EngineError::WrongAddress => "wrong_address",
            EngineError::Refused { status: 500.. } => "server_broken",
            EngineError::Refused { .. } => "refused",
            EngineError::Limited { .. } => "limited",
            EngineError::BadReply { .. } => "bad_reply",
            EngineError::CutOff => "cut_off",
            EngineError::Paused => "paused",
            EngineError::UsedUp => "used_up",
            EngineError::Busy => "busy",
            EngineError::NoModel { .. } => "no_model",
            EngineError::BadModel { .. } => "bad_model",
            EngineError::NoMemory { .. } => "no_memory",
            EngineError::Cancelled => "cancelled",
        }
    }
}
