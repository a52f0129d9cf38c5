use expect_test::{Expect, expect};
use serde_json::json;
use uuid::Uuid;

use super::*;

fn me() -> Me {
    Me {
        bot_id: BotId(Uuid::from_u128(1)),
        id: 700,
        username: "ShopBot".to_owned(),
        staff_chat: -1_001_000_000_000_009,
        operators: vec![50],
        groups: true,
    }
}

/// A message's JSON: private chat 42 of Anna, with some fields of its own.
fn private(fields: Value) -> Value {
    let mut message = json!({
        "message_id": 5, "date": 1_780_000_000,
        "from": {"id": 42, "is_bot": false, "first_name": "Анна", "last_name": "К", "username": "anna", "language_code": "ru"},
        "chat": {"id": 42, "type": "private", "first_name": "Анна"},
    });
    merge(&mut message, fields);
    message
}

fn group(fields: Value) -> Value {
    let mut message = private(
        json!({"chat": {"id": -1_002_233_445_566_i64, "type": "supergroup", "title": "Клуб"}}),
    );
    merge(&mut message, fields);
    message
}

fn staff_chat(fields: Value) -> Value {
    let mut message = private(json!({
        "chat": {"id": -1_001_000_000_000_009_i64, "type": "supergroup", "title": "Staff", "is_forum": true},
        "from": {"id": 50, "is_bot": false, "first_name": "Олег"},
    }));
    merge(&mut message, fields);
    message
}

fn business(fields: Value) -> Value {
    let mut message = private(json!({"business_connection_id": "bc1"}));
    merge(&mut message, fields);
    message
}

fn merge(message: &mut Value, fields: Value) {
    for (name, value) in fields.as_object().unwrap() {
        message[name] = value.clone();
    }
}

fn read(kind: &str, value: Value) -> Update {
    convert(&me(), &json!({"update_id": 9, kind: value}))
}

fn what(kind: &str, value: Value) -> What {
    read(kind, value).what
}

fn message(value: Value) -> Written {
    match what("message", value) {
        What::Message(written) => *written,
        other => panic!("{other:?}"),
    }
}

fn ignored(value: Value) -> Reason {
    match what("message", value) {
        What::Ignored(reason) => reason,
        other => panic!("{other:?}"),
    }
}

fn check(value: Value, expected: Expect) {
    let written = message(value);
    let letter = &written.letter;
    let mut told = format!("{:?}", written.text);
    for attachment in &letter.attachments {
        told += &format!(
            "\n{:?} file={:?} name={:?} type={:?} size={} detail={:?}",
            attachment.kind,
            attachment.remote_file,
            attachment.name,
            attachment.media_type,
            attachment.size,
            attachment.detail
        );
    }
    for (name, words) in [
        ("quoted", &letter.quoted),
        ("album", &letter.album),
        ("forwarded", &written.forwarded_from),
    ] {
        if !words.is_empty() {
            told += &format!("\n{name}={words:?}");
        }
    }
    expected.assert_eq(&told);
}

#[test]
fn a_private_message_is_read_whole() {
    let update = read("message", private(json!({"text": " Привет\u{0}! "})));
    assert_eq!(update.update_id, 9);
    assert_eq!(
        update.chat,
        Some(ChatKey {
            chat: 42,
            business: String::new()
        })
    );
    let What::Message(written) = update.what else {
        panic!()
    };
    assert_eq!(written.text, "Привет!");
    let letter = &written.letter;
    assert_eq!(
        (
            letter.address.chat,
            letter.address.thread,
            letter.address.kind
        ),
        (42, 0, ChatKind::Private)
    );
    assert_eq!(
        (letter.sender.name.as_str(), letter.sender.language.as_str()),
        ("Анна К", "ru")
    );
    assert_eq!(
        (letter.remote_id, letter.sent_at),
        (5, Timestamp(1_780_000_000_000_000))
    );
    let incoming = written.incoming(AssistantId(Uuid::from_u128(3)));
    assert_eq!(
        incoming.external_id,
        "00000000000000000000000000000001::42:5"
    );
    assert_eq!(incoming.peer, "00000000000000000000000000000001:42:0");
}

