//! What handlers take from a request: who asks, from where, which thing, with what words. Every refusal is a
//! problem.

use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;
use std::sync::Arc;

use app::people::Caller;
use app::who::Who;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::{COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::config::Addresses;
use crate::cookie;
use crate::host::Host;
use crate::place::Place;
use crate::problem::Problem;
use crate::serve::Peer;
use crate::state::Api;

/// The member who asks; nobody is `not_signed_in`.
pub struct Asker(pub Who);

/// The member who asks, if anybody is signed in.
pub struct MaybeAsker(pub Option<Who>);

/// The computer, where the program's own window asks for it from there; nothing for everybody else.
pub struct AtWindow(pub Option<Arc<dyn Host>>);

/// The id in the path; anything that is no id is `not_found`.
pub struct At<T>(pub T);

/// The id and the second name in the path; anything else is `not_found`.
pub struct AtBoth<A, B>(pub A, pub B);

/// The query's parameters.
pub struct Asked<T>(pub T);

/// The JSON body.
pub struct Body<T>(pub T);

/// Where a request comes from.
pub struct From {
    /// The caller's address; `0.0.0.0` when the server was not told.
    pub address: IpAddr,
    /// What the caller says it is, at most 300 characters.
    pub user_agent: String,
    /// True when the caller sits at this computer and no proxy stands between.
    pub is_here: bool,
}

impl From {
    /// The same, for who wants to be let in.
    pub fn caller(&self) -> Caller<'_> {
        Caller {
            address: self.address,
            user_agent: &self.user_agent,
        }
    }
}

impl FromRequestParts<Api> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Asker, Problem> {
        let MaybeAsker(who) = MaybeAsker::from_request_parts(parts, api).await?;
        who.map(Asker).ok_or_else(Problem::not_signed_in)
    }
}

impl FromRequestParts<Api> for MaybeAsker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<MaybeAsker, Problem> {
        let Some(token) = session_token(parts)? else {
            return Ok(MaybeAsker(None));
        };
        Ok(MaybeAsker(api.app.who(&token).await?))
    }
}

impl FromRequestParts<Api> for AtWindow {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<AtWindow, Problem> {
        let Some(host) = api.config().host.clone() else {
            return Ok(AtWindow(None));
        };
        let from = From::from_request_parts(parts, api).await?;
        let Some(token) = session_token(parts)?.filter(|_| from.is_here) else {
            return Ok(AtWindow(None));
        };
        let who = api.app.who_in_window(&token).await?;
        Ok(AtWindow(who.map(|_| host)))
    }
}

impl FromRequestParts<Api> for Place {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Place, Problem> {
        let place = parts.extensions.get::<Place>().cloned();
        place.ok_or_else(|| Problem::internal("a request was not guarded"))
    }
}

impl<T: FromStr> FromRequestParts<Api> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<At<T>, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, api)
            .await
            .map_err(|_| Problem::not_found())?;
        text.parse().map(At).map_err(|_| Problem::not_found())
    }
}

impl<A: FromStr, B: FromStr> FromRequestParts<Api> for AtBoth<A, B> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<AtBoth<A, B>, Problem> {
        let Path((first, second)) = Path::<(String, String)>::from_request_parts(parts, api)
            .await
            .map_err(|_| Problem::not_found())?;
        match (first.parse(), second.parse()) {
            (Ok(first), Ok(second)) => Ok(AtBoth(first, second)),
            _ => Err(Problem::not_found()),
        }
    }
}

impl<T: DeserializeOwned> FromRequestParts<Api> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Asked<T>, Problem> {
        let query = Query::<T>::from_request_parts(parts, api).await;
        query
            .map(|Query(asked)| Asked(asked))
            .map_err(|rejection| Problem::malformed(rejection.body_text()))
    }
}

impl<T: DeserializeOwned> FromRequest<Api> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Body<T>, Problem> {
        match Json::<T>::from_request(request, api).await {
            Ok(Json(body)) => Ok(Body(body)),
            Err(JsonRejection::JsonDataError(error)) => Err(Problem::malformed(error.body_text())),
            Err(JsonRejection::JsonSyntaxError(_)) => {
                Err(Problem::malformed("the body is not JSON"))
            }
            Err(rejection) => Err(Problem::of_status(rejection.status())),
        }
    }
}

impl FromRequestParts<Api> for From {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<From, Problem> {
        let peer = parts.extensions.get::<ConnectInfo<Peer>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.0.ip());
        let forwarded = last_forwarded(&parts.headers);
        let is_forwarded = parts.headers.contains_key("forwarded")
            || parts.headers.contains_key("x-forwarded-for");
        let place = parts.extensions.get::<Place>();
        let address = match api.config().addresses {
            Addresses::ReverseProxy => forwarded.unwrap_or(peer),
            Addresses::Connection => peer,
        };
        let agent = parts.headers.get(USER_AGENT);
        let agent = agent.and_then(|value| value.to_str().ok()).unwrap_or("");
        Ok(From {
            address: address.to_canonical(),
            user_agent: agent.chars().take(300).collect(),
            // A proxy on this computer calls from here whoever it calls for, and need not say so.
            is_here: api.config().addresses == Addresses::Connection
                && peer.to_canonical().is_loopback()
                && !is_forwarded
                && place.is_some_and(|place| place.loopback),
        })
    }
}

/// The session's secret, from the cookie of the place that was asked.
pub fn session_token(parts: &Parts) -> Result<Option<String>, Problem> {
    let place = parts.extensions.get::<Place>();
    let place = place.ok_or_else(|| Problem::internal("a request was not guarded"))?;
    let mut cookies = parts.headers.get_all(COOKIE).iter();
    let found = cookies.find_map(|value| cookie::value(value.to_str().ok()?, &place.cookie));
    Ok(found.map(str::to_owned))
}

fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// The status of an answer without a body.
pub const DONE: StatusCode = StatusCode::NO_CONTENT;

/// The session's secret, for those who look later whether it still holds.
pub struct SessionToken(pub Option<String>);

impl FromRequestParts<Api> for SessionToken {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<SessionToken, Problem> {
        session_token(parts).map(SessionToken)
    }
}
