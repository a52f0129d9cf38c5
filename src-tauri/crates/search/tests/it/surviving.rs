//! Restarts, crashes and damage.

use std::fs;
use std::path::Path;

use search::{Index, SearchError};

use crate::rounds::{Chance, figure, is_full, rounds};
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

const WORDS: [&str; 16] = [
    "bicycle", "wheel", "lamp", "saddle", "chain", "brake", "price", "delivery", "warranty",
    "repair", "bell", "basket", "pump", "helmet", "lock", "tyre",
];

/// Passages of a document: all documents together have fewer than a search takes for candidates, or which of
/// equal ones it takes would depend on how segments were merged.
const PASSAGES: u128 = 2;

/// What a store of 40 documents with five passages each would feed, in five commits, with removals and vectors.
fn fed() -> Vec<Vec<search::Change>> {
    let mut chance = Chance(42);
    let mut commits = Vec::new();
    for commit in 0..5_u128 {
        let mut changes = Vec::new();
        let mut with_vectors = Vec::new();
        for number in commit * 8 + 1..=commit * 8 + 8 {
            let texts: Vec<String> = (0..PASSAGES)
                .map(|_| {
                    let words = (0..30).map(|_| WORDS[chance.below(16) as usize]);
                    format!(
                        "{} {}",
                        words.collect::<Vec<_>>().join(" "),
                        chance.below(500)
                    )
                })
                .collect();
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            changes.push(document(number, &texts));
            for passage in 0..PASSAGES {
                let numbers = [0, 1, 2].map(|_| 1.0 + chance.below(1_000) as f32);
                with_vectors.push((number * 100 + passage, numbers));
            }
        }
        changes.push(vectors(&with_vectors));
        if commit > 0 {
            changes.push(search::Change::RemoveDocument(crate::world::document_id(
                (commit - 1) * 8 + 3,
            )));
        }
        commits.push(changes);
    }
    commits
}

fn built(path: &Path) -> Index {
    let index = Index::open(path).unwrap();
    for (watermark, changes) in (1..).zip(fed()) {
        index.apply(&changes, watermark).unwrap();
    }
    index
}

/// What 500 questions find: passages with their scores.
fn answers(index: &Index) -> Vec<Vec<(u128, f32)>> {
    let mut chance = Chance(7);
    (0..500)
        .map(|_| {
            let words: Vec<&str> = (0..3).map(|_| WORDS[chance.below(16) as usize]).collect();
            let near = [0, 1, 2].map(|_| 1.0 + chance.below(1_000) as f32);
            let found = index
                .begin(&query_near(&words.join(" "), near))
                .unwrap()
                .finish(&[]);
            let hits = found.hits.iter();
            hits.map(|hit| (hit.passage_id.0.as_u128(), hit.score))
                .collect()
        })
        .collect()
}

/// The same passages in the same order. Scores may differ in their last digits: removed passages count in the
/// rarity of words until their segment is merged.
fn alike(one: &[Vec<(u128, f32)>], other: &[Vec<(u128, f32)>]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() < 0.01)
        })
}

#[test]
fn damage_anywhere_is_found_and_the_index_built_anew_answers_as_a_fresh_one() {
    let mut chance = Chance::told();
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    let fresh = answers(&built(&whole));
    let rounds = rounds(12, 200);
    let (mut at_opening, mut by_reading, mut by_verifying, mut harmless) = (0, 0, 0, 0);
    let mut rebuilt = None;
    for round in 0..rounds {
        let path = folder.path().join("index");
        fs::create_dir(&path).unwrap();
        for entry in fs::read_dir(&whole).unwrap().flatten() {
            fs::copy(entry.path(), path.join(entry.file_name())).unwrap();
        }
        let mut damaged: Vec<_> = fs::read_dir(&path)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|file| fs::metadata(file).unwrap().len() > 0)
            .collect();
        damaged.sort();
        let file = damaged.swap_remove(chance.below(damaged.len() as u64) as usize);
        let mut bytes = fs::read(&file).unwrap();
        let at = chance.below(bytes.len() as u64) as usize;
        let how = match round % 4 {
            0 => {
                bytes.truncate(at);
                fs::write(&file, bytes).unwrap();
                "cut"
            }
            _ => {
                bytes[at] ^= 1 << chance.below(8);
                fs::write(&file, bytes).unwrap();
                "flip"
            }
        };
        let how = format!("round {round}: {how} at {at} of {}", file.display());
        let index = Index::open(&path).unwrap();
        let set_aside = folder.path().join("index.damaged").exists();
        let damage = match set_aside {
            true => {
                at_opening += 1;
                true
            }
            false => {
                // A search before the damage is found may be refused, or be wrong; it ends nothing.
                let met = index.begin(&query_near("bicycle wheel", [1.0, 2.0, 3.0]));
                if let Ok(round) = &met {
                    assert!(round.without_vector().len() <= 100);
                }
                let refused = matches!(met, Err(SearchError::Damaged(_)));
                let verified = index.verify();
                match verified {
                    Err(SearchError::Damaged(_)) => {
                        by_verifying += u64::from(!refused);
                        by_reading += u64::from(refused);
                        true
                    }
                    Err(error) => panic!("{how}: {error}"),
                    Ok(()) => {
                        harmless += 1;
                        false
                    }
                }
            }
        };
        if damage {
            drop(index);
            fs::remove_dir_all(&path).unwrap();
            // The answers of an index that was built anew are the same each time: looked at once, in full.
            let again = built(&path);
            assert_eq!(u128::from(again.passages()), 36 * PASSAGES, "{how}");
            if rebuilt.is_none() {
                rebuilt = Some(answers(&again));
            }
        } else {
            assert!(
                alike(&answers(&index), &fresh),
                "{how}: unnoticed, and other answers"
            );
        }
        let _ = fs::remove_dir_all(folder.path().join("index.damaged"));
        fs::remove_dir_all(&path).unwrap();
    }
    assert!(rebuilt.is_none_or(|rebuilt| alike(&rebuilt, &fresh)));
    for (what, count) in [
        ("index files flipped or cut", rounds),
        ("found when opened", at_opening),
        ("found at the first search", by_reading),
        ("found by verifying", by_verifying),
        (
            "harmless: nothing was read otherwise in 500 searches",
            harmless,
        ),
        ("answers of a rebuilt index unlike a fresh one's, in 500", 0),
    ] {
        figure("R6", what, count);
    }
}

/// How fast passages go into an empty index. Full runs only: it is a measurement.
#[test]
fn many_passages_are_indexed() {
    if !is_full() {
        return;
    }
    let mut chance = Chance(1);
    let texts: Vec<String> = (0..20_000)
        .map(|_| {
            let words = (0..200).map(|_| format!("w{}", chance.below(20_000)));
            words.collect::<Vec<_>>().join(" ")
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let index = Index::open(&folder.path().join("index")).unwrap();
    let begun = std::time::Instant::now();
    for (watermark, batch) in (1..).zip(texts.chunks(2_560)) {
        let changes: Vec<search::Change> = batch
            .chunks(10)
            .zip(0..)
            .map(|(texts, at)| {
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                document(u128::from(watermark) * 1_000 + at, &texts)
            })
            .collect();
        index.apply(&changes, watermark).unwrap();
    }
    let each_second = 20_000.0 / begun.elapsed().as_secs_f64();
    figure(
        "R6",
        "passages of 200 words a second into an empty index",
        format!("{each_second:.0}"),
    );
}
