//! A question that was not answered becomes a Q&A, and is answered.

use app::error::ErrorCode;
use app::improve::Unanswered;
use app::qa::QaDraft;
use domain::answer::Outcome;
use domain::member::Role;
use testkit::TestApp;
use testkit::bot::TestBot;

fn draft(question: &str, answer: &str) -> QaDraft {
    QaDraft {
        questions: vec![question.to_owned()],
        answer: answer.to_owned(),
    }
}

async fn shop() -> TestApp {
    let shop = TestApp::new().await;
    let delivery = "# Delivery\n\nDelivery takes two working days.\n";
    shop.add("delivery.md", delivery).await;
    shop
}

#[tokio::test]
async fn a_refused_question_is_grouped_answered_and_then_answered_to_the_customer() {
    let shop = shop().await;
    let talk = shop.conversation().await;
    for question in [
        "Do you repair broken scooters?",
        "Do you repair a broken scooter",
    ] {
        let said = shop.ask(&talk, question).await;
        assert_eq!(said.outcome, Some(Outcome::Refused), "{said:?}");
    }
    let answered = shop.ask(&talk, "How long does delivery take?").await;
    assert_eq!(answered.outcome, Some(Outcome::Answered));
    let page = shop
        .app
        .unanswered_list(&shop.owner, Unanswered::Open, None, 10);
    let groups = page.await.unwrap().items;
    assert_eq!(groups.len(), 1, "{groups:?}");
    assert_eq!(groups[0].asked, 2);

    let pair = draft(&groups[0].question, "Yes, on Tuesdays.");
    shop.app
        .write_answer(&shop.owner, groups[0].id, pair)
        .await
        .unwrap();
    let said = shop.ask(&talk, "Do you repair broken scooters?").await;
    assert_eq!(said.outcome, Some(Outcome::AnsweredByQa));
    assert_eq!(said.text, "Yes, on Tuesdays.");
    let page = shop
        .app
        .unanswered_list(&shop.owner, Unanswered::Open, None, 10);
    assert_eq!(page.await.unwrap().items, []);
}

#[tokio::test]
async fn small_talk_and_a_call_for_a_person_are_no_unanswered_questions() {
    let shop = shop().await;
    let bot = TestBot::with_staff(&shop).await;
    bot.ask(9, "Hello").await;
    bot.ask(9, "I want to talk to a human agent").await;
    let page = shop
        .app
        .unanswered_list(&shop.owner, Unanswered::Open, None, 10);
    assert_eq!(page.await.unwrap().items, []);
    let glance = shop.app.home(&shop.owner, None).await.unwrap();
    assert_eq!((glance.home.asked, glance.home.waiting), (2, 1));
    assert_eq!(glance.home.bots.len(), 1);
}

#[tokio::test]
async fn what_staff_reply_after_a_refusal_is_suggested() {
    let shop = shop().await;
    let bot = TestBot::with_staff(&shop).await;
    bot.ask(9, "Do you repair broken scooters?").await;
    bot.ask(9, "I want to talk to a human agent").await;
    bot.staff(9, (501, "Anna"), "Yes, on Tuesdays and Fridays.")
        .await;
    let page = shop
        .app
        .unanswered_list(&shop.owner, Unanswered::Suggested, None, 10);
    let groups = page.await.unwrap().items;
    let reply = groups[0].reply.clone().unwrap();
    assert_eq!(reply.text, "Yes, on Tuesdays and Fridays.");
    assert_eq!(reply.by, "Anna");
}

#[tokio::test]
async fn operators_set_aside_and_do_not_write_and_viewers_only_look() {
    let shop = shop().await;
    let talk = shop.conversation().await;
    shop.ask(&talk, "Do you repair broken scooters?").await;
    let (operator, viewer) = (
        shop.join(Role::Operator).await,
        shop.join(Role::Viewer).await,
    );
    let page = shop
        .app
        .unanswered_list(&viewer, Unanswered::Open, None, 10);
    let id = page.await.unwrap().items[0].id;
    let refused = shop.app.write_answer(&operator, id, draft("a", "b")).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    let refused = shop.app.dismiss_unanswered(&viewer, id).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    shop.app.dismiss_unanswered(&operator, id).await.unwrap();
    let page = shop
        .app
        .unanswered_list(&viewer, Unanswered::Dismissed, None, 10);
    assert_eq!(page.await.unwrap().items.len(), 1);
}
