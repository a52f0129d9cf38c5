//! SentencePiece as Llama 2, Phi 3 and Gemma use it (github.com/google/sentencepiece, BPE with byte fallback): of
//! all neighbours that together are a piece, those with the best score are joined first, the left ones of equals.
//!
//! Spaces are written as `\u{2581}`. What no piece says is said in bytes. The order of joining is that of
//! llama.cpp, which files of this kind are made for.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use crate::lm::error::ModelError;
use crate::lm::gguf::{Gguf, Value};

/// How a space is written in a piece.
const SPACE: char = '\u{2581}';

/// Pieces and their scores.
pub struct SentencePiece {
    pieces: HashMap<Box<str>, Piece>,
    /// The tokens of the 256 bytes; the unknown token where the file has none.
    bytes: Vec<u32>,
    /// Pieces of white space that are matched before all others, longest first.
    runs: Vec<(Box<str>, u32)>,
    /// True: a text is read as if a space stood before it.
    has_space_first: bool,
}

#[derive(Clone, Copy)]
struct Piece {
    id: u32,
    score: f32,
}

/// Two neighbours that together are a piece.
struct Pair {
    score: f32,
    left: usize,
    right: usize,
    /// Bytes of both when they were looked at: one that has grown since is not meant any more.
    length: usize,
}

/// A part of the text; joined ones leave an empty one behind.
struct Part {
    start: usize,
    length: usize,
    before: Option<usize>,
    after: Option<usize>,
}

impl SentencePiece {
    /// `words` are the pieces of `texts` that texts may be made of.
    ///
    /// # Errors
    /// `MissingKey`, `BadKey`, `Damaged`.
    pub fn read(
        gguf: &Gguf<'_>,
        texts: &[&str],
        words: &[(&str, u32)],
    ) -> Result<SentencePiece, ModelError> {
        let scores: Vec<f32> = gguf
            .list("tokenizer.ggml.scores")?
            .numbers()
            .map(|score| score as f32)
            .collect();
        if scores.len() != texts.len() {
            return Err(ModelError::Damaged(
                "the tokenizer's lists do not fit each other",
            ));
        }
        let unknown = match gguf.key("tokenizer.ggml.unknown_token_id") {
            Some(Value::Whole(id)) if (id as usize) < texts.len() => id as u32,
            _ => 0,
        };
        let mut bytes = vec![unknown; 256];
        for (id, text) in texts.iter().enumerate() {
            if let Some(byte) = byte(text) {
                bytes[usize::from(byte)] = id as u32;
            }
        }
        let mut pieces = HashMap::with_capacity(words.len());
        let mut runs: Vec<(Box<str>, u32)> = Vec::new();
        for (text, id) in words {
            // A space of its own is written as a letter: what is white space here is a run.
            match !text.is_empty() && text.trim().is_empty() {
                true => runs.push(((*text).into(), *id)),
                false => {
                    let score = scores[*id as usize];
                    pieces.insert((*text).into(), Piece { id: *id, score });
                }
            }
        }
        runs.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        Ok(SentencePiece {
            pieces,
            bytes,
            runs,
            has_space_first: gguf.key("tokenizer.ggml.add_space_prefix") != Some(Value::Whole(0)),
        })
    }

    /// The tokens of plain text.
    pub fn of_text(&self, text: &str) -> Vec<u32> {
        let mut tokens = Vec::new();
        let (mut start, mut at) = (0, 0);
        while at < text.len() {
            let rest = &text[at..];
            match self.runs.iter().find(|(run, _)| rest.starts_with(&**run)) {
                Some((run, id)) => {
                    self.of_words(&text[start..at], &mut tokens);
                    tokens.push(*id);
                    at += run.len();
                    start = at;
                }
                None => at += rest.chars().next().map_or(1, char::len_utf8),
            }
        }
        self.of_words(&text[start..], &mut tokens);
        tokens
    }

    /// The tokens of text in which there is no run of white space.
    fn of_words(&self, text: &str, tokens: &mut Vec<u32>) {
        if text.is_empty() {
            return;
        }
        let mut written = String::with_capacity(text.len() + SPACE.len_utf8());
        if self.has_space_first {
            written.push(SPACE);
        }
        written.extend(text.chars().map(|letter| match letter {
            ' ' => SPACE,
            letter => letter,
        }));
        for part in self.joined(&written) {
            match self.pieces.get(part) {
                Some(piece) => tokens.push(piece.id),
                None => tokens.extend(part.bytes().map(|byte| self.bytes[usize::from(byte)])),
            }
        }
    }

