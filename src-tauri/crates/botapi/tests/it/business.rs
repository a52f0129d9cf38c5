//! A6: business accounts.

use serde_json::{Value, json};

use botapi::{BotSetup, BusinessRights, ConnectionId, MessageId, Place, Say, UserId, UserSetup};

use crate::scene::Scene;

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn connected() -> (Scene, UserId, ConnectionId, Place) {
    let scene = Scene::with(BotSetup::new("Secretary", "secretary_bot").for_business());
    let owner = scene.world.add_user(UserSetup::new("Olga"));
    let rights = BusinessRights::default();
    let connection = scene.world.connect_business(scene.bot.id, owner, rights);
    let chat = scene.world.business_chat(connection, scene.anna);
    (scene, owner, connection, chat)
}

fn send(scene: &Scene, connection: ConnectionId) -> Value {
    json!({
        "business_connection_id": connection.to_string(),
        "chat_id": scene.anna.0,
        "text": "an answer",
    })
}

#[test]
fn a_connection_is_told_of_and_can_be_asked_for() {
    let (scene, owner, connection, _) = connected();
    let told = scene.fetch()[0]["business_connection"].clone();
    assert_eq!(told["id"], connection.to_string());
    assert_eq!(told["user"]["id"], owner.0);
    assert_eq!(told["rights"]["can_reply"], true);
    let asked = json!({"business_connection_id": connection.to_string()});
    assert_eq!(scene.ok("getBusinessConnection", asked), told);
    let other = json!({"business_connection_id": "business-99"});
    assert_eq!(
        scene.refused("getBusinessConnection", other).1,
        "Bad Request: business connection not found"
    );
    scene.world.enable_business(connection, false);
    assert_eq!(scene.fetch()[0]["business_connection"]["is_enabled"], false);
    assert_eq!(
        scene.refused("sendMessage", send(&scene, connection)).0,
        400
    );
}

#[test]
fn customer_owner_and_bot_are_told_apart() {
    let (scene, owner, connection, chat) = connected();
    scene.fetch();
    scene.world.user_says(chat, scene.anna, "question").unwrap();
    scene.world.user_says(chat, owner, "my own answer").unwrap();
    scene
        .world
        .say(chat, owner, Say::text("We are closed").automatic())
        .unwrap();
    let sent = scene.ok("sendMessage", send(&scene, connection));
    assert_eq!(sent["from"]["id"], owner.0);
    let updates = scene.fetch();
    let seen: Vec<&Value> = updates
        .iter()
        .map(|update| &update["business_message"])
        .collect();
    assert_eq!(seen.len(), 4);
    assert_eq!(seen[0]["business_connection_id"], connection.to_string());
    assert_eq!(seen[0]["chat"]["id"], scene.anna.0);
    assert_eq!(seen[1]["from"]["id"], owner.0);
    assert_eq!(seen[2]["is_from_offline"], true);
    assert_eq!(seen[3]["sender_business_bot"]["username"], "secretary_bot");
    // The chat is another than Anna's own with the bot.
    assert!(scene.world.said_by_bots(scene.chat).is_empty());
}

#[test]
fn an_answer_is_taken_for_a_day_after_the_customers_word() {
    let (scene, _, connection, chat) = connected();
    assert_eq!(
        scene.refused("sendMessage", send(&scene, connection)).1,
        "Bad Request: BUSINESS_PEER_USAGE_MISSING"
    );
    let said = scene.world.user_says(chat, scene.anna, "question").unwrap();
    let read = |message: MessageId| {
        json!({
            "business_connection_id": connection.to_string(),
            "chat_id": scene.anna.0,
            "message_id": message.0,
        })
    };
    scene.ok("readBusinessMessage", read(said));
    assert_eq!(
        scene.world.business_read(connection, scene.anna),
        Some(said)
    );
    scene.world.advance(DAY_MS - 1);
    scene.ok("sendMessage", send(&scene, connection));
    scene.world.advance(60_000);
    assert_eq!(
        scene.refused("sendMessage", send(&scene, connection)).0,
        400
    );
    assert_eq!(scene.refused("readBusinessMessage", read(said)).0, 400);
}

#[test]
fn rights_are_kept() {
    let (scene, _, connection, chat) = connected();
    scene.world.user_says(chat, scene.anna, "question").unwrap();
    let sent = scene.ok("sendMessage", send(&scene, connection));
    let delete = json!({
        "business_connection_id": connection.to_string(),
        "message_ids": [sent["message_id"]],
    });
    scene.ok("deleteBusinessMessages", delete.clone());
    assert!(scene.world.said_by_bots(chat).is_empty());
    let none = BusinessRights {
        can_reply: false,
        can_read_messages: false,
        can_delete_sent_messages: false,
    };
    scene.world.change_business(connection, none);
    assert_eq!(
        scene.refused("sendMessage", send(&scene, connection)).0,
        403
    );
    assert_eq!(scene.refused("deleteBusinessMessages", delete).0, 403);
}

#[test]
fn edits_and_deletions_are_told_of() {
    let (scene, _, connection, chat) = connected();
    let said = scene.world.user_says(chat, scene.anna, "question").unwrap();
    scene.fetch();
    scene
        .world
        .user_edits(chat, scene.anna, said, "another")
        .unwrap();
    scene.world.user_deletes(chat, said).unwrap();
    let updates = scene.fetch();
    assert_eq!(updates[0]["edited_business_message"]["text"], "another");
    let deleted = &updates[1]["deleted_business_messages"];
    assert_eq!(deleted["business_connection_id"], connection.to_string());
    assert_eq!(deleted["message_ids"], json!([said.0]));
}
