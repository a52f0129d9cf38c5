//! The Inbox with 100,000 conversations: how soon the API answers what its pages ask, and how soon the page in
//! Chromium answers a key. Ours only: no peer has such a page that can be driven alike.

use std::collections::HashMap;
use std::fmt::Display;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::Result;
use crate::command::{command, output};
use crate::metadata::root;
use crate::system;

use super::figures::{head, row, short};
use super::{EMAIL, PASSWORD, emptied, owned, place, process};

const CONVERSATIONS: u64 = 100_000;
const ADDRESS: &str = "127.0.0.1:48485";
/// Times that each thing is asked for.
const ASKED: usize = 300;
/// Pages that are turned to get deep into a list.
const DEEP: usize = 300;

/// Measures `program` on conversations that `seed` writes, and prints.
pub fn inbox(program: &Path, seed: &Path, conversations: Option<u64>) -> Result<()> {
    let place = place("inbox");
    emptied(&place)?;
    let data = place.join("data");
    let count = conversations.unwrap_or(CONVERSATIONS);
    owned(program, &data)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let told = output(
        command(seed)
            .arg(&data)
            .arg(count.to_string())
            .arg(now.to_string()),
    )?;
    println!("\nthe Inbox: {}", told.trim());
    let mut server = serve(program, &data)?;
    let measured = measure(&server).and_then(|()| page(&place));
    let ended = Command::new("kill")
        .args(["-TERM", &server.id().to_string()])
        .status()?;
    server.wait()?;
    match ended.success() {
        true => measured,
        false => Err("the server could not be ended".into()),
    }
}

