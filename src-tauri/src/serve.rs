//! Serving: the listener, who may call it by which name, the note of where it listens, and the end.

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use api::config::{Addresses, ApiConfig, Room};
use api::host::Host;
use app::App;
use domain::bot::RawUpdate;
use net::Net;
use serde::{Deserialize, Serialize};
use telegram::runner::{Runner, RunnerConfig};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::boot::Boot;
use crate::company::company;
use crate::compose::Program;
use crate::exit::Failure;
use crate::open_files;
use crate::simulator::Worlds;
use crate::systemd;
use crate::values;

/// What a server is told about the place it stands in.
#[derive(Debug, Clone, clap::Args)]
pub struct Place {
    /// Where to listen; port 0 takes any free one
    #[arg(
        long,
        value_name = "ADDRESS",
        env = "CHATAI_LISTEN",
        default_value = "127.0.0.1:8484",
        value_parser = values::listen
    )]
    pub listen: SocketAddr,
    /// The address people use from outside, behind a reverse proxy: https://help.example.com
    #[arg(
        long,
        value_name = "URL",
        env = "CHATAI_PUBLIC_URL",
        value_parser = values::public_url
    )]
    pub public_url: Option<String>,
    /// More names this server answers to (name or name:port); others are refused
    #[arg(
        long = "host",
        value_name = "NAME",
        env = "CHATAI_HOSTS",
        value_delimiter = ',',
        value_parser = values::host
    )]
    pub hosts: Vec<String>,
    /// Believe X-Forwarded-For: a reverse proxy of yours stands in front
    #[arg(long, env = "CHATAI_BEHIND_PROXY", value_parser = values::yes_or_no)]
    pub behind_proxy: bool,
    /// Let other computers of the network in: needed for any --listen that is not this computer's own
    #[arg(long, env = "CHATAI_LAN", value_parser = values::yes_or_no)]
    pub lan: bool,
    /// The computer behind the program's own window.
    #[arg(skip)]
    pub host: Hosted,
}

/// What the program's own window may ask of the computer; nothing where there is no window.
#[derive(Clone, Default)]
pub struct Hosted(Option<Arc<dyn Host>>);

impl Hosted {
    /// By this one.
    #[cfg(feature = "desktop")]
    pub fn by(host: impl Host + 'static) -> Hosted {
        Hosted(Some(Arc::new(host)))
    }
}

impl fmt::Debug for Hosted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hosted").field(&self.0.is_some()).finish()
    }
}

impl Place {
    /// Loopback, the names of this computer only.
    #[cfg(feature = "desktop")]
    pub fn loopback() -> Place {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Place {
            listen,
            public_url: None,
            hosts: Vec::new(),
            behind_proxy: false,
            lan: false,
            host: Hosted::default(),
        }
    }

    /// Refuses an address that lets the network in unless somebody said that it may (security.md C16).
    fn permitted(&self) -> Result<(), Failure> {
        if self.lan || self.listen.ip().to_canonical().is_loopback() {
            return Ok(());
        }
        Err(Failure::senseless(format!(
            "listening on {} lets other computers in: say --lan (CHATAI_LAN=1) if that is what you want; for the \
             internet, listen on 127.0.0.1 behind a reverse proxy with TLS and say --public-url and --behind-proxy",
            self.listen
        )))
    }

    /// True where other computers may call by whatever address leads here: see [`ApiConfig::numbers`].
    fn takes_numbers(&self) -> bool {
        self.lan && self.listen.ip().is_unspecified()
    }

    /// Names by which other computers may call: this computer's own.
    fn names_in_the_network(&self) -> Vec<String> {
        match own_name() {
            Some(name) if self.lan => vec![format!("{name}.local"), name],
            _ => Vec::new(),
        }
    }
}

/// What this computer is called in its network, if that is a plain name.
fn own_name() -> Option<String> {
    let told = fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .or_else(|| std::env::var("HOSTNAME").ok())?;
    let name = told.trim().to_ascii_lowercase();
    let is_plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
    (is_plain && !name.is_empty() && name != "localhost").then_some(name)
}

