//! Taking documents in: a file as it streams, or a text.

use std::io::{self, Read};

use app::knowledge::MAX_FILE;
use axum::Json;
use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::StatusCode;
use bytes::{Buf, Bytes};
use domain::id::SourceId;
use tokio::sync::mpsc;

use crate::asker::{Asker, Body};
use crate::problem::Problem;
use crate::routes::parsed;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::documents as wire;

/// What multipart adds around a file, at most.
pub(super) const WRAPPING: u64 = 64 * 1024;
/// The longest JSON body with a text: its limit in bytes, escaped.
const TEXT_BODY: usize = 12 * 1024 * 1024;
/// Pieces that wait between the network and the disk.
const PIECES: usize = 8;

/// The routes of this group.
pub fn router() -> Routes {
    let file = usize::try_from(MAX_FILE + WRAPPING).unwrap_or(usize::MAX);
    Routes::new()
        .routes(routes!(upload).layer(DefaultBodyLimit::max(file)))
        .routes(routes!(add_text).layer(DefaultBodyLimit::max(TEXT_BODY)))
}

/// Take a file in; a job reads it
#[utoipa::path(post, path = "/api/documents", tag = "knowledge",
    request_body(content = wire::Upload, content_type = "multipart/form-data"),
    responses((status = 202, body = wire::Uploaded, description = "stored; it is read in the background")))]
async fn upload(
    State(api): State<Api>,
    Asker(who): Asker,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<wire::Uploaded>), Problem> {
    let _room = api.take_in()?;
    let mut form = form.map_err(|_| Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE))?;
    let mut source: Option<SourceId> = None;
    while let Some(field) = form.next_field().await.map_err(|error| cut(&error))? {
        match field.name() {
            Some("source") => {
                let text = field.text().await.map_err(|error| cut(&error))?;
                source = parsed("source", Some(text))?;
            }
            Some("file") => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let (reader, pieces) = pipe();
                let stored = api.app.upload(&who, source, &name, reader);
                let (stored, fed) = tokio::join!(stored, feed(field, pieces, MAX_FILE));
                // A body that was cut makes storing fail as well: what cut it is the better answer.
                fed?;
                let uploaded = stored?;
                return Ok((StatusCode::ACCEPTED, Json(uploaded.into())));
            }
            _ => return Err(Problem::malformed("the form has a field of another name")),
        }
    }
    Err(Problem::invalid("file", "there is no file in the form"))
}

/// Take a text in
#[utoipa::path(post, path = "/api/texts", tag = "knowledge",
    request_body = wire::NewText,
    responses((status = 202, body = wire::Uploaded, description = "stored; it is read in the background")))]
async fn add_text(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(text): Body<wire::NewText>,
) -> Result<(StatusCode, Json<wire::Uploaded>), Problem> {
    let uploaded = api.app.add_text(&who, &text.name, text.text).await?;
    Ok((StatusCode::ACCEPTED, Json(uploaded.into())))
}

/// Hands the field's bytes over as they come, at most so many. Stops early, without an error, when nobody reads any more.
pub(super) async fn feed(
    mut field: Field<'_>,
    pieces: mpsc::Sender<io::Result<Bytes>>,
    most: u64,
) -> Result<(), Problem> {
    let mut size = 0_u64;
    loop {
        let problem = match field.chunk().await {
            Ok(None) => return Ok(()),
            Ok(Some(piece)) => {
                size += piece.len() as u64;
                if size <= most {
                    if pieces.send(Ok(piece)).await.is_err() {
                        return Ok(());
                    }
                    continue;
                }
                Problem::too_large()
            }
            Err(error) => cut(&error),
        };
        let stop = io::Error::new(io::ErrorKind::UnexpectedEof, "the upload was cut");
        // An error means that storing has failed by itself.
        let _ = pieces.send(Err(stop)).await;
        return Err(problem);
    }
}

pub(super) fn cut(error: &axum::extract::multipart::MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        _ => Problem::malformed("the upload was cut or is not multipart/form-data"),
    }
}

/// The end that is read from, on its own thread.
pub(super) struct Pieces {
    waiting: mpsc::Receiver<io::Result<Bytes>>,
    piece: Bytes,
}

pub(super) fn pipe() -> (Pieces, mpsc::Sender<io::Result<Bytes>>) {
    let (sender, waiting) = mpsc::channel(PIECES);
    let piece = Bytes::new();
    (Pieces { waiting, piece }, sender)
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.waiting.blocking_recv() {
                Some(piece) => self.piece = piece?,
                None => return Ok(0),
            }
        }
        let size = buffer.len().min(self.piece.len());
        self.piece.copy_to_slice(&mut buffer[..size]);
        Ok(size)
    }
}

impl From<app::knowledge::Uploaded> for wire::Uploaded {
    fn from(uploaded: app::knowledge::Uploaded) -> wire::Uploaded {
        wire::Uploaded {
            document: uploaded.document.into(),
            same: uploaded.same,
        }
    }
}
