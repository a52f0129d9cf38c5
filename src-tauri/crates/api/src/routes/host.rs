//! What the program's own window may ask of the computer; for everybody else there are no such routes (security.md
//! C17).

use std::io;
use std::path::Path;
use std::sync::Arc;

use app::error::{Error, ErrorCode};
use app::knowledge::MAX_FILE;
use axum::Json;
use axum::body;
use axum::extract::{FromRequestParts, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use tokio::fs::File;
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

use crate::asker::{At, AtWindow, Body, DONE, From, MaybeAsker};
use crate::host::{Host, Movable};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::host as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(this_computer))
        .routes(routes!(start_with_computer))
        .routes(routes!(show_folder))
        .routes(routes!(choose_folder))
        .routes(routes!(dropped))
        .routes(routes!(plan_move))
        .routes(routes!(move_data))
}

/// The computer behind the window that asks. To anybody else, with or without a session, the route is not there.
struct Here(Arc<dyn Host>);

impl FromRequestParts<Api> for Here {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Here, Problem> {
        let AtWindow(host) = AtWindow::from_request_parts(parts, api).await?;
        host.map(Here).ok_or_else(Problem::not_found)
    }
}

/// How things stand on this computer; only for the program's own window
#[utoipa::path(get, path = "/api/host", tag = "host",
    responses((status = 200, body = wire::ThisComputer, description = "how they stand")))]
async fn this_computer(Here(host): Here) -> Json<wire::ThisComputer> {
    Json(host.standing().await.into())
}

/// Start with the computer from now on, or no longer; only for the program's own window
#[utoipa::path(put, path = "/api/host/start-with-computer", tag = "host",
    request_body = wire::StartWithComputer,
    responses((status = 204, description = "switched")))]
async fn start_with_computer(
    Here(host): Here,
    Body(body): Body<wire::StartWithComputer>,
) -> Result<StatusCode, Problem> {
    host.start_with_computer(body.on).map_err(|error| {
        Problem::internal(format!(
            "starting with the computer was not switched: {error}"
        ))
    })?;
    Ok(DONE)
}

/// Show a folder in the file manager; only for the program's own window
#[utoipa::path(post, path = "/api/host/show", tag = "host",
    request_body = wire::ShowFolder,
    responses((status = 204, description = "the file manager was asked")))]
async fn show_folder(Here(host): Here, Body(body): Body<wire::ShowFolder>) -> StatusCode {
    host.show(body.folder.into());
    DONE
}

/// Choose a folder in the system's dialog; only for the program's own window
///
/// Answers when the person has chosen.
#[utoipa::path(post, path = "/api/host/choose-folder", tag = "host",
    responses((status = 200, body = wire::ChosenFolder, description = "what was chosen")))]
async fn choose_folder(Here(host): Here) -> Result<Json<wire::ChosenFolder>, Problem> {
    let chosen = host.choose_folder().await.map_err(refused)?;
    Ok(Json(wire::ChosenFolder {
        path: chosen.map(|path| path.display().to_string()),
    }))
}

/// A file that was dropped on the program's own window; only for whoever is signed in there
///
/// The window tells its page a ticket, which is spent with this.
#[utoipa::path(get, path = "/api/host/dropped/{ticket}", tag = "host",
    params(("ticket" = String, Path, description = "what the window told the page")),
    responses((status = 200, content_type = "application/octet-stream", description = "the bytes")))]
async fn dropped(
    State(api): State<Api>,
    from: From,
    MaybeAsker(who): MaybeAsker,
    At(ticket): At<String>,
) -> Result<(HeaderMap, body::Body), Problem> {
    let host = api.config().host.as_ref();
    let host = host.filter(|_| from.is_here && who.is_some());
    let path = host.and_then(|host| host.dropped(&ticket));
    let path = path.ok_or_else(Problem::not_found)?;
    let unreadable = |error| Error::new(ErrorCode::Conflict, format!("it cannot be read: {error}"));
    let file = File::open(&path).await.map_err(unreadable)?;
    let size = file.metadata().await.map_err(unreadable)?.len();
    if size > MAX_FILE {
        return Err(Error::new(ErrorCode::TooLarge, "the file is larger than 200 MiB").into());
    }
    let headers = HeaderMap::from_iter([
        (
            CONTENT_TYPE,
            HeaderValue::from_static("application/octet-stream"),
        ),
        (CONTENT_LENGTH, size.into()),
    ]);
    Ok((
        headers,
        body::Body::from_stream(ReaderStream::new(file.take(size))),
    ))
}

/// Look what moving the data comes to; only for the program's own window
#[utoipa::path(post, path = "/api/host/data-folder/plan", tag = "host",
    request_body = wire::NewDataFolder,
    responses((status = 200, body = wire::MovePlan, description = "what it comes to; nothing is changed")))]
async fn plan_move(
    Here(host): Here,
    Body(body): Body<wire::NewDataFolder>,
) -> Json<wire::MovePlan> {
    Json(host.plan(Path::new(&body.to)).await.into())
}

/// Move the data to another place; only for the program's own window
///
/// The program ends its work, copies everything, reads it back and compares, and starts anew from there; the old folder
/// is kept. Until then the window shows that it goes on.
#[utoipa::path(post, path = "/api/host/data-folder/move", tag = "host",
    request_body = wire::MoveData,
    responses((status = 202, description = "it begins")))]
async fn move_data(
    Here(host): Here,
    Body(body): Body<wire::MoveData>,
) -> Result<StatusCode, Problem> {
    if host.standing().await.movable != Movable::Yes {
        let what = "the place of the data was said at the start, or is beside the program";
        return Err(Error::new(ErrorCode::Conflict, what).into());
    }
    let to = Path::new(&body.to);
    let plan = host.plan(to).await;
    if let Some(hindrance) = plan.hindrance {
        let why = format!("the data cannot be moved there: {hindrance:?}");
        return Err(Problem::invalid("to", why));
    }
    if plan.network.is_some() && !body.onto_network {
        let why = "it lies on another computer";
        return Err(Problem::invalid("onto_network", why));
    }
    host.move_data(to.to_path_buf()).map_err(refused)?;
    Ok(StatusCode::ACCEPTED)
}

fn refused(error: io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::WouldBlock => {
            Error::new(ErrorCode::Conflict, "it is being done already").into()
        }
        io::ErrorKind::Unsupported => Problem::not_found(),
        _ => Problem::internal(error.to_string()),
    }
}
