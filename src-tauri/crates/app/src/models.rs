//! The models of this computer: which there are, getting one, trying it, removing it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::document::ReadFailure;
use domain::language::Language;
use domain::member::Permission;
use domain::sound::LONGEST;
use engine::error::EngineError;
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
        let (embedders, chats, listeners) =
            blocking(move || Ok((models.installed(), models.chats(), models.listeners()))).await?;
        let embedders = embedders.into_iter().map(|there| Model {
            name: there.spec.name.clone(),
            role: Role::Finds,
            size: there.size,
            loaded: there.loaded,
            fit: match there.loaded {
                true => Fit::Fits,
                false => Fit::of(there.size),
            },
        });
        let chats = chats.into_iter().map(|there| Model {
            name: there.name,
            role: Role::Writes,
            size: there.size,
            loaded: there.loaded,
            fit: there.fit,
        });
        let listeners = listeners.into_iter().map(|there| Model {
            fit: match there.loaded {
                true => Fit::Fits,
                false => Fit::of(there.size),
            },
            name: there.name,
            role: Role::Hears,
            size: there.size,
            loaded: there.loaded,
        });
        let installed: Vec<Model> = embedders.chain(chats).chain(listeners).collect();
        let is_there = |name: &str| installed.iter().any(|there| there.name == name);
        let downloads = self.inner.downloads.all().clone();
        let of_embedders = manifest::known()
            .iter()
            .filter(|spec| !is_there(&spec.name))
            .map(|spec| {
                let about = spec.files.iter().filter_map(|file| file.size).sum();
                Offered {
                    name: spec.name.clone(),
                    role: Role::Finds,
                    publisher: spec.publisher.clone(),
                    licence: spec.licence.clone(),
                    languages: spec.languages.clone(),
                    about,
                    fit: Fit::of(about),
                    download: downloads.get(&spec.name).cloned(),
                }
            });
        let of_chats = manifest::chats()
            .iter()
            .filter(|spec| !is_there(&spec.name))
            .map(|spec| Offered {
                name: spec.name.clone(),
                role: Role::Writes,
                publisher: spec.publisher.clone(),
                licence: spec.licence.clone(),
                languages: spec.languages.clone(),
                about: spec.about,
                fit: Fit::of(spec.about),
                download: downloads.get(&spec.name).cloned(),
            });
        let of_listeners = manifest::speech()
            .iter()
            .filter(|spec| !is_there(&spec.name))
            .map(|spec| Offered {
                name: spec.name.clone(),
                role: Role::Hears,
                publisher: spec.publisher.clone(),
                licence: spec.licence.clone(),
                languages: spec.languages.clone(),
                about: spec.about,
                fit: Fit::of(spec.about),
                download: downloads.get(&spec.name).cloned(),
            });
        let offered = of_embedders.chain(of_chats).chain(of_listeners).collect();
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
            || manifest::find_speech(name).is_some();
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
            } else if let Some(spec) = manifest::find_speech(name) {
                models.download_speech(net, hub, spec, &progress).await
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