/// The server, once it answers.
fn serve(program: &Path, data: &Path) -> Result<Child> {
    let mut server = command(program)
        .args(["serve", "--listen", ADDRESS, "--key-in-data", "--data"])
        .arg(data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let begun = Instant::now();
    let asker = Asker::default();
    while begun.elapsed() < Duration::from_secs(60) {
        if let Some(status) = server.try_wait()? {
            return Err(format!("the server ended with {status}").into());
        }
        if asker.get("/api/health").is_ok() {
            return Ok(server);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    server.kill()?;
    Err("the server is not healthy after 60 s".into())
}

/// What the pages ask the API for.
fn measure(server: &Child) -> Result<()> {
    let asker = Asker::signed_in()?;
    let list = |more: &str| format!("/api/conversations?channel=telegram&limit=100&handoff={more}");
    let deep = asker.deep(&list("closed"))?;
    let labels = asker.get("/api/inbox/labels")?;
    let label = labels["items"][0]["id"]
        .as_str()
        .ok_or("there are no labels")?
        .to_owned();
    let me = asker.get("/api/colleagues")?;
    let me = me["items"][0]["id"]
        .as_str()
        .ok_or("there is nobody")?
        .to_owned();
    let first = asker.get(&list("requested"))?;
    let talk = first["items"][0]["id"]
        .as_str()
        .ok_or("nobody waits")?
        .to_owned();
    let asked = [
        ("list: needs a person", list("requested")),
        ("list: closed, first page", list("closed")),
        (
            "list: closed, page 300",
            format!("{}&cursor={deep}", list("closed")),
        ),
        ("list: the assistant's", list("ai")),
        (
            "list: closed with a label",
            format!("{}&label={label}", list("closed")),
        ),
        (
            "list: taken, mine",
            format!("{}&assignee={me}", list("taken")),
        ),
        ("counts", "/api/inbox/counts?channel=telegram".to_owned()),
        ("search: a word of one in eight", search("delivery")),
        ("search: two words", search("delivery%20kazan")),
        ("search: a number", search("77777")),
        ("search: a name", search("ivan")),
        ("search: nothing", search("zebra")),
        ("a conversation", format!("/api/conversations/{talk}")),
        (
            "its messages",
            format!("/api/conversations/{talk}/messages?limit=100"),
        ),
    ];
    println!("what the pages ask for, {ASKED} times each, one at a time, a connection each:\n");
    head(&["", "p50 ms", "p99 ms", "most ms"]);
    let cpu = process::used_cpu(server.id());
    for (name, path) in &asked {
        let mut times = Vec::with_capacity(ASKED);
        for _ in 0..ASKED {
            let begun = Instant::now();
            asker.get(path)?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        row(&[
            (*name).to_owned(),
            short(times[ASKED / 2]),
            short(times[ASKED * 99 / 100]),
            short(times[ASKED - 1]),
        ]);
    }
    println!(
        "\nserver: {} CPU s for all of that, {} MB",
        short(process::used_cpu(server.id()) - cpu),
        short(process::resident(server.id()))
    );
    Ok(())
}

fn search(q: &str) -> String {
    format!("/api/inbox/search?channel=telegram&limit=50&q={q}")
}

/// The page in Chromium: the script says what it does and prints one JSON.
fn page(place: &Path) -> Result<()> {
    system::node()?;
    let ui = root().join("ui");
    let told = output(
        command("node")
            .current_dir(&ui)
            .arg("bench/inbox.mjs")
            .arg(format!("http://{ADDRESS}"))
            .args([EMAIL, PASSWORD])
            .arg(place),
    )?;
    let told: Value = serde_json::from_str(told.trim())?;
    println!(
        "\nthe page in Chromium {}:\n",
        told["browser"].as_str().unwrap_or("?")
    );
    head(&["", "times", "p50 ms", "p98 ms", "most ms"]);
    for line in told["rows"].as_array().into_iter().flatten() {
        let figure = |name: &str| short(line[name].as_f64().unwrap_or(f64::NAN));
        row(&[
            line["name"].as_str().unwrap_or_default().to_owned(),
            figure("times"),
            figure("p50"),
            figure("p98"),
            figure("most"),
        ]);
    }
    println!("\nrows in the page: {}", told["rows_in_page"]);
    Ok(())
}

/// Somebody who asks over HTTP/1.1, a connection each.
#[derive(Default)]
struct Asker {
    cookie: String,
}

impl Asker {
    fn signed_in() -> Result<Asker> {
        let body = json!({ "email": EMAIL, "password": PASSWORD }).to_string();
        let mut asker = Asker::default();
        let (headers, _) = asker.ask("POST", "/api/session", &body)?;
        let cookie = headers.get("set-cookie").ok_or("nobody was signed in")?;
        asker.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(asker)
    }

    fn get(&self, path: &str) -> Result<Value> {
        let (_, body) = self.ask("GET", path, "")?;
        Ok(serde_json::from_slice(&body)?)
    }

    /// The cursor of a page deep in a list.
    fn deep(&self, path: &str) -> Result<String> {
        let mut cursor = String::new();
        for _ in 0..DEEP {
            let page = self.get(&format!("{path}&cursor={cursor}"))?;
            match page["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        Ok(cursor)
    }

    fn ask(
        &self,
        method: &str,
        path: impl Display,
        body: &str,
    ) -> Result<(HashMap<String, String>, Vec<u8>)> {
        let mut stream = TcpStream::connect(ADDRESS)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {ADDRESS}\r\nOrigin: http://{ADDRESS}\r\nx-chatai: 1\r\n\
             Cookie: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.cookie,
            body.len()
        )?;
        let mut reader = BufReader::new(stream);
        let mut status = String::new();
        reader.read_line(&mut status)?;
        let mut headers = HashMap::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            match line.trim_end().split_once(": ") {
                Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.to_owned()),
                None => break,
            };
        }
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        if !status.starts_with("HTTP/1.1 2") {
            let text = String::from_utf8_lossy(&bytes);
            return Err(format!("{method} {path}: {} {text}", status.trim_end()).into());
        }
        let is_chunked = headers
            .get("transfer-encoding")
            .is_some_and(|how| how == "chunked");
        Ok((headers, if is_chunked { joined(&bytes)? } else { bytes }))
    }
}

/// The parts of a chunked body, together.
fn joined(mut bytes: &[u8]) -> Result<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let end = bytes.windows(2).position(|pair| pair == b"\r\n");
        let end = end.ok_or("a chunk without a length")?;
        let length = usize::from_str_radix(std::str::from_utf8(&bytes[..end])?.trim(), 16)?;
        let rest = &bytes[end + 2..];
        if length == 0 {
            return Ok(whole);
        }
        let chunk = rest.get(..length).ok_or("a chunk that was cut off")?;
        whole.extend_from_slice(chunk);
        bytes = rest.get(length + 2..).ok_or("a chunk that was cut off")?;
    }
}
