//! The index follows the store.

use search::{Change, SearchError};

use crate::world::{World, document, document_id, numbers, passage_id, query_near, vectors};

#[test]
fn a_document_is_found_after_the_commit_and_gone_after_its_removal() {
    let world = World::with(&["a red bicycle", "a blue bicycle"]);
    assert_eq!((world.index.passages(), world.index.watermark()), (2, 2));
    world
        .index
        .apply(&[Change::RemoveDocument(document_id(1))], 3)
        .unwrap();
    assert_eq!(world.found("bicycle"), [200]);
    assert_eq!((world.index.passages(), world.index.watermark()), (1, 3));
}

#[test]
fn a_document_read_again_replaces_its_passages() {
    let world = World::with(&["a red bicycle"]);
    let mut again = document(7, &["a green bicycle"]);
    if let Change::PutDocument {
        document_id: id,
        passages,
        ..
    } = &mut again
    {
        *id = document_id(1);
        passages[0].document_id = document_id(1);
    }
    world.index.apply(&[again], 2).unwrap();
    assert_eq!(world.found("bicycle"), [700]);
}

#[test]
fn changes_of_one_commit_are_applied_in_their_order() {
    let world = World::new();
    let changes = [
        document(1, &["a red bicycle"]),
        vectors(&[(100, [1.0, 0.0, 0.0])]),
        Change::RemoveDocument(document_id(1)),
        document(2, &["a blue bicycle"]),
        vectors(&[(200, [0.0, 1.0, 0.0])]),
    ];
    world.index.apply(&changes, 5).unwrap();
    assert_eq!(world.found("bicycle"), [200]);
    assert_eq!(world.index.vectors(), 1);
}

#[test]
fn applying_the_same_changes_twice_changes_nothing() {
    let world = World::new();
    let changes = [
        document(1, &["a red bicycle", "its bell"]),
        vectors(&[(100, [1.0, 0.0, 0.0])]),
    ];
    world.index.apply(&changes, 2).unwrap();
    world.index.apply(&changes, 2).unwrap();
    assert_eq!((world.index.passages(), world.index.vectors()), (2, 1));
}

#[test]
fn vectors_stay_when_a_document_comes_again_with_the_same_passages() {
    let world = World::new();
    world
        .index
        .apply(
            &[
                document(1, &["a red bicycle"]),
                vectors(&[(100, [1.0, 0.0, 0.0])]),
            ],
            2,
        )
        .unwrap();
    world
        .index
        .apply(&[document(1, &["a red bicycle"])], 3)
        .unwrap();
    assert_eq!(world.index.vectors(), 1);
}

#[test]
fn vectors_go_with_their_document_and_with_the_embedder() {
    let world = World::with(&["one", "two", "three"]);
    world
        .index
        .apply(
            &[vectors(&[
                (100, [1.0, 0.0, 0.0]),
                (200, [0.0, 1.0, 0.0]),
                (300, [0.0, 0.0, 1.0]),
            ])],
            4,
        )
        .unwrap();
    world
        .index
        .apply(&[Change::RemoveDocument(document_id(2))], 5)
        .unwrap();
    assert_eq!(world.index.vectors(), 2);
    world
        .index
        .apply(
            &[Change::DropVectors, vectors(&[(300, [1.0, 1.0, 0.0])])],
            6,
        )
        .unwrap();
    assert_eq!(world.index.vectors(), 1);
    let world = world.reopened();
    assert_eq!(world.index.vectors(), 1);
    let found = world
        .index
        .begin(&query_near("", [1.0, 1.0, 0.0]))
        .unwrap()
        .finish(&[]);
    assert_eq!(numbers(&found), [300]);
}

#[test]
fn a_vector_put_again_replaces_the_old_one() {
    let world = World::with(&["one", "two"]);
    world
        .index
        .apply(
            &[vectors(&[(100, [1.0, 0.0, 0.0]), (200, [0.0, 1.0, 0.0])])],
            3,
        )
        .unwrap();
    world
        .index
        .apply(&[vectors(&[(100, [0.0, 0.0, 1.0])])], 4)
        .unwrap();
    assert_eq!(world.index.vectors(), 2);
    let found = world
        .index
        .begin(&query_near("", [0.0, 0.0, 1.0]))
        .unwrap()
        .finish(&[]);
    assert_eq!(found.hits[0].passage_id, passage_id(100));
    assert!(found.hits[0].vector.unwrap() > 0.99);
}

#[test]
fn many_small_commits_leave_few_vector_files_and_lose_nothing() {
    let world = World::new();
    for number in 1..=40 {
        let angle = number as f32;
        let changes = [
            document(number, &["bicycle"]),
            vectors(&[(number * 100, [angle.sin(), angle.cos(), 0.3])]),
        ];
        world.index.apply(&changes, number as u64).unwrap();
    }
    assert_eq!((world.index.passages(), world.index.vectors()), (40, 40));
    let files = std::fs::read_dir(world.path()).unwrap().flatten();
    let files = files
        .filter(|file| file.file_name().to_string_lossy().starts_with("vectors-"))
        .count();
    assert!(files <= 8, "{files} vector files");
    world.index.verify().unwrap();
    assert_eq!(world.reopened().index.vectors(), 40);
}

#[test]
fn vectors_of_two_lengths_are_refused_and_nothing_changes() {
    let world = World::with(&["one"]);
    world
        .index
        .apply(&[vectors(&[(100, [1.0, 0.0, 0.0])])], 2)
        .unwrap();
    let odd = Change::PutVectors(vec![(passage_id(100), vec![1.0, 0.0])]);
    let error = world
        .index
        .apply(&[document(2, &["two"]), odd], 3)
        .unwrap_err();
    assert!(
        matches!(
            error,
            SearchError::Dimensions {
                expected: 3,
                found: 2
            }
        ),
        "{error}"
    );
    assert_eq!((world.index.passages(), world.index.watermark()), (1, 2));
}

#[test]
fn readers_go_on_while_the_writer_writes() {
    let world = World::with(&["a red bicycle"]);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| (0..50).all(|_| world.found("bicycle").contains(&100))))
            .collect();
        for number in 2..12 {
            world
                .index
                .apply(&[document(number, &["a blue bicycle"])], number as u64)
                .unwrap();
        }
        assert!(readers.into_iter().all(|reader| reader.join().unwrap()));
    });
}
