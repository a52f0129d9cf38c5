//! Answers: the one transaction that says something back.

use domain::answer::{Citation, Outcome, Usage};
use domain::conversation::{Author, Message};
use domain::event::Topic;
use domain::id::{ConversationId, JobId, MessageId, WorkspaceId};
use domain::job::{Lease, Task};
use domain::time::Timestamp;
use domain::trace::Trace;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::handoffs::NewHandoff;
use crate::messages::NewMessage;
use crate::outbox::NewOutgoing;
use crate::unanswered::NewUnanswered;
use crate::writer::Tx;
use crate::{Applied, Workspace, handoffs, jobs, messages, outbox, sql, unanswered, usage};

/// An answer that is to be kept.
#[derive(Debug, Clone)]
pub struct CommitAnswer {
    /// Where.
    pub conversation_id: ConversationId,
    /// The contact's messages that it answers.
    pub answers: Vec<MessageId>,
    /// Id of the answer's message; the same one twice is one answer.
    pub message_id: MessageId,
    /// What is said.
    pub text: String,
    /// What was decided.
    pub outcome: Outcome,
    /// The proof.
    pub citations: Vec<Citation>,
    /// Which engine wrote it.
    pub engine: String,
    /// Why it is what it is.
    pub trace: Trace,
    /// What it used up.
    pub usage: Usage,
    /// What is sent because of it, for channels that deliver.
    pub outgoing: Vec<NewOutgoing>,
    /// What it does to who has the conversation: asks for a person.
    pub handoff: Option<NewHandoff>,
    /// The question, when nothing in the knowledge answered it.
    pub unanswered: Option<NewUnanswered>,
    /// For the job that answers what arrived meanwhile.
    pub next_job: JobId,
}

/// An answer that was stopped while it was made.
#[derive(Debug, Clone)]
pub struct StoppedAnswer {
    /// Where.
    pub conversation_id: ConversationId,
    /// Id of the message that stands in the answer's place.
    pub message_id: MessageId,
    /// What was shown of it, not checked; may be empty.
    pub text: String,
    /// How far it had come.
    pub trace: Trace,
    /// For the job that answers what was said after the question.
    pub next_job: JobId,
}

/// What became of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Committed {
    /// The message as it is kept.
    pub message: Message,
    /// `AlreadyApplied` when it was kept before.
    pub applied: Applied,
}

impl Workspace {
    /// Keeps an answer: message, answered marks, trace, usage, deliveries, transition, event; the job is done, and
    /// a fresh one waits when messages arrived meanwhile. All or nothing. `Conflict` when none of `answers` is
    /// unanswered any more, when the assistant may not answer there any more, or when another has the conversation
    /// than the transition begins with: finish the job then.
    pub async fn commit_answer(
        &self,
        lease: &Lease,
        answer: CommitAnswer,
        now: Timestamp,
    ) -> Result<Committed, StoreError> {
        let lease = lease.clone();
        self.write(move |tx, workspace| {
            let conversation_id = answer.conversation_id;
            if let Some(message) = messages::one(tx.conn, workspace, answer.message_id)? {
                return Ok(Committed {
                    message,
                    applied: Applied::AlreadyApplied,
                });
            }
            let of_this = lease.job.workspace_id == workspace
                && lease.job.task == Task::Answer { conversation_id };
            if !of_this {
                return Err(StoreError::NotFound);
            }
            jobs::finish(tx, &lease)?;
            if handoffs::of(tx.conn, workspace, conversation_id)?.is_assistant_silent() {
                return Err(StoreError::Conflict);
            }
            let message = messages::insert(
                tx.conn,
                workspace,
                NewMessage {
                    id: answer.message_id,
                    conversation_id,
                    author: Author::Assistant,
                    text: &answer.text,
                    outcome: Some(answer.outcome),
                    citations: &answer.citations,
                    engine: &answer.engine,
                    operator: "",
                    now,
                },
            )?;
            mark(tx.conn, workspace, &answer)?;
            keep_trace(tx.conn, workspace, answer.message_id, &answer.trace)?;
            usage::add(
                tx.conn,
                workspace,
                conversation_id,
                &answer.engine,
                answer.usage,
                now,
            )?;
            if let Some(handoff) = &answer.handoff {
                handoffs::keep(tx, workspace, conversation_id, handoff, now)?;
            }
            if let (Some(new), Some(asked)) = (&answer.unanswered, answer.answers.last()) {
                unanswered::keep(tx, workspace, conversation_id, *asked, new, now)?;
            }
            outbox::queue(tx, workspace, conversation_id, &answer.outgoing, now)?;
            answer_the_rest(tx, workspace, conversation_id, answer.next_job, now)?;
            tx.event(workspace, Topic::Conversation, conversation_id, now)?;
            Ok(Committed {
                message,
                applied: Applied::Applied,
            })
        })
        .await
    }

