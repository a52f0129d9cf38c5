//! An engine that failed again and again is left alone for a while, so that no customer waits for it in vain.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::Instant;

use crate::ask::{Ask, Turn};
use crate::draft::Draft;
use crate::engine::{Engine, Pieces};
use crate::error::EngineError;

/// Failures in a row after which an engine is left alone.
const FAILURES: u32 = 5;
/// How long it is left alone then; after that one question tries it.
const PAUSE: Duration = Duration::from_secs(30);
/// The longest that a server may ask to be left alone.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// An engine behind a breaker: [`EngineError::Paused`] at once instead of another wait.
pub struct Guarded<E> {
    engine: E,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    failures: u32,
    /// Nobody gets through before; afterwards one at a time, until one succeeds.
    closed_until: Option<Instant>,
    is_tried: bool,
}

/// One call that got through. Dropped without an end, it leaves its place to another.
struct Call<'a> {
    state: &'a Mutex<State>,
    is_trial: bool,
}

impl<E: Engine> Guarded<E> {
    /// The engine, not yet known to fail.
    pub fn new(engine: E) -> Guarded<E> {
        Guarded {
            engine,
            state: Mutex::default(),
        }
    }

    /// Asks the engine even while it is left alone; an answer ends that, a failure counts for nothing.
    ///
    /// # Errors
    /// What the engine says.
    pub async fn answer_anyway(&self, ask: &Ask) -> Result<Draft, EngineError> {
        let answered = self.engine.answer(ask, &|_| {}).await;
        if answered.is_ok() {
            *held(&self.state) = State::default();
        }
        answered
    }

    fn call(&self) -> Result<Call<'_>, EngineError> {
        let mut state = held(&self.state);
        let is_trial = state.closed_until.is_some();
        if is_trial {
            let is_early = state
                .closed_until
                .is_some_and(|until| Instant::now() < until);
            if is_early || state.is_tried {
                return Err(EngineError::Paused);
            }
            state.is_tried = true;
        }
        Ok(Call {
            state: &self.state,
            is_trial,
        })
    }
}

impl Call<'_> {
    fn ended(self, error: Option<&EngineError>) {
        let mut state = held(self.state);
        match error {
            None => *state = State::default(),
            Some(error) if is_of_the_engine(error) => {
                state.failures = state.failures.saturating_add(1);
                let asked_for = match error {
                    EngineError::Limited { retry_after } => retry_after.map(Duration::from_secs),
                    _ => None,
                };
                if state.failures >= FAILURES || self.is_trial || asked_for > Some(PAUSE) {
                    let pause = asked_for.unwrap_or(PAUSE).clamp(PAUSE, LONGEST_PAUSE);
                    state.closed_until = Some(Instant::now() + pause);
                }
            }
            Some(_) => {}
        }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if self.is_trial {
            held(self.state).is_tried = false;
        }
    }
}

/// True for failures that say something of the engine, not of us.
fn is_of_the_engine(error: &EngineError) -> bool {
    !matches!(
        error,
        EngineError::LocalOnly { .. } | EngineError::Busy | EngineError::Cancelled
    )
}

