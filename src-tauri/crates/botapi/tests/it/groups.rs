//! T16, T17, T20: groups, topics, migration.

use serde_json::{Value, json};

use botapi::{BotSetup, GroupSetup, Place, Rank, Say, TopicId};

use crate::scene::Scene;

const RUNS: Rank = Rank::Administrator { topics: true };

fn group(scene: &Scene, setup: GroupSetup, rank: Rank) -> Place {
    let place = scene.world.add_group(scene.anna, setup);
    scene
        .world
        .set_bot_rank(place, scene.bot.id, rank, scene.anna);
    scene.fetch();
    place
}

fn texts(updates: &[Value]) -> Vec<String> {
    let texts = updates
        .iter()
        .filter_map(|update| update["message"]["text"].as_str());
    texts.map(str::to_owned).collect()
}

#[test]
fn in_privacy_mode_a_bot_hears_what_is_said_to_it() {
    let scene = Scene::new();
    let place = group(&scene, GroupSetup::new("Ride"), Rank::Member);
    let says = |text: &str| scene.world.user_says(place, scene.anna, text).unwrap();
    let sent = scene.ok(
        "sendMessage",
        json!({"chat_id": place.chat_id(), "text": "hello"}),
    );
    let sent = botapi::MessageId(sent["message_id"].as_i64().unwrap());
    says("nothing for a bot");
    says("/price");
    says("/price@bicycle_bot now");
    says("/price@other_bot");
    says("and @Bicycle_Bot says?");
    says("@bicycle_bots is another");
    scene
        .world
        .say(place, scene.anna, Say::text("to your words").reply_to(sent))
        .unwrap();
    let heard = texts(&scene.fetch());
    assert_eq!(
        heard,
        [
            "/price",
            "/price@bicycle_bot now",
            "and @Bicycle_Bot says?",
            "to your words"
        ]
    );
}

#[test]
fn without_privacy_or_as_administrator_it_hears_all() {
    let scene = Scene::with(BotSetup::new("Shop", "shop_bot").without_privacy());
    let place = group(&scene, GroupSetup::new("Ride"), Rank::Member);
    scene.world.user_says(place, scene.anna, "word").unwrap();
    assert_eq!(texts(&scene.fetch()), ["word"]);
    let scene = Scene::new();
    let place = group(&scene, GroupSetup::new("Ride").supergroup(), RUNS);
    scene.world.user_says(place, scene.anna, "word").unwrap();
    assert_eq!(texts(&scene.fetch()), ["word"]);
}

#[test]
fn a_bot_is_told_what_it_becomes_in_a_group() {
    let scene = Scene::new();
    let place = scene.world.add_group(scene.anna, GroupSetup::new("Ride"));
    scene
        .world
        .set_bot_rank(place, scene.bot.id, Rank::Member, scene.anna);
    let told = scene.fetch();
    assert_eq!(
        told[0]["my_chat_member"]["old_chat_member"]["status"],
        "left"
    );
    assert_eq!(
        told[0]["my_chat_member"]["new_chat_member"]["status"],
        "member"
    );
    assert!(told[1]["message"]["new_chat_members"].is_array());
    scene
        .world
        .set_bot_rank(place, scene.bot.id, Rank::Kicked, scene.anna);
    assert_eq!(
        scene.fetch()[0]["my_chat_member"]["new_chat_member"]["status"],
        "kicked"
    );
    let send = json!({"chat_id": place.chat_id(), "text": "x"});
    assert_eq!(
        scene.refused("sendMessage", send),
        (
            403,
            "Forbidden: bot was kicked from the group chat".to_owned()
        )
    );
}

#[test]
fn a_group_takes_20_a_minute_and_its_topics_share_them() {
    let scene = Scene::new();
    let place = group(&scene, GroupSetup::new("Staff").forum(), RUNS);
    let chat_id = place.chat_id();
    let topic = |name: &str| {
        scene.ok(
            "createForumTopic",
            json!({"chat_id": chat_id, "name": name}),
        )
    };
    let topics = [topic("a"), topic("b")];
    for number in 0..18 {
        let thread = &topics[number % 2]["message_thread_id"];
        scene.ok(
            "sendMessage",
            json!({"chat_id": chat_id, "message_thread_id": thread, "text": "x"}),
        );
    }
    assert_eq!(
        scene
            .refused("sendMessage", json!({"chat_id": chat_id, "text": "x"}))
            .0,
        429
    );
    // Other chats go on.
    scene.ok(
        "sendMessage",
        json!({"chat_id": scene.chat_id(), "text": "x"}),
    );
}