    /// Stops the answer to a question and what was joined to it: what was shown becomes the message that answers
    /// them, and the job is gone, so that whoever still works on it is refused (`Fenced`). Nothing is counted as
    /// used. What was said after the question gets a job of its own. `AlreadyApplied`, with the message that stands, when the question has its answer.
    pub async fn stop_answer(
        &self,
        question: MessageId,
        stopped: StoppedAnswer,
        now: Timestamp,
    ) -> Result<Committed, StoreError> {
        self.write(move |tx, workspace| {
            let conversation_id = stopped.conversation_id;
            let asked = messages::one(tx.conn, workspace, question)?
                .filter(|asked| {
                    asked.conversation_id == conversation_id && asked.author == Author::Contact
                })
                .ok_or(StoreError::NotFound)?;
            if let Some(answer) = asked.answered_by {
                let message =
                    messages::one(tx.conn, workspace, answer)?.ok_or(StoreError::NotFound)?;
                return Ok(Committed {
                    message,
                    applied: Applied::AlreadyApplied,
                });
            }
            jobs::forget(tx, workspace, &Task::Answer { conversation_id })?;
            let message = messages::insert(
                tx.conn,
                workspace,
                NewMessage {
                    id: stopped.message_id,
                    conversation_id,
                    author: Author::Assistant,
                    text: &stopped.text,
                    outcome: Some(Outcome::Stopped),
                    citations: &[],
                    engine: "",
                    operator: "",
                    now,
                },
            )?;
            sql::run(
                tx.conn,
                "UPDATE messages SET answered_by = ?3
                 WHERE workspace_id = ?1 AND conversation_id = ?2
                   AND author = 'contact' AND answered_by IS NULL AND seq <= ?4",
                params![
                    workspace.0.into_bytes(),
                    conversation_id.0.into_bytes(),
                    stopped.message_id.0.into_bytes(),
                    sql::signed(asked.seq)
                ],
            )?;
            answer_the_rest(tx, workspace, conversation_id, stopped.next_job, now)?;
            keep_trace(tx.conn, workspace, stopped.message_id, &stopped.trace)?;
            tx.event(workspace, Topic::Conversation, conversation_id, now)?;
            Ok(Committed {
                message,
                applied: Applied::Applied,
            })
        })
        .await
    }

    /// Why an answer is what it is; `None` for messages that are no answers.
    pub async fn trace(&self, message_id: MessageId) -> Result<Option<Trace>, StoreError> {
        self.read(move |conn, workspace| {
            sql::one(
                conn,
                "SELECT trace FROM traces WHERE workspace_id = ?1 AND message_id = ?2",
                params![workspace.0.into_bytes(), message_id.0.into_bytes()],
                |row| sql::json_at(row, 0),
            )
        })
        .await
    }
}

/// Asks for another job when something is unanswered still that the assistant may answer.
pub(crate) fn answer_the_rest(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    conversation_id: ConversationId,
    job: JobId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let more = sql::any(
        tx.conn,
        "SELECT 1 FROM messages
         WHERE workspace_id = ?1 AND conversation_id = ?2
           AND author = 'contact' AND answered_by IS NULL",
        params![workspace.0.into_bytes(), conversation_id.0.into_bytes()],
    )?;
    if more && !handoffs::of(tx.conn, workspace, conversation_id)?.is_assistant_silent() {
        jobs::enqueue(tx, workspace, job, &Task::Answer { conversation_id }, now)?;
    }
    Ok(())
}

fn keep_trace(
    conn: &Connection,
    workspace: WorkspaceId,
    message_id: MessageId,
    trace: &Trace,
) -> Result<(), StoreError> {
    sql::run(
        conn,
        "INSERT INTO traces (workspace_id, message_id, trace) VALUES (?1, ?2, ?3)",
        params![
            workspace.0.into_bytes(),
            message_id.0.into_bytes(),
            sql::json(trace)?
        ],
    )?;
    Ok(())
}

/// Marks the messages as answered; `Conflict` when none of them was unanswered.
fn mark(
    conn: &Connection,
    workspace: WorkspaceId,
    answer: &CommitAnswer,
) -> Result<(), StoreError> {
    let mut marked = 0;
    for id in &answer.answers {
        marked += sql::run(
            conn,
            "UPDATE messages SET answered_by = ?4
             WHERE workspace_id = ?1 AND id = ?2 AND conversation_id = ?3
               AND author = 'contact' AND answered_by IS NULL",
            params![
                workspace.0.into_bytes(),
                id.0.into_bytes(),
                answer.conversation_id.0.into_bytes(),
                answer.message_id.0.into_bytes()
            ],
        )?;
    }
    match marked {
        0 => Err(StoreError::Conflict),
        _ => Ok(()),
    }
}
