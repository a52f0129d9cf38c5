//! Telling the system's service manager how things stand (`sd_notify(3)`): ready, stopping, still alive. Where there
//! is none, nothing is told.

use std::time::Duration;

use app::App;
use tokio::sync::watch;

/// The server answers.
pub const READY: &str = "READY=1";
/// It was asked to end and finishes what is in hand.
pub const STOPPING: &str = "STOPPING=1";
/// It is alive.
const ALIVE: &str = "WATCHDOG=1";

/// Tells the service manager that started us, if one did and wants to know.
pub fn tell(state: &str) {
    if let Some(socket) = std::env::var_os("NOTIFY_SOCKET")
        && let Err(error) = send(&socket, state)
    {
        tracing::warn!(%error, "the service manager could not be told: {state}");
    }
}

/// Tells it again and again that the program is alive, for as long as the database answers, twice as often as it
/// wants to hear. Ends at once where it does not.
pub async fn stay_alive(mut standing: watch::Receiver<Option<App>>) {
    let Some(patience) = patience(
        std::env::var("WATCHDOG_USEC").ok().as_deref(),
        std::env::var("WATCHDOG_PID").ok().as_deref(),
        std::process::id(),
    ) else {
        return;
    };
    loop {
        tokio::time::sleep(patience / 2).await;
        let app = standing.borrow_and_update().clone();
        let is_alive = match app {
            Some(app) => {
                let answer = tokio::time::timeout(patience / 4, app.has_owner()).await;
                matches!(answer, Ok(Ok(_)))
            }
            // A backup takes the place of the data: that takes as long as it takes.
            None => true,
        };
        if is_alive {
            tell(ALIVE);
        }
    }
}

/// How long the service manager waits for a sign of life from this process.
fn patience(microseconds: Option<&str>, process: Option<&str>, us: u32) -> Option<Duration> {
    let microseconds: u64 = microseconds?.parse().ok()?;
    let is_for_us = process.is_none_or(|process| process.parse() == Ok(us));
    (is_for_us && microseconds > 0).then(|| Duration::from_micros(microseconds))
}

#[cfg(target_os = "linux")]
fn send(socket: &std::ffi::OsStr, state: &str) -> std::io::Result<()> {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::{SocketAddr, UnixDatagram};

    // A name that begins with @ lies in no folder.
    let address = match socket.as_encoded_bytes().split_first() {
        Some((b'@', name)) => SocketAddr::from_abstract_name(name)?,
        _ => SocketAddr::from_pathname(socket)?,
    };
    let sent = UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address)?;
    match sent == state.len() {
        true => Ok(()),
        false => Err(std::io::Error::other("only a part was sent")),
    }
}

#[cfg(not(target_os = "linux"))]
fn send(_: &std::ffi::OsStr, _: &str) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_life_are_for_the_process_that_was_asked() {
        assert_eq!(
            patience(Some("30000000"), None, 7),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            patience(Some("30000000"), Some("7"), 7),
            Some(Duration::from_secs(30))
        );
        assert_eq!(patience(Some("30000000"), Some("8"), 7), None);
        assert_eq!(patience(None, None, 7), None);
        assert_eq!(patience(Some("0"), None, 7), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_socket_in_a_folder_and_one_in_none_are_told() {
        use std::os::linux::net::SocketAddrExt;
        use std::os::unix::net::{SocketAddr, UnixDatagram};

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let in_folder = UnixDatagram::bind(&path).unwrap();
        send(path.as_os_str(), READY).unwrap();
        let mut heard = [0; 64];
        let length = in_folder.recv(&mut heard).unwrap();
        assert_eq!(&heard[..length], READY.as_bytes());

        let name = format!("chatai-test-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(name.as_bytes()).unwrap();
        let in_none = UnixDatagram::bind_addr(&address).unwrap();
        send(std::ffi::OsStr::new(&format!("@{name}")), STOPPING).unwrap();
        let length = in_none.recv(&mut heard).unwrap();
        assert_eq!(&heard[..length], STOPPING.as_bytes());
    }
}
