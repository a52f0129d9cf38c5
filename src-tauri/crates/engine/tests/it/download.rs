//! Downloads of models from a hub on loopback that stops in the middle, lies, or refuses.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::models::ModelFolder;
use engine::models::download::DownloadError;
use engine::models::manifest::Spec;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::remote::net;

const WEIGHTS: &[u8] = b"a thousand numbers, as it were";
/// SHA-256 of [`WEIGHTS`], by `sha256sum`.
const HASH: &str = "24839f44823a445a612dccbfe2a0a40039de92e4e30f7713cca288911a523ccf";

/// A hub that has one file.
struct Hub {
    /// How many bytes of it are sent before the connection ends, at the first request.
    first_sends: usize,
    /// The header that announces the hash of the file, if any.
    announces: Option<&'static str>,
    status: u16,
}

const GOOD: Hub = Hub {
    first_sends: usize::MAX,
    announces: None,
    status: 200,
};

/// Starts the hub; returns its address and how many bytes it has sent.
async fn start(hub: Hub) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = sent.clone();
    tokio::spawn(async move {
        let mut most = hub.first_sends;
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(serve(&hub, stream, most).await, Ordering::Relaxed);
            most = usize::MAX;
        }
    });
    (address, sent)
}

async fn serve(hub: &Hub, mut stream: TcpStream, most: usize) -> usize {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut part = [0; 1024];
        let count = stream.read(&mut part).await.unwrap();
        assert_ne!(count, 0, "the request ends early");
        request.extend_from_slice(&part[..count]);
    }
    let request = String::from_utf8(request).unwrap().to_lowercase();
    assert!(request.starts_with("get /maker/model/resolve/main/model.safetensors "));
    let range = request.split("range: bytes=").nth(1);
    let begins_at: usize =
        range.map_or(0, |range| range.split('-').next().unwrap().parse().unwrap());
    let status = match (hub.status, begins_at) {
        (200, 0) => 200,
        (200, begin) if begin >= WEIGHTS.len() => 416,
        (200, _) => 206,
        (other, _) => other,
    };
    let body = match status {
        200 | 206 => &WEIGHTS[begins_at..],
        _ => &[],
    };
    let etag = hub
        .announces
        .map_or(String::new(), |hash| format!("etag: \"{hash}\"\r\n"));
    let head = format!(
        "HTTP/1.1 {status} x\r\ncontent-length: {}\r\n{etag}connection: close\r\n\r\n",
        body.len()
    );
    let cut = &body[..body.len().min(most)];
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(cut).await.unwrap();
    cut.len()
}

fn spec(sha256: Option<&str>) -> Spec {
    let spec = serde_json::json!({
        "name": "model", "publisher": "maker", "repository": "maker/model", "licence": "MIT",
        "languages": ["en"], "dimensions": 2, "max_tokens": 8, "pooling": "mean",
        "query_prefix": "", "passage_prefix": "",
        "files": [{ "name": "model.safetensors", "size": WEIGHTS.len(), "sha256": sha256 }],
    });
    serde_json::from_value(spec).unwrap()
}

async fn download(
    folder: &ModelFolder,
    hub: &str,
    sha256: Option<&str>,
) -> Result<(), DownloadError> {
    folder
        .download(&net(), hub, &spec(sha256), &|_, _, _| {})
        .await
}

fn new_folder() -> (tempfile::TempDir, ModelFolder) {
    let place = tempfile::tempdir().unwrap();
    let folder = ModelFolder::new(place.path());
    (place, folder)
}

#[tokio::test]
async fn a_download_that_was_cut_off_goes_on_where_it_stopped() {
    let (address, sent) = start(Hub {
        first_sends: 11,
        ..GOOD
    })
    .await;
    let (_place, folder) = new_folder();
    let file = folder.folder("model").join("model.safetensors");
    let cut = download(&folder, &address, Some(HASH)).await;
    assert!(matches!(cut, Err(DownloadError::Net(_))), "{cut:?}");
    assert!(!file.exists());
    download(&folder, &address, Some(HASH)).await.unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), WEIGHTS);
    assert_eq!(sent.load(Ordering::Relaxed), WEIGHTS.len());
}

#[tokio::test]
async fn weights_that_are_not_what_was_published_are_removed_and_never_get_their_name() {
    let (address, _) = start(GOOD).await;
    let (_place, folder) = new_folder();
    let other = "0".repeat(64);
    let wrong = download(&folder, &address, Some(&other)).await;
    assert!(
        matches!(wrong, Err(DownloadError::Wrong { .. })),
        "{wrong:?}"
    );
    let left = std::fs::read_dir(folder.folder("model")).unwrap().count();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn weights_count_only_against_a_known_or_an_announced_hash() {
    let (silent, _) = start(GOOD).await;
    let (_place, folder) = new_folder();
    let unknown = download(&folder, &silent, None).await;
    assert!(
        matches!(unknown, Err(DownloadError::Wrong { .. })),
        "{unknown:?}"
    );
    let (announcing, _) = start(Hub {
        announces: Some(HASH),
        ..GOOD
    })
    .await;
    download(&folder, &announcing, None).await.unwrap();
}

#[tokio::test]
async fn a_hub_that_refuses_is_named_with_its_status() {
    let (address, _) = start(Hub {
        status: 404,
        ..GOOD
    })
    .await;
    let (_place, folder) = new_folder();
    match download(&folder, &address, Some(HASH)).await {
        Err(DownloadError::Refused { file, status }) => {
            assert_eq!((file.as_str(), status), ("model.safetensors", 404));
        }
        other => panic!("expected a refusal, got {other:?}"),
    }
}
