//! T1 to T7: fetching.

use serde_json::{Value, json};

use botapi::{Parameters, Reply};

use crate::scene::Scene;

fn ids(updates: &Value) -> Vec<i64> {
    let updates = updates.as_array().unwrap();
    updates
        .iter()
        .map(|update| update["update_id"].as_i64().unwrap())
        .collect()
}

fn poll(scene: &Scene, offset: i64) -> Value {
    scene.world.advance(5_000);
    scene.ok("getUpdates", json!({"offset": offset}))
}

fn says(scene: &Scene, count: usize) {
    for number in 0..count {
        scene
            .world
            .user_says(scene.chat, scene.anna, &format!("word {number}"))
            .unwrap();
    }
}

#[test]
fn updates_come_again_until_a_higher_offset_confirms_them() {
    let scene = Scene::new();
    says(&scene, 3);
    let first = ids(&poll(&scene, 0));
    assert_eq!(first.len(), 3);
    assert_eq!(ids(&poll(&scene, first[0])), first);
    assert_eq!(ids(&poll(&scene, first[1])), first[1..]);
    assert_eq!(ids(&poll(&scene, 0)), first[1..]);
}

#[test]
fn a_negative_offset_deletes_what_is_older() {
    let scene = Scene::new();
    says(&scene, 5);
    let last = ids(&poll(&scene, -2));
    assert_eq!(last.len(), 2);
    assert_eq!(ids(&poll(&scene, 0)), last);
}

#[test]
fn the_limit_is_between_1_and_100() {
    let scene = Scene::new();
    says(&scene, 120);
    scene.world.advance(5_000);
    assert_eq!(
        ids(&scene.ok("getUpdates", json!({"limit": 1000}))).len(),
        100
    );
    scene.world.advance(5_000);
    assert_eq!(ids(&scene.ok("getUpdates", json!({"limit": 0}))).len(), 1);
}

