//! What the owner can set for the whole workspace.

use app::limited::Daily;
use app::settings;
use domain::money::Price;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};

/// The workspace's settings.
#[derive(Debug, Serialize, ToSchema)]
pub struct Settings {
    /// The business's name.
    #[schema(example = "Lindenhof Bicycles")]
    pub business: String,
    /// The remote engine, where one is set up.
    #[schema(required)]
    pub remote: Option<RemoteEngine>,
    /// A second one, for when the first fails or is silent.
    #[schema(required)]
    pub spare: Option<RemoteEngine>,
    /// The embedder's name; empty for keyword search alone.
    #[schema(example = "multilingual-e5-small")]
    pub embedder: String,
    /// The name of the chat model that runs on this computer; empty for none.
    #[schema(example = "qwen2.5-1.5b-instruct")]
    pub chat_model: String,
    /// The name of the model that turns voice messages into words; empty for none.
    #[schema(example = "whisper-base")]
    pub speech_model: String,
    /// The name of the reranker, which puts found passages in order; empty for none.
    #[schema(example = "ms-marco-MiniLM-L-12-v2")]
    pub reranker: String,
    /// What is paid in (ISO 4217); null until it is chosen.
    #[schema(required, example = "EUR")]
    pub currency: Option<String>,
    /// What remote engines cost.
    pub prices: Vec<EnginePrice>,
}

/// What a million tokens of an engine cost, in millionths of the currency's unit.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct EnginePrice {
    /// The engine's name.
    #[schema(example = "remote:qwen3:8b", max_length = 220)]
    pub engine: String,
    /// Tokens that it reads.
    #[schema(example = 150_000)]
    pub read_micros: u64,
    /// Tokens that it writes.
    #[schema(example = 600_000)]
    pub written_micros: u64,
}

/// An OpenAI-compatible server.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemoteEngine {
    /// Its address up to and including `/v1`.
    #[schema(example = "http://127.0.0.1:11434/v1")]
    pub base_url: String,
    /// The model's name there.
    #[schema(example = "qwen3:8b")]
    pub model: String,
    /// The last four characters of its key; null when it has none. The key itself is never shown.
    #[schema(required, example = "9f3a")]
    pub key_hint: Option<String>,
    /// Most answers a day (UTC); null for no limit. When it is reached the next engine is asked.
    #[schema(required, example = 200)]
    pub daily_answers: Option<u64>,
    /// Most tokens a day, read and written together; null for no limit.
    #[schema(required, example = 500_000)]
    pub daily_tokens: Option<u64>,
}

/// A change of settings: what is absent stays.
#[derive(Deserialize, ToSchema)]
pub struct SettingsChange {
    /// The business's name.
    #[schema(example = "Lindenhof Bicycles", max_length = 100)]
    pub business: Option<String>,
    /// The remote engine; null removes it with its key.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<RemoteChange>)]
    pub remote: Option<Option<RemoteChange>>,
    /// The second one; null removes it with its key.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<RemoteChange>)]
    pub spare: Option<Option<RemoteChange>>,
    /// The embedder's name; empty for keyword search alone.
    #[schema(example = "multilingual-e5-small")]
    pub embedder: Option<String>,
    /// The name of the chat model that runs on this computer; empty for none.
    #[schema(example = "qwen2.5-1.5b-instruct")]
    pub chat_model: Option<String>,
    /// The name of the model that turns voice messages into words; empty for none.
    #[schema(example = "whisper-base")]
    pub speech_model: Option<String>,
    /// The name of the reranker, which puts found passages in order; empty for none.
    #[schema(example = "ms-marco-MiniLM-L-12-v2")]
    pub reranker: Option<String>,
    /// What is paid in: three capital letters (ISO 4217); empty for none.
    #[schema(example = "EUR", max_length = 3)]
    pub currency: Option<String>,
    /// What remote engines cost, at most 100, in the place of all prices of before; they need a currency.
    pub prices: Option<Vec<EnginePrice>>,
}

