//! Answers: answered, refused, from the right source, saying what they must.

use std::collections::HashMap;

use app::who::Who;
use domain::answer::Outcome;
use domain::conversation::Message;
use domain::id::DocumentId;
use search::measure::auroc;
use serde_json::{Value, json};

use crate::cli::ask::shortened;
use crate::cli::eval::quantile;
use crate::cli::eval::set::{Question, Set};
use crate::compose::Program;
use crate::exit::Failure;
use crate::local;

/// Seconds within which a question is answered.
const PATIENCE: u64 = 120;

#[derive(Default)]
struct Counts {
    answerable: u64,
    answered: u64,
    wrongly_refused: u64,
    found_first: u64,
    cited_first: u64,
    right_words: u64,
    by_qa: u64,
    unanswerable: u64,
    rightly_refused: u64,
}

/// Asks every question of the set, each in a conversation of its own.
pub async fn measure(
    program: &Program,
    who: &Who,
    set: &Set,
    names: &HashMap<DocumentId, String>,
    tell_wrong: bool,
) -> Result<Value, Failure> {
    let assistant = local::assistant(program, who, None).await?;
    let mut counts = Counts::default();
    let mut times = Vec::new();
    let mut confidences = Vec::new();
    for question in &set.questions {
        let found = program.app.search_test(who, &question.question, 1).await?;
        confidences.push((f64::from(found.confidence), question.answerable));
        let first = found
            .hits
            .first()
            .and_then(|hit| names.get(&hit.passage.document_id));
        let conversation = program.app.start_playground(who, assistant.id).await?;
        let begun = std::time::Instant::now();
        let answer = program
            .app
            .ask(who, conversation.id, &question.question, PATIENCE)
            .await?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        let wrong = counts.add(question, &answer, first, names);
        if tell_wrong && let Some(wrong) = wrong {
            println!(
                "{wrong} (confidence {:.2}): {}",
                found.confidence, question.question
            );
            println!(
                "    wanted {} {:?}",
                question.document.as_deref().unwrap_or("a refusal"),
                question.must_contain
            );
            println!("    said   {}", shortened(&answer.text, 200));
        }
    }
    let mut told = counts.told();
    if let Some(object) = told.as_object_mut() {
        if let Some(auroc) = auroc(&confidences) {
            object.insert("confidence AUROC".to_owned(), json!(auroc));
        }
        object.insert("refused by threshold".to_owned(), curve(&confidences));
        object.insert("ms p50".to_owned(), json!(quantile(&mut times, 0.5)));
        object.insert("ms p99".to_owned(), json!(quantile(&mut times, 0.99)));
    }
    Ok(told)
}

/// For thresholds from 0.3 to 0.7: which share of the unanswerable and of the answerable questions would be
/// refused by confidence alone.
fn curve(confidences: &[(f64, bool)]) -> Value {
    let refused = |threshold: f64, answerable: bool| {
        let of_kind = confidences.iter().filter(|(_, is)| *is == answerable);
        let below = of_kind.clone().filter(|(value, _)| *value < threshold);
        share(below.count() as u64, of_kind.count() as u64)
    };
    let at = |tenths: u32| {
        let threshold = f64::from(tenths) / 10.0;
        let points = json!({ "unanswerable": refused(threshold, false), "answerable": refused(threshold, true) });
        (threshold.to_string(), points)
    };
    Value::Object((3..=7).map(at).collect())
}

fn share(part: u64, whole: u64) -> f64 {
    match whole {
        0 => 0.0,
        whole => part as f64 / whole as f64,
    }
}

impl Counts {
    /// Counts one answer; says what is wrong with it.
    fn add(
        &mut self,
        question: &Question,
        answer: &Message,
        first: Option<&String>,
        names: &HashMap<DocumentId, String>,
    ) -> Option<&'static str> {
        let refused = answer.outcome == Some(Outcome::Refused);
        if !question.answerable {
            self.unanswerable += 1;
            self.rightly_refused += u64::from(refused);
            return (!refused).then_some("not refused");
        }
        self.answerable += 1;
        self.by_qa += u64::from(answer.outcome == Some(Outcome::AnsweredByQa));
        let wanted = question.document.as_ref();
        self.found_first += u64::from(wanted.is_some() && first == wanted);
        if refused {
            self.wrongly_refused += 1;
            return Some("refused");
        }
        self.answered += 1;
        let cited = answer
            .citations
            .first()
            .and_then(|citation| names.get(&citation.document_id));
        let right_source = wanted.is_some() && cited == wanted;
        self.cited_first += u64::from(right_source);
        let right_words = says(question, answer);
        self.right_words += u64::from(right_words);
        match (right_source, right_words) {
            (_, false) => Some("wrong words"),
            (false, true) => Some("other source"),
            (true, true) => None,
        }
    }

    fn told(&self) -> Value {
        json!({
            "answerable": self.answerable,
            "answered": share(self.answered, self.answerable),
            "wrongly refused": share(self.wrongly_refused, self.answerable),
            "right document found first": share(self.found_first, self.answerable),
            "right document cited first": share(self.cited_first, self.answerable),
            "says what it must": share(self.right_words, self.answerable),
            "answered by approved answers": self.by_qa,
            "unanswerable": self.unanswerable,
            "rightly refused": share(self.rightly_refused, self.unanswerable),
        })
    }
}

/// True when the answer, or a quote that proves it, says all it must and one of what it may.
fn says(question: &Question, answer: &Message) -> bool {
    let mut said = plain(&answer.text);
    for citation in &answer.citations {
        said.push('\n');
        said.push_str(&plain(&citation.quote));
    }
    let all = question
        .must_contain
        .iter()
        .all(|text| said.contains(&plain(text)));
    let any = question.answers.is_empty()
        || question
            .answers
            .iter()
            .any(|text| said.contains(&plain(text)));
    all && any
}

/// Lowercase, white space of every kind as one space.
fn plain(text: &str) -> String {
    text.to_lowercase()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