#[test]
fn messages_live_a_day_and_taps_150_seconds() {
    let scene = Scene::new();
    let keyboard = json!({"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]});
    let sent = scene.ok(
        "sendMessage",
        json!({"chat_id": scene.chat_id(), "text": "?", "reply_markup": keyboard}),
    );
    let message = botapi::MessageId(sent["message_id"].as_i64().unwrap());
    scene
        .world
        .user_says(scene.chat, scene.anna, "word")
        .unwrap();
    scene
        .world
        .user_taps(scene.chat, scene.anna, message, "Yes")
        .unwrap();
    assert_eq!(scene.world.pending(scene.bot.id), 2);
    scene.world.advance(151_000);
    let left = poll(&scene, 0);
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert!(left[0]["message"].is_object());
    scene.world.advance(24 * 60 * 60 * 1000);
    assert_eq!(scene.world.pending(scene.bot.id), 0);
}

#[test]
fn a_number_that_jumped_down_is_served_to_an_offset_beyond_it() {
    let scene = Scene::new();
    says(&scene, 1);
    let offset = ids(&poll(&scene, 0))[0] + 1;
    assert!(
        scene
            .call("getUpdates", json!({"offset": offset, "timeout": 3}))
            .is_none()
    );
    scene.world.jump_update_id(scene.bot.id, -1_000_000);
    says(&scene, 4);
    let found = ids(&poll(&scene, offset));
    assert_eq!(found.len(), 4, "an offset outside the queue is its head");
    assert!(found[0] < offset);
    assert_eq!(ids(&poll(&scene, found[3] + 1)), Vec::<i64>::new());
}

#[test]
fn after_a_week_of_silence_the_number_is_chosen_anew() {
    let scene = Scene::new();
    says(&scene, 1);
    let id = ids(&poll(&scene, 0))[0];
    scene.world.advance(8 * 24 * 60 * 60 * 1000);
    says(&scene, 1);
    assert_ne!(ids(&poll(&scene, 0))[0], id + 1);
}

#[test]
fn a_poll_waits_50_seconds_at_most() {
    let scene = Scene::new();
    let parameters = Parameters::of(json!({"timeout": 600, "offset": 5})).unwrap();
    let Reply::Wait(poll) = scene
        .world
        .call(&scene.bot.token, "getUpdates", &parameters)
    else {
        panic!("nothing is there: it waits");
    };
    assert!(scene.world.polls(scene.bot.id));
    scene.world.advance(49_000);
    assert!(poll.ready().is_none());
    scene.world.advance(1_000);
    assert_eq!(
        poll.ready().unwrap().body,
        json!({"ok": true, "result": []})
    );
}

#[test]
fn a_waiting_poll_ends_with_the_first_update() {
    let scene = Scene::new();
    let parameters = Parameters::of(json!({"timeout": 50})).unwrap();
    let Reply::Wait(poll) = scene
        .world
        .call(&scene.bot.token, "getUpdates", &parameters)
    else {
        panic!("nothing is there: it waits");
    };
    says(&scene, 1);
    let answer = poll.ready().unwrap();
    assert_eq!(answer.body["result"][0]["message"]["text"], "word 0");
}

#[test]
fn polls_of_one_offset_in_haste_are_slowed_and_get_one_update() {
    let scene = Scene::new();
    // Without a timeout, and yet it waits: the offset is that of a moment ago.
    assert_eq!(scene.ok("getUpdates", json!({"offset": 7})), json!([]));
    assert!(scene.call("getUpdates", json!({"offset": 7})).is_none());
    says(&scene, 3);
    assert_eq!(ids(&scene.ok("getUpdates", json!({"offset": 7}))).len(), 1);
    scene.world.advance(600);
    assert_eq!(ids(&scene.ok("getUpdates", json!({"offset": 7}))).len(), 3);
}

#[test]
fn a_new_poll_ends_the_one_that_waits() {
    let scene = Scene::new();
    let parameters = Parameters::of(json!({"timeout": 50})).unwrap();
    let call = || {
        scene
            .world
            .call(&scene.bot.token, "getUpdates", &parameters)
    };
    let (Reply::Wait(first), Reply::Wait(second)) = (call(), call()) else {
        panic!("nothing is there: both wait");
    };
    let answer = first.ready().unwrap();
    assert_eq!(answer.status, 409);
    assert_eq!(
        answer.body["description"],
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    );
    assert!(second.ready().is_none());
}

#[test]
fn there_is_no_polling_while_a_webhook_is_set() {
    let scene = Scene::new();
    scene.ok("setWebhook", json!({"url": "https://shop.example/hook"}));
    let (status, words) = scene.refused("getUpdates", json!({}));
    assert_eq!(status, 409);
    assert!(words.starts_with("Conflict: can't use getUpdates method while webhook is active"));
    // The second of two conflicts is answered after a while only.
    assert!(scene.call("getUpdates", json!({})).is_none());
    scene.ok("deleteWebhook", json!({}));
    scene.world.advance(5_000);
    assert_eq!(scene.ok("getUpdates", json!({})), json!([]));
}

#[test]
fn the_list_of_kinds_is_remembered() {
    let scene = Scene::new();
    scene.ok("getUpdates", json!({"allowed_updates": ["callback_query"]}));
    says(&scene, 1);
    assert_eq!(scene.world.pending(scene.bot.id), 0);
    scene.world.advance(5_000);
    scene.ok("getUpdates", json!({}));
    assert_eq!(
        scene.world.allowed_updates(scene.bot.id).unwrap(),
        ["callback_query"]
    );
    scene.world.advance(5_000);
    scene.ok("getUpdates", json!({"allowed_updates": []}));
    says(&scene, 1);
    assert_eq!(scene.world.pending(scene.bot.id), 1);
}

#[test]
fn reactions_come_only_to_those_who_ask_for_them() {
    let scene = Scene::new();
    let message = scene
        .world
        .user_says(scene.chat, scene.anna, "word")
        .unwrap();
    scene.fetch();
    scene
        .world
        .user_reacts(scene.chat, scene.anna, message, Some("👍"))
        .unwrap();
    assert_eq!(scene.world.pending(scene.bot.id), 0);
    scene.ok(
        "getUpdates",
        json!({"allowed_updates": ["message_reaction"]}),
    );
    scene
        .world
        .user_reacts(scene.chat, scene.anna, message, None)
        .unwrap();
    let update = &scene.fetch()[0]["message_reaction"];
    assert_eq!(update["old_reaction"][0]["emoji"], "👍");
    assert_eq!(update["new_reaction"], json!([]));
}

#[test]
fn what_nobody_can_read_is_queued_as_it_is() {
    let scene = Scene::new();
    scene
        .world
        .push_raw(scene.bot.id, "something_new", json!({"x": 1}));
    scene
        .world
        .push_raw(scene.bot.id, "message", json!({"message_id": "no number"}));
    let found = scene.fetch();
    assert_eq!(found[0]["something_new"]["x"], 1);
    assert_eq!(found[1]["message"]["message_id"], "no number");
}
