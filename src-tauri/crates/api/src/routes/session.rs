//! Signing in and out.

use app::people::{self, Entered};
use app::who::Who;
use axum::Json;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderName, HeaderValue, StatusCode};

use crate::asker::{Asker, AtWindow, Body, DONE, From, MaybeAsker};
use crate::cookie;
use crate::place::Place;
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::session as wire;

pub(crate) type WithCookie<T> = ([(HeaderName, HeaderValue); 1], T);

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(session, sign_in, sign_out))
        .routes(routes!(enter))
        .routes(routes!(first_owner))
        .routes(routes!(change_password))
}

/// Who is signed in
#[utoipa::path(get, path = "/api/session", tag = "session", security(()),
    responses((status = 200, body = wire::Session, description = "the session, or that there is none")))]
async fn session(
    State(api): State<Api>,
    MaybeAsker(who): MaybeAsker,
    AtWindow(host): AtWindow,
) -> Result<Json<wire::Session>, Problem> {
    let business = match &who {
        Some(who) => api.app.business(who).await?,
        None => String::new(),
    };
    Ok(Json(wire::Session {
        first_run: who.is_none() && !api.app.has_owner().await?,
        member: who.map(|who| who.member.into()),
        business,
        window: host.is_some(),
    }))
}

/// Sign in with a one-time link's token
#[utoipa::path(post, path = "/api/enter", tag = "session", security(("x-chatai" = [])),
    request_body = wire::Enter,
    responses((status = 200, body = wire::Entered, description = "signed in, or the first owner is to be made")))]
async fn enter(
    State(api): State<Api>,
    place: Place,
    from: From,
    MaybeAsker(before): MaybeAsker,
    Body(enter): Body<wire::Enter>,
) -> Result<axum::response::Response, Problem> {
    use axum::response::IntoResponse;
    let entered = api.app.enter(&enter.token, &from.caller()).await?;
    match entered {
        Entered::FirstOwner => Ok(Json(wire::Entered {
            needs: Some(wire::Needs::Owner),
            member: None,
        })
        .into_response()),
        Entered::SignedIn(signed_in) => {
            let with_cookie = begin(&api, &place, before, *signed_in).await?;
            let entered = |member| wire::Entered {
                needs: None,
                member: Some(member),
            };
            let (cookie, Json(signed_in)) = with_cookie;
            Ok((cookie, Json(entered(signed_in.member))).into_response())
        }
    }
}

/// Make the first owner
///
/// The recovery code is shown this once and kept nowhere.
#[utoipa::path(post, path = "/api/first-owner", tag = "session", security(("x-chatai" = [])),
    request_body = wire::FirstOwner,
    responses((status = 200, body = wire::FirstIn, description = "made and signed in")))]
async fn first_owner(
    State(api): State<Api>,
    place: Place,
    from: From,
    Body(body): Body<wire::FirstOwner>,
) -> Result<WithCookie<Json<wire::FirstIn>>, Problem> {
    let owner = people::FirstOwner {
        business: body.business,
        name: body.name,
        email: body.email,
        password: body.password,
    };
    let first = api
        .app
        .first_owner(&body.token, owner, &from.caller())
        .await?;
    let (cookie, Json(signed_in)) = begin(&api, &place, None, first.signed_in).await?;
    let first_in = wire::FirstIn {
        member: signed_in.member,
        recovery_code: first.recovery_code.map(|code| code.grouped()),
    };
    Ok((cookie, Json(first_in)))
}

/// Sign in
///
/// Where the member's second step is on, a right password without a code is `second_step_needed`.
#[utoipa::path(post, path = "/api/session", tag = "session", security(("x-chatai" = [])),
    request_body = wire::SignIn,
    responses((status = 200, body = wire::SignedIn, description = "signed in")))]
async fn sign_in(
    State(api): State<Api>,
    place: Place,
    from: From,
    MaybeAsker(before): MaybeAsker,
    Body(body): Body<wire::SignIn>,
) -> Result<WithCookie<Json<wire::SignedIn>>, Problem> {
    let signed_in = api
        .app
        .sign_in(
            &body.email,
            &body.password,
            body.code.as_deref(),
            &from.caller(),
        )
        .await?;
    begin(&api, &place, before, signed_in).await
}

/// Sign out
#[utoipa::path(delete, path = "/api/session", tag = "session",
    responses((status = 204, description = "signed out; the session is over")))]
async fn sign_out(
    State(api): State<Api>,
    place: Place,
    Asker(who): Asker,
) -> Result<WithCookie<StatusCode>, Problem> {
    api.app.sign_out(&who).await?;
    api.sessions_ended();
    Ok(([(SET_COOKIE, cookie::clear(&place))], DONE))
}

/// Change one's own password; every other session of the member ends
#[utoipa::path(post, path = "/api/password", tag = "session",
    request_body = wire::NewPassword,
    responses((status = 204, description = "changed")))]
async fn change_password(
    State(api): State<Api>,
    from: From,
    Asker(who): Asker,
    Body(body): Body<wire::NewPassword>,
) -> Result<StatusCode, Problem> {
    api.app
        .change_password(&who, &body.old, &body.new, from.address)
        .await?;
    api.sessions_ended();
    Ok(DONE)
}

/// A new session takes the place of the one the browser had.
pub(crate) async fn begin(
    api: &Api,
    place: &Place,
    before: Option<Who>,
    signed_in: people::SignedIn,
) -> Result<WithCookie<Json<wire::SignedIn>>, Problem> {
    if let Some(before) = before {
        api.app.sign_out(&before).await?;
        api.sessions_ended();
    }
    let cookie = cookie::set(place, &signed_in.session_token);
    let member = signed_in.member.into();
    Ok(([(SET_COOKIE, cookie)], Json(wire::SignedIn { member })))
}