#[test]
fn topics_are_made_named_closed_and_gone() {
    let scene = Scene::new();
    let place = group(&scene, GroupSetup::new("Staff").forum(), RUNS);
    let chat_id = place.chat_id();
    let made = scene.ok(
        "createForumTopic",
        json!({"chat_id": chat_id, "name": "Anna"}),
    );
    let thread = made["message_thread_id"].as_i64().unwrap();
    assert!(scene.fetch()[0]["message"]["forum_topic_created"].is_object());
    let of = |more: Value| {
        let mut all = json!({"chat_id": chat_id, "message_thread_id": thread});
        all.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        all
    };
    scene.ok("editForumTopic", of(json!({"name": "Anna K."})));
    assert_eq!(
        scene
            .refused("editForumTopic", of(json!({"name": "Anna K."})))
            .1,
        "Bad Request: TOPIC_NOT_MODIFIED"
    );
    scene.ok("closeForumTopic", of(json!({})));
    assert_eq!(
        scene.refused("closeForumTopic", of(json!({}))).1,
        "Bad Request: TOPIC_NOT_MODIFIED"
    );
    scene.ok("reopenForumTopic", of(json!({})));
    let said = scene
        .world
        .say(
            place,
            scene.anna,
            Say::text("in it").in_topic(TopicId(thread)),
        )
        .unwrap();
    let update = scene.fetch().pop().unwrap();
    assert_eq!(update["message"]["message_thread_id"], thread);
    assert_eq!(update["message"]["is_topic_message"], true);
    assert!(scene.world.message(place, said).is_some());
    assert!(scene.world.user_deletes_topic(place, TopicId(thread)));
    let send = of(json!({"text": "x"}));
    assert_eq!(
        scene.refused("sendMessage", send).1,
        "Bad Request: message thread not found"
    );
    assert_eq!(
        scene.refused("deleteForumTopic", of(json!({}))).1,
        "Bad Request: TOPIC_ID_INVALID"
    );
    let again = scene.ok(
        "createForumTopic",
        json!({"chat_id": chat_id, "name": "Anna"}),
    );
    scene.ok(
        "deleteForumTopic",
        json!({"chat_id": chat_id, "message_thread_id": again["message_thread_id"]}),
    );
    assert!(scene.world.topics(place).is_empty());
}

#[test]
fn topics_need_a_forum_and_the_right() {
    let scene = Scene::new();
    let member = group(
        &scene,
        GroupSetup::new("Staff").forum(),
        Rank::Administrator { topics: false },
    );
    let make = |place: Place| json!({"chat_id": place.chat_id(), "name": "x"});
    assert_eq!(
        scene.refused("createForumTopic", make(member)).1,
        "Bad Request: not enough rights to create a topic"
    );
    let plain = group(&scene, GroupSetup::new("Ride").supergroup(), RUNS);
    assert_eq!(
        scene.refused("createForumTopic", make(plain)).1,
        "Bad Request: the chat is not a forum"
    );
    let long = group(&scene, GroupSetup::new("Staff").forum(), RUNS);
    let long = json!({"chat_id": long.chat_id(), "name": "x".repeat(129)});
    assert_eq!(scene.refused("createForumTopic", long).0, 400);
}

#[test]
fn a_group_becomes_a_supergroup_with_a_new_number() {
    let scene = Scene::new();
    let old = group(&scene, GroupSetup::new("Staff"), Rank::Member);
    let new = scene.world.migrate(old, true);
    let told = scene.fetch();
    assert_eq!(told[0]["message"]["migrate_to_chat_id"], new.chat_id());
    assert_eq!(told[1]["message"]["migrate_from_chat_id"], old.chat_id());
    let answer = scene
        .call(
            "sendMessage",
            json!({"chat_id": old.chat_id(), "text": "x"}),
        )
        .unwrap();
    assert_eq!(answer.status, 400);
    assert_eq!(
        answer.body["parameters"]["migrate_to_chat_id"],
        new.chat_id()
    );
    let sent = scene.ok(
        "sendMessage",
        json!({"chat_id": new.chat_id(), "text": "x"}),
    );
    assert_eq!(sent["chat"]["type"], "supergroup");
    assert!(scene.world.user_says(old, scene.anna, "x").is_err());
}

#[test]
fn members_are_told_of_and_sent_away() {
    let scene = Scene::new();
    let place = group(&scene, GroupSetup::new("Staff").supergroup(), RUNS);
    let chat_id = place.chat_id();
    let bob = scene.world.add_user(botapi::UserSetup::new("Bob"));
    scene.ok(
        "getUpdates",
        json!({"allowed_updates": ["chat_member", "message"]}),
    );
    // A poll right after another one is given a single update.
    scene.world.advance(5_000);
    scene.world.join(place, bob);
    let told = scene.fetch();
    assert_eq!(
        told[0]["chat_member"]["new_chat_member"]["status"],
        "member"
    );
    let of = |user: i64| json!({"chat_id": chat_id, "user_id": user});
    assert_eq!(scene.ok("getChatMember", of(bob.0))["status"], "member");
    assert_eq!(
        scene.ok("getChatMemberCount", json!({"chat_id": chat_id})),
        3
    );
    assert_eq!(
        scene
            .ok("getChatAdministrators", json!({"chat_id": chat_id}))
            .as_array()
            .unwrap()
            .len(),
        2
    );
    scene.ok("banChatMember", of(bob.0));
    assert_eq!(scene.ok("getChatMember", of(bob.0))["status"], "kicked");
    assert!(scene.world.user_says(place, bob, "x").is_err());
    scene.ok("unbanChatMember", of(bob.0));
    assert_eq!(
        scene.refused("banChatMember", of(scene.anna.0)).1,
        "Bad Request: can't remove chat owner"
    );
    scene.ok("leaveChat", json!({"chat_id": chat_id}));
    let send = json!({"chat_id": chat_id, "text": "x"});
    assert_eq!(
        scene.refused("sendMessage", send).1,
        "Forbidden: bot is not a member of the supergroup chat"
    );
}
