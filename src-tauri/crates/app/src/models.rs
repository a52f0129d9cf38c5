//! The models of this computer: which there are, getting one, trying it, removing it.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::document::ReadFailure;
use domain::language::Language;
use domain::member::Permission;
use domain::sound::LONGEST;
use engine::error::EngineError;
use engine::models::InstalledModel;
use engine::models::chats::ImportError;
pub use engine::models::chats::{Fit, Tried};
use engine::models::download::DownloadError;
use engine::models::manifest;
use engine::models::speech::Heard;

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::indexes::blocking;
use crate::who::Who;

/// Models that are downloaded at once.
const AT_ONCE: usize = 2;
/// The longest text that a model is tried with, in characters.
const LONGEST_TRIAL: usize = 500;

/// The largest model that is taken in, in bytes.
pub const MAX_MODEL: u64 = 64 * 1024 * 1024 * 1024;
/// Where a file lies while it comes, in the folder of models.
const INCOMING: &str = ".incoming";
/// What a GGUF file begins with.
/// <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>
const BEGINNING: &[u8; 4] = b"GGUF";

/// The models of this computer.
#[derive(Debug, Clone)]
pub struct Models {
    /// Those that are there.
    pub installed: Vec<Model>,
    /// Those that can be had.
    pub offered: Vec<Offered>,
}

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It makes vectors, by which passages are found.
    Finds,
    /// It writes answers.
    Writes,
    /// It turns speech into words.
    Hears,
    /// It puts found passages in order.
    Ranks,
}

/// A model that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// What it takes on the disk, in bytes.
    pub size: u64,
    /// True while it is in memory.
    pub loaded: bool,
    /// Whether it fits into this computer's memory.
    pub fit: Fit,
}

/// A model that can be downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// Who made it.
    pub publisher: String,
    /// The licence of its weights.
    pub licence: String,
    /// Languages it serves, as ISO 639-1 codes; `multilingual` for many.
    pub languages: Vec<String>,
    /// About how many bytes it has; 0 where that is not known.
    pub about: u64,
    /// Whether it fits into this computer's memory.
    pub fit: Fit,
    /// How its download fares; nothing where there was none.
    pub download: Option<Download>,
}

/// How a download fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Download {
    /// It runs: bytes that are there, and bytes expected (0 where that is not known) of the file at hand.
    Running(u64, u64),
    /// It ended; what came is kept, and the next try goes on from there.
    Failed(String),
}

/// The downloads of this run, by the model's name. There are at most as many as models are offered.
#[derive(Debug, Default)]
pub(crate) struct Downloads(Mutex<HashMap<String, Download>>);

impl Downloads {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Download>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// The models of this computer, and those that can be had.
    pub async fn models(&self, who: &Who) -> Result<Models> {
        who.must(Permission::Look)?;
        let models = self.inner.models.clone();
        let (embedders, chats, listeners, rankers) = blocking(move || {
            Ok((
                models.installed(),
                models.chats(),
                models.listeners(),
                models.rankers(),
            ))
        })
        .await?;
        let embedders = embedders.into_iter().map(|there| Model {
            name: there.spec.name.clone(),
            role: Role::Finds,
            size: there.size,
            loaded: there.loaded,
            fit: fit(there.loaded, there.size),
        });
        let chats = chats.into_iter().map(|there| Model {
            name: there.name,
            role: Role::Writes,
            size: there.size,
            loaded: there.loaded,
            fit: there.fit,
        });
        let of_role = |role| {
            move |there: InstalledModel| Model {
                name: there.name,
                role,
                size: there.size,
                loaded: there.loaded,
                fit: fit(there.loaded, there.size),
            }
        };
        let listeners = listeners.into_iter().map(of_role(Role::Hears));
        let rankers = rankers.into_iter().map(of_role(Role::Ranks));
        let all = embedders.chain(chats).chain(listeners).chain(rankers);
        let installed: Vec<Model> = all.collect();
        let is_there = |name: &str| installed.iter().any(|there| there.name == name);
        let downloads = self.inner.downloads.all().clone();
        let offer = |role,
                     (name, publisher, licence): (&str, &str, &str),
                     languages: &[String],
                     about| Offered {
            name: name.to_owned(),
            role,
            publisher: publisher.to_owned(),
            licence: licence.to_owned(),
            languages: languages.to_vec(),
            about,
            fit: Fit::of(about),
            download: downloads.get(name).cloned(),
        };
        let of_embedders = manifest::known().iter().map(|spec| {
            let about = spec.files.iter().filter_map(|file| file.size).sum();
            let whose = (&*spec.name, &*spec.publisher, &*spec.licence);
            offer(Role::Finds, whose, &spec.languages, about)
        });
        let of_chats = manifest::chats().iter().map(|spec| {
            let whose = (&*spec.name, &*spec.publisher, &*spec.licence);
            offer(Role::Writes, whose, &spec.languages, spec.about)
        });
        let published = [
            (Role::Hears, manifest::speech()),
            (Role::Ranks, manifest::rerankers()),
        ];
        let published = published.into_iter().flat_map(|(role, specs)| {
            let offer = &offer;
            specs.iter().map(move |spec| {
                let whose = (&*spec.name, &*spec.publisher, &*spec.licence);
                offer(role, whose, &spec.languages, spec.about)
            })
        });
        let all = of_embedders.chain(of_chats).chain(published);
        let offered = all.filter(|model| !is_there(&model.name)).collect();
        Ok(Models { installed, offered })
    }