fn held(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<E: Engine> Engine for Guarded<E> {
    fn name(&self) -> String {
        self.engine.name()
    }

    fn answer<'a>(
        &'a self,
        ask: &'a Ask,
        pieces: Pieces<'a>,
    ) -> BoxFuture<'a, Result<Draft, EngineError>> {
        Box::pin(async move {
            let call = self.call()?;
            let answered = self.engine.answer(ask, pieces).await;
            call.ended(answered.as_ref().err());
            answered
        })
    }

    fn rewrite<'a>(
        &'a self,
        question: &'a str,
        history: &'a [Turn],
    ) -> BoxFuture<'a, Result<Option<String>, EngineError>> {
        Box::pin(async move {
            let call = self.call()?;
            let rewritten = self.engine.rewrite(question, history).await;
            call.ended(rewritten.as_ref().err());
            rewritten
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use domain::language::Language;
    use futures_util::FutureExt;

    use super::*;

    /// Fails with what it is told, or answers.
    struct Moody {
        asked: AtomicU32,
        mood: Mutex<Option<EngineError>>,
    }

    impl Engine for Moody {
        fn name(&self) -> String {
            "moody".to_owned()
        }

        fn answer<'a>(
            &'a self,
            _ask: &'a Ask,
            _pieces: Pieces<'a>,
        ) -> BoxFuture<'a, Result<Draft, EngineError>> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let mood = self.mood.lock().unwrap().clone();
            Box::pin(async move {
                // One turn of waiting, in which a caller may give up.
                tokio::task::yield_now().await;
                mood.map_or_else(|| Ok(Draft::default()), Err)
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

    fn moody(error: EngineError) -> Guarded<Moody> {
        Guarded::new(Moody {
            asked: AtomicU32::new(0),
            mood: Mutex::new(Some(error)),
        })
    }

    fn ask() -> Ask {
        Ask {
            question: "When?".to_owned(),
            language: Language::EN,
            instructions: String::new(),
            history: Vec::new(),
            passages: Vec::new(),
        }
    }

    async fn failed(engine: &Guarded<Moody>, times: u32) {
        for _ in 0..times {
            engine.answer(&ask(), &|_| {}).await.unwrap_err();
        }
    }

    fn asked(engine: &Guarded<Moody>) -> u32 {
        engine.engine.asked.load(Ordering::Relaxed)
    }

    #[tokio::test(start_paused = true)]
    async fn after_five_failures_it_is_left_alone_then_tried_once_and_trusted_when_it_answers() {
        let engine = moody(EngineError::TimedOut);
        failed(&engine, FAILURES).await;
        let refused = engine.answer(&ask(), &|_| {}).await;
        assert_eq!(refused.unwrap_err(), EngineError::Paused);
        assert_eq!(asked(&engine), FAILURES);
        tokio::time::advance(PAUSE).await;
        // The trial fails: another pause.
        failed(&engine, 3).await;
        assert_eq!(asked(&engine), FAILURES + 1);
        tokio::time::advance(PAUSE).await;
        *engine.engine.mood.lock().unwrap() = None;
        for _ in 0..3 {
            engine.answer(&ask(), &|_| {}).await.unwrap();
        }
        assert_eq!(asked(&engine), FAILURES + 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_trial_that_is_given_up_leaves_its_place() {
        let engine = moody(EngineError::Unreachable);
        failed(&engine, FAILURES).await;
        tokio::time::advance(PAUSE).await;
        let (first, second) = (ask(), ask());
        let mut trial = engine.answer(&first, &|_| {});
        assert!(trial.as_mut().now_or_never().is_none());
        let beside = engine.answer(&second, &|_| {}).await;
        assert_eq!(beside.unwrap_err(), EngineError::Paused);
        drop(trial);
        let after = engine.answer(&second, &|_| {}).await;
        assert_eq!(after.unwrap_err(), EngineError::Unreachable);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_wants_to_be_left_alone_is_at_once_and_our_own_limits_do_not_count() {
        let engine = moody(EngineError::Limited {
            retry_after: Some(120),
        });
        failed(&engine, 2).await;
        assert_eq!(asked(&engine), 1);
        tokio::time::advance(Duration::from_secs(119)).await;
        failed(&engine, 1).await;
        assert_eq!(asked(&engine), 1);
        tokio::time::advance(Duration::from_secs(1)).await;
        failed(&engine, 1).await;
        assert_eq!(asked(&engine), 2);

        let busy = moody(EngineError::Busy);
        failed(&busy, FAILURES * 2).await;
        assert_eq!(asked(&busy), FAILURES * 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_test_gets_through_and_an_answer_ends_the_pause() {
        let engine = moody(EngineError::KeyRefused);
        failed(&engine, FAILURES).await;
        let told = engine.answer_anyway(&ask()).await;
        assert_eq!(told.unwrap_err(), EngineError::KeyRefused);
        *engine.engine.mood.lock().unwrap() = None;
        engine.answer_anyway(&ask()).await.unwrap();
        engine.answer(&ask(), &|_| {}).await.unwrap();
    }
}
