//! Engines behind an OpenAI-compatible server: a provider in the world, or Ollama, llama.cpp and vLLM at
//! home.
//!
//! Owns: the prompt that binds the answer to the passages, streaming, retries before the first piece, and
//! turning `[n]` marks into citations with verbatim quotes. Not here: keys and where they are kept
//! (`store`), and falling back to quotes (`app`).

mod call;
mod embeddings;
mod sse;

use std::time::Duration;

use futures_util::future::BoxFuture;
use net::{Net, Purpose};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use crate::ask::{Ask, Turn};
use crate::cite;
use crate::draft::Draft;
use crate::engine::{Engine, Pieces};
use crate::error::EngineError;
use crate::prompt::{self, Role, Told};
pub use embeddings::RemoteEmbedder;
use sse::Events;

/// The longest answer that is taken, in bytes.
const LONGEST_ANSWER: usize = 64 * 1024;
/// The longest stream that is read, in bytes: endless streams end here.
const LONGEST_STREAM: usize = 4 << 20;

/// How long a server in the world may take to begin its answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// The same for a server on this computer or beside it.
const NEARBY_PATIENCE: Duration = Duration::from_secs(60);

/// How much longer a server may take that says it is alive: a model that thinks first.
const THINKING: Duration = Duration::from_secs(45);

/// How a remote server is spoken to.
#[derive(Clone, PartialEq)]
pub struct RemoteSettings {
    /// Where the API begins, such as `http://127.0.0.1:11434/v1`.
    pub base_url: String,
    /// Sent as a bearer token; `None` for servers that want none.
    pub key: Option<String>,
    /// The model's name there.
    pub model: String,
    /// 0..=2; 0 for the most likely words.
    pub temperature: f32,
    /// The longest answer, in tokens.
    pub max_tokens: u32,
    /// How long the first piece may take, all attempts together.
    pub first_timeout: Duration,
    /// How long each further piece may take.
    pub idle_timeout: Duration,
    /// How often a request is tried when the server is busy or broken.
    pub attempts: u32,
    /// How long to wait before the second attempt; it doubles with each further one.
    pub backoff: Duration,
}

/// An answer as far as a remote engine has written it (its pieces joined), as a draft with citations: what may be
/// shown of it before it is whole can be checked like the whole.
pub fn cited(written: &str, ask: &Ask) -> Draft {
    cite::cited(written, ask)
}

impl RemoteSettings {
    /// Settings for a model with everything else as usual. A server nearby may have to load its model first; one in
    /// the world that is silent for long is not waited for while a customer waits.
    pub fn new(
        base_url: impl Into<String>,
        model: impl Into<String>,
        key: Option<String>,
    ) -> RemoteSettings {
        let base_url = base_url.into();
        let patience = match net::is_nearby(&base_url) {
            true => NEARBY_PATIENCE,
            false => PATIENCE,
        };
        RemoteSettings {
            base_url,
            key,
            model: model.into(),
            temperature: 0.0,
            max_tokens: 700,
            first_timeout: patience,
            idle_timeout: Duration::from_secs(30),
            attempts: 3,
            backoff: Duration::from_millis(500),
        }
    }
}

impl std::fmt::Debug for RemoteSettings {
    /// The key is not shown: it must not come into a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RemoteSettings")
            .field("model", &self.model)
            .field("has_key", &self.key.is_some())
            .finish_non_exhaustive()
    }
}

/// An engine behind a server.
#[derive(Clone)]
pub struct Remote {
    net: Net,
    settings: RemoteSettings,
}

impl Remote {
    /// The engine as `settings` say; nothing is sent yet.
    pub fn new(settings: RemoteSettings, net: Net) -> Remote {
        Remote { net, settings }
    }

