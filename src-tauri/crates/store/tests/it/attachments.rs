//! Files of customers: fetched, kept as originals, gone with their conversation.

use domain::conversation::{Attachment, AttachmentKind, MAX_ATTACHMENT};
use domain::id::{AttachmentId, BotId, JobId};
use domain::job::{JobState, Lane, MAX_ATTEMPTS, Task};
use domain::language::Language;
use store::Applied;
use store::attachments::{AttachmentState, Hearing};
use store::cleanup::Cleaning;
use store::error::StoreError;
use store::receive::Received;

use crate::post::{arrival, incoming, letter, post};
use crate::world::{Shop, World, at, lease, uuid};

fn photo(size: u64) -> Attachment {
    Attachment {
        kind: AttachmentKind::Photo,
        remote_file: "file-1".to_owned(),
        name: "tea.jpg".to_owned(),
        media_type: "image/jpeg".to_owned(),
        size,
        detail: String::new(),
    }
}

async fn sends(shop: &Shop, bot: BotId, all: &[Attachment]) -> (Received, Vec<AttachmentId>) {
    let mut letter = letter(bot, 1, 1, at(1));
    letter.attachments = all.to_vec();
    let mut arrival = arrival(at(1));
    let ids = all.iter().map(|_| (AttachmentId(uuid()), JobId(uuid())));
    arrival.attachments = ids.collect();
    let ids = arrival.attachments.iter().map(|(id, _)| *id).collect();
    let received = shop.w.receive(incoming(shop, letter, ""), arrival).await;
    (received.unwrap(), ids)
}

async fn file(world: &World, content: &'static str) -> store::files::StoredFile {
    world
        .store
        .put_file(content.as_bytes(), MAX_ATTACHMENT)
        .await
        .unwrap()
}

#[tokio::test]
async fn what_comes_with_a_message_is_fetched_where_it_can_be() {
    let (world, shop, bot) = post().await;
    let place = Attachment {
        kind: AttachmentKind::Location,
        remote_file: String::new(),
        detail: "48.1,11.5".to_owned(),
        ..photo(0)
    };
    let all = [photo(1_000), photo(MAX_ATTACHMENT + 1), place];
    let (said, ids) = sends(&shop, bot.bot.id, &all).await;
    let kept = shop.w.attachments(said.message_id).await.unwrap();
    let states: Vec<_> = kept.iter().map(|row| row.state).collect();
    assert_eq!(
        states,
        [
            AttachmentState::Waiting,
            AttachmentState::TooLarge,
            AttachmentState::NoFile
        ]
    );
    assert_eq!(kept[2].attachment.detail, "48.1,11.5");
    let held = lease(&world.store, Lane::Fetch, at(2)).await.unwrap();
    assert_eq!(
        held.job.task,
        Task::Fetch {
            attachment_id: ids[0]
        }
    );
    assert!(lease(&world.store, Lane::Fetch, at(2)).await.is_none());
    let stored = file(&world, "picture").await;
    let hash = stored.content_hash.clone();
    let done = shop.w.attachment_kept(ids[0], stored, at(3)).await.unwrap();
    assert_eq!(done, Applied::Applied);
    let again = file(&world, "picture").await;
    let done = shop.w.attachment_kept(ids[0], again, at(3)).await.unwrap();
    assert_eq!(done, Applied::AlreadyApplied);
    world.store.finish_job(&held).await.unwrap();
    let row = shop.w.attachment(ids[0]).await.unwrap();
    assert_eq!(row.state, AttachmentState::Kept);
    assert_eq!((row.content_hash, row.attachment.size), (hash, 7));
    let failed = AttachmentState::Failed;
    let refused = shop.w.attachment_failed(ids[0], failed, at(4)).await;
    assert!(matches!(refused, Err(StoreError::Conflict)));
}

