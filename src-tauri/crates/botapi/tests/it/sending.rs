//! T8, T9, T11 to T13, T17: what is sent, changed and answered.

use serde_json::{Value, json};

use botapi::MessageId;

use crate::scene::Scene;

fn send(scene: &Scene, text: &str) -> Value {
    scene.ok(
        "sendMessage",
        json!({"chat_id": scene.chat_id(), "text": text}),
    )
}

fn id(message: &Value) -> MessageId {
    MessageId(message["message_id"].as_i64().unwrap())
}

#[test]
fn a_message_comes_back_as_it_stands() {
    let scene = Scene::new();
    let sent = send(&scene, "  see /help at https://shop.example  ");
    assert_eq!(sent["text"], "see /help at https://shop.example");
    assert_eq!(sent["from"]["is_bot"], true);
    assert_eq!(sent["chat"]["type"], "private");
    assert_eq!(
        sent["entities"],
        json!([
            {"type": "bot_command", "offset": 4, "length": 5},
            {"type": "url", "offset": 13, "length": 20},
        ])
    );
    assert_eq!(
        scene.world.said_by_bots(scene.chat),
        ["see /help at https://shop.example"]
    );
}

#[test]
fn length_is_counted_in_utf_16() {
    let scene = Scene::new();
    // Two units each.
    send(&scene, &"😀".repeat(2048));
    let chat_id = scene.chat_id();
    let refused =
        |text: String| scene.refused("sendMessage", json!({"chat_id": chat_id, "text": text}));
    assert_eq!(
        refused("😀".repeat(2049)).1,
        "Bad Request: message is too long"
    );
    assert_eq!(
        refused("a".repeat(32_769)).1,
        "Bad Request: text is too long"
    );
    assert_eq!(
        refused(" \n ".to_owned()).1,
        "Bad Request: message text is empty"
    );
}

#[test]
fn marks_stand_inside_the_text_and_cut_no_letter() {
    let scene = Scene::new();
    let chat_id = scene.chat_id();
    let marked = |text: &str, offset: i64, length: i64| {
        let mark = json!({"type": "bold", "offset": offset, "length": length});
        json!({"chat_id": chat_id, "text": text, "entities": [mark]})
    };
    let sent = scene.ok("sendMessage", marked("a😀b", 1, 2));
    assert_eq!(
        sent["entities"],
        json!([{"type": "bold", "offset": 1, "length": 2}])
    );
    let (status, words) = scene.refused("sendMessage", marked("a😀b", 1, 1));
    assert_eq!(status, 400);
    assert!(words.contains("middle of a UTF-16 symbol"), "{words}");
    let (_, words) = scene.refused("sendMessage", marked("abc", 2, 2));
    assert!(words.contains("ends after the end of the text"), "{words}");
    assert!(
        scene
            .refused("sendMessage", marked("abc", -1, 2))
            .1
            .contains("incorrect offset")
    );
}

#[test]
fn marks_that_overlap_are_taken_and_noted() {
    let scene = Scene::new();
    let marks = json!([
        {"type": "bold", "offset": 0, "length": 4},
        {"type": "italic", "offset": 2, "length": 4},
    ]);
    let chat_id = scene.chat_id();
    scene.ok(
        "sendMessage",
        json!({"chat_id": chat_id, "text": "abcdef", "entities": marks}),
    );
    let wrong = scene.world.violations();
    assert!(
        wrong
            .iter()
            .any(|wrong| wrong.contains("overlap without nesting")),
        "{wrong:?}"
    );
}

#[test]
fn markup_is_read_and_refused_as_the_server_does() {
    let scene = Scene::new();
    let chat_id = scene.chat_id();
    let with =
        |mode: &str, text: &str| json!({"chat_id": chat_id, "text": text, "parse_mode": mode});
    let sent = scene.ok(
        "sendMessage",
        with(
            "HTML",
            "<b>a &amp; <i>b</i></b> <a href=\"https://x.example\">c</a>",
        ),
    );
    assert_eq!(sent["text"], "a & b c");
    assert_eq!(
        sent["entities"],
        json!([
            {"type": "bold", "offset": 0, "length": 5},
            {"type": "italic", "offset": 4, "length": 1},
            {"type": "text_link", "offset": 6, "length": 1, "url": "https://x.example"},
        ])
    );
    let sent = scene.ok("sendMessage", with("MarkdownV2", "*a* `b` \\."));
    assert_eq!(sent["text"], "a b .");
    let pre = scene.ok(
        "sendMessage",
        with("HTML", "<pre><code class=\"language-rust\">x</code></pre>"),
    );
    assert_eq!(
        pre["entities"],
        json!([{"type": "pre", "offset": 0, "length": 1, "language": "rust"}])
    );
    for (mode, text) in [
        ("HTML", "<b>a"),
        ("HTML", "<x>a</x>"),
        ("MarkdownV2", "a."),
        ("Markdown", "*a"),
    ] {
        let (status, words) = scene.refused("sendMessage", with(mode, text));
        assert_eq!(status, 400);
        assert!(
            words.starts_with("Bad Request: can't parse entities: "),
            "{words}"
        );
    }
}

