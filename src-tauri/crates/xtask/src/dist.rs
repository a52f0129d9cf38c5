//! `cargo xtask dist`: the packages that people install, with their sums, the lists of what is in them, and the
//! list that programs look at to find a newer version.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use crate::Result;
use crate::binary::{self, Shape};
use crate::command::{command, output, run, succeeds};
use crate::deb;
use crate::metadata::root;
use crate::release::{self, About, Listed};
use crate::sbom::sbom;

/// Where the files of packages lie.
pub const PACKAGING: &str = "assets/packaging";

/// What is made of what.
#[derive(Debug, Default)]
struct Wish {
    /// The program with its window, built already.
    desktop: Option<PathBuf>,
    /// The program without, built already.
    headless: Option<PathBuf>,
    /// The version, when it is not the workspace's own.
    version: Option<String>,
    /// Where the packages go.
    out: Option<PathBuf>,
    /// The secret key that the list of packages is signed with.
    sign: Option<PathBuf>,
    /// The folder of what is new.
    notes: Option<PathBuf>,
    /// Where the packages will lie, if not beside their list.
    base: Option<String>,
}

/// Makes the `.deb`, the archive without a window, the lists, their signature and the sums.
pub fn dist(arguments: &[String]) -> Result<()> {
    let wish = wish(arguments)?;
    let out = wish.out.unwrap_or_else(|| root().join("target/dist"));
    let stage = out.join("stage");
    if stage.exists() {
        fs::remove_dir_all(&stage)?;
    }
    fs::create_dir_all(&stage)?;
    let version = match wish.version {
        Some(version) => version,
        None => workspace_version()?,
    };
    let time = last_change();
    check_unit()?;
    check_containerfile(&fs::read_to_string(
        root().join(PACKAGING).join("Containerfile"),
    )?)?;

    // The second build takes the first one's place: each is taken away when it is made.
    let mut made = Vec::new();
    let mut listed = Vec::new();
    let desktop = given_or_built(wish.desktop, Shape::Desktop, &stage)?;
    let list = out.join("chatai.cdx.json");
    fs::write(&list, sbom(Shape::Desktop, &version)?)?;
    made.push(list.clone());
    match deb::make(&desktop, &version, &list, &stage, &out, &time)? {
        Some(package) => {
            listed.push(Listed {
                path: package.clone(),
                kind: "deb",
            });
            made.push(package);
        }
        None => println!(
            "No .deb: this is no Debian or Ubuntu with dpkg-dev (dpkg-deb and dpkg-shlibdeps make it)."
        ),
    }
    let headless = given_or_built(wish.headless, Shape::Headless, &stage)?;
    let list = out.join("chatai-headless.cdx.json");
    fs::write(&list, sbom(Shape::Headless, &version)?)?;
    made.push(list.clone());
    let archive = archive(&headless, &version, &list, &stage, &out, &time)?;
    listed.push(Listed {
        path: archive.clone(),
        kind: "tar.gz",
    });
    made.push(archive);
    let about = About {
        version: &version,
        seconds: SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs(),
        notes: wish.notes.as_deref(),
        base: wish.base.as_deref(),
    };
    made.extend(release::write(&about, &listed, wish.sign.as_deref(), &out)?);

    fs::write(out.join("SHA256SUMS"), sums(&made)?)?;
    fs::remove_dir_all(&stage)?;
    println!("\nIn {}:", out.display());
    for path in &made {
        println!("{:>12} bytes  {}", fs::metadata(path)?.len(), name_of(path));
    }
    Ok(())
}

fn wish(arguments: &[String]) -> Result<Wish> {
    let mut wish = Wish::default();
    let here = std::env::current_dir()?;
    let mut left = arguments.iter();
    while let Some(flag) = left.next() {
        let mut value = || left.next().ok_or(format!("{flag} needs a value"));
        match flag.as_str() {
            "--binary" => wish.desktop = Some(here.join(value()?)),
            "--headless-binary" => wish.headless = Some(here.join(value()?)),
            "--version" => wish.version = Some(value()?.clone()),
            "--sign" => wish.sign = Some(here.join(value()?)),
            "--notes" => wish.notes = Some(here.join(value()?)),
            "--base" => wish.base = Some(value()?.clone()),
            "--out" => wish.out = Some(here.join(value()?)),
            other => return Err(format!("unknown argument {other}").into()),
        }
    }
    Ok(wish)
}

/// The program of a shape, under a name of its own in the stage.
fn given_or_built(given: Option<PathBuf>, shape: Shape, stage: &Path) -> Result<PathBuf> {
    let from = match given {
        Some(given) => given,
        None => binary::release(shape)?,
    };
    let to = stage.join(match shape {
        Shape::Desktop => "chatai-desktop",
        Shape::Headless => "chatai-headless",
    });
    fs::copy(&from, &to).map_err(|error| format!("{}: {error}", from.display()))?;
    Ok(to)
}