    /// The parts of a text when nothing more can be joined.
    fn joined<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let letters = text.char_indices().enumerate();
        let mut parts: Vec<Part> = letters
            .map(|(number, (start, letter))| Part {
                start,
                length: letter.len_utf8(),
                before: number.checked_sub(1),
                after: Some(number + 1),
            })
            .collect();
        if let Some(last) = parts.last_mut() {
            last.after = None;
        }
        let mut pairs = BinaryHeap::new();
        for right in 1..parts.len() {
            pairs.extend(self.pair(text, &parts, right - 1, right));
        }
        while let Some(pair) = pairs.pop() {
            let (left, right) = (&parts[pair.left], &parts[pair.right]);
            if left.length == 0 || right.length == 0 || left.length + right.length != pair.length {
                continue;
            }
            let after = right.after;
            parts[pair.right].length = 0;
            parts[pair.left].length = pair.length;
            parts[pair.left].after = after;
            if let Some(after) = after {
                parts[after].before = Some(pair.left);
                pairs.extend(self.pair(text, &parts, pair.left, after));
            }
            if let Some(before) = parts[pair.left].before {
                pairs.extend(self.pair(text, &parts, before, pair.left));
            }
        }
        let whole = parts.iter().filter(|part| part.length > 0);
        whole
            .map(|part| &text[part.start..part.start + part.length])
            .collect()
    }

    fn pair(&self, text: &str, parts: &[Part], left: usize, right: usize) -> Option<Pair> {
        let length = parts[left].length + parts[right].length;
        let start = parts[left].start;
        let piece = self.pieces.get(&text[start..start + length])?;
        Some(Pair {
            score: piece.score,
            left,
            right,
            length,
        })
    }
}

/// The byte that a piece such as `<0x0A>` stands for.
pub fn byte(text: &str) -> Option<u8> {
    let digits = text.strip_prefix("<0x")?.strip_suffix('>')?;
    (digits.len() == 2).then(|| u8::from_str_radix(digits, 16).ok())?
}

/// What a piece shows.
pub fn shown(text: &str) -> String {
    text.replace(SPACE, " ")
}

impl Ord for Pair {
    fn cmp(&self, other: &Pair) -> Ordering {
        let by_score = self.score.total_cmp(&other.score);
        by_score.then_with(|| other.left.cmp(&self.left))
    }
}

impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Pair) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Pair {
    fn eq(&self, other: &Pair) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Pair {}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(words: &[(&str, f32)], has_space_first: bool) -> SentencePiece {
        let pieces = words.iter().enumerate().map(|(id, (text, score))| {
            let piece = Piece {
                id: id as u32,
                score: *score,
            };
            ((*text).into(), piece)
        });
        SentencePiece {
            pieces: pieces.collect(),
            bytes: (1000..1256).collect(),
            runs: vec![("\n\n".into(), 901), ("\n".into(), 900)],
            has_space_first,
        }
    }

    #[test]
    fn the_best_pair_is_joined_first_and_of_equals_the_left_one() {
        let made = pieces(
            &[
                ("a", 0.0),
                ("ab", -2.0),
                ("bc", -1.0),
                ("abc", -3.0),
                ("aa", -1.0),
            ],
            false,
        );
        assert_eq!(made.of_text("abc"), [3], "bc first, then a with it");
        assert_eq!(made.of_text("aaa"), [4, 0]);
        let made = pieces(
            &[
                ("a", 0.0),
                ("b", 0.0),
                ("c", 0.0),
                ("ab", -1.0),
                ("bc", -2.0),
            ],
            false,
        );
        assert_eq!(made.of_text("abc"), [3, 2]);
    }

    #[test]
    fn what_no_piece_says_is_said_in_bytes() {
        let made = pieces(&[("\u{2581}a", 0.0)], true);
        assert_eq!(made.of_text("a"), [0]);
        let [first, second] = [0xd1, 0x8f].map(|byte| 1000 + byte);
        assert_eq!(made.of_text("a\u{44f}"), [0, first, second]);
        assert_eq!(byte("<0x0A>"), Some(10));
        assert_eq!(
            (byte("<0x0>"), byte("<0xZZ>"), byte("a")),
            (None, None, None)
        );
    }

    #[test]
    fn runs_of_line_ends_are_one_token() {
        let made = pieces(&[("a", 0.0)], false);
        assert_eq!(made.of_text("a\n\n\na\n"), [0, 901, 900, 0, 900]);
    }
}
