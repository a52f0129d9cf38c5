//! Asking the web for pages whose addresses somebody else wrote (security.md C10).
//!
//! Every address is checked where the connection is made: the name is resolved once, all its addresses have to be
//! permitted, and the connection goes to one of exactly these, so that a second answer of the name's server changes
//! nothing. Redirects are followed by hand, each checked anew. No cookies, no keys, no proxies of the environment.

use std::future::Future;
use std::io::{self, Read};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use url::{Host, Url};

use crate::guard::{Reachable, reach};
use crate::hosts::Hosts;
use crate::switch::Switch;
use crate::{NetError, NetSettings, Purpose, client};

/// How many redirects are followed.
pub const MOST_REDIRECTS: usize = 5;
/// How long one address may take, its redirects included.
const WHOLE: Duration = Duration::from_secs(20);
/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// Addresses of one name that are looked at; a name with more is refused.
const MOST_ADDRESSES: usize = 64;

/// Who asks: said to every site, and what robots.txt knows the program by.
pub const USER_AGENT: &str = concat!(
    "ChatAI/",
    env!("CARGO_PKG_VERSION"),
    " (reads the sites that its owner names)"
);

/// What a name's server answered.
pub type LookedUp = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;
/// Finds the addresses of a name.
pub type Lookup = Arc<dyn Fn(String) -> LookedUp + Send + Sync>;

/// Finds names as this computer does.
pub(crate) fn system_lookup() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// Fetches pages of one site, and of the sites that it leads to.
#[derive(Clone)]
pub struct Crawler {
    http: reqwest::Client,
    allowed: Option<Allowed>,
    local_only: Switch,
    hosts: Arc<Hosts>,
}

/// A host of this computer or its network that the owner named.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Allowed {
    host: String,
    port: u16,
}

/// Why a page could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum CrawlError {
    /// The address lies in this computer's own network, or where nobody may look.
    #[error("the address leads into this computer's own network")]
    Forbidden,
    /// One redirect after the other.
    #[error("the address leads in circles")]
    Redirects,
    /// A redirect that is not to be followed.
    #[error("the address leads elsewhere")]
    LeadsElsewhere {
        /// Where to.
        to: String,
    },
    /// The reply is packed in a way that is not read, or damaged.
    #[error("the reply is packed in a way that is not read")]
    Packed,
    /// What can go wrong with any request.
    #[error("the request failed")]
    Net(#[from] NetError),
}

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked<'a> {
    /// `ETag` of what is known.
    pub tag: &'a str,
    /// `Last-Modified` of what is known.
    pub modified: &'a str,
    /// Most bytes that are taken, unpacked.
    pub limit: usize,
}

/// What a site said.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where it was found in the end.
    pub address: Url,
    /// The HTTP status.
    pub status: u16,
    /// The whole of `Content-Type`.
    pub content_type: String,
    /// `ETag`.
    pub tag: String,
    /// `Last-Modified`.
    pub modified: String,
    /// `X-Robots-Tag`.
    pub robots: String,
    /// Seconds of `Retry-After`, where it is a number.
    pub retry_after: Option<u32>,
    /// The body, unpacked; empty unless the status is 200.
    pub body: Vec<u8>,
}

impl Crawler {
    pub(crate) fn new(
        settings: &NetSettings,
        local_only: &Switch,
        private: Option<&Url>,
        lookup: Lookup,
        hosts: Arc<Hosts>,
    ) -> Result<Crawler, NetError> {
        // A proxy would find the names itself, past the guard.
        if settings.proxy(Purpose::Sites).is_some() {
            let purpose = Purpose::Sites.name();
            return Err(NetError::BadProxy { purpose });
        }
        let allowed = private.and_then(Allowed::of);
        let guard = Guard {
            lookup,
            allowed: allowed.as_ref().map(|allowed| allowed.host.clone()),
        };
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .redirect(Policy::none())
            .user_agent(USER_AGENT)
            .no_proxy()
            .dns_resolver(Arc::new(guard))
            .pool_max_idle_per_host(1)
            .build()?;
        Ok(Crawler {
            http,
            allowed,
            local_only: local_only.clone(),
            hosts,
        })
    }

