//! The fake Bot API server as a program of its own, for clients in other languages: one port speaks the Bot
//! API, another, `POST /VERB` with a JSON object, lets a script make bots and be the people (see `verbs`).
//!
//! Prints one line of JSON with both addresses and serves until it is ended. `CHATAI_BOT_API` names the Bot
//! API's description against which every call is checked. Not here: anything of the product.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

mod verbs;

use std::error::Error;
use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};

use botapi::{Budgets, Description, Server, Settings, SystemClock, World};

/// Most bytes of what a script says at once.
const MOST_SAID: usize = 1024 * 1024;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Limits have tests of their own: a script says in seconds what people say in an hour.
    let settings = Settings {
        budgets: Budgets::unlimited(),
        ..Settings::default()
    };
    let world = World::with(Arc::new(SystemClock), settings);
    let description = std::env::var_os("CHATAI_BOT_API");
    if let Some(path) = &description {
        world.describe(Description::parse(&std::fs::read(path)?)?);
    }
    let server = Server::start(TcpListener::bind("127.0.0.1:0")?, world.clone())?;
    let control = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let control_url = format!("http://{}", control.local_addr()?);
    println!(
        "{}",
        json!({
            "api": server.url(),
            "control": control_url,
            "described": description.is_some(),
        })
    );
    let router = Router::new()
        .route("/{verb}", post(answer))
        .layer(DefaultBodyLimit::max(MOST_SAID))
        .with_state(world);
    axum::serve(control, router).await?;
    Ok(())
}

async fn answer(
    State(world): State<World>,
    Path(verb): Path<String>,
    body: Bytes,
) -> (StatusCode, String) {
    let given = serde_json::from_slice::<Value>(&body).map_err(|error| error.to_string());
    match given.and_then(|given| verbs::act(&world, &verb, &given)) {
        Ok(answer) => (StatusCode::OK, answer.to_string()),
        Err(error) => (
            StatusCode::BAD_REQUEST,
            json!({ "error": format!("{verb}: {error}") }).to_string(),
        ),
    }
}
