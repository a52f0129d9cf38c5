//! The program behind the window: starting it, saying why it could not start, taking in files, ending.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use app::App;
use app::clock::{Clock, SystemClock};
use app::who::Who;
use store::Store;
use store::restore::Opening;
use tauri::{AppHandle, Manager, Url, WebviewWindow};
use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};

use crate::boot::Boot;
use crate::desktop::drops::{self, Dropped};
use crate::desktop::first::Given;
use crate::desktop::host::ThisComputer;
use crate::desktop::memory::Memory;
use crate::desktop::pages::{self, Page};
use crate::desktop::words::{Words, words};
use crate::desktop::{notices, start, window};
use crate::exit::Failure;
use crate::serve::{self, Hosted, Place};
use crate::{folders, moving};

/// The one window's name.
pub const MAIN: &str = "main";
/// How long the window waits for the program's address before it shows that it starts. Going from one of its own pages
/// to one of the program's costs it a second process, longer than this.
const MOMENT: Duration = Duration::from_millis(300);
/// The window is let in again at most this often.
const AGAIN: Duration = Duration::from_secs(10);

/// What window, tray and program share.
pub struct Shell {
    /// What the program was told.
    pub boot: Boot,
    /// The data folder.
    pub data: PathBuf,
    /// The log's file.
    pub log: PathBuf,
    /// What is said, in the system's language.
    pub words: &'static Words,
    /// What the window remembers.
    pub memory: Memory,
    /// Where background work runs.
    pub runtime: Handle,
    /// The use cases while they can be used.
    pub standing: watch::Sender<Option<App>>,
    /// True when the window is to be seen from the start.
    pub show_at_start: bool,
    /// True once there is a tray to stay in.
    pub has_tray: AtomicBool,
    /// True while the window shows one of its own pages: only those may ask for deeds.
    pub shows_own: AtomicBool,
    /// The page of the failure, while there is one.
    failed: Mutex<Option<String>>,
    /// Where the program's pages are.
    home: Mutex<Option<Url>>,
    /// The address that is to be shown as soon as there is a window.
    next: Mutex<Url>,
    /// It is another one now.
    turned: Condvar,
    /// Files that wait for the program to stand.
    files: Mutex<Vec<PathBuf>>,
    /// True while files are dragged over the window.
    pub files_hang: AtomicBool,
    /// Files that were dropped on the program's own page, which fetches them.
    pub dropped: Dropped,
    /// Something that menus show was changed.
    pub changed: Notify,
    quit: watch::Sender<bool>,
    /// Where the data is to be carried.
    destination: watch::Sender<Option<PathBuf>>,
    /// Why the last move came to nothing.
    failed_move: Mutex<Option<String>>,
    /// Where the data lies now, once it was carried: the program has to start anew.
    carried: OnceLock<PathBuf>,
    again: Notify,
    /// When the window was last let in again.
    let_in_at: Mutex<Option<Instant>>,
    handle: OnceLock<AppHandle>,
}

impl Shell {
    /// Nothing runs yet.
    pub fn new(boot: &Boot, data: PathBuf, log: PathBuf, given: Given, runtime: Handle) -> Shell {
        Shell {
            boot: boot.clone(),
            memory: Memory::load(&data),
            data,
            log,
            words: words(),
            runtime,
            standing: watch::Sender::new(None),
            show_at_start: given.show,
            has_tray: AtomicBool::new(false),
            shows_own: AtomicBool::new(true),
            failed: Mutex::default(),
            home: Mutex::default(),
            next: Mutex::new(Page::Starting.url()),
            turned: Condvar::new(),
            files: Mutex::new(given.files),
            files_hang: AtomicBool::new(false),
            dropped: Dropped::default(),
            changed: Notify::new(),
            quit: watch::Sender::new(false),
            destination: watch::Sender::new(None),
            failed_move: Mutex::default(),
            carried: OnceLock::new(),
            again: Notify::new(),
            let_in_at: Mutex::default(),
            handle: OnceLock::new(),
        }
    }

    /// The address that the window opens with: the program's own, where it stands within a moment, else the page that
    /// it starts.
    pub fn opens_with(&self) -> Url {
        let starting = Page::Starting.url();
        let next = held(&self.next);
        let waited = self
            .turned
            .wait_timeout_while(next, MOMENT, |next| *next == starting);
        let (next, _) = waited.unwrap_or_else(PoisonError::into_inner);
        next.clone()
    }

