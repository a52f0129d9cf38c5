//! An engine that writes as slowly as a test wants: a server on this computer that speaks as remote engines do, and
//! says each piece when the test says it.

use std::time::Duration;

use app::limited::Daily;
use app::settings::{RemoteChange, SettingsChange};
use domain::assistant::EngineChoice;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::TestApp;

/// How long a test waits for it to be asked.
const PATIENCE: Duration = Duration::from_secs(30);

/// What it was told to say.
#[derive(Debug, Clone, Default)]
struct Said {
    pieces: Vec<String>,
    is_whole: bool,
}

/// The engine. Whoever asks hears everything from the first piece on.
pub struct SlowEngine {
    address: String,
    said: watch::Sender<Said>,
    asked: watch::Receiver<usize>,
}

impl SlowEngine {
    /// Starts it; needs a runtime.
    pub async fn start() -> SlowEngine {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("there is a free port");
        let address = listener.local_addr().expect("it has an address");
        let (said, hears) = watch::channel(Said::default());
        let (asks, asked) = watch::channel(0);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, hears.clone(), asks.clone()));
            }
        });
        SlowEngine {
            address: format!("http://{address}/v1"),
            said,
            asked,
        }
    }

    /// Makes it write the answers of the product's first assistant.
    pub async fn writes_for(&self, kit: &TestApp) {
        let remote = RemoteChange {
            base_url: self.address.clone(),
            model: "slow".to_owned(),
            key: None,
            daily: Daily::default(),
        };
        let change = SettingsChange {
            remote: Some(Some(remote)),
            ..SettingsChange::default()
        };
        let changed = kit.app.change_settings(&kit.owner, change).await;
        changed.expect("settings can be changed");
        let assistants = kit.app.assistants(&kit.owner).await;
        let mut assistant = assistants.expect("assistants can be listed").remove(0);
        assistant.settings.engine = EngineChoice::Remote;
        let (id, name, version) = (assistant.id, assistant.name, assistant.version);
        let changed = kit
            .app
            .update_assistant(&kit.owner, id, &name, assistant.settings, version)
            .await;
        changed.expect("an assistant can be changed");
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        *self.asked.borrow()
    }

    /// Waits until it has been asked so often, at most half a minute.
    pub async fn until_asked(&self, often: usize) {
        let mut asked = self.asked.clone();
        let enough = asked.wait_for(|asked| *asked >= often);
        tokio::time::timeout(PATIENCE, enough)
            .await
            .expect("it is asked so often")
            .expect("it still listens");
    }

    /// Says some more.
    pub fn says(&self, piece: &str) {
        self.said
            .send_modify(|said| said.pieces.push(piece.to_owned()));
    }

    /// Says that this was all.
    pub fn ends(&self) {
        self.said.send_modify(|said| said.is_whole = true);
    }
}

async fn serve(
    mut stream: TcpStream,
    mut hears: watch::Receiver<Said>,
    asks: watch::Sender<usize>,
) {
    let mut request = Vec::new();
    while !is_whole(&request) {
        let mut part = [0; 4096];
        match stream.read(&mut part).await {
            Ok(count) if count > 0 => request.extend_from_slice(&part[..count]),
            _ => return,
        }
    }
    asks.send_modify(|count| *count += 1);
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let mut told = 0;
    if stream.write_all(head.as_bytes()).await.is_err() {
        return;
    }
    loop {
        let said = hears.borrow_and_update().clone();
        for piece in &said.pieces[told..] {
            let piece = serde_json::json!({"choices": [{"delta": {"content": piece}}]});
            let event = format!("data: {piece}\n\n");
            if stream.write_all(event.as_bytes()).await.is_err() {
                return;
            }
        }
        told = said.pieces.len();
        if said.is_whole {
            // Whoever left does not hear it.
            let _ = stream.write_all(b"data: [DONE]\n\n").await;
            return;
        }
        if hears.changed().await.is_err() {
            return;
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0)
}