/// A remote engine as it should become.
#[derive(Deserialize, ToSchema)]
pub struct RemoteChange {
    /// Its address up to and including `/v1`.
    #[schema(example = "http://127.0.0.1:11434/v1", max_length = 500)]
    pub base_url: String,
    /// The model's name there.
    #[schema(example = "qwen3:8b", max_length = 200)]
    pub model: String,
    /// Its key; absent or null keeps the one that is stored, empty removes it.
    #[schema(example = "sk-...", max_length = 1000)]
    pub key: Option<String>,
    /// Most answers a day (UTC), from 1; absent or null for no limit.
    #[schema(example = 200)]
    pub daily_answers: Option<u64>,
    /// Most tokens a day, read and written together, from 1; absent or null for no limit.
    #[schema(example = 500_000)]
    pub daily_tokens: Option<u64>,
}

/// How a small question to the remote engine went.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemoteTest {
    /// True when it answered.
    #[schema(example = true)]
    pub ok: bool,
    /// Milliseconds until it answered or failed; null when none is set up.
    #[schema(required, example = 640)]
    pub took_ms: Option<u32>,
    /// The name of the engine that was asked; null when none is set up.
    #[schema(required, example = "remote:qwen3:8b")]
    pub engine: Option<String>,
    /// Why it did not answer: `no_engine`, `key_refused`, `no_such_model`, `wrong_address`, `unreachable`,
    /// `timed_out`, `limited`, `cut_off`, `bad_reply`, `server_broken`, `refused`, `bad_settings`,
    /// `local_only`; null when it did.
    #[schema(required, example = "key_refused")]
    pub code: Option<String>,
}

impl From<settings::Settings> for Settings {
    fn from(settings: settings::Settings) -> Settings {
        Settings {
            business: settings.business,
            remote: settings.remote.map(RemoteEngine::from),
            spare: settings.spare.map(RemoteEngine::from),
            embedder: settings.embedder,
            chat_model: settings.chat_model,
            speech_model: settings.speech_model,
            reranker: settings.reranker,
            currency: settings.currency.map(String::from),
            prices: settings.prices.into_iter().map(priced).collect(),
        }
    }
}

impl From<settings::RemoteEngine> for RemoteEngine {
    fn from(remote: settings::RemoteEngine) -> RemoteEngine {
        RemoteEngine {
            base_url: remote.base_url,
            model: remote.model,
            key_hint: remote.key_hint,
            daily_answers: remote.daily.answers,
            daily_tokens: remote.daily.tokens,
        }
    }
}

impl From<RemoteChange> for settings::RemoteChange {
    fn from(remote: RemoteChange) -> settings::RemoteChange {
        settings::RemoteChange {
            base_url: remote.base_url,
            model: remote.model,
            key: remote.key,
            daily: Daily {
                answers: remote.daily_answers,
                tokens: remote.daily_tokens,
            },
        }
    }
}

fn priced((engine, price): (String, Price)) -> EnginePrice {
    EnginePrice {
        engine,
        read_micros: price.read_micros,
        written_micros: price.written_micros,
    }
}

fn price(priced: EnginePrice) -> (String, Price) {
    let price = Price {
        read_micros: priced.read_micros,
        written_micros: priced.written_micros,
    };
    (priced.engine, price)
}

/// Which remote engine is meant.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RemotePlace {
    /// The second one instead of the first.
    #[serde(default)]
    pub spare: bool,
}

impl From<RemotePlace> for settings::Place {
    fn from(place: RemotePlace) -> settings::Place {
        match place.spare {
            true => settings::Place::Spare,
            false => settings::Place::First,
        }
    }
}

impl From<SettingsChange> for settings::SettingsChange {
    fn from(change: SettingsChange) -> settings::SettingsChange {
        settings::SettingsChange {
            business: change.business,
            remote: change.remote.map(|remote| remote.map(Into::into)),
            spare: change.spare.map(|spare| spare.map(Into::into)),
            embedder: change.embedder,
            chat_model: change.chat_model,
            speech_model: change.speech_model,
            reranker: change.reranker,
            currency: change.currency,
            prices: change
                .prices
                .map(|prices| prices.into_iter().map(price).collect()),
        }
    }
}

/// Tells `null` (remove) from absent (keep).
fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<RemoteChange>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
