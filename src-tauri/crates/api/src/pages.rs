//! The UI: files built from `ui/`, embedded in release builds, read from disk in debug builds. Most are there only as
//! gzip packed them, and go out so.

use std::borrow::Cow;
use std::io::Read;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use flate2::read::GzDecoder;
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
/// What the build adds to the name of a file that it packed.
const PACKED: &str = ".gz";

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
    if let Some(file) = Files::get(&format!("{path}{PACKED}")) {
        return packed_response(path, file, request.headers());
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

fn packed_response(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    let whole = packed(path, file.data, headers);
    with_tag(path, &hash, whole, headers)
}

/// What gzip packed: as it is to who reads that, else unpacked.
pub fn packed(path: &str, packed: Cow<'static, [u8]>, headers: &HeaderMap) -> Response {
    let takes_gzip = takes_gzip(headers);
    let data = match takes_gzip {
        true => packed,
        false => match unpacked(&packed) {
            Ok(data) => data,
            Err(error) => return Problem::internal(format!("{path}: {error}")).into_response(),
        },
    };
    let mut response = typed(path, data);
    let answer = response.headers_mut();
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    if takes_gzip {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn unpacked(packed: &[u8]) -> std::io::Result<Cow<'static, [u8]>> {
    let mut plain = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut plain)?;
    Ok(plain.into())
}

/// True where the browser names gzip among what it reads, and not with a weight of nothing (RFC 9110, 12.5.3).
fn takes_gzip(headers: &HeaderMap) -> bool {
    let named = headers.get_all(ACCEPT_ENCODING).into_iter();
    let named = named.filter_map(|value| value.to_str().ok());
    named.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, "q=1"));
        let weight = weight.trim().strip_prefix("q=").map(str::parse::<f32>);
        name.trim().eq_ignore_ascii_case("gzip") && weight.is_some_and(|q| q.is_ok_and(|q| q > 0.0))
    })
}

fn file_response(path: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    with_tag(path, &hash, typed(path, file.data), headers)
}

/// With the media type of its name.
fn typed(path: &str, data: Cow<'static, [u8]>) -> Response {
    let media_type = mime_guess::from_path(path).first_or_octet_stream();
    let media_type = with_charset(media_type.as_ref());
    ([(CONTENT_TYPE, media_type)], Body::from(data)).into_response()
}

/// To be kept by the browser, and without a body to who has it already.
fn with_tag(path: &str, hash: &[u8; 32], whole: Response, headers: &HeaderMap) -> Response {
    // Weak: one tag for a file, packed or not.
    let tag = format!("W/\"{}\"", hex::encode(&hash[..16]));
    let cache = if path.starts_with(HASHED) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let known = headers.get(IF_NONE_MATCH);
    let (mut head, body) = whole.into_parts();
    let body = match known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        true => {
            head.status = StatusCode::NOT_MODIFIED;
            Body::empty()
        }
        false => body,
    };
    let tag = HeaderValue::from_str(&tag).expect("hashes are visible ASCII");
    head.headers
        .insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    head.headers.insert(ETAG, tag);
    Response::from_parts(head, body)
}

fn with_charset(media_type: &str) -> String {
    if media_type.starts_with("text/") && !media_type.contains("charset") {
        return format!("{media_type}; charset=utf-8");
    }
    media_type.to_owned()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use axum::body::to_bytes;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use rust_embed::Metadata;

    use super::*;

    const SCRIPT: &str = "export const sold = \"scooters, scooters, scooters\";";

    async fn asked(accepted: &[&str]) -> (HeaderMap, Vec<u8>) {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(SCRIPT.as_bytes()).unwrap();
        let file = EmbeddedFile {
            data: packer.finish().unwrap().into(),
            metadata: Metadata::__rust_embed_new([7; 32], None, None),
        };
        let mut headers = HeaderMap::new();
        for value in accepted {
            headers.append(ACCEPT_ENCODING, HeaderValue::from_str(value).unwrap());
        }
        let reply = packed_response("assets/page.js", file, &headers);
        let (head, body) = reply.into_parts();
        let body = to_bytes(body, 10_000).await.unwrap();
        (head.headers, body.to_vec())
    }

    #[tokio::test]
    async fn a_packed_file_goes_out_packed_to_who_reads_gzip() {
        for accepted in [
            &["gzip, deflate, br"][..],
            &["br", "GZIP;q=0.5"],
            &["br;q=1.0,gzip ; q=0.8"],
        ] {
            let (headers, body) = asked(accepted).await;
            assert_eq!(headers[CONTENT_ENCODING], "gzip", "{accepted:?}");
            assert_eq!(headers[CONTENT_TYPE], "text/javascript; charset=utf-8");
            assert_eq!(headers[VARY], "accept-encoding");
            assert_eq!(unpacked(&body).unwrap(), SCRIPT.as_bytes());
        }
    }

    #[tokio::test]
    async fn who_does_not_read_gzip_gets_the_file_itself() {
        for accepted in [&[][..], &["br"], &["gzip;q=0"], &["gzip;q=0.000, br"]] {
            let (headers, body) = asked(accepted).await;
            assert!(!headers.contains_key(CONTENT_ENCODING), "{accepted:?}");
            assert_eq!(headers[CONTENT_TYPE], "text/javascript; charset=utf-8");
            assert_eq!(body, SCRIPT.as_bytes());
        }
    }
}
