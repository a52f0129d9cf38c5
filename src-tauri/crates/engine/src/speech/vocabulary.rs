//! From tokens to text: the bytes that each one stands for.

use std::ops::Range;

use crate::local::prepared::Prepared;

/// Where the words of a model lie.
pub(super) struct Vocabulary {
    offsets: Range<usize>,
    text: Range<usize>,
}

impl Vocabulary {
    pub(super) fn new(file: &Prepared) -> Result<Vocabulary, String> {
        let vocabulary = Vocabulary {
            offsets: file.range("words.offsets"),
            text: file.range("words.text"),
        };
        let offsets: &[u32] = file.numbers(&vocabulary.offsets);
        let is_whole = offsets.is_sorted()
            && offsets
                .last()
                .is_some_and(|end| *end as usize == vocabulary.text.len());
        match is_whole {
            true => Ok(vocabulary),
            false => Err("the vocabulary is cut off".to_owned()),
        }
    }

    /// The text of tokens; those that are no words are left out, and broken letters become `\u{fffd}`.
    pub(super) fn text(&self, file: &Prepared, tokens: &[u32]) -> String {
        let offsets: &[u32] = file.numbers(&self.offsets);
        let bytes = file.bytes(&self.text);
        let mut text = Vec::new();
        for token in tokens {
            let at = *token as usize;
            if let Some([start, end]) = offsets.get(at..at + 2) {
                text.extend_from_slice(&bytes[*start as usize..*end as usize]);
            }
        }
        String::from_utf8_lossy(&text).trim().to_owned()
    }
}
