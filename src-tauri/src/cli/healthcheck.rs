//! `chatai healthcheck`: for containers and monitors, without a browser or curl.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use clap::Args;

use crate::boot::Boot;
use crate::exit::{Ending, Failure, Outcome};
use crate::serve::Note;
use crate::values;

const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Args)]
pub struct Healthcheck {
    /// Where the server listens, as 127.0.0.1:8484 [default: where the server of the data folder says it does]
    #[arg(long, value_name = "ADDRESS", value_parser = values::listen)]
    address: Option<SocketAddr>,
}

impl Healthcheck {
    pub fn run(self, boot: &Boot) -> Outcome {
        let address = match self.address {
            Some(address) => address,
            None => noted(boot)?,
        };
        let status =
            asked(address).map_err(|error| Failure::new(format!("ask {address}: {error}")))?;
        match status.starts_with("HTTP/1.1 200") {
            true => {
                println!("{address} is well");
                Ok(Ending::Done)
            }
            false => Err(Failure::new(format!("{address} is not well: {status}"))),
        }
    }
}

fn noted(boot: &Boot) -> Result<SocketAddr, Failure> {
    let data = boot.data()?;
    let note = Note::read(&data)
        .ok_or_else(|| Failure::new(format!("no server runs on {}", data.display())))?;
    let address = note.url.trim_start_matches("http://").parse();
    address.map_err(|_| Failure::new(format!("{} is not an address", note.url)))
}

/// The first line of what the server says about its health.
fn asked(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let host = SocketAddr::new(
        if address.is_ipv4() {
            [127, 0, 0, 1].into()
        } else {
            std::net::Ipv6Addr::LOCALHOST.into()
        },
        address.port(),
    );
    write!(
        stream,
        "GET /api/health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )?;
    let mut reply = Vec::new();
    stream.take(4_096).read_to_end(&mut reply)?;
    let reply = String::from_utf8_lossy(&reply);
    Ok(reply.lines().next().unwrap_or_default().to_owned())
}
