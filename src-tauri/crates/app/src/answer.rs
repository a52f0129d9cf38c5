//! From a question to a checked answer: rules, Q&A, search, threshold, engine, citations, one transaction.
//!
//! Every step is kept in the trace. Whatever fails on the way down the ladder, the customer hears something
//! true: an approved answer, quotes, or the owner's refusal.

pub(crate) mod away;
pub(crate) mod citations;
pub(crate) mod commands;
pub(crate) mod follow_up;
pub(crate) mod hearing;
pub(crate) mod late;
pub(crate) mod letters;
pub(crate) mod outgoing;
pub(crate) mod person;
pub(crate) mod race;
pub(crate) mod retrieve;
pub(crate) mod small_talk;
pub mod stream;

use std::time::Instant;

use domain::answer::{Answer, Outcome, Usage};
use domain::assistant::Assistant;
use domain::bot::Business;
use domain::contact_details::Contact;
use domain::conversation::{Author, ChannelKind, Conversation, Message};
use domain::handoff::{Handoff, Transition};
use domain::id::{ConversationId, JobId, MessageId, WorkspaceId};
use domain::job::Lease;
use domain::language::Language;
use domain::time::Timestamp;
use domain::trace::{Step, Trace, What};
use engine::ask::Turn;
use store::answers::CommitAnswer;
use store::error::StoreError;

use crate::App;
use crate::answer::letters::Letters;
use crate::answer::stream::Piece;
use crate::bots::held::Held;
use crate::error::Result;
use crate::searching::milliseconds;

/// Messages of the history that an engine sees.
const HISTORY: u32 = 12;
/// How often newly arrived messages may restart an answer before it is sent as it is.
const RESTARTS: usize = 3;

/// What an answer is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// The customer hears it.
    Customer,
    /// Operators may send it: nobody watches, nothing else comes of it.
    Draft,
}

/// What is being answered, and what happened so far.
pub(crate) struct Answering<'a> {
    pub(crate) app: &'a App,
    pub(crate) workspace: WorkspaceId,
    pub(crate) conversation: &'a Conversation,
    pub(crate) assistant: &'a Assistant,
    pub(crate) history: &'a [Message],
    pub(crate) question: String,
    pub(crate) language: Language,
    pub(crate) handoff: &'a Handoff,
    pub(crate) letters: Letters,
    pub(crate) now: Timestamp,
    /// A person is asked for.
    pub(crate) transition: Option<Transition>,
    /// How the customer says they can be reached.
    pub(crate) contacts: Vec<Contact>,
    /// The question made whole, when the knowledge does not answer it.
    pub(crate) unanswered: Option<String>,
    purpose: Purpose,
    trace: Trace,
    step_began: Instant,
}

/// A conversation and who answers in it.
pub(crate) struct Subject {
    pub(crate) conversation: Conversation,
    pub(crate) assistant: Assistant,
    pub(crate) held: Option<Held>,
    pub(crate) handoff: Handoff,
}

