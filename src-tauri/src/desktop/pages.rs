//! The window's own pages: it starts, it could not start, it moves its data, it stays in the tray. They hold no script; what they offer
//! are addresses that the window takes as deeds (`window`).

use std::path::Path;

use tauri::Url;

use crate::desktop::words::Words;
use crate::exit::{DataTrouble, Failure};
use crate::folders;
use crate::serve::Note;

/// The scheme of these pages. On Windows it is a name instead.
pub const SCHEME: &str = "chatai";
/// What these pages may load: nothing.
pub const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

const TEMPLATE: &str = include_str!("../../splash/index.html");
const MARK: &str = include_str!("../../../assets/icons/icon.svg");

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The program starts.
    Starting,
    /// It could not.
    Failed,
    /// The data is carried to another place.
    Moving,
    /// The window was closed, and nothing else could say that the program stays.
    Stays,
}

/// Something that a page offers to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Try to start again.
    Again,
    /// Put the newest good backup in the place of the data, and start.
    Restore,
    /// Show the folder of the log.
    ShowLog,
    /// Go into the tray.
    Keep,
    /// End the program.
    Quit,
}

/// What an address of ours means; `None` for addresses of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ours {
    /// A page.
    Page(Page),
    /// A deed.
    Deed(Deed),
    /// Neither.
    Nothing,
}

impl Page {
    /// Its address.
    pub fn url(self) -> Url {
        let name = match self {
            Page::Starting => "starting",
            Page::Failed => "failed",
            Page::Stays => "stays",
            Page::Moving => "moving",
        };
        let text = match cfg!(windows) {
            true => format!("http://{SCHEME}.localhost/{name}"),
            false => format!("{SCHEME}://localhost/{name}"),
        };
        Url::parse(&text).expect("the address is written here")
    }
}

/// What an address of ours means; `None` for addresses of others.
pub fn ours(url: &Url) -> Option<Ours> {
    let is_ours = match cfg!(windows) {
        true => url.host_str() == Some("chatai.localhost"),
        false => url.scheme() == SCHEME,
    };
    is_ours.then(|| match url.path() {
        "/starting" => Ours::Page(Page::Starting),
        "/failed" => Ours::Page(Page::Failed),
        "/stays" => Ours::Page(Page::Stays),
        "/moving" => Ours::Page(Page::Moving),
        "/again" => Ours::Deed(Deed::Again),
        "/restore" => Ours::Deed(Deed::Restore),
        "/log" => Ours::Deed(Deed::ShowLog),
        "/keep" => Ours::Deed(Deed::Keep),
        "/quit" => Ours::Deed(Deed::Quit),
        _ => Ours::Nothing,
    })
}

/// The page while the program starts.
pub fn starting(words: &Words) -> String {
    whole(
        words,
        &format!(
            "<main class=\"starting\">{MARK}<p role=\"status\">{}</p></main>",
            words.starting
        ),
    )
}

/// The page while the data is carried to another place.
pub fn moving(words: &Words) -> String {
    whole(
        words,
        &format!(
            "<main>{MARK}<h1 role=\"status\">{}</h1><p>{}</p></main>",
            words.moving, words.moving_about
        ),
    )
}

/// The page when the window was closed and no notification could be shown.
pub fn stays(words: &Words) -> String {
    whole(
        words,
        &format!(
            "<main>{MARK}<h1>{}</h1><p>{}</p><nav><a class=\"first\" href=\"/keep\">{}</a><a href=\"/quit\">{}</a></nav></main>",
            words.stays_title, words.stays, words.stays_keep, words.stays_quit
        ),
    )
}