    /// What lies at `address`; what is known of it is told there, and not where it leads. Redirects are followed while `follows` agrees to where they lead.
    ///
    /// # Errors
    /// [`CrawlError::Forbidden`] for what lies in this computer's own network, [`CrawlError::Redirects`] after too many
    /// of them, [`CrawlError::LeadsElsewhere`] where `follows` does not agree, and any other.
    pub async fn get(
        &self,
        address: &Url,
        asked: &Asked<'_>,
        follows: &(dyn Fn(&Url) -> bool + Sync),
    ) -> Result<Page, CrawlError> {
        let whole = tokio::time::timeout(WHOLE, self.follow(address, asked, follows));
        let host = address.host_str().unwrap_or_default();
        match self.local_only.unless_forbidden(host, whole).await? {
            Ok(page) => page,
            Err(_) => Err(NetError::TimedOut.into()),
        }
    }

    async fn follow(
        &self,
        address: &Url,
        asked: &Asked<'_>,
        follows: &(dyn Fn(&Url) -> bool + Sync),
    ) -> Result<Page, CrawlError> {
        let mut address = address.clone();
        for step in 0..=MOST_REDIRECTS {
            self.check(&address)?;
            let mut request = self
                .http
                .get(address.clone())
                .header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")
                .header("accept-encoding", "gzip");
            if step == 0 && !asked.tag.is_empty() {
                request = request.header("if-none-match", asked.tag);
            }
            if step == 0 && !asked.modified.is_empty() {
                request = request.header("if-modified-since", asked.modified);
            }
            let reply = request.send().await.map_err(forbidden_or)?;
            let next = match reply.status().as_u16() {
                301 | 302 | 303 | 307 | 308 => header(&reply, "location"),
                _ => String::new(),
            };
            if next.is_empty() {
                return read(address, reply, asked.limit).await;
            }
            let next = address.join(&next).map_err(|_| NetError::BadAddress)?;
            if !follows(&next) {
                return Err(CrawlError::LeadsElsewhere { to: next.into() });
            }
            address = next;
        }
        Err(CrawlError::Redirects)
    }

    /// Checks what can be seen of an address before anybody is asked; notes its host.
    fn check(&self, address: &Url) -> Result<(), CrawlError> {
        let is_web = matches!(address.scheme(), "http" | "https");
        let has_key = !address.username().is_empty() || address.password().is_some();
        let host = address.host().ok_or(NetError::BadAddress)?;
        if !is_web || has_key {
            return Err(NetError::BadAddress.into());
        }
        let name = address.host_str().unwrap_or_default();
        let shown = match address.port() {
            Some(port) => format!("{name}:{port}"),
            None => name.to_owned(),
        };
        if self.local_only.is_on() && !client::is_this_computer(name) {
            return Err(NetError::LocalOnly { host: shown }.into());
        }
        let literal = match host {
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
            Host::Domain(_) => None,
        };
        let is_allowed = match &self.allowed {
            Some(allowed) => allowed.is(address),
            None => false,
        };
        if let Some(literal) = literal {
            permitted(literal, is_allowed)?;
        }
        // Of the allowed host only what listens at the port that was named, or where the web usually does.
        let names_allowed = self
            .allowed
            .as_ref()
            .is_some_and(|allowed| allowed.host == name);
        if names_allowed && !is_allowed {
            return Err(CrawlError::Forbidden);
        }
        self.hosts.note(&shown, Purpose::Sites);
        Ok(())
    }
}

impl Allowed {
    fn of(address: &Url) -> Option<Allowed> {
        Some(Allowed {
            host: address.host_str()?.to_owned(),
            port: address.port_or_known_default()?,
        })
    }

