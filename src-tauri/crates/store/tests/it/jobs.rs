//! Jobs: order, fairness, fencing, back-off, death.

use domain::document::{DocumentState, ReadFailure};
use domain::id::{ConversationId, DocumentId, JobId, WorkspaceId};
use domain::job::{JobState, Lane, MAX_ATTEMPTS, Task};
use store::documents::Added;
use store::error::StoreError;
use store::{Applied, Workspace};

use crate::world::{World, at, lease, uuid};

async fn enqueue(w: &Workspace, task: Task, now: i64) -> JobId {
    let id = JobId(uuid());
    let applied = w.enqueue(id, task, at(now)).await.unwrap();
    assert_eq!(applied, Applied::Applied);
    id
}

fn some_read() -> Task {
    Task::Read {
        document_id: DocumentId(uuid()),
    }
}

/// A second workspace, made behind the face's back: the first version of the program has only one.
pub async fn second_workspace(world: &World) -> WorkspaceId {
    let id = WorkspaceId(uuid());
    let conn = rusqlite::Connection::open(world.data().join("chatai.db")).unwrap();
    conn.execute(
        "INSERT INTO workspaces (id, name, created_at) VALUES (?1, 'Second', 0)",
        [id.0.into_bytes()],
    )
    .unwrap();
    id
}

#[tokio::test]
async fn jobs_of_one_key_run_one_at_a_time_in_order() {
    let (world, shop) = World::owned().await;
    let task = Task::Answer {
        conversation_id: ConversationId(uuid()),
    };
    let first = enqueue(&shop.w, task.clone(), 0).await;
    let held = lease(&world.store, Lane::Answer, at(1)).await.unwrap();
    assert_eq!(held.job.id, first);
    let second = enqueue(&shop.w, task.clone(), 1).await;
    let third = shop.w.enqueue(JobId(uuid()), task, at(1)).await.unwrap();
    assert_eq!(third, Applied::AlreadyApplied, "one waits already");
    assert_eq!(lease(&world.store, Lane::Answer, at(2)).await, None);
    let next = world.store.next_job_at(Lane::Answer).await.unwrap();
    assert_eq!(next, Some(at(61)), "only the end of the lease is awaited");
    // The first one fails: the second still waits for it.
    world.store.fail_job(&held, "no", at(2), 0).await.unwrap();
    assert_eq!(lease(&world.store, Lane::Answer, at(3)).await, None);
    let again = lease(&world.store, Lane::Answer, at(4)).await.unwrap();
    assert_eq!((again.job.id, again.job.attempts), (first, 2));
    let done = world.store.finish_job(&again).await.unwrap();
    assert_eq!(done, Applied::Applied);
    let done = world.store.finish_job(&again).await.unwrap();
    assert_eq!(done, Applied::AlreadyApplied);
    let next = lease(&world.store, Lane::Answer, at(4)).await.unwrap();
    assert_eq!(next.job.id, second);
}

#[tokio::test]
async fn a_busy_workspace_does_not_keep_another_one_waiting() {
    let (world, busy) = World::owned().await;
    let quiet = world.store.workspace(second_workspace(&world).await);
    for _ in 0..6 {
        enqueue(&busy.w, some_read(), 0).await;
    }
    for _ in 0..2 {
        enqueue(&quiet, some_read(), 5).await;
    }
    let mut turns = Vec::new();
    for _ in 0..8 {
        let held = lease(&world.store, Lane::Read, at(6)).await.unwrap();
        turns.push(held.job.workspace_id == quiet.id());
        world.store.finish_job(&held).await.unwrap();
    }
    let of_quiet = |turns: &[bool]| turns.iter().filter(|quiet| **quiet).count();
    assert_eq!(of_quiet(&turns[..4]), 2, "{turns:?}");
}

#[tokio::test]
async fn lanes_do_not_wait_for_each_other() {
    let (world, shop) = World::owned().await;
    enqueue(&shop.w, Task::Embed, 0).await;
    assert_eq!(lease(&world.store, Lane::Read, at(1)).await, None);
    assert!(lease(&world.store, Lane::Embed, at(1)).await.is_some());
}

#[tokio::test]
async fn a_lease_that_ran_out_is_taken_again_and_fences_the_first_worker() {
    let (world, shop) = World::owned().await;
    enqueue(&shop.w, Task::Embed, 0).await;
    let slow = lease(&world.store, Lane::Embed, at(0)).await.unwrap();
    let next = world.store.next_job_at(Lane::Embed).await.unwrap();
    assert_eq!(next, Some(at(60)));
    world.store.renew_lease(&slow, at(50), 60).await.unwrap();
    assert_eq!(lease(&world.store, Lane::Embed, at(61)).await, None);
    let fast = lease(&world.store, Lane::Embed, at(110)).await.unwrap();
    assert_eq!((fast.epoch, fast.job.attempts), (slow.epoch + 1, 2));
    for refused in [
        world.store.renew_lease(&slow, at(111), 60).await,
        world.store.fail_job(&slow, "", at(111), 0).await.map(drop),
        world.store.finish_job(&slow).await.map(drop),
        world.store.release_job(&slow, at(111), 0).await,
    ] {
        assert!(matches!(refused, Err(StoreError::Fenced)));
    }
    world.store.finish_job(&fast).await.unwrap();
    assert_eq!(world.store.next_job_at(Lane::Embed).await.unwrap(), None);
}

