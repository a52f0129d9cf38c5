//! The server as a service of the system: it tells the service manager how things stand, finishes what is in hand,
//! logs where it is told, and lets the network in only when it is told.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use crate::program::{Program, Ran};
use crate::web::Served;

/// Longest wait for a word.
const PATIENCE: Duration = Duration::from_secs(60);

/// The service manager's ear.
struct Manager(UnixDatagram);

impl Manager {
    fn of(program: &Program) -> Manager {
        let socket = UnixDatagram::bind(program.beside("notify")).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Manager(socket)
    }

    /// The next word.
    #[track_caller]
    fn hears(&self) -> String {
        let mut word = [0; 64];
        let length = self.0.recv(&mut word).unwrap();
        String::from_utf8_lossy(&word[..length]).into_owned()
    }
}

#[test]
fn the_service_manager_hears_that_it_is_ready_that_it_lives_and_that_it_stops() {
    let program = Program::new();
    let manager = Manager::of(&program);
    let mut serve = program.command(&["serve", "--listen", "127.0.0.1:0"]);
    serve
        .env("NOTIFY_SOCKET", program.beside("notify"))
        .env("WATCHDOG_USEC", "400000");
    let served = Served::start(&program, &mut serve);
    assert_eq!(manager.hears(), "READY=1");
    assert_eq!(served.client().get("/api/health").unwrap().status, 200);
    assert_eq!(manager.hears(), "WATCHDOG=1");
    assert_eq!(manager.hears(), "WATCHDOG=1");
    served.end().ended_with(0);
    let last = std::iter::repeat_with(|| manager.hears()).find(|word| word != "WATCHDOG=1");
    assert_eq!(last.as_deref(), Some("STOPPING=1"));
    program.run(&["doctor", "--deep"]).ended_with(0);
}

#[test]
fn the_network_is_let_in_only_by_its_own_switch() {
    let program = Program::new();
    let refused = program
        .run(&["serve", "--listen", "0.0.0.0:0"])
        .ended_with(2);
    assert!(
        refused.complaint().contains("--lan"),
        "{}",
        refused.complaint()
    );
    let mut serve = program.command(&["serve", "--listen", "0.0.0.0:0"]);
    let log = program.beside("chatai.log");
    serve.env("CHATAI_LAN", "yes").env("CHATAI_LOG_FILE", &log);
    let served = Served::start(&program, &mut serve);
    assert_eq!(served.client().get("/api/health").unwrap().status, 200);
    served.end().ended_with(0);
    let said = fs::read_to_string(log).unwrap();
    assert!(said.contains("unless a reverse proxy with TLS"), "{said}");
}

#[test]
fn what_is_told_wrongly_is_refused_with_what_would_be_right() {
    let program = Program::new();
    for (variable, wrong, right) in [
        ("CHATAI_LISTEN", "8484", "127.0.0.1:8484"),
        ("CHATAI_PUBLIC_URL", "help.test", "https://help.example.com"),
        (
            "CHATAI_PUBLIC_URL",
            "https://help.test/chat",
            "below a path",
        ),
        ("CHATAI_HOSTS", "shop.lan,http://x", "shop.lan:8484"),
        ("CHATAI_LAN", "maybe", "yes or no"),
        ("CHATAI_LOG", "loud", "error, warn, info or debug"),
    ] {
        let mut serve = program.command(&["serve"]);
        let refused = Ran::of(serve.env(variable, wrong)).ended_with(2);
        let said = refused.complaint();
        assert!(said.contains(right), "{variable}={wrong}: {said}");
    }
}

#[test]
fn a_key_file_that_is_named_goes_before_the_key_in_the_data() {
    let program = Program::new();
    let mut admin = program.command(&["admin", "list"]);
    Ran::of(admin.env("CHATAI_KEY_IN_DATA", "yes")).ended_with(0);
    assert!(program.beside("master.key").exists());
    assert!(!program.data().join("master.key").exists());
}

#[test]
fn it_logs_into_a_file_that_only_its_owner_reads() {
    use std::os::unix::fs::PermissionsExt;

    let program = Program::new();
    let log = program.beside("logs").join("chatai.log");
    let mut serve = program.command(&["serve", "--listen", "127.0.0.1:0"]);
    let served = Served::start(&program, serve.env("CHATAI_LOG_FILE", &log));
    served.end().ended_with(0);
    let text = fs::read_to_string(&log).unwrap();
    assert!(text.contains("listening on 127.0.0.1:"), "{text}");
    let mode = fs::metadata(&log).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn the_doctor_shows_what_it_was_told_and_by_what() {
    let program = Program::new();
    let mut doctor = program.command(&["doctor", "--json", "--readers", "2"]);
    doctor.env("CHATAI_PUBLIC_URL", "https://help.example.com");
    let told = Ran::of(&mut doctor).ended_with(0).json();
    let of = |flag: &str| {
        let rows = told["configuration"].as_array().unwrap();
        let row = rows.iter().find(|row| row["flag"] == flag);
        let row = row.unwrap_or_else(|| panic!("{flag} is not told of"));
        (
            row["value"].as_str().unwrap().to_owned(),
            row["from"].as_str().unwrap().to_owned(),
        )
    };
    let said = |value: &str, from: &str| (value.to_owned(), from.to_owned());
    assert_eq!(of("--readers"), said("2", "the command line"));
    assert_eq!(
        of("serve --public-url"),
        said("https://help.example.com", "CHATAI_PUBLIC_URL")
    );
    assert_eq!(of("serve --listen"), said("127.0.0.1:8484", "unless told"));
    assert_eq!(
        of("--data"),
        said(program.data().to_str().unwrap(), "CHATAI_DATA")
    );
}

#[test]
fn the_data_folder_moves_whole_and_later_starts_find_it() {
    let program = Program::new();
    let leaflet = crate::program::demo_files().join("Workshop leaflet.pdf");
    program
        .run(&["ingest", leaflet.to_str().unwrap()])
        .ended_with(0);
    // Where nobody says anything: the system's places, under a home of our own.
    let home = program.beside("home");
    let untold = |arguments: &[&str]| {
        let mut command = program.command(arguments);
        command
            .env_remove("CHATAI_DATA")
            .env("HOME", &home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CONFIG_HOME", home.join("config"));
        Ran::of(&mut command)
    };
    fs::create_dir_all(home.join("data")).unwrap();
    fs::rename(program.data(), home.join("data/chatai")).unwrap();

    let full = program.beside("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("letter.txt"), "").unwrap();
    let refused = untold(&["move-data", full.to_str().unwrap()]).ended_with(1);
    assert!(refused.complaint().contains("nothing was moved"));

    let new = program.beside("disk").join("ChatAI");
    untold(&["move-data", new.to_str().unwrap()]).ended_with(0);
    assert!(!home.join("data/chatai").exists());
    let answer = untold(&["ask", "--json", "How much is the large inspection?"]).ended_with(0);
    assert!(answer.text().contains("89 euros"), "{}", answer.text());
    let doctor = untold(&["doctor"]).ended_with(0);
    assert!(
        doctor.text().contains("where it was moved to"),
        "{}",
        doctor.text()
    );
}
