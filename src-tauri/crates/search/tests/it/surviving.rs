//! Restarts, crashes and damage.

use std::fs;
use std::path::Path;

use search::{Index, SearchError};

use crate::world::{World, document, numbers, query_near, vectors};

type Damage<'a> = &'a dyn Fn(&Path);

fn world_with_vectors() -> World {
    let world = World::with(&["a red bicycle", "a blue bicycle"]);
    world
        .index
        .apply(
            &[vectors(&[(100, [1.0, 0.0, 0.0]), (200, [0.0, 1.0, 0.0])])],
            42,
        )
        .unwrap();
    world
}

fn files(folder: &Path, end: &str) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    entries
        .filter(|path| path.to_string_lossy().ends_with(end))
        .collect()
}

#[test]
fn everything_survives_reopening() {
    let world = world_with_vectors().reopened();
    assert_eq!(
        (
            world.index.watermark(),
            world.index.passages(),
            world.index.vectors()
        ),
        (42, 2, 2)
    );
    assert_eq!(world.found("red bicycle")[0], 100);
    let found = world
        .index
        .begin(&query_near("", [0.0, 1.0, 0.0]))
        .unwrap()
        .finish(&[]);
    assert_eq!(numbers(&found)[0], 200);
}

#[test]
fn a_deleted_folder_begins_at_nothing() {
    let folder = world_with_vectors().closed();
    fs::remove_dir_all(folder.path().join("index")).unwrap();
    let index = Index::open(&folder.path().join("index")).unwrap();
    assert_eq!(
        (index.watermark(), index.passages(), index.vectors()),
        (0, 0, 0)
    );
}

#[test]
fn a_vector_file_that_no_commit_names_is_no_data() {
    let world = world_with_vectors();
    let path = world.path();
    let rows = files(&path, ".rows");
    fs::copy(&rows[0], path.join("vectors-00000099.rows")).unwrap();
    fs::write(path.join("vectors-00000100.rows"), b"half of it").unwrap();
    let world = world.reopened();
    assert_eq!((world.index.watermark(), world.index.vectors()), (42, 2));
    assert_eq!(files(&path, ".rows"), rows);
}

#[test]
fn a_broken_folder_is_set_aside() {
    let break_meta =
        |folder: &Path| fs::write(folder.join("meta.json"), b"{\"segments\": [").unwrap();
    let delete_segment = |folder: &Path| fs::remove_file(&files(folder, ".term")[0]).unwrap();
    let cut_segment = |folder: &Path| fs::write(&files(folder, ".idx")[0], b"x").unwrap();
    let delete_vectors = |folder: &Path| fs::remove_file(&files(folder, ".rows")[0]).unwrap();
    let cut_vectors = |folder: &Path| fs::write(&files(folder, ".rows")[0], b"CHATVEC1").unwrap();
    let damages: [(&str, Damage<'_>); 5] = [
        ("broken meta.json", &break_meta),
        ("missing segment", &delete_segment),
        ("cut segment", &cut_segment),
        ("missing vectors", &delete_vectors),
        ("cut vectors", &cut_vectors),
    ];
    for (name, damage) in damages {
        let folder = world_with_vectors().closed();
        let path = folder.path().join("index");
        damage(&path);
        let index = Index::open(&path).unwrap();
        assert_eq!((index.watermark(), index.passages()), (0, 0), "{name}");
        assert!(folder.path().join("index.damaged").exists(), "{name}");
        index.apply(&[document(1, &["a red bicycle"])], 1).unwrap();
        assert_eq!(index.passages(), 1, "{name}");
    }
}

#[test]
fn a_folder_of_another_schema_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    fs::create_dir(&path).unwrap();
    let mut schema = tantivy::schema::Schema::builder();
    schema.add_text_field("body", tantivy::schema::TEXT);
    tantivy::Index::create_in_dir(&path, schema.build()).unwrap();
    assert_eq!(Index::open(&path).unwrap().watermark(), 0);
    assert!(folder.path().join("index.damaged").exists());
}

#[test]
fn what_is_no_folder_is_an_error_and_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    fs::write(&path, b"precious").unwrap();
    assert!(matches!(Index::open(&path), Err(SearchError::Io(_))));
    assert_eq!(fs::read(&path).unwrap(), b"precious");
}

#[test]
fn a_second_writer_is_told_so_and_nothing_is_wiped() {
    let world = world_with_vectors();
    let other = tantivy::Index::open_in_dir(world.path()).unwrap();
    let lock: tantivy::IndexWriter = other.writer(20_000_000).unwrap();
    let change = [document(3, &["a green bicycle"])];
    assert!(matches!(
        world.index.apply(&change, 43),
        Err(SearchError::Locked)
    ));
    assert_eq!(world.found("bicycle").len(), 2);
    drop(lock);
    world.index.apply(&change, 43).unwrap();
    assert_eq!(world.index.passages(), 3);
}

#[test]
fn a_flipped_byte_is_found_by_verifying() {
    for end in [".rows", ".idx", ".term", ".fast"] {
        let world = world_with_vectors();
        let path = world.path();
        let folder = world.closed();
        let file = files(&path, end).remove(0);
        let mut bytes = fs::read(&file).unwrap();
        let middle = bytes.len() / 3;
        bytes[middle] ^= 0x55;
        fs::write(&file, bytes).unwrap();
        // Found at opening (set aside), or by verifying: never neither.
        let index = Index::open(&path).unwrap();
        let is_set_aside = folder.path().join("index.damaged").exists();
        assert!(
            is_set_aside || matches!(index.verify(), Err(SearchError::Damaged(_))),
            "{end}"
        );
    }
}
