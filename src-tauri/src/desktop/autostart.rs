//! Starting together with the computer: a file where the system looks for such programs; on Windows a value of the
//! registry. Windows and macOS are not tested.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

/// The command that is started: the program without its window.
fn command(data: Option<&PathBuf>) -> io::Result<Vec<OsString>> {
    // Inside an AppImage the program lies where the next start will not find it.
    let program = match std::env::var_os("APPIMAGE") {
        Some(image) => image,
        None => std::env::current_exe()?.into_os_string(),
    };
    let mut words = vec![program, OsString::from("--in-tray")];
    if let Some(data) = data {
        words.push(OsString::from("--data"));
        words.push(std::path::absolute(data)?.into_os_string());
    }
    Ok(words)
}

/// True when the program starts with the computer.
pub fn is_on() -> bool {
    place::is_on()
}

/// Starts the program with the computer from now on, on the data folder that was told, or no longer.
///
/// # Errors
/// The system's folder cannot be written.
pub fn set(on: bool, data: Option<&PathBuf>) -> io::Result<()> {
    match on {
        true => place::put(&command(data)?),
        false => place::remove(),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
mod place {
    use std::ffi::OsString;
    use std::fs;
    use std::io;
    use std::path::PathBuf;

    use directories::BaseDirs;

    /// `~/.config/autostart`, by the XDG autostart specification.
    fn file() -> io::Result<PathBuf> {
        let base = BaseDirs::new().ok_or_else(|| io::Error::other("there is no home folder"))?;
        Ok(base.config_dir().join("autostart/chatai.desktop"))
    }

    pub fn is_on() -> bool {
        file().is_ok_and(|file| file.exists())
    }

    pub fn put(command: &[OsString]) -> io::Result<()> {
        let file = file()?;
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, super::desktop_entry(command)?)
    }

    pub fn remove() -> io::Result<()> {
        match fs::remove_file(file()?) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// The entry, its words quoted as the Desktop Entry Specification wants it.
#[cfg(all(unix, not(target_os = "macos")))]
fn desktop_entry(command: &[OsString]) -> io::Result<String> {
    let mut words = Vec::new();
    for word in command {
        let word = word.to_str().filter(|word| !word.contains('\n'));
        let word = word.ok_or_else(|| io::Error::other("the path cannot be written there"))?;
        let mut quoted = String::from('"');
        for c in word.chars() {
            match c {
                // Once for the quotes, once more for the file.
                '"' | '`' | '$' => quoted.push_str("\\\\"),
                '\\' => quoted.push_str("\\\\\\"),
                '%' => quoted.push('%'),
                _ => {}
            }
            quoted.push(c);
        }
        quoted.push('"');
        words.push(quoted);
    }
    Ok(format!(
        "[Desktop Entry]\nType=Application\nName=ChatAI\nComment=Your bots answer from the start\nIcon=chatai\n\
         Exec={}\nTerminal=false\nX-GNOME-Autostart-enabled=true\n",
        words.join(" ")
    ))
}

#[cfg(target_os = "macos")]
mod place {
    use std::ffi::OsString;
    use std::fs;
    use std::io;
    use std::path::PathBuf;

    use directories::BaseDirs;

    fn file() -> io::Result<PathBuf> {
        let base = BaseDirs::new().ok_or_else(|| io::Error::other("there is no home folder"))?;
        Ok(base
            .home_dir()
            .join("Library/LaunchAgents/app.chatai.desktop.plist"))
    }

    pub fn is_on() -> bool {
        file().is_ok_and(|file| file.exists())
    }

    pub fn put(command: &[OsString]) -> io::Result<()> {
        let words: Vec<String> = command
            .iter()
            .map(|word| {
                let text = word.to_string_lossy();
                let text = text.replace('&', "&amp;").replace('<', "&lt;");
                format!("<string>{text}</string>")
            })
            .collect();
        fs::write(
            file()?,
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<plist version=\"1.0\"><dict><key>Label</key>\
                 <string>app.chatai.desktop</string><key>ProgramArguments</key><array>{}</array>\
                 <key>RunAtLoad</key><true/></dict></plist>\n",
                words.concat()
            ),
        )
    }

    pub fn remove() -> io::Result<()> {
        match fs::remove_file(file()?) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

#[cfg(windows)]
mod place {
    use std::ffi::OsString;
    use std::io;
    use std::process::{Command, Stdio};

    const KEY: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run";

    fn reg(words: &[&str]) -> io::Result<bool> {
        let status = Command::new("reg")
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        Ok(status.success())
    }

    pub fn is_on() -> bool {
        reg(&["query", KEY, "/v", "ChatAI"]).unwrap_or(false)
    }

    pub fn put(command: &[OsString]) -> io::Result<()> {
        let words: Vec<String> = command
            .iter()
            .map(|word| format!("\"{}\"", word.to_string_lossy()))
            .collect();
        let line = words.join(" ");
        match reg(&[
            "add", KEY, "/v", "ChatAI", "/t", "REG_SZ", "/d", &line, "/f",
        ])? {
            true => Ok(()),
            false => Err(io::Error::other("the registry refused it")),
        }
    }

    pub fn remove() -> io::Result<()> {
        // That it was not there is no failure.
        reg(&["delete", KEY, "/v", "ChatAI", "/f"]).map(|_| ())
    }
}

#[cfg(all(test, unix, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[test]
    fn paths_with_anything_in_them_are_quoted() {
        let entry = desktop_entry(&[
            OsString::from("/opt/Chat AI/chatai"),
            OsString::from("--data"),
            OsString::from("/home/anna/100% \"safe\" $HOME"),
        ])
        .unwrap();
        assert!(
            entry.contains(
                r#"Exec="/opt/Chat AI/chatai" "--data" "/home/anna/100%% \\"safe\\" \\$HOME""#
            ),
            "{entry}"
        );
        assert!(desktop_entry(&[OsString::from("a\nb")]).is_err());
    }
}
