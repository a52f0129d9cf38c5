//! The menus of the window and of the tray, and what choosing from them does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tauri::image::Image;
use tauri::menu::{CheckMenuItem, IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{App, Wry};

use crate::desktop::shell::Shell;
use crate::desktop::watch::State;
use crate::desktop::window::show_log;
use crate::desktop::{autostart, words::Words};

/// How much larger the letters become with each step.
const STEP: f64 = 1.1;

/// The menus whose words change.
pub struct Menus {
    state: MenuItem<Wry>,
    waiting: MenuItem<Wry>,
    autostart: [CheckMenuItem<Wry>; 2],
    tray: Option<TrayIcon>,
}

/// Puts the menu on the window that is made next, and the tray into its place.
pub fn build(app: &App, shell: &Arc<Shell>) -> tauri::Result<Menus> {
    let words = shell.words;
    let in_window = autostart_item(app, words)?;
    app.set_menu(of_window(app, words, &in_window)?)?;
    let state = MenuItem::with_id(app, "state", words.state_starting, false, None::<&str>)?;
    let waiting = MenuItem::with_id(app, "waiting", words.nobody_waits, false, None::<&str>)?;
    let in_tray = autostart_item(app, words)?;
    let of_tray = Menu::with_items(
        app,
        &[
            &state,
            &waiting,
            &PredefinedMenuItem::separator(app)?,
            &MenuItem::with_id(app, "open", words.open, true, None::<&str>)?,
            &MenuItem::with_id(app, "go:/inbox", words.inbox, true, None::<&str>)?,
            &PredefinedMenuItem::separator(app)?,
            &in_tray,
            &MenuItem::with_id(app, "quit", words.quit, true, None::<&str>)?,
        ],
    )?;
    // Without its library the tray of Linux panics instead of saying so. The program does without a tray then.
    let built = catch_unwind(AssertUnwindSafe(|| tray(app, shell, &of_tray)));
    let tray = match built {
        Ok(Ok(tray)) => Some(tray),
        Ok(Err(error)) => {
            tracing::warn!(%error, "there is no tray: closing the window ends the program");
            None
        }
        Err(_) => {
            tracing::warn!(
                "there is no tray (libayatana-appindicator3 is missing): closing the window ends the program"
            );
            None
        }
    };
    shell.has_tray.store(tray.is_some(), Ordering::Relaxed);
    Ok(Menus {
        state,
        waiting,
        autostart: [in_window, in_tray],
        tray,
    })
}

fn autostart_item(app: &App, words: &Words) -> tauri::Result<CheckMenuItem<Wry>> {
    CheckMenuItem::with_id(
        app,
        "autostart",
        words.autostart,
        true,
        autostart::is_on(),
        None::<&str>,
    )
}

fn tray(app: &App, shell: &Arc<Shell>, menu: &Menu<Wry>) -> tauri::Result<TrayIcon> {
    let clicked = Arc::clone(shell);
    TrayIconBuilder::with_id("chatai")
        .icon(calm())
        .tooltip("ChatAI")
        .menu(menu)
        .show_menu_on_left_click(false)
        // A folder that only its owner enters, not the shared one for passing things.
        .temp_dir_path(shell.data.join("tray"))
        .on_tray_icon_event(move |_, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                clicked.show();
            }
        })
        .build(app)
}

fn calm() -> Image<'static> {
    tauri::include_image!("../assets/icons/tray.png")
}

fn waited_for() -> Image<'static> {
    tauri::include_image!("../assets/icons/tray-waiting.png")
}

