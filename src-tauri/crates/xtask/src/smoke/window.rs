//! The window on a display of its own, as a person uses it: it opens, is one for a data folder, takes what is dropped
//! on it, stays in the tray when it is closed, remembers its size, says why it could not start, and ends when asked to.

use std::env;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;
use std::time::Instant;

use sha2::{Digest, Sha256};

use super::{PATIENCE, Running, Tried, wait_for};
use crate::Result;
use crate::binary;
use crate::command::{command, output, succeeds};
use crate::metadata::root;

/// What is needed besides the program.
const TOOLS: [&str; 3] = ["Xvfb", "openbox", "xdotool"];
/// The size that the window is given, in pixels.
const SIZE: (u32, u32) = (900, 640);

/// Tries out the window, or says what is missing for it.
pub fn check(first: &Tried) -> Result<()> {
    let missing: Vec<&str> = TOOLS.into_iter().filter(|tool| !is_there(tool)).collect();
    if !missing.is_empty() {
        println!(
            "The window was not tried out: {} is missing.",
            missing.join(", ")
        );
        return Ok(());
    }
    let screen = Screen::open()?;
    let mut window = screen.start(first, &[])?;
    screen.waits_for_window()?;
    let stood = window.started.elapsed();
    window.sees("signed in by a one-time link")?;
    println!(
        "the window stood after {} ms and was signed in after {} ms",
        stood.as_millis(),
        window.started.elapsed().as_millis()
    );

    // A second start hands over its file and ends; the first one shows it.
    let file = root().join("assets/demo/files/Delivery.md");
    let mut later = screen.command(first);
    if !succeeds(later.arg(&file)) {
        return Err("a second start did not end well".into());
    }
    window.sees("a later start handed over 1 files")?;
    window.sees("files were taken in")?;

    screen.resizes()?;
    screen.drops(first, &mut window)?;
    println!("files were dragged into it from another program");

    // The menu's shortcut closes; without anybody who shows notifications the window itself says that it stays.
    screen.keys("ctrl+w")?;
    window.sees("the window shows its own page /stays")?;
    screen.keys("ctrl+w")?;
    window.sees("the program stays in the tray")?;
    wait_for("the window to be gone", || screen.window().is_none())?;
    if !succeeds(&mut first.command("healthcheck")) {
        return Err("the program ended with its window".into());
    }
    if !succeeds(&mut screen.command(first)) {
        return Err("a second start did not end well".into());
    }
    screen.waits_for_window()?;
    window.ends_well()?;
    println!("it is one for its data folder, and stayed in the tray when it was closed");

    let mut window = screen.start(first, &[])?;
    window.sees("signed in by a one-time link")?;
    screen.waits_for_window()?;
    wait_for("the size of before", || screen.size() == Some(SIZE))?;
    window.ends_well()?;
    println!("it remembered its size");

    // A server has the data: the window says so, and goes on when it is gone.
    let mut serve = first.command("serve");
    let mut server = Running(serve.args(["--listen", "127.0.0.1:0"]).spawn()?);
    wait_for("a healthy server", || {
        succeeds(&mut first.command("healthcheck"))
    })?;
    let mut window = screen.start(first, &[])?;
    window.sees("the window shows its own page /failed")?;
    server.end()?;
    window.asked_to_end()?;
    println!("a start that failed was told in the window");
    Ok(())
}

/// A display with somebody who manages windows.
struct Screen {
    number: String,
    /// Ended with the display, in this order.
    _manager: Running,
    _display: Running,
}

impl Screen {
    fn open() -> Result<Screen> {
        let mut display = Command::new("Xvfb");
        display.args(["-displayfd", "1", "-screen", "0", "1280x800x24"]);
        display.args(["-nolisten", "tcp"]);
        let mut display = Running(quiet(&mut display).stdout(Stdio::piped()).spawn()?);
        let number = format!(":{}", display.lines()?.recv_timeout(PATIENCE)?.trim());
        let mut manager = Command::new("openbox");
        manager.env("DISPLAY", &number);
        let manager = Running(quiet(&mut manager).stdout(Stdio::null()).spawn()?);
        Ok(Screen {
            number,
            _manager: manager,
            _display: display,
        })
    }

    /// The program with this display, and nobody to show notifications.
    fn command(&self, tried: &Tried) -> Command {
        let mut window = command(&tried.program);
        window.arg("--data").arg(&tried.data);
        window.args(["--log", "info"]);
        window
            .env("DISPLAY", &self.number)
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env_remove("WAYLAND_DISPLAY");
        window
    }

    fn start(&self, tried: &Tried, arguments: &[&str]) -> Result<Shown> {
        let mut window = self.command(tried);
        let started = Instant::now();
        let child: Child = window.args(arguments).stderr(Stdio::piped()).spawn()?;
        let mut running = Running(child);
        let log = running.error_lines()?;
        Ok(Shown {
            running,
            log,
            started,
        })
    }

