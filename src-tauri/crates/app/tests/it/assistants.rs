//! Assistants: topics left alone, versions and the way back, another threshold on what was asked, the ladder, and
//! the first steps.

use app::assistants::ladder::RungKind;
use app::error::ErrorCode;
use app::first_run::questions::Samples;
use app::first_run::{FirstRun, FirstStep};
use app::qa::QaDraft;
use domain::answer::Outcome;
use domain::assistant::{Assistant, AssistantSettings, EngineChoice, Part};
use domain::member::Role;
use testkit::TestApp;

async fn shop() -> TestApp {
    let shop = TestApp::new().await;
    let text = "# Terms\n\n## Delivery\n\nDelivery takes two working days inside the city.\n\n\
                ## Can I return a bicycle?\n\nA bicycle can be returned within 14 days.\n";
    shop.add("terms.md", text).await;
    shop
}

async fn first(shop: &TestApp) -> Assistant {
    shop.app.assistants(&shop.owner).await.unwrap().remove(0)
}

async fn change(shop: &TestApp, change: impl FnOnce(&mut AssistantSettings)) -> Assistant {
    let assistant = first(shop).await;
    let mut settings = assistant.settings;
    change(&mut settings);
    let (id, name, version) = (assistant.id, assistant.name, assistant.version);
    let update = shop
        .app
        .update_assistant(&shop.owner, id, &name, settings, version);
    update.await.unwrap()
}

#[tokio::test]
async fn a_topic_is_left_alone_whatever_the_documents_say_and_is_no_unanswered_question() {
    let shop = shop().await;
    change(&shop, |settings| {
        settings.forbidden.words = vec!["deliver*".to_owned()];
    })
    .await;
    let conversation = shop.conversation().await;
    let left = shop
        .ask(&conversation, "How long does delivery take?")
        .await;
    assert_eq!(left.outcome, Some(Outcome::Refused));
    assert_eq!(
        left.text,
        "I cannot help with this topic here. Ask me about our products and services."
    );
    let asked = shop
        .app
        .unanswered_list(&shop.owner, app::improve::Unanswered::Open, None, 10);
    assert!(asked.await.unwrap().items.is_empty());
    let other = shop.ask(&conversation, "Can I return a bicycle?").await;
    assert_eq!(other.outcome, Some(Outcome::Answered));
}

#[tokio::test]
async fn an_earlier_version_comes_back_as_a_new_one_and_everybody_sees_who_did_it() {
    let shop = shop().await;
    let changed = change(&shop, |settings| {
        settings.greeting = "Hello".to_owned();
        settings.threshold = 0.7;
    })
    .await;
    let app = &shop.app;
    let (id, version) = (changed.id, changed.version);
    let late = app.return_assistant(&shop.owner, id, 1, version - 1).await;
    assert_eq!(late.unwrap_err().code, ErrorCode::Conflict);
    let viewer = shop.join(Role::Viewer).await;
    let refused = app.return_assistant(&viewer, id, 1, version).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);

    let back = app
        .return_assistant(&shop.owner, id, 1, version)
        .await
        .unwrap();
    assert_eq!((back.version, back.settings.greeting.as_str()), (3, ""));
    let versions = app.assistant_versions(&viewer, id).await.unwrap();
    let told: Vec<_> = versions
        .iter()
        .map(|one| (one.version.number, one.version.returned_to, one.parts.len()))
        .collect();
    assert_eq!(told, [(3, Some(1), 2), (2, None, 2), (1, None, 0)]);
    assert_eq!(versions[1].parts, [Part::Greeting, Part::Threshold]);
    let owner = &shop.owner.member.name;
    assert!(versions.iter().all(|one| one.version.changed_by == *owner));
}

#[tokio::test]
async fn what_was_asked_is_told_with_how_sure_the_search_was() {
    let shop = shop().await;
    let conversation = shop.conversation().await;
    shop.ask(&conversation, "How long does delivery take?")
        .await;
    shop.ask(&conversation, "Hello").await;
    shop.ask(&conversation, "How long does delivery take").await;
    shop.ask(
        &conversation,
        "Do you sell elephants and delivery vans for giraffes?",
    )
    .await;
    let id = first(&shop).await.id;
    let past = shop.app.past_questions(&shop.owner, id).await.unwrap();
    let asked: Vec<&str> = past.iter().map(|one| one.question.as_str()).collect();
    assert_eq!(
        asked,
        [
            "Do you sell elephants and delivery vans for giraffes?",
            "How long does delivery take"
        ]
    );
    assert!(past[1].confidence >= 0.5 && past[1].is_decided_by_threshold);
    assert!(past[0].confidence < past[1].confidence);
}

