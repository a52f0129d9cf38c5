//! The world over HTTP, as the Bot API's server speaks it: GET and POST, query, form, multipart, JSON.
//!
//! Binds nothing: it serves the listener it is handed, until it is told to end.

mod wire;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Multipart, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::failure::Failure;
use crate::fault::Trouble;
use crate::file::MOST_UP;
use crate::parameters::{Parameters, Upload};
use crate::world::{WireAnswer, World};

use wire::{Cut, Gate};

/// An upload and what stands around it.
const MOST_BODY: usize = MOST_UP as usize + 1024 * 1024;

/// A server that runs.
pub struct Server {
    address: SocketAddr,
    end: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Server {
    /// Serves the world on the listener. Needs a tokio runtime.
    pub fn start(listener: TcpListener, world: World) -> io::Result<Server> {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let address = listener.local_addr()?;
        let (end, ended) = watch::channel(false);
        let gate = Gate::new(listener, world.clone(), ended.clone());
        let router = Router::new()
            .route("/{bot}/{method}", any(call))
            .route("/file/{bot}/{*path}", any(download))
            .fallback(async || failed(&Failure::not_found()))
            .layer(DefaultBodyLimit::max(MOST_BODY))
            .with_state(world);
        let service = router.into_make_service_with_connect_info::<Cut>();
        let task = tokio::spawn(async move {
            let mut ended = ended;
            let serving = axum::serve(gate, service);
            tokio::select! {
                _ = async { serving.await } => {}
                _ = ended.wait_for(|ended| *ended) => {}
            }
        });
        Ok(Server { address, end, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://…` without a slash at the end: what a client takes for `https://api.telegram.org`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends: waiting polls are cut, connections closed.
    pub async fn stop(self) {
        // Nobody listening means that it ended already.
        let _ = self.end.send(true);
        let _ = self.task.await;
    }
}

async fn call(
    State(world): State<World>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    let Some(token) = bot.strip_prefix("bot") else {
        return failed(&Failure::not_found());
    };
    let parameters = match read(request).await {
        Ok(parameters) => parameters,
        Err(failure) => return failed(&failure),
    };
    let answer = world.call_and_wait(token, &method, &parameters).await;
    respond(answer, &cut).await
}

async fn respond(answer: WireAnswer, cut: &Cut) -> Response {
    match answer.trouble {
        Some(Trouble::DropBefore | Trouble::DropAfter) => {
            cut.now();
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        Some(Trouble::Slow { ms }) => tokio::time::sleep(Duration::from_millis(ms)).await,
        Some(Trouble::Gateway(status)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            let page = format!("<html><head><title>{status}</title></head></html>");
            return (status, [(header::CONTENT_TYPE, "text/html")], page).into_response();
        }
        Some(Trouble::Malformed) => {
            let mut text = answer.body.to_string();
            text.truncate(text.floor_char_boundary(text.len() / 2));
            return json(200, text);
        }
        _ => {}
    }
    json(answer.status, answer.body.to_string())
}

fn failed(failure: &Failure) -> Response {
    json(failure.code, failure.body().to_string())
}

fn json(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn download(
    State(world): State<World>,
    Path((bot, path)): Path<(String, String)>,
) -> Response {
    let token = bot.strip_prefix("bot").unwrap_or_default();
    match world.download(token, &path) {
        Some(bytes) => Body::from(bytes).into_response(),
        None => failed(&Failure::not_found()),
    }
}

/// The parameters of a request, however they came. Those of the body win over those of the address.
async fn read(request: Request) -> Result<Parameters, Failure> {
    let mut parameters = Parameters::new();
    form(request.uri().query().unwrap_or_default(), &mut parameters);
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return multipart(request, parameters).await;
    }
    let is_json = kind.starts_with("application/json");
    let body = axum::body::to_bytes(request.into_body(), MOST_BODY).await;
    let body = body.map_err(|_| Failure::too_large())?;
    if is_json && !body.is_empty() {
        let given = serde_json::from_slice::<Value>(&body).ok();
        let given = given.and_then(Parameters::of);
        let given = given.ok_or_else(|| Failure::bad("can't parse JSON object"))?;
        for (name, value) in given.values() {
            parameters.set(name.clone(), value.clone());
        }
    } else {
        form(&String::from_utf8_lossy(&body), &mut parameters);
    }
    Ok(parameters)
}

async fn multipart(request: Request, mut parameters: Parameters) -> Result<Parameters, Failure> {
    let broken = || Failure::bad("can't parse multipart/form-data");
    // All of it first: a reader of parts is content with the last boundary, and the connection would be closed over
    // what stands behind it, under the client's next call.
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, MOST_BODY).await;
    let body = Body::from(body.map_err(|_| Failure::too_large())?);
    let parts = Multipart::from_request(Request::from_parts(head, body), &()).await;
    let mut parts = parts.map_err(|_| broken())?;
    while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let mime_type = part.content_type().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|_| Failure::too_large())?;
        match file_name {
            Some(file_name) => parameters.attach(
                name,
                Upload {
                    file_name,
                    mime_type,
                    bytes: bytes.as_ref().into(),
                },
            ),
            None => parameters.set(name, String::from_utf8_lossy(&bytes).into_owned()),
        }
    }
    Ok(parameters)
}

/// `a=b&c=d`, escaped as forms escape it.
fn form(text: &str, parameters: &mut Parameters) {
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        parameters.set(unescaped(name), unescaped(value));
    }
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        let code = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (*first, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &after[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = after;
            }
            (byte, _) => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
