//! Letters: albums, files, replies, lateness, buttons under answers, hours, and chats of owners' own accounts.

use app::bots::business::OwnerMessage;
use app::channel::FetchError;
use domain::assistant::AssistantSettings;
use domain::bot::{BotSettings, Business};
use domain::conversation::{Attachment, AttachmentKind, Letter};
use domain::delivery::{ChatKind, Sender};
use domain::hours::Outside;
use serde_json::json;
use store::business::BusinessConnection;
use testkit::TestApp;
use testkit::bot::{TestBot, button, to_console, to_customer};

const QUESTION: &str = "How long does delivery take?";
const ANSWER: &str = "Delivery takes two working days.";

async fn shop() -> TestApp {
    let shop = TestApp::new().await;
    shop.add(
        "delivery.md",
        "# Delivery\n\nDelivery takes two working days.\n",
    )
    .await;
    shop
}

async fn set(shop: &TestApp, change: impl FnOnce(&mut AssistantSettings)) {
    let assistant = shop.app.assistants(&shop.owner).await.unwrap().remove(0);
    let mut settings = assistant.settings;
    change(&mut settings);
    let (id, name, version) = (assistant.id, assistant.name, assistant.version);
    let update = shop
        .app
        .update_assistant(&shop.owner, id, &name, settings, version);
    update.await.unwrap();
}

fn photo(remote_file: &str, size: u64) -> Attachment {
    Attachment {
        kind: AttachmentKind::Photo,
        remote_file: remote_file.to_owned(),
        name: String::new(),
        media_type: "image/jpeg".to_owned(),
        size,
        detail: String::new(),
    }
}

#[tokio::test]
async fn an_album_is_answered_once() {
    let shop = shop().await;
    let bot = TestBot::new(&shop, BotSettings::default()).await;
    for number in 0..10 {
        let letter = Letter {
            album: "a".to_owned(),
            attachments: vec![photo(&format!("p{number}"), 100)],
            ..bot.letter(9)
        };
        let text = if number == 0 { QUESTION } else { "" };
        bot.sends(text, letter).await;
    }
    assert!(bot.deliver().await.is_empty(), "more parts may come");
    shop.clock.pass(1);
    assert_eq!(to_customer(&bot.deliver().await), [ANSWER]);
}

#[tokio::test]
async fn a_file_is_kept_or_kindly_refused() {
    let shop = shop().await;
    let bot = TestBot::new(&shop, BotSettings::default()).await;
    shop.messenger.has_file("small", Ok(b"jpeg".to_vec()));
    shop.messenger.has_file("grown", Err(FetchError::TooLarge));
    let with = |file: &str, size: u64| Letter {
        attachments: vec![photo(file, size)],
        ..bot.letter(9)
    };
    bot.sends("", with("small", 4)).await;
    let told = to_customer(&bot.deliver().await);
    assert!(told[0].starts_with("I have it"), "{told:?}");
    bot.sends("", with("large", 20_000_001)).await;
    let told = to_customer(&bot.deliver().await);
    assert!(
        told[0].starts_with("The file is larger than 20 MB"),
        "{told:?}"
    );
    // The messenger had not said how large it is.
    bot.sends(QUESTION, with("grown", 0)).await;
    let told = to_customer(&bot.deliver().await);
    assert_eq!(told[0], ANSWER);
    assert!(
        told[1].starts_with("The file is larger than 20 MB"),
        "{told:?}"
    );
    assert!(
        shop.app
            .documents(&shop.owner, Default::default(), None, 10)
            .await
            .unwrap()
            .items
            .len()
            == 1
    );
}

#[tokio::test]
async fn an_answer_after_an_outage_begins_with_a_word_about_it_once() {
    let shop = shop().await;
    let bot = TestBot::new(&shop, BotSettings::default()).await;
    let first = bot.letter(9);
    let second = bot.letter(9);
    shop.clock.pass(2 * 60 * 60);
    bot.sends(QUESTION, first).await;
    let told = to_customer(&bot.deliver().await);
    assert_eq!(told, [format!("Sorry for the delay.\n\n{ANSWER}")]);
    bot.sends(QUESTION, second).await;
    assert_eq!(to_customer(&bot.deliver().await), [ANSWER]);
    assert_eq!(to_customer(&bot.ask(9, QUESTION).await), [ANSWER]);
}

