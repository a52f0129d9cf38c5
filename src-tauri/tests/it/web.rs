//! The program serving, and a plain HTTP client: one request a connection.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::program::{Program, Ran};

/// Longest wait for a line, an answer, or the end.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, serving.
pub struct Served {
    child: Child,
    host: Option<String>,
    pid: Option<u32>,
    text: JoinHandle<()>,
    complaining: JoinHandle<()>,
    complaint: Arc<Mutex<String>>,
}

impl Served {
    /// Starts it by `command` (which may be a tracer's) and waits until it listens or has ended.
    pub fn start(program: &Program, command: &mut Command) -> Served {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let complaint = Arc::new(Mutex::new(String::new()));
        let (kept, said) = (Arc::clone(&complaint), child.stderr.take().unwrap());
        let complaining = thread::spawn(move || {
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                let mut kept = kept.lock().unwrap();
                kept.push_str(&line);
                kept.push('\n');
            }
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().and_then(Result::ok).unwrap_or_default();
        let host = first
            .strip_prefix("ChatAI serves http://")
            .map(str::to_owned);
        let note = std::fs::read(program.data().join("serving.json")).ok();
        let note: Option<Value> = note.and_then(|note| serde_json::from_slice(&note).ok());
        let pid = note.and_then(|note| u32::try_from(note["process"].as_u64()?).ok());
        // What it says later must not make it wait.
        let text = thread::spawn(move || for _ in lines {});
        Served {
            child,
            pid: host.as_ref().and(pid),
            host,
            text,
            complaining,
            complaint,
        }
    }

    /// The same by its own command.
    pub fn on(program: &Program) -> Served {
        let mut serve = program.command(&["serve", "--listen", "127.0.0.1:0"]);
        Served::start(program, &mut serve)
    }

    /// False when it ended instead.
    pub fn is_listening(&self) -> bool {
        self.host.is_some()
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.pid.unwrap()
    }

    /// Its address.
    pub fn host(&self) -> String {
        self.host.clone().unwrap_or_default()
    }

    /// What it complained of so far.
    pub fn complaint(&self) -> String {
        self.complaint.lock().unwrap().clone()
    }

    /// A client nobody is signed in with.
    pub fn client(&self) -> Client {
        Client {
            host: self.host(),
            cookie: String::new(),
        }
    }

    /// A client that signs in.
    pub fn signed_in(&self, email: &str, password: &str) -> io::Result<Client> {
        let mut client = self.client();
        let asked = json!({ "email": email, "password": password });
        let reply = client.post("/api/session", &asked)?;
        match reply.status {
            200 => Ok(client),
            _ => Err(io::Error::other(reply.body)),
        }
    }

    /// Kills it.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.text.join().unwrap();
    }

    /// Asks it to end and waits.
    pub fn end(mut self) -> Ran {
        if let Some(pid) = self.pid {
            Command::new("kill")
                .args(["-TERM", &pid.to_string()])
                .stderr(Stdio::null())
                .status()
                .unwrap();
        }
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if begun.elapsed() > PATIENCE {
                self.child.kill().unwrap();
                panic!("it does not end when asked to: {}", self.complaint());
            }
            thread::sleep(Duration::from_millis(5));
        };
        let complaint = Arc::clone(&self.complaint);
        self.text.join().unwrap();
        // All that it said before it ended has been read then.
        self.complaining.join().unwrap();
        let complaint = complaint.lock().unwrap().clone();
        Ran::ended(status, complaint)
    }
}

/// Who asks.
pub struct Client {
    host: String,
    cookie: String,
}

/// An answer.
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: String,
}

impl Reply {
    /// The body as JSON; null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

impl Client {
    /// Asks for something.
    pub fn get(&mut self, path: &str) -> io::Result<Reply> {
        self.ask("GET", path, "", &[])
    }

    /// Deletes something.
    pub fn delete(&mut self, path: &str) -> io::Result<Reply> {
        self.ask("DELETE", path, "", &[])
    }

    /// Sends JSON.
    pub fn post(&mut self, path: &str, body: &Value) -> io::Result<Reply> {
        let body = body.to_string();
        self.ask("POST", path, "application/json", body.as_bytes())
    }

    /// Sends a file.
    pub fn upload(&mut self, name: &str, bytes: &[u8]) -> io::Result<Reply> {
        let (kind, body) = form(name, bytes);
        self.ask("POST", "/api/documents", &kind, &body)
    }

    /// Opens a stream and keeps it; the status, and the connection.
    pub fn listen(&self, path: &str) -> io::Result<(u16, String, TcpStream)> {
        let mut stream = self.send("GET", path, "", &[])?;
        let head = head_of(&mut stream)?;
        Ok((status_of(&head)?, head, stream))
    }

    /// Begins to send a file and stops in the middle.
    pub fn half_an_upload(&self, name: &str, bytes: &[u8]) -> io::Result<TcpStream> {
        let (kind, body) = form(name, bytes);
        let mut stream = self.connect()?;
        stream.write_all(
            self.head("POST", "/api/documents", &kind, body.len())
                .as_bytes(),
        )?;
        stream.write_all(&body[..body.len() / 2])?;
        Ok(stream)
    }

    fn ask(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> io::Result<Reply> {
        let mut stream = self.send(method, path, kind, body)?;
        let head = head_of(&mut stream)?;
        let mut body = Vec::new();
        stream.read_to_end(&mut body)?;
        if let Some(line) = head
            .lines()
            .find_map(|line| line.strip_prefix("set-cookie: "))
        {
            self.cookie = line.split(';').next().unwrap_or_default().to_owned();
        }
        Ok(Reply {
            status: status_of(&head)?,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> io::Result<TcpStream> {
        let mut stream = self.connect()?;
        stream.write_all(self.head(method, path, kind, body.len()).as_bytes())?;
        stream.write_all(body)?;
        Ok(stream)
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.host)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    fn head(&self, method: &str, path: &str, kind: &str, length: usize) -> String {
        let host = &self.host;
        let kind = match kind {
            "" => String::new(),
            kind => format!("content-type: {kind}\r\n"),
        };
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\nx-chatai: 1\r\ncookie: {}\r\n\
             connection: close\r\n{kind}content-length: {length}\r\n\r\n",
            self.cookie
        )
    }
}

fn form(name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    let mut body = format!(
        "--part\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         content-type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend(bytes);
    body.extend(b"\r\n--part--\r\n");
    ("multipart/form-data; boundary=part".to_owned(), body)
}

/// Everything up to the empty line. Header names in lowercase.
fn head_of(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head);
    let lines = head.lines().map(|line| match line.split_once(": ") {
        Some((name, value)) => format!("{}: {value}", name.to_lowercase()),
        None => line.to_owned(),
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

fn status_of(head: &str) -> io::Result<u16> {
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    status.ok_or_else(|| io::Error::other("no status"))
}
