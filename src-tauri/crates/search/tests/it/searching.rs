//! What is found, and in which order.

use search::{Change, Query};

use crate::world::{
    World, document, numbers, passage_id, query, query_near, query_within, unit, vectors,
};

const SHOP: &[&str] = &[
    "Доставка по Москве стоит 300 рублей и занимает два дня.",
    "Возврат товара возможен в течение 14 дней после покупки.",
    "The warranty covers two years from the day of purchase.",
    "Артикул: AB-1234; Цена: 12 000 ₽",
    "Артикул: AB-1235; Цена: 12 500 ₽",
];

#[test]
fn any_form_of_a_word_finds_it() {
    let world = World::with(SHOP);
    assert_eq!(world.found("сколько стоит доставка"), [100]);
    assert_eq!(world.found("доставкой"), [100]);
    assert_eq!(world.found("вернуть товары, возвраты"), [200]);
    assert_eq!(world.found("warranties"), [300]);
}

#[test]
fn a_text_is_found_by_the_stems_of_its_own_language() {
    let world = World::with(&[
        "Unsere Häuser an der Küste haben jeweils drei Zimmer und einen Garten mit Blick auf das Meer.",
        "Our flats in the old town have two rooms and a balcony with a view of the river.",
    ]);
    // Of one word no language can be told.
    assert_eq!(world.found("Haus"), [100]);
    assert_eq!(world.found("Häuser"), [100]);
    assert_eq!(world.found("flat"), [200]);
}

#[test]
fn codes_and_numbers_are_found_however_they_are_written() {
    let world = World::with(SHOP);
    for code in ["AB-1234", "ab1234", "AB 1234", "AB/1234"] {
        assert_eq!(world.found(code).first(), Some(&400), "{code}");
    }
    for price in ["12000", "12 000", "12\u{a0}000 ₽", "12,000"] {
        assert_eq!(world.found(price), [400], "{price}");
    }
    assert_eq!(world.found("12001"), [] as [u128; 0]);
}

#[test]
fn a_slip_or_a_beginning_still_finds_the_word() {
    let world = World::with(SHOP);
    assert_eq!(world.found("дотсавка"), [100]);
    assert_eq!(world.found("warrantty"), [300]);
    assert_eq!(world.found("purch"), [300]);
    assert_eq!(world.found("абракадабра"), [] as [u128; 0]);
}

#[test]
fn a_question_of_nothing_finds_nothing() {
    let world = World::with(SHOP);
    for text in ["", " ", "?!", "👍", "\u{301}"] {
        let found = world.index.begin(&query(text)).unwrap().finish(&[]);
        assert_eq!((found.hits.len(), found.confidence), (0, 0.0), "{text:?}");
    }
}

#[test]
fn only_the_documents_asked_for_are_searched() {
    let world = World::with(&["red bicycle", "blue bicycle", "green bicycle"]);
    world
        .index
        .apply(
            &[vectors(&[
                (100, [1.0, 0.0, 0.0]),
                (200, [0.0, 1.0, 0.0]),
                (300, [0.0, 0.0, 1.0]),
            ])],
            9,
        )
        .unwrap();
    let found = world
        .index
        .begin(&query_within("bicycle", &[2]))
        .unwrap()
        .finish(&[]);
    assert_eq!(numbers(&found), [200]);
    let by_vector = Query {
        vector: Some(unit([1.0, 0.0, 0.0])),
        ..query_within("nothing", &[3])
    };
    assert_eq!(
        numbers(&world.index.begin(&by_vector).unwrap().finish(&[])),
        [300]
    );
}

#[test]
fn vectors_find_what_words_do_not() {
    let world = World::with(SHOP);
    world
        .index
        .apply(
            &[vectors(&[
                (100, [1.0, 0.0, 0.1]),
                (200, [0.0, 1.0, 0.0]),
                (300, [0.1, 0.0, 1.0]),
            ])],
            9,
        )
        .unwrap();
    let found = world
        .index
        .begin(&query_near("Kurier", [0.9, 0.1, 0.0]))
        .unwrap()
        .finish(&[]);
    assert_eq!(found.hits[0].passage_id, passage_id(100));
    assert_eq!(found.hits[0].keyword, None);
    assert!(found.hits[0].vector.unwrap() > 0.98);
}