#[tokio::test]
async fn a_reply_is_understood_by_what_it_replies_to() {
    let shop = shop().await;
    let bot = TestBot::new(&shop, BotSettings::default()).await;
    let letter = Letter {
        quoted: "Delivery takes two working days.".to_owned(),
        ..bot.letter(9)
    };
    bot.sends("And how long does it take?", letter).await;
    assert_eq!(to_customer(&bot.deliver().await), [ANSWER]);
}

#[tokio::test]
async fn the_buttons_under_an_answer_do_their_work_once() {
    let shop = shop().await;
    set(&shop, |settings| {
        settings.suggestions = vec![QUESTION.to_owned()];
    })
    .await;
    let bot = TestBot::with_staff(&shop).await;
    let started = bot.ask(9, "/start").await;
    assert_eq!(to_customer(&started).len(), 2);
    let ask = button(&started, QUESTION);
    bot.press(9, 9, ask).await;
    bot.press(9, 9, ask).await;
    let answered = bot.deliver().await;
    assert_eq!(to_customer(&answered), [ANSWER]);
    let proof = bot.press(9, 9, button(&answered, "Sources")).await;
    assert!(
        proof.toast.contains("Delivery takes two working days."),
        "{proof:?}"
    );
    assert!(proof.stays);
    let stranger = bot.press(10, 10, button(&answered, "Sources")).await;
    assert_eq!(stranger.toast, "This button is not for you.");
    let bad = button(&answered, "👎");
    bot.press(9, 9, bad).await;
    bot.press(9, 9, bad).await;
    let told = bot.deliver().await;
    assert_eq!(to_customer(&told).len(), 1, "a person is called, once");
    assert!(to_console(&told)[0].contains("rated an answer low"));
}

#[tokio::test]
async fn outside_the_hours_customers_hear_when_people_are_back_once() {
    let shop = shop().await;
    // It is Monday, 09:00 UTC.
    let hours = json!({
        "zone": "UTC",
        "week": { "tuesday": [{ "from": "09:00", "to": "17:00" }] },
        "outside": "answer_and_say_when",
    });
    let hours = serde_json::from_value(hours).unwrap();
    set(&shop, |settings| settings.hours = Some(hours)).await;
    let bot = TestBot::new(&shop, BotSettings::default()).await;
    let told = to_customer(&bot.ask(9, QUESTION).await);
    assert_eq!(
        told,
        [format!("{ANSWER}\n\nPeople are back tomorrow at 9:00.")]
    );
    assert_eq!(to_customer(&bot.ask(9, QUESTION).await), [ANSWER]);
    shop.clock.pass(24 * 60 * 60);
    assert_eq!(to_customer(&bot.ask(9, QUESTION).await), [ANSWER]);
    shop.clock.pass(24 * 60 * 60);
    let told = to_customer(&bot.ask(9, QUESTION).await);
    assert_eq!(
        told,
        [format!("{ANSWER}\n\nPeople are back on Tuesday at 9:00.")]
    );
}