/// The archive without a window: the program, its unit, the container file, how to install it.
fn archive(
    program: &Path,
    version: &str,
    list: &Path,
    stage: &Path,
    out: &Path,
    time: &str,
) -> Result<PathBuf> {
    let name = format!(
        "chatai-headless-{version}-{}-{}",
        std::env::consts::OS,
        std::env::consts::ARCH
    );
    let folder = stage.join(&name);
    fs::create_dir_all(&folder)?;
    put(program, &folder.join("chatai"), 0o755)?;
    for file in ["chatai.service", "Containerfile", "INSTALL.md"] {
        put(
            &root().join(PACKAGING).join(file),
            &folder.join(file),
            0o644,
        )?;
    }
    put(list, &folder.join("chatai-headless.cdx.json"), 0o644)?;
    let archive = out.join(format!("{name}.tar.gz"));
    run(command("tar")
        .args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner"])
        .arg(format!("--mtime=@{time}"))
        .args(["--use-compress-program", "gzip -9n", "-C"])
        .arg(stage)
        .arg("-cf")
        .arg(&archive)
        .arg(&name))?;
    Ok(archive)
}

/// Copies a file with its permissions.
pub fn put(from: &Path, to: &Path, mode: u32) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).map_err(|error| format!("{}: {error}", from.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(to, fs::Permissions::from_mode(mode))?;
    }
    #[cfg(not(unix))]
    let _ = mode;
    Ok(())
}

/// What systemd says of the unit, where there is one.
fn check_unit() -> Result<()> {
    if !succeeds(command("systemd-analyze").arg("--version")) {
        println!("The unit was not checked: there is no systemd-analyze here.");
        return Ok(());
    }
    let unit = root().join(PACKAGING).join("chatai.service");
    let told = output(
        command("systemd-analyze")
            .args(["security", "--offline=true", "--no-pager", "--threshold=20"])
            .arg(&unit),
    )?;
    if let Some(last) = told.lines().rev().find(|line| line.contains("exposure")) {
        println!("{}", last.trim());
    }
    Ok(())
}

/// What a linter would ask of the container file; there may be no engine to try it.
fn check_containerfile(text: &str) -> Result<()> {
    let instructions: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let of = |word: &str| {
        let prefix = format!("{word} ");
        instructions
            .iter()
            .filter_map(|line| line.strip_prefix(prefix.as_str()))
            .collect::<Vec<_>>()
    };
    let mut wrong = Vec::new();
    let has_version = |image: &&str| {
        image
            .rsplit_once(':')
            .is_some_and(|(_, tag)| tag != "latest")
    };
    if of("FROM").len() != 1 || !of("FROM").iter().all(has_version) {
        wrong.push("one FROM with a version");
    }
    if of("USER")
        .iter()
        .all(|user| user.starts_with("root") || user.starts_with('0'))
    {
        wrong.push("a USER that is not root");
    }
    if of("HEALTHCHECK").is_empty() {
        wrong.push("a HEALTHCHECK");
    }
    if !of("ENTRYPOINT").iter().all(|entry| entry.starts_with('[')) || of("ENTRYPOINT").is_empty() {
        wrong.push("an ENTRYPOINT without a shell, so that signals arrive");
    }
    if of("COPY").iter().any(|copied| !copied.contains(" chatai ")) {
        wrong.push("a COPY of what is in the archive only");
    }
    if of("ADD").iter().any(|_| true) {
        wrong.push("no ADD, which may fetch");
    }
    if text.contains("apt-get install") && !text.contains("rm -rf /var/lib/apt/lists") {
        wrong.push("package lists removed in the layer that fetched them");
    }
    match wrong.is_empty() {
        true => Ok(()),
        false => Err(format!("the container file lacks: {}", wrong.join("; ")).into()),
    }
}

/// Seconds since 1970 of the last change of the sources: packages made of the same sources are the same.
fn last_change() -> String {
    let told = output(command("git").args(["log", "-1", "--format=%ct"]));
    told.map(|text| text.trim().to_owned())
        .ok()
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| "0".to_owned())
}

fn workspace_version() -> Result<String> {
    let manifest = fs::read_to_string(root().join("Cargo.toml"))?;
    let line = manifest
        .lines()
        .find_map(|line| line.strip_prefix("version = \""));
    let version = line.and_then(|rest| rest.strip_suffix('"'));
    Ok(version.ok_or("Cargo.toml names no version")?.to_owned())
}

/// As `sha256sum` writes and checks them.
fn sums(files: &[PathBuf]) -> Result<String> {
    let mut lines = String::new();
    for path in files {
        let sum = hex::encode(Sha256::digest(fs::read(path)?));
        lines.push_str(&format!("{sum}  {}\n", name_of(path)));
    }
    Ok(lines)
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_container_file_is_as_a_linter_wants_it() {
        let ours = fs::read_to_string(root().join(PACKAGING).join("Containerfile")).unwrap();
        check_containerfile(&ours).unwrap();
        let careless = ours.replace("debian:12-slim", "debian:latest");
        assert!(check_containerfile(&careless).is_err());
        let rooted = ours.replace("USER 10001:10001", "USER root");
        assert!(check_containerfile(&rooted).is_err());
    }

    #[test]
    fn sums_are_those_that_sha256sum_checks() {
        let name = std::env::temp_dir().join(format!("chatai-sum-{}", std::process::id()));
        fs::write(&name, "abc").unwrap();
        let lines = sums(std::slice::from_ref(&name)).unwrap();
        fs::remove_file(&name).unwrap();
        assert!(lines.starts_with(
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  chatai-sum-"
        ));
    }
}