    fn body(&self, told: &[Told], max_tokens: u32) -> Value {
        let message = |told: &Told| {
            let role = match told.role {
                Role::System => "system",
                Role::User => "user",
                Role::Assistant => "assistant",
            };
            json!({ "role": role, "content": told.text })
        };
        let messages: Vec<Value> = told.iter().map(message).collect();
        json!({
            "model": self.settings.model,
            "messages": messages,
            "temperature": self.settings.temperature,
            "max_tokens": max_tokens,
            "stream": true,
            "stream_options": { "include_usage": true },
        })
    }

    async fn write(&self, ask: &Ask, pieces: Pieces<'_>) -> Result<Draft, EngineError> {
        if ask.passages.is_empty() {
            return Ok(Draft::default());
        }
        let body = self.body(&prompt::answer(ask), self.settings.max_tokens);
        let mut filter = cite::Filter::new(ask);
        let mut heard = String::new();
        let usage = self
            .stream(&body, &mut |piece| {
                heard.push_str(piece);
                let shown = filter.push(piece);
                if !shown.is_empty() {
                    pieces(&shown);
                }
            })
            .await?;
        let rest = filter.finish();
        if !rest.is_empty() {
            pieces(&rest);
        }
        let mut draft = filter.draft(ask);
        draft.usage = usage;
        if heard.trim().is_empty() {
            return Err(EngineError::BadReply { why: "it is empty" });
        }
        Ok(draft)
    }

    /// Sends a request and hands out its text; gives what it used up.
    async fn stream(
        &self,
        body: &Value,
        piece: &mut (dyn FnMut(&str) + Send),
    ) -> Result<domain::answer::Usage, EngineError> {
        let settings = &self.settings;
        let first_until = Instant::now() + settings.first_timeout;
        let sent = call::post(
            &self.net,
            Purpose::Engine,
            settings,
            "chat/completions",
            body,
        );
        let mut reply = timeout_at(first_until, sent)
            .await
            .map_err(|_| EngineError::TimedOut)??;
        let mut events = Events::default();
        let mut state = sse::Reading::default();
        let mut read = 0;
        let mut written = 0;
        let mut until = first_until;
        while !state.is_done() {
            let chunk = timeout_at(until, reply.chunk()).await;
            let chunk = chunk
                .map_err(|_| EngineError::TimedOut)?
                .map_err(call::net_error)?;
            let Some(chunk) = chunk else {
                break;
            };
            read += chunk.len();
            if read > LONGEST_STREAM {
                return Err(EngineError::BadReply {
                    why: "it does not end",
                });
            }
            if written == 0 {
                // Something came: it thinks, or queues.
                until = (Instant::now() + settings.idle_timeout).min(first_until + THINKING);
            }
            for event in events.push(&chunk)? {
                let Some(text) = state.read(&event)? else {
                    continue;
                };
                written += text.len();
                if written > LONGEST_ANSWER {
                    return Err(EngineError::BadReply {
                        why: "it is too long",
                    });
                }
                until = Instant::now() + settings.idle_timeout;
                piece(&text);
            }
        }
        state.usage()
    }
}

impl Engine for Remote {
    fn name(&self) -> String {
        format!("remote:{}", self.settings.model)
    }

    fn answer<'a>(
        &'a self,
        ask: &'a Ask,
        pieces: Pieces<'a>,
    ) -> BoxFuture<'a, Result<Draft, EngineError>> {
        Box::pin(self.write(ask, pieces))
    }

    fn rewrite<'a>(
        &'a self,
        question: &'a str,
        history: &'a [Turn],
    ) -> BoxFuture<'a, Result<Option<String>, EngineError>> {
        Box::pin(async move {
            if history.is_empty() {
                return Ok(None);
            }
            let body = self.body(&prompt::rewrite(question, history), 200);
            let mut text = String::new();
            self.stream(&body, &mut |piece| text.push_str(piece))
                .await?;
            let text = text.trim().trim_matches('"').trim();
            let is_same = text.is_empty() || text == "SAME" || text == question.trim();
            // A rewritten question is a question: anything much longer is the model talking.
            let is_talk = text.chars().count() > 4 * question.chars().count() + 300;
            Ok((!is_same && !is_talk).then(|| text.to_owned()))
        })
    }
}