    /// The window's loop stands, and the window opened with this address: what was to be shown meanwhile is shown now.
    pub fn stands(&self, handle: &AppHandle, opened_with: &Url) {
        let _ = self.handle.set(handle.clone());
        if self.is_quitting() {
            handle.exit(0);
        }
        let next = held(&self.next).clone();
        if next != *opened_with {
            self.navigate(next);
        }
    }

    /// The window.
    pub fn window(&self) -> Option<WebviewWindow> {
        self.handle.get()?.get_webview_window(MAIN)
    }

    /// Starts the program and keeps it running until somebody quits. A start that fails is told in the window, which
    /// offers to try again.
    pub async fn run(self: Arc<Self>, demo: Option<Place>) -> Result<(), Failure> {
        let mut quit = self.quit.subscribe();
        loop {
            let failure = match self.once(demo.clone()).await {
                Ok(()) => match self.destination.send_replace(None) {
                    Some(to) if !self.is_quitting() => {
                        if self.carry(to).await {
                            self.quit();
                            return Ok(());
                        }
                        self.navigate(Page::Starting.url());
                        continue;
                    }
                    _ => return Ok(()),
                },
                Err(failure) => failure,
            };
            tracing::error!("{failure}");
            self.tell_failure(&failure);
            tokio::select! {
                () = self.again.notified() => {}
                _ = quit.wait_for(|quit| *quit) => return Err(failure),
            }
            *held(&self.failed) = None;
            self.navigate(Page::Starting.url());
        }
    }

    /// One start and what follows it.
    async fn once(self: &Arc<Self>, demo: Option<Place>) -> Result<(), Failure> {
        let mut quit = self.quit.subscribe();
        let host = Hosted::by(ThisComputer::new(Arc::clone(self)));
        let started = tokio::select! {
            started = start(&self.boot, demo, host) => started?,
            // What was half started is as after a crash: safe.
            _ = quit.wait_for(|quit| *quit) => return Ok(()),
        };
        let (program, server, place, address) = started;
        let address = Url::parse(&address)
            .map_err(|error| Failure::new(format!("the window's address: {error}")))?;
        *held(&self.home) = address.join("/").ok();
        self.navigate(address);
        let waiting = std::mem::take(&mut *held(&self.files));
        if !waiting.is_empty() {
            let app = program.app.clone();
            self.take_in(app, waiting);
        }
        let mut destination = self.destination.subscribe();
        let asked = async {
            // An error means that whoever could ask is gone: the end as well.
            tokio::select! {
                _ = quit.wait_for(|quit| *quit) => {}
                _ = destination.wait_for(Option::is_some) => self.navigate(Page::Moving.url()),
            }
            Ok(())
        };
        let served =
            serve::keep_serving(&self.boot, place, program, server, &self.standing, asked).await;
        *held(&self.home) = None;
        served
    }

    /// Asks for the data to be carried there; false when that was asked already, or the end.
    pub fn move_to(&self, to: PathBuf) -> bool {
        if self.is_quitting() {
            return false;
        }
        self.destination.send_if_modified(|asked| {
            let is_first = asked.is_none();
            asked.get_or_insert(to);
            is_first
        })
    }

    /// Carries the data there while nothing runs on it; true when it lies there now.
    async fn carry(&self, to: PathBuf) -> bool {
        *held(&self.failed_move) = None;
        tracing::info!("the data is carried to {}", to.display());
        let quit = self.quit.subscribe();
        let goes_on = move || !*quit.borrow();
        let noted = to.clone();
        let switch = move || folders::note_moved(&noted);
        match moving::carry(&self.boot, &self.data, &to, goes_on, switch).await {
            Ok(()) => {
                let _ = self.carried.set(to);
                true
            }
            Err(failure) => {
                tracing::error!("the data stays where it is: {failure}");
                *held(&self.failed_move) = Some(failure.to_string());
                false
            }
        }
    }

    /// Why the last move of the data came to nothing.
    pub fn failed_move(&self) -> Option<String> {
        held(&self.failed_move).clone()
    }

    /// Where the data was carried: the program has to start anew.
    pub fn carried(&self) -> Option<&PathBuf> {
        self.carried.get()
    }

    fn tell_failure(&self, failure: &Failure) {
        let page = pages::failed(self.words, failure, &self.data, &self.log);
        *held(&self.failed) = Some(page);
        self.changed.notify_one();
        self.navigate(Page::Failed.url());
        self.show();
    }

    /// True after a start that failed.
    pub fn has_failed(&self) -> bool {
        held(&self.failed).is_some()
    }

    /// What one of the window's own pages says.
    pub fn page(&self, page: Page) -> String {
        match page {
            Page::Starting => pages::starting(self.words),
            Page::Stays => pages::stays(self.words),
            Page::Moving => pages::moving(self.words),
            Page::Failed => held(&self.failed)
                .clone()
                .unwrap_or_else(|| pages::starting(self.words)),
        }
    }

