//! What customers send: T18.

use std::time::Duration;

use botapi::{Place, Say, Settings, UserId};
use domain::bot::BotSettings;
use store::attachments::AttachmentState;

use crate::house::{ANSWER, House, QUESTION};

const SMALL: usize = 19_900_000;
const LARGE: usize = 20_100_000;

/// The states of everything that came in the customer's conversation.
async fn kept(house: &House, chat: Place) -> Vec<(AttachmentState, u64)> {
    let (app, owner) = (&house.kit.app, &house.kit.owner);
    let listed = app
        .conversations(owner, Default::default(), None, 50)
        .await
        .unwrap();
    let mut found = Vec::new();
    for conversation in listed.items {
        let messages = app
            .messages(owner, conversation.id, None, 100)
            .await
            .unwrap();
        for (_, beside) in app.beside(owner, conversation.id, &messages).await.unwrap() {
            for row in beside.attachments {
                if row.state == AttachmentState::Kept {
                    let file = app.attached_file(owner, row.id).await.unwrap();
                    let bytes = std::fs::metadata(file.path).unwrap().len();
                    found.push((row.state, bytes));
                } else {
                    found.push((row.state, 0));
                }
            }
        }
    }
    assert!(!house.world.messages(chat).is_empty());
    found
}

async fn open() -> (House, UserId, Place) {
    let mut house = House::in_world(
        BotSettings::default(),
        botapi::BotSetup::new("Shop", "shop_bot"),
        Settings::default(),
    )
    .await;
    house.open().await;
    let (anna, chat) = house.customer("Anna");
    (house, anna, chat)
}

#[tokio::test(start_paused = true)]
async fn t18_a_file_of_19_9_megabytes_is_kept_and_its_question_answered() {
    let (house, anna, chat) = open().await;
    let say = Say::document("photos.zip", "application/zip", vec![7; SMALL]).caption(QUESTION);
    house.world.say(chat, anna, say).unwrap();
    let said = house.said(chat, 1).await;
    assert!(said[0].contains(ANSWER), "{said:?}");
    house.pass(Duration::from_secs(10)).await;
    assert_eq!(
        kept(&house, chat).await,
        [(AttachmentState::Kept, SMALL as u64)]
    );
}

#[tokio::test(start_paused = true)]
async fn t18_a_file_of_20_1_megabytes_has_a_kind_answer() {
    let (house, anna, chat) = open().await;
    let say = Say::document("film.zip", "application/zip", vec![7; LARGE]);
    house.world.say(chat, anna, say).unwrap();
    let said = house.said(chat, 1).await;
    assert!(said[0].contains("larger than 20 MB"), "{said:?}");
    let say = Say::document("film.zip", "application/zip", vec![8; LARGE]).caption(QUESTION);
    house.world.say(chat, anna, say).unwrap();
    let said = house.said(chat, 2).await;
    assert!(
        said[1].contains(ANSWER) && said[1].contains("larger than 20 MB"),
        "the question is answered, and the file spoken of: {said:?}"
    );
    house.pass(Duration::from_secs(10)).await;
    assert_eq!(house.world.said_by_bots(chat).len(), 2, "said once each");
    let states = kept(&house, chat).await;
    assert!(
        states
            .iter()
            .all(|(state, _)| *state == AttachmentState::TooLarge),
        "{states:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn t18_a_voice_a_photo_and_a_document_are_kept_and_spoken_of() {
    let (house, anna, chat) = open().await;
    let voice = vec![1; 30_000];
    let photo = vec![2; 200_000];
    let paper = vec![3; 5_000];
    house.world.say(chat, anna, Say::voice(voice, 4)).unwrap();
    let said = house.said(chat, 1).await;
    assert!(said[0].contains("voice message"), "{said:?}");
    house.world.say(chat, anna, Say::photo(photo)).unwrap();
    house.said(chat, 2).await;
    let say = Say::document("invoice.pdf", "application/pdf", paper).caption(QUESTION);
    house.world.say(chat, anna, say).unwrap();
    let said = house.said(chat, 3).await;
    assert!(said[2].contains(ANSWER), "{said:?}");
    house.pass(Duration::from_secs(5)).await;
    let states = kept(&house, chat).await;
    assert_eq!(states.len(), 3);
    assert!(
        states
            .iter()
            .all(|(state, bytes)| *state == AttachmentState::Kept && *bytes > 0),
        "{states:?}"
    );
    // Nothing of it entered the knowledge.
    let app = &house.kit.app;
    let documents = app
        .documents(&house.kit.owner, Default::default(), None, 50)
        .await;
    assert_eq!(documents.unwrap().items.len(), 1, "the list of prices");
}
