//! Asking the publisher, and fetching a package: bounded, going on where it was broken off, and counted only once
//! its hash is right.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use net::{Net, Purpose};
use sha2::{Digest, Sha256};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt;

use super::manifest::{self, Manifest, Package};
use super::{Going, Publisher, Remembered, Stage, Trouble};
use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::who::Who;

/// How long the publisher may take to hand out a manifest.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a package may take.
const LONGEST: Duration = Duration::from_secs(4 * 60 * 60);

impl App {
    /// Asks the publisher and remembers what it said; what went wrong stands in `going`. `Conflict` while it is being
    /// asked, `NotFound` where this build never looks.
    pub(super) async fn look_for_update(&self) -> Result<()> {
        let Some(publisher) = self.inner.release.publisher.clone() else {
            let sentence = "this build does not look for newer versions";
            return Err(Error::new(ErrorCode::NotFound, sentence));
        };
        let asking = Asking::begin(&self.inner.going)?;
        let looked = self.ask_publisher(&publisher).await;
        drop(asking);
        self.inner.going.now().trouble = looked?;
        Ok(())
    }

    /// What went wrong, if anything did.
    async fn ask_publisher(&self, publisher: &Publisher) -> Result<Option<Trouble>> {
        let asked = tokio::time::timeout(PATIENCE, signed(&self.inner.net, publisher)).await;
        let (text, signature) = match asked.unwrap_or(Err(Trouble::Unreachable)) {
            Ok(signed) => signed,
            Err(trouble) => return Ok(Some(trouble)),
        };
        let manifest = match Manifest::verified(&publisher.key, text.as_bytes(), &signature) {
            Ok(manifest) => manifest,
            Err(trouble) => return Ok(Some(trouble)),
        };
        let before = self.remembered_updates().await?;
        let is_replayed = before.newest.is_some_and(|newest| manifest.time < newest);
        if is_replayed || manifest.version < self.inner.release.version {
            return Ok(Some(Trouble::Older));
        }
        let is_newer = manifest.version > self.inner.release.version;
        let after = Remembered {
            daily: before.daily,
            checked_at: Some(self.now()),
            newest: Some(manifest.time),
            manifest: text,
            signature,
        };
        if after.manifest != before.manifest || !is_newer {
            // What was fetched of another version is of no use any more.
            self.forget_packages().await;
        }
        self.remember_updates(&after).await?;
        if is_newer {
            tracing::info!(version = %manifest.version, "version {} can be had", manifest.version);
        }
        Ok(None)
    }

    /// Begins to fetch the package of the version that was found; where it was broken off, it goes on. `NotFound`
    /// where there is none, `Conflict` while something else is being done with it.
    pub async fn download_update(&self, who: &Who) -> Result<()> {
        let (manifest, package) = self.may_download(who).await?;
        let app = self.clone();
        tokio::spawn(async move { app.fetch_update(&manifest, &package).await });
        Ok(())
    }

    /// The same, and waits until it is here, or says what went wrong.
    pub async fn download_update_now(
        &self,
        who: &Who,
    ) -> Result<std::result::Result<PathBuf, Trouble>> {
        let (manifest, package) = self.may_download(who).await?;
        self.fetch_update(&manifest, &package).await;
        let trouble = self.inner.going.now().trouble;
        Ok(match trouble {
            None => Ok(self.package_path(&manifest, &package)),
            Some(trouble) => Err(trouble),
        })
    }

    async fn may_download(&self, who: &Who) -> Result<(Manifest, Package)> {
        self.must_own_installation(who).await?;
        let known = self.known_update(&self.remembered_updates().await?);
        let found = known.and_then(|manifest| {
            let package = self.package_of(&manifest)?;
            Some((manifest, package))
        });
        let found =
            found.ok_or_else(|| Error::new(ErrorCode::NotFound, "there is no package to fetch"))?;
        let mut now = self.inner.going.now();
        match now.stage {
            Stage::Downloading(_) | Stage::Installing | Stage::Installed => {
                Err(Error::new(ErrorCode::Conflict, "it is in hand already"))
            }
            _ => {
                now.stage = Stage::Downloading(0);
                now.trouble = None;
                Ok(found)
            }
        }
    }

    async fn fetch_update(&self, manifest: &Manifest, package: &Package) {
        let fetched = tokio::time::timeout(LONGEST, self.fetched_update(manifest, package)).await;
        let fetched = fetched.unwrap_or(Err(Trouble::CutOff));
        let mut now = self.inner.going.now();
        match fetched {
            Ok(()) => now.stage = Stage::Downloaded,
            Err(trouble) => {
                tracing::warn!(
                    trouble = trouble.as_str(),
                    "a newer version was not fetched"
                );
                now.stage = Stage::Nothing;
                now.trouble = Some(trouble);
            }
        }
    }

