//! From a question to a checked answer: rules, Q&A, search, threshold, engine, citations, one transaction.
//!
//! Every step is kept in the trace. Whatever fails on the way down the ladder, the customer hears something
//! true: an approved answer, quotes, or the owner's refusal.

pub(crate) mod citations;
pub(crate) mod follow_up;
pub(crate) mod retrieve;
pub(crate) mod small_talk;
pub mod stream;

use std::time::Instant;

use domain::answer::{Answer, Outcome, Usage};
use domain::assistant::Assistant;
use domain::conversation::{Author, Conversation, Message};
use domain::id::{ConversationId, JobId, MessageId, WorkspaceId};
use domain::job::Lease;
use domain::language::Language;
use domain::trace::{Step, Trace, What};
use engine::ask::Turn;
use store::answers::CommitAnswer;
use store::error::StoreError;

use crate::App;
use crate::answer::stream::Piece;
use crate::error::Result;
use crate::searching::milliseconds;

/// Messages of the history that an engine sees.
const HISTORY: u32 = 12;
/// How often newly arrived messages may restart an answer before it is sent as it is.
const RESTARTS: usize = 3;

/// What is being answered, and what happened so far.
pub(crate) struct Answering<'a> {
    pub(crate) app: &'a App,
    pub(crate) workspace: WorkspaceId,
    pub(crate) conversation: &'a Conversation,
    pub(crate) assistant: &'a Assistant,
    pub(crate) history: &'a [Message],
    pub(crate) question: String,
    pub(crate) language: Language,
    trace: Trace,
    step_began: Instant,
}

impl App {
    /// Answers what is unanswered in a conversation, and finishes the job in the same transaction. A stop
    /// drops whatever is being done for it, the engine's request too.
    pub(crate) async fn answer_job(
        &self,
        lease: &Lease,
        conversation_id: ConversationId,
    ) -> Result<()> {
        let mut making = self.inner.streams.begin(conversation_id);
        tokio::select! {
            answered = self.answer_unanswered(lease, conversation_id) => answered,
            // The job went with the stop.
            () = making.stopped() => Ok(()),
        }
    }

    async fn answer_unanswered(
        &self,
        lease: &Lease,
        conversation_id: ConversationId,
    ) -> Result<()> {
        let workspace = lease.job.workspace_id;
        let store = self.workspace(workspace);
        let conversation = store.conversation(conversation_id).await?;
        let assistant = store.assistant(conversation.assistant_id).await?;
        for round in 0.. {
            let asked = store.unanswered(conversation_id).await?;
            if asked.is_empty() {
                self.inner.store.finish_job(lease).await?;
                return Ok(());
            }
            let messages = u32::try_from(asked.len()).unwrap_or(u32::MAX);
            let history = store
                .messages(conversation_id, None, HISTORY.saturating_add(messages))
                .await?;
            let earlier: Vec<Message> = history
                .into_iter()
                .filter(|said| asked.iter().all(|new| new.id != said.id))
                .collect();
            let (answer, trace) = self
                .answer(&conversation, &assistant, &earlier, &asked, workspace)
                .await?;
            let now_asked = store.unanswered(conversation_id).await?;
            if now_asked.len() > asked.len() && round < RESTARTS {
                self.inner.streams.tell(conversation_id, Piece::Restarted);
                continue;
            }
            return self
                .commit(lease, &conversation, asked, answer, trace)
                .await;
        }
        Ok(())
    }

    async fn answer(
        &self,
        conversation: &Conversation,
        assistant: &Assistant,
        history: &[Message],
        asked: &[Message],
        workspace: WorkspaceId,
    ) -> Result<(Answer, Trace)> {
        let texts: Vec<&str> = asked.iter().map(|message| message.text.trim()).collect();
        let question = texts.join("\n");
        let found = search::language(&question);
        let language = if found == Language::UNKNOWN {
            conversation.language
        } else {
            found
        };
        let mut answering = Answering {
            app: self,
            workspace,
            conversation,
            assistant,
            history,
            question: question.clone(),
            language,
            trace: Trace::default(),
            step_began: Instant::now(),
        };
        let started = Instant::now();
        let messages = u32::try_from(asked.len()).unwrap_or(u32::MAX);
        answering.step(What::Question {
            text: question,
            language,
            messages,
        });
        let answer = answering.find_answer(&texts).await?;
        let mut trace = answering.trace;
        trace.total_ms = milliseconds(started);
        Ok((answer, trace))
    }