    /// Begins to download a model from its publisher's hub; where it was broken off, it goes on. `Conflict` while it
    /// runs, `Busy` while others do, `NotFound` for a model that is not offered.
    pub async fn download_model(&self, who: &Who, name: &str) -> Result<()> {
        self.may_begin(who, name)?;
        let app = self.clone();
        let name = name.to_owned();
        tokio::spawn(async move { app.fetch_model(&name).await });
        Ok(())
    }

    /// The same, and waits until it is there.
    pub async fn download_model_now(&self, who: &Who, name: &str) -> Result<()> {
        self.may_begin(who, name)?;
        self.fetch_model(name).await;
        let failed = match self.inner.downloads.all().get(name) {
            Some(Download::Failed(why)) => Some(why.clone()),
            Some(Download::Running(..)) | None => None,
        };
        match failed {
            Some(why) => Err(Error::new(ErrorCode::EngineFailed, why)),
            None => Ok(()),
        }
    }

    fn may_begin(&self, who: &Who, name: &str) -> Result<()> {
        who.must(Permission::ChangeSettings)?;
        let is_offered = manifest::find(name).is_some()
            || manifest::find_chat(name).is_some()
            || manifest::find_published(name).is_some();
        if !is_offered {
            return Err(Error::new(ErrorCode::NotFound, "no such model is offered"));
        }
        let mut downloads = self.inner.downloads.all();
        let runs = |download: &Download| matches!(download, Download::Running(..));
        if downloads.get(name).is_some_and(runs) {
            return Err(Error::new(ErrorCode::Conflict, "it is being downloaded"));
        }
        if downloads.values().filter(|download| runs(download)).count() >= AT_ONCE {
            let error = Error::new(ErrorCode::Busy, "other models are being downloaded");
            return Err(error.retry_after(60));
        }
        downloads.insert(name.to_owned(), Download::Running(0, 0));
        Ok(())
    }

    async fn fetch_model(&self, name: &str) {
        let inner = Arc::clone(&self.inner);
        let of_name = name.to_owned();
        let progress = move |_: &str, there: u64, expected: u64| {
            let running = Download::Running(there, expected);
            inner.downloads.all().insert(of_name.clone(), running);
        };
        let (models, net, hub) = (&self.inner.models, &self.inner.net, &self.inner.hub);
        let fetched: std::result::Result<(), DownloadError> =
            if let Some(spec) = manifest::find(name) {
                models.download(net, hub, spec, &progress).await
            } else if let Some(spec) = manifest::find_chat(name) {
                models.download_chat(net, hub, spec, &progress).await
            } else if let Some(spec) = manifest::find_published(name) {
                models.download_published(net, hub, spec, &progress).await
            } else {
                Ok(())
            };
        let mut downloads = self.inner.downloads.all();
        match fetched {
            Ok(()) => {
                downloads.remove(name);
            }
            Err(error) => {
                tracing::warn!(%error, model = name, "a model could not be downloaded");
                downloads.insert(name.to_owned(), Download::Failed(error.to_string()));
            }
        }
    }