#[tokio::test]
async fn pauses_double_and_after_the_last_attempt_a_person_is_needed() {
    let (world, shop) = World::owned().await;
    let id = enqueue(&shop.w, Task::Embed, 0).await;
    let mut now = at(0);
    for attempt in 1..=MAX_ATTEMPTS {
        let held = lease(&world.store, Lane::Embed, now).await.unwrap();
        assert_eq!(held.job.attempts, attempt);
        let state = world.store.fail_job(&held, "no model", now, 5).await;
        if attempt == MAX_ATTEMPTS {
            assert_eq!(state.unwrap(), JobState::Dead);
            break;
        }
        assert_eq!(state.unwrap(), JobState::Queued);
        now = now.plus_seconds(1 << attempt).plus_milliseconds(5);
        let next = world.store.next_job_at(Lane::Embed).await.unwrap();
        assert_eq!(next, Some(now));
    }
    assert_eq!(lease(&world.store, Lane::Embed, at(9_999)).await, None);
    let dead = shop.w.jobs(Some(JobState::Dead), None, 10).await.unwrap();
    assert_eq!(
        (dead.items[0].id, dead.items[0].reason.as_str()),
        (id, "no model")
    );
    shop.w.retry_job(id, at(10_000)).await.unwrap();
    let twice = shop.w.retry_job(id, at(10_000)).await;
    assert!(matches!(twice, Err(StoreError::Conflict)));
    let held = lease(&world.store, Lane::Embed, at(10_000)).await.unwrap();
    assert_eq!((held.job.id, held.job.attempts), (id, 1));
}

#[tokio::test]
async fn all_dead_jobs_of_a_workspace_run_again_at_once_and_no_others() {
    let (world, shop) = World::owned().await;
    let other = world.store.workspace(second_workspace(&world).await);
    for w in [&shop.w, &shop.w, &other] {
        enqueue(w, some_read(), 0).await;
    }
    enqueue(&shop.w, Task::Embed, 0).await;
    let mut now = at(0);
    for _ in 0..MAX_ATTEMPTS {
        while lease(&world.store, Lane::Read, now).await.is_some() {}
        now = now.plus_seconds(61);
    }
    assert_eq!(lease(&world.store, Lane::Read, now).await, None);
    let counts = shop.w.job_counts().await.unwrap();
    assert_eq!(counts, [(JobState::Dead, 2), (JobState::Queued, 1)]);
    assert_eq!(shop.w.retry_jobs(now).await.unwrap(), 2);
    assert_eq!(shop.w.retry_jobs(now).await.unwrap(), 0);
    let counts = shop.w.job_counts().await.unwrap();
    assert_eq!(counts, [(JobState::Queued, 3)]);
    let counts = other.job_counts().await.unwrap();
    assert_eq!(counts, [(JobState::Dead, 1)]);
    let again = lease(&world.store, Lane::Read, now).await.unwrap();
    assert_eq!(again.job.attempts, 1);
}

#[tokio::test]
async fn giving_a_job_back_is_not_an_attempt() {
    let (world, shop) = World::owned().await;
    enqueue(&shop.w, Task::Embed, 0).await;
    let held = lease(&world.store, Lane::Embed, at(0)).await.unwrap();
    world.store.release_job(&held, at(0), 500).await.unwrap();
    assert_eq!(lease(&world.store, Lane::Embed, at(0)).await, None);
    let held = lease(&world.store, Lane::Embed, at(1)).await.unwrap();
    assert_eq!(held.job.attempts, 1);
}

#[tokio::test]
async fn a_document_whose_reader_dies_again_and_again_has_failed() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let Added::New(document) = shop.add(&world.store, source, "a.pdf", "x", at(0)).await else {
        panic!("it is new");
    };
    let mut now = at(0);
    for _ in 0..MAX_ATTEMPTS {
        assert!(lease(&world.store, Lane::Read, now).await.is_some());
        now = now.plus_seconds(61);
    }
    assert_eq!(lease(&world.store, Lane::Read, now).await, None);
    let state = shop.w.document(document.id).await.unwrap().state;
    let cause = ReadFailure::ReaderStopped;
    assert_eq!(state, DocumentState::Failed { cause });
    let dead = shop.w.jobs(Some(JobState::Dead), None, 10).await.unwrap();
    shop.w.retry_job(dead.items[0].id, now).await.unwrap();
    let state = shop.w.document(document.id).await.unwrap().state;
    assert_eq!(state, DocumentState::Pending);
}

#[tokio::test]
async fn after_a_restart_held_jobs_are_free_at_once() {
    let (world, shop) = World::owned().await;
    enqueue(&shop.w, Task::Embed, 0).await;
    let far_away = at(2_000_000);
    let held = world
        .store
        .lease_jobs(Lane::Embed, far_away, "test", 600, 1)
        .await;
    assert_eq!(held.unwrap().len(), 1);
    let world = world.reopened().await;
    assert!(lease(&world.store, Lane::Embed, at(1)).await.is_some());
}

#[tokio::test]
async fn a_commit_hints_at_its_topics_and_lanes() {
    let (world, shop) = World::owned().await;
    let mut hints = world.store.changed();
    shop.say("peer", "1", "Tea?", at(1)).await;
    let hint = hints.recv().await.unwrap();
    assert_eq!(hint.workspace_id, shop.w.id());
    assert_eq!(hint.topics, [domain::event::Topic::Conversation]);
    assert_eq!(hint.lanes, [Lane::Answer]);
}
