//! Every method and every kind of update against the Bot API's description: what we take, and what we answer.

use serde_json::{Map, Value, json};

use botapi::{
    BotSetup, BusinessRights, Description, GroupSetup, MessageId, Parameters, Rank, Reply, Say,
    Upload, UserSetup,
};

use crate::scene::{Scene, description};

const KINDS: &str = r#"["message","edited_message","callback_query","my_chat_member","chat_member",
    "business_connection","business_message","edited_business_message","deleted_business_messages",
    "message_reaction","stopped_message_generation"]"#;

/// Calls, and holds the call and its result against the description.
fn check(scene: &Scene, description: &Description, method: &str, parameters: Value) -> Value {
    let given = Parameters::of(parameters.clone()).unwrap();
    let none: Vec<String> = Vec::new();
    assert_eq!(description.check_call(method, &given), none);
    let result = scene.ok(method, parameters);
    assert_eq!(
        description.check_answer(method, &result),
        none,
        "{method}: {result}"
    );
    result
}

#[test]
fn methods_answer_as_described() {
    let Some(description) = description() else {
        return;
    };
    let setup = BotSetup::new("Shop", "shop_bot").for_business();
    let scene = Scene::with(setup);
    let check = |method: &str, parameters: Value| check(&scene, &description, method, parameters);
    let chat = scene.chat_id();
    let staff = scene
        .world
        .add_group(scene.anna, GroupSetup::new("Staff").forum());
    scene.world.set_bot_rank(
        staff,
        scene.bot.id,
        Rank::Administrator { topics: true },
        scene.anna,
    );
    let bob = scene.world.add_user(UserSetup::new("Bob"));
    scene.world.join(staff, bob);
    let owner = scene.world.add_user(UserSetup::new("Olga"));
    let business = scene
        .world
        .connect_business(scene.bot.id, owner, BusinessRights::default());
    let place = scene.world.business_chat(business, scene.anna);
    let asked = scene
        .world
        .user_says(place, scene.anna, "question")
        .unwrap();
    let business = business.to_string();

    check("getMe", json!({}));
    for (set, get, what) in [
        ("setMyName", "getMyName", "name"),
        ("setMyDescription", "getMyDescription", "description"),
        (
            "setMyShortDescription",
            "getMyShortDescription",
            "short_description",
        ),
    ] {
        check(set, json!({ what: "words" }));
        check(get, json!({}));
    }
    let commands = json!([{"command": "help", "description": "help"}]);
    check(
        "setMyCommands",
        json!({"commands": commands, "scope": {"type": "default"}}),
    );
    check("getMyCommands", json!({}));
    check("deleteMyCommands", json!({}));
    check(
        "setWebhook",
        json!({"url": "https://shop.example", "secret_token": "s"}),
    );
    check("getWebhookInfo", json!({}));
    check("deleteWebhook", json!({"drop_pending_updates": false}));

    let keys = json!({"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}, {"text": "See", "url": "https://a.example"}]]});
    let marks = json!([{"type": "bold", "offset": 0, "length": 2}]);
    let sent = check(
        "sendMessage",
        json!({"chat_id": chat, "text": "words", "entities": marks, "reply_markup": keys, "link_preview_options": {"is_disabled": true}}),
    );
    let id = &sent["message_id"];
    check(
        "sendLocation",
        json!({"chat_id": chat, "latitude": 1.5, "longitude": 2}),
    );
    check(
        "sendContact",
        json!({"chat_id": chat, "phone_number": "+1", "first_name": "A"}),
    );
    check(
        "copyMessage",
        json!({"chat_id": staff.chat_id(), "from_chat_id": chat, "message_id": id}),
    );
    check(
        "sendChatAction",
        json!({"chat_id": chat, "action": "typing"}),
    );
    check(
        "sendMessageDraft",
        json!({"chat_id": chat, "draft_id": 1, "text": "so far"}),
    );
    check(
        "editMessageText",
        json!({"chat_id": chat, "message_id": id, "text": "others", "reply_markup": keys}),
    );
    let tap = scene
        .world
        .user_taps(
            scene.chat,
            scene.anna,
            MessageId(id.as_i64().unwrap()),
            "Yes",
        )
        .unwrap();
    check(
        "answerCallbackQuery",
        json!({"callback_query_id": tap, "text": "ok"}),
    );
    check(
        "editMessageReplyMarkup",
        json!({"chat_id": chat, "message_id": id}),
    );
    check(
        "setMessageReaction",
        json!({"chat_id": chat, "message_id": id, "reaction": [{"type": "emoji", "emoji": "👍"}]}),
    );
    for (method, field) in [
        ("sendPhoto", "photo"),
        ("sendDocument", "document"),
        ("sendVoice", "voice"),
        ("sendVideo", "video"),
        ("sendAudio", "audio"),
    ] {
        let mut parameters = Parameters::new();
        parameters.set("chat_id", chat);
        let file = Upload {
            file_name: "a.bin".into(),
            mime_type: Some("a/b".into()),
            bytes: vec![1; 300].into(),
        };
        parameters.attach(field, file);
        let Reply::Answer(answer) = scene.world.call(&scene.bot.token, method, &parameters) else {
            panic!("only polls wait");
        };
        let result = answer.result().unwrap().clone();
        assert_eq!(
            description.check_answer(method, &result),
            Vec::<String>::new(),
            "{result}"
        );
        let file = match &result[field] {
            Value::Array(sizes) => sizes.last().unwrap().clone(),
            other => other.clone(),
        };
        check("getFile", json!({"file_id": file["file_id"]}));
        if field == "photo" {
            let one = json!({"type": "photo", "media": file["file_id"]});
            check(
                "sendMediaGroup",
                json!({"chat_id": chat, "media": [one, one]}),
            );
            let edit =
                json!({"chat_id": chat, "message_id": result["message_id"], "caption": "below"});
            check("editMessageCaption", edit);
        }
    }
    check("deleteMessage", json!({"chat_id": chat, "message_id": id}));
    check(
        "deleteMessages",
        json!({"chat_id": chat, "message_ids": [id]}),
    );

    let staff = staff.chat_id();
    let topic = check(
        "createForumTopic",
        json!({"chat_id": staff, "name": "Anna"}),
    );
    let topic = json!({"chat_id": staff, "message_thread_id": topic["message_thread_id"]});
    let mut edit = topic.clone();
    edit["name"] = json!("Anna K.");
    check("editForumTopic", edit);
    check("closeForumTopic", topic.clone());
    check("reopenForumTopic", topic.clone());
    check("deleteForumTopic", topic);
    for chat_id in [chat, staff] {
        check("getChat", json!({"chat_id": chat_id}));
    }
    for user in [scene.anna.0, bob.0, scene.bot.id.0, owner.0] {
        check("getChatMember", json!({"chat_id": staff, "user_id": user}));
    }
    check("getChatAdministrators", json!({"chat_id": staff}));
    check("getChatMemberCount", json!({"chat_id": staff}));
    check("banChatMember", json!({"chat_id": staff, "user_id": bob.0}));
    check("getChatMember", json!({"chat_id": staff, "user_id": bob.0}));
    check(
        "unbanChatMember",
        json!({"chat_id": staff, "user_id": bob.0}),
    );
    check("leaveChat", json!({"chat_id": staff}));

    check(
        "getBusinessConnection",
        json!({"business_connection_id": business}),
    );
    let of =
        json!({"business_connection_id": business, "chat_id": scene.anna.0, "message_id": asked.0});
    check("readBusinessMessage", of);
    let send = json!({"business_connection_id": business, "chat_id": scene.anna.0, "text": "a"});
    let sent = check("sendMessage", send);
    let delete = json!({"business_connection_id": business, "message_ids": [sent["message_id"]]});
    check("deleteBusinessMessages", delete);
    check(
        "getUpdates",
        json!({"limit": 100, "allowed_updates": ["message"]}),
    );
    check("close", json!({}));
    check("logOut", json!({}));
}

#[test]
fn updates_are_as_described() {
    let Some(description) = description() else {
        return;
    };
    let scene = Scene::with(BotSetup::new("Shop", "shop_bot").for_business());
    let (world, anna, chat) = (&scene.world, scene.anna, scene.chat);
    let kinds: Value = serde_json::from_str(KINDS).unwrap();
    scene.ok("getUpdates", json!({"allowed_updates": kinds}));
    scene.world.advance(5_000);

    let said = world
        .user_says(
            chat,
            anna,
            "see https://a.example, +1 @someone #tag a@b.com",
        )
        .unwrap();
    world
        .say(
            chat,
            anna,
            Say::text("reply").reply_to(said).marked("bold", 0, 2),
        )
        .unwrap();
    world.user_edits(chat, anna, said, "another").unwrap();
    world
        .say(chat, anna, Say::photo(vec![1; 500]).caption("below"))
        .unwrap();
    world
        .say(
            chat,
            anna,
            Say::document("a.pdf", "application/pdf", vec![1]),
        )
        .unwrap();
    world.say(chat, anna, Say::voice(vec![1], 3)).unwrap();
    world.say(chat, anna, Say::video(vec![1], 3)).unwrap();
    world.say(chat, anna, Say::location(1.0, 2.0)).unwrap();
    world.say(chat, anna, Say::contact("+1", "Bob")).unwrap();
    let mut dice = Map::new();
    dice.insert("dice".into(), json!({"emoji": "🎲", "value": 6}));
    world.say(chat, anna, Say::raw(dice)).unwrap();
    world
        .say_album(chat, anna, vec![Say::photo(vec![1]), Say::photo(vec![2])])
        .unwrap();
    world.user_reacts(chat, anna, said, Some("👍")).unwrap();
    let keys = json!({"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]});
    let sent = scene.ok(
        "sendMessage",
        json!({"chat_id": chat.chat_id(), "text": "?", "reply_markup": keys}),
    );
    world
        .user_taps(
            chat,
            anna,
            MessageId(sent["message_id"].as_i64().unwrap()),
            "Yes",
        )
        .unwrap();
    world.user_blocks(scene.bot.id, anna);
    world.user_unblocks(scene.bot.id, anna);
    let group = world.add_group(anna, GroupSetup::new("Staff"));
    world.set_bot_rank(
        group,
        scene.bot.id,
        Rank::Administrator { topics: true },
        anna,
    );
    let bob = world.add_user(UserSetup::new("Bob").last_name("B").username("bob"));
    world.join(group, bob);
    world.set_rank(group, bob, Rank::Left, bob);
    let forum = world.migrate(group, true);
    let topic = world.user_opens_topic(forum, anna, "Orders");
    world
        .say(forum, anna, Say::text("in it").in_topic(topic))
        .unwrap();
    let business = world.connect_business(scene.bot.id, bob, BusinessRights::default());
    let place = world.business_chat(business, anna);
    let asked = world.user_says(place, anna, "question").unwrap();
    world
        .say(place, bob, Say::text("away").automatic())
        .unwrap();
    world.user_edits(place, anna, asked, "other").unwrap();
    world.user_deletes(place, asked).unwrap();

    let updates = scene.fetch();
    let mut seen: Vec<&str> = Vec::new();
    for update in &updates {
        let wrong = description.check_object("Update", update);
        assert_eq!(wrong, Vec::<String>::new(), "{update}");
        let kind = update.as_object().unwrap().keys().nth(1).unwrap();
        seen.push(kind);
    }
    // The last of the list is newer than the description.
    for kind in kinds.as_array().unwrap().iter().filter_map(Value::as_str) {
        assert!(
            seen.contains(&kind) || kind == "stopped_message_generation",
            "{kind}"
        );
    }
}

#[test]
fn calls_that_do_not_fit_are_noted() {
    let Some(description) = description() else {
        return;
    };
    let scene = Scene::new();
    scene.world.describe(description);
    let chat_id = scene.chat_id();
    let mut parameters = json!({"chat_id": chat_id, "text": "x"});
    scene.ok("sendMessage", parameters.clone());
    assert_eq!(scene.world.violations(), Vec::<String>::new());
    parameters["reply_to_messageid"] = json!(1);
    parameters["disable_notification"] = json!("perhaps");
    parameters["entities"] = json!([{"type": "bold", "offset": 0, "lenght": 1, "length": 1}]);
    scene.ok("sendMessage", parameters);
    scene.refused("sendMessage", json!({"chat_id": chat_id}));
    let wrong = scene.world.violations().join("\n");
    for part in [
        "sendmessage.reply_to_messageid: unknown field",
        "sendmessage.disable_notification: not a Boolean",
        "sendmessage.entities[0].lenght: unknown field of MessageEntity",
        "sendmessage: required text is missing",
    ] {
        assert!(wrong.contains(part), "{part} in {wrong}");
    }
}
