//! The simulator: chat with a bot without a token and without a network, customers and operators played by hand.

use app::simulator::{Person, Saying, Simulator, Tap};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use domain::conversation::MAX_ATTACHMENT;

use crate::asker::{Asked, Asker, Body, DONE};
use crate::problem::Problem;
use crate::routing::{Routes, routes};
use crate::state::Api;
use crate::wire::simulator as wire;

/// The routes of this group.
pub fn router() -> Routes {
    let file = usize::try_from(MAX_ATTACHMENT).unwrap_or(usize::MAX);
    Routes::new()
        .routes(routes!(scene, start, end))
        .routes(routes!(say))
        .routes(routes!(tap))
        .routes(routes!(send_file).layer(DefaultBodyLimit::max(file)))
}

/// What stands in the simulator
#[utoipa::path(get, path = "/api/simulator", tag = "simulator",
    params(wire::SceneQuery),
    responses((status = 200, body = wire::Simulator, description = "its chats; none while it does not run")))]
async fn scene(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::SceneQuery>,
) -> Result<Json<wire::Simulator>, Problem> {
    let _place = asked.after.map(|_| api.listen()).transpose()?;
    let scene = api
        .app
        .simulator(&who, simulator(&api), asked.after)
        .await?;
    Ok(Json(scene.into()))
}

/// Open the simulator with a bot of this assistant; one that runs begins anew
#[utoipa::path(post, path = "/api/simulator", tag = "simulator", operation_id = "start_simulator",
    request_body = wire::StartSimulator,
    responses((status = 201, body = wire::Simulator, description = "it runs")))]
async fn start(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::StartSimulator>,
) -> Result<(StatusCode, Json<wire::Simulator>), Problem> {
    let assistant_id = body.assistant_id.parse("assistant_id")?;
    let scene = api.app.start_simulator(&who, simulator(&api), assistant_id);
    Ok((StatusCode::CREATED, Json(scene.await?.into())))
}

/// End the simulator: its bot goes, and what was said through it
#[utoipa::path(delete, path = "/api/simulator", tag = "simulator",
    responses((status = 204, description = "ended")))]
async fn end(State(api): State<Api>, Asker(who): Asker) -> Result<StatusCode, Problem> {
    api.app.end_simulator(&who, simulator(&api)).await?;
    Ok(DONE)
}

/// Say something as a customer or an operator
#[utoipa::path(post, path = "/api/simulator/say", tag = "simulator", operation_id = "say_in_simulator",
    request_body = wire::SimulatorSay,
    responses((status = 204, description = "said")))]
async fn say(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::SimulatorSay>,
) -> Result<StatusCode, Problem> {
    let person = body.place.parse()?;
    said(&api, &who, &person, Saying::Words(body.text)).await
}

/// Press a button
#[utoipa::path(post, path = "/api/simulator/tap", tag = "simulator",
    request_body = wire::SimulatorTap,
    responses((status = 200, body = wire::SimulatorTapped, description = "pressed")))]
async fn tap(
    State(api): State<Api>,
    Asker(who): Asker,
    Body(body): Body<wire::SimulatorTap>,
) -> Result<Json<wire::SimulatorTapped>, Problem> {
    let person = body.place.parse()?;
    let tap = Tap {
        message: body.message,
        row: body.row,
        column: body.column,
    };
    let toast = api.app.simulator_tap(&who, simulator(&api), &person, tap);
    Ok(Json(wire::SimulatorTapped {
        toast: toast.await?,
    }))
}

/// Send a file as a customer or an operator
#[utoipa::path(post, path = "/api/simulator/file", tag = "simulator",
    params(wire::SimulatorFile),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 204, description = "sent")))]
async fn send_file(
    State(api): State<Api>,
    Asker(who): Asker,
    Asked(asked): Asked<wire::SimulatorFile>,
    bytes: Bytes,
) -> Result<StatusCode, Problem> {
    let name = asked.file.chars().take(200).collect();
    let place = wire::SimulatorPlace {
        name: asked.name,
        room: asked.room,
        topic: asked.topic.unwrap_or(0),
    };
    let bytes = bytes.to_vec();
    said(&api, &who, &place.parse()?, Saying::File { name, bytes }).await
}

async fn said(
    api: &Api,
    who: &app::who::Who,
    person: &Person,
    saying: Saying,
) -> Result<StatusCode, Problem> {
    api.app
        .simulator_say(who, simulator(api), person, saying)
        .await?;
    Ok(DONE)
}

/// The simulator of this program, where it has one.
fn simulator(api: &Api) -> Option<&dyn Simulator> {
    api.config().simulator.as_deref()
}
