//! The HTTP words of the product: routes, sessions, problems, server-sent events, the OpenAPI document, the UI.
//!
//! Owns: what stands in a request and in a response, and who may send one. Not here: what is done (`app`), SQL,
//! search, models. Handlers read, call one use case, and write.

pub mod config;
pub mod host;
pub mod serve;

mod asker;
#[cfg(test)]
mod contract;
mod cookie;
mod guard;
mod metrics;
mod pages;
mod place;
mod problem;
mod refusals;
mod routes;
mod routing;
mod sse;
mod state;
mod tail;
mod wire;

use std::any::Any;

use app::App;
use axum::Router;
use axum::http::HeaderMap;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

use crate::config::ApiConfig;
use crate::problem::Problem;
use crate::state::Api;

/// The whole server: the API, and the UI for everything else.
pub fn router(app: App, config: ApiConfig) -> Router {
    let api = Api::new(app, config);
    let inner = routes::all()
        .into_router()
        .route_layer(from_fn_with_state(api.clone(), metrics::count))
        .route(
            "/api/openapi.json",
            get(async |headers: HeaderMap| {
                pages::packed("openapi.json", routing::CONTRACT, &headers)
            }),
        )
        .fallback_service(ui())
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(api.clone());
    // One fallback around everything: the guard stands before routing, not behind it.
    Router::new()
        .fallback_service(inner)
        .layer(from_fn_with_state(api, guard::pass))
}

/// The OpenAPI document, as `ui/src/api/openapi.json` holds it.
pub fn openapi() -> String {
    routing::contract()
}

fn ui() -> Router {
    Router::new()
        .fallback(pages::answer)
        .layer(CompressionLayer::new())
}

fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    Problem::internal(format!("a handler panicked: {}", text.unwrap_or_default())).into_response()
}
