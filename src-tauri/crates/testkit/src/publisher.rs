//! A publisher of newer versions: an HTTPS server on loopback with a key of its own, that hands out what a test puts
//! there; and a system's installer that remembers what it was given.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use app::updates::{Installer, Label, Outcome, PackageKind, Publisher, Release, Way};
use minisign::KeyPair;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The name of the manifest.
pub const MANIFEST: &str = "latest.json";
/// The name of its signature.
pub const SIGNATURE: &str = "latest.json.minisig";
/// The system that the tests' program says it runs on.
pub const PLATFORM: &str = "linux-x86_64";

/// A publisher who runs until the test ends.
pub struct HandPublisher {
    /// Its server's certificate (DER).
    pub certificate: Vec<u8>,
    port: u16,
    keys: KeyPair,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    files: Mutex<HashMap<String, Served>>,
    asked: Mutex<Vec<String>>,
}

#[derive(Clone, Default)]
struct Served {
    bytes: Vec<u8>,
    /// The connection ends after so many bytes.
    cut: Option<usize>,
    /// Where to ask instead.
    elsewhere: Option<String>,
}

impl HandPublisher {
    /// A publisher with nothing.
    pub async fn start() -> HandPublisher {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]);
        let made = made.expect("a certificate can be made");
        let certificate = made.cert.der().to_vec();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der());
        net::install_crypto();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(certificate.clone())],
                key.expect("the key is one"),
            )
            .expect("certificate and key belong together");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let shared = Arc::new(Shared::default());
        let of_server = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                // Whoever hangs up in the middle is no fault of the server.
                let _ = answer(line, &acceptor, &of_server).await;
            }
        });
        HandPublisher {
            certificate,
            port,
            keys: KeyPair::generate_unencrypted_keypair().expect("keys can be made"),
            shared,
        }
    }

    /// The address of a file.
    pub fn address(&self, name: &str) -> String {
        format!("https://localhost:{}/{name}", self.port)
    }

    /// What is built into a program that believes this publisher.
    pub fn named(&self) -> Publisher {
        Publisher {
            address: self.address(MANIFEST),
            key: self.keys.pk.to_base64(),
        }
    }

    /// Puts a file there.
    pub fn put(&self, name: &str, bytes: impl Into<Vec<u8>>) {
        let bytes = bytes.into();
        let served = Served {
            bytes,
            ..Served::default()
        };
        lock(&self.shared.files).insert(name.to_owned(), served);
    }

    /// Takes a file away.
    pub fn remove(&self, name: &str) {
        lock(&self.shared.files).remove(name);
    }

    /// Lets the connection end after so many bytes of a file; `None` heals it.
    pub fn cut(&self, name: &str, after: Option<usize>) {
        if let Some(served) = lock(&self.shared.files).get_mut(name) {
            served.cut = after;
        }
    }

    /// Sends whoever asks for a file elsewhere.
    pub fn send_elsewhere(&self, name: &str, address: &str) {
        let served = Served {
            elsewhere: Some(address.to_owned()),
            ..Served::default()
        };
        lock(&self.shared.files).insert(name.to_owned(), served);
    }

    /// A signature over these bytes.
    pub fn sign(&self, bytes: &[u8]) -> String {
        let signed = minisign::sign(None, &self.keys.sk, io::Cursor::new(bytes), None, None);
        signed.expect("bytes can be signed").into_string()
    }

    /// Puts a manifest there, and its signature.
    pub fn publish(&self, manifest: &Value) {
        let text = manifest.to_string();
        self.put(SIGNATURE, self.sign(text.as_bytes()));
        self.put(MANIFEST, text);
    }

    /// What was asked for, as `/latest.json` or `/chatai.deb bytes=10-`.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.shared.asked).clone()
    }
}

/// A manifest of a version with one package: `package` under a name beside it.
pub fn manifest(version: &str, time: &str, name: &str, package: &[u8]) -> Value {
    json!({
        "product": "chatai",
        "version": version,
        "time": time,
        "notes": { "en": format!("What is new in {version}."), "ru": format!("Что нового в {version}.") },
        "packages": [{
            "platform": PLATFORM,
            "kind": "deb",
            "address": name,
            "size": package.len(),
            "sha256": hex::encode(Sha256::digest(package)),
        }],
    })
}

