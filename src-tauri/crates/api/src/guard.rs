//! What every request passes before it is routed, and every response on its way out: the request's id, the
//! names we answer to, the origins that may change something, the security headers, the body of problems.
//!
//! Not here: who is signed in (`asker`) and what they may do (`app`).

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::place::Place;
use crate::problem::{self, Problem, REQUEST_ID};
use crate::state::Api;

/// The header that a page of ours sends with every change; pages elsewhere cannot without being asked first.
pub const OURS: HeaderName = HeaderName::from_static("x-chatai");

/// What our pages may load. `blob:` workers and images are the PDF viewer's; nothing comes from elsewhere.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; \
    manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The way in and out of every request.
pub async fn pass(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let request_id = Uuid::now_v7().as_simple().to_string();
    let place = place(&api, &request);
    let secure = place.as_ref().is_some_and(|place| place.secure);
    let response = match place {
        None => {
            api.foreign_names().say(|| {
                let host = shown(request.headers().get(HOST));
                format!("{host} is no name of ours: see --public-url and --host")
            });
            Problem::foreign_host().into_response()
        }
        Some(place)
            if !is_brought(request.uri().path())
                && !may_change(&place, request.method(), request.headers()) =>
        {
            api.foreign_pages().say(|| {
                let (host, origin) = (request.headers().get(HOST), request.headers().get(ORIGIN));
                let (host, origin) = (shown(host), shown(origin));
                format!(
                    "a change was asked for from {origin} at {host}: a page elsewhere, or a proxy that does not pass \
                     on its Host"
                )
            });
            Problem::foreign_origin().into_response()
        }
        Some(place) => {
            request.extensions_mut().insert(place);
            next.run(request).await
        }
    };
    let mut response = problem::write(response, &request_id);
    put_headers(response.headers_mut(), secure);
    if let Ok(value) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// A header in the log: what came from outside is cut and quoted.
fn shown(value: Option<&HeaderValue>) -> String {
    let text = value.map_or("nothing".into(), |value| {
        String::from_utf8_lossy(value.as_bytes())
    });
    let start: String = text.chars().take(100).collect();
    format!("{start:?}")
}

/// The place a request came to: exactly one `Host`, and the address in the request line, if any, says the same.
fn place(api: &Api, request: &Request) -> Option<Place> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    let only_one = hosts.next().is_none();
    let same_in_line = request
        .uri()
        .authority()
        .is_none_or(|authority| authority.as_str() == host);
    if only_one && same_in_line {
        api.places().of(host)
    } else {
        None
    }
}

/// True where a messenger brings something: it is no page, has no session, and shows a secret instead.
fn is_brought(path: &str) -> bool {
    path.starts_with("/telegram/")
}

/// True for reading, and for changes that a page of ours asks for: our header, and an `Origin` that is this
/// place; without an `Origin` the browser itself must say `same-origin`.
fn may_change(place: &Place, method: &Method, headers: &HeaderMap) -> bool {
    if method.is_safe() {
        return true;
    }
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let ours = text(&OURS) == Some("1");
    let site = text(&HeaderName::from_static("sec-fetch-site"));
    let same_site = site.is_none_or(|site| site == "same-origin");
    let same_origin = match text(&ORIGIN) {
        Some(origin) => origin.eq_ignore_ascii_case(&place.origin),
        None => site.is_some(),
    };
    ours && same_site && same_origin
}

fn put_headers(headers: &mut HeaderMap, secure: bool) {
    let fixed = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`: browsers send `Origin: null` with it, and our own changes would be refused.
        (REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=()",
        ),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if secure {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
    // Files bring a stricter policy, hashed assets a longer life.
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(PAGE_POLICY));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}