#[tokio::test]
async fn outside_the_hours_a_way_to_reach_the_customer_is_asked_for_and_kept() {
    let shop = shop().await;
    let hours = json!({
        "zone": "UTC",
        "week": { "tuesday": [{ "from": "09:00", "to": "17:00" }] },
        "outside": "collect_contact",
    });
    let hours: domain::hours::Hours = serde_json::from_value(hours).unwrap();
    assert_eq!(hours.outside, Outside::CollectContact);
    set(&shop, |settings| settings.hours = Some(hours)).await;
    let bot = TestBot::with_staff(&shop).await;
    let asked = bot.ask(9, QUESTION).await;
    let told = to_customer(&asked);
    assert!(
        told[0].starts_with("Nobody is here at the moment."),
        "{told:?}"
    );
    assert!(
        told[0].ends_with("People are back tomorrow at 9:00."),
        "{told:?}"
    );
    let left = bot.ask(9, "Write to kim@example.org please").await;
    let told = to_customer(&left);
    assert!(told[0].contains("kim@example.org"), "{told:?}");
    assert_eq!(
        to_console(&left),
        ["Customer 9 asks to be reached: kim@example.org"]
    );
    let id = left[0].outgoing.conversation_id;
    let profile = shop.app.contact_profile(&shop.owner, id).await.unwrap();
    assert_eq!(profile.email, "kim@example.org");
    let told = to_customer(&bot.ask(9, QUESTION).await);
    assert!(told[0].starts_with("Your message is kept"), "{told:?}");
}

/// A customer's letter in a chat of the owner's own account.
fn to_owner(bot: &TestBot<'_>) -> Letter {
    let mut letter = bot.letter(9);
    letter.address.business = "c1".to_owned();
    letter.address.kind = ChatKind::Business;
    letter
}

async fn connect(shop: &TestApp, bot: &TestBot<'_>, is_enabled: bool) {
    let connection = BusinessConnection {
        connection: "c1".to_owned(),
        owner: 77,
        owner_chat: 77,
        can_reply: true,
        is_enabled,
    };
    let update_id = bot.update().await;
    let told = shop.app.business_update(&bot.lease, update_id, connection);
    told.await.unwrap();
}

#[tokio::test]
async fn in_the_owners_own_chats_a_draft_comes_first() {
    let shop = shop().await;
    let bot = TestBot::new(&shop, BotSettings::default()).await;
    connect(&shop, &bot, true).await;
    bot.sends(QUESTION, to_owner(&bot)).await;
    let drafted = bot.deliver().await;
    assert_eq!(to_customer(&drafted), Vec::<String>::new());
    assert_eq!(to_console(&drafted), [ANSWER]);
    let stranger = bot.press(78, 78, button(&drafted, "Send")).await;
    assert_eq!(stranger.toast, "This button is not for you.");
    bot.press(77, 77, button(&drafted, "Send")).await;
    assert_eq!(to_customer(&bot.deliver().await), [ANSWER]);
}

#[tokio::test]
async fn the_owners_own_words_pause_the_assistant_and_a_day_later_nothing_is_sent() {
    let shop = shop().await;
    let settings = BotSettings {
        business: Business::Answer,
        ..BotSettings::default()
    };
    let bot = TestBot::new(&shop, settings).await;
    connect(&shop, &bot, true).await;
    bot.sends(QUESTION, to_owner(&bot)).await;
    let answered = bot.deliver().await;
    assert_eq!(to_customer(&answered), [ANSWER]);
    let own = OwnerMessage {
        address: to_owner(&bot).address,
        by: Sender {
            id: 77,
            name: "Olga".to_owned(),
            ..Sender::default()
        },
        remote_id: bot.next(),
        text: "I am here myself".to_owned(),
    };
    let update_id = bot.update().await;
    let spoke = shop.app.owner_update(&bot.lease, update_id, own);
    spoke.await.unwrap();
    bot.sends(QUESTION, to_owner(&bot)).await;
    assert!(bot.deliver().await.is_empty(), "she speaks herself");
    shop.clock.pass(31 * 60);
    bot.sends(QUESTION, to_owner(&bot)).await;
    assert_eq!(to_customer(&bot.deliver().await).len(), 1);

    let id = answered[0].outgoing.conversation_id;
    shop.clock.pass(24 * 60 * 60 + 60);
    shop.app.reply(&shop.owner, id, "Too late").await.unwrap();
    let told = bot.deliver().await;
    assert_eq!(to_customer(&told), Vec::<String>::new());
    assert!(
        to_console(&told)
            .iter()
            .any(|words| words.starts_with("Not sent"))
    );
    connect(&shop, &bot, false).await;
    bot.sends(QUESTION, to_owner(&bot)).await;
    assert!(to_customer(&bot.deliver().await).is_empty());
}
