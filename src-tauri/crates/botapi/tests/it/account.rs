//! T14, T15, T21, T22, A8: the account, who may be written to, commands, webhooks.

use serde_json::json;

use botapi::{Parameters, Reply};

use crate::scene::Scene;

#[test]
fn who_blocked_the_bot_or_is_gone_cannot_be_written_to() {
    let scene = Scene::new();
    let send = json!({"chat_id": scene.chat_id(), "text": "x"});
    scene.world.user_blocks(scene.bot.id, scene.anna);
    assert_eq!(
        scene.refused("sendMessage", send.clone()),
        (403, "Forbidden: bot was blocked by the user".to_owned())
    );
    assert_eq!(
        scene
            .refused(
                "sendChatAction",
                json!({"chat_id": scene.chat_id(), "action": "typing"})
            )
            .0,
        403
    );
    assert!(scene.world.user_says(scene.chat, scene.anna, "x").is_err());
    let told = &scene.fetch()[0]["my_chat_member"];
    assert_eq!(told["new_chat_member"]["status"], "kicked");
    scene.world.user_unblocks(scene.bot.id, scene.anna);
    assert_eq!(
        scene.fetch()[0]["my_chat_member"]["new_chat_member"]["status"],
        "member"
    );
    scene.ok("sendMessage", send.clone());
    scene.world.user_goes(scene.anna);
    assert_eq!(
        scene.refused("sendMessage", send).1,
        "Forbidden: user is deactivated"
    );
}

#[test]
fn a_bot_writes_first_to_nobody() {
    let scene = Scene::new();
    let bob = scene.world.add_user(botapi::UserSetup::new("Bob"));
    let send = json!({"chat_id": bob.0, "text": "x"});
    assert_eq!(
        scene.refused("sendMessage", send.clone()).1,
        "Bad Request: chat not found"
    );
    let place = scene.world.add_group(bob, botapi::GroupSetup::new("Ride"));
    scene
        .world
        .set_bot_rank(place, scene.bot.id, botapi::Rank::Member, bob);
    assert_eq!(
        scene.refused("sendMessage", send).1,
        "Forbidden: bot can't initiate conversation with a user"
    );
    assert_eq!(
        scene.refused("sendMessage", json!({"text": "x"})).1,
        "Bad Request: chat_id is empty"
    );
    let me = json!({"chat_id": scene.bot.id.0, "text": "x"});
    assert_eq!(scene.refused("sendMessage", me).0, 403);
}

#[test]
fn a_wrong_token_is_unauthorized_and_a_broken_one_not_found() {
    let scene = Scene::new();
    let status = |token: &str| match scene.world.call(token, "getMe", &Parameters::new()) {
        Reply::Answer(answer) => answer.status,
        Reply::Wait(_) => 0,
    };
    let old = scene.bot.token.clone();
    assert_eq!(status(&old), 200);
    assert_eq!(status("nonsense"), 404);
    assert_eq!(status("123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"), 401);
    let new = scene.world.revoke_token(scene.bot.id).unwrap();
    assert_eq!((status(&old), status(&new)), (401, 200));
}

#[test]
fn a_waiting_poll_ends_when_the_token_is_revoked() {
    let scene = Scene::new();
    let parameters = Parameters::of(json!({"timeout": 50})).unwrap();
    let Reply::Wait(poll) = scene
        .world
        .call(&scene.bot.token, "getUpdates", &parameters)
    else {
        panic!("nothing is there: it waits");
    };
    scene.world.revoke_token(scene.bot.id);
    assert_eq!(poll.ready().unwrap().status, 401);
}

#[test]
fn the_account_tells_what_it_can() {
    let scene = Scene::new();
    let me = scene.ok("getMe", json!({}));
    assert_eq!(
        (&me["username"], &me["can_read_all_group_messages"]),
        (&json!("bicycle_bot"), &json!(false))
    );
    assert_eq!(
        scene.refused("getWeather", json!({})),
        (404, "Not Found: method not found".to_owned())
    );
    scene.ok("setMyName", json!({"name": "Wheels"}));
    assert_eq!(
        scene.ok("getMyName", json!({"language_code": "ru"}))["name"],
        "Wheels"
    );
    scene.ok("setMyDescription", json!({"description": "we sell"}));
    assert_eq!(
        scene.ok("getMyDescription", json!({}))["description"],
        "we sell"
    );
    scene.ok(
        "setMyShortDescription",
        json!({"short_description": "bikes"}),
    );
    assert_eq!(
        scene.ok("getMyShortDescription", json!({}))["short_description"],
        "bikes"
    );
    assert_eq!(
        scene
            .refused("setMyName", json!({"name": "x".repeat(65)}))
            .0,
        400
    );
    scene.ok("close", json!({}));
    scene.ok("logOut", json!({}));
    assert_eq!(
        scene.refused("getMe", json!({})),
        (400, "Logged out".to_owned())
    );
    scene.world.advance(10 * 60 * 1000);
    scene.ok("getMe", json!({}));
}