/// An answer that is made and not yet kept.
pub(crate) struct Made {
    pub(crate) answer: Answer,
    pub(crate) language: Language,
    trace: Trace,
    transition: Option<Transition>,
    contacts: Vec<Contact>,
    unanswered: Option<String>,
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
        let mut subject = Subject {
            assistant: store.assistant(conversation.assistant_id).await?,
            held: self.held(workspace, conversation_id).await?,
            handoff: Handoff::Ai,
            conversation,
        };
        let mut heard = Vec::new();
        for round in 0.. {
            subject.handoff = store.handoff(conversation_id).await?;
            let mut asked = store.unanswered(conversation_id).await?;
            // Whoever answers reads the words, so they are made whether or not the assistant speaks.
            heard.extend(self.hear(workspace, &subject, &mut asked).await?);
            let Some(purpose) = self.purpose(&subject).filter(|_| !asked.is_empty()) else {
                self.inner.store.finish_job(lease).await?;
                return Ok(());
            };
            let messages = u32::try_from(asked.len()).unwrap_or(u32::MAX);
            let history = store
                .messages(conversation_id, None, HISTORY.saturating_add(messages))
                .await?;
            let earlier: Vec<Message> = history
                .into_iter()
                .filter(|said| asked.iter().all(|new| new.id != said.id))
                .collect();
            let made = self
                .answer(
                    &subject,
                    &earlier,
                    (&asked, heard.clone()),
                    workspace,
                    purpose,
                )
                .await?;
            let now_asked = store.unanswered(conversation_id).await?;
            if now_asked.len() > asked.len() && round < RESTARTS {
                self.tell(purpose, conversation_id, Piece::Restarted);
                continue;
            }
            let is_settled = match purpose {
                Purpose::Draft => self.give_draft(lease, &subject, &asked, made).await?,
                Purpose::Customer => {
                    let said = [earlier.as_slice(), asked.as_slice()].concat();
                    self.commit(lease, &subject, &asked, &said, made).await?
                }
            };
            // Somebody answered, or the conversation became another's: what is so now is looked at anew.
            if is_settled || round >= RESTARTS {
                return Ok(());
            }
        }
        Ok(())
    }

    /// What the assistant may say in a conversation: to the customer, to operators, or nothing.
    fn purpose(&self, subject: &Subject) -> Option<Purpose> {
        let held = subject.held.as_ref();
        if held.is_some_and(|held| held.is_paused(self.now())) {
            return None;
        }
        let draft = || {
            let is_wanted = held.is_some_and(Held::has_console);
            is_wanted.then_some(Purpose::Draft)
        };
        match held.and_then(Held::business) {
            Some(Business::Off) => return None,
            Some(Business::Draft) => return draft(),
            Some(Business::Answer) | None => {}
        }
        match subject.handoff.is_assistant_silent() {
            true => draft(),
            false => Some(Purpose::Customer),
        }
    }

    /// Tells whoever watches the customer's answer.
    fn tell(&self, purpose: Purpose, conversation: ConversationId, piece: Piece) {
        if purpose == Purpose::Customer {
            self.inner.streams.tell(conversation, piece);
        }
    }

    async fn answer(
        &self,
        subject: &Subject,
        history: &[Message],
        (asked, heard): (&[Message], Vec<Step>),
        workspace: WorkspaceId,
        purpose: Purpose,
    ) -> Result<Made> {
        let texts: Vec<&str> = asked
            .iter()
            .map(|message| message.text.trim())
            .filter(|text| !text.is_empty())
            .collect();
        let question = texts.join("\n");
        let found = search::language(&question);
        let spoken = hearing::language(&heard);
        let known = [found, spoken, subject.conversation.language];
        let known = known.into_iter().find(|one| *one != Language::UNKNOWN);
        let language = known.unwrap_or_else(|| subject.assistant.settings.language());
        let letters = match &subject.held {
            Some(_) => Letters::of(&self.workspace(workspace), asked).await?,
            None => Letters::default(),
        };
        let mut answering = Answering {
            app: self,
            workspace,
            conversation: &subject.conversation,
            assistant: &subject.assistant,
            history,
            question: question.clone(),
            language,
            handoff: &subject.handoff,
            letters,
            now: self.now(),
            transition: None,
            contacts: Vec::new(),
            unanswered: None,
            purpose,
            trace: Trace::default(),
            step_began: Instant::now(),
        };
        let listened_ms: u32 = heard.iter().map(|step| step.took_ms).sum();
        for step in heard {
            answering.keep(step);
        }
        let started = Instant::now();
        let messages = u32::try_from(asked.len()).unwrap_or(u32::MAX);
        answering.step(What::Question {
            text: question,
            language,
            messages,
        });
        let written_at = asked.first().map(|message| message.created_at);
        let answer = match purpose {
            Purpose::Customer => answering.say_to_customer(&texts, written_at).await?,
            Purpose::Draft => answering.find_answer(&texts).await?,
        };
        let mut trace = answering.trace;
        trace.total_ms = milliseconds(started).saturating_add(listened_ms);
        Ok(Made {
            answer,
            language,
            trace,
            transition: answering.transition,
            contacts: answering.contacts,
            unanswered: answering.unanswered,
        })
    }

    /// Keeps an answer with everything that comes of it; false when it may not be said any more.
    async fn commit(
        &self,
        lease: &Lease,
        subject: &Subject,
        asked: &[Message],
        said: &[Message],
        made: Made,
    ) -> Result<bool> {
        let conversation_id = subject.conversation.id;
        let workspace = lease.job.workspace_id;
        let store = self.workspace(workspace);
        let message_id = MessageId(self.new_id());
        self.keep_contacts(workspace, subject, &made.contacts)
            .await?;
        let mut outgoing = self.answer_rows(subject, asked, message_id, &made).await?;
        let mut handoff = None;
        if let Some(transition) = made.transition {
            let asked_by = (
                &subject.conversation,
                &subject.assistant,
                subject.held.as_ref(),
            );
            let (new, card) = self.asked_by_answer(asked_by, transition, said).await?;
            handoff = Some(new);
            outgoing.extend(card);
        }
        let unanswered = match made.unanswered {
            Some(question) => Some(self.unanswered(workspace, question, made.language).await?),
            None => None,
        };
        let commit = CommitAnswer {
            conversation_id,
            answers: asked.iter().map(|message| message.id).collect(),
            message_id,
            text: made.answer.text,
            outcome: made.answer.outcome,
            citations: made.answer.citations,
            engine: made.answer.engine,
            trace: made.trace,
            usage: made.answer.usage,
            outgoing,
            handoff,
            unanswered,
            next_job: JobId(self.new_id()),
        };
        match store.commit_answer(lease, commit, self.now()).await {
            Ok(committed) => {
                let message = Box::new(committed.message);
                self.inner
                    .streams
                    .tell(conversation_id, Piece::Done(message));
                Ok(true)
            }
            Err(StoreError::Conflict) => Ok(false),
            // It was stopped, or another worker has it: what this one wrote is not wanted.
            Err(StoreError::Fenced) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }
}

