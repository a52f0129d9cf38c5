//! What can go wrong with a model file and with a request to a model.

/// Why a model file cannot be used. Carries names from the file, never its texts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The file cannot be opened or mapped.
    #[error("the model file cannot be read: {0}")]
    Unreadable(std::io::ErrorKind),
    /// It does not begin as a GGUF file does.
    #[error("this is not a GGUF file")]
    NotGguf,
    /// Its version of GGUF is not 2 or 3.
    #[error("version {0} of GGUF is not supported")]
    UnsupportedVersion(u32),
    /// It ends before what its header promises.
    #[error("the model file is truncated")]
    Truncated,
    /// The header contradicts itself.
    #[error("the model file is damaged: {0}")]
    Damaged(&'static str),
    /// A model of a kind that is not known here.
    #[error("models of the architecture {0:?} are not supported")]
    UnsupportedArchitecture(String),
    /// Weights in a format that is not known here.
    #[error("the tensor {tensor:?} has the format {format}, which is not supported")]
    UnsupportedFormat {
        /// The tensor.
        tensor: String,
        /// The number of its format in GGML.
        format: u32,
    },
    /// A tokenizer that is not known here.
    #[error("the tokenizer {0:?} is not supported")]
    UnsupportedTokenizer(String),
    /// The header does not say something that must be known.
    #[error("the model file does not say {0:?}")]
    MissingKey(String),
    /// A number of the header cannot be right.
    #[error("the model file says something impossible about {0:?}")]
    BadKey(String),
    /// A tensor is not in the file.
    #[error("the model file has no tensor {0:?}")]
    MissingTensor(String),
    /// A tensor is not as large as the header's numbers demand.
    #[error("the tensor {0:?} has the wrong shape")]
    WrongShape(String),
    /// More memory is needed than there is.
    #[error("the model needs {} GiB of memory, there are {}", gib(*.needs), gib(*.has))]
    TooLarge {
        /// Bytes it needs.
        needs: u64,
        /// Bytes there are.
        has: u64,
    },
    /// The chat template cannot be understood.
    #[error("the chat template of the model cannot be used: {0}")]
    BadTemplate(String),
    /// The threads that compute cannot be started.
    #[error("the system gives no threads")]
    NoThreads,
}

/// Why a request got no (whole) reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// Too many requests wait already.
    #[error("the model is busy")]
    Busy,
    /// The caller took the request back, or stopped listening.
    #[error("the request was cancelled")]
    Cancelled,
    /// The model was unloaded while the request ran or waited.
    #[error("the model was unloaded")]
    Unloaded,
    /// The program is stopping.
    #[error("the model was stopped")]
    Stopped,
    /// The prompt leaves no room for a reply.
    #[error("the prompt has {tokens} tokens, the model takes {most}")]
    TooLong {
        /// Tokens of the prompt.
        tokens: usize,
        /// Most that would do, with one token for the reply.
        most: usize,
    },
    /// The messages do not suit the model's template.
    #[error("the messages do not suit the model: {0}")]
    BadMessages(String),
    /// The model cannot be loaded.
    #[error(transparent)]
    Model(#[from] ModelError),
}

fn gib(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / f64::from(1 << 30))
}
