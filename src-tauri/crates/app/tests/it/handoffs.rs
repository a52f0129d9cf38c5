//! A person answers instead: asked for, taken, answered, given back, closed; in both languages.

use app::bots::staff::Staff;
use app::error::ErrorCode;
use app::handoff::Ban;
use domain::answer::Outcome;
use domain::conversation::Author;
use domain::handoff::Handoff;
use domain::handoff::rules::HandoffRules;
use domain::member::Role;
use testkit::TestApp;
use testkit::bot::{STAFF, TestBot, button, to_console, to_customer};

const ANNA: (i64, &str) = (501, "Anna");
const BORIS: (i64, &str) = (502, "Boris");

async fn shop() -> TestApp {
    let shop = TestApp::new().await;
    shop.add(
        "delivery.md",
        "# Delivery\n\nDelivery takes two working days.\n",
    )
    .await;
    shop.add(
        "доставка.md",
        "# Доставка\n\nДоставка по городу занимает два рабочих дня.\n",
    )
    .await;
    shop
}

async fn set_rules(shop: &TestApp, change: impl FnOnce(&mut HandoffRules)) {
    let assistant = shop.app.assistants(&shop.owner).await.unwrap().remove(0);
    let mut settings = assistant.settings;
    change(&mut settings.handoff);
    let (id, name, version) = (assistant.id, assistant.name, assistant.version);
    let update = shop
        .app
        .update_assistant(&shop.owner, id, &name, settings, version);
    update.await.unwrap();
}

#[tokio::test]
async fn a_customer_asks_for_a_person_who_takes_answers_and_gives_back() {
    let shop = shop().await;
    let bot = TestBot::with_staff(&shop).await;
    let first = bot.ask(9, "How long does delivery take?").await;
    assert_eq!(to_customer(&first), ["Delivery takes two working days."]);
    let id = first[0].outgoing.conversation_id;

    let asked = bot.ask(9, "I want to talk to a human agent").await;
    assert_eq!(
        to_customer(&asked),
        ["I have asked a colleague to join. They will answer you here."]
    );
    let card = to_console(&asked).join("\n");
    assert!(card.contains("Customer 9 asks for a person"), "{card}");
    assert!(card.contains("How long does delivery take?"), "{card}");
    let handoff = shop.app.handoff(&shop.owner, id).await.unwrap();
    assert!(handoff.is_assistant_silent());

    // The assistant is silent and writes a draft for operators.
    let waiting = bot.ask(9, "How long does delivery take?").await;
    assert_eq!(to_customer(&waiting), Vec::<String>::new());
    assert_eq!(
        to_console(&waiting),
        ["copy of Customer 9", "Delivery takes two working days."]
    );

    let pressed = bot.press(STAFF, ANNA.0, button(&asked, "Take over")).await;
    assert_eq!(pressed.toast, "Done.");
    let taken = bot.deliver().await;
    assert_eq!(to_customer(&taken), ["Person 501 is answering you now."]);
    bot.staff(9, ANNA, "Two days, as I said.").await;
    bot.staff(9, ANNA, "// he asked before").await;
    let said = bot.deliver().await;
    assert_eq!(to_customer(&said), ["Two days, as I said."]);

    bot.staff(9, ANNA, "/ai").await;
    let back = bot.deliver().await;
    assert_eq!(
        to_customer(&back),
        ["The assistant is answering again. Ask for a person at any time."]
    );
    let again = bot.ask(9, "How long does delivery take?").await;
    assert_eq!(to_customer(&again), ["Delivery takes two working days."]);

    let notes = shop.app.notes(&shop.owner, id).await.unwrap();
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].text, "he asked before");
    let log = shop.app.handoff_log(&shop.owner, id).await.unwrap();
    assert_eq!(log.len(), 3, "{log:#?}");
}

