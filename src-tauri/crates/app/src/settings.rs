//! Settings of a workspace, and the engines made from them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use domain::assistant::EngineChoice;
use domain::audit::{Deed, SettingsPart};
use domain::id::WorkspaceId;
use domain::language::Language;
use domain::member::Permission;
use domain::money::{Currency, MOST_MICROS, Price};
use engine::ask::{Ask, Given};
use engine::breaker::Guarded;
use engine::embedder::Embedder;
use engine::engine::Engine;
use engine::error::EngineError;
use engine::models::manifest;
use engine::quotes::Quotes;
use engine::remote::{Remote, RemoteSettings};
use engine::unrelated::Meaning;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::error::{Error, ErrorCode, Result};
use crate::indexes::blocking;
use crate::limited::{Daily, Limited, acceptable};
use crate::people::line_of;
use crate::searching::milliseconds;
use crate::who::Who;

/// The embedder of a new workspace.
pub const DEFAULT_EMBEDDER: &str = "multilingual-e5-small";
const GENERAL: &str = "general";

/// Settings of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The business's name.
    pub business: String,
    /// The remote engine, where one is set up.
    pub remote: Option<RemoteEngine>,
    /// A second one, for when the first fails or is silent.
    pub spare: Option<RemoteEngine>,
    /// The embedder: a model's name, or empty for keyword search alone.
    pub embedder: String,
    /// The chat model that runs on this computer: its name, or empty for none.
    pub chat_model: String,
    /// The model that turns voice messages into words: its name, or empty for none.
    pub speech_model: String,
    /// The reranker: its name, or empty for none.
    pub reranker: String,
    /// What is paid in; nothing until it is chosen.
    pub currency: Option<Currency>,
    /// What remote engines cost, by their names. Kept when an engine goes: what it used up was paid.
    pub prices: BTreeMap<String, Price>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            business: String::new(),
            remote: None,
            spare: None,
            embedder: DEFAULT_EMBEDDER.to_owned(),
            chat_model: String::new(),
            speech_model: String::new(),
            reranker: String::new(),
            currency: None,
            prices: BTreeMap::new(),
        }
    }
}

/// Which of the remote engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The one that is asked first.
    First,
    /// The one for when the first fails or is silent.
    Spare,
}

impl Place {
    /// By what its use is counted.
    fn name(self) -> &'static str {
        match self {
            Place::First => "first",
            Place::Spare => "spare",
        }
    }

    /// The name of the secret that is its key.
    fn key(self) -> &'static str {
        match self {
            Place::First => "remote_key",
            Place::Spare => "spare_key",
        }
    }
}

impl Settings {
    fn remote_at(&mut self, place: Place) -> &mut Option<RemoteEngine> {
        match place {
            Place::First => &mut self.remote,
            Place::Spare => &mut self.spare,
        }
    }
}

/// An OpenAI-compatible server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemoteEngine {
    /// The address up to and including `/v1`.
    pub base_url: String,
    /// The model's name there.
    pub model: String,
    /// The last four characters of its key, where it has one.
    #[serde(default)]
    pub key_hint: Option<String>,
    /// How much of it may be used in a day.
    #[serde(default)]
    pub daily: Daily,
}

/// What a member changes; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct SettingsChange {
    /// The business's name.
    pub business: Option<String>,
    /// The remote engine; `Some(None)` removes it with its key.
    pub remote: Option<Option<RemoteChange>>,
    /// The second one; `Some(None)` removes it with its key.
    pub spare: Option<Option<RemoteChange>>,
    /// The embedder's name; empty for none.
    pub embedder: Option<String>,
    /// The chat model's name; empty for none.
    pub chat_model: Option<String>,
    /// The name of the model that hears; empty for none.
    pub speech_model: Option<String>,
    /// The reranker's name; empty for none. One that cannot be used is refused.
    pub reranker: Option<String>,
    /// The currency; empty for none.
    pub currency: Option<String>,
    /// What engines cost, by their names, in the place of all prices of before.
    pub prices: Option<Vec<(String, Price)>>,
}