/// A server that runs, and the bots beside it.
pub struct Server {
    /// Where it can be called from this computer, as `http://127.0.0.1:8484`.
    pub url: String,
    /// What people call, where that is another address.
    public_url: Option<String>,
    /// Where it listens.
    address: SocketAddr,
    note: PathBuf,
    stop: watch::Sender<bool>,
    running: JoinHandle<std::io::Result<()>>,
    bots: Bots,
}

/// The bots of a server, and what they were started with.
struct Bots {
    /// Nothing only while they are being started anew.
    running: Option<Runner>,
    app: App,
    net: Net,
    config: RunnerConfig,
}

impl Bots {
    fn start(program: &Program, config: RunnerConfig) -> Bots {
        let (app, net) = (program.app.clone(), program.net.clone());
        Bots {
            running: Some(Runner::start(app.clone(), net.clone(), config.clone())),
            app,
            net,
            config,
        }
    }

    /// Drops the requests that hang on connections of before a sleep, and asks again at once.
    async fn ask_again(&mut self) {
        self.stop().await;
        let (app, net) = (self.app.clone(), self.net.clone());
        self.running = Some(Runner::start(app, net, self.config.clone()));
    }

    async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }
}

impl Server {
    /// Begins to listen and to answer.
    pub fn start(program: &Program, place: &Place) -> Result<Server, Failure> {
        place.permitted()?;
        let listener = TcpListener::bind(place.listen).map_err(|error| {
            let to_do = match error.kind() {
                ErrorKind::AddrInUse => {
                    "; something else listens there: choose another port with --listen (CHATAI_LISTEN), or 0 for any"
                }
                ErrorKind::AddrNotAvailable => "; it is no address of this computer",
                ErrorKind::PermissionDenied => "; ports below 1024 are the system's: choose a higher one",
                _ => "",
            };
            Failure::new(format!("listen on {}: {error}{to_do}", place.listen))
        })?;
        Server::start_on(program, place, listener)
    }

    /// The same on a listener that stands already.
    pub fn start_on(
        program: &Program,
        place: &Place,
        listener: TcpListener,
    ) -> Result<Server, Failure> {
        place.permitted()?;
        let address = listener.local_addr()?;
        let mut listeners = vec![ready(listener)?];
        if address.ip() == Ipv4Addr::LOCALHOST {
            // A browser may take `localhost` for ::1; a computer without IPv6 does without.
            let twin = TcpListener::bind((Ipv6Addr::LOCALHOST, address.port()));
            listeners.extend(twin.ok().map(ready).transpose()?);
        }
        let (stop, stopped) = watch::channel(false);
        let files = open_files::raised();
        let room = Room::within(files);
        if room.is_cramped() {
            tracing::warn!(
                listeners = room.listeners,
                connections = room.connections,
                "few files may be open at once (ulimit -n): {} listeners, {} connections and {} uploads are taken",
                room.listeners,
                room.connections,
                room.uploads
            );
        }
        let router = api::router(program.app.clone(), config(program, place, address, room));
        let url = format!("http://{}", reachable(address));
        let note = program.data.join(NOTE);
        let written = serde_json::to_vec(&Note {
            process: std::process::id(),
            url: url.clone(),
        });
        fs::write(
            &note,
            written.map_err(|error| Failure::new(error.to_string()))?,
        )?;
        tracing::info!(%address, "listening on {address}");
        if place.lan && !place.behind_proxy {
            tracing::warn!(
                "other computers of the network may call; nothing is encrypted on the way unless a reverse proxy with \
                 TLS stands in front"
            );
        }
        let running = tokio::spawn(api::serve::serve(
            listeners,
            router,
            room.connections,
            until(stopped),
        ));
        let bots = Bots::start(
            program,
            RunnerConfig {
                api_url: program.telegram_api.clone(),
                most_bots: open_files::bots_within(files),
                public_url: place.public_url.clone().unwrap_or_default(),
            },
        );
        Ok(Server {
            bots,
            url,
            public_url: place.public_url.clone(),
            address,
            note,
            stop,
            running,
        })
    }

    /// The address with a one-time token that signs in.
    pub fn entry(&self, token: &str) -> String {
        let called = self.public_url.as_ref().unwrap_or(&self.url);
        format!("{called}/enter#{token}")
    }

