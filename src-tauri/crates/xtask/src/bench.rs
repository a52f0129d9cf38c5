//! `cargo xtask bench`: start, memory, size and reading speed of the release program. Numbers are printed,
//! never asserted; CPU seconds stand beside wall time because machines differ and are shared.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::Result;
use crate::binary::{self, Shape};
use crate::command::command;
use crate::metadata::root;
use crate::models;

/// Documents of the reading measurement.
const DOCUMENTS: usize = 385;
const STARTS: usize = 5;
const ADDRESS: &str = "127.0.0.1:48484";

/// Builds the headless release program and measures it.
pub fn bench() -> Result<()> {
    let program = binary::release(Shape::Headless)?;
    let place = root().join("target/bench");
    let _ = fs::remove_dir_all(&place);
    let data = place.join("data");
    let texts = place.join("texts");
    fs::create_dir_all(&texts)?;
    println!(
        "size of the headless binary: {:.1} MB",
        fs::metadata(&program)?.len() as f64 / 1e6
    );

    let bytes = write_texts(&texts)?;
    let (wall, cpu) = timed(
        command(&program)
            .args(["ingest", "--json", "--data"])
            .arg(&data)
            .arg(&texts)
            .stdout(Stdio::null()),
    )?;
    println!(
        "reading {DOCUMENTS} text documents of {:.1} MB without vectors: {wall:.2} s wall, {cpu:.2} s CPU, {:.0} documents/s",
        bytes as f64 / 1e6,
        DOCUMENTS as f64 / wall
    );

    let mut starts = Vec::new();
    let mut memory = 0.0;
    for _ in 0..STARTS {
        let (took, resident) = start(&program, &data)?;
        starts.push(took);
        memory = resident;
    }
    starts.sort_by(f64::total_cmp);
    println!(
        "start to first healthy answer, that data: median {:.0} ms ({:.0} to {:.0})",
        starts[STARTS / 2],
        starts[0],
        starts[STARTS - 1]
    );
    println!("idle memory, no model loaded: {memory:.0} MB");

    models::models(&["multilingual-e5-small"], &data.join("models"))?;
    let (wall, cpu) = timed(
        command(&program)
            .args(["search", "--json", "--data"])
            .arg(&data)
            .arg("which paragraph names lanterns")
            .stdout(Stdio::null()),
    )?;
    println!(
        "one search by the command line with the model's loading: {wall:.2} s wall, {cpu:.2} s CPU"
    );
    Ok(())
}

/// Texts of made-up words, the same ones every time. Gives their bytes.
fn write_texts(folder: &Path) -> Result<usize> {
    const WORDS: &[&str] = &[
        "lantern", "harbour", "warranty", "invoice", "copper", "meadow", "delivery", "station",
        "blanket", "orchard", "turbine", "saddle", "village", "pressure", "carpet", "monday",
        "bracket", "window", "compass", "garden",
    ];
    let mut state = 1_u64;
    let mut total = 0;
    for number in 0..DOCUMENTS {
        let mut text = format!("Document {number}\n\n");
        while text.len() < 11_700 {
            for place in 0..12 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let word = WORDS[(state >> 33) as usize % WORDS.len()];
                text.push_str(word);
                text.push_str(if place == 11 { ".\n\n" } else { " " });
            }
        }
        total += text.len();
        fs::write(folder.join(format!("text-{number:03}.txt")), text)?;
    }
    Ok(total)
}

/// Starts the server, waits for its first healthy answer, and looks at its memory two seconds later.
/// Milliseconds and megabytes.
fn start(program: &Path, data: &Path) -> Result<(f64, f64)> {
    let begun = Instant::now();
    let mut serve = command(program);
    let mut server = serve
        .args(["serve", "--listen", ADDRESS, "--data"])
        .arg(data)
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()?;
    let healthy = wait_healthy(&mut server, begun);
    thread::sleep(Duration::from_secs(2));
    let memory = resident(server.id());
    let ended = Command::new("kill")
        .args(["-TERM", &server.id().to_string()])
        .status()?;
    server.wait()?;
    match ended.success() {
        true => Ok((healthy?, memory?)),
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

/// Resident memory of a process in megabytes (Linux).
fn resident(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .ok_or("no VmRSS")?;
    let kilobytes: f64 = line
        .split_whitespace()
        .nth(1)
        .ok_or("no number in VmRSS")?
        .parse()?;
    Ok(kilobytes * 1024.0 / 1e6)
}

/// Wall and CPU seconds of a command, its children included (Linux).
fn timed(command: &mut Command) -> Result<(f64, f64)> {
    let before = children_cpu()?;
    let begun = Instant::now();
    let status = command.status()?;
    let wall = begun.elapsed().as_secs_f64();
    let cpu = children_cpu()? - before;
    match status.success() {
        true => Ok((wall, cpu)),
        false => Err(format!("{:?}: {status}", command.get_program()).into()),
    }
}

/// CPU seconds of all our children that have ended (proc(5), stat fields 16 and 17, in hundredths).
fn children_cpu() -> Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|field| field.parse::<f64>().ok())
            .unwrap_or(0.0)
    };
    Ok((ticks(13) + ticks(14)) / 100.0)
}
