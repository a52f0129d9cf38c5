//! Bots: added by their token, changed, looked at by the doctor.

use app::bots::BotChange;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::bot::BotSettings;
use domain::id::BotId;

use crate::asker::{Asked, Asker, At, Body, DONE};
use crate::problem::Problem;
use crate::routes::told_in;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::bots as wire;

/// The longest payload of a link (Telegram's own limit).
const MAX_PAYLOAD: usize = 64;
/// How long a signed link lives unless told otherwise, in days.
const LINK_DAYS: u32 = 365;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(bots, add_bot))
        .routes(routes!(bot, change_bot, remove_bot))
        .routes(routes!(set_token))
        .routes(routes!(doctor))
        .routes(routes!(link))
}

/// All bots
#[utoipa::path(get, path = "/api/bots", tag = "bots",
    responses((status = 200, body = wire::Bots, description = "the bots, oldest first")))]
async fn bots(State(api): State<Api>, Asker(who): Asker) -> Result<Json<wire::Bots>, Problem> {
    let all = api.app.bots(&who).await?.into_iter();
    Ok(Json(wire::Bots {
        items: all.map(|bot| wire::Bot::of(bot, None)).collect(),
    }))
}

/// Add a bot by its token
///
/// The messenger is asked who the token belongs to; the bot is on at once. `invalid` with the field `token` when it
/// does not know the token, `conflict` when the account is a bot here already.
#[utoipa::path(post, path = "/api/bots", tag = "bots",
    request_body = wire::NewBot,
    responses((status = 201, body = wire::Bot, description = "added, with the account that was found")))]
async fn add_bot(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::NewBot>,
) -> Result<(StatusCode, Json<wire::Bot>), Problem> {
    let assistant_id = body.assistant_id.parse("assistant_id")?;
    let settings = match body.settings {
        Some(settings) => settings.parse()?,
        None => BotSettings::default(),
    };
    let added = api
        .app
        .add_bot(&who, &body.token, assistant_id, settings)
        .await?;
    let bot = whole(&api, &who, added.id).await?;
    Ok((StatusCode::CREATED, Json(bot)))
}

/// A bot
#[utoipa::path(get, path = "/api/bots/{id}", tag = "bots",
    params(("id" = String, Path, description = "the bot's id")),
    responses((status = 200, body = wire::Bot, description = "the bot")))]
async fn bot(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<BotId>,
) -> Result<Json<wire::Bot>, Problem> {
    Ok(Json(whole(&api, &who, id).await?))
}

/// Change a bot, or switch it on or off, unless somebody else was faster
#[utoipa::path(patch, path = "/api/bots/{id}", tag = "bots",
    params(("id" = String, Path, description = "the bot's id")),
    request_body = wire::BotChange,
    responses((status = 200, body = wire::Bot, description = "changed; its version has grown")))]
async fn change_bot(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<BotId>,
    Body(body): Body<wire::BotChange>,
) -> Result<Json<wire::Bot>, Problem> {
    let assistant_id = body.assistant_id.map(|id| id.parse("assistant_id"));
    let change = BotChange {
        assistant_id: assistant_id.transpose()?,
        is_on: body.is_on,
        settings: body.settings.map(wire::BotSettings::parse).transpose()?,
    };
    api.app.change_bot(&who, id, body.version, change).await?;
    Ok(Json(whole(&api, &who, id).await?))
}

/// Remove a bot with its token; what was said through it stays
#[utoipa::path(delete, path = "/api/bots/{id}", tag = "bots",
    params(("id" = String, Path, description = "the bot's id")),
    responses((status = 204, description = "removed")))]
async fn remove_bot(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<BotId>,
) -> Result<StatusCode, Problem> {
    api.app.remove_bot(&who, id).await?;
    Ok(DONE)
}

/// Give a bot another token
#[utoipa::path(put, path = "/api/bots/{id}/token", tag = "bots",
    params(("id" = String, Path, description = "the bot's id")),
    request_body = wire::BotToken,
    responses((status = 200, body = wire::Bot, description = "the bot, with the account that was found")))]
async fn set_token(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<BotId>,
    Body(body): Body<wire::BotToken>,
) -> Result<Json<wire::Bot>, Problem> {
    api.app.set_bot_token(&who, id, &body.token).await?;
    Ok(Json(whole(&api, &who, id).await?))
}

/// Look a bot over: one screen's worth of checks, each with what to do
///
/// The messenger is asked too, which may take up to 30 seconds.
#[utoipa::path(get, path = "/api/bots/{id}/doctor", tag = "bots",
    params(("id" = String, Path, description = "the bot's id"), wire::ToldQuery),
    responses((status = 200, body = wire::BotChecks, description = "the checks")))]
async fn doctor(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<BotId>,
    Asked(asked): Asked<wire::ToldQuery>,
) -> Result<Json<wire::BotChecks>, Problem> {
    let language = told_in(asked.language.as_deref())?;
    let checks = api.app.check_bot(&who, id).await?;
    Ok(Json(wire::BotChecks::told(&checks, language)))
}

/// The link that opens a chat with a bot
///
/// With a `name` it is signed, which needs the right to change settings.
#[utoipa::path(get, path = "/api/bots/{id}/link", tag = "bots",
    params(("id" = String, Path, description = "the bot's id"), wire::LinkQuery),
    responses((status = 200, body = wire::BotLink, description = "the link")))]
async fn link(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<BotId>,
    Asked(asked): Asked<wire::LinkQuery>,
) -> Result<Json<wire::BotLink>, Problem> {
    let username = api.app.bot(&who, id).await?.bot.account.username;
    let payload = match (asked.name, asked.payload) {
        (Some(_), Some(_)) => {
            let what = "a link has a payload or a signed name, not both";
            return Err(Problem::invalid("name", what));
        }
        (Some(name), None) => {
            let days = asked.days.unwrap_or(LINK_DAYS);
            api.app.signed_link(&who, id, &name, days).await?
        }
        (None, payload) => payload.unwrap_or_default(),
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if payload.len() > MAX_PAYLOAD || !payload.chars().all(fits) {
        return Err(Problem::invalid(
            "payload",
            "a payload has at most 64 of A-Z, a-z, 0-9, _ and -",
        ));
    }
    let url = match payload.as_str() {
        "" => format!("https://t.me/{username}"),
        payload => format!("https://t.me/{username}?start={payload}"),
    };
    Ok(Json(wire::BotLink { url }))
}

async fn whole(api: &Api, who: &app::who::Who, id: BotId) -> Result<wire::Bot, Problem> {
    let row = api.app.bot(who, id).await?;
    let hint = Some(row.token_hint).filter(|hint| !hint.is_empty());
    Ok(wire::Bot::of(row.bot, hint))
}
