//! The program's size, how soon it answers, and what it takes while nobody asks.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::Result;
use crate::command::command;

use super::documents;
use super::figures::Figures;
use super::{emptied, place, process};

const STARTS: usize = 7;
const ADDRESS: &str = "127.0.0.1:48484";
/// After this long without a question memory is looked at.
const SETTLE: Duration = Duration::from_secs(2);

/// Measures `program` on the bench's documents and prints.
pub fn start(program: &Path) -> Result<()> {
    let place = place("start");
    emptied(&place)?;
    let data = place.join("data");
    let texts = place.join("documents");
    documents::write(&texts, documents::ALL)?;
    let ingest = command(program)
        .args(["ingest", "--json", "--without-vectors", "--data"])
        .arg(&data)
        .arg(&texts)
        .stdout(Stdio::null())
        .status()?;
    if !matches!(ingest.code(), Some(0 | process::PARTLY)) {
        return Err(format!("ingest: {ingest}").into());
    }
    let (mut starts, mut memory) = (Figures::default(), Figures::default());
    for _ in 0..STARTS {
        let (took, resident) = once(program, &data)?;
        starts.add(took);
        memory.add(resident);
    }
    let size = fs::metadata(program)?.len() as f64 / 1e6;
    println!("\nsize of the binary: {size:.1} MB");
    println!(
        "start to first healthy answer with the bench's documents, {STARTS} starts: {starts} ms"
    );
    println!("memory of the idle server, no model loaded: {memory} MB");
    Ok(())
}

/// Starts the server, waits for its first healthy answer, and looks at its memory a little later.
/// Milliseconds and megabytes.
fn once(program: &Path, data: &Path) -> Result<(f64, f64)> {
    let begun = Instant::now();
    let mut serve = command(program);
    let mut server = serve
        .args(["serve", "--listen", ADDRESS, "--data"])
        .arg(data)
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()?;
    let healthy = wait_healthy(&mut server, begun);
    thread::sleep(SETTLE);
    let memory = process::resident(server.id());
    let ended = Command::new("kill")
        .args(["-TERM", &server.id().to_string()])
        .status()?;
    server.wait()?;
    match ended.success() {
        true => Ok((healthy?, memory)),
        false => Err("the server could not be ended".into()),
    }
}

fn wait_healthy(server: &mut Child, begun: Instant) -> Result<f64> {
    while begun.elapsed() < Duration::from_secs(30) {
        if is_healthy().unwrap_or(false) {
            return Ok(begun.elapsed().as_secs_f64() * 1e3);
        }
        if let Some(status) = server.try_wait()? {
            return Err(format!("the server ended with {status}").into());
        }
        thread::sleep(Duration::from_millis(2));
    }
    Err("the server is not healthy after 30 s".into())
}

fn is_healthy() -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(ADDRESS)?;
    stream.set_read_timeout(Some(Duration::from_secs(1)))?;
    write!(
        stream,
        "GET /api/health HTTP/1.1\r\nHost: {ADDRESS}\r\nConnection: close\r\n\r\n"
    )?;
    let mut reply = [0; 16];
    stream.read_exact(&mut reply)?;
    Ok(reply.starts_with(b"HTTP/1.1 200"))
}
