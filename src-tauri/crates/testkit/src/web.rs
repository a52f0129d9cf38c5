//! A web site on loopback whose pages are set by hand, and names that lead where a test says.
//!
//! Names that no test gave a meaning lead nowhere: no test asks the Internet.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use net::Lookup;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What a page answers.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// The HTTP status; 200 unless set.
    pub status: Option<u16>,
    /// Headers besides the length.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How it is said.
    pub manner: Manner,
}

/// How a reply is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Manner {
    /// At once, as a whole.
    #[default]
    Plain,
    /// Without end.
    Endless,
    /// The connection ends without a word.
    Broken,
}

impl Reply {
    /// A page of HTML.
    pub fn html(body: &str) -> Reply {
        Reply::of("text/html; charset=utf-8", body.as_bytes())
    }

    /// Anything else.
    pub fn of(content_type: &str, body: &[u8]) -> Reply {
        let body = body.to_vec();
        Reply {
            body,
            ..Reply::default()
        }
        .with("content-type", content_type)
    }

    /// Nothing but a status.
    pub fn status(status: u16) -> Reply {
        Reply {
            status: Some(status),
            ..Reply::default()
        }
    }

    /// A redirect.
    pub fn redirect(to: &str) -> Reply {
        Reply::status(302).with("location", to)
    }

    /// The same with a header.
    pub fn with(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// Answers what no page was set for.
type Otherwise = Arc<dyn Fn(&str) -> Option<Reply> + Send + Sync>;

/// A site.
#[derive(Clone)]
pub struct Web {
    /// Its port on 127.0.0.1.
    pub port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    pages: Mutex<HashMap<String, Reply>>,
    otherwise: Mutex<Option<Otherwise>>,
    asked: Mutex<Vec<String>>,
}

impl Web {
    /// A site without pages.
    pub async fn start() -> Web {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let shared = Arc::new(Shared::default());
        let serving = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&serving)));
            }
        });
        Web { port, shared }
    }

    /// The address of a path.
    pub fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Sets what a path, its query included, answers.
    pub fn put(&self, path: &str, reply: Reply) {
        lock(&self.shared.pages).insert(path.to_owned(), reply);
    }

    /// Takes a page away.
    pub fn remove(&self, path: &str) {
        lock(&self.shared.pages).remove(path);
    }

    /// Answers every path that has no page.
    pub fn otherwise(&self, answer: impl Fn(&str) -> Option<Reply> + Send + Sync + 'static) {
        *lock(&self.shared.otherwise) = Some(Arc::new(answer));
    }

    /// The heads of all requests since the last time this was asked, in their order.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.shared.asked))
    }

    /// The paths of [`Web::asked`].
    pub fn asked_paths(&self) -> Vec<String> {
        let path = |head: &String| head.split(' ').nth(1).map(str::to_owned);
        self.asked().iter().filter_map(path).collect()
    }
}

async fn talk(mut stream: TcpStream, shared: Arc<Shared>) {
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    loop {
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return,
            Ok(read) => head.extend_from_slice(&piece[..read]),
        }
        if !head.windows(4).any(|end| end == b"\r\n\r\n") {
            continue;
        }
        let text = String::from_utf8_lossy(&head).into_owned();
        head.clear();
        let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
        let known = value(&text, "if-none-match");
        lock(&shared.asked).push(text);
        let page = lock(&shared.pages).get(&path).cloned();
        let otherwise = lock(&shared.otherwise).clone();
        let page = page.or_else(|| otherwise.and_then(|answer| answer(&path)));
        let reply = page.unwrap_or_else(|| Reply::status(404));
        let tag = reply.headers.iter().find(|(name, _)| name == "etag");
        let is_known = known.is_some() && known.as_deref() == tag.map(|(_, tag)| tag.as_str());
        let reply = match is_known {
            true => Reply::status(304),
            false => reply,
        };
        if say(&mut stream, &reply).await.is_err() {
            return;
        }
    }
}

fn value(head: &str, name: &str) -> Option<String> {
    let line = head
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.map(|value| value.trim().to_owned())
}

async fn say(stream: &mut TcpStream, reply: &Reply) -> io::Result<()> {
    let status = reply.status.unwrap_or(200);
    let mut head = format!("HTTP/1.1 {status} Said\r\n");
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    match reply.manner {
        Manner::Plain => {
            head.push_str(&format!("content-length: {}\r\n\r\n", reply.body.len()));
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&reply.body).await
        }
        Manner::Endless => {
            head.push_str("connection: close\r\n\r\n");
            stream.write_all(head.as_bytes()).await?;
            let piece = vec![b'a'; 64 * 1024];
            loop {
                stream.write_all(&piece).await?;
            }
        }
        Manner::Broken => Err(io::ErrorKind::ConnectionReset.into()),
    }
}

type Answers = HashMap<String, VecDeque<Vec<IpAddr>>>;

static NAMES: LazyLock<Mutex<Answers>> = LazyLock::new(Mutex::default);

/// Lets a name lead to these addresses: the first answer first, the last one from then on.
pub fn name(name: &str, answers: &[&[&str]]) {
    let parse = |answer: &&[&str]| -> Vec<IpAddr> {
        let addresses = answer.iter().map(|address| address.parse());
        addresses
            .collect::<Result<_, _>>()
            .expect("an address of a test is one")
    };
    let answers = answers.iter().map(parse).collect();
    lock(&NAMES).insert(name.to_owned(), answers);
}

/// Finds the names of [`name`], and no others.
pub fn lookup() -> Lookup {
    Arc::new(|name| {
        let mut names = lock(&NAMES);
        let found = names
            .get_mut(&name)
            .and_then(|answers| match answers.len() {
                0 | 1 => answers.front().cloned(),
                _ => answers.pop_front(),
            });
        Box::pin(async move { found.ok_or_else(|| io::ErrorKind::NotFound.into()) })
    })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
