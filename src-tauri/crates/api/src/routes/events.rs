//! What changed, pushed: one line a browser, by cursor, so that a reconnecting listener misses nothing.

use app::who::Who;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, interval_at};

use crate::asker::{Asked, Asker, SessionToken};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::sse::{self, Gone, Line};
use crate::state::Api;
use crate::tail::BATCH;
use crate::wire::events as wire;
use crate::wire::inbox::Presence;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new().routes(routes!(events))
}

/// What changes, from now on or from an event on
///
/// `event: change` with `id` (the cursor) and data like `{"topic": "document", "subject": "<id>"}`. Go on with
/// `Last-Event-ID` or `after`. `event: presence` without an id says who is in a conversation now. The stream ends with the session. Above the limit of listeners: 503 with
/// `Retry-After`.
#[utoipa::path(get, path = "/api/events", tag = "events",
    params(wire::EventsQuery, ("last-event-id" = Option<u64>, Header, description = "the id of the last event seen")),
    responses((status = 200, content_type = "text/event-stream", body = String, description = "changes as they happen")))]
async fn events(
    State(api): State<Api>,
    Asker(who): Asker,
    SessionToken(token): SessionToken,
    Asked(asked): Asked<wire::EventsQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let room = api.listen()?;
    let header = headers.get("last-event-id");
    let seen = header.and_then(|value| value.to_str().ok()?.parse().ok());
    // Subscribed before the first read, and before anybody is told that the stream stands: nothing that is told
    // from then on is missed.
    let (hints, presence) = (api.app.hints(), api.app.presence());
    let last = api.app.last_event(&who).await?;
    // A number that never was (a restored backup is older than the browser) would wait for long.
    let seq = seen.or(asked.after).unwrap_or(last).min(last);
    let listener = Listener {
        api,
        who,
        token,
        seq,
        hints,
        presence,
    };
    Ok(sse::stream(room, async move |line| {
        listener.listen(&line).await
    }))
}

struct Listener {
    api: Api,
    who: Who,
    token: Option<String>,
    seq: u64,
    hints: Receiver<store::Changed>,
    presence: Receiver<app::inbox::presence::Presence>,
}

impl Listener {
    async fn listen(mut self, line: &Line) -> Result<(), Gone> {
        let mut ended = self.api.when_sessions_end();
        let mut heart = interval_at(Instant::now() + sse::HEARTBEAT, sse::HEARTBEAT);
        self.tell(line).await?;
        loop {
            tokio::select! {
                hint = self.hints.recv() => match hint {
                    Ok(hint) if hint.workspace_id != self.who.workspace() || hint.topics.is_empty() => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => self.tell(line).await?,
                    Err(RecvError::Closed) => return Ok(()),
                },
                // Whoever lags is told with the next change, which says all that is so.
                told = self.presence.recv() => match told {
                    Ok(told) if told.workspace_id == self.who.workspace() => {
                        line.send("presence", &Presence::from(told)).await?;
                    }
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return Ok(()),
                },
                _ = heart.tick() => {
                    self.must_be_signed_in().await?;
                    line.beat().await?;
                }
                _ = ended.changed() => self.must_be_signed_in().await?,
                () = line.gone() => return Ok(()),
            }
        }
    }

    /// Tells everything after the cursor.
    async fn tell(&mut self, line: &Line) -> Result<(), Gone> {
        loop {
            let tails = self.api.tails();
            let events = tails.since(&self.api.app, &self.who, self.seq).await;
            // A store that cannot be read now: the listener comes back with its cursor.
            let events = events.map_err(|_| Gone)?;
            for event in &events {
                line.send_at(event.seq, "change", &wire::Change::from(event))
                    .await?;
                self.seq = event.seq;
            }
            if events.len() < BATCH as usize {
                return Ok(());
            }
        }
    }

    async fn must_be_signed_in(&self) -> Result<(), Gone> {
        let Some(token) = &self.token else {
            return Err(Gone);
        };
        match self.api.app.who(token).await {
            Ok(Some(_)) => Ok(()),
            _ => Err(Gone),
        }
    }
}
