//! What every engine keeps to, whatever it is made of.

use std::sync::Mutex;

use domain::language::Language;
use engine::ask::{Ask, Given};
use engine::draft::Draft;
use engine::engine::Engine;
use engine::quotes::Quotes;

/// A question about the delivery of an invented shop, with two passages of which the first answers.
pub fn delivery() -> Ask {
    ask(
        "How much is delivery to Leeds?",
        &[
            "Delivery to Leeds costs £4.50 and takes two days. Orders over £60 are delivered free.",
            "The workshop repairs bicycles of any make. A full service takes three days.",
        ],
    )
}

pub fn ask(question: &str, texts: &[&str]) -> Ask {
    let given = |(at, text): (usize, &&str)| Given {
        number: at as u32 + 1,
        title: "Shop handbook".to_owned(),
        text: (*text).to_owned(),
        language: Language::EN,
        ..Given::default()
    };
    Ask {
        question: question.to_owned(),
        language: Language::EN,
        passages: texts.iter().enumerate().map(given).collect(),
        ..Ask::default()
    }
}

/// Runs `engine` on `ask` and checks what holds for every answer of every engine.
pub async fn check(engine: &dyn Engine, ask: &Ask) -> Draft {
    assert!(!engine.name().is_empty());
    let heard = Mutex::new(String::new());
    let pieces = |piece: &str| heard.lock().unwrap().push_str(piece);
    let draft = engine.answer(ask, &pieces).await.unwrap();
    for citation in &draft.citations {
        let given = ask
            .passages
            .iter()
            .find(|given| given.number == citation.number);
        let given = given.expect("a citation names a passage that was given");
        assert!(!citation.quote.is_empty());
        assert!(
            given.text.contains(&citation.quote),
            "{:?} is not verbatim in {:?}",
            citation.quote,
            given.text
        );
    }
    if draft.answered {
        assert!(!draft.text.trim().is_empty());
        assert_eq!(
            *heard.lock().unwrap(),
            draft.text,
            "the pieces are the text"
        );
    } else {
        assert_eq!(draft.text, "", "what is not answered has no text");
        assert!(draft.citations.is_empty());
    }
    draft
}

#[tokio::test]
async fn quotes_keep_the_contract() {
    let draft = check(&Quotes::new(), &delivery()).await;
    assert!(draft.answered);
    assert!(draft.text.contains("£4.50"));
    assert!(draft.citations.iter().any(|citation| citation.number == 1));
    let nothing = check(&Quotes::new(), &ask("Who painted the ceiling?", &[])).await;
    assert!(!nothing.answered);
}
