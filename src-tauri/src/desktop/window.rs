//! The window itself: how it opens, where it may go, what closing it means.

use std::env;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use directories::UserDirs;
#[cfg(target_os = "linux")]
use gtk::prelude::{FileChooserExt, NativeDialogExt, NativeDialogExtManual};
use tauri::http::Response;
use tauri::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use tauri::webview::{DownloadEvent, NewWindowResponse, PageLoadEvent};
use tauri::{
    CloseRequestApi, DragDropEvent, LogicalPosition, LogicalSize, PhysicalPosition, Url,
    WebviewUrl, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent,
};

use crate::desktop::memory::{LEAST, Screen};
use crate::desktop::pages::{self, Deed, Ours, POLICY, Page, SCHEME};
use crate::desktop::shell::{MAIN, Shell};
use crate::desktop::{menu, notices, watch};
use crate::exit::Failure;

/// Opens the window and the tray, and stays until somebody quits.
pub fn show(shell: &Arc<Shell>) -> Result<(), Failure> {
    let (of_setup, of_pages, of_window, of_menu) = (
        Arc::clone(shell),
        Arc::clone(shell),
        Arc::clone(shell),
        Arc::clone(shell),
    );
    let built = tauri::Builder::default()
        .register_uri_scheme_protocol(SCHEME, move |_, request| {
            let url = Url::parse(&request.uri().to_string()).ok();
            answer(&of_pages, url.as_ref())
        })
        .on_window_event(move |window, event| of_window_event(&of_window, window, event))
        .on_menu_event(move |_, event| menu::chosen(&of_menu, event.id().as_ref()))
        .setup(move |app| {
            let menus = menu::build(app, &of_setup)?;
            let address = of_setup.opens_with();
            let window = build(app, &of_setup, address.clone())?;
            window.set_zoom(of_setup.memory.get().zoom)?;
            of_setup.stands(app.handle(), &address);
            of_setup
                .runtime
                .spawn(watch::follow(Arc::clone(&of_setup), menus));
            Ok(())
        })
        .build(tauri::generate_context!());
    let window = built.map_err(|error| Failure::new(format!("open the window: {error}")))?;
    let code = window.run_return(|_, _| ());
    match code {
        0 => Ok(()),
        code => Err(Failure::new(format!("the window ended with {code}"))),
    }
}

fn build(app: &mut tauri::App, shell: &Arc<Shell>, address: Url) -> tauri::Result<WebviewWindow> {
    let screens: Vec<Screen> = app
        .available_monitors()
        .unwrap_or_default()
        .iter()
        .map(|monitor| {
            let place: LogicalPosition<f64> = monitor.position().to_logical(monitor.scale_factor());
            let size: LogicalSize<f64> = monitor.size().to_logical(monitor.scale_factor());
            ((place.x, place.y), (size.width, size.height))
        })
        .collect();
    let remembered = shell.memory.fitting(&screens);
    let (of_navigation, of_new, of_load) =
        (Arc::clone(shell), Arc::clone(shell), Arc::clone(shell));
    let is_own = pages::ours(&address).is_some();
    shell.shows_own.store(is_own, Ordering::Relaxed);
    let address = match is_own {
        true => WebviewUrl::CustomProtocol(address),
        false => WebviewUrl::External(address),
    };
    let mut builder = WebviewWindowBuilder::new(app, MAIN, address)
        .title("ChatAI")
        .inner_size(remembered.width, remembered.height)
        .min_inner_size(LEAST.0, LEAST.1)
        .maximized(remembered.maximized)
        .visible(shell.show_at_start)
        .data_directory(shell.data.join("webview"))
        .on_navigation(move |to| may_go(&of_navigation, to))
        .on_new_window(move |to, _| {
            may_go(&of_new, &to);
            NewWindowResponse::Deny
        })
        .on_download(|_, event| downloads(event))
        .on_page_load(move |_, load| {
            let own = pages::ours(load.url()).is_some();
            of_load.shows_own.store(own, Ordering::Relaxed);
            if load.event() == PageLoadEvent::Finished {
                // Never the whole address: it holds the one-time token.
                let path = load.url().path();
                match own {
                    true => tracing::info!("the window shows its own page {path}"),
                    false => tracing::info!("the window shows {path}"),
                }
            }
        });
    // WebKitGTK shows a page no files that are dropped on it (CVE-2025-13947): there the window takes them, elsewhere the
    // page itself.
    if cfg!(not(target_os = "linux")) {
        builder = builder.disable_drag_drop_handler();
    }
    if let Some((x, y)) = remembered.place {
        builder = builder.position(x, y);
    }
    builder.build()
}