/// A remote engine as a member enters it.
#[derive(Debug, Clone)]
pub struct RemoteChange {
    /// The address up to and including `/v1`.
    pub base_url: String,
    /// The model's name there.
    pub model: String,
    /// Its key; `None` keeps the one that is stored, empty removes it.
    pub key: Option<String>,
    /// How much of it may be used in a day.
    pub daily: Daily,
}

/// How a test of the remote engine went.
#[derive(Debug, Clone)]
pub struct RemoteTest {
    /// The name of the engine that was asked.
    pub engine: String,
    /// Milliseconds until it answered or failed.
    pub took_ms: u32,
    /// Why it did not answer, as [`EngineError::code`] says it; nothing when it did.
    pub failed: Option<&'static str>,
}

/// How long a test waits for the engine's answer.
const TEST_PATIENCE: Duration = Duration::from_secs(20);

/// A remote engine with its breaker; all who ask it share both.
type SharedRemote = Arc<Guarded<Remote>>;

/// Engines that are made, and the settings they are made from; a changed setting forgets them.
#[derive(Default)]
pub(crate) struct Engines {
    /// As they were read last, with the number of writes before: each question needs them several times.
    settings: RwLock<HashMap<WorkspaceId, (u64, Settings)>>,
    remotes: RwLock<HashMap<(WorkspaceId, Place), Option<SharedRemote>>>,
    embedders: RwLock<HashMap<String, Arc<dyn Embedder>>>,
}

impl App {
    /// The workspace's settings, for those who may change them.
    pub async fn settings(&self, who: &Who) -> Result<Settings> {
        who.must(Permission::ChangeSettings)?;
        self.settings_of(who.workspace()).await
    }

    /// The name of the business, for every member.
    pub async fn business(&self, who: &Who) -> Result<String> {
        who.must(Permission::Look)?;
        Ok(self.settings_of(who.workspace()).await?.business)
    }

    pub(crate) async fn settings_of(&self, workspace: WorkspaceId) -> Result<Settings> {
        let written = self.inner.store.settings_written();
        if let Some(known) = self.inner.engines.settings(workspace, written) {
            return Ok(known);
        }
        let store = self.workspace(workspace);
        let mut settings: Settings = match store.setting(GENERAL).await? {
            Some(json) => serde_json::from_str(&json).map_err(|error| {
                Error::new(ErrorCode::Internal, "read the settings").caused_by(error)
            })?,
            None => Settings::default(),
        };
        if settings.business.is_empty() {
            let all = self.inner.store.workspaces().await?;
            settings.business = all
                .into_iter()
                .find(|(id, _)| *id == workspace)
                .map(|(_, name)| name)
                .unwrap_or_default();
        }
        let known = &self.inner.engines;
        known.keep_settings(workspace, written, settings.clone());
        Ok(settings)
    }

    /// Changes settings.
    pub async fn change_settings(&self, who: &Who, change: SettingsChange) -> Result<Settings> {
        who.must(Permission::ChangeSettings)?;
        let workspace = who.workspace();
        let store = self.workspace(workspace);
        let mut settings = self.settings_of(workspace).await?;
        let deeds = changed_parts(&change);
        if let Some(business) = change.business {
            settings.business = line_of("business", &business, 100)?;
        }
        if let Some(embedder) = change.embedder {
            let is_known = embedder.is_empty() || manifest::find(&embedder).is_some();
            if !is_known {
                return Err(Error::invalid(
                    "embedder",
                    "there is no embedder of this name",
                ));
            }
            settings.embedder = embedder;
        }
        if let Some(chat_model) = change.chat_model {
            let is_there = chat_model.is_empty() || self.has_chat(&chat_model).await?;
            if !is_there {
                return Err(Error::invalid(
                    "chat_model",
                    "there is no chat model of this name on this computer",
                ));
            }
            settings.chat_model = chat_model;
        }
        if let Some(speech_model) = change.speech_model {
            let is_there = speech_model.is_empty() || self.has_listener(&speech_model).await?;
            if !is_there {
                return Err(Error::invalid(
                    "speech_model",
                    "there is no model of this name on this computer that hears",
                ));
            }
            settings.speech_model = speech_model;
        }
        if let Some(reranker) = change.reranker {
            if !reranker.is_empty() {
                self.try_reranker(&reranker).await?;
            }
            settings.reranker = reranker;
        }
        price_engines(&mut settings, change.currency, change.prices)?;
        for (place, change) in [(Place::First, change.remote), (Place::Spare, change.spare)] {
            let Some(change) = change else { continue };
            let old = settings.remote_at(place).take();
            *settings.remote_at(place) = match change {
                Some(new) => Some(self.changed_remote(workspace, place, old, new).await?),
                None => {
                    store.remove_secret(place.key(), self.now()).await?;
                    None
                }
            };
        }
        let json = serde_json::to_string(&settings).map_err(|error| {
            Error::new(ErrorCode::Internal, "write the settings").caused_by(error)
        })?;
        self.noting(who, deeds)
            .set_setting(GENERAL, json, self.now())
            .await?;
        self.forget_engines(workspace);
        self.inner.qa_sets.forget(workspace);
        self.want_vectors(workspace).await?;
        Ok(settings)
    }

