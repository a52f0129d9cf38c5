//! Stories: documents and messages in, replies and citations out, written as Markdown that anybody can read.
//!
//! ```text
//! # The title says what is shown
//! ## document delivery.md
//! Delivery costs 5 euro.
//! ## qa Do you deliver?
//! Yes, everywhere.
//! ## contact
//! How much is delivery?
//! ## answer answered
//! says: 5 euro
//! cites: delivery
//! ```
//!
//! Each `contact` is one message; several in a row arrive before anything is answered. `answer` names the outcome;
//! below it `says:` is a part of the text, `never says:` is not, `cites:` a document's title, `searched:` a part of
//! the question that was searched, and no line beginning `cites:` after `answered` is an error of the story.

use app::qa::QaDraft;
use domain::answer::Outcome;
use domain::conversation::{Conversation, Message};
use domain::trace::What;

use crate::TestApp;

/// One part of a story: what its heading says, and the text under it.
struct Part<'a> {
    kind: &'a str,
    name: &'a str,
    body: String,
}

/// Plays a story from its Markdown and panics with a readable reason where it goes another way.
pub async fn play(markdown: &str) {
    let shop = TestApp::new().await;
    let conversation = shop.conversation().await;
    let mut last = None;
    let parts = parts(markdown);
    for (n, part) in parts.iter().enumerate() {
        let next_is_contact = parts.get(n + 1).is_some_and(|next| next.kind == "contact");
        match part.kind {
            "document" => {
                shop.add(part.name, part.body.clone()).await;
            }
            "qa" => {
                let draft = QaDraft {
                    questions: vec![part.name.to_owned()],
                    answer: part.body.clone(),
                };
                shop.app
                    .put_qa(&shop.owner, None, draft)
                    .await
                    .expect("a pair can be added");
            }
            "contact" if next_is_contact => {
                shop.app
                    .say(&shop.owner, conversation.id, &part.body, None)
                    .await
                    .expect("something can be said");
            }
            "contact" => last = Some(shop.ask(&conversation, &part.body).await),
            "answer" => {
                check(
                    &shop,
                    &conversation,
                    last.as_ref().expect("a contact speaks first"),
                    part,
                )
                .await
            }
            other => panic!("a story has no part named {other}"),
        }
    }
}

async fn check(shop: &TestApp, conversation: &Conversation, answer: &Message, part: &Part<'_>) {
    let outcome = answer.outcome.expect("an answer has an outcome");
    if name_of(outcome) != part.name {
        let trace = shop
            .app
            .trace(&shop.owner, answer.id)
            .await
            .expect("an answer has a trace");
        let wanted = part.name;
        panic!(
            "{wanted} was expected, not {:?}, because {:#?}",
            answer.text, trace.steps
        );
    }
    for line in part
        .body
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let (what, wanted) = line
            .split_once(": ")
            .expect("a line of an answer is `what: text`");
        match what {
            "says" => assert!(
                answer.text.contains(wanted),
                "{:?} says {wanted:?}",
                answer.text
            ),
            "never says" => assert!(
                !answer.text.contains(wanted),
                "{:?} never says {wanted:?}",
                answer.text
            ),
            "cites" => {
                let titles: Vec<&str> = answer
                    .citations
                    .iter()
                    .map(|citation| citation.document_title.as_str())
                    .collect();
                assert!(titles.contains(&wanted), "{titles:?} cites {wanted:?}");
            }
            "searched" => {
                let trace = shop
                    .app
                    .trace(&shop.owner, answer.id)
                    .await
                    .expect("an answer has a trace");
                let rewritten = trace.steps.iter().any(|step| matches!(&step.what, What::Rewritten { text, .. } if text.contains(wanted)));
                assert!(rewritten, "searched for {wanted:?}");
            }
            "messages" => {
                let all = shop
                    .app
                    .messages(&shop.owner, conversation.id, None, 200)
                    .await
                    .expect("messages can be listed");
                assert_eq!(
                    all.len().to_string(),
                    wanted,
                    "messages in the conversation"
                );
            }
            other => panic!("an answer has no line named {other}"),
        }
    }
    let is_proved = outcome != Outcome::Answered || !answer.citations.is_empty();
    assert!(is_proved, "an answer from documents has a citation");
}

fn name_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Answered => "answered",
        Outcome::AnsweredByQa => "by qa",
        Outcome::SmallTalk => "small talk",
        Outcome::Refused => "refused",
        Outcome::HandedOver => "handed over",
        Outcome::Stopped => "stopped",
    }
}

fn parts(markdown: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    for line in markdown.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            let (kind, name) = heading.split_once(' ').unwrap_or((heading, ""));
            parts.push(Part {
                kind,
                name,
                body: String::new(),
            });
        } else if let Some(part) = parts.last_mut() {
            part.body.push_str(line);
            part.body.push('\n');
        }
    }
    parts
        .iter_mut()
        .for_each(|part| part.body = part.body.trim().to_owned());
    parts
}
