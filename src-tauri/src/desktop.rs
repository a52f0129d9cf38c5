//! The window: one plain web view on the program's own server, signed in by a one-time token (security.md C17).
//!
//! There is no IPC: the page can ask for nothing that a browser could not. Addresses elsewhere open in the
//! system's browser.

use std::env;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};

use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{Url, WebviewUrl, WebviewWindowBuilder};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::boot::Boot;
use crate::cli;
use crate::compose::Program;
use crate::exit::{Ending, Failure, Outcome};
use crate::local;
use crate::serve::{self, Place, Server};

/// Where the window's last port is kept: the page's own memory lives by origin, so the port is used again.
const PORT: &str = "window.port";

/// True when there is a display to open a window on.
pub fn has_display() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// Serves on loopback and shows it in a window until that is closed. With `demo`, the demo company is loaded
/// and asked first, and the server stands where it says.
pub fn open(boot: &Boot, demo: Option<Place>) -> Outcome {
    let runtime = cli::runtime()?;
    let place = demo.clone().unwrap_or_else(Place::loopback);
    let (program, server, address) = runtime.block_on(start(boot, demo))?;
    let memory = program.data.join("webview");
    let (close, closed) = oneshot::channel::<()>();
    let closed = async move {
        // The window is gone, whether it said so or not.
        let _ = closed.await;
        Ok(())
    };
    let boot = boot.clone();
    let serving = runtime
        .spawn(async move { serve::keep_serving(&boot, place, program, server, closed).await });
    let shown = show(&runtime, &address, &memory);
    drop(close);
    let served = runtime.block_on(serving);
    served.map_err(|error| Failure::new(error.to_string()))??;
    shown?;
    Ok(Ending::Done)
}

async fn start(boot: &Boot, demo: Option<Place>) -> Result<(Program, Server, String), Failure> {
    let program = Program::start_serving(boot).await?;
    let (server, lives) = match demo {
        Some(place) => {
            cli::show_demo(&program).await?;
            (
                cli::start_somewhere(&program, &place)?,
                app::people::LINK_SECONDS,
            )
        }
        None => (
            Server::start_on(&program, &Place::loopback(), listener(&program.data)?)?,
            app::people::WINDOW_SECONDS,
        ),
    };
    let who = local::owner(&program, "My business").await?;
    if lives == app::people::LINK_SECONDS {
        let link = program.app.sign_in_token(who.member.id, lives).await?;
        println!(
            "\nThe window opens. In a browser, this address signs you in once, within 15 minutes:\n\n  {}\n",
            server.entry(&link)
        );
    }
    let token = program
        .app
        .sign_in_token(who.member.id, app::people::WINDOW_SECONDS)
        .await?;
    let address = server.entry(&token);
    Ok((program, server, address))
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

/// Opens the window and stays until it is closed.
fn show(runtime: &Runtime, address: &str, memory: &Path) -> Result<(), Failure> {
    let home = Url::parse(address)
        .map_err(|error| Failure::new(format!("the window's address: {error}")))?;
    let memory = memory.to_path_buf();
    let setup = move |app: &mut tauri::App| -> Result<(), Box<dyn std::error::Error>> {
        let (here, also_here) = (home.clone(), home.clone());
        WebviewWindowBuilder::new(app, "main", WebviewUrl::External(home))
            .title("ChatAI")
            .inner_size(1_200.0, 800.0)
            .min_inner_size(360.0, 480.0)
            .data_directory(memory)
            // The page itself takes dropped files.
            .disable_drag_drop_handler()
            .on_navigation(move |to| stays(&here, to))
            .on_new_window(move |to, _| {
                stays(&also_here, &to);
                NewWindowResponse::Deny
            })
            .on_page_load(|_, load| {
                if load.event() == PageLoadEvent::Finished {
                    // Never the whole address: it holds the one-time token.
                    tracing::info!("the window shows {}", load.url().path());
                }
            })
            .build()?;
        Ok(())
    };
    let built = tauri::Builder::default()
        .setup(setup)
        .build(tauri::generate_context!());
    let window = built.map_err(|error| Failure::new(format!("open the window: {error}")))?;
    let handle = window.handle().clone();
    let asked = {
        let _in_runtime = runtime.enter();
        serve::asked_to_end()?
    };
    runtime.spawn(async move {
        if asked.await.is_ok() {
            handle.exit(0);
        }
    });
    let code = window.run_return(|_, _| ());
    match code {
        0 => Ok(()),
        code => Err(Failure::new(format!("the window ended with {code}"))),
    }
}

/// True when the window may go there; anything else is handed to the system's browser.
fn stays(home: &Url, to: &Url) -> bool {
    let is_ours = to.origin() == home.origin();
    if !is_ours {
        open_outside(to);
    }
    is_ours
}

/// Hands an address to the system, if it is of a kind that a browser, mail or telephone program takes.
fn open_outside(to: &Url) {
    if !matches!(to.scheme(), "http" | "https" | "mailto" | "tel") {
        tracing::warn!(
            scheme = to.scheme(),
            "an address of this kind is not opened"
        );
        return;
    }
    let mut opener = match env::consts::OS {
        "windows" => Command::new("explorer"),
        "macos" => Command::new("open"),
        _ => Command::new("xdg-open"),
    };
    let started = opener
        .arg(to.as_str())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if let Err(error) = started {
        tracing::warn!(%error, "the system's browser could not be started");
    }
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