fn answer(shell: &Shell, url: Option<&Url>) -> Response<Vec<u8>> {
    let page = match url.and_then(pages::ours) {
        Some(Ours::Page(page)) => shell.page(page),
        _ => String::new(),
    };
    let mut response = Response::new(page.into_bytes());
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        tauri::http::HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(
        CONTENT_SECURITY_POLICY,
        tauri::http::HeaderValue::from_static(POLICY),
    );
    response
}

/// True when the window may go there; addresses elsewhere are handed to the system's browser.
fn may_go(shell: &Arc<Shell>, to: &Url) -> bool {
    match pages::ours(to) {
        Some(Ours::Page(_)) => return true,
        Some(Ours::Deed(deed)) => {
            // Only the window's own pages may ask for deeds, never a page of the server.
            if shell.shows_own.load(Ordering::Relaxed) {
                do_it(shell, deed);
            }
            return false;
        }
        Some(Ours::Nothing) => return false,
        None => {}
    }
    let is_home = shell
        .home()
        .is_some_and(|home| home.origin() == to.origin());
    if !is_home {
        open_outside(to);
        return false;
    }
    match ended_at(to) {
        Some(from) => !shell.let_in(from),
        None => true,
    }
}

/// Where a page stood whose session ended: it goes to the door and says from where. Who signs out says nothing.
fn ended_at(to: &Url) -> Option<String> {
    let from = to.query_pairs().find(|(name, _)| name == "to");
    let is_door = to.path() == "/sign-in";
    from.filter(|_| is_door).map(|(_, from)| from.into_owned())
}

fn do_it(shell: &Arc<Shell>, deed: Deed) {
    match deed {
        Deed::Again => shell.again(),
        Deed::Restore => shell.restore(),
        Deed::ShowLog => show_log(shell),
        Deed::Quit => shell.quit(),
        Deed::Keep => {
            if let Some(window) = shell.window() {
                hide(shell, &window);
            }
            if let Some(home) = shell.home() {
                shell.navigate(home);
            }
        }
    }
}

/// Shows the folder of the log.
pub fn show_log(shell: &Shell) {
    if let Some(folder) = shell.log.parent() {
        open_with_system(folder.as_os_str());
    }
}

/// Lets the person choose a folder in the system's dialog over the window; nothing where they chose none.
///
/// # Errors
/// There is no window, or this system's dialog is not known here.
#[cfg(target_os = "linux")]
pub async fn choose_folder(shell: &Shell) -> io::Result<Option<PathBuf>> {
    let window = shell
        .window()
        .ok_or_else(|| io::Error::from(io::ErrorKind::Unsupported))?;
    let title = shell.words.choose_folder;
    let (sender, chosen) = tokio::sync::oneshot::channel();
    let over = window.clone();
    // Dialogs live on the window's own thread, which goes on meanwhile.
    let asked = window.run_on_main_thread(move || {
        gtk::glib::MainContext::default().spawn_local(async move {
            let parent = over.gtk_window().ok();
            let action = gtk::FileChooserAction::SelectFolder;
            let dialog =
                gtk::FileChooserNative::new(Some(title), parent.as_ref(), action, None, None);
            let answer = dialog.run_future().await;
            let folder = (answer == gtk::ResponseType::Accept).then(|| dialog.filename());
            // Whoever asked may have gone.
            let _ = sender.send(folder.flatten());
            dialog.destroy();
        });
    });
    asked.map_err(io::Error::other)?;
    Ok(chosen.await.unwrap_or_default())
}