    /// Finishes the requests in hand, and what the bots have in hand.
    async fn end(mut self) -> Result<(), Failure> {
        self.stop.send_replace(true);
        let (ended, ()) = tokio::join!(self.running, self.bots.stop());
        let ended = ended.map_err(|error| Failure::new(error.to_string()))?;
        // Nobody is hurt when the note stays: it names a process that is gone.
        let _ = fs::remove_file(&self.note);
        Ok(ended?)
    }
}

/// Serves until `asked` resolves or the server fails, and ends both server and program. When a backup takes the
/// place of the data meanwhile, the data folder is opened anew and served at the same address. `standing` holds the
/// use cases while they can be used.
pub async fn keep_serving(
    boot: &Boot,
    mut place: Place,
    mut program: Program,
    mut server: Server,
    standing: &watch::Sender<Option<App>>,
    asked: impl Future<Output = Result<(), Failure>>,
) -> Result<(), Failure> {
    let mut asked = std::pin::pin!(asked);
    boot.warn_of_network();
    systemd::tell(systemd::READY);
    loop {
        standing.send_replace(Some(program.app.clone()));
        let ended = turn(&program.app, &mut server, &mut asked).await;
        standing.send_replace(None);
        if !matches!(ended, Ok(Ended::Restored)) {
            systemd::tell(systemd::STOPPING);
        }
        place.listen = server.address;
        let served = server.end().await;
        program.stop().await?;
        served?;
        if ended? == Ended::Asked {
            return Ok(());
        }
        program = Program::start_serving(boot).await?;
        server = Server::start(&program, &place)?;
    }
}

/// Serves until something ends it. After the computer slept, the bots ask again at once.
async fn turn(
    app: &App,
    server: &mut Server,
    asked: &mut Pin<&mut impl Future<Output = Result<(), Failure>>>,
) -> Result<Ended, Failure> {
    let mut awake = Awake::now();
    loop {
        tokio::select! {
            asked = asked.as_mut() => return asked.map(|()| Ended::Asked),
            () = app.restart_wanted() => return Ok(Ended::Restored),
            ended = &mut server.running => {
                let why = match ended {
                    Ok(Ok(())) => Failure::new("the server ended by itself"),
                    Ok(Err(error)) => error.into(),
                    Err(error) => Failure::new(error.to_string()),
                };
                // It is over; whoever ends the server waits for something that is.
                server.running = tokio::spawn(std::future::ready(Ok(())));
                return Err(why);
            }
            () = tokio::time::sleep(LOOK_AT_CLOCKS) => {
                if awake.has_slept() {
                    tracing::info!("the computer slept: the bots ask for what came meanwhile");
                    server.bots.ask_again().await;
                }
            }
        }
    }
}

/// How often the two clocks are compared.
const LOOK_AT_CLOCKS: Duration = Duration::from_secs(5);
/// Time that passed on the wall and not in the program: a sleep. The clock's own corrections are smaller.
const SLEPT: Duration = Duration::from_secs(30);

/// The two clocks, as they were last seen: the one that stands still while the computer sleeps, and the wall's.
struct Awake {
    steady: Instant,
    wall: SystemTime,
}

impl Awake {
    fn now() -> Awake {
        Awake {
            steady: Instant::now(),
            wall: SystemTime::now(),
        }
    }

    /// True when the computer slept since the last look.
    fn has_slept(&mut self) -> bool {
        let before = std::mem::replace(self, Awake::now());
        let steady = self.steady.duration_since(before.steady);
        // A clock that was set back says nothing.
        let wall = self.wall.duration_since(before.wall).unwrap_or_default();
        slept(steady, wall)
    }
}

fn slept(steady: Duration, wall: Duration) -> bool {
    wall.saturating_sub(steady) >= SLEPT
}

/// Why serving ended.
#[derive(PartialEq, Eq)]
enum Ended {
    Asked,
    Restored,
}

/// Where the server of a data folder listens, as it noted itself.
#[derive(Debug, Serialize, Deserialize)]
pub struct Note {
    /// Its process id.
    pub process: u32,
    /// Its address.
    pub url: String,
}

const NOTE: &str = "serving.json";

impl Note {
    /// The note of the server that runs, or ran last, on the data folder.
    pub fn read(data: &Path) -> Option<Note> {
        serde_json::from_slice(&fs::read(data.join(NOTE)).ok()?).ok()
    }
}

