//! Hearing with the real model, where `CHATAI_TEST_MODELS` names a folder that has it.

use std::path::{Path, PathBuf};

use domain::language::Language;
use engine::error::EngineError;
use engine::models::ModelFolder;
use engine::models::speech::SpeechError;

const MODEL: &str = "whisper-base";

fn recording() -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/speech");
    std::fs::read(folder.join("voice.ogg")).unwrap()
}

fn models() -> Option<ModelFolder> {
    let folder = std::env::var_os("CHATAI_TEST_MODELS").map(PathBuf::from);
    let models = folder.map(ModelFolder::new);
    let models = models.filter(|models| models.listeners().iter().any(|there| there.name == MODEL));
    if models.is_none() {
        eprintln!("skipped: CHATAI_TEST_MODELS names no folder with {MODEL}");
    }
    models
}

fn words(text: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || *c == ' ';
    text.to_lowercase().chars().filter(kept).collect()
}

#[tokio::test]
async fn an_english_question_is_heard_word_for_word() {
    let Some(models) = models() else {
        return;
    };
    let heard = models.hear(MODEL, recording(), Language::UNKNOWN).await;
    let heard = heard.unwrap();
    assert_eq!(words(&heard.text), "how long does delivery to kazan take");
    assert_eq!(heard.language, Language::EN);
    assert!((2.5..3.1).contains(&heard.seconds), "{}", heard.seconds);
    assert!(models.listeners()[0].loaded);
}

#[tokio::test]
async fn more_than_may_wait_are_sent_away_and_a_caller_who_leaves_makes_room() {
    let Some(models) = models() else {
        return;
    };
    let hear = || Box::pin(models.hear(MODEL, recording(), Language::UNKNOWN));
    // One is heard and eight wait: of ten the one that came last is told at once.
    let asked: Vec<_> = (0..10).map(|_| hear()).collect();
    let (first, _, others) = futures_util::future::select_all(asked).await;
    assert_eq!(first, Err(SpeechError::Engine(EngineError::Busy)));
    drop(others);
    // What ran ends within a layer; whoever comes then is heard.
    let heard = hear().await.unwrap();
    assert!(words(&heard.text).contains("delivery"), "{}", heard.text);
}

#[tokio::test]
async fn removing_a_model_ends_what_it_hears_and_one_that_is_not_there_is_said() {
    let empty = tempfile::tempdir().unwrap();
    let models = ModelFolder::new(empty.path());
    let name = MODEL.to_owned();
    let missing = models.hear(MODEL, recording(), Language::EN).await;
    assert_eq!(
        missing,
        Err(SpeechError::Engine(EngineError::NoModel { name }))
    );
    let broken = models.folder(MODEL);
    std::fs::create_dir_all(&broken).unwrap();
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        std::fs::write(broken.join(file), "{}").unwrap();
    }
    let refused = models.hear(MODEL, recording(), Language::EN).await;
    assert!(
        matches!(
            refused,
            Err(SpeechError::Engine(EngineError::BadModel { .. }))
        ),
        "{refused:?}"
    );
}
