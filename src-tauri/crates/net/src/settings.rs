//! What the owner decides about the network.

/// Why the program speaks to a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Answers by a remote engine.
    Engine,
    /// Vectors by a remote embedder.
    Embedder,
    /// Downloading models.
    Models,
    /// Bots: asking for updates, sending.
    Telegram,
    /// Letters.
    Mail,
    /// Looking for a newer version of the program, and downloading it; encrypted or not at all.
    Updates,
    /// Pages of sites that are followed.
    Sites,
}

impl Purpose {
    /// Its name in logs and settings.
    pub fn name(self) -> &'static str {
        match self {
            Purpose::Engine => "engine",
            Purpose::Embedder => "embedder",
            Purpose::Models => "models",
            Purpose::Telegram => "telegram",
            Purpose::Mail => "mail",
            Purpose::Updates => "updates",
            Purpose::Sites => "sites",
        }
    }
}

/// Proxies and the "local only" switch. The environment's proxies are never used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetSettings {
    /// Proxies (`http://`, `https://`, `socks5h://`) by purpose; a purpose without one connects directly.
    pub proxies: Vec<(Purpose, String)>,
    /// True: only this computer itself (loopback) may be spoken to.
    pub local_only: bool,
}

impl NetSettings {
    /// The proxy for `purpose`.
    pub fn proxy(&self, purpose: Purpose) -> Option<&str> {
        let found = self.proxies.iter().find(|(known, _)| *known == purpose);
        found.map(|(_, address)| address.as_str())
    }
}