#[test]
fn what_comes_with_a_message_is_kept() {
    check(
        private(
            json!({"caption": "что это?", "media_group_id": "77", "photo": [
            {"file_id": "s", "width": 90, "height": 60, "file_size": 900}, {"file_id": "L", "width": 1280, "height": 853, "file_size": 90_000}]}),
        ),
        expect![[r#"
            "что это?"
            Photo file="L" name="" type="" size=90000 detail=""
            album="77""#]],
    );
    check(
        private(
            json!({"document": {"file_id": "d", "file_name": "план\n2.pdf", "mime_type": "application/pdf", "file_size": 21_000_000}}),
        ),
        expect![[r#"
            ""
            Document file="d" name="план 2.pdf" type="application/pdf" size=21000000 detail="""#]],
    );
    check(
        private(
            json!({"voice": {"file_id": "v", "duration": 3, "mime_type": "audio/ogg", "file_size": 9_000}}),
        ),
        expect![[r#"
            ""
            Voice file="v" name="" type="audio/ogg" size=9000 detail="""#]],
    );
    check(
        private(json!({"video_note": {"file_id": "n", "length": 240, "duration": 3}})),
        expect![[r#"
            ""
            Video file="n" name="" type="" size=0 detail="""#]],
    );
    check(
        private(
            json!({"animation": {"file_id": "g", "file_name": "a.mp4"}, "document": {"file_id": "g", "file_name": "a.mp4"}}),
        ),
        expect![[r#"
            ""
            Video file="g" name="a.mp4" type="" size=0 detail="""#]],
    );
    check(
        private(json!({"audio": {"file_id": "a", "title": "Song"}, "caption": "hear"})),
        expect![[r#"
            "hear"
            Audio file="a" name="Song" type="" size=0 detail="""#]],
    );
    check(
        private(json!({"sticker": {"file_id": "s", "emoji": "👍", "type": "regular"}})),
        expect![[r#"
            ""
            Sticker file="s" name="👍" type="" size=0 detail="""#]],
    );
    check(
        private(json!({"location": {"latitude": 55.79, "longitude": 49.12}})),
        expect![[r#"
            ""
            Location file="" name="" type="" size=0 detail="55.79,49.12""#]],
    );
    check(
        private(
            json!({"venue": {"title": "Кафе", "address": "ул. Мира, 1", "location": {"latitude": 1.5, "longitude": -2.0}}, "location": {"latitude": 1.5, "longitude": -2.0}}),
        ),
        expect![[r#"
            ""
            Location file="" name="Кафе, ул. Мира, 1" type="" size=0 detail="1.5,-2""#]],
    );
    check(
        private(
            json!({"contact": {"phone_number": "+7900", "first_name": "Иван", "last_name": "П", "user_id": 8}}),
        ),
        expect![[r#"
            ""
            Contact file="" name="Иван П" type="" size=0 detail="+7900 Иван П""#]],
    );
    check(
        private(
            json!({"text": "see", "forward_origin": {"type": "user", "date": 1, "sender_user": {"id": 4, "first_name": "Bob"}}}),
        ),
        expect![[r#"
            "see"
            forwarded="Bob""#]],
    );
    check(
        private(
            json!({"text": "а это?", "reply_to_message": {"message_id": 3, "text": "Доставка 300 ₽", "from": {"id": 700, "is_bot": true}}}),
        ),
        expect![[r#"
            "а это?"
            quoted="Доставка 300 ₽""#]],
    );
    check(
        private(
            json!({"text": "why", "quote": {"text": "300 ₽", "position": 9}, "reply_to_message": {"message_id": 3, "text": "Доставка 300 ₽"}}),
        ),
        expect![[r#"
            "why"
            quoted="300 ₽""#]],
    );
    check(
        private(json!({"checklist": {"title": "Купить", "tasks": [{"id": 1, "text": "чай"}]}})),
        expect![[r#""Купить\n• чай""#]],
    );
    check(
        private(
            json!({"rich_message": {"blocks": [{"type": "paragraph", "text": "Сколько "}, {"type": "paragraph", "text": ["стоит", {"text": "это"}]}]}}),
        ),
        expect![[r#""Сколько \nстоит\nэто""#]],
    );
}

#[test]
fn commands_are_read_with_their_payload() {
    let start = message(private(json!({"text": "/start abc-1"})))
        .call
        .unwrap();
    assert_eq!(start.payload, "abc-1");
    let foreign = message(private(json!({"text": "/price"}))).call.unwrap();
    assert_eq!(
        foreign.command,
        crate::commands::Command::Unknown("price".to_owned())
    );
    assert_eq!(message(private(json!({"text": "hello /start"}))).call, None);
}

#[test]
fn in_groups_only_what_is_to_us_is_taken() {
    let mention = json!([{"type": "mention", "offset": 0, "length": 8}]);
    let to_us = [
        (
            json!({"text": "@shopbot, сколько?", "entities": mention}),
            "сколько?",
        ),
        (
            json!({"caption": "@SHOPBOT что это", "caption_entities": mention, "photo": [{"file_id": "p"}]}),
            "что это",
        ),
        (
            json!({"text": "😀 Shop how", "entities": [{"type": "text_mention", "offset": 3, "length": 4, "user": {"id": 700}}]}),
            "😀  how",
        ),
        (json!({"text": "/human@ShopBot"}), "/human@ShopBot"),
        (json!({"text": "/help"}), "/help"),
        (
            json!({"text": "и?", "reply_to_message": {"message_id": 2, "text": "x", "from": {"id": 700}}}),
            "и?",
        ),
        (
            json!({"text": "@ShopBot", "entities": mention, "reply_to_message": {"message_id": 2, "text": "Где чек?", "from": {"id": 6}}}),
            "Где чек?",
        ),
    ];
    for (fields, expected) in to_us {
        assert_eq!(message(group(fields)).text, expected);
    }
    let not_to_us = [
        json!({"text": "сколько?"}),
        json!({"text": "@shopbot without an entity"}),
        json!({"text": "@othrbot hi", "entities": mention}),
        json!({"text": "/help@OtherBot", "reply_to_message": {"message_id": 2, "from": {"id": 700}}}),
        json!({"text": "/price"}),
        json!({"text": "x", "entities": [{"type": "mention", "offset": -1, "length": 99_999_999_999_i64}]}),
        json!({"text": "in a topic of ours", "is_topic_message": true, "message_thread_id": 3,
            "reply_to_message": {"message_id": 3, "from": {"id": 700}, "forum_topic_created": {"name": "t"}}}),
    ];
    for fields in not_to_us {
        assert_eq!(ignored(group(fields)), Reason::NotAddressed);
    }
    let off = Me {
        groups: false,
        ..me()
    };
    let update = convert(
        &off,
        &json!({"update_id": 1, "message": group(json!({"text": "/help"}))}),
    );
    assert_eq!(update.what, What::Ignored(Reason::GroupsOff));
}

#[test]
fn topics_count_only_in_forums() {
    let topic = message(group(
        json!({"text": "/help", "is_topic_message": true, "message_thread_id": 31}),
    ));
    assert_eq!(topic.letter.address.thread, 31);
    let thread = message(group(json!({"text": "/help", "message_thread_id": 31})));
    assert_eq!(thread.letter.address.thread, 0);
    let private = message(private(
        json!({"text": "hi", "is_topic_message": true, "message_thread_id": 8}),
    ));
    assert_eq!(private.letter.address.thread, 8);
}

#[test]
fn an_anonymous_administrator_is_the_group() {
    let written = message(group(json!({
        "text": "/help", "from": {"id": 1_087_968_824, "is_bot": true, "first_name": "Group"},
        "sender_chat": {"id": -1_002_233_445_566_i64, "type": "supergroup", "title": "Клуб"}, "author_signature": "Хозяйка"})));
    assert_eq!(written.letter.sender.id, -1_002_233_445_566);
    assert_eq!(written.letter.sender.name, "Хозяйка");
}

#[test]
fn what_is_no_question_is_left_with_its_reason() {
    let table = [
        (
            private(json!({"dice": {"emoji": "🎲", "value": 4}})),
            Reason::NoQuestion("dice"),
        ),
        (
            private(json!({"poll": {"id": "1", "question": "?"}})),
            Reason::NoQuestion("poll"),
        ),
        (
            private(json!({"text": "x", "from": {"id": 9, "is_bot": true}})),
            Reason::OtherBot,
        ),
        (
            private(json!({"text": "x", "from": {"id": 700, "is_bot": true}})),
            Reason::Ourselves,
        ),
        (
            private(json!({"pinned_message": {"message_id": 1}})),
            Reason::Service("pinned_message"),
        ),
        (
            private(json!({"successful_payment": {}})),
            Reason::Service("successful_payment"),
        ),
        (
            group(json!({"new_chat_members": [{"id": 1}]})),
            Reason::Service("new_chat_members"),
        ),
        (
            group(json!({"forum_topic_closed": {}})),
            Reason::Service("forum_topic"),
        ),
        (
            group(json!({"text": "x", "is_automatic_forward": true})),
            Reason::ChannelPost,
        ),
    ];
    for (value, reason) in table {
        assert_eq!(ignored(value), reason);
        assert!(!reason.told().is_empty());
    }
    let moved = what(
        "edited_message",
        private(json!({"location": {"latitude": 1.0, "longitude": 2.0}})),
    );
    assert_eq!(moved, What::Ignored(Reason::LiveLocation));
    assert_eq!(
        what("channel_post", private(json!({"text": "x"}))),
        What::Ignored(Reason::ChannelPost)
    );
    for kind in ["poll", "chat_member", "inline_query", "pre_checkout_query"] {
        assert_eq!(
            what(kind, json!({"id": "1"})),
            What::Ignored(Reason::NotUsed(kind))
        );
    }
}

#[test]
fn an_edit_is_one() {
    let What::Edited(written) = what(
        "edited_message",
        private(json!({"text": "new", "edit_date": 1_780_000_060})),
    ) else {
        panic!()
    };
    assert_eq!(written.edited_at, Some(Timestamp(1_780_000_060_000_000)));
}

#[test]
fn staff_is_heard_with_notes_and_orders() {
    let said = |fields| match what("message", staff_chat(fields)) {
        What::Staff(said) => *said,
        other => panic!("{other:?}"),
    };
    let topic =
        |text: &str| json!({"text": text, "is_topic_message": true, "message_thread_id": 7});
    let plain = said(topic("Здравствуйте"));
    assert_eq!(plain.written.letter.address.thread, 7);
    for as_it_stands in ["// он уже звонил", "/note завтра", "/ai@shopbot"] {
        assert_eq!(said(topic(as_it_stands)).written.text, as_it_stands);
    }
    assert!(matches!(
        what("message", staff_chat(topic("/close@other"))),
        What::Ignored(Reason::NotAddressed)
    ));
    assert_eq!(
        said(json!({"text": "general"}))
            .written
            .letter
            .address
            .thread,
        0
    );
    // An operator's private chat: a reply to us is for the customer, anything else is a question.
    let own = json!({"id": 50, "is_bot": false, "first_name": "Олег"});
    let reply = private(
        json!({"text": "да", "from": own, "reply_to_message": {"message_id": 2, "from": {"id": 700}}}),
    );
    assert!(matches!(what("message", reply), What::Staff(_)));
    assert!(matches!(
        what("message", private(json!({"text": "да", "from": own}))),
        What::Message(_)
    ));
    let edit = what("edited_message", staff_chat(topic("правка")));
    assert!(matches!(edit, What::Staff(said) if said.is_edit));
}

#[test]
fn topics_of_the_staff_group_are_followed() {
    for (field, change) in [
        ("forum_topic_created", TopicChange::Created),
        ("forum_topic_closed", TopicChange::Closed),
        ("forum_topic_reopened", TopicChange::Reopened),
        ("forum_topic_edited", TopicChange::Changed),
    ] {
        let value =
            staff_chat(json!({field: {}, "is_topic_message": true, "message_thread_id": 7}));
        let What::Topic {
            thread,
            change: found,
            ..
        } = what("message", value)
        else {
            panic!()
        };
        assert_eq!((thread, found), (7, change));
    }
}

#[test]
fn both_messages_of_a_migration_say_the_same() {
    let old = json!({"migrate_to_chat_id": -1_009_007_199_254_740_i64, "chat": {"id": -55, "type": "group"}});
    let new = json!({"migrate_from_chat_id": -55, "chat": {"id": -1_009_007_199_254_740_i64, "type": "supergroup"}});
    let migrated = What::Migrated {
        from: -55,
        to: -1_009_007_199_254_740,
    };
    assert_eq!(what("message", group(old)), migrated);
    assert_eq!(what("message", group(new)), migrated);
}

#[test]
fn a_press_is_read_even_without_its_message() {
    let from = json!({"id": 42, "is_bot": false, "first_name": "A"});
    let What::Press(pressed) = what(
        "callback_query",
        json!({"id": "q", "from": from, "data": "AAAA", "chat_instance": "1",
        "message": {"message_id": 8, "date": 0, "chat": {"id": 42, "type": "private"}}}),
    ) else {
        panic!()
    };
    assert_eq!(
        (pressed.chat, pressed.remote_id, pressed.data.as_str()),
        (Some(42), Some(8), "AAAA")
    );
    let What::Press(bare) = what(
        "callback_query",
        json!({"id": "q", "from": from, "chat_instance": "1"}),
    ) else {
        panic!()
    };
    assert_eq!(
        (bare.chat, bare.remote_id, bare.data.as_str()),
        (None, None, "")
    );
}

#[test]
fn membership_tells_who_can_be_reached() {
    let change = |chat: &str, old: Value, new: Value| {
        let value = json!({"chat": {"id": 42, "type": chat, "title": "T"}, "from": {"id": 42, "first_name": "A"},
            "date": 1, "old_chat_member": old, "new_chat_member": new});
        match what("my_chat_member", value) {
            What::Membership(membership) => membership.change,
            other => panic!("{other:?}"),
        }
    };
    let is = |status: &str| json!({"status": status});
    assert_eq!(
        change("private", is("member"), is("kicked")),
        MembershipChange::Blocked
    );
    assert_eq!(
        change("private", is("kicked"), is("member")),
        MembershipChange::Unblocked
    );
    assert_eq!(
        change("supergroup", is("member"), is("left")),
        MembershipChange::LeftGroup
    );
    let admin = json!({"status": "administrator", "can_manage_topics": true});
    let in_group = MembershipChange::InGroup {
        is_new: true,
        is_admin: true,
        can_manage_topics: true,
        is_muted: false,
    };
    assert_eq!(change("supergroup", is("left"), admin), in_group);
    let muted = json!({"status": "restricted", "is_member": true, "can_send_messages": false});
    let in_group = MembershipChange::InGroup {
        is_new: false,
        is_admin: false,
        can_manage_topics: false,
        is_muted: true,
    };
    assert_eq!(change("group", is("member"), muted), in_group);
}

#[test]
fn in_the_owners_chats_it_is_known_who_wrote() {
    let by = |fields| match what("business_message", business(fields)) {
        What::BusinessMessage { by, written } => {
            assert_eq!(written.letter.address.kind, ChatKind::Business);
            assert_eq!(written.letter.address.business, "bc1");
            by
        }
        other => panic!("{other:?}"),
    };
    let owner = json!({"id": 7, "is_bot": false, "first_name": "Owner"});
    assert_eq!(by(json!({"text": "hi"})), BusinessAuthor::Customer);
    assert_eq!(
        by(json!({"text": "hi", "from": owner})),
        BusinessAuthor::Owner
    );
    assert_eq!(
        by(json!({"text": "away", "from": owner, "is_from_offline": true})),
        BusinessAuthor::Offline
    );
    assert_eq!(
        by(json!({"text": "x", "from": owner, "sender_business_bot": {"id": 700}})),
        BusinessAuthor::Bot
    );
    let edited = what("edited_business_message", business(json!({"text": "hi"})));
    assert!(matches!(
        edited,
        What::BusinessEdited {
            by: BusinessAuthor::Customer,
            ..
        }
    ));
    let update = read("business_message", business(json!({"text": "hi"})));
    assert_eq!(
        update.chat,
        Some(ChatKey {
            chat: 42,
            business: "bc1".to_owned()
        })
    );
    let deleted = what(
        "deleted_business_messages",
        json!({"business_connection_id": "bc1", "chat": {"id": 42}, "message_ids": [1, 2]}),
    );
    assert_eq!(
        deleted,
        What::BusinessDeleted {
            business: "bc1".to_owned(),
            chat: 42,
            remote_ids: vec![1, 2]
        }
    );
    let What::Business(connection) = what(
        "business_connection",
        json!({"id": "bc1", "user": {"id": 7, "first_name": "O"},
        "user_chat_id": 7, "date": 1, "rights": {"can_reply": true}, "is_enabled": true}),
    ) else {
        panic!()
    };
    assert!(connection.can_reply && connection.is_enabled);
}

#[test]
fn reactions_rate_and_drafts_stop() {
    let reacted = |emoji: Value| {
        what(
            "message_reaction",
            json!({"chat": {"id": 42, "type": "private"}, "message_id": 3, "date": 1,
        "user": {"id": 42, "first_name": "A"}, "old_reaction": [], "new_reaction": emoji}),
        )
    };
    for (emoji, expected) in [
        (json!([{"type": "emoji", "emoji": "👎"}]), Some(Rating::Bad)),
        (json!([{"type": "emoji", "emoji": "❤"}]), Some(Rating::Good)),
        (json!([]), None),
    ] {
        assert!(
            matches!(reacted(emoji), What::Reaction { remote_id: 3, rating, .. } if rating == expected)
        );
    }
    let stopped = what(
        "stopped_message_generation",
        json!({"chat": {"id": 42, "type": "private"}, "draft_id": 11}),
    );
    assert_eq!(
        stopped,
        What::DraftStopped {
            chat: 42,
            draft_id: 11
        }
    );
}

#[test]
fn what_nobody_knows_yet_goes_to_a_person_with_what_can_be_read() {
    let unknown =
        private(json!({"hologram": {"layers": [{"text": "Где мой заказ?"}], "file": "x"}}));
    let What::Unreadable(found) = what("message", unknown) else {
        panic!()
    };
    assert_eq!(
        (found.chat, found.remote_id, found.text.as_str()),
        (Some(42), Some(5), "Где мой заказ?")
    );
    assert_eq!(found.sender.unwrap().name, "Анна К");
    let What::Unreadable(found) = what(
        "telepathy",
        json!({"message": private(json!({"text": "ау"}))}),
    ) else {
        panic!()
    };
    assert_eq!(
        (found.kind.as_str(), found.chat, found.text.as_str()),
        ("telepathy", Some(42), "ау")
    );
    let no_chat = what("message", json!({"message_id": 1, "text": "x"}));
    assert!(
        matches!(no_chat, What::Unreadable(found) if found.chat.is_none() && found.text == "x")
    );
}

#[test]
fn nothing_that_can_be_kept_makes_it_panic() {
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "{",
        "7",
        "{\"update_id\":1}",
        "{\"message\":[]}",
        "{\"update_id\":\"x\",\"message\":{}}",
        "{\"message\":{\"chat\":{\"id\":1e300}}}",
        "{\"callback_query\":{}}",
        "{\"message\":{\"chat\":7,\"from\":null,\"text\":{}}}",
    ] {
        let update = convert_body(&me(), 5, body);
        assert_eq!(update.update_id, 5);
        assert!(matches!(update.what, What::Unreadable(_)), "{body}");
    }
    let mut deep = json!("x");
    for _ in 0..60 {
        deep = json!({"text": "t", "more": [deep]});
    }
    assert!(matches!(
        what("message", private(json!({"deep": deep}))),
        What::Unreadable(_)
    ));
}
