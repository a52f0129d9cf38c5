//! The program is killed while it downloads a model: it goes on where it stopped, and nothing that is not what was
//! published counts as a model.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::program::{Program, Ran};

/// A model of the catalogue; its file comes from the hub below.
const MODEL: &str = "qwen2.5-0.5b-instruct";
const SIZE: usize = 3 << 20;
/// How much of the file is sent before the hub falls silent, with the connection open.
const FIRST: usize = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(60);

/// A hub on this computer that has one file. It serves one request after the other, the first only in part.
struct Hub {
    address: String,
    /// Where each request wanted the file to begin.
    asked: Receiver<usize>,
    file: Vec<u8>,
}

impl Hub {
    fn open() -> Hub {
        // Numbers that do not repeat soon, so that a piece in the wrong place is another file.
        let file: Vec<u8> = (0..SIZE as u32 / 4)
            .flat_map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes())
            .collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (sender, asked) = channel();
        let served = file.clone();
        thread::spawn(move || {
            let mut open = Vec::new();
            for (number, stream) in listener.incoming().enumerate() {
                let most = if number == 0 { FIRST } else { SIZE };
                // The first one stays open: what reads it waits until it is killed.
                open.push(serve(stream.unwrap(), &served, most, &sender));
            }
        });
        Hub {
            address,
            asked,
            file,
        }
    }
}

fn serve(mut stream: TcpStream, file: &[u8], most: usize, asked: &Sender<usize>) -> TcpStream {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        request.extend(byte);
    }
    let request = String::from_utf8(request).unwrap().to_lowercase();
    assert!(request.contains("/resolve/main/"), "{request}");
    let range = request.split("range: bytes=").nth(1);
    let begin = range.and_then(|range| range.split('-').next()?.parse().ok());
    let begin = begin.unwrap_or(0);
    asked.send(begin).unwrap();
    let hash: String = Sha256::digest(file)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let (status, body) = match begin {
        0 => ("200 OK", file),
        _ => ("206 Partial Content", &file[begin..]),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\nx-linked-etag: \"{hash}\"\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&body[..body.len().min(most)]).unwrap();
    stream
}

fn download(program: &Program, hub: &Hub) -> Command {
    let mut command = program.command(&["models", "download", MODEL]);
    command.env("CHATAI_MODELS", program.beside("models"));
    command.env("CHATAI_MODELS_FROM", &hub.address);
    command
}

fn in_folder(program: &Program, name: &str) -> PathBuf {
    program.beside("models").join(MODEL).join(name)
}

/// Downloads until all that the hub sends first is on the disk, and is killed then.
fn killed_in_the_middle(program: &Program, hub: &Hub) {
    let mut running = download(program, hub)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let part = in_folder(program, "model.gguf.part");
    let begun = Instant::now();
    while fs::metadata(&part).map_or(0, |part| part.len()) < FIRST as u64 {
        assert!(begun.elapsed() < PATIENCE, "nothing is downloaded");
        assert!(running.try_wait().unwrap().is_none(), "it ended by itself");
        thread::sleep(Duration::from_millis(5));
    }
    running.kill().unwrap();
    running.wait().unwrap();
    assert_eq!(hub.asked.recv().unwrap(), 0);
    assert!(!in_folder(program, "model.gguf").exists());
}

fn installed(program: &Program) -> serde_json::Value {
    let mut listing = program.command(&["models", "list", "--json"]);
    listing.env("CHATAI_MODELS", program.beside("models"));
    let listed = Ran::of(&mut listing).ended_with(0);
    listed.json()["installed"].clone()
}

#[test]
fn a_download_that_was_killed_goes_on_where_it_stopped_and_is_verified() {
    let (program, hub) = (Program::new(), Hub::open());
    killed_in_the_middle(&program, &hub);
    assert_eq!(installed(&program), json!([]), "half of it is no model");

    let told = Ran::of(&mut download(&program, &hub)).ended_with(0);
    assert!(told.text().contains("is here"), "{}", told.text());
    assert_eq!(hub.asked.recv().unwrap(), FIRST, "only the rest is fetched");
    assert_eq!(
        fs::read(in_folder(&program, "model.gguf")).unwrap(),
        hub.file
    );
    assert_eq!(installed(&program)[0]["name"], MODEL);
}

#[test]
fn a_half_that_was_damaged_meanwhile_is_refused_and_fetched_anew() {
    let (program, hub) = (Program::new(), Hub::open());
    killed_in_the_middle(&program, &hub);
    let part = in_folder(&program, "model.gguf.part");
    let mut bytes = fs::read(&part).unwrap();
    bytes[FIRST / 2] ^= 1;
    fs::write(&part, bytes).unwrap();

    let told = Ran::of(&mut download(&program, &hub)).ended_with(1);
    assert!(
        told.complaint().contains("is not what was published"),
        "{}",
        told.complaint()
    );
    assert_eq!(hub.asked.recv().unwrap(), FIRST);
    assert_eq!(installed(&program), json!([]));

    Ran::of(&mut download(&program, &hub)).ended_with(0);
    assert_eq!(hub.asked.recv().unwrap(), 0, "nothing of it was kept");
    assert_eq!(
        fs::read(in_folder(&program, "model.gguf")).unwrap(),
        hub.file
    );
}
