//! The list of a version's packages that programs look at to find a newer one, and the publisher's signature over it.
//!
//! What is believed of it, and why, stands in room app (`updates/manifest.rs`).

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use minisign::{KeyPair, PublicKey, SecretKey, SecretKeyBox};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::Result;

/// The name of the list.
const LIST: &str = "latest.json";
/// The most characters of the notes in one language; the program takes no more.
const MOST_NOTES: usize = 4_000;

/// What stands in the list besides the packages.
pub struct About<'a> {
    /// The version.
    pub version: &'a str,
    /// Seconds since 1970: when it is published.
    pub seconds: u64,
    /// A folder with `en.txt` and `ru.txt`: what is new.
    pub notes: Option<&'a Path>,
    /// Where the packages will lie; beside the list when nothing is said.
    pub base: Option<&'a str>,
}

/// A package, and what it is for.
pub struct Listed {
    /// The file.
    pub path: PathBuf,
    /// `deb` or `tar.gz`.
    pub kind: &'static str,
}

/// Writes the list beside the packages, and its signature when there is a key; gives what was written.
pub fn write(
    about: &About,
    packages: &[Listed],
    key: Option<&Path>,
    out: &Path,
) -> Result<Vec<PathBuf>> {
    let list = out.join(LIST);
    let signature = out.join(format!("{LIST}.minisig"));
    let mut text = serde_json::to_string_pretty(&listed(about, packages)?)?;
    text.push('\n');
    fs::write(&list, &text)?;
    let Some(key) = key else {
        // One of an earlier list would be a wrong one.
        if signature.exists() {
            fs::remove_file(&signature)?;
        }
        println!("The list is not signed, so no program believes it: --sign FILE signs it.");
        return Ok(vec![list]);
    };
    let secret = secret_key(key)?;
    let comment = format!("chatai {}", about.version);
    let signed = minisign::sign(None, &secret, Cursor::new(&text), Some(&comment), None)?;
    fs::write(&signature, signed.into_string())?;
    let public = PublicKey::from_secret_key(&secret)?;
    println!(
        "Signed; programs built with CHATAI_UPDATE_KEY={} believe it.",
        public.to_base64()
    );
    Ok(vec![list, signature])
}

/// Makes a pair of keys: the secret one in the file, which nobody else may read, and the public one said.
pub fn keys(arguments: &[String]) -> Result<()> {
    let [file] = arguments else {
        return Err("say the file that the secret key goes into".into());
    };
    let path = Path::new(file);
    if path.exists() {
        return Err(format!("{file} is there already: it may be the only key of a release").into());
    }
    let password = std::env::var(PASSWORD).ok().filter(|text| !text.is_empty());
    let pair = match password {
        Some(password) => KeyPair::generate_encrypted_keypair(Some(password))?,
        None => KeyPair::generate_unencrypted_keypair()?,
    };
    let text = pair.sk.to_box(Some("chatai releases"))?.into_string();
    write_secret(path, &text)?;
    println!(
        "The secret key lies in {file}: keep it off this computer, and a copy of it.\nBuild with \
         CHATAI_UPDATE_KEY={}",
        pair.pk.to_base64()
    );
    Ok(())
}

/// The password of the secret key, where it has one.
const PASSWORD: &str = "CHATAI_SIGN_PASSWORD";

fn secret_key(path: &Path) -> Result<SecretKey> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let sealed = SecretKeyBox::from_string(&text)?;
    match std::env::var(PASSWORD) {
        Ok(password) if !password.is_empty() => Ok(sealed.into_secret_key(Some(password))?),
        _ => Ok(sealed.into_unencrypted_secret_key().map_err(|_| {
            format!(
                "the key in {} has a password: say it in {PASSWORD}",
                path.display()
            )
        })?),
    }
}

fn write_secret(path: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)?.write_all(text.as_bytes())?;
    Ok(())
}

fn listed(about: &About, packages: &[Listed]) -> Result<Value> {
    let platform = format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH);
    let mut rows = Vec::new();
    for package in packages {
        let name = package
            .path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy();
        let bytes = fs::read(&package.path)?;
        let address = match about.base {
            Some(base) => format!("{}/{name}", base.trim_end_matches('/')),
            None => name.into_owned(),
        };
        rows.push(json!({
            "platform": platform,
            "kind": package.kind,
            "address": address,
            "size": bytes.len(),
            "sha256": hex::encode(Sha256::digest(&bytes)),
        }));
    }
    Ok(json!({
        "product": "chatai",
        "version": about.version,
        "time": moment(about.seconds),
        "notes": { "en": notes(about.notes, "en.txt")?, "ru": notes(about.notes, "ru.txt")? },
        "packages": rows,
    }))
}

fn notes(folder: Option<&Path>, name: &str) -> Result<String> {
    let Some(folder) = folder else {
        return Ok(String::new());
    };
    let path = folder.join(name);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    match text.chars().count() <= MOST_NOTES {
        true => Ok(text.trim().to_owned()),
        false => Err(format!("{} is longer than {MOST_NOTES} characters", path.display()).into()),
    }
}

/// RFC 3339 in UTC; days from the civil calendar by Howard Hinnant's `civil_from_days`.
fn moment(seconds: u64) -> String {
    let (days, of_day) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        of_day / 3_600,
        of_day / 60 % 60,
        of_day % 60
    )
}

#[cfg(test)]
mod tests {
    use minisign::SignatureBox;

    use super::*;

    #[test]
    fn a_moment_is_written_as_the_program_reads_it() {
        assert_eq!(moment(0), "1970-01-01T00:00:00Z");
        assert_eq!(moment(951_782_399), "2000-02-28T23:59:59Z");
        assert_eq!(moment(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(moment(1_795_689_000), "2026-11-26T10:30:00Z");
    }

    #[test]
    fn the_list_names_what_lies_there_and_is_signed_as_it_stands() {
        let folder = std::env::temp_dir().join(format!("chatai-release-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let package = folder.join("chatai_0.2.0_amd64.deb");
        fs::write(&package, "abc").unwrap();
        let key = folder.join("key");
        keys(&[key.to_string_lossy().into_owned()]).unwrap();
        assert!(
            keys(&[key.to_string_lossy().into_owned()]).is_err(),
            "a key is kept"
        );
        let about = About {
            version: "0.2.0",
            seconds: 0,
            notes: None,
            base: None,
        };
        let listed = [Listed {
            path: package,
            kind: "deb",
        }];
        let written = write(&about, &listed, Some(&key), &folder).unwrap();
        let text = fs::read(&written[0]).unwrap();
        let json: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(json["packages"][0]["address"], "chatai_0.2.0_amd64.deb");
        assert_eq!(json["packages"][0]["size"], 3);
        let public = PublicKey::from_secret_key(&secret_key(&key).unwrap()).unwrap();
        let signature = fs::read_to_string(&written[1]).unwrap();
        let signature = SignatureBox::from_string(&signature).unwrap();
        assert!(
            minisign::verify(&public, &signature, Cursor::new(&text), true, false, false).is_ok()
        );
        let unsigned = write(&about, &listed, None, &folder).unwrap();
        assert_eq!(unsigned.len(), 1);
        assert!(!written[1].exists(), "an old signature does not lie about");
        fs::remove_dir_all(&folder).unwrap();
    }
}