    /// Where the program's pages are, while it runs.
    pub fn home(&self) -> Option<Url> {
        held(&self.home).clone()
    }

    /// Shows an address in the window, now or as soon as there is one.
    pub fn navigate(&self, to: Url) {
        *held(&self.next) = to.clone();
        self.turned.notify_all();
        if let Some(window) = self.window()
            && let Err(error) = window.navigate(to)
        {
            tracing::warn!(%error, "the window does not go where it was sent");
        }
    }

    /// Brings the window to the front.
    pub fn show(&self) {
        let Some(window) = self.window() else { return };
        let shown = window
            .show()
            .and_then(|()| window.unminimize())
            .and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "the window could not be brought to the front");
        }
    }

    /// The session of the window's page ended, as it does after hours without use: whoever sits at this computer is let
    /// in again, as at the start, and goes on where they were. False when that was done a moment ago: then something
    /// is wrong, and the door is shown.
    pub fn let_in(self: &Arc<Self>, from: String) -> bool {
        let last = held(&self.let_in_at).replace(Instant::now());
        if last.is_some_and(|last| last.elapsed() < AGAIN) {
            return false;
        }
        let shell = Arc::clone(self);
        self.runtime.spawn(async move {
            match shell.entry_again(&from).await {
                Ok(address) => shell.navigate(address),
                Err(failure) => {
                    tracing::warn!("the window was not let in again: {failure}");
                    shell.go("/sign-in");
                }
            }
        });
        true
    }

    async fn entry_again(&self, to: &str) -> Result<Url, Failure> {
        let app = self.standing.borrow().clone();
        let (Some(app), Some(home)) = (app, self.home()) else {
            return Err(Failure::new("the program does not stand"));
        };
        let who = app
            .owner_here()
            .await?
            .ok_or_else(|| Failure::new("there is no owner yet"))?;
        let token = app.window_token(who.member.id).await?;
        let mut address = home
            .join("/enter")
            .map_err(|error| Failure::new(error.to_string()))?;
        address.query_pairs_mut().append_pair("to", to);
        address.set_fragment(Some(&token));
        Ok(address)
    }

    /// Brings the window to the front with one of the program's pages, as `/inbox`. What was typed elsewhere stays,
    /// as with a click on a link.
    pub fn go(&self, path: &str) {
        self.show();
        let (Some(window), Some(home)) = (self.window(), self.home()) else {
            return;
        };
        if self.shows_own.load(Ordering::Relaxed) {
            if let Ok(to) = home.join(path) {
                self.navigate(to);
            }
            return;
        }
        // The page's router hears this call; nothing comes back from the page.
        let path = serde_json::Value::from(path);
        if let Err(error) = window.eval(format!("history.pushState(null, '', {path})")) {
            tracing::warn!(%error, "the window does not go where it was sent");
        }
    }

    /// A later start, or somebody who opened a file with the program.
    pub fn given(self: &Arc<Self>, given: Given) {
        tracing::info!(
            files = given.files.len(),
            "a later start handed over {} files",
            given.files.len()
        );
        if given.show {
            self.show();
        }
        self.take(given.files);
    }

    /// Files hang over this place of the window, in CSS pixels; or over none of it any more.
    pub fn hang(&self, at: Option<(f64, f64)>) {
        let place = at.map(|(x, y)| serde_json::json!({ "x": x, "y": y }));
        self.tell_page("filesover", &serde_json::json!(place));
    }

    /// Files were dropped on this place of the window, in CSS pixels. The page takes them as it takes those of a
    /// browser; where the window shows none of the program's pages yet, they go to Knowledge.
    pub fn drop_at(self: &Arc<Self>, at: (f64, f64), paths: Vec<PathBuf>) {
        tracing::info!(paths = paths.len(), "dropped on the window");
        if self.shows_own.load(Ordering::Relaxed) || self.standing.borrow().is_none() {
            self.hang(None);
            self.take(paths);
            return;
        }
        let shell = Arc::clone(self);
        self.runtime
            .spawn_blocking(move || match shell.dropped.note(&paths) {
                Ok(files) => {
                    let what = serde_json::json!({ "x": at.0, "y": at.1, "files": files });
                    shell.tell_page("filesdropped", &what);
                }
                Err(failure) => {
                    shell.hang(None);
                    tell_not_taken(shell.words, &failure);
                }
            });
    }

    /// Hands an event to the page, unless it is one of the window's own. Nothing comes back from it.
    fn tell_page(&self, event: &str, detail: &serde_json::Value) {
        let Some(window) = self.window() else { return };
        if self.shows_own.load(Ordering::Relaxed) {
            return;
        }
        let event = serde_json::Value::from(event);
        let told = window.eval(format!(
            "dispatchEvent(new CustomEvent({event}, {{ detail: {detail} }}))"
        ));
        if let Err(error) = told {
            tracing::warn!(%error, "the page was not told of files over it");
        }
    }

    /// Takes files in, now or once the program stands.
    fn take(&self, files: Vec<PathBuf>) {
        if files.is_empty() {
            return;
        }
        match self.standing.borrow().clone() {
            Some(app) => self.take_in(app, files),
            None => held(&self.files).extend(files),
        }
    }

    /// Takes files into the knowledge and shows it.
    fn take_in(&self, app: App, paths: Vec<PathBuf>) {
        let words = self.words;
        self.go("/knowledge");
        self.runtime.spawn(async move {
            match taken_in(&app, &paths).await {
                Ok(files) => tracing::info!(files, "files were taken in"),
                Err(failure) => tell_not_taken(words, &failure),
            }
        });
    }

    /// Tries to start again after a failure.
    pub fn again(&self) {
        self.again.notify_one();
    }

    /// Puts the newest good backup in the place of the data, and starts.
    pub fn restore(self: &Arc<Self>) {
        let shell = Arc::clone(self);
        self.navigate(Page::Starting.url());
        self.runtime.spawn_blocking(move || match shell.restored() {
            Ok(()) => shell.again(),
            Err(failure) => {
                tracing::error!("{failure}");
                shell.tell_failure(&failure);
            }
        });
    }

    fn restored(&self) -> Result<(), Failure> {
        let opening = Opening {
            master_key: self.boot.master_key()?,
            code: None,
            entry: None,
        };
        let done = Store::restore_latest_opening(&self.data, &opening, SystemClock.now())?;
        tracing::info!("{} is back", done.from.display());
        Ok(())
    }

    /// Opens the program in the system's browser, signed in.
    pub fn open_in_browser(&self) {
        let (Some(app), Some(home)) = (self.standing.borrow().clone(), self.home()) else {
            return;
        };
        self.runtime.spawn(async move {
            match entry(&app, &home).await {
                Ok(address) => window::open_outside(&address),
                Err(failure) => tracing::warn!("the browser was not opened: {failure}"),
            }
        });
    }

    /// The window is gone: the program behind it ends in order.
    pub fn end(&self) {
        self.memory.keep();
        self.quit.send_replace(true);
    }

    /// Ends everything in order.
    pub fn quit(&self) {
        self.end();
        if let Some(handle) = self.handle.get() {
            handle.exit(0);
        }
    }

    /// True once the end was asked for.
    pub fn is_quitting(&self) -> bool {
        *self.quit.borrow()
    }
}

