//! Server-sent events: one task a listener, one bounded line to its connection.
//!
//! Nothing queues for a slow listener: its task waits with it and reads on by cursor. A connection that takes
//! nothing at all is cut by `serve`.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::HeaderName;
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

/// How often a silent line shows that it lives.
pub const HEARTBEAT: Duration = Duration::from_secs(15);
/// When a browser that lost the line should try again.
const RETRY: Duration = Duration::from_secs(2);
/// Events between a task and its connection.
const WAITING: usize = 16;

/// The listener has gone.
#[derive(Debug)]
pub struct Gone;

/// The line to one listener.
pub struct Line {
    events: mpsc::Sender<Event>,
}

impl Line {
    /// Sends an event with JSON data.
    pub async fn send(&self, name: &str, data: &impl Serialize) -> Result<(), Gone> {
        let event = Event::default().event(name);
        self.put(event.json_data(data).map_err(|_| Gone)?).await
    }

    /// Sends an event with its place in a sequence, so that the listener can go on from it.
    pub async fn send_at(&self, seq: u64, name: &str, data: &impl Serialize) -> Result<(), Gone> {
        let event = Event::default().event(name).id(seq.to_string());
        self.put(event.json_data(data).map_err(|_| Gone)?).await
    }

    /// Shows that the line lives.
    pub async fn beat(&self) -> Result<(), Gone> {
        self.put(Event::default().comment("")).await
    }

    /// Waits until the listener has gone.
    pub async fn gone(&self) {
        self.events.closed().await;
    }

    async fn put(&self, event: Event) -> Result<(), Gone> {
        self.events.send(event).await.map_err(|_| Gone)
    }
}

/// A stream that `tell` feeds until it returns or the listener has gone. `room` is kept as long.
pub fn stream<Tell, Told>(room: OwnedSemaphorePermit, tell: Tell) -> Response
where
    Tell: FnOnce(Line) -> Told + Send + 'static,
    Told: Future<Output = Result<(), Gone>> + Send + 'static,
{
    let (events, waiting) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let line = Line { events };
        if line.put(Event::default().retry(RETRY)).await.is_ok() {
            // A listener that has gone needs nothing more.
            let _ = tell(line).await;
        }
        drop(room);
    });
    let events = ReceiverStream::new(waiting).map(Ok::<_, Infallible>);
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), "no");
    ([unbuffered], Sse::new(events)).into_response()
}
