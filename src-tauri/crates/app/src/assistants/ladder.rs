//! Who writes an assistant's answers: the engines in the order in which they are tried, and how each fared last.

use domain::answer::Outcome;
use domain::assistant::EngineChoice;
use domain::id::AssistantId;
use domain::member::Permission;
use domain::time::Timestamp;
use domain::trace::What;
use store::past::PastAnswer;

use crate::App;
use crate::error::Result;
use crate::who::Who;

/// One rung of the ladder.
#[derive(Debug, Clone, PartialEq)]
pub struct Rung {
    /// What it is.
    pub kind: RungKind,
    /// The model's name; empty where there is none.
    pub model: String,
    /// What became of it when it was tried last, within the newest answers that are looked through.
    pub last: Option<LastTry>,
}

/// What a rung is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RungKind {
    /// The remote engine of the settings; without a model none is set up.
    Remote,
    /// The chat model on this computer; without a model none is chosen, or the chosen one is not there.
    Local,
    /// Sentences of the documents, word for word.
    Quotes,
    /// A person is asked for.
    Person,
    /// The owner's words that nothing was found, and nobody is asked for.
    Refusal,
}

/// How a rung fared.
#[derive(Debug, Clone, PartialEq)]
pub struct LastTry {
    /// When.
    pub at: Timestamp,
    /// Why it failed, as the code of its error; nothing when it did not.
    pub failed: Option<String>,
}

impl App {
    /// The rungs of an assistant's ladder, the first one first.
    pub async fn engine_ladder(&self, who: &Who, id: AssistantId) -> Result<Vec<Rung>> {
        who.must(Permission::Look)?;
        let store = self.workspace(who.workspace());
        let assistant = store.assistant(id).await?;
        let settings = self.settings_of(who.workspace()).await?;
        let past = store.past_answers(id).await?;
        let choice = assistant.settings.engine;
        let mut rungs = Vec::new();
        if choice == EngineChoice::Remote {
            let set_up: Vec<_> = [settings.remote, settings.spare]
                .into_iter()
                .flatten()
                .collect();
            rungs.extend(set_up.iter().map(|remote| Rung {
                kind: RungKind::Remote,
                model: remote.model.clone(),
                last: last_of(&past, |engine| {
                    engine.strip_prefix("remote:") == Some(&remote.model)
                }),
            }));
            if set_up.is_empty() {
                rungs.push(Rung {
                    kind: RungKind::Remote,
                    model: String::new(),
                    last: last_of(&past, |engine| is_of("remote", engine)),
                });
            }
        }
        let local = match self.has_chat(&settings.chat_model).await? {
            true => settings.chat_model,
            false => String::new(),
        };
        let is_in_between = choice == EngineChoice::Remote && !local.is_empty();
        if choice == EngineChoice::Local || is_in_between {
            rungs.push(Rung {
                kind: RungKind::Local,
                model: local,
                last: last_of(&past, |engine| is_of("local", engine)),
            });
        }
        rungs.push(Rung {
            kind: RungKind::Quotes,
            model: String::new(),
            last: last_of(&past, |engine| engine == "quotes"),
        });
        let rules = &assistant.settings.handoff;
        let is_asked = rules.on_low_confidence || rules.after_refusals > 0;
        let refused = past
            .iter()
            .find(|answer| matches!(answer.outcome, Some(Outcome::Refused | Outcome::HandedOver)));
        rungs.push(Rung {
            kind: match is_asked {
                true => RungKind::Person,
                false => RungKind::Refusal,
            },
            model: String::new(),
            last: refused.map(|answer| LastTry {
                at: answer.at,
                failed: None,
            }),
        });
        Ok(rungs)
    }
}

/// True for `remote`, which stands for one that is not set up, and for `remote:MODEL`.
fn is_of(kind: &str, engine: &str) -> bool {
    engine.split(':').next() == Some(kind)
}

/// The last try of an engine.
fn last_of(past: &[PastAnswer], is_it: impl Fn(&str) -> bool) -> Option<LastTry> {
    past.iter().find_map(|answer| {
        let steps = answer.trace.steps.iter().rev();
        let mut tries = steps.filter_map(|step| match &step.what {
            What::Engine { engine, failed } if is_it(engine) => Some(failed.clone()),
            _ => None,
        });
        let failed = tries.next()?;
        Some(LastTry {
            at: answer.at,
            failed,
        })
    })
}
