//! What this build is, where newer ones are published, and how this system installs a package.
//!
//! Owns: the publisher's address and key, fixed when the program is built; finding out how this copy came to this
//! computer; the system's installer. Not here: what is fetched and believed (`app::updates`).

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use app::updates::{Installer, Label, Outcome, PackageKind, Publisher, Release, Way};

/// Where the manifest of the newest version lies. There is deliberately no flag or variable for it at run time:
/// whoever could set it could offer another program.
const ADDRESS: Option<&str> = option_env!("CHATAI_UPDATE_ADDRESS");
/// The minisign public key that the manifest is signed with.
const KEY: Option<&str> = option_env!("CHATAI_UPDATE_KEY");

/// What Debian's package manager keeps of our package: the files that it put here.
const DEBIAN_LIST: &str = "/var/lib/dpkg/info/chatai.list";
/// Asks for the password and runs a command as root.
const PKEXEC: &str = "/usr/bin/pkexec";
/// Installs a package together with what it needs.
const APT: &str = "/usr/bin/apt-get";
/// Installs a package.
const DPKG: &str = "/usr/bin/dpkg";
/// Looks into a package.
const DPKG_DEB: &str = "/usr/bin/dpkg-deb";
/// Opens a file with the program that the desktop has for it.
const OPENER: &str = "/usr/bin/xdg-open";
/// What pkexec ends with when the password was not given, or nobody could be asked.
const NOT_PERMITTED: [i32; 2] = [126, 127];

/// What this build is.
pub fn release() -> Release {
    let program = std::env::current_exe().unwrap_or_default();
    let kind = kind_of(&program);
    Release {
        version: env!("CARGO_PKG_VERSION")
            .parse()
            .expect("the workspace's version has three numbers"),
        platform: format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH),
        kind,
        publisher: publisher(ADDRESS, KEY),
        installer: Arc::new(System {
            kind,
            program,
            unit: unit(),
        }),
    }
}

/// Nobody unless both are there: a build without looks nowhere.
fn publisher(address: Option<&str>, key: Option<&str>) -> Option<Publisher> {
    let told = |value: Option<&str>| {
        let value = value.unwrap_or_default().trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    Some(Publisher {
        address: told(address)?,
        key: told(key)?,
    })
}

/// The kind of package that put the program here.
fn kind_of(program: &Path) -> Option<PackageKind> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let list = std::fs::read_to_string(DEBIAN_LIST).unwrap_or_default();
    if list.lines().any(|line| Path::new(line) == program) {
        return Some(PackageKind::Deb);
    }
    // The archive holds the program without a window: it cannot take the place of one with it.
    (!cfg!(feature = "desktop")).then_some(PackageKind::Archive)
}

/// The service of systemd that this process runs as.
fn unit() -> Option<String> {
    std::env::var_os("INVOCATION_ID")?;
    unit_in(&std::fs::read_to_string("/proc/self/cgroup").ok()?)
}

fn unit_in(cgroup: &str) -> Option<String> {
    let name = cgroup.lines().next()?.rsplit('/').next()?;
    // The session of a desktop has an invocation too, and is no service of ours.
    let is_service = name.ends_with(".service") && !name.starts_with("user@");
    is_service.then(|| name.to_owned())
}

/// The installer of this system.
struct System {
    kind: Option<PackageKind>,
    program: PathBuf,
    unit: Option<String>,
}

impl Installer for System {
    fn way(&self) -> Way {
        let exists = |path: &str| Path::new(path).exists();
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let has_display = is_set("DISPLAY") || is_set("WAYLAND_DISPLAY");
        if self.kind != Some(PackageKind::Deb) || !has_display {
            return Way::Shown;
        }
        if exists(PKEXEC) {
            return Way::Asks;
        }
        match exists(OPENER) {
            true => Way::Opens,
            false => Way::Shown,
        }
    }

    fn look_into(&self, package: &Path) -> io::Result<Option<Label>> {
        if self.kind != Some(PackageKind::Deb) {
            return Ok(None);
        }
        let told = Command::new(DPKG_DEB)
            .arg("--field")
            .arg(package)
            .args(["Package", "Version", "Architecture"])
            .output()?;
        if !told.status.success() {
            return Err(io::Error::other("dpkg-deb does not know this file"));
        }
        Ok(Some(label(&String::from_utf8_lossy(&told.stdout))))
    }

    fn install(&self, package: &Path) -> io::Result<Outcome> {
        match self.way() {
            Way::Asks => {
                let mut command = Command::new(PKEXEC);
                command.args(installing()).arg(package);
                let ended = command.stdin(Stdio::null()).status()?;
                Ok(match ended.code() {
                    Some(0) => Outcome::Installed,
                    Some(code) if NOT_PERMITTED.contains(&code) => Outcome::NotPermitted,
                    _ => Outcome::Failed,
                })
            }
            Way::Opens => {
                let opened = Command::new(OPENER).arg(package).status()?;
                Ok(match opened.success() {
                    true => Outcome::Opened,
                    false => Outcome::Failed,
                })
            }
            Way::Shown => Ok(Outcome::Failed),
        }
    }

    fn command(&self, package: &Path) -> String {
        let package = quoted(package);
        let installing = match self.kind {
            Some(PackageKind::Archive) => {
                let folder = self.program.parent().unwrap_or(Path::new("/usr/bin"));
                format!(
                    "sudo tar -xzf {package} -C {} --strip-components=1 --no-same-owner --wildcards '*/chatai'",
                    quoted(folder)
                )
            }
            _ => format!("sudo {} {package}", installing().join(" ")),
        };
        match &self.unit {
            Some(unit) => format!("{installing} && sudo systemctl restart {unit}"),
            None => installing,
        }
    }
}

