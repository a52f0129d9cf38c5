//! The manifest of a version: what its publisher signs. The signature is over its exact bytes, so that nothing of it
//! (version, time, platform, address, size, hash) can be changed without the key.

use domain::time::Timestamp;
use minisign_verify::{PublicKey, Signature};
use serde::Deserialize;

use super::Trouble;
use super::version::Version;

/// The most bytes of a manifest.
pub(super) const MOST: usize = 64 << 10;
/// The most bytes of its signature.
pub(super) const SIGNATURE_MOST: usize = 4 << 10;
/// The most packages of a version.
const MOST_PACKAGES: usize = 32;
/// The most characters of the notes in one language.
const MOST_NOTES: usize = 4_000;
/// The most bytes of a package.
const MOST_SIZE: u64 = 512 << 20;
/// What the manifests of this program say they are of: the key may sign other things too.
const PRODUCT: &str = "chatai";

/// A verified manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Manifest {
    pub version: Version,
    pub time: Timestamp,
    pub notes: Notes,
    packages: Vec<Package>,
}

/// What is new in a version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Notes {
    /// In English.
    pub en: String,
    /// In Russian.
    pub ru: String,
}

/// A package of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Package {
    platform: String,
    kind: PackageKind,
    /// A whole `https` address, or a name beside the manifest.
    address: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256.
    pub sha256: [u8; 32],
}

/// The kinds of packages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum PackageKind {
    /// Debian's.
    #[serde(rename = "deb")]
    Deb,
    /// The archive without a window.
    #[serde(rename = "tar.gz")]
    Archive,
}

/// As it is written.
#[derive(Deserialize)]
struct Written {
    product: String,
    version: String,
    time: jiff::Timestamp,
    notes: Notes,
    packages: Vec<WrittenPackage>,
}

#[derive(Deserialize)]
struct WrittenPackage {
    platform: String,
    kind: String,
    address: String,
    size: u64,
    sha256: String,
}

impl Manifest {
    /// The manifest, if its signature is of the key and over these bytes.
    pub fn verified(key: &str, text: &[u8], signature: &str) -> Result<Manifest, Trouble> {
        let key = PublicKey::from_base64(key).map_err(|_| Trouble::BadSignature)?;
        if signature.trim().is_empty() {
            return Err(Trouble::Unsigned);
        }
        let signature = Signature::decode(signature).map_err(|_| Trouble::BadSignature)?;
        key.verify(text, &signature, false)
            .map_err(|_| Trouble::BadSignature)?;
        let written = serde_json::from_slice(text).map_err(|_| Trouble::Unreadable)?;
        Manifest::read(written).ok_or(Trouble::Unreadable)
    }

    fn read(written: Written) -> Option<Manifest> {
        let Written {
            product,
            version,
            time,
            notes,
            packages,
        } = written;
        let is_short = |notes: &str| notes.chars().count() <= MOST_NOTES;
        let is_sound = product == PRODUCT
            && packages.len() <= MOST_PACKAGES
            && is_short(&notes.en)
            && is_short(&notes.ru);
        if !is_sound {
            return None;
        }
        // A kind of a later time is not for this version of the program.
        let packages = packages.into_iter().filter_map(|package| {
            Some(Package {
                kind: PackageKind::named(&package.kind)?,
                platform: package.platform,
                address: package.address,
                size: package.size,
                sha256: hex::decode(package.sha256).ok()?.try_into().ok()?,
            })
        });
        let packages: Vec<Package> = packages.collect();
        let fits = packages
            .iter()
            .all(|package| (1..=MOST_SIZE).contains(&package.size));
        Some(Manifest {
            version: version.parse().ok()?,
            time: Timestamp(time.as_microsecond()),
            notes,
            packages,
        })
        .filter(|_| fits)
    }

    /// The package of this kind for a platform.
    pub fn package(&self, platform: &str, kind: PackageKind) -> Option<&Package> {
        self.packages
            .iter()
            .find(|package| package.platform == platform && package.kind == kind)
    }
}

impl PackageKind {
    /// The kind of this name.
    fn named(name: &str) -> Option<PackageKind> {
        match name {
            "deb" => Some(PackageKind::Deb),
            "tar.gz" => Some(PackageKind::Archive),
            _ => None,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            PackageKind::Deb => "deb",
            PackageKind::Archive => "tar.gz",
        }
    }
}