/// The dialogs of other systems are not known here.
#[cfg(not(target_os = "linux"))]
pub async fn choose_folder(_: &Shell) -> io::Result<Option<PathBuf>> {
    Err(io::ErrorKind::Unsupported.into())
}

fn of_window_event(shell: &Arc<Shell>, window: &Window, event: &WindowEvent) {
    match event {
        WindowEvent::Resized(_) | WindowEvent::Moved(_) => remember(shell, window),
        WindowEvent::CloseRequested { api, .. } => close(shell, window, api),
        WindowEvent::DragDrop(event) => dragged(shell, event),
        _ => {}
    }
}

/// Of what is dragged over the window only files are told.
fn dragged(shell: &Arc<Shell>, event: &DragDropEvent) {
    // GTK counts in pixels of the page that is not zoomed.
    let zoom = shell.memory.get().zoom;
    let at = |place: &PhysicalPosition<f64>| (place.x / zoom, place.y / zoom);
    match event {
        DragDropEvent::Enter { paths, position } if paths.iter().any(|path| is_file(path)) => {
            tracing::info!("files hang over the window");
            shell.files_hang.store(true, Ordering::Relaxed);
            shell.hang(Some(at(position)));
        }
        DragDropEvent::Over { position } if shell.files_hang.load(Ordering::Relaxed) => {
            shell.hang(Some(at(position)));
        }
        DragDropEvent::Drop { paths, position } => {
            shell.files_hang.store(false, Ordering::Relaxed);
            let files: Vec<PathBuf> = paths.iter().filter(|path| is_file(path)).cloned().collect();
            if !files.is_empty() {
                shell.drop_at(at(position), files);
            }
        }
        DragDropEvent::Leave => {
            shell.files_hang.store(false, Ordering::Relaxed);
            shell.hang(None);
        }
        _ => {}
    }
}

/// True for a path; what was a link of a page is handed over as its address.
fn is_file(dragged: &Path) -> bool {
    dragged.is_absolute()
}

/// Notes size and place, unless the window is hidden, minimised or fills the screen: then those of before count.
fn remember(shell: &Shell, window: &Window) {
    let is_seen = window.is_visible().unwrap_or(false) && !window.is_minimized().unwrap_or(true);
    if !is_seen || window.is_fullscreen().unwrap_or(false) {
        return;
    }
    let maximized = window.is_maximized().unwrap_or(false);
    let scale = window.scale_factor().unwrap_or(1.0);
    let size = window.inner_size().ok();
    let place = window.outer_position().ok();
    shell.memory.change(|held| {
        held.maximized = maximized;
        if maximized {
            return;
        }
        if let Some(size) = size {
            let size: LogicalSize<f64> = size.to_logical(scale);
            (held.width, held.height) = (size.width, size.height);
        }
        if let Some(place) = place {
            let place: LogicalPosition<f64> = place.to_logical(scale);
            held.place = Some((place.x, place.y));
        }
    });
}

/// Closing hides the window, and the program stays in the tray; the first time that is told. Without a tray, or when
/// nothing runs that could stay, closing is the end.
fn close(shell: &Arc<Shell>, window: &Window, api: &CloseRequestApi) {
    let stays = shell.has_tray.load(Ordering::Relaxed) && !shell.has_failed();
    if !stays {
        shell.quit();
        return;
    }
    api.prevent_close();
    let Some(window) = shell.window().filter(|main| main.label() == window.label()) else {
        return;
    };
    if shell.memory.get().told {
        hide(shell, &window);
        return;
    }
    shell.memory.change(|held| held.told = true);
    shell.memory.keep();
    let shell = Arc::clone(shell);
    // A notification is a call to another program: never on the window's own thread.
    shell.runtime.clone().spawn_blocking(move || {
        match notices::say(shell.words.stays_title, shell.words.stays) {
            true => hide(&shell, &window),
            false => shell.navigate(Page::Stays.url()),
        }
    });
}

