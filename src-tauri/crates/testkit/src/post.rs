//! A mail server on loopback that takes letters, refuses them, or asks to come back.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail server that runs until the test ends.
pub struct HandPost {
    /// Its port on 127.0.0.1.
    pub port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    /// What it says to a recipient instead of taking them.
    refusal: Mutex<Option<&'static str>>,
    letters: Mutex<Vec<String>>,
}

impl HandPost {
    /// A server that takes everything.
    pub async fn start() -> HandPost {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port is free");
        let port = listener.local_addr().expect("it has an address").port();
        let shared = Arc::new(Shared::default());
        let of_server = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                // Whoever hangs up in the middle is no fault of the server.
                let _ = serve(line, &of_server).await;
            }
        });
        HandPost { port, shared }
    }

    /// What is said to recipients from now on; `None` takes them.
    pub fn refuse(&self, reply: Option<&'static str>) {
        *self
            .shared
            .refusal
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = reply;
    }

    /// The letters that were taken, with their soft line breaks undone.
    pub fn letters(&self) -> Vec<String> {
        let letters = self.shared.letters.lock();
        letters.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn serve(line: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let mut line = BufReader::new(line);
    say(&mut line, "220 mail.test ESMTP").await?;
    let mut told = String::new();
    loop {
        told.clear();
        if line.read_line(&mut told).await? == 0 {
            return Ok(());
        }
        let refusal = *shared
            .refusal
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let reply = match told.get(..4).unwrap_or_default() {
            "EHLO" => "250 mail.test",
            "RCPT" => refusal.unwrap_or("250 fine"),
            "DATA" => {
                say(&mut line, "354 go on").await?;
                let mut letter = String::new();
                while !letter.ends_with("\r\n.\r\n") {
                    if line.read_line(&mut letter).await? == 0 {
                        return Ok(());
                    }
                }
                let letter = letter.replace("=\r\n", "").replace("=3D", "=");
                let mut letters = shared
                    .letters
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                letters.push(letter);
                "250 taken"
            }
            "QUIT" => return say(&mut line, "221 bye").await,
            _ => "250 fine",
        };
        say(&mut line, reply).await?;
    }
}

async fn say(line: &mut BufReader<TcpStream>, words: &str) -> std::io::Result<()> {
    let words = format!("{words}\r\n");
    line.get_mut().write_all(words.as_bytes()).await
}
