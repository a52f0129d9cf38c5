//! Hearing: the real model where `CHATAI_TEST_MODELS` names a folder that has it, else one of made-up weights.

use std::path::{Path, PathBuf};

use domain::language::Language;
use domain::sound::{RATE, Sound};
use engine::error::EngineError;
use engine::models::ModelFolder;
use tempfile::TempDir;

use crate::tiny_whisper;

const MODEL: &str = "whisper-base";

/// “How long does delivery to Kazan take?”, spoken by espeak-ng 1.51: nobody's voice.
fn question() -> Sound {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/speech");
    let file = std::fs::read(folder.join("voice.wav")).unwrap();
    let numbers = file[44..].as_chunks::<2>().0.iter();
    Sound {
        samples: numbers.map(|pair| i16::from_le_bytes(*pair)).collect(),
    }
}

/// So many seconds of noise.
fn noise(seconds: u32) -> Sound {
    let numbers = (0..seconds * RATE).map(|at| (at.wrapping_mul(2_654_435_761) >> 20) as i16);
    Sound {
        samples: numbers.collect(),
    }
}

fn tiny() -> (TempDir, ModelFolder) {
    let folder = TempDir::new().unwrap();
    let models = ModelFolder::new(folder.path());
    tiny_whisper::write(&models.folder(MODEL));
    (folder, models)
}

fn is_loaded(models: &ModelFolder) -> bool {
    models.listeners().iter().any(|there| there.loaded)
}

fn words(text: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || *c == ' ';
    text.to_lowercase().chars().filter(kept).collect()
}

#[tokio::test]
async fn an_english_question_is_heard_word_for_word() {
    let folder = std::env::var_os("CHATAI_TEST_MODELS").map(PathBuf::from);
    let models = folder.map(ModelFolder::new);
    let is_there =
        |models: &ModelFolder| models.listeners().iter().any(|there| there.name == MODEL);
    let Some(models) = models.filter(is_there) else {
        eprintln!("skipped: CHATAI_TEST_MODELS names no folder with {MODEL}");
        return;
    };
    let heard = models.hear(MODEL, question(), Language::UNKNOWN).await;
    let heard = heard.unwrap();
    assert_eq!(words(&heard.text), "how long does delivery to kazan take");
    assert_eq!(heard.language, Language::EN);
    assert!((2.5..3.1).contains(&heard.seconds), "{}", heard.seconds);
    assert!(is_loaded(&models));
}

#[tokio::test]
async fn the_same_sound_is_heard_the_same_in_parts_of_half_a_minute() {
    let (_folder, models) = tiny();
    let hear = || models.hear(MODEL, noise(70), Language::RU);
    let first = hear().await.unwrap();
    assert_eq!(first, hear().await.unwrap());
    assert_eq!(first.seconds, 70.0);
}

#[tokio::test]
async fn silence_so_short_that_nothing_can_be_said_is_no_words() {
    let (_folder, models) = tiny();
    let click = Sound {
        samples: vec![0; 100],
    };
    let heard = models.hear(MODEL, click, Language::EN).await.unwrap();
    assert_eq!(heard.text, "");
    assert_eq!(heard.language, Language::UNKNOWN);
}

#[tokio::test]
async fn more_than_may_wait_are_sent_away_and_a_caller_who_leaves_makes_room() {
    let (_folder, models) = tiny();
    let hear = || Box::pin(models.hear(MODEL, noise(300), Language::UNKNOWN));
    // One is heard and eight wait: of ten the one that came last is told at once.
    let asked: Vec<_> = (0..10).map(|_| hear()).collect();
    let (first, _, others) = futures_util::future::select_all(asked).await;
    assert_eq!(first, Err(EngineError::Busy));
    drop(others);
    // What ran ends within a layer; whoever comes then is heard.
    let heard = models.hear(MODEL, noise(1), Language::UNKNOWN).await;
    assert_eq!(heard.unwrap().seconds, 1.0);
}

#[tokio::test]
async fn removing_a_model_ends_what_it_hears() {
    let (_folder, models) = tiny();
    let hearing = models.hear(MODEL, noise(300), Language::UNKNOWN);
    tokio::pin!(hearing);
    while !is_loaded(&models) {
        assert!(futures_util::poll!(&mut hearing).is_pending());
        tokio::task::yield_now().await;
    }
    assert!(models.remove(MODEL).unwrap());
    assert_eq!(hearing.await, Err(EngineError::Cancelled));
    let name = MODEL.to_owned();
    let again = models.hear(MODEL, noise(1), Language::EN).await;
    assert_eq!(again, Err(EngineError::NoModel { name }));
}

#[tokio::test]
async fn a_model_that_is_not_there_or_broken_is_said() {
    let empty = tempfile::tempdir().unwrap();
    let models = ModelFolder::new(empty.path());
    let name = MODEL.to_owned();
    let missing = models.hear(MODEL, noise(1), Language::EN).await;
    assert_eq!(missing, Err(EngineError::NoModel { name }));
    let broken = models.folder(MODEL);
    tiny_whisper::write(&broken);
    // Cut off in the middle of its weights.
    let weights = broken.join("model.safetensors");
    let half = std::fs::metadata(&weights).unwrap().len() / 2;
    let file = std::fs::File::options().write(true).open(&weights).unwrap();
    file.set_len(half).unwrap();
    let refused = models.hear(MODEL, noise(1), Language::EN).await;
    assert!(
        matches!(refused, Err(EngineError::BadModel { .. })),
        "{refused:?}"
    );
}
