//! Q&A: questions with their approved answers.

use serde::{Deserialize, Serialize};

use crate::id::QaId;
use crate::language::Language;
use crate::time::Timestamp;

/// A question with its approved answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qa {
    /// Its id.
    pub id: QaId,
    /// The question, and other ways to ask it; at least one, at most 20, each at most 500 characters.
    pub questions: Vec<String>,
    /// What is said, at most 4,000 characters.
    pub answer: String,
    /// Language of the answer.
    pub language: Language,
    /// True when it came with the demo company.
    pub demo: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// The form in which two questions are the same question: lowercase, `ё` as `е`, letters and digits only,
/// single spaces. Empty when nothing is left.
pub fn normalised(question: &str) -> String {
    let mut out = String::with_capacity(question.len());
    for c in question.chars().flat_map(char::to_lowercase) {
        let c = if c == 'ё' { 'е' } else { c };
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_marks_and_spaces_do_not_make_another_question() {
        assert_eq!(
            normalised("  Сколько стоит  доставка?! "),
            "сколько стоит доставка"
        );
        assert_eq!(normalised("Ещё"), normalised("еще"));
        assert_eq!(normalised("?!"), "");
    }
}