    /// The engines are made anew when they are next wanted.
    pub(crate) fn forget_engines(&self, workspace: WorkspaceId) {
        let mut remotes = self
            .inner
            .engines
            .remotes
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        remotes.retain(|(of, _), _| *of != workspace);
    }

    async fn changed_remote(
        &self,
        workspace: WorkspaceId,
        place: Place,
        old: Option<RemoteEngine>,
        new: RemoteChange,
    ) -> Result<RemoteEngine> {
        let base_url = new.base_url.trim().trim_end_matches('/').to_owned();
        if !(base_url.starts_with("http://") || base_url.starts_with("https://")) {
            return Err(Error::invalid(
                "base_url",
                "an address begins with http:// or https://",
            ));
        }
        let model = line_of("model", &new.model, 200)?;
        let store = self.workspace(workspace);
        let key_hint = match new.key.as_deref().map(str::trim) {
            // A key is never sent to a place it was not entered for.
            None if old.as_ref().is_none_or(|old| old.base_url == base_url) => {
                old.and_then(|old| old.key_hint)
            }
            None => return Err(Error::invalid("key", "another address needs its key again")),
            Some("") => {
                store.remove_secret(place.key(), self.now()).await?;
                None
            }
            Some(key) => {
                store
                    .put_secret(place.key(), key.as_bytes().to_vec(), self.now())
                    .await?;
                store.secret_hint(place.key()).await?
            }
        };
        Ok(RemoteEngine {
            base_url,
            model,
            key_hint,
            daily: acceptable(new.daily)?,
        })
    }

    /// Asks a remote engine something small. That it fails is a result; `NoEngine` when none is set up.
    pub async fn test_remote(&self, who: &Who, place: Place) -> Result<RemoteTest> {
        who.must(Permission::ChangeSettings)?;
        let engine = self.guarded_remote(who.workspace(), place).await?;
        let engine =
            engine.ok_or_else(|| Error::new(ErrorCode::NoEngine, "no remote engine is set up"))?;
        let ask = Ask {
            question: "When is the shop open?".to_owned(),
            language: Language::EN,
            instructions: String::new(),
            history: Vec::new(),
            passages: vec![Given {
                number: 1,
                title: "Hours".to_owned(),
                headings: Vec::new(),
                page: None,
                text: "The shop is open from 9 to 18.".to_owned(),
                language: Language::EN,
                table: false,
            }],
        };
        let started = Instant::now();
        let answered = tokio::time::timeout(TEST_PATIENCE, engine.answer_anyway(&ask)).await;
        let failed = answered.unwrap_or(Err(EngineError::TimedOut)).err();
        Ok(RemoteTest {
            engine: engine.name(),
            took_ms: milliseconds(started),
            failed: failed.map(|error| error.code()),
        })
    }