fn config(program: &Program, place: &Place, address: SocketAddr, room: Room) -> ApiConfig {
    let port = address.port();
    let mut hosts = vec![
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("[::1]:{port}"),
    ];
    if !address.ip().is_unspecified() && !address.ip().is_loopback() {
        hosts.push(address.to_string());
    }
    for name in place.names_in_the_network() {
        hosts.push(format!("{name}:{port}"));
    }
    hosts.extend(place.hosts.iter().cloned());
    ApiConfig {
        hosts,
        numbers: place.takes_numbers(),
        public_url: place.public_url.clone(),
        instance: instance(&program.data),
        addresses: match place.behind_proxy {
            true => Addresses::ReverseProxy,
            false => Addresses::Connection,
        },
        room,
        demo: Arc::new(company()),
        simulator: Some(Arc::new(Worlds::default())),
        host: place.host.0.clone(),
        webhook: Some(accept),
    }
}

/// The update that Telegram brings, if it is Telegram who does.
fn accept(token: &str, path: &str, secret: &str, body: &[u8]) -> Option<RawUpdate> {
    telegram::webhook::accept(token, path, secret, body).ok()
}

/// Tells installations on one computer apart: the same for one data folder, another for another one.
fn instance(data: &Path) -> String {
    // FNV-1a (64 bit): any hash does, nobody's safety hangs on it.
    let bytes = data.as_os_str().as_encoded_bytes();
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// An address that can be called from this computer.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        let loopback = match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        };
        address.set_ip(loopback);
    }
    address
}

fn ready(listener: TcpListener) -> std::io::Result<tokio::net::TcpListener> {
    listener.set_nonblocking(true)?;
    tokio::net::TcpListener::from_std(listener)
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that the server's owner is gone: the end as well.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Resolves on Ctrl-C, and on the system's request to end. Listens for both from the call on, not only once it is
/// awaited: call it right before listening. From then on it ends in order; before that, the signal itself ends the
/// program, so that a slow start can be broken off.
///
/// # Errors
/// The system gives no handler for its signals.
pub fn asked_to_end() -> Result<impl Future<Output = Result<(), Failure>>, Failure> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupted = signal(SignalKind::interrupt())?;
        let mut terminated = signal(SignalKind::terminate())?;
        Ok(async move {
            tokio::select! {
                _ = interrupted.recv() => {}
                _ = terminated.recv() => {}
            }
            Ok(())
        })
    }
    #[cfg(not(unix))]
    Ok(async { Ok(tokio::signal::ctrl_c().await?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_every_address_is_called_by_loopback() {
        let told: SocketAddr = "0.0.0.0:8484".parse().unwrap();
        assert_eq!(reachable(told).to_string(), "127.0.0.1:8484");
        let told: SocketAddr = "[::]:8484".parse().unwrap();
        assert_eq!(reachable(told).to_string(), "[::1]:8484");
    }

    #[test]
    fn the_network_is_let_in_only_when_somebody_says_so() {
        let place = |listen: &str, lan| Place {
            listen: listen.parse().unwrap(),
            public_url: None,
            hosts: Vec::new(),
            behind_proxy: false,
            lan,
            host: Hosted::default(),
        };
        for own in ["127.0.0.1:0", "127.0.0.5:80", "[::1]:0"] {
            assert!(place(own, false).permitted().is_ok(), "{own}");
        }
        for all in ["0.0.0.0:0", "[::]:0", "192.168.1.5:80"] {
            let refused = place(all, false).permitted().unwrap_err().to_string();
            assert!(refused.contains("--lan"), "{refused}");
            assert!(place(all, true).permitted().is_ok(), "{all}");
        }
        assert!(
            place("127.0.0.1:0", false)
                .names_in_the_network()
                .is_empty()
        );
        assert!(place("0.0.0.0:0", true).takes_numbers());
        assert!(!place("127.0.0.1:0", true).takes_numbers());
    }

    #[test]
    fn a_sleep_is_time_that_passed_on_the_wall_only() {
        let seconds = Duration::from_secs;
        assert!(slept(seconds(5), seconds(3_600)));
        assert!(!slept(seconds(5), seconds(5)));
        assert!(!slept(seconds(5), seconds(9)), "the clock was corrected");
        assert!(!slept(seconds(60), seconds(62)), "the program was busy");
        assert!(!slept(seconds(5), Duration::ZERO), "the clock was set back");
    }
}