    fn is(&self, address: &Url) -> bool {
        let port = address.port_or_known_default().unwrap_or_default();
        let is_port = port == self.port || [port, self.port].iter().all(|p| matches!(p, 80 | 443));
        address.host_str() == Some(&self.host) && is_port
    }
}

/// Permits what is on the open Internet, and what is private where it is allowed.
fn permitted(address: IpAddr, is_allowed: bool) -> Result<(), CrawlError> {
    match reach(address) {
        Reachable::Public => Ok(()),
        Reachable::Private if is_allowed => Ok(()),
        Reachable::Private | Reachable::Never => Err(CrawlError::Forbidden),
    }
}

/// Finds the addresses that a connection is made to, and permits all of them or none.
struct Guard {
    lookup: Lookup,
    allowed: Option<String>,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let is_allowed = self.allowed.as_deref() == Some(name.as_str());
        let found = (self.lookup)(name.as_str().to_owned());
        Box::pin(async move {
            let addresses = found.await?;
            if addresses.is_empty() || addresses.len() > MOST_ADDRESSES {
                return Err(io::Error::other("the name has no address that can be used").into());
            }
            for address in &addresses {
                if permitted(*address, is_allowed).is_err() {
                    return Err(Refused.into());
                }
            }
            // The port is that of the address that is asked for.
            let sockets = addresses.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(sockets) as Addrs)
        })
    }
}

/// The guard said no.
#[derive(Debug, thiserror::Error)]
#[error("the name leads into this computer's own network")]
struct Refused;

fn forbidden_or(error: reqwest::Error) -> CrawlError {
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        if inner.is::<Refused>() {
            return CrawlError::Forbidden;
        }
        cause = inner.source();
    }
    NetError::from(error).into()
}

fn header(reply: &reqwest::Response, name: &str) -> String {
    let value = reply.headers().get(name);
    let text = value.and_then(|value| value.to_str().ok());
    text.unwrap_or_default().trim().to_owned()
}

async fn read(
    address: Url,
    mut reply: reqwest::Response,
    limit: usize,
) -> Result<Page, CrawlError> {
    let mut page = Page {
        address,
        status: reply.status().as_u16(),
        content_type: header(&reply, "content-type"),
        tag: header(&reply, "etag"),
        modified: header(&reply, "last-modified"),
        robots: header(&reply, "x-robots-tag"),
        retry_after: header(&reply, "retry-after").parse().ok(),
        body: Vec::new(),
    };
    if page.status != 200 {
        return Ok(page);
    }
    let said = reply.content_length().unwrap_or_default();
    if said > limit as u64 {
        return Err(NetError::TooLarge { limit }.into());
    }
    while let Some(piece) = reply.chunk().await.map_err(NetError::from)? {
        if page.body.len() + piece.len() > limit {
            return Err(NetError::TooLarge { limit }.into());
        }
        page.body.extend_from_slice(&piece);
    }
    match header(&reply, "content-encoding").as_str() {
        "" | "identity" => {}
        "gzip" | "x-gzip" => page.body = unpack(&page.body, limit)?,
        _ => return Err(CrawlError::Packed),
    }
    Ok(page)
}

/// What was packed with gzip, if it is at most `limit` bytes.
///
/// # Errors
/// [`NetError::TooLarge`] as soon as it is longer, [`CrawlError::Packed`] where it is damaged.
pub fn unpack(packed: &[u8], limit: usize) -> Result<Vec<u8>, CrawlError> {
    let mut body = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut reader = flate2::read::MultiGzDecoder::new(packed).take(most);
    reader
        .read_to_end(&mut body)
        .map_err(|_| CrawlError::Packed)?;
    match body.len() > limit {
        true => Err(NetError::TooLarge { limit }.into()),
        false => Ok(body),
    }
}
