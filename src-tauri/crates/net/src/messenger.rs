//! The client that all bots share: messengers are asked over thousands of long polls, and whether a failed
//! request can have been read decides whether it may be sent again.
//!
//! It is built from the HTTP crate that the messenger's own library brings, so that both use one pool and one
//! TLS. Its addresses hold tokens: no error and no log carries one.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest_for_teloxide as http;

use crate::hosts::Hosts;
use crate::switch::Switch;
use crate::{NetError, Purpose};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an unused connection is kept. Telegram closes them at about 39 s: one that it may have closed is not
/// tried first.
const KEPT: Duration = Duration::from_secs(30);
/// Unused connections that are kept for one host, for [`KEPT`]. When many bots hear something at once, each of them has
/// one for a moment and wants it again in the next; what is closed costs a handshake.
const KEPT_MOST: usize = 1_024;

/// Sends requests to messengers. Clones share its connections.
#[derive(Clone)]
pub struct Messenger {
    http: http::Client,
    local_only: Switch,
    hosts: Arc<Hosts>,
}

/// Why a request to a messenger has no reply. Carries no address.
#[derive(Debug, thiserror::Error)]
pub enum MessengerError {
    /// It was not sent: the rules of this installation, an address or a proxy that cannot be used.
    #[error(transparent)]
    Refused(#[from] NetError),
    /// It was not sent: the name is unknown, nobody listens, TLS failed, the proxy refused.
    #[error("the host cannot be reached: {what}")]
    NotConnected {
        /// What happened, without addresses.
        what: String,
    },
    /// It may have been read: nothing came back in time.
    #[error("the host did not reply in time")]
    TimedOut,
    /// It may have been read: the connection ended before the reply did.
    #[error("the connection broke: {what}")]
    Broken {
        /// What happened, without addresses.
        what: String,
    },
    /// The reply is larger than the caller takes.
    #[error("the reply is larger than {limit} bytes")]
    TooLarge {
        /// What the caller takes, in bytes.
        limit: usize,
    },
}

impl MessengerError {
    /// True when the host can have read the request: sending it again may do it twice.
    pub fn may_have_been_read(&self) -> bool {
        match self {
            MessengerError::Refused(_) | MessengerError::NotConnected { .. } => false,
            MessengerError::TimedOut
            | MessengerError::Broken { .. }
            | MessengerError::TooLarge { .. } => true,
        }
    }
}

/// A reply, whole.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

impl Messenger {
    /// A client by way of `proxy`; empty for none.
    pub(crate) fn new(
        proxy: &str,
        local_only: &Switch,
        hosts: Arc<Hosts>,
    ) -> Result<Messenger, NetError> {
        let bad_proxy = || NetError::BadProxy {
            purpose: Purpose::Telegram.name(),
        };
        let mut builder = http::Client::builder()
            .connect_timeout(CONNECT)
            .pool_idle_timeout(KEPT)
            .pool_max_idle_per_host(KEPT_MOST)
            .tcp_nodelay(true)
            .redirect(http::redirect::Policy::none())
            .user_agent(concat!("ChatAI/", env!("CARGO_PKG_VERSION")))
            .no_proxy();
        if !proxy.is_empty() {
            let proxy = http::Proxy::all(proxy).map_err(|_| bad_proxy())?;
            let this_computer = http::NoProxy::from_string("localhost,127.0.0.0/8,::1");
            builder = builder.proxy(proxy.no_proxy(this_computer));
        }
        Ok(Messenger {
            http: builder.build().map_err(|_| bad_proxy())?,
            local_only: local_only.clone(),
            hosts,
        })
    }

    /// Sends `body` (JSON) to `address` and reads the whole reply, at most `limit` bytes, all within `time`.
    /// Dropping the future cancels the request.
    ///
    /// # Errors
    /// Any [`MessengerError`]. A reply with an error status is a reply.
    pub async fn post_json(
        &self,
        address: &str,
        body: Vec<u8>,
        time: Duration,
        limit: usize,
    ) -> Result<Answered, MessengerError> {
        let address = self.checked(address)?;
        let host = address.host_str().unwrap_or_default().to_owned();
        let request = self
            .http
            .post(address)
            .header("content-type", "application/json")
            .body(body);
        self.answered(&host, request, time, limit).await
    }