    /// The engines that write for an assistant of this choice, the first one first; quotes stand behind all of them.
    pub(crate) async fn ladder(
        &self,
        workspace: WorkspaceId,
        choice: EngineChoice,
    ) -> Result<Vec<Arc<dyn Engine>>> {
        let mut ladder = Vec::new();
        if choice == EngineChoice::Remote {
            for place in [Place::First, Place::Spare] {
                ladder.extend(self.remote_engine(workspace, place).await?);
            }
        }
        if choice != EngineChoice::Quotes {
            ladder.extend(self.local_engine(workspace).await?);
        }
        Ok(ladder)
    }

    /// A remote engine, where one is set up.
    pub(crate) async fn remote_engine(
        &self,
        workspace: WorkspaceId,
        place: Place,
    ) -> Result<Option<Arc<dyn Engine>>> {
        let Some(remote) = self.guarded_remote(workspace, place).await? else {
            return Ok(None);
        };
        let daily = self.settings_of(workspace).await?.remote_at(place).take();
        let daily = daily.map(|remote| remote.daily).unwrap_or_default();
        if daily == Daily::default() {
            return Ok(Some(remote as Arc<dyn Engine>));
        }
        let limited = Limited {
            engine: remote,
            store: self.workspace(workspace),
            clock: Arc::clone(&self.inner.clock),
            place: place.name(),
            daily,
        };
        Ok(Some(Arc::new(limited) as Arc<dyn Engine>))
    }

    async fn guarded_remote(
        &self,
        workspace: WorkspaceId,
        place: Place,
    ) -> Result<Option<SharedRemote>> {
        let remotes = &self.inner.engines.remotes;
        let kept = remotes
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(workspace, place))
            .cloned();
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let made = self.make_remote(workspace, place).await?;
        // Two that made it at once share one: its failures are counted together.
        let mut remotes = remotes.write().unwrap_or_else(PoisonError::into_inner);
        Ok(remotes.entry((workspace, place)).or_insert(made).clone())
    }

    /// The chat model that runs on this computer, where one is chosen and there.
    async fn local_engine(&self, workspace: WorkspaceId) -> Result<Option<Arc<dyn Engine>>> {
        let name = self.settings_of(workspace).await?.chat_model;
        if name.is_empty() {
            return Ok(None);
        }
        let meaning = match self.embedder(workspace).await? {
            Some(embedder) => {
                let scale = self.unrelated(workspace, embedder.as_ref()).await?;
                scale.map(|scale| Meaning { embedder, scale })
            }
            None => None,
        };
        Ok(self.inner.models.chat(&name, meaning)?)
    }

    async fn make_remote(
        &self,
        workspace: WorkspaceId,
        place: Place,
    ) -> Result<Option<SharedRemote>> {
        let Some(remote) = self.settings_of(workspace).await?.remote_at(place).take() else {
            return Ok(None);
        };
        let key = match remote.key_hint {
            Some(_) => self.workspace(workspace).secret(place.key()).await?,
            None => None,
        };
        let key = key.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let settings = RemoteSettings::new(remote.base_url, remote.model, key);
        let remote = Remote::new(settings, self.inner.net.clone());
        Ok(Some(Arc::new(Guarded::new(remote))))
    }

    pub(crate) async fn quotes_engine(&self, workspace: WorkspaceId) -> Result<Quotes> {
        let embedder = self.embedder(workspace).await?;
        Ok(embedder.map_or_else(Quotes::new, Quotes::with_embedder))
    }

    /// The workspace's embedder, when its model is installed.
    pub(crate) async fn embedder(
        &self,
        workspace: WorkspaceId,
    ) -> Result<Option<Arc<dyn Embedder>>> {
        let name = self.settings_of(workspace).await?.embedder;
        if name.is_empty() {
            return Ok(None);
        }
        if let Some(kept) = self.inner.engines.embedder(&name) {
            return Ok(Some(kept));
        }
        // The first look at a freshly installed model prepares its files.
        let models = self.inner.models.clone();
        let of_name = name.clone();
        let found = blocking(move || Ok(models.embedder(&of_name))).await?;
        match found {
            Ok(Some(embedder)) => {
                self.inner.engines.keep_embedder(name, &embedder);
                Ok(Some(embedder))
            }
            Ok(None) => Ok(None),
            Err(error) => {
                tracing::warn!(%error, model = name, "the embedder cannot be used: searching by keywords");
                Ok(None)
            }
        }
    }
}

