//! Giving originals back, and files that came with messages: bytes that somebody else made, so nothing in them may run here (security.md C9).

use std::path::Path;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use axum::http::{HeaderMap, HeaderValue};
use domain::id::{AttachmentId, DocumentId};
use tokio_util::io::ReaderStream;

use crate::asker::{Asked, Asker, At};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::documents as wire;

/// The one type that may be shown in place: our viewer fetches it.
const PDF: &str = "application/pdf";

/// The routes of this group.
pub fn router() -> Routes {
    Routes::new()
        .routes(routes!(original))
        .routes(routes!(attached_file))
}

/// A document's original
#[utoipa::path(get, path = "/api/documents/{id}/original", tag = "knowledge",
    params(("id" = String, Path, description = "the document's id"), wire::OriginalQuery),
    responses((status = 200, content_type = "application/octet-stream", description = "the bytes, to be saved")))]
async fn original(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<DocumentId>,
    Asked(asked): Asked<wire::OriginalQuery>,
) -> Result<(HeaderMap, Body), Problem> {
    let original = api.app.original(&who, id).await?;
    let is_shown = asked.inline == Some(1) && original.media_type == PDF;
    let headers = headers(&original.name, original.size, is_shown);
    Ok((headers, bytes_of(&original.path).await?))
}

/// A file that came with a customer's message
#[utoipa::path(get, path = "/api/attachments/{id}/file", tag = "conversations",
    params(("id" = String, Path, description = "the attachment's id")),
    responses((status = 200, content_type = "application/octet-stream", description = "the bytes, to be saved")))]
async fn attached_file(
    State(api): State<Api>,
    Asker(who): Asker,
    At(id): At<AttachmentId>,
) -> Result<(HeaderMap, Body), Problem> {
    let file = api.app.attached_file(&who, id).await?;
    let name = match file.name.is_empty() {
        true => "attachment",
        false => &file.name,
    };
    Ok((headers(name, file.size, false), bytes_of(&file.path).await?))
}

async fn bytes_of(path: &Path) -> Result<Body, Problem> {
    let file = tokio::fs::File::open(path).await;
    let file = file.map_err(|error| Problem::internal(format!("cannot open a file: {error}")))?;
    Ok(Body::from_stream(ReaderStream::new(file)))
}

fn headers(name: &str, size: u64, is_shown: bool) -> HeaderMap {
    let kind = if is_shown { "inline" } else { "attachment" };
    let (plain, encoded) = (plain_name(name), encoded_name(name));
    let disposition = format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let media_type = if is_shown {
        PDF
    } else {
        "application/octet-stream"
    };
    let text = |value: &str| {
        HeaderValue::from_str(value).expect("only visible ASCII is put into these headers")
    };
    HeaderMap::from_iter([
        (CONTENT_DISPOSITION, text(&disposition)),
        (CONTENT_TYPE, text(media_type)),
        (CONTENT_LENGTH, size.into()),
        (
            CONTENT_SECURITY_POLICY,
            text("default-src 'none'; sandbox; frame-ancestors 'none'"),
        ),
    ])
}

/// The name for programs that know ASCII only: the rest as `_`, quotes and folders included.
fn plain_name(name: &str) -> String {
    let safe = |c: char| c == ' ' || (c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '/' | '%'));
    name.chars()
        .map(|c| if safe(c) { c } else { '_' })
        .collect()
}

/// The whole name, percent-encoded as RFC 8187 wants it.
fn encoded_name(name: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let name = name.replace(['/', '\\'], "_");
    name.bytes()
        .map(|byte| {
            if kept(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header_or_its_folder() {
        assert_eq!(plain_name("a\"b\r\n/../цена.pdf"), "a_b___.._____.pdf");
        assert_eq!(
            encoded_name("цена 1/2.pdf"),
            "%D1%86%D0%B5%D0%BD%D0%B0%201_2.pdf"
        );
    }
}
