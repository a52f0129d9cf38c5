//! Plays every story of `tests/stories`.

use std::path::Path;

use testkit::story;

#[tokio::test]
async fn every_story_goes_as_it_is_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stories");
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert!(paths.len() >= 6, "the stories are there");
    for path in paths {
        eprintln!("story {}", path.file_name().unwrap().to_string_lossy());
        story::play(&std::fs::read_to_string(&path).unwrap()).await;
    }
}