#[tokio::test]
async fn russian_customers_hear_russian_and_a_denial_calls_nobody() {
    let shop = shop().await;
    let bot = TestBot::with_staff(&shop).await;
    let denied = bot
        .ask(
            9,
            "Не надо оператора, скажите, сколько занимает доставка по городу?",
        )
        .await;
    let told = to_customer(&denied);
    assert!(told[0].contains("два рабочих дня"), "{told:?}");
    let id = denied[0].outgoing.conversation_id;
    let handoff = shop.app.handoff(&shop.owner, id).await.unwrap();
    assert_eq!(handoff, Handoff::Ai);
    let asked = bot.ask(9, "Позовите, пожалуйста, оператора").await;
    assert_eq!(
        to_customer(&asked),
        ["Я позвал сотрудника. Он ответит вам здесь."]
    );
    let answer = &asked[0].message.as_ref().unwrap();
    assert_eq!(answer.outcome, Some(Outcome::HandedOver));
}

#[tokio::test]
async fn two_operators_cannot_have_the_same_conversation() {
    let shop = shop().await;
    let bot = TestBot::with_staff(&shop).await;
    let asked = bot.ask(9, "operator please").await;
    let id = asked[0].outgoing.conversation_id;
    // Typing takes it.
    assert_eq!(bot.staff(9, ANNA, "Hello, I am here.").await, Staff::Done);
    let said = bot.deliver().await;
    assert_eq!(
        to_customer(&said),
        ["Anna is answering you now.", "Hello, I am here."]
    );
    assert_eq!(
        bot.staff(9, BORIS, "Me too!").await,
        Staff::Told("Anna has this conversation.".to_owned())
    );
    let operator = shop.join(Role::Operator).await;
    let refused = shop.app.reply(&operator, id, "And me").await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Conflict);
    let refused = shop.app.take(&operator, id).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Conflict);
    assert!(bot.deliver().await.is_empty());
    let viewer = shop.join(Role::Viewer).await;
    let refused = shop.app.take(&viewer, id).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
}

#[tokio::test]
async fn a_member_answers_from_the_inbox_and_the_staff_group_sees_it() {
    let shop = shop().await;
    let bot = TestBot::with_staff(&shop).await;
    let asked = bot.ask(9, "operator please").await;
    let id = asked[0].outgoing.conversation_id;
    let said = shop.app.reply(&shop.owner, id, "Olga here.").await.unwrap();
    assert_eq!(said.author, Author::Member(shop.owner.member.id));
    let delivered = bot.deliver().await;
    assert_eq!(
        to_customer(&delivered),
        ["Olga is answering you now.", "Olga here."]
    );
    assert!(to_console(&delivered).contains(&"Olga: Olga here.".to_owned()));
    shop.app.reply(&shop.owner, id, "More.").await.unwrap();
    assert_eq!(to_customer(&bot.deliver().await), ["More."]);
}

#[tokio::test]
async fn what_nobody_answers_goes_back_to_the_assistant() {
    let shop = shop().await;
    let bot = TestBot::with_staff(&shop).await;
    let asked = bot.ask(9, "operator please").await;
    let id = asked[0].outgoing.conversation_id;
    bot.staff(9, ANNA, "One moment.").await;
    bot.ask(9, "How long does delivery take?").await;
    shop.clock.pass(29 * 60);
    assert_eq!(shop.app.hand_back_idle().await.unwrap(), 0);
    bot.staff(9, ANNA, "Still looking.").await;
    shop.clock.pass(29 * 60);
    assert_eq!(
        shop.app.hand_back_idle().await.unwrap(),
        0,
        "she has spoken"
    );
    bot.ask(9, "How long does delivery take?").await;
    bot.deliver().await;
    shop.clock.pass(2 * 60);
    assert_eq!(shop.app.hand_back_idle().await.unwrap(), 1);
    assert_eq!(shop.app.hand_back_idle().await.unwrap(), 0);
    let told = to_customer(&bot.deliver().await);
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(
        told[0],
        "The assistant is answering again. Ask for a person at any time."
    );
    assert!(told[1].contains("two working days"), "{told:?}");
    let handoff = shop.app.handoff(&shop.owner, id).await.unwrap();
    assert!(matches!(handoff, Handoff::HandedBack { .. }));
}

