//! Labels and the documents of a scope.

use std::collections::HashSet;

use domain::document::SourceKind;
use domain::id::DocumentId;
use domain::language::Language;
use domain::scope::{Label, MAX_LABELS, Scope};
use store::documents::DocumentFilter;
use store::error::StoreError;

use crate::world::{Shop, World, at, uuid};

fn labels(texts: &[&str]) -> Vec<Label> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

async fn of(shop: &Shop, id: DocumentId) -> Vec<String> {
    let labels = shop.w.document(id).await.unwrap().labels;
    labels.into_iter().map(String::from).collect()
}

#[tokio::test]
async fn labels_are_put_on_many_documents_and_taken_off_whatever_their_case() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let a = shop.ready(&world.store, source, "a.txt", "A", at(1)).await;
    let b = shop.ready(&world.store, source, "b.txt", "B", at(2)).await;
    let both = vec![a.id, b.id];
    let put = labels(&["Цены", "Опт"]);
    shop.w
        .change_labels(both.clone(), put, Vec::new(), at(3))
        .await
        .unwrap();
    shop.w
        .change_labels(
            vec![b.id],
            labels(&["цены", "Draft"]),
            labels(&["ОПТ"]),
            at(4),
        )
        .await
        .unwrap();
    assert_eq!(of(&shop, a.id).await, ["Опт", "Цены"]);
    assert_eq!(of(&shop, b.id).await, ["Draft", "Цены"]);

    let kinds = shop.w.document_kinds().await.unwrap();
    let named: Vec<(String, u64)> = kinds
        .labels
        .into_iter()
        .map(|(label, count)| (label.into(), count))
        .collect();
    let expected = [("Цены", 2), ("Draft", 1), ("Опт", 1)];
    assert_eq!(
        named,
        expected.map(|(name, count)| (name.to_owned(), count))
    );
    assert_eq!(kinds.formats, [("txt".to_owned(), 2)]);
    assert_eq!(kinds.languages, [(Language::EN, 2)]);
}

#[tokio::test]
async fn more_labels_than_a_document_may_have_change_nothing() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let a = shop.ready(&world.store, source, "a.txt", "A", at(1)).await;
    let b = shop.ready(&world.store, source, "b.txt", "B", at(2)).await;
    let many: Vec<Label> = (0..MAX_LABELS)
        .map(|number| format!("label {number}").parse().unwrap())
        .collect();
    shop.w
        .change_labels(vec![b.id], many, Vec::new(), at(3))
        .await
        .unwrap();
    let both = vec![a.id, b.id];
    let refused = shop
        .w
        .change_labels(both, labels(&["one more"]), Vec::new(), at(4))
        .await;
    assert!(matches!(refused, Err(StoreError::TooLarge)));
    assert_eq!(of(&shop, a.id).await, Vec::<String>::new());
    let unknown = vec![a.id, DocumentId(uuid())];
    let refused = shop
        .w
        .change_labels(unknown, labels(&["x"]), Vec::new(), at(5))
        .await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
    assert_eq!(of(&shop, a.id).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_new_version_keeps_the_labels_of_the_one_before() {
    let (world, shop) = World::owned().await;
    let source = shop.source().await;
    let old = shop.ready(&world.store, source, "a.txt", "A", at(1)).await;
    shop.w
        .change_labels(vec![old.id], labels(&["Prices"]), Vec::new(), at(2))
        .await
        .unwrap();
    let new = shop.ready(&world.store, source, "a.txt", "A2", at(3)).await;
    assert_eq!(of(&shop, new.id).await, ["Prices"]);
}

#[tokio::test]
async fn lists_and_scopes_have_the_documents_they_name_and_no_others() {
    let (world, shop) = World::owned().await;
    let (files, texts) = (shop.source().await, shop.source_of(SourceKind::Text).await);
    let a = shop.ready(&world.store, files, "a.txt", "A", at(1)).await;
    let b = shop.ready(&world.store, files, "b.txt", "B", at(2)).await;
    let c = shop.ready(&world.store, texts, "c.txt", "C", at(3)).await;
    for (id, label) in [(a.id, "Prices"), (b.id, "Draft"), (c.id, "Prices")] {
        shop.w
            .change_labels(vec![id], labels(&[label]), Vec::new(), at(4))
            .await
            .unwrap();
    }
    let scopes = [
        (vec![], vec![], vec![a.id, b.id, c.id]),
        (vec![files], vec![], vec![a.id, b.id]),
        (vec![], vec!["prices"], vec![a.id, c.id]),
        (vec![files], vec!["prices"], vec![a.id]),
        (
            vec![files, texts],
            vec!["prices", "draft"],
            vec![a.id, b.id, c.id],
        ),
        (vec![], vec!["unknown"], vec![]),
    ];
    for (sources, named, expected) in scopes {
        let scope = Scope {
            sources,
            labels: labels(&named),
        };
        let found = shop.w.documents_in(scope.clone()).await.unwrap();
        assert_eq!(found, HashSet::from_iter(expected), "{scope:?}");
    }
    let filters = [
        (Some("prices"), None, None, 2),
        (Some("prices"), Some("txt"), Some(Language::EN), 2),
        (None, Some("pdf"), None, 0),
        (None, None, Some(Language::RU), 0),
        (None, None, None, 3),
    ];
    for (label, format, language, expected) in filters {
        let filter = DocumentFilter {
            label: label.map(|label| label.parse().unwrap()),
            format: format.map(str::to_owned),
            language,
            ..DocumentFilter::default()
        };
        let page = shop.w.documents(filter.clone(), None, 10).await.unwrap();
        assert_eq!(page.items.len(), expected, "{filter:?}");
    }
}