    fn xdotool(&self, arguments: &[&str]) -> Result<String> {
        let mut tool = Command::new("xdotool");
        tool.env("DISPLAY", &self.number).args(arguments);
        output(tool.stderr(Stdio::null()))
    }

    /// The number of the window, while it is to be seen.
    fn window(&self) -> Option<String> {
        self.seen("ChatAI")
    }

    /// The number of the window of this title. (After a drag GTK keeps one of its own, of one pixel, that nobody
    /// manages.)
    fn seen(&self, title: &str) -> Option<String> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", title]);
        let is_managed = |number: &&str| {
            let desktop = self.xdotool(&["get_desktop_for_window", number]);
            desktop.is_ok()
        };
        found.ok()?.lines().find(is_managed).map(str::to_owned)
    }

    fn waits_for_window(&self) -> Result<()> {
        wait_for("the window", || self.window().is_some())
    }

    fn resizes(&self) -> Result<()> {
        let window = self.window().ok_or("there is no window")?;
        let (width, height) = (SIZE.0.to_string(), SIZE.1.to_string());
        self.xdotool(&["windowsize", &window, &width, &height])?;
        wait_for("the new size", || self.size() == Some(SIZE))
    }

    fn size(&self) -> Option<(u32, u32)> {
        let told = self.xdotool(&["getwindowgeometry", "--shell", &self.window()?]);
        let told = told.ok()?;
        let number = |name: &str| {
            told.lines()
                .find_map(|line| line.strip_prefix(name)?.parse().ok())
        };
        Some((number("WIDTH=")?, number("HEIGHT=")?))
    }

    /// Drags two files from another program's window over the program's own and lets them go there: the page adds
    /// them.
    fn drops(&self, first: &Tried, window: &mut Shown) -> Result<()> {
        let folder = first.data.with_extension("dragged");
        let (mut files, mut kept) = (Vec::new(), Vec::new());
        for name in ["Tyres.md", "Saddles.md"] {
            let text = format!("# {name}\n\nDragged into the window.\n");
            let hash = hex::encode(Sha256::digest(&text));
            kept.push(first.data.join("files").join(&hash[..2]).join(&hash));
            files.push(folder.join(name));
            fs::create_dir_all(&folder)?;
            fs::write(folder.join(name), text)?;
        }
        let mut source = Command::new(binary::target().join("debug/examples/drag_source"));
        let source = source.args(files).env("DISPLAY", &self.number);
        let _source = Running(quiet(source).stdout(Stdio::null()).spawn()?);
        wait_for("a window to drag from", || {
            self.seen("drag source").is_some()
        })?;
        let from = self.seen("drag source").ok_or("it is gone")?;
        let to = self.window().ok_or("there is no window")?;
        self.xdotool(&["windowmove", "--sync", &to, "300", "60"])?;
        self.xdotool(&["windowmove", "--sync", &from, "20", "20"])?;
        self.xdotool(&["mousemove", "--window", &from, "40", "40", "mousedown", "1"])?;
        let mut steps = (1..).map(|step| (100 + step % 50).to_string());
        wait_for("the file to hang over the window", || {
            let step = steps.next().unwrap_or_default();
            let moved = self.xdotool(&["mousemove", "--window", &to, &step, "300"]);
            moved.is_ok() && window.says("files hang over the window")
        })?;
        self.xdotool(&["mouseup", "1"])?;
        wait_for("the page to add the files", || {
            kept.iter().all(|file| file.exists())
        })?;
        Ok(fs::remove_dir_all(folder)?)
    }

    fn keys(&self, keys: &str) -> Result<()> {
        let window = self.window().ok_or("there is no window")?;
        self.xdotool(&["windowactivate", "--sync", &window])?;
        self.xdotool(&["key", "--clearmodifiers", keys])?;
        Ok(())
    }
}

/// The program with its window.
struct Shown {
    running: Running,
    log: Receiver<String>,
    started: Instant,
}

impl Shown {
    /// Waits until the log says it.
    fn sees(&mut self, words: &str) -> Result<()> {
        wait_for(words, || self.says(words))
    }

    /// True when the log said it since it was read last.
    fn says(&self, words: &str) -> bool {
        self.log.try_iter().any(|line| line.contains(words))
    }

    fn ends_well(mut self) -> Result<()> {
        let ended = self.running.end()?;
        match ended.success() {
            true => Ok(()),
            false => Err(format!("the program with its window ended with {ended}").into()),
        }
    }

    /// After a failure it ends, too, and its exit code says that it failed.
    fn asked_to_end(mut self) -> Result<()> {
        let ended = self.running.end()?;
        match ended.code() {
            Some(4) => Ok(()),
            _ => Err(format!("after a failed start it ended with {ended}").into()),
        }
    }
}

/// True when the search path leads to it.
fn is_there(tool: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(tool).is_file())
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stderr(Stdio::null())
}
