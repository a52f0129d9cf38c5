//! Files that bots send: uploads, files they know already, albums (T18, T19).

use serde_json::Value;

use crate::entity::{MOST_CAPTION, units};
use crate::failure::{Failure, Outcome};
use crate::file::{MOST_PHOTO, MOST_UP, StoredFile, parse_file_id};
use crate::flood::Spend;
use crate::message::{Content, Formatted, Media, MediaKind};
use crate::parameters::{Parameters, Upload};

use super::{Request, send};

pub(super) fn send(request: &mut Request<'_>, kind: MediaKind) -> Outcome {
    let place = request.place()?;
    let caption = send::caption(request)?;
    // The thumbnail of a document is a file too, by `attach://` or in a field of its own.
    let given = request.parameters.text(kind.field());
    let upload = request.parameters.file(kind.field()).cloned();
    let mut media = file(request, kind, &given, upload)?;
    media.caption = caption;
    if request.parameters.has("duration") {
        media.duration = request.parameters.number("duration");
    }
    send::send(request, place, Content::Media(media))
}

pub(super) fn send_group(request: &mut Request<'_>) -> Outcome {
    let place = request.place()?;
    let given = request.parameters.json("media", "media")?;
    let Some(Value::Array(items)) = given else {
        return Err(Failure::bad("parameter \"media\" is required"));
    };
    if !(2..=10).contains(&items.len()) {
        return Err(Failure::bad(
            "wrong number of media: an album has 2 to 10 of them",
        ));
    }
    let mut album = Vec::with_capacity(items.len());
    for item in &items {
        album.push(one_of_group(request, item)?);
    }
    let alone = |kind| album.iter().any(|media: &Media| media.kind == kind);
    let mixed = album.iter().any(|media| media.kind != album[0].kind);
    // Documents and music stand among their own kind only (sendMediaGroup).
    if mixed && (alone(MediaKind::Document) || alone(MediaKind::Audio)) || alone(MediaKind::Voice) {
        return Err(Failure::bad(
            "can't use the media of the specified type in the album",
        ));
    }
    request.may_write(place)?;
    // Every item of an album counts (T9).
    let count = u32::try_from(album.len()).unwrap_or(u32::MAX);
    request.spend(place, Spend::Messages(count))?;
    let number = request.state.next_number();
    let id = format!("{}", 13_000_000_000_000_000i64 + number);
    let mut sent = Vec::with_capacity(album.len());
    for media in album {
        let content = Content::Media(media);
        let message = send::send_message(request, place, content, Some(id.clone()))?;
        sent.push(request.answer(&message));
    }
    Ok(Value::Array(sent))
}

fn one_of_group(request: &mut Request<'_>, item: &Value) -> Result<Media, Failure> {
    let field = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
    let kind = match field("type") {
        "photo" => MediaKind::Photo,
        "video" => MediaKind::Video,
        "document" => MediaKind::Document,
        "audio" => MediaKind::Audio,
        other => {
            return Err(Failure::bad(format!(
                "can't parse InputMedia: type \"{other}\" is not allowed in an album"
            )));
        }
    };
    let mut caption = Formatted::default();
    if !field("caption").is_empty() {
        let mut inner = Parameters::new();
        for name in ["caption", "parse_mode", "caption_entities"] {
            if let Some(value) = item.get(name) {
                inner.set(name, value.clone());
            }
        }
        let (words, wrong) = crate::entity::given(&inner, "caption", "caption_entities")?;
        request.note(wrong);
        if units(&words.text) > MOST_CAPTION {
            return Err(Failure::bad("message caption is too long"));
        }
        caption = words;
    }
    let given = field("media").to_owned();
    let mut media = file(request, kind, &given, None)?;
    media.caption = caption;
    Ok(media)
}

/// The file of a field: uploaded in it, uploaded beside it (`attach://`), or one the bot knows by its id.
fn file(
    request: &mut Request<'_>,
    kind: MediaKind,
    given: &str,
    upload: Option<Upload>,
) -> Result<Media, Failure> {
    let upload = match (upload, given.strip_prefix("attach://")) {
        (Some(upload), _) => Some(upload),
        (None, Some(name)) => {
            let attached = request.parameters.file(name);
            let attached = attached
                .ok_or_else(|| Failure::bad(format!("can't find attached file \"{given}\"")))?;
            Some(attached.clone())
        }
        (None, None) => None,
    };
    if let Some(upload) = upload {
        let stored = uploaded(kind, upload)?;
        let shown = shown(kind, 0, &stored);
        let number = request.state.files.add(stored);
        return Ok(Media {
            file: number,
            ..shown
        });
    }
    if given.is_empty() {
        return Err(Failure::bad(format!(
            "there is no {} in the request",
            kind.field()
        )));
    }
    if given.starts_with("http://") || given.starts_with("https://") {
        // This world has no web.
        return Err(Failure::bad("failed to get HTTP URL content"));
    }
    let Some((known_kind, number)) = parse_file_id(request.bot, given) else {
        return Err(Failure::bad("wrong file identifier/HTTP URL specified"));
    };
    if known_kind != kind {
        return Err(Failure::bad(format!(
            "can't use file of type {} as {}",
            name(known_kind),
            name(kind)
        )));
    }
    let Some(stored) = request.state.files.get(number) else {
        return Err(Failure::bad("wrong file identifier/HTTP URL specified"));
    };
    Ok(shown(kind, number, stored))
}

fn uploaded(kind: MediaKind, upload: Upload) -> Result<StoredFile, Failure> {
    let size = upload.bytes.len() as u64;
    if size == 0 {
        return Err(Failure::bad("file must be non-empty"));
    }
    if size > MOST_UP {
        return Err(Failure::too_large());
    }
    if kind == MediaKind::Photo && size > MOST_PHOTO {
        return Err(Failure::bad(format!(
            "file of size {size} bytes is too big for a photo; the maximum size is {MOST_PHOTO} bytes"
        )));
    }
    let named = !matches!(kind, MediaKind::Photo | MediaKind::Voice);
    Ok(StoredFile {
        kind,
        name: named.then_some(upload.file_name),
        mime_type: upload.mime_type,
        duration: 0,
        bytes: upload.bytes,
    })
}

fn shown(kind: MediaKind, number: u64, stored: &StoredFile) -> Media {
    Media {
        kind,
        file: number,
        file_name: stored.name.clone(),
        mime_type: stored.mime_type.clone(),
        size: stored.bytes.len() as u64,
        duration: stored.duration,
        caption: Formatted::default(),
    }
}

fn name(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Photo => "Photo",
        MediaKind::Document => "Document",
        MediaKind::Voice => "VoiceNote",
        MediaKind::Video => "Video",
        MediaKind::Audio => "Audio",
    }
}
