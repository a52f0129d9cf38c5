//! `getFile` (T18).

use serde_json::json;

use crate::failure::{Failure, Outcome};
use crate::file::{MOST_DOWN, parse_sized, path, size_of, unique_id};

use super::Request;

/// A link is good for an hour at least (getFile); here not a second longer.
const LINK_MS: i64 = 60 * 60 * 1000;

pub(super) fn get(request: &mut Request<'_>) -> Outcome {
    let id = request.parameters.text("file_id");
    let known = parse_sized(request.bot, &id);
    let stored = known.and_then(|(_, number, _)| request.state.files.get(number));
    let (Some((kind, number, size)), Some(stored)) = (known, stored) else {
        return Err(Failure::bad(
            "wrong file_id or the file is temporarily unavailable",
        ));
    };
    let bytes = size_of(stored, size);
    if bytes > MOST_DOWN {
        return Err(Failure::bad("file is too big"));
    }
    let path = path(number, size, stored);
    let until_ms = request.now_ms + LINK_MS;
    request
        .state
        .keep_link(request.now_ms, request.bot, path.clone(), until_ms);
    Ok(json!({
        "file_id": id,
        "file_unique_id": unique_id(kind, number, size),
        "file_size": bytes,
        "file_path": path,
    }))
}