#[tokio::test]
async fn a_closed_conversation_is_opened_by_the_customers_next_words() {
    let shop = shop().await;
    let bot = TestBot::with_staff(&shop).await;
    let asked = bot.ask(9, "operator please").await;
    let id = asked[0].outgoing.conversation_id;
    bot.staff(9, ANNA, "Hello.").await;
    bot.deliver().await;
    shop.app.close_conversation(&shop.owner, id).await.unwrap();
    let told = to_customer(&bot.deliver().await);
    assert_eq!(told, ["This conversation is closed. Write again any time."]);
    let answered = bot.ask(9, "How long does delivery take?").await;
    assert_eq!(to_customer(&answered), ["Delivery takes two working days."]);
    let handoff = shop.app.handoff(&shop.owner, id).await.unwrap();
    assert_eq!(handoff, Handoff::Ai);
}

#[tokio::test]
async fn refusals_and_the_owners_words_ask_for_a_person_by_the_rules() {
    let shop = shop().await;
    set_rules(&shop, |rules| {
        rules.on_low_confidence = false;
        rules.after_refusals = 2;
        rules.words = vec!["refund*".to_owned()];
    })
    .await;
    let bot = TestBot::with_staff(&shop).await;
    let first = bot.ask(9, "Who painted the ceiling of the chapel?").await;
    let id = first[0].outgoing.conversation_id;
    let handoff = shop.app.handoff(&shop.owner, id).await.unwrap();
    assert_eq!(handoff, Handoff::Ai);
    let second = bot.ask(9, "Which planet has the most moons?").await;
    let told = to_customer(&second);
    assert!(told[0].ends_with("They will answer you here."), "{told:?}");
    let handoff = shop.app.handoff(&shop.owner, id).await.unwrap();
    assert!(matches!(handoff, Handoff::Requested { .. }));
    assert!(!handoff.is_assistant_silent(), "it answers what it can");
    let other = bot.ask(10, "I want my refunds").await;
    assert_eq!(
        to_customer(&other),
        ["I have asked a colleague to join. They will answer you here."]
    );
}

#[tokio::test]
async fn a_banned_customer_is_not_heard() {
    let shop = shop().await;
    let bot = TestBot::with_staff(&shop).await;
    let first = bot.ask(9, "How long does delivery take?").await;
    let id = first[0].outgoing.conversation_id;
    shop.app.ban(&shop.owner, id, Ban::Banned).await.unwrap();
    let received = bot.writes(9, "How long does delivery take?").await;
    assert!(received.dropped);
    assert!(bot.deliver().await.is_empty());
    shop.app.ban(&shop.owner, id, Ban::Free).await.unwrap();
    assert_eq!(bot.ask(9, "How long does delivery take?").await.len(), 1);
}

#[tokio::test]
async fn a_draft_is_sent_as_it_is_and_takes_the_conversation() {
    let shop = shop().await;
    let bot = TestBot::with_staff(&shop).await;
    bot.ask(9, "operator please").await;
    let drafted = bot.ask(9, "How long does delivery take?").await;
    let send = button(&drafted, "Send");
    assert_eq!(bot.press(STAFF, ANNA.0, send).await.toast, "Sent.");
    let sent = to_customer(&bot.deliver().await);
    assert_eq!(
        sent,
        [
            "Person 501 is answering you now.",
            "Delivery takes two working days."
        ]
    );
    let again = bot.press(STAFF, ANNA.0, send).await;
    assert_eq!(again.toast, "This was done already.");
    assert!(bot.deliver().await.is_empty());
    // A customer who gets hold of a button of operators does nothing with it.
    let drafted = bot.ask(9, "How long does delivery take?").await;
    let refused = bot.press(9, 9, button(&drafted, "Send")).await;
    assert_eq!(refused.toast, "This button is not for you.");
    assert!(bot.deliver().await.is_empty());
}
