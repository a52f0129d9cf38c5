//! The engines of a ladder: one after the other, and one that is silent for long gets the next beside it.
//!
//! The first that writes is listened to, the others are let go: a customer hears one voice.

use std::sync::Arc;
use std::time::Duration;

use engine::ask::Ask;
use engine::draft::Draft;
use engine::engine::Engine;
use engine::error::EngineError;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// How long an engine may be silent before the next is asked as well.
const SILENCE: Duration = Duration::from_secs(8);

/// What is heard while engines write.
pub(crate) enum Heard<'a> {
    /// The next piece of the text.
    Piece(&'a str),
    /// The text so far is void: its engine failed.
    Restarted,
}

/// One engine that was asked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tried {
    /// Its name.
    pub(crate) engine: String,
    /// Milliseconds until it answered or failed.
    pub(crate) took_ms: u32,
    /// Why it did not answer; nothing when it did.
    pub(crate) failed: Option<EngineError>,
}

/// How it ended.
pub(crate) struct Raced {
    /// Who was asked, in the order in which they ended.
    pub(crate) tried: Vec<Tried>,
    /// The draft, and which of them wrote it; nothing when all failed.
    pub(crate) written: Option<(usize, Draft)>,
}

/// Asks the engines; gives the first draft.
pub(crate) async fn race(
    engines: &[Arc<dyn Engine>],
    ask: &Ask,
    hears: &(dyn Fn(Heard<'_>) + Send + Sync),
) -> Raced {
    let speaker = watch::Sender::new(None::<usize>);
    let begun = Instant::now();
    let run = async |number: usize| {
        let pieces = |text: &str| {
            speaker.send_if_modified(|speaks| {
                let is_free = speaks.is_none();
                if is_free {
                    *speaks = Some(number);
                }
                is_free
            });
            if *speaker.borrow() == Some(number) {
                hears(Heard::Piece(text));
            }
        };
        let mut heard = speaker.subscribe();
        let another = heard.wait_for(|speaks| speaks.is_some_and(|other| other != number));
        let answered = tokio::select! {
            biased;
            answered = engines[number].answer(ask, &pieces) => answered,
            // It was silent for so long that another was asked, and that one speaks.
            _ = another => Err(EngineError::TimedOut),
        };
        (number, answered)
    };
    let tried = |number: usize, failed: Option<EngineError>| Tried {
        engine: engines[number].name(),
        took_ms: u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX),
        failed,
    };
    let mut all = Vec::new();
    let mut writing = FuturesUnordered::new();
    let mut unfinished = Vec::new();
    let mut waiting = 0..engines.len();
    loop {
        if writing.is_empty() {
            let Some(next) = waiting.next() else {
                return Raced {
                    tried: all,
                    written: None,
                };
            };
            unfinished.push(next);
            writing.push(run(next));
        }
        tokio::select! {
            Some((number, answered)) = writing.next() => {
                unfinished.retain(|one| *one != number);
                match answered {
                    Ok(draft) => {
                        all.extend(unfinished.iter().map(|silent| tried(*silent, Some(EngineError::TimedOut))));
                        all.push(tried(number, None));
                        let written = Some((number, draft));
                        return Raced { tried: all, written };
                    }
                    Err(error) => {
                        let has_spoken = speaker.send_if_modified(|speaks| {
                            let was_it = *speaks == Some(number);
                            if was_it {
                                *speaks = None;
                            }
                            was_it
                        });
                        if has_spoken {
                            hears(Heard::Restarted);
                        }
                        all.push(tried(number, Some(error)));
                    }
                }
            }
            () = sleep(SILENCE), if speaker.borrow().is_none() && !waiting.is_empty() => {
                if speaker.borrow().is_none() && let Some(next) = waiting.next() {
                    unfinished.push(next);
                    writing.push(run(next));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use domain::language::Language;
    use engine::ask::Turn;
    use engine::engine::Pieces;
    use futures_util::future::BoxFuture;

    use super::*;

    /// Says its pieces after a while each, then answers or fails.
    struct Timed {
        name: &'static str,
        pieces: &'static [(u64, &'static str)],
        end: (u64, Option<EngineError>),
    }

    impl Engine for Timed {
        fn name(&self) -> String {
            self.name.to_owned()
        }

        fn answer<'a>(
            &'a self,
            _ask: &'a Ask,
            pieces: Pieces<'a>,
        ) -> BoxFuture<'a, Result<Draft, EngineError>> {
            Box::pin(async move {
                for (seconds, piece) in self.pieces {
                    sleep(Duration::from_secs(*seconds)).await;
                    pieces(piece);
                }
                let (seconds, error) = &self.end;
                sleep(Duration::from_secs(*seconds)).await;
                match error {
                    Some(error) => Err(error.clone()),
                    None => Ok(Draft::default()),
                }
            })
        }

        fn rewrite<'a>(
            &'a self,
            _question: &'a str,
            _history: &'a [Turn],
        ) -> BoxFuture<'a, Result<Option<String>, EngineError>> {
            Box::pin(async { Ok(None) })
        }
    }

    /// Who wrote, what was heard, who was asked and how each ended, and the seconds it took.
    async fn raced(engines: Vec<Timed>) -> (Option<String>, String, Vec<(String, bool)>, u64) {
        let engines: Vec<Arc<dyn Engine>> = engines
            .into_iter()
            .map(|one| Arc::new(one) as Arc<dyn Engine>)
            .collect();
        let ask = Ask {
            question: "When?".to_owned(),
            language: Language::EN,
            instructions: String::new(),
            history: Vec::new(),
            passages: Vec::new(),
        };
        let heard = Mutex::new(String::new());
        let begun = Instant::now();
        let raced = race(&engines, &ask, &|what| {
            heard.lock().unwrap().push_str(match what {
                Heard::Piece(piece) => piece,
                Heard::Restarted => "|",
            });
        })
        .await;
        let tried = raced.tried.into_iter();
        (
            raced.written.map(|(number, _)| engines[number].name()),
            heard.into_inner().unwrap(),
            tried
                .map(|one| (one.engine, one.failed.is_none()))
                .collect(),
            begun.elapsed().as_secs(),
        )
    }

    fn tried(all: &[(&str, bool)]) -> Vec<(String, bool)> {
        let all = all.iter();
        all.map(|(name, is_good)| ((*name).to_owned(), *is_good))
            .collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_engine_gets_the_next_beside_it_and_one_voice_is_heard() {
        let first = Timed {
            name: "first",
            pieces: &[(20, "late")],
            end: (1, None),
        };
        let second = Timed {
            name: "second",
            pieces: &[(2, "in "), (15, "time")],
            end: (1, None),
        };
        let (who, heard, all, seconds) = raced(vec![first, second]).await;
        assert_eq!(who.as_deref(), Some("second"));
        assert_eq!((heard.as_str(), seconds), ("in time", 26));
        assert_eq!(all, tried(&[("first", false), ("second", true)]));
    }

    #[tokio::test(start_paused = true)]
    async fn who_speaks_is_heard_to_the_end_and_the_next_stays_unasked() {
        let first = Timed {
            name: "first",
            pieces: &[(7, "slow "), (20, "but "), (20, "sure")],
            end: (1, None),
        };
        let second = Timed {
            name: "second",
            pieces: &[],
            end: (0, None),
        };
        let (who, heard, all, _) = raced(vec![first, second]).await;
        assert_eq!(
            (who.as_deref(), heard.as_str()),
            (Some("first"), "slow but sure")
        );
        assert_eq!(all, tried(&[("first", true)]));
    }

    #[tokio::test(start_paused = true)]
    async fn one_that_breaks_off_is_taken_back_and_the_next_begins_at_once() {
        let first = Timed {
            name: "first",
            pieces: &[(1, "half")],
            end: (1, Some(EngineError::CutOff)),
        };
        let second = Timed {
            name: "second",
            pieces: &[(1, "whole")],
            end: (0, None),
        };
        let (who, heard, all, seconds) = raced(vec![first, second]).await;
        assert_eq!(who.as_deref(), Some("second"));
        assert_eq!((heard.as_str(), seconds), ("half|whole", 3));
        assert_eq!(all, tried(&[("first", false), ("second", true)]));
    }

    #[tokio::test(start_paused = true)]
    async fn when_all_fail_each_is_told() {
        let failing = |name| Timed {
            name,
            pieces: &[],
            end: (1, Some(EngineError::Unreachable)),
        };
        let (who, heard, all, seconds) = raced(vec![failing("first"), failing("second")]).await;
        assert_eq!((who, heard.as_str(), seconds), (None, "", 2));
        assert_eq!(all, tried(&[("first", false), ("second", false)]));
        let (who, _, all, _) = raced(Vec::new()).await;
        assert_eq!((who, all), (None, Vec::new()));
    }
}
