//! The one way out: every outbound request of the program is made or permitted here.
//!
//! Owns: a client for each purpose with its own proxy and timeouts, permits for what is not HTTP, the "local only" switch, and the log of
//! the hosts that were spoken to. Errors never carry an address: addresses can hold keys.
//! Not here: what is asked and what the reply means (`engine`), and the clock (passed in).

mod client;
mod crawl;
mod error;
mod guard;
mod hosts;
mod messenger;
mod settings;
mod switch;

use std::sync::{Arc, Mutex, PoisonError};

pub use client::{Client, Reply, is_nearby};
pub use crawl::{
    Asked, CrawlError, Crawler, LookedUp, Lookup, MOST_REDIRECTS, Page, USER_AGENT, unpack,
};
pub use error::NetError;
pub use hosts::HostSeen;
pub use messenger::{Answered, Messenger, MessengerError};
pub use settings::{NetSettings, Purpose};
pub use url::Url;

use hosts::Hosts;
use switch::Switch;

/// Proxies whose client is remembered.
const MOST_MESSENGERS: usize = 64;

/// Tells the moment, in microseconds since 1970-01-01T00:00:00Z.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Chooses the program's TLS implementation. Called first in `main` and in tests that build a client;
/// calling it again changes nothing.
pub fn install_crypto() {
    // An error means that a provider is installed already, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// All outbound HTTP of the program. Clones share settings and log.
#[derive(Clone)]
pub struct Net {
    shared: Arc<Shared>,
}

/// What is taken for the world: how names are found, and whose certificates are believed.
pub struct World {
    /// Finds the addresses of a name of a site.
    pub lookup: Lookup,
    /// Certificates (DER) that are believed besides those of the system. What is not one makes every client fail.
    pub believed: Vec<Vec<u8>>,
}

impl Default for World {
    /// Names as this computer finds them, and the system's certificates.
    fn default() -> World {
        World {
            lookup: crawl::system_lookup(),
            believed: Vec::new(),
        }
    }
}

struct Shared {
    settings: Mutex<NetSettings>,
    local_only: Switch,
    clients: Mutex<Vec<(Purpose, Client)>>,
    /// One for each proxy that bots go by.
    messengers: Mutex<Vec<(String, Messenger)>>,
    hosts: Arc<Hosts>,
    world: World,
}

impl Net {
    /// The network as `settings` allow it.
    pub fn new(settings: NetSettings, clock: Clock) -> Net {
        Net::within(settings, clock, World::default())
    }

    /// The same where names and certificates are those of `world`: for tests with servers of their own.
    pub fn within(settings: NetSettings, clock: Clock, world: World) -> Net {
        Net {
            shared: Arc::new(Shared {
                local_only: Switch::new(settings.local_only),
                settings: Mutex::new(settings),
                clients: Mutex::default(),
                messengers: Mutex::default(),
                hosts: Arc::new(Hosts::new(clock)),
                world,
            }),
        }
    }

    /// The client for `purpose`; made when first asked for.
    ///
    /// # Errors
    /// [`NetError::BadProxy`] when the proxy's address cannot be used.
    pub fn client(&self, purpose: Purpose) -> Result<Client, NetError> {
        let mut clients = lock(&self.shared.clients);
        if let Some((_, client)) = clients.iter().find(|(known, _)| *known == purpose) {
            return Ok(client.clone());
        }
        let settings = lock(&self.shared.settings).clone();
        let hosts = self.shared.hosts.clone();
        let local_only = &self.shared.local_only;
        let believed = &self.shared.world.believed;
        let client = Client::new(purpose, &settings, local_only, hosts, believed)?;
        clients.push((purpose, client.clone()));
        Ok(client)
    }

    /// The client that all bots of one proxy share; an empty `proxy` stands for the one of the settings, where
    /// there is one. Made when first asked for.
    ///
    /// # Errors
    /// [`NetError::BadProxy`] when the proxy's address cannot be used.
    pub fn messenger(&self, proxy: &str) -> Result<Messenger, NetError> {
        let settings = lock(&self.shared.settings).clone();
        let proxy = match proxy {
            "" => settings.proxy(Purpose::Telegram).unwrap_or_default(),
            own => own,
        };
        let mut messengers = lock(&self.shared.messengers);
        if let Some((_, messenger)) = messengers.iter().find(|(known, _)| known == proxy) {
            return Ok(messenger.clone());
        }
        let messenger = Messenger::new(proxy, &self.shared.local_only, self.shared.hosts.clone())?;
        if messengers.len() >= MOST_MESSENGERS {
            // Whoever uses it keeps it; it is made anew for the next who asks.
            messengers.remove(0);
        }
        messengers.push((proxy.to_owned(), messenger.clone()));
        Ok(messenger)
    }

    /// Fetches pages of the open Internet, and of the one host of this computer's own network that `private` names.
    ///
    /// # Errors
    /// [`NetError::BadProxy`] where the settings want a proxy for sites: it would find names past the guard.
    pub fn crawler(&self, private: Option<&Url>) -> Result<Crawler, NetError> {
        let settings = lock(&self.shared.settings).clone();
        let (lookup, hosts) = (self.shared.world.lookup.clone(), self.shared.hosts.clone());
        Crawler::new(&settings, &self.shared.local_only, private, lookup, hosts)
    }

    /// Uses other settings from now on. Clients that were handed out before keep the old proxies.
    pub fn change(&self, settings: NetSettings) {
        self.shared.local_only.turn(settings.local_only);
        *lock(&self.shared.settings) = settings;
        lock(&self.shared.clients).clear();
        lock(&self.shared.messengers).clear();
    }

    /// From now on only this computer itself may be spoken to, or others again. It holds for every client at once, and
    /// breaks off what they have in hand.
    pub fn set_local_only(&self, local_only: bool) {
        lock(&self.shared.settings).local_only = local_only;
        self.shared.local_only.turn(local_only);
    }

    /// For what is not HTTP and connects by itself: whether a host's port may be spoken to. Notes the host.
    ///
    /// # Errors
    /// [`NetError::LocalOnly`], [`NetError::BadAddress`], and [`NetError::BadProxy`] where the settings want a proxy:
    /// those speak HTTP only, and nothing goes past them.
    pub fn permit(&self, purpose: Purpose, host: &str, port: u16) -> Result<(), NetError> {
        let settings = lock(&self.shared.settings).clone();
        let is_odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | '@');
        if host.is_empty() || host.chars().any(is_odd) {
            return Err(NetError::BadAddress);
        }
        if self.is_local_only() && !client::is_this_computer(host) {
            let host = host.to_owned();
            return Err(NetError::LocalOnly { host });
        }
        if settings.proxy(purpose).is_some() {
            let purpose = purpose.name();
            return Err(NetError::BadProxy { purpose });
        }
        self.shared.hosts.note(&format!("{host}:{port}"), purpose);
        Ok(())
    }

    /// True for a name or address that means this computer and no other.
    pub fn is_this_computer(host: &str) -> bool {
        client::is_this_computer(host)
    }

    /// True while only this computer itself may be spoken to.
    pub fn is_local_only(&self) -> bool {
        self.shared.local_only.is_on()
    }

    /// The hosts that were spoken to, the latest first; at most 1,000.
    pub fn hosts(&self) -> Vec<HostSeen> {
        self.shared.hosts.list()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
