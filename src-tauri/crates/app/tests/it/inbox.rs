//! The inbox: who is there, for how long; a conversation that changes hands is told to both.

use app::error::ErrorCode;
use app::inbox::presence::{Doing, LOOKING_MS, Presence, TYPING_MS};
use domain::handoff::Handoff;
use domain::member::Role;
use testkit::TestApp;
use testkit::bot::TestBot;

#[tokio::test]
async fn whoever_types_is_seen_at_once_and_is_gone_when_they_say_nothing() {
    let shop = TestApp::new().await;
    let bot = TestBot::with_staff(&shop).await;
    let id = bot.writes(9, "Hello").await.conversation_id;
    let (app, ann) = (&shop.app, &shop.owner);
    let boris = shop.join(Role::Operator).await;
    let mut told = app.presence();
    app.be_present(ann, id, "a", Doing::Looking).await.unwrap();
    let here = app
        .be_present(&boris, id, "b", Doing::Typing)
        .await
        .unwrap();
    assert_eq!(here.len(), 2);
    told.recv().await.unwrap();
    let Presence { present, .. } = told.recv().await.unwrap();
    let of = |present: &[app::inbox::presence::Present], member| {
        let one = present.iter().find(|one| one.member_id == member);
        one.map(|one| (one.here_ms > 0, one.typing_ms > 0))
    };
    assert_eq!(of(&present, boris.member.id), Some((true, true)));
    assert_eq!(of(&present, ann.member.id), Some((true, false)));

    shop.clock.pass_milliseconds(TYPING_MS + 1);
    let here = app.be_present(ann, id, "a", Doing::Looking).await.unwrap();
    assert_eq!(
        of(&here, boris.member.id),
        Some((true, false)),
        "typing has an end"
    );
    shop.clock.pass_milliseconds(LOOKING_MS - TYPING_MS);
    let here = app.be_present(ann, id, "a", Doing::Looking).await.unwrap();
    assert_eq!(of(&here, boris.member.id), None, "so has looking");

    // Two pages of one member are one person; the last one that goes takes them away.
    app.be_present(ann, id, "second", Doing::Looking)
        .await
        .unwrap();
    let here = app.be_present(ann, id, "a", Doing::Gone).await.unwrap();
    assert_eq!(here.len(), 1);
    let here = app
        .be_present(ann, id, "second", Doing::Gone)
        .await
        .unwrap();
    assert_eq!(here.len(), 0);
}

#[tokio::test]
async fn a_page_is_in_one_conversation_and_a_viewer_only_looks() {
    let shop = TestApp::new().await;
    let bot = TestBot::with_staff(&shop).await;
    let first = bot.writes(9, "Hello").await.conversation_id;
    let second = bot.writes(10, "Hello").await.conversation_id;
    let viewer = shop.join(Role::Viewer).await;
    let app = &shop.app;
    app.be_present(&viewer, first, "a", Doing::Looking)
        .await
        .unwrap();
    let mut told = app.presence();
    app.be_present(&viewer, second, "a", Doing::Looking)
        .await
        .unwrap();
    let left = told.recv().await.unwrap();
    assert_eq!((left.conversation_id, left.present.len()), (first, 0));
    let come = told.recv().await.unwrap();
    assert_eq!((come.conversation_id, come.present.len()), (second, 1));
    // A late word of going says nothing about where the page is now.
    let here = app
        .be_present(&viewer, first, "a", Doing::Gone)
        .await
        .unwrap();
    assert_eq!(here.len(), 0);
    let here = app
        .be_present(&shop.owner, second, "o", Doing::Looking)
        .await
        .unwrap();
    assert_eq!(here.len(), 2);
    let typing = app.be_present(&viewer, second, "a", Doing::Typing).await;
    assert_eq!(typing.unwrap_err().code, ErrorCode::Forbidden);
    let nameless = app.be_present(&viewer, second, "", Doing::Looking).await;
    assert_eq!(nameless.unwrap_err().code, ErrorCode::Invalid);
}

#[tokio::test]
async fn a_conversation_that_is_held_changes_hands_when_it_is_given() {
    let shop = TestApp::new().await;
    let bot = TestBot::with_staff(&shop).await;
    let id = bot.writes(9, "Hello").await.conversation_id;
    let (app, ann) = (&shop.app, &shop.owner);
    let boris = shop.join(Role::Operator).await;
    let viewer = shop.join(Role::Viewer).await;
    app.assign(ann, id, Some(boris.member.id)).await.unwrap();
    let row = app.inbox_row(ann, id).await.unwrap();
    assert_eq!(row.handoff, Handoff::Ai, "the assistant goes on answering");
    assert_eq!(row.assignee.unwrap().0, boris.member.id);
    let log = app.assignments(&viewer, id).await.unwrap();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].by.name, ann.member.name);

    app.take(ann, id).await.unwrap();
    let row = app.inbox_row(ann, id).await.unwrap();
    assert_eq!(
        row.assignee.unwrap().0,
        ann.member.id,
        "who takes it looks after it"
    );
    let nobody = app.assign(ann, id, None).await;
    assert_eq!(nobody.unwrap_err().code, ErrorCode::Conflict);
    let to_viewer = app.assign(ann, id, Some(viewer.member.id)).await;
    assert_eq!(to_viewer.unwrap_err().code, ErrorCode::Invalid);
    app.assign(ann, id, Some(boris.member.id)).await.unwrap();
    let handoff = app.handoff(ann, id).await.unwrap();
    assert_eq!(handoff.operator().unwrap().name, boris.member.name);
    app.reply(&boris, id, "Here I am.").await.unwrap();
    assert_eq!(
        app.reply(ann, id, "Me too.").await.unwrap_err().code,
        ErrorCode::Conflict
    );

    app.hand_back(&boris, id).await.unwrap();
    app.assign(&boris, id, None).await.unwrap();
    assert_eq!(app.inbox_row(ann, id).await.unwrap().assignee, None);
    // Whoever is removed looks after nothing.
    app.assign(ann, id, Some(boris.member.id)).await.unwrap();
    app.remove_member(ann, boris.member.id).await.unwrap();
    assert_eq!(app.inbox_row(ann, id).await.unwrap().assignee, None);
}
