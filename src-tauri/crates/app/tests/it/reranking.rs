//! The reranker: it puts what was found in its order, where it reads the language, and is never waited for long.

use std::time::{Duration, Instant};

use app::error::ErrorCode;
use app::searching::Searched;
use app::settings::SettingsChange;
use domain::id::PassageId;
use domain::trace::{Reranked, What};
use engine::error::EngineError;
use engine::models::ModelFolder;
use testkit::{Outside, TestApp};

use crate::tiny_reranker;

const MODEL: &str = "ms-marco-MiniLM-L-12-v2";
const QUESTION: &str = "How long does the delivery of a bicycle take?";

/// A shop that knows of deliveries, with a reranker of made-up weights on its computer, and its models.
async fn shop() -> (TestApp, ModelFolder, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let models = ModelFolder::new(folder.path());
    tiny_reranker::write(&models.folder(MODEL));
    let outside = Outside {
        models: Some(models.clone()),
        ..Outside::default()
    };
    let shop = TestApp::within(outside).await;
    for city in ["Kazan", "Perm", "Omsk", "Tula", "Sochi", "Ufa"] {
        let text = format!("The delivery of a bicycle to {city} takes four working days.");
        shop.add(&format!("{city}.md"), text).await;
    }
    for (name, text) in [
        (
            "доставка.md",
            "Доставка велосипеда по городу занимает четыре дня.",
        ),
        (
            "обмен.md",
            "Обмен велосипеда на другой занимает две недели.",
        ),
    ] {
        shop.add(name, text).await;
    }
    (shop, models, folder)
}

async fn choose(shop: &TestApp, name: &str) -> app::error::Result<()> {
    let change = SettingsChange {
        reranker: Some(name.to_owned()),
        ..SettingsChange::default()
    };
    let changed = shop.app.change_settings(&shop.owner, change).await;
    changed.map(drop)
}

async fn search(shop: &TestApp, query: &str) -> Searched {
    let found = shop.app.search_test(&shop.owner, query, 10).await;
    found.unwrap()
}

fn order(found: &Searched) -> Vec<PassageId> {
    found.hits.iter().map(|hit| hit.passage.id).collect()
}

/// What the trace of an answer tells of the reranker.
async fn told(shop: &TestApp, question: &str) -> Option<Reranked> {
    let conversation = shop.conversation().await;
    let answer = shop.ask(&conversation, question).await;
    let trace = shop.app.trace(&shop.owner, answer.id).await.unwrap();
    let mut searches = trace.steps.into_iter().filter_map(|step| match step.what {
        What::Search { reranked, .. } => Some(reranked),
        _ => None,
    });
    searches.next_back().flatten()
}

#[tokio::test]
async fn what_is_found_stands_in_the_rerankers_order_and_is_as_sure_as_before() {
    let (shop, models, _folder) = shop().await;
    let before = search(&shop, QUESTION).await;
    assert_eq!(before.reranked, None);
    choose(&shop, MODEL).await.unwrap();
    let after = search(&shop, QUESTION).await;
    assert_ne!(order(&before), order(&after));

    let texts = after.hits.iter().map(|hit| hit.passage.text.clone());
    let in_time = Instant::now() + Duration::from_secs(600);
    let scores = models.rank(MODEL, QUESTION, texts.collect(), in_time);
    let scores = scores.await.unwrap();
    assert!(scores.len() >= 3, "{scores:?}");
    // Nobody stands behind one that both find worse.
    for (better, at) in after.hits.iter().zip(0..) {
        for (worse, behind) in after.hits.iter().zip(0..).skip(at + 1) {
            let is_worse = better.score < worse.score && scores[at] < scores[behind];
            assert!(!is_worse, "{at} {behind} {scores:?}");
        }
    }
    assert_eq!(before.confidence, after.confidence);
    let reranked = after.reranked.unwrap();
    assert_eq!(reranked.model, MODEL);
    assert_eq!(reranked.passages as usize, scores.len());
    assert_eq!(reranked.failed, None);

    let in_the_trace = told(&shop, QUESTION).await.unwrap();
    assert_eq!(in_the_trace.passages, reranked.passages);
    choose(&shop, "").await.unwrap();
    assert_eq!(order(&search(&shop, QUESTION).await), order(&before));
}

#[tokio::test]
async fn a_language_that_it_does_not_read_is_left_alone() {
    let (shop, _models, _folder) = shop().await;
    let question = "Сколько занимает доставка велосипеда?";
    let before = search(&shop, question).await;
    assert!(before.hits.len() >= 2);
    choose(&shop, MODEL).await.unwrap();
    let after = search(&shop, question).await;
    assert_eq!(after.reranked, None);
    assert_eq!(order(&before), order(&after));
    assert_eq!(told(&shop, question).await, None);
}

#[tokio::test]
async fn a_busy_one_is_not_waited_for_and_the_trace_says_so() {
    let (shop, models, _folder) = shop().await;
    let before = search(&shop, QUESTION).await;
    choose(&shop, MODEL).await.unwrap();
    let passages = vec!["chains and brakes ".repeat(40); 20_000];
    let later = Instant::now() + Duration::from_secs(600);
    let ask = || Box::pin(models.rank(MODEL, "when", passages.clone(), later));
    let asked: Vec<_> = (0..3).map(|_| ask()).collect();
    let (first, _, others) = futures_util::future::select_all(asked).await;
    assert_eq!(first, Err(EngineError::Busy));

    let after = search(&shop, QUESTION).await;
    assert_eq!(order(&before), order(&after));
    let reranked = told(&shop, QUESTION).await.unwrap();
    assert_eq!(reranked.failed.as_deref(), Some("busy"));
    assert_eq!(reranked.passages, 0);
    drop(others);
}

#[tokio::test]
async fn one_that_cannot_be_used_is_refused_and_one_that_is_gone_is_told() {
    let (shop, models, _folder) = shop().await;
    let refused = choose(&shop, "no such model").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid);
    std::fs::write(models.folder(MODEL).join("model.safetensors"), "{}").unwrap();
    let refused = choose(&shop, MODEL).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::EngineFailed);
    assert!(
        refused.to_string().contains("model.safetensors"),
        "{refused}"
    );
    assert_eq!(search(&shop, QUESTION).await.reranked, None);

    tiny_reranker::write(&models.folder(MODEL));
    choose(&shop, MODEL).await.unwrap();
    shop.app.remove_model(&shop.owner, MODEL).await.unwrap();
    let reranked = told(&shop, QUESTION).await.unwrap();
    assert_eq!(reranked.failed.as_deref(), Some("no_model"));
}