impl Package {
    /// The name that it gets here: nothing of it is the publisher's but the version's numbers.
    pub fn file_name(&self, version: Version) -> String {
        format!("chatai-{version}.{}", self.kind.name())
    }

    /// The kind of package.
    pub fn kind(&self) -> PackageKind {
        self.kind
    }

    /// The processor's name as Debian has it.
    pub fn debian_architecture(&self) -> Option<&'static str> {
        match self.platform.rsplit_once('-')?.1 {
            "x86_64" => Some("amd64"),
            "aarch64" => Some("arm64"),
            _ => None,
        }
    }

    /// Where it is fetched from, when the manifest was found at `manifest`.
    pub fn address(&self, manifest: &str) -> Result<String, Trouble> {
        if self.address.contains("://") {
            return match self.address.starts_with("https://") {
                true => Ok(self.address.clone()),
                false => Err(Trouble::NotEncrypted),
            };
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
        let is_plain = self.address.chars().all(is_name) && !self.address.starts_with('.');
        match (manifest.rsplit_once('/'), is_plain) {
            (Some((folder, _)), true) => Ok(format!("{folder}/{}", self.address)),
            _ => Err(Trouble::Unreadable),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(change: impl Fn(&mut serde_json::Value)) -> Option<Manifest> {
        let mut json = serde_json::json!({
            "product": "chatai",
            "version": "0.2.0",
            "time": "2026-03-01T09:00:00Z",
            "notes": {"en": "New.", "ru": "Новое."},
            "packages": [{
                "platform": "linux-x86_64", "kind": "deb", "address": "chatai_0.2.0_amd64.deb",
                "size": 10, "sha256": "ab".repeat(32),
            }],
        });
        change(&mut json);
        Manifest::read(serde_json::from_value(json).ok()?)
    }

    #[test]
    fn a_manifest_outside_of_its_bounds_is_not_read() {
        let sound = written(|_| {}).unwrap();
        assert!(sound.package("linux-x86_64", PackageKind::Deb).is_some());
        assert!(sound.package("linux-aarch64", PackageKind::Deb).is_none());
        assert!(
            sound
                .package("linux-x86_64", PackageKind::Archive)
                .is_none()
        );
        let odd: &[&dyn Fn(&mut serde_json::Value)] = &[
            &|json| json["product"] = "another".into(),
            &|json| json["version"] = "2".into(),
            &|json| json["time"] = "yesterday".into(),
            &|json| json["notes"]["en"] = "x".repeat(MOST_NOTES + 1).into(),
            &|json| json["packages"][0]["size"] = 0.into(),
            &|json| json["packages"][0]["size"] = (MOST_SIZE + 1).into(),
            &|json| {
                let package = json["packages"][0].clone();
                json["packages"] = vec![package; MOST_PACKAGES + 1].into();
            },
        ];
        for (number, change) in odd.iter().enumerate() {
            assert_eq!(written(change), None, "{number}");
        }
    }

    #[test]
    fn what_a_later_time_adds_is_passed_over() {
        let later = written(|json| {
            json["mood"] = "cheerful".into();
            json["packages"][0]["kind"] = "flatpak".into();
        });
        assert_eq!(
            later.unwrap().package("linux-x86_64", PackageKind::Deb),
            None
        );
    }

    #[test]
    fn a_package_is_fetched_from_beside_the_manifest_or_over_https() {
        let from = |address: &str| {
            let manifest = written(|json| json["packages"][0]["address"] = address.into());
            let manifest = manifest.unwrap();
            let package = manifest.package("linux-x86_64", PackageKind::Deb).cloned();
            package
                .unwrap()
                .address("https://get.example/chatai/latest.json")
        };
        assert_eq!(
            from("chatai_0.2.0_amd64.deb").unwrap(),
            "https://get.example/chatai/chatai_0.2.0_amd64.deb"
        );
        assert_eq!(
            from("https://a.example/x.deb").unwrap(),
            "https://a.example/x.deb"
        );
        assert_eq!(from("http://a.example/x.deb"), Err(Trouble::NotEncrypted));
        assert_eq!(from("file:///etc/passwd"), Err(Trouble::NotEncrypted));
        for odd in [
            "../x.deb",
            "a/b.deb",
            "/x.deb",
            "..",
            "x.deb?y",
            "//evil.example",
        ] {
            assert_eq!(from(odd), Err(Trouble::Unreadable), "{odd}");
        }
    }
}
