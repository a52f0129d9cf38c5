//! Quotes by example: which sentences, rows and lists answer which question.

use domain::language::Language;
use engine::ask::{Ask, Given};
use engine::quotes::Quotes;

use crate::contract::{ask, check};

async fn text(ask: &Ask) -> String {
    check(&Quotes::new(), ask).await.text
}

#[tokio::test]
async fn the_sentence_with_the_price_answers_how_much() {
    let ask = ask(
        "How much does the helmet cost?",
        &[
            "The helmet comes in three sizes. The helmet costs $1,299.50 with tax. It is made of foam.",
        ],
    );
    assert_eq!(text(&ask).await, "The helmet costs $1,299.50 with tax.");
}

#[tokio::test]
async fn the_answer_below_a_question_is_quoted_and_the_question_is_not() {
    let ask = ask(
        "can i bring my dog",
        &[
            "Do you have parking?\nYes, behind the house.\nMay I bring a dog?\nYes, on a leash and with a muzzle.\nDo you take cards?\nYes, all of them.",
        ],
    );
    assert_eq!(text(&ask).await, "Yes, on a leash and with a muzzle.");
}

#[tokio::test]
async fn only_the_row_that_matches_is_quoted() {
    let mut ask = ask(
        "Сколько стоит доставка в Казань?",
        &[
            "Город: Москва; Цена: 300 ₽; Срок: 1 день\nГород: Казань; Цена: 450 ₽; Срок: 3 дня\nГород: Омск; Цена: 700 ₽; Срок: 5 дней",
        ],
    );
    ask.language = Language::RU;
    ask.passages[0].table = true;
    ask.passages[0].language = Language::RU;
    ask.passages[0].title = "Доставка".to_owned();
    assert_eq!(text(&ask).await, "Казань: цена 450 ₽, срок 3 дня");
}

#[tokio::test]
async fn a_list_is_quoted_with_the_line_that_introduces_it() {
    let ask = ask(
        "Which payment methods do you accept?",
        &[
            "Our shop is open daily.\nWe accept these payment methods:\ncash\nbank card\ngift card\n\nThe shop was founded in 1998.",
        ],
    );
    assert_eq!(
        text(&ask).await,
        "We accept these payment methods:\n• cash\n• bank card\n• gift card"
    );
}

#[tokio::test]
async fn a_heading_tells_what_its_sentences_are_about() {
    let mut ask = ask(
        "What are your opening hours?",
        &[
            "We have been in town since 1998 and love what we do.",
            "Monday to Friday from 9:00 to 18:00. Closed on Sundays.",
        ],
    );
    ask.passages[1].headings = vec!["Opening hours".to_owned()];
    assert!(
        text(&ask)
            .await
            .starts_with("Monday to Friday from 9:00 to 18:00.")
    );
}

#[tokio::test]
async fn a_sentence_that_points_back_takes_the_one_before_along() {
    let ask = ask(
        "How heavy is the trailer with its packaging?",
        &["The trailer is made of steel. It weighs 14.5 kg with packaging. Colours vary."],
    );
    assert_eq!(
        text(&ask).await,
        "The trailer is made of steel. It weighs 14.5 kg with packaging."
    );
}

#[tokio::test]
async fn neighbouring_sentences_are_one_quote() {
    let ask = ask(
        "How heavy is the trailer with its packaging?",
        &["The trailer is made of steel. It weighs 14.5 kg with packaging. Colours vary."],
    );
    let draft = check(&Quotes::new(), &ask).await;
    assert_eq!(draft.citations.len(), 1);
    assert_eq!(draft.citations[0].quote, draft.text);
}

#[tokio::test]
async fn the_customers_language_is_preferred() {
    let mut ask = ask(
        "Доставка в Leeds?",
        &[
            "Delivery to Leeds takes two days by Royal Mail.",
            "Доставка в Leeds занимает два дня.",
        ],
    );
    ask.language = Language::RU;
    ask.passages[1].language = Language::RU;
    assert_eq!(text(&ask).await, "Доставка в Leeds занимает два дня.");
}

#[tokio::test]
async fn nothing_is_quoted_when_nothing_speaks_to_the_question() {
    let ask = ask(
        "Do you rent out motorboats with a skipper?",
        &["The workshop repairs bicycles of any make.", ""],
    );
    assert!(!check(&Quotes::new(), &ask).await.answered);
}

#[tokio::test]
async fn naughty_texts_are_quoted_or_not_but_never_break() {
    for text in [
        "\u{202e}?!",
        "…",
        "???",
        "\n\n:\n\n",
        "a:\nb\nc",
        "💥💥 💥",
        "١٢٣",
        "x".repeat(50_000).as_str(),
    ] {
        for table in [false, true] {
            let mut ask = ask(text, &[text, "delivery"]);
            ask.passages[0].table = table;
            check(&Quotes::new(), &ask).await;
        }
    }
    let empty = Given::default();
    check(
        &Quotes::new(),
        &Ask {
            passages: vec![empty],
            ..Ask::default()
        },
    )
    .await;
}
