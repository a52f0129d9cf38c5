//! Inviting people, and accepting an invitation.

use app::invitations::{self, NewInvitation};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::id::InvitationId;

use crate::asker::{Asker, At, Body, DONE, From, MaybeAsker};
use crate::place::Place;
use crate::problem::Problem;
use crate::routes::session::{WithCookie, begin};
use crate::routes::told_in;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::invitations as wire;
use crate::wire::session::SignedIn;

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(invitations, invite))
        .routes(routes!(withdraw))
        .routes(routes!(again))
        .routes(routes!(open))
        .routes(routes!(accept))
}

/// Invitations that nobody accepted yet
#[utoipa::path(get, path = "/api/invitations", tag = "team",
    responses((status = 200, body = wire::Invitations, description = "the invitations, newest first")))]
async fn invitations(
    State(api): State<Api>,
    Asker(who): Asker,
) -> Result<Json<wire::Invitations>, Problem> {
    let items = api.app.invitations(&who).await?;
    let items = items.into_iter().map(Into::into).collect();
    Ok(Json(wire::Invitations { items }))
}

/// Invite somebody
///
/// The link is shown this once; it opens for seven days, and only once. `no_mail` when a letter is wanted and no mail
/// server is set up.
#[utoipa::path(post, path = "/api/invitations", tag = "team",
    request_body = wire::NewInvitation,
    responses((status = 201, body = wire::Invited, description = "invited")))]
async fn invite(
    State(api): State<Api>,
    place: Place,
    Asker(who): Asker,
    Body(body): Body<wire::NewInvitation>,
) -> Result<(StatusCode, Json<wire::Invited>), Problem> {
    let origin = origin(&api, &place);
    let new = NewInvitation {
        role: body.role.into(),
        email: body.email.filter(|email| !email.trim().is_empty()),
        language: told_in(Some(&body.language))?,
        origin: origin.address,
    };
    let invited = api.app.invite(&who, new).await?;
    Ok((StatusCode::CREATED, shown(invited, origin.only_here)))
}

/// Make another link for an invitation; the one before it opens nothing any more
#[utoipa::path(post, path = "/api/invitations/{id}/again", tag = "team",
    params(("id" = String, Path, description = "the invitation's id")),
    request_body = wire::Again,
    responses((status = 200, body = wire::Invited, description = "invited again, for another seven days")))]
async fn again(
    State(api): State<Api>,
    place: Place,
    Asker(who): Asker,
    At(id): At<InvitationId>,
    Body(body): Body<wire::Again>,
) -> Result<Json<wire::Invited>, Problem> {
    let origin = origin(&api, &place);
    let language = told_in(Some(&body.language))?;
    let invited = api
        .app
        .invite_again(&who, id, language, origin.address)
        .await?;
    Ok(shown(invited, origin.only_here))
}

/// Take an invitation back
#[utoipa::path(delete, path = "/api/invitations/{id}", tag = "team",
    params(("id" = String, Path, description = "the invitation's id")),
    responses((status = 204, description = "its link opens nothing any more")))]
async fn withdraw(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<InvitationId>,
) -> Result<StatusCode, Problem> {
    api.app.withdraw_invitation(&who, id).await?;
    Ok(DONE)
}

/// What an invitation's link opens
#[utoipa::path(post, path = "/api/invitation", tag = "team", security(("x-chatai" = [])),
    request_body = wire::InvitationToken,
    responses((status = 200, body = wire::OpenInvitation, description = "the invitation; it is not used up")))]
async fn open(
    State(api): State<Api>,
    Body(body): Body<wire::InvitationToken>,
) -> Result<Json<wire::OpenInvitation>, Problem> {
    let opened = api.app.open_invitation(&body.token).await?;
    Ok(Json(wire::OpenInvitation {
        business: opened.business,
        invited_by: opened.invitation.invited_by,
        role: opened.invitation.role.into(),
        email: opened.invitation.email,
        expires_at: opened.invitation.expires_at.into(),
    }))
}

/// Join by an invitation's link and sign in
///
/// `conflict` when somebody signs in with this e-mail already.
#[utoipa::path(post, path = "/api/invitation/accept", tag = "team", security(("x-chatai" = [])),
    request_body = wire::Accept,
    responses((status = 200, body = SignedIn, description = "joined and signed in")))]
async fn accept(
    State(api): State<Api>,
    place: Place,
    from: From,
    MaybeAsker(before): MaybeAsker,
    Body(body): Body<wire::Accept>,
) -> Result<WithCookie<Json<SignedIn>>, Problem> {
    let accept = invitations::Accept {
        name: body.name,
        email: body.email,
        password: body.password,
    };
    let signed_in = api
        .app
        .accept_invitation(&body.token, accept, &from.caller())
        .await?;
    begin(&api, &place, before, signed_in).await
}

/// What links begin with.
struct Origin {
    address: String,
    only_here: bool,
}

/// The address that people use from outside, where there is one; else the one that is asked by now.
fn origin(api: &Api, place: &Place) -> Origin {
    match &api.config().public_url {
        Some(public) => Origin {
            address: public.trim_end_matches('/').to_owned(),
            only_here: false,
        },
        None => Origin {
            address: place.origin.clone(),
            only_here: place.loopback,
        },
    }
}

fn shown(invited: invitations::Invited, only_here: bool) -> Json<wire::Invited> {
    Json(wire::Invited {
        invitation: invited.invitation.into(),
        link: invited.link,
        only_here,
    })
}