impl Answering<'_> {
    /// What the customer hears: a command's answer, the owner's hours, a person, or what the knowledge says; with
    /// a word about the wait and about when people are back.
    async fn say_to_customer(
        &mut self,
        texts: &[&str],
        written_at: Option<Timestamp>,
    ) -> Result<Answer> {
        let mut answer = self.decide(texts).await?;
        self.say_too_large(&mut answer);
        self.say_when(&mut answer).await?;
        let sent_at = match (written_at, self.letters.sent_at) {
            (Some(kept), Some(sent)) => Some(kept.min(sent)),
            (kept, sent) => kept.or(sent),
        };
        if let Some(sent_at) = sent_at.filter(|_| !self.is_playground())
            && let Some(minutes) = late::waited(sent_at, self.now)
            && !late::is_said(self.history, sent_at)
            && !answer.text.is_empty()
        {
            self.step(What::Late { minutes });
            answer.text = late::with_apology(&answer.text, self.language);
        }
        Ok(answer)
    }

    async fn decide(&mut self, texts: &[&str]) -> Result<Answer> {
        if let Some(answer) = self.answer_command(texts) {
            return Ok(answer);
        }
        if let Some(answer) = self.collect_contact().await? {
            return Ok(answer);
        }
        if let Some(answer) = self.person_asked_for() {
            return Ok(answer);
        }
        self.find_answer(texts).await
    }

    async fn find_answer(&mut self, texts: &[&str]) -> Result<Answer> {
        if let Some(answer) = self.answer_files() {
            return Ok(answer);
        }
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
        if let Some(answer) = self.leave_alone(&self.question.clone()) {
            return Ok(answer);
        }
        if let Some(answer) = self.answer_by_qa(&self.question.clone()).await? {
            return Ok(answer);
        }
        if !self.letters.quoted.is_empty() {
            self.step(What::Quoted {
                text: self.letters.quoted.clone(),
            });
        }
        let retrieved = self.retrieve().await?;
        if retrieved.whole != self.question {
            if let Some(answer) = self.leave_alone(&retrieved.whole) {
                return Ok(answer);
            }
            if let Some(answer) = self.answer_by_qa(&retrieved.whole).await? {
                return Ok(answer);
            }
        }
        let confidence = retrieved.searched.confidence;
        let threshold = self.assistant.settings.threshold;
        let passed = confidence >= threshold && !retrieved.searched.hits.is_empty();
        self.step(What::Threshold {
            confidence,
            threshold,
            passed,
        });
        let written = match passed {
            true => self.write(&retrieved).await?,
            false => None,
        };
        if let Some(answer) = written {
            return Ok(answer);
        }
        self.unanswered = Some(retrieved.whole);
        Ok(self.not_answered(confidence))
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

    /// What is said to a question about a topic that the owner does not want talked about; nothing to others.
    fn leave_alone(&mut self, question: &str) -> Option<Answer> {
        let forbidden = &self.assistant.settings.forbidden;
        forbidden.in_question(question)?;
        let told = forbidden.told(self.language).to_owned();
        self.step(What::Rule {
            rule: "forbidden".to_owned(),
        });
        Some(said(&told, Outcome::Refused, 1.0, "rules"))
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
        self.step_of(milliseconds(self.step_began), what);
    }

    /// The same for a step of which is known how long it took.
    pub(crate) fn step_of(&mut self, took_ms: u32, what: What) {
        let step = Step { took_ms, what };
        self.step_began = Instant::now();
        self.keep(step);
    }

    fn keep(&mut self, step: Step) {
        let piece = Piece::Step(Box::new(step.clone()));
        self.tell(piece);
        self.trace.steps.push(step);
    }

    /// The history, oldest first, for an engine that makes a follow-up whole.
    pub(crate) fn turns(&self) -> Vec<Turn> {
        // A stopped answer may have no words at all.
        let spoken = self.history.iter().filter(|said| !said.text.is_empty());
        self.with_quoted(spoken.map(turn).collect())
    }

    /// The history, oldest first, for an engine that answers: without what was refused or handed over. Small models
    /// were seen to say the owner's words for that again, as if they were an answer.
    pub(crate) fn answered_turns(&self) -> Vec<Turn> {
        let mut turns: Vec<Turn> = Vec::with_capacity(self.history.len());
        for said in self.history.iter().filter(|said| !said.text.is_empty()) {
            if let Some(Outcome::Refused | Outcome::HandedOver) = said.outcome {
                turns.pop_if(|before| before.contact);
                continue;
            }
            turns.push(turn(said));
        }
        self.with_quoted(turns)
    }

    fn with_quoted(&self, mut turns: Vec<Turn>) -> Vec<Turn> {
        if !self.letters.quoted.is_empty() {
            turns.push(Turn {
                contact: false,
                text: self.letters.quoted.clone(),
            });
        }
        turns
    }

    /// True for what operators may send; nothing else comes of it.
    pub(crate) fn is_draft(&self) -> bool {
        self.purpose == Purpose::Draft
    }

    /// Tells whoever watches the customer's answer.
    pub(crate) fn tell(&self, piece: Piece) {
        self.app.tell(self.purpose, self.conversation.id, piece);
    }

    fn is_playground(&self) -> bool {
        self.conversation.channel == ChannelKind::Playground
    }
}

fn turn(said: &Message) -> Turn {
    Turn {
        contact: said.author == Author::Contact,
        text: said.text.clone(),
    }
}

/// An answer by rule.
pub(crate) fn said(text: &str, outcome: Outcome, confidence: f32, engine: &str) -> Answer {
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