impl App {
    /// The embedder whose vectors are searched: the workspace's own, or the one before it while its vectors are
    /// made in the background.
    pub(crate) async fn searching_embedder(
        &self,
        workspace: WorkspaceId,
    ) -> Result<Option<Arc<dyn Embedder>>> {
        let Some(wanted) = self.embedder(workspace).await? else {
            return Ok(None);
        };
        let current = self.workspace(workspace).embedder().await?;
        if current.is_empty() || current == wanted.key() {
            return Ok(Some(wanted));
        }
        let models = self.inner.models.clone();
        blocking(move || {
            let installed = models.installed().into_iter();
            let mut embedders =
                installed.filter_map(|model| models.embedder(&model.spec.name).ok()?);
            Ok(embedders.find(|embedder| embedder.key() == current))
        })
        .await
    }
}

impl Engines {
    /// What is known of settings, when they were not written since.
    fn settings(&self, workspace: WorkspaceId, written: u64) -> Option<Settings> {
        let known = self.settings.read().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&workspace)
            .filter(|(before, _)| *before == written)
            .map(|(_, settings)| settings.clone())
    }

    fn keep_settings(&self, workspace: WorkspaceId, written: u64, settings: Settings) {
        let mut known = self
            .settings
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        known.insert(workspace, (written, settings));
    }

    fn embedder(&self, name: &str) -> Option<Arc<dyn Embedder>> {
        self.embedders
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
    }

    /// They are made anew when they are next wanted.
    pub(crate) fn forget_embedders(&self) {
        self.embedders
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn keep_embedder(&self, name: String, embedder: &Arc<dyn Embedder>) {
        let mut embedders = self
            .embedders
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        embedders.insert(name, Arc::clone(embedder));
    }
}

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Error {
        Error::new(ErrorCode::EngineFailed, error.to_string()).caused_by(error)
    }
}

/// The most engines that have a price.
const MOST_PRICES: usize = 100;

/// Enters a currency and prices: none without the other.
fn price_engines(
    settings: &mut Settings,
    currency: Option<String>,
    prices: Option<Vec<(String, Price)>>,
) -> Result<()> {
    if let Some(currency) = currency {
        settings.currency = match currency.as_str() {
            "" => None,
            code => {
                let parsed = code.parse::<Currency>();
                Some(parsed.map_err(|error| Error::invalid("currency", error.to_string()))?)
            }
        };
    }
    if let Some(prices) = prices {
        if prices.len() > MOST_PRICES {
            return Err(Error::invalid("prices", "there are at most 100 prices"));
        }
        settings.prices.clear();
        for (engine, price) in prices {
            if price.read_micros.max(price.written_micros) > MOST_MICROS {
                return Err(Error::invalid("prices", "a price is at most 1,000,000"));
            }
            let engine = line_of("prices", &engine, 220)?;
            settings.prices.insert(engine, price);
        }
    }
    if settings.currency.is_none() && !settings.prices.is_empty() {
        return Err(Error::invalid("currency", "prices need a currency"));
    }
    Ok(())
}

/// What a change is about.
fn changed_parts(change: &SettingsChange) -> Vec<Deed> {
    [
        (change.business.is_some(), SettingsPart::Business),
        (change.remote.is_some(), SettingsPart::Engine),
        (change.spare.is_some(), SettingsPart::SecondEngine),
        (
            change.embedder.is_some() || change.reranker.is_some(),
            SettingsPart::SearchModel,
        ),
        (change.chat_model.is_some(), SettingsPart::ChatModel),
        (change.speech_model.is_some(), SettingsPart::SpeechModel),
        (
            change.currency.is_some() || change.prices.is_some(),
            SettingsPart::Prices,
        ),
    ]
    .into_iter()
    .filter(|(is_changed, _)| *is_changed)
    .map(|(_, part)| Deed::SettingsChanged { part })
    .collect()
}
