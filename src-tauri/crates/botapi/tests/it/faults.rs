//! Trouble to order, and the bounds of what is kept.

use std::sync::Arc;

use serde_json::json;

use botapi::{
    BotSetup, Bounds, Fault, Parameters, Settings, StandingClock, Trouble, UserSetup, World,
};

use crate::scene::Scene;

#[test]
fn trouble_strikes_the_calls_it_was_ordered_for() {
    let scene = Scene::new();
    let send = json!({"chat_id": scene.chat_id(), "text": "x"});
    scene.world.order(
        Fault::new(Trouble::Gateway(502))
            .on("sendMessage")
            .after(1)
            .times(2),
    );
    let statuses: Vec<u16> = (0..4)
        .map(|_| scene.call("sendMessage", send.clone()).unwrap().status)
        .collect();
    assert_eq!(statuses, [200, 502, 502, 200]);
    assert_eq!(
        scene.world.said_by_bots(scene.chat).len(),
        2,
        "a gateway carries nothing out"
    );
    scene
        .world
        .order(Fault::new(Trouble::TooMany { retry_after: 7 }).in_chat(1));
    scene.ok("sendMessage", send.clone());
    scene.world.clear_orders();
    let words = "Forbidden: user is deactivated".to_owned();
    scene.world.order(
        Fault::new(Trouble::Refused {
            code: 403,
            description: words.clone(),
        })
        .of(scene.bot.id),
    );
    assert_eq!(scene.refused("sendMessage", send), (403, words));
}

#[test]
fn what_was_told_to_wait_waits_for_that_chat_alone() {
    let scene = Scene::new();
    let send = json!({"chat_id": scene.chat_id(), "text": "x"});
    scene
        .world
        .order(Fault::new(Trouble::TooMany { retry_after: 7 }).on("sendMessage"));
    let first = scene.call("sendMessage", send.clone()).unwrap();
    assert_eq!(first.body["parameters"]["retry_after"], 7);
    scene.ok("getMe", json!({}));
    scene.world.advance(6_999);
    assert_eq!(scene.refused("sendMessage", send.clone()).0, 429);
    scene.world.advance(1);
    scene.ok("sendMessage", send);
    assert_eq!(scene.world.too_early_count(), 1);
}

#[test]
fn a_lost_answer_is_of_a_call_that_was_carried_out() {
    let scene = Scene::new();
    let send = |text: &str| json!({"chat_id": scene.chat_id(), "text": text});
    scene
        .world
        .order(Fault::new(Trouble::DropAfter).on("sendMessage"));
    let lost = scene.call("sendMessage", send("after")).unwrap();
    assert_eq!(lost.trouble, Some(Trouble::DropAfter));
    scene
        .world
        .order(Fault::new(Trouble::DropBefore).on("sendMessage"));
    assert_eq!(scene.call("sendMessage", send("before")).unwrap().status, 0);
    assert_eq!(scene.world.said_by_bots(scene.chat), ["after"]);
}

#[test]
fn chance_is_the_seeds() {
    let struck = |seed: u64| {
        let settings = Settings {
            seed,
            ..Settings::default()
        };
        let world = World::with(Arc::new(StandingClock::default()), settings);
        let bot = world.add_bot(BotSetup::new("Shop", "shop_bot"));
        world.order(Fault::new(Trouble::Gateway(504)).with_probability(0.3));
        let calls = 0..1000;
        let calls = calls.map(
            |_| match world.call(&bot.token, "getMe", &Parameters::new()) {
                botapi::Reply::Answer(answer) => answer.status == 504,
                botapi::Reply::Wait(_) => false,
            },
        );
        calls.collect::<Vec<bool>>()
    };
    let first = struck(1);
    assert_eq!(first, struck(1));
    assert_ne!(first, struck(2));
    let share = first.iter().filter(|struck| **struck).count();
    assert!((250..350).contains(&share), "{share}");
}

#[test]
fn what_is_kept_has_bounds() {
    let bounds = Bounds {
        messages: 5,
        updates: 4,
        calls: 3,
        file_bytes: 10,
        remembered: 2,
    };
    let settings = Settings {
        bounds,
        ..Settings::default()
    };
    let world = World::with(Arc::new(StandingClock::default()), settings);
    let bot = world.add_bot(BotSetup::new("Shop", "shop_bot"));
    let anna = world.add_user(UserSetup::new("Anna"));
    let chat = world.private(bot.id, anna);
    for number in 0..20 {
        world
            .say(chat, anna, botapi::Say::photo(vec![number; 4]))
            .unwrap();
        world.call(&bot.token, "getMe", &Parameters::new());
    }
    assert_eq!(world.messages(chat).len(), 5);
    assert_eq!(world.pending(bot.id), 4);
    assert_eq!(world.calls().len(), 3);
    assert_eq!(world.call_count(), 20);
    assert!(world.file(1).is_none() && world.file(20).is_some());
}
