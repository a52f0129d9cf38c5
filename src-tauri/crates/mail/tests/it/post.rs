//! A mail server on loopback (RFC 5321, 3207, 4954): it speaks as a real one does, and remembers what it was told.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// How the server is set up.
#[derive(Clone, Default)]
pub struct Rules {
    /// Encrypted from the first byte.
    pub tls: bool,
    /// Offers STARTTLS.
    pub start_tls: bool,
    /// Wants this user and password, as `user password`.
    pub login: Option<&'static str>,
    /// What it says instead of taking something.
    pub refuses: Option<(&'static str, &'static str)>,
    /// The first words; a server that says nothing at all where they are empty.
    pub greeting: &'static str,
}

/// What came.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// Every line before the letter itself, `TLS` where encryption began.
    pub lines: Vec<String>,
    /// The letters.
    pub letters: Vec<String>,
}

/// A server that runs until the test ends.
pub struct Post {
    pub port: u16,
    pub certificate: Vec<u8>,
    heard: Arc<Mutex<Heard>>,
}

impl Post {
    pub async fn start(rules: Rules) -> Post {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let certificate = made.cert.der().to_vec();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        net::install_crypto();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![CertificateDer::from(certificate.clone())], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let told = Arc::clone(&heard);
        tokio::spawn(async move {
            loop {
                let (line, _) = listener.accept().await.unwrap();
                // A customer who hangs up in the middle is no fault of the server.
                let _ = talk(line, &acceptor, &rules, &told).await;
            }
        });
        Post {
            port,
            certificate,
            heard,
        }
    }

    pub fn heard(&self) -> Heard {
        self.heard.lock().unwrap().clone()
    }
}

/// The usual first words.
pub const HELLO: &str = "220 mail.test ESMTP";

async fn talk(
    line: tokio::net::TcpStream,
    acceptor: &TlsAcceptor,
    rules: &Rules,
    heard: &Mutex<Heard>,
) -> std::io::Result<()> {
    if rules.greeting.is_empty() {
        return std::future::pending().await;
    }
    if rules.tls {
        let line = acceptor.accept(line).await?;
        heard.lock().unwrap().lines.push("TLS".to_owned());
        let mut line = BufReader::new(line);
        return serve(&mut line, rules, heard, Greet::Yes).await.map(drop);
    }
    let mut open = BufReader::new(line);
    let wants_tls = serve(&mut open, rules, heard, Greet::Yes).await?;
    if wants_tls {
        let line = acceptor.accept(open.into_inner()).await?;
        heard.lock().unwrap().lines.push("TLS".to_owned());
        serve(&mut BufReader::new(line), rules, heard, Greet::No).await?;
    }
    Ok(())
}

#[derive(PartialEq)]
enum Greet {
    Yes,
    No,
}

/// True when the rest is to be encrypted.
async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    line: &mut BufReader<S>,
    rules: &Rules,
    heard: &Mutex<Heard>,
    greet: Greet,
) -> std::io::Result<bool> {
    let is_encrypted = greet == Greet::No || rules.tls;
    if greet == Greet::Yes {
        say(line, rules.greeting).await?;
    }
    loop {
        let Some(told) = next(line).await? else {
            return Ok(false);
        };
        let word = told
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_uppercase();
        heard.lock().unwrap().lines.push(told.clone());
        if let Some((refused, reply)) = rules.refuses
            && refused == word
        {
            say(line, reply).await?;
            continue;
        }
        match word.as_str() {
            "EHLO" => {
                say(line, "250-mail.test").await?;
                if rules.start_tls && !is_encrypted {
                    say(line, "250-STARTTLS").await?;
                }
                if rules.login.is_some() {
                    say(line, "250-AUTH PLAIN LOGIN").await?;
                }
                say(line, "250 8BITMIME").await?;
            }
            "STARTTLS" => {
                say(line, "220 go on").await?;
                return Ok(true);
            }
            "AUTH" => {
                let fits = told == format!("AUTH PLAIN {}", plain(rules.login.unwrap()));
                let reply = if fits { "235 welcome" } else { "535 5.7.8 no" };
                say(line, reply).await?;
            }
            "DATA" => {
                say(line, "354 go on").await?;
                let mut letter = String::new();
                while let Some(row) = next(line).await? {
                    if row == "." {
                        break;
                    }
                    letter.push_str(&row);
                    letter.push('\n');
                }
                heard.lock().unwrap().letters.push(letter);
                say(line, "250 taken").await?;
            }
            "QUIT" => {
                say(line, "221 bye").await?;
                return Ok(false);
            }
            _ => say(line, "250 fine").await?,
        }
    }
}

/// RFC 4616, in the base64 that the tests know by heart.
fn plain(login: &str) -> &'static str {
    match login {
        "shop secret" => "AHNob3AAc2VjcmV0",
        other => panic!("no base64 of {other}"),
    }
}

async fn next<S: AsyncRead + Unpin>(line: &mut BufReader<S>) -> std::io::Result<Option<String>> {
    let mut told = String::new();
    let read = line.read_line(&mut told).await?;
    Ok((read > 0).then(|| told.trim_end_matches(['\r', '\n']).to_owned()))
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(
    line: &mut BufReader<S>,
    words: &str,
) -> std::io::Result<()> {
    line.get_mut()
        .write_all(format!("{words}\r\n").as_bytes())
        .await?;
    line.get_mut().flush().await
}