#[test]
fn a_passage_near_the_best_comes_before_one_as_near_to_the_question() {
    let world = World::with(&[
        "The courier rings once",
        "Parcels wait for a week",
        "The office has a red door",
        "Bread is baked at night",
    ]);
    let placed = [
        (100, [0.95, 0.31, 0.0]),
        (200, [0.80, 0.60, 0.0]),
        (300, [0.81, -0.59, 0.0]),
        (400, [0.0, 0.0, 1.0]),
    ];
    world.index.apply(&[vectors(&placed)], 9).unwrap();
    let question = query_near("courier", [1.0, 0.0, 0.0]);
    let found = world.index.begin(&question).unwrap().finish(&[]);
    assert_eq!(numbers(&found), [100, 200, 300, 400]);
    // What no word was found in is not sure enough to be moved to.
    let question = query_near("Zustellung", [1.0, 0.0, 0.0]);
    let strange = world.index.begin(&question).unwrap().finish(&[]);
    assert_eq!(numbers(&strange), [100, 300, 200, 400]);
    // What is shown is the nearness to the question as it was asked.
    assert!(found.hits[1].vector < found.hits[2].vector);
    // The vectors may as well come late.
    let world = World::with(&[
        "courier one",
        "courier two",
        "courier three",
        "courier four",
    ]);
    world.index.apply(&[vectors(&placed[3..])], 9).unwrap();
    let question = query_near("courier", [1.0, 0.0, 0.0]);
    let late: Vec<_> = placed[..3]
        .iter()
        .map(|(number, vector)| (passage_id(*number), unit(*vector)))
        .collect();
    let found = world.index.begin(&question).unwrap().finish(&late);
    assert_eq!(numbers(&found), [100, 200, 300, 400]);
}

#[test]
fn late_vectors_change_the_order() {
    let world = World::with(&[
        "bicycle bicycle helmet",
        "bicycle light",
        "bicycle lock",
        "a helmet for the bicycle",
    ]);
    world
        .index
        .apply(
            &[vectors(&[(200, [1.0, 0.0, 0.0]), (300, [0.0, 1.0, 0.0])])],
            9,
        )
        .unwrap();
    let question = query_near("bicycle helmet", [0.0, 0.0, 1.0]);
    let round = world.index.begin(&question).unwrap();
    let mut missing: Vec<u128> = round
        .without_vector()
        .iter()
        .map(|id| id.0.as_u128())
        .collect();
    missing.sort_unstable();
    assert_eq!(missing, [100, 400]);
    let late = |first, second| {
        vec![
            (passage_id(100), unit(first)),
            (passage_id(400), unit(second)),
        ]
    };
    let found = round.finish(&late([1.0, 0.0, 0.0], [0.0, 0.0, 1.0]));
    assert_eq!(numbers(&found)[0], 400);
    let round = world.index.begin(&question).unwrap();
    assert_eq!(
        numbers(&round.finish(&late([0.0, 0.0, 1.0], [1.0, 0.0, 0.0])))[0],
        100
    );
}

#[test]
fn without_a_question_vector_no_late_vectors_are_asked_for() {
    let world = World::with(SHOP);
    assert!(
        world
            .index
            .begin(&query("доставка"))
            .unwrap()
            .without_vector()
            .is_empty()
    );
}

#[test]
fn a_vector_of_another_embedder_is_not_compared() {
    let world = World::with(SHOP);
    world
        .index
        .apply(&[vectors(&[(200, [1.0, 0.0, 0.0])])], 9)
        .unwrap();
    let question = Query {
        vector: Some(vec![1.0, 0.0]),
        ..query("доставка")
    };
    assert_eq!(
        numbers(&world.index.begin(&question).unwrap().finish(&[])),
        [100]
    );
}

#[test]
fn a_copy_is_shown_once() {
    let world = World::with(&[
        "Мы открыты с 9 до 18.",
        "Мы открыты с 9 до 18.",
        "Мы открыты с 10 до 18.",
    ]);
    assert_eq!(world.found("когда открыты").len(), 2);
}

#[test]
fn the_title_counts() {
    let world = World::new();
    let mut named = document(1, &["Press the button twice."]);
    if let Change::PutDocument { title, .. } = &mut named {
        "Resetting the router".clone_into(title);
    }
    world
        .index
        .apply(&[named, document(2, &["Press the doorbell."])], 1)
        .unwrap();
    assert_eq!(world.found("reset router"), [100]);
}

#[test]
fn confidence_is_higher_where_the_documents_answer() {
    let world = World::with(SHOP);
    let confidence = |text: &str| {
        world
            .index
            .begin(&query(text))
            .unwrap()
            .finish(&[])
            .confidence
    };
    assert!(confidence("Сколько стоит доставка по Москве?") > 0.5);
    assert!(confidence("Сколько стоит абонемент в бассейн?") < 0.5);
}