/// A package that the installer of the tests can look into.
pub fn package(version: &str) -> Vec<u8> {
    let mut bytes = format!("chatai {version} amd64\n").into_bytes();
    bytes.extend((0..200_000_u32).flat_map(|number| number.to_le_bytes()));
    bytes
}

/// A system's installer that does as it is told.
#[derive(Clone)]
pub struct HandInstaller {
    shared: Arc<Mutex<Hand>>,
}

struct Hand {
    way: Way,
    outcome: Outcome,
    installed: Vec<PathBuf>,
}

impl Default for HandInstaller {
    /// It asks, and installs.
    fn default() -> HandInstaller {
        HandInstaller {
            shared: Arc::new(Mutex::new(Hand {
                way: Way::Asks,
                outcome: Outcome::Installed,
                installed: Vec::new(),
            })),
        }
    }
}

impl HandInstaller {
    /// What a program of version 0.1.0 is, from a Debian package, with this installer.
    pub fn release(&self, publisher: Option<Publisher>) -> Release {
        Release {
            version: "0.1.0".parse().expect("a version"),
            platform: PLATFORM.to_owned(),
            kind: Some(PackageKind::Deb),
            publisher,
            installer: Arc::new(self.clone()),
        }
    }

    /// How installing ends from now on.
    pub fn ends(&self, outcome: Outcome) {
        lock(&self.shared).outcome = outcome;
    }

    /// What was installed.
    pub fn installed(&self) -> Vec<PathBuf> {
        lock(&self.shared).installed.clone()
    }
}

impl Installer for HandInstaller {
    fn way(&self) -> Way {
        lock(&self.shared).way
    }

    fn look_into(&self, package: &Path) -> io::Result<Option<Label>> {
        let bytes = std::fs::read(package)?;
        let line = bytes.split(|byte| *byte == b'\n').next();
        let line = String::from_utf8_lossy(line.unwrap_or_default()).into_owned();
        let mut words = line.split(' ').map(str::to_owned);
        let mut word = || words.next().ok_or_else(|| io::Error::other("no package"));
        Ok(Some(Label {
            name: word()?,
            version: word()?,
            architecture: word()?,
        }))
    }

    fn install(&self, package: &Path) -> io::Result<Outcome> {
        let mut hand = lock(&self.shared);
        hand.installed.push(package.to_owned());
        Ok(hand.outcome)
    }

    fn command(&self, package: &Path) -> String {
        format!("install {}", package.display())
    }
}

async fn answer(line: TcpStream, acceptor: &TlsAcceptor, shared: &Shared) -> io::Result<()> {
    let mut line = acceptor.accept(line).await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(line.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let range = head.lines().find_map(|line| line.strip_prefix("range: "));
    let asked = match range {
        Some(range) => format!("{path} {range}"),
        None => path.clone(),
    };
    lock(&shared.asked).push(asked);
    let served = lock(&shared.files)
        .get(path.trim_start_matches('/'))
        .cloned();
    let begins_at = range.and_then(|range| {
        let from = range.strip_prefix("bytes=")?.strip_suffix('-')?;
        from.parse::<usize>().ok()
    });
    let (status, body, cut, more) = match served {
        None => ("404 Not Found", Vec::new(), None, String::new()),
        Some(Served {
            elsewhere: Some(address),
            ..
        }) => (
            "302 Found",
            Vec::new(),
            None,
            format!("location: {address}\r\n"),
        ),
        Some(served) => match begins_at {
            Some(from) if from < served.bytes.len() => {
                let body = served.bytes[from..].to_vec();
                ("206 Partial Content", body, served.cut, String::new())
            }
            Some(_) => ("416 Range Not Satisfiable", Vec::new(), None, String::new()),
            None => ("200 OK", served.bytes, served.cut, String::new()),
        },
    };
    let announced = body.len();
    let sent = cut.map_or(announced, |cut| cut.min(announced));
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {announced}\r\nconnection: close\r\n{more}\r\n"
    );
    line.write_all(head.as_bytes()).await?;
    line.write_all(&body[..sent]).await?;
    line.shutdown().await
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
