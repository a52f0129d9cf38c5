//! A client for one purpose, and the replies it gets.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Url;
use reqwest::redirect::Policy;

use crate::guard::{self, Reachable};
use crate::hosts::Hosts;
use crate::switch::Switch;
use crate::{NetError, NetSettings, Purpose};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a host may be silent, unless the request says otherwise.
const SILENCE: Duration = Duration::from_secs(60);
/// How many redirects a download may follow.
const MOST_REDIRECTS: usize = 5;

/// Sends requests for one purpose. Clones share its connections.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    purpose: Purpose,
    local_only: Switch,
    hosts: Arc<Hosts>,
}

impl Client {
    pub(crate) fn new(
        purpose: Purpose,
        settings: &NetSettings,
        local_only: &Switch,
        hosts: Arc<Hosts>,
        believed: &[Vec<u8>],
    ) -> Result<Client, NetError> {
        let bad_proxy = || NetError::BadProxy {
            purpose: purpose.name(),
        };
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .read_timeout(SILENCE)
            .redirect(redirects(purpose, local_only.clone(), hosts.clone()))
            .user_agent(concat!("ChatAI/", env!("CARGO_PKG_VERSION")))
            .no_proxy();
        for certificate in believed {
            let certificate = reqwest::Certificate::from_der(certificate)?;
            builder = builder.tls_certs_merge([certificate]);
        }
        if let Some(address) = settings.proxy(purpose) {
            let proxy = reqwest::Proxy::all(address).map_err(|_| bad_proxy())?;
            let this_computer = reqwest::NoProxy::from_string("localhost,127.0.0.0/8,::1");
            builder = builder.proxy(proxy.no_proxy(this_computer));
        }
        Ok(Client {
            http: builder.build().map_err(|_| bad_proxy())?,
            purpose,
            local_only: local_only.clone(),
            hosts,
        })
    }

    /// Asks for `address`. `headers` are names with values.
    ///
    /// # Errors
    /// Any [`NetError`] but `TooLarge`. A reply with an error status is a reply.
    pub async fn get(&self, address: &str, headers: &[(&str, &str)]) -> Result<Reply, NetError> {
        let address = self.checked(address)?;
        let host = bare_host(&address);
        let request = with_headers(self.http.get(address), headers)?;
        self.reply(&host, request).await
    }

    /// Sends `body` as JSON to `address`. Dropping the future cancels the request.
    ///
    /// # Errors
    /// Any [`NetError`] but `TooLarge`. A reply with an error status is a reply.
    pub async fn post_json(
        &self,
        address: &str,
        headers: &[(&str, &str)],
        body: &serde_json::Value,
    ) -> Result<Reply, NetError> {
        let address = self.checked(address)?;
        let host = bare_host(&address);
        let request = with_headers(self.http.post(address).json(body), headers)?;
        self.reply(&host, request).await
    }

    async fn reply(&self, host: &str, request: reqwest::RequestBuilder) -> Result<Reply, NetError> {
        let sent = self.local_only.unless_forbidden(host, request.send());
        let inner = sent.await??;
        Ok(Reply {
            host: bare_host(inner.url()),
            local_only: self.local_only.clone(),
            inner,
        })
    }

    /// The address, if it may be spoken to; notes its host.
    fn checked(&self, address: &str) -> Result<Url, NetError> {
        let url = Url::parse(address).map_err(|_| NetError::BadAddress)?;
        if !speaks(self.purpose, &url) {
            return Err(NetError::BadAddress);
        }
        let host = host_of(&url).ok_or(NetError::BadAddress)?;
        if self.local_only.is_on() && !url.host_str().is_some_and(is_this_computer) {
            return Err(NetError::LocalOnly { host });
        }
        self.hosts.note(&host, self.purpose);
        Ok(url)
    }
}

/// A reply whose body is read piece by piece.
pub struct Reply {
    inner: reqwest::Response,
    host: String,
    local_only: Switch,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("inner", &self.inner)
            .finish_non_exhaustive()
    }
}

impl Reply {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.inner.status().as_u16()
    }

    /// The value of a header, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.inner.headers().get(name)?.to_str().ok()
    }

    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    /// [`NetError::TimedOut`] after 60 s of silence, [`NetError::Broken`] when the connection ends early,
    /// [`NetError::LocalOnly`] when the host may not be spoken to any more.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, NetError> {
        let piece = self
            .local_only
            .unless_forbidden(&self.host, self.inner.chunk());
        Ok(piece.await??)
    }

    /// The whole body, if it is at most `limit` bytes.
    ///
    /// # Errors
    /// [`NetError::TooLarge`] as soon as it is longer; the errors of [`Reply::chunk`].
    pub async fn bytes(mut self, limit: usize) -> Result<Vec<u8>, NetError> {
        let mut body = Vec::new();
        while let Some(piece) = self.chunk().await? {
            if body.len() + piece.len() > limit {
                return Err(NetError::TooLarge { limit });
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }
}

/// Only downloads follow redirects: a request that carries a key and a customer's words goes where it was
/// sent or nowhere.
fn redirects(purpose: Purpose, local_only: Switch, hosts: Arc<Hosts>) -> Policy {
    if !matches!(purpose, Purpose::Models | Purpose::Updates) {
        return Policy::none();
    }
    Policy::custom(move |attempt| {
        let is_web = speaks(purpose, attempt.url());
        let from_https = attempt.previous().iter().any(|url| url.scheme() == "https");
        let loses_tls = from_https && attempt.url().scheme() != "https";
        let is_here = attempt.url().host_str().is_some_and(is_this_computer);
        let forbidden = local_only.is_on() && !is_here;
        if !is_web || loses_tls || forbidden || attempt.previous().len() > MOST_REDIRECTS {
            return attempt.stop();
        }
        if let Some(host) = host_of(attempt.url()) {
            hosts.note(&host, purpose);
        }
        attempt.follow()
    })
}

/// True for an address that this purpose speaks to: `https`, and `http` where what comes is not the program itself.
fn speaks(purpose: Purpose, url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => purpose != Purpose::Updates,
        _ => false,
    }
}

fn with_headers(
    mut request: reqwest::RequestBuilder,
    headers: &[(&str, &str)],
) -> Result<reqwest::RequestBuilder, NetError> {
    for (name, value) in headers {
        let mut value =
            reqwest::header::HeaderValue::from_str(value).map_err(|_| NetError::BadHeader)?;
        value.set_sensitive(*name == "authorization");
        request = request.header(*name, value);
    }
    Ok(request)
}

fn bare_host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

fn host_of(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

pub(crate) fn is_this_computer(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

/// True for the address of a server on this computer or beside it: a loopback or private address, a name
/// without a dot, or one of a name space that the world does not have.
pub fn is_nearby(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    let Some(host) = url.host_str() else {
        return false;
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => guard::reach(address) == Reachable::Private,
        Err(_) => {
            let spaces = [".local", ".lan", ".internal", ".home.arpa", ".localhost"];
            !host.contains('.') || spaces.iter().any(|space| host.ends_with(space))
        }
    }
}
