//! Local embedders with real models, where `CHATAI_TEST_MODELS` names a folder of them.

use std::path::PathBuf;
use std::time::Duration;

use engine::embedder::Role;
use engine::models::ModelFolder;
use engine::unrelated::Unrelated;

fn folder() -> Option<ModelFolder> {
    match std::env::var_os("CHATAI_TEST_MODELS") {
        Some(path) => Some(ModelFolder::new(PathBuf::from(path))),
        None => {
            eprintln!("skipped: CHATAI_TEST_MODELS names no folder of models");
            None
        }
    }
}

fn likeness(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn a_model_that_is_not_there_is_none_and_one_that_is_broken_is_an_error() {
    let empty = tempfile::tempdir().unwrap();
    let models = ModelFolder::new(empty.path());
    assert!(models.embedder("multilingual-e5-small").unwrap().is_none());
    assert!(models.embedder("no such model").unwrap().is_none());
    assert_eq!(models.installed(), []);
    let broken = models.folder("all-MiniLM-L6-v2");
    std::fs::create_dir_all(&broken).unwrap();
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        std::fs::write(broken.join(file), "{}").unwrap();
    }
    assert!(models.embedder("all-MiniLM-L6-v2").is_err());
}

#[tokio::test]
async fn a_question_is_most_like_the_passage_that_answers_it_in_either_language() {
    let Some(models) = folder() else {
        return;
    };
    let embedder = models.embedder("multilingual-e5-small").unwrap().unwrap();
    assert!(embedder.key().starts_with("multilingual-e5-small@"));
    let passages = [
        "Доставка в Казань стоит 450 рублей и занимает три дня.",
        "Мастерская открыта с понедельника по пятницу.",
        "The scooter's battery is charged in six hours.",
    ];
    let passages = passages.map(str::to_owned).to_vec();
    let vectors = embedder.embed(Role::Passage, passages).await.unwrap();
    assert!(
        vectors
            .iter()
            .all(|vector| vector.len() == embedder.dimensions())
    );
    assert!(
        vectors
            .iter()
            .all(|vector| (likeness(vector, vector) - 1.0).abs() < 1e-4)
    );
    for (question, expected) in [
        ("How much is delivery to Kazan?", 0),
        ("Когда работает мастерская?", 1),
        ("За сколько часов заряжается батарея?", 2),
    ] {
        let vector = embedder
            .embed(Role::Query, vec![question.to_owned()])
            .await
            .unwrap();
        let likeness = vectors.iter().map(|passage| likeness(passage, &vector[0]));
        let best = likeness.enumerate().max_by(|a, b| a.1.total_cmp(&b.1));
        assert_eq!(best.map(|(at, _)| at), Some(expected), "{question}");
    }
    assert!(models.is_loaded("multilingual-e5-small"));
}

/// Longer than one text takes however busy the computer is, and much shorter than all of them.
const A_WHILE: Duration = Duration::from_secs(100);

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_broken_off() {
    let Some(models) = folder() else {
        return;
    };
    let embedder = models.embedder("multilingual-e5-small").unwrap().unwrap();
    let long = "The scooter's battery is charged in six hours. ".repeat(60);
    let mut all = embedder.embed_in_background(Role::Passage, vec![long; 1_000]);
    assert!(futures_util::poll!(&mut all).is_pending());
    drop(all);
    // One works at a time: this one waits for those.
    let one = embedder.embed_in_background(Role::Passage, vec!["A battery.".to_owned()]);
    let made = tokio::time::timeout(A_WHILE, one).await;
    assert_eq!(made.unwrap().unwrap().len(), 1);
}

#[tokio::test]
async fn unrelated_texts_are_as_alike_as_each_model_makes_them() {
    let Some(models) = folder() else {
        return;
    };
    for (model, deviation) in [
        ("multilingual-e5-small", 0.015..0.03),
        ("all-MiniLM-L6-v2", 0.07..0.12),
    ] {
        let embedder = models.embedder(model).unwrap().unwrap();
        let unrelated = Unrelated::of(embedder.as_ref()).await.unwrap();
        assert!(
            deviation.contains(&unrelated.deviation),
            "{model} {unrelated:?}"
        );
        assert!(unrelated.questions < 0.85, "{model} {unrelated:?}");
    }
}