fn hide(shell: &Shell, window: &WebviewWindow) {
    shell.memory.keep();
    match window.hide() {
        Ok(()) => tracing::info!("the window is closed; the program stays in the tray"),
        Err(error) => tracing::warn!(%error, "the window could not be closed"),
    }
}

/// Where a download goes: into the person's folder of downloads, over nothing that is there.
fn downloads(event: DownloadEvent<'_>) -> bool {
    match event {
        DownloadEvent::Requested { destination, .. } => {
            let folder = UserDirs::new().and_then(|person| {
                let folder = person.download_dir().map(Path::to_path_buf);
                folder.or_else(|| Some(person.home_dir().to_path_buf()))
            });
            let name = destination.file_name().map(PathBuf::from);
            match (folder, name) {
                (Some(folder), Some(name)) => {
                    *destination = free(&folder, &name);
                    true
                }
                _ => false,
            }
        }
        DownloadEvent::Finished { success, .. } => {
            tracing::info!(success, "a download ended");
            true
        }
        _ => true,
    }
}

/// `name` in `folder`, numbered where that is taken.
fn free(folder: &Path, name: &Path) -> PathBuf {
    let wanted = folder.join(name);
    if !wanted.exists() {
        return wanted;
    }
    let stem = name.file_stem().unwrap_or_default().to_string_lossy();
    let ending = name.extension().map(|ending| ending.to_string_lossy());
    let numbered = (2..1_000).map(|number| {
        folder.join(match &ending {
            Some(ending) => format!("{stem} ({number}).{ending}"),
            None => format!("{stem} ({number})"),
        })
    });
    let mut numbered = numbered.filter(|path| !path.exists());
    numbered.next().unwrap_or(wanted)
}

/// Hands an address to the system, if it is of a kind that a browser, mail or telephone program takes.
pub fn open_outside(to: &Url) {
    if !matches!(to.scheme(), "http" | "https" | "mailto" | "tel") {
        tracing::warn!(
            scheme = to.scheme(),
            "an address of this kind is not opened"
        );
        return;
    }
    open_with_system(to.as_str().as_ref());
}

/// Hands an address or a folder to the system's own opener.
pub fn open_with_system(what: &std::ffi::OsStr) {
    let mut opener = match env::consts::OS {
        "windows" => Command::new("explorer"),
        "macos" => Command::new("open"),
        _ => Command::new("xdg-open"),
    };
    let started = opener
        .arg(what)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match started {
        Ok(mut child) => {
            // Waited for, so that it does not stay as a dead entry.
            let waiting = std::thread::Builder::new().spawn(move || child.wait());
            drop(waiting);
        }
        Err(error) => tracing::warn!(%error, "the system could not open it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_never_takes_the_place_of_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let name = Path::new("Прайс.pdf");
        assert_eq!(free(folder.path(), name), folder.path().join("Прайс.pdf"));
        std::fs::write(folder.path().join("Прайс.pdf"), "").unwrap();
        std::fs::write(folder.path().join("Прайс (2).pdf"), "").unwrap();
        assert_eq!(
            free(folder.path(), name),
            folder.path().join("Прайс (3).pdf")
        );
    }

    fn from(address: &str) -> Option<String> {
        ended_at(&Url::parse(address).unwrap())
    }

    #[test]
    fn a_session_that_ended_says_where_the_page_stood_and_signing_out_says_nothing() {
        let ended = from("http://127.0.0.1:4810/sign-in?to=%2Fsettings%2Fteam%3Fa%3D1");
        assert_eq!(ended.as_deref(), Some("/settings/team?a=1"));
        assert_eq!(from("http://127.0.0.1:4810/sign-in"), None);
        assert_eq!(from("http://127.0.0.1:4810/inbox?to=%2F"), None);
    }
}
