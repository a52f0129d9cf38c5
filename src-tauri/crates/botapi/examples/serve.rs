//! The fake Bot API server as a program of its own, for clients in other languages: one port speaks the Bot
//! API, another, `POST /VERB` with a JSON object, lets a script make bots and be the people.
//!
//! Prints one line of JSON with both addresses and serves until it is ended. `CHATAI_BOT_API` names the Bot
//! API's description against which every call is checked. Not here: anything of the product.
#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use std::error::Error;
use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};

use botapi::{
    BotId, BotSetup, BusinessRights, Description, Fault, GroupSetup, MessageId, Place, Rank,
    Server, SystemClock, Trouble, UserId, UserSetup, World,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let world = World::new(Arc::new(SystemClock));
    if let Some(path) = std::env::var_os("CHATAI_BOT_API") {
        world.describe(Description::parse(&std::fs::read(path)?)?);
    }
    let server = Server::start(TcpListener::bind("127.0.0.1:0")?, world.clone())?;
    let control = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let control_url = format!("http://{}", control.local_addr()?);
    println!("{}", json!({ "api": server.url(), "control": control_url }));
    let router = Router::new()
        .route("/{verb}", post(answer))
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
    match given.and_then(|given| act(&world, &verb, &given)) {
        Ok(answer) => (StatusCode::OK, answer.to_string()),
        Err(error) => (
            StatusCode::BAD_REQUEST,
            json!({ "error": error }).to_string(),
        ),
    }
}

/// Does what the verb says. The words of the error are for whoever writes the script.
fn act(world: &World, verb: &str, given: &Value) -> Result<Value, String> {
    let number = |name: &str| {
        let number = given[name].as_i64();
        number.ok_or_else(|| format!("{verb}: {name} is to be a number"))
    };
    let text = |name: &str| {
        let text = given[name].as_str();
        text.ok_or_else(|| format!("{verb}: {name} is to be a text"))
    };
    let bot = || number("bot").map(BotId);
    let user = || number("user").map(UserId);
    let place = || match given["group"].as_i64() {
        Some(group) => Ok::<Place, String>(Place::Group(group)),
        None => Ok(world.private(bot()?, user()?)),
    };
    let message = |sent: Result<MessageId, botapi::Refusal>| match sent {
        Ok(id) => Ok(json!({ "message": id.0 })),
        Err(refusal) => Err(format!("{verb}: {refusal}")),
    };
    match verb {
        "bot" => {
            let mut setup = BotSetup::new(text("name")?, text("username")?).for_business();
            if given["reads_all"] == true {
                setup = setup.without_privacy();
            }
            let bot = world.add_bot(setup);
            Ok(json!({ "id": bot.id.0, "token": bot.token }))
        }
        "user" => {
            let user = world.add_user(UserSetup::new(text("name")?).language("en"));
            Ok(json!({ "id": user.0 }))
        }
        "group" => {
            let setup = GroupSetup::new(text("title")?);
            let setup = match given["forum"] == true {
                true => setup.forum(),
                false => setup,
            };
            let group = world.add_group(user()?, setup);
            let rank = Rank::Administrator { topics: true };
            world.set_bot_rank(group, bot()?, rank, user()?);
            Ok(json!({ "id": group.chat_id() }))
        }
        "migrate" => Ok(json!({ "id": world.migrate(place()?, false).chat_id() })),
        "start" => message(world.user_starts(bot()?, user()?, given["payload"].as_str())),
        "say" => message(world.user_says(place()?, user()?, text("text")?)),
        "tap" => {
            let at = MessageId(number("message")?);
            let tapped = world.user_taps(place()?, user()?, at, text("label")?);
            tapped
                .map(Value::String)
                .map_err(|refusal| format!("{verb}: {refusal}"))
        }
        "block" => {
            world.user_blocks(bot()?, user()?);
            Ok(json!({}))
        }
        "unblock" => {
            world.user_unblocks(bot()?, user()?);
            Ok(json!({}))
        }
        "business" => {
            let connection = world.connect_business(bot()?, user()?, BusinessRights::default());
            let chat = world.business_chat(connection, UserId(number("customer")?));
            let said = world.user_says(chat, UserId(number("customer")?), text("text")?);
            said.map_err(|refusal| format!("{verb}: {refusal}"))?;
            Ok(json!({ "id": connection.to_string() }))
        }
        "too_many" => {
            let retry_after = u32::try_from(number("retry_after")?).map_err(|e| e.to_string())?;
            world.order(Fault::new(Trouble::TooMany { retry_after }).on(text("method")?));
            Ok(json!({}))
        }
        "revoke" => Ok(json!({ "token": world.revoke_token(bot()?) })),
        "calls" => {
            let calls = world.calls();
            let calls = calls.iter().map(|call| json!([call.method, call.status]));
            Ok(Value::Array(calls.collect()))
        }
        "violations" => Ok(json!(world.violations())),
        _ => Err(format!("no verb {verb}")),
    }
}