    async fn commit(
        &self,
        lease: &Lease,
        conversation: &Conversation,
        asked: Vec<Message>,
        answer: Answer,
        trace: Trace,
    ) -> Result<()> {
        let commit = CommitAnswer {
            conversation_id: conversation.id,
            answers: asked.iter().map(|message| message.id).collect(),
            message_id: MessageId(self.new_id()),
            text: answer.text,
            outcome: answer.outcome,
            citations: answer.citations,
            engine: answer.engine,
            trace,
            usage: answer.usage,
            outgoing: Vec::new(),
            handoff: None,
            next_job: JobId(self.new_id()),
        };
        let store = self.workspace(lease.job.workspace_id);
        match store.commit_answer(lease, commit, self.now()).await {
            Ok(committed) => {
                let message = Box::new(committed.message);
                self.inner
                    .streams
                    .tell(conversation.id, Piece::Done(message));
            }
            // Another worker answered all of it while this one was slow.
            Err(StoreError::Conflict) => {
                self.inner.store.finish_job(lease).await?;
            }
            // It was stopped, or another worker has it: what this one wrote is not wanted.
            Err(StoreError::Fenced) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

impl Answering<'_> {
    async fn find_answer(&mut self, texts: &[&str]) -> Result<Answer> {
        let kinds: Option<Vec<_>> = texts
            .iter()
            .map(|text| small_talk::small_talk(text))
            .collect();
        if let Some(kind) = kinds.and_then(|kinds| kinds.last().copied()) {
            self.step(What::Rule {
                rule: kind.name().to_owned(),
            });
            return Ok(said(
                kind.reply(self.language),
                Outcome::SmallTalk,
                1.0,
                "rules",
            ));
        }
        // `Hello` and then the question: the greeting is no part of what is searched.
        let asked: Vec<&str> = texts
            .iter()
            .copied()
            .filter(|text| small_talk::small_talk(text).is_none())
            .collect();
        self.question = asked.join("\n");
        if let Some(answer) = self.answer_by_qa(&self.question.clone()).await? {
            return Ok(answer);
        }
        let retrieved = self.retrieve().await?;
        if retrieved.whole != self.question
            && let Some(answer) = self.answer_by_qa(&retrieved.whole).await?
        {
            return Ok(answer);
        }
        let confidence = retrieved.searched.confidence;
        let threshold = self.assistant.settings.threshold;
        let passed = confidence >= threshold && !retrieved.searched.hits.is_empty();
        self.step(What::Threshold {
            confidence,
            threshold,
            passed,
        });
        if !passed {
            return Ok(self.refused(confidence));
        }
        match self.write(&retrieved).await? {
            Some(answer) => Ok(answer),
            None => Ok(self.refused(confidence)),
        }
    }

    /// The owner's words when the documents do not answer.
    pub(crate) fn refused(&self, confidence: f32) -> Answer {
        said(
            self.assistant.settings.refusal(self.language),
            Outcome::Refused,
            confidence,
            "rules",
        )
    }

    async fn answer_by_qa(&mut self, question: &str) -> Result<Option<Answer>> {
        let set = self.app.qa_set(self.workspace).await?;
        let matched = self
            .app
            .match_qa(self.workspace, &set, question, self.language)
            .await?;
        let (best, score, is_match) = match &matched {
            Some(found) => (Some(found.qa.id), found.score, found.answers),
            None => (None, 0.0, false),
        };
        self.step(What::Qa {
            best,
            score,
            matched: is_match,
        });
        let answer = matched.filter(|found| found.answers).map(|found| Answer {
            qa_id: Some(found.qa.id),
            ..said(&found.qa.answer, Outcome::AnsweredByQa, found.score, "qa")
        });
        Ok(answer)
    }

    /// Keeps a step of the trace and tells whoever watches.
    pub(crate) fn step(&mut self, what: What) {
        let step = Step {
            took_ms: milliseconds(self.step_began),
            what,
        };
        self.step_began = Instant::now();
        self.app
            .inner
            .streams
            .tell(self.conversation.id, Piece::Step(Box::new(step.clone())));
        self.trace.steps.push(step);
    }

    /// The history as engines see it, oldest first.
    pub(crate) fn turns(&self) -> Vec<Turn> {
        let turn = |said: &Message| Turn {
            contact: said.author == Author::Contact,
            text: said.text.clone(),
        };
        // A stopped answer may have no words at all.
        let spoken = self.history.iter().filter(|said| !said.text.is_empty());
        spoken.map(turn).collect()
    }
}

fn said(text: &str, outcome: Outcome, confidence: f32, engine: &str) -> Answer {
    Answer {
        text: text.to_owned(),
        outcome,
        confidence,
        citations: Vec::new(),
        qa_id: None,
        engine: engine.to_owned(),
        usage: Usage::default(),
    }
}