/// The page of a start that failed: why, what the doctor finds without opening the data, where the log lies, and the
/// ways on.
pub fn failed(words: &Words, failure: &Failure, data: &Path, log: &Path) -> String {
    let trouble = failure.of_data();
    let why = match trouble {
        None => words.failed_unknown,
        Some(DataTrouble::InUse) => words.failed_in_use,
        Some(DataTrouble::Newer) => words.failed_newer,
        Some(DataTrouble::Damaged) => words.failed_damaged,
        Some(DataTrouble::Full) => words.failed_full,
        Some(DataTrouble::Closed) => words.failed_closed,
        Some(DataTrouble::NoBackup) => words.failed_no_backup,
    };
    let findings: String = found(words, data)
        .into_iter()
        .map(|(well, told)| {
            let look = if well { "" } else { " class=\"look\"" };
            format!("<li{look}>{}</li>", escaped(&told))
        })
        .collect();
    let mut ways = format!(
        "<a class=\"first\" href=\"/again\">{}</a>",
        words.failed_again
    );
    match trouble {
        Some(DataTrouble::InUse) => {
            if let Some(note) = Note::read(data) {
                ways.push_str(&format!(
                    "<a href=\"{}\">{}</a>",
                    escaped(&note.url),
                    words.failed_server
                ));
            }
        }
        Some(DataTrouble::Newer | DataTrouble::Damaged) => ways.push_str(&format!(
            "<a href=\"/restore\" title=\"{}\">{}</a>",
            words.failed_restore_about, words.failed_restore
        )),
        Some(DataTrouble::Full | DataTrouble::Closed | DataTrouble::NoBackup) | None => {}
    }
    ways.push_str(&format!(
        "<a href=\"/log\">{}</a><a href=\"/quit\">{}</a>",
        words.show_log, words.quit
    ));
    whole(
        words,
        &format!(
            "<main>{MARK}<h1>{}</h1><p>{}</p><p class=\"why\">{why}</p><h2>{}</h2><pre>{}</pre><h2>{}</h2>\
             <ul>{findings}</ul><h2>{}</h2><code>{}</code><nav>{ways}</nav></main>",
            words.failed_title,
            words.failed_about,
            words.failed_exactly,
            escaped(&failure.to_string()),
            words.failed_found,
            words.failed_log,
            escaped(&log.display().to_string()),
        ),
    )
}

/// What can be said of the place of the data without opening it, and whether it is well.
fn found(words: &Words, data: &Path) -> Vec<(bool, String)> {
    let place = format!("{} {}", words.found_folder, data.display());
    let mut found = vec![(true, place)];
    if folders::is_open_to_others(data) {
        found.push((false, words.found_open.to_owned()));
    }
    if folders::network(data).is_some() {
        found.push((false, words.found_network.to_owned()));
    }
    found
}

fn whole(words: &Words, body: &str) -> String {
    TEMPLATE
        .replace("{language}", words.language)
        .replace("{body}", body)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use std::io;

    use store::error::StoreError;

    use super::*;
    use crate::desktop::words::{EN, RU};

    #[test]
    fn the_page_of_a_failed_start_tells_why_and_where_the_log_is_and_lets_nothing_through() {
        let data = tempfile::tempdir().unwrap();
        let failure = Failure::new("open <script>alert(1)</script> & co");
        let log = Path::new("/data/logs/chatai.log");
        let page = failed(&EN, &failure, data.path(), log);
        assert!(page.contains("open &lt;script&gt;alert(1)&lt;/script&gt; &amp; co"));
        assert!(!page.contains("<script"));
        assert!(page.contains("/data/logs/chatai.log"));
        let place = format!("The data lies in {}", data.path().display());
        assert!(page.contains(&place), "what the doctor found");
        assert!(page.contains("href=\"/again\"") && page.contains("href=\"/quit\""));
        assert!(!page.contains("href=\"/restore\""), "the data is well");
    }

    #[test]
    fn every_cause_that_an_owner_can_do_something_about_is_said_in_the_windows_language() {
        let data = tempfile::tempdir().unwrap();
        let page = |failure: Failure| failed(&RU, &failure, data.path(), Path::new("/log"));
        let of = |kind: io::ErrorKind| Failure::of_folder("make", &io::Error::from(kind));
        let full = page(of(io::ErrorKind::StorageFull));
        assert!(full.contains(RU.failed_full));
        assert!(page(of(io::ErrorKind::PermissionDenied)).contains(RU.failed_closed));
        assert!(page(StoreError::Full.into()).contains(RU.failed_full));
        assert!(page(StoreError::BadBackup(String::new()).into()).contains(RU.failed_no_backup));
        let read_only = io::Error::from(io::ErrorKind::ReadOnlyFilesystem);
        assert!(page(StoreError::Io(read_only).into()).contains(RU.failed_closed));
        assert!(page(StoreError::Locked { pid: 7 }.into()).contains(RU.failed_in_use));
        let newer = StoreError::Newer { found: 9, known: 8 };
        assert!(page(newer.into()).contains(RU.failed_newer));
        assert!(page(StoreError::Corrupt(String::new()).into()).contains(RU.failed_damaged));
        assert!(page(Failure::new("open the window")).contains(RU.failed_unknown));
        assert!(full.contains("Данные лежат в папке"));
    }

    #[test]
    fn an_address_is_ours_by_its_scheme_alone() {
        assert_eq!(ours(&Page::Failed.url()), Some(Ours::Page(Page::Failed)));
        let quit = Page::Failed.url().join("/quit").unwrap();
        assert_eq!(ours(&quit), Some(Ours::Deed(Deed::Quit)));
        assert_eq!(ours(&Url::parse("https://example.com/quit").unwrap()), None);
        assert_eq!(ours(&Url::parse("http://127.0.0.1:80/quit").unwrap()), None);
    }
}
