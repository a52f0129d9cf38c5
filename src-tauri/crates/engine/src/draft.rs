//! What an engine gives back: an answer whose citations are still to be checked.

use domain::answer::Usage;

/// An answer as an engine wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// What is to be said. Engines that write mark their sources as `[1]`; quotes carry no marks.
    pub text: String,
    /// The proof, in the order of the text.
    pub citations: Vec<DraftCitation>,
    /// What it used up.
    pub usage: Usage,
    /// False when nothing in the passages answers the question; then the text is empty.
    pub answered: bool,
}

/// A passage with the words of it that prove the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftCitation {
    /// Number of the passage, as given.
    pub number: u32,
    /// Words of the passage, verbatim.
    pub quote: String,
}