    /// Takes in a GGUF file as it comes, under its own name; gives the name of the model. What does not begin like one
    /// is refused before the rest comes. One at a time: `Busy` while another comes.
    pub async fn take_model_in(
        &self,
        who: &Who,
        file_name: &str,
        bytes: impl Read + Send + 'static,
    ) -> Result<String> {
        who.must(Permission::ChangeSettings)?;
        let Ok(_alone) = self.inner.incoming_models.try_acquire() else {
            let error = Error::new(ErrorCode::Busy, "another model is being taken in");
            return Err(error.retry_after(60));
        };
        let folder = self.inner.models.folder(INCOMING);
        let file = folder.join(safe_name(file_name));
        let taken = {
            let (folder, file) = (folder.clone(), file.clone());
            blocking(move || kept(bytes, &folder, &file)).await
        };
        let imported = match taken {
            Ok(()) => self.import_model(who, file, None).await,
            Err(error) => Err(error),
        };
        let removed = blocking(move || Ok(fs::remove_dir_all(&folder)));
        if let Err(error) = removed.await? {
            tracing::warn!(%error, "what is left of a file that came is removed when the next one comes");
        }
        imported
    }

    /// Takes in a GGUF file of this computer under a name, or its own; gives the name.
    pub async fn import_model(
        &self,
        who: &Who,
        file: PathBuf,
        name: Option<String>,
    ) -> Result<String> {
        who.must(Permission::ChangeSettings)?;
        let models = self.inner.models.clone();
        blocking(move || {
            models.import(&file, name.as_deref()).map_err(|error| {
                let told = error.to_string();
                match error {
                    ImportError::Unfit(_) => Error::invalid("file", told),
                    ImportError::BadName => Error::invalid("name", told),
                    ImportError::Known(_) => Error::new(ErrorCode::Conflict, told),
                    ImportError::Disk(source) => {
                        Error::new(ErrorCode::Internal, told).caused_by(source)
                    }
                }
            })
        })
        .await
    }

    /// Removes a model's files. Who uses it goes on without: with quotes, or with keyword search.
    pub async fn remove_model(&self, who: &Who, name: &str) -> Result<()> {
        who.must(Permission::ChangeSettings)?;
        let models = self.inner.models.clone();
        let name = name.to_owned();
        let removed = blocking(move || {
            models.remove(&name).map_err(|error| {
                Error::new(ErrorCode::Internal, "the model cannot be removed").caused_by(error)
            })
        });
        match removed.await? {
            true => {
                self.inner.engines.forget_embedders();
                Ok(())
            }
            false => Err(Error::new(ErrorCode::NotFound, "there is no such model")),
        }
    }

    /// Lets a chat model write a few words, to see that it works and how fast.
    pub async fn try_model(&self, who: &Who, name: &str, text: &str) -> Result<Tried> {
        who.must(Permission::ChangeSettings)?;
        let text: String = text.trim().chars().take(LONGEST_TRIAL).collect();
        if text.is_empty() {
            return Err(Error::invalid("text", "there is nothing to answer"));
        }
        let tried = self.inner.models.try_chat(name, &text).await;
        tried.map_err(|error| match error {
            EngineError::NoModel { .. } => {
                Error::new(ErrorCode::NotFound, "there is no such chat model")
            }
            EngineError::Busy => {
                Error::new(ErrorCode::Busy, "the model has enough to do").retry_after(10)
            }
            other => other.into(),
        })
    }

