//! What the binary tells the router about the place it stands in.

use std::sync::Arc;

use app::demo::Demo;
use app::pushed::Accept;
use app::simulator::Simulator;

use crate::host::Host;

/// Listeners of events and streamed answers at once where there is room (reliability.md R17).
const MOST_LISTENERS: usize = 10_000;
/// Connections at once where there is room.
const MOST_CONNECTIONS: usize = 14_000;
/// Files that come in at once where there is room.
const MOST_UPLOADS: usize = 64;
/// Open files that are kept for everything but connections: the database and its readers, the index, the
/// children that read documents, models, backups, the way out.
const KEPT_FILES: usize = 128;

/// Where the server stands and what it may be called.
#[derive(Clone)]
pub struct ApiConfig {
    /// Names the server answers to: `localhost` (any port) or `localhost:8080` (that port only). Names of
    /// other places are refused before routing, or a page elsewhere could point its own name here.
    pub hosts: Vec<String>,
    /// True: also to every numeric address and to `localhost`, with any port. For a network, in which it cannot know
    /// by which address and port it is reached (a container's host passes others on). No page can point a number
    /// elsewhere.
    pub numbers: bool,
    /// The address people use from outside, as `https://help.example.com`: its host is allowed too, and over
    /// `https` cookies are `Secure`.
    pub public_url: Option<String>,
    /// Tells the cookies of several installations on one computer apart; letters and digits are used.
    pub instance: String,
    /// Who is believed about a caller's address.
    pub addresses: Addresses,
    /// How much is taken at once.
    pub room: Room,
    /// The demo company, for one-click loading.
    pub demo: Arc<Demo>,
    /// The messenger inside the program; a server without one says that there is no simulator.
    pub simulator: Option<Arc<dyn Simulator>>,
    /// The computer, for the program's own window; a server without one has no window.
    pub host: Option<Arc<dyn Host>>,
    /// What a messenger makes of updates that are brought to webhooks; a server without it takes none.
    pub webhook: Option<Accept>,
}

/// How much a server takes at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Connections; more wait at the door.
    pub connections: usize,
    /// Listeners of events and streamed answers; more are told to come back.
    pub listeners: usize,
    /// Files that come in; more are told to come back.
    pub uploads: usize,
}

impl Room {
    /// What fits into so many open files, with what the program itself needs kept free: a database that
    /// cannot be opened is worse than a listener that has to come back.
    pub fn within(open_files: usize) -> Room {
        let free = open_files.saturating_sub(KEPT_FILES).max(16);
        // An upload is a connection and a file.
        let uploads = (free / 8).min(MOST_UPLOADS);
        let connections = (free - uploads).min(MOST_CONNECTIONS);
        Room {
            connections,
            listeners: (connections * 3 / 4).min(MOST_LISTENERS),
            uploads,
        }
    }

    /// True when open files are what limits it.
    pub fn is_cramped(self) -> bool {
        self.listeners < MOST_LISTENERS
    }
}

/// Who is believed about a caller's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addresses {
    /// The connection itself.
    Connection,
    /// The last entry of `X-Forwarded-For`: a reverse proxy of ours stands in front.
    ReverseProxy,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_and_uploads_leave_room_for_everybody_else() {
        for files in [64, 256, 1_024, 4_096, 20_000, 1_048_576] {
            let room = Room::within(files);
            assert!(room.listeners < room.connections, "{files}: {room:?}");
            assert!(room.listeners > 0 && room.uploads > 0, "{files}: {room:?}");
            let fits = room.connections + room.uploads + KEPT_FILES <= files;
            assert!(fits || files < 256, "{files}: {room:?}");
        }
        assert!(Room::within(1_024).is_cramped());
        assert!(!Room::within(20_000).is_cramped());
    }
}