#[tokio::test]
async fn the_ladder_tells_the_order_and_how_each_fared() {
    let shop = shop().await;
    change(&shop, |settings| settings.engine = EngineChoice::Remote).await;
    let conversation = shop.conversation().await;
    shop.ask(&conversation, "How long does delivery take?")
        .await;
    let id = first(&shop).await.id;
    let rungs = shop.app.engine_ladder(&shop.owner, id).await.unwrap();
    let kinds: Vec<_> = rungs.iter().map(|rung| rung.kind).collect();
    assert_eq!(
        kinds,
        [RungKind::Remote, RungKind::Quotes, RungKind::Person]
    );
    let failed = rungs[0].last.clone().unwrap().failed;
    assert_eq!(failed.as_deref(), Some("not_set_up"));
    assert_eq!(rungs[1].last.clone().unwrap().failed, None);
    assert_eq!(rungs[2].last, None);
    change(&shop, |settings| {
        settings.engine = EngineChoice::Quotes;
        settings.handoff.on_low_confidence = false;
        settings.handoff.after_refusals = 0;
    })
    .await;
    let rungs = shop.app.engine_ladder(&shop.owner, id).await.unwrap();
    let kinds: Vec<_> = rungs.iter().map(|rung| rung.kind).collect();
    assert_eq!(kinds, [RungKind::Quotes, RungKind::Refusal]);
}

#[tokio::test]
async fn the_first_steps_are_kept_and_only_admins_move_them() {
    let shop = TestApp::new().await;
    let begun = shop.app.first_run(&shop.owner).await.unwrap();
    assert_eq!(begun, FirstRun::default());
    let further = FirstRun {
        step: FirstStep::Engine,
        is_over: false,
    };
    let operator = shop.join(Role::Operator).await;
    let refused = shop.app.set_first_run(&operator, further).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::Forbidden);
    shop.app.set_first_run(&shop.owner, further).await.unwrap();
    assert_eq!(shop.app.first_run(&operator).await.unwrap(), further);
}

#[tokio::test]
async fn sample_questions_are_ones_that_are_answered() {
    let shop = shop().await;
    let rows = "Service,Price\nBrake adjustment,25 EUR\nChain replacement,30 EUR\n";
    shop.add("prices.csv", rows).await;
    let samples = shop.app.sample_questions(&shop.owner, None).await.unwrap();
    let answerable = samples.answerable.iter();
    let asked: Vec<&str> = answerable.map(|one| one.question.as_str()).collect();
    assert!(asked.contains(&"Can I return a bicycle?"), "{asked:?}");
    assert!(
        asked.contains(&"What is the price of the brake adjustment?"),
        "{asked:?}"
    );
    assert!(asked.len() <= 5);
    for question in asked {
        let conversation = shop.conversation().await;
        let answer = shop.ask(&conversation, question).await;
        assert_eq!(answer.outcome, Some(Outcome::Answered), "{question}");
    }
    let empty = TestApp::new().await;
    let none = empty.app.sample_questions(&empty.owner, None).await;
    assert_eq!(none.unwrap(), Samples::default());
}

#[tokio::test]
async fn usual_questions_that_are_refused_are_told_until_somebody_answers_them() {
    let shop = shop().await;
    let samples = shop.app.sample_questions(&shop.owner, None).await.unwrap();
    let open = samples.unanswerable;
    assert_eq!(open.len(), 5, "{open:?}");
    for question in &open {
        let conversation = shop.conversation().await;
        let answer = shop.ask(&conversation, question).await;
        assert_eq!(answer.outcome, Some(Outcome::Refused), "{question}");
    }
    let pair = QaDraft {
        questions: vec![open[0].clone()],
        answer: "From nine to six.".to_owned(),
    };
    shop.app.put_qa(&shop.owner, None, pair).await.unwrap();
    let samples = shop.app.sample_questions(&shop.owner, None).await.unwrap();
    assert!(!samples.unanswerable.contains(&open[0]), "{samples:?}");
}
