//! A compact Unigram tokenizer (XLM-RoBERTa's kind) that gives the same ids as `tokenizers` and lives in
//! the mapped file: about 10 MB instead of some 300.
//!
//! The pipeline is fixed, and checked when a model is prepared: special tokens are taken out, the
//! characters are mapped, white space splits, each word gets `▁` in front, and Viterbi finds the best
//! pieces of each word.

use super::charsmap::CharsMap;
use super::prepared::UnigramHeader;

/// Stands for a space in front of a word.
const MARK: char = '▁';
/// How much worse an unknown character is than the worst piece, as in SentencePiece.
const UNKNOWN_PENALTY: f64 = 10.0;

/// The parts of the tokenizer, mapped from the prepared file.
#[derive(Clone, Copy)]
pub(super) struct Unigram<'a> {
    pub(super) header: &'a UnigramHeader,
    pub(super) map: CharsMap<'a>,
    /// Where each piece begins in `text`, and the end of the last one.
    pub(super) offsets: &'a [u32],
    pub(super) text: &'a [u8],
    pub(super) scores: &'a [f64],
    /// Hash table of pieces: id + 1, or 0 for an empty place. Its size is a power of two.
    pub(super) table: &'a [u32],
    /// Length of the longest piece, in bytes.
    pub(super) longest: usize,
}

impl Unigram<'_> {
    /// The ids of `text`, at most `most` of them, with the begin and end marks.
    pub(super) fn ids(&self, text: &str, most: usize) -> Vec<u32> {
        let mut ids = vec![self.header.begin];
        let mut scratch = Vec::new();
        let mut rest = text;
        while let Some((start, end, id, strips)) = self.next_special(rest) {
            let before = match strips {
                true => rest[..start].trim_end(),
                false => &rest[..start],
            };
            self.push_words(before, &mut ids, &mut scratch);
            ids.push(id);
            rest = &rest[end..];
        }
        self.push_words(rest, &mut ids, &mut scratch);
        ids.truncate(most.saturating_sub(1));
        ids.push(self.header.end);
        ids
    }

    /// The first special token: where it begins and ends, its id, whether it swallows the space before.
    fn next_special(&self, text: &str) -> Option<(usize, usize, u32, bool)> {
        let mut first: Option<(usize, usize, u32, bool)> = None;
        for (special, id, strips) in &self.header.special {
            let Some(start) = text.find(special.as_str()) else {
                continue;
            };
            let end = start + special.len();
            if first.is_none_or(|(known, to, ..)| (start, to) < (known, end)) {
                first = Some((start, end, *id, *strips));
            }
        }
        first
    }

    fn push_words(&self, text: &str, ids: &mut Vec<u32>, scratch: &mut Vec<Node>) {
        let normalised = self.map.normalise(text);
        if !self.header.splits {
            return self.push_marked(&normalised, ids, scratch);
        }
        let mut word = String::new();
        for part in normalised
            .split(char::is_whitespace)
            .filter(|part| !part.is_empty())
        {
            word.clear();
            if !part.starts_with(MARK) {
                word.push(MARK);
            }
            word.push_str(part);
            self.push_between_marks(&word, ids, scratch);
        }
    }

    /// Without splitting by white space: runs of spaces are one, and each space is a mark.
    fn push_marked(&self, text: &str, ids: &mut Vec<u32>, scratch: &mut Vec<Node>) {
        if text.is_empty() {
            return;
        }
        let mut marked = String::with_capacity(text.len() + 8);
        let mut last = None;
        for c in text.chars() {
            let is_run = c == ' ' && last == Some(' ');
            if last.is_none() && c != ' ' && c != MARK {
                marked.push(MARK);
            }
            if !is_run {
                marked.push(if c == ' ' { MARK } else { c });
            }
            last = Some(c);
        }
        self.push_between_marks(&marked, ids, scratch);
    }

    /// A mark inside a word begins another one.
    fn push_between_marks(&self, word: &str, ids: &mut Vec<u32>, scratch: &mut Vec<Node>) {
        let mut start = 0;
        for (at, _) in word.match_indices(MARK).skip(1) {
            self.push_pieces(&word[start..at], ids, scratch);
            start = at;
        }
        self.push_pieces(&word[start..], ids, scratch);
    }

    /// Viterbi over the pieces of one word (Kudo 2018), step by step as `tokenizers` does it.
    fn push_pieces(&self, word: &str, ids: &mut Vec<u32>, nodes: &mut Vec<Node>) {
        nodes.clear();
        nodes.resize(word.len() + 1, Node::default());
        let bytes = word.as_bytes();
        let unknown_score = self.header.least - UNKNOWN_PENALTY;
        for (start, c) in word.char_indices() {
            let so_far = nodes[start].score;
            let mut has_single = false;
            let mut hash = FNV_START;
            for end in start + 1..=bytes.len().min(start + self.longest) {
                hash = fnv(hash, bytes[end - 1]);
                if !word.is_char_boundary(end) {
                    continue;
                }
                let Some(id) = self.find(&bytes[start..end], hash) else {
                    continue;
                };
                has_single |= end - start == c.len_utf8();
                nodes[end].offer(so_far + self.scores[id as usize], start, id);
            }
            if !has_single {
                nodes[start + c.len_utf8()].offer(
                    so_far + unknown_score,
                    start,
                    self.header.unknown,
                );
            }
        }
        let first = ids.len();
        let mut end = word.len();
        let mut was_unknown = false;
        while end > 0 {
            let node = nodes[end];
            let is_unknown = node.id == self.header.unknown;
            // Unknown characters in a row are one token.
            if !(is_unknown && was_unknown) {
                ids.push(node.id);
            }
            was_unknown = is_unknown;
            end = node.start as usize;
        }
        ids[first..].reverse();
    }

    fn find(&self, piece: &[u8], hash: u64) -> Option<u32> {
        let mask = self.table.len() - 1;
        let mut place = spread(hash) & mask;
        loop {
            let id = self.table[place].checked_sub(1)?;
            let range = self.offsets[id as usize] as usize..self.offsets[id as usize + 1] as usize;
            if self.text.get(range) == Some(piece) {
                return Some(id);
            }
            place = (place + 1) & mask;
        }
    }
}

/// The hash table for pieces, twice as large as needed at least; of equal pieces the last one counts.
pub(super) fn table(pieces: &[&str]) -> Vec<u32> {
    let size = (pieces.len() * 2).next_power_of_two();
    let mut table = vec![0_u32; size];
    for (id, piece) in pieces.iter().enumerate() {
        let hash = piece.bytes().fold(FNV_START, fnv);
        let mut place = spread(hash) & (size - 1);
        while table[place] != 0 && pieces[table[place] as usize - 1] != *piece {
            place = (place + 1) & (size - 1);
        }
        table[place] = id as u32 + 1;
    }
    table
}

/// The best way to reach a place in the word.
#[derive(Clone, Copy, Default)]
struct Node {
    id: u32,
    /// Where its last piece begins; only meaningful when reached.
    start: u32,
    score: f64,
    reached: bool,
}

impl Node {
    fn offer(&mut self, score: f64, start: usize, id: u32) {
        if !self.reached || score > self.score {
            *self = Node {
                id,
                start: start as u32,
                score,
                reached: true,
            };
        }
    }
}

/// FNV-1a, which grows byte by byte with the piece.
const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

fn spread(hash: u64) -> usize {
    (hash ^ (hash >> 32)) as usize
}