    async fn fetched_update(
        &self,
        manifest: &Manifest,
        package: &Package,
    ) -> std::result::Result<(), Trouble> {
        let publisher = self.inner.release.publisher.as_ref();
        let publisher = publisher.ok_or(Trouble::Unreachable)?;
        let address = package.address(&publisher.address)?;
        fs::create_dir_all(self.updates_folder()).await?;
        let path = self.package_path(manifest, package);
        let progress = |there| {
            self.inner.going.now().stage = Stage::Downloading(there);
        };
        let part = fetch(&self.inner.net, &address, package, &path, &progress).await?;
        let whole = is_published(&part, package).await;
        let labelled = match whole {
            Ok(()) => self.is_labelled(&part, manifest, package).await,
            Err(trouble) => Err(trouble),
        };
        if let Err(trouble) = labelled {
            // Where it cannot be removed it is refused again the next time.
            let _ = fs::remove_file(&part).await;
            return Err(trouble);
        }
        fs::rename(&part, &path).await?;
        Ok(())
    }

    async fn forget_packages(&self) {
        {
            let mut now = self.inner.going.now();
            if matches!(now.stage, Stage::Downloading(_) | Stage::Installing) {
                return;
            }
            if now.stage != Stage::Installed {
                now.stage = Stage::Nothing;
            }
        }
        // A folder that is not there, or stays, hurts nobody: what lies in it is looked at again before it is used.
        let _ = fs::remove_dir_all(self.updates_folder()).await;
    }
}

/// While it lives, the publisher is being asked; who asked may be gone before the answer.
struct Asking<'a>(&'a Going);

impl Asking<'_> {
    fn begin(going: &Going) -> Result<Asking<'_>> {
        let mut now = going.now();
        if now.checking {
            return Err(Error::new(ErrorCode::Conflict, "it is being looked"));
        }
        now.checking = true;
        Ok(Asking(going))
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.now().checking = false;
    }
}

/// The manifest and its signature, as they came.
async fn signed(
    net: &Net,
    publisher: &Publisher,
) -> std::result::Result<(String, String), Trouble> {
    if net.is_local_only() {
        return Err(Trouble::Offline);
    }
    let text = small(net, &publisher.address, manifest::MOST, Trouble::Refused).await?;
    let beside = format!("{}.minisig", publisher.address);
    let signature = small(net, &beside, manifest::SIGNATURE_MOST, Trouble::Unsigned).await?;
    Ok((text, signature))
}

async fn small(
    net: &Net,
    address: &str,
    limit: usize,
    absent: Trouble,
) -> std::result::Result<String, Trouble> {
    let client = net.client(Purpose::Updates)?;
    let reply = client
        .get(address, &[("accept-encoding", "identity")])
        .await?;
    match reply.status() {
        200 => {}
        404 | 410 => return Err(absent),
        _ => return Err(Trouble::Refused),
    }
    let bytes = reply.bytes(limit).await?;
    String::from_utf8(bytes).map_err(|_| Trouble::Unreadable)
}

/// Fetches what is missing of a package into a file beside `path`, and gives that file; it may be anything yet.
async fn fetch(
    net: &Net,
    address: &str,
    package: &Package,
    path: &Path,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> std::result::Result<PathBuf, Trouble> {
    let part = path.with_added_extension("part");
    let there = fs::metadata(&part).await.map_or(0, |part| part.len());
    if there == package.size {
        return Ok(part);
    }
    let there = match there > package.size {
        true => 0,
        false => there,
    };
    let range = format!("bytes={there}-");
    let mut headers = vec![("accept-encoding", "identity")];
    if there > 0 {
        headers.push(("range", &range));
    }
    let client = net.client(Purpose::Updates)?;
    let mut reply = client.get(address, &headers).await?;
    let mut written = match reply.status() {
        206 => there,
        200 => 0,
        416 => {
            // It begins anew the next time.
            fs::remove_file(&part).await?;
            return Err(Trouble::CutOff);
        }
        _ => return Err(Trouble::Refused),
    };
    let mut out = opened(&part, written).await?;
    while let Some(piece) = reply.chunk().await? {
        written += piece.len() as u64;
        if written > package.size {
            drop(out);
            fs::remove_file(&part).await?;
            return Err(Trouble::TooLarge);
        }
        out.write_all(&piece).await?;
        progress(written);
    }
    out.sync_all().await?;
    match written == package.size {
        true => Ok(part),
        false => Err(Trouble::CutOff),
    }
}

async fn opened(part: &Path, begins_at: u64) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    match begins_at {
        0 => options.truncate(true),
        _ => options.append(true),
    };
    options.open(part).await
}

/// Refuses a file that is not what was published.
pub(super) async fn is_published(
    file: &Path,
    package: &Package,
) -> std::result::Result<(), Trouble> {
    let (file, expected) = (file.to_owned(), package.sha256);
    let hashed = tokio::task::spawn_blocking(move || hash_of(&file)).await;
    let hash = hashed.map_err(|_| Trouble::Disk)??;
    match hash == expected {
        true => Ok(()),
        false => Err(Trouble::WrongContent),
    }
}

fn hash_of(path: &Path) -> io::Result<[u8; 32]> {
    let mut file = std::fs::File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hash.finalize().into()),
            count => hash.update(&buffer[..count]),
        }
    }
}