/// The command that installs a Debian package: with what it newly needs, where apt is there.
fn installing() -> &'static [&'static str] {
    match Path::new(APT).exists() {
        true => &[APT, "install", "--yes", "--no-remove"],
        false => &[DPKG, "--install"],
    }
}

/// What `dpkg-deb --field` says.
fn label(told: &str) -> Label {
    let field = |name: &str| {
        let found = told.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            (field == name).then(|| value.trim().to_owned())
        });
        found.unwrap_or_default()
    };
    Label {
        name: field("Package"),
        version: field("Version"),
        architecture: field("Architecture"),
    }
}

/// A path as a shell takes it for one word.
fn quoted(path: &Path) -> String {
    let path = path.to_string_lossy();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '+');
    match !path.is_empty() && path.chars().all(is_plain) {
        true => path.into_owned(),
        false => format!("'{}'", path.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(kind: PackageKind, unit: Option<&str>) -> System {
        System {
            kind: Some(kind),
            program: PathBuf::from("/opt/chat ai/chatai"),
            unit: unit.map(str::to_owned),
        }
    }

    #[test]
    fn a_build_without_address_or_key_looks_nowhere() {
        let (address, key) = (Some("https://get.example/latest.json"), Some("RWQ"));
        assert!(publisher(address, key).is_some());
        assert_eq!(publisher(address, None), None);
        assert_eq!(publisher(None, key), None);
        assert_eq!(publisher(address, Some(" ")), None);
    }

    #[test]
    fn the_command_is_one_that_a_shell_takes_as_it_is_meant() {
        let deb = system(PackageKind::Deb, Some("chatai.service"));
        let told = deb.command(Path::new("/home/o'neil/data/updates/chatai-0.2.0.deb"));
        assert!(
            told.ends_with(
                " '/home/o'\\''neil/data/updates/chatai-0.2.0.deb' && sudo systemctl restart chatai.service"
            ),
            "{told}"
        );
        let archive = system(PackageKind::Archive, None);
        let told = archive.command(Path::new("/srv/chatai-0.2.0.tar.gz"));
        assert_eq!(
            told,
            "sudo tar -xzf /srv/chatai-0.2.0.tar.gz -C '/opt/chat ai' --strip-components=1 --no-same-owner \
             --wildcards '*/chatai'"
        );
    }

    #[test]
    fn a_service_is_known_by_its_cgroup() {
        let of_service = "0::/system.slice/chatai.service\n";
        assert_eq!(unit_in(of_service).as_deref(), Some("chatai.service"));
        let of_desktop =
            "0::/user.slice/user-1000.slice/user@1000.service/app.slice/chatai.scope\n";
        assert_eq!(unit_in(of_desktop), None);
        assert_eq!(unit_in(""), None);
    }

    #[test]
    fn a_package_says_what_it_is() {
        let told = label("Package: chatai\nVersion: 0.2.0\nArchitecture: amd64\n");
        assert_eq!(
            (
                told.name.as_str(),
                told.version.as_str(),
                told.architecture.as_str()
            ),
            ("chatai", "0.2.0", "amd64")
        );
    }

    #[test]
    fn a_debian_package_is_looked_into_with_debians_own_tool() {
        if !Path::new(DPKG_DEB).exists() {
            eprintln!("not run: there is no dpkg-deb here");
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("tree");
        std::fs::create_dir_all(tree.join("DEBIAN")).unwrap();
        let control = "Package: chatai\nVersion: 0.2.0\nArchitecture: amd64\nMaintainer: ChatAI <chatai@localhost>\n\
                       Description: answers\n";
        std::fs::write(tree.join("DEBIAN/control"), control).unwrap();
        let package = folder.path().join("chatai-0.2.0.deb");
        let built = Command::new(DPKG_DEB)
            .args(["--root-owner-group", "-Znone", "--build"])
            .arg(&tree)
            .arg(&package)
            .stdout(Stdio::null())
            .status();
        assert!(built.unwrap().success());
        let deb = system(PackageKind::Deb, None);
        let told = deb.look_into(&package).unwrap().unwrap();
        assert_eq!(
            (told.name.as_str(), told.version.as_str()),
            ("chatai", "0.2.0")
        );
        assert_eq!(told.architecture, "amd64");
        std::fs::write(&package, "no package").unwrap();
        assert!(deb.look_into(&package).is_err());
    }

    #[test]
    fn the_command_unpacks_the_program_out_of_our_archive() {
        let Ok(folder) = tempfile::tempdir() else {
            panic!("a temporary folder can be made");
        };
        let inside = folder.path().join("chatai-headless-0.2.0-linux-x86_64");
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(inside.join("chatai"), "new").unwrap();
        std::fs::write(inside.join("INSTALL.md"), "how").unwrap();
        let archive = folder.path().join("a.tar.gz");
        let packed = Command::new("tar")
            .arg("-C")
            .arg(folder.path())
            .arg("-czf")
            .arg(&archive)
            .arg("chatai-headless-0.2.0-linux-x86_64")
            .status();
        assert!(packed.unwrap().success());
        let target = folder.path().join("bin");
        std::fs::create_dir(&target).unwrap();
        std::fs::write(target.join("chatai"), "old").unwrap();
        let installed = System {
            kind: Some(PackageKind::Archive),
            program: target.join("chatai"),
            unit: None,
        };
        let command = installed.command(&archive).replace("sudo ", "");
        let ran = Command::new("sh").arg("-c").arg(command).status();
        assert!(ran.unwrap().success());
        let now = std::fs::read_to_string(target.join("chatai")).unwrap();
        assert_eq!(now, "new");
        assert!(!target.join("INSTALL.md").exists());
    }
}
