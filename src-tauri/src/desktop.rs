//! The window: one plain web view on the program's own server, signed in by a one-time token (security.md C17), and
//! the program's life behind it, in the tray.
//!
//! There is no IPC: the page can ask for nothing that a browser could not. Addresses elsewhere open in the
//! system's browser.

mod autostart;
mod drops;
mod first;
mod host;
mod memory;
mod menu;
mod notices;
mod pages;
mod shell;
mod watch;
mod window;
mod words;

use std::env;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crate::boot::{Boot, private_folder};
use crate::cli;
use crate::compose::Program;
use crate::desktop::first::{Given, Start};
use crate::desktop::shell::Shell;
use crate::exit::{Ending, Failure, Outcome};
use crate::local;
use crate::moving;
use crate::out;
use crate::serve::{self, Hosted, Place, Server};

/// Where the window's last port is kept: the page's own memory lives by origin, so the port is used again.
const PORT: &str = "window.port";

/// What somebody wants of the window.
#[derive(Debug, Default)]
pub struct Wish {
    /// The demo company is loaded and asked first, and the server stands where this says.
    pub demo: Option<Place>,
    /// Files for the knowledge.
    pub files: Vec<PathBuf>,
    /// Do not show the window yet.
    pub in_tray: bool,
}

/// True when there is a display to open a window on.
pub fn has_display() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// Serves on loopback behind a window and a tray until somebody quits. Where a window is open on the data folder
/// already, that one is shown and takes the files.
pub fn open(boot: &Boot, wish: Wish) -> Outcome {
    let data = boot.data()?;
    private_folder(&data).map_err(|error| {
        Failure::new(format!("make the data folder {}: {error}", data.display()))
    })?;
    let usual_log = data.join("logs").join("chatai.log");
    if wish.demo.is_none() {
        boot.start_log("info", Some(&usual_log))?;
    }
    let files: Result<Vec<PathBuf>, _> = wish.files.iter().map(std::path::absolute).collect();
    let given = Given {
        files: files?,
        show: !wish.in_tray,
    };
    let ear = match first::start(&data, &given)? {
        Start::First(ear) => ear,
        Start::Later => {
            println!("ChatAI is open already: its window is shown");
            return Ok(Ending::Done);
        }
    };
    let runtime = cli::runtime()?;
    let log = boot.log_file.clone().unwrap_or(usual_log);
    let shell = Arc::new(Shell::new(boot, data, log, given, runtime.handle().clone()));
    let heard = Arc::clone(&shell);
    ear.listen(move |given| heard.given(given))?;
    let asked = {
        let _in_runtime = runtime.enter();
        serve::asked_to_end()?
    };
    let ending = Arc::clone(&shell);
    runtime.spawn(async move {
        if asked.await.is_ok() {
            ending.quit();
        }
    });
    let serving = runtime.spawn(Arc::clone(&shell).run(wish.demo));
    let shown = window::show(&shell);
    // The window is gone, whether it said so or not.
    shell.end();
    let served = runtime.block_on(serving);
    cli::let_go(runtime);
    served.map_err(|error| Failure::new(error.to_string()))??;
    shown?;
    if let Some(to) = shell.carried() {
        start_from(&shell.data, to, &wish.files)?;
    }
    Ok(Ending::Done)
}

/// The data lies elsewhere now and nothing of ours holds the old folder any more: it is set aside, and the program is
/// started anew as it was started before, but for the files, which it has taken in.
fn start_from(old: &Path, to: &Path, files: &[PathBuf]) -> Result<(), Failure> {
    moving::carry_page_memory(old, to);
    match moving::set_aside(old, to) {
        Ok(aside) => tracing::info!("the old data folder is {} now", aside.display()),
        Err(error) => tracing::warn!(%error, "the old data folder keeps its name"),
    }
    // Inside an AppImage the program lies where the next start will not find it.
    let program = match env::var_os("APPIMAGE") {
        Some(image) => PathBuf::from(image),
        None => env::current_exe()?,
    };
    let given = |argument: &std::ffi::OsString| files.iter().any(|file| file == argument);
    let again = env::args_os().skip(1).filter(|argument| !given(argument));
    Command::new(program)
        .args(again.filter(|argument| argument.as_os_str() != "--in-tray"))
        .env_remove("CHATAI_IN_TRAY")
        .spawn()
        .map_err(|error| Failure::new(format!("start from {}: {error}", to.display())))?;
    Ok(())
}

/// Starts the program and its server; with them the address that signs the window in.
async fn start(
    boot: &Boot,
    demo: Option<Place>,
    host: Hosted,
) -> Result<(Program, Server, Place, String), Failure> {
    let program = Program::start_serving(boot).await?;
    let is_demo = demo.is_some();
    let place = Place {
        host,
        ..demo.unwrap_or_else(Place::loopback)
    };
    let server = match is_demo {
        true => {
            cli::show_demo(&program).await?;
            cli::start_somewhere(&program, &place)?
        }
        false => Server::start_on(&program, &place, listener(&program.data)?)?,
    };
    let who = local::owner(&program, "My business").await?;
    if is_demo {
        let link = program
            .app
            .sign_in_token(who.member.id, app::people::LINK_SECONDS)
            .await?;
        out::heard_or_not(&format!(
            "\nThe window opens. In a browser, this address signs you in once, within 15 minutes:\n\n  {}\n",
            server.entry(&link)
        ));
    }
    let token = program.app.window_token(who.member.id).await?;
    let address = server.entry(&token);
    Ok((program, server, place, address))
}

/// A loopback listener on the last port where it is free, else on any.
fn listener(data: &Path) -> Result<TcpListener, Failure> {
    let noted = fs::read_to_string(data.join(PORT))
        .ok()
        .and_then(|text| text.trim().parse().ok());
    let bind = |port: u16| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    let listener = bind(noted.unwrap_or(0)).or_else(|_| bind(0))?;
    fs::write(data.join(PORT), listener.local_addr()?.port().to_string())?;
    Ok(listener)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::Value;

    #[test]
    fn the_window_has_no_capabilities() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let config = std::fs::read_to_string(here.join("tauri.conf.json")).unwrap();
        let config: Value = serde_json::from_str(&config).unwrap();
        assert_eq!(
            config["app"]["security"]["capabilities"],
            serde_json::json!([])
        );
        assert_eq!(config["app"]["withGlobalTauri"], false);
        assert_eq!(config["plugins"], Value::Null);
        let files = std::fs::read_dir(here.join("capabilities")).unwrap();
        let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
        assert_eq!(names, ["README.md"]);
    }
}
