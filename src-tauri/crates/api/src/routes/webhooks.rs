//! Updates that a messenger brings to a bot's own path. No session: the path and a secret header show that it is the
//! messenger, and the bot's room compares them in constant time. The answer is a success only after the commit.

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use domain::id::BotId;

use crate::asker::DONE;
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;

/// The header that carries the secret.
const SECRET: &str = "x-telegram-bot-api-secret-token";
/// The largest update that is taken, in bytes.
const MAX_BODY: usize = 1024 * 1024;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new().routes(routes!(update).layer(DefaultBodyLimit::max(MAX_BODY)))
}

/// Take an update that the messenger brings
///
/// `not_found` for everything that is not to be taken; whoever asks learns no more.
#[utoipa::path(post, path = "/telegram/{id}/{path}", tag = "webhooks", security(()),
    params(
        ("id" = String, Path, description = "the bot's id"),
        ("path" = String, Path, description = "the bot's own path"),
        ("x-telegram-bot-api-secret-token" = Option<String>, Header, description = "the bot's secret")),
    request_body(content = String, content_type = "application/json"),
    responses((status = 204, description = "kept, or known already")))]
async fn update(
    State(api): State<Api>,
    path: Result<Path<(String, String)>, PathRejection>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let Path((bot, path)) = path.map_err(|_| Problem::not_found())?;
    let bot: BotId = bot.parse().map_err(|_| Problem::not_found())?;
    let accept = api.config().webhook.ok_or_else(Problem::not_found)?;
    let shown = headers.get(SECRET).and_then(|value| value.to_str().ok());
    let shown = shown.unwrap_or_default();
    let accepted = |token: &str| accept(token, &path, shown, &body);
    api.app.push_update(bot, accepted).await?;
    Ok(DONE)
}