    /// Lets a model that hears listen to a recording of this computer: what it hears, and how long that took.
    pub async fn try_hearing(
        &self,
        who: &Who,
        name: &str,
        recording: PathBuf,
    ) -> Result<(Heard, Duration)> {
        who.must(Permission::ChangeSettings)?;
        let reader = Arc::clone(&self.inner.reader);
        let began = Instant::now();
        let decoded = blocking(move || Ok(reader.sound(&recording, LONGEST))).await?;
        let sound = decoded.map_err(|failure| match failure {
            ReadFailure::TooLarge => Error::invalid("file", "it is longer than five minutes"),
            _ => Error::invalid("file", "it is no recording that can be decoded"),
        })?;
        let heard = self.inner.models.hear(name, sound, Language::UNKNOWN).await;
        let heard = heard.map_err(|error| match error {
            EngineError::NoModel { .. } => {
                Error::new(ErrorCode::NotFound, "there is no such model that hears")
            }
            other => other.into(),
        })?;
        Ok((heard, began.elapsed()))
    }

    /// True when a chat model of that name is installed.
    pub(crate) async fn has_chat(&self, name: &str) -> Result<bool> {
        let (models, name) = (self.inner.models.clone(), name.to_owned());
        blocking(move || Ok(models.chats().iter().any(|chat| chat.name == name))).await
    }

    /// True when a model of that name is installed that hears.
    pub(crate) async fn has_listener(&self, name: &str) -> Result<bool> {
        let (models, name) = (self.inner.models.clone(), name.to_owned());
        blocking(move || Ok(models.listeners().iter().any(|there| there.name == name))).await
    }
}

/// Whether a model fits into the memory, given its size in bytes; one that is loaded does.
fn fit(is_loaded: bool, size: u64) -> Fit {
    match is_loaded {
        true => Fit::Fits,
        false => Fit::of(size),
    }
}

/// Writes what comes into a file of an otherwise empty folder.
fn kept(mut bytes: impl Read, folder: &Path, file: &Path) -> Result<()> {
    let of_disk = |error: io::Error| {
        let code = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ErrorCode::Full,
            _ => ErrorCode::Internal,
        };
        Error::new(code, "the file cannot be kept").caused_by(error)
    };
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(of_disk(error)),
        _ => {}
    }
    let mut beginning = [0; BEGINNING.len()];
    let begins = bytes.read_exact(&mut beginning);
    if begins.is_err() || beginning != *BEGINNING {
        return Err(Error::invalid("file", "this is no GGUF file"));
    }
    fs::create_dir_all(folder).map_err(of_disk)?;
    let mut out = File::create(file).map_err(of_disk)?;
    out.write_all(&beginning).map_err(of_disk)?;
    let rest = MAX_MODEL - BEGINNING.len() as u64;
    let copied = io::copy(&mut bytes.take(rest + 1), &mut out).map_err(of_disk)?;
    if copied > rest {
        let what = "a model has at most 64 GiB";
        return Err(Error::new(ErrorCode::TooLarge, what));
    }
    out.sync_all().map_err(of_disk)
}

/// A file's name that leads nowhere else.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_plain = |sign: &char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.');
    let plain: String = last.chars().filter(is_plain).take(100).collect();
    match plain.trim_start_matches('.') {
        "" | "gguf" => "model.gguf".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_begins_like_a_model_is_kept() {
        let there = tempfile::tempdir().unwrap();
        let folder = there.path().join(INCOMING);
        let file = folder.join("a.gguf");
        let refused = kept(&b"GGU"[..], &folder, &file).unwrap_err();
        assert_eq!(refused.code, ErrorCode::Invalid);
        assert!(!folder.exists());
        kept(&b"GGUF and more"[..], &folder, &file).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"GGUF and more");
        kept(&b"GGUF again"[..], &folder, &folder.join("b.gguf")).unwrap();
        assert!(!file.exists(), "what was left of an earlier one is gone");
    }

    #[test]
    fn a_name_leads_nowhere_else() {
        assert_eq!(safe_name("../../etc/Qwen 3.gguf"), "Qwen3.gguf");
        assert_eq!(safe_name("C:\\models\\a.gguf"), "a.gguf");
        assert_eq!(safe_name("..gguf"), "model.gguf");
        assert_eq!(safe_name("модель"), "model.gguf");
    }
}