#[tokio::test]
async fn a_file_stays_as_long_as_its_conversation_and_goes_into_backups() {
    let (world, shop, bot) = post().await;
    let (said, ids) = sends(&shop, bot.bot.id, &[photo(7), photo(7)]).await;
    let stored = file(&world, "picture").await;
    let path = world.store.file_path(&stored.content_hash);
    shop.w.attachment_kept(ids[0], stored, at(2)).await.unwrap();
    let cleaned = world
        .store
        .clean_up(Cleaning::Remove, at(9_999))
        .await
        .unwrap();
    assert_eq!(cleaned.files, 0);
    assert!(path.exists());
    let to = world.folder.path().join("backup.zip");
    let report = world.store.backup(&to, at(3)).await.unwrap();
    assert_eq!(report.manifest.missing, Vec::<String>::new());
    assert_eq!(report.manifest.sha256.len(), 2, "the database and the file");

    let counts = world.store.job_counts().await.unwrap();
    assert!(counts.contains(&(Lane::Fetch, JobState::Queued, 2)));
    shop.w
        .remove_conversation(said.conversation_id, at(4))
        .await
        .unwrap();
    // A hint after the commit removes it; the next write comes after that.
    shop.w
        .set_setting("a", "1".to_owned(), at(5))
        .await
        .unwrap();
    assert!(!path.exists());
    let late = file(&world, "late").await;
    let refused = shop.w.attachment_kept(ids[1], late, at(6)).await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn a_file_that_cannot_be_fetched_is_marked_and_may_be_tried_again() {
    let (world, shop, bot) = post().await;
    let (_, ids) = sends(&shop, bot.bot.id, &[photo(7)]).await;
    let mut now = 10;
    let mut job = None;
    for _ in 0..MAX_ATTEMPTS {
        let held = lease(&world.store, Lane::Fetch, at(now)).await.unwrap();
        world
            .store
            .fail_job(&held, "no answer", at(now), 0)
            .await
            .unwrap();
        now += 1_000;
        job = Some(held.job.id);
    }
    let w = shop.w;
    let row = w.attachment(ids[0]).await.unwrap();
    assert_eq!(row.state, AttachmentState::Failed);
    w.retry_job(job.unwrap(), at(now)).await.unwrap();
    let row = w.attachment(ids[0]).await.unwrap();
    assert_eq!(row.state, AttachmentState::Waiting);
    let large = AttachmentState::TooLarge;
    let marked = w.attachment_failed(ids[0], large, at(now)).await;
    assert_eq!(marked.unwrap(), Applied::Applied);
}

#[tokio::test]
async fn what_is_heard_stands_in_its_message_once() {
    let (_world, shop, bot) = post().await;
    let voice = Attachment {
        kind: AttachmentKind::Voice,
        ..photo(1_000)
    };
    let (said, ids) = sends(&shop, bot.bot.id, &[voice]).await;
    let words = "How long does delivery take?";
    let nothing = shop
        .w
        .attachment_heard(ids[0], "", Language::EN, at(2))
        .await;
    assert!(matches!(nothing, Err(StoreError::Conflict)));
    for expected in [Applied::Applied, Applied::AlreadyApplied] {
        let heard = shop.w.attachment_heard(ids[0], words, Language::EN, at(2));
        assert_eq!(heard.await.unwrap(), expected);
    }
    let kept = shop.w.attachments(said.message_id).await.unwrap();
    assert_eq!(kept[0].transcript, words);
    assert_eq!(kept[0].hearing, Hearing::Words);
    assert_eq!(kept[0].spoken, Language::EN);
    let asked = shop.w.unanswered(said.conversation_id).await.unwrap();
    assert_eq!(asked[0].text, words, "it is answered like a written one");
}

#[tokio::test]
async fn what_was_listened_to_in_vain_is_not_listened_to_again() {
    let (_world, shop, bot) = post().await;
    let voice = Attachment {
        kind: AttachmentKind::Voice,
        ..photo(1_000)
    };
    let (said, ids) = sends(&shop, bot.bot.id, &[voice]).await;
    let no_cause = shop
        .w
        .attachment_not_heard(ids[0], Hearing::Words, at(2))
        .await;
    assert!(matches!(no_cause, Err(StoreError::Conflict)));
    for expected in [Applied::Applied, Applied::AlreadyApplied] {
        let told = shop.w.attachment_not_heard(ids[0], Hearing::Nothing, at(2));
        assert_eq!(told.await.unwrap(), expected);
    }
    let late = shop
        .w
        .attachment_heard(ids[0], "Hello", Language::EN, at(3));
    assert_eq!(late.await.unwrap(), Applied::AlreadyApplied);
    let kept = shop.w.attachments(said.message_id).await.unwrap();
    assert_eq!(kept[0].hearing, Hearing::Nothing);
    assert_eq!(kept[0].transcript, "");
}