#[test]
fn commands_are_kept_by_scope_and_language() {
    let scene = Scene::new();
    let list = |name: &str| json!([{"command": name, "description": "what it does"}]);
    scene.ok("setMyCommands", json!({"commands": list("help")}));
    let private = json!({"type": "all_private_chats"});
    scene.ok(
        "setMyCommands",
        json!({"commands": list("pomosch"), "scope": private, "language_code": "ru"}),
    );
    let got = scene.ok(
        "getMyCommands",
        json!({"scope": private, "language_code": "ru"}),
    );
    assert_eq!(got[0]["command"], "pomosch");
    assert_eq!(
        scene.ok("getMyCommands", json!({"language_code": "ru"})),
        json!([])
    );
    assert_eq!(
        scene.world.commands(scene.bot.id, "default", "")[0].0,
        "help"
    );
    scene.ok("deleteMyCommands", json!({}));
    assert_eq!(scene.ok("getMyCommands", json!({})), json!([]));
    let (_, words) = scene.refused("setMyCommands", json!({"commands": list("Help!")}));
    assert_eq!(words, "Bad Request: BOT_COMMAND_INVALID");
    let many: Vec<_> = (0..101)
        .map(|n| json!({"command": format!("c{n}"), "description": "d"}))
        .collect();
    assert_eq!(
        scene.refused("setMyCommands", json!({"commands": many})).1,
        "Bad Request: BOT_COMMANDS_TOO_MUCH"
    );
}

#[test]
fn a_deep_links_payload_comes_with_start() {
    let scene = Scene::new();
    scene
        .world
        .user_starts(scene.bot.id, scene.anna, Some("abc-_1"))
        .unwrap();
    let message = &scene.fetch()[0]["message"];
    assert_eq!(message["text"], "/start abc-_1");
    assert_eq!(
        message["entities"][0],
        json!({"type": "bot_command", "offset": 0, "length": 6})
    );
}

#[test]
fn a_webhook_is_served_until_it_says_2xx() {
    let scene = Scene::new();
    let set = |url: &str, secret: &str| json!({"url": url, "secret_token": secret});
    assert_eq!(
        scene
            .refused("setWebhook", set("http://shop.example", "s"))
            .0,
        400
    );
    assert_eq!(
        scene
            .refused("setWebhook", set("https://shop.example:9000", "s"))
            .0,
        400
    );
    assert_eq!(
        scene
            .refused("setWebhook", set("https://shop.example", "no spaces"))
            .0,
        400
    );
    scene.ok(
        "setWebhook",
        set("https://shop.example:8443/hook", "secret-1"),
    );
    assert!(scene.world.webhook_call(scene.bot.id).is_none());
    scene
        .world
        .user_says(scene.chat, scene.anna, "word")
        .unwrap();
    let call = scene.world.webhook_call(scene.bot.id).unwrap();
    assert_eq!(
        (call.secret_token.as_str(), &call.body["message"]["text"]),
        ("secret-1", &json!("word"))
    );
    scene
        .world
        .webhook_answered(scene.bot.id, call.update_id, 500);
    assert!(
        scene.world.webhook_call(scene.bot.id).is_none(),
        "not at once again"
    );
    let info = scene.ok("getWebhookInfo", json!({}));
    assert_eq!(info["pending_update_count"], 1);
    assert!(info["last_error_message"].as_str().unwrap().contains("500"));
    scene.world.advance(1_000);
    assert_eq!(scene.world.webhook_call(scene.bot.id).unwrap(), call);
    scene
        .world
        .webhook_answered(scene.bot.id, call.update_id, 204);
    assert_eq!(scene.world.pending(scene.bot.id), 0);
    scene
        .world
        .user_says(scene.chat, scene.anna, "kept")
        .unwrap();
    scene.ok("deleteWebhook", json!({}));
    assert_eq!(
        scene.world.pending(scene.bot.id),
        1,
        "unless told to drop them"
    );
    scene.ok("deleteWebhook", json!({"drop_pending_updates": true}));
    assert_eq!(scene.world.pending(scene.bot.id), 0);
}