    /// Sends a form with one file. `fields` are names with values; the file is named `name` in `field`.
    ///
    /// # Errors
    /// Any [`MessengerError`].
    pub async fn post_file(
        &self,
        address: &str,
        fields: Vec<(String, String)>,
        (field, name, bytes): (String, String, Vec<u8>),
        time: Duration,
        limit: usize,
    ) -> Result<Answered, MessengerError> {
        let mut form = http::multipart::Form::new();
        for (name, value) in fields {
            form = form.text(name, value);
        }
        let file = http::multipart::Part::bytes(bytes).file_name(name);
        let address = self.checked(address)?;
        let host = address.host_str().unwrap_or_default().to_owned();
        let request = self.http.post(address).multipart(form.part(field, file));
        self.answered(&host, request, time, limit).await
    }

    /// Asks for `address`: a file.
    ///
    /// # Errors
    /// Any [`MessengerError`].
    pub async fn get(
        &self,
        address: &str,
        time: Duration,
        limit: usize,
    ) -> Result<Answered, MessengerError> {
        let address = self.checked(address)?;
        let host = address.host_str().unwrap_or_default().to_owned();
        let request = self.http.get(address);
        self.answered(&host, request, time, limit).await
    }

    /// True while the host of this address may not be spoken to, because only this computer may.
    pub fn is_forbidden(&self, address: &str) -> bool {
        let url = http::Url::parse(address).ok();
        let host = url.as_ref().and_then(http::Url::host_str);
        self.local_only.is_on() && !host.is_some_and(crate::client::is_this_computer)
    }

    async fn answered(
        &self,
        host: &str,
        request: http::RequestBuilder,
        time: Duration,
        limit: usize,
    ) -> Result<Answered, MessengerError> {
        let asked = async {
            let mut reply = request.send().await.map_err(failed)?;
            let status = reply.status().as_u16();
            let mut body = Vec::new();
            while let Some(piece) = reply.chunk().await.map_err(broken)? {
                if body.len() + piece.len() > limit {
                    return Err(MessengerError::TooLarge { limit });
                }
                body.extend_from_slice(&piece);
            }
            Ok(Answered {
                status,
                body: body.into(),
            })
        };
        let asked = tokio::time::timeout(time, asked);
        match self.local_only.unless_forbidden(host, asked).await {
            Ok(Ok(answered)) => answered,
            Ok(Err(_)) => Err(MessengerError::TimedOut),
            // What was under way may have been read.
            Err(_) => Err(MessengerError::Broken {
                what: "only this computer may be spoken to".to_owned(),
            }),
        }
    }

    /// The address, if it may be spoken to; notes its host.
    fn checked(&self, address: &str) -> Result<http::Url, NetError> {
        let url = http::Url::parse(address).map_err(|_| NetError::BadAddress)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(NetError::BadAddress);
        }
        let host = url.host_str().ok_or(NetError::BadAddress)?;
        if self.local_only.is_on() && !crate::client::is_this_computer(host) {
            return Err(NetError::LocalOnly {
                host: host.to_owned(),
            });
        }
        match url.port() {
            Some(port) => self
                .hosts
                .note(&format!("{host}:{port}"), Purpose::Telegram),
            None => self.hosts.note(host, Purpose::Telegram),
        }
        Ok(url)
    }
}

/// A request without a reply. The pool itself repeats a request that met a connection closed before anything of
/// it was written; what arrives here has either never been connected or may have been read.
fn failed(error: http::Error) -> MessengerError {
    if error.is_builder() {
        return NetError::BadAddress.into();
    }
    if error.is_connect() {
        return MessengerError::NotConnected {
            what: innermost(&error.without_url()),
        };
    }
    broken(error)
}

fn broken(error: http::Error) -> MessengerError {
    if error.is_timeout() {
        return MessengerError::TimedOut;
    }
    MessengerError::Broken {
        what: innermost(&error.without_url()),
    }
}

/// The first cause: `connection refused` says more than `error sending request`. It never holds the path, which
/// has the token; a host's name at most.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
