//! One window for a data folder: the first start listens on loopback, and a later one hands it what it was given and
//! ends. Who may speak shows a secret that lies in the data folder, which only its owner can enter.

use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::exit::Failure;

/// The note in the data folder.
const NOTE: &str = "first.json";
/// The longest word to the first window, in bytes.
const MOST: u64 = 256 * 1024;
/// How long either waits for the other.
const PATIENCE: Duration = Duration::from_secs(2);
/// What the first one answers.
const HEARD: &str = "heard";

/// What a later start was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// Files for the knowledge, by whole paths.
    pub files: Vec<PathBuf>,
    /// True when the window is to be seen.
    pub show: bool,
}

#[derive(Serialize, Deserialize)]
struct Note {
    port: u16,
    secret: String,
}

#[derive(Serialize, Deserialize)]
struct Said {
    secret: String,
    given: Given,
}

/// Who this start is.
pub enum Start {
    /// The first: it hears later ones by this.
    First(Ear),
    /// A later one: the first has heard what it was given.
    Later,
}

/// The first window's ear.
pub struct Ear {
    listener: TcpListener,
    secret: String,
    note: PathBuf,
}

/// Hands what was given to the window that is open on the data folder; where there is none, this is the first.
pub fn start(data: &Path, given: &Given) -> Result<Start, Failure> {
    if hand_over(data, given) {
        return Ok(Start::Later);
    }
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random)
        .map_err(|error| Failure::new(format!("get random bytes: {error}")))?;
    let secret: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Start::First(Ear {
        listener,
        secret,
        note: data.join(NOTE),
    }))
}

/// True when somebody heard it.
fn hand_over(data: &Path, given: &Given) -> bool {
    let note = fs::read(data.join(NOTE)).ok();
    let Some(note) = note.and_then(|note| serde_json::from_slice::<Note>(&note).ok()) else {
        return false;
    };
    // A note of a process that died leads to nobody, or to a stranger who does not answer as ours does.
    say(&note, given).unwrap_or(false)
}

fn say(note: &Note, given: &Given) -> io::Result<bool> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, note.port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut said = serde_json::to_vec(&Said {
        secret: note.secret.clone(),
        given: given.clone(),
    })?;
    said.push(b'\n');
    stream.write_all(&said)?;
    let mut answer = String::new();
    BufReader::new(stream.take(64)).read_line(&mut answer)?;
    Ok(answer.trim_end() == HEARD)
}

impl Ear {
    /// Notes where it is, and hears later starts on a thread of its own for as long as the program runs. Call it once
    /// the data folder is ours.
    pub fn listen(self, heard: impl Fn(Given) + Send + 'static) -> io::Result<()> {
        let note = serde_json::to_vec(&Note {
            port: self.listener.local_addr()?.port(),
            secret: self.secret.clone(),
        })?;
        let mut options = OpenOptions::new();
        options.create(true).write(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&self.note)?.write_all(&note)?;
        thread::Builder::new()
            .name("later-starts".to_owned())
            .spawn(move || {
                // One after the other: each has two seconds.
                for stream in self.listener.incoming().map_while(Result::ok) {
                    match hear(&self.secret, stream) {
                        Ok(Some(given)) => heard(given),
                        Ok(None) => tracing::warn!("somebody without the secret called the window"),
                        Err(error) => tracing::debug!(%error, "a later start was not understood"),
                    }
                }
            })?;
        Ok(())
    }
}

fn hear(secret: &str, mut stream: TcpStream) -> io::Result<Option<Given>> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut line = String::new();
    BufReader::new((&mut stream).take(MOST)).read_line(&mut line)?;
    let said: Said = serde_json::from_str(&line)?;
    if !is_equal(said.secret.as_bytes(), secret.as_bytes()) {
        return Ok(None);
    }
    writeln!(stream, "{HEARD}")?;
    Ok(Some(said.given))
}

/// Compares without telling by its time how much is right.
fn is_equal(one: &[u8], other: &[u8]) -> bool {
    let differs = one
        .iter()
        .zip(other)
        .fold(0, |differs, (one, other)| differs | (one ^ other));
    one.len() == other.len() && differs == 0
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_later_start_hands_over_its_files_and_a_stranger_is_not_heard() {
        let data = tempfile::tempdir().unwrap();
        let given = Given {
            files: vec![PathBuf::from("/home/anna/Прайс.pdf")],
            show: true,
        };
        let Start::First(ear) = start(data.path(), &given).unwrap() else {
            panic!("nobody was there before");
        };
        let (sender, heard) = mpsc::channel();
        ear.listen(move |given| sender.send(given).unwrap())
            .unwrap();
        assert!(matches!(start(data.path(), &given).unwrap(), Start::Later));
        assert_eq!(heard.recv().unwrap(), given);

        let mut note: Note =
            serde_json::from_slice(&fs::read(data.path().join(NOTE)).unwrap()).unwrap();
        note.secret = "0".repeat(64);
        assert!(!say(&note, &given).unwrap_or(false));
        assert!(heard.try_recv().is_err(), "the stranger's files were taken");
    }

    #[test]
    fn the_note_of_a_process_that_died_is_passed_over() {
        let data = tempfile::tempdir().unwrap();
        let gone = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = gone.local_addr().unwrap().port();
        drop(gone);
        let note = format!(r#"{{"port":{port},"secret":"00"}}"#);
        fs::write(data.path().join(NOTE), note).unwrap();
        let first = start(data.path(), &Given::default()).unwrap();
        assert!(matches!(first, Start::First(_)));
    }
}