#[test]
fn a_private_chat_takes_a_burst_and_then_one_a_second() {
    let scene = Scene::new();
    for number in 0..20 {
        send(&scene, &format!("{number}"));
    }
    let chat_id = scene.chat_id();
    let answer = scene
        .call("sendMessage", json!({"chat_id": chat_id, "text": "x"}))
        .unwrap();
    assert_eq!(answer.status, 429);
    let wait = answer.body["parameters"]["retry_after"].as_u64().unwrap();
    assert_eq!(
        answer.body["description"],
        format!("Too Many Requests: retry after {wait}")
    );
    // Who comes too early is refused again, and it is counted.
    let early = scene
        .call("sendMessage", json!({"chat_id": chat_id, "text": "x"}))
        .unwrap();
    assert_eq!(early.status, 429);
    assert_eq!(scene.world.too_early_count(), 1);
    scene.world.advance(wait * 1000);
    send(&scene, "in time");
    assert_eq!(scene.world.too_early_count(), 1);
}

#[test]
fn edits_spend_what_messages_spend() {
    let scene = Scene::new();
    let message = id(&send(&scene, "first")).0;
    let chat_id = scene.chat_id();
    let edit = |number: usize| json!({"chat_id": chat_id, "message_id": message, "text": format!("{number}")});
    for number in 0..19 {
        scene.ok("editMessageText", edit(number));
    }
    assert_eq!(scene.refused("editMessageText", edit(99)).0, 429);
}

