//! Q&A pairs and their vectors.

use domain::id::QaId;
use domain::language::Language;
use domain::qa::Qa;
use store::error::StoreError;

use crate::world::{World, at, uuid};

pub fn pair(question: &str, demo: bool) -> Qa {
    Qa {
        id: QaId(uuid()),
        questions: vec![question.to_owned()],
        answer: "We open at 9.".to_owned(),
        language: Language::EN,
        demo,
        created_at: at(1),
        updated_at: at(1),
    }
}

#[tokio::test]
async fn a_pair_is_found_by_its_question_or_its_answer() {
    let (_world, shop) = World::owned().await;
    let open = pair("When do you OPEN?", false);
    shop.w.put_qa(open.clone(), at(1)).await.unwrap();
    shop.w.put_qa(pair("Где вы?", false), at(1)).await.unwrap();
    let found = shop.w.qa_list("you open", None, 10).await.unwrap();
    assert_eq!(found.items, std::slice::from_ref(&open));
    assert_eq!(
        shop.w.qa_list("AT 9", None, 10).await.unwrap().items.len(),
        2
    );
    assert_eq!(shop.w.qa(open.id).await.unwrap(), open);
}

#[tokio::test]
async fn a_changed_pair_loses_its_vectors() {
    let (_world, shop) = World::owned().await;
    shop.w.use_embedder("e").await.unwrap();
    let mut qa = pair("Open?", false);
    shop.w.put_qa(qa.clone(), at(1)).await.unwrap();
    let vectors = vec![vec![1.0, 0.5], vec![-0.25, 0.0]];
    shop.w
        .save_qa_vectors("e", qa.id, vectors.clone())
        .await
        .unwrap();
    let kept = shop.w.qa_vectors("e").await.unwrap();
    assert_eq!(kept, [(qa.id, vectors)]);
    assert_eq!(shop.w.qa_vectors("other").await.unwrap(), []);
    assert_eq!(shop.w.qa_without_vectors("e", 10).await.unwrap(), []);

    qa.answer = "At 10.".to_owned();
    shop.w.put_qa(qa.clone(), at(2)).await.unwrap();
    assert_eq!(shop.w.qa_vectors("e").await.unwrap(), []);
    assert_eq!(
        shop.w.qa_without_vectors("e", 10).await.unwrap(),
        [qa.clone()]
    );
    shop.w.remove_qa(qa.id, at(3)).await.unwrap();
    let gone = shop.w.remove_qa(qa.id, at(3)).await;
    assert!(matches!(gone, Err(StoreError::NotFound)));
}
