//! Followed sources: web sites and folders of this computer. Removing one is removing its source (`sources`).

use app::following::Change;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::following::{DEPTH, PAGES, SiteRules};
use domain::id::SourceId;

use crate::asker::{Asked, Asker, At, Body};
use crate::problem::Problem;
use crate::routes::rows;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::following as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(all_followed))
        .routes(routes!(followed, change_followed))
        .routes(routes!(look_now))
        .routes(routes!(followed_items))
        .routes(routes!(follow_site))
        .routes(routes!(follow_folder))
}

/// All followed sources
#[utoipa::path(get, path = "/api/followed", tag = "knowledge",
    responses((status = 200, body = wire::AllFollowed, description = "the followed sources, oldest first")))]
async fn all_followed(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::AllFollowed>, Problem> {
    let followed = api.app.all_followed(&who).await?.into_iter();
    Ok(Json(wire::AllFollowed {
        items: followed
            .map(|one| wire::Followed::seen_by(&who, one))
            .collect(),
    }))
}

/// A followed source
#[utoipa::path(get, path = "/api/followed/{id}", tag = "knowledge",
    params(("id" = String, Path, description = "the source's id")),
    responses((status = 200, body = wire::Followed, description = "the source and how it fares")))]
async fn followed(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<SourceId>,
) -> Result<Json<wire::Followed>, Problem> {
    let followed = api.app.followed(&who, id).await?;
    Ok(Json(wire::Followed::seen_by(&who, followed)))
}

/// Change a followed source: how often, how much, stopped or not
#[utoipa::path(patch, path = "/api/followed/{id}", tag = "knowledge",
    params(("id" = String, Path, description = "the source's id")),
    request_body = wire::FollowedChange,
    responses((status = 200, body = wire::Followed, description = "as it is now")))]
async fn change_followed(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<SourceId>,
    Body(body): Body<wire::FollowedChange>,
) -> Result<Json<wire::Followed>, Problem> {
    let change = Change {
        pages: body.pages,
        depth: body.depth,
        is_private: body.is_private,
        rhythm: body.rhythm.map(Into::into),
        vanished: body.vanished.map(Into::into),
        is_paused: body.is_paused,
    };
    Ok(Json(
        api.app.change_followed(&who, id, change).await?.into(),
    ))
}

/// Look at a followed source now
#[utoipa::path(post, path = "/api/followed/{id}/look", tag = "knowledge",
    params(("id" = String, Path, description = "the source's id")),
    responses((status = 202, body = wire::Followed, description = "it waits for its turn")))]
async fn look_now(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<SourceId>,
) -> Result<(StatusCode, Json<wire::Followed>), Problem> {
    let followed = api.app.look_now(&who, id).await?;
    let followed = wire::Followed::seen_by(&who, followed);
    Ok((StatusCode::ACCEPTED, Json(followed)))
}

/// A page of the pages or files of a followed source
#[utoipa::path(get, path = "/api/followed/{id}/items", tag = "knowledge",
    params(("id" = String, Path, description = "the source's id"), wire::ItemsQuery),
    responses((status = 200, body = wire::FollowedItems, description = "pages or files, in the order of their keys")))]
async fn followed_items(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<SourceId>,
    Asked(asked): Asked<wire::ItemsQuery>,
) -> Result<Json<wire::FollowedItems>, Problem> {
    let (state, after) = (asked.state.map(Into::into), asked.after.unwrap_or_default());
    let items = api
        .app
        .followed_items(&who, id, state, after, rows(asked.limit)?);
    Ok(Json(items.await?.into()))
}

/// Follow a web site, or one page; its first look begins at once
#[utoipa::path(post, path = "/api/sites", tag = "knowledge",
    request_body = wire::NewSite,
    responses((status = 202, body = wire::Followed, description = "it waits for its first look")))]
async fn follow_site(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::NewSite>,
) -> Result<(StatusCode, Json<wire::Followed>), Problem> {
    let rules = SiteRules {
        address: body.address,
        reach: body.reach.into(),
        pages: body.pages.unwrap_or(PAGES),
        depth: body.depth.unwrap_or(DEPTH),
        is_private: body.is_private,
    };
    let (rhythm, vanished) = (body.rhythm.into(), body.vanished.into());
    let followed = api.app.follow_site(&who, rules, rhythm, vanished).await?;
    Ok((StatusCode::ACCEPTED, Json(followed.into())))
}

/// Follow a folder of the computer that the program runs on; its first look begins at once
#[utoipa::path(post, path = "/api/folders", tag = "knowledge",
    request_body = wire::NewFolder,
    responses((status = 202, body = wire::Followed, description = "it waits for its first look")))]
async fn follow_folder(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::NewFolder>,
) -> Result<(StatusCode, Json<wire::Followed>), Problem> {
    let followed = api
        .app
        .follow_folder(&who, &body.path, body.vanished.into())
        .await?;
    Ok((StatusCode::ACCEPTED, Json(followed.into())))
}
