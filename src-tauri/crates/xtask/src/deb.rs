//! The Debian package with the window: a tree as it will lie on the disk, and `dpkg-deb` over it.
//!
//! It has no scripts of its own: icons, menu entries and manual pages are taken up by Debian's triggers, and the
//! service is installed without being switched on.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::command::{command, output, run, succeeds};
use crate::dist::{PACKAGING, put};
use crate::icons;
use crate::metadata::root;

/// What is opened only while it runs and so stands in no list of the linker.
const OPENED_LATER: &str = "libayatana-appindicator3-1, ca-certificates";

/// Makes the package; nothing where Debian's own tools are not there.
pub fn make(
    program: &Path,
    version: &str,
    list: &Path,
    stage: &Path,
    out: &Path,
    time: &str,
) -> Result<Option<PathBuf>> {
    let has = |tool: &str| succeeds(command(tool).arg("--version"));
    if !["dpkg-deb", "dpkg-shlibdeps", "gzip"].into_iter().all(has) {
        return Ok(None);
    }
    let architecture = output(command("dpkg").arg("--print-architecture"))?;
    let architecture = architecture.trim();
    let tree = stage.join("deb");
    let usr = tree.join("usr");
    let from = root().join(PACKAGING);
    put(program, &usr.join("bin/chatai"), 0o755)?;
    put(
        &from.join("chatai.desktop"),
        &usr.join("share/applications/chatai.desktop"),
        0o644,
    )?;
    put(
        &from.join("app.chatai.desktop.metainfo.xml"),
        &usr.join("share/metainfo/app.chatai.desktop.metainfo.xml"),
        0o644,
    )?;
    put(
        &from.join("chatai.service"),
        &usr.join("lib/systemd/system/chatai.service"),
        0o644,
    )?;
    let docs = usr.join("share/doc/chatai");
    put(&from.join("copyright"), &docs.join("copyright"), 0o644)?;
    put(list, &docs.join("chatai.cdx.json"), 0o644)?;
    compress(&docs.join("chatai.cdx.json"))?;
    let manual = usr.join("share/man/man1/chatai.1");
    put(&from.join("chatai.1"), &manual, 0o644)?;
    let text = fs::read_to_string(&manual)?.replace("{version}", version);
    fs::write(&manual, text)?;
    compress(&manual)?;
    icons::into_theme(&usr.join("share"))?;
    plain_permissions(&usr)?;

    let libraries = libraries(program, stage)?;
    let control = format!(
        "Package: chatai\nVersion: {version}\nArchitecture: {architecture}\nSection: web\nPriority: optional\n\
         Maintainer: ChatAI <chatai@localhost>\nInstalled-Size: {}\nDepends: {libraries}, {OPENED_LATER}\n\
         Recommends: xdg-utils\nSuggests: gnome-keyring\n\
         Description: answers a business's customers from its own documents\n \
         ChatAI answers customers on Telegram and on a website from the documents\n \
         of the business, with the document, the page and the quoted sentence, and\n \
         hands over to a person what they do not say. One program: a window, a\n \
         server (chatai serve, chatai.service), the bots and the index.\n",
        kibibytes(&tree)?
    );
    let debian = tree.join("DEBIAN");
    fs::create_dir_all(&debian)?;
    fs::write(debian.join("control"), control)?;
    plain_permissions(&debian)?;
    let package = out.join(format!("chatai_{version}_{architecture}.deb"));
    run(command("dpkg-deb")
        .env("SOURCE_DATE_EPOCH", time)
        .args(["--root-owner-group", "-Zxz", "--build"])
        .arg(&tree)
        .arg(&package))?;
    Ok(Some(package))
}

/// The packages that hold the libraries the program is linked with, as Debian names them.
fn libraries(program: &Path, stage: &Path) -> Result<String> {
    // The tool wants to stand in a source package.
    let place = stage.join("shlibdeps");
    fs::create_dir_all(place.join("debian"))?;
    fs::write(
        place.join("debian/control"),
        "Source: chatai\n\nPackage: chatai\nArchitecture: any\nDescription: chatai\n",
    )?;
    let told = output(
        command("dpkg-shlibdeps")
            .current_dir(&place)
            .args(["-O", "--ignore-missing-info"])
            .arg(program),
    )?;
    let depends = told
        .lines()
        .find_map(|line| line.strip_prefix("shlibs:Depends="));
    Ok(depends
        .ok_or("dpkg-shlibdeps names no libraries")?
        .to_owned())
}

fn compress(file: &Path) -> Result<()> {
    run(command("gzip").arg("-9nf").arg(file))
}

/// Files are readable by all and folders can be entered, whatever this person's own habits are.
fn plain_permissions(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode));
        set(folder, 0o755)?;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let mode = entry.metadata()?.permissions().mode();
            match entry.file_type()?.is_dir() {
                true => plain_permissions(&entry.path())?,
                false if mode & 0o100 != 0 => set(&entry.path(), 0o755)?,
                false => set(&entry.path(), 0o644)?,
            }
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

fn kibibytes(folder: &Path) -> Result<u64> {
    fn bytes(folder: &Path) -> std::io::Result<u64> {
        fs::read_dir(folder)?
            .map(|entry| {
                let entry = entry?;
                match entry.file_type()?.is_dir() {
                    true => bytes(&entry.path()),
                    false => Ok(entry.metadata()?.len()),
                }
            })
            .sum()
    }
    Ok(bytes(folder)?.div_ceil(1_024))
}