async fn entry(app: &App, home: &Url) -> Result<Url, Failure> {
    let who = app
        .owner_here()
        .await?
        .ok_or_else(|| Failure::new("there is no owner yet"))?;
    let token = app
        .sign_in_token(who.member.id, app::people::WINDOW_SECONDS)
        .await?;
    home.join(&format!("/enter#{token}"))
        .map_err(|error| Failure::new(error.to_string()))
}

/// How many files were taken in. One that cannot be does not keep the others out; the first failure is told then.
async fn taken_in(app: &App, paths: &[PathBuf]) -> Result<usize, Failure> {
    let who = app
        .owner_here()
        .await?
        .ok_or_else(|| Failure::new("there is no owner yet"))?;
    let files = drops::files(paths)?;
    let mut first_failure = None;
    for path in &files {
        if let Err(failure) = taken_one(app, &who, path).await {
            first_failure.get_or_insert(failure);
        }
    }
    match first_failure {
        None => Ok(files.len()),
        Some(failure) => Err(failure),
    }
}

async fn taken_one(app: &App, who: &Who, path: &Path) -> Result<(), Failure> {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let told = |why: &dyn Display| Failure::new(format!("{}: {why}", name.to_string_lossy()));
    let file = std::fs::File::open(path).map_err(|error| told(&error))?;
    match app.upload(who, None, &name.to_string_lossy(), file).await {
        Ok(_) => Ok(()),
        Err(error) => Err(told(&error)),
    }
}

fn tell_not_taken(words: &Words, failure: &Failure) {
    tracing::warn!("files were not taken in: {failure}");
    notices::say(words.file_title, &format!("{} {failure}", words.file_body));
}

fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
