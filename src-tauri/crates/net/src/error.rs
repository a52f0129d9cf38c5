//! What can go wrong on the way out.

/// Why a request failed. Never carries a path, a query or a key.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The "local only" switch is on, and the host is not this computer.
    #[error("the local-only switch forbids speaking to {host}")]
    LocalOnly {
        /// The host.
        host: String,
    },
    /// Not an `http` or `https` address with a host.
    #[error("the address is not an http or https address")]
    BadAddress,
    /// A header holds what no header may hold (a line break in a key).
    #[error("a header of the request cannot be sent")]
    BadHeader,
    /// The proxy's address cannot be used.
    #[error("the proxy for {purpose} cannot be used")]
    BadProxy {
        /// Name of the purpose.
        purpose: &'static str,
    },
    /// No connection: the name is unknown, nobody listens, TLS failed.
    #[error("the host cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// Nothing came within the time given.
    #[error("the host did not reply in time")]
    TimedOut,
    /// The reply is larger than the caller takes.
    #[error("the reply is larger than {limit} bytes")]
    TooLarge {
        /// What the caller takes, in bytes.
        limit: usize,
    },
    /// The connection broke, or what came is not HTTP.
    #[error("the connection broke")]
    Broken(#[source] reqwest::Error),
}

impl From<reqwest::Error> for NetError {
    fn from(error: reqwest::Error) -> NetError {
        let error = error.without_url();
        if error.is_timeout() {
            return NetError::TimedOut;
        }
        if error.is_builder() {
            return NetError::BadAddress;
        }
        if error.is_connect() {
            return NetError::Unreachable(error);
        }
        NetError::Broken(error)
    }
}
