//! Saying something, and listening to the answer while it is made.

use app::answer::stream::Piece;
use app::error::ErrorCode;
use app::who::Who;
use axum::Json;
use axum::extract::State;
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::conversation::Message;
use domain::id::{ConversationId, MessageId};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::timeout;

use crate::asker::{Asker, At, Body};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::sse::{self, Gone, Line};
use crate::state::Api;
use crate::wire::Id;
use crate::wire::conversations as wire;
use crate::wire::trace::Step;

/// Heartbeats without an answer after which listening ends: five minutes. The answer still comes.
const PATIENCE: u32 = 20;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new().routes(routes!(say)).routes(routes!(stop))
}

/// Say something in a conversation
///
/// With `Accept: text/event-stream` the answer is streamed: `received` with the message's id, then `step`,
/// `text` and `restarted` (what was streamed so far is void) in any number, and last `done` with the whole
/// message or `failed` with a code.
#[utoipa::path(post, path = "/api/conversations/{id}/messages", tag = "conversations",
    params(("id" = String, Path, description = "the conversation's id")),
    request_body = wire::Say,
    responses(
        (status = 200, content_type = "text/event-stream", body = String, description = "the answer as it is made"),
        (status = 202, body = wire::Received, description = "received; the answer comes later")))]
async fn say(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
    headers: HeaderMap,
    Body(body): Body<wire::Say>,
) -> Result<Response, Problem> {
    if !wants_stream(&headers) {
        let said = api.app.say(&who, id, &body.text, body.external_id).await?;
        let message_id = Id::of(said.message_id);
        return Ok((StatusCode::ACCEPTED, Json(wire::Received { message_id })).into_response());
    }
    let room = api.listen()?;
    let pieces = api.app.watch(id);
    let said = api.app.say(&who, id, &body.text, body.external_id).await?;
    let question = Question {
        conversation_id: id,
        message_id: said.message_id,
    };
    Ok(sse::stream(room, async move |line| {
        follow(&api, &who, question, pieces, &line).await
    }))
}

/// Stop the answer that is being made to a question
///
/// What was shown of it is kept as the answer; the engine is let go and nothing more is counted. Where the
/// answer stands already, it stays and is given back.
#[utoipa::path(post, path = "/api/conversations/{id}/stop", tag = "conversations",
    params(("id" = String, Path, description = "the conversation's id")),
    request_body = wire::Stop,
    responses((status = 200, body = wire::AnswerStopped, description = "what stands now")))]
async fn stop(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<ConversationId>,
    Body(body): Body<wire::Stop>,
) -> Result<Json<wire::AnswerStopped>, Problem> {
    let question = body.message_id.parse("message_id")?;
    let message = api.app.stop_answer(&who, id, question).await?.into();
    Ok(Json(wire::AnswerStopped { message }))
}

#[derive(Clone, Copy)]
struct Question {
    conversation_id: ConversationId,
    message_id: MessageId,
}

/// Tells what happens until the answer stands. Pieces are hints; the committed message is the truth.
async fn follow(
    api: &Api,
    who: &Who,
    question: Question,
    mut pieces: broadcast::Receiver<Piece>,
    line: &Line,
) -> Result<(), Gone> {
    let message_id = Id::of(question.message_id);
    line.send("received", &wire::Received { message_id })
        .await?;
    let mut patience = PATIENCE;
    loop {
        match answer(api, who, question).await {
            Ok(None) => {}
            Ok(Some(message)) => {
                let message = message.into();
                return line.send("done", &wire::AnswerDone { message }).await;
            }
            Err(problem) => return failed(line, problem.code()).await,
        }
        if let Some(code) = tell_until_something_stands(&mut pieces, &mut patience, line).await? {
            return failed(line, code.as_str()).await;
        }
    }
}

/// Passes pieces on until it is worth looking for the answer; a code when there will be none.
async fn tell_until_something_stands(
    pieces: &mut broadcast::Receiver<Piece>,
    patience: &mut u32,
    line: &Line,
) -> Result<Option<ErrorCode>, Gone> {
    loop {
        match timeout(sse::HEARTBEAT, pieces.recv()).await {
            Ok(Ok(Piece::Step(step))) => line.send("step", &Step::from(*step)).await?,
            Ok(Ok(Piece::Text(text))) => line.send("text", &wire::AnswerText { text }).await?,
            // Members see everything as it comes.
            Ok(Ok(Piece::Checked(_))) => {}
            Ok(Ok(Piece::Restarted)) => line.send("restarted", &wire::Restarted {}).await?,
            Ok(Ok(Piece::Failed(code))) => return Ok(Some(code)),
            Ok(Ok(Piece::Done(_)) | Err(RecvError::Lagged(_))) => return Ok(None),
            Ok(Err(RecvError::Closed)) => return Ok(Some(ErrorCode::Internal)),
            Err(_) if *patience == 0 => return Ok(Some(ErrorCode::Busy)),
            Err(_) => {
                *patience -= 1;
                line.beat().await?;
                return Ok(None);
            }
        }
    }
}

async fn answer(api: &Api, who: &Who, question: Question) -> Result<Option<Message>, Problem> {
    let answer = api
        .app
        .answer_to(who, question.conversation_id, question.message_id);
    Ok(answer.await?)
}

async fn failed(line: &Line, code: &str) -> Result<(), Gone> {
    let code = code.to_owned();
    line.send("failed", &wire::AnswerFailed { code }).await
}

fn wants_stream(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}