fn of_window(app: &App, words: &Words, autostart: &CheckMenuItem<Wry>) -> tauri::Result<Menu<Wry>> {
    let item = |id: &str, text: &str, keys: &str| {
        MenuItem::with_id(
            app,
            id,
            text,
            true,
            Some(keys).filter(|keys| !keys.is_empty()),
        )
    };
    let separator = PredefinedMenuItem::separator(app)?;
    let program = Submenu::with_items(
        app,
        "ChatAI",
        true,
        &[
            &item("browser", words.open_in_browser, "")?,
            autostart,
            &separator,
            &item("close", words.close, "CmdOrCtrl+W")?,
            &item("quit", words.quit, "CmdOrCtrl+Q")?,
        ],
    )?;
    let pages = [
        ("go:/", words.home, "CmdOrCtrl+1"),
        ("go:/inbox", words.inbox, "CmdOrCtrl+2"),
        ("go:/knowledge", words.knowledge, "CmdOrCtrl+3"),
        ("go:/playground", words.playground, "CmdOrCtrl+4"),
        ("go:/channels", words.channels, "CmdOrCtrl+5"),
        ("go:/improve", words.improve, "CmdOrCtrl+6"),
        ("go:/settings", words.settings, "CmdOrCtrl+,"),
    ];
    let pages: Vec<MenuItem<Wry>> = pages
        .into_iter()
        .map(|(id, text, keys)| item(id, text, keys))
        .collect::<Result<_, _>>()?;
    let pages: Vec<&dyn IsMenuItem<Wry>> = pages
        .iter()
        .map(|page| page as &dyn IsMenuItem<Wry>)
        .collect();
    let go = Submenu::with_items(app, words.go, true, &pages)?;
    let view = Submenu::with_items(
        app,
        words.view,
        true,
        &[
            &item("reload", words.reload, "CmdOrCtrl+R")?,
            &separator,
            &item("larger", words.larger, "CmdOrCtrl+=")?,
            &item("smaller", words.smaller, "CmdOrCtrl+-")?,
            &item("usual", words.usual_size, "CmdOrCtrl+0")?,
            &separator,
            &item("full", words.full_screen, "F11")?,
        ],
    )?;
    let version = format!("{} {}", words.version, env!("CARGO_PKG_VERSION"));
    let help = Submenu::with_items(
        app,
        words.help,
        true,
        &[
            &item("log", words.show_log, "")?,
            &MenuItem::with_id(app, "version", version, false, None::<&str>)?,
        ],
    )?;
    // Without it nothing can be copied by keyboard on macOS; elsewhere the page does it by itself.
    #[cfg(target_os = "macos")]
    let edit = Submenu::with_items(
        app,
        words.edit,
        true,
        &[
            &PredefinedMenuItem::undo(app, None)?,
            &PredefinedMenuItem::redo(app, None)?,
            &separator,
            &PredefinedMenuItem::cut(app, None)?,
            &PredefinedMenuItem::copy(app, None)?,
            &PredefinedMenuItem::paste(app, None)?,
            &PredefinedMenuItem::select_all(app, None)?,
        ],
    )?;
    #[cfg(target_os = "macos")]
    return Menu::with_items(app, &[&program, &edit, &go, &view, &help]);
    #[cfg(not(target_os = "macos"))]
    Menu::with_items(app, &[&program, &go, &view, &help])
}

/// Does what was chosen, by the item's id.
pub fn chosen(shell: &Arc<Shell>, id: &str) {
    if let Some(path) = id.strip_prefix("go:") {
        shell.go(path);
        return;
    }
    match id {
        "open" => shell.show(),
        "waiting" => shell.go("/inbox"),
        "browser" => shell.open_in_browser(),
        "quit" => shell.quit(),
        "log" => show_log(shell),
        "autostart" => switch_autostart(shell),
        "larger" => zoom(shell, |zoom| (zoom * STEP).min(3.0)),
        "smaller" => zoom(shell, |zoom| (zoom / STEP).max(0.5)),
        "usual" => zoom(shell, |_| 1.0),
        _ => of_window_only(shell, id),
    }
}

fn of_window_only(shell: &Arc<Shell>, id: &str) {
    let Some(window) = shell.window() else { return };
    let done = match id {
        "close" => window.close(),
        "reload" => window.reload(),
        "full" => {
            let is_full = window.is_fullscreen().unwrap_or(false);
            window.set_fullscreen(!is_full)
        }
        _ => Ok(()),
    };
    if let Err(error) = done {
        tracing::warn!(%error, "the window did not do what was chosen: {id}");
    }
}

fn zoom(shell: &Arc<Shell>, change: impl FnOnce(f64) -> f64) {
    let zoom = change(shell.memory.get().zoom);
    shell.memory.change(|held| held.zoom = zoom);
    shell.memory.keep();
    if let Some(window) = shell.window()
        && let Err(error) = window.set_zoom(zoom)
    {
        tracing::warn!(%error, "the letters keep their size");
    }
}

fn switch_autostart(shell: &Arc<Shell>) {
    let on = !autostart::is_on();
    match autostart::set(on, shell.boot.data.as_ref()) {
        Ok(()) => tracing::info!(on, "starting with the computer was switched"),
        Err(error) => tracing::warn!(%error, "starting with the computer could not be switched"),
    }
    shell.changed.notify_one();
}

impl Menus {
    /// Shows how things stand.
    pub fn show(&self, words: &Words, state: &State) {
        let texts = state.texts(words);
        let is_waited_for = state.waiting() > 0;
        let shown = self
            .state
            .set_text(texts.bots)
            .and_then(|()| self.waiting.set_text(texts.waiting))
            .and_then(|()| self.waiting.set_enabled(is_waited_for));
        let on = autostart::is_on();
        let switched = self.autostart.iter().map(|item| item.set_checked(on));
        let in_tray = self.tray.as_ref().map(|tray| {
            tray.set_icon(Some(match is_waited_for {
                true => waited_for(),
                false => calm(),
            }))
            .and_then(|()| tray.set_tooltip(Some(texts.tooltip)))
            .and_then(|()| tray.set_title(texts.title))
        });
        let mut all = std::iter::once(shown).chain(switched).chain(in_tray);
        if let Some(error) = all.find_map(Result::err) {
            tracing::warn!(%error, "the tray does not show how things stand");
        }
    }
}
