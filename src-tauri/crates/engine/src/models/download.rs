//! Downloading a model from its publisher's hub: goes on where it stopped, and nothing counts before its
//! SHA-256 is right.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use net::{Net, NetError, Purpose, Reply};
use sha2::{Digest, Sha256};
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt;

use super::manifest::{ChatSpec, ModelFile, PublishedSpec, Spec};
use super::{ModelFolder, chats};

/// The publisher's hub.
pub const HUB: &str = "https://huggingface.co";
/// No file of a model is larger, in bytes.
const LARGEST: u64 = 4 << 30;

/// Why a model could not be downloaded.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// The hub could not be spoken to.
    #[error("the model's hub cannot be spoken to")]
    Net(#[from] NetError),
    /// The hub refused.
    #[error("the model's hub refused {file} with status {status}")]
    Refused {
        /// The file.
        file: String,
        /// The HTTP status.
        status: u16,
    },
    /// What came is not what was published; it was removed.
    #[error("{file} is not what was published")]
    Wrong {
        /// The file.
        file: String,
    },
    /// The disk said no.
    #[error("{file} cannot be written")]
    Disk {
        /// The file.
        file: String,
        /// Why.
        source: io::Error,
    },
}

impl ModelFolder {
    /// Downloads what is missing of a model from `hub` (normally [`HUB`]). `progress` hears the bytes that
    /// are there and the bytes expected of the file at hand (0 when unknown). Calling it again goes on.
    ///
    /// # Errors
    /// Any [`DownloadError`]; what came so far is kept unless it is wrong.
    pub async fn download(
        &self,
        net: &Net,
        hub: &str,
        spec: &Spec,
        progress: &(dyn Fn(&str, u64, u64) + Send + Sync),
    ) -> Result<(), DownloadError> {
        let whole = (&spec.name, &spec.repository, &spec.files[..]);
        self.files(net, hub, whole, progress).await
    }

    /// The same for a model that turns speech into text, or a reranker.
    ///
    /// # Errors
    /// Any [`DownloadError`]; what came so far is kept unless it is wrong.
    pub async fn download_published(
        &self,
        net: &Net,
        hub: &str,
        spec: &PublishedSpec,
        progress: &(dyn Fn(&str, u64, u64) + Send + Sync),
    ) -> Result<(), DownloadError> {
        let whole = (&spec.name, &spec.repository, &spec.files[..]);
        self.files(net, hub, whole, progress).await
    }

    async fn files(
        &self,
        net: &Net,
        hub: &str,
        (name, repository, files): (&String, &String, &[ModelFile]),
        progress: &(dyn Fn(&str, u64, u64) + Send + Sync),
    ) -> Result<(), DownloadError> {
        let folder = self.folder(name);
        let folder_error = |source| DownloadError::Disk {
            file: name.clone(),
            source,
        };
        fs::create_dir_all(&folder).await.map_err(folder_error)?;
        for file in files {
            let path = folder.join(&file.name);
            if fs::try_exists(&path).await.unwrap_or(false) {
                continue;
            }
            let address = format!("{hub}/{repository}/resolve/main/{}", file.name);
            one(net, &address, file, &path, progress).await?;
        }
        Ok(())
    }

    /// The same for a chat model. Its weights are held against the hash that the hub announces.
    ///
    /// # Errors
    /// Any [`DownloadError`]; what came so far is kept unless it is wrong.
    pub async fn download_chat(
        &self,
        net: &Net,
        hub: &str,
        spec: &ChatSpec,
        progress: &(dyn Fn(&str, u64, u64) + Send + Sync),
    ) -> Result<(), DownloadError> {
        let folder = self.folder(&spec.name);
        let path = folder.join(chats::FILE);
        let folder_error = |source| DownloadError::Disk {
            file: spec.file.clone(),
            source,
        };
        fs::create_dir_all(&folder).await.map_err(folder_error)?;
        if fs::try_exists(&path).await.unwrap_or(false) {
            return Ok(());
        }
        let file = ModelFile {
            name: spec.file.clone(),
            size: None,
            sha256: None,
        };
        let address = format!("{hub}/{}/resolve/main/{}", spec.repository, spec.file);
        one(net, &address, &file, &path, progress).await
    }
}

async fn one(
    net: &Net,
    address: &str,
    file: &ModelFile,
    path: &Path,
    progress: &(dyn Fn(&str, u64, u64) + Send + Sync),
) -> Result<(), DownloadError> {
    let disk = |source| DownloadError::Disk {
        file: file.name.clone(),
        source,
    };
    let part = path.with_added_extension("part");
    let there = fs::metadata(&part)
        .await
        .map_or(0, |metadata| metadata.len());
    let range = format!("bytes={there}-");
    let mut headers = vec![("accept-encoding", "identity")];
    if there > 0 {
        headers.push(("range", &range));
    }
    let mut reply = net.client(Purpose::Models)?.get(address, &headers).await?;
    let begins_at = match reply.status() {
        206 => there,
        200 => 0,
        // The part is as long as the file already: only its hash is to be checked.
        416 => there,
        status => {
            return Err(DownloadError::Refused {
                file: file.name.clone(),
                status,
            });
        }
    };
    let expected_hash = file.sha256.clone().or_else(|| announced(&reply));
    let expected_size = size(&reply).map_or(0, |size| begins_at + size);
    if reply.status() != 416 {
        let mut out = opened(&part, begins_at).await.map_err(disk)?;
        let mut written = begins_at;
        while let Some(piece) = reply.chunk().await? {
            written += piece.len() as u64;
            if written > file.size.unwrap_or(LARGEST) {
                return Err(wrong(file, &part).await);
            }
            out.write_all(&piece).await.map_err(disk)?;
            progress(&file.name, written, expected_size);
        }
        out.sync_all().await.map_err(disk)?;
    }
    let hash = hash_of(part.clone()).await.map_err(disk)?;
    // Weights are never taken unverified; small text files may come without a hash, as hubs give none for them.
    let is_right = match expected_hash {
        Some(expected) => expected == hash,
        None => ![".safetensors", ".gguf"]
            .iter()
            .any(|weights| file.name.ends_with(weights)),
    };
    if !is_right {
        return Err(wrong(file, &part).await);
    }
    fs::rename(&part, path).await.map_err(disk)
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

async fn wrong(file: &ModelFile, part: &Path) -> DownloadError {
    // Where it cannot be removed the next try overwrites or refuses it again.
    let _ = fs::remove_file(part).await;
    DownloadError::Wrong {
        file: file.name.clone(),
    }
}

/// The SHA-256 that the hub announces for a large file.
fn announced(reply: &Reply) -> Option<String> {
    let tag = reply.header("x-linked-etag").or(reply.header("etag"))?;
    let tag = tag
        .trim_start_matches("W/")
        .trim_matches('"')
        .to_ascii_lowercase();
    let is_hash = tag.len() == 64 && tag.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash.then_some(tag)
}

fn size(reply: &Reply) -> Option<u64> {
    reply.header("content-length")?.parse().ok()
}

async fn hash_of(path: PathBuf) -> io::Result<String> {
    let hashed = tokio::task::spawn_blocking(move || {
        let mut file = std::fs::File::open(path)?;
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(hex::encode(hash.finalize())),
                count => hash.update(&buffer[..count]),
            }
        }
    });
    hashed.await.map_err(io::Error::other)?
}