#[test]
fn an_edit_that_changes_nothing_is_refused() {
    let scene = Scene::new();
    let message = id(&send(&scene, "same")).0;
    let chat_id = scene.chat_id();
    let edit = json!({"chat_id": chat_id, "message_id": message, "text": "same"});
    let (_, words) = scene.refused("editMessageText", edit);
    assert!(
        words.starts_with("Bad Request: message is not modified"),
        "{words}"
    );
    let keys = json!({"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]});
    let edit =
        json!({"chat_id": chat_id, "message_id": message, "text": "same", "reply_markup": keys});
    assert!(scene.ok("editMessageText", edit)["edit_date"].is_i64());
    let gone = json!({"chat_id": chat_id, "message_id": 9999, "text": "x"});
    assert_eq!(
        scene.refused("editMessageText", gone).1,
        "Bad Request: message to edit not found"
    );
}

#[test]
fn typing_shows_five_seconds_and_goes_with_the_message() {
    let scene = Scene::new();
    let typing = json!({"chat_id": scene.chat_id(), "action": "typing"});
    scene.ok("sendChatAction", typing.clone());
    assert_eq!(scene.world.action(scene.chat).unwrap(), "typing");
    scene.world.advance(5_000);
    assert_eq!(scene.world.action(scene.chat), None);
    scene.ok("sendChatAction", typing);
    send(&scene, "here");
    assert_eq!(scene.world.action(scene.chat), None);
    let wrong = json!({"chat_id": scene.chat_id(), "action": "thinking"});
    assert_eq!(scene.refused("sendChatAction", wrong).0, 400);
}

#[test]
fn a_tap_is_answered_once_and_in_time() {
    let scene = Scene::new();
    let keys = json!({"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]});
    let chat_id = scene.chat_id();
    let sent = scene.ok(
        "sendMessage",
        json!({"chat_id": chat_id, "text": "?", "reply_markup": keys}),
    );
    let tap = || {
        scene
            .world
            .user_taps(scene.chat, scene.anna, id(&sent), "Yes")
            .unwrap()
    };
    let first = tap();
    let update = &scene.fetch()[0]["callback_query"];
    assert_eq!(
        (update["id"].as_str().unwrap(), &update["data"]),
        (first.as_str(), &json!("y"))
    );
    let answer = json!({"callback_query_id": first, "text": "done"});
    scene.ok("answerCallbackQuery", answer.clone());
    assert!(scene.world.tapped(&first).unwrap().answer.is_some());
    assert!(
        scene
            .refused("answerCallbackQuery", answer)
            .1
            .contains("query is too old")
    );
    let late = tap();
    scene.world.advance(150_000);
    let answer = json!({"callback_query_id": late});
    assert!(
        scene
            .refused("answerCallbackQuery", answer)
            .1
            .contains("query is too old")
    );
}

#[test]
fn what_stands_on_and_behind_buttons_has_limits() {
    let scene = Scene::new();
    let chat_id = scene.chat_id();
    let with = |button: Value| json!({"chat_id": chat_id, "text": "?", "reply_markup": {"inline_keyboard": [[button]]}});
    scene.ok(
        "sendMessage",
        with(json!({"text": "A", "callback_data": "d".repeat(64)})),
    );
    let (_, words) = scene.refused(
        "sendMessage",
        with(json!({"text": "A", "callback_data": "d".repeat(65)})),
    );
    assert_eq!(words, "Bad Request: BUTTON_DATA_INVALID");
    assert!(
        scene
            .refused("sendMessage", with(json!({"text": "A"})))
            .1
            .contains("unallowed")
    );
    assert_eq!(
        scene
            .refused("sendMessage", with(json!({"text": "A", "url": "x"})))
            .0,
        400
    );
}

#[test]
fn a_draft_shows_30_seconds_and_goes_with_the_message() {
    let scene = Scene::new();
    let chat_id = scene.chat_id();
    let draft =
        |text: &str| json!({"chat_id": chat_id, "draft_id": 7, "text": text, "can_stop": true});
    scene.ok("sendMessageDraft", draft(""));
    scene.ok("sendMessageDraft", draft("The price"));
    assert_eq!(
        scene.world.draft(scene.chat).unwrap().content.text,
        "The price"
    );
    scene.world.advance(30_000);
    assert_eq!(scene.world.draft(scene.chat), None);
    scene.ok("sendMessageDraft", draft("The price is"));
    assert!(scene.world.user_stops_draft(scene.bot.id, scene.anna));
    let stopped = &scene.fetch()[0]["stopped_message_generation"];
    assert_eq!(stopped["draft_id"], 7);
    scene.ok("sendMessageDraft", draft("x"));
    send(&scene, "The price is 10");
    assert_eq!(scene.world.draft(scene.chat), None);
    let without = json!({"chat_id": chat_id, "draft_id": 0, "text": "x"});
    assert_eq!(scene.refused("sendMessageDraft", without).0, 400);
}

#[test]
fn replies_and_copies_need_what_they_are_of() {
    let scene = Scene::new();
    let chat_id = scene.chat_id();
    let said = scene
        .world
        .user_says(scene.chat, scene.anna, "question")
        .unwrap();
    let reply = |message: i64| json!({"chat_id": chat_id, "text": "a", "reply_parameters": {"message_id": message}});
    let sent = scene.ok("sendMessage", reply(said.0));
    assert_eq!(sent["reply_to_message"]["text"], "question");
    assert_eq!(
        scene.refused("sendMessage", reply(9999)).1,
        "Bad Request: message to be replied not found"
    );
    let copy =
        |message: i64| json!({"chat_id": chat_id, "from_chat_id": chat_id, "message_id": message});
    let copied = scene.ok("copyMessage", copy(said.0));
    let copied = scene.world.message(scene.chat, id(&copied)).unwrap();
    assert!(copied.by_bot() && copied.text() == "question" && copied.reply_to.is_none());
    assert_eq!(
        scene.refused("copyMessage", copy(9999)).1,
        "Bad Request: message to copy not found"
    );
}

#[test]
fn deleting_is_for_two_days() {
    let scene = Scene::new();
    let chat_id = scene.chat_id();
    let (young, old) = (id(&send(&scene, "a")), id(&send(&scene, "b")));
    let delete = |message: MessageId| json!({"chat_id": chat_id, "message_id": message.0});
    scene.ok("deleteMessage", delete(young));
    assert!(scene.world.message(scene.chat, young).is_none());
    scene.world.advance(48 * 60 * 60 * 1000);
    assert_eq!(
        scene.refused("deleteMessage", delete(old)).1,
        "Bad Request: message can't be deleted"
    );
    assert_eq!(
        scene.refused("deleteMessage", delete(young)).1,
        "Bad Request: message to delete not found"
    );
    scene.ok(
        "deleteMessages",
        json!({"chat_id": chat_id, "message_ids": [young.0, old.0]}),
    );
    assert!(scene.world.message(scene.chat, old).is_some());
}
