//! `chatai ask`

use clap::Args;
use domain::answer::Outcome as Decided;
use domain::conversation::Message;
use domain::trace::{Reranked, Trace, What};
use serde_json::json;

use crate::boot::Boot;
use crate::cli::print_json;
use crate::compose::Program;
use crate::exit::{Ending, Outcome};
use crate::local;

#[derive(Debug, Args)]
pub struct Ask {
    /// The question
    question: String,
    /// Which assistant answers [default: the first]
    #[arg(long, value_name = "NAME")]
    assistant: Option<String>,
    /// Only from documents with this label; more than one: with any of them
    #[arg(long, value_name = "LABEL")]
    label: Vec<String>,
    /// Only from documents of this source; more than one: of any of them
    #[arg(long, value_name = "NAME")]
    source: Vec<String>,
    /// Print the answer as JSON
    #[arg(long)]
    json: bool,
    /// Print every step that led to the answer
    #[arg(long)]
    trace: bool,
    /// Longest wait for the answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    wait: u64,
}

impl Ask {
    pub async fn run(self, boot: &Boot) -> Outcome {
        let program = Program::start(boot).await?;
        let who = local::owner(&program, "My business").await?;
        let assistant = local::assistant(&program, &who, self.assistant.as_deref()).await?;
        let scope = local::scope(&program, &who, &self.label, &self.source).await?;
        let conversation = program.app.start_playground(&who, assistant.id).await?;
        if !scope.is_everything() {
            let limited = program.app.limit_conversation(&who, conversation.id, scope);
            limited.await?;
        }
        let answer = program
            .app
            .ask(&who, conversation.id, &self.question, self.wait)
            .await?;
        let trace = match self.trace {
            true => Some(program.app.trace(&who, answer.id).await?),
            false => None,
        };
        match self.json {
            true => {
                print_json(&json!({
                    "answer": answer.text,
                    "outcome": answer.outcome,
                    "engine": answer.engine,
                    "citations": answer.citations,
                    "trace": trace,
                }));
            }
            false => {
                print_answer(&answer);
                if let Some(trace) = &trace {
                    print_trace(trace);
                }
            }
        }
        program.stop().await?;
        Ok(match answer.outcome {
            Some(Decided::Refused) => Ending::Partly,
            _ => Ending::Done,
        })
    }
}

/// Prints an answer with its proof: document, page, quote.
pub fn print_answer(answer: &Message) {
    println!("{}", answer.text);
    for citation in &answer.citations {
        let page = citation
            .page
            .map(|page| format!(", page {page}"))
            .unwrap_or_default();
        let headings = match citation.headings.is_empty() {
            true => String::new(),
            false => format!(" ({})", citation.headings.join(" › ")),
        };
        println!(
            "\n[{}] {}{page}{headings}\n    “{}”",
            citation.number,
            citation.document_title,
            one_line(&citation.quote)
        );
    }
}

/// Prints every step of a trace on a line.
fn print_trace(trace: &Trace) {
    println!("\nwhy this answer, {} ms in all:", trace.total_ms);
    for step in &trace.steps {
        println!("{:>7} ms  {}", step.took_ms, told(&step.what));
    }
}

fn told(what: &What) -> String {
    match what {
        What::Question {
            text,
            language,
            messages,
        } => {
            format!(
                "question of {messages} message(s) in “{}”: {}",
                language.code(),
                one_line(text)
            )
        }
        What::Rule { rule } => format!("answered by the rule {rule}"),
        What::Rewritten { text, by } => format!("searched for “{}” ({by})", one_line(text)),
        What::Qa { score, matched, .. } => {
            format!(
                "closest approved answer: likeness {score:.2}, {}",
                if *matched {
                    "it answers"
                } else {
                    "not close enough"
                }
            )
        }
        What::Search {
            hits,
            embed_ms,
            limited,
            reranked,
        } => {
            let mut text = format!("found {} passages (vectors {embed_ms} ms)", hits.len());
            if let Some(limited) = limited {
                text.push_str(&format!(", limited: {limited}"));
            }
            if let Some(reranked) = reranked {
                text.push_str(&format!(", {}", told_of(reranked)));
            }
            for hit in hits.iter().take(5) {
                let page = hit
                    .page
                    .map(|page| format!(", page {page}"))
                    .unwrap_or_default();
                text.push_str(&format!(
                    "\n            {:.3}  {}{page}: {}",
                    hit.score,
                    hit.title,
                    shortened(&hit.text, 80)
                ));
            }
            text
        }
        What::Threshold {
            confidence,
            threshold,
            passed,
        } => {
            format!(
                "confidence {confidence:.2} against {threshold:.2}: {}",
                if *passed { "passed" } else { "refused" }
            )
        }
        What::Engine { engine, failed } => match failed {
            None => format!("written by {engine}"),
            Some(why) => format!("{engine} failed: {why}"),
        },
        What::Heard {
            text,
            language,
            failed,
            ..
        } => match failed {
            None => format!("heard in {}: “{}”", language.code(), shortened(text, 80)),
            Some(why) => format!("a recording was not heard: {why}"),
        },
        What::Quoted { text } => format!("a reply to “{}”", shortened(text, 80)),
        What::Handoff { why, words, calls } => {
            let words = match words.as_str() {
                "" => String::new(),
                words => format!(" (“{words}”)"),
            };
            let calls = if *calls {
                ""
            } else {
                ", which calls nobody here"
            };
            format!("a person is asked for: {why}{words}{calls}")
        }
        What::Hours { outside, said } => match said.as_str() {
            "" => format!("outside the hours: {outside}"),
            said => format!("outside the hours: {outside}, “{}”", one_line(said)),
        },
        What::Contact { found: true } => "the message says how to reach the customer".to_owned(),
        What::Contact { found: false } => "asked how to reach the customer".to_owned(),
        What::Late { minutes } => format!("the message had waited {minutes} minutes"),
        What::Stopped => "stopped here".to_owned(),
        What::Citations { kept, dropped } => {
            format!("citations checked: {kept} stand, {dropped} dropped")
        }
    }
}

/// What a reranker did.
pub fn told_of(reranked: &Reranked) -> String {
    let Reranked {
        model,
        passages,
        took_ms,
        failed,
    } = reranked;
    match failed {
        None => format!("the best {passages} put in order by {model} ({took_ms} ms)"),
        Some(why) => format!("not put in order by {model}: {why}"),
    }
}

/// The text on one line.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first `most` characters of a text on one line.
pub fn shortened(text: &str, most: usize) -> String {
    let line = one_line(text);
    match line.chars().count() > most {
        true => format!("{}…", line.chars().take(most).collect::<String>()),
        false => line,
    }
}
