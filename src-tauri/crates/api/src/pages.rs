//! The UI: files built from `ui/`, embedded in release builds, read from disk in debug builds.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::problem::Problem;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../../ui/dist"]
#[allow_missing = true]
struct Files;

/// The page that every UI route is.
const PAGE: &str = "index.html";
/// Where the build puts files whose names change with their contents.
const HASHED: &str = "assets/";

/// What is shown when the UI was not built.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>ChatAI</title>\
    <h1>ChatAI runs</h1><p>Its pages are not built yet. Run <code>npm ci</code> and \
    <code>npm run build</code> in the folder <code>ui</code>, then build the program again.</p></html>";

/// Answers what is no route of the API: a file of the UI, or its page for an address that a person opens.
pub async fn answer(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::not_found().into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    if let Some(file) = Files::get(path) {
        return file_response(path, file, request.headers());
    }
    if !is_page(path, request.headers()) {
        return Problem::not_found().into_response();
    }
    match Files::get(PAGE) {
        Some(page) => file_response(PAGE, page, request.headers()),
        None => (
            [(CONTENT_TYPE, "text/html; charset=utf-8")],
            Body::from(NOT_BUILT),
        )
            .into_response(),
    }
}

/// True for what a person opens: no file's name, no address of the API, and a browser asks for a page.
fn is_page(path: &str, headers: &HeaderMap) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_api = path == "api" || path.starts_with("api/");
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    let wants_page =
        accept.is_none_or(|accept| accept.contains("text/html") || accept.contains("*/*"));
    !is_api && !last.contains('.') && wants_page
}

fn file_response(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let cache = if path.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = headers.get(IF_NONE_MATCH);
    let is_known = known.is_some_and(|known| known.as_bytes() == etag.as_bytes());
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(file.data).into_response()
    };
    let answer = response.headers_mut();
    let text = |value: &str| {
        HeaderValue::from_str(value).expect("media types and hashes are visible ASCII")
    };
    answer.insert(CONTENT_TYPE, text(&with_charset(file.metadata.mimetype())));
    answer.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    answer.insert(ETAG, text(&etag));
    response
}

fn with_charset(media_type: &str) -> String {
    if media_type.starts_with("text/") && !media_type.contains("charset") {
        return format!("{media_type}; charset=utf-8");
    }
    media_type.to_owned()
}
