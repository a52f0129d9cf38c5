//! Requests to the Bot API: one line to each bot, all over the shared client of `net`.
//!
//! Parameters are teloxide's payloads where it has them and typed requests of ours where it has not; the requests
//! themselves are made here, because two things that teloxide's own do not tell decide what happens next: whether
//! the server can have read a request that failed, and the code and parameters of its errors. (Theirs also sleep
//! ten seconds on every error of the server.) Replies are read leniently: a message that was taken must not count
//! as failed because its reply has a field that nobody knows yet.
//!
//! A line holds the token: it has no `Debug`, and no error carries an address (T23).

use std::sync::Arc;
use std::time::Duration;

use domain::bot::{BotSettings, Trouble};
use net::{Answered, Messenger, MessengerError, Net, NetError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use teloxide::requests::Payload;

use crate::trouble::{Cause, Failure};

/// Telegram's own server.
pub const TELEGRAM: &str = "https://api.telegram.org";
/// How long a request may take that asks for something to be done at once.
const AT_ONCE: Duration = Duration::from_secs(30);
/// How long a file may take to come or go.
const FILE: Duration = Duration::from_secs(120);
/// The largest reply: a hundred updates, none of which is larger than half a megabyte.
const LARGEST_REPLY: usize = 64 * 1024 * 1024;

/// A line to one bot.
#[derive(Clone)]
pub struct Line {
    messenger: Messenger,
    /// `https://server/bot<token>/`
    methods: Arc<str>,
    /// `https://server/file/bot<token>/`
    files: Arc<str>,
}

/// Why a call has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The server cannot have read it: it may be sent again at once.
    #[error("not sent: {what}")]
    NotSent {
        /// What happened, without addresses.
        what: String,
    },
    /// The server may have read it, and done it.
    #[error("unknown whether it was taken: {what}")]
    Uncertain {
        /// What happened, without addresses.
        what: String,
    },
    /// The server answered that it did not do it.
    #[error("refused: {}", .0.description)]
    Refused(Failure),
}

impl CallError {
    /// What the server's refusal means, where it is one.
    pub fn cause(&self) -> Option<Cause> {
        match self {
            CallError::Refused(failure) => Some(failure.cause()),
            CallError::NotSent { .. } | CallError::Uncertain { .. } => None,
        }
    }
}

impl From<MessengerError> for CallError {
    fn from(error: MessengerError) -> CallError {
        let what = error.to_string();
        match error.may_have_been_read() {
            true => CallError::Uncertain { what },
            false => CallError::NotSent { what },
        }
    }
}

impl Line {
    /// A line to the bot of `token`, at the server and by the proxy of its settings; `server` where they name none.
    ///
    /// # Errors
    /// [`Trouble::BadAddress`] when the server's or the proxy's address cannot be used.
    pub fn new(
        net: &Net,
        settings: &BotSettings,
        server: &str,
        token: &str,
    ) -> Result<Line, Trouble> {
        let messenger = net.messenger(&settings.proxy).map_err(bad_address)?;
        let server = match settings.api_url.trim_end_matches('/') {
            "" => server.trim_end_matches('/'),
            own => own,
        };
        // What would end the path or the host early is no token, and is not tried at any address.
        let is_token = !token.is_empty()
            && token
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b":_-".contains(&byte));
        if !is_token {
            return Err(Trouble::NeedsToken);
        }
        Ok(Line {
            messenger,
            methods: format!("{server}/bot{token}/").into(),
            files: format!("{server}/file/bot{token}/").into(),
        })
    }

    /// True while only this computer may be spoken to, and the server is elsewhere.
    pub fn is_forbidden(&self) -> bool {
        self.messenger.is_forbidden(&self.methods)
    }

    /// Calls the method of one of teloxide's payloads.
    ///
    /// # Errors
    /// Any [`CallError`].
    pub async fn send<P: Payload + Serialize, R: DeserializeOwned>(
        &self,
        payload: &P,
    ) -> Result<R, CallError> {
        self.call(P::NAME, payload).await
    }

    /// Calls `method` with `parameters`.
    ///
    /// # Errors
    /// Any [`CallError`].
    pub async fn call<R: DeserializeOwned>(
        &self,
        method: &str,
        parameters: &impl Serialize,
    ) -> Result<R, CallError> {
        self.call_within(method, parameters, AT_ONCE).await
    }

    /// The same, with the time it may take.
    ///
    /// # Errors
    /// Any [`CallError`].
    pub async fn call_within<R: DeserializeOwned>(
        &self,
        method: &str,
        parameters: &impl Serialize,
        time: Duration,
    ) -> Result<R, CallError> {
        let body = serde_json::to_vec(parameters).map_err(|error| CallError::NotSent {
            what: error.to_string(),
        })?;
        let address = format!("{}{method}", self.methods);
        let answered = self
            .messenger
            .post_json(&address, body, time, LARGEST_REPLY)
            .await?;
        read(&answered)
    }

    /// Calls `method` with one file: named `name`, in `field`.
    ///
    /// # Errors
    /// Any [`CallError`].
    pub async fn send_file<R: DeserializeOwned>(
        &self,
        method: &str,
        fields: Vec<(String, String)>,
        (field, name, bytes): (&str, String, Vec<u8>),
    ) -> Result<R, CallError> {
        let address = format!("{}{method}", self.methods);
        let file = (field.to_owned(), name, bytes);
        let answered = self
            .messenger
            .post_file(&address, fields, file, FILE, LARGEST_REPLY)
            .await?;
        read(&answered)
    }

    /// The bytes of a file of the server, at most `limit`.
    ///
    /// # Errors
    /// Any [`CallError`].
    pub async fn file(&self, path: &str, limit: usize) -> Result<Vec<u8>, CallError> {
        let is_plain = !path.starts_with('/')
            && !path.contains("..")
            && path
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && !b"?#\\%".contains(&byte));
        if !is_plain {
            // A local server answers with a path of its own disk: nothing is read there.
            return Err(CallError::NotSent {
                what: "the file's path is not one of the server's".to_owned(),
            });
        }
        let address = format!("{}{path}", self.files);
        let answered = self.messenger.get(&address, FILE, limit).await?;
        match answered.status {
            200 => Ok(answered.body.to_vec()),
            status => {
                let body = serde_json::from_slice(&answered.body).unwrap_or_default();
                Err(CallError::Refused(Failure::read(status, &body)))
            }
        }
    }
}

fn read<R: DeserializeOwned>(answered: &Answered) -> Result<R, CallError> {
    let status = answered.status;
    let mut body: Value = serde_json::from_slice(&answered.body).unwrap_or_default();
    if body["ok"] == true {
        return serde_json::from_value(body["result"].take()).map_err(|_| CallError::Uncertain {
            what: "the reply has no result that can be read".to_owned(),
        });
    }
    let failure = Failure::read(status, &body);
    match failure.cause() {
        // Of its own troubles, and of a gateway's that stands before it, nobody knows how far it came.
        Cause::Server(code) => Err(CallError::Uncertain {
            what: format!("status {code}"),
        }),
        _ if status < 400 => Err(CallError::Uncertain {
            what: format!("status {status} with a reply that cannot be read"),
        }),
        _ => Err(CallError::Refused(failure)),
    }
}

fn bad_address(error: NetError) -> Trouble {
    Trouble::BadAddress {
        what: error.to_string(),
    }
}
