//! The mail server.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use crate::asker::{Asker, Body, DONE};
use crate::problem::Problem;
use crate::routes::told_in;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::mail as wire;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(mail, change_mail, remove_mail))
        .routes(routes!(test_mail))
}

/// The mail server
#[utoipa::path(get, path = "/api/mail", tag = "settings",
    responses((status = 200, body = wire::Mail, description = "the server; its password is not shown")))]
async fn mail(State(api): State<Api>, Asker(who): Asker) -> Result<Json<wire::Mail>, Problem> {
    let server = api.app.mail(&who).await?.map(Into::into);
    Ok(Json(wire::Mail { server }))
}

/// Set the mail server
#[utoipa::path(put, path = "/api/mail", tag = "settings",
    request_body = wire::MailChange,
    responses((status = 200, body = wire::MailServer, description = "the server as it is now")))]
async fn change_mail(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(change): Body<wire::MailChange>,
) -> Result<Json<wire::MailServer>, Problem> {
    let server = api.app.change_mail(&who, change.into()).await?;
    Ok(Json(server.into()))
}

/// Forget the mail server and its password
#[utoipa::path(delete, path = "/api/mail", tag = "settings",
    responses((status = 204, description = "no letters are sent any more")))]
async fn remove_mail(State(api): State<Api>, Asker(who): Asker) -> Result<StatusCode, Problem> {
    api.app.remove_mail(&who).await?;
    Ok(DONE)
}

/// Send oneself a letter now
#[utoipa::path(post, path = "/api/mail/test", tag = "settings",
    request_body = wire::MailTestAsked,
    responses((status = 200, body = wire::MailTest, description = "how it fared")))]
async fn test_mail(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::MailTestAsked>,
) -> Result<Json<wire::MailTest>, Problem> {
    let language = told_in(Some(&body.language))?;
    let tested = api.app.test_mail(&who, language).await?;
    Ok(Json(wire::MailTest {
        to: tested.to,
        took_ms: tested.took_ms,
        code: tested.failed.map(str::to_owned),
    }))
}
